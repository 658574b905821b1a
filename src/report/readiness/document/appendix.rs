//! On what every statement rests, and what that was made from.

use crate::readiness::model::{Evidence, Run};

use super::super::blocks::{Block, Line, Part, Piece, Table, code, or_dash, prose, text};
use super::super::words;
use super::{About, is_id, links};

pub fn evidence(about: About<'_>) -> Option<Part> {
    let heads = [
        "id",
        "from",
        "what was seen",
        "how to see it again",
        "inputs",
    ];
    let mut table = Table::new("Evidence", heads);
    let mut anchors = Anchors::default();
    for one in &about.report.evidence {
        table.rows.push(vec![
            anchors.next(&one.id, 'e'),
            text(words::evidence(one.kind)),
            prose(&one.text),
            or_dash(one.command.as_ref().map(code).unwrap_or_default()),
            or_dash(links(&one.inputs, |id| about.known.inputs.contains(id))),
        ]);
    }
    let mut blocks: Vec<Block> = table.block().into_iter().collect();
    let runs = about.report.evidence.iter();
    let runs = runs.filter_map(|one| one.run.as_ref().map(|run| (one, run)));
    blocks.extend(runs.map(|(one, run)| ran(about, one, run)));
    Part::told("evidence", "Appendix: evidence", blocks)
}

/// What a command printed, and how it ended.
fn ran(about: About<'_>, one: &Evidence, run: &Run) -> Block {
    let title = match is_id(&one.id, 'e') {
        true => format!("What {} printed", one.id),
        false => "What a command printed".to_owned(),
    };
    let kept = run.output.len() as u64;
    // Bytes that are no text stand there as a character of several bytes each.
    let is_text = !run.output.contains(char::REPLACEMENT_CHARACTER);
    let bytes = match run.bytes {
        0 => "nothing".to_owned(),
        bytes if kept == 0 => format!("{bytes} bytes, of which none are kept"),
        bytes if !is_text => {
            format!("{bytes} bytes in all, not all of them text; at most their end is kept")
        }
        bytes if bytes > kept => format!("{bytes} bytes in all, of which the last {kept} are kept"),
        bytes => format!("{bytes} bytes"),
    };
    let refs = |line: Line| about.with_refs(line, std::slice::from_ref(&one.id));
    let command = one.command.as_ref().map(code).unwrap_or_default();
    let mut blocks = vec![Block::Terms(vec![
        ("command", or_dash(command)),
        ("end", refs(prose(words::ended(&run.ended)))),
        ("printed", refs(text(bytes))),
        ("sha256", code(&run.sha256)),
    ])];
    if !run.output.is_empty() {
        blocks.push(Block::Output(run.output.clone()));
    }
    Block::Folded(title, blocks)
}

pub fn inputs(about: About<'_>) -> Option<Part> {
    let mut table = Table::new("Inputs", ["id", "what", "name", "sha256"]);
    let mut anchors = Anchors::default();
    for one in &about.report.inputs {
        table.rows.push(vec![
            anchors.next(&one.id, 'i'),
            text(words::input(one.kind)),
            code(&one.name),
            match &one.sha256 {
                Some(digest) => code(digest),
                None => text("no content"),
            },
        ]);
    }
    Part::told(
        "inputs",
        "Appendix: inputs",
        table.block().into_iter().collect(),
    )
}

/// Places for links: each id once.
#[derive(Default)]
struct Anchors<'a>(std::collections::BTreeSet<&'a str>);

impl<'a> Anchors<'a> {
    fn next(&mut self, id: &'a str, letter: char) -> Line {
        match is_id(id, letter) && self.0.insert(id) {
            true => vec![Piece::Anchor(id.to_owned())],
            false => code(id),
        }
    }
}
