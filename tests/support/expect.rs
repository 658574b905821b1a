//! `expect.toml` of a fixture: what its artifacts link and what the answer must be, by hand.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use serde::Deserialize;

use super::report::Verdict;
use super::sandbox::fixture;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// What the fixture is, in one sentence.
    pub about: String,
    /// The answer to each command line.
    #[serde(rename = "run")]
    pub runs: Vec<Answer>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Options of `check`, without `--format`.
    #[serde(default)]
    pub options: Vec<String>,
    /// Worst verdict of all findings; `none` for no verdict, or `benign` ones only.
    pub worst: Worst,
    pub exit: i32,
    /// Artifacts in which something is lost, split or clashes, with the builds.
    pub affected: BTreeMap<String, BTreeSet<String>>,
    pub links: Vec<Links>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Worst {
    None,
    #[serde(untagged)]
    Verdict(Verdict),
}

/// What one build links: every member target that it builds, the build scripts and macros of members
/// included.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Links {
    /// Selection and features, as cargo takes them and as a row of the report names them.
    pub build: String,
    /// Tests, examples and benches in place of what ships.
    #[serde(default)]
    pub tests: bool,
    /// Lines by `PACKAGE/KIND/NAME`.
    pub artifacts: BTreeMap<String, BTreeSet<String>>,
}

impl Answer {
    /// The target triple among the options.
    pub fn target(&self) -> Option<&str> {
        let mut options = self.options.iter().skip_while(|x| *x != "--target");
        options.nth(1).map(String::as_str)
    }
}

impl Expect {
    /// Reads the expectation of `fixtures/NAME`.
    pub fn of(name: &str) -> Self {
        let path = fixture(name).join("expect.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        toml::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
    }
}

/// Names of all fixtures with an expectation.
pub fn all() -> Vec<String> {
    let mut names = Vec::new();
    for folder in ["", "precision"] {
        for entry in fixture(folder).read_dir_utf8().unwrap() {
            let path: Utf8PathBuf = entry.unwrap().path().to_owned();
            if path.join("expect.toml").is_file() {
                let relative = path.strip_prefix(fixture("")).unwrap();
                names.push(relative.as_str().replace('\\', "/"));
            }
        }
    }
    names.sort();
    names
}
