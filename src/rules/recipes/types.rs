//! What a recipe and a migration consist of.

use camino::Utf8PathBuf;
use semver::VersionReq;
use serde::{Deserialize, Serialize};

use crate::skew::Line;

/// How people write something on one line of a family, and how they have to write it on a later one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recipe {
    /// Stable, in small letters and hyphens.
    pub id: String,
    /// Public paths whose use it concerns, as code spells them: `a_crate::module::Item`. One that ends
    /// with `::*` stands for everything below it.
    pub items: Vec<String>,
    /// Why a comparison of public items does not show what happens to them, where it does not: another
    /// major of a foreign crate, say, or a feature that is needed now.
    pub unseen: Option<String>,
    /// Names of methods whose call it concerns.
    pub methods: Vec<String>,
    /// The last line on which `before` compiles.
    pub last: Line,
    /// The first line on which `after` compiles.
    pub first: Line,
    /// The last line on which `after` compiles, where it has an end.
    pub until: Option<Line>,
    /// What changes.
    pub title: String,
    /// Why it changes, or what to know about it.
    pub why: String,
    pub by: Work,
    /// Paths that become other paths, themselves and everything below them.
    pub rename: Vec<Rename>,
    /// Public paths that take the place of the old ones; there from `first` on.
    pub successors: Vec<String>,
    pub before: Snippet,
    pub after: Snippet,
    pub needs_before: Vec<Need>,
    pub needs_after: Vec<Need>,
    pub source: String,
    /// Where it is written.
    #[serde(skip)]
    pub written: Written,
}

/// Who does a recipe's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// Its renames do all of it.
    Machine,
    /// A person, with the snippets before them.
    Hand,
}

/// A path that becomes another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rename {
    pub from: String,
    pub to: String,
}

/// Complete items that compile as a module of a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    pub code: String,
    /// The line of the file on which the code begins, from 1.
    pub line: usize,
}

impl Serialize for Snippet {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.code)
    }
}

/// A package that a snippet uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Need {
    /// Name of the package.
    #[serde(rename = "crate")]
    pub name: String,
    /// For packages that carry no line; the others' releases follow from the line.
    pub version: Option<VersionReq>,
    /// The features that it needs, beside no default ones.
    pub features: Vec<String>,
}

/// Where an entry begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub file: Utf8PathBuf,
    /// From 1.
    pub line: usize,
}

/// How the settings of a crate that has ended are carried over to the one that takes its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Migration {
    /// Name of the package that has ended, or a signal or transport of it that has.
    #[serde(rename = "crate")]
    pub name: String,
    /// The package to use instead.
    pub successor: String,
    /// The last line that it serves, where it has ended.
    pub last: Option<Line>,
    /// What to do, in one sentence.
    pub advice: String,
    pub settings: Vec<Setting>,
    pub source: String,
    #[serde(skip)]
    pub written: Written,
}

/// One setting of an exporter, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Setting {
    pub kind: SettingKind,
    /// Nothing where the old crate had no such setting.
    pub old: Option<String>,
    pub old_default: Option<String>,
    /// Nothing where the new crate has no such setting.
    pub new: Option<String>,
    pub new_default: Option<String>,
    pub note: Option<String>,
    pub source: String,
}

/// What a setting is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingKind {
    /// An environment variable.
    Environment,
    /// A network port.
    Port,
    /// What is spoken on the wire.
    Protocol,
    /// A call in code.
    Code,
}
