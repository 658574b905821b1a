//! Whether a certificate fits together: the seal, the subjects, what the evidence rests on, and that
//! score and decision follow from the criteria that stand in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::readiness::certificate::{Certificate, Predicate, flags, subjects};
use crate::readiness::model::{
    Assessment, CriterionRow, Decision, InputKind, Measured, Obstacle, Score, Severity,
};
use crate::readiness::score::sums;
use crate::report::escape::terminal;

/// Everything that cannot be so in what this program writes, one sentence each; empty where it fits.
pub fn contradictions(certificate: &Certificate) -> Vec<String> {
    let Certificate {
        subjects: named,
        predicate,
        seal: (sealed, found),
        ..
    } = certificate;
    let mut wrong = Vec::new();
    if sealed != found {
        wrong.push(format!(
            "the seal is {}, and that of the content {found}",
            terminal(&sealed.chars().take(80).collect::<String>())
        ));
    }
    if *named != subjects(&predicate.inputs) {
        wrong.push("the subjects are not those of the inputs".to_owned());
    }
    if predicate.tool.name != env!("CARGO_PKG_NAME") {
        wrong.push("it is not of this program".to_owned());
    }
    if predicate.flags != flags(&predicate.inputs) {
        wrong.push("the flags are not those among the inputs".to_owned());
    }
    for input in &predicate.inputs {
        match input.kind {
            InputKind::Day if input.name != predicate.date => {
                wrong.push("the day is not that among the inputs".to_owned());
            }
            InputKind::Day | InputKind::Flags | InputKind::Toolchain if input.sha256.is_some() => {
                let id = terminal(&input.id);
                wrong.push(format!("input {id} is a word, and has a digest"));
            }
            _ => {}
        }
    }
    rests(predicate, &mut wrong);
    score(&predicate.assessment, &mut wrong);
    decision(&predicate.assessment, &mut wrong);
    wrong
}

/// Ids are unique, and whatever they name is there.
fn rests(predicate: &Predicate, wrong: &mut Vec<String>) {
    let inputs: BTreeSet<&str> = predicate.inputs.iter().map(|one| one.id.as_str()).collect();
    let evidence: BTreeSet<&str> = predicate
        .evidence
        .iter()
        .map(|one| one.id.as_str())
        .collect();
    let twice = inputs.len() < predicate.inputs.len() || evidence.len() < predicate.evidence.len();
    if twice {
        wrong.push("an id stands twice".to_owned());
    }
    for one in &predicate.evidence {
        let known = one.inputs.iter().all(|id| inputs.contains(id.as_str()));
        if one.inputs.is_empty() || !known {
            let id = terminal(&one.id);
            wrong.push(format!("evidence {id} rests on no input that is there"));
        }
    }
    for row in &predicate.assessment.criteria {
        let known = row.evidence.iter().all(|id| evidence.contains(id.as_str()));
        if row.evidence.is_empty() || !known {
            let id = terminal(&row.id);
            wrong.push(format!("criterion {id} rests on no evidence that is there"));
        }
    }
}

/// Sums and shares.
fn score(assessment: &Assessment, wrong: &mut Vec<String>) {
    let mut look = |what: &str, score: &Score, rows: &[&CriterionRow]| {
        let weights = rows.iter().map(|row| (row.weight, &row.result));
        let expected = sums(weights).score(score.evidence.clone());
        if *score == expected {
            return;
        }
        let told = |one: &Score| {
            let Score {
                met, measured, all, ..
            } = one;
            let arithmetic: String = one.arithmetic.chars().take(80).collect();
            let share = |share: Option<u64>| share.map_or("no".to_owned(), |one| one.to_string());
            format!(
                "{met} of {measured} of {all} ({}; {} % of {} %)",
                terminal(&arithmetic),
                share(one.percent),
                share(one.covered)
            )
        };
        wrong.push(format!(
            "the score {what} is {}, and its criteria give {}",
            told(score),
            told(&expected)
        ));
    };
    let rows: Vec<&CriterionRow> = assessment.criteria.iter().collect();
    look("of all", &assessment.score, &rows);
    for one in &assessment.categories {
        let rows = rows.iter().filter(|row| row.category == one.category);
        look(
            "of a category",
            &one.score,
            &rows.copied().collect::<Vec<_>>(),
        );
    }
}

/// What the rule asks, as far as the criteria show it: what is lost or cannot be resolved stands among
/// the blockers without a criterion, and is measured again.
fn decision(assessment: &Assessment, wrong: &mut Vec<String>) {
    let Assessment {
        decision,
        blockers,
        conditions,
        criteria,
        ..
    } = assessment;
    let is = decision.name();
    match decision {
        Decision::NoGo if blockers.is_empty() => {
            wrong.push(format!("it is {is}, and nothing stands against a GO"));
        }
        Decision::ConditionalGo | Decision::Go if !blockers.is_empty() => {
            wrong.push(format!("it is {is}, and something stands against a GO"));
        }
        Decision::ConditionalGo if conditions.is_empty() => {
            wrong.push(format!("it is {is}, without a condition"));
        }
        Decision::Go if !conditions.is_empty() => {
            wrong.push(format!("it is {is}, and has conditions"));
        }
        Decision::NoGo | Decision::ConditionalGo | Decision::Go => {}
    }
    let by_id: BTreeMap<&str, &CriterionRow> =
        criteria.iter().map(|row| (row.id.as_str(), row)).collect();
    if by_id.len() < criteria.len() {
        wrong.push("a criterion stands twice".to_owned());
    }
    for row in criteria {
        let least = worst(row);
        if *decision > least {
            wrong.push(format!(
                "it is {is}, and criterion {} lets it be {} at best",
                terminal(&row.id),
                least.name()
            ));
        }
    }
    let mut explained =
        |what: &str, obstacles: &[Obstacle], may: &dyn Fn(&CriterionRow) -> bool| {
            let named = obstacles.iter().filter_map(|one| one.criterion.as_deref());
            for id in named.filter(|id| !by_id.get(id).is_some_and(|row| may(row))) {
                let id = terminal(id);
                wrong.push(format!(
                    "criterion {id} is no {what}, and stands among them"
                ));
            }
        };
    let unmet = |row: &CriterionRow| matches!(row.result, Measured::Unmet { .. });
    explained("blocker", blockers, &|row| {
        unmet(row) && row.severity == Severity::Blocker
    });
    explained("condition", conditions, &|row| {
        !matches!(row.result, Measured::Met { .. }) && row.severity != Severity::Note
    });
}

/// The best decision that a criterion allows. Of one that is let through in part, the rest may be a
/// blocker all the same.
fn worst(row: &CriterionRow) -> Decision {
    match (&row.result, row.severity, row.let_through.is_empty()) {
        (Measured::Met { .. }, _, _)
        | (_, Severity::Note, _)
        | (Measured::NotMeasured { .. }, Severity::Condition, _)
        | (Measured::Unmet { .. }, Severity::Condition, false) => Decision::Go,
        (Measured::Unmet { .. }, Severity::Blocker, true) => Decision::NoGo,
        (Measured::Unmet { .. } | Measured::NotMeasured { .. }, Severity::Blocker, _)
        | (Measured::Unmet { .. }, Severity::Condition, true) => Decision::ConditionalGo,
    }
}
