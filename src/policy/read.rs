//! Reads a policy, and notes every mistake in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use crate::readiness::criteria;
use crate::rules::Mistake;
use crate::rules::entry::{Entry, Shape, Source};

use super::{Date, Exception, FILE, Policy, PolicyError, Setting, ShippedBuild};

/// Whether there is a finding code of that name.
type Knows<'a> = &'a dyn Fn(&str) -> bool;

pub(super) fn own_file(text: &str, knows: Knows<'_>, today: Date) -> Result<Policy, PolicyError> {
    let (document, errors) = DeTable::parse_recoverable(text);
    let at = |error: &toml::de::Error| {
        let offset = error.span().map_or(0, |span| span.start);
        Mistake::at(FILE, text, offset, error.message())
    };
    if !errors.is_empty() {
        return Err(PolicyError::Mistakes(errors.iter().map(at).collect()));
    }
    policy(FILE, text, document.get_ref(), knows, today)
}

/// The policy in a root manifest; none where it has none, or is no TOML.
pub(super) fn in_manifest(
    text: &str,
    knows: Knows<'_>,
    today: Date,
) -> Result<Option<Policy>, PolicyError> {
    // Most manifests need not be parsed for it.
    if !text.contains("otel-check") {
        return Ok(None);
    }
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Ok(None);
    }
    let below = ["workspace", "metadata", "otel-check"];
    let mut table = document.get_ref();
    for key in below {
        match table.get(key).map(|value| value.get_ref()) {
            Some(DeValue::Table(inner)) => table = inner,
            _ => return Ok(None),
        }
    }
    policy("Cargo.toml", text, table, knows, today).map(Some)
}

fn policy(
    file: &str,
    text: &str,
    table: &DeTable<'_>,
    knows: Knows<'_>,
    today: Date,
) -> Result<Policy, PolicyError> {
    let mut mistakes = Vec::new();
    let mut source = Source {
        file,
        text,
        mistakes: &mut mistakes,
    };
    let mut head = Entry::new("the policy", table, 0..0, &mut source);
    let target_line = head.parsed_from("target-line", "a line such as \"0.31\"");
    let mut levels = BTreeMap::new();
    for (table, _) in head.tables("levels") {
        levels = self::levels(table, head.source, knows);
    }
    let mut builds = Vec::new();
    for (table, span) in head.tables("build") {
        builds.extend(build(Entry::new("`[[build]]`", table, span, head.source)));
    }
    let mut exceptions = Vec::new();
    for (table, span) in head.tables("exception") {
        let entry = Entry::new("`[[exception]]`", table, span, head.source);
        exceptions.extend(exception(entry, &levels, knows));
    }
    let readiness = criteria::of_policy(&mut head, today);
    head.finish();
    if !mistakes.is_empty() {
        mistakes.sort_by_key(|mistake| mistake.place);
        mistakes.dedup();
        return Err(PolicyError::Mistakes(mistakes));
    }
    Ok(Policy {
        file: file.to_owned(),
        text: Arc::from(text),
        target_line,
        levels,
        builds,
        exceptions,
        readiness,
    })
}

fn levels(
    table: &DeTable<'_>,
    source: &mut Source<'_>,
    knows: Knows<'_>,
) -> BTreeMap<String, Setting> {
    let mut levels = BTreeMap::new();
    for (code, value) in table.iter() {
        let name: &str = code.get_ref();
        if !knows(name) {
            source.mistake(code.span().start, no_such_code(name));
            continue;
        }
        let setting = value.get_ref().as_str().and_then(setting);
        match setting {
            Some(setting) => {
                levels.insert(name.to_owned(), setting);
            }
            None => source.mistake(
                value.span().start,
                format!(
                    "`{name}` needs a level: \"allow\", \"note\", \"warn\", \"deny\" or \"forbid\""
                ),
            ),
        }
    }
    levels
}

fn setting(text: &str) -> Option<Setting> {
    match text {
        "allow" => Some(Setting::Allow),
        "note" => Some(Setting::Note),
        "warn" => Some(Setting::Warn),
        "deny" => Some(Setting::Deny),
        "forbid" => Some(Setting::Forbid),
        _ => None,
    }
}

fn no_such_code(name: &str) -> String {
    format!("there is no finding code `{name}`; docs/findings.md lists them")
}

fn build(mut entry: Entry<'_, '_, '_>) -> Option<ShippedBuild> {
    let build = ShippedBuild {
        packages: entry.texts("packages", Shape::Package),
        features: entry.texts("features", Shape::Line),
        all_features: entry.flag("all-features"),
        no_default_features: entry.flag("no-default-features"),
        targets: entry.texts("targets", Shape::Line),
    };
    entry.finish().then_some(build)
}

fn exception(
    mut entry: Entry<'_, '_, '_>,
    levels: &BTreeMap<String, Setting>,
    knows: Knows<'_>,
) -> Option<Exception> {
    let span = entry.span.clone();
    let code = entry.optional_text("code", Shape::Line);
    let package = entry.optional_text("package", Shape::Line);
    let line = entry.parsed_from("line", "a line such as \"0.31\"");
    let artifact = entry.optional_text("artifact", Shape::Line);
    let reason = entry.text("reason", Shape::Line);
    let owner = entry.text("owner", Shape::Line);
    let expires = entry.parsed_from("expires", "a day such as 2026-12-31");
    if expires.is_none() && !entry.table.contains_key("expires") {
        entry.mistake("`[[exception]]` needs a key `expires` with the last day on which it holds");
    }
    if let Some(code) = &code {
        if !knows(code) {
            entry.mistake(no_such_code(code));
        } else if levels.get(code) == Some(&Setting::Forbid) {
            entry.mistake(format!(
                "`{code}` is forbidden above, so nothing of it can be let through"
            ));
        }
    }
    // One that says nothing would let everything through.
    if code.is_none() && package.is_none() && line.is_none() && artifact.is_none() {
        entry.mistake(
            "`[[exception]]` needs a key `code`, `package`, `line` or `artifact` that says what for",
        );
    }
    let clean = entry.finish();
    clean.then_some(Exception {
        code,
        package,
        line,
        artifact,
        reason,
        owner,
        expires: expires?,
        span,
    })
}
