//! The JSON Schema of a readiness report: committed, and made anew from the types by a test.

use crate::readiness::Readiness;
use crate::readiness::compare::{Comparison, compare};
use crate::readiness::verify::Verification;
use crate::report::schema::Committed;

use super::testing::{all, go, no_go};

#[test]
fn committed_schema_is_that_of_the_types() {
    Committed::of::<Readiness>().stands_in("docs/readiness.schema.json");
}

#[test]
fn committed_schema_of_comparisons_is_that_of_the_types() {
    Committed::of::<Comparison>().stands_in("docs/readiness-compare.schema.json");
}

#[test]
fn committed_schema_of_verifications_is_that_of_the_types() {
    let schema = Committed::of::<Verification>();
    schema.stands_in("docs/readiness-verify.schema.json");
    for found in super::testing::verifications() {
        assert_eq!(schema.fits(&super::json::verification(&found)), Ok(()));
    }
}

/// What the renderer writes fits the schema, with every optional part there and with none.
#[test]
fn rendered_reports_fit() {
    let schema = Committed::of::<Readiness>();
    for report in all() {
        assert_eq!(schema.fits(&super::json::render(&report)), Ok(()));
    }
    let moved = compare(&no_go(), &go()).unwrap();
    let fits = Committed::of::<Comparison>().fits(&super::json::comparison(&moved));
    assert_eq!(fits, Ok(()));
    let mut json = serde_json::to_value(no_go()).unwrap();
    json["assessment"]["decision"] = "probably".into();
    assert!(schema.fits(&json.to_string()).is_err());
    let mut json = serde_json::to_value(no_go()).unwrap();
    json["assessment"]["conditions"][0]["due"] = "before-phase-0".into();
    assert!(schema.fits(&json.to_string()).is_err());
}
