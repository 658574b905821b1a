//! What a team has decided: the line to be on, how much each finding weighs, which builds ship, what
//! is let through until when, and what makes it ready.
//!
//! It stands in `otel-check.toml` beside the root manifest, or in `[workspace.metadata.otel-check]` of
//! the root manifest itself; both at once is a mistake. Nothing here prints or decides what a finding
//! is: a policy changes levels, and lets findings through.

mod apply;
mod date;
pub mod propose;
mod read;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;

use crate::readiness::Settings;
use crate::rules::Mistake;
use crate::skew::Line;

pub use apply::{Overrides, apply};
pub use date::Date;

/// The file's name, beside the root manifest.
pub const FILE: &str = "otel-check.toml";

/// A policy as it is written.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The file that holds it, relative to the workspace root.
    pub file: String,
    /// The text of that file.
    pub text: Arc<str>,
    /// The line that everything is to be on.
    pub target_line: Option<Line>,
    /// By finding code.
    pub levels: BTreeMap<String, Setting>,
    /// The builds that ship; the usual ones where there are none.
    pub builds: Vec<ShippedBuild>,
    pub exceptions: Vec<Exception>,
    /// What `readiness` is to measure: the program's own criteria, with what the policy changes in
    /// them and adds.
    pub readiness: Settings,
}

/// How much findings of a code weigh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Setting {
    /// Not reported.
    Allow,
    Note,
    Warn,
    Deny,
    /// Denied, whatever flags and exceptions say.
    Forbid,
}

/// A cargo command whose result ships.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShippedBuild {
    /// Names of members; all of them where there are none.
    pub packages: Vec<String>,
    pub features: Vec<String>,
    pub all_features: bool,
    pub no_default_features: bool,
    /// Target triples; the host where there are none.
    pub targets: Vec<String>,
}

/// Findings that are let through. A finding must fit everything that is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    pub code: Option<String>,
    /// The introducer's name, with `@VERSION` where only that one is meant.
    pub package: Option<String>,
    pub line: Option<Line>,
    /// As reports name it: `PACKAGE/KIND/NAME`.
    pub artifact: Option<String>,
    pub reason: String,
    pub owner: String,
    /// The last day on which it holds.
    pub expires: Date,
    /// Where it is written.
    pub span: Range<usize>,
}

/// Why a policy cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyError {
    /// Both places hold one.
    Two {
        file: Utf8PathBuf,
        manifest: Utf8PathBuf,
    },
    Unreadable {
        file: Utf8PathBuf,
        message: String,
    },
    /// Everything that is wrong with it.
    Mistakes(Vec<Mistake>),
}

impl Policy {
    /// The policy of a workspace; none where it has none. `knows` says whether there is such a finding
    /// code.
    ///
    /// # Errors
    /// Where there are two, or one that cannot be read or understood.
    pub fn find(
        root: &Utf8Path,
        knows: &dyn Fn(&str) -> bool,
    ) -> Result<Option<Policy>, PolicyError> {
        let own = root.join(FILE);
        let manifest = root.join("Cargo.toml");
        let in_manifest = match std::fs::read_to_string(&manifest) {
            Ok(text) => read::in_manifest(&text, knows, Date::today())?,
            // What is wrong with a manifest is told by whoever needs it.
            Err(_) => None,
        };
        match std::fs::read_to_string(&own) {
            Ok(_) if in_manifest.is_some() => Err(PolicyError::Two {
                file: own,
                manifest,
            }),
            Ok(text) => read::own_file(&text, knows, Date::today()).map(Some),
            Err(error) if is_absent(&own, &error) => Ok(in_manifest),
            Err(error) => Err(PolicyError::Unreadable {
                message: unreadable(&error),
                file: own,
            }),
        }
    }

    /// Whether a root manifest holds a policy, understood or not.
    pub fn stands_in(manifest: &Utf8Path) -> bool {
        let text = std::fs::read_to_string(manifest).unwrap_or_default();
        !matches!(read::in_manifest(&text, &|_| true, Date::today()), Ok(None))
    }

    /// A policy from the text of `otel-check.toml`.
    ///
    /// # Errors
    /// All mistakes in it.
    pub fn parse(text: &str, knows: &dyn Fn(&str) -> bool) -> Result<Policy, PolicyError> {
        read::own_file(text, knows, Date::today())
    }
}

/// A link that leads nowhere is there: whoever made it meant to have a policy.
fn is_absent(path: &Utf8Path, error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound && std::fs::symlink_metadata(path).is_err()
}

fn unreadable(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "it is a link that leads nowhere".into(),
        std::io::ErrorKind::InvalidData => "it is not UTF-8".into(),
        _ => error.to_string(),
    }
}

impl std::fmt::Display for PolicyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Two { file, manifest } => write!(
                f,
                "there are two policies: {file}, and [workspace.metadata.otel-check] in {manifest}"
            ),
            Self::Unreadable { file, message } => write!(f, "cannot read {file}: {message}"),
            Self::Mistakes(mistakes) => {
                match mistakes.len() {
                    1 => f.write_str("the policy has a mistake:")?,
                    count => write!(f, "the policy has {count} mistakes:")?,
                }
                mistakes.iter().try_for_each(|one| write!(f, "\n  {one}"))
            }
        }
    }
}

impl std::error::Error for PolicyError {}
