//! JUnit XML: a test case for each artifact and finding code.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::escape::markup;
use super::place::{self, View};
use super::words::{details, level, passes};
use super::{Finding, Level, Report};

/// Codes that every artifact is judged by: those it has not are cases that pass.
const JUDGED: [&str; 4] = [
    "lost-telemetry",
    "split-context",
    "type-clash",
    "undecided-line",
];

/// What has no artifact stands under this name.
const WORKSPACE: &str = "workspace";

/// A case of findings with one code in one artifact.
struct Case<'a> {
    artifact: &'a str,
    code: &'a str,
    findings: Vec<&'a Finding>,
}

impl Case<'_> {
    fn fails(&self) -> bool {
        self.findings.iter().any(|one| one.level == Level::Deny)
    }

    /// Whether all there is of it has been let through.
    fn passes(&self) -> bool {
        !self.findings.is_empty() && self.findings.iter().all(|one| passes(one).is_some())
    }
}

/// One suite. Denied findings fail; what is let through is skipped; the rest is told as output.
pub fn render(report: &Report, view: &View) -> String {
    let cases = cases(report);
    let count = |of: fn(&Case<'_>) -> bool| cases.iter().filter(|case| of(case)).count();
    let counts = format!(
        "tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\"",
        cases.len(),
        count(|case| case.fails()),
        count(|case| !case.fails() && case.passes()),
    );
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(out, "<testsuites name=\"otel-check\" {counts} time=\"0\">");
    let _ = writeln!(out, "  <testsuite name=\"otel-check\" {counts} time=\"0\">");
    for case in &cases {
        write(report, view, case, &mut out);
    }
    if !report.notes.is_empty() {
        let notes: Vec<String> = report.notes.iter().map(|note| xml(note)).collect();
        let notes = notes.join("\n");
        let _ = writeln!(out, "    <system-out>{notes}</system-out>");
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn cases(report: &Report) -> Vec<Case<'_>> {
    let mut keys: BTreeSet<(&str, &str)> = BTreeSet::new();
    for artifact in report.artifacts.iter().filter(|one| !one.lines.is_empty()) {
        keys.extend(JUDGED.map(|code| (artifact.id.as_str(), code)));
    }
    let key = |finding: &'_ Finding| -> (String, String) {
        let artifact = finding.artifact.as_deref().unwrap_or(WORKSPACE);
        (artifact.to_owned(), finding.code.clone())
    };
    for finding in &report.findings {
        let artifact = finding.artifact.as_deref().unwrap_or(WORKSPACE);
        keys.insert((artifact, &finding.code));
    }
    if keys.is_empty() {
        // A suite without a case is an error to some readers.
        keys.insert((WORKSPACE, "check"));
    }
    let cases = keys.into_iter().map(|(artifact, code)| Case {
        artifact,
        code,
        findings: report
            .findings
            .iter()
            .filter(|one| key(one) == (artifact.to_owned(), code.to_owned()))
            .collect(),
    });
    cases.collect()
}

fn write(report: &Report, view: &View, case: &Case<'_>, out: &mut String) {
    let mut attributes = format!(
        "classname=\"{}\" name=\"{}\" time=\"0\"",
        xml(case.artifact),
        xml(case.code)
    );
    let Some(first) = case.findings.first() else {
        let _ = writeln!(out, "    <testcase {attributes}/>");
        return;
    };
    let place = place::of(report, first);
    let _ = write!(attributes, " file=\"{}\"", xml(&view.path(&place.file)));
    if let Some(region) = place.region {
        let _ = write!(attributes, " line=\"{}\"", region.line);
    }
    let text: Vec<String> = case
        .findings
        .iter()
        .map(|one| told(report, view, one))
        .collect();
    let text = text.join("\n");
    let _ = writeln!(out, "    <testcase {attributes}>");
    if case.fails() {
        let denied = case.findings.iter().find(|one| one.level == Level::Deny);
        let message = xml(&denied.unwrap_or(first).message);
        let code = xml(case.code);
        let _ = writeln!(
            out,
            "      <failure message=\"{message}\" type=\"{code}\">{text}</failure>"
        );
    } else if case.passes() {
        let message = xml(&passes(first).unwrap_or_default());
        let _ = writeln!(out, "      <skipped message=\"{message}\"/>");
        let _ = writeln!(out, "      <system-out>{text}</system-out>");
    } else {
        let _ = writeln!(out, "      <system-out>{text}</system-out>");
    }
    out.push_str("    </testcase>\n");
}

/// A finding as text, escaped for XML.
fn told(report: &Report, view: &View, finding: &Finding) -> String {
    let place = place::of(report, finding);
    let (line, column) = place
        .region
        .map_or((1, 1), |region| (region.line, region.column));
    let head = format!(
        "{}:{line}:{column}: {}[{}]: {}",
        view.path(&place.file),
        level(finding.level),
        finding.code,
        finding.message
    );
    let mut lines = vec![xml(&head)];
    let details = details(view, finding);
    lines.extend(
        details
            .iter()
            .map(|(label, text)| xml(&format!("  {label}: {text}"))),
    );
    lines.join("\n")
}

/// Text for an element or an attribute in double quotes.
pub fn xml(text: &str) -> String {
    let text = markup(text);
    // No XML may hold these two, not even as references.
    text.replace('\u{fffe}', r"\u{fffe}")
        .replace('\u{ffff}', r"\u{ffff}")
}
