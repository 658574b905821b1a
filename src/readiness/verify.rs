//! Whether a certificate still says what is so.
//!
//! Four things are told apart. *Tampered*: the document does not fit together, so that it is not what
//! this program wrote. *Outdated*: it fits, and something that it was made from is not as it was.
//! *False*: nothing has changed, and the answer is another one all the same. *Holds*: neither.

mod fits;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::certificate::{self, Certificate, CertificateError, Predicate, flags};
use super::compare::{Moved, inputs};
use super::inputs::NO_FLAGS;
use super::model::{
    CriterionRow, Decision, EvidenceKind, Input, InputKind, Measured, Obstacle, Readiness, Score,
};

pub use fits::contradictions;

/// Version of the JSON shape. It grows when a field changes its meaning or goes away.
pub const VERIFICATION_SCHEMA_VERSION: u32 = 1;

/// Flags by which more is measured. Without them the rest of an answer is the same.
const SWITCHES: [&str; 2] = ["--run", "--trial"];

const ALTERED: &str = "it does not fit together, and is not as it was written";

/// What came of verifying a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Verification {
    pub schema_version: u32,
    pub standing: Standing,
    /// Why, in one sentence without a full stop.
    pub because: String,
    /// Signatures around it. Whether they are right, a signer has to say.
    pub signatures: Signatures,
    /// What it says of itself; none where it cannot be read.
    pub claim: Option<Claim>,
    /// What is decided now; none where nothing was run again.
    pub now: Option<Decision>,
    /// What in it does not fit together, one sentence each.
    pub contradictions: Vec<String>,
    /// Inputs that are not as they were, by kind and name.
    pub inputs: Vec<Moved<Input>>,
    /// Criteria with the same result as then, by id.
    pub holds: Vec<String>,
    pub differs: Vec<Difference>,
    /// What was not measured again, and why.
    pub unrepeated: Vec<Unrepeated>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Whatever was measured again is as it says.
    Holds,
    /// From the same inputs follows something else.
    False,
    /// Its inputs are not what they were.
    Outdated,
    /// It is not what was written.
    Tampered,
    /// It is no certificate.
    Broken,
}

/// What was seen of signatures. They are never checked here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Signatures {
    /// It has none.
    None,
    Unchecked {
        count: usize,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Claim {
    pub family: String,
    pub date: String,
    pub decision: Decision,
}

/// Something that is not as the certificate has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Difference {
    /// `decision`, `score`, `target`, or the id of a criterion.
    pub what: String,
    pub claimed: String,
    pub found: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Unrepeated {
    /// The id of a criterion, or `day`.
    pub what: String,
    /// In one sentence without a full stop.
    pub because: String,
}

impl Verification {
    pub fn holds(&self) -> bool {
        self.standing == Standing::Holds
    }

    fn of(standing: Standing, because: String) -> Self {
        Self {
            schema_version: VERIFICATION_SCHEMA_VERSION,
            standing,
            because,
            signatures: Signatures::None,
            claim: None,
            now: None,
            contradictions: Vec::new(),
            inputs: Vec::new(),
            holds: Vec::new(),
            differs: Vec::new(),
            unrepeated: Vec::new(),
        }
    }
}

/// Verifies a certificate against a report of the workspace as it is now, made with the same flags.
pub fn verify(text: &str, fresh: &Readiness) -> Verification {
    match examine(text) {
        Ok(certificate) => against(&certificate, fresh),
        Err(verification) => *verification,
    }
}

/// Reads a certificate, and sees that it fits together.
///
/// # Errors
/// What is wrong with it, where nothing need be run again to know.
pub fn examine(text: &str) -> Result<Certificate, Box<Verification>> {
    let certificate = certificate::read(text).map_err(|error| Box::new(broken(&error)))?;
    let contradictions = contradictions(&certificate);
    if contradictions.is_empty() {
        return Ok(certificate);
    }
    Err(Box::new(Verification {
        contradictions,
        ..claimed(&certificate, Standing::Tampered, ALTERED.to_owned())
    }))
}

fn broken(error: &CertificateError) -> Verification {
    if matches!(error, CertificateError::Altered { .. }) {
        return Verification {
            contradictions: vec![error.to_string()],
            ..Verification::of(Standing::Tampered, ALTERED.to_owned())
        };
    }
    Verification::of(
        Standing::Broken,
        format!("it is no readiness certificate: {error}"),
    )
}

fn claimed(certificate: &Certificate, standing: Standing, because: String) -> Verification {
    let Predicate {
        family,
        date,
        assessment,
        ..
    } = &certificate.predicate;
    Verification {
        signatures: match &certificate.envelope {
            None => Signatures::None,
            Some(envelope) => Signatures::Unchecked {
                count: envelope.signatures,
            },
        },
        claim: Some(Claim {
            family: family.clone(),
            date: date.clone(),
            decision: assessment.decision,
        }),
        ..Verification::of(standing, because)
    }
}

/// Verifies a certificate that fits together.
pub fn against(certificate: &Certificate, fresh: &Readiness) -> Verification {
    let old = &certificate.predicate;
    let switches = Switches::new(old, fresh);
    let (day, moved): (Vec<_>, Vec<_>) = inputs(&old.inputs, &fresh.inputs)
        .into_iter()
        .filter(|one| !switches.explain(one))
        .partition(|one| one.last().kind == InputKind::Day);
    let Answers {
        holds,
        mut differs,
        mut unrepeated,
        attested,
    } = answers(old, fresh, &switches);
    differs.extend(about_all(
        old,
        fresh,
        unrepeated.is_empty() && switches.same(),
    ));
    let other_tool = old.tool != fresh.tool;
    let same = moved.is_empty() && day.is_empty() && switches.same() && !other_tool;
    if same && differs.is_empty() {
        differs.extend(elsewhere(old, fresh));
    }
    let (standing, because) = match (moved.is_empty(), differs.is_empty()) {
        (false, true) => (
            Standing::Outdated,
            "it was made from something else, and says what is so all the same".to_owned(),
        ),
        (false, false) => (
            Standing::Outdated,
            "it was made from something else, and the answer is another one now".to_owned(),
        ),
        (true, false) if other_tool => (
            Standing::Outdated,
            format!(
                "{} {} answers differently than {} {} did",
                fresh.tool.name, fresh.tool.version, old.tool.name, old.tool.version
            ),
        ),
        (true, false) if !day.is_empty() => (
            Standing::Outdated,
            format!("what was so on {} is not so on {}", old.date, fresh.date),
        ),
        (true, false) => (
            Standing::False,
            "from the same inputs follows another answer".to_owned(),
        ),
        (true, true) if unrepeated.is_empty() => (
            Standing::Holds,
            "from the same inputs follows the same answer".to_owned(),
        ),
        (true, true) => (
            Standing::Holds,
            "from the same inputs follows the same answer, as far as it was measured again"
                .to_owned(),
        ),
    };
    unrepeated.extend(attested);
    if !day.is_empty() {
        let because = format!(
            "it is {} today: exceptions and attestations were judged as of {}",
            fresh.date, old.date
        );
        let what = "day".into();
        unrepeated.push(Unrepeated { what, because });
    }
    Verification {
        now: Some(fresh.assessment.decision),
        inputs: moved,
        holds,
        differs,
        unrepeated,
        ..claimed(certificate, standing, because)
    }
}

/// Which of the flags that only have more measured were given then and now.
struct Switches {
    then: BTreeSet<&'static str>,
    now: BTreeSet<&'static str>,
    /// Whether all other flags are the same.
    rest_is_same: bool,
}

impl Switches {
    fn new(old: &Predicate, fresh: &Readiness) -> Self {
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

    fn same(&self) -> bool {
        self.then == self.now
    }

    /// Whether an input is another one only since less, or more, was measured.
    fn explain(&self, moved: &Moved<Input>) -> bool {
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
struct Answers {
    holds: Vec<String>,
    differs: Vec<Difference>,
    unrepeated: Vec<Unrepeated>,
    /// Words of persons.
    attested: Vec<Unrepeated>,
}

fn answers(old: &Predicate, fresh: &Readiness, switches: &Switches) -> Answers {
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
        _ if same(old, fresh, kinds) => found.holds.push(what()),
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
fn same(old: &CriterionRow, fresh: &CriterionRow, kinds: &BTreeSet<EvidenceKind>) -> bool {
    let result = match kinds.iter().any(|kind| is_run(*kind)) {
        true => std::mem::discriminant(&old.result) == std::mem::discriminant(&fresh.result),
        false => old.result == fresh.result,
    };
    result
        && (old.weight, old.severity, old.due) == (fresh.weight, fresh.severity, fresh.due)
        && old.let_through == fresh.let_through
}

/// As documents write it.
fn name(decision: Decision) -> &'static str {
    match decision {
        Decision::Go => "GO",
        Decision::ConditionalGo => "CONDITIONAL GO",
        Decision::NoGo => "NO-GO",
    }
}

/// Whether evidence is what a program printed.
fn is_run(kind: EvidenceKind) -> bool {
    match kind {
        EvidenceKind::Command | EvidenceKind::Trial | EvidenceKind::Spec => true,
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
    let severity = match row.severity {
        super::model::Severity::Blocker => "blocker",
        super::model::Severity::Condition => "condition",
        super::model::Severity::Note => "note",
    };
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
fn about_all(old: &Predicate, fresh: &Readiness, whole: bool) -> Vec<Difference> {
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
        let decision = |one: Decision| name(one).to_owned();
        look("decision", decision(then.decision), decision(now.decision));
        let score = |one: &Score| format!("{} of {} of {}", one.met, one.measured, one.all);
        look("score", score(&then.score), score(&now.score));
    }
    differs
}

/// Where else the two say different things: from the same inputs follow the same words, unless a
/// program had a part in it.
fn elsewhere(old: &Predicate, fresh: &Readiness) -> Option<Difference> {
    let fresh = Predicate::of(fresh);
    let mut evidence = old.evidence.iter().chain(&fresh.evidence);
    if evidence.any(|one| is_run(one.kind)) {
        return None;
    }
    let value = |one: &Predicate| serde_json::to_value(one).unwrap_or_default();
    let (what, claimed, found) = first_difference(&value(old), &value(&fresh))?;
    let short = |value: &Value| value.to_string().chars().take(200).collect();
    Some(Difference {
        what,
        claimed: short(&claimed),
        found: short(&found),
    })
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

#[cfg(test)]
mod tests;
