//! Every criterion with what was measured, and how to see it again.

use crate::readiness::model::{CriterionRow, Severity};

use super::super::blocks::{
    Block, Line, Part, Piece, Table, below, beside, code, joined, or_dash, prose, text,
};
use super::super::words;
use super::assessment::{arithmetic, passes};
use super::{About, marked};

const HEADS: [&str; 6] = [
    "criterion",
    "result",
    "weight",
    "if unmet",
    "what was seen",
    "evidence, and how to see it again",
];

/// A table for each category.
pub fn part(about: About<'_>) -> Option<Part> {
    let assessment = &about.report.assessment;
    let mut blocks = Vec::new();
    let mut categories: Vec<_> = assessment.criteria.iter().map(|row| row.category).collect();
    categories.sort_unstable();
    categories.dedup();
    for category in categories {
        let name = category.name();
        let scored = assessment
            .categories
            .iter()
            .find(|one| one.category == category);
        let scored = scored.map(|one| arithmetic(about, &one.score));
        blocks.push(Block::Heading(capital(name)));
        blocks.extend(scored.map(Block::Paragraph));
        let mut table = Table::new(&format!("Criteria: {name}"), HEADS);
        let rows = assessment
            .criteria
            .iter()
            .filter(|row| row.category == category);
        table.rows.extend(rows.map(|row| cells(about, row)));
        blocks.extend(table.block());
    }
    Part::told("criteria", "Criteria", blocks)
}

fn cells(about: About<'_>, row: &CriterionRow) -> Vec<Line> {
    let by = beside([text("measured by:"), prose(&row.measure)]);
    let from = beside([text("from"), code(&row.from)]);
    let by = joined([by, from], &Piece::Text(", ".to_owned()));
    let help = words::help(&row.result);
    let next = help.iter().map(|one| beside([text("next:"), prose(one)]));
    let seen = std::iter::once(prose(words::seen(&row.result)));
    vec![
        below([prose(&row.title), code(&row.id)]),
        below([marked(words::measured(&row.result)), passes(row)]),
        text(row.weight.to_string()),
        text(if_unmet(row)),
        below(seen.chain(next).chain([by])),
        or_dash(about.again(&row.evidence)),
    ]
}

/// What follows where it is not met.
pub fn if_unmet(row: &CriterionRow) -> String {
    let severity = row.severity.name();
    match row.severity {
        Severity::Condition => format!("{severity}, {}", words::due(row.due)),
        Severity::Blocker | Severity::Note => severity.to_owned(),
    }
}

fn capital(word: &str) -> Line {
    let mut letters = word.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    vec![Piece::Text(first.into_iter().chain(letters).collect())]
}
