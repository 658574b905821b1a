//! The JSON Schema of the report: committed, and made anew from the types by a test.

use std::path::Path;

use super::Report;

/// Where the schema stands, from the package's folder.
const FILE: &str = "docs/report.schema.json";

fn schema() -> String {
    let schema = schemars::schema_for!(Report);
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
        "{FILE} is not the schema of `Report`; `UPDATE_SCHEMA=1 cargo test --lib schema` writes it"
    );
}

/// What the renderer writes fits the schema, with every optional part there and with none.
#[test]
fn rendered_reports_fit() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut report = Report {
        schema_version: super::SCHEMA_VERSION,
        tool: super::Tool {
            name: "t".into(),
            version: "1.0.0".into(),
        },
        basis: super::Basis::Graph,
        notes: Vec::new(),
        summary: super::Summary::default(),
        artifacts: Vec::new(),
        findings: vec![crate::skew::findings::finding("no-sdk", "m".into())],
        texts: std::collections::BTreeMap::new(),
    };
    let fits = |report: &Report| {
        let json = serde_json::from_str(&super::json::render(report)).unwrap();
        validator.validate(&json).map_err(|error| error.to_string())
    };
    assert_eq!(fits(&report), Ok(()));
    let finding = &mut report.findings[0];
    finding.culprit = Some(super::Culprit {
        file: "Cargo.toml".into(),
        line: Some(1),
        column: None,
        requirement: "a = \"1\"".into(),
        span: (0, 1),
        inherited_by: Some("a/Cargo.toml".into()),
    });
    finding.evidence.push(super::Evidence {
        kind: super::EvidenceKind::Missing,
        package: None,
        file: Some("src/lib.rs".into()),
        line: Some(2),
        column: Some(3),
        text: "t".into(),
        source: None,
    });
    assert_eq!(fits(&report), Ok(()));
    let mut json = serde_json::to_value(&report).unwrap();
    json["findings"][0]["level"] = "loud".into();
    assert!(!validator.is_valid(&json));
}
