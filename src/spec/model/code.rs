//! What a specification says of the code: places by reading it, errors by compiling it.

use serde::{Deserialize, Serialize};

/// What reading its code says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum CodePart {
    /// It was not read.
    NotScanned {
        because: String,
    },
    Scanned(Box<Scanned>),
}

/// What was found in the code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Scanned {
    pub files: usize,
    pub lines: usize,
    /// Changes that the code hits, those with most sites first.
    pub hits: Vec<HitGroup>,
    /// Changes between the lines that it does not hit, by crate.
    pub not_hit: Vec<NotHit>,
    /// What could not be read, or not be judged; empty where nothing.
    pub notes: Vec<String>,
}

/// One changed item, and where the code uses it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct HitGroup {
    /// Its full public path: `crate::path`.
    pub item: String,
    /// What happened to it, in one sentence without a full stop.
    pub change: String,
    /// Declaration at `from`, where it changed.
    pub before: Option<String>,
    /// Declaration at `to`, where it changed.
    pub after: Option<String>,
    /// Full paths at which the same item is found at `to`.
    pub moved_to: Vec<String>,
    pub sites: Vec<Site>,
    /// Ids of [`Spec::recipes`].
    pub recipes: Vec<String>,
    /// Whether replacing one text by another does all of it.
    pub mechanical: bool,
}

/// A place in the code that has to change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Site {
    /// Relative to the package's folder.
    pub file: String,
    pub line: usize,
    pub column: usize,
    /// The target whose code it is.
    pub target: String,
    /// Whether the path resolves to the item, rather than a method's name being the same.
    pub certain: bool,
    /// The condition of compilation, where there is one.
    pub cfg: Option<String>,
}

/// How to write it instead.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Recipe {
    pub id: String,
    pub title: String,
    pub why: String,
    pub by: By,
    pub before: String,
    pub after: String,
    /// Paths that one can replace by another: old, new.
    pub rename: Vec<(String, String)>,
    /// What the manifest has to have for it.
    pub needs: Vec<RecipeNeed>,
    pub source: String,
}

/// A package that a recipe's outcome uses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RecipeNeed {
    pub package: String,
    /// Features that are to be on, beside no default ones.
    pub features: Vec<String>,
    /// Features that the code needed before and that are to go.
    pub without: Vec<String>,
}

/// Who can do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// Replacing one text by another does all of it.
    Machine,
    Hand,
}

/// Changes of one crate that the code does not hit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct NotHit {
    #[serde(rename = "crate")]
    pub name: String,
    /// How many public items vanish or change.
    pub items: usize,
    /// Recipes that are not needed, by title.
    pub recipes: Vec<String>,
}

/// What the compiler says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum TrialPart {
    NotTried {
        because: String,
    },
    /// Cargo did not come to compile with the changed manifest. Its words.
    Refused {
        said: String,
    },
    /// It could not be compiled even before, so that nothing can be said. Cargo's words.
    Unusable {
        said: String,
    },
    Tried(Box<Tried>),
}

/// A trial build of a copy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tried {
    /// The command that was run in the copy.
    pub command: String,
    /// Whether it compiled before anything was changed; none where that was not tried.
    pub compiled_before: Option<bool>,
    /// How often it was compiled after changes.
    pub rounds: usize,
    /// What the compiler said of the changed manifest, before any step was applied.
    pub found: Vec<CompilerError>,
    /// What it says in the end, for a person.
    pub errors: Vec<CompilerError>,
    /// Changes of the source that were applied.
    pub applied: Vec<Applied>,
    /// Everything that was changed in the copy as one diff.
    pub patch: String,
    pub notes: Vec<String>,
}

/// A change of the source that was applied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Applied {
    /// In the source as it was.
    pub place: String,
    pub before: String,
    pub after: String,
    /// Why that is right, in a phrase.
    pub because: String,
}

/// An error of the compiler.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CompilerError {
    /// `E0432`, where it has one.
    pub code: Option<String>,
    pub message: String,
    /// Relative to the package's folder; none where the compiler names no place.
    pub place: Option<String>,
    /// The public item of the family that it is about, where that is known.
    pub item: Option<String>,
    /// Ids of recipes.
    pub recipes: Vec<String>,
}
