//! Whatever findings, weights and severities there are: what is lost is no go.

use proptest::prelude::*;

use std::collections::BTreeMap;

use super::*;
use crate::policy::{Date, Policy};
use crate::readiness::criteria::unchanged;
use crate::readiness::measure::testing::{plan, report};
use crate::readiness::measure::{Compiled, Deferred, Exceptions};
use crate::readiness::model::{Category, Decision, InputKind, Severity};
use crate::readiness::settings::Settings;
use crate::report::{Basis, Finding};
use crate::skew::findings::{LINTS, code_of, finding, lint};

/// Findings with a verdict, and others, about what ships and what does not.
fn any_finding() -> impl Strategy<Value = Finding> {
    let verdict = prop_oneof![
        Just(Verdict::Lost),
        Just(Verdict::Split),
        Just(Verdict::TypeClash),
        Just(Verdict::Unknown),
        Just(Verdict::Latent),
        Just(Verdict::Confined),
        Just(Verdict::Benign)
    ];
    let verdict = proptest::option::weighted(0.7, verdict);
    let artifact = prop_oneof![
        3 => Just(Some("app/bin/app")),
        1 => Just(Some("app/test/app")),
        1 => Just(None)
    ];
    (verdict, 0..LINTS.len(), artifact).prop_map(|(verdict, number, artifact)| {
        let code = verdict.map_or(LINTS[number].code, code_of);
        Finding {
            verdict,
            artifact: artifact.map(str::to_owned),
            introducer: Some("one@1.0.0".into()),
            ..finding(code, format!("{code} of one@1.0.0"))
        }
    })
}

/// The program's criteria with any weight, severity and due date.
fn any_settings() -> impl Strategy<Value = Settings> {
    let severity = prop_oneof![
        Just(Severity::Blocker),
        Just(Severity::Condition),
        Just(Severity::Note)
    ];
    let due = prop_oneof![
        Just(Due::BeforeStart),
        Just(Due::BeforePhase(1)),
        Just(Due::Later)
    ];
    let count = unchanged().criteria.len();
    proptest::collection::vec((0..=100u64, severity, due), count).prop_map(|all| {
        let mut settings = unchanged();
        for (criterion, (weight, severity, due)) in settings.criteria.iter_mut().zip(all) {
            (criterion.weight, criterion.severity, criterion.due) = (weight, severity, due);
        }
        settings
    })
}

fn policy(code: Option<&str>) -> Option<Policy> {
    let text = format!(
        "[[exception]]\ncode = \"{}\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2999-01-01\n",
        code?
    );
    Some(Policy::parse(&text, &|code| lint(code).is_some()).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn never_go_while_something_is_lost(
        settings in any_settings(),
        findings in proptest::collection::vec(any_finding(), 0..5),
        resolves in proptest::bool::weighted(0.8),
        excepted in prop_oneof![Just(None), Just(Some("lost-telemetry")), Just(Some("unresolvable"))],
        compiled in prop_oneof![Just(None), Just(Some(Compiled::Yes)), Just(Some(Compiled::Refused { said: "no".into() }))],
    ) {
        let files = BTreeMap::new();
        let mut ledger = Ledger::default();
        let input = ledger.input(InputKind::Day, "2026-11-21", None);
        let rests = |_: EvidenceKind| vec![input.clone()];
        let policy = policy(excepted);
        let today: Date = "2026-11-21".parse().unwrap();
        let plan = plan();
        let ground = Ground {
            settings: &settings,
            exceptions: Exceptions { policy: policy.as_ref(), today },
            today,
            files: &files,
            target: Some("0.3".into()),
            plan: &plan,
            flags: "",
            spec_flags: "",
            aim: "",
        compile_command: "",
            rests: &rests,
            runs: None,
            specified: &[],
            rehearsed: None,
        };
        let basis = if resolves { Basis::Graph } else { Basis::Unresolvable };
        let report = report(findings.clone(), basis);
        let state = State {
            option: None,
        target: Some("0.3".into()),
            report: &report,
            deferred: Some(Deferred::default()),
            compiled,
            texts: BTreeMap::new(),
        };
        let assessment = assessment(&ground, &state, &mut ledger);
        let lost = findings.iter().filter(|one| {
            one.verdict == Some(Verdict::Lost) && one.artifact.as_deref() != Some("app/test/app")
        });
        let lost = lost.count();
        if lost > 0 || !resolves {
            prop_assert_ne!(assessment.decision, Decision::Go);
        }
        if !resolves || (lost > 0 && excepted != Some("lost-telemetry")) {
            prop_assert_eq!(assessment.decision, Decision::NoGo);
        }
        // The score, added up in another way.
        let weight = |kinds: &[&str], category: Option<Category>| -> u64 {
            let rows = assessment.criteria.iter();
            rows.filter(|row| category.is_none_or(|category| row.category == category))
                .filter(|row| kinds.contains(&match row.result {
                    Measured::Met { .. } => "met",
                    Measured::Unmet { .. } => "unmet",
                    Measured::NotMeasured { .. } => "not",
                }))
                .map(|row| row.weight)
                .sum()
        };
        let mut scores = vec![(None, &assessment.score)];
        scores.extend(assessment.categories.iter().map(|one| (Some(one.category), &one.score)));
        for (category, score) in scores {
            prop_assert_eq!(score.met, weight(&["met"], category));
            prop_assert_eq!(score.measured, weight(&["met", "unmet"], category));
            prop_assert_eq!(score.all, weight(&["met", "unmet", "not"], category));
            prop_assert!(!score.evidence.is_empty());
        }
        // A blocker that was not measured forbids a GO, and so does one that is not met.
        for row in &assessment.criteria {
            prop_assert!(!row.evidence.is_empty());
            if row.severity == Severity::Blocker && !matches!(row.result, Measured::Met { .. }) {
                prop_assert_ne!(assessment.decision, Decision::Go);
            }
        }
        let (evidence, inputs) = ledger.into_parts();
        prop_assert!(evidence.iter().all(|one| !one.inputs.is_empty()));
        prop_assert!(!inputs.is_empty());
    }
}
