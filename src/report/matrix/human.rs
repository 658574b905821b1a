//! The matrix for people.

use unicode_width::UnicodeWidthStr;

use crate::matrix::{Companion, Matrix};
use crate::report::escape::terminal;
use crate::report::human::{Options, Paint};
use crate::skew::Line;

use super::{cell_text, features, legend, registry_lines, workspace_cells, workspace_lines};

/// Room between columns.
const GAP: usize = 2;

/// A table of the workspace, one of the registry, and what follows from them.
pub fn render(matrix: &Matrix, options: &Options) -> String {
    let paint = Paint::new(options);
    let mut out = String::new();
    for note in &matrix.notes {
        out.push_str(&paint.dim(&terminal(note)));
        out.push_str("\n\n");
    }
    workspace(matrix, paint, options, &mut out);
    registry(matrix, paint, options, &mut out);
    summary(matrix, paint, &mut out);
    out
}

fn workspace(matrix: &Matrix, paint: Paint, options: &Options, out: &mut String) {
    let cells = workspace_cells(matrix);
    if cells.is_empty() {
        let family = terminal(&matrix.family);
        out.push_str(&format!("nothing of {family} is in use\n"));
        return;
    }
    let lines: Vec<Option<Line>> = workspace_lines(matrix).into_iter().collect();
    let mut table = Table::new("in the workspace");
    for line in &lines {
        table.column(match line {
            Some(line) => line.to_string(),
            None => "no line".to_owned(),
        });
    }
    for (name, cells) in &cells {
        let row = lines.iter().map(|line| match cells.get(line) {
            Some(versions) => versions.join(", "),
            None => "–".to_owned(),
        });
        table.row(name, row.collect());
    }
    let all: Vec<usize> = (0..lines.len()).rev().collect();
    table.print(&all, paint, options, out);
}

fn registry(matrix: &Matrix, paint: Paint, options: &Options, out: &mut String) {
    if matrix.companions.is_empty() {
        return;
    }
    out.push('\n');
    let lines = registry_lines(matrix);
    let mut table = Table::new("in the registry");
    for line in &lines {
        table.column(line.to_string());
    }
    let released = lines.iter().map(|line| {
        let published = matrix.line(*line).and_then(|row| row.published);
        published.map(|time| time.date()).unwrap_or_default()
    });
    table.row("  released", released.collect());
    for companion in matrix.companions.iter().filter(|c| c.problem.is_none()) {
        let row = lines.iter().map(|line| cell(companion, *line)).collect();
        table.row(&companion.name, row);
    }
    let shown = table.print(&preference(matrix, &lines), paint, options, out);
    let shown: Vec<Line> = shown.into_iter().map(|at| lines[at]).collect();
    if shown.len() < lines.len() {
        let left_out = match lines.len() - shown.len() {
            1 => "1 line is".to_owned(),
            count => format!("{count} lines are"),
        };
        out.push_str(&paint.dim(&format!(
            "{left_out} left out for want of room; `--format csv` has them all"
        )));
        out.push('\n');
    }
    for text in legend(&matrix.companions, &shown) {
        out.push_str(&paint.dim(text));
        out.push('\n');
    }
    details(matrix, &shown, out);
}

fn cell(companion: &Companion, line: Line) -> String {
    match companion.cell(line) {
        Some(cell) => cell_text(cell),
        None if companion.free_since.is_some() => "any".to_owned(),
        None => "–".to_owned(),
    }
}

/// Columns by how much they are wanted: lines in use, the newest common one, then from new to old.
fn preference(matrix: &Matrix, lines: &[Line]) -> Vec<usize> {
    let wanted = |line: Line| {
        matrix.newest_common == Some(line) || matrix.line(line).is_some_and(|row| row.in_use)
    };
    let mut order: Vec<usize> = (0..lines.len()).rev().collect();
    order.sort_by_key(|&at| !wanted(lines[at]));
    order
}

/// What the table has no room for.
fn details(matrix: &Matrix, lines: &[Line], out: &mut String) {
    for companion in &matrix.companions {
        let name = terminal(&companion.name);
        if let Some(problem) = &companion.problem {
            out.push_str(&format!("{name}: {}\n", terminal(problem)));
        }
        if let Some(version) = &companion.free_since {
            let version = version.to_string();
            let version = terminal(&version);
            out.push_str(&format!("{name} needs no line from {version} on\n"));
        }
        let chosen: Vec<String> = features(companion, lines)
            .iter()
            .map(|(line, features)| format!("{line} {}", terminal(&features.join(" or "))))
            .collect();
        if !chosen.is_empty() {
            out.push_str(&format!("{name} by feature: {}\n", chosen.join(", ")));
        }
    }
}

fn summary(matrix: &Matrix, paint: Paint, out: &mut String) {
    if matrix.companions.is_empty() || matrix.lines.is_empty() {
        return;
    }
    out.push('\n');
    match matrix.newest_common {
        Some(line) => out.push_str(&format!(
            "newest line that every dependency in use serves: {}\n",
            paint.bold(&line.to_string())
        )),
        None => out.push_str("no line is served by every dependency in use\n"),
    }
    for cap in &matrix.caps {
        let name = terminal(&cap.name);
        let behind = match cap.lines_behind {
            1 => "1 line behind".to_owned(),
            count => format!("{count} lines behind"),
        };
        let state = match cap.line {
            Some(line) => format!("newest {line}, {behind}"),
            None => "serves no line".to_owned(),
        };
        out.push_str(&format!("held back by {}: {state}\n", paint.yellow(&name)));
    }
}

/// Rows with a name and a cell for each column.
struct Table {
    corner: &'static str,
    columns: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
}

impl Table {
    fn new(corner: &'static str) -> Self {
        Table {
            corner,
            columns: Vec::new(),
            rows: Vec::new(),
        }
    }

    fn column(&mut self, head: String) {
        self.columns.push(head);
    }

    fn row(&mut self, name: &str, cells: Vec<String>) {
        let cells = cells.iter().map(|cell| terminal(cell).into_owned());
        self.rows
            .push((terminal(name).into_owned(), cells.collect()));
    }

    /// Prints as many columns as fit, the preferred ones first, in their own order; gives those.
    fn print(
        &self,
        preference: &[usize],
        paint: Paint,
        options: &Options,
        out: &mut String,
    ) -> Vec<usize> {
        let names = self.rows.iter().map(|(name, _)| name.width()).max();
        let first = names.unwrap_or(0).max(self.corner.width());
        let width = |at: usize| {
            let cells = self.rows.iter().map(|(_, cells)| cells[at].width()).max();
            cells.unwrap_or(0).max(self.columns[at].width())
        };
        let mut used = first;
        let mut shown = Vec::new();
        for &at in preference {
            let needed = GAP + width(at);
            // One column is shown in any case.
            if used + needed <= options.width || shown.is_empty() {
                used += needed;
                shown.push(at);
            }
        }
        shown.sort_unstable();
        let print = |out: &mut String, name: &str, cell: &dyn Fn(usize) -> String, bold: bool| {
            let mut text = pad(name, first);
            for &at in &shown {
                text.push_str(&" ".repeat(GAP));
                text.push_str(&pad(&cell(at), width(at)));
            }
            let text = text.trim_end();
            if bold {
                out.push_str(&paint.bold(text));
            } else {
                out.push_str(text);
            }
            out.push('\n');
        };
        print(out, self.corner, &|at| self.columns[at].clone(), true);
        for (name, cells) in &self.rows {
            print(out, name, &|at| cells[at].clone(), false);
        }
        shown
    }
}

fn pad(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(missing))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::matrix::testing::{empty, hostile, sample};

    fn plain(width: usize) -> Options {
        Options {
            colours: false,
            width,
            verbose: false,
        }
    }

    #[test]
    fn nothing_hostile_reaches_the_terminal() {
        let text = render(&hostile(), &plain(200));
        let allowed = |c: char| c == '\n' || !c.is_control();
        assert!(text.chars().all(allowed), "{text:?}");
        assert!(!text.contains('\u{202e}'));
    }

    #[test]
    fn tables_keep_to_the_width() {
        for width in [40, 60, 80, 120] {
            let text = render(&sample(), &plain(width));
            let tables = text.lines().take_while(|line| !line.starts_with('+'));
            for line in tables.filter(|line| !line.contains("left out")) {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn colours_are_left_out_where_not_wanted() {
        assert!(!render(&sample(), &plain(80)).contains('\u{1b}'));
        let coloured = Options {
            colours: true,
            ..plain(80)
        };
        assert!(render(&sample(), &coloured).contains('\u{1b}'));
    }

    #[test]
    fn renders() {
        insta::assert_snapshot!(render(&sample(), &plain(100)));
        insta::assert_snapshot!("narrow", render(&sample(), &plain(60)));
        insta::assert_snapshot!("empty", render(&empty(), &plain(80)));
        insta::assert_snapshot!("hostile", render(&hostile(), &plain(120)));
    }
}
