//! Tables whose cells are wrapped to the width of the terminal.

use unicode_width::UnicodeWidthStr;

use crate::report::escape::terminal;
use crate::report::human::Paint;

use super::wrap;

/// Room between columns.
const GAP: usize = 2;
/// A column is made no narrower than this to fit.
const LEAST: usize = 10;

#[derive(Debug, Clone, Copy)]
pub enum Style {
    Plain,
    Dim,
    Good,
    Doubtful,
    Bad,
}

/// Escaped texts that stand below each other, with their styles.
pub struct Cell {
    texts: Vec<(String, Style)>,
}

impl Cell {
    pub fn new(text: &str, style: Style) -> Self {
        Self::below([(text, style)])
    }

    pub fn below<'t>(texts: impl IntoIterator<Item = (&'t str, Style)>) -> Self {
        let texts = texts.into_iter();
        Self {
            texts: texts
                .map(|(text, style)| (terminal(text).into_owned(), style))
                .collect(),
        }
    }

    fn width(&self) -> usize {
        let widths = self.texts.iter().map(|(text, _)| text.width());
        widths.max().unwrap_or(0)
    }

    fn lines(&self, width: usize) -> Vec<(String, Style)> {
        let texts = self.texts.iter();
        let lines = texts.flat_map(|(text, style)| {
            let lines = wrap::cell(text, width).into_iter();
            lines.map(|line| (line, *style))
        });
        lines.collect()
    }
}

/// A head line and rows of as many cells.
pub struct Table {
    heads: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub fn new(heads: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let heads = heads.into_iter().map(Into::into);
        Self {
            heads: heads.map(|head| terminal(&head).into_owned()).collect(),
            rows: Vec::new(),
        }
    }

    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    pub fn print(&self, paint: Paint, width: usize, out: &mut String) {
        let widths = self.widths(width);
        let heads: Vec<Cell> = self
            .heads
            .iter()
            .map(|head| Cell::new(head, Style::Dim))
            .collect();
        row(&heads, &widths, paint, out);
        for cells in &self.rows {
            row(cells, &widths, paint, out);
        }
    }

    /// As wide as the cells ask for, the widest narrowed until all fit beside each other: as long as
    /// that does, without breaking words.
    fn widths(&self, width: usize) -> Vec<usize> {
        let mut widths: Vec<usize> = (0..self.heads.len())
            .map(|at| {
                let cells = self.rows.iter().map(|row| row[at].width());
                let widest = cells.max().unwrap_or(0);
                widest.max(self.heads[at].width()).min(width)
            })
            .collect();
        let words: Vec<usize> = (0..widths.len()).map(|at| self.longest_word(at)).collect();
        for floors in [words, vec![LEAST; widths.len()]] {
            narrow(
                &mut widths,
                &floors,
                width.saturating_sub(GAP * floors.len()),
            );
        }
        widths
    }

    fn longest_word(&self, at: usize) -> usize {
        let cells = self.rows.iter().flat_map(|row| &row[at].texts);
        let words = cells.flat_map(|(text, _)| text.split_whitespace());
        let longest = words.map(UnicodeWidthStr::width).max();
        longest.unwrap_or(0).max(LEAST)
    }
}

/// Narrows the widest that is not at its floor, again and again.
fn narrow(widths: &mut [usize], floors: &[usize], room: usize) {
    while widths.iter().sum::<usize>() > room {
        let above = widths.iter_mut().zip(floors);
        let above = above.filter(|(width, floor)| **width > **floor);
        match above.map(|(width, _)| width).max() {
            Some(widest) => *widest -= 1,
            None => break,
        }
    }
}

fn row(cells: &[Cell], widths: &[usize], paint: Paint, out: &mut String) {
    let columns: Vec<Vec<(String, Style)>> = cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| cell.lines(*width))
        .collect();
    let height = columns.iter().map(Vec::len).max().unwrap_or(0);
    for number in 0..height {
        let mut line = String::new();
        // Spaces are held back until something follows them.
        let mut gap = 0;
        for (column, width) in columns.iter().zip(widths) {
            gap += GAP;
            let shown = column.get(number);
            let text = shown.map_or("", |(text, _)| text.as_str());
            if let Some((text, style)) = shown.filter(|(text, _)| !text.is_empty()) {
                line.push_str(&" ".repeat(gap));
                line.push_str(&styled(text, *style, paint));
                gap = 0;
            }
            gap += width.saturating_sub(text.width());
        }
        out.push_str(&line);
        out.push('\n');
    }
}

fn styled(text: &str, style: Style, paint: Paint) -> String {
    match style {
        Style::Plain => text.to_owned(),
        Style::Dim => paint.dim(text),
        Style::Good => paint.green(text),
        Style::Doubtful => paint.yellow(text),
        Style::Bad => paint.red(text),
    }
}
