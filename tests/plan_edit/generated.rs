//! Generated manifests: whatever the form, exactly the entry that is aimed at changes.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use camino::Utf8Path;
use otel_check::plan::edit::{Change, EditError, Entry, apply};
use otel_check::workspace::manifest::DependencyTable::{self, Build, Dev, Normal, Workspace};
use otel_check::workspace::{Declared, Manifest};
use proptest::prelude::*;

use super::entry;

/// How an entry is written.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    Plain,
    Inline,
    Broken,
    Dotted,
    Scattered,
    Section,
    Top,
}

const FORMS: [Form; 7] = [
    Form::Plain,
    Form::Inline,
    Form::Broken,
    Form::Dotted,
    Form::Scattered,
    Form::Section,
    Form::Top,
];

#[derive(Debug, Clone)]
struct Written {
    form: Form,
    quote: char,
    comment: bool,
    above: bool,
    renamed: bool,
    default_off: bool,
    optional: bool,
    features: usize,
    indent: usize,
}

/// A text, with the entry that each line belongs to; none for headers, comments and blank lines.
struct Text {
    lines: Vec<(String, Option<Entry>)>,
}

impl Text {
    fn push(&mut self, line: impl Into<String>, of: Option<&Entry>) {
        self.lines.push((line.into(), of.cloned()));
    }

    fn render(&self, ending: &str, last: bool) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|(line, _)| line.as_str()).collect();
        let text = lines.join(ending);
        if last { text + ending } else { text }
    }
}

fn header(table: DependencyTable, platform: Option<&str>, old: bool) -> String {
    let name = match (table, old) {
        (Normal, _) => "dependencies",
        (Dev, false) => "dev-dependencies",
        (Dev, true) => "dev_dependencies",
        (Build, false) => "build-dependencies",
        (Build, true) => "build_dependencies",
        (Workspace, _) => "workspace.dependencies",
    };
    match platform {
        Some(condition) => format!("target.'{condition}'.{name}"),
        None => name.to_owned(),
    }
}

impl Written {
    fn comment(&self, number: usize) -> String {
        if self.comment {
            format!(" # note {number}")
        } else {
            String::new()
        }
    }

    fn string(&self, text: &str) -> String {
        format!("{0}{text}{0}", self.quote)
    }

    fn fields(&self, number: usize, optional: bool) -> Vec<(&'static str, String)> {
        let mut fields = vec![("version", self.string(&format!("0.{number}")))];
        if self.renamed {
            fields.push(("package", self.string(&format!("package-{number}"))));
        }
        if self.default_off {
            fields.insert(0, ("default-features", "false".into()));
        }
        if self.optional && optional {
            fields.push(("optional", "true".into()));
        }
        if self.features > 0 {
            let words: Vec<String> = (0..self.features)
                .map(|n| self.string(&format!("f{n}")))
                .collect();
            fields.push(("features", format!("[{}]", words.join(", "))));
        }
        fields
    }

    /// The lines below the header of its table, and those of a section of its own.
    fn write(&self, at: &Entry, number: usize, title: &str, parts: &mut [Text; 4]) {
        let [top, body, later, sections] = parts;
        let optional = matches!(at.table, Normal | Build);
        let fields = self.fields(number, optional);
        let (indent, comment, key) = (" ".repeat(self.indent), self.comment(number), &at.key);
        if self.above && !matches!(self.form, Form::Section | Form::Top) {
            body.push(format!("{indent}# above {number}"), None);
        }
        let all: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        match self.form {
            Form::Plain => {
                let version = self.string(&format!("0.{number}"));
                body.push(format!("{indent}{key} = {version}{comment}"), Some(at));
            }
            Form::Inline => {
                body.push(
                    format!("{indent}{key} = {{ {} }}{comment}", all.join(", ")),
                    Some(at),
                );
            }
            Form::Broken => {
                let (last, first) = all.split_last().unwrap();
                let mut head = format!("{indent}{key} = {{ ");
                for field in first {
                    let _infallible = write!(head, "{field}, ");
                }
                match last.strip_prefix("features = [") {
                    Some(words) => {
                        body.push(format!("{head}features = ["), Some(at));
                        for word in words.trim_end_matches(']').split(", ") {
                            body.push(format!("\t{word}, # of {number}"), Some(at));
                        }
                        body.push(format!("{indent}] }}{comment}"), Some(at));
                    }
                    None => body.push(format!("{head}{last} }}{comment}"), Some(at)),
                }
            }
            Form::Dotted | Form::Scattered => {
                for (index, field) in all.iter().enumerate() {
                    let part = if index > 0 && self.form == Form::Scattered {
                        &mut *later
                    } else {
                        &mut *body
                    };
                    part.push(format!("{indent}{key}.{field}{comment}"), Some(at));
                }
            }
            Form::Section => {
                sections.push("", None);
                sections.push(format!("[{title}.{key}]{comment}"), Some(at));
                for field in all {
                    sections.push(format!("{indent}{field}"), Some(at));
                }
            }
            Form::Top => {
                top.push(
                    format!("{title}.{key} = {{ {} }}{comment}", all.join(", ")),
                    Some(at),
                );
            }
        }
    }
}

fn written() -> impl Strategy<Value = Written> {
    let flags = proptest::collection::vec(any::<bool>(), 5);
    (0..FORMS.len(), any::<bool>(), flags, 0..4usize, 0..3usize).prop_map(
        |(form, literal, flags, features, indent)| Written {
            form: FORMS[form],
            quote: if literal { '\'' } else { '"' },
            comment: flags[0],
            above: flags[1],
            renamed: flags[2],
            default_off: flags[3],
            optional: flags[4],
            features,
            indent,
        },
    )
}

/// A manifest: for each table some entries, and features that speak of them.
fn manifest(tables: &[(usize, bool, Vec<Written>)]) -> (Text, Vec<Entry>) {
    const PLACES: [(DependencyTable, Option<&str>); 7] = [
        (Normal, None),
        (Dev, None),
        (Build, None),
        (Workspace, None),
        (Normal, Some("cfg(unix)")),
        (Dev, Some("cfg(all(unix, target_arch = \"x86_64\"))")),
        (Build, Some("x86_64-pc-windows-msvc")),
    ];
    let mut text = Text { lines: vec![] };
    let mut rest = Text { lines: vec![] };
    let (mut entries, mut seen, mut number) = (vec![], BTreeSet::new(), 0);
    for (place, old, all) in tables {
        if !seen.insert(*place) {
            continue;
        }
        let (table, platform) = PLACES[*place];
        let title = header(table, platform, *old);
        // A table that is begun above has no header: all of it stands there.
        let top = all.iter().any(|one| one.form == Form::Top);
        let mut parts = [(); 4].map(|()| Text { lines: vec![] });
        for one in all {
            number += 1;
            let at = entry(table, platform, &format!("crate-{number}"));
            let form = if top { Form::Top } else { one.form };
            Written {
                form,
                ..one.clone()
            }
            .write(&at, number, &title, &mut parts);
            entries.push(at);
        }
        let [above, body, later, sections] = parts;
        text.lines.extend(above.lines);
        match (table, top) {
            (Workspace, true) => text.push("workspace.members = []", None),
            (Workspace, false) => rest.push("[workspace]", None),
            (Normal | Dev | Build, _) => {}
        }
        if !body.lines.is_empty() || !later.lines.is_empty() {
            rest.push("", None);
            rest.push(format!("[{title}] # table"), None);
            rest.lines.extend(body.lines);
            rest.lines.extend(later.lines);
        }
        rest.lines.extend(sections.lines);
    }
    text.push("", None);
    text.push("[package]", None);
    text.push("name = \"p\" # package", None);
    text.push("", None);
    text.push("[features]", None);
    text.push("default = []", None);
    for (index, at) in entries.iter().enumerate() {
        if at.table != Workspace {
            text.push(format!("f{index} = [\"{}/x\"]", at.key), Some(at));
        }
    }
    text.lines.extend(rest.lines);
    (text, entries)
}

type Said = (Entry, String);

/// What a manifest declares, but where.
fn declared(text: &str) -> Vec<Said> {
    let manifest = Manifest::parse(Utf8Path::new("Cargo.toml"), text.to_owned()).unwrap();
    let shared = manifest.workspace_dependencies;
    let all = manifest.dependencies.into_iter().chain(shared);
    let said = |one: Declared| {
        let at = entry(one.table, one.platform.as_deref(), &one.key);
        (at, format!("{:?}", Declared { span: 0..0, ..one }))
    };
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

/// A change that fits the entry, and where the entry is afterwards.
fn change(kind: usize, at: &Entry, is: &Declared) -> Option<(Change, Option<Entry>)> {
    let here = at.clone();
    let same = Some(at.clone());
    let change = match kind {
        0 => Change::Require {
            at: here,
            requirement: "1.2".into(),
        },
        1 => Change::Features {
            at: here,
            add: vec!["added".into(), "more".into()],
            remove: vec![],
        },
        2 => {
            let remove = is
                .features
                .iter()
                .skip(is.features.len() / 2)
                .cloned()
                .collect::<Vec<_>>();
            if remove.is_empty() {
                return None;
            }
            Change::Features {
                at: here,
                add: vec![],
                remove,
            }
        }
        3 => Change::DefaultFeatures {
            at: here,
            on: !is.default_features,
        },
        4 => {
            let to = if is.package == is.key {
                "successor"
            } else {
                &is.key
            };
            let now = Entry {
                key: to.to_owned(),
                ..at.clone()
            };
            let change = Change::Rename {
                at: here,
                package: "successor".into(),
                requirement: "1.2".into(),
            };
            return Some((change, Some(now)));
        }
        5 if at.table != Workspace && is.package == is.key => Change::Inherit { at: here },
        6 if matches!(at.table, Normal | Build) && !is.optional => Change::MakeOptional {
            at: here,
            feature: "off".into(),
        },
        10 if at.table != Workspace => Change::Share { at: here },
        7 => {
            return Some((
                Change::Disable {
                    at: here,
                    reason: "because\nof it".into(),
                },
                None,
            ));
        }
        8 => return Some((Change::Remove { at: here }, None)),
        9 => {
            let at = Entry {
                key: "fresh".into(),
                ..here
            };
            let change = Change::Add {
                at: at.clone(),
                package: None,
                requirement: "1.2".into(),
                features: vec!["f".into()],
                default_features: false,
                optional: false,
            };
            return Some((change, Some(at)));
        }
        _ => return None,
    };
    Some((change, same))
}

/// What the entry says after the change.
fn expected(kind: usize, was: &Declared) -> Declared {
    let mut now = was.clone();
    match kind {
        0 => now.requirement = Some("1.2".into()),
        1 => now.features.extend(["added".into(), "more".into()]),
        2 => now.features.truncate(was.features.len() / 2),
        3 => now.default_features = !was.default_features,
        4 => {
            now.requirement = Some("1.2".into());
            if was.package == was.key {
                now.key = "successor".into();
            }
            now.package = "successor".into();
        }
        5 | 10 => {
            now.requirement = None;
            now.inherited = true;
            now.package = was.key.clone();
            now.default_features = true;
        }
        6 => now.optional = true,
        9 => {
            now.key = "fresh".into();
            now.package = "fresh".into();
            now.requirement = Some("1.2".into());
            now.features = vec!["f".into()];
            now.default_features = false;
            now.optional = false;
            now.inherited = false;
        }
        _ => {}
    }
    now
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn only_what_is_aimed_at_changes(
        tables in proptest::collection::vec(
            (0..7usize, any::<bool>(), proptest::collection::vec(written(), 1..5)), 1..5),
        windows in any::<bool>(),
        last in any::<bool>(),
        aim in any::<proptest::sample::Index>(),
        kind in 0..11usize,
    ) {
        let (lines, entries) = manifest(&tables);
        let before = lines.render(if windows { "\r\n" } else { "\n" }, last);
        let at = &entries[aim.index(entries.len())];
        let was = one(&before, at).unwrap();
        let Some((change, now)) = change(kind, at, &was) else { return Ok(()) };
        let shares = entries.iter().any(|one| one.table == Workspace);
        if (kind == 5 && shares) || (kind == 10 && !shares) {
            let error = apply(&before, &[change.clone()]);
            let refused = matches!(error, Err(EditError::NotShared { .. } | EditError::NoWorkspace(_)));
            prop_assert!(refused, "{:?}", error);
            return Ok(());
        }
        let after = apply(&before, &[change.clone()]);
        let after = after.map_err(|e| TestCaseError::fail(format!("{change:?}: {e}\n{before}")))?;
        let shown = format!("{change:?}\n{before}\n===\n{after}");

        // All other entries say what they said.
        let mut others = declared(&before);
        let mut others_now = declared(&after);
        if kind != 9 {
            others.retain(|(entry, _)| entry != at);
        }
        others_now.retain(|(entry, _)| Some(entry) != now.as_ref());
        if kind == 10 {
            let shared = entry(Workspace, None, &at.key);
            others_now.retain(|(entry, _)| *entry != shared);
            let is = one(&after, &shared).unwrap();
            let now = (is.package, is.requirement, is.default_features, is.features.len());
            let to_be = (was.package.clone(), was.requirement.clone(), was.default_features, 0);
            prop_assert_eq!(now, to_be, "{}", shown);
        }
        prop_assert_eq!(others, others_now, "{}", shown);

        // The entry says what it is to say.
        match &now {
            Some(now) => {
                let is = one(&after, now).map(|is| format!("{:?}", Declared { span: 0..0, ..is }));
                let to_be = Declared { span: 0..0, ..expected(kind, &was) };
                prop_assert_eq!(is, Some(format!("{to_be:?}")), "{}", shown);
            }
            None => prop_assert!(one(&after, at).is_none(), "{}", shown),
        }

        // All other lines stay, byte for byte and in order.
        let own = |index: usize| kind != 9 && lines.lines[index].1.as_ref() == Some(at);
        let kept: Vec<&str> = before
            .split_inclusive('\n')
            .enumerate()
            .filter(|(index, line)| !own(*index) && !line.trim().is_empty())
            .map(|(_, line)| line)
            .collect();
        let missing = in_order(&kept, &after);
        prop_assert!(missing.is_ok(), "{:?}\n{}", missing, shown);

        // Line ends are of one kind, and the end is as it was.
        prop_assert_eq!(after.matches('\n').count(), if windows { after.matches("\r\n").count() } else { after.matches('\n').count() }, "{}", shown);
        prop_assert!(windows || !after.contains('\r'), "{}", shown);
        // `[features]` speaks of what is there.
        let gone = matches!(kind, 7 | 8) && at.table != Workspace;
        prop_assert!(!gone || !after.contains(&format!("\"{}/x\"", at.key)), "{}", shown);
    }
}
