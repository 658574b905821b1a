//! Of which types of the family a file can have values.

use std::collections::BTreeSet;

use crate::rules::public_api::ItemKind;
use crate::source::OWN;
use crate::source::detail::{DetailedFile, Written};

use super::own::Own;
use super::signature::{self, Spelled};
use super::surface::{Owner, Surface};

/// How many steps from what a file names to what it gets out of it.
const STEPS: usize = 3;

/// The types and traits whose methods a file may call.
#[derive(Debug, Default)]
pub(super) struct Reach {
    owners: BTreeSet<Owner>,
}

impl Reach {
    pub(super) fn new(file: &DetailedFile, own: &Own<'_>, surface: &Surface<'_>) -> Reach {
        let mut reach = Reach::default();
        let mut fresh = Vec::new();
        for found in file.items.iter().flat_map(|item| &item.uses) {
            let reference = &found.reference;
            match surface.number(&reference.krate) {
                Some(krate) => {
                    let path = reference.path.join("::");
                    reach.add(krate, &path, surface, &mut fresh);
                }
                None if &*reference.krate == OWN => {
                    if let Some(declared) = own.get(&reference.path) {
                        reach.written(&declared.gives, surface, &mut fresh);
                    }
                }
                None => {}
            }
        }
        for declared in file.items.iter().flat_map(|item| &item.declares) {
            reach.written(&declared.gives, surface, &mut fresh);
        }
        for _ in 0..STEPS {
            let mut next = Vec::new();
            for owner in std::mem::take(&mut fresh) {
                for one in surface.reached(&owner).iter() {
                    reach.insert(one.clone(), &mut next);
                }
            }
            fresh = next;
        }
        reach
    }

    /// What is got from a type by its methods and fields.
    pub(super) fn from(owner: &Owner, surface: &Surface<'_>) -> Vec<Owner> {
        let mut found = Vec::new();
        Reach::default().members(owner, surface, &mut found);
        found
    }

    pub(super) fn has(&self, owner: &Owner) -> bool {
        self.owners.contains(owner)
    }

    fn written(&mut self, written: &Written, surface: &Surface<'_>, fresh: &mut Vec<Owner>) {
        for head in &written.heads {
            for meant in &head.meanings {
                if let Some(krate) = surface.number(&meant.krate) {
                    self.add(krate, &meant.path.join("::"), surface, fresh);
                }
            }
            for argument in &head.arguments {
                self.written(argument, surface, fresh);
            }
        }
    }

    /// What a path gives: the type itself, what a function returns, the type of a member.
    fn add(&mut self, krate: usize, path: &str, surface: &Surface<'_>, fresh: &mut Vec<Owner>) {
        let mut path = path.trim_end_matches("::*");
        // A function of a type stands for the type, too.
        while !path.is_empty() {
            let Some(item) = surface.item(krate, path) else {
                path = path.rsplit_once("::").map_or("", |(parent, _)| parent);
                continue;
            };
            match item.kind {
                ItemKind::Function | ItemKind::Method => self.outputs(krate, path, surface, fresh),
                ItemKind::Constant | ItemKind::Static => {
                    let signature = surface.signature(krate, path).unwrap_or_default();
                    self.spelled(&Spelled::new(signature), krate, path, surface, fresh);
                }
                ItemKind::TypeAlias | ItemKind::Reexport => {
                    if let Some(alias) = surface.alias(krate, item) {
                        self.spelled(&alias, krate, path, surface, fresh);
                    }
                }
                _ => {}
            }
            if super::surface::is_type(item.kind) {
                self.insert(
                    Owner {
                        krate,
                        path: path.to_owned(),
                    },
                    fresh,
                );
                break;
            }
            if !item.kind.is_member() {
                break;
            }
            path = item.parent();
        }
    }

    fn insert(&mut self, owner: Owner, fresh: &mut Vec<Owner>) {
        if self.owners.insert(owner.clone()) {
            fresh.push(owner);
        }
    }

    fn members(&mut self, owner: &Owner, surface: &Surface<'_>, fresh: &mut Vec<Owner>) {
        for item in surface.children(owner) {
            match item.kind {
                ItemKind::Method => self.outputs(owner.krate, &item.path, surface, fresh),
                ItemKind::Field => {
                    let signature = surface
                        .signature(owner.krate, &item.path)
                        .unwrap_or_default();
                    self.spelled(
                        &Spelled::new(signature),
                        owner.krate,
                        &item.path,
                        surface,
                        fresh,
                    );
                }
                _ => {}
            }
        }
        for one in surface.traits_of(owner).iter() {
            self.insert(one.clone(), fresh);
        }
    }

    fn outputs(&mut self, krate: usize, path: &str, surface: &Surface<'_>, fresh: &mut Vec<Owner>) {
        let signature = surface.signature(krate, path).unwrap_or_default();
        for form in signature::forms(signature) {
            self.spelled(&Spelled::new(form.output), krate, path, surface, fresh);
            if let Some(hands) = form.hands() {
                self.spelled(&hands, krate, path, surface, fresh);
            }
        }
    }

    fn spelled(
        &mut self,
        spelled: &Spelled,
        krate: usize,
        near: &str,
        surface: &Surface<'_>,
        fresh: &mut Vec<Owner>,
    ) {
        for head in &spelled.heads {
            if head.name.len() > 1
                && let Some((of, item)) = surface.named(&head.name, krate, near)
            {
                self.insert(
                    Owner {
                        krate: of,
                        path: item.path.clone(),
                    },
                    fresh,
                );
            }
            for argument in &head.arguments {
                self.spelled(argument, krate, near, surface, fresh);
            }
        }
    }
}
