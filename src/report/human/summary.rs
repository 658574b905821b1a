//! The first screen: artifacts × lines, and what is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use unicode_width::UnicodeWidthStr;

use crate::report::escape::terminal;
use crate::report::plain::counted;
use crate::report::{Artifact, Basis, Finding, Liveness, Report, Verdict};
use crate::skew::Line;

use super::{Options, Paint};

/// Rows of the table before it is cut.
const ROWS: usize = 24;

pub fn render(report: &Report, options: &Options, out: &mut String) {
    let paint = Paint::new(options);
    out.push_str(&headline(report, paint));
    out.push('\n');
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
    let summary = &report.summary;
    let state = match report.basis {
        Basis::Unresolvable => paint.red("unresolvable"),
        Basis::Graph | Basis::PartialGraph | Basis::LockFastPath | Basis::LockOnly => {
            if summary.deny > 0 {
                paint.red("skewed")
            } else if summary.warn > 0 {
                paint.yellow("warnings")
            } else if summary.affected > 0 {
                // Only a decision of the team lets it pass.
                paint.yellow("let through")
            } else {
                paint.green("clean")
            }
        }
    };
    let judged = match report.basis {
        Basis::Graph | Basis::PartialGraph => format!(
            "{} of {} artifacts affected",
            summary.affected, summary.artifacts
        ),
        Basis::LockFastPath => "answered from Cargo.lock alone".to_owned(),
        Basis::LockOnly => "Cargo.lock only, as asked".to_owned(),
        Basis::Unresolvable => "cargo cannot resolve the workspace".to_owned(),
    };
    format!(
        "{state}: {judged} · {} denied, {}, {}",
        summary.deny,
        counted(summary.warn, "warning"),
        counted(summary.note, "note")
    )
}

/// Artifacts with the same cells stand in one row.
fn table(report: &Report, rows: &[&Artifact], paint: Paint, options: &Options, out: &mut String) {
    let mut lines: Vec<String> = rows
        .iter()
        .flat_map(|row| row.lines.iter().map(|line| line.line.clone()))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    lines.sort_by_key(|line| Line::from_str(line).ok());
    let mut grouped: BTreeMap<(Option<Verdict>, Vec<String>, String), Vec<String>> =
        BTreeMap::new();
    let mut order = Vec::new();
    for row in rows {
        let cells: Vec<String> = lines.iter().map(|line| cell(report, row, line)).collect();
        let key = (row.verdict, cells, builds(report, row));
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

/// The builds, where an artifact has different content in different builds.
fn builds(report: &Report, row: &Artifact) -> String {
    let twins = report.artifacts.iter().filter(|other| other.id == row.id);
    let mut several_targets = BTreeSet::new();
    let mut count = 0;
    for twin in twins {
        count += 1;
        several_targets.insert(&twin.target);
    }
    if count < 2 {
        return String::new();
    }
    let mut text = row.builds.join(", ");
    if several_targets.len() > 1 {
        text = format!("{text} for {}", row.target);
    }
    terminal(&text).into_owned()
}

/// What a line does in an artifact, in a word.
fn cell(report: &Report, row: &Artifact, line: &str) -> String {
    let Some(linked) = row.lines.iter().find(|linked| linked.line == line) else {
        return "·".into();
    };
    let about = |finding: &&Finding| {
        finding.artifact.as_ref() == Some(&row.id)
            && finding.line.as_deref() == Some(line)
            && finding
                .builds
                .iter()
                .any(|build| row.builds.contains(build))
            && finding
                .target
                .as_ref()
                .is_none_or(|target| *target == row.target)
    };
    let verdict = report
        .findings
        .iter()
        .filter(about)
        .filter(|finding| finding.singleton.is_none())
        .filter_map(|finding| finding.verdict)
        .min();
    match (verdict, linked.live) {
        (Some(verdict), _) => word(verdict).into(),
        (None, Liveness::Set) => "live".into(),
        (None, Liveness::Assumed) => "assumed live".into(),
        (None, Liveness::Dead | Liveness::Unknown) => "linked".into(),
    }
}

pub fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unresolvable => "unresolvable",
        Verdict::Lost => "LOST",
        Verdict::Split => "SPLIT",
        Verdict::TypeClash => "CLASH",
        Verdict::Unknown => "undecided",
        Verdict::Latent => "latent",
        Verdict::Confined => "confined",
        Verdict::Benign => "benign",
    }
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
