//! Scores: weights, added up.

use super::ledger::{Ledger, Seen};
use super::measure::Ground;
use super::model::{Category, CategoryScore, CriterionRow, EvidenceKind, Measured, Score};

/// Every category, in the order of documents.
pub const CATEGORIES: [Category; 5] = [
    Category::Technical,
    Category::Documentation,
    Category::Infrastructure,
    Category::Operational,
    Category::Risk,
];

/// The sums of some weights, each with what came of measuring.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    pub met: u64,
    pub measured: u64,
    pub all: u64,
    pub arithmetic: String,
}

/// Adds up. What was not measured counts neither for nor against.
pub fn sums<'m>(weights: impl Iterator<Item = (u64, &'m Measured)>) -> Sums {
    let (mut met, mut measured) = (Vec::new(), Vec::new());
    let mut all: u64 = 0;
    for (weight, result) in weights {
        all = all.saturating_add(weight);
        match result {
            Measured::Met { .. } => {
                met.push(weight);
                measured.push(weight);
            }
            Measured::Unmet { .. } => measured.push(weight),
            Measured::NotMeasured { .. } => {}
        }
    }
    let sum = |weights: &[u64]| {
        weights
            .iter()
            .fold(0, |sum: u64, one| sum.saturating_add(*one))
    };
    Sums {
        met: sum(&met),
        measured: sum(&measured),
        all,
        arithmetic: format!("{} of {}", written(&met), written(&measured)),
    }
}

/// Weights that count, with plus signs.
fn written(weights: &[u64]) -> String {
    let counting = weights.iter().filter(|weight| **weight > 0);
    let words: Vec<String> = counting.map(ToString::to_string).collect();
    match words.is_empty() {
        true => "0".into(),
        false => words.join(" + "),
    }
}

impl Sums {
    /// As a document has it.
    pub fn score(self, evidence: Vec<String>) -> Score {
        Score {
            met: self.met,
            measured: self.measured,
            all: self.all,
            percent: percent(self.met, self.measured),
            covered: percent(self.measured, self.all),
            arithmetic: self.arithmetic,
            evidence,
        }
    }
}

/// A part of a whole in whole percent, rounded down; none of nothing.
fn percent(part: u64, whole: u64) -> Option<u64> {
    let (part, whole) = (u128::from(part), u128::from(whole));
    let percent = (part * 100).checked_div(whole)?;
    u64::try_from(percent).ok()
}

/// The score of all criteria, and that of each category that has any.
pub fn scores(
    criteria: &[CriterionRow],
    ground: &Ground<'_>,
    ledger: &mut Ledger,
) -> (Score, Vec<CategoryScore>) {
    let whole: Vec<&CriterionRow> = criteria.iter().collect();
    let score = of_rows(&whole, "all criteria", ground, ledger);
    let mut categories = Vec::new();
    for category in CATEGORIES {
        let rows = criteria.iter().filter(|row| row.category == category);
        let rows: Vec<&CriterionRow> = rows.collect();
        if !rows.is_empty() {
            let what = format!("the criteria of the category {}", category.name());
            let score = of_rows(&rows, &what, ground, ledger);
            categories.push(CategoryScore { category, score });
        }
    }
    (score, categories)
}

fn of_rows(rows: &[&CriterionRow], what: &str, ground: &Ground<'_>, ledger: &mut Ledger) -> Score {
    let sums = sums(rows.iter().map(|row| (row.weight, &row.result)));
    let evidence: Vec<String> = rows.iter().flat_map(|row| row.evidence.clone()).collect();
    let mut inputs = (ground.rests)(EvidenceKind::Sum);
    for input in ledger.inputs_of(&evidence) {
        if !inputs.contains(&input) {
            inputs.push(input);
        }
    }
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let id = ledger.evidence(Seen {
        kind: EvidenceKind::Sum,
        text: format!(
            "the weights of {what}, {}, added up: {}",
            ids.join(", "),
            sums.arithmetic
        ),
        command: None,
        run: None,
        inputs,
    });
    sums.score(vec![id])
}
