//! The JSON Schema of the report: committed, and made anew from the types by a test.

use std::path::Path;

use super::Report;

/// The schema of a type that a renderer writes as JSON.
pub struct Committed {
    text: String,
    validator: jsonschema::Validator,
}

impl Committed {
    pub fn of<T: schemars::JsonSchema>() -> Self {
        let schema = schemars::schema_for!(T);
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        let validator = jsonschema::validator_for(schema.as_value()).unwrap();
        Self { text, validator }
    }

    /// That a file, from the package's folder, is this schema. With `UPDATE_SCHEMA` set it is written.
    pub fn stands_in(&self, file: &str) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(&path, &self.text).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == self.text,
            "{file} is not the schema of its type; `UPDATE_SCHEMA=1 cargo test --lib schema` writes it"
        );
    }

    /// Whether a rendered text fits, and if not, why.
    pub fn fits(&self, rendered: &str) -> Result<(), String> {
        let json = serde_json::from_str(rendered).unwrap();
        let valid = self.validator.validate(&json);
        valid.map_err(|error| error.to_string())
    }
}

#[test]
fn committed_schema_is_that_of_the_types() {
    Committed::of::<Report>().stands_in("docs/report.schema.json");
}

/// What the renderer writes fits the schema, with every optional part there and with none.
#[test]
fn rendered_reports_fit() {
    let schema = Committed::of::<Report>();
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
        comparison: None,
        texts: std::collections::BTreeMap::new(),
        folders: std::collections::BTreeMap::new(),
    };
    let fits = |report: &Report| schema.fits(&super::json::render(report));
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
    assert!(schema.fits(&json.to_string()).is_err());
}
