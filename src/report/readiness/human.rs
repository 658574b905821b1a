//! Documents for a terminal, and for the logs of CI.

use unicode_width::UnicodeWidthStr;

use crate::readiness::Readiness;
use crate::readiness::compare::Comparison;
use crate::readiness::verify::Verification;
use crate::report::Tool;
use crate::report::escape::terminal;
use crate::report::human::{Options, Paint};
use crate::report::plain::terminal_lines;
use crate::report::plan::human::table::{Cell, Style, Table as Columns};
use crate::report::plan::human::{diff, wrap};

use super::blocks::{Block, Document, Line, Piece, Table, Tone, captioned};
use super::document;

/// Columns that each column of a table needs; where there are fewer, rows stand below each other.
const COLUMN: usize = 13;

/// As wide as a column of sentences need be.
const MOST: usize = 30;

/// The decision and what it follows from; everything with [`Options::verbose`].
pub fn render(report: &Readiness, options: &Options) -> String {
    let shown = match options.verbose {
        true => document::full(report),
        false => document::brief(report),
    };
    page(&shown, options)
}

/// One page for those who decide.
pub fn summary(report: &Readiness, options: &Options) -> String {
    page(&document::summary(report), options)
}

/// What moved between two reports.
pub fn comparison(moved: &Comparison, options: &Options) -> String {
    page(&document::comparison(moved), options)
}

/// Whether a certificate still says what is so.
pub fn verification(found: &Verification, tool: &Tool, options: &Options) -> String {
    page(&document::verification(found, tool), options)
}

/// Any document.
fn page(shown: &Document, options: &Options) -> String {
    let mut page = Page {
        paint: Paint::new(options),
        options,
        out: String::new(),
    };
    let title = terminal(&shown.title);
    let head = match &shown.state {
        Some(state) => format!(
            "{}: {title}",
            toned(page.paint, state.tone, &terminal(&state.word))
        ),
        None => page.paint.bold(&title),
    };
    page.line(&head);
    page.blocks(&shown.lead);
    for part in &shown.parts {
        let title = page.paint.bold(&terminal(&part.title));
        page.line("");
        page.line(&title);
        page.blocks(&part.blocks);
    }
    page.out
}

/// What is written so far, and how to write on.
struct Page<'a> {
    paint: Paint,
    options: &'a Options,
    out: String,
}

impl Page<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for (block, untold) in captioned(blocks) {
            if let (Block::Table(table), true) = (block, untold) {
                let paint = self.paint;
                let caption = super::blocks::text(&table.caption);
                self.line("");
                self.wrapped("  ", "  ", &caption, |text| paint.dim(text));
            }
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph(line) => self.wrapped("  ", "  ", line, |text| text.to_owned()),
            Block::Verdict(_, line) => {
                let paint = self.paint;
                self.wrapped("  ", "  ", line, |text| paint.bold(text));
            }
            Block::List(items) => items.iter().for_each(|item| self.item(item)),
            Block::Note(line) => {
                let paint = self.paint;
                self.wrapped("  ", "  ", line, |text| paint.dim(text));
            }
            Block::Terms(terms) => self.terms(terms),
            Block::Table(table) => self.table(table),
            Block::Commands(commands) => {
                // Never broken, so that they can be copied.
                for command in commands {
                    let command = format!("    {}", terminal(command));
                    self.line(&command);
                }
            }
            Block::Diff(text) => {
                let text = diff(text, self.options);
                self.out.push_str(&text);
            }
            Block::Output(text) => {
                for line in terminal_lines(text).lines() {
                    self.line(&format!("    | {line}"));
                }
            }
            Block::Article(_, title, inside) => {
                self.line("");
                self.heading(title);
                self.blocks(inside);
            }
            Block::Heading(title) => {
                self.line("");
                self.heading(title);
            }
            Block::Folded(title, inside) => {
                let title = self.paint.bold(&terminal(title));
                self.line("");
                self.line(&format!(" {title}"));
                self.blocks(inside);
            }
        }
    }

    /// A heading may begin with a word in its colour.
    fn heading(&mut self, title: &Line) {
        let (tone, head) = match title.first() {
            Some(Piece::Badge(badge)) => (badge.tone, terminal(&badge.word).into_owned()),
            Some(_) | None => (Tone::Neutral, String::new()),
        };
        let paint = self.paint;
        let word = toned(paint, tone, &head);
        self.begun(" ", "   ", title, &head, |rest| paint.bold(rest), &word);
    }

    /// Lines of the width, the first behind `first`, the others behind `other`.
    fn wrapped(&mut self, first: &str, other: &str, line: &Line, paint: impl Fn(&str) -> String) {
        let room = self.options.width.saturating_sub(other.width());
        let mut before = first;
        for text in texts(line) {
            for shown in wrap::words(&terminal(&text), room) {
                self.line(&format!("{before}{}", paint(&shown)));
                before = other;
            }
        }
    }

    /// The words with which an item begins stand out.
    fn item(&mut self, item: &Line) {
        let head = match item.first() {
            Some(Piece::Strong(word)) => terminal(word).into_owned(),
            Some(_) | None => String::new(),
        };
        let word = self.paint.bold(&head);
        self.begun("  - ", "    ", item, &head, str::to_owned, &word);
    }

    /// Lines of which the first begins with `head`, where it does, shown as `word`.
    fn begun(
        &mut self,
        first: &str,
        other: &str,
        line: &Line,
        head: &str,
        paint: impl Fn(&str) -> String,
        word: &str,
    ) {
        let is_first = std::cell::Cell::new(!head.is_empty());
        self.wrapped(first, other, line, |text| {
            match text.strip_prefix(head).filter(|_| is_first.take()) {
                Some(rest) => format!("{word}{}", paint(rest)),
                None => paint(text),
            }
        });
    }

    /// Names at the left, what is said of them at the right.
    fn terms(&mut self, terms: &[(&str, Line)]) {
        let widest = terms.iter().map(|(name, _)| name.width()).max();
        let widest = widest.unwrap_or(0);
        let other = " ".repeat(widest + 4);
        for (name, line) in terms {
            let name = self.paint.dim(&format!("{name:>widest$}"));
            self.wrapped(&format!("  {name}  "), &other, line, |text| text.to_owned());
        }
    }

    fn table(&mut self, table: &Table) {
        if !self.has_room(table) {
            return self.records(table);
        }
        let mut columns = Columns::new(table.heads.iter().map(String::as_str));
        for cells in &table.rows {
            columns.row(cells.iter().map(cell).collect());
        }
        columns.print(self.paint, self.options.width, &mut self.out);
    }

    /// Whether columns beside each other can be read.
    fn has_room(&self, table: &Table) -> bool {
        let widest = |at: usize| {
            let cells = table.rows.iter().flat_map(|row| texts(&row[at]));
            cells.map(|text| text.width()).max().unwrap_or(0)
        };
        let wanted = (0..table.heads.len()).map(|at| widest(at).clamp(COLUMN / 2, MOST));
        let wanted = wanted.map(|width| width + 2).sum::<usize>();
        let room = self.options.width;
        let longest = |at: usize| {
            let cells = table.rows.iter().flat_map(|row| texts(&row[at]));
            let words = cells.map(|text| text.split(' ').map(UnicodeWidthStr::width).max());
            words.flatten().max().unwrap_or(0) + 2
        };
        let words = (0..table.heads.len()).map(longest).sum::<usize>();
        table.heads.len() * COLUMN <= room && words <= room && wanted <= room * 7 / 4
    }

    /// Rows below each other, for want of room.
    fn records(&mut self, table: &Table) {
        let widest = table.heads.iter().skip(1).map(|head| head.width()).max();
        let widest = widest.unwrap_or(0).min(self.options.width / 3);
        let other = " ".repeat(widest + 5);
        for cells in &table.rows {
            let paint = self.paint;
            let mut cells = table.heads.iter().zip(cells);
            if let Some((_, first)) = cells.next() {
                self.wrapped("  ", "  ", first, |text| paint.bold(text));
            }
            for (head, line) in cells {
                let head = self.paint.dim(&format!("{head:>widest$}"));
                self.wrapped(&format!("   {head}  "), &other, line, |text| {
                    text.to_owned()
                });
            }
        }
    }
}

fn toned(paint: Paint, tone: Tone, text: &str) -> String {
    match tone {
        Tone::Good => paint.green(text),
        Tone::Doubtful => paint.yellow(text),
        Tone::Bad => paint.red(text),
        Tone::Neutral => text.to_owned(),
    }
}

/// The texts of a line, one for each line that it makes.
fn texts(line: &[Piece]) -> Vec<String> {
    let lines = line.split(|piece| *piece == Piece::Break);
    lines
        .map(flat)
        .filter(|text| !text.trim().is_empty())
        .collect()
}

/// A line without its marks.
fn flat(line: &[Piece]) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Text(text)
        | Piece::Prose(text)
        | Piece::Strong(text)
        | Piece::Link(text)
        | Piece::Anchor(text) => text.clone(),
        Piece::Code(text) => text.clone(),
        Piece::Badge(badge) => badge.word.clone(),
        Piece::Break => "; ".to_owned(),
    };
    line.iter().map(text).collect()
}

/// A cell, in which a line that begins with a word in its colour has it.
fn cell(line: &Line) -> Cell {
    let lines = line.split(|piece| *piece == Piece::Break);
    let texts: Vec<(String, Style)> = lines
        .map(|line| {
            let style = match line.first() {
                Some(Piece::Badge(badge)) => style(badge.tone),
                Some(Piece::Text(text)) if text == "–" => Style::Dim,
                Some(_) | None => Style::Plain,
            };
            (flat(line), style)
        })
        .collect();
    Cell::below(texts.iter().map(|(text, style)| (text.as_str(), *style)))
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Good => Style::Good,
        Tone::Doubtful => Style::Doubtful,
        Tone::Bad => Style::Bad,
        Tone::Neutral => Style::Dim,
    }
}
