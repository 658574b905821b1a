//! Features: those that an entry enables, and the references to an entry in `[features]`.

use super::entry::{Edited, Found, array, quoted};
use super::lines;
use super::text::{Doc, Kind, Node};
use super::{EditError, Entry, check};
use crate::workspace::manifest::DependencyTable;

/// The text where the entry enables some features and others no longer.
pub fn of_entry(text: &str, at: &Entry, add: &[String], remove: &[String]) -> Edited {
    add.iter().try_for_each(|name| check::feature(name))?;
    if let Some(both) = add.iter().find(|name| remove.contains(name)) {
        return Err(EditError::Contradiction {
            at: at.clone(),
            feature: both.clone(),
        });
    }
    let enabled = enabled(text, at)?;
    if let Some(absent) = remove.iter().find(|name| !enabled.contains(name)) {
        return Err(EditError::NoFeature {
            at: at.clone(),
            feature: absent.clone(),
        });
    }
    let new = |name: &&String| !enabled.contains(name);
    if remove.is_empty() && !add.iter().any(|name| new(&name)) {
        return Err(EditError::NoChange {
            at: at.clone(),
            why: "it has these features already".to_owned(),
        });
    }
    let mut text = text.to_owned();
    for name in add.iter().filter(new) {
        if !self::enabled(&text, at)?.contains(name) {
            text = enable(&text, at, name)?;
        }
    }
    for name in remove {
        while self::enabled(&text, at)?.contains(name) {
            text = drop(&text, at, name)?;
        }
    }
    Ok(text)
}

fn enabled(text: &str, at: &Entry) -> Result<Vec<String>, EditError> {
    let doc = Doc::parse(text)?;
    let found = Found::find(&doc, at)?;
    Ok(found.field("features").map(Node::words).unwrap_or_default())
}

fn enable(text: &str, at: &Entry, name: &str) -> Edited {
    let doc = Doc::parse(text)?;
    let found = Found::find(&doc, at)?;
    match found.field("features").map(|node| &node.kind) {
        Some(Kind::Array(list, _)) => Ok(list.append(text, &quoted(name))),
        Some(_) => Err(found.form_error("its features are no list")),
        None => found.set("features", &array(&[name.to_owned()])),
    }
}

fn drop(text: &str, at: &Entry, name: &str) -> Edited {
    let doc = Doc::parse(text)?;
    let found = Found::find(&doc, at)?;
    let Some(node) = found.field("features") else {
        return Err(found.form_error("it has no features"));
    };
    let Kind::Array(list, words) = &node.kind else {
        return Err(found.form_error("its features are no list"));
    };
    let is = |word: &Option<String>| word.as_deref() == Some(name);
    match words.iter().position(is) {
        Some(index) if words.len() > 1 => Ok(list.remove(text, index)),
        _ => found.unset(node),
    }
}

/// What a word of `[features]` says of a dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reference<'a> {
    /// `dep:x`
    Dependency,
    /// `x`, which is the feature that an optional `x` makes.
    Implied,
    /// `x/feature`
    Feature(&'a str),
    /// `x?/feature`
    Weak(&'a str),
}

fn reference<'a>(word: &'a str, key: &str, implied: bool) -> Option<Reference<'a>> {
    if word == key {
        return implied.then_some(Reference::Implied);
    }
    if word.strip_prefix("dep:") == Some(key) {
        return Some(Reference::Dependency);
    }
    let rest = word.strip_prefix(key)?;
    match (rest.strip_prefix("?/"), rest.strip_prefix('/')) {
        (Some(feature), _) => Some(Reference::Weak(feature)),
        (None, Some(feature)) => Some(Reference::Feature(feature)),
        (None, None) => None,
    }
}

/// The lists of `[features]`, by name.
fn lists<'d>(doc: &'d Doc<'_>) -> Vec<&'d Node> {
    let path = ["features".to_owned()];
    doc.nodes
        .iter()
        .filter(|node| node.path.len() == 2 && node.path.starts_with(&path))
        .collect()
}

/// Whether `[features]` defines a feature of this name.
pub fn defines(doc: &Doc<'_>, name: &str) -> bool {
    lists(doc).iter().any(|node| node.path[1] == name)
}

/// The text where each reference to a dependency in `[features]` is another word, or gone where
/// `to` gives an empty one; words that stay are given back as they are.
fn rewrite(text: &str, key: &str, to: impl Fn(&str, Reference<'_>) -> Option<String>) -> Edited {
    let mut text = text.to_owned();
    // One word at a time: each moves what follows it.
    loop {
        let doc = Doc::parse(&text)?;
        let implied = !defines(&doc, key);
        let mut step = None;
        'found: for node in lists(&doc) {
            let Kind::Array(list, words) = &node.kind else {
                continue;
            };
            for (index, word) in words.iter().enumerate() {
                let Some(word) = word else { continue };
                let Some(reference) = reference(word, key, implied) else {
                    continue;
                };
                match to(word, reference) {
                    None => step = Some(list.remove(&text, index)),
                    Some(new) if new == *word => continue,
                    Some(new) => {
                        let place = list.items[index].clone();
                        let new = like(&text[place.clone()], &new);
                        step = Some(lines::splice(&text, place, &new));
                    }
                }
                break 'found;
            }
        }
        match step {
            Some(next) => text = next,
            None => return Ok(text),
        }
    }
}

/// A string in the quotes of another one.
pub fn like(old: &str, new: &str) -> String {
    let literal = old.starts_with('\'') && !old.starts_with("'''");
    if literal && !new.contains('\'') && !new.contains(char::is_control) {
        format!("'{new}'")
    } else {
        quoted(new)
    }
}

/// Whether another entry bears this key, so that `[features]` goes on referring to that. A key of
/// `[dependencies]` is not replaced by one of `[dev-dependencies]`: that is never optional.
fn another(doc: &Doc<'_>, at: &Entry) -> bool {
    let dev = at.table == DependencyTable::Dev;
    doc.nodes.iter().any(|node| {
        let platform = match node.path.as_slice() {
            [target, condition, ..] if target == "target" => Some(condition.clone()),
            _ => None,
        };
        [
            DependencyTable::Normal,
            DependencyTable::Build,
            DependencyTable::Dev,
        ]
        .into_iter()
        .filter(|table| dev || *table != DependencyTable::Dev)
        .map(|table| Entry {
            table,
            platform: platform.clone(),
            key: at.key.clone(),
        })
        .any(|entry| entry != *at && Found::look(doc, &entry).is_some())
    })
}

/// The text where `[features]` refers no longer to an entry that is gone from it.
pub fn forget(text: &str, at: &Entry) -> Edited {
    if at.table == DependencyTable::Workspace || another(&Doc::parse(text)?, at) {
        return Ok(text.to_owned());
    }
    rewrite(text, &at.key, |_, _| None)
}

/// The text where `[features]` refers to an entry that has a new key.
pub fn follow(text: &str, at: &Entry, new: &str) -> Edited {
    if at.table == DependencyTable::Workspace || another(&Doc::parse(text)?, at) {
        return Ok(text.to_owned());
    }
    rewrite(text, &at.key, |_, reference| {
        Some(match reference {
            Reference::Dependency => format!("dep:{new}"),
            Reference::Implied => new.to_owned(),
            Reference::Feature(feature) => format!("{new}/{feature}"),
            Reference::Weak(feature) => format!("{new}?/{feature}"),
        })
    })
}

/// The text where no feature turns on a dependency that has become optional: what was a feature of
/// one that was always there is a feature of it if it is there.
pub fn weaken(text: &str, key: &str) -> Edited {
    rewrite(text, key, |word, reference| {
        Some(match reference {
            Reference::Feature(feature) => format!("{key}?/{feature}"),
            Reference::Dependency | Reference::Implied | Reference::Weak(_) => word.to_owned(),
        })
    })
}
