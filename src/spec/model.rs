//! An upgrade specification as a value, in the shape that all formats print.
//!
//! What is not known is a variant that says why, never an empty list.

mod code;
mod manifest;

use serde::{Deserialize, Serialize};

use crate::report::{Evidence, Tool, Verdict};

pub use code::{
    Applied, By, CodePart, CompilerError, HitGroup, NotHit, Recipe, RecipeNeed, Scanned, Site,
    TrialPart, Tried,
};
pub use manifest::{
    AtTarget, Basis, Companion, FeatureFate, FeatureRow, ManifestChange, ManifestPart, Toolchain,
    ToolchainVerdict,
};

/// Version of the JSON shape. It grows when a field changes its meaning or goes away.
pub const SPEC_SCHEMA_VERSION: u32 = 1;

/// What `spec` answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SpecReport {
    pub schema_version: u32,
    pub tool: Tool,
    /// Name of the family, for people.
    pub family: String,
    /// One for each package, in the order in which they can be worked on.
    pub specs: Vec<Spec>,
    /// Sentences about what limits the answer; empty where nothing does.
    pub notes: Vec<String>,
}

/// What the owner of one package has to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Spec {
    pub package: Package,
    /// The lines that it uses today, from old to new.
    pub from: Vec<String>,
    /// The line that it is to use.
    pub to: String,
    pub outcome: Outcome,
    pub why: Why,
    /// Artifacts of the workspace that link it.
    pub affected: Vec<Affected>,
    /// What goes wrong today because of it; empty where nothing was found to.
    pub losses: Vec<Loss>,
    pub manifest: ManifestPart,
    /// Every package of the family that its manifest names, and those that come in.
    pub companions: Vec<Companion>,
    pub features: Vec<FeatureRow>,
    pub toolchain: Toolchain,
    pub code: CodePart,
    pub trial: TrialPart,
    /// Those that the code and the compiler's errors name.
    pub recipes: Vec<Recipe>,
    /// What behaves differently afterwards although it compiles.
    pub behaviour: Vec<Behaviour>,
    /// Crates that have ended, and what their users and deployments have to change.
    pub migrations: Vec<Migration>,
    /// What to do, in this order.
    pub steps: Vec<Step>,
    /// Commands to run afterwards.
    pub tests: Vec<Command>,
    /// How to see each claim again.
    pub repeat: Vec<Claim>,
    /// Commands that undo it.
    pub rollback: Vec<Command>,
    pub effort: Effort,
    /// Sentences about what limits the answer; empty where nothing does.
    pub notes: Vec<String>,
}

/// The package, and what its own metadata says of its owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Package {
    pub name: String,
    pub version: String,
    pub origin: Origin,
    /// Whether it is a member of the workspace.
    pub own: bool,
    pub description: Option<String>,
    pub authors: Vec<String>,
    /// Addresses are http or https, else they are left out.
    pub repository: Option<String>,
    pub homepage: Option<String>,
    /// Where its issues are kept: derived from the repository's address, for forges whose scheme is
    /// known.
    pub issues: Option<String>,
}

/// Where a package comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Origin {
    /// As cargo writes the registry's source.
    Registry { registry: String },
    Git {
        repository: String,
        /// The commit in use.
        commit: Option<String>,
    },
    /// Relative to the workspace's root where it is below it.
    Path { path: String },
}

/// What it comes down to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Outcome {
    /// The requirements are all there is to change: the compiler says so.
    BumpOnly,
    /// Requirements change, and code does.
    Changes,
    /// Requirements change, and code may have to: only names speak for it.
    Perhaps,
    /// Requirements change; that no code does is what reading it says, not the compiler.
    Unproven,
    /// It cannot be done before others have released something.
    Waits { on: Vec<String> },
    /// It cannot be said.
    Unknown { because: String },
}

/// Why this specification was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Why {
    pub reason: Reason,
    /// Sentences without a full stop.
    pub because: Vec<String>,
    /// The requirements of the workspace through which it comes in: `Cargo.toml:12: name = "0.26"`.
    pub through: Vec<String>,
    /// What its past says about waiting, in one sentence.
    pub outlook: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The workspace cannot get to the line without it.
    Blocks,
    /// It was asked for by name.
    Named,
    /// It is the workspace's own, with `--workspace`.
    Own,
}

/// An artifact that links the package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Affected {
    /// `PACKAGE/KIND/NAME`.
    pub artifact: String,
    /// Cargo's selection and feature flags.
    pub builds: Vec<String>,
    pub target: String,
    /// The lines that it links, from old to new.
    pub lines: Vec<String>,
    pub verdict: Option<Verdict>,
}

/// Something that goes wrong today because of the package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Loss {
    /// Code of the finding, for `explain`.
    pub code: String,
    pub verdict: Option<Verdict>,
    pub artifact: Option<String>,
    pub message: String,
    pub consequence: Option<String>,
    /// From the artifact's package to the crate in question.
    pub path: Vec<String>,
    pub evidence: Vec<Evidence>,
}

/// Something that behaves differently although it compiles.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Behaviour {
    #[serde(rename = "crate")]
    pub name: String,
    /// The first release with the new behaviour.
    pub since: String,
    pub summary: String,
    pub advice: String,
    pub source: String,
}

/// From a crate that has ended to its successor.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Migration {
    #[serde(rename = "crate")]
    pub name: String,
    pub successor: String,
    /// Whether this line cannot be reached without it; else it can be done at another time.
    pub needed: bool,
    pub advice: Option<String>,
    /// Environment variables, ports and the like: what deployments have to change.
    pub settings: Vec<Setting>,
    pub source: String,
}

/// Something outside the code that changes with a migration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Setting {
    /// `environment variable`, `port`, `protocol`, `code`.
    pub what: String,
    /// None where the old crate had no such setting.
    pub before: Option<String>,
    /// None where nothing takes its place.
    pub after: Option<String>,
    pub note: Option<String>,
    pub source: String,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Step {
    /// From 1.
    pub number: usize,
    /// One sentence.
    pub text: String,
    pub commands: Vec<String>,
}

/// A command, and what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Command {
    pub command: String,
    /// What it shows or does; a phrase without a full stop.
    pub what: String,
}

/// A claim, and the command that shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Claim {
    /// A sentence without a full stop.
    pub claim: String,
    pub command: String,
}

/// How much there is to do, as counts. None where it was not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Effort {
    /// Requirements that change.
    pub requirements: usize,
    /// Source files with sites.
    pub files: Option<usize>,
    /// Places in the code that change.
    pub sites: Option<usize>,
    /// Of these, those of which a path resolves.
    pub certain: Option<usize>,
    /// Of the sites, those that replacing a text does.
    pub mechanical: Option<usize>,
    /// Of the sites, those for a person.
    pub by_hand: Option<usize>,
    /// Errors that the compiler still reports.
    pub errors: Option<usize>,
}
