//! An upgrade specification as a value, in the shape that all formats print.
//!
//! What is not known is a variant that says why, never an empty list.

use serde::{Deserialize, Serialize};

use crate::report::{Evidence, Tool, Verdict};

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
