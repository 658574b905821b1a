//! The report: everything that `check` found, in the shape that all formats print.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Version of the JSON shape. It grows when a field changes its meaning or goes away.
pub const SCHEMA_VERSION: u32 = 1;

/// What `check` found.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    pub schema_version: u32,
    pub tool: Tool,
    /// On what the answer rests.
    pub basis: Basis,
    /// Sentences about what limits the answer; empty where nothing does.
    pub notes: Vec<String>,
    pub summary: Summary,
    /// What is linked, one row for each artifact and set of builds with the same content.
    pub artifacts: Vec<Artifact>,
    /// Worst first; consequences behind their causes.
    pub findings: Vec<Finding>,
    /// Where another revision was compared with.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub comparison: Option<Comparison>,
    /// Texts of the manifests that findings point into, for renderers that show them.
    #[serde(skip)]
    pub texts: std::collections::BTreeMap<String, std::sync::Arc<str>>,
    /// Folders of the members, relative to the workspace root (empty for that itself), by
    /// `name@version`; by name where cargo did not resolve the workspace.
    #[serde(skip)]
    pub folders: std::collections::BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tool {
    pub name: String,
    pub version: String,
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

/// On what an answer rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Cargo's resolved graph with all features of the members.
    Graph,
    /// Cargo's resolved graph with some features only.
    PartialGraph,
    /// The lockfile alone, since it holds one version of everything that must be single.
    LockFastPath,
    /// The lockfile alone, as asked.
    LockOnly,
    /// Cargo's refusal to resolve the workspace.
    Unresolvable,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Summary {
    pub artifacts: usize,
    /// Linked artifacts whose worst verdict loses, splits or breaks something.
    pub affected: usize,
    pub deny: usize,
    pub warn: usize,
    pub note: usize,
}

/// What is linked at the end, or run on the way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Artifact {
    /// `PACKAGE/KIND/NAME`: what findings name.
    pub id: String,
    pub package: String,
    pub package_id: String,
    pub name: String,
    pub kind: ArtifactKind,
    pub class: ArtifactClass,
    /// Cargo commands (their selection and feature flags) that give this content.
    pub builds: Vec<String>,
    /// The target triple.
    pub target: String,
    /// Features a target requires and these builds do not enable; it is not built then.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub missing_features: Vec<String>,
    pub lines: Vec<ArtifactLine>,
    /// Other crates of which there must be one, where they are linked.
    pub singletons: Vec<SingletonVersions>,
    /// The worst verdict among this artifact's findings.
    pub verdict: Option<Verdict>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ArtifactKind {
    Bin,
    Cdylib,
    Dylib,
    Staticlib,
    Lib,
    Test,
    Example,
    Bench,
    BuildScript,
    ProcMacro,
}

/// How much an artifact weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ArtifactClass {
    /// Linked and shipped.
    Linked,
    /// A library that no binary of its package links, judged as if one did.
    Library,
    /// Tests, examples, benches.
    Development,
    /// Build scripts and proc macros.
    Host,
}

impl ArtifactClass {
    /// Whether it goes out to users, by itself or in what links it.
    pub fn is_shipped(self) -> bool {
        match self {
            Self::Linked | Self::Library => true,
            Self::Development | Self::Host => false,
        }
    }
}

/// One line in one artifact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ArtifactLine {
    pub line: String,
    /// The packages that are the line's API here.
    pub copies: Vec<String>,
    pub sdk: Vec<String>,
    pub exporters: Vec<String>,
    pub bridges: Vec<String>,
    /// Packages whose own dependency brings the line in.
    pub introducers: Vec<String>,
    /// Packages with a direct dependency on the line's API.
    pub dependents: Vec<String>,
    pub live: Liveness,
}

/// Whether somebody installs a provider or propagator of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Liveness {
    /// Code that the artifact links installs one.
    Set,
    /// A member depends on an SDK or exporter of the line; no code was seen that installs it.
    Assumed,
    /// Nobody does.
    Dead,
    /// Sources are not at hand.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SingletonVersions {
    #[serde(rename = "crate")]
    pub name: String,
    pub versions: Vec<String>,
}

/// What a second line, or a second copy of a singleton, does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Cargo itself fails.
    Unresolvable,
    /// Telemetry vanishes without a word.
    Lost,
    /// Both lines export, but context does not cross.
    Split,
    /// The compiler refuses, or will.
    TypeClash,
    /// What it does could not be decided.
    Unknown,
    /// Something not selected today would bring it in.
    Latent,
    /// Only tests, examples, benches, build scripts or proc macros have it.
    Confined,
    /// Nothing.
    Benign,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Ends with exit code 100.
    Deny,
    Warn,
    Note,
}

impl Level {
    /// As policies and reports write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Warn => "warn",
            Self::Note => "note",
        }
    }
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Finding {
    pub level: Level,
    pub code: String,
    /// Where the finding is about a second line or singleton.
    pub verdict: Option<Verdict>,
    /// One sentence.
    pub message: String,
    /// What follows from it.
    pub consequence: Option<String>,
    /// The artifact concerned, as [`Artifact::id`].
    pub artifact: Option<String>,
    /// Builds (of [`Artifact::builds`]) in which it holds.
    pub builds: Vec<String>,
    pub target: Option<String>,
    /// The crate of which there are two, where it is about that.
    pub singleton: Option<String>,
    pub line: Option<String>,
    pub introducer: Option<String>,
    /// From the artifact's package to the crate in question.
    pub path: Vec<PathStep>,
    pub culprit: Option<Culprit>,
    /// Other requirements of the workspace through which the introducer comes in.
    pub also_through: Vec<Culprit>,
    pub evidence: Vec<Evidence>,
    /// What to do next.
    pub help: Vec<String>,
    /// Whether another finding explains this one.
    pub consequence_of: Option<String>,
    /// Why it is let through, where the policy does so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub excepted: Option<Excepted>,
    /// Whether it passes since it stands in the baseline.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub known: bool,
}

/// What changed since another revision. The findings beside it are those that are new or worse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Comparison {
    /// The revision, as it was asked for.
    pub base: String,
    pub introduced: usize,
    pub worsened: usize,
    pub unchanged: usize,
    /// Findings of that revision that are gone.
    pub cured: Vec<Finding>,
}

/// A team's decision to let a finding through.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Excepted {
    pub reason: String,
    pub owner: String,
    /// The last day on which it holds: `2026-12-31`.
    pub until: String,
}

/// A package on the way, with the requirement by which the one before it asks for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PathStep {
    pub package: String,
    pub requirement: Option<String>,
}

/// A requirement in a manifest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Culprit {
    /// Relative to the workspace root.
    pub file: String,
    /// From 1; absent where the manifest is not on disk.
    pub line: Option<usize>,
    /// In characters, from 1.
    pub column: Option<usize>,
    /// The requirement: `name = "0.26"`.
    pub requirement: String,
    /// Bytes in the file, for labels.
    #[serde(skip)]
    pub span: (usize, usize),
    /// Where the requirement is inherited, the member's line that does so.
    pub inherited_by: Option<String>,
}

/// On what a judgement rests: a place in source, or a fact with its source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Evidence {
    pub kind: EvidenceKind,
    /// The package in whose source it stands.
    pub package: Option<String>,
    /// Relative to that package's folder; for the graph, absent.
    pub file: Option<String>,
    pub line: Option<usize>,
    pub column: Option<usize>,
    /// What is seen there, or the fact.
    pub text: String,
    /// For a fact of the rules, where it comes from; for the graph, the command that shows it.
    pub source: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// Code of the very version in the graph.
    Source,
    /// A fact of the rules.
    Rule,
    /// The graph itself.
    Graph,
    /// Something that could not be looked at.
    Missing,
}
