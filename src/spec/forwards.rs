//! Features of the package that turn on features of its dependencies: `otlp = ["exporter/grpc"]`. What
//! the release to take does not have, cargo refuses, so that the list has to follow.

use toml_edit::{Array, DocumentMut, Item};

use crate::plan::search::offers;

use super::model::FeatureFate;
use super::requirements::{Moved, Moves};

/// A feature of a dependency that a list of `[features]` turns on, and that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// The feature whose list it stands in.
    pub list: String,
    /// As written.
    pub entry: String,
    pub package: String,
    pub feature: String,
    pub fate: FeatureFate,
    /// What takes its place in the list; none where it goes.
    pub becomes: Option<String>,
    /// Why it was left as it is, where it was.
    pub problem: Option<String>,
}

/// The manifest with lists that follow, and what was done to them.
pub fn follow(text: &str, moves: &Moves<'_>) -> (Option<String>, Vec<Forward>) {
    let Ok(mut document) = text.parse::<DocumentMut>() else {
        return (None, Vec::new());
    };
    let keys = Keys::of(&document);
    let mut found = Vec::new();
    let Some(features) = document
        .get_mut("features")
        .and_then(Item::as_table_like_mut)
    else {
        return (None, found);
    };
    for (name, list) in features.iter_mut() {
        if let Some(list) = list.as_array_mut() {
            one_list(name.get(), list, moves, &keys, &mut found);
        }
    }
    let changed = found.iter().any(|one| one.problem.is_none());
    (changed.then(|| document.to_string()), found)
}

/// The keys of dependencies with the packages that they stand for.
struct Keys(Vec<(String, String)>);

impl Keys {
    fn of(document: &DocumentMut) -> Self {
        let manifest = crate::workspace::Manifest::parse("Cargo.toml".into(), document.to_string());
        let all = manifest.map_or_else(|_| Vec::new(), |manifest| manifest.dependencies);
        Self(
            all.into_iter()
                .map(|declared| (declared.key, declared.package))
                .collect(),
        )
    }

    fn key(&self, package: &str) -> Option<&str> {
        let mut all = self.0.iter();
        all.find(|(_, of)| of == package)
            .map(|(key, _)| key.as_str())
    }
}

fn one_list(
    name: &str,
    list: &mut Array,
    moves: &Moves<'_>,
    keys: &Keys,
    found: &mut Vec<Forward>,
) {
    let mut at = 0;
    while at < list.len() {
        let entry = list.get(at).and_then(|value| value.as_str());
        let forward = entry.and_then(|entry| forward(name, entry, moves, keys));
        let Some(forward) = forward else {
            at += 1;
            continue;
        };
        if forward.problem.is_some() {
            at += 1;
        } else {
            let there = |new: &String| list.iter().any(|value| value.as_str() == Some(new));
            match forward.becomes.clone().filter(|new| !there(new)) {
                Some(new) => {
                    list.replace(at, new);
                    at += 1;
                }
                None => {
                    let decor = list.get(at).map(|value| value.decor().clone());
                    list.remove(at);
                    // What moves up stands where the other stood.
                    if let (Some(next), Some(decor), 0) = (list.get_mut(at), decor, at) {
                        *next.decor_mut() = decor;
                    }
                }
            }
        }
        found.push(forward);
    }
}

/// What becomes of one entry; none where it stays.
fn forward(list: &str, entry: &str, moves: &Moves<'_>, keys: &Keys) -> Option<Forward> {
    let (key, feature) = entry.split_once('/')?;
    let (key, weak) = match key.strip_suffix('?') {
        Some(key) => (key, "?"),
        None => (key, ""),
    };
    let moved = moves.all.iter().find(|one| one.requirement.at.key == key)?;
    let (package, version) = moved.to()?;
    if package != moved.requirement.package {
        return None;
    }
    let release = moves.release(&moved.requirement, package, version)?;
    if offers(&release, feature) {
        return None;
    }
    let fate = fate(moves, moved, feature);
    let mut problem = None;
    let becomes = match &fate {
        FeatureFate::Renamed { to } | FeatureFate::Switched { to } => {
            Some(format!("{key}{weak}/{to}"))
        }
        FeatureFate::Moved { package, to } => match keys.key(package) {
            Some(key) => Some(format!("{key}{weak}/{to}")),
            None => {
                problem = Some(format!(
                    "feature `{list}` turns on `{entry}`, which is `{to}` of `{package}` now: the \
                     manifest does not name that package"
                ));
                None
            }
        },
        FeatureFate::Removed => None,
        FeatureFate::Unknown => {
            problem = Some(format!(
                "feature `{list}` turns on `{entry}`, which `{package}` {version} does not have, and \
                 where it went is not known"
            ));
            None
        }
    };
    Some(Forward {
        list: list.to_owned(),
        entry: entry.to_owned(),
        package: package.to_owned(),
        feature: feature.to_owned(),
        fate,
        becomes,
        problem,
    })
}

/// What the rules say of a feature that the release to take does not have.
fn fate(moves: &Moves<'_>, moved: &Moved, feature: &str) -> FeatureFate {
    let package = &moved.requirement.package;
    let (_, version) = match moved.to() {
        Some(to) => to,
        None => return FeatureFate::Unknown,
    };
    let release = moves.release(&moved.requirement, package, version);
    let mut feature = feature.to_owned();
    let mut seen = Vec::new();
    while let Some(change) = moves.family.feature_change(package, &feature) {
        if seen.contains(&feature) || *version < change.gone_in {
            break;
        }
        match (&change.moved_to_crate, &change.renamed_to) {
            (Some(package), to) => {
                return FeatureFate::Moved {
                    package: package.clone(),
                    to: to.clone().unwrap_or(feature),
                };
            }
            (None, None) => return FeatureFate::Removed,
            (None, Some(to)) if release.as_ref().is_some_and(|one| offers(one, to)) => {
                return FeatureFate::Renamed { to: to.clone() };
            }
            (None, Some(to)) => {
                seen.push(feature);
                feature = to.clone();
            }
        }
    }
    FeatureFate::Unknown
}
