//! Which lines of an artifact somebody installs a provider or propagator of.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use crate::report::Liveness;
use crate::rules::{Effect, Role};
use crate::source::{Item, Place};
use crate::workspace::Packages;

use super::artifact::LinkUnit;
use super::code::{Code, CodeUnit, Externs, features};
use super::effects::{CrateView, Known, Site, sites};
use super::family::FamilyGraph;
use super::reach::Reach;

/// Whether an effect asks for what a provider or bridge would give.
pub fn reads(effect: Effect) -> bool {
    match effect {
        Effect::ReadTracer
        | Effect::ReadMeter
        | Effect::ReadLogger
        | Effect::ReadPropagator
        | Effect::Context
        | Effect::SpanExtension => true,
        Effect::SetTracer
        | Effect::SetMeter
        | Effect::SetLogger
        | Effect::SetPropagator
        | Effect::CreateBridge
        | Effect::FeedBridge
        | Effect::BuildProvider => false,
    }
}

/// Whether an effect installs a provider or propagator.
pub fn sets(effect: Effect) -> bool {
    match effect {
        Effect::SetTracer | Effect::SetMeter | Effect::SetLogger | Effect::SetPropagator => true,
        Effect::ReadTracer
        | Effect::ReadMeter
        | Effect::ReadLogger
        | Effect::ReadPropagator
        | Effect::Context
        | Effect::SpanExtension
        | Effect::CreateBridge
        | Effect::FeedBridge
        | Effect::BuildProvider => false,
    }
}

/// The crate and the items that uses are followed from.
type Start = (CodeUnit, Vec<Place>);

/// The code of one unit: every crate that can have to do with the family, with its effects.
pub struct UnitCode<'a> {
    pub views: Vec<CrateView<'a>>,
    /// By view: what its code does.
    pub sites: Vec<Arc<Vec<Site>>>,
    /// Uses followed already, by where they start.
    followed: Mutex<HashMap<Start, Arc<Reach>>>,
}

impl<'a> UnitCode<'a> {
    /// Reads the crates of a unit. With `members_only`, those of the workspace alone.
    pub fn new(
        packages: &Packages<'_>,
        graph: &FamilyGraph<'_>,
        unit: &LinkUnit<'_>,
        (code, known): (&'a dyn Code, &Known),
        members_only: bool,
    ) -> Self {
        let mut units: Vec<CodeUnit> = unit
            .closure
            .members()
            .iter()
            .copied()
            .filter(|number| graph.is_concerned(*number) && !graph.is_core(*number))
            .filter(|number| !members_only || packages.get(*number).in_workspace())
            .map(CodeUnit::library)
            .collect();
        for target in &unit.targets {
            if let Some(code_unit) = own_root(unit, target) {
                units.push(code_unit);
            }
        }
        let views: Vec<CrateView<'a>> = units
            .into_iter()
            .map(|code_unit| CrateView {
                externs: Externs::new(packages, unit, &code_unit),
                features: features(packages, &unit.links, code_unit.package),
                unit: code_unit,
                code,
            })
            .collect();
        let family = |number: usize| {
            graph.is_anchor(number)
                || graph.rule(number).is_some()
                || graph.singleton(number).is_some()
        };
        use rayon::prelude::*;
        let sites = views
            .par_iter()
            .map(|view| known.or_find(view, || sites(packages, graph, unit, view, family)))
            .collect();
        Self {
            views,
            sites,
            followed: Mutex::default(),
        }
    }

    pub fn all_sites(&self) -> impl Iterator<Item = (&CrateView<'a>, &Site)> {
        self.views
            .iter()
            .zip(&self.sites)
            .flat_map(|(view, sites)| sites.iter().map(move |site| (view, site)))
    }

    pub fn sites_of(&self, unit: &CodeUnit) -> &[Site] {
        let at = self.views.iter().position(|view| view.unit == *unit);
        at.map_or(&[], |at| &self.sites[at])
    }

    pub fn view(&self, unit: &CodeUnit) -> Option<&CrateView<'a>> {
        self.views.iter().find(|view| view.unit == *unit)
    }

    /// Follows the uses of some items up through the unit.
    pub fn follow(&self, start: &CodeUnit, items: &[Arc<Item>]) -> Arc<Reach> {
        let places = items.iter().map(|item| item.place.clone()).collect();
        let key = (start.clone(), places);
        let known = self
            .followed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .cloned();
        known.unwrap_or_else(|| {
            let reach = Arc::new(Reach::follow(start, items, &self.views));
            let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
            followed.insert(key, reach.clone());
            reach
        })
    }
}

/// The crate of a target: its own root file, or its package's library where it is that.
pub fn own_root(unit: &LinkUnit<'_>, target: &super::artifact::CargoTarget) -> Option<CodeUnit> {
    use crate::report::ArtifactKind;
    match target.kind {
        ArtifactKind::Lib
        | ArtifactKind::Cdylib
        | ArtifactKind::Dylib
        | ArtifactKind::Staticlib
        | ArtifactKind::ProcMacro => None,
        ArtifactKind::Bin
        | ArtifactKind::Test
        | ArtifactKind::Example
        | ArtifactKind::Bench
        | ArtifactKind::BuildScript => Some(CodeUnit {
            package: unit.package,
            root: Some(target.source.clone()),
        }),
    }
}

/// The crate at which uses must arrive to be uses of a target.
pub fn entry(unit: &LinkUnit<'_>, target: &super::artifact::CargoTarget) -> CodeUnit {
    own_root(unit, target).unwrap_or_else(|| CodeUnit::library(unit.package))
}

/// Liveness of each copy for one target.
pub struct Live {
    pub degrees: Vec<Liveness>,
    /// By copy: the code that makes it live.
    pub sites: Vec<Vec<(CodeUnit, Site)>>,
    /// Bridge packages that somebody creates or feeds, with the places.
    pub bridges: Vec<(usize, CodeUnit, Site)>,
}

impl Live {
    pub fn new(
        packages: &Packages<'_>,
        graph: &FamilyGraph<'_>,
        unit: &LinkUnit<'_>,
        code: &UnitCode<'_>,
        entry: &CodeUnit,
    ) -> Self {
        let copies = unit.linked.copies.len();
        let mut live = Self {
            degrees: vec![Liveness::Dead; copies],
            sites: vec![Vec::new(); copies],
            bridges: Vec::new(),
        };
        for (view, site) in code.all_sites() {
            let relevant = sets(site.effect)
                || matches!(
                    site.effect,
                    Effect::BuildProvider | Effect::FeedBridge | Effect::CreateBridge
                );
            if !relevant || !counts(packages, code, entry, view, site) {
                continue;
            }
            let bridge = matches!(site.effect, Effect::FeedBridge | Effect::CreateBridge);
            if bridge {
                live.bridges
                    .push((site.of, view.unit.clone(), site.clone()));
            }
            for copy in copies_of(unit, site.of) {
                // A bridge keeps a line alive only if its tracer can be of that line: if whoever
                // feeds it has the line by another way than the bridge.
                let fed = site.effect == Effect::FeedBridge
                    && has_line_without(packages, unit, view, copy, site.of);
                if sets(site.effect) || site.effect == Effect::BuildProvider || fed {
                    live.degrees[copy] = Liveness::Set;
                    live.sites[copy].push((view.unit.clone(), site.clone()));
                }
            }
        }
        for copy in 0..copies {
            if live.degrees[copy] == Liveness::Dead && declared(packages, graph, unit, copy) {
                live.degrees[copy] = Liveness::Assumed;
            }
        }
        live
    }

    /// The line that the artifact is on: live for certain before assumed, then what members depend
    /// on themselves; the nearest to the artifact's own code first.
    pub fn home(&self, packages: &Packages<'_>, unit: &LinkUnit<'_>) -> Option<usize> {
        let weight = |copy: &usize| {
            let set = self.sites[*copy]
                .iter()
                .filter(|(_, site)| sets(site.effect))
                .count();
            let own = unit
                .linked
                .touching(*copy)
                .filter(|number| packages.get(*number).in_workspace())
                .count();
            let nearest = unit
                .linked
                .touching(*copy)
                .filter(|number| packages.get(*number).in_workspace())
                .map(|number| unit.closure.path(packages, number).len())
                .min()
                .unwrap_or(usize::MAX);
            (
                std::cmp::Reverse(self.degrees[*copy]),
                set > 0,
                own > 0,
                std::cmp::Reverse(nearest),
                self.sites[*copy].len(),
                unit.linked.copies[*copy].line,
            )
        };
        let all = 0..unit.linked.copies.len();
        let known = |copy: &usize| {
            self.degrees[*copy] != Liveness::Dead
                || unit
                    .linked
                    .touching(*copy)
                    .any(|number| packages.get(number).in_workspace())
        };
        all.filter(known).max_by_key(weight)
    }
}

/// Copies that a package of the family is of: itself one, or on it.
pub fn copies_of(unit: &LinkUnit<'_>, number: usize) -> Vec<usize> {
    let own = unit
        .linked
        .copies
        .iter()
        .position(|copy| copy.packages.contains(&number));
    match own {
        Some(copy) => vec![copy],
        None => unit.linked.touched_by(number).collect(),
    }
}

/// Members' code counts as it stands; a dependency's only where the artifact's own code reaches it.
fn counts(
    packages: &Packages<'_>,
    code: &UnitCode<'_>,
    entry: &CodeUnit,
    view: &CrateView<'_>,
    site: &Site,
) -> bool {
    if view.unit.root.is_some() {
        return view.unit == *entry;
    }
    if packages.get(view.unit.package).in_workspace() {
        return true;
    }
    code.follow(&view.unit, std::slice::from_ref(&site.item))
        .contains(entry)
}

fn has_line_without(
    packages: &Packages<'_>,
    unit: &LinkUnit<'_>,
    view: &CrateView<'_>,
    copy: usize,
    bridge: usize,
) -> bool {
    let mut own = BTreeSet::new();
    for link in unit.closure.from(view.unit.package) {
        let to = packages.number(link.to().id());
        if to != bridge {
            own.extend(copies_of(unit, to));
        }
    }
    own.contains(&copy)
}

/// Whether a member depends on an SDK or exporter of the copy itself.
fn declared(
    packages: &Packages<'_>,
    graph: &FamilyGraph<'_>,
    unit: &LinkUnit<'_>,
    copy: usize,
) -> bool {
    unit.closure
        .members()
        .iter()
        .filter(|member| packages.get(**member).in_workspace())
        .flat_map(|member| unit.closure.from(*member))
        .map(|link| packages.number(link.to().id()))
        .any(|to| {
            (graph.is_sdk(to) || graph.has_role(to, Role::Exporter))
                && unit.linked.touched_by(to).any(|touched| touched == copy)
        })
}
