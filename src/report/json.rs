//! Values as JSON; the report as one of them.

use serde::Serialize;

use super::Report;

/// Pretty-printed, with a newline at the end.
pub fn render(report: &Report) -> String {
    pretty(report)
}

/// Any answer, pretty-printed, with a newline at the end.
pub fn pretty(value: &(impl Serialize + ?Sized)) -> String {
    // Answers hold strings, flags, numbers and lists, under keys that are strings; writing those to
    // memory cannot fail.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
