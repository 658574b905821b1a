//! What type a value has, as far as the text and the public items tell.

use std::sync::Arc;

use crate::rules::public_api::{Item, ItemKind};
use crate::source::OWN;
use crate::source::detail::{DetailedItem, Meant, Origin, Root, Step, Written};

use super::Finder;
use super::signature::{self, Spelled, SpelledHead};
use super::surface::{Owner, is_type};

/// Aliases of aliases beyond this are not followed.
const DEPTH: usize = 8;

/// A type; several where a value is only known to implement several traits. Unknown where there is
/// none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Type {
    pub(super) heads: Vec<Named>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) what: Kind,
    pub(super) arguments: Vec<Type>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Family(Owner),
    /// Of this package.
    Own(Vec<Arc<str>>),
    /// Of some other crate.
    Other(String),
}

impl Type {
    fn other(name: &str, arguments: Vec<Type>) -> Type {
        Type {
            heads: vec![Named {
                what: Kind::Other(name.to_owned()),
                arguments,
            }],
        }
    }

    fn family(owner: Owner) -> Type {
        Type {
            heads: vec![Named {
                what: Kind::Family(owner),
                arguments: Vec::new(),
            }],
        }
    }

    pub(super) fn is_unknown(&self) -> bool {
        self.heads.is_empty()
    }

    /// The family's types and traits that it may be asked for, also behind pointers.
    pub(super) fn owners(&self) -> Vec<&Owner> {
        let mut found = Vec::new();
        for head in &self.heads {
            match &head.what {
                Kind::Family(owner) => found.push(owner),
                Kind::Other(name) if points(name) => {
                    found.extend(head.arguments.first().into_iter().flat_map(Type::owners));
                }
                Kind::Own(_) | Kind::Other(_) => {}
            }
        }
        found
    }

    /// Whether something in it is not known: a generic parameter, `Self::Type`.
    pub(super) fn is_vague(&self) -> bool {
        self.heads.is_empty()
            || self.heads.iter().any(|head| match &head.what {
                Kind::Other(name) if points(name) => {
                    head.arguments.first().is_none_or(Type::is_vague)
                }
                Kind::Family(_) | Kind::Own(_) | Kind::Other(_) => false,
            })
    }

    fn argument(&self, of: &[&str]) -> Option<Type> {
        self.heads.iter().find_map(|head| match &head.what {
            Kind::Other(name) if of.contains(&name.as_str()) => head.arguments.first().cloned(),
            Kind::Other(name) if points(name) => head.arguments.first()?.argument(of),
            Kind::Family(_) | Kind::Own(_) | Kind::Other(_) => None,
        })
    }
}

/// Whether a method of what is inside can be called on it.
fn points(name: &str) -> bool {
    ["Box", "Arc", "Rc", "Pin", "Cow", "Ref", "RefMut", "MutexGuard", "Lazy", "LazyLock"].contains(&name)
}

const LISTS: &[&str] = &[
    "Vec", "[]", "VecDeque", "Iterator", "IntoIterator", "HashSet", "BTreeSet", "Option", "Result", "Iter", "IntoIter",
];

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
            Root::Path { meanings, called, .. } => {
                let found = meanings.iter().map(|meant| self.value(meant, *called));
                found.into_iter().find(|found| !found.is_unknown()).unwrap_or_default()
            }
            Root::Named { name, of } => {
                let inner = || vec![self.type_of(of, item)];
                match &**name {
                    "Some" => Type::other("Option", inner()),
                    "Ok" => Type::other("Result", inner()),
                    "Arc::new" | "Box::new" | "Rc::new" | "Box::pin" | "Arc::clone" | "Rc::clone"
                    | "dbg" => self.type_of(of, item),
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

    fn own_type(&self, item: &DetailedItem) -> Type {
        let Some(own) = &item.item.self_type else {
            return Type::default();
        };
        self.of_path(&own.krate, &own.path)
    }

    fn of_path(&self, krate: &str, path: &[Arc<str>]) -> Type {
        let what = match self.surface.number(krate) {
            Some(krate) => match self.item_type(krate, &path.join("::")) {
                Some(found) => return found,
                None => return Type::default(),
            },
            None if krate == OWN => Kind::Own(path.to_vec()),
            None => Kind::Other(path.last().map(|name| name.to_string()).unwrap_or_default()),
        };
        Type {
            heads: vec![Named { what, arguments: Vec::new() }],
        }
    }

    /// The type that stands in a path of the family.
    fn item_type(&self, krate: usize, path: &str) -> Option<Type> {
        let item = self.surface.item(krate, path)?;
        if !is_type(item.kind) {
            return None;
        }
        if let Some(alias) = self.surface.alias(krate, item) {
            return Some(self.spelled(&alias, krate, path, None, DEPTH));
        }
        Some(Type::family(Owner { krate, path: path.to_owned() }))
    }

    /// A type as the package's code writes it.
    pub(super) fn written(&self, written: &Written, item: &DetailedItem) -> Type {
        let mut heads = Vec::new();
        for head in &written.heads {
            let arguments: Vec<Type> =
                head.arguments.iter().map(|argument| self.written(argument, item)).collect();
            if head.meanings.is_empty() {
                if &*head.name == "Self" {
                    heads.extend(self.own_type(item).heads);
                    continue;
                }
                heads.push(Named { what: Kind::Other(head.name.to_string()), arguments });
                continue;
            }
            for meant in &head.meanings {
                let mut found = self.of_path(&meant.krate, &meant.path);
                if let [Named { what: Kind::Own(path), .. }] = found.heads.as_slice()
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
    fn spelled(
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
                heads.extend(this.map(|this| Named { what: Kind::Family(this.clone()), arguments }));
                continue;
            }
            match self.surface.named(name, krate, near) {
                Some((of, item)) if !standard(name) || of == krate => match self.surface.alias(of, item) {
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
                        what: Kind::Family(Owner { krate: of, path: item.path.clone() }),
                        arguments,
                    }),
                },
                _ => heads.push(Named { what: Kind::Other(name.clone()), arguments }),
            }
        }
        Type { heads }
    }

    /// What a path in an expression gives.
    fn value(&self, meant: &Meant, called: bool) -> Type {
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
        let parent = || Owner { krate, path: item.parent().to_owned() };
        match item.kind {
            ItemKind::Method if called => self.gives(krate, item, Some(&parent())),
            ItemKind::Function if called => self.gives(krate, item, None),
            ItemKind::Constant | ItemKind::Static | ItemKind::AssociatedConstant => {
                let signature = item.at(self.surface.from).map(|form| form.signature.as_str());
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
            return owner.map(|owner| Type::other(owner, Vec::new())).unwrap_or_default();
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
    fn written_alone(&self, written: &Written, path: &[Arc<str>]) -> Type {
        let mut found = Type::default();
        for head in &written.heads {
            if &*head.name == "Self" && head.meanings.is_empty() {
                let owner = path.split_last().map(|(_, owner)| owner).unwrap_or_default();
                found.heads.extend(self.of_path(OWN, owner).heads);
                continue;
            }
            let arguments: Vec<Type> =
                head.arguments.iter().map(|argument| self.written_alone(argument, path)).collect();
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

    /// What a function or method gives, `Self` being `this`.
    pub(super) fn gives(&self, krate: usize, item: &Item, this: Option<&Owner>) -> Type {
        let signature = item.at(self.surface.from).map(|form| form.signature.as_str());
        let outputs = signature::forms(signature.unwrap_or_default()).map(|form| {
            let spelled = Spelled::new(form.output);
            self.spelled(&spelled, krate, &item.path, this, DEPTH)
        });
        outputs.into_iter().find(|found| !found.is_unknown()).unwrap_or_default()
    }

    /// The member of a type or trait, or of a trait that it implements.
    pub(super) fn member_of(&self, owner: &Owner, name: &str) -> Option<(usize, &Item)> {
        let path = format!("{}::{name}", owner.path);
        if let Some(item) = self.surface.item(owner.krate, &path) {
            return Some((owner.krate, item));
        }
        self.surface.traits_of(owner).iter().find_map(|one| {
            let item = self.surface.item(one.krate, &format!("{}::{name}", one.path))?;
            Some((one.krate, item))
        })
    }

    fn step(&self, on: &Type, step: &Step) -> Type {
        match step {
            Step::Cast(_) => Type::default(),
            Step::Method(name) => self.method(on, name),
            Step::Field(name) => self.field(on, name),
            Step::Try => on.argument(&["Option", "Result", "Poll"]).unwrap_or_default(),
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
            | "borrow_mut" | "iter" | "iter_mut" | "into_iter" | "map_err" | "or_else" | "cloned"
            | "copied" | "take" | "or" | "filter" | "rev" | "skip" | "drain" | "deref" | "by_ref"
            | "into_inner" | "expect_err" | "inspect" | "chain" | "peekable" | "fuse" => on.clone(),
            "unwrap" | "expect" | "unwrap_or" | "unwrap_or_else" | "unwrap_or_default" => {
                on.argument(&["Option", "Result"]).unwrap_or_else(|| on.clone())
            }
            "ok" => Type::other("Option", on.argument(&["Result"]).into_iter().collect()),
            "next" | "first" | "last" | "get" | "get_mut" | "pop" | "find" => {
                Type::other("Option", on.argument(LISTS).into_iter().collect())
            }
            "lock" | "read" | "write" | "load" | "get_or_init" => {
                on.argument(&["Mutex", "RwLock", "RefCell", "OnceLock", "OnceCell", "ArcSwap"])
                    .unwrap_or_default()
            }
            _ => Type::default(),
        }
    }

    fn field(&self, on: &Type, name: &Arc<str>) -> Type {
        for owner in on.owners() {
            let path = format!("{}::{name}", owner.path);
            if let Some(signature) = self.surface.signature(owner.krate, &path) {
                return self.spelled(&Spelled::new(signature), owner.krate, &path, Some(owner), DEPTH);
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
                    found.extend(head.arguments.first().into_iter().flat_map(|inner| self.own_heads(inner)));
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
                let signature = item.at(self.surface.from).map(|form| form.signature.as_str());
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

fn capital(name: &str) -> bool {
    name.starts_with(|c: char| c.is_uppercase())
}

/// Names that every signature may mean by the standard library's types.
fn standard(name: &str) -> bool {
    ["Result", "Option", "Error", "Box", "Arc", "Vec", "String", "Duration"].contains(&name)
}
