pub mod json { pub fn render(r: &crate::plan::PlanReport) -> String { serde_json::to_string_pretty(r).unwrap_or_default() + "\n" } }
pub mod markdown { pub use super::json::render; }
pub mod human { pub fn render(r: &crate::plan::PlanReport, _: &crate::report::human::Options) -> String { super::json::render(r) } }
