//! What several formats say alike, not escaped yet.

use super::place::View;
use super::plain::counted;
use super::{Basis, Comparison, Evidence, Finding, Level, Report};

/// How compilers and editors call a level.
pub fn level(level: Level) -> &'static str {
    match level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Note => "note",
    }
}

/// Why a finding fails nothing although it is there, where a team has decided so.
pub fn passes(finding: &Finding) -> Option<String> {
    if let Some(excepted) = &finding.excepted {
        return Some(format!(
            "let through until {}: {} ({})",
            excepted.until, excepted.reason, excepted.owner
        ));
    }
    finding
        .known
        .then(|| "let through: it stands in the baseline".to_owned())
}

/// The way to a finding on one line; none where it has no more than one step.
pub fn path(finding: &Finding) -> Option<String> {
    if finding.path.len() < 2 {
        return None;
    }
    let steps = finding.path.iter().map(|step| match &step.requirement {
        Some(requirement) => format!("{} ({requirement})", step.package),
        None => step.package.clone(),
    });
    Some(steps.collect::<Vec<_>>().join(" → "))
}

/// A piece of evidence on one line: where, what, and what it rests on.
pub fn evidence(evidence: &Evidence) -> String {
    let text = evidence.text.lines().next().unwrap_or_default();
    let mut out = String::new();
    if let (Some(package), Some(file)) = (&evidence.package, &evidence.file) {
        out.push_str(&format!("{package} {file}"));
        let numbers = [evidence.line, evidence.column];
        for number in numbers.into_iter().flatten() {
            out.push_str(&format!(":{number}"));
        }
        out.push_str(": ");
    }
    out.push_str(text);
    if let Some(source) = &evidence.source {
        out.push_str(&format!(" ({source})"));
    }
    out
}

/// Everything below a finding's first sentence, a line each with its label.
pub fn details(view: &View, finding: &Finding) -> Vec<(&'static str, String)> {
    let mut lines: Vec<(&str, String)> = Vec::new();
    lines.extend(finding.consequence.clone().map(|text| ("so", text)));
    if let Some(artifact) = &finding.artifact {
        let builds = match finding.builds.is_empty() {
            true => String::new(),
            false => format!(" ({})", finding.builds.join(", ")),
        };
        lines.push(("in", format!("{artifact}{builds}")));
    }
    if let Some(culprit) = &finding.culprit {
        let by = culprit.inherited_by.as_ref();
        let by = by.map(|by| format!(", inherited at {}", view.path(by)));
        let by = by.unwrap_or_default();
        lines.push(("through", format!("{}{by}", culprit.requirement)));
    }
    lines.extend(path(finding).map(|text| ("path", text)));
    lines.extend(finding.evidence.iter().map(|one| ("seen", evidence(one))));
    lines.extend(finding.help.iter().map(|text| ("next", text.clone())));
    lines.extend(passes(finding).map(|text| ("pass", text)));
    lines
}

/// The state of the whole in a word or two.
pub fn state(report: &Report) -> &'static str {
    let summary = &report.summary;
    match report.basis {
        Basis::Unresolvable => "unresolvable",
        Basis::Graph | Basis::PartialGraph | Basis::LockFastPath | Basis::LockOnly => {
            if summary.deny > 0 {
                "skewed"
            } else if summary.warn > 0 {
                "warnings"
            } else if summary.affected > 0 {
                // Only a decision of the team lets it pass.
                "let through"
            } else {
                "clean"
            }
        }
    }
}

/// What was judged, and how much was found.
pub fn judged(report: &Report) -> String {
    let summary = &report.summary;
    let judged = match report.basis {
        Basis::Graph | Basis::PartialGraph => format!(
            "{} of {} artifacts affected",
            summary.affected, summary.artifacts
        ),
        Basis::LockFastPath => "answered from Cargo.lock alone".to_owned(),
        Basis::LockOnly => "Cargo.lock only, as asked".to_owned(),
        Basis::Unresolvable => "cargo cannot resolve the workspace".to_owned(),
    };
    format!(
        "{judged} · {} denied, {}, {}",
        summary.deny,
        counted(summary.warn, "warning"),
        counted(summary.note, "note")
    )
}

/// What changed since another revision.
pub fn compared(comparison: &Comparison) -> String {
    format!(
        "since {}: {} introduced, {} worse, {} unchanged, {} cured",
        comparison.base,
        comparison.introduced,
        comparison.worsened,
        comparison.unchanged,
        comparison.cured.len()
    )
}
