//! Parts of a report, with one of everything.

mod criteria;
mod options;
mod phases;
mod register;
mod verified;

use crate::readiness::model::{Due, Obstacle, Score};

pub use criteria::assessment;
pub use options::{dependencies, options};
pub use phases::phases;
pub use register::{evidence, inputs, risks};
pub use verified::verifications;

pub fn text(text: &str) -> String {
    text.to_owned()
}

/// Ids of evidence.
pub fn ids<const N: usize>(numbers: [u32; N]) -> Vec<String> {
    numbers.iter().map(|number| format!("e{number}")).collect()
}

pub fn score(met: u64, measured: u64, all: u64, arithmetic: &str, evidence: u32) -> Score {
    Score {
        met,
        measured,
        all,
        percent: (met * 100).checked_div(measured),
        covered: (measured * 100).checked_div(all),
        arithmetic: arithmetic.into(),
        evidence: ids([evidence]),
    }
}

pub fn obstacle(due: Due, criterion: &str, text: &str, evidence: u32) -> Obstacle {
    Obstacle {
        due,
        criterion: Some(criterion.into()),
        text: text.into(),
        help: vec![format!(
            "`cargo otel-check plan` says what to do about {criterion}"
        )],
        owner: None,
        until: None,
        evidence: ids([evidence]),
    }
}
