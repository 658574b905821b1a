//! What a rule file says, as types.

use std::collections::BTreeMap;

use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};

/// Everything known about one family of crates that must agree inside a binary.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Family {
    /// Short name, as in the folder name: `opentelemetry`.
    pub name: String,
    /// Name for people: `OpenTelemetry`.
    pub title: String,
    /// Crates of which one binary must hold one version, in the order of importance.
    pub singletons: Vec<Singleton>,
    /// Facts by crate name, for each crate in the order in which they are to be tried. Ask
    /// [`Family::crate_rule`].
    pub crates: BTreeMap<String, Vec<CrateRule>>,
    /// What code does when it names or calls something of the family.
    pub api: Vec<ApiPattern>,
    /// Releases and crates to warn about.
    pub releases: Vec<ReleaseRule>,
    /// Features that were renamed, moved or removed at a hop between lines.
    pub features: Vec<FeatureChange>,
    /// What changes at run time at a hop, although everything compiles. Ask
    /// [`Family::behaviour_changes`].
    pub behaviour: Vec<BehaviourChange>,
    /// Crates that have ended and what takes their place. Ask [`Family::succession`].
    pub successors: Vec<Succession>,
    /// Crates outside the family whose majors must match where their types are passed.
    pub majors: Vec<MajorRule>,
}

/// A crate whose statics or types everybody in a binary must share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Singleton {
    /// Key `crate`.
    pub name: String,
    /// Whether this crate defines the family's lines. Lines are its semver-compatible series.
    pub anchor: bool,
    /// Releases that only re-export another anchor, which then holds the statics.
    pub facade: Vec<Facade>,
    /// What happens when a binary holds two, in one sentence for people.
    pub consequence: String,
    pub source: String,
}

/// Releases of a singleton that only re-export another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facade {
    pub versions: VersionReq,
    /// The crate that holds the statics in these releases.
    pub of: String,
}

/// The part a crate plays in the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The API with the statics.
    Api,
    /// The implementation that providers are built from.
    Sdk,
    /// Sends telemetry away, or exposes it.
    Exporter,
    /// Injects and extracts context.
    Propagator,
    /// Detects resource attributes.
    Resource,
    /// Carries another facade's events (`tracing`, `log`, `metrics`) over to the family.
    Bridge,
    /// Instruments a framework or client.
    Instrumentation,
    /// Sets up a whole pipeline.
    AllInOne,
    /// Types of a wire protocol only.
    Wire,
    /// Constants only.
    Constants,
    /// Helpers shared by the above.
    Helper,
}

/// Facts about one crate of the family, or one that works with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrateRule {
    pub name: String,
    pub role: Role,
    /// Whether the implementation is part of it, though its role is another. Ask
    /// [`CrateRule::is_sdk`].
    pub has_sdk: bool,
    /// Released in step by the family's owner. A core crate never introduces a line by itself:
    /// whoever depends on it does.
    pub core: bool,
    /// What its source does, for when the source says too little or is not at hand.
    pub effects: Vec<Effect>,
    /// Whether types of the family stand in its public API.
    pub exposes_types: bool,
    /// Crates of the family that it re-exports whole: in its own code, or that of a dependant, a
    /// path through a segment of that name (`-` written `_`) is a path into that crate.
    pub reexports: Vec<String>,
    /// How the line is chosen where features choose it.
    pub line_features: Option<LineFeatures>,
    /// Versions the rule speaks of; all of them where absent. Several rules may share a name.
    pub versions: Option<VersionReq>,
    pub source: String,
}

/// Features of a crate that choose its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFeatures {
    /// Features with one of these prefixes choose a line. Which line it is stands in the index.
    pub prefixes: Vec<String>,
    /// Features with one of these suffixes do not: those that cargo derives from the names of
    /// optional dependencies, say. Ask [`LineFeatures::chooses`].
    pub not_suffixes: Vec<String>,
    /// Whether at most one may be on.
    pub exclusive: bool,
    /// Whether its users expect one to be on: without it the crate works, and does nothing for the
    /// family.
    pub required: bool,
}

/// What a piece of code does with the family's shared state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Asks a global for a tracer or tracer provider.
    ReadTracer,
    /// Asks a global for a meter or meter provider.
    ReadMeter,
    /// Asks a global for a logger or logger provider.
    ReadLogger,
    /// Asks the global propagator.
    ReadPropagator,
    /// Installs a global tracer provider.
    SetTracer,
    /// Installs a global meter provider.
    SetMeter,
    /// Installs a global logger provider.
    SetLogger,
    /// Installs the global propagator.
    SetPropagator,
    /// Reads or attaches the current context.
    Context,
    /// Reads or writes the span data that a bridge keeps, which is keyed by the bridge's own types.
    SpanExtension,
    /// Creates a bridge, which stays without effect until it is handed a provider or tracer.
    CreateBridge,
    /// Hands a provider or tracer to a bridge.
    FeedBridge,
    /// Builds a provider.
    BuildProvider,
}

/// A name or a method whose appearance in code has an effect.
///
/// In a file, `path`, `method` and `effect` may each be a list; every combination is a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiPattern {
    /// Packages that offer it, by their names (not as code spells them).
    pub crates: Vec<String>,
    /// Last segments of a path below the crate: `global::tracer` matches `crate::global::tracer`
    /// and `crate::x::global::tracer`. Ask [`ApiPattern::matches_path`].
    pub path: Option<String>,
    /// A method name, counted in code that names one of the crates.
    pub method: Option<String>,
    /// Counted only in files that also name one of these (an imported trait, say): last segments of
    /// a path below one of the crates, as in `path`. A glob import of the crate names them all.
    pub with: Vec<String>,
    /// Counted only in functions that also call one of these methods.
    pub with_methods: Vec<String>,
    /// Versions of the crates that offer it with this effect.
    pub versions: Option<VersionReq>,
    pub effect: Effect,
    /// For [`Effect::CreateBridge`]: how to feed what is created, in one sentence.
    pub advice: Option<String>,
    pub source: String,
}

/// What is wrong with a release or a crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flaw {
    /// Its owner has announced its end.
    Deprecated,
    /// An advisory or its owner says that nobody looks after it.
    Unmaintained,
    /// Does not build or misbehaves.
    Broken,
    /// Pulls two lines by itself.
    Skewed,
    /// Has a security advisory.
    Vulnerable,
}

/// A warning about releases of a crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseRule {
    /// Key `crate`.
    pub name: String,
    /// Releases concerned; all where absent.
    pub versions: Option<VersionReq>,
    /// Counts only while this feature is enabled.
    pub feature: Option<String>,
    /// Counts only while none of these features is enabled.
    pub without: Vec<String>,
    /// Counts only where such a package is linked too.
    pub beside: Option<Beside>,
    pub flaw: Flaw,
    /// Advisory id, where there is one.
    pub id: Option<String>,
    /// What is wrong, in one sentence.
    pub summary: String,
    /// What to use instead, in one sentence.
    pub remedy: Option<String>,
    /// Crate that takes its place.
    pub successor: Option<String>,
    pub source: String,
}

/// A package that must be linked for a [`ReleaseRule`] to count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// Key `crate`.
    pub name: String,
    pub versions: VersionReq,
}

/// A feature that changed its name or place.
///
/// In a file, `feature` may be a list of features with one fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureChange {
    /// Key `crate`.
    pub name: String,
    pub feature: String,
    /// First version of the crate without it.
    pub gone_in: Version,
    /// Where it is now.
    pub moved_to_crate: Option<String>,
    pub renamed_to: Option<String>,
    /// What to do, in one sentence.
    pub advice: String,
    pub source: String,
}

/// Something that a crate does otherwise from a release on, although its callers compile as before or
/// with an edit that looks mechanical.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BehaviourChange {
    /// Key `crate`.
    #[serde(rename = "crate")]
    pub name: String,
    /// Key `from`: the first release with the old behaviour; those before it had the new one, or
    /// something else again. None where all releases before `first` have the old one.
    #[serde(rename = "from")]
    pub oldest: Option<Version>,
    /// Key `in`: the first release with the new behaviour.
    #[serde(rename = "in")]
    pub first: Version,
    /// The first release without it again, where it was taken back or changed once more.
    pub until: Option<Version>,
    /// What changes, in one sentence.
    pub summary: String,
    /// What to check or do, in one sentence.
    pub advice: String,
    pub source: String,
}

/// A crate that has ended, and the one that takes its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Succession {
    /// Key `crate`.
    #[serde(rename = "crate")]
    pub name: String,
    pub successor: String,
    /// The first release of the successor that takes its place; all where absent.
    pub since: Option<Version>,
    /// What the move takes, in one sentence.
    pub advice: Option<String>,
    pub source: String,
}

/// A crate whose types pass through the family's API, so that its major must match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MajorRule {
    /// Key `crate`.
    pub name: String,
    /// Packages through whose API its types pass, by their names.
    pub through: Vec<String>,
    /// Names in code that pass them: a method, or the last segments of a path below one of
    /// `through`.
    pub passed_by: Vec<String>,
    /// How to avoid the match at all, in one sentence.
    pub remedy: Option<String>,
    pub source: String,
}
