//! GitLab's Code Quality report.

use std::collections::BTreeMap;

use serde::Serialize;

use super::escape::terminal;
use super::json::pretty;
use super::place::{self, View};
use super::words::passes;
use super::{Finding, Level, Report};

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    /// Issues with the same one are shown once.
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<usize>,
}

/// One JSON array of issues.
pub fn render(report: &Report, view: &View) -> String {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let findings = report.findings.iter();
    let issues: Vec<Issue> = findings
        .map(|finding| issue(report, view, finding, &mut seen))
        .collect();
    pretty(&issues)
}

fn issue(
    report: &Report,
    view: &View,
    finding: &Finding,
    seen: &mut BTreeMap<String, usize>,
) -> Issue {
    let place = place::of(report, finding);
    let fingerprint = finding.identity().fingerprint();
    let count = seen.entry(fingerprint.clone()).or_default();
    *count += 1;
    let mut description = finding.message.clone();
    if let Some(artifact) = &finding.artifact {
        description.push_str(&format!(" [{artifact}]"));
    }
    if let Some(consequence) = &finding.consequence {
        description.push_str(&format!(": {consequence}"));
    }
    if let Some(passes) = passes(finding) {
        description.push_str(&format!(" ({passes})"));
    }
    Issue {
        description: terminal(&description).into_owned(),
        check_name: finding.code.clone(),
        fingerprint: match *count {
            1 => fingerprint,
            // The same in other builds or for another target.
            count => format!("{fingerprint}-{count}"),
        },
        severity: match finding.level {
            Level::Deny => "critical",
            Level::Warn => "major",
            Level::Note => "info",
        },
        location: Location {
            path: terminal(&view.path(&place.file)).into_owned(),
            lines: Lines {
                begin: place.region.map_or(1, |region| region.line),
                end: place
                    .region
                    .and_then(|region| Some(region.extent?.end_line)),
            },
        },
    }
}
