//! The rules that a run has results of, with their pages.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::report::Report;
use crate::report::words::level;
use crate::skew::findings::{LINTS, Lint};

/// The rules in the order of their weight, and the place of each code among them.
pub fn of(report: &Report) -> (Vec<Value>, BTreeMap<String, usize>) {
    let used = |lint: &&Lint| report.findings.iter().any(|one| one.code == lint.code);
    let mut rules = Vec::new();
    let mut numbers = BTreeMap::new();
    for lint in LINTS.iter().filter(used) {
        numbers.insert(lint.code.to_owned(), rules.len());
        rules.push(rule(lint));
    }
    (rules, numbers)
}

/// Where the project is to be found; none while its manifest names no repository.
pub fn home() -> Option<&'static str> {
    let home = env!("CARGO_PKG_REPOSITORY");
    (!home.is_empty()).then_some(home)
}

fn rule(lint: &Lint) -> Value {
    let page = page(&lint.shown());
    let mut rule = json!({
        "id": lint.code,
        "name": name(lint.code),
        "shortDescription": { "text": lint.title },
        "fullDescription": { "text": summary(lint.page) },
        "help": { "text": page, "markdown": page },
        "defaultConfiguration": { "level": level(lint.level) },
        "properties": { "tags": ["dependencies", "observability"] },
    });
    if let Some(home) = home() {
        let version = env!("CARGO_PKG_VERSION");
        let code = lint.code;
        rule["helpUri"] = json!(format!("{home}/blob/v{version}/docs/findings/{code}.md"));
    }
    rule
}

/// `lost-telemetry` as `LostTelemetry`.
fn name(code: &str) -> String {
    let words = code.split('-').map(|word| {
        let (first, rest) = word.split_at(1);
        format!("{}{rest}", first.to_uppercase())
    });
    words.collect()
}

/// The first paragraph below the title.
fn summary(page: &str) -> String {
    let lines = page.lines().skip(1).skip_while(|line| line.is_empty());
    let lines = lines.take_while(|line| !line.is_empty());
    let text = lines.collect::<Vec<_>>().join(" ");
    without_links(&text)
}

/// A page where nothing lies beside it: with the texts of its relative links alone.
fn page(text: &str) -> String {
    let mut fenced = false;
    let lines = text.lines().map(|line| {
        fenced ^= line.starts_with("```");
        match fenced {
            true => line.to_owned(),
            false => without_links(line),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn without_links(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, text, target, after)) = next_link(rest) {
        out.push_str(before);
        if target.contains("://") {
            out.push_str(&format!("[{text}]({target})"));
        } else {
            out.push_str(text);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// What stands before a link, its text, its target, and the rest.
fn next_link(line: &str) -> Option<(&str, &str, &str, &str)> {
    let middle = line.find("](")?;
    let open = line[..middle].rfind('[')?;
    let close = middle + line[middle..].find(')')?;
    Some((
        &line[..open],
        &line[open + 1..middle],
        &line[middle + 2..close],
        &line[close + 1..],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_links_become_text() {
        assert_eq!(without_links("a [b](../c.md), [d](e)."), "a b, d.");
        assert_eq!(without_links("[b](https://x) [c"), "[b](https://x) [c");
        assert_eq!(name("lost-telemetry"), "LostTelemetry");
    }

    #[test]
    fn every_page_stands_alone() {
        for lint in LINTS {
            let rule = rule(lint);
            let text = rule["help"]["text"].as_str().unwrap();
            assert!(!text.contains("](../") && !text.contains("<!--"), "{text}");
            assert!(!rule["fullDescription"]["text"].as_str().unwrap().is_empty());
        }
    }
}
