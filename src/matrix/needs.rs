//! Which lines a release can be used on.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use semver::Version;

use crate::registry::{Index, IndexError, RegistryId, Release, ReleaseDep};
use crate::skew::Line;

use super::anchors::Anchors;
use super::reach::{MAX_DEPTH, Reach};
use super::selection::{active, linked, on_by_default, selectors};

/// The lines that something needs one of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Need {
    /// Any of them will do, as far as requirements go. None where no release fits.
    pub lines: BTreeSet<Line>,
    /// The one that a fresh resolve picks.
    pub fresh: Option<Line>,
    /// Whether several requirements exclude each other.
    pub conflicting: bool,
}

/// What a release needs in any case, or by feature.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReleaseNeeds {
    /// Needed whatever features are on.
    pub always: Option<Need>,
    /// Needed where the feature is on; empty where `always` is known.
    pub by_feature: BTreeMap<String, Need>,
    /// Those of the features that are on by default.
    pub by_default: BTreeSet<String>,
}

impl ReleaseNeeds {
    /// Whether the release fits every line.
    pub fn is_free(&self) -> bool {
        self.always.is_none() && self.by_feature.is_empty()
    }
}

/// A crate's release with features.
type Key = (RegistryId, String, Version, Vec<String>);

/// Finds out what releases need, each once.
pub struct Needs<'a> {
    reach: &'a Reach<'a>,
    anchors: &'a Anchors,
    index: &'a dyn Index,
    known: RefCell<HashMap<Key, Option<Need>>>,
    /// What is being worked out right now, from the outside in.
    open: RefCell<HashSet<Key>>,
    /// How often something led back to what is being worked out.
    circles: Cell<usize>,
    /// How many answers were not kept since a circle made them incomplete.
    dropped: Cell<usize>,
}

/// So many answers that a circle of dependencies made incomplete are worked out again when asked for
/// from elsewhere; later ones are kept, so that an index made to exhaust this program does not.
const MAX_DROPPED: usize = 1000;

impl<'a> Needs<'a> {
    pub fn new(reach: &'a Reach<'a>, anchors: &'a Anchors, index: &'a dyn Index) -> Self {
        Needs {
            reach,
            anchors,
            index,
            known: RefCell::default(),
            open: RefCell::default(),
            circles: Cell::default(),
            dropped: Cell::default(),
        }
    }

    /// What a release needs in any case; where that is nothing, what its features need.
    pub fn of_release(
        &self,
        registry: &RegistryId,
        name: &str,
        release: &Release,
    ) -> Result<ReleaseNeeds, IndexError> {
        let always = self.with_features(registry, name, release, &[], MAX_DEPTH)?;
        let mut needs = ReleaseNeeds {
            always,
            ..ReleaseNeeds::default()
        };
        if needs.always.is_some() {
            return Ok(needs);
        }
        for dep in linked(release).filter(|dep| dep.optional && self.leads_on(name, dep)) {
            for feature in selectors(release, dep) {
                let need = self.with_features(registry, name, release, &[&feature], MAX_DEPTH)?;
                let Some(need) = need else { continue };
                if on_by_default(release, dep) {
                    needs.by_default.insert(feature.clone());
                }
                needs.by_feature.insert(feature, need);
            }
        }
        Ok(needs)
    }

    fn leads_on(&self, name: &str, dep: &ReleaseDep) -> bool {
        dep.name != name && (self.reach.is_anchor(&dep.name) || self.reach.is_member(&dep.name))
    }

    /// None where it needs no line.
    fn with_features(
        &self,
        registry: &RegistryId,
        name: &str,
        release: &Release,
        features: &[&str],
        depth: usize,
    ) -> Result<Option<Need>, IndexError> {
        let mut sorted: Vec<String> = features.iter().map(|&f| f.to_owned()).collect();
        sorted.sort();
        sorted.dedup();
        let key = (
            registry.clone(),
            name.to_owned(),
            release.version.clone(),
            sorted,
        );
        if let Some(known) = self.known.borrow().get(&key) {
            return Ok(known.clone());
        }
        if !self.open.borrow_mut().insert(key.clone()) {
            // In a circle of dependencies, a release adds nothing to its own answer.
            self.circles.set(self.circles.get() + 1);
            return Ok(None);
        }
        let circles = self.circles.get();
        let need = self.compute(registry, name, release, features, depth)?;
        self.open.borrow_mut().remove(&key);
        let complete = self.circles.get() == circles || self.open.borrow().is_empty();
        if complete || self.dropped.get() > MAX_DROPPED {
            self.known.borrow_mut().insert(key, need.clone());
        } else {
            self.dropped.set(self.dropped.get() + 1);
        }
        Ok(need)
    }

    fn compute(
        &self,
        registry: &RegistryId,
        name: &str,
        release: &Release,
        features: &[&str],
        depth: usize,
    ) -> Result<Option<Need>, IndexError> {
        let active = active(release, features);
        let mut own = Vec::new();
        for dep in active.iter().filter(|dep| self.reach.is_anchor(&dep.name)) {
            let registry = dep.registry_from(registry);
            let (lines, fresh) = self
                .anchors
                .admitted(registry, &dep.name, &dep.req, self.index)?;
            own.push(Need {
                lines,
                fresh,
                conflicting: false,
            });
        }
        if own.is_empty() && depth > 0 {
            for dep in active.iter().filter(|dep| self.leads_on(name, dep)) {
                own.extend(self.through(registry, dep, depth - 1)?);
            }
        }
        Ok(combine(own))
    }

    /// What a dependency on another member of the family needs.
    fn through(
        &self,
        registry: &RegistryId,
        dep: &ReleaseDep,
        depth: usize,
    ) -> Result<Option<Need>, IndexError> {
        let registry = dep.registry_from(registry);
        let releases = match self.index.releases(registry, &dep.name) {
            Ok(releases) => releases,
            Err(error) if error.is_absence() => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut features: Vec<&str> = dep.features.iter().map(String::as_str).collect();
        if dep.default_features {
            features.push("default");
        }
        let mut lines = BTreeSet::new();
        let mut newest = None;
        let mut conflicting = false;
        // In ascending order, so that the last one is what a fresh resolve picks.
        for release in releases
            .iter()
            .filter(|release| release.is_eligible() && dep.req.matches(&release.version))
        {
            newest = self.with_features(registry, &dep.name, release, &features, depth)?;
            if let Some(need) = &newest {
                lines.extend(&need.lines);
                conflicting |= need.conflicting;
            }
        }
        Ok(newest.map(|newest| Need {
            lines,
            fresh: newest.fresh,
            conflicting,
        }))
    }
}

/// What all of them need together.
fn combine(needs: Vec<Need>) -> Option<Need> {
    let first = needs.first()?;
    let unsatisfied = needs.iter().any(|need| need.lines.is_empty());
    let common: BTreeSet<Line> = first
        .lines
        .iter()
        .copied()
        .filter(|line| needs.iter().all(|need| need.lines.contains(line)))
        .collect();
    if common.is_empty() && !unsatisfied {
        let lines = needs.iter().flat_map(|need| need.lines.clone()).collect();
        return Some(Need {
            lines,
            fresh: None,
            conflicting: true,
        });
    }
    let same = needs.iter().all(|need| need.fresh == first.fresh);
    Some(Need {
        fresh: if same { first.fresh } else { None },
        conflicting: needs.iter().any(|need| need.conflicting),
        lines: common,
    })
}
