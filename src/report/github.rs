//! Workflow commands, which GitHub's runner turns into annotations of a pull request.

use super::escape::terminal;
use super::group::{artifacts, group};
use super::place::{self, View};
use super::words::details;
use super::{Finding, Level, Report};

/// Columns of a line in an annotation before it is cut; the rest stands in the job summary.
const LONGEST: usize = 1000;

/// A command for each finding that counts. What a policy or baseline lets through is in the summary
/// alone, where it is in nobody's way.
pub fn render(report: &Report, view: &View) -> String {
    let counting = |finding: &&Finding| finding.excepted.is_none() && !finding.known;
    let groups = group(report.findings.iter().filter(counting));
    groups
        .iter()
        .map(|group| command(report, view, group))
        .collect()
}

fn command(report: &Report, view: &View, group: &[&Finding]) -> String {
    let finding = group[0];
    let name = match finding.level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Note => "notice",
    };
    let place = place::of(report, finding);
    let file = view.path(&place.file);
    let mut properties = vec![("file", file)];
    if let Some(region) = place.region {
        properties.push(("line", region.line.to_string()));
        let (end_line, end_column) = region.extent.map_or((region.line, None), |extent| {
            (extent.end_line, Some(extent.end_column))
        });
        properties.push(("endLine", end_line.to_string()));
        // Columns are refused where an annotation has more lines than one.
        if end_line == region.line {
            properties.push(("col", region.column.to_string()));
            properties.extend(end_column.map(|column| ("endColumn", column.to_string())));
        }
    }
    properties.push(("title", format!("otel-check: {}", finding.code)));
    let properties: Vec<String> = properties
        .iter()
        .map(|(key, value)| format!("{key}={}", property(value)))
        .collect();
    format!(
        "::{name} {}::{}\n",
        properties.join(","),
        message(view, group)
    )
}

fn message(view: &View, group: &[&Finding]) -> String {
    let finding = group[0];
    let mut lines = vec![finding.message.clone()];
    let names = artifacts(group);
    for (label, text) in details(view, finding) {
        let text = match label {
            "in" if names.len() > 1 => names.join(", "),
            _ => text,
        };
        lines.push(format!("{label}: {text}"));
    }
    let lines: Vec<String> = lines.iter().map(|line| data(&cut(line))).collect();
    lines.join("%0A")
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// Text behind the second `::`.
fn data(text: &str) -> String {
    // Ends of lines are visible escapes already: only the sign that begins one is left.
    terminal(text).replace('%', "%25")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
