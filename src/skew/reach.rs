//! Follows uses across packages: from items of a dependency that have an effect, to the items that
//! name them, and on through every dependant up to an artifact's own code.
//!
//! Names are followed, not calls: an item is reached when an item that is reached names it. That
//! finds too much rather than too little, except where a macro writes a name that the source never
//! spells.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use crate::source::{Item, ItemKind, OWN, Place, Position, Reference};

use super::code::CodeUnit;
use super::effects::CrateView;

/// How many re-exports a path may go through. Real crates need three or four.
const DEPTH: usize = 12;

/// Segments of a path inside a crate.
pub type Path = Vec<Arc<str>>;

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

/// What of a crate leads to the effect.
#[derive(Debug, Default, Clone)]
struct Handles {
    /// Items by their place in the crate: module path and name.
    items: BTreeSet<Path>,
    /// `macro_rules!`, which are in scope by their names alone.
    macros: BTreeSet<Arc<str>>,
}

impl Handles {
    fn is_empty(&self) -> bool {
        self.items.is_empty() && self.macros.is_empty()
    }

    /// Adds others; gives those that are new.
    fn absorb(&mut self, others: Handles) -> Handles {
        let items: BTreeSet<Path> = others.items.difference(&self.items).cloned().collect();
        let macros: BTreeSet<_> = others.macros.difference(&self.macros).cloned().collect();
        self.items.extend(items.iter().cloned());
        self.macros.extend(macros.iter().cloned());
        Handles { items, macros }
    }

    /// The last names, for finding files.
    fn names(&self) -> BTreeSet<String> {
        let items = self.items.iter().filter_map(|path| path.last());
        items
            .chain(&self.macros)
            .map(|name| name.to_string())
            .collect()
    }

    /// Whether a path in the crate names one, or something of one.
    fn named_by(&self, path: &[Arc<str>], item: &Item) -> bool {
        self.items.iter().any(|handle| match path.split_last() {
            Some((last, module)) if &**last == "*" => handle
                .split_last()
                .is_some_and(|(name, place)| place == module && item.identifiers.contains(name)),
            _ => path.starts_with(handle),
        }) || path.last().is_some_and(|name| self.macros.contains(name))
    }

    fn add(&mut self, item: &Item) {
        if item.kind == ItemKind::Macro {
            self.macros.insert(item.name.clone());
        }
        self.items.extend(definition(item));
    }
}

/// Everything from which some starting items can be reached.
#[derive(Default)]
pub struct Reach {
    handles: BTreeMap<CodeUnit, Handles>,
    /// Crates with an item that reaches the start.
    reached: BTreeSet<CodeUnit>,
    /// The first hop out of each crate reached.
    hops: BTreeMap<CodeUnit, Hop>,
}

impl Reach {
    /// Whether code of a crate has or reaches the effect.
    pub fn contains(&self, unit: &CodeUnit) -> bool {
        self.reached.contains(unit)
    }

    /// From a crate down to where the effect is. Empty where it is in that crate itself.
    pub fn chain(&self, from: &CodeUnit) -> Vec<Hop> {
        let mut chain: Vec<Hop> = Vec::new();
        let mut at = from;
        while let Some(hop) = self.hops.get(at).filter(|_| chain.len() <= self.hops.len()) {
            chain.push(hop.clone());
            at = &hop.to;
        }
        chain
    }

    /// Follows the uses of some items of one crate through an artifact's crates.
    pub fn follow(start: &CodeUnit, items: &[Arc<Item>], views: &[CrateView<'_>]) -> Self {
        let mut reach = Self::default();
        let map = Map::new(views);
        let Some(origin) = views.iter().position(|view| view.unit == *start) else {
            return reach;
        };
        let mut first = Handles::default();
        items.iter().for_each(|item| first.add(item));
        let mut queue = VecDeque::from([(origin, first)]);
        while let Some((at, fresh)) = queue.pop_front() {
            reach.reached.insert(views[at].unit.clone());
            let fresh = reach.widen(&views[at], fresh);
            if fresh.is_empty() || views[at].unit.root.is_some() {
                continue;
            }
            let target = views[at].unit.package;
            for (dependant, aliases) in map.naming(target) {
                let view = &views[dependant];
                let mut found = Handles::default();
                if reach.step(&map, at, &fresh, view, &aliases, &mut found) {
                    queue.push_back((dependant, found));
                }
            }
        }
        reach
    }

    /// Adds handles of one crate, and those of its own items that name them; gives the new ones.
    fn widen(&mut self, view: &CrateView<'_>, fresh: Handles) -> Handles {
        let known = self.handles.entry(view.unit.clone()).or_default();
        let mut new = known.absorb(fresh);
        let mut added = new.clone();
        while !new.is_empty() {
            let mut next = Handles::default();
            for item in view.items(&new.names()) {
                let own = item
                    .references
                    .iter()
                    .filter(|r| &*r.krate == OWN && !passes_on(r));
                let by_path = own.into_iter().any(|r| new.named_by(&r.path, &item));
                if by_path || !item.identifiers.is_disjoint(&new.macros) {
                    next.add(&item);
                }
            }
            new = known.absorb(next);
            added.absorb(new.clone());
        }
        added
    }

    /// Finds the items of a dependant that name one of the handles. Whether there are any.
    fn step(
        &mut self,
        map: &Map<'_, '_>,
        to: usize,
        fresh: &Handles,
        view: &CrateView<'_>,
        aliases: &BTreeSet<String>,
        found: &mut Handles,
    ) -> bool {
        let target = &map.views[to].unit;
        let mut any = false;
        for item in view.items(aliases) {
            for reference in item
                .references
                .iter()
                .filter(|r| aliases.contains(&*r.krate))
            {
                if passes_on(reference) || !map.names(view, reference, target, fresh, &item) {
                    continue;
                }
                any = true;
                found.add(&item);
                if view.unit != *target {
                    self.hops.entry(view.unit.clone()).or_insert_with(|| Hop {
                        unit: view.unit.clone(),
                        place: reference.place.clone(),
                        text: reference.to_string(),
                        to: target.clone(),
                    });
                }
            }
        }
        any
    }
}

/// An import or re-export uses nothing by itself: whoever uses it names what is behind it.
fn passes_on(reference: &Reference) -> bool {
    matches!(reference.position, Position::Import | Position::Reexport)
}

/// Where others find an item: its module path and name; for an implementation, its type's, or where
/// the type is another crate's, the trait's.
pub fn definition(item: &Item) -> Option<Path> {
    match item.kind {
        ItemKind::Use => None,
        ItemKind::Impl => {
            let own = item.self_type.as_ref().filter(|found| &*found.krate == OWN);
            let of_trait = || {
                let mut traits = item.references.iter();
                let found =
                    traits.find(|r| r.position == Position::ImplementedTrait && &*r.krate == OWN);
                found.map(|reference| reference.path.to_vec())
            };
            own.map(|found| found.path.to_vec()).or_else(of_trait)
        }
        ItemKind::Function
        | ItemKind::Type
        | ItemKind::Trait
        | ItemKind::Constant
        | ItemKind::Macro
        | ItemKind::Other => {
            let mut path = item.module.to_vec();
            path.push(item.name.clone());
            (!item.name.is_empty()).then_some(path)
        }
    }
}

/// Which crates know which, and what their paths mean.
pub struct Map<'v, 'a> {
    views: &'v [CrateView<'a>],
    libraries: BTreeMap<usize, usize>,
}

impl<'v, 'a> Map<'v, 'a> {
    pub fn new(views: &'v [CrateView<'a>]) -> Self {
        let libraries = views
            .iter()
            .enumerate()
            .filter(|(_, view)| view.unit.root.is_none())
            .map(|(at, view)| (view.unit.package, at))
            .collect();
        Self { views, libraries }
    }

    /// Crates that can name something of a package, with the names they know it by: those that
    /// depend on it, and those that depend on a crate which re-exports something of it.
    fn naming(&self, package: usize) -> BTreeMap<usize, BTreeSet<String>> {
        let mut naming: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        let mut carriers = vec![package];
        let mut at = 0;
        while at < carriers.len() {
            let carrier = carriers[at];
            at += 1;
            for (number, view) in self.views.iter().enumerate() {
                let aliases = view.externs.of(|known| known == carrier);
                if aliases.is_empty() || view.unit == CodeUnit::library(carrier) {
                    continue;
                }
                let library = view.unit.root.is_none() && !carriers.contains(&view.unit.package);
                if library && self.reexports(view, &aliases) {
                    carriers.push(view.unit.package);
                }
                naming.entry(number).or_default().extend(aliases);
            }
        }
        naming
    }

    fn reexports(&self, view: &CrateView<'_>, aliases: &BTreeSet<String>) -> bool {
        view.items(aliases)
            .iter()
            .flat_map(|item| &item.references)
            .any(|r| r.position == Position::Reexport && aliases.contains(&*r.krate))
    }

    /// Whether a reference ends up at one of the handles of a crate.
    fn names(
        &self,
        view: &CrateView<'_>,
        reference: &Reference,
        target: &CodeUnit,
        handles: &Handles,
        item: &Item,
    ) -> bool {
        let Some(package) = view.externs.get(&reference.krate) else {
            return false;
        };
        // What an attribute or derive macro writes is not in the source: it may use all of its
        // crate.
        if reference.position == Position::Attribute && package == target.package {
            return true;
        }
        let ends = self.ends(package, &reference.path);
        ends.iter()
            .any(|(end, path)| *end == target.package && handles.named_by(path, item))
    }

    /// Where a path into a package leads: the package at its end, and the path there.
    pub fn ends(&self, package: usize, path: &[Arc<str>]) -> Vec<(usize, Path)> {
        self.resolve(package, path, DEPTH)
    }

    fn resolve(&self, package: usize, path: &[Arc<str>], depth: usize) -> Vec<(usize, Path)> {
        let Some(view) = self.libraries.get(&package).map(|at| &self.views[*at]) else {
            return vec![(package, path.to_vec())];
        };
        let found = view.lookup(path);
        if found.is_empty() || depth == 0 {
            return vec![(package, path.to_vec())];
        }
        let mut ends = Vec::new();
        for resolved in found {
            if &*resolved.krate == OWN {
                ends.push((package, resolved.path.to_vec()));
            } else if let Some(behind) = view.externs.get(&resolved.krate) {
                ends.extend(self.resolve(behind, &resolved.path, depth - 1));
            }
        }
        ends
    }
}
