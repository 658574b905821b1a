//! What type the value of a path has.

use std::sync::Arc;

use crate::rules::public_api::{Item, ItemKind};
use crate::source::OWN;
use crate::source::detail::{Meant, Written};

use super::Finder;
use super::signature::Spelled;
use super::surface::Owner;
use super::types::{Kind, Named, Type};
use super::typing::{DEPTH, capital};

impl Finder<'_, '_> {
    /// What a path in an expression gives.
    pub(super) fn value(&self, meant: &Meant, called: bool) -> Type {
        let Some(krate) = self.surface.number(&meant.krate) else {
            return self.own_value(meant, called);
        };
        let path = meant.path.join("::");
        if let Some(item) = self.surface.item(krate, &path) {
            return self.item_value(krate, item, called);
        }
        // A function of a type that is nowhere listed: what `derive` writes.
        let Some((owner, name)) = path.rsplit_once("::") else {
            return Type::default();
        };
        let own = self.item_type(krate, owner);
        match name {
            "default" | "clone" | "new" => own.unwrap_or_default(),
            _ => own
                .and_then(|own| {
                    let owner = own.owners().into_iter().next().cloned()?;
                    let (of, item) = self.member_of(&owner, name)?;
                    Some(self.gives(of, item, Some(&owner)))
                })
                .unwrap_or_default(),
        }
    }

    fn item_value(&self, krate: usize, item: &Item, called: bool) -> Type {
        let parent = || Owner {
            krate,
            path: item.parent().to_owned(),
        };
        match item.kind {
            ItemKind::Method if called => self.gives(krate, item, Some(&parent())),
            ItemKind::Function if called => self.gives(krate, item, None),
            ItemKind::Constant | ItemKind::Static | ItemKind::AssociatedConstant => {
                let signature = item
                    .at(self.surface.from)
                    .map(|form| form.signature.as_str());
                let spelled = Spelled::new(signature.unwrap_or_default());
                self.spelled(&spelled, krate, &item.path, Some(&parent()), DEPTH)
            }
            ItemKind::Variant => Type::family(parent()),
            ItemKind::Struct | ItemKind::Union => Type::family(Owner {
                krate,
                path: item.path.clone(),
            }),
            ItemKind::TypeAlias | ItemKind::Reexport => {
                self.item_type(krate, &item.path).unwrap_or_default()
            }
            ItemKind::Method
            | ItemKind::Function
            | ItemKind::Module
            | ItemKind::Enum
            | ItemKind::Field
            | ItemKind::AssociatedType
            | ItemKind::Trait
            | ItemKind::Macro
            | ItemKind::Implementation => Type::default(),
        }
    }

    fn own_value(&self, meant: &Meant, called: bool) -> Type {
        if &*meant.krate != OWN {
            // Of another crate: what a function of its types gives is hardly of the family.
            let mut types = meant.path.iter().rev().skip(usize::from(called));
            let owner = types.next().filter(|name| capital(name));
            return owner
                .map(|owner| Type::other(owner, Vec::new()))
                .unwrap_or_default();
        }
        if let Some(declared) = self.own.get(&meant.path)
            && declared.function == called
        {
            return self.written_alone(&declared.gives, &meant.path);
        }
        match meant.path.last() {
            Some(name) if capital(name) => self.of_path(OWN, &meant.path),
            _ => Type::default(),
        }
    }

    /// A type of one of the package's own items; `Self` is what it is declared in.
    pub(super) fn written_alone(&self, written: &Written, path: &[Arc<str>]) -> Type {
        let mut found = Type::default();
        for head in &written.heads {
            if &*head.name == "Self" && head.meanings.is_empty() {
                let owner = path
                    .split_last()
                    .map(|(_, owner)| owner)
                    .unwrap_or_default();
                found.heads.extend(self.of_path(OWN, owner).heads);
                continue;
            }
            let arguments: Vec<Type> = head
                .arguments
                .iter()
                .map(|argument| self.written_alone(argument, path))
                .collect();
            if head.meanings.is_empty() {
                found.heads.push(Named {
                    what: Kind::Other(head.name.to_string()),
                    arguments: arguments.clone(),
                });
            }
            for meant in &head.meanings {
                for mut named in self.of_path(&meant.krate, &meant.path).heads {
                    if named.arguments.iter().all(Type::is_unknown) {
                        named.arguments.clone_from(&arguments);
                    }
                    found.heads.push(named);
                }
            }
        }
        found
    }
}
