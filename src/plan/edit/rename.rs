//! A crate replaced by another: package, key, and what refers to the key.

use super::change::{no_change, require};
use super::entry::{Edited, Form, Found, key};
use super::features::{self, like};
use super::text::Doc;
use super::{EditError, Entry, check, lines};
use crate::workspace::manifest::DependencyTable;

/// Another package in the place of one that has a requirement of its own. Gives the new text, and
/// the new key where it changed.
pub fn rename(
    text: &str,
    at: &Entry,
    package: &str,
    requirement: &str,
) -> Result<(String, Option<Entry>), EditError> {
    check::name(package)?;
    check::requirement(requirement)?;
    let doc = Doc::parse(text)?;
    let found = Found::find(&doc, at)?;
    if found.inherited() {
        return Err(EditError::Inherited(at.clone()));
    }
    if let Some((name, value)) = source(&found) {
        return Err(EditError::OwnSource {
            at: at.clone(),
            source_key: name.to_owned(),
            source_value: value.to_owned(),
        });
    }
    if found.package() == package {
        return Err(no_change(at, format!("it is {package} already")));
    }
    if found.requirement().is_none() {
        return Err(EditError::NoRequirement(at.clone()));
    }
    let asks = found.requirement().and_then(|node| node.as_text()) == Some(requirement);
    let chosen = found.field("package");
    let (text, new) = match chosen {
        Some(node) => {
            let place = node.value.clone();
            let name = like(&text[place.clone()], package);
            (lines::splice(text, place, &name), None)
        }
        None => {
            let text = key_of(text, at, package)?;
            let key = package.to_owned();
            (text, Some(Entry { key, ..at.clone() }))
        }
    };
    let now = new.as_ref().unwrap_or(at);
    let text = if asks {
        text
    } else {
        require(&text, now, requirement)?
    };
    Ok((text, new))
}

/// Where the entry comes from, if not from a registry.
fn source<'a>(found: &Found<'a>) -> Option<(&'static str, &'a str)> {
    ["git", "path"]
        .into_iter()
        .find_map(|name| Some((name, found.word(name)?)))
}

/// The entry under another key, and `[features]` with it.
pub fn key_of(text: &str, at: &Entry, new: &str) -> Edited {
    check::name(new)?;
    let entry = Entry {
        key: new.to_owned(),
        ..at.clone()
    };
    let doc = Doc::parse(text)?;
    if Found::look(&doc, &entry).is_some() {
        return Err(EditError::Exists(entry));
    }
    let found = Found::find(&doc, at)?;
    if features::defines(&doc, new) && at.table != DependencyTable::Workspace {
        return Err(EditError::FeatureExists {
            feature: new.to_owned(),
        });
    }
    let depth = found.path.len();
    let mut places = Vec::new();
    for node in doc
        .nodes
        .iter()
        .filter(|node| node.path.starts_with(&found.path))
    {
        if node.path.len() == depth {
            places.push(node.key.clone());
        } else if node.is_header() {
            return Err(found.form_error("it has tables of its own"));
        } else if found.form == Form::Dotted {
            let prefix = found.prefix(node)?;
            let last = last_key(prefix);
            let end = node.start + prefix.len();
            places.push(end - last.len()..end);
        }
    }
    let mut out = text.to_owned();
    places.sort_by_key(|place| std::cmp::Reverse(place.start));
    for place in places {
        let old = text[place.clone()].trim_matches(['"', '\'']);
        if old != at.key {
            return Err(found.form_error("its key was not understood"));
        }
        let quote = text[place.clone()].starts_with('\'');
        let name = match (quote, text[place.clone()].starts_with('"')) {
            (true, _) => format!("'{new}'"),
            (_, true) => format!("\"{new}\""),
            _ => key(new),
        };
        out = lines::splice(&out, place, &name);
    }
    features::follow(&out, at, new)
}

/// The last of some dotted keys, as written.
fn last_key(keys: &str) -> &str {
    let quote = keys.chars().next_back().filter(|&c| c == '"' || c == '\'');
    let begin = match quote {
        Some(quote) => keys[..keys.len() - 1].rfind(quote),
        None => keys.rfind(['.', ' ', '\t']).map(|at| at + 1),
    };
    &keys[begin.unwrap_or(0)..]
}
