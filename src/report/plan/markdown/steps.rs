//! What to do, step by step, and the change that it amounts to.

use crate::plan::{PlanReport, Step};
use crate::report::escape::markdown_code;
use crate::report::plan::{waves, words};

use super::text::{fenced, prose, table};
use super::{heading, list, paragraph};

pub fn render(report: &PlanReport, out: &mut String) {
    let several = report.options.len() > 1;
    for option in &report.options {
        let of = match several {
            true => format!(" of option {}", words::id(option.id)),
            false => String::new(),
        };
        if !option.steps.is_empty() {
            heading(2, &format!("Steps{of}"), out);
            overview(&option.steps, out);
            // With one change alone, the whole below is that change.
            let own = option.steps.iter().filter(|step| !step.diff.is_empty());
            let own = own.count() > 1 || option.diff.is_empty();
            for step in &option.steps {
                one(step, own, out);
            }
        }
        if !option.diff.is_empty() {
            heading(2, &format!("Change{of}"), out);
            fenced("diff", &option.diff, out);
        }
    }
}

/// A row for each step. A wave is done when all of its steps are.
fn overview(steps: &[Step], out: &mut String) {
    let heads = ["step", "wave", "what", "who", "after"].map(str::to_owned);
    let waves = waves(steps);
    let rows = waves.iter().enumerate().flat_map(|(wave, steps)| {
        steps.iter().map(move |step| {
            let after: Vec<String> = step.depends_on.iter().map(ToString::to_string).collect();
            vec![
                step.number.to_string(),
                (wave + 1).to_string(),
                what(step),
                words::owner(step.owner).to_owned(),
                match after.is_empty() {
                    true => "–".to_owned(),
                    false => after.join(", "),
                },
            ]
        })
    });
    out.push('\n');
    table(&heads, rows, out);
}

fn what(step: &Step) -> String {
    let package = markdown_code(&step.package);
    format!("{} {package}", words::action(step.action))
}

fn one(step: &Step, with_diff: bool, out: &mut String) {
    heading(3, &format!("{}. {}", step.number, what(step)), out);
    paragraph(&prose(&step.issue), out);
    paragraph(&prose(&step.change), out);
    if with_diff && !step.diff.is_empty() {
        fenced("diff", &step.diff, out);
    }
    if !step.commands.is_empty() {
        fenced("sh", &lines(&step.commands), out);
    }
    let mut items = Vec::new();
    for risk in &step.risks {
        let (text, source) = (prose(&risk.text), prose(&risk.source));
        items.push(format!("risk: {text} ({source})"));
    }
    let coded = [
        ("uses", &step.uses),
        ("tests", &step.tests),
        ("undo", &step.rollback),
    ];
    for (name, texts) in coded.iter().filter(|(_, texts)| !texts.is_empty()) {
        let texts: Vec<String> = texts.iter().map(|text| markdown_code(text)).collect();
        items.push(format!("{name}: {}", texts.join(", ")));
    }
    if !step.done_when.is_empty() {
        // A sentence quotes names; a command is quoted as a whole.
        let done = match step.done_when.contains('`') {
            true => prose(&step.done_when),
            false => markdown_code(&step.done_when),
        };
        items.push(format!("done: {done}"));
    }
    list(&items, out);
}

/// Commands, each on a line of its own.
fn lines(commands: &[String]) -> String {
    let lines: Vec<String> = commands
        .iter()
        .map(|command| crate::report::escape::terminal(command).into_owned())
        .collect();
    lines.join("\n")
}
