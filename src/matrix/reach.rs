//! Which crates have to be looked at: those in use, the anchors, and what leads from one to the
//! other inside the family.

use std::collections::{BTreeSet, HashSet};

use crate::registry::{Index, RegistryId};
use crate::rules::Family;

use super::InUse;
use super::selection::linked;

/// More steps from a crate in use to an anchor than any family has.
pub const MAX_DEPTH: usize = 8;

/// The crates of a family in a workspace.
pub struct Reach<'a> {
    family: &'a Family,
    in_use: &'a [InUse],
    names: HashSet<&'a str>,
}

impl<'a> Reach<'a> {
    pub fn new(family: &'a Family, in_use: &'a [InUse]) -> Self {
        Reach {
            family,
            in_use,
            names: in_use.iter().map(|package| package.name.as_str()).collect(),
        }
    }

    pub fn is_anchor(&self, name: &str) -> bool {
        self.family.is_anchor(name)
    }

    /// Whether a crate belongs to the family, or is known to link it, without being an anchor.
    pub fn is_member(&self, name: &str) -> bool {
        (self.names.contains(name) || self.family.knows(name)) && !self.is_anchor(name)
    }

    /// Gets everything that the matrix will ask for, level by level, many crates at once.
    pub fn prefetch(&self, index: &dyn Index) {
        let default = RegistryId::default_registry();
        let mut level: BTreeSet<(RegistryId, String)> = self
            .in_use
            .iter()
            .filter_map(|package| Some((package.registry.clone()?, package.name.clone())))
            .collect();
        level.extend(
            self.family
                .anchors()
                .map(|anchor| (default.clone(), anchor.name.clone())),
        );
        let mut seen = level.clone();
        for _ in 0..MAX_DEPTH {
            if level.is_empty() {
                break;
            }
            let wanted: Vec<_> = level.into_iter().collect();
            index.prefetch(&wanted);
            level = wanted
                .iter()
                .flat_map(|(registry, name)| self.next(registry, name, index))
                .filter(|key| !seen.contains(key))
                .collect();
            seen.extend(level.iter().cloned());
        }
    }

    /// The members through which releases of a crate come to a line, where they have no requirement
    /// on an anchor of their own.
    fn next(
        &self,
        registry: &RegistryId,
        name: &str,
        index: &dyn Index,
    ) -> BTreeSet<(RegistryId, String)> {
        // An error comes up again where the releases are needed.
        let Ok(releases) = index.releases(registry, name) else {
            return BTreeSet::new();
        };
        releases
            .iter()
            .filter(|release| release.is_eligible() && !self.is_anchor(name))
            .filter(|release| !linked(release).any(|dep| self.is_anchor(&dep.name)))
            .flat_map(linked)
            .filter(|dep| dep.name != name && self.is_member(&dep.name))
            .map(|dep| (dep.registry_from(registry).clone(), dep.name.clone()))
            .collect()
    }
}
