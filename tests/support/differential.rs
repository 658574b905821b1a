//! Rows of a report against cargo's plan of the same build.

use std::collections::{BTreeMap, BTreeSet};

use super::cargo::Metadata;
use super::report::{Artifact, Report};
use super::unit_graph::{Class, Linked};

type Copies = BTreeMap<String, BTreeSet<String>>;

/// What differs between the rows that a report has for one build and cargo's plan of it, in the
/// classes named.
///
/// An artifact without a row links no line. A library beside a binary of its package has no row of
/// its own; a development target has none where it links no other lines than what its package
/// ships. A row without a counterpart in the plan is wrong, unless the target's required features
/// are off.
pub fn differences(
    report: &Report,
    metadata: &Metadata,
    build: &str,
    target: &str,
    classes: &[Class],
    plan: &[Linked],
) -> Vec<String> {
    let rows = report.artifacts.iter();
    let rows: Vec<_> = rows
        .filter(|row| row.builds.contains(build) && row.target == target)
        .collect();
    let mut wrong = Vec::new();
    for linked in plan {
        if classes.contains(&linked.class) && !is_beside_binary(report, linked, plan) {
            let truths = truths(metadata, linked, plan);
            let problem = compare(&rows, linked, &truths);
            wrong.extend(problem.map(|problem| format!("{build}: {}: {problem}", linked.id())));
        }
    }
    let planned: BTreeSet<String> = plan.iter().map(Linked::id).collect();
    let unplanned = rows.iter().filter(|row| {
        classes.contains(&class(row))
            && metadata.is_member(&row.package_id)
            && row.missing_features.is_empty()
            && !planned.contains(&row.id())
    });
    wrong.extend(unplanned.map(|row| format!("{build}: {}: cargo does not build it", row.id())));
    wrong
}

/// What a row may say of a target. Cargo builds the unit tests of a macro for the host and its other
/// tests for the target, with other features each; the report has one answer for all of them.
fn truths(metadata: &Metadata, linked: &Linked, plan: &[Linked]) -> Vec<Copies> {
    if linked.class == Class::Development && metadata.is_macro(&linked.package) {
        let tests = plan
            .iter()
            .filter(|other| other.package == linked.package && other.class == Class::Development);
        return tests.map(|test| test.copies(metadata)).collect();
    }
    vec![linked.copies(metadata)]
}

fn compare(rows: &[&Artifact], linked: &Linked, truths: &[Copies]) -> Option<String> {
    let own = rows.iter().filter(|row| row.id() == linked.id());
    let own: Vec<Copies> = own.map(|row| copies(row)).collect();
    let right = match own.as_slice() {
        [] if linked.class == Class::Development => {
            let shipped = shipped(rows, &linked.package);
            let same = |truth: &Copies| truth.iter().all(|(line, _)| shipped.contains(line));
            truths.iter().any(same)
        }
        [] => truths.iter().any(Copies::is_empty),
        [said] => truths.contains(said),
        _ => false,
    };
    (!right).then(|| format!("rows say {own:?}, cargo links {truths:?}"))
}

/// Lines that the rows of a package's other targets have.
fn shipped<'r>(rows: &[&'r Artifact], package: &str) -> BTreeSet<&'r String> {
    let rows = rows.iter().filter(|row| {
        row.package == package && row.kind != "build-script" && class(row) != Class::Development
    });
    rows.flat_map(|row| row.lines.iter().map(|line| &line.line))
        .collect()
}

fn is_beside_binary(report: &Report, linked: &Linked, plan: &[Linked]) -> bool {
    let planned = plan.iter().any(|other| {
        other.package == linked.package && other.class == Class::Normal && other.kind != "lib"
    });
    let said = report
        .artifacts
        .iter()
        .any(|row| row.package == linked.package && row.class == "linked");
    linked.kind == "lib" && (planned || said)
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
