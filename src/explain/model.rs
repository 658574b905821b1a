//! What there is to say of a package, in the shape that all formats print.

use serde::Serialize;

use crate::report::{ArtifactClass, Culprit, Level, Liveness, PathStep, Tool, Verdict};
use crate::rules::Role;

/// Version of the JSON shape. It grows when a field changes its meaning or goes away.
pub const EXPLAIN_SCHEMA_VERSION: u32 = 1;

/// The packages that a name stands for.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Explanation {
    pub schema_version: u32,
    pub tool: Tool,
    /// The name, as it was asked for.
    pub asked: String,
    /// Sentences about what limits the answer.
    pub notes: Vec<String>,
    /// One for each version and family.
    pub packages: Vec<Explained>,
}

/// A package of the graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Explained {
    /// `name@version`.
    pub package: String,
    /// `registry`, `path`, or the URL of another source.
    pub source: String,
    /// Whether it is of the workspace.
    pub member: bool,
    /// The family that it is of, or links; none where it has to do with none.
    pub family: Option<String>,
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub role: Option<Role>,
    /// Lines that it links.
    pub lines: Vec<String>,
    /// Artifacts that link it.
    pub artifacts: Vec<Linked>,
    /// How it comes in: for each package that depends on it, the shortest way from the workspace.
    pub ways: Vec<Way>,
    /// What the rules say of it.
    pub facts: Vec<Fact>,
    /// Findings about it, or in whose path it stands.
    pub findings: Vec<Told>,
    /// What would bring it to other lines: first to those that are live in what links it, then from new
    /// to old.
    pub moves: Vec<Move>,
    /// Why its releases are not known, where they are not.
    pub unknown_releases: Option<String>,
}

/// An artifact that links the package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Linked {
    /// `PACKAGE/KIND/NAME`.
    pub artifact: String,
    pub class: ArtifactClass,
    /// The target triple.
    pub target: String,
    /// Cargo commands in which it is so.
    pub builds: Vec<String>,
    pub lines: Vec<OnLine>,
    /// Features that the package is built with.
    pub features: Vec<String>,
}

/// A line that the package links in an artifact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OnLine {
    pub line: String,
    pub live: Liveness,
}

/// A way from a member to the package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Way {
    pub steps: Vec<PathStep>,
    /// The requirement of the workspace with which it begins.
    pub culprit: Option<Culprit>,
    /// Artifacts that link the package so; empty where the builds that were judged do not.
    pub artifacts: Vec<String>,
}

/// A fact of the rules.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Fact {
    pub text: String,
    pub source: String,
}

/// A finding in short.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Told {
    pub level: Level,
    pub code: String,
    pub verdict: Option<Verdict>,
    pub message: String,
    pub artifact: Option<String>,
}

/// A release that serves another line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Move {
    pub line: String,
    /// Whether the line is live in an artifact that links the package.
    pub live: bool,
    pub release: String,
    /// Features of which each chooses the line; empty where the release needs it in any case.
    pub features: Vec<String>,
    /// Requirements of today that do not admit the release.
    pub in_the_way: Vec<Asked>,
    /// The command that takes it, where nothing is in the way.
    pub command: Option<String>,
}

/// A requirement on the package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Asked {
    /// `name@version`.
    pub by: String,
    pub requirement: String,
    /// Where it stands, for one of the workspace.
    pub declared: Option<Culprit>,
}
