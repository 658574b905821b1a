//! Documents as Markdown, as forges read it.

use crate::readiness::Readiness;
use crate::readiness::compare::Comparison;
use crate::readiness::verify::Verification;
use crate::report::Tool;
use crate::report::escape::{markdown_code, terminal};
use crate::report::html;
use crate::report::plan::markdown::text::{
    self, code_outside, fenced, prose, prose_outside, shown,
};

use super::blocks::{Badge, Block, Document, Line, Piece, Table, Tone, captioned};
use super::document;

/// The full document.
pub fn render(report: &Readiness) -> String {
    page(&document::full(report))
}

/// One page for those who decide.
pub fn summary(report: &Readiness) -> String {
    page(&document::summary(report))
}

/// What moved between two reports.
pub fn comparison(moved: &Comparison) -> String {
    page(&document::comparison(moved))
}

/// Whether a certificate still says what is so.
pub fn verification(found: &Verification, tool: &Tool) -> String {
    page(&document::verification(found, tool))
}

/// Any document.
fn page(document: &Document) -> String {
    let mut out = String::from("# ");
    if let Some(state) = &document.state {
        out.push_str(&format!("{}: ", shown(&state.word)));
    }
    out.push_str(&prose(&document.title));
    out.push('\n');
    blocks(&document.lead, 2, &mut out);
    for part in &document.parts {
        out.push_str(&format!("\n## {}\n", shown(&part.title)));
        blocks(&part.blocks, 3, &mut out);
    }
    out.push_str(&format!("\nWritten by {}.\n", shown(&document.tool)));
    out
}

/// Blocks, with headings of this level.
fn blocks(all: &[Block], level: usize, out: &mut String) {
    for (one, untold) in captioned(all) {
        if let (Block::Table(rows), true) = (one, untold) {
            out.push_str(&format!("\n_{}_\n", shown(&rows.caption)));
        }
        block(one, level, out);
    }
}

fn block(block: &Block, level: usize, out: &mut String) {
    match block {
        Block::Paragraph(said) => out.push_str(&format!("\n{}\n", line(said))),
        Block::Verdict(tone, said) => {
            out.push_str(&format!("\n> [!{}]\n> **{}**\n", alert(*tone), line(said)));
        }
        Block::List(items) => {
            out.push('\n');
            for item in items {
                out.push_str(&format!("- {}\n", line(item)));
            }
        }
        Block::Note(said) => out.push_str(&format!("\n> {}\n", line(said))),
        Block::Terms(terms) => {
            out.push('\n');
            for (name, said) in terms {
                out.push_str(&format!("- **{name}**: {}\n", line(said)));
            }
        }
        Block::Table(rows) => table(rows, out),
        Block::Commands(commands) => fenced("sh", &on_lines(commands), out),
        Block::Diff(diff) => fenced("diff", diff, out),
        Block::Output(output) => fenced("text", output, out),
        Block::Heading(said) => heading(level, said, out),
        Block::Article(_, title, inside) => {
            heading(level, title, out);
            blocks(inside, level + 1, out);
        }
        Block::Folded(title, inside) => {
            // Markup, in which nothing is read as Markdown.
            let title = html::text(title);
            out.push_str(&format!("\n<details><summary>{title}</summary>\n"));
            blocks(inside, level + 1, out);
            out.push_str("\n</details>\n");
        }
    }
}

fn heading(level: usize, said: &Line, out: &mut String) {
    let signs = "#".repeat(level.min(6));
    let said = match said.split_first() {
        // A word that says how something stands comes behind its name.
        Some((Piece::Badge(badge), rest)) => {
            let rest: String = rest.iter().map(flowing).collect();
            format!("{} ({})", rest.trim(), word(badge))
        }
        Some(_) | None => line(said),
    };
    out.push_str(&format!("\n{signs} {said}\n"));
}

/// How forges mark what must not be missed.
fn alert(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "TIP",
        Tone::Doubtful => "WARNING",
        Tone::Bad => "CAUTION",
        Tone::Neutral => "NOTE",
    }
}

/// Commands, each on one line.
fn on_lines(commands: &[String]) -> String {
    let lines: Vec<_> = commands.iter().map(|one| terminal(one)).collect();
    lines.join("\n")
}

fn table(rows: &Table, out: &mut String) {
    let heads: Vec<String> = rows.heads.iter().map(|head| shown(head)).collect();
    let cells = rows.rows.iter().map(|row| row.iter().map(cell).collect());
    out.push('\n');
    text::table(&heads, cells, out);
}

/// A line in a paragraph, an item or a heading.
fn line(pieces: &Line) -> String {
    pieces.iter().map(flowing).collect()
}

/// A piece where no table is.
fn flowing(piece: &Piece) -> String {
    match piece {
        Piece::Prose(sentence) => prose_outside(sentence),
        Piece::Code(code) => code_outside(code),
        other => anywhere(other),
    }
}

/// A line in a table.
fn cell(pieces: &Line) -> String {
    pieces.iter().map(anywhere).collect()
}

fn anywhere(piece: &Piece) -> String {
    match piece {
        Piece::Text(text) => spaced(text),
        Piece::Prose(sentence) => prose(sentence),
        Piece::Code(code) => markdown_code(code),
        Piece::Strong(word) => format!("**{}**", shown(word)),
        Piece::Badge(badge) => word(badge),
        // Ids that the program gave itself.
        Piece::Link(id) => format!("[{id}](#{id})"),
        Piece::Anchor(id) => format!("<a id=\"{id}\"></a>{id}"),
        Piece::Break => "<br>".to_owned(),
    }
}

/// What is good or bad is bold; what is neither is not.
fn word(badge: &Badge) -> String {
    let word = shown(&badge.word);
    match badge.tone {
        Tone::Good | Tone::Doubtful | Tone::Bad => format!("**{word}**"),
        Tone::Neutral => format!("_{word}_"),
    }
}

/// The text without the spaces around it escaped, which join it with its neighbours.
fn spaced(text: &str) -> String {
    let inner = text.trim_matches(' ');
    match text.split_once(inner) {
        Some((before, after)) if !inner.is_empty() => format!("{before}{}{after}", shown(inner)),
        Some(_) | None => text.to_owned(),
    }
}
