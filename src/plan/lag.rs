//! Whether to wait for a companion that has no release for a line yet, or to ask its owner.
//!
//! Everything rests on publication times in the index. A registry that gives none leaves the answer
//! open; nothing is guessed in its place.

use serde::Serialize;

use crate::matrix::{Cell, Companion, LineRow, Matrix};
use crate::registry::Timestamp;
use crate::skew::Line;

/// How many lines a companion must have followed before anything is called usual.
pub const NEEDED: usize = 3;

/// How many lines must have come out since a companion's latest release before its owner counts as
/// silent. One is not enough: everybody is behind for a while after a new line.
pub const SILENT_AFTER: usize = 2;

/// How long a companion usually takes, in whole days from a line's first release to the companion's
/// first release for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Lag {
    /// Of an even number of lines the lower of the two in the middle, so that it is a figure that
    /// was really seen.
    pub median: i64,
    pub lowest: i64,
    pub highest: i64,
    /// How many lines these figures come from: those that came out at or after the companion's first
    /// release, which it then served. Its very first line says nothing, if that was there before it.
    pub lines: usize,
    /// How many such lines it never served, though it serves a newer one.
    pub skipped: usize,
}

/// What to do about a companion and a line.
///
/// The reasons are asked in this order, and the first that holds decides: the line is served; nothing
/// is known of the companion or the line; the companion has gone on to a newer line; its owner is
/// silent; too few lines were followed to say; it is later than ever; wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "outlook", rename_all = "kebab-case")]
pub enum Outlook {
    /// There is a release for the line, or any release fits.
    Served,
    /// No release yet, and the companion is not later than it has been before.
    Wait { usual_days: Lag, today_days: i64 },
    /// A release is not to be expected by waiting: ask the owner.
    Escalate {
        reason: Reason,
        /// None where too few lines were followed to say.
        usual_days: Option<Lag>,
        /// Whole days since the line's first release, 0 while that lies ahead; none where the index
        /// gives no time.
        today_days: Option<i64>,
    },
    /// The index does not say enough.
    Unknown {
        reason: Gap,
        /// How many lines were measured, see [`Lag::lines`].
        measured: usize,
        /// How many are needed: [`NEEDED`].
        needed: usize,
        /// How many lines came out at or after the companion's first release, this one among them,
        /// that it does not serve.
        unserved: usize,
        today_days: Option<i64>,
    },
}

/// Why waiting is not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Reason {
    /// It serves this newer line: one that it has passed over is not made up for.
    Skipped {
        #[cfg_attr(test, schemars(with = "String"))]
        newer: Line,
    },
    /// No release of any kind while [`SILENT_AFTER`] lines or more came out.
    Silent {
        /// When its latest release came out.
        #[cfg_attr(test, schemars(with = "String"))]
        since: Timestamp,
        /// Whole days since then.
        days: i64,
        /// How many lines have come out since then.
        lines: usize,
    },
    /// More days than it has ever taken.
    Overdue,
}

/// What is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Gap {
    /// No index lists the companion's releases.
    NotListed,
    /// No release of the line is known.
    NoSuchLine,
    /// The index gives no publication time for the line, or for releases of the companion.
    NoDates,
    /// It has followed fewer than [`NEEDED`] lines.
    TooFewLines,
}

/// Whether to wait for a release of `companion` for `target`, as of `now`.
///
/// A release date after `now` counts as what it is for the order of releases, but no lag is counted
/// below 0.
pub fn outlook(matrix: &Matrix, companion: &Companion, target: Line, now: Timestamp) -> Outlook {
    let measured = Measured::new(matrix, companion, target);
    let row = matrix.line(target);
    let published = row.and_then(|row| row.published);
    let today_days = published.map(|published| now.days_since(published).max(0));
    let unknown = |reason| Outlook::Unknown {
        reason,
        measured: measured.days.len(),
        needed: NEEDED,
        unserved: measured.unserved,
        today_days,
    };
    let escalate = |reason| Outlook::Escalate {
        reason,
        usual_days: measured.lag(),
        today_days,
    };
    if companion.problem.is_some() {
        return unknown(Gap::NotListed);
    }
    if row.is_none() {
        return unknown(Gap::NoSuchLine);
    }
    if companion.serves(target) {
        return Outlook::Served;
    }
    if let Some(newer) = companion.newest.filter(|newest| *newest > target) {
        return escalate(Reason::Skipped { newer });
    }
    if let Some(silent) = silent(matrix, companion, now) {
        return escalate(silent);
    }
    match (measured.lag(), today_days) {
        (_, None) => unknown(Gap::NoDates),
        (None, _) if measured.undated => unknown(Gap::NoDates),
        (None, _) => unknown(Gap::TooFewLines),
        (Some(lag), Some(today)) if today > lag.highest => escalate(Reason::Overdue),
        (Some(usual_days), Some(today_days)) => Outlook::Wait {
            usual_days,
            today_days,
        },
    }
}

/// How a companion has followed the lines so far.
struct Measured {
    /// The lags, from low to high.
    days: Vec<i64>,
    skipped: usize,
    unserved: usize,
    /// Whether a line that it serves could not be measured for want of a date.
    undated: bool,
}

impl Measured {
    fn new(matrix: &Matrix, companion: &Companion, target: Line) -> Self {
        let usable = || companion.cells.iter().filter(|cell| cell.is_usable());
        let first = usable().filter_map(|cell| cell.first_published).min();
        let mut measured = Measured {
            days: Vec::new(),
            skipped: 0,
            unserved: 0,
            undated: usable().any(|cell| cell.lag_days.is_none()),
        };
        for row in matrix.lines.iter().filter(|row| came_out_after(row, first)) {
            match companion.cell(row.line).filter(|cell| cell.is_usable()) {
                Some(Cell { lag_days, .. }) if row.line != target => {
                    measured.days.extend(lag_days);
                }
                Some(_) => {}
                None => {
                    let newer = companion.newest.is_some_and(|newest| newest > row.line);
                    measured.unserved += 1;
                    measured.skipped += usize::from(newer);
                }
            }
        }
        measured.days.sort_unstable();
        measured
    }

    fn lag(&self) -> Option<Lag> {
        let (lowest, highest) = (*self.days.first()?, *self.days.last()?);
        (self.days.len() >= NEEDED).then(|| Lag {
            median: self.days[(self.days.len() - 1) / 2],
            lowest,
            highest,
            lines: self.days.len(),
            skipped: self.skipped,
        })
    }
}

/// Whether the line's first release came out at that moment or later.
fn came_out_after(row: &LineRow, moment: Option<Timestamp>) -> bool {
    row.published
        .zip(moment)
        .is_some_and(|(line, moment)| line >= moment)
}

/// Whether [`SILENT_AFTER`] lines have come out up to `now` since the companion's latest release.
fn silent(matrix: &Matrix, companion: &Companion, now: Timestamp) -> Option<Reason> {
    let since = companion.latest?;
    let lines = matrix
        .lines
        .iter()
        .filter_map(|row| row.published)
        .filter(|published| *published > since && *published <= now)
        .count();
    (lines >= SILENT_AFTER).then(|| Reason::Silent {
        since,
        days: now.days_since(since).max(0),
        lines,
    })
}

#[cfg(test)]
mod tests;
