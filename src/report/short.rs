//! One line a finding, as editors and scripts parse those of compilers.

use super::escape::terminal;
use super::place::{self, View};
use super::words::{level, passes};
use super::{Finding, Report};

/// `FILE:LINE:COLUMN: LEVEL[CODE]: MESSAGE [ARTIFACT]`.
pub fn render(report: &Report, view: &View) -> String {
    let findings = report.findings.iter();
    findings
        .map(|finding| line(report, view, finding))
        .collect()
}

fn line(report: &Report, view: &View, finding: &Finding) -> String {
    let place = place::of(report, finding);
    let (line, column) = place
        .region
        .map_or((1, 1), |region| (region.line, region.column));
    let mut text = format!(
        "{}:{line}:{column}: {}[{}]: {}",
        view.path(&place.file),
        level(finding.level),
        finding.code,
        finding.message
    );
    if let Some(artifact) = &finding.artifact {
        text.push_str(&format!(" [{artifact}]"));
    }
    if let Some(passes) = passes(finding) {
        text.push_str(&format!(" ({passes})"));
    }
    format!("{}\n", terminal(&text))
}
