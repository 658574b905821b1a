//! The decision: what stands against it, what has to be done by when, and the score.

use crate::readiness::model::{CriterionRow, Measured, Obstacle, Score};

use super::super::blocks::{
    Block, Line, Part, Piece, Table, below, beside, code, or_dash, prose, sentences, text,
};
use super::super::words;
use super::{About, advice, let_through, part};

/// The day, the target, the score and what to do.
pub fn terms(about: About<'_>) -> Block {
    let report = about.report;
    let mut terms = vec![("assessed on", text(&report.date))];
    if let Some(target) = target(about) {
        terms.push(("target", target));
    }
    terms.push(("score", arithmetic(about, &report.assessment.score)));
    let advice = advice(report);
    if !advice.is_empty() {
        terms.push(("advice", advice));
    }
    Block::Terms(terms)
}

/// The line that is aimed at, and why.
pub fn target(about: About<'_>) -> Option<Line> {
    let report = about.report;
    let why = prose(&report.target_because);
    match &report.target {
        Some(line) if why.is_empty() => Some(text(format!("line {line}"))),
        Some(line) => Some(
            text(format!("line {line}: "))
                .into_iter()
                .chain(why)
                .collect(),
        ),
        None => Some(why).filter(|why| !why.is_empty()),
    }
}

/// A score with the evidence on which it rests.
pub fn arithmetic(about: About<'_>, score: &Score) -> Line {
    about.with_refs(text(words::score(score)), &score.evidence)
}

pub fn blockers(about: About<'_>) -> Option<Part> {
    let blockers = &about.report.assessment.blockers;
    let table = without_due(about, "What stands against a GO", blockers);
    part("blockers", "Blockers", [table.block()])
}

pub fn conditions(about: About<'_>) -> Option<Part> {
    let conditions = &about.report.assessment.conditions;
    let table = with_due(about, "What has to be done, and by when", conditions);
    part("conditions", "Conditions", [table.block()])
}

/// Obstacles, those that are due first at the top.
pub fn with_due(about: About<'_>, caption: &str, obstacles: &[Obstacle]) -> Table {
    let heads = [
        "by when",
        "what is in the way",
        "what to do",
        "whom to ask",
        "evidence",
    ];
    let mut table = Table::new(caption, heads);
    table.rows.extend(obstacles.iter().map(|one| {
        let [what, to_do, who, refs] = obstacle(about, one);
        vec![text(words::due(one.due)), what, to_do, who, refs]
    }));
    table
}

pub fn without_due(about: About<'_>, caption: &str, obstacles: &[Obstacle]) -> Table {
    let heads = [
        "what is in the way",
        "what to do",
        "whom to ask",
        "evidence",
    ];
    let mut table = Table::new(caption, heads);
    let rows = obstacles.iter().map(|one| obstacle(about, one).to_vec());
    table.rows.extend(rows);
    table
}

fn obstacle(about: About<'_>, one: &Obstacle) -> [Line; 4] {
    let criterion = one
        .criterion
        .as_ref()
        .map(|id| beside([text("criterion"), code(id)]));
    [
        below(std::iter::once(prose(&one.text)).chain(criterion)),
        or_dash(sentences(&one.help)),
        or_dash(who(one)),
        or_dash(about.refs(&one.evidence)),
    ]
}

/// Whom to ask, and until when it may stand.
pub fn who(one: &Obstacle) -> Line {
    let until = one.until.as_ref().map(|day| text(format!("until {day}")));
    let owner = one.owner.as_ref().map(text);
    below(owner.into_iter().chain(until))
}

pub fn score(about: About<'_>) -> Option<Part> {
    let assessment = &about.report.assessment;
    let heads = [
        "category",
        "score",
        "met",
        "measured",
        "of all",
        "arithmetic",
        "evidence",
    ];
    let mut table = Table::new("Score of each category, in weights", heads);
    let row = |name: Line, score: &Score| {
        vec![
            name,
            text(words::short_score(score)),
            text(score.met.to_string()),
            text(score.measured.to_string()),
            text(score.all.to_string()),
            or_dash(prose(&score.arithmetic)),
            or_dash(about.refs(&score.evidence)),
        ]
    };
    for one in &assessment.categories {
        table.rows.push(row(text(one.category.name()), &one.score));
    }
    table.rows.push(row(
        vec![Piece::Strong("all".to_owned())],
        &assessment.score,
    ));
    let said = "The score decides nothing: the rules do. A criterion counts with its whole weight or \
                not at all, and what was not measured counts neither for nor against.";
    part(
        "score",
        "Score",
        [Some(Block::Paragraph(text(said))), table.block()],
    )
}

/// What nobody knows, and how to have it measured.
pub fn not_measured(about: About<'_>) -> Option<Part> {
    let heads = [
        "criterion",
        "weight",
        "if unmet",
        "why not",
        "how to have it measured",
        "evidence",
    ];
    let mut table = Table::new("Criteria that were not measured", heads);
    for (row, because, help) in unmeasured(about) {
        table.rows.push(vec![
            below([prose(&row.title), code(&row.id)]),
            text(row.weight.to_string()),
            text(row.severity.name()),
            prose(because),
            or_dash(sentences(help)),
            or_dash(about.refs(&row.evidence)),
        ]);
    }
    part("not-measured", "Not measured", [table.block()])
}

/// Criteria that were not measured, the heaviest of the worst first.
pub fn unmeasured(about: About<'_>) -> Vec<(&CriterionRow, &str, &[String])> {
    let rows = about.report.assessment.criteria.iter();
    let mut found: Vec<_> = rows
        .filter_map(|row| match &row.result {
            Measured::NotMeasured { because, help } => Some((row, &**because, &**help)),
            Measured::Met { .. } | Measured::Unmet { .. } => None,
        })
        .collect();
    found.sort_by_key(|(row, _, _)| (row.severity, std::cmp::Reverse(row.weight)));
    found
}

/// Decisions by which a criterion may stay unmet, one below the other.
pub fn passes(row: &CriterionRow) -> Line {
    below(
        row.let_through
            .iter()
            .map(|one| let_through(&one.reason, one.owner.as_deref(), one.until.as_deref())),
    )
}
