//! The releases of a family's anchors, and the lines that they form.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use semver::{Version, VersionReq};

use crate::registry::{Index, IndexError, RegistryId, Release, Timestamp};
use crate::rules::Family;
use crate::skew::Line;

use super::InUse;

/// The anchors' releases that count: those a fresh resolve may pick, and those in use.
pub struct Anchors {
    versions: HashMap<(RegistryId, String), Arc<[Version]>>,
    lines: BTreeMap<Line, LineReleases>,
    in_use: BTreeSet<Line>,
    problems: Vec<String>,
}

/// The releases of one line.
#[derive(Debug, Clone, Default)]
pub struct LineReleases {
    pub versions: BTreeSet<Version>,
    pub published: Option<Timestamp>,
}

impl Anchors {
    /// Looks up the anchors in the registries that the workspace takes them from, else in the
    /// default one.
    pub fn new(family: &Family, in_use: &[InUse], index: &dyn Index) -> Result<Self, IndexError> {
        let mut this = Anchors {
            versions: HashMap::new(),
            lines: BTreeMap::new(),
            in_use: BTreeSet::new(),
            problems: Vec::new(),
        };
        for package in in_use {
            this.in_use.extend(&package.lines);
        }
        for anchor in family.anchors() {
            let used: Vec<&InUse> = in_use
                .iter()
                .filter(|package| package.name == anchor.name)
                .collect();
            let mut registries: BTreeSet<RegistryId> = used
                .iter()
                .filter_map(|package| package.registry.clone())
                .collect();
            if registries.is_empty() {
                registries.insert(RegistryId::default_registry());
            }
            // Where a line has releases of several anchors, the more important one dates it; the
            // others only pass it on, or are passed on.
            let dated: BTreeSet<Line> = this.lines.keys().copied().collect();
            for registry in registries {
                this.add(&registry, &anchor.name, &used, &dated, index)?;
            }
        }
        Ok(this)
    }

    fn add(
        &mut self,
        registry: &RegistryId,
        name: &str,
        used: &[&InUse],
        dated: &BTreeSet<Line>,
        index: &dyn Index,
    ) -> Result<(), IndexError> {
        let releases = match index.releases(registry, name) {
            Ok(releases) => releases,
            Err(error) if error.is_absence() => {
                self.problems.push(error.to_string());
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let counted = |release: &&Release| {
            release.is_eligible() || used.iter().any(|one| one.version == release.version)
        };
        let mut versions = Vec::new();
        for release in releases.iter().filter(counted) {
            versions.push(release.version.clone());
            let line = Line::of(&release.version);
            let releases = self.lines.entry(line).or_default();
            releases.versions.insert(release.version.clone());
            releases.published = match (releases.published, release.published) {
                (Some(known), _) if dated.contains(&line) => Some(known),
                (Some(known), Some(other)) => Some(known.min(other)),
                (known, other) => known.or(other),
            };
        }
        let key = (registry.clone(), name.to_owned());
        self.versions.insert(key, versions.into());
        Ok(())
    }

    /// The lines that have releases, from old to new.
    pub fn lines(&self) -> &BTreeMap<Line, LineReleases> {
        &self.lines
    }

    pub fn is_in_use(&self, line: Line) -> bool {
        self.in_use.contains(&line)
    }

    /// Why releases of an anchor are not known.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// The lines that a requirement on an anchor admits, and the one that a fresh resolve picks.
    pub fn admitted(
        &self,
        registry: &RegistryId,
        name: &str,
        req: &VersionReq,
        index: &dyn Index,
    ) -> Result<(BTreeSet<Line>, Option<Line>), IndexError> {
        let key = (registry.clone(), name.to_owned());
        let versions = match self.versions.get(&key) {
            Some(versions) => Arc::clone(versions),
            // A dependency may take the anchor from another registry than the workspace does.
            None => match index.releases(registry, name) {
                Ok(releases) => releases
                    .iter()
                    .filter(|release| release.is_eligible())
                    .map(|release| release.version.clone())
                    .collect(),
                Err(error) if error.is_absence() => Arc::default(),
                Err(error) => return Err(error),
            },
        };
        let matching = || versions.iter().filter(|version| req.matches(version));
        Ok((
            matching().map(Line::of).collect(),
            matching().max().map(Line::of),
        ))
    }
}
