//! What type a value has, as far as the text and the public items tell.

use std::sync::Arc;

use crate::source::OWN;
use crate::source::detail::{DetailedItem, Origin, Root, Step, Written};

use super::Finder;
use super::signature::{Spelled, SpelledHead};
use super::surface::{Owner, is_type};
use super::types::{Kind, Named, Type};

/// Aliases of aliases beyond this are not followed.
pub(super) const DEPTH: usize = 8;

impl Finder<'_, '_> {
    /// The type of what an origin describes, inside an item.
    pub(super) fn type_of(&self, origin: &Origin, item: &DetailedItem) -> Type {
        let mut found = self.root(&origin.root, item);
        for step in &origin.steps {
            found = match step {
                Step::Cast(written) => Type::other("Option", vec![self.written(written, item)]),
                _ if found.is_unknown() => found,
                _ => self.step(&found, step),
            };
        }
        found
    }

    fn root(&self, root: &Root, item: &DetailedItem) -> Type {
        match root {
            Root::Unknown => Type::default(),
            Root::Plain => Type::other("str", Vec::new()),
            Root::Own => self.own_type(item),
            Root::Typed(written) => self.written(written, item),
            Root::Path {
                meanings, called, ..
            } => {
                let found = meanings.iter().map(|meant| self.value(meant, *called));
                found
                    .into_iter()
                    .find(|found| !found.is_unknown())
                    .unwrap_or_default()
            }
            Root::Named { name, of } => {
                let inner = || vec![self.type_of(of, item)];
                match &**name {
                    "Some" => Type::other("Option", inner()),
                    "Ok" => Type::other("Result", inner()),
                    "Arc::new" | "Box::new" | "Rc::new" | "Box::pin" | "Arc::clone"
                    | "Rc::clone" | "dbg" => self.type_of(of, item),
                    "Mutex::new" | "RwLock::new" | "RefCell::new" => Type::other("Mutex", inner()),
                    "vec" => Type::other("Vec", inner()),
                    "format" => Type::other("str", Vec::new()),
                    // A function of a type of the standard library gives nothing of the family.
                    name => match name.split_once("::") {
                        Some((owner, _)) if capital(owner) => Type::other(owner, Vec::new()),
                        _ => Type::default(),
                    },
                }
            }
        }
    }

    pub(super) fn own_type(&self, item: &DetailedItem) -> Type {
        let Some(own) = &item.item.self_type else {
            return Type::default();
        };
        self.of_path(&own.krate, &own.path)
    }

    pub(super) fn of_path(&self, krate: &str, path: &[Arc<str>]) -> Type {
        let what = match self.surface.number(krate) {
            Some(krate) => match self.item_type(krate, &path.join("::")) {
                Some(found) => return found,
                None => return Type::default(),
            },
            None if krate == OWN => Kind::Own(path.to_vec()),
            None => Kind::Other(path.last().map(|name| name.to_string()).unwrap_or_default()),
        };
        Type {
            heads: vec![Named {
                what,
                arguments: Vec::new(),
            }],
        }
    }

    /// The type that stands in a path of the family.
    pub(super) fn item_type(&self, krate: usize, path: &str) -> Option<Type> {
        let item = self.surface.item(krate, path)?;
        if !is_type(item.kind) {
            return None;
        }
        if let Some(alias) = self.surface.alias(krate, item) {
            return Some(self.spelled(&alias, krate, path, None, DEPTH));
        }
        Some(Type::family(Owner {
            krate,
            path: path.to_owned(),
        }))
    }

    /// A type as the package's code writes it.
    pub(super) fn written(&self, written: &Written, item: &DetailedItem) -> Type {
        let mut heads = Vec::new();
        for head in &written.heads {
            let arguments: Vec<Type> = head
                .arguments
                .iter()
                .map(|argument| self.written(argument, item))
                .collect();
            if head.meanings.is_empty() {
                if &*head.name == "Self" {
                    heads.extend(self.own_type(item).heads);
                    continue;
                }
                heads.push(Named {
                    what: Kind::Other(head.name.to_string()),
                    arguments,
                });
                continue;
            }
            for meant in &head.meanings {
                let mut found = self.of_path(&meant.krate, &meant.path);
                if let [
                    Named {
                        what: Kind::Own(path),
                        ..
                    },
                ] = found.heads.as_slice()
                    && let Some(alias) = self.own.get(path)
                {
                    found = self.written(&alias.gives, item);
                }
                for mut named in found.heads {
                    // An alias has arguments of its own.
                    if named.arguments.iter().all(Type::is_unknown) {
                        named.arguments.clone_from(&arguments);
                    }
                    heads.push(named);
                }
            }
        }
        Type { heads }
    }

    /// A type as a signature of the family spells it, near an item; `this` is what `Self` stands for.
    pub(super) fn spelled(
        &self,
        spelled: &Spelled,
        krate: usize,
        near: &str,
        this: Option<&Owner>,
        depth: usize,
    ) -> Type {
        let mut heads = Vec::new();
        for SpelledHead { name, arguments } in &spelled.heads {
            if depth == 0 || name.len() == 1 || name.is_empty() {
                continue;
            }
            let arguments: Vec<Type> = arguments
                .iter()
                .map(|argument| self.spelled(argument, krate, near, this, depth - 1))
                .collect();
            if name == "Self" {
                heads.extend(this.map(|this| Named {
                    what: Kind::Family(this.clone()),
                    arguments,
                }));
                continue;
            }
            match self.surface.named(name, krate, near) {
                Some((of, item)) if !standard(name) || of == krate => {
                    match self.surface.alias(of, item) {
                        Some(alias) => {
                            let mut found = self.spelled(&alias, of, &item.path, None, depth - 1);
                            for head in &mut found.heads {
                                if head.arguments.first().is_some_and(Type::is_unknown) {
                                    head.arguments.clone_from(&arguments);
                                }
                            }
                            heads.extend(found.heads);
                        }
                        None => heads.push(Named {
                            what: Kind::Family(Owner {
                                krate: of,
                                path: item.path.clone(),
                            }),
                            arguments,
                        }),
                    }
                }
                _ => heads.push(Named {
                    what: Kind::Other(name.clone()),
                    arguments,
                }),
            }
        }
        Type { heads }
    }
}

pub(super) fn capital(name: &str) -> bool {
    name.starts_with(|c: char| c.is_uppercase())
}

/// Names that every signature may mean by the standard library's types.
fn standard(name: &str) -> bool {
    [
        "Result", "Option", "Error", "Box", "Arc", "Vec", "String", "Duration",
    ]
    .contains(&name)
}
