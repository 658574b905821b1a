//! Which lines a release leads to, as far as the index tells.

use std::collections::BTreeSet;

use semver::Version;

use crate::registry::RegistryId;
use crate::skew::Line;

use super::super::local::Requirement;
use super::Question;
use super::links::links;

impl Question<'_> {
    /// Whether a package can lead to the family's anchors.
    pub(super) fn leads_on(&self, name: &str) -> bool {
        self.family.is_anchor(name) || self.family.knows(name) || self.reaching.contains(name)
    }

    /// The lines that a release of a requirement's package asks for, as far as its own requirements
    /// and those of the family's releases behind it tell.
    pub fn lines_of(&self, requirement: &Requirement, version: &Version) -> BTreeSet<Line> {
        let mut lines = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut queue: Vec<(RegistryId, String, Version, BTreeSet<String>)> = vec![(
            self.registry_of(requirement),
            requirement.package.clone(),
            version.clone(),
            requirement.chosen(),
        )];
        while let Some((registry, name, version, features)) = queue.pop() {
            if self.family.is_anchor(&name) {
                lines.insert(Line::of(&version));
                continue;
            }
            let Ok(releases) = self.index.releases(&registry, &name) else {
                continue;
            };
            let Some(release) = releases.iter().find(|release| release.version == version) else {
                continue;
            };
            if !seen.insert((name.clone(), version)) {
                continue;
            }
            for link in links(release, &features) {
                let dep = link.dep;
                if dep.name == name || !self.leads_on(&dep.name) {
                    continue;
                }
                let registry = dep.registry_from(&registry).clone();
                let Ok(releases) = self.index.releases(&registry, &dep.name) else {
                    continue;
                };
                let newest = releases
                    .iter()
                    .rev()
                    .filter(|release| release.is_eligible());
                let mut newest = newest.filter(|release| dep.req.matches(&release.version));
                if let Some(newest) = newest.next() {
                    let version = newest.version.clone();
                    queue.push((registry, dep.name.clone(), version, link.features));
                }
            }
        }
        lines
    }

    /// Whether a release of a requirement's package leads to a line, and not to the target.
    pub(super) fn is_of_another_line(&self, requirement: &Requirement, version: &Version) -> bool {
        let lines = self.lines_of(requirement, version);
        !lines.is_empty() && !lines.contains(&self.target)
    }
}

/// Names of locked packages from which an anchor can be reached.
pub fn reaching(
    lock: &crate::workspace::Lock,
    is_anchor: impl Fn(&str) -> bool,
) -> BTreeSet<String> {
    let places = lock.that_reach(is_anchor).into_iter();
    let names = places.map(|at| lock.packages[at].name.clone());
    names.collect()
}
