//! The public items of the crates that a package uses, on the line it leaves and the one it goes to.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use crate::rules::public_api::{Change, CrateApi, Item, ItemKind, PublicApi, What};
use crate::skew::Line;

use super::signature::{Spelled, SpelledHead};

/// A type or trait of the family, by its crate's place in the surface.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner {
    pub krate: usize,
    pub path: String,
}

/// What changes for the package.
pub struct Surface<'a> {
    /// The crates that the package depends on come first.
    crates: Vec<&'a CrateApi>,
    /// How many those are.
    used: usize,
    by_extern: BTreeMap<String, usize>,
    pub from: Line,
    pub to: Line,
    changes: RefCell<HashMap<Owner, Rc<[Change]>>>,
    /// Types and traits of the line that is left, by name.
    types: HashMap<&'a str, Vec<(usize, &'a Item)>>,
    traits: RefCell<HashMap<Owner, Rc<[Owner]>>>,
    reached: RefCell<HashMap<Owner, Rc<[Owner]>>>,
    named: RefCell<HashMap<String, Members<'a>>>,
}

/// Members of one name, with the places of their crates.
type Members<'a> = Rc<[(usize, &'a Item)]>;

impl<'a> Surface<'a> {
    /// `names` are the names of crates as the package's code spells them, with their packages.
    pub fn new(api: &'a PublicApi, names: &BTreeMap<String, String>, from: Line, to: Line) -> Self {
        let mut crates: Vec<&CrateApi> = Vec::new();
        let mut by_extern = BTreeMap::new();
        for (name, package) in names {
            let Some(krate) = api.krate(package) else {
                continue;
            };
            let known = crates.iter().position(|other| other.name == krate.name);
            let at = known.unwrap_or(crates.len());
            if known.is_none() {
                crates.push(krate);
            }
            by_extern.insert(name.clone(), at);
        }
        let used = crates.len();
        for krate in api.crates() {
            if crates.iter().all(|other| other.name != krate.name) {
                crates.push(krate);
            }
        }
        let mut types: HashMap<&str, Vec<(usize, &Item)>> = HashMap::new();
        for (at, krate) in crates.iter().enumerate() {
            for item in krate.items_on(from).filter(|item| is_type(item.kind)) {
                types.entry(item.name()).or_default().push((at, item));
            }
        }
        Surface {
            crates,
            used,
            by_extern,
            from,
            to,
            changes: RefCell::default(),
            types,
            traits: RefCell::default(),
            reached: RefCell::default(),
            named: RefCell::default(),
        }
    }

    /// The names by which the package's code knows crates of the family.
    pub fn externs(&self) -> impl Iterator<Item = &str> {
        self.by_extern.keys().map(String::as_str)
    }

    /// Of the crates that the package depends on, those of which one of the lines is not known.
    pub fn unknown(&self) -> impl Iterator<Item = &CrateApi> {
        let used = self.crates.iter().take(self.used).copied();
        used.filter(|krate| {
            let known = |line| krate.release(line).is_some();
            !known(self.from) || !(known(self.to) || krate.has_ended(self.to))
        })
    }

    pub fn number(&self, krate: &str) -> Option<usize> {
        self.by_extern.get(krate).copied()
    }

    pub fn krate(&self, at: usize) -> Option<&'a CrateApi> {
        self.crates.get(at).copied()
    }

    /// A full path as code of a dependant spells it.
    pub fn spelled(&self, krate: usize, path: &str) -> String {
        let name = self
            .krate(krate)
            .map(CrateApi::code_name)
            .unwrap_or_default();
        match path {
            "" => name,
            path => format!("{name}::{path}"),
        }
    }

    /// The item of a path on the line that is left.
    pub fn item(&self, krate: usize, path: &str) -> Option<&'a Item> {
        self.krate(krate)?.item(self.from, path)
    }

    pub fn changes(&self, krate: usize, path: &str) -> Rc<[Change]> {
        let key = Owner {
            krate,
            path: path.to_owned(),
        };
        if let Some(known) = self.changes.borrow().get(&key) {
            return Rc::clone(known);
        }
        let found = self
            .krate(krate)
            .map(|krate| krate.changes_at(path, self.from, self.to));
        let found: Rc<[Change]> = found.unwrap_or_default().into();
        self.changes.borrow_mut().insert(key, Rc::clone(&found));
        found
    }

    /// The change of an item that is gone.
    pub fn vanished(&self, krate: usize, path: &str) -> Option<Change> {
        let changes = self.changes(krate, path);
        let gone = changes
            .iter()
            .find(|change| matches!(change.what, What::Vanished { .. }));
        // Where something else of that name is left, the name can still be imported.
        gone.filter(|_| {
            changes
                .iter()
                .all(|change| matches!(change.what, What::Vanished { .. }))
        })
        .filter(|_| {
            !self
                .krate(krate)
                .is_some_and(|krate| stays(krate, path, self.to))
        })
        .cloned()
    }

    /// Signature of an item on the line that is left.
    pub fn signature(&self, krate: usize, path: &str) -> Option<&'a str> {
        let item = self.item(krate, path)?;
        Some(&item.at(self.from)?.signature)
    }

    /// Signature on the line to reach, at a full path.
    pub fn signature_there(&self, full_path: &str) -> Option<&'a str> {
        let (krate, path) = full_path.split_once("::")?;
        let krate = self.crates.iter().find(|one| one.code_name() == krate)?;
        Some(&krate.item(self.to, path)?.at(self.to)?.signature)
    }

    /// Whether implementations have to write an item on the line that is left.
    pub fn is_required(&self, krate: usize, path: &str) -> bool {
        let item = self.item(krate, path);
        item.and_then(|item| item.at(self.from))
            .is_some_and(|form| form.required)
    }

    /// Members of a trait on the line to reach that implementations have to write.
    pub fn required_there(&self, full_path: &str) -> Vec<&'a str> {
        let children = self.children_there(full_path).into_iter();
        children
            .filter(|item| item.at(self.to).is_some_and(|form| form.required))
            .map(Item::name)
            .collect()
    }

    /// What stands below a full path on the line to reach.
    pub fn children_there(&self, full_path: &str) -> Vec<&'a Item> {
        let Some((krate, path)) = full_path.split_once("::") else {
            return Vec::new();
        };
        let krate = self.crates.iter().find(|one| one.code_name() == krate);
        krate
            .into_iter()
            .flat_map(|krate| krate.children(self.to, path))
            .collect()
    }

    /// The type or trait that a signature of this crate calls by a name: one near the item before
    /// others. Aliases are followed by the caller.
    pub fn named(&self, name: &str, krate: usize, near: &str) -> Option<(usize, &'a Item)> {
        let candidates = self.types.get(name)?;
        let common = |path: &str| {
            let parts = near.split("::").zip(path.split("::"));
            parts.take_while(|(one, other)| one == other).count()
        };
        let best = candidates
            .iter()
            .max_by_key(|(at, item)| {
                let real = item.kind != ItemKind::Reexport;
                (
                    *at == krate,
                    real,
                    common(&item.path),
                    std::cmp::Reverse(item.path.len()),
                )
            })
            .copied()?;
        // Of a crate beside it only where none else has the name.
        let others = candidates.iter().filter(|(at, _)| *at != krate);
        (best.0 == krate || others.map(|(at, _)| at).collect::<BTreeSet<_>>().len() == 1)
            .then_some(best)
    }

    /// What an alias stands for.
    pub fn alias(&self, krate: usize, item: &Item) -> Option<Spelled> {
        match item.kind {
            ItemKind::TypeAlias => {
                let signature = &item.at(self.from)?.signature;
                let target = signature
                    .split_once("= ")
                    .map_or(signature.as_str(), |(_, target)| target);
                Some(Spelled::new(target))
            }
            ItemKind::Reexport => {
                let signature = &item.at(self.from)?.signature;
                let name = signature.rsplit("::").next()?;
                let (_, real) = self.named(name, krate, &item.path)?;
                (real.path != item.path).then(|| Spelled {
                    heads: vec![SpelledHead {
                        name: name.to_owned(),
                        arguments: Vec::new(),
                    }],
                })
            }
            _ => None,
        }
    }

    /// The traits of the family that a type implements, or that a trait builds on.
    pub fn traits_of(&self, owner: &Owner) -> Rc<[Owner]> {
        if let Some(known) = self.traits.borrow().get(owner) {
            return Rc::clone(known);
        }
        let krate = self.krate(owner.krate);
        let children = krate
            .into_iter()
            .flat_map(|krate| krate.children(self.from, &owner.path));
        let mut found: Vec<Owner> = Vec::new();
        for item in children.filter(|item| item.kind == ItemKind::Implementation) {
            let text = item.name().trim_start_matches('<');
            let name = text.split(['<', '>']).next().unwrap_or_default();
            let name = name.rsplit("::").next().unwrap_or_default();
            if let Some((krate, item)) = self.named(name, owner.krate, &owner.path)
                && item.kind == ItemKind::Trait
            {
                found.push(Owner {
                    krate,
                    path: item.path.clone(),
                });
            }
        }
        let found: Rc<[Owner]> = found.into();
        self.traits
            .borrow_mut()
            .insert(owner.clone(), Rc::clone(&found));
        found
    }

    /// What is got from a type by its methods and fields.
    pub fn reached(&self, owner: &Owner) -> Rc<[Owner]> {
        if let Some(known) = self.reached.borrow().get(owner) {
            return Rc::clone(known);
        }
        let found: Rc<[Owner]> = super::reach::Reach::from(owner, self).into();
        self.reached
            .borrow_mut()
            .insert(owner.clone(), Rc::clone(&found));
        found
    }

    /// Members of that name that change, of any type or trait of the crates that the package depends
    /// on.
    pub(super) fn changing(&self, name: &str) -> Members<'a> {
        if let Some(known) = self.named.borrow().get(name) {
            return Rc::clone(known);
        }
        let used = self.crates.iter().enumerate().take(self.used);
        let all = used.flat_map(|(at, krate)| {
            let named = krate.members_named(self.from, name);
            named.map(move |item| (at, item))
        });
        let found: Members<'a> = all
            .filter(|(krate, item)| !self.changes(*krate, &item.path).is_empty())
            .collect();
        self.named
            .borrow_mut()
            .insert(name.to_owned(), Rc::clone(&found));
        found
    }

    pub fn children(&self, owner: &Owner) -> impl Iterator<Item = &'a Item> {
        let krate = self.krate(owner.krate);
        let from = self.from;
        let path = owner.path.clone();
        krate
            .into_iter()
            .flat_map(move |krate| krate.children(from, &path).collect::<Vec<_>>())
    }
}

fn stays(krate: &CrateApi, path: &str, to: Line) -> bool {
    !krate.items(to, path).is_empty()
}

/// Whether values have such a type, or may be asked for its methods.
pub fn is_type(kind: ItemKind) -> bool {
    matches!(
        kind,
        ItemKind::Struct
            | ItemKind::Union
            | ItemKind::Enum
            | ItemKind::TypeAlias
            | ItemKind::Trait
            | ItemKind::Reexport
    )
}
