//! What was measured again, held against what a certificate says.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::readiness::certificate::{Predicate, flags};
use crate::readiness::compare::Moved;
use crate::readiness::inputs::NO_FLAGS;
use crate::readiness::model::{
    CriterionRow, Decision, EvidenceKind, Input, InputKind, Measured, Obstacle, Readiness, Score,
};

use super::{Difference, Unrepeated};

/// Flags by which more is measured. Without them the rest of an answer is the same.
const SWITCHES: [&str; 2] = ["--run", TRIAL];

/// The one by which sources are compiled.
const TRIAL: &str = "--trial";

/// Which of the flags that only have more measured were given then and now.
pub(super) struct Switches {
    then: BTreeSet<&'static str>,
    now: BTreeSet<&'static str>,
    /// Whether all other flags are the same.
    rest_is_same: bool,
}

impl Switches {
    pub(super) fn new(old: &Predicate, fresh: &Readiness) -> Self {
        let parts = |inputs: &[Input]| {
            let mut words: Vec<&str> = match flags(inputs) {
                NO_FLAGS => Vec::new(),
                flags => flags.split_whitespace().collect(),
            };
            // When the first phase begins is no part of what is certified.
            if let Some(at) = words.iter().position(|word| *word == "--start") {
                words.drain(at..(at + 2).min(words.len()));
            }
            let given = |switch: &&'static str| words.contains(switch);
            let on: BTreeSet<&'static str> = SWITCHES.into_iter().filter(given).collect();
            words.retain(|word| !on.contains(word));
            let rest: Vec<String> = words.into_iter().map(str::to_owned).collect();
            (on, rest)
        };
        let (then, rest) = parts(&old.inputs);
        let (now, rest_now) = parts(&fresh.inputs);
        Self {
            then,
            now,
            rest_is_same: rest == rest_now,
        }
    }

    /// Whether a compiler has a part in what is compared.
    pub(super) fn tried(&self) -> bool {
        self.then.contains(TRIAL) || self.now.contains(TRIAL)
    }

    pub(super) fn same(&self) -> bool {
        self.then == self.now
    }

    /// Whether an input is another one only since less, or more, was measured.
    pub(super) fn explain(&self, moved: &Moved<Input>) -> bool {
        let kind = moved.last().kind;
        let extra = matches!(
            kind,
            InputKind::Index | InputKind::File | InputKind::Command
        );
        match moved {
            Moved::Changed { .. } => kind == InputKind::Flags && self.rest_is_same,
            Moved::Gone { .. } => extra && !self.then.is_subset(&self.now),
            Moved::New { .. } => extra && !self.now.is_subset(&self.then),
        }
    }
}

/// What came of comparing criterion by criterion.
#[derive(Default)]
pub(super) struct Answers {
    pub holds: Vec<String>,
    pub differs: Vec<Difference>,
    pub unrepeated: Vec<Unrepeated>,
    /// Words of persons.
    pub attested: Vec<Unrepeated>,
}

pub(super) fn answers(old: &Predicate, fresh: &Readiness, switches: &Switches) -> Answers {
    let rows = fresh.assessment.criteria.iter();
    let now: BTreeMap<&str, &CriterionRow> = rows.map(|row| (row.id.as_str(), row)).collect();
    let mut found = Answers::default();
    let mut known = BTreeSet::new();
    for row in &old.assessment.criteria {
        known.insert(row.id.as_str());
        let kinds = kinds(old, row);
        if kinds.contains(&EvidenceKind::Attestation) {
            found.attested.push(Unrepeated {
                what: row.id.clone(),
                because: "it rests on the word of a person, which cannot be measured".into(),
            });
        }
        match now.get(row.id.as_str()) {
            None => found.differs.push(Difference {
                what: row.id.clone(),
                claimed: told(row),
                found: "there is no such criterion".into(),
            }),
            Some(fresh) => one(row, fresh, &kinds, switches, &mut found),
        }
    }
    for (id, row) in now {
        if !known.contains(id) {
            found.differs.push(Difference {
                what: id.to_owned(),
                claimed: "there is no such criterion".into(),
                found: told(row),
            });
        }
    }
    found
}

fn one(
    old: &CriterionRow,
    fresh: &CriterionRow,
    kinds: &BTreeSet<EvidenceKind>,
    switches: &Switches,
    found: &mut Answers,
) {
    let what = || old.id.clone();
    let is_less = !switches.then.is_subset(&switches.now);
    let is_more = !switches.now.is_subset(&switches.then);
    match (&old.result, &fresh.result) {
        (Measured::Met { .. } | Measured::Unmet { .. }, Measured::NotMeasured { because, .. })
            if is_less =>
        {
            found.unrepeated.push(Unrepeated {
                what: what(),
                because: because.clone(),
            })
        }
        (Measured::NotMeasured { .. }, Measured::Met { .. } | Measured::Unmet { .. })
            if is_more =>
        {
            found.unrepeated.push(Unrepeated {
                what: what(),
                because: format!("it was not measured then; now: {}", told(fresh)),
            })
        }
        _ if same(old, fresh, kinds, switches.tried()) => found.holds.push(what()),
        _ => found.differs.push(Difference {
            what: what(),
            claimed: told(old),
            found: told(fresh),
        }),
    }
}

/// What a criterion rests on.
fn kinds(old: &Predicate, row: &CriterionRow) -> BTreeSet<EvidenceKind> {
    let named = old.evidence.iter();
    let named = named.filter(|one| row.evidence.contains(&one.id));
    named.map(|one| one.kind).collect()
}

/// Whether a criterion says the same. What a program printed may differ from run to run.
fn same(
    old: &CriterionRow,
    fresh: &CriterionRow,
    kinds: &BTreeSet<EvidenceKind>,
    tried: bool,
) -> bool {
    let result = match kinds.iter().any(|kind| is_run(*kind, tried)) {
        true => std::mem::discriminant(&old.result) == std::mem::discriminant(&fresh.result),
        false => old.result == fresh.result,
    };
    result
        && (old.weight, old.severity, old.due) == (fresh.weight, fresh.severity, fresh.due)
        && old.let_through == fresh.let_through
}

/// Whether evidence is what a program printed. What a specification asks for was compiled where that was
/// asked for alone.
fn is_run(kind: EvidenceKind, tried: bool) -> bool {
    match kind {
        EvidenceKind::Command => true,
        EvidenceKind::Trial | EvidenceKind::Spec => tried,
        EvidenceKind::Check
        | EvidenceKind::Plan
        | EvidenceKind::File
        | EvidenceKind::Attestation
        | EvidenceKind::Rehearsal
        | EvidenceKind::Index
        | EvidenceKind::Rule
        | EvidenceKind::Sum => false,
    }
}

/// A criterion in a few words.
fn told(row: &CriterionRow) -> String {
    let (result, text) = match &row.result {
        Measured::Met { text } => ("met", text),
        Measured::Unmet { text, .. } => ("not met", text),
        Measured::NotMeasured { because, .. } => ("not measured", because),
    };
    let severity = row.severity.name();
    let through = match row.let_through.len() {
        0 => "",
        _ => ", let through",
    };
    format!(
        "{result} ({text}; {severity}, weight {}, due {}{through})",
        row.weight, row.due
    )
}

/// What is not said criterion by criterion. Decision and score follow from all criteria, and are
/// compared where all were measured again.
pub(super) fn about_all(old: &Predicate, fresh: &Readiness, whole: bool) -> Vec<Difference> {
    let mut differs = Vec::new();
    let mut look = |what: &str, claimed: String, found: String| {
        if claimed != found {
            let what = what.to_owned();
            differs.push(Difference {
                what,
                claimed,
                found,
            });
        }
    };
    look("family", old.family.clone(), fresh.family.clone());
    let target = |target: &Option<String>| match target {
        Some(line) => line.clone(),
        None => "none".to_owned(),
    };
    look("target", target(&old.target), target(&fresh.target));
    let floor = |blockers: &[Obstacle]| {
        let by_rule = blockers.iter().filter(|one| one.criterion.is_none());
        let texts: BTreeSet<&str> = by_rule.map(|one| one.text.as_str()).collect();
        texts.into_iter().collect::<Vec<_>>().join("; ")
    };
    let (then, now) = (&old.assessment, &fresh.assessment);
    look("blockers", floor(&then.blockers), floor(&now.blockers));
    if whole {
        let decision = |one: Decision| one.name().to_owned();
        look("decision", decision(then.decision), decision(now.decision));
        let score = |one: &Score| format!("{} of {} of {}", one.met, one.measured, one.all);
        look("score", score(&then.score), score(&now.score));
    }
    differs
}

/// Where else the two say different things: from the same inputs follow the same words, unless a
/// program had a part in it.
pub(super) fn elsewhere(old: &Predicate, fresh: &Readiness, tried: bool) -> Option<Difference> {
    let fresh = Predicate::of(fresh);
    let mut evidence = old.evidence.iter().chain(&fresh.evidence);
    if evidence.any(|one| is_run(one.kind, tried)) {
        return None;
    }
    let value = |one: &Predicate| serde_json::to_value(with_flags(one, &fresh)).unwrap_or_default();
    let (what, claimed, found) = first_difference(&value(old), &value(&fresh))?;
    let short = |value: &Value| value.to_string().chars().take(200).collect();
    Some(Difference {
        what,
        claimed: short(&claimed),
        found: short(&found),
    })
}

/// The same with the flags of another, which were compared before: some have no part in the answer.
fn with_flags(one: &Predicate, other: &Predicate) -> Predicate {
    let mut one = one.clone();
    one.flags.clone_from(&other.flags);
    for input in &mut one.inputs {
        if input.kind == InputKind::Flags {
            flags(&other.inputs).clone_into(&mut input.name);
        }
    }
    one
}

/// The first place at which two values differ: `criteria.0.title`.
fn first_difference(one: &Value, other: &Value) -> Option<(String, Value, Value)> {
    let step = |name: String, one: &Value, other: &Value| {
        let (rest, a, b) = first_difference(one, other)?;
        let place = match rest.as_str() {
            "" => name,
            rest => format!("{name}.{rest}"),
        };
        Some((place, a, b))
    };
    match (one, other) {
        _ if one == other => None,
        (Value::Object(one), Value::Object(other)) => {
            let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            let of = |fields: &serde_json::Map<String, Value>, name: &String| {
                fields.get(name).cloned().unwrap_or_default()
            };
            let mut names = names.into_iter();
            names.find_map(|name| step(name.clone(), &of(one, name), &of(other, name)))
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(other).enumerate();
            pairs.find_map(|(number, (one, other))| step(number.to_string(), one, other))
        }
        _ => Some((String::new(), one.clone(), other.clone())),
    }
}
