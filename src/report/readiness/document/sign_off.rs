//! Lines to sign. Names are those of attestations; nobody is named who has said nothing.

use crate::readiness::model::{ATTESTED, CriterionRow, EvidenceKind};

use super::super::blocks::{
    Block, Line, Part, Table, beside, code, or_dash, prose, sentences, strong, text,
};
use super::super::words;
use super::About;

pub fn part(about: About<'_>) -> Option<Part> {
    let mut table = Table::new(
        "To be signed",
        ["what is signed", "by whom, and when", "evidence"],
    );
    for row in &about.report.assessment.criteria {
        table.rows.extend(attested(about, row));
    }
    let (decision, _) = words::decision(about.report.assessment.decision);
    table
        .rows
        .push(blank(beside([text("the decision:"), strong(decision)])));
    let phases = about.report.phases.iter().flat_map(|plan| &plan.phases);
    table.rows.extend(phases.map(|phase| {
        let name = text(format!("phase {} is done:", phase.number));
        blank(beside([name, prose(&phase.title)]))
    }));
    let said = "Who has signed stands in the policy as an attestation, with name and day. The other \
                lines are blank.";
    let blocks = vec![Block::Paragraph(text(said)), Block::Table(table)];
    Part::told("sign-off", "Sign-off", blocks)
}

fn blank(what: Line) -> Vec<Line> {
    vec![
        what,
        text("to be signed: ______________________"),
        text("–"),
    ]
}

/// A criterion for which somebody has given their word, or is to.
fn attested(about: About<'_>, row: &CriterionRow) -> Option<Vec<Line>> {
    let found = row.evidence.iter().filter_map(|id| {
        let one = about.known.evidence.get(id.as_str())?;
        (one.kind == EvidenceKind::Attestation).then_some(*one)
    });
    let found: Vec<_> = found.collect();
    if found.is_empty() {
        let what = beside([prose(&row.title), code(&row.id)]);
        return (row.measure == ATTESTED).then(|| blank(what));
    }
    let ids: Vec<String> = found.iter().map(|one| one.id.clone()).collect();
    Some(vec![
        beside([prose(&row.title), code(&row.id)]),
        sentences(found.iter().map(|one| &one.text)),
        or_dash(about.refs(&ids)),
    ])
}
