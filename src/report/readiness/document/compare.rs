//! What moved between two reports.

use crate::readiness::compare::{Both, Comparison, Moved};
use crate::readiness::model::{CriterionRow, DependencyRow, Input, Measured, Obstacle, RiskRow};
use crate::report::plan::words as plan_words;

use super::super::blocks::{
    Badge, Block, Document, Line, Part, Piece, Table, Tone, badge, below, beside, code, joined,
    or_dash, prose, text,
};
use super::super::words;
use super::marked;

/// Then and now, side by side; nothing that is as it was.
pub fn comparison(moved: &Comparison) -> Document {
    let (word, tone) = words::decision(moved.decision.new);
    let parts = [
        obstacles("blockers", "Blockers", &moved.blockers),
        obstacles("conditions", "Conditions", &moved.conditions),
        criteria(&moved.criteria),
        dependencies(&moved.dependencies),
        risks(&moved.risks),
        inputs(&moved.inputs),
    ];
    Document {
        title: format!("what moved in the readiness for {}", moved.family),
        state: Some(Badge {
            tone,
            word: word.to_owned(),
        }),
        lead: vec![Block::Verdict(tone, verdict(moved)), terms(moved)],
        parts: parts.into_iter().flatten().collect(),
        tool: moved.tool.to_string(),
    }
}

fn verdict(moved: &Comparison) -> Line {
    let (old, _) = words::decision(moved.decision.old);
    let (new, _) = words::decision(moved.decision.new);
    let since = &moved.date.old;
    let words = match (moved.is_same(), moved.inputs.is_empty()) {
        (true, true) => ", and nothing moved",
        (true, false) => ", and nothing moved but what it was made from",
        (false, _) => "; what moved stands below",
    };
    text(match moved.decision.moved() {
        true => format!("It was {old} on {since}, and is {new} now"),
        false => format!("It is {new} as on {since}{words}"),
    })
}

fn terms(moved: &Comparison) -> Block {
    let line = |line: &Option<String>| or_dash(line.as_ref().map(text).unwrap_or_default());
    Block::Terms(vec![
        ("assessed on", both(&moved.date, |day| text(day))),
        (
            "decision",
            both(&moved.decision, |one| marked(words::decision(*one))),
        ),
        (
            "score",
            both(&moved.score, |score| text(words::short_score(score))),
        ),
        ("target", both(&moved.target, line)),
        (
            "advice",
            both(&moved.recommended, |id| match id {
                Some(id) => text(format!("option {}", plan_words::id(*id))),
                None => text("no option"),
            }),
        ),
    ])
}

/// Then and now, once where they are shown alike.
fn both<T>(both: &Both<T>, shown: impl Fn(&T) -> Line) -> Line {
    let (old, new) = (shown(&both.old), shown(&both.new));
    match old == new {
        true => new,
        false => joined([old, new], &Piece::Text(" → ".to_owned())),
    }
}

/// How it moved, and what it was and is.
fn sides<T>(moved: &Moved<T>) -> (&'static str, Option<&T>, Option<&T>) {
    match moved {
        Moved::New { new } => ("new", None, Some(new)),
        Moved::Gone { old } => ("gone", Some(old), None),
        Moved::Changed { old, new } => ("changed", Some(old), Some(new)),
    }
}

/// Something that nobody wants: new it is bad, gone it is good.
fn unwanted<T>(moved: &Moved<T>) -> Line {
    let tone = match moved {
        Moved::New { .. } => Tone::Bad,
        Moved::Gone { .. } => Tone::Good,
        Moved::Changed { .. } => Tone::Neutral,
    };
    badge((sides(moved).0, tone))
}

/// Something that is neither good nor bad in itself.
fn neutral<T>(moved: &Moved<T>) -> Line {
    badge((sides(moved).0, Tone::Neutral))
}

fn then<T>(one: Option<&T>, shown: impl Fn(&T) -> Line) -> Line {
    or_dash(one.map(shown).unwrap_or_default())
}

/// A table of what moved, with the columns `then` and `now` at its end.
fn table<T>(
    part: (&'static str, &str),
    first: &str,
    moved: &[Moved<T>],
    how: impl Fn(&Moved<T>) -> Line,
    name: impl Fn(&T) -> Line,
    shown: impl Fn(&T) -> Line,
) -> Option<Part> {
    let (id, title) = part;
    let mut table = Table::new(title, [first, "how", "then", "now"]);
    table.rows.extend(moved.iter().map(|one| {
        let (_, old, new) = sides(one);
        vec![
            name(one.last()),
            how(one),
            then(old, &shown),
            then(new, &shown),
        ]
    }));
    Part::told(id, title, table.block().into_iter().collect())
}

fn obstacles(id: &'static str, title: &str, moved: &[Moved<Obstacle>]) -> Option<Part> {
    let name = |one: &Obstacle| match &one.criterion {
        Some(id) => code(id),
        None => text("a rule of the decision"),
    };
    let shown = |one: &Obstacle| {
        let until = one.until.as_ref().map(|day| text(format!("until {day}")));
        let due = text(words::due(one.due));
        below([prose(&one.text), due].into_iter().chain(until))
    };
    table((id, title), "criterion", moved, unwanted, name, shown)
}

fn criteria(moved: &[Moved<CriterionRow>]) -> Option<Part> {
    let name = |row: &CriterionRow| below([prose(&row.title), code(&row.id)]);
    let shown = |row: &CriterionRow| {
        let weight = format!("weight {}, {}", row.weight, super::criteria::if_unmet(row));
        below([
            marked(words::measured(&row.result)),
            prose(words::seen(&row.result)),
            text(weight),
            super::assessment::passes(row),
        ])
    };
    table(
        ("criteria", "Criteria"),
        "criterion",
        moved,
        neutral,
        name,
        shown,
    )
}

fn dependencies(moved: &[Moved<DependencyRow>]) -> Option<Part> {
    let shown = |row: &DependencyRow| {
        let named = |name: &str, all: &[String]| match all.is_empty() {
            true => Line::new(),
            false => text(format!("{name} {}", all.join(", "))),
        };
        let met = |check: &&crate::readiness::model::DependencyCheck| match check.result {
            Measured::Met { .. } => true,
            Measured::Unmet { .. } | Measured::NotMeasured { .. } => false,
        };
        let met = row.checks.iter().filter(met).count();
        below([
            super::dependencies::status(row),
            named("in use:", &row.current),
            named("line", &row.lines),
            text(format!("{met} of {} checks met", row.checks.len())),
        ])
    };
    let name = |row: &DependencyRow| code(&row.package);
    table(
        ("dependencies", "Dependencies"),
        "dependency",
        moved,
        neutral,
        name,
        shown,
    )
}

fn risks(moved: &[Moved<RiskRow>]) -> Option<Part> {
    let name = |row: &RiskRow| below([prose(&row.text), code(&row.id)]);
    let shown = |row: &RiskRow| {
        below([
            prose(words::probability(&row.probability)),
            text(super::risks::short_impact(&row.impact)),
            super::risks::status(&row.status),
        ])
    };
    table(("risks", "Risks"), "risk", moved, unwanted, name, shown)
}

/// What the two were made from, where that is not the same.
pub fn inputs(moved: &[Moved<Input>]) -> Option<Part> {
    let name = |one: &Input| match one.kind.says_by_name() {
        true => text(words::input(one.kind)),
        false => beside([text(words::input(one.kind)), code(&one.name)]),
    };
    let shown = |one: &Input| match &one.sha256 {
        _ if one.kind.says_by_name() => code(&one.name),
        Some(digest) => code(digest),
        None => text("no content"),
    };
    table(("inputs", "Inputs"), "input", moved, neutral, name, shown)
}
