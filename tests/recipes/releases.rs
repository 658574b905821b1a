//! Which release of a package a snippet for some line is compiled with.

use std::collections::{BTreeMap, BTreeSet};

use otel_check::matrix::{InUse, Matrix, matrix};
use otel_check::registry::{CargoIndex, Environment, Index, IndexOptions, RegistryId, Release};
use otel_check::rules::{Family, Rules};
use otel_check::skew::Line;
use semver::Version;

/// The releases of the packages that snippets need.
pub struct Releases {
    matrix: Matrix,
    lines: Vec<Line>,
    /// Eligible ones of each package, from old to new.
    releases: BTreeMap<String, Vec<Release>>,
}

impl Releases {
    /// Reads them from the registry index.
    ///
    /// # Errors
    /// The reason to skip, where the index is out of reach.
    pub fn read(packages: &BTreeSet<String>) -> Result<Self, String> {
        let family = Rules::shipped().family("opentelemetry").unwrap();
        let folder = std::env::temp_dir();
        let options = IndexOptions::default();
        let index = CargoIndex::open(&folder, Environment::of_process(), options)
            .map_err(|error| error.to_string())?;
        let registry = RegistryId::default_registry();
        let mut releases = BTreeMap::new();
        for package in names(packages, family) {
            let found = match index.releases(&registry, &package) {
                Ok(found) => found,
                Err(error) => {
                    assert!(!error.is_absence(), "a recipe needs {package}: {error}");
                    return Err(error.to_string());
                }
            };
            let eligible = found.iter().filter(|release| release.is_eligible());
            releases.insert(package, eligible.cloned().collect::<Vec<_>>());
        }
        let in_use: Vec<InUse> = releases
            .iter()
            .map(|(package, releases)| InUse {
                name: package.clone(),
                version: releases.last().expect("a release").version.clone(),
                package_id: package.clone(),
                registry: Some(registry.clone()),
                lines: BTreeSet::new(),
                features: BTreeSet::new(),
            })
            .collect();
        let matrix = matrix(family, &in_use, &index).map_err(|error| error.to_string())?;
        let mut lines: Vec<Line> = matrix.lines.iter().map(|row| row.line).collect();
        lines.sort();
        Ok(Releases {
            matrix,
            lines,
            releases,
        })
    }

    pub fn newest_line(&self) -> Line {
        *self.lines.last().expect("a line")
    }

    /// The line that comes next.
    pub fn after(&self, line: Line) -> Option<Line> {
        self.lines.iter().copied().find(|other| *other > line)
    }

    /// Whether a package has a release that serves a line.
    pub fn serves(&self, package: &str, line: Line) -> bool {
        self.serving(package, line).is_some()
    }

    /// Whether a release has a feature of that name.
    pub fn has_feature(&self, package: &str, version: &Version, feature: &str) -> bool {
        let releases = &self.releases[package];
        let release = releases.iter().find(|one| one.version == *version);
        release.is_some_and(|release| {
            let mut optional = release.dependencies.iter().filter(|dep| dep.optional);
            release.features.contains_key(feature) || optional.any(|dep| dep.key() == feature)
        })
    }

    /// The newest release of a package that serves a line.
    pub fn version(&self, package: &str, line: Line) -> Version {
        self.serving(package, line).unwrap_or_else(|| {
            panic!("{package} has no release for {line}, where a recipe needs it")
        })
    }

    fn serving(&self, package: &str, line: Line) -> Option<Version> {
        let releases = self.releases.get(package)?;
        let family = Rules::shipped().family("opentelemetry").unwrap();
        if family.is_anchor(package) {
            let of_line = releases.iter().rfind(|one| Line::of(&one.version) == line);
            return of_line.map(|release| release.version.clone());
        }
        let companion = self
            .matrix
            .companions
            .iter()
            .find(|companion| companion.name == package);
        let cell = companion.and_then(|companion| companion.cell(line));
        if let Some(release) = cell.and_then(|cell| cell.pick()) {
            return Some(release.version.clone());
        }
        // It asks for no line: the newest release of the time when the line was the newest.
        let next = self.lines.iter().find(|other| **other > line);
        let end = next.and_then(|next| self.matrix.line(*next)?.published);
        let of_that_time = releases.iter().rfind(|release| match end {
            Some(end) => release.published.is_some_and(|published| published < end),
            None => true,
        });
        of_that_time.map(|release| release.version.clone())
    }
}

fn names(packages: &BTreeSet<String>, family: &Family) -> BTreeSet<String> {
    let anchors = family.anchors().map(|anchor| anchor.name.clone());
    packages.iter().cloned().chain(anchors).collect()
}
