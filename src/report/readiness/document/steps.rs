//! A step of a phase: what to do, its gates, and how to undo it.

use crate::plan::Owner;
use crate::readiness::model::{Gate, PhaseStep};
use crate::report::plan::words as plan_words;

use super::super::blocks::{Block, Line, Piece, beside, code, codes, or_dash, prose, text};
use super::super::words;
use super::{About, rollback};

pub fn blocks(about: About<'_>, step: &PhaseStep) -> Vec<Block> {
    let title = beside([
        text(format!("Step {}:", step.number)),
        text(plan_words::action(step.action)),
        code(&step.package),
    ]);
    let mut blocks = vec![Block::Heading(title)];
    let change = prose(&step.change);
    blocks.extend(
        Some(change)
            .filter(|line| !line.is_empty())
            .map(Block::Paragraph),
    );
    let mut terms = vec![("who", owner(step))];
    if !step.tests.is_empty() {
        terms.push(("tests", codes(step.tests.iter().map(String::as_str))));
    }
    terms.push(("evidence", or_dash(about.again(&step.evidence))));
    blocks.push(Block::Terms(terms));
    if !step.diff.is_empty() {
        blocks.push(Block::Diff(step.diff.clone()));
    }
    if !step.commands.is_empty() {
        blocks.push(Block::Commands(step.commands.clone()));
    }
    blocks.extend(gates(
        "Fails before the step, and passes after it",
        &step.gates,
    ));
    if let Some(back) = &step.rollback {
        blocks.extend(rollback("Undo the step", back));
    }
    blocks
}

/// Who does it, by name where there is one.
pub fn who(step: &PhaseStep) -> &str {
    step.who
        .as_deref()
        .unwrap_or_else(|| plan_words::owner(step.owner))
}

fn owner(step: &PhaseStep) -> Line {
    let whose = match step.owner {
        Owner::Workspace => "of this workspace",
        Owner::Upstream => "of the package",
    };
    match &step.who {
        Some(who) => text(format!("{who}, {whose}")),
        None => text(format!("the owners {whose}; nobody is named")),
    }
}

/// Commands, each with what it shows and whether it was tried.
pub fn gates(name: &str, gates: &[Gate]) -> Vec<Block> {
    let mut blocks = Vec::new();
    for gate in gates {
        let (rehearsed, _) = words::gate(gate);
        let mut line = vec![Piece::Strong(name.to_owned()), Piece::Text(": ".to_owned())];
        line.extend(prose(&gate.shows));
        line.push(Piece::Text("; ".to_owned()));
        line.extend(prose(rehearsed));
        blocks.push(Block::Paragraph(line));
        blocks.push(Block::Commands(vec![gate.command.clone()]));
    }
    blocks
}
