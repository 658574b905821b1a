//! The register of risks.

use std::cmp::Reverse;

use crate::readiness::model::{Impact, Probability, RiskRow, RiskStatus};
use crate::report::plain::counted;

use super::super::blocks::{
    Block, Line, Part, Table, badge, below, beside, code, or_dash, prose, sentences, text,
};
use super::super::words;
use super::About;

pub fn part(about: About<'_>) -> Option<Part> {
    let said = "A probability is what was counted or measured, or it is unknown; none is a guess.";
    let table = register(about).block()?;
    let blocks = vec![Block::Paragraph(text(said)), table];
    Part::told("risks", "Risks", blocks)
}

fn register(about: About<'_>) -> Table {
    let heads = [
        "risk",
        "probability",
        "impact",
        "what is done about it",
        "status",
        "owner",
        "evidence",
    ];
    let mut table = Table::new("Risks", heads);
    for risk in &about.report.risks {
        let about_it = [
            named("against it:", &risk.mitigation),
            named("if it happens:", &risk.contingency),
        ];
        table.rows.push(vec![
            below([
                prose(&risk.text),
                beside([text(words::risk(risk.kind)), code(&risk.id)]),
            ]),
            prose(words::probability(&risk.probability)),
            impact(&risk.impact),
            or_dash(below(about_it)),
            status(&risk.status),
            or_dash(risk.owner.as_ref().map(text).unwrap_or_default()),
            or_dash(about.again(&risk.evidence)),
        ]);
    }
    table
}

fn named(name: &str, said: &[String]) -> Line {
    match said.is_empty() {
        true => Line::new(),
        false => beside([text(name), sentences(said)]),
    }
}

pub fn status(status: &RiskStatus) -> Line {
    let (word, tone, beside) = words::risk_status(status);
    below([badge((word, tone)), prose(beside)])
}

/// The worst verdict, and which artifacts it reaches.
fn impact(impact: &Impact) -> Line {
    let names = impact.artifacts.iter().map(code);
    below(std::iter::once(text(short_impact(impact))).chain(names))
}

/// The worst verdict, and how many artifacts it reaches.
pub fn short_impact(impact: &Impact) -> String {
    let verdict = impact.verdict.map_or("no verdict", words::verdict);
    match impact.artifacts.len() {
        0 => format!("{verdict}, no artifact"),
        count => format!("{verdict}, {}", counted(count, "artifact")),
    }
}

/// The worst of them: those of the worst verdict, of these what is so already, of these the ones that
/// reach most, of these the ones about which nothing is done.
pub fn top<'a>(about: About<'a>, most: usize) -> Vec<&'a RiskRow> {
    let mut rows: Vec<&RiskRow> = about.report.risks.iter().collect();
    let is_so = |row: &RiskRow| row.probability == Probability::Present;
    rows.sort_by_key(|row| {
        let settled = match row.status {
            RiskStatus::Open => 0,
            RiskStatus::Planned { .. } => 1,
            RiskStatus::Accepted { .. } => 2,
        };
        let verdict = row.impact.verdict;
        let reached = Reverse(row.impact.artifacts.len());
        (verdict.is_none(), verdict, !is_so(row), reached, settled)
    });
    rows.truncate(most);
    rows
}
