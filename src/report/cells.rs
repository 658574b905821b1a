//! Artifacts × lines: what each line does in each artifact, in a word.

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::skew::Line;

use super::{Artifact, Finding, Liveness, Report, Verdict};

/// The lines of some rows, oldest first.
pub fn lines<'a>(rows: impl IntoIterator<Item = &'a Artifact>) -> Vec<String> {
    let linked = rows.into_iter().flat_map(|row| &row.lines);
    let lines: BTreeSet<String> = linked.map(|line| line.line.clone()).collect();
    let mut lines: Vec<String> = lines.into_iter().collect();
    lines.sort_by_key(|line| Line::from_str(line).ok());
    lines
}

/// Whether a finding is about this row: the artifact, in one of its builds, for its target.
pub fn is_about(finding: &Finding, row: &Artifact) -> bool {
    finding.artifact.as_ref() == Some(&row.id)
        && finding
            .builds
            .iter()
            .any(|build| row.builds.contains(build))
        && finding
            .target
            .as_ref()
            .is_none_or(|target| *target == row.target)
}

/// The worst that is said of a line in a row.
pub fn verdict(report: &Report, row: &Artifact, line: &str) -> Option<Verdict> {
    report
        .findings
        .iter()
        .filter(|finding| is_about(finding, row) && finding.line.as_deref() == Some(line))
        .filter(|finding| finding.singleton.is_none())
        .filter_map(|finding| finding.verdict)
        .min()
}

/// What a line does in a row; none where it is not linked.
pub fn cell(report: &Report, row: &Artifact, line: &str) -> Option<&'static str> {
    let linked = row.lines.iter().find(|linked| linked.line == line)?;
    Some(match (verdict(report, row, line), linked.live) {
        (Some(verdict), _) => word(verdict),
        (None, Liveness::Set) => "live",
        (None, Liveness::Assumed) => "assumed live",
        (None, Liveness::Dead | Liveness::Unknown) => "linked",
    })
}

/// A verdict, as it stands in a table.
pub fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unresolvable => "unresolvable",
        Verdict::Lost => "LOST",
        Verdict::Split => "SPLIT",
        Verdict::TypeClash => "CLASH",
        Verdict::Unknown => "undecided",
        Verdict::Latent => "latent",
        Verdict::Confined => "confined",
        Verdict::Benign => "benign",
    }
}

/// The builds of a row, where its artifact has different content in different builds.
pub fn builds(report: &Report, row: &Artifact) -> String {
    let twins = report.artifacts.iter().filter(|other| other.id == row.id);
    let targets: Vec<&String> = twins.map(|twin| &twin.target).collect();
    if targets.len() < 2 {
        return String::new();
    }
    let builds = row.builds.join(", ");
    match targets.iter().any(|target| **target != row.target) {
        true => format!("{builds} for {}", row.target),
        false => builds,
    }
}
