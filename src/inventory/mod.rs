//! The inventory: every package of the family in the graph, who asks for it and where.

use std::collections::BTreeSet;

use guppy::graph::PackageLink;
use serde::Serialize;

use crate::rules::{Family, Role};
use crate::skew::Line;
use crate::skew::artifact::LinkUnit;
use crate::skew::family::FamilyGraph;
use crate::skew::rows::artifact_id;
use crate::skew::trace::locate;
use crate::workspace::{Packages, Workspace};

/// One package of the family, as one requirement asks for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Row {
    #[serde(rename = "crate")]
    pub name: String,
    pub version: String,
    /// Where it comes from: `registry`, `path`, or the URL of another source.
    pub source: String,
    /// Who asks for it: `name@version`.
    pub package: String,
    /// The requirement by which that package asks for it.
    pub requirement: String,
    /// `file:line` for a requirement of the workspace.
    pub declared: Option<String>,
    /// Whether a member asks for it itself.
    pub direct: bool,
    pub role: Option<Role>,
    /// Lines of the API that it links.
    pub lines: Vec<String>,
    /// Features it is built with in some artifact.
    pub features: Vec<String>,
    /// Artifacts that link it.
    pub artifacts: Vec<String>,
}

/// The rows of one family.
pub fn rows(
    workspace: &Workspace,
    packages: &Packages<'_>,
    family: &Family,
    graph: &FamilyGraph<'_>,
    units: &[LinkUnit<'_>],
) -> Vec<Row> {
    let mut rows = Vec::new();
    for (number, package) in packages.iter() {
        if !family.knows(package.name()) || package.in_workspace() {
            continue;
        }
        let linking: Vec<&LinkUnit<'_>> = units
            .iter()
            .filter(|unit| unit.closure.contains(number))
            .collect();
        let mut features = BTreeSet::new();
        let mut artifacts = BTreeSet::new();
        let mut lines = BTreeSet::new();
        for unit in &linking {
            features.extend(unit.links.features(package.id()));
            for target in &unit.targets {
                artifacts.insert(artifact_id(packages, unit.package, target));
            }
            for copy in crate::skew::liveness::copies_of(unit, number) {
                lines.insert(unit.linked.copies[copy].line);
            }
        }
        for link in askers(packages, number) {
            let direct = link.from().in_workspace();
            let declared =
                direct
                    .then(|| locate(workspace, &link))
                    .map(|culprit| match culprit.line {
                        Some(line) => format!("{}:{line}", culprit.file),
                        None => culprit.file,
                    });
            rows.push(Row {
                name: package.name().to_owned(),
                version: package.version().to_string(),
                source: source(package),
                package: packages.label(packages.number(link.from().id())),
                requirement: link.version_req().to_string(),
                declared,
                direct,
                role: graph.rule(number).map(|rule| rule.role),
                lines: lines.iter().map(Line::to_string).collect(),
                features: features.iter().cloned().collect(),
                artifacts: artifacts.iter().cloned().collect(),
            });
        }
    }
    rows.sort();
    rows.dedup();
    rows
}

/// Members that ask for a package; where there are none, its nearest dependant by name.
fn askers<'g>(packages: &Packages<'g>, number: usize) -> Vec<PackageLink<'g>> {
    let links: Vec<PackageLink<'g>> = packages.get(number).reverse_direct_links().collect();
    let mut members: Vec<_> = links
        .iter()
        .copied()
        .filter(|link| link.from().in_workspace())
        .collect();
    members.sort_by_key(|link| link.from().id());
    if !members.is_empty() {
        return members;
    }
    let mut others: Vec<_> = links;
    others.sort_by_key(|link| (link.from().name(), link.from().version().clone()));
    others.truncate(1);
    others
}

fn source(package: guppy::graph::PackageMetadata<'_>) -> String {
    let source = package.source();
    if source.is_crates_io() {
        return "registry".to_owned();
    }
    match source.external_source() {
        Some(url) => url.to_owned(),
        None => "path".to_owned(),
    }
}
