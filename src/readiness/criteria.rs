//! Reads criteria, attestations and `[readiness]`: the file that comes with the program, and what a
//! policy adds to it or changes in it.

mod measures;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::RegexBuilder;
use toml::de::DeTable;

use crate::policy::{Date, Policy};
use crate::rules::Mistake;
use crate::rules::entry::{Entry, Shape, Source};

use super::model::{Category, Due, Severity};
use super::settings::{Attestation, Criterion, Measure, Settings};

use measures::{Kind, measure};

pub use measures::USUAL_SECONDS;

/// The file of the program's own criteria, as documents name it.
pub const SHIPPED_FILE: &str = "rules/readiness.toml";

/// Its text.
pub const SHIPPED_TEXT: &str = include_str!("../../rules/readiness.toml");

const MOST_WEIGHT: u64 = 100;

/// What a regular expression may take in memory.
const REGEX_SIZE: usize = 1 << 20;

static SHIPPED: LazyLock<Vec<Criterion>> = LazyLock::new(|| {
    let mut mistakes = Vec::new();
    let criteria = of_file(SHIPPED_FILE, SHIPPED_TEXT, &mut mistakes);
    // A fault of the program itself: a test reads this very file.
    assert!(mistakes.is_empty(), "{SHIPPED_FILE}: {mistakes:?}");
    criteria
});

/// The program's own criteria, as they stand in its file.
pub fn shipped() -> &'static [Criterion] {
    &SHIPPED
}

/// What is to be measured: as the policy says, where there is one.
pub fn settings(policy: Option<&Policy>) -> Settings {
    match policy {
        Some(policy) => policy.readiness.clone(),
        None => unchanged(),
    }
}

/// The program's own criteria and nothing else.
pub fn unchanged() -> Settings {
    Settings {
        criteria: shipped().to_vec(),
        ..Settings::default()
    }
}

/// A regular expression as criteria use them: lines end with `\n`, and it cannot grow without limit.
///
/// # Errors
/// What is wrong with it, in one line.
pub fn regex(text: &str) -> Result<regex::Regex, String> {
    let mut builder = RegexBuilder::new(text);
    builder.size_limit(REGEX_SIZE).build().map_err(|error| {
        // The last line says what it is; those before point into the text.
        let message = error.to_string();
        let last = message.lines().last().unwrap_or_default().trim();
        last.strip_prefix("error: ").unwrap_or(last).to_owned()
    })
}

fn of_file(file: &str, text: &str, mistakes: &mut Vec<Mistake>) -> Vec<Criterion> {
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let offset = error.span().map_or(0, |span| span.start);
        mistakes.push(Mistake::at(file, text, offset, error.message()));
    }
    let mut source = Source {
        file,
        text,
        mistakes,
    };
    let mut head = Entry::new("the criteria", document.get_ref(), 0..0, &mut source);
    let mut criteria: Vec<Criterion> = Vec::new();
    for (table, span) in head.tables("criterion") {
        let mut entry = Entry::new("`[[criterion]]`", table, span, head.source);
        if !entry.table.contains_key("source") {
            entry.mistake("`[[criterion]]` needs a key `source`");
        }
        let id = entry.text("id", Shape::Id);
        if criteria.iter().any(|known| known.id == id) {
            entry.mistake(format!("there is another criterion `{id}` above"));
        }
        criteria.extend(criterion(entry, id));
    }
    head.finish();
    criteria
}

/// What the head of a policy says: `[[criterion]]`, `[[attestation]]` and `[readiness]`.
pub(crate) fn of_policy(head: &mut Entry<'_, '_, '_>, today: Date) -> Settings {
    let mut settings = unchanged();
    let mut named: BTreeSet<String> = BTreeSet::new();
    for (table, span) in head.tables("criterion") {
        let mut entry = Entry::new("`[[criterion]]`", table, span, head.source);
        let id = entry.text("id", Shape::Id);
        if !id.is_empty() && !named.insert(id.clone()) {
            entry.mistake(format!("there is another criterion `{id}` above"));
        }
        let known = settings.criteria.iter_mut().find(|known| known.id == id);
        match known.filter(|known| known.from == SHIPPED_FILE) {
            Some(known) => change(entry, known),
            None => settings.criteria.extend(criterion(entry, id)),
        }
    }
    // One that has a mistake of its own is no unknown one.
    named.extend(shipped().iter().map(|one| one.id.clone()));
    for (table, span) in head.tables("attestation") {
        let entry = Entry::new("`[[attestation]]`", table, span, head.source);
        let attestation = attestation(entry, (&settings.criteria, &named), today);
        settings.attestations.extend(attestation);
    }
    for (table, span) in head.tables("readiness") {
        let entry = Entry::new("`[readiness]`", table, span, head.source);
        way(entry, &mut settings);
    }
    settings
}

/// A criterion with all that belongs to it.
fn criterion(mut entry: Entry<'_, '_, '_>, id: String) -> Option<Criterion> {
    let title = entry.text("title", Shape::Line);
    let category: Option<Category> = entry.name("category");
    let weight = weight(&mut entry);
    if weight.is_none() && !entry.table.contains_key("weight") {
        entry.mistake("`[[criterion]]` needs a key `weight` with a whole number");
    }
    let severity: Option<Severity> = entry.name("unmet");
    let due = due(&mut entry).unwrap_or(Due::BeforeStart);
    let kind: Option<Kind> = entry.name("measure");
    let help = entry.texts("help", Shape::Line);
    let reason = entry.optional_text("source", Shape::Line);
    let from = entry.source.file.to_owned();
    // Without a way to measure it, no key of one can be called unknown.
    let measure = measure(&mut entry, kind?);
    let clean = entry.finish();
    clean.then_some(Criterion {
        id,
        title: title.trim_end_matches('.').to_owned(),
        category: category?,
        weight: weight?,
        severity: severity?,
        due,
        measure: measure?,
        help,
        reason,
        from,
    })
}

/// What a policy changes in one of the program's criteria.
fn change(mut entry: Entry<'_, '_, '_>, known: &mut Criterion) {
    entry.what = "a `[[criterion]]` that the program has";
    let weight = weight(&mut entry);
    let severity: Option<Severity> = match entry.table.contains_key("unmet") {
        true => entry.name("unmet"),
        false => {
            entry.get("unmet");
            None
        }
    };
    let due = due(&mut entry);
    let reason = entry.optional_text("source", Shape::Line);
    // Where something is, and how tests are run, differs from team to team.
    let measure = match &known.measure {
        Measure::Command { .. } if entry.table.contains_key("command") => {
            measure(&mut entry, Kind::Command)
        }
        Measure::File { .. } if entry.table.contains_key("file") => measure(&mut entry, Kind::File),
        Measure::Command { .. } => {
            entry.get("command");
            None
        }
        Measure::File { .. } => {
            entry.get("file");
            None
        }
        Measure::Resolves
        | Measure::NoFinding { .. }
        | Measure::OnTarget
        | Measure::NothingDeferred
        | Measure::PlanProven
        | Measure::RollbackRehearsed
        | Measure::Compiles
        | Measure::Specified
        | Measure::Attested => None,
    };
    let file = entry.source.file.to_owned();
    if !entry.finish() {
        return;
    }
    known.weight = weight.unwrap_or(known.weight);
    known.severity = severity.unwrap_or(known.severity);
    known.due = due.unwrap_or(known.due);
    known.reason = reason.or(known.reason.take());
    known.measure = measure.unwrap_or_else(|| known.measure.clone());
    known.from = format!("{SHIPPED_FILE}, {file}");
}

fn weight(entry: &mut Entry<'_, '_, '_>) -> Option<u64> {
    entry.number("weight", 0..=MOST_WEIGHT)
}

fn due(entry: &mut Entry<'_, '_, '_>) -> Option<Due> {
    entry.parsed_from("due", "before-start, before-phase-N or later")
}

fn attestation(
    mut entry: Entry<'_, '_, '_>,
    (criteria, named): (&[Criterion], &BTreeSet<String>),
    today: Date,
) -> Option<Attestation> {
    let criterion = entry.text("criterion", Shape::Id);
    let name = entry.text("name", Shape::Line);
    let date: Option<Date> = entry.parsed_from("date", "a day such as 2026-12-31");
    let until: Option<Date> = entry.parsed_from("until", "a day such as 2026-12-31");
    let statement = entry.optional_text("statement", Shape::Line);
    if date.is_none() && !entry.table.contains_key("date") {
        entry.mistake("`[[attestation]]` needs a key `date` with the day on which it was given");
    }
    if !name.is_empty() && !name.contains(char::is_alphanumeric) {
        entry.mistake(format!("`{name}` under `name` is nobody's name"));
    }
    if let Some(date) = date
        && date > today
    {
        entry.mistake(format!(
            "the attestation is of {date}, which is still to come: today is {today} in UTC"
        ));
    }
    if let (Some(date), Some(until)) = (date, until)
        && until < date
    {
        entry.mistake(format!(
            "the attestation ends on {until}, before it is given on {date}"
        ));
    }
    if !criterion.is_empty() {
        let known = criteria.iter().find(|one| one.id == criterion);
        match known.map(|one| &one.measure) {
            Some(Measure::Attested) => {}
            Some(_) => entry.mistake(format!(
                "`{criterion}` is measured; nobody's word can take the place of that"
            )),
            None if named.contains(&criterion) => {}
            None => entry.mistake(format!("there is no criterion `{criterion}`")),
        }
    }
    let clean = entry.finish();
    clean.then_some(Attestation {
        criterion,
        name: name.trim().to_owned(),
        date: date?,
        until,
        statement,
    })
}

/// `[readiness]`.
fn way(mut entry: Entry<'_, '_, '_>, settings: &mut Settings) {
    let canary = entry.numbers("canary", 1..=100);
    if !canary.is_sorted_by(|one, next| one < next) {
        entry.mistake("`canary` goes from small shares to large ones, each once");
    }
    let days = entry.number("phase-days", 1..=366);
    for (table, _) in entry.tables("owners") {
        owners(table, entry.source, &mut settings.owners);
    }
    settings.canary = canary
        .into_iter()
        .filter_map(|share| u32::try_from(share).ok())
        .collect();
    settings.phase_days = days.and_then(|days| u32::try_from(days).ok());
    entry.finish();
}

fn owners(table: &DeTable<'_>, source: &mut Source<'_>, owners: &mut BTreeMap<String, String>) {
    for (package, value) in table.iter() {
        let name: &str = package.get_ref();
        let owner = value.get_ref().as_str().map(str::trim);
        match owner.filter(|owner| !owner.is_empty() && !owner.contains(char::is_control)) {
            Some(owner) => {
                owners.insert(name.to_owned(), owner.to_owned());
            }
            None => source.mistake(
                value.span().start,
                format!("`{name}` needs an owner: one line of text"),
            ),
        }
    }
}

#[cfg(test)]
#[path = "criteria/tests.rs"]
mod tests;
