//! The report as Markdown: a comment on a change request, or a job summary.

use std::collections::BTreeSet;

use super::cells::{self, cell};
use super::escape::{markdown, markdown_code};
use super::graph::graphs;
use super::group::{artifacts, group};
use super::place::{self, View};
use super::plan::markdown::text::{prose, table};
use super::words::{compared, evidence, judged, level, state};
use super::{Artifact, Finding, Level, Report, mermaid};

/// Characters that a comment may have; forges refuse longer ones at 65,536.
const LONGEST: usize = 60_000;

/// Rows of the table, and diagrams, before they are cut.
const ROWS: usize = 50;
const DIAGRAMS: usize = 5;

/// Headline, what changed, artifacts × lines, findings, what is let through, and the paths.
pub fn render(report: &Report, view: &View) -> String {
    let mut page = Page::default();
    page.add(head(report));
    page.add(artifact_table(report));
    let is_passed = |finding: &&Finding| finding.excepted.is_some() || finding.known;
    let (passed, counting): (Vec<&Finding>, Vec<&Finding>) =
        report.findings.iter().partition(is_passed);
    let groups = group(counting);
    let (notes, loud): (Vec<_>, Vec<_>) = groups
        .into_iter()
        .partition(|group| group[0].level == Level::Note);
    for group in &loud {
        page.add(finding(report, view, group));
    }
    page.add(paths(report));
    page.add(let_through(report, view, &passed));
    page.add(folded_notes(report, view, &notes));
    page.finish()
}

/// Parts of a page, as long as there is room.
#[derive(Default)]
struct Page {
    text: String,
    left_out: usize,
}

impl Page {
    fn add(&mut self, part: String) {
        if part.is_empty() {
            return;
        }
        if self.text.chars().count() + part.chars().count() > LONGEST {
            self.left_out += 1;
            return;
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(&part);
    }

    fn finish(mut self) -> String {
        if self.left_out > 0 {
            self.text.push_str(&format!(
                "\nLeft out, since there is no room: {} more.\n",
                super::plain::counted(self.left_out, "part")
            ));
        }
        self.text
    }
}

fn head(report: &Report) -> String {
    let mut out = format!("## otel-check: {}\n\n{}\n", state(report), judged(report));
    if let Some(comparison) = &report.comparison {
        out.push_str(&format!("\n**{}**\n", prose(&compared(comparison))));
        if !comparison.cured.is_empty() {
            out.push_str("\nCured:\n\n");
        }
        for finding in &comparison.cured {
            let artifact = finding.artifact.as_ref();
            let artifact = artifact.map(|id| format!(" in {}", markdown_code(id)));
            out.push_str(&format!(
                "- {}: {}{}\n",
                markdown_code(&finding.code),
                prose(&finding.message),
                artifact.unwrap_or_default()
            ));
        }
    }
    for note in &report.notes {
        out.push_str(&format!("\n> {}\n", prose(note)));
    }
    out
}

fn artifact_table(report: &Report) -> String {
    let shipped = |row: &&Artifact| row.class.is_shipped() && !row.lines.is_empty();
    let rows: Vec<&Artifact> = report.artifacts.iter().filter(shipped).collect();
    if rows.is_empty() {
        return String::new();
    }
    let lines = cells::lines(rows.iter().copied());
    let mut heads = vec!["artifact".to_owned()];
    heads.extend(lines.iter().map(|line| markdown(line)));
    let mut out = String::new();
    let shown = rows.iter().take(ROWS).map(|row| {
        let builds = cells::builds(report, row);
        let mut name = markdown_code(&row.id);
        if !builds.is_empty() {
            name.push_str(&format!(" ({})", markdown(&builds)));
        }
        let cells = lines.iter().map(|line| match cell(report, row, line) {
            // What loses, splits or breaks is written in capitals.
            Some(word) if word.chars().all(char::is_uppercase) => format!("**{word}**"),
            Some(word) => word.to_owned(),
            None => "·".to_owned(),
        });
        std::iter::once(name).chain(cells).collect()
    });
    table(&heads, shown, &mut out);
    if rows.len() > ROWS {
        out.push_str(&format!("\n… and {} more\n", rows.len() - ROWS));
    }
    out
}

/// The place, as a name that a reader can go to.
fn at(report: &Report, view: &View, finding: &Finding) -> String {
    let place = place::of(report, finding);
    let file = view.path(&place.file);
    match place.region {
        Some(region) => format!("{file}:{}:{}", region.line, region.column),
        None => file,
    }
}

fn finding(report: &Report, view: &View, group: &[&Finding]) -> String {
    let first = group[0];
    let mut out = format!(
        "### {}: {}\n\n{}\n\n",
        level(first.level),
        markdown_code(&first.code),
        prose(&first.message)
    );
    let mut item = |label: &str, text: String| out.push_str(&format!("- {label}: {text}\n"));
    let mut place = markdown_code(&at(report, view, first));
    if let Some(culprit) = &first.culprit {
        place.push_str(&format!(" {}", markdown_code(&culprit.requirement)));
        if let Some(by) = &culprit.inherited_by {
            place.push_str(&format!(", inherited at {}", markdown_code(&view.path(by))));
        }
    }
    item("place", place);
    if let Some(consequence) = &first.consequence {
        item("consequence", prose(consequence));
    }
    let names: Vec<String> = artifacts(group).into_iter().map(markdown_code).collect();
    if !names.is_empty() {
        let builds: BTreeSet<&String> = group.iter().flat_map(|one| &one.builds).collect();
        let builds: Vec<String> = builds.into_iter().map(|one| markdown_code(one)).collect();
        let builds = match builds.is_empty() {
            true => String::new(),
            false => format!(" ({})", builds.join(", ")),
        };
        item("in", format!("{}{builds}", names.join(", ")));
    }
    for culprit in &first.also_through {
        let line = culprit.line.map(|line| format!(":{line}"));
        let file = format!("{}{}", view.path(&culprit.file), line.unwrap_or_default());
        let requirement = markdown_code(&culprit.requirement);
        item("also", format!("{} {requirement}", markdown_code(&file)));
    }
    for one in &first.evidence {
        item("seen", prose(&evidence(one)));
    }
    for help in &first.help {
        item("next", prose(help));
    }
    out
}

/// Diagrams of who brings in what.
fn paths(report: &Report) -> String {
    let graphs = graphs(report);
    let mut out = String::new();
    for graph in graphs.iter().take(DIAGRAMS) {
        if out.is_empty() {
            out.push_str("### Paths\n");
        }
        out.push_str(&format!(
            "\n{}\n\n```mermaid\n{}```\n",
            markdown_code(&graph.title),
            mermaid::render(graph)
        ));
    }
    if graphs.len() > DIAGRAMS {
        out.push_str(&format!("\n… and {} more\n", graphs.len() - DIAGRAMS));
    }
    out
}

/// What the team has decided to let pass.
fn let_through(report: &Report, view: &View, passed: &[&Finding]) -> String {
    if passed.is_empty() {
        return String::new();
    }
    let mut out = String::from("### Let through\n\n");
    let mut rows: Vec<Vec<String>> = Vec::new();
    for group in group(passed.iter().copied()) {
        let first = group[0];
        let Some(excepted) = &first.excepted else {
            continue;
        };
        rows.push(vec![
            markdown_code(&first.code),
            prose(&first.message),
            markdown_code(&at(report, view, first)),
            markdown(&excepted.until),
            prose(&excepted.reason),
            prose(&excepted.owner),
        ]);
    }
    if !rows.is_empty() {
        let heads = ["finding", "what", "place", "until", "reason", "owner"];
        table(&heads.map(str::to_owned), rows.into_iter(), &mut out);
    }
    let known = passed.iter().filter(|finding| finding.known).count();
    if known > 0 {
        let known = super::plain::counted(known, "finding");
        out.push_str(&format!("\n{known} of the baseline.\n"));
    }
    out
}

/// Notes are for who wants to know.
fn folded_notes(report: &Report, view: &View, notes: &[Vec<&Finding>]) -> String {
    if notes.is_empty() {
        return String::new();
    }
    let count = super::plain::counted(notes.len(), "note");
    let mut out = format!("<details><summary>{count}</summary>\n\n");
    for group in notes {
        let first = group[0];
        out.push_str(&format!(
            "- {}: {} ({})\n",
            markdown_code(&first.code),
            prose(&first.message),
            markdown_code(&at(report, view, first))
        ));
    }
    out.push_str("\n</details>\n");
    out
}
