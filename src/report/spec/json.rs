//! Specifications as JSON.

use crate::report::json::pretty;
use crate::spec::SpecReport;

/// Pretty-printed, with a newline at the end.
pub fn render(report: &SpecReport) -> String {
    pretty(report)
}
