//! What to change: the options side by side, the lines to aim at, the steps, the change itself.

mod steps;

use crate::plan::{Blocker, Outcome, PlanOption, PlanReport};
use crate::report::plan::decision::{decision, name};
use crate::report::plan::{
    because, blockers, candidates, is_marked, left_out, main_option, next, reason, reasons, today,
    words,
};

use super::parts::{codes, row, table, term};
use super::write::Writer;

/// What is to be done in a few words.
pub fn headline(report: &PlanReport) -> String {
    match main_option(report) {
        None => "no plan".to_owned(),
        Some(option) => match &option.target {
            Some(line) => format!("{}: line {line}", words::outcome(&option.outcome)),
            None => words::outcome(&option.outcome).to_owned(),
        },
    }
}

pub fn render(report: &PlanReport, w: &mut Writer) {
    let said = match (report.recommended, report.options.len()) {
        (Some(id), 2..) => format!("Option {} is recommended.", words::id(id)),
        (None, 2..) => "No option is recommended.".to_owned(),
        (_, 0) => "There is no plan.".to_owned(),
        (_, 1) => String::new(),
    };
    if !said.is_empty() {
        w.within("p", &[], |w| w.element("strong", &[], &said));
    }
    w.paragraph(because(report));
    let today = today(report);
    if !today.is_empty() {
        w.element("p", &[], &format!("Lines today: {today}."));
    }
    for note in &report.notes {
        notes(note, w);
    }
    compare(report, w);
    report.options.iter().for_each(|one| option(report, one, w));
    targets(report, w);
    run_next(report, w);
}

/// A note may have a list of places below its first line.
fn notes(note: &str, w: &mut Writer) {
    let mut lines = note.lines();
    w.paragraph(lines.next().unwrap_or_default());
    w.list(lines);
}

fn compare(report: &PlanReport, w: &mut Writer) {
    let Some(decision) = decision(report) else {
        return;
    };
    let mut heads = vec!["".to_owned()];
    heads.extend(decision.heads.iter().map(|(id, marked)| match marked {
        true => format!("{id} (recommended)"),
        false => (*id).to_owned(),
    }));
    table(w, "plain", "The options side by side", &heads, |w| {
        for (name, texts) in &decision.rows {
            row(
                w,
                std::iter::once(*name).chain(texts.iter().map(String::as_str)),
            );
        }
    });
}

fn option(report: &PlanReport, option: &PlanOption, w: &mut Writer) {
    let attributes: &[_] = match is_marked(report, option) {
        true => &[("class", "option recommended")],
        false => &[("class", "option")],
    };
    w.within("article", attributes, |w| {
        w.within("h3", &[], |w| {
            let outcome = format!("badge {}", outcome(&option.outcome));
            let badge = [("class", outcome.as_str())];
            w.element("span", &badge, words::outcome(&option.outcome));
            if report.options.len() > 1 {
                w.text(&format!(" Option {}:", words::id(option.id)));
            }
            w.text(" ");
            w.prose(&option.title);
        });
        facts(report, option, w);
        steps::render(option, w);
    });
}

fn outcome(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Proven { .. } | Outcome::NothingToDo => "good",
        Outcome::Unproven { .. } => "warn",
        Outcome::None { .. } => "deny",
    }
}

fn facts(report: &PlanReport, option: &PlanOption, w: &mut Writer) {
    w.within("dl", &[], |w| {
        if let Some(line) = &option.target {
            term(w, "line", |w| {
                w.text(line);
                let reasons = words::reasons(reasons(report, option));
                if !reasons.is_empty() {
                    w.text(&format!(" ({reasons})"));
                }
            });
        }
        if let Some(because) = reason(&option.outcome) {
            term(w, "because", |w| w.prose(because));
        }
        if let Some(cost) = &option.cost {
            term(w, "cost", |w| w.text(&words::cost(cost)));
        }
        if let Outcome::Proven { command } = &option.outcome {
            term(w, "proven again by", |w| w.code(command));
        }
        sentences("loses", &option.loses, w);
        sentences("left to do by hand", &option.remains, w);
        if !option.waits_for.is_empty() {
            term(w, "waits for", |w| {
                w.within("ul", &[], |w| {
                    let waits = option.waits_for.iter();
                    waits.for_each(|one| w.within("li", &[], |w| blocker(one, w)));
                });
            });
        }
    });
}

fn sentences(name: &str, sentences: &[String], w: &mut Writer) {
    if !sentences.is_empty() {
        term(w, name, |w| w.list(sentences.iter().map(String::as_str)));
    }
}

/// Who has no release, why, through what, and what to expect.
fn blocker(blocker: &Blocker, w: &mut Writer) {
    w.code(&name(blocker));
    w.text(": ");
    w.prose(&blocker.because);
    if let Some(culprit) = &blocker.culprit {
        w.text("; through ");
        w.code(culprit);
    }
    if let Some(outlook) = &blocker.outlook {
        w.text("; ");
        w.prose(outlook);
    }
}

fn targets(report: &PlanReport, w: &mut Writer) {
    let rows = candidates(report);
    if rows.is_empty() {
        return;
    }
    w.element("h3", &[], "Lines to aim at");
    let aimed = main_option(report).and_then(|option| option.target.as_ref());
    let heads = ["line", "why it is a candidate", "cost", "held back by"].map(str::to_owned);
    table(w, "plain", "Lines to aim at", &heads, |w| {
        for one in &rows {
            let mark = match Some(&one.line) == aimed {
                true => " (aimed at)",
                false => "",
            };
            w.within("tr", &[], |w| {
                w.element("th", &[("scope", "row")], &format!("{}{mark}", one.line));
                w.element("td", &[], &words::reasons(&one.because));
                w.element("td", &[], &words::target_cost(one.cost.as_ref()));
                let who: Vec<String> = one.blockers.iter().map(name).collect();
                w.within("td", &[], |w| match who.is_empty() {
                    true => w.text("–"),
                    false => codes(w, who.iter().map(String::as_str)),
                });
            });
        }
    });
    if let Some(text) = left_out(report.targets.len() - rows.len()) {
        w.element(
            "p",
            &[("class", "legend")],
            &format!("{text}; JSON has all."),
        );
    }
    let held = blockers(report, &rows);
    if held.is_empty() {
        return;
    }
    w.within("ul", &[], |w| {
        for (one, lines) in held {
            w.within("li", &[], |w| {
                w.text(&format!("{}: ", lines.join(", ")));
                blocker(one, w);
            });
        }
    });
}

fn run_next(report: &PlanReport, w: &mut Writer) {
    let next = next(report);
    if next.is_empty() {
        return;
    }
    w.element("h3", &[], "Next");
    w.within("ul", &[], |w| {
        for (command, does) in &next {
            w.within("li", &[], |w| {
                w.code(command);
                w.text(&format!(" {does}"));
            });
        }
    });
}
