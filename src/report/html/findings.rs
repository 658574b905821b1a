//! Findings: a table of all, which a script sorts and filters, and each in full.

mod one;

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::report::group::{artifacts, group};
use crate::report::words::passes;
use crate::report::{Finding, Level, Report};
use crate::skew::Line;

use super::parts::table;
use super::write::Writer;

/// Findings in the order of the report, those that differ in their artifact alone as one.
pub struct Numbered<'a> {
    groups: Vec<Vec<&'a Finding>>,
}

impl<'a> Numbered<'a> {
    pub fn new(report: &'a Report) -> Self {
        Self {
            groups: group(&report.findings),
        }
    }

    /// Where the first finding stands that is so.
    pub fn first(&self, is: impl Fn(&Finding) -> bool) -> Option<String> {
        let mut groups = self.groups.iter();
        groups
            .position(|group| group.iter().any(|one| is(one)))
            .map(id)
    }

    fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}

fn id(number: usize) -> String {
    format!("finding-{}", number + 1)
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Deny => "denied",
        Level::Warn => "warning",
        Level::Note => "note",
    }
}

pub fn render(report: &Report, numbered: &Numbered<'_>, w: &mut Writer) {
    if numbered.is_empty() {
        return w.element("p", &[], "Nothing was found.");
    }
    if numbered.groups.len() > 1 {
        filter(numbered, w);
        overview(numbered, w);
    }
    w.within("div", &[("id", "findings-all")], |w| {
        for (number, group) in numbered.groups.iter().enumerate() {
            let attributes = [
                ("id", &*id(number)),
                ("class", &format!("finding {}", group[0].level.name())),
                ("aria-labelledby", &format!("{}-title", id(number))),
            ];
            w.within("article", &attributes, |w| {
                one::render(report, numbered, number, group, w);
            });
        }
    });
}

/// Without the script it would do nothing, so the script shows it.
fn filter(numbered: &Numbered<'_>, w: &mut Writer) {
    let form = [
        ("id", "findings-filter"),
        ("hidden", "hidden"),
        ("role", "search"),
        ("aria-label", "Filter findings"),
    ];
    w.within("form", &form, |w| {
        w.within("label", &[], |w| {
            w.text("Search ");
            let field = [
                ("type", "search"),
                ("name", "words"),
                ("autocomplete", "off"),
            ];
            w.void("input", &field);
        });
        let first = || numbered.groups.iter().map(|group| group[0]);
        let levels = first().map(|one| one.level).collect::<BTreeSet<_>>();
        let levels = levels.into_iter();
        choice(w, "Level", levels.map(|one| (one.name(), level(one))));
        let codes = first().map(|one| &*one.code).collect::<BTreeSet<_>>();
        choice(w, "Finding", codes.iter().map(|code| (*code, *code)));
        w.element("button", &[("type", "reset")], "Reset");
        let count = [("id", "findings-count"), ("aria-live", "polite")];
        w.element("output", &count, "");
    });
}

fn choice<'a>(
    w: &mut Writer,
    name: &'static str,
    values: impl Iterator<Item = (&'a str, &'a str)>,
) {
    w.within("label", &[], |w| {
        w.text(&format!("{name} "));
        w.within("select", &[("name", &name.to_lowercase())], |w| {
            w.element("option", &[("value", "")], "all");
            for (value, shown) in values {
                w.element("option", &[("value", value)], shown);
            }
        });
    });
}

const HEADS: [&str; 5] = ["level", "finding", "what", "artifacts", "line"];

fn overview(numbered: &Numbered<'_>, w: &mut Writer) {
    let heads = HEADS.map(str::to_owned);
    let ranks = ranks(numbered);
    w.within("div", &[("id", "findings-table")], |w| {
        table(w, "cards", "All findings", &heads, |w| {
            for (number, group) in numbered.groups.iter().enumerate() {
                let finding = group[0];
                let attributes = [
                    ("class", finding.level.name()),
                    ("data-article", &id(number)),
                    ("data-level", finding.level.name()),
                    ("data-finding", &finding.code),
                    ("data-ranks", &ranks[number]),
                    ("role", "row"),
                ];
                w.within("tr", &attributes, |w| cells(number, group, w));
            }
        });
    });
}

fn cells(number: usize, group: &[&Finding], w: &mut Writer) {
    let finding = group[0];
    let cell = |at: usize| [("role", "cell"), ("data-label", HEADS[at])];
    w.within("td", &cell(0), |w| badge(finding, w));
    w.within("td", &cell(1), |w| w.code(&finding.code));
    let what = [
        ("scope", "row"),
        ("role", "rowheader"),
        ("data-label", HEADS[2]),
    ];
    w.within("th", &what, |w| {
        let target = format!("#{}", id(number));
        w.within("a", &[("href", &target)], |w| w.prose(&finding.message));
    });
    w.within("td", &cell(3), |w| {
        let names = artifacts(group);
        match names.as_slice() {
            [] => w.text("–"),
            [first, rest @ ..] => {
                w.code(first);
                if !rest.is_empty() {
                    w.text(&format!(" and {} more", rest.len()));
                }
            }
        }
    });
    w.within("td", &cell(4), |w| {
        w.text(finding.line.as_deref().unwrap_or("–"));
    });
}

fn badge(finding: &Finding, w: &mut Writer) {
    let kind = format!("badge {}", finding.level.name());
    w.element("span", &[("class", &kind)], level(finding.level));
    if passes(finding).is_some() {
        w.text(" ");
        w.element("span", &[("class", "badge pass")], "let through");
    }
}

/// For each row its place when sorted by each column: the script compares numbers alone.
fn ranks(numbered: &Numbered<'_>) -> Vec<String> {
    let first = |number: &usize| numbered.groups[*number][0];
    let mut columns: Vec<Vec<usize>> = Vec::new();
    let mut add = |order: &mut dyn FnMut(&usize) -> (Option<Line>, String)| {
        let mut keyed: Vec<_> = (0..numbered.groups.len()).map(|at| order(&at)).collect();
        let mut sorted = keyed.clone();
        sorted.sort();
        sorted.dedup();
        let rank = keyed
            .drain(..)
            .map(|key| sorted.partition_point(|one| *one < key));
        columns.push(rank.collect());
    };
    let text = |text: &str| (None, text.to_lowercase());
    add(&mut |at| text(&(first(at).level as u8).to_string()));
    add(&mut |at| text(&first(at).code));
    add(&mut |at| text(&first(at).message));
    add(&mut |at| text(first(at).artifact.as_deref().unwrap_or_default()));
    add(&mut |at| {
        let line = first(at).line.as_deref().unwrap_or_default();
        (Line::from_str(line).ok(), line.to_owned())
    });
    let row = |at: usize| {
        let ranks: Vec<String> = columns.iter().map(|ranks| ranks[at].to_string()).collect();
        ranks.join(" ")
    };
    (0..numbered.groups.len()).map(row).collect()
}
