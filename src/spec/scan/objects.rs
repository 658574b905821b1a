//! `dyn Trait` of traits that can no longer stand there, and `match` over enums that have grown.

use crate::rules::public_api::{Change, ItemKind, What};
use crate::source::detail::{Match, Use};

use super::{At, Finder, Hit, How, signature};

impl Finder<'_, '_> {
    pub(super) fn object(&self, found: &Use, hits: &mut Vec<Hit>) {
        let reference = &found.reference;
        let Some(krate) = self
            .surface
            .number(&reference.krate)
            .filter(|_| found.dynamic)
        else {
            return;
        };
        let path = reference.path.join("::");
        if self
            .surface
            .item(krate, &path)
            .is_none_or(|item| item.kind != ItemKind::Trait)
        {
            return;
        }
        let Some(there) = self.trait_there(krate, &path) else {
            return;
        };
        let place = found.segments.last().unwrap_or(&reference.place);
        let at = At {
            place,
            cfg: &reference.cfg,
            how: How::Path,
            certain: reference.certain,
        };
        if let Some(change) = self.undynamic(krate, &path, &there) {
            hits.push(self.hit(change, at));
        }
    }

    /// The change of a method that keeps a trait from standing behind `dyn`, where nothing did before.
    fn undynamic(&self, krate: usize, path: &str, there: &str) -> Option<Change> {
        let dynamic = |text: &str| signature::forms(text).all(|form| form.is_dynamic());
        let method = self
            .surface
            .children_there(there)
            .into_iter()
            .find(|item| {
                let form = item.at(self.surface.to);
                item.kind == ItemKind::Method && form.is_some_and(|form| !dynamic(&form.signature))
            })?;
        let own = format!("{path}::{}", method.name());
        let before = self.surface.signature(krate, &own).unwrap_or_default();
        if !before.is_empty() && !dynamic(before) {
            return None;
        }
        Some(Change {
            krate: self.surface.krate(krate)?.name.clone(),
            path: own,
            kind: ItemKind::Method,
            within: None,
            what: What::Signature {
                before: before.to_owned(),
                after: method.at(self.surface.to)?.signature.clone(),
            },
        })
    }

    pub(super) fn leaves_out(&self, found: &Match, hits: &mut Vec<Hit>) {
        for meant in &found.meanings {
            let Some(krate) = self.surface.number(&meant.krate) else {
                continue;
            };
            let Some((_, above)) = meant.path.split_last() else {
                continue;
            };
            for change in self.surface.changes(krate, &above.join("::")).iter() {
                let grows = change.kind == ItemKind::Enum
                    && matches!(change.what, What::NewVariants { .. } | What::NonExhaustive);
                if grows {
                    let at = At {
                        place: &found.place,
                        cfg: &found.cfg,
                        how: How::Path,
                        certain: meant.certain,
                    };
                    hits.push(self.hit(change.clone(), at));
                }
            }
        }
    }
}
