//! The last look at an edit: the new text is a manifest, and differs in nothing but what was aimed
//! at.

use std::collections::BTreeMap;

use camino::Utf8Path;

use super::{EditError, Entry};
use crate::workspace::{Declared, Manifest};

/// What a manifest says of one entry, its place left aside.
#[derive(Debug, PartialEq, Eq)]
struct Says {
    package: String,
    requirement: Option<String>,
    inherited: bool,
    optional: bool,
    default_features: bool,
    features: Vec<String>,
    path: Option<String>,
    git: Option<String>,
}

fn says(declared: Declared) -> (Entry, Says) {
    let entry = Entry {
        table: declared.table,
        platform: declared.platform,
        key: declared.key,
    };
    let says = Says {
        package: declared.package,
        requirement: declared.requirement,
        inherited: declared.inherited,
        optional: declared.optional,
        default_features: declared.default_features,
        features: declared.features,
        path: declared.path,
        git: declared.git,
    };
    (entry, says)
}

fn read(text: &str) -> Result<(Manifest, BTreeMap<Entry, Says>), EditError> {
    let manifest = Manifest::parse(Utf8Path::new("Cargo.toml"), text.to_owned());
    let manifest = manifest.map_err(|error| EditError::Form {
        at: "the manifest".to_owned(),
        message: error.to_string(),
    })?;
    let shared = manifest.workspace_dependencies.iter();
    let all = manifest.dependencies.iter().chain(shared);
    let all = all.cloned().map(says).collect();
    Ok((manifest, all))
}

/// # Errors
/// Where the new text is no manifest, or differs from the old one in other entries than these.
pub fn only(old: &str, new: &str, entries: &[&Entry]) -> Result<(), EditError> {
    let (before, mut was) = read(old)?;
    let (after, mut is) = read(new)?;
    let error = |message: String| EditError::Form {
        at: match entries {
            [] => "the manifest".to_owned(),
            [first, ..] => first.to_string(),
        },
        message,
    };
    for entry in entries {
        was.remove(entry);
        is.remove(entry);
    }
    let differs = was.iter().find(|(entry, says)| is.get(entry) != Some(says));
    let further = is.keys().find(|entry| !was.contains_key(entry));
    if let Some(entry) = differs.map(|(entry, _)| entry).or(further) {
        return Err(error(format!("{entry} would change as well")));
    }
    let same = before.package == after.package
        && before.edition == after.edition
        && before.resolver == after.resolver
        && before.members == after.members
        && before.exclude == after.exclude
        && before.workspace == after.workspace;
    if same {
        Ok(())
    } else {
        Err(error(
            "[package] or [workspace] would change as well".to_owned(),
        ))
    }
}
