//! A plan for people: a screen of answers, then what to do, then the change.

mod diff;
mod steps;
pub(in crate::report) mod table;
pub(in crate::report) mod wrap;

use crate::plan::{Blocker, Outcome, PlanOption, PlanReport};
use crate::report::escape::terminal;
use crate::report::human::{Options, Paint};

use super::decision::{decision, name, names};
use super::{
    because, blockers, candidates, is_marked, left_out, main_option, next, reason, reasons, today,
    words,
};
use table::{Cell, Style, Table};

pub use diff::diff;

/// Columns in which the name of a detail stands.
const LABEL: usize = 6;
/// How much of a list is shown where not everything is asked for.
const MOST: usize = 4;

/// The answer for each option, targets compared, steps, the change, and what to run next.
pub fn render(report: &PlanReport, options: &Options) -> String {
    let mut page = Page {
        paint: Paint::new(options),
        options,
        out: String::new(),
    };
    for note in &report.notes {
        // A note may have a list of places below its first line.
        for (number, line) in note.lines().enumerate() {
            let indent = if number == 0 { "" } else { "  " };
            let text = page.paint.dim(&format!("{indent}{}", terminal(line)));
            page.line(&text);
        }
    }
    head(report, &mut page);
    targets(report, &mut page);
    steps::render(report, &mut page);
    commands(report, &mut page);
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

    /// A blank line and a heading, which is escaped.
    fn heading(&mut self, text: &str) {
        let text = self.paint.bold(&terminal(text));
        self.line("");
        self.line(&text);
    }

    /// Sentences under a name, wrapped; empty ones are left out.
    fn detail<'t>(&mut self, label: &str, texts: impl IntoIterator<Item = &'t str>) {
        let room = self.options.width.saturating_sub(LABEL + 3);
        let texts = texts.into_iter().filter(|text| !text.is_empty());
        let lines: Vec<String> = texts
            .flat_map(|text| wrap::words(&terminal(text), room))
            .collect();
        self.labelled(label, &lines);
    }

    /// Commands under a name, never broken, so that they can be copied.
    fn commands<'t>(&mut self, label: &str, texts: impl IntoIterator<Item = &'t String>) {
        let lines: Vec<String> = texts
            .into_iter()
            .map(|text| terminal(text).into_owned())
            .collect();
        self.labelled(label, &lines);
    }

    fn labelled(&mut self, label: &str, lines: &[String]) {
        for (number, line) in lines.iter().enumerate() {
            let label = if number == 0 { label } else { "" };
            let label = self.paint.dim(&format!("{label:>LABEL$}"));
            self.line(&format!(" {label}  {line}"));
        }
    }

    /// As many of a list as are shown, and a word on the rest.
    fn cut<'t, T>(&self, list: &'t [T]) -> (&'t [T], String) {
        let most = if self.options.verbose {
            usize::MAX
        } else {
            MOST
        };
        match list.len().saturating_sub(most) {
            0 => (list, String::new()),
            more => (&list[..most], format!("and {more} more; `-v` shows them")),
        }
    }
}

fn head(report: &PlanReport, page: &mut Page<'_>) {
    match report.options.as_slice() {
        [] => {
            let text = page.paint.red("no plan");
            page.line(&text);
            about(report, page);
        }
        [only] => {
            page.line(&headline(only, true, page.paint));
            page.detail("plan", [only.title.as_str()]);
            about(report, page);
            option(report, only, page);
            page.detail("loses", only.loses.iter().map(String::as_str));
            remains(only, page);
            waits(only, page);
        }
        several => {
            let (count, family) = (several.len(), terminal(&report.family));
            let state = match report.recommended {
                Some(id) => page
                    .paint
                    .green(&format!("option {} is recommended", words::id(id))),
                None => page.paint.red("no option is recommended"),
            };
            page.line(&format!("{state}: {count} ways to go for {family}"));
            about(report, page);
            compare(report, page);
            for one in several {
                let mark = match is_marked(report, one) {
                    true => " (recommended)",
                    false => "",
                };
                page.heading(&format!("{}: {}{mark}", words::id(one.id), one.title));
                // What it costs and loses stands in the table.
                let line = format!(" {}", headline(one, false, page.paint));
                page.line(&line);
                option(report, one, page);
                remains(one, page);
                waits(one, page);
            }
        }
    }
}

/// What is left to do by hand.
fn remains(option: &PlanOption, page: &mut Page<'_>) {
    page.detail("left", option.remains.iter().map(String::as_str));
}

fn about(report: &PlanReport, page: &mut Page<'_>) {
    page.detail("why", [because(report)]);
    page.detail("today", [today(report).as_str()]);
}

/// The outcome, the line and the cost.
fn headline(option: &PlanOption, with_cost: bool, paint: Paint) -> String {
    let outcome = words::outcome(&option.outcome);
    let mut text = match option.outcome {
        Outcome::Proven { .. } | Outcome::NothingToDo => paint.green(outcome),
        Outcome::Unproven { .. } => paint.yellow(outcome),
        Outcome::None { .. } => paint.red(outcome),
    };
    let mut rest = Vec::new();
    match &option.outcome {
        Outcome::NothingToDo => rest.push("the workspace is clean as it is".to_owned()),
        Outcome::Proven { .. } | Outcome::Unproven { .. } | Outcome::None { .. } => {
            if let Some(line) = &option.target {
                rest.push(format!("line {}", terminal(line)));
            }
            rest.extend(option.cost.iter().filter(|_| with_cost).map(words::cost));
        }
    }
    if !rest.is_empty() {
        text.push_str(&format!(": {}", rest.join(" · ")));
    }
    text
}

fn option(report: &PlanReport, option: &PlanOption, page: &mut Page<'_>) {
    let reasons = words::reasons(reasons(report, option));
    if let Some(line) = option.target.as_ref().filter(|_| !reasons.is_empty()) {
        page.detail("target", [format!("{line}: {reasons}").as_str()]);
    }
    page.detail("reason", reason(&option.outcome));
    if let Outcome::Proven { command } = &option.outcome {
        page.commands("proof", [command]);
    }
}

fn waits(option: &PlanOption, page: &mut Page<'_>) {
    let waits: Vec<String> = option.waits_for.iter().map(blocker).collect();
    page.detail("waits", waits.iter().map(String::as_str));
}

/// Who has no release, why, through what, and what to expect.
fn blocker(blocker: &Blocker) -> String {
    let mut text = format!("{}: {}", name(blocker), blocker.because);
    if let Some(culprit) = &blocker.culprit {
        text.push_str(&format!("; through {culprit}"));
    }
    if let Some(outlook) = &blocker.outlook {
        text.push_str(&format!("; {outlook}"));
    }
    text
}

fn compare(report: &PlanReport, page: &mut Page<'_>) {
    let Some(decision) = decision(report) else {
        return;
    };
    let heads = decision.heads.iter().map(|(id, marked)| match marked {
        true => format!("{id} (recommended)"),
        false => (*id).to_owned(),
    });
    let mut table = Table::new(std::iter::once(String::new()).chain(heads));
    for (name, texts) in &decision.rows {
        let cells = texts.iter().zip(&report.options).map(|(text, option)| {
            let style = match (*name, &option.outcome) {
                ("outcome", Outcome::Proven { .. } | Outcome::NothingToDo) => Style::Good,
                ("outcome", Outcome::Unproven { .. }) => Style::Doubtful,
                ("outcome", Outcome::None { .. }) => Style::Bad,
                (_, _) => Style::Plain,
            };
            Cell::new(text, style)
        });
        let first = Cell::new(name, Style::Dim);
        table.row(std::iter::once(first).chain(cells).collect());
    }
    page.line("");
    table.print(page.paint, page.options.width, &mut page.out);
}

fn targets(report: &PlanReport, page: &mut Page<'_>) {
    let rows = match page.options.verbose {
        true => report.targets.iter().collect(),
        false => candidates(report),
    };
    if rows.is_empty() {
        return;
    }
    let aimed = main_option(report).and_then(|option| option.target.as_ref());
    let mut table = Table::new(["line", "why it is a candidate", "cost", "held back by"]);
    for row in &rows {
        let line = match Some(&row.line) == aimed {
            true => format!("{} *", row.line),
            false => row.line.clone(),
        };
        let style = match row.cost {
            Some(_) => Style::Plain,
            None => Style::Doubtful,
        };
        table.row(vec![
            Cell::new(&line, Style::Plain),
            Cell::new(&words::reasons(&row.because), Style::Plain),
            Cell::new(&words::target_cost(row.cost.as_ref()), style),
            match row.blockers.is_empty() {
                true => Cell::new("–", Style::Dim),
                false => Cell::new(&names(&row.blockers), Style::Plain),
            },
        ]);
    }
    page.line("");
    table.print(page.paint, page.options.width, &mut page.out);
    let left_out = left_out(report.targets.len() - rows.len());
    let aimed = rows.iter().any(|row| Some(&row.line) == aimed);
    let legend: Vec<String> = aimed
        .then(|| "* aimed at".to_owned())
        .into_iter()
        .chain(left_out.map(|text| format!("{text}; `-v` shows all")))
        .collect();
    if !legend.is_empty() {
        let text = page.paint.dim(&format!("  {}", legend.join(" · ")));
        page.line(&text);
    }
    let blockers = blockers(report, &rows);
    let (shown, more) = page.cut(&blockers);
    let texts: Vec<String> = shown
        .iter()
        .map(|(one, lines)| format!("{}: {}", lines.join(", "), blocker(one)))
        .chain([more])
        .collect();
    page.detail("held", texts.iter().map(String::as_str));
}

fn commands(report: &PlanReport, page: &mut Page<'_>) {
    let next = next(report);
    if next.is_empty() {
        return;
    }
    page.heading("next");
    let longest = next.iter().map(|(command, _)| command.len()).max();
    let longest = longest.unwrap_or(0);
    for (command, does) in &next {
        let command = format!("{:longest$}", terminal(command));
        let does = page.paint.dim(does);
        page.line(&format!("  {command}  {does}"));
    }
}

#[cfg(test)]
mod tests;
