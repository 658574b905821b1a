//! Rows of the report: one for each artifact and set of builds with the same content.

use crate::report::{Artifact, ArtifactLine, Liveness, SingletonVersions};
use crate::rules::Role;
use crate::workspace::Packages;

use super::artifact::{CargoTarget, LinkUnit};
use super::family::FamilyGraph;

/// What identifies an artifact in findings.
pub fn artifact_id(packages: &Packages<'_>, package: usize, target: &CargoTarget) -> String {
    let kind = serde_json::to_value(target.kind).unwrap_or_default();
    let kind = kind.as_str().unwrap_or_default();
    format!("{}/{kind}/{}", packages.get(package).name(), target.name)
}

/// The rows of one unit: one a target. Units that link nothing of the family have none, except the
/// linked ones, which are then known to be free of it.
pub fn rows(
    packages: &Packages<'_>,
    graph: &FamilyGraph<'_>,
    unit: &LinkUnit<'_>,
    live: impl Fn(&CargoTarget, usize) -> Liveness,
) -> Vec<Artifact> {
    if unit.linked.copies.is_empty() && unit.linked.singletons.is_empty() {
        return Vec::new();
    }
    let singletons = singletons(packages, graph, unit);
    let package = packages.get(unit.package);
    let lines: Vec<ArtifactLine> = (0..unit.linked.copies.len())
        .map(|copy| line(packages, graph, unit, copy))
        .collect();
    unit.targets
        .iter()
        .map(|target| {
            let mut lines = lines.clone();
            for (copy, line) in lines.iter_mut().enumerate() {
                line.live = live(target, copy);
            }
            Artifact {
                id: artifact_id(packages, unit.package, target),
                package: package.name().to_owned(),
                package_id: package.id().to_string(),
                name: target.name.clone(),
                kind: target.kind,
                class: unit.class,
                builds: vec![unit.build.clone()],
                target: unit.target.clone(),
                missing_features: unit.missing_features(packages, target),
                lines,
                singletons: singletons.clone(),
                verdict: None,
            }
        })
        .collect()
}

fn line(
    packages: &Packages<'_>,
    graph: &FamilyGraph<'_>,
    unit: &LinkUnit<'_>,
    copy: usize,
) -> ArtifactLine {
    let linked = &unit.linked;
    let labels = |numbers: &mut dyn Iterator<Item = usize>| -> Vec<String> {
        let mut labels: Vec<_> = numbers.map(|number| packages.label(number)).collect();
        labels.sort();
        labels
    };
    let role = |role: Role| {
        labels(
            &mut linked
                .touching(copy)
                .filter(|number| graph.has_role(*number, role)),
        )
    };
    let own = linked.copies[copy].packages.iter().copied();
    let sdk = labels(
        &mut linked
            .touching(copy)
            .chain(own)
            .filter(|number| graph.is_sdk(*number)),
    );
    ArtifactLine {
        line: linked.copies[copy].line.to_string(),
        copies: labels(&mut linked.copies[copy].packages.iter().copied()),
        sdk,
        exporters: role(Role::Exporter),
        bridges: role(Role::Bridge),
        introducers: labels(&mut linked.introducers(graph, copy).into_iter()),
        dependents: labels(&mut linked.dependents(packages, &unit.closure, copy).into_iter()),
        live: Liveness::Unknown,
    }
}

fn singletons(
    packages: &Packages<'_>,
    graph: &FamilyGraph<'_>,
    unit: &LinkUnit<'_>,
) -> Vec<SingletonVersions> {
    unit.linked
        .singletons
        .iter()
        .map(|(singleton, numbers)| SingletonVersions {
            name: graph.family.singletons[*singleton].name.clone(),
            versions: numbers
                .iter()
                .map(|number| {
                    let label = packages.label(*number);
                    label
                        .split_once('@')
                        .map_or(label.clone(), |(_, rest)| rest.to_owned())
                })
                .collect(),
        })
        .collect()
}

/// Merges rows that differ in their builds alone, and sorts them.
pub fn merge(rows: Vec<Artifact>) -> Vec<Artifact> {
    let mut merged: Vec<Artifact> = Vec::new();
    for row in rows {
        let same = |known: &&mut Artifact| {
            known.id == row.id
                && known.package_id == row.package_id
                && known.target == row.target
                && known.missing_features == row.missing_features
                && known.lines == row.lines
                && known.singletons == row.singletons
                && known.class == row.class
        };
        match merged.iter_mut().find(same) {
            Some(known) => {
                for build in row.builds {
                    if !known.builds.contains(&build) {
                        known.builds.push(build);
                    }
                }
            }
            None => merged.push(row),
        }
    }
    merged.sort_by(|a, b| {
        (a.class, &a.package, a.kind, &a.name, &a.target, &a.builds)
            .cmp(&(b.class, &b.package, b.kind, &b.name, &b.target, &b.builds))
    });
    merged
}
