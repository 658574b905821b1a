//! What the criteria say of a state, and what follows.

use crate::report::Verdict;

use super::decide::{self, decide};
use super::ledger::Ledger;
use super::measure::{self, Ground, Saw, State};
use super::model::{Assessment, Due, EvidenceKind, Measured, Obstacle};
use super::score;
use super::settings::Measure;

/// What the criteria say of a state, and what follows.
pub(super) fn assessment(
    ground: &Ground<'_>,
    state: &State<'_>,
    ledger: &mut Ledger,
) -> Assessment {
    let (criteria, owners) = measure::rows(ground, state, ledger);
    let losses = measure::lost(ground, state, ledger);
    let by = |measures: fn(&Measure) -> bool| {
        let all = ground.settings.criteria.iter();
        let all = all.filter(move |one| measures(&one.measure));
        all.map(|one| one.id.clone()).collect::<Vec<String>>()
    };
    let about_losses = by(|measure| match measure {
        Measure::NoFinding { codes, verdicts } => {
            verdicts.contains(&Verdict::Lost) || codes.iter().any(|code| code == "lost-telemetry")
        }
        _ => false,
    });
    let resolves = by(|measure| *measure == Measure::Resolves);
    let unresolvable = (!state.resolves()).then(|| {
        let row = criteria.iter().find(|row| resolves.contains(&row.id));
        let (text, help) = match row.map(|row| &row.result) {
            Some(Measured::Unmet { text, help }) => (text.clone(), help.clone()),
            Some(Measured::Met { .. } | Measured::NotMeasured { .. }) | None => {
                ("cargo does not resolve the workspace".into(), Vec::new())
            }
        };
        let saw = Saw::new(EvidenceKind::Check, text.clone());
        Obstacle {
            due: Due::BeforeStart,
            criterion: row.map(|row| row.id.clone()),
            text,
            help,
            owner: None,
            until: None,
            evidence: match row {
                Some(row) => row.evidence.clone(),
                None => vec![measure::noted(saw, ground, ledger)],
            },
        }
    });
    let facts = decide::Facts {
        unresolvable: unresolvable.as_ref(),
        losses: &losses,
        criteria: &criteria,
        about_losses: &about_losses,
    };
    let decided = decide(&facts, &|row| owners.get(&row.id).cloned());
    let (score, categories) = score::scores(&criteria, ground, ledger);
    Assessment {
        decision: decided.decision,
        because: decided.because,
        blockers: decided.blockers,
        conditions: decided.conditions,
        score,
        categories,
        criteria,
    }
}

#[cfg(test)]
#[path = "assess/tests.rs"]
mod tests;
