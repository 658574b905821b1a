//! What stands in the full document, on the page for those who decide, and at a terminal.

mod appendix;
mod assessment;
mod brief;
mod compare;
mod criteria;
mod dependencies;
mod options;
mod phases;
mod risks;
mod sign_off;
mod steps;
mod summary;
mod verify;

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::Outcome;
use crate::readiness::Readiness;
use crate::readiness::model::{Decision, Evidence, Rollback};
use crate::report::plan::words as plan_words;

use super::blocks::{
    Badge, Block, Document, Line, Part, Piece, Tone, badge, below, beside, code, joined, prose,
    text,
};
use super::words;

pub use brief::brief;
pub use compare::comparison;
pub use summary::summary;
pub use verify::verification;

/// A report, and what can be named in its document.
#[derive(Clone, Copy)]
struct About<'a> {
    report: &'a Readiness,
    known: &'a Known<'a>,
}

/// Evidence and inputs that have a row to which a link can lead.
struct Known<'a> {
    evidence: BTreeMap<&'a str, &'a Evidence>,
    inputs: BTreeSet<&'a str>,
}

impl<'a> Known<'a> {
    fn new(report: &'a Readiness) -> Self {
        let mut evidence = BTreeMap::new();
        for one in report.evidence.iter().filter(|one| is_id(&one.id, 'e')) {
            evidence.entry(one.id.as_str()).or_insert(one);
        }
        let inputs = report.inputs.iter().map(|one| one.id.as_str());
        Self {
            evidence,
            inputs: inputs.filter(|id| is_id(id, 'i')).collect(),
        }
    }
}

/// Whether a text is an id of this program, so that it may be the place to which a link leads.
fn is_id(id: &str, letter: char) -> bool {
    let digits = id.strip_prefix(letter).unwrap_or_default();
    (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Links to rows, with a space between them; what has no row is shown as it is.
fn links(ids: &[String], known: impl Fn(&str) -> bool) -> Line {
    beside(ids.iter().map(|id| match known(id) {
        true => vec![Piece::Link(id.clone())],
        false => code(id),
    }))
}

impl<'a> About<'a> {
    /// The evidence on which something rests.
    fn refs(self, ids: &[String]) -> Line {
        links(ids, |id| self.known.evidence.contains_key(id))
    }

    /// The same in parentheses.
    fn with_refs(self, line: Line, ids: &[String]) -> Line {
        let refs = self.refs(ids);
        if refs.is_empty() {
            return line;
        }
        let open = text("(").into_iter().chain(refs).chain(text(")"));
        beside([line, open.collect()])
    }

    /// The evidence, and the commands that show it again.
    fn again(self, ids: &[String]) -> Line {
        let found = ids
            .iter()
            .filter_map(|id| self.known.evidence.get(id.as_str()));
        let mut commands: Vec<&String> = found.filter_map(|one| one.command.as_ref()).collect();
        commands.dedup();
        let commands = commands.into_iter().map(code);
        below(std::iter::once(self.refs(ids)).chain(commands))
    }

    fn is_recommended(self, option: crate::plan::OptionId) -> bool {
        self.report.recommended == Some(option)
    }
}

/// Everything, with the evidence for each figure and the inputs of each evidence.
pub fn full(report: &Readiness) -> Document {
    let known = Known::new(report);
    let about = About {
        report,
        known: &known,
    };
    let parts = [
        assessment::blockers(about),
        assessment::conditions(about),
        assessment::score(about),
        assessment::not_measured(about),
        criteria::part(about),
        dependencies::part(about),
        options::part(about),
        phases::part(about),
        risks::part(about),
        sign_off::part(about),
        appendix::evidence(about),
        appendix::inputs(about),
    ];
    of(report, assessment::terms(about), parts)
}

/// The document about a report: its decision with its terms, what is to be noted, and its parts.
fn of(report: &Readiness, terms: Block, parts: impl IntoIterator<Item = Option<Part>>) -> Document {
    let mut lead = vec![verdict(report), terms];
    lead.extend(notes(report));
    Document {
        title: title(report),
        state: Some(state(report)),
        lead,
        parts: parts.into_iter().flatten().collect(),
        tool: report.tool.to_string(),
    }
}

fn title(report: &Readiness) -> String {
    match &report.target {
        Some(line) => format!("readiness for {} {line}", report.family),
        None => format!("readiness for {}", report.family),
    }
}

fn state(report: &Readiness) -> Badge {
    let (word, tone) = words::decision(report.assessment.decision);
    Badge {
        tone,
        word: word.to_owned(),
    }
}

/// What the decision means, and by which rule it is what it is.
fn verdict(report: &Readiness) -> Block {
    let (_, tone) = words::decision(report.assessment.decision);
    let means = match report.assessment.decision {
        Decision::NoGo => "The workspace as it stands is not ready",
        Decision::ConditionalGo => "The workspace is ready on conditions",
        Decision::Go => "The workspace is ready",
    };
    let because = prose(&report.assessment.because);
    let said = joined([text(means), because], &Piece::Text(": ".to_owned()));
    Block::Verdict(tone, said)
}

/// What limits the answer.
fn notes(report: &Readiness) -> impl Iterator<Item = Block> {
    report.notes.iter().map(|note| Block::Note(prose(note)))
}

/// The option to take, and why; why none where there is none.
fn advice(report: &Readiness) -> Line {
    let why = prose(&report.recommended_because);
    match report.recommended {
        Some(id) => {
            let mut said = format!("option {}", plan_words::id(id));
            let row = report.options.iter().find(|row| row.id == id);
            if row.is_some_and(|row| row.outcome == Outcome::NothingToDo) {
                return joined(
                    [text("nothing is to be done"), why],
                    &Piece::Text(": ".to_owned()),
                );
            }
            if let Some(assessment) = row.and_then(|row| row.assessment.as_ref()) {
                let (decision, _) = words::decision(assessment.decision);
                said.push_str(&format!(" ({decision} once it is carried out)"));
            }
            let option = text(said);
            joined([option, why], &Piece::Text(": ".to_owned()))
        }
        None => why,
    }
}

/// Who let something stand, and until when.
fn let_through(reason: &str, owner: Option<&str>, until: Option<&str>) -> Line {
    let who = [
        owner.map(str::to_owned),
        until.map(|until| format!("until {until}")),
    ];
    let who: Vec<String> = who.into_iter().flatten().collect();
    let mut out = beside([text("let through:"), prose(reason)]);
    if !who.is_empty() {
        out.extend(text(format!(" ({})", who.join(", "))));
    }
    out
}

/// How to get back, and whether that was tried.
fn rollback(name: &str, rollback: &Rollback) -> Vec<Block> {
    let (said, tone) = words::rollback(&rollback.rehearsed);
    let said = match tone {
        Tone::Good => text(said),
        Tone::Doubtful | Tone::Bad | Tone::Neutral => prose(said),
    };
    let head = vec![Piece::Strong(name.to_owned()), Piece::Text(", ".to_owned())];
    vec![
        Block::Paragraph(head.into_iter().chain(said).collect()),
        Block::Commands(rollback.commands.clone()),
    ]
}

/// A word in its colour.
fn marked((word, tone): (&str, Tone)) -> Line {
    badge((word, tone))
}

/// A part, where there is something to tell.
fn part(
    id: &'static str,
    title: &str,
    blocks: impl IntoIterator<Item = Option<Block>>,
) -> Option<Part> {
    Part::told(id, title, blocks.into_iter().flatten().collect())
}
