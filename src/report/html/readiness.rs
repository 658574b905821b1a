//! Documents of `readiness` as pages.

use crate::readiness::Readiness;
use crate::readiness::compare::Comparison;
use crate::readiness::verify::Verification;
use crate::report::Tool;
use crate::report::readiness::blocks::{
    Badge, Block, Document, Line, Piece, Table, Tone, captioned,
};
use crate::report::readiness::document;

use super::page::{Head, Part, page};
use super::parts::{commands, diff, table, term, verbatim};
use super::write::Writer;

/// The full document.
pub fn render_readiness(report: &Readiness) -> String {
    self::document(&document::full(report))
}

/// One page for those who decide.
pub fn render_readiness_summary(report: &Readiness) -> String {
    self::document(&document::summary(report))
}

/// What moved between two reports.
pub fn render_comparison(moved: &Comparison) -> String {
    self::document(&document::comparison(moved))
}

/// Whether a certificate still says what is so.
pub fn render_verification(found: &Verification, tool: &Tool) -> String {
    self::document(&document::verification(found, tool))
}

/// Any document.
fn document(shown: &Document) -> String {
    let state = shown.state.as_ref();
    let window = match state {
        Some(state) => format!("otel-check: {}: {}", state.word, shown.title),
        None => format!("otel-check: {}", shown.title),
    };
    let head = Head {
        title: window,
        write: &|w| {
            w.within("h1", &[], |w| {
                if let Some(state) = state {
                    let class = [("class", self::state(state.tone))];
                    w.element("span", &class, &state.word);
                    w.element("span", &[("class", "away")], ": ");
                }
                w.text(&shown.title);
            });
            blocks(&shown.lead, "h2", w);
        },
        tool: shown.tool.clone(),
    };
    let parts = shown
        .parts
        .iter()
        .map(|part| Part::new(part.id, &part.title, |w| blocks(&part.blocks, "h3", w)));
    page(&head, parts.collect())
}

fn state(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "state good",
        Tone::Doubtful => "state middling",
        Tone::Bad => "state bad",
        Tone::Neutral => "state pass",
    }
}

/// Blocks, with headings of this level.
fn blocks(all: &[Block], level: &'static str, w: &mut Writer) {
    for (one, untold) in captioned(all) {
        block(one, untold, level, w);
    }
}

/// `untold` says whether a table in its place needs its caption.
fn block(block: &Block, untold: bool, level: &'static str, w: &mut Writer) {
    match block {
        Block::Paragraph(said) => w.within("p", &[], |w| line(said, w)),
        Block::Verdict(tone, said) => {
            let class = [("class", decision(*tone))];
            w.within("p", &class, |w| line(said, w));
        }
        Block::List(items) => w.within("ul", &[], |w| {
            items
                .iter()
                .for_each(|one| w.within("li", &[], |w| line(one, w)));
        }),
        Block::Terms(terms) => w.within("dl", &[], |w| {
            for (name, said) in terms {
                term(w, name, |w| line(said, w));
            }
        }),
        Block::Table(shown) => rows(shown, untold, w),
        Block::Note(said) => w.within("p", &[("class", "limits")], |w| line(said, w)),
        Block::Commands(all) => commands(w, all.iter().map(String::as_str)),
        Block::Diff(text) => diff(w, text),
        Block::Output(text) => verbatim(w, text),
        Block::Heading(title) => w.within(level, &[], |w| line(title, w)),
        Block::Article(tone, title, inside) => {
            w.within("article", &[("class", article(*tone))], |w| {
                w.within(level, &[], |w| line(title, w));
                blocks(inside, "h4", w);
            });
        }
        Block::Folded(title, inside) => w.within("details", &[], |w| {
            w.element("summary", &[], title);
            blocks(inside, level, w);
        }),
    }
}

fn decision(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "decision stands-well",
        Tone::Doubtful => "decision stands-doubtfully",
        Tone::Bad => "decision stands-badly",
        Tone::Neutral => "decision",
    }
}

fn article(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "stands-well",
        Tone::Doubtful => "stands-doubtfully",
        Tone::Bad => "stands-badly",
        Tone::Neutral => "stands",
    }
}

/// Rows that become cards where there is no room for columns.
fn rows(shown: &Table, with_caption: bool, w: &mut Writer) {
    let class = match with_caption {
        true => "records",
        false => "records told",
    };
    table(w, class, &shown.caption, &shown.heads, |w| {
        for cells in &shown.rows {
            w.within("tr", &[], |w| {
                for (at, (cell, head)) in cells.iter().zip(&shown.heads).enumerate() {
                    let label = [("data-label", head.as_str())];
                    match at {
                        0 => w.within("th", &[("scope", "row")], |w| line(cell, w)),
                        // In a block of its own, it stays together behind its label.
                        _ => w.within("td", &label, |w| w.within("div", &[], |w| line(cell, w))),
                    }
                }
            });
        }
    });
}

fn line(line: &Line, w: &mut Writer) {
    line.iter().for_each(|one| piece(one, w));
}

fn piece(piece: &Piece, w: &mut Writer) {
    match piece {
        Piece::Text(text) => w.text(text),
        Piece::Prose(sentence) => w.prose(sentence),
        Piece::Code(code) => w.code(code),
        Piece::Strong(word) => w.element("strong", &[], word),
        Piece::Badge(Badge { tone, word }) => {
            let class = match tone {
                Tone::Good => "badge good",
                Tone::Doubtful => "badge warn",
                Tone::Bad => "badge deny",
                Tone::Neutral => "badge pass",
            };
            w.element("span", &[("class", class)], word);
        }
        Piece::Link(id) => {
            let target = format!("#{id}");
            w.element("a", &[("href", &target)], id);
        }
        Piece::Anchor(id) => w.element("span", &[("id", id)], id),
        Piece::Break => w.void("br", &[]),
    }
}
