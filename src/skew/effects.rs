//! What code does with the family's shared state: names in code, matched with the rules.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::rules::{ApiPattern, Effect};
use crate::source::{Item, Place, Position};
use crate::workspace::Packages;

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
        let mut items = self.code.items(&self.unit, mentioning);
        items.retain(|item| item.cfg.may_hold(&self.features, false));
        items
    }
}

/// Finds the effects of a crate's code on those packages that `wanted` names.
pub fn sites(
    packages: &Packages<'_>,
    graph: &FamilyGraph<'_>,
    view: &CrateView<'_>,
    wanted: impl Fn(usize) -> bool,
) -> Vec<Site> {
    let names = view.externs.of(wanted);
    let items = view.items(&names);
    let mut sites = Vec::new();
    for item in &items {
        for reference in &item.references {
            if !names.contains(&reference.krate) {
                continue;
            }
            let Some(of) = view.externs.get(&reference.krate) else {
                continue;
            };
            for pattern in patterns(packages, graph, of) {
                if matches_path(pattern, &reference.path, reference.position) {
                    sites.push(Site {
                        effect: pattern.effect,
                        of,
                        place: reference.place.clone(),
                        text: format!("{}::{}", reference.krate, reference.path.join("::")),
                        item: item.clone(),
                    });
                }
            }
        }
    }
    method_sites(packages, graph, view, &items, &names, &mut sites);
    sites.sort_by(|a, b| (a.effect, &a.place, a.of).cmp(&(b.effect, &b.place, b.of)));
    sites.dedup_by(|a, b| (a.effect, &a.place, a.of) == (b.effect, &b.place, b.of));
    sites
}

/// Methods count in files that name the crate, or the trait that brings them.
fn method_sites(
    packages: &Packages<'_>,
    graph: &FamilyGraph<'_>,
    view: &CrateView<'_>,
    items: &[Arc<Item>],
    names: &BTreeSet<String>,
    sites: &mut Vec<Site>,
) {
    for name in names {
        let Some(of) = view.externs.get(name) else {
            continue;
        };
        for pattern in patterns(packages, graph, of) {
            let Some(method) = &pattern.method else {
                continue;
            };
            let files: BTreeSet<_> = items
                .iter()
                .flat_map(|item| &item.references)
                .filter(|reference| {
                    reference.krate == *name
                        && (pattern.with.is_empty()
                            || pattern
                                .with
                                .iter()
                                .any(|path| ends_with(&reference.path, path)))
                })
                .map(|reference| &reference.place.file)
                .collect();
            for item in items {
                for call in &item.calls {
                    if call.name == *method && files.contains(&call.place.file) {
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

/// Patterns that speak of a package in its version.
fn patterns<'a>(
    packages: &Packages<'_>,
    graph: &'a FamilyGraph<'_>,
    number: usize,
) -> impl Iterator<Item = &'a ApiPattern> {
    let package = packages.get(number);
    let (name, version) = (package.name().to_owned(), package.version().clone());
    graph.family.api.iter().filter(move |pattern| {
        pattern.crates.contains(&name)
            && pattern
                .versions
                .as_ref()
                .is_none_or(|versions| versions.matches(&version))
    })
}

/// An import alone does nothing, unless it brings a trait whose methods then need no name.
fn matches_path(pattern: &ApiPattern, path: &[String], position: Position) -> bool {
    let Some(wanted) = &pattern.path else {
        return false;
    };
    if !ends_with(path, wanted) {
        return false;
    }
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

fn ends_with(path: &[String], wanted: &str) -> bool {
    let wanted: Vec<&str> = wanted.split("::").collect();
    path.len() >= wanted.len()
        && path[path.len() - wanted.len()..]
            .iter()
            .zip(&wanted)
            .all(|(found, wanted)| found == wanted)
}
