//! Rows of a report against cargo's plan of the same build.

use std::collections::{BTreeMap, BTreeSet};

use super::cargo::Metadata;
use super::report::{Artifact, Report};
use super::unit_graph::{Class, Linked};

type Copies = BTreeMap<String, BTreeSet<String>>;

/// What differs between the rows that a report has for one build and cargo's plan of it, in the
/// classes named.
///
/// An artifact without a row links no line. A development target may also lack a row where it links
/// what its package links anyway. A row without a counterpart in the plan is wrong, unless the
/// target's required features are off.
pub fn differences(
    report: &Report,
    metadata: &Metadata,
    build: &str,
    target: &str,
    classes: &[Class],
    plan: &[Linked],
) -> Vec<String> {
    let mut wrong = Vec::new();
    for linked in plan.iter().filter(|linked| classes.contains(&linked.class)) {
        let truth = linked.copies(metadata);
        let rows = report.rows(&linked.id(), build);
        let rows: Vec<_> = rows
            .into_iter()
            .filter(|row| row.target == target)
            .collect();
        let said = match rows.as_slice() {
            [] if linked.class == Class::Development => fallback(report, linked, build, target),
            [] => Copies::new(),
            [row] => copies(row),
            several => {
                wrong.push(format!(
                    "{build}: {} rows for {}",
                    several.len(),
                    linked.id()
                ));
                continue;
            }
        };
        if said != truth {
            wrong.push(format!(
                "{build}: {} is {said:?}, cargo links {truth:?}",
                linked.id()
            ));
        }
    }
    let planned: BTreeSet<String> = plan.iter().map(Linked::id).collect();
    let rows = report.artifacts.iter().filter(|row| {
        row.builds.contains(build)
            && row.target == target
            && classes.contains(&class(row))
            && metadata.is_member(&row.package_id)
            && row.missing_features.is_empty()
    });
    for row in rows.filter(|row| !planned.contains(&row.id())) {
        wrong.push(format!(
            "{build}: a row for {}, which cargo does not build",
            row.id()
        ));
    }
    wrong
}

/// What the rows of the same package say, for a development target without a row of its own.
fn fallback(report: &Report, linked: &Linked, build: &str, target: &str) -> Copies {
    let mut rows = report.artifacts.iter().filter(|row| {
        row.package == linked.package
            && matches!(class(row), Class::Normal | Class::Host)
            && row.kind != "build-script"
            && row.builds.contains(build)
            && row.target == target
    });
    rows.next().map(copies).unwrap_or_default()
}

fn copies(row: &Artifact) -> Copies {
    let lines = row.lines.iter();
    lines
        .map(|line| (line.line.clone(), line.copies.clone()))
        .collect()
}

fn class(row: &Artifact) -> Class {
    match row.class.as_str() {
        "linked" | "library" => Class::Normal,
        "development" => Class::Development,
        "host" => Class::Host,
        other => panic!("unknown class {other}"),
    }
}
