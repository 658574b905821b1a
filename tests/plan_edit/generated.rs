//! Generated manifests: whatever the form, exactly the entry that is aimed at changes.

use camino::Utf8Path;
use otel_check::plan::edit::{Change, EditError, Entry, apply};
use otel_check::workspace::manifest::DependencyTable::{Build, Normal, Workspace};
use otel_check::workspace::{Declared, Manifest};
use proptest::prelude::*;

use super::manifests::{manifest, written};
use super::{entry, words};

type Said = (Entry, String);

/// What an entry says, but where.
fn said(one: Declared) -> Said {
    let at = entry(one.table, one.platform.as_deref(), &one.key);
    (at, format!("{:?}", Declared { span: 0..0, ..one }))
}

/// What a manifest declares.
fn declared(text: &str) -> Vec<Said> {
    let manifest = Manifest::parse(Utf8Path::new("Cargo.toml"), text.to_owned()).unwrap();
    let shared = manifest.workspace_dependencies;
    let all = manifest.dependencies.into_iter().chain(shared);
    let mut all: Vec<Said> = all.map(said).collect();
    all.sort();
    all
}

fn one(text: &str, at: &Entry) -> Option<Declared> {
    let manifest = Manifest::parse(Utf8Path::new("Cargo.toml"), text.to_owned()).unwrap();
    let shared = manifest.workspace_dependencies;
    let mut all = manifest.dependencies.into_iter().chain(shared);
    all.find(|one| entry(one.table, one.platform.as_deref(), &one.key) == *at)
}

/// The kinds of changes.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Require,
    Enable,
    Drop,
    DefaultFeatures,
    Rename,
    Inherit,
    Share,
    MakeOptional,
    Disable,
    Remove,
    Add,
}

const KINDS: [Kind; 11] = [
    Kind::Require,
    Kind::Enable,
    Kind::Drop,
    Kind::DefaultFeatures,
    Kind::Rename,
    Kind::Inherit,
    Kind::Share,
    Kind::MakeOptional,
    Kind::Disable,
    Kind::Remove,
    Kind::Add,
];

/// A change of this kind that fits the entry.
fn change(kind: Kind, at: &Entry, is: &Declared) -> Option<Change> {
    let at = at.clone();
    let requirement = "1.2".to_owned();
    let shared = at.table == Workspace;
    Some(match kind {
        Kind::Require => Change::Require { at, requirement },
        Kind::Enable => Change::Features {
            at,
            add: words(&["added", "more"]),
            remove: vec![],
        },
        Kind::Drop => {
            let remove = is.features[is.features.len() / 2..].to_vec();
            if remove.is_empty() {
                return None;
            }
            Change::Features {
                at,
                add: vec![],
                remove,
            }
        }
        Kind::DefaultFeatures => Change::DefaultFeatures {
            at,
            on: !is.default_features,
        },
        Kind::Rename => Change::Rename {
            at,
            package: "successor".into(),
            requirement,
        },
        Kind::Inherit if !shared && is.package == is.key => Change::Inherit { at },
        Kind::Share if !shared => Change::Share { at },
        Kind::MakeOptional if matches!(at.table, Normal | Build) && !is.optional => {
            Change::MakeOptional {
                at,
                feature: "off".into(),
            }
        }
        Kind::Disable => Change::Disable {
            at,
            reason: "because\nof it".into(),
        },
        Kind::Remove => Change::Remove { at },
        Kind::Add => Change::Add {
            at: fresh(&at),
            package: None,
            requirement,
            features: words(&["f"]),
            default_features: false,
            optional: false,
        },
        Kind::Inherit | Kind::Share | Kind::MakeOptional => return None,
    })
}

fn fresh(beside: &Entry) -> Entry {
    Entry {
        key: "fresh".into(),
        ..beside.clone()
    }
}

/// What the entry, or the new one beside it, says after the change; none where it is gone.
fn expected(kind: Kind, was: &Declared) -> Option<Declared> {
    let mut now = was.clone();
    match kind {
        Kind::Require => now.requirement = Some("1.2".into()),
        Kind::Enable => now.features.extend(words(&["added", "more"])),
        Kind::Drop => now.features.truncate(was.features.len() / 2),
        Kind::DefaultFeatures => now.default_features = !was.default_features,
        Kind::Rename => {
            now.requirement = Some("1.2".into());
            now.package = "successor".into();
            if was.package == was.key {
                now.key = now.package.clone();
            }
        }
        Kind::Inherit | Kind::Share => {
            now.requirement = None;
            now.inherited = true;
            now.package = was.key.clone();
            now.default_features = true;
        }
        Kind::MakeOptional => now.optional = true,
        Kind::Disable | Kind::Remove => return None,
        Kind::Add => {
            now.key = "fresh".into();
            now.package = "fresh".into();
            now.requirement = Some("1.2".into());
            now.features = words(&["f"]);
            now.default_features = false;
            now.optional = false;
        }
    }
    Some(now)
}

/// The entries after the change are those of before, but for what it is aimed at.
fn says_what_it_should(
    kind: Kind,
    at: &Entry,
    before: &str,
    after: &str,
) -> Result<(), TestCaseError> {
    let was = one(before, at).unwrap();
    let mut to_be = declared(before);
    if kind != Kind::Add {
        to_be.retain(|(entry, _)| entry != at);
    }
    to_be.extend(expected(kind, &was).map(said));
    if kind == Kind::Share {
        let shared = Declared {
            table: Workspace,
            platform: None,
            optional: false,
            features: vec![],
            ..was
        };
        to_be.push(said(shared));
    }
    to_be.sort();
    prop_assert_eq!(declared(after), to_be);
    Ok(())
}

/// Whether the lines stand in the text in this order, each with its own end.
fn in_order(lines: &[&str], text: &str) -> Result<(), String> {
    let mut found = text.split_inclusive('\n');
    for line in lines {
        if !found.any(|other| {
            other == *line || other.trim_end() == line.trim_end() && !line.ends_with('\n')
        }) {
            return Err((*line).to_owned());
        }
    }
    Ok(())
}

/// All lines but those of the entry stay, byte for byte and in order.
fn keeps_the_rest(
    own: impl Fn(usize) -> bool,
    before: &str,
    after: &str,
) -> Result<(), TestCaseError> {
    let lines = before.split_inclusive('\n').enumerate();
    let kept = lines.filter(|(index, line)| !own(*index) && !line.trim().is_empty());
    let kept: Vec<&str> = kept.map(|(_, line)| line).collect();
    prop_assert_eq!(in_order(&kept, after), Ok(()));
    // Line ends are of one kind.
    let windows = before.contains('\r');
    let ends = after.matches('\n').count();
    prop_assert_eq!(
        after.matches("\r\n").count(),
        if windows { ends } else { 0 }
    );
    prop_assert_eq!(after.matches('\r').count(), if windows { ends } else { 0 });
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn only_what_is_aimed_at_changes(
        tables in proptest::collection::vec(
            (0..7usize, any::<bool>(), proptest::collection::vec(written(), 1..5)), 1..5),
        windows in any::<bool>(),
        last in any::<bool>(),
        aim in any::<proptest::sample::Index>(),
        kind in 0..KINDS.len(),
    ) {
        let kind = KINDS[kind];
        let (lines, entries) = manifest(&tables);
        let before = lines.render(if windows { "\r\n" } else { "\n" }, last);
        let at = &entries[aim.index(entries.len())];
        let Some(change) = change(kind, at, &one(&before, at).unwrap()) else { return Ok(()) };
        let after = apply(&before, std::slice::from_ref(&change));
        let workspace = entries.iter().any(|one| one.table == Workspace);
        match kind {
            Kind::Inherit if workspace => {
                prop_assert!(matches!(after, Err(EditError::NotShared { .. })), "{:?}", after);
                return Ok(());
            }
            Kind::Share if !workspace => {
                prop_assert!(matches!(after, Err(EditError::NoWorkspace(_))), "{:?}", after);
                return Ok(());
            }
            _ => {}
        }
        let fail = |error: &dyn std::fmt::Display, after: &str| {
            TestCaseError::fail(format!("{change:?}: {error}\n{before}\n===\n{after}"))
        };
        let after = after.map_err(|error| fail(&error, ""))?;
        let own = |index: usize| kind != Kind::Add && lines.lines[index].1.as_ref() == Some(at);
        says_what_it_should(kind, at, &before, &after)
            .and_then(|()| keeps_the_rest(own, &before, &after))
            .map_err(|error| fail(&error, &after))?;
        // `[features]` speaks of what is there.
        let speaks = after.contains(&format!("\"{}/x\"", at.key));
        let gone = matches!(kind, Kind::Disable | Kind::Remove) && at.table != Workspace;
        prop_assert!(!gone || !speaks, "{}", after);
    }
}
