//! The options of the plan, each with what the criteria say of its result.

use std::collections::BTreeMap;

use crate::plan::model::{OptionId, Outcome, PlanOption};

use super::Ledger;
use super::measure::{Ground, Saw, name, noted};
use super::model::{Assessment, EvidenceKind, OptionRow};

/// A row for each option that was worked out.
pub fn rows(
    ground: &Ground<'_>,
    mut assessments: BTreeMap<OptionId, Assessment>,
    ledger: &mut Ledger,
) -> Vec<OptionRow> {
    let options = ground.plan.options.iter();
    options
        .map(|option| {
            let saw = Saw::new(EvidenceKind::Plan, said(option)).by(ground.plan_command());
            OptionRow {
                id: option.id,
                title: option.title.clone(),
                target: option.target.clone(),
                outcome: option.outcome.clone(),
                edits: option.cost.map(|cost| cost.edits),
                loses: option.loses.clone(),
                remains: option.remains.clone(),
                waits_for: option
                    .waits_for
                    .iter()
                    .map(|one| one.package.clone())
                    .collect(),
                assessment: assessments.remove(&option.id),
                evidence: vec![noted(saw, ground, ledger)],
            }
        })
        .collect()
}

/// What came of an option, in a sentence.
pub(super) fn said(option: &PlanOption) -> String {
    let name = name(option.id);
    let line = match &option.target {
        Some(line) => format!(" to line {line}"),
        None => String::new(),
    };
    match &option.outcome {
        Outcome::Proven { .. } => format!(
            "option {name}{line} is proven: cargo resolves what it leaves, and nothing of it is denied"
        ),
        Outcome::NothingToDo => format!("option {name}{line} has nothing to do"),
        Outcome::Unproven { because } => {
            format!("option {name}{line} was tried, and does not hold: {because}")
        }
        Outcome::None { because } => format!("there is no option {name}{line}: {because}"),
    }
}
