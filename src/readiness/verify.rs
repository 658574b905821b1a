//! Whether a certificate still says what is so.
//!
//! Four things are told apart. *Tampered*: the document does not fit together, so that it is not what
//! this program wrote. *Outdated*: it fits, and something that it was made from is not as it was.
//! *False*: nothing has changed, and the answer is another one all the same. *Holds*: neither.

mod again;
mod fits;

use serde::{Deserialize, Serialize};

use super::certificate::{self, Certificate, CertificateError, Predicate};
use super::compare::{Moved, inputs};
use super::model::{Decision, Input, InputKind, Readiness};

use again::{Answers, Switches, about_all, answers, elsewhere};
pub use fits::contradictions;

/// Version of the JSON shape. It grows when a field changes its meaning or goes away.
pub const VERIFICATION_SCHEMA_VERSION: u32 = 1;

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
        differs.extend(elsewhere(old, fresh, switches.tried()));
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

#[cfg(test)]
mod tests;
