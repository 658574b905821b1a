//! Specifications as JSON.

use crate::spec::SpecReport;

/// Pretty-printed, with a newline at the end.
pub fn render(report: &SpecReport) -> String {
    // The value holds strings, numbers and lists only; writing those to memory cannot fail.
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
}
