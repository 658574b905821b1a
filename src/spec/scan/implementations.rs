//! Implementations of traits that ask for something else.

use crate::rules::public_api::{Change, ItemKind, What};
use crate::source::detail::{Defined, DetailedItem, Implements};

use super::paths::differs;
use super::signature;
use super::{At, Finder, Hit, How};

impl Finder<'_, '_> {
    pub(super) fn implementation(
        &self,
        item: &DetailedItem,
        implements: &Implements,
        hits: &mut Vec<Hit>,
    ) {
        for meant in &implements.traits {
            let Some(krate) = self.surface.number(&meant.krate) else {
                continue;
            };
            let path = meant.path.join("::");
            if self
                .surface
                .item(krate, &path)
                .is_none_or(|item| item.kind != ItemKind::Trait)
            {
                continue;
            }
            let at = |place, certain: bool| At {
                place,
                cfg: &item.item.cfg,
                how: How::Implementation,
                certain: certain && meant.certain,
            };
            let Some(there) = self.trait_there(krate, &path) else {
                continue;
            };
            if let Some(change) = self.missing(krate, &path, &there, implements) {
                hits.push(self.hit(change, at(&implements.place, true)));
            }
            for defined in &implements.defines {
                if let Some((change, certain)) = self.defined(krate, &path, &there, defined) {
                    hits.push(self.hit(change, at(&defined.place, certain)));
                }
            }
        }
    }

    /// Where the trait is on the line to reach; nothing where it is gone.
    pub(super) fn trait_there(&self, krate: usize, path: &str) -> Option<String> {
        match self.surface.vanished(krate, path).map(|change| change.what) {
            None => Some(self.surface.spelled(krate, path)),
            Some(What::Vanished { moved_to }) => moved_to.into_iter().next(),
            Some(_) => None,
        }
    }

    /// What the implementation would have to define as well.
    fn missing(
        &self,
        krate: usize,
        path: &str,
        there: &str,
        implements: &Implements,
    ) -> Option<Change> {
        let items: Vec<String> = self
            .surface
            .required_there(there)
            .into_iter()
            .filter(|name| {
                implements
                    .defines
                    .iter()
                    .all(|defined| *defined.name != **name)
            })
            // What was required before is written by a macro.
            .filter(|name| !self.surface.is_required(krate, &format!("{path}::{name}")))
            .map(str::to_owned)
            .collect();
        let krate = self.surface.krate(krate)?;
        (!items.is_empty()).then(|| Change {
            krate: krate.name.clone(),
            path: path.to_owned(),
            kind: ItemKind::Trait,
            within: None,
            what: What::NewRequired { items },
        })
    }

    /// What changes about something that the implementation defines.
    fn defined(
        &self,
        krate: usize,
        path: &str,
        there: &str,
        defined: &Defined,
    ) -> Option<(Change, bool)> {
        let own = format!("{path}::{}", defined.name);
        let item = self.surface.item(krate, &own)?;
        let before = &item.at(self.surface.from)?.signature;
        let change = |what| Change {
            krate: self
                .surface
                .krate(krate)
                .map(|krate| krate.name.clone())
                .unwrap_or_default(),
            path: own.clone(),
            kind: item.kind,
            within: None,
            what,
        };
        let Some(after) = self
            .surface
            .signature_there(&format!("{there}::{}", defined.name))
        else {
            return Some((
                change(What::Vanished {
                    moved_to: Vec::new(),
                }),
                true,
            ));
        };
        if item.kind != ItemKind::Method || before == after {
            return None;
        }
        let certain = self.refused(before, after, defined);
        let what = What::Signature {
            before: before.clone(),
            after: after.to_owned(),
        };
        differs(before, after)
            .then(|| (change(what), certain))
            .or_else(|| {
                certain.then(|| {
                    let what = What::Signature {
                        before: before.clone(),
                        after: after.to_owned(),
                    };
                    (change(what), true)
                })
            })
    }

    /// Whether a method as it is written cannot stand for the new signature.
    fn refused(&self, before: &str, after: &str, defined: &Defined) -> bool {
        let shape = |text: &str| {
            let mut forms = signature::forms(text);
            forms.next().map(|form| {
                let receiver = form
                    .is_method()
                    .then(|| form.parameters[0].contains("mut "));
                let output = form.output.to_owned();
                (receiver, form.arguments().len(), output)
            })
        };
        let (Some((was, _, given)), Some((now, taken, gives))) = (shape(before), shape(after))
        else {
            return false;
        };
        let own =
            defined.parameters.len() - usize::from(was.is_some() && !defined.parameters.is_empty());
        if own != taken || was != now {
            return true;
        }
        given != gives
    }
}
