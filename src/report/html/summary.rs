//! The first screen: the state of the whole, figures, what limits the answer, what has changed.

use crate::report::plain::counted;
use crate::report::words::{judged, passes, state};
use crate::report::{Comparison, Report};

use super::parts::table;
use super::write::Writer;

/// The state, for the window's title too.
pub fn headline(report: &Report) -> String {
    let judged = judged(report);
    let what = judged.split(" · ").next().unwrap_or_default();
    format!("{}: {what}", state(report))
}

pub fn head(report: &Report, w: &mut Writer) {
    let state = state(report);
    let class = match state {
        "skewed" | "unresolvable" => "state bad",
        "clean" => "state good",
        _ => "state middling",
    };
    w.within("h1", &[], |w| {
        w.element("span", &[("class", class)], state);
        let whole = headline(report);
        let rest = whole.strip_prefix(state).unwrap_or_default();
        w.element("span", &[("class", "away")], ": ");
        w.text(rest.trim_start_matches(": "));
    });
    figures(report, w);
    w.list(report.notes.iter().map(String::as_str));
}

fn figures(report: &Report, w: &mut Writer) {
    let summary = &report.summary;
    let passing = report.findings.iter().filter_map(passes).count();
    let mut figures = vec![
        ("deny", summary.deny, "denied".to_owned()),
        ("warn", summary.warn, name(summary.warn, "warning")),
        ("note", summary.note, name(summary.note, "note")),
    ];
    if passing > 0 {
        figures.push(("pass", passing, "let through".to_owned()));
    }
    w.within("ul", &[("class", "figures")], |w| {
        for (class, count, name) in figures {
            let class = if count == 0 { "none" } else { class };
            w.within("li", &[("class", class)], |w| {
                w.element("strong", &[], &count.to_string());
                w.text(&format!(" {name}"));
            });
        }
    });
}

fn name(count: usize, what: &str) -> String {
    let counted = counted(count, what);
    let name = counted.split_once(' ');
    name.map_or(what, |(_, name)| name).to_owned()
}

/// What changed since another revision, and what is gone.
pub fn comparison(comparison: &Comparison, w: &mut Writer) {
    let Comparison {
        base,
        introduced,
        worsened,
        unchanged,
        cured,
    } = comparison;
    w.within("p", &[], |w| {
        w.text("Compared with ");
        w.code(base);
        w.text(&format!(
            ": {introduced} introduced, {worsened} worse, {unchanged} unchanged, {} cured.",
            cured.len()
        ));
        if *unchanged > 0 {
            w.text(" What is unchanged is not shown.");
        }
    });
    if cured.is_empty() {
        return;
    }
    w.element("h3", &[], "Cured");
    w.within("ul", &[("class", "cured")], |w| {
        for finding in cured {
            w.within("li", &[], |w| {
                w.code(&finding.code);
                w.text(": ");
                w.prose(&finding.message);
                if let Some(artifact) = &finding.artifact {
                    w.text(" in ");
                    w.code(artifact);
                }
            });
        }
    });
}

/// What passes by decision of the team, with who decided it and until when.
pub fn passing(report: &Report, w: &mut Writer) {
    let heads = ["finding", "why it passes", "owner", "until"].map(str::to_owned);
    table(w, "plain", "Findings that are let through", &heads, |w| {
        for finding in report.findings.iter().filter(|one| passes(one).is_some()) {
            w.within("tr", &[], |w| {
                w.within("th", &[("scope", "row")], |w| {
                    w.code(&finding.code);
                    w.text(": ");
                    w.prose(&finding.message);
                });
                let [reason, owner, until] = match &finding.excepted {
                    Some(one) => [&*one.reason, &one.owner, &one.until],
                    None => ["it stands in the baseline", "–", "–"],
                };
                // What people wrote is shown as they wrote it.
                w.element("td", &[], reason);
                w.element("td", &[], owner);
                w.element("td", &[("class", "date")], until);
            });
        }
    });
}
