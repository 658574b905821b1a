//! The compatibility matrix in each format.

pub mod csv;
pub mod human;
pub mod json;
pub mod markdown;

#[cfg(test)]
pub(super) mod testing;

use std::collections::{BTreeMap, BTreeSet};

use crate::matrix::{Cell, Companion, Matrix};
use crate::skew::Line;

/// The versions of each package in the workspace, by line; under no line where it links none.
pub(super) fn workspace_cells(
    matrix: &Matrix,
) -> BTreeMap<&str, BTreeMap<Option<Line>, Vec<String>>> {
    let mut cells: BTreeMap<&str, BTreeMap<Option<Line>, Vec<String>>> = BTreeMap::new();
    for row in &matrix.workspace {
        let lines: Vec<Option<Line>> = match row.lines.as_slice() {
            [] => vec![None],
            lines => lines.iter().copied().map(Some).collect(),
        };
        for line in lines {
            let versions = cells.entry(&row.name).or_default().entry(line).or_default();
            let version = row.version.to_string();
            // Two packages of one version come from different places.
            if !versions.contains(&version) {
                versions.push(version);
            }
        }
    }
    cells
}

/// The lines that the workspace links, with none where some package links none.
pub(super) fn workspace_lines(matrix: &Matrix) -> BTreeSet<Option<Line>> {
    workspace_cells(matrix)
        .values()
        .flat_map(|cells| cells.keys().copied())
        .collect()
}

/// The lines worth a column: from the oldest in use on, else all that a companion serves.
pub(super) fn registry_lines(matrix: &Matrix) -> Vec<Line> {
    let oldest_in_use = matrix.lines.iter().find(|row| row.in_use);
    let oldest_served = matrix
        .lines
        .iter()
        .find(|row| matrix.companions.iter().any(|c| c.cell(row.line).is_some()));
    let first = oldest_in_use.or(oldest_served).map(|row| row.line);
    matrix
        .lines
        .iter()
        .map(|row| row.line)
        .filter(|line| first.is_none_or(|first| *line >= first))
        .collect()
}

/// What a companion has for a line, in words that need no escaping but for the version.
pub(super) fn cell_text(cell: &Cell) -> String {
    let Some(pick) = cell.pick() else {
        return String::new();
    };
    let mut text = pick.version.to_string();
    for (is, mark) in marks(cell) {
        if is {
            text.push_str(mark);
        }
    }
    if let Some(days) = cell.lag_days {
        text.push_str(&format!(" +{days}d"));
    }
    text
}

fn marks(cell: &Cell) -> [(bool, &'static str); 3] {
    let pick = cell.pick();
    [
        (pick.is_some_and(|pick| !pick.features.is_empty()), "*"),
        (
            pick.is_some_and(|pick| !pick.fresh && !pick.conflicting),
            "~",
        ),
        (!cell.is_usable(), "!"),
    ]
}

/// What the marks in use mean.
pub(super) fn legend(companions: &[Companion], lines: &[Line]) -> Vec<&'static str> {
    let texts = [
        "+Nd: days from the line's first release to the dependency's first one for it",
        "*: by feature",
        "~: its requirement admits the line, but a fresh resolve picks a newer one",
        "!: it asks for another line as well",
    ];
    let cells = || {
        companions
            .iter()
            .flat_map(|companion| lines.iter().filter_map(|line| companion.cell(*line)))
    };
    let mut found = Vec::new();
    if cells().any(|cell| cell.lag_days.is_some()) {
        found.push(texts[0]);
    }
    for at in 0..3 {
        if cells().any(|cell| marks(cell)[at].0) {
            found.push(texts[at + 1]);
        }
    }
    found
}

/// The features that choose each of the lines, for a companion of which they do.
pub(super) fn features(companion: &Companion, lines: &[Line]) -> Vec<(Line, Vec<String>)> {
    lines
        .iter()
        .filter_map(|line| {
            let pick = companion.cell(*line)?.pick()?;
            (!pick.features.is_empty()).then(|| (*line, pick.features.clone()))
        })
        .collect()
}
