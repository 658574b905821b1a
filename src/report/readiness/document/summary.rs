//! One page for those who decide: plain words, and nothing that needs an appendix.

use crate::readiness::Readiness;
use crate::readiness::model::{CriterionRow, Obstacle};
use crate::report::plain::counted;

use super::super::blocks::{
    Block, Document, Part, Piece, Table, beside, joined, or_dash, prose, sentences, text,
};
use super::super::words;
use super::assessment::{target, unmeasured, who};
use super::options::compared;
use super::risks::{short_impact, status, top};
use super::{About, Known, advice, of};

/// How much of a list has room on the page.
const MOST: usize = 5;

/// Risks on the page.
const TOP: usize = 3;

/// Characters of a sentence for which there is room.
const SENTENCE: usize = 110;

/// Decision, what stands against it, score, options, risks, and what nobody has measured.
pub fn summary(report: &Readiness) -> Document {
    let known = Known::new(report);
    let about = About {
        report,
        known: &known,
    };
    let assessment = &report.assessment;
    let parts = [
        obstacles("blockers", "What stands against it", &assessment.blockers),
        obstacles(
            "conditions",
            "What has to be done, and by when",
            &assessment.conditions,
        ),
        options(about),
        risks(about),
        not_measured(about),
    ];
    of(report, terms(about), parts)
}

fn terms(about: About<'_>) -> Block {
    let report = about.report;
    let score = &report.assessment.score;
    let mut terms = vec![("assessed on", text(&report.date))];
    terms.extend(target(about).map(|line| ("target", line)));
    terms.push(("score", text(words::score(score))));
    let advice = advice(report);
    if !advice.is_empty() {
        terms.push(("advice", advice));
    }
    if let Some(plan) = &report.phases {
        let steps = plan.phases.iter().map(|phase| phase.steps.len()).sum();
        let mut said = format!(
            "{} in {}",
            counted(steps, "step"),
            counted(plan.phases.len(), "phase")
        );
        let first = plan.phases.first().and_then(|phase| phase.days.as_ref());
        let last = plan.phases.last().and_then(|phase| phase.days.as_ref());
        if let (Some((start, _)), Some((_, end))) = (first, last) {
            said.push_str(&format!(", {start} to {end}"));
        }
        terms.push(("plan", text(said)));
    }
    Block::Terms(terms)
}

fn obstacles(id: &'static str, title: &str, obstacles: &[Obstacle]) -> Option<Part> {
    let heads = ["by when", "what is in the way", "what to do", "whom to ask"];
    let mut table = Table::new(title, heads);
    let rows = obstacles.iter().take(MOST).map(|one| {
        vec![
            text(words::due(one.due)),
            prose(clipped(&one.text, 2 * SENTENCE)),
            or_dash(sentences(one.help.iter().take(1))),
            or_dash(who(one)),
        ]
    });
    table.rows.extend(rows);
    let mut blocks: Vec<Block> = table.block().into_iter().collect();
    blocks.extend(more(obstacles.len()));
    Part::told(id, title, blocks)
}

/// A sentence for which there is room: the full document has the whole of it.
fn clipped(sentence: &str, most: usize) -> String {
    let Some((end, _)) = sentence.char_indices().nth(most) else {
        return sentence.to_owned();
    };
    let shown = &sentence[..end];
    let end = shown.rfind(' ').filter(|end| *end > 0).unwrap_or(end);
    let mut shown = shown[..end].trim_end().to_owned();
    // What began as code ends as code.
    if shown.matches('`').count() % 2 == 1 {
        shown.push('`');
    }
    shown.push('…');
    shown
}

/// A word on what there was no room for.
fn more(count: usize) -> Option<Block> {
    let left = count.checked_sub(MOST).filter(|left| *left > 0)?;
    Some(Block::Paragraph(text(format!(
        "And {left} more in the full document."
    ))))
}

fn options(about: About<'_>) -> Option<Part> {
    let mut table = compared(about, false);
    // There is no appendix to which it could lead.
    table.rows.pop();
    Part::told("options", "Options", table.block().into_iter().collect())
}

fn risks(about: About<'_>) -> Option<Part> {
    let mut table = Table::new(
        "The worst risks",
        ["risk", "probability", "impact", "status"],
    );
    for risk in top(about, TOP) {
        table.rows.push(vec![
            prose(clipped(&risk.text, SENTENCE)),
            prose(clipped(&words::probability(&risk.probability), SENTENCE)),
            text(short_impact(&risk.impact)),
            status(&risk.status),
        ]);
    }
    let mut blocks: Vec<Block> = table.block().into_iter().collect();
    let left = about.report.risks.len().saturating_sub(TOP);
    if left > 0 {
        let said = format!("And {left} more in the full document.");
        blocks.push(Block::Paragraph(text(said)));
    }
    Part::told("risks", "Top risks", blocks)
}

/// Names alone: why, and how to have it measured, stands in the full document.
fn not_measured(about: About<'_>) -> Option<Part> {
    let rows = unmeasured(about);
    let item = |(row, because, _): &(&CriterionRow, &str, &[String])| {
        let weight = format!("{}, weight {}", row.severity.name(), row.weight);
        let name = beside([prose(&row.title), text(format!("({weight})"))]);
        joined([name, prose(*because)], &Piece::Text(": ".to_owned()))
    };
    let mut blocks = Vec::new();
    if !rows.is_empty() {
        blocks.push(Block::List(rows.iter().take(MOST).map(item).collect()));
        blocks.extend(more(rows.len()));
    }
    let said = "Evidence for each figure, and how to see it again, stands in the full document.";
    blocks.push(Block::Paragraph(text(said)));
    let title = match rows.is_empty() {
        true => "Everything was measured",
        false => "What was not measured",
    };
    Part::told("not-measured", title, blocks)
}

#[cfg(test)]
mod tests {
    use super::clipped;

    #[test]
    fn long_sentences_end_at_a_word_and_close_their_code() {
        assert_eq!(clipped("as it is", 8), "as it is");
        assert_eq!(clipped("as it is not", 8), "as it…");
        assert_eq!(clipped("the `name of` it", 10), "the `name`…");
        assert_eq!(clipped("漢字漢字漢字", 3), "漢字漢…");
    }

    proptest::proptest! {
        #[test]
        fn it_never_fails(sentence: String, most in 0usize..40) {
            let shown = clipped(&sentence, most);
            proptest::prop_assert!(shown.chars().count() <= most + 2 || shown == sentence);
        }
    }
}
