//! The JSON Schema of specifications: committed, and made anew from the types by a test.

use std::path::Path;

use crate::spec::SpecReport;

use super::testing::{bare, full, hostile, unknown};

/// Where the schema stands, from the package's folder.
const FILE: &str = "docs/spec.schema.json";

fn schema() -> String {
    let schema = schemars::schema_for!(SpecReport);
    let mut text = serde_json::to_string_pretty(&schema).unwrap();
    text.push('\n');
    text
}

/// `UPDATE_SCHEMA=1 cargo test --lib schema` writes the file.
#[test]
fn committed_schema_is_that_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let schema = schema();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, &schema).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == schema,
        "{FILE} is not the schema of `SpecReport`; `UPDATE_SCHEMA=1 cargo test --lib schema` writes it"
    );
}

/// What the renderer writes fits the schema, with every optional part there and with none.
#[test]
fn rendered_specifications_fit() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for report in [full(), bare(), unknown(), hostile()] {
        let json = serde_json::from_str(&super::json::render(&report)).unwrap();
        let fits = validator.validate(&json).map_err(|error| error.to_string());
        assert_eq!(fits, Ok(()));
    }
    let mut json = serde_json::to_value(full()).unwrap();
    json["specs"][0]["outcome"]["kind"] = "likely".into();
    assert!(!validator.is_valid(&json));
}
