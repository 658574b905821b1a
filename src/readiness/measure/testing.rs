//! What measurements are made from, for tests.

use std::collections::BTreeMap;

use crate::plan::model::{PLAN_SCHEMA_VERSION, PlanReport};
use crate::report::{
    Artifact, ArtifactClass, ArtifactKind, ArtifactLine, Basis, Finding, Liveness, Report,
    SCHEMA_VERSION, Summary, Tool,
};

fn tool() -> Tool {
    Tool {
        name: "t".into(),
        version: "1.0.0".into(),
    }
}

/// A plan without options.
pub fn plan() -> PlanReport {
    PlanReport {
        schema_version: PLAN_SCHEMA_VERSION,
        tool: tool(),
        family: "Telemetry".into(),
        resolves: true,
        lines_today: Vec::new(),
        live: None,
        targets: Vec::new(),
        options: Vec::new(),
        recommended: None,
        because: "nobody planned".into(),
        notes: Vec::new(),
    }
}

fn artifact(id: &str, class: ArtifactClass) -> Artifact {
    Artifact {
        id: id.into(),
        package: "app".into(),
        package_id: "app".into(),
        name: "app".into(),
        kind: ArtifactKind::Bin,
        class,
        builds: vec!["-p app".into()],
        target: "here".into(),
        missing_features: Vec::new(),
        lines: vec![ArtifactLine {
            line: "0.3".into(),
            copies: Vec::new(),
            sdk: Vec::new(),
            exporters: Vec::new(),
            bridges: Vec::new(),
            introducers: Vec::new(),
            dependents: Vec::new(),
            live: Liveness::Set,
        }],
        singletons: Vec::new(),
        verdict: None,
    }
}

/// A report on an artifact that ships and one that does not.
pub fn report(findings: Vec<Finding>, basis: Basis) -> Report {
    Report {
        schema_version: SCHEMA_VERSION,
        tool: tool(),
        basis,
        notes: Vec::new(),
        summary: Summary::default(),
        artifacts: vec![
            artifact("app/bin/app", ArtifactClass::Linked),
            artifact("app/test/app", ArtifactClass::Development),
        ],
        findings,
        comparison: None,
        texts: BTreeMap::new(),
        folders: BTreeMap::new(),
    }
}
