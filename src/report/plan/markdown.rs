//! A plan as Markdown, for an issue or a pull request.

#[cfg(test)]
pub(in crate::report) mod reader;
mod steps;
pub(crate) mod text;

use crate::plan::{Blocker, Outcome, PlanOption, PlanReport};
use crate::report::escape::{markdown, markdown_code};

use super::decision::{decision, name};
use super::{
    because, blockers, candidates, is_marked, left_out, main_option, next, reason, reasons, today,
    words,
};
use text::{fenced, prose, table};

/// The answer for each option, targets compared, steps, the change, and what to run next.
pub fn render(report: &PlanReport) -> String {
    let mut out = format!("# Plan for {}\n", markdown(&report.family));
    for note in &report.notes {
        // A note may have a list of places below its first line.
        let mut lines = note.lines();
        let first = lines.next().unwrap_or_default();
        out.push_str(&format!("\n> {}\n", prose(first)));
        for line in lines {
            out.push_str(&format!("> - {}\n", prose(line)));
        }
    }
    match report.options.as_slice() {
        [] => {
            paragraph("**no plan**", &mut out);
            about(report, &mut out);
        }
        [only] => {
            paragraph(&headline(only, true), &mut out);
            paragraph(&prose(&only.title), &mut out);
            about(report, &mut out);
            option(report, only, true, &mut out);
        }
        several => {
            paragraph(
                &match report.recommended {
                    Some(id) => format!("**Option {} is recommended.**", words::id(id)),
                    None => "**No option is recommended.**".to_owned(),
                },
                &mut out,
            );
            about(report, &mut out);
            compare(report, &mut out);
            for one in several {
                heading(2, &titled(report, one), &mut out);
                // What it costs and loses stands in the table.
                paragraph(&headline(one, false), &mut out);
                option(report, one, false, &mut out);
            }
        }
    }
    targets(report, &mut out);
    steps::render(report, &mut out);
    commands(report, &mut out);
    out
}

fn heading(level: usize, text: &str, out: &mut String) {
    out.push_str(&format!("\n{} {text}\n", "#".repeat(level)));
}

/// Markdown in a paragraph of its own; nothing where there is none.
fn paragraph(text: &str, out: &mut String) {
    if !text.is_empty() {
        out.push_str(&format!("\n{text}\n"));
    }
}

/// Items that are Markdown already.
fn list(items: &[String], out: &mut String) {
    if !items.is_empty() {
        out.push('\n');
    }
    for item in items {
        out.push_str(&format!("- {item}\n"));
    }
}

fn titled(report: &PlanReport, option: &PlanOption) -> String {
    let mark = match is_marked(report, option) {
        true => " (recommended)",
        false => "",
    };
    format!(
        "Option {}: {}{mark}",
        words::id(option.id),
        prose(&option.title)
    )
}

fn about(report: &PlanReport, out: &mut String) {
    paragraph(&prose(because(report)), out);
    let today = today(report);
    if !today.is_empty() {
        paragraph(&format!("Today: {}", markdown(&today)), out);
    }
}

/// The outcome, the line and the cost.
fn headline(option: &PlanOption, with_cost: bool) -> String {
    let outcome = words::outcome(&option.outcome);
    let mut rest = Vec::new();
    match &option.outcome {
        Outcome::NothingToDo => rest.push("the workspace is clean as it is".to_owned()),
        Outcome::Proven { .. } | Outcome::Unproven { .. } | Outcome::None { .. } => {
            if let Some(line) = &option.target {
                rest.push(format!("line {}", markdown(line)));
            }
            rest.extend(option.cost.iter().filter(|_| with_cost).map(words::cost));
        }
    }
    match rest.is_empty() {
        true => format!("**{outcome}**"),
        false => format!("**{outcome}**: {}", rest.join(" · ")),
    }
}

fn option(report: &PlanReport, option: &PlanOption, with_losses: bool, out: &mut String) {
    let mut items = Vec::new();
    let reasons = words::reasons(reasons(report, option));
    if let Some(line) = option.target.as_ref().filter(|_| !reasons.is_empty()) {
        items.push(format!("why {}: {reasons}", markdown(line)));
    }
    if let Some(because) = reason(&option.outcome) {
        items.push(prose(because));
    }
    if let Outcome::Proven { command } = &option.outcome {
        items.push(format!("proven again by {}", markdown_code(command)));
    }
    items.extend(
        option
            .loses
            .iter()
            .filter(|_| with_losses)
            .map(|text| format!("loses: {}", prose(text))),
    );
    let left = option.remains.iter();
    items.extend(left.map(|text| format!("left to do by hand: {}", prose(text))));
    let waits = option.waits_for.iter();
    items.extend(waits.map(|one| format!("waits for {}", blocker(one))));
    list(&items, out);
}

/// Who has no release, why, through what, and what to expect.
fn blocker(blocker: &Blocker) -> String {
    let mut text = format!(
        "{}: {}",
        markdown_code(&name(blocker)),
        prose(&blocker.because)
    );
    if let Some(culprit) = &blocker.culprit {
        text.push_str(&format!("; through {}", markdown_code(culprit)));
    }
    if let Some(outlook) = &blocker.outlook {
        text.push_str(&format!("; {}", prose(outlook)));
    }
    text
}

fn compare(report: &PlanReport, out: &mut String) {
    let Some(decision) = decision(report) else {
        return;
    };
    let heads = decision.heads.iter().map(|(id, marked)| match marked {
        true => format!("**{id} (recommended)**"),
        false => (*id).to_owned(),
    });
    let rows = decision.rows.iter().map(|(name, texts)| {
        let cells = texts.iter().map(|text| prose(text));
        std::iter::once((*name).to_owned()).chain(cells).collect()
    });
    out.push('\n');
    let heads: Vec<String> = std::iter::once(String::new()).chain(heads).collect();
    table(&heads, rows, out);
}

fn targets(report: &PlanReport, out: &mut String) {
    let rows = candidates(report);
    if rows.is_empty() {
        return;
    }
    heading(2, "Lines to aim at", out);
    let aimed = main_option(report).and_then(|option| option.target.as_ref());
    let heads = ["line", "why it is a candidate", "cost", "held back by"].map(str::to_owned);
    let cells = rows.iter().map(|row| {
        let line = markdown(&row.line);
        let who: Vec<String> = row
            .blockers
            .iter()
            .map(|blocker| markdown_code(&name(blocker)))
            .collect();
        vec![
            match Some(&row.line) == aimed {
                true => format!("**{line}** (aimed at)"),
                false => line,
            },
            words::reasons(&row.because),
            words::target_cost(row.cost.as_ref()),
            match who.is_empty() {
                true => "–".to_owned(),
                false => who.join(", "),
            },
        ]
    });
    out.push('\n');
    table(&heads, cells, out);
    if let Some(text) = left_out(report.targets.len() - rows.len()) {
        paragraph(&format!("{text}; JSON has all."), out);
    }
    let held: Vec<String> = blockers(report, &rows)
        .iter()
        .map(|(one, lines)| format!("{}: {}", markdown(&lines.join(", ")), blocker(one)))
        .collect();
    list(&held, out);
}

fn commands(report: &PlanReport, out: &mut String) {
    let next = next(report);
    if next.is_empty() {
        return;
    }
    heading(2, "Next", out);
    let lines: Vec<String> = next
        .iter()
        .map(|(command, does)| format!("{command}  # {does}"))
        .collect();
    fenced("sh", &lines.join("\n"), out);
}

#[cfg(test)]
mod tests;
