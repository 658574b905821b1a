//! Re-exports from crates that are in the data themselves: their items stand in both.

use std::collections::BTreeMap;

use otel_check::rules::public_api::{Form, ItemKind, Items};

use crate::extract::{Extracted, Reexport};

/// The items of a release with those that it re-exports from `others`, by the name of code. What comes
/// from elsewhere is an item of kind `use`, or nothing where it is a glob.
pub fn expand(extracted: Extracted, others: &BTreeMap<String, Items>) -> Items {
    let mut items = extracted.items;
    for reexport in &extracted.reexports {
        let known = reexport
            .targets
            .iter()
            .any(|target| copy(reexport, target, others, &mut items));
        if !known && !reexport.glob {
            let form = Form {
                signature: reexport.targets[0].clone(),
                ..Form::default()
            };
            items.insert((reexport.at.clone(), ItemKind::Reexport), form);
        }
    }
    items
}

/// Adds what a path leads to; false where it leads to nothing that is known.
fn copy(
    reexport: &Reexport,
    target: &str,
    others: &BTreeMap<String, Items>,
    items: &mut Items,
) -> bool {
    let (krate, path) = target.split_once("::").unwrap_or((target, ""));
    let Some(other) = others.get(krate) else {
        return false;
    };
    let path = public_path(path, other);
    let mut found = path.is_empty();
    let mut added = Vec::new();
    for ((there, kind), form) in other {
        let below = match path {
            "" => Some(there.as_str()),
            path => there.strip_prefix(path).and_then(|rest| match rest {
                "" => Some(""),
                rest => rest.strip_prefix("::"),
            }),
        };
        let Some(below) = below else { continue };
        found = true;
        let here = match (reexport.at.as_str(), below) {
            (_, "") if reexport.glob => continue,
            (at, "") => at.to_owned(),
            ("", below) => below.to_owned(),
            (at, below) => format!("{at}::{below}"),
        };
        // Of its features this crate's own may be others.
        let form = Form {
            features: String::new(),
            ..form.clone()
        };
        added.push(((here, *kind), form));
    }
    for (key, form) in added {
        // What the crate has itself hides what a glob brings.
        items.entry(key).or_insert(form);
    }
    if found && path.is_empty() && !reexport.glob {
        let key = (reexport.at.clone(), ItemKind::Module);
        items.entry(key).or_default();
    }
    found
}

/// The path itself where something is there; else it goes through private modules, and the shortest
/// public one to the same name is meant.
fn public_path<'p>(path: &'p str, items: &'p Items) -> &'p str {
    let free = || items.keys().filter(|(_, kind)| !kind.is_member());
    if free().any(|(there, _)| there == path) {
        return path;
    }
    let name = path.rsplit("::").next().unwrap_or(path);
    let same = free().filter(|(there, _)| there.rsplit("::").next() == Some(name));
    let shortest = same.min_by_key(|(there, _)| there.matches("::").count());
    shortest.map_or(path, |(there, _)| there)
}
