//! The recommended option in phases: what goes in and what stays out, gates, rollback, and the
//! rehearsal of all of it in a copy of the workspace.

mod carry;
mod compose;
mod draft;
mod gates;
mod keep;
mod owners;
mod rehearse;
mod stage;
mod units;
mod ways;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::plan::compose::Planned;
use crate::policy::Date;
use crate::rules::Family;
use crate::workspace::run::quoted;

use super::Settings;

pub use compose::phases;

/// What the phases are made of.
pub struct Subject<'a> {
    /// The option to carry out.
    pub planned: &'a Planned,
    /// The real manifest of the workspace's root.
    pub manifest: &'a Utf8Path,
    /// All manifests as they are, by path, see [`crate::plan::shadow::Shadow::manifests`].
    pub manifests: &'a BTreeMap<Utf8PathBuf, Arc<str>>,
    pub family: &'a Family,
    pub settings: &'a Settings,
    /// The day on which the first phase begins.
    pub start: Option<Date>,
    pub flags: &'a Flags,
    /// What is switched off in the workspace today: package, and why, in one sentence.
    pub deferred: &'a [(String, String)],
    /// This program, by which `cargo otel-check` is run in the rehearsal; none where it is not known,
    /// and nothing can be rehearsed.
    pub program: Option<&'a Path>,
    /// Ids of what the plan was made from.
    pub inputs: &'a [String],
}

/// Flags in use, as words that are not quoted yet.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// Those that choose what is judged: `-p`, `agent`. Never `--manifest-path`, since commands are
    /// for the workspace's root.
    pub builds: Vec<String>,
    /// The line that was asked for.
    pub line: Option<String>,
    /// Whether cargo is not to touch the network.
    pub offline: bool,
}

impl Flags {
    /// What follows `check`.
    fn judged(&self) -> String {
        format!("{}{}", self.offline(), words(&self.builds))
    }

    /// What follows `fix` before that.
    fn planned(&self) -> String {
        self.line.as_deref().map_or_else(String::new, to_line)
    }

    fn offline(&self) -> &'static str {
        if self.offline { " --offline" } else { "" }
    }
}

fn to_line(line: &str) -> String {
    format!(" --target-line {}", quoted(line))
}

fn words(list: &[String]) -> String {
    list.iter()
        .map(|word| format!(" {}", quoted(word)))
        .collect()
}

impl Subject<'_> {
    fn root(&self) -> &Utf8Path {
        self.manifest.parent().unwrap_or(self.manifest)
    }

    fn lock(&self) -> Utf8PathBuf {
        self.root().join("Cargo.lock")
    }

    /// Name of a state that can be come back to.
    fn label(&self, state: &str) -> String {
        let plain = |letter: char| match letter {
            letter if letter.is_ascii_alphanumeric() => letter,
            _ => '-',
        };
        let family: String = self.family.name.chars().map(plain).collect();
        format!("readiness-{family}-{state}")
    }

    /// The command that shows all of it again.
    fn again(&self) -> String {
        format!(
            "cargo otel-check readiness{}{}",
            self.flags.planned(),
            self.flags.judged()
        )
    }

    /// Shows that the lock fits the manifests; prints much.
    fn fits(&self) -> String {
        let offline = self.flags.offline();
        format!("cargo metadata --locked{offline} --format-version 1")
    }
}
