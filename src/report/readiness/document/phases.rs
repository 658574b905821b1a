//! The recommended option in phases, with gates and ways back.

use crate::readiness::model::{LeftOut, Phase, PhasePlan};
use crate::report::plan::words as plan_words;

use super::super::blocks::{
    Block, Line, Part, Piece, Table, Tone, beside, code, codes, joined, or_dash, prose, strong,
    text,
};
use super::super::words;
use super::steps::{self, gates};
use super::{About, rollback};

pub fn part(about: About<'_>) -> Option<Part> {
    let plan = about.report.phases.as_ref()?;
    let mut blocks = vec![Block::Terms(terms(about, plan))];
    blocks.extend(overview(about, plan).block());
    if !plan.prepare.is_empty() {
        blocks.push(Block::Heading(text("Before the first phase")));
        blocks.push(Block::Commands(plan.prepare.clone()));
    }
    blocks.extend(plan.phases.iter().map(|one| phase(about, one)));
    if !plan.by_hand.is_empty() {
        blocks.push(Block::Heading(text("By hand, after the last phase")));
        blocks.push(Block::List(plan.by_hand.iter().map(prose).collect()));
    }
    blocks.push(Block::Heading(text("The way back, in levels")));
    blocks.push(Block::Paragraph(about.with_refs(
        text("A step and a phase are undone by the commands that stand with them; this undoes everything."),
        &plan.evidence,
    )));
    blocks.extend(rollback("Undo everything", &plan.rollback));
    Part::told("phases", "Phases", blocks)
}

fn terms(about: About<'_>, plan: &PhasePlan) -> Vec<(&'static str, Line)> {
    let option = format!("option {}", plan_words::id(plan.option));
    let shares: Vec<String> = plan
        .canary
        .iter()
        .map(|share| format!("{share} %"))
        .collect();
    let canary = match shares.is_empty() {
        true => text("the policy gives no shares of the traffic"),
        false => text(format!(
            "{} of the traffic, as the policy gives",
            shares.join(", ")
        )),
    };
    vec![
        ("carries out", about.with_refs(text(option), &plan.evidence)),
        ("canary", about.with_refs(canary, &plan.evidence)),
    ]
}

/// One row a phase.
pub fn overview(about: About<'_>, plan: &PhasePlan) -> Table {
    let heads = [
        "phase",
        "days",
        "what goes in",
        "who",
        "gates",
        "way back",
        "evidence",
    ];
    let mut table = Table::new("The phases", heads);
    for phase in &plan.phases {
        let steps = phase.steps.iter();
        let what = steps
            .clone()
            .map(|step| beside([text(plan_words::action(step.action)), code(&step.package)]));
        let mut who: Vec<&str> = steps.map(steps::who).collect();
        who.sort_unstable();
        who.dedup();
        let step_gates = phase.steps.iter().flat_map(|step| &step.gates);
        let gates = phase.entry.iter().chain(step_gates).chain(&phase.exit);
        let (held, all) = gates.fold((0, 0), |(held, all), gate| {
            (
                held + usize::from(words::gate(gate).1 == Tone::Good),
                all + 1,
            )
        });
        let (_, back) = words::rollback(&phase.rollback.rehearsed);
        table.rows.push(vec![
            joined(
                [text(phase.number.to_string()), prose(&phase.title)],
                &Piece::Text(": ".to_owned()),
            ),
            days(phase),
            or_dash(joined(what, &Piece::Break)),
            or_dash(text(who.join(", "))),
            text(match all {
                0 => "none".to_owned(),
                all => format!("{all}, of which {held} rehearsed"),
            }),
            text(match back {
                Tone::Good => "rehearsed",
                Tone::Doubtful | Tone::Bad | Tone::Neutral => "not rehearsed",
            }),
            or_dash(about.refs(&phase.evidence)),
        ]);
    }
    table
}

fn days(phase: &Phase) -> Line {
    match &phase.days {
        Some((first, last)) if first == last => text(first),
        Some((first, last)) => text(format!("{first} to {last}")),
        None => text("no dates"),
    }
}

fn phase(about: About<'_>, phase: &Phase) -> Block {
    let mut blocks = vec![Block::Terms(vec![
        ("days", days(phase)),
        ("evidence", or_dash(about.again(&phase.evidence))),
    ])];
    blocks.extend(gates("Passes before it begins", &phase.entry));
    for step in &phase.steps {
        blocks.extend(steps::blocks(about, step));
    }
    blocks.extend(left_out(about, phase).block());
    blocks.extend(gates(
        "Passes once it is done, and did not before",
        &phase.exit,
    ));
    blocks.extend(rollback("Undo the phase", &phase.rollback));
    let title = joined(
        [
            strong(format!("Phase {}", phase.number)),
            prose(&phase.title),
        ],
        &Piece::Text(": ".to_owned()),
    );
    Block::Article(Tone::Neutral, title, blocks)
}

fn left_out(about: About<'_>, phase: &Phase) -> Table {
    let heads = ["what stays out", "why", "when instead", "evidence"];
    let mut table = Table::new("Not in this phase", heads);
    let row = |one: &LeftOut| {
        vec![
            codes([one.package.as_str()]),
            prose(&one.because),
            text(match one.phase {
                Some(number) => format!("phase {number}"),
                None => "in no phase".to_owned(),
            }),
            or_dash(about.refs(&phase.evidence)),
        ]
    };
    table.rows.extend(phase.out.iter().map(row));
    table
}
