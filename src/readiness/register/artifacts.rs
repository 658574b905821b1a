//! Which artifacts that ship a risk touches.

use std::collections::BTreeSet;

use crate::readiness::measure::ships;
use crate::report::{Artifact, ArtifactLine, Finding, Report, package_of};

/// Shipped artifacts in which a package has a part, by its name or, where given, its label.
pub fn linking(report: &Report, package: &str) -> Vec<String> {
    let is_it = |label: &String| label == package || package_of(label) == package;
    let has = |line: &ArtifactLine| {
        let parts = [
            &line.copies,
            &line.sdk,
            &line.exporters,
            &line.bridges,
            &line.introducers,
            &line.dependents,
        ];
        parts.into_iter().flatten().any(is_it)
    };
    let single = |artifact: &Artifact| {
        let mut singletons = artifact.singletons.iter();
        singletons.any(|one| {
            one.name == package
                || one
                    .versions
                    .iter()
                    .any(|version| format!("{}@{version}", one.name) == package)
        })
    };
    let shipped = report.artifacts.iter().filter(|one| one.class.is_shipped());
    let linking = shipped.filter(|one| one.lines.iter().any(has) || single(one));
    let ids: BTreeSet<&String> = linking.map(|one| &one.id).collect();
    ids.into_iter().cloned().collect()
}

/// Shipped artifacts that findings name, or that link what they are about.
pub fn of_findings<'f>(
    report: &Report,
    findings: impl Iterator<Item = &'f Finding>,
) -> Vec<String> {
    let mut ids = BTreeSet::new();
    for finding in findings {
        match &finding.artifact {
            Some(id) => {
                if ships(report, finding) {
                    ids.insert(id.clone());
                }
            }
            None => {
                let package = finding.introducer.as_deref().unwrap_or_default();
                ids.extend(linking(report, package));
            }
        }
    }
    ids.into_iter().collect()
}
