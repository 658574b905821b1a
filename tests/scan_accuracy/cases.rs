//! Which crates are measured, and what is stored of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A published crate on its way from one line to another.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    #[serde(rename = "crate")]
    pub krate: String,
    pub version: String,
    pub from: String,
    pub to: String,
    /// What `cargo check` is given besides.
    #[serde(default)]
    pub arguments: Vec<String>,
    /// Requirements of the crate's manifest to change, by the name of the dependency.
    pub requires: BTreeMap<String, String>,
    /// Releases of other dependencies to hold.
    #[serde(default)]
    pub pins: BTreeMap<String, String>,
    /// Features that the target line needs for what the old one had without.
    #[serde(default)]
    pub features: BTreeMap<String, Vec<String>>,
    /// Features that the target line no longer has, by dependency.
    #[serde(default)]
    pub drop: BTreeMap<String, Vec<String>>,
}

impl Case {
    /// Also the name of its stored places.
    pub fn name(&self) -> String {
        format!("{}-{}_{}", self.krate, self.version, self.to)
    }
}

#[derive(Deserialize)]
struct File {
    case: Vec<Case>,
}

/// The folder of this measure in the repository.
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/scan_accuracy")
}

pub fn cases() -> Vec<Case> {
    let text = fs::read_to_string(folder().join("cases.toml")).expect("cases are there");
    toml::from_str::<File>(&text).expect("cases are sound").case
}

/// What rustc reported, and what was left out of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    pub rustc: String,
    /// Features of the crate that were on.
    pub features: BTreeSet<String>,
    pub errors: Vec<RustcError>,
    /// Errors that do not count, with the reason.
    pub excluded: Vec<Excluded>,
}

/// An error in a file of the crate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RustcError {
    /// Relative to the package.
    pub file: String,
    /// Of the primary span, from 1.
    pub line: usize,
    pub column: usize,
    /// 1: as the crate stands. 2 and on: behind imports that were repaired.
    pub round: usize,
    pub code: String,
    pub message: String,
    /// First and last line of the primary spans and those with a label, in this file.
    pub spans: Vec<(usize, usize)>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Excluded {
    pub place: String,
    pub code: String,
    pub why: String,
}

pub fn stored(case: &Case) -> Option<Reported> {
    let text = fs::read_to_string(places(case)).ok()?;
    Some(serde_json::from_str(&text).expect("stored places are sound"))
}

pub fn store(case: &Case, reported: &Reported) {
    let text = serde_json::to_string_pretty(reported).expect("places are plain");
    fs::write(places(case), text + "\n").expect("places can be written");
}

fn places(case: &Case) -> PathBuf {
    folder()
        .join("places")
        .join(format!("{}.json", case.name()))
}
