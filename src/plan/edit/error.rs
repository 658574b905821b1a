//! Everything that can keep a manifest from being edited.

use camino::Utf8PathBuf;

use super::Entry;

/// A manifest was not edited; nothing was changed. Each says which entry and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("{manifest}: {error}")]
    In {
        manifest: Utf8PathBuf,
        error: Box<EditError>,
    },
    #[error("{line}:{column}: {message}")]
    Syntax {
        line: usize,
        column: usize,
        message: String,
    },
    #[error("there is no {0}")]
    NoEntry(Entry),
    #[error("{0} is there already")]
    Exists(Entry),
    #[error("{at} stays as it is: {why}")]
    NoChange { at: Entry, why: String },
    #[error("{text:?} cannot be written as {what}: {why}")]
    Refused {
        what: &'static str,
        text: String,
        why: String,
    },
    #[error("{0} is inherited: its requirement stands in [workspace.dependencies]")]
    Inherited(Entry),
    #[error("{0} has no version requirement")]
    NoRequirement(Entry),
    #[error("{at} comes from {source_key} = {source_value:?}, where no successor can be named")]
    OwnSource {
        at: Entry,
        source_key: String,
        source_value: String,
    },
    #[error("{at} does not enable the feature {feature:?}")]
    NoFeature { at: Entry, feature: String },
    #[error("the feature {feature:?} of {at} is to be both enabled and dropped")]
    Contradiction { at: Entry, feature: String },
    #[error("[features] has {feature:?} already")]
    FeatureExists { feature: String },
    #[error("an optional dependency of the name {name:?} makes a feature of that name already")]
    FeatureImplied { name: String },
    #[error(
        "{0} cannot be optional: cargo knows optional entries of [dependencies] and [build-dependencies] only"
    )]
    NeverOptional(Entry),
    #[error("{0} cannot inherit: it is what others inherit from")]
    IsShared(Entry),
    #[error("[workspace.dependencies] of {root} has no `{key}` to inherit from")]
    NotShared { root: Utf8PathBuf, key: String },
    #[error("{at} differs from what [workspace.dependencies] has: {difference}")]
    SharedDiffers { at: Entry, difference: String },
    #[error("{at} cannot go: {heir} inherits from it")]
    StillInherited { at: Entry, heir: Utf8PathBuf },
    #[error("{0} has no [workspace] to share with")]
    NoWorkspace(Utf8PathBuf),
    #[error("[patch] is read in {root} only")]
    PatchOutsideRoot { root: Utf8PathBuf },
    #[error("[patch] has an entry for `{package}` of {registry:?} already")]
    PatchExists { registry: String, package: String },
    #[error("this manifest is not among those to be edited")]
    NoManifest,
    #[error("{at} is written in a form that cannot be edited: {message}")]
    Form { at: String, message: String },
}

impl EditError {
    /// The next thing to try.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::In { error, .. } => error.help(),
            Self::Syntax { .. } => Some("`cargo metadata --no-deps` shows cargo's own view of it"),
            Self::Inherited(_) => {
                Some("edit the entry of that name in [workspace.dependencies] of the root manifest")
            }
            Self::NoRequirement(_) | Self::OwnSource { .. } => {
                Some("change the git or path dependency itself, or where it points, by hand")
            }
            Self::FeatureExists { .. } | Self::FeatureImplied { .. } => {
                Some("choose another name for the feature")
            }
            Self::NotShared { .. } => {
                Some("share the requirement first, or add it to [workspace.dependencies]")
            }
            Self::SharedDiffers { .. } => {
                Some("bring both to the same requirement, or leave this entry with its own")
            }
            Self::StillInherited { .. } => {
                Some("let those that inherit go with it, or give them a requirement of their own")
            }
            Self::NoWorkspace(_) => Some("a single package has nobody to share with"),
            Self::PatchExists { .. } => Some("change the entry that is there by hand"),
            Self::Form { .. } => Some(
                "write the entry on one line of its table and run this again, or edit it by hand",
            ),
            Self::NoEntry(_)
            | Self::Exists(_)
            | Self::NoChange { .. }
            | Self::NoManifest
            | Self::NoFeature { .. } => {
                Some("the manifest is not what the plan was made from: run `plan` again")
            }
            Self::Refused { .. }
            | Self::Contradiction { .. }
            | Self::NeverOptional(_)
            | Self::IsShared(_)
            | Self::PatchOutsideRoot { .. } => None,
        }
    }
}
