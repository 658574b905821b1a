//! Each dependency beside the target.

use crate::readiness::model::{DependencyRow, DependencyStatus, Measured};
use crate::report::plan::words as plan_words;

use super::super::blocks::{
    Block, Line, Part, Table, below, beside, code, or_dash, prose, sentences, text,
};
use super::super::words;
use super::{About, marked};

pub fn part(about: About<'_>) -> Option<Part> {
    super::part(
        "dependencies",
        "Dependencies",
        [overview(about).block(), checks(about)],
    )
}

/// One row each: where it is, where it should be, and what that takes.
pub fn overview(about: About<'_>) -> Table {
    let heads = [
        "dependency",
        "target",
        "current",
        "line",
        "score",
        "status",
        "evidence",
    ];
    let mut table = Table::new("Dependencies beside the target", heads);
    let rows = about.report.dependencies.iter().map(|row| {
        vec![
            code(&row.package),
            or_dash(row.target.as_ref().map(text).unwrap_or_default()),
            or_dash(text_of(&row.current)),
            or_dash(text_of(&row.lines)),
            text(words::short_score(&row.score)),
            status(row),
            or_dash(about.refs(&evidence(row))),
        ]
    });
    table.rows.extend(rows);
    table
}

fn text_of(all: &[String]) -> Line {
    match all.is_empty() {
        true => Line::new(),
        false => text(all.join(", ")),
    }
}

/// What the row rests on, and its score.
fn evidence(row: &DependencyRow) -> Vec<String> {
    let mut all = row.evidence.clone();
    let score = row.score.evidence.iter();
    let new: Vec<String> = score.filter(|id| !all.contains(id)).cloned().collect();
    all.extend(new);
    all
}

pub fn status(row: &DependencyRow) -> Line {
    let measured = !row.checks.iter().any(|check| match check.result {
        Measured::NotMeasured { .. } => true,
        Measured::Met { .. } | Measured::Unmet { .. } => false,
    });
    let because = match &row.status {
        DependencyStatus::Ready => Line::new(),
        DependencyStatus::Moves { action } => text(plan_words::action(*action))
            .into_iter()
            .chain(text(" it"))
            .collect(),
        DependencyStatus::Changes { steps } => {
            let numbers: Vec<String> = steps.iter().map(ToString::to_string).collect();
            let steps = if numbers.len() == 1 { "step" } else { "steps" };
            text(format!(
                "its manifest changes in {steps} {}",
                numbers.join(", ")
            ))
        }
        DependencyStatus::Follows => text("it goes along with others"),
        DependencyStatus::Deferred { because }
        | DependencyStatus::Blocked { because }
        | DependencyStatus::Faulty { because }
        | DependencyStatus::Unknown { because } => prose(because),
    };
    below([marked(words::dependency(&row.status, measured)), because])
}

/// What was asked of each.
fn checks(about: About<'_>) -> Option<Block> {
    let heads = [
        "dependency",
        "check",
        "result",
        "what was seen",
        "evidence, and how to see it again",
    ];
    let mut table = Table::new("What was asked of each dependency", heads);
    for row in &about.report.dependencies {
        for check in &row.checks {
            let help = sentences(words::help(&check.result));
            let help = match help.is_empty() {
                true => help,
                false => beside([text("next:"), help]),
            };
            table.rows.push(vec![
                code(&row.package),
                prose(&check.title),
                marked(words::measured(&check.result)),
                below([prose(words::seen(&check.result)), help]),
                or_dash(about.again(&check.evidence)),
            ]);
        }
    }
    let count = table.rows.len();
    let table = table.block()?;
    let said = format!(
        "{}, one weight each",
        crate::report::plain::counted(count, "check")
    );
    Some(Block::Folded(said, vec![table]))
}
