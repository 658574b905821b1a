//! The first screen: artifacts × lines, and what is lost.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr;

use crate::report::escape::terminal;
use crate::report::plain::counted;
use crate::report::words::{self, judged, state};
use crate::report::{Artifact, Comparison, Report, Verdict, cells};

use super::{Options, Paint};

/// Rows of the table before it is cut.
const ROWS: usize = 24;

pub fn render(report: &Report, options: &Options, out: &mut String) {
    let paint = Paint::new(options);
    out.push_str(&headline(report, paint));
    out.push('\n');
    if let Some(comparison) = &report.comparison {
        out.push_str(&compared(comparison, paint));
    }
    let known = report
        .findings
        .iter()
        .filter(|finding| finding.known)
        .count();
    if known > 0 {
        let text = format!(
            "  {} of the baseline let through\n",
            counted(known, "finding")
        );
        out.push_str(&paint.dim(&text));
    }
    for note in &report.notes {
        out.push_str(&paint.dim(&format!("  {}", terminal(note))));
        out.push('\n');
    }
    let rows: Vec<&Artifact> = report
        .artifacts
        .iter()
        .filter(|artifact| !artifact.lines.is_empty())
        .filter(|artifact| options.verbose || artifact.class.is_shipped())
        .collect();
    if !rows.is_empty() {
        out.push('\n');
        table(report, &rows, paint, options, out);
    }
}

fn headline(report: &Report, paint: Paint) -> String {
    let state = state(report);
    let state = match state {
        "skewed" | "unresolvable" => paint.red(state),
        "clean" => paint.green(state),
        _ => paint.yellow(state),
    };
    format!("{state}: {}", judged(report))
}

/// What changed since another revision, and what is gone.
fn compared(comparison: &Comparison, paint: Paint) -> String {
    let mut out = format!("  {}\n", terminal(&words::compared(comparison)));
    for finding in &comparison.cured {
        let text = format!("cured: {}: {}", finding.code, terminal(&finding.message));
        out.push_str(&format!("  {}\n", paint.green(&text)));
    }
    out
}

/// Artifacts with the same cells stand in one row.
fn table(report: &Report, rows: &[&Artifact], paint: Paint, options: &Options, out: &mut String) {
    let lines = cells::lines(rows.iter().copied());
    let mut grouped: BTreeMap<(Option<Verdict>, Vec<String>, String), Vec<String>> =
        BTreeMap::new();
    let mut order = Vec::new();
    for row in rows {
        let cell = |line: &String| cells::cell(report, row, line).unwrap_or("·").to_owned();
        let cells: Vec<String> = lines.iter().map(cell).collect();
        let builds = terminal(&cells::builds(report, row)).into_owned();
        let key = (row.verdict, cells, builds);
        if !grouped.contains_key(&key) {
            order.push(key.clone());
        }
        grouped.entry(key).or_default().push(name(row));
    }
    order.sort_by_key(|key| key.0.is_none_or(|v| v > Verdict::TypeClash));
    let mut table: Vec<Vec<String>> = Vec::new();
    let mut head = vec!["artifact".to_owned()];
    head.extend(lines.iter().map(|line| terminal(line).into_owned()));
    table.push(head);
    for key in &order {
        let mut names = grouped.remove(key).unwrap_or_default();
        names.dedup();
        let more = names.len().saturating_sub(3);
        let mut label = names.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
        if more > 0 && !options.verbose {
            label.push_str(&format!(" and {more} more"));
        } else if more > 0 {
            label = names.join(", ");
        }
        if !key.2.is_empty() {
            label.push_str(&format!(" ({})", key.2));
        }
        let mut cells = vec![label];
        cells.extend(key.1.iter().cloned());
        table.push(cells);
    }
    print(&table, paint, options, out);
}

fn name(artifact: &Artifact) -> String {
    let kind = artifact.id.split('/').nth(1).unwrap_or_default();
    let name = if artifact.name == artifact.package {
        artifact.name.clone()
    } else {
        format!("{}:{}", artifact.package, artifact.name)
    };
    terminal(&format!("{kind} {name}")).into_owned()
}

fn print(table: &[Vec<String>], paint: Paint, options: &Options, out: &mut String) {
    let columns = table.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            table
                .iter()
                .map(|row| row[column].width())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let shown = if options.verbose {
        table.len()
    } else {
        ROWS + 1
    };
    for (number, row) in table.iter().take(shown).enumerate() {
        let mut line = String::from(" ");
        for (column, text) in row.iter().enumerate() {
            let gap = " ".repeat(widths[column].saturating_sub(text.width()));
            let styled = match (number, text.as_str()) {
                (0, _) => paint.dim(text),
                (_, "LOST" | "SPLIT" | "CLASH") => paint.red(text),
                (_, "undecided") => paint.yellow(text),
                (_, "live") => paint.green(text),
                (_, "·") => paint.dim(text),
                (_, _) => text.clone(),
            };
            line.push_str(&format!(" {styled}{gap} "));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    if table.len() > shown {
        out.push_str(&format!(
            "  … and {} more rows; `-v` shows them\n",
            table.len() - shown
        ));
    }
}
