//! What a choice of the search means for manifests.

use std::collections::BTreeSet;

use semver::{Version, VersionReq};

use crate::skew::Line;
use crate::workspace::Declared;

use super::edit::{Change, Edit, Entry};
use super::local::{Requirement, Tree, Use};
use super::model::Action;
use super::search::{FeatureMoves, Move, Question, rewritten};

/// How a dependency is switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Off {
    /// Optional, behind a feature that is not default.
    Optional,
    /// Out of cargo's sight: what cargo cannot resolve, it cannot resolve behind a feature either.
    Comment,
}

/// The edits that carry a move out; none where nothing in a manifest changes.
pub fn of(
    question: &Question<'_>,
    tree: &Tree,
    requirement: &Requirement,
    choice: &Move,
    off: Off,
) -> Vec<Edit> {
    match choice {
        Move::Keep | Move::Block => Vec::new(),
        Move::Release { text, features, .. } => {
            let mut edits = Vec::new();
            if inherited(tree, requirement, choice) {
                edits.push(at(requirement, |at| Change::Inherit { at }));
            } else if let Some(text) = text {
                edits.push(at(requirement, |at| Change::Require {
                    at,
                    requirement: text.clone(),
                }));
            }
            edits.extend(moved(requirement, features));
            edits.extend(elsewhere(question, tree, requirement, features));
            edits
        }
        Move::Replace {
            package,
            text,
            drop,
            ..
        } => {
            let mut edits = vec![at(requirement, |at| Change::Rename {
                at,
                package: package.clone(),
                requirement: text.clone(),
            })];
            if !drop.is_empty() {
                let key = match requirement.at.key == requirement.package {
                    true => package.clone(),
                    false => requirement.at.key.clone(),
                };
                let mut edit = at(requirement, |at| Change::Features {
                    at: Entry { key, ..at },
                    add: Vec::new(),
                    remove: Vec::new(),
                });
                if let Change::Features { remove, .. } = &mut edit.change {
                    remove.extend(
                        drop.iter()
                            .filter(|f| requirement.own_features.contains(*f))
                            .cloned(),
                    );
                }
                edits.push(edit);
            }
            edits
        }
        Move::Drop { features } => {
            let gone = FeatureMoves {
                remove: features.clone(),
                ..FeatureMoves::default()
            };
            moved(requirement, &gone)
        }
        Move::Disable => requirement
            .uses
            .iter()
            .map(|one| switched_off(one, requirement, off))
            .collect(),
    }
}

/// Whether a requirement that has to change inherits the shared one of the root manifest instead: one
/// that nobody inherits though it was written down for all, that admits the release, and asks for nothing
/// that is not asked for already.
fn inherited(tree: &Tree, requirement: &Requirement, choice: &Move) -> bool {
    let Move::Release {
        to, text: Some(_), ..
    } = choice
    else {
        return false;
    };
    let root = tree.manifests.get(&tree.root.join("Cargo.toml"));
    let shared = root.map_or(&[][..], |root| &root.workspace_dependencies);
    let mut shared = shared.iter().filter(|shared| {
        shared.key == requirement.at.key
            && shared.package == requirement.package
            && shared.path.is_none()
            && shared.git.is_none()
    });
    let admits = |shared: &Declared| {
        let text = shared.requirement.as_deref();
        let parsed = text.and_then(|text| VersionReq::parse(text).ok());
        parsed.is_some_and(|parsed| parsed.matches(to))
    };
    let asks_no_more = |shared: &Declared| {
        let features = shared.features.iter();
        let listed = features.collect::<BTreeSet<_>>();
        (requirement.default_features || !shared.default_features)
            && listed.is_subset(&requirement.own_features.iter().collect())
    };
    let heirs = tree.manifests.values().flat_map(|one| &one.dependencies);
    let mut heirs = heirs.filter(|one| one.inherited && one.key == requirement.at.key);
    !requirement.is_shared()
        && heirs.next().is_none()
        && shared.any(|shared| admits(shared) && asks_no_more(shared))
}

fn at(requirement: &Requirement, change: impl FnOnce(Entry) -> Change) -> Edit {
    Edit {
        manifest: requirement.manifest.clone(),
        change: change(requirement.at.clone()),
    }
}

/// A feature goes from wherever it is listed; what takes its place stands there, too.
fn moved(requirement: &Requirement, features: &FeatureMoves) -> Vec<Edit> {
    let mut edits = Vec::new();
    let listed = |list: &mut dyn Iterator<Item = &String>| -> Vec<String> {
        list.filter(|feature| features.remove.contains(feature))
            .cloned()
            .collect()
    };
    let own = listed(&mut requirement.own_features.iter());
    let mut added = false;
    let mut push = |manifest: &camino::Utf8Path, at: &Entry, remove: Vec<String>, force: bool| {
        if remove.is_empty() && !force {
            return;
        }
        added = true;
        edits.push(Edit {
            manifest: manifest.to_owned(),
            change: Change::Features {
                at: at.clone(),
                add: features.add.clone(),
                remove,
            },
        });
    };
    push(&requirement.manifest, &requirement.at, own, false);
    if requirement.is_shared() {
        for one in &requirement.uses {
            push(
                &one.manifest,
                &one.at,
                listed(&mut one.features.iter()),
                false,
            );
        }
    }
    if !added && !features.add.is_empty() {
        edits.push(at(requirement, |at| Change::Features {
            at,
            add: features.add.clone(),
            remove: Vec::new(),
        }));
    }
    edits
}

/// Features that other packages now have: asked of them where they are declared, else they are
/// declared for it.
fn elsewhere(
    question: &Question<'_>,
    tree: &Tree,
    requirement: &Requirement,
    features: &FeatureMoves,
) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (package, feature) in &features.elsewhere {
        let found = tree
            .manifests
            .get(&requirement.manifest)
            .and_then(|manifest| {
                let shared = requirement.is_shared();
                let list = match shared {
                    true => &manifest.workspace_dependencies,
                    false => &manifest.dependencies,
                };
                list.iter().find(|declared| {
                    declared.package == *package && declared.table == requirement.at.table
                })
            });
        let key = found.map_or_else(|| package.clone(), |declared| declared.key.clone());
        let entry = |_: &()| Entry {
            table: requirement.at.table,
            platform: found.map_or_else(
                || requirement.at.platform.clone(),
                |declared| declared.platform.clone(),
            ),
            key: key.clone(),
        };
        if let Some(declared) = found {
            if !declared.features.contains(feature) {
                edits.push(Edit {
                    manifest: requirement.manifest.clone(),
                    change: Change::Features {
                        at: entry(&()),
                        add: vec![feature.clone()],
                        remove: Vec::new(),
                    },
                });
            }
            continue;
        }
        let Some(version) = serving(question, requirement, package) else {
            continue;
        };
        edits.push(Edit {
            manifest: requirement.manifest.clone(),
            change: Change::Add {
                at: entry(&()),
                package: None,
                requirement: rewritten(&requirement.text, &version, &[]),
                features: vec![feature.clone()],
                default_features: requirement.default_features,
                optional: requirement.uses.iter().all(|one| one.optional)
                    && !requirement.is_shared(),
            },
        });
    }
    edits
}

/// The newest release of another package for the target line.
fn serving(question: &Question<'_>, requirement: &Requirement, package: &str) -> Option<Version> {
    let other = Requirement {
        package: package.to_owned(),
        features: Default::default(),
        locked: None,
        ..requirement.clone()
    };
    let registry = other.registry.clone()?;
    let releases = question.index.releases(&registry, package).ok()?;
    let mut newest = releases
        .iter()
        .rev()
        .filter(|release| release.is_eligible());
    let found = newest.find(|release| {
        let lines = question.lines_of(&other, &release.version);
        lines.len() == 1 && lines.contains(&question.target)
    });
    found.map(|release| release.version.clone())
}

fn switched_off(one: &Use, requirement: &Requirement, off: Off) -> Edit {
    let change = match off {
        // What is optional already is on by a feature; only taking it out switches it off for sure.
        Off::Optional if !one.optional => Change::MakeOptional {
            at: one.at.clone(),
            feature: one.at.key.clone(),
        },
        Off::Optional | Off::Comment => Change::Disable {
            at: one.at.clone(),
            reason: format!(
                "off until `{}` is of the same line as the rest",
                requirement.package
            ),
        },
    };
    Edit {
        manifest: one.manifest.clone(),
        change,
    }
}

/// What a move is called.
pub fn action(tree: &Tree, requirement: &Requirement, choice: &Move) -> Option<Action> {
    match choice {
        Move::Release { .. } if inherited(tree, requirement, choice) => Some(Action::Inherit),
        Move::Keep => None,
        Move::Release { to, text, features } => Some(match (text, features.add.is_empty()) {
            (Some(_), _) => match requirement.locked.as_ref().is_some_and(|today| to < today) {
                true => Action::Downgrade,
                false => Action::Bump,
            },
            (None, false) if features.elsewhere.is_empty() => Action::SwitchFeature,
            (None, _) if !features.is_empty() => Action::MoveFeature,
            (None, _) => Action::Lock,
        }),
        Move::Replace { .. } => Some(Action::Replace),
        Move::Drop { .. } => Some(Action::DropFeature),
        Move::Disable => Some(Action::Disable),
        Move::Block => Some(Action::Ask),
    }
}

/// What a move does, in one sentence.
pub fn sentence(tree: &Tree, requirement: &Requirement, choice: &Move, target: Line) -> String {
    let name = &requirement.package;
    let from = match &requirement.locked {
        Some(version) => format!("{version} → "),
        None => String::new(),
    };
    match choice {
        Move::Keep => format!("`{name}` stays"),
        Move::Release {
            to,
            text: Some(text),
            features,
        } => {
            let today = &requirement.text;
            let require = match inherited(tree, requirement, choice) {
                true => format!(
                    "inherit `{name}` from the workspace instead of requiring \"{today}\" \
                     ({from}{to})"
                ),
                false => {
                    format!("require `{name}` \"{text}\" instead of \"{today}\" ({from}{to})")
                }
            };
            let words = std::iter::once(require).chain(moved_in_words(features));
            words.collect::<Vec<_>>().join(", ")
        }
        Move::Release {
            to,
            text: None,
            features,
        } if features.is_empty() => {
            format!("lock `{name}` at {to} ({from}{to}); its requirement stays")
        }
        Move::Release { features, .. } => {
            format!("`{name}`: {}", moved_in_words(features).join(", "))
        }
        Move::Replace { package, text, .. } => {
            format!("put `{package}` \"{text}\" in the place of `{name}`, which has ended")
        }
        Move::Drop { features } => format!("leave out {} of `{name}`", list(features)),
        Move::Disable => format!("switch `{name}` off until it has a release for line {target}"),
        Move::Block => format!("`{name}` needs a release for line {target}: ask its owner"),
    }
}

fn moved_in_words(features: &FeatureMoves) -> Vec<String> {
    let mut words = Vec::new();
    if !features.add.is_empty() {
        words.push(format!("enable {}", list(&features.add)));
    }
    if !features.remove.is_empty() {
        words.push(format!("leave out {}", list(&features.remove)));
    }
    for (package, feature) in &features.elsewhere {
        words.push(format!("enable `{feature}` of `{package}` instead"));
    }
    words
}

fn list(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}
