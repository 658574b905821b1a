//! A report that fits together, for tests of what is made of reports.

use super::Ledger;
use super::ledger::Seen;
use super::model::{
    Assessment, Category, CategoryScore, CriterionRow, Decision, DependencyCheck, DependencyRow,
    DependencyStatus, Due, EvidenceKind, Impact, InputKind, LetThrough, Measured, Obstacle,
    Probability, READINESS_SCHEMA_VERSION, Readiness, RiskKind, RiskRow, RiskStatus, Score,
    Severity,
};
use super::score::sums;
use crate::plan::model::{Action, OptionId};
use crate::report::{Tool, Verdict};

/// What one criterion came to.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: &'static str,
    pub weight: u64,
    pub severity: Severity,
    pub result: Measured,
    pub let_through: bool,
}

impl Row {
    pub fn new(id: &'static str, weight: u64, severity: Severity, result: Measured) -> Self {
        Self {
            id,
            weight,
            severity,
            result,
            let_through: false,
        }
    }
}

pub fn met(text: &str) -> Measured {
    Measured::Met { text: text.into() }
}

pub fn unmet(text: &str) -> Measured {
    let help = vec!["`cargo otel-check plan` says what to do".into()];
    Measured::Unmet {
        text: text.into(),
        help,
    }
}

pub fn not_measured(because: &str) -> Measured {
    Measured::NotMeasured {
        because: because.into(),
        help: vec!["`--run`".into()],
    }
}

/// The rows of a NO-GO: two blockers, of which one is not met, a condition, a note.
pub fn rows() -> Vec<Row> {
    vec![
        Row::new("resolves", 10, Severity::Blocker, met("cargo resolves it")),
        Row::new(
            "nothing-lost",
            10,
            Severity::Blocker,
            unmet("uplink@1.4.0 is lost"),
        ),
        Row::new(
            "on-target",
            5,
            Severity::Condition,
            unmet("one artifact is not"),
        ),
        Row::new(
            "smoke-test",
            3,
            Severity::Note,
            not_measured("`--run` was not given"),
        ),
    ]
}

pub fn score(rows: &[&Row], evidence: &[String]) -> Score {
    sums(rows.iter().map(|row| (row.weight, &row.result))).score(evidence.to_vec())
}

/// What follows from rows.
pub fn assessment(rows: &[Row], evidence: &[String]) -> Assessment {
    let mut blockers = Vec::new();
    let mut conditions = Vec::new();
    for row in rows {
        let obstacle = |text: &str| Obstacle {
            due: Due::BeforeStart,
            criterion: Some(row.id.into()),
            text: text.into(),
            help: Vec::new(),
            owner: None,
            until: None,
            evidence: evidence.to_vec(),
        };
        match (&row.result, row.severity) {
            (Measured::Unmet { text, .. }, Severity::Blocker) if !row.let_through => {
                blockers.push(obstacle(text));
            }
            (Measured::Unmet { text, .. }, Severity::Blocker | Severity::Condition) => {
                conditions.push(obstacle(text));
            }
            (Measured::NotMeasured { because, .. }, Severity::Blocker) => {
                conditions.push(obstacle(because));
            }
            _ => {}
        }
    }
    let decision = match (blockers.is_empty(), conditions.is_empty()) {
        (false, _) => Decision::NoGo,
        (true, false) => Decision::ConditionalGo,
        (true, true) => Decision::Go,
    };
    let all: Vec<&Row> = rows.iter().collect();
    let score = score(&all, evidence);
    let let_through = |row: &Row| LetThrough {
        reason: format!("{} waits", row.id),
        owner: Some("edge team".into()),
        until: Some("2027-01-31".into()),
    };
    let criteria = rows.iter().map(|row| CriterionRow {
        id: row.id.into(),
        title: format!("{} holds", row.id),
        category: Category::Technical,
        weight: row.weight,
        severity: row.severity,
        due: Due::BeforeStart,
        measure: "a finding of `check`".into(),
        result: row.result.clone(),
        let_through: row
            .let_through
            .then(|| let_through(row))
            .into_iter()
            .collect(),
        evidence: evidence.to_vec(),
        from: "rules/readiness.toml".into(),
    });
    Assessment {
        decision,
        because: "by the rule".into(),
        blockers,
        conditions,
        categories: vec![CategoryScore {
            category: Category::Technical,
            score: score.clone(),
        }],
        score,
        criteria: criteria.collect(),
    }
}

/// A report with these rows, made from a few inputs.
pub fn report(rows: &[Row]) -> Readiness {
    let mut ledger = Ledger::default();
    let lock = ledger.content(InputKind::Lock, "Cargo.lock", b"lock");
    let mut inputs = vec![
        lock,
        ledger.content(InputKind::Manifest, "Cargo.toml", b"manifest"),
        ledger.content(InputKind::Source, "agent/**/*.rs", b"sources"),
        ledger.input(InputKind::Policy, "otel-check.toml", None),
        ledger.content(InputKind::Rules, "rules", b"rules"),
        ledger.content(InputKind::Criteria, "rules/readiness.toml", b"criteria"),
        ledger.content(InputKind::Index, "alpha", b"alpha"),
    ];
    inputs.push(ledger.input(InputKind::Flags, "--workspace", None));
    inputs.push(ledger.input(InputKind::Toolchain, "cargo 1.0.0, rustc 1.0.0, here", None));
    inputs.push(ledger.input(InputKind::Day, "2026-12-31", None));
    let evidence = vec![ledger.evidence(Seen {
        kind: EvidenceKind::Check,
        text: "what `check` found".into(),
        command: Some("cargo otel-check check".into()),
        run: None,
        inputs,
    })];
    let assessment = assessment(rows, &evidence);
    let dependencies = vec![dependency(&evidence)];
    let risks = vec![risk(&evidence)];
    let (evidence, inputs) = ledger.into_parts();
    Readiness {
        schema_version: READINESS_SCHEMA_VERSION,
        tool: Tool {
            name: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
        },
        family: "Example".into(),
        date: "2026-12-31".into(),
        target: Some("0.27".into()),
        target_because: "providers of it are installed".into(),
        assessment,
        dependencies,
        options: Vec::new(),
        recommended: Some(OptionId::A),
        recommended_because: "it is the only one".into(),
        phases: None,
        risks,
        evidence,
        inputs,
        notes: Vec::new(),
    }
}

fn dependency(evidence: &[String]) -> DependencyRow {
    let row = Row::new("", 1, Severity::Note, unmet("0.21 is not"));
    DependencyRow {
        package: "alpha".into(),
        current: vec!["0.21.0".into()],
        lines: vec!["0.21".into()],
        target: Some("0.27.1".into()),
        status: DependencyStatus::Moves {
            action: Action::Bump,
        },
        checks: vec![DependencyCheck {
            title: "every version in use is of the target line".into(),
            result: unmet("0.21 is not"),
            evidence: evidence.to_vec(),
        }],
        score: score(&[&row], evidence),
        evidence: evidence.to_vec(),
    }
}

fn risk(evidence: &[String]) -> RiskRow {
    RiskRow {
        id: "behaviour-change:alpha".into(),
        kind: RiskKind::BehaviourChange,
        text: "alpha behaves differently".into(),
        probability: Probability::Present,
        impact: Impact {
            verdict: Some(Verdict::Lost),
            artifacts: vec!["agent/bin/agent".into()],
        },
        mitigation: Vec::new(),
        contingency: Vec::new(),
        status: RiskStatus::Planned { step: 1 },
        owner: None,
        evidence: evidence.to_vec(),
    }
}
