//! The public items of a family's crates, line by line, and what changes between two lines.
//!
//! The data stands in `rules/FAMILY/public-api/CRATE.txt`, written by the maintainer's command
//! `cargo run --example public-api` from rustdoc of the published releases, one release for each
//! line. Reading it takes a while, so nothing but [`PublicApi::shipped`] does.

mod change;
mod data;
mod features;
mod item;
mod moved;
mod shipped;
#[cfg(test)]
mod tests;
pub mod text;

use std::collections::BTreeSet;
use std::sync::Arc;

use semver::Version;

use crate::skew::Line;

use super::Mistake;

pub use change::{Change, What};
pub use data::{CrateData, Items, ReleaseRead};
pub use item::{Form, Item, ItemKind, Namespace, Span};
pub(super) use shipped::files;

/// The public items of one family's crates.
#[derive(Debug, Clone, Default)]
pub struct PublicApi {
    crates: Vec<CrateApi>,
}

/// All crates by name.
#[derive(Debug, Default)]
struct Known {
    crates: Vec<(String, CrateData)>,
    /// The newest line of any.
    newest: Option<Line>,
}

/// The public items of one crate, among those of its family.
#[derive(Debug, Clone)]
pub struct CrateApi {
    /// The package.
    pub name: String,
    known: Arc<Known>,
    number: usize,
}

impl PublicApi {
    /// What comes with the program for a family, read at the first call; empty where nothing does.
    pub fn shipped(family: &str) -> &'static PublicApi {
        shipped::of(family)
    }

    /// Reads files, each a path that ends in `CRATE.txt` and the text.
    pub fn read<'f>(
        files: impl IntoIterator<Item = (&'f str, &'f str)>,
        mistakes: &mut Vec<Mistake>,
    ) -> Self {
        let read = files.into_iter().map(|(path, content)| {
            let name = path.rsplit('/').next().unwrap_or(path);
            let name = name.strip_suffix(".txt").unwrap_or(name).to_owned();
            (name, text::read(path, content, mistakes))
        });
        Self::of_crates(read.collect())
    }

    fn of_crates(crates: Vec<(String, CrateData)>) -> Self {
        let newest = crates
            .iter()
            .filter_map(|(_, data)| data.releases.keys().max());
        let newest = newest.max().copied();
        let known = Arc::new(Known { crates, newest });
        let crates = known
            .crates
            .iter()
            .enumerate()
            .map(|(number, (name, _))| CrateApi {
                name: name.clone(),
                known: Arc::clone(&known),
                number,
            });
        PublicApi {
            crates: crates.collect(),
        }
    }

    /// The crate of that name, in the spelling of the package or of code.
    pub fn krate(&self, name: &str) -> Option<&CrateApi> {
        let exact = self.crates.iter().find(|one| one.name == name);
        exact.or_else(|| self.crates.iter().find(|one| is_code_name(&one.name, name)))
    }

    pub fn crates(&self) -> impl Iterator<Item = &CrateApi> {
        self.crates.iter()
    }

    /// The lines of which something is known, from old to new.
    pub fn lines(&self) -> BTreeSet<Line> {
        let releases = self
            .crates
            .iter()
            .flat_map(|one| one.data().releases.keys());
        releases.copied().collect()
    }

    /// The crate and the path in it that a full path names, as code spells it: `the_crate::module::Item`.
    pub fn locate<'p>(&self, full_path: &'p str) -> Option<(&CrateApi, &'p str)> {
        let (krate, path) = full_path.split_once("::").unwrap_or((full_path, ""));
        Some((self.krate(krate)?, path))
    }

    /// The items of a full path on a line, of all kinds.
    pub fn items(&self, line: Line, full_path: &str) -> Vec<&Item> {
        let located = self.locate(full_path);
        located.map_or_else(Vec::new, |(krate, path)| krate.items(line, path))
    }
}

impl CrateApi {
    fn data(&self) -> &CrateData {
        &self.known.crates[self.number].1
    }

    /// The name by which code speaks of it.
    pub fn code_name(&self) -> String {
        self.name.replace('-', "_")
    }

    /// The release that was read for a line.
    pub fn release(&self, line: Line) -> Option<&Version> {
        let release = self.data().releases.get(&line)?;
        release.unread.is_none().then_some(&release.version)
    }

    /// Releases by line, unread ones included.
    pub fn releases(&self) -> impl Iterator<Item = (Line, &ReleaseRead)> {
        self.data()
            .releases
            .iter()
            .map(|(line, release)| (*line, release))
    }

    /// Whether the crate has no release of that line nor of a newer one, though others have.
    pub fn has_ended(&self, line: Line) -> bool {
        self.data().has_ended(line) && self.known.newest >= Some(line)
    }

    /// All that is there on any line, by path.
    pub fn all_items(&self) -> &[Item] {
        self.data().items()
    }

    /// What is there on a line, by path.
    pub fn items_on(&self, line: Line) -> impl Iterator<Item = &Item> {
        let data = self.data();
        let is_read = data.is_read(line);
        data.items()
            .iter()
            .filter(move |item| is_read && item.at(line).is_some())
    }

    /// The items of that path on a line: names of several kinds may stand in one path.
    pub fn items(&self, line: Line, path: &str) -> Vec<&Item> {
        if !self.data().is_read(line) {
            return Vec::new();
        }
        let items = self.data().at_path(path).iter();
        items.filter(|item| item.at(line).is_some()).collect()
    }

    /// The item of that path on a line; where there are several, a type comes before a value, and a
    /// value before a macro.
    pub fn item(&self, line: Line, path: &str) -> Option<&Item> {
        let rank = |item: &&Item| match item.kind.namespace() {
            Namespace::Types => 0,
            Namespace::Values => 1,
            Namespace::Macros => 2,
            Namespace::Fields => 3,
            Namespace::Implementations => 4,
        };
        self.items(line, path).into_iter().min_by_key(rank)
    }

    /// Methods, fields, variants and other members of that name of any type or trait.
    pub fn members_named(&self, line: Line, name: &str) -> impl Iterator<Item = &Item> {
        let is_read = self.data().is_read(line);
        let named = self.data().named(name);
        named.filter(move |item| is_read && item.kind.is_member() && item.at(line).is_some())
    }

    /// What stands right below a path on a line.
    pub fn children(&self, line: Line, path: &str) -> impl Iterator<Item = &Item> {
        let is_read = self.data().is_read(line);
        let below = self.data().below(path);
        below.filter(move |item| is_read && item.parent() == path && item.at(line).is_some())
    }

    /// The features that the items of a path are there for on a line, those of what they stand in
    /// first; all have to hold, each as in [`Form::features`]. Where a path has several items, those of
    /// the one that comes first.
    pub fn features(&self, line: Line, path: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut path = path;
        while !path.is_empty() {
            let form = self.item(line, path).and_then(|item| item.at(line));
            if let Some(form) = form.filter(|form| !form.features.is_empty()) {
                found.insert(0, form.features.as_str());
            }
            path = item::split(path).0;
        }
        found.dedup();
        found
    }

    /// Whether a path leads to something on a line with those features of the crate alone on; what they
    /// switch on in turn has to be among them.
    pub fn is_on(&self, line: Line, path: &str, is_on: &dyn Fn(&str) -> bool) -> bool {
        self.item(line, path).is_some()
            && (self.features(line, path).iter()).all(|condition| features::holds(condition, is_on))
    }

    /// Whether a path leads to something on a line where nobody says anything about features.
    pub fn is_on_by_default(&self, line: Line, path: &str) -> bool {
        let Some(release) = self.data().releases.get(&line) else {
            return false;
        };
        self.is_on(line, path, &|name| {
            release.default.iter().any(|one| one == name)
        })
    }

    /// What stays from one line to another, but for one who says nothing about features.
    pub fn no_longer_by_default(&self, from: Line, to: Line) -> impl Iterator<Item = &Item> {
        self.items_on(from).filter(move |item| {
            self.data().on(item, to).is_some()
                && !self.is_on_by_default(to, &item.path)
                && self.is_on_by_default(from, &item.path)
        })
    }

    /// The gravest change to what is in that path; none where nothing changes, where it is not there
    /// at `from`, or where the items of `to` are not known.
    pub fn change(&self, path: &str, from: Line, to: Line) -> Option<Change> {
        self.changes_at(path, from, to)
            .into_iter()
            .min_by(|a, b| a.what.cmp(&b.what))
    }

    /// All changes to what is in that path.
    pub fn changes_at(&self, path: &str, from: Line, to: Line) -> Vec<Change> {
        if !self.comparable(from, to) {
            return Vec::new();
        }
        let items = self.data().at_path(path).iter();
        items
            .flat_map(|item| self.changes_of(item, from, to))
            .collect()
    }

    /// All changes from one line to another, by path. Where the crate ends before `to`, everything
    /// vanishes; where it only skips that line, or could not be read, nothing is known.
    pub fn changes(&self, from: Line, to: Line) -> Vec<Change> {
        if !self.comparable(from, to) {
            return Vec::new();
        }
        let items = self.data().items().iter();
        items
            .flat_map(|item| self.changes_of(item, from, to))
            .collect()
    }

    /// What else changes for whoever follows what vanishes to the first place it moved to: a moved
    /// function may take something else there. Empty for other changes.
    pub fn changes_after_move(&self, change: &Change, from: Line, to: Line) -> Vec<What> {
        let What::Vanished { moved_to } = &change.what else {
            return Vec::new();
        };
        let items = self.data().at_path(&change.path).iter();
        let before = items
            .filter(|item| item.kind == change.kind)
            .find_map(|item| Some((item, self.data().on(item, from)?)));
        let place = moved_to.first().and_then(|place| {
            let (krate, path) = place.split_once("::")?;
            let krate = self
                .known
                .crates
                .iter()
                .position(|(name, _)| is_code_name(name, krate))?;
            let other = CrateApi {
                name: self.known.crates[krate].0.clone(),
                known: Arc::clone(&self.known),
                number: krate,
            };
            Some((other, path))
        });
        let (Some((item, before)), Some((other, path))) = (before, place) else {
            return Vec::new();
        };
        let items = other.data().at_path(path).iter();
        let after = items
            .filter(|one| one.kind == change.kind)
            .find_map(|one| Some((one, other.data().on(one, to)?)));
        after.map_or_else(Vec::new, |(after_item, after)| {
            let members = (self.members(item, from), other.members(after_item, to));
            change::compare(item, (before, after), (&members.0, &members.1))
        })
    }

    /// The names of what stands right below an item on a line.
    fn members(&self, item: &Item, line: Line) -> change::Names {
        let below = self.children(line, &item.path);
        let members = below.filter(|one| one.kind.is_member());
        members
            .map(|one| {
                let required = one.at(line).is_some_and(|form| form.required);
                (one.kind, one.name().to_owned(), required)
            })
            .collect()
    }

    fn comparable(&self, from: Line, to: Line) -> bool {
        let data = self.data();
        data.is_read(from) && (data.is_read(to) || self.has_ended(to))
    }

    fn changes_of(&self, item: &Item, from: Line, to: Line) -> Vec<Change> {
        let Some(before) = self.data().on(item, from) else {
            return Vec::new();
        };
        let change = |within, what| Change {
            krate: self.name.clone(),
            path: item.path.clone(),
            kind: item.kind,
            within,
            what,
        };
        let Some(after) = self.data().on(item, to) else {
            if let Some(after) = self.successor_in_place(item, from, to) {
                return vec![change(None, What::Kind { after })];
            }
            let within = self.vanished_above(item, from, to);
            let moved_to = moved::moved_to(&self.known, self.number, item, (from, to));
            return vec![change(within, What::Vanished { moved_to })];
        };
        if before == after && !has_members(item.kind) {
            return Vec::new();
        }
        let members = (self.members(item, from), self.members(item, to));
        let found = change::compare(item, (before, after), (&members.0, &members.1));
        found.into_iter().map(|what| change(None, what)).collect()
    }

    /// What has newly come into the path of an item that is gone.
    fn successor_in_place(&self, item: &Item, from: Line, to: Line) -> Option<ItemKind> {
        let others = self.data().at_path(&item.path).iter();
        let new = others
            .filter(|one| self.data().on(one, to).is_some() && self.data().on(one, from).is_none());
        new.map(|one| one.kind).find(|kind| *kind != item.kind)
    }

    /// The outermost item above one that vanishes too.
    fn vanished_above(&self, item: &Item, from: Line, to: Line) -> Option<String> {
        let mut outermost = None;
        let mut path = item.parent();
        while !path.is_empty() {
            let items = self.data().at_path(path);
            let was = items.iter().any(|one| self.data().on(one, from).is_some());
            let is = items.iter().any(|one| self.data().on(one, to).is_some());
            if was && !is {
                outermost = Some(path.to_owned());
            }
            path = item::split(path).0;
        }
        outermost
    }
}

fn has_members(kind: ItemKind) -> bool {
    matches!(
        kind,
        ItemKind::Trait | ItemKind::Struct | ItemKind::Union | ItemKind::Variant | ItemKind::Enum
    )
}

/// Whether code speaks of a package by that name.
fn is_code_name(package: &str, code: &str) -> bool {
    package == code || package.replace('-', "_") == code
}
