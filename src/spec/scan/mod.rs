//! Finds each use of an item that changes between two lines in the sources of a package, without
//! compiling it.
//!
//! Certain is what the text alone proves: a path that resolves to an item that is gone, an
//! implementation of a trait that has changed, a method of a value whose type can be read off. A
//! method call of which only the name speaks is probable, and is only reported where a value with such
//! a method can be in reach.

mod implementations;
mod members;
mod notes;
mod objects;
mod own;
mod paths;
mod reach;
pub mod signature;
mod steps;
mod surface;
mod types;
mod typing;
mod values;

#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use crate::rules::public_api::{Change, PublicApi};
use crate::rules::recipes::Recipes;
use crate::skew::Line;
use crate::source::detail::{DetailedFile, DetailedItem};
use crate::source::{Cfg, PackageSource, Place, TargetId};

pub use notes::{NoteKind, ScanNote};

/// A use of an item that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hit {
    pub place: Place,
    /// The target of the package that it is in; of several, the first.
    pub target: String,
    /// In public spelling: `a_crate::module::Item`.
    pub item: String,
    pub how: How,
    pub change: Change,
    /// Recipes that speak of it, by id.
    pub recipes: Vec<String>,
    pub certain: bool,
    /// Under which condition the code is compiled.
    #[serde(serialize_with = "as_text")]
    pub cfg: Arc<Cfg>,
}

/// How code uses an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    Import,
    Path,
    /// `impl Trait for Type`, or something that it defines.
    Implementation,
    /// A method called by its name.
    Method,
    /// A field of a value, a struct literal or a pattern.
    Field,
}

fn as_text<S: serde::Serializer>(cfg: &Arc<Cfg>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(cfg)
}

/// What was found in a package.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Scan {
    /// By place; no two of one item at one place.
    pub hits: Vec<Hit>,
    /// Files of all targets.
    pub files: usize,
    pub lines: usize,
    /// What may have kept something from being found.
    pub notes: Vec<ScanNote>,
}

/// Looks through all targets of a package. `names` are the names of the family's crates as its code
/// spells them, each with the package that it stands for.
pub fn scan(
    source: &PackageSource,
    names: &BTreeMap<String, String>,
    api: &PublicApi,
    recipes: &Recipes,
    from: Line,
    to: Line,
) -> Scan {
    let surface = surface::Surface::new(api, names, from, to);
    let mentioning: Vec<&str> = surface.externs().collect();
    let mut scan = Scan::default();
    let mut lines: BTreeMap<Arc<camino::Utf8Path>, usize> = BTreeMap::new();
    let mut noted = notes::Notes::default();
    let targets: Vec<(TargetId, String)> = source
        .targets()
        .map(|(id, root)| (id, root.name.clone()))
        .collect();
    for (id, name) in targets {
        lines.extend(source.lines(id));
        let files = source.detailed(id, &mentioning);
        noted.of_files(&files, &surface);
        let own = own::Own::new(&files);
        for file in &files {
            let finder = Finder {
                surface: &surface,
                own: &own,
                file,
                reach: OnceCell::new(),
                target: &name,
            };
            scan.hits.extend(finder.hits());
        }
    }
    scan.files = lines.len();
    scan.lines = lines.values().sum();
    scan.notes = noted.finish(source, &surface);
    finish(&mut scan.hits, recipes, from, to);
    scan
}

/// Sorts, leaves out what several targets share, and looks for recipes.
fn finish(hits: &mut Vec<Hit>, recipes: &Recipes, from: Line, to: Line) {
    hits.sort_by(|one, other| {
        (&one.place, &one.item, !one.certain).cmp(&(&other.place, &other.item, !other.certain))
    });
    hits.dedup_by(|next, kept| next.place == kept.place && next.item == kept.item);
    // A guess adds nothing where something is certain.
    let sure: BTreeSet<Place> = hits
        .iter()
        .filter(|hit| hit.certain)
        .map(|hit| hit.place.clone())
        .collect();
    hits.retain(|hit| hit.certain || !sure.contains(&hit.place));
    for hit in hits {
        let change = &hit.change;
        let mut found: Vec<String> = recipes
            .for_item(&change.krate, &change.path, from, to)
            .into_iter()
            .map(|recipe| recipe.id.clone())
            .collect();
        if hit.how == How::Method {
            let name = change.path.rsplit("::").next().unwrap_or_default();
            let by_name = recipes.for_method(name, from, to);
            found.extend(by_name.into_iter().map(|recipe| recipe.id.clone()));
        }
        let mut seen = BTreeSet::new();
        found.retain(|id| seen.insert(id.clone()));
        hit.recipes = found;
    }
}

/// Looks through a file of a target.
struct Finder<'f, 'a> {
    surface: &'f surface::Surface<'a>,
    own: &'f own::Own<'f>,
    file: &'f DetailedFile,
    /// Worked out where it is asked for.
    reach: OnceCell<reach::Reach>,
    target: &'f str,
}

/// What a hit has beside its change.
struct At<'h> {
    place: &'h Place,
    cfg: &'h Arc<Cfg>,
    how: How,
    certain: bool,
}

impl Finder<'_, '_> {
    fn hits(&self) -> Vec<Hit> {
        let mut hits = Vec::new();
        for item in &self.file.items {
            self.item(item, &mut hits);
        }
        hits
    }

    /// Whether the file can have a value of that type.
    fn reaches(&self, owner: &surface::Owner) -> bool {
        let reach = || reach::Reach::new(self.file, self.own, self.surface);
        self.reach.get_or_init(reach).has(owner)
    }

    fn item(&self, item: &DetailedItem, hits: &mut Vec<Hit>) {
        for found in &item.uses {
            self.path(found, hits);
            self.literal(found, hits);
            self.object(found, hits);
        }
        for found in &item.matches {
            self.leaves_out(found, hits);
        }
        for member in &item.members {
            self.member(item, member, hits);
        }
        if let Some(implements) = &item.implements {
            self.implementation(item, implements, hits);
        }
    }

    fn hit(&self, change: Change, at: At<'_>) -> Hit {
        Hit {
            place: at.place.clone(),
            target: self.target.to_owned(),
            item: change.full_path(),
            how: at.how,
            change,
            recipes: Vec::new(),
            certain: at.certain,
            cfg: Arc::clone(at.cfg),
        }
    }
}
