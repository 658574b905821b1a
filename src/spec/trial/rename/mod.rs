//! Paths that become other paths, in code and in imports.
//!
//! What a path means comes from the reader of sources; how it is written comes from the text. Names
//! that an import brings in stay: the import leads elsewhere, under the same name.

mod code;
mod import;
mod tree;

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{OWN, Reference, Writing};

use super::edits::Edit;
use super::guide::Guide;
use super::names::Names;

/// What renaming a file's paths comes to.
#[derive(Debug, Default)]
pub struct Renamed {
    pub edits: Vec<Edit>,
    /// Crates to which something moves that the package does not depend on.
    pub missing: BTreeSet<String>,
}

/// Edits of one file for all renames that concern it. `references` are those that stand in it.
pub fn edits(text: &str, references: &[&Reference], names: &Names, guide: &Guide) -> Renamed {
    let mut renamed = Renamed::default();
    let targets = targets(references, names, guide, &mut renamed.missing);
    if targets.is_empty() {
        return renamed;
    }
    let Some(writing) = Writing::new(text) else {
        return renamed;
    };
    let imports = writing.imports();
    let mut imported = BTreeSet::new();
    for import in &imports {
        imported.extend(import.leaves.iter().map(|leaf| leaf.place));
        renamed.edits.extend(import::edits(text, import, &targets));
    }
    for (place, target) in &targets {
        if !imported.contains(place)
            && let Some(written) = writing.path_at(place.0, place.1)
        {
            renamed
                .edits
                .extend(code::edit(text, &written, *place, target));
        }
    }
    renamed
}

/// A path that is to become another one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Target<'a> {
    /// The full path of today: the name of the crate in this package's code, then the rest.
    full: Vec<String>,
    /// How many of its segments are replaced.
    length: usize,
    /// By these, spelled as this package's code knows the crate.
    to: Vec<String>,
    /// What becomes of the full path's beginnings, by their lengths.
    beginnings: Vec<Vec<String>>,
    reason: &'a super::model::Reason,
}

/// Where paths stand that are to become others.
type Targets<'a> = BTreeMap<(usize, usize), Target<'a>>;

fn targets<'a>(
    references: &[&Reference],
    names: &Names,
    guide: &'a Guide,
    missing: &mut BTreeSet<String>,
) -> Targets<'a> {
    let mut targets: Targets<'a> = BTreeMap::new();
    let mut unsure: BTreeSet<(usize, usize)> = BTreeSet::new();
    for reference in references {
        let at = (reference.place.line, reference.place.column);
        let found = match target(reference, names, guide) {
            Some(Ok(target)) => target,
            Some(Err(krate)) => {
                missing.insert(krate);
                continue;
            }
            None => {
                // Under another condition the same text means something that stays.
                if &*reference.krate != OWN {
                    unsure.insert(at);
                }
                continue;
            }
        };
        match targets.get(&at) {
            Some(known) if *known != found => {
                unsure.insert(at);
            }
            _ => {
                targets.insert(at, found);
            }
        }
    }
    targets.retain(|at, _| !unsure.contains(at));
    targets
}

/// What a reference is to become, if anything; the name of a crate where that is not to be had.
fn target<'a>(
    reference: &Reference,
    names: &Names,
    guide: &'a Guide,
) -> Option<Result<Target<'a>, String>> {
    if !reference.certain || &*reference.krate == OWN {
        return None;
    }
    let krate = names.krate(&reference.krate);
    let rest = reference.path.iter().map(|segment| &**segment);
    let path: Vec<&str> = std::iter::once(krate).chain(rest.clone()).collect();
    let moved = guide.moved(&path)?;
    // The crate may be the one that it was before.
    let spelled = |mut path: Vec<String>| {
        let name = match path.first() {
            Some(first) if first == krate => Ok(reference.krate.to_string()),
            Some(first) => names.name_of(first).map(str::to_owned).ok_or(first.clone()),
            None => Ok(String::new()),
        };
        name.map(|name| {
            path.splice(..path.len().min(1), (!name.is_empty()).then_some(name));
            path
        })
    };
    let to = match spelled(moved.to) {
        Ok(to) => to,
        Err(krate) => return Some(Err(krate)),
    };
    let beginnings = (0..=path.len()).map(|end| {
        let old: Vec<String> = path[..end]
            .iter()
            .map(|&segment| segment.to_owned())
            .collect();
        let new = guide.moved(&path[..end]).map(|moved| {
            let rest = old.get(moved.length..).unwrap_or_default();
            [moved.to.as_slice(), rest].concat()
        });
        spelled(new.unwrap_or(old)).unwrap_or_default()
    });
    let own = std::iter::once(reference.krate.to_string());
    Some(Ok(Target {
        full: own.chain(rest.map(str::to_owned)).collect(),
        length: moved.length,
        to,
        beginnings: beginnings.collect(),
        reason: moved.reason,
    }))
}

/// How the segments of a written path stand for those of the full one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    /// So many written segments …
    written: usize,
    /// … stand for so many of the full path. Both are 0 where it is written in full; from here on
    /// they are the same.
    full: usize,
}

/// Sets a written path against the full one that it means.
fn standing(written: &[&str], full: &[String]) -> Option<Standing> {
    let same = |from: usize, at: usize| {
        let (Some(rest), Some(against)) = (written.get(from..), full.get(at..)) else {
            return false;
        };
        rest.len() <= against.len() && rest.iter().zip(against).all(|(a, b)| a == b)
    };
    if same(0, 0) {
        return Some(Standing {
            written: 0,
            full: 0,
        });
    }
    (1..=written.len()).find_map(|base| {
        // Of what may stand for it, the longest: less is left over behind it.
        let ends = (1..=full.len()).rev();
        let mut fitting =
            ends.filter(|at| same(base, *at) && full.len() - at >= written.len() - base);
        fitting.next().map(|at| Standing {
            written: base,
            full: at,
        })
    })
}

#[cfg(test)]
mod tests;
