//! The facts about crates: types of the data in `rules/`, and its loader.
//!
//! Nothing here names a crate. A family is one folder below `rules/`; the shipped ones are embedded
//! in the binary, and users may add files that extend or override them.

use std::collections::BTreeMap;

use semver::VersionReq;
use serde::Deserialize;

/// Everything known about one family of crates that must agree inside a binary.
#[derive(Debug, Clone, Default)]
pub struct Family {
    /// Short name, as in the folder name: `opentelemetry`.
    pub name: String,
    /// Name for people: `OpenTelemetry`.
    pub title: String,
    /// Crates of which one binary must hold one version, in the order of importance.
    pub singletons: Vec<Singleton>,
    /// Facts by crate name.
    pub crates: BTreeMap<String, Vec<CrateRule>>,
    /// What code does when it names or calls something of the family.
    pub api: Vec<ApiPattern>,
    /// Releases and crates to warn about.
    pub releases: Vec<ReleaseRule>,
    /// Features that were renamed, moved or removed at a hop between lines.
    pub features: Vec<FeatureChange>,
    /// Crates outside the family whose majors must match where their types are passed.
    pub majors: Vec<MajorRule>,
}

/// A crate whose statics or types everybody in a binary must share.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Singleton {
    #[serde(rename = "crate")]
    pub name: String,
    /// Whether this crate defines the family's lines. Lines are its semver-compatible series.
    #[serde(default)]
    pub anchor: bool,
    /// Releases that only re-export another anchor, which then holds the statics.
    #[serde(default)]
    pub facade: Vec<Facade>,
    /// Releases that hold the SDK in themselves.
    #[serde(default)]
    pub embeds_sdk: Option<VersionReq>,
    /// What happens when a binary holds two, in one sentence for people.
    pub consequence: String,
    pub source: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Facade {
    pub versions: VersionReq,
    /// The crate that holds the statics in these releases.
    pub of: String,
}

/// The part a crate plays in the family.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, serde::Serialize,
)]
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
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CrateRule {
    pub name: String,
    pub role: Role,
    /// Released in step by the family's owner. A core crate never introduces a line by itself:
    /// whoever depends on it does.
    #[serde(default)]
    pub core: bool,
    /// What its source does, for when the source says too little or is not at hand.
    #[serde(default)]
    pub effects: Vec<Effect>,
    /// Whether types of the family stand in its public API.
    #[serde(default)]
    pub exposes_types: bool,
    /// How the line is chosen where features choose it.
    #[serde(default)]
    pub line_features: Option<LineFeatures>,
    /// Versions the rule speaks of; all of them where absent. Several rules may share a name.
    #[serde(default)]
    pub versions: Option<VersionReq>,
    pub source: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LineFeatures {
    /// Features with one of these prefixes choose a line. Which line it is stands in the index.
    pub prefixes: Vec<String>,
    /// Whether at most one may be on.
    #[serde(default)]
    pub exclusive: bool,
    /// Whether the crate does nothing for the family while none is on.
    #[serde(default)]
    pub required: bool,
}

/// What a piece of code does with the family's shared state.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, serde::Serialize,
)]
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
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ApiPattern {
    /// Crates that offer it.
    pub crates: Vec<String>,
    /// Last segments of a path below the crate: `global::tracer` matches `crate::global::tracer`
    /// and `crate::x::global::tracer`.
    #[serde(default)]
    pub path: Option<String>,
    /// A method name, counted in code that names one of the crates.
    #[serde(default)]
    pub method: Option<String>,
    /// Counted only in files that also name one of these paths (an imported trait, say).
    #[serde(default)]
    pub with: Vec<String>,
    /// Versions of the crate that offer it with this effect.
    #[serde(default)]
    pub versions: Option<VersionReq>,
    pub effect: Effect,
    pub source: String,
}

/// What is wrong with a release or a crate.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, serde::Serialize,
)]
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
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ReleaseRule {
    #[serde(rename = "crate")]
    pub name: String,
    /// Releases concerned; all where absent.
    #[serde(default)]
    pub versions: Option<VersionReq>,
    /// Counts only while this feature is enabled.
    #[serde(default)]
    pub feature: Option<String>,
    pub flaw: Flaw,
    /// Advisory id, where there is one.
    #[serde(default)]
    pub id: Option<String>,
    /// What is wrong, in one sentence.
    pub summary: String,
    /// What to use instead, in one sentence.
    #[serde(default)]
    pub remedy: Option<String>,
    /// Crate that takes its place.
    #[serde(default)]
    pub successor: Option<String>,
    pub source: String,
}

/// A feature that changed its name or place.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FeatureChange {
    #[serde(rename = "crate")]
    pub name: String,
    pub feature: String,
    /// First version of the crate without it.
    pub gone_in: semver::Version,
    /// Where it is now.
    #[serde(default)]
    pub moved_to_crate: Option<String>,
    #[serde(default)]
    pub renamed_to: Option<String>,
    /// What to do, in one sentence.
    pub advice: String,
    pub source: String,
}

/// A crate whose types pass through the family's API, so that its major must match.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MajorRule {
    #[serde(rename = "crate")]
    pub name: String,
    /// Family crates through whose API its types pass.
    pub through: Vec<String>,
    /// Names in code that pass them: methods or types.
    pub passed_by: Vec<String>,
    /// How to avoid the match at all, in one sentence.
    #[serde(default)]
    pub remedy: Option<String>,
    pub source: String,
}

// TEMPORARY until the loader lands.
pub struct Rules {
    pub families: Vec<Family>,
}

impl Rules {
    pub fn shipped() -> &'static Self {
        static RULES: std::sync::LazyLock<Rules> = std::sync::LazyLock::new(|| {
            let mut family = Family {
                name: "opentelemetry".into(),
                title: "OpenTelemetry".into(),
                ..Family::default()
            };
            for (name, anchor) in [
                ("opentelemetry", true),
                ("opentelemetry_api", true),
                ("tracing-opentelemetry", false),
                ("tracing-core", false),
                ("tracing-subscriber", false),
            ] {
                family.singletons.push(Singleton {
                    name: name.into(),
                    anchor,
                    facade: if name == "opentelemetry" {
                        vec![Facade {
                            versions: VersionReq::parse(">=0.18, <0.21").unwrap(),
                            of: "opentelemetry_api".into(),
                        }]
                    } else {
                        Vec::new()
                    },
                    embeds_sdk: (name == "opentelemetry")
                        .then(|| VersionReq::parse("<0.18").unwrap()),
                    consequence: "two copies do not see each other".into(),
                    source: "x".into(),
                });
            }
            for (name, role) in [
                ("opentelemetry_sdk", Role::Sdk),
                ("opentelemetry-otlp", Role::Exporter),
                ("opentelemetry-prometheus", Role::Exporter),
                ("opentelemetry-jaeger", Role::Exporter),
                ("opentelemetry-zipkin", Role::Exporter),
                ("opentelemetry-stdout", Role::Exporter),
                ("opentelemetry-proto", Role::Wire),
                ("opentelemetry-semantic-conventions", Role::Constants),
                ("opentelemetry-http", Role::Helper),
                ("opentelemetry-aws", Role::Propagator),
                ("opentelemetry-resource-detectors", Role::Resource),
                ("opentelemetry-jaeger-propagator", Role::Propagator),
                ("opentelemetry-system-metrics", Role::Helper),
                ("tracing-opentelemetry", Role::Bridge),
            ] {
                family
                    .crates
                    .entry(name.into())
                    .or_default()
                    .push(CrateRule {
                        name: name.into(),
                        role,
                        core: name.starts_with("opentelemetry"),
                        effects: vec![],
                        exposes_types: false,
                        line_features: None,
                        versions: None,
                        source: "x".into(),
                    });
            }
            Rules {
                families: vec![family],
            }
        });
        &RULES
    }
}

impl Family {
    pub fn crate_rule(&self, name: &str, version: &semver::Version) -> Option<&CrateRule> {
        let rules = self.crates.get(name)?;
        rules
            .iter()
            .find(|rule| rule.versions.as_ref().is_some_and(|v| v.matches(version)))
            .or_else(|| rules.iter().find(|rule| rule.versions.is_none()))
    }

    pub fn is_core(&self, name: &str, version: &semver::Version) -> bool {
        self.crate_rule(name, version).is_some_and(|rule| rule.core)
    }

    pub fn statics_holder<'a>(&'a self, name: &'a str, version: &semver::Version) -> &'a str {
        self.singletons
            .iter()
            .find(|singleton| singleton.name == name)
            .and_then(|s| s.facade.iter().find(|f| f.versions.matches(version)))
            .map_or(name, |facade| facade.of.as_str())
    }

    pub fn knows(&self, name: &str) -> bool {
        self.crates.contains_key(name) || self.singletons.iter().any(|s| s.name == name)
    }

    pub fn anchors(&self) -> impl Iterator<Item = &Singleton> {
        self.singletons.iter().filter(|s| s.anchor)
    }

    pub fn has_release_rules_for(&self, _name: &str, _version: &semver::Version) -> bool {
        false
    }

    pub fn has_release_rules(&self, _name: &str) -> bool {
        false
    }

    pub fn release_rules(
        &self,
        _name: &str,
        _version: &semver::Version,
        _features: &std::collections::BTreeSet<String>,
    ) -> impl Iterator<Item = &ReleaseRule> {
        self.releases.iter()
    }

    pub fn feature_change(&self, _crate_name: &str, _feature: &str) -> Option<&FeatureChange> {
        None
    }
}
