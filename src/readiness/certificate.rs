//! A readiness report as an in-toto Statement, to be signed and kept.
//!
//! Its subjects are the digests of what the answer was made from, its predicate is the answer. A seal
//! over all of it tells an altered document from one that is out of date; it is no signature, and
//! whoever alters one on purpose can make it anew. See `docs/readiness-certificate.md`.

mod envelope;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::report::Tool;

use super::canonical::{self, NotJson, canonical};
use super::ledger::digest;
use super::model::{Assessment, Evidence, Input, InputKind, Readiness};

pub use envelope::Envelope;

/// `_type` of a Statement.
pub const STATEMENT: &str = "https://in-toto.io/Statement/v1";
/// `predicateType` of a certificate. Its version grows when a field changes its meaning or goes away.
pub const PREDICATE: &str = "urn:cargo-otel-check:readiness:v1";
/// The largest certificate that is read, in bytes.
pub const LARGEST: u64 = 32 << 20;

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Predicate {
    pub tool: Tool,
    /// Name of the family, for people.
    pub family: String,
    /// The day of the assessment.
    pub date: String,
    pub target: Option<String>,
    /// The flags on which the answer depends.
    pub flags: String,
    #[serde(flatten)]
    pub assessment: Assessment,
    pub evidence: Vec<Evidence>,
    pub inputs: Vec<Input>,
}

/// Something that the certificate is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Subject {
    pub name: String,
    /// `sha256` alone, in lower-case hexadecimal digits.
    pub digest: BTreeMap<String, String>,
}

/// A certificate that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    pub subjects: Vec<Subject>,
    pub predicate: Predicate,
    /// The envelope around it, where there was one.
    pub envelope: Option<Envelope>,
    /// What the seal says, and what it would have to say.
    pub seal: (String, String),
}

/// Why a document is no certificate. The text is harmless for a terminal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    #[error("it is no JSON that can be relied on: {0}")]
    NotJson(#[from] NotJson),
    #[error("{place}: {message}")]
    Shape { place: String, message: String },
    /// It was one: its seal is of another content than it has now, which is none that can be read.
    #[error("the seal is not that of the content, and {place}: {message}")]
    Altered { place: String, message: String },
}

impl CertificateError {
    fn at(place: &str, message: impl Into<String>) -> Self {
        Self::Shape {
            place: place.to_owned(),
            message: message.into(),
        }
    }
}

impl Predicate {
    /// What a certificate of this report says.
    pub fn of(report: &Readiness) -> Self {
        Self {
            tool: report.tool.clone(),
            family: report.family.clone(),
            date: report.date.clone(),
            target: report.target.clone(),
            flags: flags(&report.inputs).to_owned(),
            assessment: report.assessment.clone(),
            evidence: report.evidence.clone(),
            inputs: report.inputs.clone(),
        }
    }
}

/// The certificate of a report: an indented Statement, with a line break at its end.
pub fn render(report: &Readiness) -> String {
    let predicate = Predicate::of(report);
    let mut statement = json!({
        "_type": STATEMENT,
        "subject": subjects(&report.inputs),
        "predicateType": PREDICATE,
        "predicate": predicate,
    });
    statement["predicate"]["seal"] = json!({});
    statement["predicate"]["seal"]["sha256"] = json!(seal(&statement));
    // Values of these types have no key that is no text.
    let text = serde_json::to_string_pretty(&statement).unwrap_or_default();
    format!("{text}\n")
}

/// The flags among the inputs of a report.
pub fn flags(inputs: &[Input]) -> &str {
    let mut flags = inputs.iter().filter(|input| input.kind == InputKind::Flags);
    flags.next().map_or("", |input| input.name.as_str())
}

/// SHA-256 over the canonical JSON of a Statement in which `predicate.seal` is an empty object.
pub fn seal(statement: &Value) -> String {
    let mut bare = statement.clone();
    let place = bare.pointer_mut("/predicate/seal");
    if let Some(seal) = place.and_then(Value::as_object_mut) {
        seal.remove("sha256");
    }
    digest(canonical(&bare).as_bytes())
}

/// The subjects that follow from inputs: what has a digest and is a file, a rule or an entry of the
/// index. Sorted, and no two of one name.
pub fn subjects(inputs: &[Input]) -> Vec<Subject> {
    let mut named: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for input in inputs {
        let (Some(name), Some(sha256)) = (subject_name(input), &input.sha256) else {
            continue;
        };
        let digests = named.entry(name).or_default();
        if !digests.contains(&sha256.as_str()) {
            digests.push(sha256);
        }
    }
    let mut subjects = Vec::new();
    for (name, digests) in named {
        for (number, sha256) in digests.into_iter().enumerate() {
            let name = match number {
                0 => name.clone(),
                number => format!("{name} ({})", number + 1),
            };
            let digest = BTreeMap::from([("sha256".to_owned(), sha256.to_owned())]);
            subjects.push(Subject { name, digest });
        }
    }
    subjects.sort();
    subjects
}

fn subject_name(input: &Input) -> Option<String> {
    match input.kind {
        InputKind::Lock
        | InputKind::Manifest
        | InputKind::Source
        | InputKind::Policy
        | InputKind::File => Some(input.name.clone()),
        InputKind::Rules | InputKind::Criteria => Some(format!("embedded:{}", input.name)),
        InputKind::Index => Some(format!("index:{}", input.name)),
        InputKind::Command | InputKind::Flags | InputKind::Toolchain | InputKind::Day => None,
    }
}

/// Reads a certificate: a Statement, alone, in a DSSE envelope, or in a bundle around one. Whether what
/// it says is right is another matter.
///
/// # Errors
/// Where it is no such document, with the place.
pub fn read(text: &str) -> Result<Certificate, CertificateError> {
    let document = canonical::read(text)?;
    let (statement, envelope) = match envelope::open(&document)? {
        Some((envelope, payload)) => (canonical::read(&payload)?, Some(envelope)),
        None => (document, None),
    };
    expect(&statement, "_type", STATEMENT)?;
    expect(&statement, "predicateType", PREDICATE)?;
    let sealed = statement["predicate"]["seal"]["sha256"].as_str();
    let sealed = sealed.ok_or_else(|| {
        CertificateError::at("predicate.seal.sha256", "it is not there, or no text")
    })?;
    let seal = (sealed.to_owned(), seal(&statement));
    let read = parts(&statement);
    let (subjects, predicate) = read.map_err(|(place, message)| {
        let place = place.to_owned();
        match seal.0 == seal.1 {
            true => CertificateError::Shape { place, message },
            false => CertificateError::Altered { place, message },
        }
    })?;
    Ok(Certificate {
        subjects,
        predicate,
        envelope,
        seal,
    })
}

/// Subjects and predicate of a Statement; else where it is something else, and what.
fn parts(statement: &Value) -> Result<(Vec<Subject>, Predicate), (&'static str, String)> {
    fn part<T: serde::de::DeserializeOwned>(
        statement: &Value,
        place: &'static str,
    ) -> Result<T, (&'static str, String)> {
        let part = statement.get(place).cloned();
        let part = part.ok_or_else(|| (place, "it is not there".to_owned()))?;
        serde_json::from_value(part).map_err(|error| {
            let message = crate::report::escape::terminal(&error.to_string()).into_owned();
            (place, message)
        })
    }
    Ok((part(statement, "subject")?, part(statement, "predicate")?))
}

fn expect(statement: &Value, field: &str, wanted: &str) -> Result<(), CertificateError> {
    match statement.get(field).and_then(Value::as_str) {
        Some(found) if found == wanted => Ok(()),
        Some(found) => {
            let found: String = found.chars().take(200).collect();
            let found = crate::report::escape::terminal(&found).into_owned();
            let message = format!("it is `{found}`, not `{wanted}`");
            Err(CertificateError::at(field, message))
        }
        None => Err(CertificateError::at(field, "it is not there, or no text")),
    }
}

#[cfg(test)]
mod tests;
