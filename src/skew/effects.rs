//! What code does with the family's shared state: names in code, matched with the rules.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use crate::rules::{ApiPattern, Effect};
use crate::source::{Cfg, Holds, Item, Place, Position, Reference, Resolved};
use crate::workspace::Packages;

use super::artifact::LinkUnit;
use super::code::{Code, CodeUnit, Externs};
use super::family::FamilyGraph;

/// A place in code that has an effect.
#[derive(Debug, Clone)]
pub struct Site {
    pub effect: Effect,
    /// The package of the family that is named there.
    pub of: usize,
    pub place: Place,
    /// What stands there, as resolved: `krate::global::tracer`, or `.set_parent()`.
    pub text: String,
    pub item: Arc<Item>,
}

/// Effects found before: artifacts share most of their crates, and the same crate in the same build
/// has the same effects.
#[derive(Default)]
pub struct Known(Mutex<HashMap<Build, Arc<Vec<Site>>>>);

/// What the effects of a crate's code depend on.
type Build = (CodeUnit, BTreeSet<String>, Externs);

impl Known {
    /// The effects of a crate, looked for where they are not known yet.
    pub fn or_find(
        &self,
        view: &CrateView<'_>,
        find: impl FnOnce() -> Vec<Site>,
    ) -> Arc<Vec<Site>> {
        let key = (
            view.unit.clone(),
            view.features.clone(),
            view.externs.clone(),
        );
        let known = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .cloned();
        known.unwrap_or_else(|| {
            let found = Arc::new(find());
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            known.insert(key, found.clone());
            found
        })
    }
}

/// One crate of an artifact with what is needed to read it.
pub struct CrateView<'a> {
    pub unit: CodeUnit,
    pub externs: Externs,
    pub features: BTreeSet<String>,
    pub code: &'a dyn Code,
}

impl CrateView<'_> {
    /// Items that mention one of the names and exist in this build, tests left out.
    pub fn items(&self, mentioning: &BTreeSet<String>) -> Vec<Arc<Item>> {
        if mentioning.is_empty() {
            return Vec::new();
        }
        let items = self.code.items(&self.unit, mentioning);
        items
            .iter()
            .filter_map(|item| self.in_build(item))
            .collect()
    }

    /// What a path behind this library's name means.
    pub fn lookup(&self, path: &[Arc<str>]) -> Vec<Resolved> {
        let found = self.code.lookup(&self.unit, path);
        let found = found.iter().filter(|resolved| self.holds(&resolved.cfg));
        found.cloned().collect()
    }

    fn holds(&self, cfg: &Cfg) -> bool {
        cfg.holds(&self.features, false) != Holds::No
    }

    /// The item as this build has it; none where it has not.
    fn in_build(&self, item: &Arc<Item>) -> Option<Arc<Item>> {
        if !self.holds(&item.cfg) {
            return None;
        }
        let whole = item.references.iter().all(|r| self.holds(&r.cfg))
            && item.calls.iter().all(|call| self.holds(&call.cfg));
        if whole {
            return Some(item.clone());
        }
        let mut part = (**item).clone();
        part.references
            .retain(|reference| self.holds(&reference.cfg));
        part.calls.retain(|call| self.holds(&call.cfg));
        Some(Arc::new(part))
    }
}

/// Finds the effects of a crate's code on those packages that `wanted` names.
pub fn sites(
    packages: &Packages<'_>,
    graph: &FamilyGraph<'_>,
    unit: &LinkUnit<'_>,
    view: &CrateView<'_>,
    wanted: impl Fn(usize) -> bool,
) -> Vec<Site> {
    let names = view.externs.of(wanted);
    let items = view.items(&names);
    let named = named(packages, graph, unit, view, &items, &names);
    let mut sites = Vec::new();
    for one in &named {
        let package = packages.get(one.of);
        for pattern in graph.family.patterns(package.name(), package.version()) {
            if pattern.matches_path(one.path)
                && counts(pattern, one.reference.position)
                && calls_all(pattern, one.item, one.reference.method.as_deref())
            {
                sites.push(Site {
                    effect: pattern.effect,
                    of: one.of,
                    place: one.reference.place.clone(),
                    text: one.reference.to_string(),
                    item: one.item.clone(),
                });
            }
        }
    }
    method_sites(packages, graph, &items, &named, &mut sites);
    sites.sort_by(|a, b| (a.effect, &a.place, a.of).cmp(&(b.effect, &b.place, b.of)));
    sites.dedup_by(|a, b| (a.effect, &a.place, a.of) == (b.effect, &b.place, b.of));
    sites
}

/// A reference with the package that it ends up in.
struct Named<'a> {
    of: usize,
    /// The path below that package.
    path: &'a [Arc<str>],
    reference: &'a Reference,
    item: &'a Arc<Item>,
}

/// References into the family. A crate that re-exports another of the family whole passes a path
/// through it on.
fn named<'a>(
    packages: &Packages<'_>,
    graph: &FamilyGraph<'_>,
    unit: &LinkUnit<'_>,
    view: &CrateView<'_>,
    items: &'a [Arc<Item>],
    names: &BTreeSet<String>,
) -> Vec<Named<'a>> {
    let mut found = Vec::new();
    for item in items {
        for reference in item.references.iter().filter(|r| names.contains(&*r.krate)) {
            let Some(mut of) = view.externs.get(&reference.krate) else {
                continue;
            };
            let mut path = &*reference.path;
            while let Some((behind, rest)) = reexported(packages, graph, unit, of, path) {
                of = behind;
                path = rest;
            }
            found.push(Named {
                of,
                path,
                reference,
                item,
            });
        }
    }
    found
}

fn reexported<'p>(
    packages: &Packages<'_>,
    graph: &FamilyGraph<'_>,
    unit: &LinkUnit<'_>,
    of: usize,
    path: &'p [Arc<str>],
) -> Option<(usize, &'p [Arc<str>])> {
    let rule = graph.rule(of)?;
    let at = path.iter().position(|segment| {
        let crates = rule.reexports.iter();
        crates
            .map(|name| name.replace('-', "_"))
            .any(|name| *name == **segment)
    })?;
    let links = unit.closure.from(of).iter();
    let behind = links
        .map(|link| link.to())
        .find(|to| *to.name().replace('-', "_") == *path[at])?;
    Some((packages.number(behind.id()), &path[at + 1..]))
}

/// Methods count in files that name the crate, or the trait that brings them.
fn method_sites(
    packages: &Packages<'_>,
    graph: &FamilyGraph<'_>,
    items: &[Arc<Item>],
    named: &[Named<'_>],
    sites: &mut Vec<Site>,
) {
    let family: BTreeSet<usize> = named.iter().map(|one| one.of).collect();
    for of in family {
        let package = packages.get(of);
        for pattern in graph.family.patterns(package.name(), package.version()) {
            let Some(method) = &pattern.method else {
                continue;
            };
            let files: BTreeSet<_> = named
                .iter()
                .filter(|one| {
                    one.of == of && (pattern.with.is_empty() || pattern.is_with(one.path))
                })
                .map(|one| &one.reference.place.file)
                .collect();
            for item in items {
                for call in &item.calls {
                    if *call.name == **method
                        && files.contains(&call.place.file)
                        && calls_all(pattern, item, call.inside.as_deref())
                    {
                        sites.push(Site {
                            effect: pattern.effect,
                            of,
                            place: call.place.clone(),
                            text: format!(".{method}(…)"),
                            item: item.clone(),
                        });
                    }
                }
            }
        }
    }
}

/// Whether the function around calls one of the methods that a pattern wants beside it.
fn calls_all(pattern: &ApiPattern, item: &Item, function: Option<&str>) -> bool {
    pattern.with_methods.is_empty()
        || item.calls.iter().any(|call| {
            call.inside.as_deref() == function
                && pattern
                    .with_methods
                    .iter()
                    .any(|method| **method == *call.name)
        })
}

/// An import alone does nothing, unless it brings a trait whose methods then need no name.
fn counts(pattern: &ApiPattern, position: Position) -> bool {
    match position {
        Position::Import => pattern.effect == Effect::SpanExtension,
        Position::Reexport => false,
        Position::Taken
        | Position::Given
        | Position::ImplementedTrait
        | Position::Attribute
        | Position::Body => true,
    }
}
