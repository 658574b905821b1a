//! Edits of manifests: from text to text. Format, comments and order of whatever an edit is not
//! aimed at stay byte for byte.
//!
//! The text is parsed for the places of its keys and values; an edit replaces bytes at those places,
//! so that nothing else can change. Each result is parsed again, and compared with what was there.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::workspace::manifest::DependencyTable;

mod change;
mod check;
mod disable;
mod entry;
mod error;
mod features;
mod inherit;
mod insert;
mod lines;
mod list;
mod rename;
mod share;
mod text;
mod verify;

pub use error::EditError;

/// Which entry of a manifest: table, platform condition, key as written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Entry {
    pub table: DependencyTable,
    /// The condition of `[target.CONDITION.dependencies]`.
    pub platform: Option<String>,
    pub key: String,
}

/// What to do to one entry, or to the manifest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Change {
    /// Another version requirement.
    Require {
        at: Entry,
        requirement: String,
    },
    /// Features enabled and dropped. Those to drop must be there; an empty list goes away.
    Features {
        at: Entry,
        add: Vec<String>,
        remove: Vec<String>,
    },
    DefaultFeatures {
        at: Entry,
        on: bool,
    },
    /// A new entry. `package` where the key is not the package's name.
    Add {
        at: Entry,
        package: Option<String>,
        requirement: String,
        features: Vec<String>,
        default_features: bool,
        optional: bool,
    },
    /// Another package in the place of this one. A key that is the package's name becomes the new
    /// name, and `[features]` follows; a key that the manifest chose stays. The entry's own features
    /// stay, too: a [`Change::Features`] after this one fits them to the new package.
    Rename {
        at: Entry,
        package: String,
        requirement: String,
    },
    /// `workspace = true` in the place of requirement, source and `default-features`.
    Inherit {
        at: Entry,
    },
    /// Moves the requirement to `[workspace.dependencies]` of the root manifest, and inherits it.
    Share {
        at: Entry,
    },
    /// Optional, behind a new feature that is not default.
    MakeOptional {
        at: Entry,
        feature: String,
    },
    /// Makes the entry a comment, with the reason above, and takes it out of `[features]`.
    Disable {
        at: Entry,
        reason: String,
    },
    /// Takes the entry out, of `[features]` as well.
    Remove {
        at: Entry,
    },
    /// A further entry of `[patch.REGISTRY]`: `crates-io`, a registry's name or its URL.
    Patch {
        registry: String,
        package: String,
        source: PatchSource,
    },
}

/// Where a patched package comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PatchSource {
    Git {
        url: String,
        reference: GitReference,
    },
    /// As it is to be written: relative to the manifest's folder, or absolute.
    Path(Utf8PathBuf),
}

/// Which commit of a repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GitReference {
    /// The default branch.
    Default,
    Branch(String),
    Tag(String),
    Rev(String),
}

impl GitReference {
    /// The key by which cargo knows it, and its value.
    pub fn value(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::Default => None,
            Self::Branch(name) => Some(("branch", name)),
            Self::Tag(name) => Some(("tag", name)),
            Self::Rev(name) => Some(("rev", name)),
        }
    }
}

/// A change of one of several manifests.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Edit {
    pub manifest: Utf8PathBuf,
    pub change: Change,
}

impl Change {
    /// The entry it is aimed at; none for `[patch]`.
    pub fn entry(&self) -> Option<&Entry> {
        match self {
            Self::Require { at, .. }
            | Self::Features { at, .. }
            | Self::DefaultFeatures { at, .. }
            | Self::Add { at, .. }
            | Self::Rename { at, .. }
            | Self::Inherit { at }
            | Self::Share { at }
            | Self::MakeOptional { at, .. }
            | Self::Disable { at, .. }
            | Self::Remove { at } => Some(at),
            Self::Patch { .. } => None,
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = match self.table {
            DependencyTable::Normal => "dependencies",
            DependencyTable::Dev => "dev-dependencies",
            DependencyTable::Build => "build-dependencies",
            DependencyTable::Workspace => "workspace.dependencies",
        };
        match &self.platform {
            Some(condition) => write!(f, "`{}` in [target.'{condition}'.{table}]", self.key),
            None => write!(f, "`{}` in [{table}]", self.key),
        }
    }
}

/// Applies changes to one manifest, in order. What concerns a workspace as a whole is taken from
/// this manifest's own `[workspace]`.
///
/// # Errors
/// Where a change does not fit the manifest, changes nothing, or would write what must not be
/// written. No change is made then.
pub fn apply(text: &str, changes: &[Change]) -> Result<String, EditError> {
    let alone = Utf8PathBuf::from("Cargo.toml");
    let mut all = share::Manifests::new(&alone);
    all.put(&alone, text.to_owned());
    for change in changes {
        all.apply(&alone, change, true)?;
    }
    all.settled(changes)?;
    all.take(&alone).ok_or(EditError::NoManifest)
}

/// Applies changes over several manifests at once, in order; gives those that changed. Paths may be
/// absolute or relative, as long as all, `root` and those of the edits included, are alike.
///
/// # Errors
/// As for [`apply`]; the error names the manifest.
pub fn apply_all(
    manifests: &BTreeMap<Utf8PathBuf, Arc<str>>,
    root: &Utf8Path,
    edits: &[Edit],
) -> Result<BTreeMap<Utf8PathBuf, String>, EditError> {
    let mut all = share::Manifests::new(root);
    for (path, text) in manifests {
        all.put(path, text.to_string());
    }
    for edit in edits {
        let applied = all.apply(&edit.manifest, &edit.change, false);
        applied.map_err(|error| match error {
            EditError::In { .. } => error,
            _ => EditError::In {
                manifest: edit.manifest.clone(),
                error: Box::new(error),
            },
        })?;
    }
    let done = edits.iter().filter(|edit| edit.manifest == root);
    all.settled(done.map(|edit| &edit.change))?;
    let mut changed = all.into_texts();
    changed.retain(|path, text| {
        manifests
            .get(path)
            .is_some_and(|old| **old != *text.as_str())
    });
    Ok(changed)
}
