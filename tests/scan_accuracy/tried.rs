//! Compares what a trial finds with what rustc reports.

use std::collections::BTreeSet;

use super::cases::RustcError;

/// File and line.
pub type Place = (String, usize);

/// How the two compare.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Places of rustc's errors as the crate stands: a line of a file counts once.
    pub places: usize,
    /// Of these, where the trial has one of the errors.
    pub found: usize,
    /// Places of the trial that are not stored.
    pub more: usize,
    /// The others, with what rustc says there.
    pub missed: Vec<String>,
}

pub fn compare(errors: &[RustcError], trial: &BTreeSet<Place>) -> Seen {
    let own = |error: &RustcError| (error.file.clone(), error.line);
    let errors: Vec<&RustcError> = errors.iter().filter(|error| error.round == 1).collect();
    let places: BTreeSet<Place> = errors.iter().map(|error| own(error)).collect();
    // An error has a place for each name that it speaks of, and the order is not fixed.
    let hit = |error: &&&RustcError| {
        let mut lines = error.spans.iter().flat_map(|&(first, last)| first..=last);
        trial.contains(&own(error)) || lines.any(|line| trial.contains(&(error.file.clone(), line)))
    };
    let hit: BTreeSet<Place> = errors.iter().filter(hit).map(|error| own(error)).collect();
    let missed = errors.iter().filter(|error| !hit.contains(&own(error)));
    let missed: BTreeSet<String> = missed
        .map(|error| format!("{}:{}: {}", error.file, error.line, error.message))
        .collect();
    Seen {
        places: places.len(),
        found: hit.len(),
        more: trial.difference(&places).count(),
        missed: missed.into_iter().collect(),
    }
}
