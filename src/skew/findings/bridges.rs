//! Bridges that are created and never handed anything to pass telemetry on to.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::{Finding, Liveness};
use crate::rules::Effect;
use crate::skew::artifact::{CargoTarget, LinkUnit};
use crate::skew::code::CodeUnit;
use crate::skew::effects::Site;
use crate::skew::evidence::Witness;
use crate::skew::liveness::{Live, UnitCode, copies_of};
use crate::skew::rows::artifact_id;
use crate::skew::trace::Trace;

use super::{Context, finding};

/// Bridges on a live line that the artifact's code creates and that no code of it feeds. On a dead
/// line it makes no difference: there the line is what is lost.
pub fn unfed(
    context: &Context<'_, '_>,
    unit: &LinkUnit<'_>,
    target: &CargoTarget,
    code: &UnitCode<'_>,
    live: &Live,
) -> Vec<Finding> {
    let mut created: BTreeMap<usize, Vec<(&CodeUnit, &Site)>> = BTreeMap::new();
    for (bridge, at, site) in &live.bridges {
        if site.effect == Effect::CreateBridge && !feeds_itself(live, *bridge, at, site) {
            created.entry(*bridge).or_default().push((at, site));
        }
    }
    created.retain(|bridge, _| {
        let copies = copies_of(unit, *bridge);
        !copies.is_empty()
            && copies
                .iter()
                .all(|copy| live.degrees[*copy] != Liveness::Dead)
    });
    created.retain(|bridge, _| !is_fed(context, unit, code, *bridge));
    let found = created.into_iter();
    found
        .map(|(bridge, sites)| told(context, unit, target, live, (bridge, &sites)))
        .collect()
}

/// Whether what creates a bridge hands it its tracer or provider in one go.
fn feeds_itself(live: &Live, bridge: usize, at: &CodeUnit, site: &Site) -> bool {
    live.bridges.iter().any(|(of, unit, other)| {
        let same = *of == bridge && unit == at && other.place == site.place;
        same && other.effect == Effect::FeedBridge
    })
}

/// Whether any code of the unit may feed a bridge: that of dependencies, too, and methods of the name
/// whatever they are called on.
fn is_fed(
    context: &Context<'_, '_>,
    unit: &LinkUnit<'_>,
    members: &UnitCode<'_>,
    bridge: usize,
) -> bool {
    let package = context.packages.get(bridge);
    let family = context.graph.family;
    let feeds = family.patterns(package.name(), package.version());
    let feeds = feeds.filter(|pattern| pattern.effect == Effect::FeedBridge);
    let methods: BTreeSet<String> = feeds.filter_map(|one| one.method.clone()).collect();
    let called = members.views.iter().any(|view| {
        let items = view.items(&methods);
        let mut calls = items.iter().flat_map(|item| &item.calls);
        calls.any(|call| methods.contains(&*call.name))
    });
    if called {
        return true;
    }
    let how = (context.code, context.known);
    let all = UnitCode::new(context.packages, context.graph, unit, how, false);
    let places: Vec<_> = all.all_sites().collect();
    places.iter().any(|(view, site)| {
        let creates_too = places.iter().any(|(other, created)| {
            other.unit == view.unit
                && created.effect == Effect::CreateBridge
                && created.place == site.place
        });
        site.of == bridge && site.effect == Effect::FeedBridge && !creates_too
    })
}

fn told(
    context: &Context<'_, '_>,
    unit: &LinkUnit<'_>,
    target: &CargoTarget,
    live: &Live,
    (bridge, sites): (usize, &[(&CodeUnit, &Site)]),
) -> Finding {
    let packages = context.packages;
    let package = packages.get(bridge);
    let label = packages.label(bridge);
    let witness = Witness {
        packages,
        graph: context.graph,
        unit,
        live,
    };
    let evidence = sites.iter().flat_map(|(at, site)| {
        let site: &Site = site;
        witness.sites(at, std::slice::from_ref(site))
    });
    let patterns = context
        .graph
        .family
        .patterns(package.name(), package.version());
    let advice: BTreeSet<String> = patterns
        .filter(|pattern| pattern.effect == Effect::CreateBridge)
        .filter_map(|pattern| pattern.advice.clone())
        .collect();
    let trace = Trace::new(packages, &unit.closure, bridge, &[bridge]);
    let line = copies_of(unit, bridge)
        .first()
        .map(|copy| unit.linked.copies[*copy].line.to_string());
    Finding {
        artifact: Some(artifact_id(packages, unit.package, target)),
        builds: vec![unit.build.clone()],
        target: Some(unit.target.clone()),
        line,
        introducer: Some(label.clone()),
        path: trace.steps(packages, unit.package),
        culprit: trace.culprit(context.workspace),
        consequence: Some("what it is given goes nowhere: until then it does nothing".into()),
        evidence: evidence.collect(),
        help: advice.into_iter().collect(),
        ..finding(
            "unfed-bridge",
            format!("{label} is created, and never handed a tracer or provider"),
        )
    }
}
