//! A plan as JSON.

use crate::plan::PlanReport;

/// Pretty-printed, with a newline at the end.
pub fn render(report: &PlanReport) -> String {
    // The value holds strings, numbers and lists only; writing those to memory cannot fail.
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
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
