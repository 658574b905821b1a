//! How a package comes into the graph: the shortest way through each package that depends on it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use guppy::graph::PackageLink;

use crate::report::PathStep;
use crate::skew::rows::artifact_id;
use crate::skew::trace::{locate, requirement};

use super::{View, Way};

/// The ways to a package: as artifacts link it, the shortest first; where none does, as the graph has it.
pub fn ways(view: &View<'_, '_>, number: usize) -> Vec<Way> {
    let mut found: BTreeMap<Vec<PathStep>, Way> = BTreeMap::new();
    for unit in view.linking(number) {
        let artifacts = unit.targets.iter();
        let artifacts: Vec<String> = artifacts
            .map(|target| artifact_id(view.packages, unit.package, target))
            .collect();
        for &dependant in unit.closure.members() {
            let links = unit.closure.from(dependant).iter();
            let Some(last) = links
                .copied()
                .find(|link| link.to().id() == view.packages.get(number).id())
            else {
                continue;
            };
            let mut links = unit.closure.path(view.packages, dependant);
            links.push(last);
            let way = way(view, &links);
            let known = found.entry(way.steps.clone()).or_insert(way);
            known.artifacts.extend(artifacts.iter().cloned());
        }
    }
    if found.is_empty() {
        found.extend(unlinked(view, number).map(|way| (way.steps.clone(), way)));
    }
    let mut ways: Vec<Way> = found.into_values().collect();
    for way in &mut ways {
        way.artifacts.sort();
        way.artifacts.dedup();
    }
    ways.sort_by_key(|way| way.steps.len());
    ways
}

/// A way from the last member on: the requirement with which it begins can be changed.
fn way(view: &View<'_, '_>, links: &[PackageLink<'_>]) -> Way {
    let start = links.iter().rposition(|link| link.from().in_workspace());
    let links = &links[start.unwrap_or(0)..];
    let label = |id| view.packages.label(view.packages.number(id));
    let first = links.first().map(|link| PathStep {
        package: label(link.from().id()),
        requirement: None,
    });
    let rest = links.iter().map(|link| PathStep {
        package: label(link.to().id()),
        requirement: Some(requirement(link)),
    });
    Way {
        steps: first.into_iter().chain(rest).collect(),
        culprit: start
            .and_then(|_| links.first())
            .map(|link| locate(view.workspace, link)),
        artifacts: Vec::new(),
    }
}

/// The shortest way in the graph from any member, whatever feature, platform or kind of dependency it
/// takes.
fn unlinked(view: &View<'_, '_>, number: usize) -> Option<Way> {
    if view.packages.get(number).in_workspace() {
        return None;
    }
    let mut seen = BTreeSet::from([number]);
    let mut towards: BTreeMap<usize, PackageLink<'_>> = BTreeMap::new();
    let mut queue = VecDeque::from([number]);
    while let Some(at) = queue.pop_front() {
        if view.packages.get(at).in_workspace() {
            let mut links = Vec::new();
            let mut at = at;
            while let Some(link) = towards.get(&at).filter(|_| at != number) {
                links.push(*link);
                at = view.packages.number(link.to().id());
            }
            return Some(way(view, &links));
        }
        let mut links: Vec<_> = view.packages.get(at).reverse_direct_links().collect();
        links.sort_by_key(|link| link.from().id());
        for link in links {
            let from = view.packages.number(link.from().id());
            if seen.insert(from) {
                towards.insert(from, link);
                queue.push_back(from);
            }
        }
    }
    None
}
