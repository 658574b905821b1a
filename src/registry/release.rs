//! What the index says of one release of a crate.

use std::collections::BTreeMap;

use semver::{Version, VersionReq};

use super::{RegistryId, Timestamp};

/// One published version of a crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    pub version: Version,
    pub yanked: bool,
    /// Oldest toolchain it says it builds with.
    pub rust_version: Option<String>,
    /// When it was published, where the registry tells.
    pub published: Option<Timestamp>,
    pub dependencies: Vec<ReleaseDep>,
    /// Declared features; those that optional dependencies imply are not listed.
    pub features: BTreeMap<String, Vec<String>>,
}

/// One dependency of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseDep {
    /// Name of the package.
    pub name: String,
    /// Name in the manifest, where it differs.
    pub rename: Option<String>,
    pub req: VersionReq,
    pub kind: DepKind,
    pub optional: bool,
    pub default_features: bool,
    pub features: Vec<String>,
    /// `cfg(…)` or a target triple.
    pub target: Option<String>,
    /// The registry it comes from, where that is not the release's own.
    pub registry: Option<RegistryId>,
}

/// For what a dependency is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DepKind {
    Normal,
    Build,
    Dev,
}

impl Release {
    /// Whether a fresh resolve may pick it without being asked for it by name.
    pub fn is_eligible(&self) -> bool {
        !self.yanked && self.version.pre.is_empty()
    }
}

impl ReleaseDep {
    /// The name by which the release's features speak of it.
    pub fn key(&self) -> &str {
        self.rename.as_deref().unwrap_or(&self.name)
    }

    /// Where it comes from, for a release of the registry `own`.
    pub fn registry_from<'a>(&'a self, own: &'a RegistryId) -> &'a RegistryId {
        self.registry.as_ref().unwrap_or(own)
    }
}
