//! Uses of items by their path.

use std::sync::Arc;

use crate::rules::public_api::{Change, ItemKind, What};
use crate::source::detail::{Rest, Then, Use};
use crate::source::{Place, Position};

use super::signature::{self, Spelled};
use super::{At, Finder, Hit, How};

impl Finder<'_, '_> {
    pub(super) fn path(&self, found: &Use, hits: &mut Vec<Hit>) {
        let reference = &found.reference;
        let Some(krate) = self.surface.number(&reference.krate) else {
            return;
        };
        let path: &[Arc<str>] = match reference.path.split_last() {
            Some((last, rest)) if &**last == "*" => rest,
            _ => &reference.path,
        };
        for length in 1..=path.len() {
            let part = path[..length].join("::");
            if let Some(change) = self.surface.vanished(krate, &part) {
                hits.extend(self.gone(found, krate, (path, length), change));
                return;
            }
        }
        let whole = path.join("::");
        for change in self.surface.changes(krate, &whole).iter() {
            hits.extend(self.changed(found, change));
        }
    }

    /// A path of which the first `length` segments name something that is gone.
    fn gone(
        &self,
        found: &Use,
        krate: usize,
        (path, length): (&[Arc<str>], usize),
        change: Change,
    ) -> Option<Hit> {
        let imports = is_import(found.reference.position);
        let imported = imported(found, path);
        let place = match length > imported {
            true => segment(found, path.len() - length),
            // It goes through an import that fails itself: it fails as well only where the name has
            // to change.
            false if imports || self.is_moved(krate, &path[..imported]) => return None,
            false => &found.reference.place,
        };
        let whole = path.join("::");
        // What was asked for tells more than the module that is gone.
        let exact = self.surface.vanished(krate, &whole).unwrap_or(change);
        Some(self.hit(
            exact,
            At {
                place,
                cfg: &found.reference.cfg,
                how: if imports { How::Import } else { How::Path },
                certain: found.reference.certain,
            },
        ))
    }

    /// Whether what an import brings in is elsewhere under the same name.
    fn is_moved(&self, krate: usize, imported: &[Arc<str>]) -> bool {
        let change = self.surface.vanished(krate, &imported.join("::"));
        change.is_none_or(|change| keeps_name(&change))
    }

    /// A path to something that is there but has changed.
    fn changed(&self, found: &Use, change: &Change) -> Option<Hit> {
        let reference = &found.reference;
        if is_import(reference.position) {
            return None;
        }
        let last = segment(found, 0);
        let at = |place, how, certain: bool| At {
            place,
            cfg: &reference.cfg,
            how,
            certain: certain && reference.certain,
        };
        let (place, how, certain): (&Place, How, bool) = match &change.what {
            What::Vanished { .. } | What::NewVariants { .. } | What::NewRequired { .. } => {
                return None;
            }
            What::Kind { .. } => (last, How::Path, true),
            What::Signature { before, after } => match change.kind {
                ItemKind::Function | ItemKind::Method => {
                    let certain = call(found, (before, after))?;
                    (last, How::Path, certain)
                }
                ItemKind::Constant | ItemKind::Static | ItemKind::AssociatedConstant => {
                    (last, How::Path, false)
                }
                ItemKind::Variant => (last, How::Path, found.arguments.is_some()),
                ItemKind::Struct
                | ItemKind::Union
                | ItemKind::Enum
                | ItemKind::TypeAlias
                | ItemKind::Trait
                | ItemKind::Field
                | ItemKind::AssociatedType
                | ItemKind::Module
                | ItemKind::Macro
                | ItemKind::Implementation
                | ItemKind::Reexport => (last, How::Path, false),
            },
            What::PrivateFields if found.fields.is_empty() => return None,
            What::NewFields { .. } if found.fields.is_empty() || found.rest != Rest::None => {
                return None;
            }
            What::NonExhaustive if found.fields.is_empty() || found.rest == Rest::Ignored => {
                return None;
            }
            What::PrivateFields | What::NewFields { .. } | What::NonExhaustive => {
                (last, How::Field, true)
            }
        };
        Some(self.hit(change.clone(), at(place, how, certain)))
    }

    /// Fields of a struct literal or pattern that are gone.
    pub(super) fn literal(&self, found: &Use, hits: &mut Vec<Hit>) {
        let reference = &found.reference;
        let Some(krate) = self.surface.number(&reference.krate) else {
            return;
        };
        let path = reference.path.join("::");
        for (name, place) in &found.fields {
            for (change, certain) in self.member_changes(krate, &path, name, None) {
                let at = At {
                    place,
                    cfg: &reference.cfg,
                    how: How::Field,
                    certain: certain && reference.certain,
                };
                hits.push(self.hit(change, at));
            }
        }
    }
}

/// Whether a call by path fails for certain; nothing where it fits as before.
fn call(found: &Use, (before, after): (&str, &str)) -> Option<bool> {
    let given = found.arguments?;
    // Called by path, the receiver is an argument like others.
    let counts = |text: &str| -> Vec<usize> {
        signature::forms(text)
            .map(|form| form.parameters.len())
            .collect()
    };
    if !counts(before).contains(&given) {
        return None;
    }
    if !counts(after).contains(&given) {
        return Some(true);
    }
    // What is asked of the result is looked at by itself.
    if found.then == Then::Member && gives_else(before, after) {
        return None;
    }
    differs(before, after).then_some(false)
}

/// Whether two signatures differ by more than generic parameters and lifetimes, so that a call that
/// fitted the one may not fit the other.
pub(super) fn differs(before: &str, after: &str) -> bool {
    let after = plain(after);
    // With more forms than before, what was there is still there.
    plain(before).iter().any(|form| !after.contains(form))
}

/// Whether two signatures take the same and give something else.
pub(super) fn gives_else(before: &str, after: &str) -> bool {
    let takes = |text: &str| -> Vec<Vec<Spelled>> {
        plain(text).into_iter().map(|(takes, _)| takes).collect()
    };
    takes(before) == takes(after) && differs(before, after)
}

/// What each form takes and gives.
fn plain(text: &str) -> Vec<(Vec<Spelled>, Spelled)> {
    signature::forms(text)
        .map(|form| {
            let parameters = form.arguments().iter();
            let parameters = parameters.map(|one| Spelled::new(one)).collect();
            (parameters, Spelled::new(form.output))
        })
        .collect()
}

fn is_import(position: Position) -> bool {
    matches!(position, Position::Import | Position::Reexport)
}

/// Whether the same item is found elsewhere under the same name.
pub(super) fn keeps_name(change: &Change) -> bool {
    let What::Vanished { moved_to } = &change.what else {
        return false;
    };
    let name = change.path.rsplit("::").next();
    moved_to.iter().any(|path| path.rsplit("::").next() == name)
}

/// How many segments of what a path means come through an import that it begins with.
fn imported(found: &Use, path: &[Arc<str>]) -> usize {
    let written = &found.names;
    let pairs = written.iter().rev().zip(path.iter().rev());
    let same = pairs
        .take_while(|(written, meant)| written == meant)
        .count();
    if same == path.len() || written.is_empty() {
        return 0;
    }
    // Of `crate::a::Name` and `Name`, the first segment that is the same is what an import gives; of
    // `alias::Name`, the one before.
    let own = ["crate", "self", "super"].contains(&&*written[0]);
    let given = path.len() - same + usize::from(own || written.len() == same);
    given.min(path.len())
}

/// The segment that so many others stand behind.
fn segment(found: &Use, behind: usize) -> &Place {
    let glob = usize::from(
        found
            .reference
            .path
            .last()
            .is_some_and(|last| &**last == "*"),
    );
    let at = found.segments.len().checked_sub(behind + glob + 1);
    at.and_then(|at| found.segments.get(at))
        .unwrap_or(&found.reference.place)
}
