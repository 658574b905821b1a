//! Risks from the plan: who is waited for, what behaves differently afterwards, what was not proven,
//! and what is left to hands.

use std::collections::BTreeMap;

use crate::plan::model::{Blocker, Outcome, PlanOption, Step};
use crate::readiness::ledger::digest;
use crate::readiness::model::{EvidenceKind, Impact, Probability, RiskKind, RiskStatus};
use crate::report::{Finding, Verdict, package_of};

use super::artifacts::{linking, of_findings};
use super::lag::probability;
use super::{Grounds, Risk, Saw};

/// Owners that have no release for a line that some option aims at.
pub fn blocked(grounds: &Grounds<'_>) -> Vec<Risk> {
    let mut waited: BTreeMap<&str, (&Blocker, Option<&str>)> = BTreeMap::new();
    for option in &grounds.plan.options {
        for blocker in &option.waits_for {
            let target = option.target.as_deref();
            waited.entry(&blocker.package).or_insert((blocker, target));
        }
    }
    let waited = waited.into_iter();
    waited
        .map(|(package, (blocker, target))| {
            let findings = grounds.report.findings.iter();
            let about = |one: &&Finding| one.introducer.as_deref().map(package_of) == Some(package);
            let findings: Vec<&Finding> = findings.filter(about).collect();
            let mut artifacts = of_findings(grounds.report, findings.iter().copied());
            if artifacts.is_empty() {
                artifacts = linking(grounds.report, package);
            }
            let verdicts = findings.iter().filter_map(|finding| finding.verdict);
            let mut mitigation = grounds.mitigation(package);
            mitigation.push(format!(
                "`cargo otel-check spec {package}` says what its owner has to change"
            ));
            let line = match target {
                Some(line) => format!(" for line {line}"),
                None => String::new(),
            };
            Risk {
                kind: RiskKind::BlockedOwner,
                about: package.to_owned(),
                package: Some(package.to_owned()),
                text: format!(
                    "no release of `{package}`{line} comes in time: {}",
                    blocker.because
                ),
                probability: probability(grounds.outlooks.get(package)),
                impact: Impact {
                    verdict: verdicts.min(),
                    artifacts,
                },
                mitigation,
                contingency: grounds.contingency(),
                status: grounds.status(package),
                saw: Saw {
                    kind: EvidenceKind::Plan,
                    also: None,
                    text: match &blocker.outlook {
                        Some(outlook) => format!("{} ({outlook})", blocker.because),
                        None => blocker.because.clone(),
                    },
                    command: Some(grounds.plan_command.to_owned()),
                },
            }
        })
        .collect()
}

/// What the options themselves bring.
pub fn risks(grounds: &Grounds<'_>) -> Vec<Risk> {
    let mut all = Vec::new();
    if let Some(option) = grounds.recommended() {
        for step in &option.steps {
            all.extend(behaviour(grounds, step));
        }
        all.extend(by_hand(grounds, option));
        all.extend(uncompiled(grounds, option));
    }
    all.extend(
        grounds
            .plan
            .options
            .iter()
            .filter_map(|option| unproven(grounds, option)),
    );
    all
}

fn behaviour(grounds: &Grounds<'_>, step: &Step) -> Vec<Risk> {
    let risks = step.risks.iter().map(|risk| {
        let tests = step.tests.iter();
        let back = (!step.rollback.is_empty()).then(|| step.rollback.join(" && "));
        Risk {
            kind: RiskKind::BehaviourChange,
            about: format!("{}:{}", step.package, short(&risk.text)),
            package: Some(step.package.clone()),
            text: format!(
                "`{}` behaves differently after step {}: {}",
                step.package, step.number, risk.text
            ),
            probability: Probability::Unknown {
                because: "whether the program relies on the old behaviour was not looked at".into(),
            },
            impact: Impact {
                verdict: None,
                artifacts: linking(grounds.report, &step.package),
            },
            mitigation: tests
                .map(|test| format!("`{test}` after step {}", step.number))
                .collect(),
            contingency: back
                .map(|commands| format!("undo step {}: `{commands}`", step.number))
                .into_iter()
                .collect(),
            status: RiskStatus::Open,
            saw: Saw {
                kind: EvidenceKind::Rule,
                also: Some(EvidenceKind::Plan),
                text: format!("{} ({})", risk.text, risk.source),
                command: None,
            },
        }
    });
    risks.collect()
}

/// What the proven result is warned of.
fn by_hand(grounds: &Grounds<'_>, option: &PlanOption) -> Vec<Risk> {
    let remains = option.remains.iter().map(|text| Risk {
        kind: RiskKind::ByHand,
        about: short(text),
        package: None,
        text: format!(
            "it is forgotten once option {:?} is carried out: {text}",
            option.id
        ),
        probability: Probability::Unknown {
            because: "it is left to people".into(),
        },
        impact: Impact {
            verdict: None,
            artifacts: match text.split(['@', ' ', '`']).find(|word| !word.is_empty()) {
                Some(package) => linking(grounds.report, package),
                None => Vec::new(),
            },
        },
        mitigation: vec!["`cargo otel-check check` names it until it is done".into()],
        contingency: grounds.contingency(),
        status: RiskStatus::Open,
        saw: Saw {
            kind: EvidenceKind::Plan,
            also: None,
            text: format!("the analysis of the proven result says: {text}"),
            command: Some(grounds.plan_command.to_owned()),
        },
    });
    remains.collect()
}

/// A plan that resolves need not compile.
fn uncompiled(grounds: &Grounds<'_>, option: &PlanOption) -> Option<Risk> {
    let proven = matches!(option.outcome, Outcome::Proven { .. });
    if !proven || option.steps.is_empty() || grounds.compiles == Some(true) {
        return None;
    }
    let (text, probability) = match grounds.compiles {
        Some(_) => ("does not compile", Probability::Present),
        None => (
            "resolves, and does not compile",
            Probability::Unknown {
                because: "it was not compiled; `--trial` does that".into(),
            },
        ),
    };
    Some(Risk {
        text: format!("option {:?} {text}", option.id),
        probability,
        mitigation: vec!["`cargo otel-check readiness --trial` compiles it in a copy".into()],
        ..about_plan(grounds, option, "compiles")
    })
}

fn unproven(grounds: &Grounds<'_>, option: &PlanOption) -> Option<Risk> {
    let because = match &option.outcome {
        Outcome::Unproven { because } => because,
        Outcome::Proven { .. } | Outcome::NothingToDo | Outcome::None { .. } => return None,
    };
    Some(Risk {
        text: format!("option {:?} does not hold: {because}", option.id),
        probability: Probability::Present,
        mitigation: Vec::new(),
        ..about_plan(grounds, option, "resolves")
    })
}

fn about_plan(grounds: &Grounds<'_>, option: &PlanOption, what: &str) -> Risk {
    let worst = grounds
        .report
        .findings
        .iter()
        .filter_map(|finding| finding.verdict)
        .min();
    let shipped = grounds
        .report
        .artifacts
        .iter()
        .filter(|one| one.class.is_shipped());
    let harmed = shipped.filter(|one| one.verdict.is_some_and(|one| one <= Verdict::TypeClash));
    let mut artifacts: Vec<String> = harmed.map(|one| one.id.clone()).collect();
    artifacts.sort();
    artifacts.dedup();
    Risk {
        kind: RiskKind::UnverifiedPlan,
        about: format!("{:?}:{what}", option.id).to_lowercase(),
        package: None,
        text: String::new(),
        probability: Probability::Present,
        impact: Impact {
            verdict: worst,
            artifacts,
        },
        mitigation: Vec::new(),
        contingency: grounds.contingency(),
        status: RiskStatus::Open,
        saw: Saw {
            kind: EvidenceKind::Plan,
            also: None,
            text: format!("option {:?}: {}", option.id, option.title),
            command: Some(grounds.plan_command.to_owned()),
        },
    }
}

/// A few digits that stay the same for the same words.
fn short(text: &str) -> String {
    digest(text.as_bytes()).chars().take(8).collect()
}
