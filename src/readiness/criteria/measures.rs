//! Reads how criteria are measured.

use serde::Deserialize;
use toml::de::DeValue;

use crate::report::Verdict;
use crate::rules::entry::{Entry, Shape};
use crate::skew::findings::{OF_POLICY, lint};

use super::super::settings::Measure;
use super::regex;

/// Seconds that a command is given where its criterion does not say.
pub const USUAL_SECONDS: u64 = 600;

/// Nothing is given more time than a day.
const MOST_SECONDS: u64 = 24 * 60 * 60;

/// Names of the ways to measure.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Resolves,
    NoFinding,
    OnTarget,
    NothingDeferred,
    PlanProven,
    RollbackRehearsed,
    Compiles,
    Specified,
    Command,
    File,
    Attested,
}

pub(super) fn measure(entry: &mut Entry<'_, '_, '_>, kind: Kind) -> Option<Measure> {
    match kind {
        Kind::Resolves => Some(Measure::Resolves),
        Kind::NoFinding => no_finding(entry),
        Kind::OnTarget => Some(Measure::OnTarget),
        Kind::NothingDeferred => Some(Measure::NothingDeferred),
        Kind::PlanProven => Some(Measure::PlanProven),
        Kind::RollbackRehearsed => Some(Measure::RollbackRehearsed),
        Kind::Compiles => Some(Measure::Compiles),
        Kind::Specified => Some(Measure::Specified),
        Kind::Command => command(entry),
        Kind::File => file(entry),
        Kind::Attested => Some(Measure::Attested),
    }
}

fn no_finding(entry: &mut Entry<'_, '_, '_>) -> Option<Measure> {
    let codes = entry.texts("codes", Shape::Id);
    let verdicts: Vec<Verdict> = entry.names("verdicts");
    for code in &codes {
        if lint(code).is_none() {
            entry.mistake(format!(
                "there is no finding code `{code}`; docs/findings.md lists them"
            ));
        }
        if OF_POLICY.contains(&code.as_str()) {
            let instead = match code.as_str() {
                "off-target" => "; `measure = \"on-target\"` measures the line",
                _ => "",
            };
            entry.mistake(format!(
                "`{code}` is found by the policy alone, at which no criterion looks{instead}"
            ));
        }
    }
    let named = ["codes", "verdicts"].map(|key| entry.table.contains_key(key));
    if codes.is_empty() && verdicts.is_empty() && named == [false, false] {
        entry.mistake("`measure = \"no-finding\"` needs a key `codes` or `verdicts`");
    }
    (!codes.is_empty() || !verdicts.is_empty()).then_some(Measure::NoFinding { codes, verdicts })
}

fn command(entry: &mut Entry<'_, '_, '_>) -> Option<Measure> {
    let lone = entry.table.get("command").map(|value| value.get_ref());
    if let Some(DeValue::String(text)) = lone
        && text.contains(char::is_whitespace)
    {
        entry.mistake(format!(
            "`command` takes the program and its words one by one, as [{}]: no shell takes them apart",
            text.split_whitespace()
                .map(|word| format!("\"{word}\""))
                .collect::<Vec<_>>()
                .join(", ")
        ));
    }
    let words = entry.needed_texts("command", Shape::Line);
    let code = entry.number("code", 0..=255).unwrap_or(0);
    let seconds = entry.number("seconds", 1..=MOST_SECONDS);
    let prints = expression(entry, "prints");
    (!words.is_empty()).then_some(Measure::Command {
        words,
        code: i32::try_from(code).unwrap_or(0),
        seconds: seconds.unwrap_or(USUAL_SECONDS),
        prints,
    })
}

fn file(entry: &mut Entry<'_, '_, '_>) -> Option<Measure> {
    let path = entry.text("file", Shape::Line);
    let matches = expression(entry, "matches");
    let outside = |part: &str| part == ".." || part.contains(['\\', ':']);
    if path.starts_with('/') || path.split('/').any(outside) {
        entry.mistake(format!(
            "`{path}` under `file`; expected a path below the workspace root, with forward slashes"
        ));
    }
    (!path.is_empty()).then_some(Measure::File { path, matches })
}

fn expression(entry: &mut Entry<'_, '_, '_>, key: &'static str) -> Option<String> {
    let text = entry.optional_text(key, Shape::Line)?;
    if let Err(error) = regex(&text) {
        entry.mistake(format!(
            "`{text}` under `{key}` is no regular expression: {error}"
        ));
    }
    Some(text)
}
