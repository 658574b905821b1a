//! What to do, step by step, and the change that it amounts to.

use crate::plan::{PlanOption, PlanReport, Step};
use crate::report::escape::terminal;
use crate::report::plan::{is_ours, main_option, waves, words};

use super::{Page, diff};

/// The main option in full; of the others, a line for each step.
pub fn render(report: &PlanReport, page: &mut Page<'_>) {
    let Some(main) = main_option(report) else {
        return;
    };
    let several = report.options.len() > 1;
    let mut short = false;
    for option in &report.options {
        if option.steps.is_empty() && option.diff.is_empty() {
            continue;
        }
        let of = match several {
            true => format!(" of {}", words::id(option.id)),
            false => String::new(),
        };
        if option.id == main.id || page.options.verbose {
            in_full(option, &of, page);
        } else {
            short = true;
            in_short(option, &of, page);
        }
    }
    if short {
        let text = "  `-v` shows the steps and the change of the other options in full";
        let text = page.paint.dim(text);
        page.line(&text);
    }
}

fn in_short(option: &PlanOption, of: &str, page: &mut Page<'_>) {
    if option.steps.is_empty() {
        return;
    }
    page.heading(&format!("steps{of}"));
    for step in &option.steps {
        let line = format!("  {}", title(step));
        page.line(&line);
    }
}

fn in_full(option: &PlanOption, of: &str, page: &mut Page<'_>) {
    let waves = waves(&option.steps);
    let count = waves.len();
    for (number, steps) in waves.into_iter().enumerate() {
        let mut heading = match count {
            1 => format!("steps{of}"),
            _ => format!("steps{of}, wave {} of {count}", number + 1),
        };
        if steps.len() > 1 {
            heading.push_str(", in any order");
        }
        page.heading(&heading);
        for step in steps {
            one(step, page);
        }
    }
    if !option.diff.is_empty() {
        page.heading(&format!("change{of}"));
        page.out.push_str(&diff(&option.diff, page.options));
    }
}

fn title(step: &Step) -> String {
    let package = terminal(&step.package);
    let owner = match is_ours(step) {
        true => "",
        false => " · up to its owner",
    };
    format!(
        "{}. {} {package}{owner}",
        step.number,
        words::action(step.action)
    )
}

fn one(step: &Step, page: &mut Page<'_>) {
    let mut heading = page.paint.bold(&title(step));
    if !step.depends_on.is_empty() {
        let after = format!(" · after {}", words::after(&step.depends_on));
        heading.push_str(&page.paint.dim(&after));
    }
    page.line(&heading);
    page.detail("wrong", [step.issue.as_str()]);
    page.detail("do", [step.change.as_str()]);
    page.commands("run", &step.commands);
    page.commands("test", &step.tests);
    let risks: Vec<String> = step
        .risks
        .iter()
        .map(|risk| format!("{} ({})", risk.text, risk.source))
        .collect();
    listed("risk", &risks, page);
    listed("uses", &step.uses, page);
    let undo = step.rollback.join(" && ");
    page.commands("undo", [&undo].into_iter().filter(|text| !text.is_empty()));
    page.commands(
        "done",
        [&step.done_when]
            .into_iter()
            .filter(|text| !text.is_empty()),
    );
    if page.options.verbose && !step.diff.is_empty() {
        let text = diff(&step.diff, page.options);
        page.out.push_str(&text);
    }
}

fn listed(label: &str, texts: &[String], page: &mut Page<'_>) {
    let (shown, more) = page.cut(texts);
    let texts = shown.iter().map(String::as_str).chain([more.as_str()]);
    page.detail(label, texts);
}
