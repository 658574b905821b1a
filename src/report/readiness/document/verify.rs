//! Whether a certificate still says what is so.

use crate::readiness::verify::{Signatures, Standing, Verification};

use crate::report::Tool;

use super::super::blocks::{
    Badge, Block, Document, Line, Part, Piece, Table, Tone, code, codes, joined, prose, text,
};
use super::super::words;
use super::{compare, marked, part};

/// What it is, what it claims, and what of that is so. `tool` is the program that verified it.
pub fn verification(found: &Verification, tool: &Tool) -> Document {
    let (word, tone) = standing(found);
    let parts = [
        contradictions(found),
        differs(found),
        compare::inputs(&found.inputs),
        unrepeated(found),
        holds(found),
    ];
    Document {
        title: match &found.claim {
            Some(claim) => format!("certificate of the readiness for {}", claim.family),
            None => "certificate of readiness".to_owned(),
        },
        state: Some(Badge {
            tone,
            word: word.to_owned(),
        }),
        lead: vec![Block::Verdict(tone, prose(&found.because)), terms(found)],
        parts: parts.into_iter().flatten().collect(),
        tool: tool.to_string(),
    }
}

/// What was not measured again is not called good.
fn standing(found: &Verification) -> (&'static str, Tone) {
    match found.standing {
        Standing::Holds if found.unrepeated.is_empty() => ("HOLDS", Tone::Good),
        Standing::Holds => ("HOLDS AS FAR AS MEASURED", Tone::Neutral),
        Standing::Outdated => ("OUTDATED", Tone::Doubtful),
        Standing::False => ("FALSE", Tone::Bad),
        Standing::Tampered => ("TAMPERED", Tone::Bad),
        Standing::Broken => ("NO CERTIFICATE", Tone::Bad),
    }
}

fn terms(found: &Verification) -> Block {
    let mut terms = Vec::new();
    if let Some(claim) = &found.claim {
        let on = text(format!(" on {}", claim.date));
        let claimed = marked(words::decision(claim.decision)).into_iter();
        terms.push(("it claims", claimed.chain(on).collect()));
    }
    terms.push((
        "now",
        match found.now {
            Some(decision) => marked(words::decision(decision)),
            None => text("nothing was measured again"),
        },
    ));
    terms.push(("signatures", signatures(&found.signatures)));
    Block::Terms(terms)
}

fn signatures(signatures: &Signatures) -> Line {
    text(match signatures {
        Signatures::None => "none".to_owned(),
        Signatures::Unchecked { count } => {
            format!("{count}, not checked here: the tool that signed it checks them")
        }
    })
}

fn contradictions(found: &Verification) -> Option<Part> {
    let said: Vec<Line> = found.contradictions.iter().map(prose).collect();
    let list = (!said.is_empty()).then_some(Block::List(said));
    part("contradictions", "What does not fit together", [list])
}

fn differs(found: &Verification) -> Option<Part> {
    let heads = ["what", "as it claims", "as it is"];
    let mut table = Table::new("What is not as it claims", heads);
    table.rows.extend(
        found
            .differs
            .iter()
            .map(|one| vec![code(&one.what), prose(&one.claimed), prose(&one.found)]),
    );
    part("differs", "What is not as it claims", [table.block()])
}

fn unrepeated(found: &Verification) -> Option<Part> {
    let items: Vec<Line> = found
        .unrepeated
        .iter()
        .map(|one| {
            let separator = Piece::Text(": ".to_owned());
            joined([code(&one.what), prose(&one.because)], &separator)
        })
        .collect();
    let list = (!items.is_empty()).then_some(Block::List(items));
    part("unrepeated", "What was not measured again", [list])
}

fn holds(found: &Verification) -> Option<Part> {
    let names = codes(found.holds.iter().map(String::as_str));
    let said = (!names.is_empty()).then_some(Block::Paragraph(names));
    part("holds", "Criteria with the same result as then", [said])
}
