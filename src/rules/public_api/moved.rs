//! Where an item that has vanished is found now.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::skew::Line;

use super::Known;
use super::change::full_path;
use super::item::{Item, ItemKind};

/// More places than these are no help.
const MAX_PLACES: usize = 3;

/// How far up owners and down modules are followed.
const MAX_DEPTH: usize = 4;

/// A place where the item may have gone: a crate by its number, and the path there.
type Place<'a> = (usize, &'a str);

/// Full paths of the items that an item of one line is on another, the likeliest first.
pub(super) fn moved_to(
    known: &Known,
    krate: usize,
    item: &Item,
    (from, to): (Line, Line),
) -> Vec<String> {
    let search = Search {
        known,
        krate,
        from,
        to,
    };
    let places = search.places(item, 0);
    places
        .into_iter()
        .map(|(krate, path)| full_path(&known.crates[krate].0, path))
        .collect()
}

struct Search<'a> {
    known: &'a Known,
    krate: usize,
    from: Line,
    to: Line,
}

impl<'a> Search<'a> {
    fn places(&self, item: &Item, depth: usize) -> Vec<Place<'a>> {
        if item.kind == ItemKind::Module {
            return self.of_module(&item.path, depth);
        }
        if !item.kind.is_member() {
            return self.of_free(item);
        }
        if item.kind == ItemKind::Implementation {
            return Vec::new();
        }
        // A member goes with what it belongs to.
        let data = &self.known.crates[self.krate].1;
        let mut owners = data.at_path(item.parent()).iter();
        match owners.find(|owner| data.on(owner, self.from).is_some()) {
            Some(owner) if data.on(owner, self.to).is_none() && depth < MAX_DEPTH => {
                self.below(&self.places(owner, depth + 1), item)
            }
            _ => self.of_lonely_member(item),
        }
    }

    /// The same name and kind below one of the places.
    fn below(&self, owners: &[Place<'a>], item: &Item) -> Vec<Place<'a>> {
        let mut found = Vec::new();
        for (krate, owner) in owners {
            let path = format!("{owner}::{}", item.name());
            let data = &self.known.crates[*krate].1;
            let items = data.at_path(&path).iter();
            let same = items.filter(|one| one.kind == item.kind && data.on(one, self.to).is_some());
            found.extend(same.map(|one| (*krate, one.path.as_str())));
        }
        found
    }

    /// A member whose owner is still there: only where exactly one such name is new.
    fn of_lonely_member(&self, item: &Item) -> Vec<Place<'a>> {
        let data = &self.known.crates[self.krate].1;
        let new: Vec<Place<'a>> = data
            .named(item.name())
            .filter(|one| one.kind == item.kind)
            .filter(|one| data.on(one, self.to).is_some() && data.on(one, self.from).is_none())
            .map(|one| (self.krate, one.path.as_str()))
            .collect();
        if new.len() == 1 { new } else { Vec::new() }
    }

    /// An item of a module: the same name and kind elsewhere, what is new there before what has been
    /// there all along, a module of the same name before others, the same crate before others.
    fn of_free(&self, item: &Item) -> Vec<Place<'a>> {
        let was = words(&self.known.crates[self.krate].0, item.parent());
        let form = self.known.crates[self.krate].1.on(item, self.from);
        let mut ranked: BTreeMap<(bool, Reverse<usize>, bool, usize), Vec<Place<'a>>> =
            BTreeMap::new();
        for (number, (name, data)) in self.known.crates.iter().enumerate() {
            for one in data.named(item.name()) {
                if data.on(one, self.to).is_none() || !alike(item.kind, one.kind) {
                    continue;
                }
                let is_old = data.on(one, self.from).is_some();
                let common = common_end(&was, &words(name, one.parent()));
                // What has been in another crate all along may be a namesake.
                let twin = one.path == item.path && data.on(one, self.from) == form;
                let is_near = number == self.krate || common > 0 || twin;
                if is_old && !is_near {
                    continue;
                }
                let depth = one.path.matches("::").count();
                let rank = (is_old, Reverse(common), number != self.krate, depth);
                ranked
                    .entry(rank)
                    .or_default()
                    .push((number, one.path.as_str()));
            }
        }
        let best = ranked
            .keys()
            .next()
            .map(|(is_old, common, ..)| (*is_old, common.0));
        let of_rank = |least: usize| -> Vec<Place<'a>> {
            let good = |(is_old, common, ..): &(bool, Reverse<usize>, bool, usize)| {
                Some(*is_old) == best.map(|(is_old, _)| is_old) && common.0 >= least
            };
            let places = ranked.iter().filter(|(rank, _)| good(rank));
            places
                .flat_map(|(_, places)| places.iter().copied())
                .collect()
        };
        // Many are narrowed down to those that stand nearest.
        let places = [0, 1, best.map_or(0, |(_, common)| common)].map(of_rank);
        let few = places.into_iter().find(|places| places.len() <= MAX_PLACES);
        few.unwrap_or_default()
    }

    /// A module: where most of what stood right in it is now.
    fn of_module(&self, path: &str, depth: usize) -> Vec<Place<'a>> {
        if depth >= MAX_DEPTH {
            return Vec::new();
        }
        let data = &self.known.crates[self.krate].1;
        let mut votes: BTreeMap<Place<'a>, usize> = BTreeMap::new();
        let mut voters = 0;
        for item in data.below(path) {
            let is_child = item.parent() == path && !item.kind.is_member();
            if !is_child || data.on(item, self.from).is_none() {
                continue;
            }
            voters += 1;
            let places = self.places(item, depth + 1);
            for (krate, place) in places {
                let parent = place.rsplit_once("::").map_or("", |(parent, _)| parent);
                *votes.entry((krate, parent)).or_default() += 1;
            }
        }
        let most = votes
            .iter()
            .max_by_key(|(place, count)| (**count, Reverse(**place)));
        match most {
            Some((place, count)) if *count * 2 >= voters => vec![*place],
            _ => Vec::new(),
        }
    }
}

/// Whether one may stand for the other where it is named.
fn alike(before: ItemKind, after: ItemKind) -> bool {
    let of_types = |kind| {
        matches!(
            kind,
            ItemKind::Struct | ItemKind::Enum | ItemKind::Union | ItemKind::TypeAlias
        )
    };
    before == after || of_types(before) && of_types(after)
}

/// The words of a path of modules: those of `the_sdk::trace` and of `the::sdk::trace` are
/// the same.
fn words<'t>(krate: &'t str, parent: &'t str) -> Vec<&'t str> {
    let modules = parent.split("::").filter(|module| !module.is_empty());
    krate.split(['-', '_']).chain(modules).collect()
}

/// How many words at the end of two paths are the same.
fn common_end(one: &[&str], other: &[&str]) -> usize {
    let pairs = one.iter().rev().zip(other.iter().rev());
    pairs.take_while(|(a, b)| a == b).count()
}
