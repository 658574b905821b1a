//! The report as CSV: a row for each finding, then one for each line of each artifact.

use super::escape::csv;
use super::place::{self, View};
use super::plain::word;
use super::words::{level, passes, path};
use super::{Artifact, ArtifactLine, Finding, Report};

/// Column names, in their order.
pub const COLUMNS: [&str; 21] = [
    "record",
    "level",
    "code",
    "verdict",
    "artifact",
    "class",
    "target",
    "builds",
    "line",
    "live",
    "introducer",
    "file",
    "row",
    "column",
    "requirement",
    "inherited_by",
    "message",
    "consequence",
    "path",
    "next",
    "let_through",
];

/// Starts with a line of column names. Builds are separated by commas, other lists by spaces.
pub fn render(report: &Report, view: &View) -> String {
    let mut out = COLUMNS.join(",");
    out.push('\n');
    for finding in &report.findings {
        push(&mut out, &of_finding(report, view, finding));
    }
    for artifact in &report.artifacts {
        for line in &artifact.lines {
            push(&mut out, &of_line(artifact, line));
        }
    }
    out
}

fn push(out: &mut String, fields: &[String]) {
    let fields: Vec<String> = fields.iter().map(|field| csv(field)).collect();
    out.push_str(&fields.join(","));
    out.push('\n');
}

fn of_finding(report: &Report, view: &View, finding: &Finding) -> [String; 21] {
    let place = place::of(report, finding);
    let number = |number: Option<usize>| number.map(|n| n.to_string()).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let culprit = finding.culprit.as_ref();
    [
        "finding".into(),
        level(finding.level).into(),
        finding.code.clone(),
        word(&finding.verdict),
        text(&finding.artifact),
        String::new(),
        text(&finding.target),
        finding.builds.join(", "),
        text(&finding.line),
        String::new(),
        text(&finding.introducer),
        view.path(&place.file),
        number(place.region.map(|region| region.line)),
        number(place.region.map(|region| region.column)),
        culprit
            .map(|culprit| culprit.requirement.clone())
            .unwrap_or_default(),
        culprit
            .and_then(|culprit| Some(view.path(culprit.inherited_by.as_ref()?)))
            .unwrap_or_default(),
        finding.message.clone(),
        text(&finding.consequence),
        path(finding).unwrap_or_default(),
        finding.help.join(" "),
        passes(finding).unwrap_or_default(),
    ]
}

fn of_line(artifact: &Artifact, line: &ArtifactLine) -> [String; 21] {
    let mut fields: [String; 21] = Default::default();
    let filled = [
        ("record", "artifact".to_owned()),
        ("verdict", word(&artifact.verdict)),
        ("artifact", artifact.id.clone()),
        ("class", word(&artifact.class)),
        ("target", artifact.target.clone()),
        ("builds", artifact.builds.join(", ")),
        ("line", line.line.clone()),
        ("live", word(&line.live)),
        ("introducer", line.introducers.join(" ")),
    ];
    for (name, text) in filled {
        if let Some(at) = COLUMNS.iter().position(|column| *column == name) {
            fields[at] = text;
        }
    }
    fields
}
