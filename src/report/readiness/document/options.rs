//! What could be done, side by side and each by itself.

use crate::plan::Outcome;
use crate::readiness::model::{Assessment, CriterionRow, OptionRow};
use crate::report::plain::counted;
use crate::report::plan::reason;
use crate::report::plan::words as plan_words;

use super::super::blocks::{
    Block, Line, Part, Piece, Table, Tone, beside, code, codes, joined, or_dash, prose, sentences,
    text,
};
use super::super::words;
use super::assessment::{arithmetic, with_due, without_due};
use super::{About, advice, marked};

pub fn part(about: About<'_>) -> Option<Part> {
    let options = &about.report.options;
    let mut blocks = Vec::new();
    blocks.extend(
        Some(advice(about.report))
            .filter(|line| !line.is_empty())
            .map(Block::Paragraph),
    );
    blocks.extend(compared(about, true).block());
    if options.iter().any(|option| option.assessment.is_some()) {
        blocks.extend(by_criterion(about).block());
    }
    blocks.extend(options.iter().map(|option| article(about, option)));
    Part::told("options", "Options", blocks)
}

/// The options side by side, today's state first; the last row has the evidence.
pub fn compared(about: About<'_>, in_full: bool) -> Table {
    let report = about.report;
    let options = &report.options;
    let mut table = Table::new("The options side by side", [""]);
    if options.is_empty() {
        return table;
    }
    table.heads.push("as it stands".to_owned());
    table
        .heads
        .extend(options.iter().map(|option| name(about, option)));
    let mut row = |name: &str, today: Line, cell: &dyn Fn(&OptionRow) -> Line| {
        let cells = [text(name), or_dash(today)].into_iter();
        let cells = cells.chain(options.iter().map(|option| or_dash(cell(option))));
        table.rows.push(cells.collect());
    };
    row("what", text("do nothing"), &|option| prose(&option.title));
    row("decision", decision(Some(&report.assessment)), &|option| {
        decision(option.assessment.as_ref())
    });
    row("score", scored(Some(&report.assessment)), &|option| {
        scored(option.assessment.as_ref())
    });
    row("target", Line::new(), &|option| {
        option.target.as_ref().map(text).unwrap_or_default()
    });
    row("outcome", Line::new(), &|option| {
        marked(outcome(&option.outcome))
    });
    row("edits", Line::new(), &|option| {
        option
            .edits
            .map(|edits| text(edits.to_string()))
            .unwrap_or_default()
    });
    row("loses", Line::new(), &|option| sentences(&option.loses));
    row("left to do by hand", Line::new(), &|option| match in_full {
        true => sentences(&option.remains),
        false => counted_things(option.remains.len()),
    });
    row("waits for", Line::new(), &|option| {
        codes(option.waits_for.iter().map(String::as_str))
    });
    let today = about.refs(&report.assessment.score.evidence);
    row("evidence", today, &|option| about.refs(&evidence(option)));
    let told = |row: &Vec<Line>| row.iter().skip(1).any(|cell| *cell != text("–"));
    table.rows.retain(|row| in_full || told(row));
    table
}

/// How much there is, where there is no room to say what.
fn counted_things(count: usize) -> Line {
    match count {
        0 => Line::new(),
        count => text(counted(count, "thing")),
    }
}

/// What the row rests on, and its score.
fn evidence(option: &OptionRow) -> Vec<String> {
    let mut all = option.evidence.clone();
    let score = option.assessment.iter().flat_map(|one| &one.score.evidence);
    all.extend(score.cloned());
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|id| seen.insert(id.clone()));
    all
}

fn name(about: About<'_>, option: &OptionRow) -> String {
    let id = plan_words::id(option.id);
    match about.is_recommended(option.id) {
        true => format!("{id} (recommended)"),
        false => id.to_owned(),
    }
}

/// What follows from it; none where nothing is known of its result.
fn decision(assessment: Option<&Assessment>) -> Line {
    match assessment {
        Some(one) => marked(words::decision(one.decision)),
        None => marked(("not assessed", Tone::Neutral)),
    }
}

fn scored(assessment: Option<&Assessment>) -> Line {
    assessment.map_or_else(Line::new, |one| text(words::short_score(&one.score)))
}

fn outcome(outcome: &Outcome) -> (&'static str, Tone) {
    let tone = match outcome {
        Outcome::Proven { .. } | Outcome::NothingToDo => Tone::Good,
        Outcome::Unproven { .. } => Tone::Doubtful,
        Outcome::None { .. } => Tone::Bad,
    };
    (plan_words::outcome(outcome), tone)
}

/// The same criteria for the workspace as it stands, and as each option would leave it.
fn by_criterion(about: About<'_>) -> Table {
    let report = about.report;
    let assessed: Vec<&OptionRow> = report
        .options
        .iter()
        .filter(|option| option.assessment.is_some())
        .collect();
    let mut table = Table::new(
        "The criteria, as it stands and as if an option were carried out",
        ["criterion", "weight", "as it stands"],
    );
    table
        .heads
        .extend(assessed.iter().map(|option| name(about, option)));
    table.heads.push("evidence".to_owned());
    for row in &report.assessment.criteria {
        let mut cells = vec![
            code(&row.id),
            text(row.weight.to_string()),
            marked(words::measured(&row.result)),
        ];
        let mut ids = row.evidence.clone();
        for option in &assessed {
            let same = |one: &&CriterionRow| one.id == row.id;
            let found = option
                .assessment
                .iter()
                .flat_map(|one| &one.criteria)
                .find(same);
            cells.push(or_dash(match found {
                Some(one) => marked(words::measured(&one.result)),
                None => Line::new(),
            }));
            let new = found.map_or(&[][..], |one| &one.evidence).iter();
            let new: Vec<String> = new.filter(|id| !ids.contains(id)).cloned().collect();
            ids.extend(new);
        }
        cells.push(or_dash(about.refs(&ids)));
        table.rows.push(cells);
    }
    table
}

fn article(about: About<'_>, option: &OptionRow) -> Block {
    let assessment = option.assessment.as_ref();
    let title = beside([
        decision(assessment),
        text(format!("Option {}:", name(about, option))),
        prose(&option.title),
    ]);
    let mut blocks = Vec::new();
    if let Some(one) = assessment {
        blocks.push(Block::Paragraph(prose(&one.because)));
    }
    blocks.push(Block::Terms(facts(about, option)));
    if let Some(one) = assessment {
        let blockers = without_due(about, "What stands against a GO", &one.blockers);
        blocks.extend(blockers.block());
        let conditions = with_due(about, "What has to be done, and by when", &one.conditions);
        blocks.extend(conditions.block());
    }
    let tone = match about.is_recommended(option.id) {
        true => assessment.map_or(Tone::Neutral, |one| words::decision(one.decision).1),
        false => Tone::Neutral,
    };
    Block::Article(tone, title, blocks)
}

fn facts(about: About<'_>, option: &OptionRow) -> Vec<(&'static str, Line)> {
    let mut facts = Vec::new();
    let mut fact = |name, line: Line| {
        if !line.is_empty() {
            facts.push((name, line));
        }
    };
    let because = reason(&option.outcome).map(prose).unwrap_or_default();
    fact(
        "outcome",
        joined(
            [marked(outcome(&option.outcome)), because],
            &Piece::Text(": ".to_owned()),
        ),
    );
    if let Outcome::Proven { command } = &option.outcome {
        fact("proven again by", code(command));
    }
    fact("line", option.target.as_ref().map(text).unwrap_or_default());
    fact(
        "score",
        option
            .assessment
            .as_ref()
            .map(|one| arithmetic(about, &one.score))
            .unwrap_or_default(),
    );
    if let Some(edits) = option.edits {
        let said = match edits {
            1 => "1 entry of a manifest changes".to_owned(),
            edits => format!("{edits} entries of manifests change"),
        };
        fact("edits", about.with_refs(text(said), &option.evidence));
    }
    fact("loses", sentences(&option.loses));
    fact("left to do by hand", sentences(&option.remains));
    fact(
        "waits for",
        codes(option.waits_for.iter().map(String::as_str)),
    );
    fact("evidence", about.again(&option.evidence));
    facts
}
