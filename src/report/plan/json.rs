//! A plan as JSON.

use crate::plan::PlanReport;
use crate::report::json::pretty;

/// Pretty-printed, with a newline at the end.
pub fn render(report: &PlanReport) -> String {
    pretty(report)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::plan::testing::{options, proven};

    #[test]
    fn renders() {
        insta::assert_snapshot!(render(&options()));
    }

    #[test]
    fn it_is_one_object_with_a_version() {
        let text = render(&proven());
        assert!(text.ends_with("}\n"));
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["schema_version"], crate::plan::PLAN_SCHEMA_VERSION);
        assert_eq!(json["options"][0]["outcome"]["kind"], "proven");
    }
}
