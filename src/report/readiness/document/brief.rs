//! What a terminal or the log of a CI job shows.

use crate::readiness::Readiness;
use crate::readiness::model::{Measured, Obstacle, Severity};

use super::super::blocks::{
    Block, Document, Line, Part, Piece, Table, badge, beside, code, joined, or_dash, prose,
    sentences, strong, text,
};
use super::super::words;
use super::assessment::{terms, unmeasured, who};
use super::options::compared;
use super::phases::overview;
use super::risks::{short_impact, top};
use super::{About, Known, dependencies, marked, of};

/// How many risks are shown.
const MOST: usize = 4;

/// The decision, what stands against it, and a row for whatever else there is.
pub fn brief(report: &Readiness) -> Document {
    let known = Known::new(report);
    let about = About {
        report,
        known: &known,
    };
    let assessment = &report.assessment;
    let phases = report.phases.as_ref();
    let parts = [
        obstacles(about, "blockers", "blockers", &assessment.blockers),
        obstacles(about, "conditions", "conditions", &assessment.conditions),
        unmet_notes(about),
        criteria(about),
        not_measured(about),
        table(
            "dependencies",
            "dependencies",
            dependencies::overview(about).without("line"),
        ),
        table("options", "options", compared(about, false)),
        table(
            "phases",
            "phases",
            phases.map_or_else(empty, |plan| overview(about, plan).without("who")),
        ),
        risks(about),
    ];
    of(report, terms(about), parts)
}

fn empty() -> Table {
    Table::new("", [])
}

fn table(id: &'static str, title: &str, table: Table) -> Option<Part> {
    Part::told(id, title, table.block().into_iter().collect())
}

fn obstacles(about: About<'_>, id: &'static str, title: &str, all: &[Obstacle]) -> Option<Part> {
    let items = all.iter().map(|one| {
        let head = strong(words::due(one.due));
        let what = about.with_refs(prose(&one.text), &one.evidence);
        let head = joined([head, what], &Piece::Text(": ".to_owned()));
        let help = one
            .help
            .iter()
            .map(|help| beside([text("next:"), prose(help)]));
        let asked = who(one);
        let asked = match asked.is_empty() {
            true => asked,
            false => beside([text("ask:"), joined([asked], &Piece::Break)]),
        };
        joined(
            std::iter::once(head).chain(help).chain([asked]),
            &Piece::Break,
        )
    });
    let items: Vec<Line> = items.collect();
    Part::told(id, title, list(items))
}

fn list(items: Vec<Line>) -> Vec<Block> {
    match items.is_empty() {
        true => Vec::new(),
        false => vec![Block::List(items)],
    }
}

/// The criteria by their result. What was seen stands with what is in the way, and with the notes;
/// `-v` has the rest.
fn criteria(about: About<'_>) -> Option<Part> {
    let mut rows = Table::new("criteria", ["result", "criteria"]);
    let mut kinds: Vec<(_, Vec<Line>)> = Vec::new();
    for row in &about.report.assessment.criteria {
        let kind = words::measured(&row.result);
        let name = code(&row.id);
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, names)) => names.push(name),
            None => kinds.push((kind, vec![name])),
        }
    }
    for (kind, names) in kinds {
        let names = joined(names, &Piece::Text(", ".to_owned()));
        rows.rows.push(vec![marked(kind), names]);
    }
    table("criteria", "criteria", rows)
}

/// What is unmet and holds nothing up.
fn unmet_notes(about: About<'_>) -> Option<Part> {
    let rows = about.report.assessment.criteria.iter();
    let notes = rows.filter_map(|row| match (&row.result, row.severity) {
        (Measured::Unmet { text, help }, Severity::Note) => {
            let head = joined([code(&row.id), prose(text)], &Piece::Text(": ".to_owned()));
            let head = about.with_refs(head, &row.evidence);
            let help = help
                .iter()
                .map(|help| beside([self::text("next:"), prose(help)]));
            Some(joined(std::iter::once(head).chain(help), &Piece::Break))
        }
        _ => None,
    });
    Part::told(
        "notes",
        "unmet, and no more than a note",
        list(notes.collect()),
    )
}

fn not_measured(about: About<'_>) -> Option<Part> {
    let items = unmeasured(about)
        .into_iter()
        .filter(|(_, _, help)| !help.is_empty());
    let items = items.map(|(row, _, help)| {
        joined(
            [code(&row.id), sentences(help)],
            &Piece::Text(": ".to_owned()),
        )
    });
    Part::told("not-measured", "to have it measured", list(items.collect()))
}

fn risks(about: About<'_>) -> Option<Part> {
    let heads = ["risk", "probability", "impact", "status", "evidence"];
    let mut rows = Table::new("risks", heads);
    for risk in top(about, MOST) {
        let (word, tone, _) = words::risk_status(&risk.status);
        rows.rows.push(vec![
            prose(&risk.text),
            prose(words::probability(&risk.probability)),
            text(short_impact(&risk.impact)),
            badge((word, tone)),
            or_dash(about.refs(&risk.evidence)),
        ]);
    }
    let mut blocks: Vec<Block> = rows.block().into_iter().collect();
    let left = about.report.risks.len().saturating_sub(MOST);
    if left > 0 {
        let said = format!("and {left} more; `-v` shows them");
        blocks.push(Block::Paragraph(prose(said)));
    }
    Part::told("risks", "top risks", blocks)
}
