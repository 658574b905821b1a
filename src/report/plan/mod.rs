//! A plan in each format.

pub(super) mod decision;
pub mod human;
pub mod json;
pub mod markdown;
pub(super) mod words;

#[cfg(test)]
mod schema;
#[cfg(test)]
pub(crate) mod testing;

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::plan::{Blocker, Outcome, Owner, PlanOption, PlanReport, Step, TargetReason, TargetRow};
use crate::skew::Line;

/// The option that is shown first and in full: the recommended one, else the first that says what to
/// do, else the first.
pub(super) fn main_option(report: &PlanReport) -> Option<&PlanOption> {
    let recommended = report
        .options
        .iter()
        .find(|option| is_marked(report, option));
    let with_steps = || {
        report
            .options
            .iter()
            .find(|option| !option.steps.is_empty())
    };
    recommended
        .or_else(with_steps)
        .or_else(|| report.options.first())
}

pub(super) fn is_marked(report: &PlanReport, option: &PlanOption) -> bool {
    report.recommended == Some(option.id)
}

/// Why the line of an option is among the candidates.
pub(super) fn reasons<'a>(report: &'a PlanReport, option: &PlanOption) -> &'a [TargetReason] {
    let row = report
        .targets
        .iter()
        .find(|row| Some(&row.line) == option.target.as_ref());
    row.map_or(&[], |row| &row.because)
}

/// The reason that is beside an outcome, where one is.
pub(super) fn reason(outcome: &Outcome) -> Option<&str> {
    match outcome {
        Outcome::Proven { .. } | Outcome::NothingToDo => None,
        Outcome::Unproven { because } | Outcome::None { because } => Some(because),
    }
}

/// Why this option, or why none; empty where the outcome of an option says the same already.
pub(super) fn because(report: &PlanReport) -> &str {
    let mut said = report
        .options
        .iter()
        .filter_map(|option| reason(&option.outcome));
    if said.any(|text| text == report.because) {
        ""
    } else {
        &report.because
    }
}

/// The lines of today, the live one marked.
pub(super) fn today(report: &PlanReport) -> String {
    let mark = |line: &String| match report.live.as_ref() == Some(line) {
        true => format!("{line} (live)"),
        false => line.clone(),
    };
    let lines: Vec<String> = report.lines_today.iter().map(mark).collect();
    let lines = lines.join(", ");
    match (report.resolves, lines.is_empty()) {
        (true, _) => lines,
        (false, true) => "cargo cannot resolve the workspace".to_owned(),
        (false, false) => format!("{lines}; cargo cannot resolve the workspace"),
    }
}

/// The lines that there is a reason for, and those that an option aims at; all of them where there is
/// no such line.
pub(super) fn candidates(report: &PlanReport) -> Vec<&TargetRow> {
    let aimed = |row: &TargetRow| {
        let mut options = report.options.iter();
        options.any(|option| option.target.as_ref() == Some(&row.line))
    };
    let rows = || report.targets.iter();
    let found: Vec<&TargetRow> = rows()
        .filter(|row| !row.because.is_empty() || aimed(row))
        .collect();
    match found.is_empty() {
        true => rows().collect(),
        false => found,
    }
}

/// How many lines were left out.
pub(super) fn left_out(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 other line is left out".to_owned()),
        count => Some(format!("{count} other lines are left out")),
    }
}

/// Each thing that holds targets back, once, with the lines of those; what an option waits for aside,
/// since that is told with the option.
pub(super) fn blockers<'a>(
    report: &'a PlanReport,
    rows: &[&'a TargetRow],
) -> Vec<(&'a Blocker, Vec<&'a str>)> {
    let mut found: Vec<(&Blocker, Vec<&str>)> = Vec::new();
    let mut known = BTreeMap::new();
    for row in rows {
        let told = |one: &&Blocker| !report.options.iter().any(|o| o.waits_for.contains(one));
        for blocker in row.blockers.iter().filter(told) {
            let at = *known.entry(blocker).or_insert(found.len());
            if at == found.len() {
                found.push((blocker, Vec::new()));
            }
            found[at].1.push(&row.line);
        }
    }
    found
}

/// Steps by their wave, in their order.
pub(super) fn waves(steps: &[Step]) -> Vec<&[Step]> {
    steps.chunk_by(|a, b| a.wave == b.wave).collect()
}

fn is_ours(step: &Step) -> bool {
    match step.owner {
        Owner::Workspace => true,
        Owner::Upstream => false,
    }
}

/// The command that writes an option, where there is something to write and it is proven.
fn apply(report: &PlanReport, option: &PlanOption) -> Option<String> {
    match option.outcome {
        Outcome::Proven { .. } if option.steps.iter().any(is_ours) => {}
        Outcome::Proven { .. }
        | Outcome::NothingToDo
        | Outcome::Unproven { .. }
        | Outcome::None { .. } => return None,
    }
    let mut command = "cargo otel-check fix".to_owned();
    if report.options.len() > 1 {
        command.push_str(&format!(" --option {}", words::id(option.id)));
    }
    if let Some(line) = &option.target
        && reasons(report, option).contains(&TargetReason::Asked)
        // Nothing but a line goes into a command that may be copied to a shell.
        && Line::from_str(line).is_ok()
    {
        command.push_str(&format!(" --target-line {line}"));
    }
    Some(command)
}

/// What to run next, each with what it does.
pub(super) fn next(report: &PlanReport) -> Vec<(String, &'static str)> {
    let Some(option) = main_option(report) else {
        return Vec::new();
    };
    if let Some(command) = apply(report, option) {
        return vec![
            (format!("{command} --dry-run"), "shows what it would write"),
            (command, "writes it"),
        ];
    }
    let mut commands = Vec::new();
    if matches!(
        option.outcome,
        Outcome::Unproven { .. } | Outcome::None { .. }
    ) {
        if report.options.len() == 1 {
            let command = "cargo otel-check plan --options".to_owned();
            commands.push((command, "compares other ways to go"));
        }
        let command = "cargo otel-check matrix".to_owned();
        commands.push((command, "shows which release serves which line"));
    }
    commands
}
