//! Follows uses across packages: from items of a dependency that have an effect, to the items that
//! name them, and on through every dependant up to an artifact's own code.
//!
//! Names are followed, not calls: an item is reached when an item that is reached names it. That
//! finds too much rather than too little, except where a macro writes a name that the source never
//! spells.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use crate::source::{Item, ItemKind, Place, Position, Reference};

use super::code::CodeUnit;
use super::effects::CrateView;

/// Function names that say nothing about whose function it is: they count with their module only.
const COMMON: [&str; 26] = [
    "new", "default", "from", "into", "build", "builder", "init", "run", "start", "stop", "get",
    "set", "with", "current", "create", "open", "close", "send", "call", "main", "setup", "layer",
    "handle", "connect", "spawn", "config",
];

/// An item by which an effect can be had.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Handle {
    name: String,
    /// The module it stands in.
    module: Option<String>,
    /// For a crate given on under this name: the crate. What follows the name is a path in it.
    through: Option<CodeUnit>,
}

/// One step from a crate's code to a dependency's.
#[derive(Debug, Clone)]
pub struct Hop {
    /// The crate whose code names the next one.
    pub unit: CodeUnit,
    pub place: Place,
    /// What stands there.
    pub text: String,
    /// The crate named.
    pub to: CodeUnit,
}

/// Everything from which some starting items can be reached.
#[derive(Default)]
pub struct Reach {
    handles: BTreeMap<CodeUnit, BTreeSet<Handle>>,
    /// The first hop out of each crate reached.
    hops: BTreeMap<CodeUnit, Hop>,
}

impl Reach {
    /// Whether code of a crate has or reaches the effect.
    pub fn contains(&self, unit: &CodeUnit) -> bool {
        self.handles.contains_key(unit)
    }

    /// From a crate down to where the effect is. Empty where it is in that crate itself.
    pub fn chain(&self, from: &CodeUnit) -> Vec<Hop> {
        let mut chain: Vec<Hop> = Vec::new();
        let mut at = from;
        while let Some(hop) = self.hops.get(at) {
            if chain.len() > self.hops.len() {
                break;
            }
            chain.push(hop.clone());
            at = &hop.to;
        }
        chain
    }

    /// Follows the uses of some items of one crate through an artifact's crates.
    pub fn follow(start: &CodeUnit, items: &[Arc<Item>], views: &[CrateView<'_>]) -> Self {
        let mut reach = Self::default();
        let Some(origin) = views.iter().position(|view| view.unit == *start) else {
            return reach;
        };
        let dependants = dependants(views);
        let first = items.iter().flat_map(|item| handles(item)).collect();
        let mut queue = VecDeque::from([(origin, first)]);
        while let Some((at, fresh)) = queue.pop_front() {
            let fresh: BTreeSet<Handle> = reach.widen(&views[at], fresh);
            if fresh.is_empty() {
                continue;
            }
            for &(dependant, ref alias) in &dependants[at] {
                let found = reach.step(&views[at].unit, &fresh, &views[dependant], alias);
                if !found.is_empty() {
                    queue.push_back((dependant, found));
                }
            }
        }
        reach
    }

    /// Adds handles of one crate, and those of its own items that name them; gives the new ones.
    fn widen(&mut self, view: &CrateView<'_>, fresh: BTreeSet<Handle>) -> BTreeSet<Handle> {
        let known = self.handles.entry(view.unit.clone()).or_default();
        let mut new: BTreeSet<Handle> = fresh.difference(known).cloned().collect();
        let mut added = new.clone();
        known.extend(new.iter().cloned());
        while !new.is_empty() {
            let names: BTreeSet<String> = new
                .iter()
                .filter(|handle| !COMMON.contains(&handle.name.as_str()))
                .map(|handle| handle.name.clone())
                .collect();
            let mut next = BTreeSet::new();
            for item in view.items(&names) {
                if !item.identifiers.is_disjoint(&names) {
                    next.extend(handles(&item));
                }
            }
            new = next.difference(known).cloned().collect();
            known.extend(new.iter().cloned());
            added.extend(new.iter().cloned());
        }
        added
    }

    /// Items of a dependant that name one of the handles.
    fn step(
        &mut self,
        to: &CodeUnit,
        fresh: &BTreeSet<Handle>,
        view: &CrateView<'_>,
        alias: &str,
    ) -> BTreeSet<Handle> {
        let mut found = BTreeSet::new();
        let mut imported = None;
        for item in view.items(&BTreeSet::from([alias.to_owned()])) {
            for reference in item.references.iter().filter(|r| r.krate == alias) {
                if !self.names_one(reference, &item, fresh) {
                    continue;
                }
                found.extend(exported(&item, reference, to, fresh));
                // A use says more than the import that makes it possible.
                match reference.position {
                    Position::Import | Position::Reexport => {
                        imported.get_or_insert_with(|| hop(view, reference, to));
                    }
                    Position::Taken
                    | Position::Given
                    | Position::ImplementedTrait
                    | Position::Attribute
                    | Position::Body => self.note(hop(view, reference, to)),
                }
            }
        }
        if let Some(hop) = imported.filter(|_| !found.is_empty()) {
            self.note(hop);
        }
        found
    }

    /// Keeps the first hop out of a crate.
    fn note(&mut self, hop: Hop) {
        self.hops.entry(hop.unit.clone()).or_insert(hop);
    }

    /// Whether a reference to a crate names one of its handles.
    fn names_one(&self, reference: &Reference, item: &Item, handles: &BTreeSet<Handle>) -> bool {
        // What an attribute or derive macro writes is not in the source: it may use all of its
        // crate.
        if reference.position == Position::Attribute {
            return true;
        }
        // The crate itself, given on under its name: its handles go on with it.
        if reference.path.is_empty() {
            return reference.position == Position::Reexport;
        }
        if reference.path.last().is_some_and(|last| last == "*") {
            return reference.position == Position::Reexport
                || handles.iter().any(|h| item.identifiers.contains(&h.name));
        }
        handles
            .iter()
            .any(|handle| self.matches(&reference.path, handle))
    }

    fn matches(&self, path: &[String], handle: &Handle) -> bool {
        let Some(at) = path.iter().position(|segment| *segment == handle.name) else {
            return false;
        };
        if let Some(crate_behind) = &handle.through {
            let rest = &path[at + 1..];
            let behind = self.handles.get(crate_behind);
            return behind
                .into_iter()
                .flatten()
                .any(|handle| self.matches(rest, handle));
        }
        if !COMMON.contains(&handle.name.as_str()) {
            return true;
        }
        let before = at.checked_sub(1).map(|at| path[at].as_str());
        before == handle.module.as_deref()
    }
}

fn hop(view: &CrateView<'_>, reference: &Reference, to: &CodeUnit) -> Hop {
    Hop {
        unit: view.unit.clone(),
        place: reference.place.clone(),
        text: text(reference),
        to: to.clone(),
    }
}

/// A reference as it reads when spelled out.
pub fn text(reference: &Reference) -> String {
    if reference.path.is_empty() {
        reference.krate.clone()
    } else {
        format!("{}::{}", reference.krate, reference.path.join("::"))
    }
}

/// For each crate, those that depend on it and the name under which they know it.
fn dependants(views: &[CrateView<'_>]) -> Vec<Vec<(usize, String)>> {
    let mut libraries = BTreeMap::new();
    for (at, view) in views.iter().enumerate() {
        if view.unit.root.is_none() {
            libraries.insert(view.unit.package, at);
        }
    }
    let mut dependants = vec![Vec::new(); views.len()];
    for (at, view) in views.iter().enumerate() {
        for (name, package) in view.externs.iter() {
            if let Some(&library) = libraries.get(&package)
                && library != at
            {
                dependants[library].push((at, name.to_owned()));
            }
        }
    }
    dependants
}

/// The names by which others get at an item.
fn handles(item: &Item) -> Vec<Handle> {
    let module = item.module.last().cloned();
    match item.kind {
        ItemKind::Use => item
            .references
            .iter()
            .filter(|reference| reference.position == Position::Reexport)
            .filter_map(|reference| reference.path.last().cloned())
            .filter(|name| name != "*")
            .map(|name| Handle {
                name,
                module: module.clone(),
                through: None,
            })
            .collect(),
        ItemKind::Function
        | ItemKind::Type
        | ItemKind::Trait
        | ItemKind::Impl
        | ItemKind::Constant
        | ItemKind::Macro
        | ItemKind::Other => {
            if item.name.is_empty() {
                Vec::new()
            } else {
                vec![Handle {
                    name: item.name.clone(),
                    module,
                    through: None,
                }]
            }
        }
    }
}

/// What becomes a handle where an item names one: a re-export the name it gives on, else the item.
fn exported(
    item: &Item,
    reference: &Reference,
    to: &CodeUnit,
    fresh: &BTreeSet<Handle>,
) -> Vec<Handle> {
    let module = item.module.last().cloned();
    match reference.position {
        Position::Reexport => match reference.path.last().map(String::as_str) {
            None => vec![Handle {
                name: reference.krate.clone(),
                module,
                through: Some(to.clone()),
            }],
            Some("*") => fresh
                .iter()
                .map(|handle| Handle {
                    module: module.clone(),
                    ..handle.clone()
                })
                .collect(),
            Some(name) => vec![Handle {
                name: name.to_owned(),
                module,
                through: None,
            }],
        },
        // An import by itself uses nothing; the items that use it are found by its name.
        Position::Import if item.kind == ItemKind::Use => Vec::new(),
        Position::Import
        | Position::Taken
        | Position::Given
        | Position::ImplementedTrait
        | Position::Attribute
        | Position::Body => handles(item),
    }
}
