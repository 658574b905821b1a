//! The crates of a graph that the registry index is asked about.

use std::collections::BTreeSet;

use guppy::graph::PackageMetadata;

use crate::matrix::InUse;
use crate::registry::RegistryId;
use crate::rules::Family;
use crate::workspace::requirement::lowest;
use crate::workspace::{Packages, Workspace};

use super::artifact::LinkUnit;
use super::family::FamilyGraph;
use super::liveness::copies_of;

/// Packages of the graph that are of the family, or link a line of it.
pub fn in_use(
    packages: &Packages<'_>,
    family: &Family,
    graph: &FamilyGraph<'_>,
    units: &[LinkUnit<'_>],
) -> Vec<InUse> {
    let mut found = Vec::new();
    for (number, package) in packages.iter() {
        if package.in_workspace() || !graph.is_concerned(number) && !family.knows(package.name()) {
            continue;
        }
        let mut lines = BTreeSet::new();
        let mut features = BTreeSet::new();
        for unit in units.iter().filter(|unit| unit.closure.contains(number)) {
            features.extend(unit.links.features(package.id()));
            for copy in copies_of(unit, number) {
                lines.insert(unit.linked.copies[copy].line);
            }
        }
        if lines.is_empty() && !family.knows(package.name()) {
            continue;
        }
        found.push(InUse {
            name: package.name().to_owned(),
            version: package.version().clone(),
            package_id: package.id().to_string(),
            registry: registry(package),
            lines,
            features,
        });
    }
    found
}

/// The registry that a package comes from; none for git and paths.
pub fn registry(package: PackageMetadata<'_>) -> Option<RegistryId> {
    let source = package.source().external_source();
    source.and_then(RegistryId::from_source)
}

/// Shared requirements of the family that the graph holds nothing of, at the lowest version that they
/// allow.
pub fn declared_only(workspace: &Workspace, family: &Family, in_use: &[InUse]) -> Vec<InUse> {
    let root = workspace.manifests.get(&workspace.root.join("Cargo.toml"));
    let shared = root.map_or(&[][..], |manifest| &manifest.workspace_dependencies);
    let absent = shared.iter().filter(|declared| {
        family.knows(&declared.package) && !in_use.iter().any(|used| used.name == declared.package)
    });
    absent
        .filter_map(|declared| {
            let requirement = semver::VersionReq::parse(declared.requirement.as_deref()?).ok()?;
            Some(InUse {
                name: declared.package.clone(),
                version: lowest(&requirement)?,
                package_id: String::new(),
                registry: Some(RegistryId::default_registry()),
                lines: BTreeSet::new(),
                features: BTreeSet::new(),
            })
        })
        .collect()
}
