//! Rows of a report against the truth about a stored case.

use std::collections::BTreeSet;

use super::corpus::Line;
use super::report::Artifact;

/// Crates that the truth counts as exporters and bridges.
const EXPORTERS: [&str; 5] = [
    "opentelemetry-otlp",
    "opentelemetry-prometheus",
    "opentelemetry-jaeger",
    "opentelemetry-zipkin",
    "opentelemetry-stdout",
];
const BRIDGES: [&str; 1] = ["tracing-opentelemetry"];

/// A row against the lines known of its package. `within` limits the packages where the graph does
/// not hold all of them.
pub fn compare_row(
    row: &Artifact,
    known: &[&Line],
    within: Option<&BTreeSet<String>>,
    wrong: &mut Vec<String>,
) {
    let lines: BTreeSet<&str> = known.iter().map(|line| line.line.as_str()).collect();
    if row.lines() != lines {
        wrong.push(format!(
            "{}: lines {:?}, not {lines:?}",
            row.id(),
            row.lines()
        ));
        return;
    }
    let present = |set: &BTreeSet<String>| match within {
        Some(within) => set & within,
        None => set.clone(),
    };
    for (said, known) in row.lines.iter().zip(sorted(known)) {
        let place = format!("{} {}", row.id(), said.line);
        let sdk = known.sdk().unwrap_or_else(|| said.sdk.clone());
        let dependents = known.direct_dependents.clone();
        for (what, said, known) in [
            ("copies", said.copies.clone(), known.copies()),
            ("SDK", said.sdk.clone(), sdk),
            (
                "exporters",
                named(&said.exporters, &EXPORTERS),
                present(&known.exporters),
            ),
            (
                "bridges",
                named(&said.bridges, &BRIDGES),
                present(&known.bridges),
            ),
            (
                "introducers",
                said.introducers.clone(),
                present(&known.introducers),
            ),
            (
                "dependents",
                said.dependents.clone(),
                dependents.unwrap_or_else(|| said.dependents.clone()),
            ),
        ] {
            if said != known {
                wrong.push(format!("{place}: {what} {said:?}, not {known:?}"));
            }
        }
        if said.sdk.is_empty() == known.sdk {
            wrong.push(format!("{place}: SDK {:?}, not {}", said.sdk, known.sdk));
        }
    }
}

/// Lines as a row has them: in the order of their names.
fn sorted<'l>(lines: &[&'l Line]) -> Vec<&'l Line> {
    let mut lines = lines.to_vec();
    lines.sort_by(|a, b| a.line.cmp(&b.line));
    lines
}

/// Those of some packages that are versions of the crates named.
fn named(packages: &BTreeSet<String>, names: &[&str]) -> BTreeSet<String> {
    let packages = packages.iter().filter(|package| {
        let name = package.split('@').next().unwrap_or_default();
        names.contains(&name)
    });
    packages.cloned().collect()
}
