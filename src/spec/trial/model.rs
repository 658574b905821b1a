//! What a trial comes to, as a value.

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use crate::plan::trial::Fault;

/// What came of compiling a package's sources with a changed manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrialReport {
    pub outcome: Outcome,
    /// How much of the package was compiled; none where nothing was.
    pub way: Option<Way>,
    /// What to run in the package's folder to see it again, once the patch is applied.
    pub command: String,
    pub baseline: Baseline,
    /// What rustc says once the manifest is changed, and did not say before.
    pub found: Vec<ErrorGroup>,
    /// What it still says after the steps that were applied: the same as `found` where none were.
    pub remaining: Vec<ErrorGroup>,
    /// Lints that the package made errors. Its dependants do not see them.
    pub lints: Vec<CompileError>,
    /// Errors of other packages, which keep this one from being compiled.
    pub elsewhere: Vec<CompileError>,
    /// Steps that were applied to the copy, in the order of rounds, files and places.
    pub applied: Vec<AppliedStep>,
    /// How often the change was compiled: one more than there were rounds of steps.
    pub rounds: usize,
    /// Unified diff of the manifests.
    pub manifest_patch: String,
    /// Unified diff of the sources.
    pub source_patch: String,
    pub notes: Vec<Note>,
}

impl TrialReport {
    /// Everything that was changed in the copy as one diff, for `git apply` and `patch -p1` in the
    /// root of the workspace, or of the package where it has none.
    pub fn patch(&self) -> String {
        format!("{}{}", self.manifest_patch, self.source_patch)
    }

    /// A report of nothing tried.
    pub(super) fn of(outcome: Outcome) -> Self {
        Self {
            outcome,
            way: None,
            command: String::new(),
            baseline: Baseline::Unknown,
            found: Vec::new(),
            remaining: Vec::new(),
            lints: Vec::new(),
            elsewhere: Vec::new(),
            applied: Vec::new(),
            rounds: 0,
            manifest_patch: String::new(),
            source_patch: String::new(),
            notes: Vec::new(),
        }
    }
}

/// What a trial says of the upgrade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Outcome {
    /// The manifest is all there is to change.
    BumpOnly,
    /// Manifest and the steps that were applied are all there is to change.
    Patched,
    /// Code remains for a person.
    Errors,
    /// Cargo did not come to compile with the changed manifest. Its words.
    Refused { said: String },
    /// The package could not be compiled even before, so that nothing can be said.
    Unusable { said: String },
    /// There are no sources to try it on.
    NoSources { folder: Utf8PathBuf },
}

/// How much of a package was compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// All its targets, with its dev-dependencies.
    AllTargets,
    /// Library and binaries, without its dev-dependencies.
    NoTests,
    /// The library alone, with what its dependants enable.
    Library,
}

/// Whether it compiled before the change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Baseline {
    Compiles,
    /// These errors were there before. They are counted nowhere else.
    Fails {
        errors: Vec<CompileError>,
    },
    /// It was not compiled.
    Unknown,
}

/// An error of the compiler.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct CompileError {
    pub package: String,
    /// `E0432`, or the name of a lint.
    pub code: Option<String>,
    pub message: String,
    pub place: Option<SourcePlace>,
    /// The targets that have it: `NAME (KIND)`.
    pub targets: Vec<String>,
    /// The whole of it as rustc prints it; not escaped.
    pub rendered: String,
}

/// A place in a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SourcePlace {
    /// Relative to the package's folder where it lies below, else absolute.
    pub file: Utf8PathBuf,
    /// From 1, as is the column, which counts characters.
    pub line: usize,
    pub column: usize,
}

impl std::fmt::Display for SourcePlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl CompileError {
    /// Of a fault whose files are relative to `root`, for a package in `folder`.
    pub(super) fn of(fault: &Fault, root: &Utf8Path, folder: &Utf8Path) -> Self {
        let place = fault.spot.as_ref().map(|spot| {
            let file = root.join(&spot.file);
            SourcePlace {
                file: file.strip_prefix(folder).map_or(file.clone(), Into::into),
                line: spot.line,
                column: spot.column,
            }
        });
        Self {
            package: fault.package.clone(),
            code: fault.code.clone(),
            message: fault.message.clone(),
            place,
            targets: fault.targets.clone(),
            rendered: fault.rendered.clone(),
        }
    }
}

/// Errors about one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorGroup {
    pub about: About,
    /// Ids of the recipes for it.
    pub recipes: Vec<String>,
    /// In the order of their places.
    pub errors: Vec<CompileError>,
}

/// What errors are about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum About {
    /// A public item of the family that changed: `a_crate::path`.
    Item { item: String },
    /// Something of a crate of the family; which item is not told.
    Crate {
        #[serde(rename = "crate")]
        name: String,
    },
    /// A type of one version of a crate where one of another version is expected.
    TwoVersions {
        #[serde(rename = "crate")]
        name: String,
    },
    /// No name of the family is in it: it may follow from the others.
    Other,
}

/// A step that was applied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct AppliedStep {
    /// From 1.
    pub round: usize,
    /// Where the source as it was before any step has it.
    pub place: SourcePlace,
    pub old: String,
    pub new: String,
    pub reason: Reason,
}

/// Why a step is right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Reason {
    /// A recipe says so.
    Recipe { id: String },
    /// The item is public at one other path.
    Moved { from: String, to: String },
    /// rustc proposes it, and holds it to be right as it is.
    Compiler { said: String },
}

/// What limits what a trial says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Note {
    /// It could not be compiled with its tests, examples and benches. Cargo's words.
    WithoutTests { said: String },
    /// Only the library could be compiled. Cargo's words.
    LibraryAlone { said: String },
    /// It was compiled with these features alone: with all, it did not compile before.
    NotAllFeatures { said: String },
    /// Errors of names hide those of types.
    NamesFirst,
    /// Tests, examples and binaries are compiled once the library compiles.
    LibraryFirst,
    /// Steps were left out, since the package does not depend on a crate to which something moved.
    NoSuchDependency {
        #[serde(rename = "crate")]
        name: String,
    },
    /// Steps go on as long as any apply; after so many rounds it was stopped.
    TooManyRounds { rounds: usize },
}

impl std::fmt::Display for Note {
    /// A sentence; what cargo said is left to the caller, who escapes it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::WithoutTests { .. } => f.write_str(
                "Tests, examples and benches were not compiled: cargo does not resolve the dev-dependencies.",
            ),
            Self::LibraryAlone { .. } => f.write_str(
                "Only the library was compiled, with the features that are enabled here: cargo does not resolve everything that the package may depend on.",
            ),
            Self::NotAllFeatures { .. } => f.write_str(
                "It was compiled with the features that are enabled here, not with all: with all it does not compile before the change either.",
            ),
            Self::NamesFirst => f.write_str(
                "As long as names are not found, rustc does not tell all errors of types: there may be more.",
            ),
            Self::LibraryFirst => f.write_str(
                "Targets that use the library are compiled once the library compiles: there may be more errors in them.",
            ),
            Self::NoSuchDependency { name } => write!(
                f,
                "Paths into {name} were left as they are, since the changed manifest does not depend on it."
            ),
            Self::TooManyRounds { rounds } => {
                write!(f, "Steps were applied in {rounds} rounds, and then no more.")
            }
        }
    }
}
