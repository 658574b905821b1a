//! The JSON Schema of a plan: committed, and made anew from the types by a test.

use crate::plan::PlanReport;
use crate::report::schema::Committed;

use super::testing::{actions, empty, hostile, none, nowhere, options, proven, unproven};

#[test]
fn committed_schema_is_that_of_the_types() {
    Committed::of::<PlanReport>().stands_in("docs/plan.schema.json");
}

/// What the renderer writes fits the schema, with every optional part there and with none.
#[test]
fn rendered_plans_fit() {
    let schema = Committed::of::<PlanReport>();
    let plans = [
        proven(),
        unproven(),
        none(),
        empty(),
        nowhere(),
        options(),
        actions(),
        hostile(),
    ];
    for plan in plans {
        assert_eq!(schema.fits(&super::json::render(&plan)), Ok(()));
    }
    let mut json = serde_json::to_value(proven()).unwrap();
    json["options"][0]["outcome"]["kind"] = "likely".into();
    assert!(schema.fits(&json.to_string()).is_err());
}
