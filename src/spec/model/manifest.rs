//! What a specification says of the manifest: its change, the packages beside it, features and toolchain.

use serde::{Deserialize, Serialize};

/// What changes in its manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ManifestPart {
    pub basis: Basis,
    /// Files that change, relative to the folder of the package or, for the workspace's own, to the
    /// workspace's root.
    pub files: Vec<String>,
    /// One unified diff for `git apply` and `patch -p1`; empty where nothing changes.
    pub diff: String,
    pub changes: Vec<ManifestChange>,
    /// Why the diff does not do all, or is not there; empty where it does.
    pub problems: Vec<String>,
}

/// Which text of the manifest the diff fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The owner's own file, as it was published with the release (`Cargo.toml.orig`).
    Original,
    /// The file that cargo made of it when publishing; the owner's own may look different.
    Normalised,
    /// The file in the repository or folder.
    File,
    /// No text is at hand.
    Missing,
}

/// What is done to one requirement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ManifestChange {
    pub package: String,
    /// `Cargo.toml:12`.
    pub place: String,
    /// What is written there today: `name = "0.26"`.
    pub before: String,
    /// One sentence without a full stop.
    pub change: String,
}

/// A package of the family beside the target line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Companion {
    pub package: String,
    /// `dependencies`, `dev-dependencies`, `build-dependencies`.
    pub table: String,
    /// The requirement of today, as written; none where it comes in with the target line.
    pub requirement: Option<String>,
    /// The release in use today, where one is known.
    pub today: Option<String>,
    pub optional: bool,
    pub at_target: AtTarget,
}

/// What a package has for the target line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum AtTarget {
    /// The release to take.
    Release {
        version: String,
        /// Features of which each chooses the line; none where the release needs it in any case.
        features: Vec<String>,
        rust_version: Option<String>,
        published: Option<String>,
        /// Whether today's requirement admits it already.
        admitted: bool,
    },
    /// It has ended; this takes its place.
    Replaced {
        successor: String,
        version: String,
        rust_version: Option<String>,
    },
    /// It needs no line, so that every release fits.
    Free,
    Nothing {
        because: String,
    },
}

/// What becomes of a feature that the manifest asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FeatureRow {
    pub package: String,
    pub feature: String,
    /// First version of the package without it.
    pub gone_in: Option<String>,
    pub fate: FeatureFate,
    /// What to do, in one sentence.
    pub advice: Option<String>,
    pub source: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum FeatureFate {
    Renamed {
        to: String,
    },
    Moved {
        package: String,
        to: String,
    },
    Removed,
    /// Another feature chooses the target line.
    Switched {
        to: String,
    },
    /// The release to take does not have it, and no rule says where it went.
    Unknown,
}

/// The oldest toolchain, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Toolchain {
    /// The package's own `rust-version`.
    pub declared: Option<String>,
    /// The highest that the releases to take declare; none where none declares any.
    pub needed: Option<String>,
    /// Who declares that.
    pub by: Vec<String>,
    pub verdict: ToolchainVerdict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ToolchainVerdict {
    /// What the package declares is enough.
    Enough,
    /// Its `rust-version` has to rise.
    Raise,
    /// It declares none, so that nothing has to change.
    Undeclared,
    /// The releases to take declare none.
    Unknown,
}
