//! Methods called and fields asked for.

use crate::rules::public_api::{Change, ItemKind, What};
use crate::source::detail::{DetailedItem, Member, Then};

use super::paths::{differs, gives_else};
use super::signature::{self, Spelled};
use super::surface::Owner;
use super::{At, Finder, Hit, How};

impl Finder<'_, '_> {
    pub(super) fn member(&self, item: &DetailedItem, member: &Member, hits: &mut Vec<Hit>) {
        // Most names are no member's that changes.
        let candidates = self.candidates(member);
        if candidates.is_empty() {
            return;
        }
        let receiver = self.type_of(&member.receiver, item);
        let how = match member.arguments {
            Some(_) => How::Method,
            None => How::Field,
        };
        let at = |certain| At {
            place: &member.place,
            cfg: &member.cfg,
            how,
            certain,
        };
        let owners = receiver.owners();
        for owner in &owners {
            if let Some((krate, found)) = self.member_of(owner, &member.name) {
                // It may be asked through a trait; the change stands at the trait then.
                let above = found.parent().to_owned();
                let changes = self.member_changes(krate, &above, &member.name, Some(member));
                hits.extend(
                    changes
                        .into_iter()
                        .map(|(change, sure)| self.hit(change, at(sure))),
                );
                return;
            }
        }
        if !receiver.is_vague() && owners.is_empty() {
            return;
        }
        for (owner, (change, fails)) in candidates {
            // A trait's method may be called on any type.
            let known = owners.is_empty() || self.is_trait(&owner);
            if known && fails && self.reaches(&owner) {
                hits.push(self.hit(change, at(false)));
                return;
            }
        }
    }

    fn is_trait(&self, owner: &Owner) -> bool {
        let item = self.surface.item(owner.krate, &owner.path);
        item.is_some_and(|item| item.kind == ItemKind::Trait)
    }

    /// All members of the name, with their changes, that such a call or access may mean.
    fn candidates(&self, member: &Member) -> Vec<(Owner, (Change, bool))> {
        let mut found = Vec::new();
        for &(krate, item) in self.surface.changing(&member.name).iter() {
            let fits = match member.arguments {
                Some(_) => item.kind == ItemKind::Method,
                None => item.kind == ItemKind::Field,
            };
            if !fits {
                continue;
            }
            let owner = Owner {
                krate,
                path: item.parent().to_owned(),
            };
            for change in self.member_changes(krate, item.parent(), &member.name, Some(member)) {
                found.push((owner.clone(), change));
            }
        }
        // What fails whatever the receiver comes first.
        found.sort_by_key(|(_, (_, certain))| !certain);
        found
    }

    /// What changes about a member of a type or trait, for a use of it, and whether that use fails for
    /// certain.
    pub(super) fn member_changes(
        &self,
        krate: usize,
        owner: &str,
        name: &str,
        member: Option<&Member>,
    ) -> Vec<(Change, bool)> {
        let path = format!("{owner}::{name}");
        let mut found = Vec::new();
        for change in self.surface.changes(krate, &path).iter() {
            if !matches!(change.kind, ItemKind::Method | ItemKind::Field) {
                continue;
            }
            match &change.what {
                What::Vanished { moved_to } if change.within.is_some() => {
                    // It went with its type, which is reported where it is named.
                    let before = self.surface.signature(krate, &path).unwrap_or_default();
                    let after = moved_to
                        .iter()
                        .find_map(|path| self.surface.signature_there(path));
                    match after {
                        Some(after) => {
                            let what = What::Signature {
                                before: before.to_owned(),
                                after: after.to_owned(),
                            };
                            let certain = self.fails(before, after, member);
                            let change = Change {
                                what,
                                ..change.clone()
                            };
                            found.extend(certain.map(|certain| (change, certain)));
                        }
                        // A whole type that is gone is reported where it is named.
                        None if self.owner_is_gone(krate, owner) => {}
                        None => found.push((change.clone(), true)),
                    }
                }
                What::Vanished { .. } | What::Kind { .. } => {
                    if self.fitted(krate, &path, member) {
                        found.push((change.clone(), true));
                    }
                }
                What::Signature { before, after } => {
                    let certain = self.fails(before, after, member);
                    found.extend(certain.map(|certain| (change.clone(), certain)));
                }
                What::NewRequired { .. }
                | What::PrivateFields
                | What::NewFields { .. }
                | What::NewVariants { .. }
                | What::NonExhaustive => {}
            }
        }
        found
    }

    fn owner_is_gone(&self, krate: usize, owner: &str) -> bool {
        self.surface
            .vanished(krate, owner)
            .is_some_and(|change| match change.what {
                What::Vanished { moved_to } => moved_to.is_empty(),
                _ => false,
            })
    }

    /// Whether the call has as many arguments as the method took.
    fn fitted(&self, krate: usize, path: &str, member: Option<&Member>) -> bool {
        let Some(given) = member.and_then(|member| member.arguments) else {
            return true;
        };
        let signature = self.surface.signature(krate, path).unwrap_or_default();
        signature::forms(signature).any(|form| form.is_method() && form.arguments().len() == given)
    }

    /// Whether a use that fitted `before` fails for certain with `after`; nothing where it does not
    /// fail, or never fitted.
    fn fails(&self, before: &str, after: &str, member: Option<&Member>) -> Option<bool> {
        let Some(member) = member else {
            return (before != after).then_some(false);
        };
        let Some(given) = member.arguments else {
            // What is asked of the value is looked at by itself.
            if member.then == Then::Member {
                return None;
            }
            return (Spelled::new(before) != Spelled::new(after)).then_some(false);
        };
        let counts = |text: &str| -> Vec<usize> {
            let forms = signature::forms(text).filter(|form| form.is_method());
            forms.map(|form| form.arguments().len()).collect()
        };
        if !counts(before).contains(&given) {
            return None;
        }
        if !counts(after).contains(&given) {
            return Some(true);
        }
        // What is no longer a `Result` or future cannot be taken apart as one.
        let outputs = |text: &str| -> Vec<String> {
            signature::forms(text)
                .map(|form| form.output.to_owned())
                .collect()
        };
        let is = |texts: &[String], word: &str| texts.iter().any(|text| text.contains(word));
        let (was, now) = (outputs(before), outputs(after));
        let taken_apart = match member.then {
            Then::Try => is(&was, "Result") && !is(&now, "Result"),
            Then::Await => is(&was, "Future") && !is(&now, "Future"),
            Then::Member | Then::Other => false,
        };
        if taken_apart {
            return Some(true);
        }
        // What is asked of the result is looked at by itself.
        if member.then == Then::Member && gives_else(before, after) {
            return None;
        }
        differs(before, after).then_some(false)
    }
}
