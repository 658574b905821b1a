//! What a method, a field or a `?` makes of a value.

use std::sync::Arc;

use crate::rules::public_api::Item;
use crate::source::detail::Step;

use super::Finder;
use super::signature::{self, Spelled};
use super::surface::Owner;
use super::types::{Kind, LISTS, Type, points};
use super::typing::DEPTH;

impl Finder<'_, '_> {
    /// What a function or method gives, `Self` being `this`.
    pub(super) fn gives(&self, krate: usize, item: &Item, this: Option<&Owner>) -> Type {
        let signature = item
            .at(self.surface.from)
            .map(|form| form.signature.as_str());
        let outputs = signature::forms(signature.unwrap_or_default()).map(|form| {
            let spelled = Spelled::new(form.output);
            self.spelled(&spelled, krate, &item.path, this, DEPTH)
        });
        outputs
            .into_iter()
            .find(|found| !found.is_unknown())
            .unwrap_or_default()
    }

    /// The member of a type or trait, or of a trait that it implements.
    pub(super) fn member_of(&self, owner: &Owner, name: &str) -> Option<(usize, &Item)> {
        let path = format!("{}::{name}", owner.path);
        if let Some(item) = self.surface.item(owner.krate, &path) {
            return Some((owner.krate, item));
        }
        self.surface.traits_of(owner).iter().find_map(|one| {
            let item = self
                .surface
                .item(one.krate, &format!("{}::{name}", one.path))?;
            Some((one.krate, item))
        })
    }

    pub(super) fn step(&self, on: &Type, step: &Step) -> Type {
        match step {
            Step::Cast(_) => Type::default(),
            Step::Method(name) => self.method(on, name),
            Step::Field(name) => self.field(on, name),
            Step::Try => on
                .argument(&["Option", "Result", "Poll"])
                .unwrap_or_default(),
            Step::Await => on
                .argument(&["BoxFuture", "Future"])
                .unwrap_or_else(|| on.clone()),
            Step::Element => on.argument(LISTS).unwrap_or_default(),
            Step::Handed(name) => self.handed(on, name),
        }
    }

    fn method(&self, on: &Type, name: &Arc<str>) -> Type {
        for owner in on.owners() {
            if let Some((krate, item)) = self.member_of(owner, name) {
                return self.gives(krate, item, Some(owner));
            }
        }
        for head in &on.heads {
            if let Kind::Own(path) = &head.what
                && let Some(declared) = self.own.member(path, name)
            {
                return self.written_alone(&declared.gives, &declared.path);
            }
        }
        match &**name {
            "clone" | "as_ref" | "as_mut" | "as_deref" | "as_deref_mut" | "to_owned" | "borrow"
            | "borrow_mut" | "iter" | "iter_mut" | "into_iter" | "map_err" | "or_else"
            | "cloned" | "copied" | "take" | "or" | "filter" | "rev" | "skip" | "drain"
            | "deref" | "by_ref" | "into_inner" | "expect_err" | "inspect" | "chain"
            | "peekable" | "fuse" => on.clone(),
            "unwrap" | "expect" | "unwrap_or" | "unwrap_or_else" | "unwrap_or_default" => on
                .argument(&["Option", "Result"])
                .unwrap_or_else(|| on.clone()),
            "ok" => Type::other("Option", on.argument(&["Result"]).into_iter().collect()),
            "next" | "first" | "last" | "get" | "get_mut" | "pop" | "find" => {
                Type::other("Option", on.argument(LISTS).into_iter().collect())
            }
            "lock" | "read" | "write" | "load" | "get_or_init" => on
                .argument(&[
                    "Mutex", "RwLock", "RefCell", "OnceLock", "OnceCell", "ArcSwap",
                ])
                .unwrap_or_default(),
            _ => Type::default(),
        }
    }

    fn field(&self, on: &Type, name: &Arc<str>) -> Type {
        for owner in on.owners() {
            let path = format!("{}::{name}", owner.path);
            if let Some(signature) = self.surface.signature(owner.krate, &path) {
                return self.spelled(
                    &Spelled::new(signature),
                    owner.krate,
                    &path,
                    Some(owner),
                    DEPTH,
                );
            }
        }
        self.own_heads(on)
            .iter()
            .find_map(|path| self.own.member(path, name))
            .map(|declared| self.written_alone(&declared.gives, &declared.path))
            .unwrap_or_default()
    }

    fn own_heads<'t>(&self, on: &'t Type) -> Vec<&'t [Arc<str>]> {
        let mut found = Vec::new();
        for head in &on.heads {
            match &head.what {
                Kind::Own(path) => found.push(path.as_slice()),
                Kind::Other(name) if points(name) => {
                    found.extend(
                        head.arguments
                            .first()
                            .into_iter()
                            .flat_map(|inner| self.own_heads(inner)),
                    );
                }
                Kind::Family(_) | Kind::Other(_) => {}
            }
        }
        found
    }

    /// What a method hands to a closure.
    fn handed(&self, on: &Type, name: &str) -> Type {
        for owner in on.owners() {
            if let Some((krate, item)) = self.member_of(owner, name) {
                let signature = item
                    .at(self.surface.from)
                    .map(|form| form.signature.as_str());
                let mut forms = signature::forms(signature.unwrap_or_default());
                let hands = forms.find_map(|form| form.hands());
                return hands
                    .map(|hands| self.spelled(&hands, krate, &item.path, Some(owner), DEPTH))
                    .unwrap_or_default();
            }
        }
        on.argument(LISTS).unwrap_or_default()
    }
}
