//! Uses of items by their path.

use std::sync::Arc;

use crate::rules::public_api::{Change, ItemKind, What};
use crate::source::detail::Use;
use crate::source::{Place, Position};

use super::signature;
use super::surface::Owner;
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
            hits.extend(self.changed(found, krate, &whole, change));
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
        let behind = path.len() - length;
        let spelled = spelled(found, path);
        let place = match behind < spelled || found.segments.is_empty() {
            true => segment(found, behind),
            // It goes through an import that fails itself: a path of its own only where the name has
            // to change as well.
            false if imports || keeps_name(&change) => return None,
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

    /// A path to something that is there but has changed.
    fn changed(&self, found: &Use, krate: usize, path: &str, change: &Change) -> Option<Hit> {
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
            What::Vanished { .. } | What::NewVariants { .. } | What::NewRequired { .. } => return None,
            What::Kind { .. } => (last, How::Path, true),
            What::Signature { before, after } => match change.kind {
                ItemKind::Function | ItemKind::Method => {
                    let certain = self.call(found, krate, path, (before, after))?;
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
            What::NewFields { .. } | What::NonExhaustive if found.fields.is_empty() || found.rest => {
                return None;
            }
            What::PrivateFields | What::NewFields { .. } | What::NonExhaustive => {
                (last, How::Field, true)
            }
        };
        Some(self.hit(change.clone(), at(place, how, certain)))
    }

    /// Whether a call by path fails for certain; nothing where it fits as before.
    fn call(
        &self,
        found: &Use,
        krate: usize,
        path: &str,
        (before, after): (&str, &str),
    ) -> Option<bool> {
        let given = found.arguments?;
        let owner = path.rsplit_once("::").map(|(owner, _)| Owner { krate, path: owner.to_owned() });
        let _ = owner;
        // Called by path, the receiver is an argument like others.
        let counts = |text: &str| -> Vec<usize> {
            signature::forms(text).map(|form| form.parameters.len()).collect()
        };
        if !counts(before).contains(&given) {
            return None;
        }
        if !counts(after).contains(&given) {
            return Some(true);
        }
        differs(before, after).then_some(false)
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

/// Whether two signatures differ by more than generic parameters and lifetimes, so that a call that
/// fitted the one may not fit the other.
pub(super) fn differs(before: &str, after: &str) -> bool {
    let plain = |text: &str| -> Vec<(Vec<signature::Spelled>, signature::Spelled)> {
        signature::forms(text)
            .map(|form| {
                let parameters = form.arguments().iter();
                let parameters = parameters.map(|one| signature::Spelled::new(one)).collect();
                (parameters, signature::Spelled::new(form.output))
            })
            .collect()
    };
    plain(before) != plain(after)
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

/// How many segments at the end of what a path means are written there.
fn spelled(found: &Use, path: &[Arc<str>]) -> usize {
    let names = found.names.iter().rev().zip(path.iter().rev());
    names.take_while(|(written, meant)| written == meant).count()
}

/// The segment that so many others stand behind.
fn segment(found: &Use, behind: usize) -> &Place {
    let glob = usize::from(found.reference.path.last().is_some_and(|last| &**last == "*"));
    let at = found.segments.len().checked_sub(behind + glob + 1);
    at.and_then(|at| found.segments.get(at)).unwrap_or(&found.reference.place)
}
