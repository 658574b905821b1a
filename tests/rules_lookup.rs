//! What can be asked of the shipped rules, and a few of their facts.

use std::collections::BTreeSet;

use otel_check::rules::{Effect, Family, Flaw, Role, Rules};
use semver::Version;

fn shipped() -> &'static Family {
    Rules::shipped()
        .family("opentelemetry")
        .expect("the shipped family")
}

fn version(text: &str) -> Version {
    text.parse().expect("a version")
}

fn effects(name: &str, release: &str) -> Vec<Effect> {
    let rule = shipped().crate_rule(name, &version(release));
    rule.unwrap_or_else(|| panic!("a rule for {name} {release}"))
        .effects
        .clone()
}

#[test]
fn the_facade_hands_on_to_the_crate_with_the_statics() {
    let family = shipped();
    let holder = |name, release| family.statics_holder(name, &version(release)).to_owned();
    assert_eq!(holder("opentelemetry", "0.17.0"), "opentelemetry");
    assert_eq!(holder("opentelemetry", "0.18.0"), "opentelemetry_api");
    assert_eq!(holder("opentelemetry", "0.20.0"), "opentelemetry_api");
    assert_eq!(holder("opentelemetry", "0.21.0-rc.1"), "opentelemetry");
    assert_eq!(holder("opentelemetry_api", "0.19.0"), "opentelemetry_api");
    assert_eq!(holder("serde", "1.0.0"), "serde");
    let anchors: Vec<_> = family
        .anchors()
        .map(|anchor| anchor.name.as_str())
        .collect();
    assert_eq!(anchors, ["opentelemetry", "opentelemetry_api"]);
    assert!(family.is_singleton("tracing-core") && !family.is_anchor("tracing-core"));
}

#[test]
fn roles_and_effects_follow_the_release() {
    assert_eq!(
        effects("opentelemetry-otlp", "0.14.0"),
        [Effect::SetTracer, Effect::SetMeter, Effect::SetLogger]
    );
    assert_eq!(
        effects("opentelemetry-otlp", "0.16.0"),
        [Effect::SetTracer, Effect::SetMeter]
    );
    assert_eq!(effects("opentelemetry-otlp", "0.31.0"), []);
    assert_eq!(
        effects("opentelemetry-zipkin", "0.27.0"),
        [Effect::SetTracer]
    );
    assert_eq!(effects("opentelemetry-zipkin", "0.28.0"), []);
    assert_eq!(
        effects("opentelemetry-datadog", "0.11.0"),
        [Effect::SetTracer]
    );
    let family = shipped();
    let conventions = |release| {
        let rule = family.crate_rule("opentelemetry-semantic-conventions", &version(release));
        rule.map(|rule| (rule.role, rule.exposes_types))
    };
    assert_eq!(conventions("0.13.0"), Some((Role::Constants, true)));
    assert_eq!(conventions("0.14.0"), Some((Role::Constants, false)));
    let is_sdk = |name, release| {
        family
            .crate_rule(name, &version(release))
            .is_some_and(|rule| rule.is_sdk())
    };
    assert!(is_sdk("opentelemetry", "0.17.0") && !is_sdk("opentelemetry", "0.18.0"));
    assert!(is_sdk("opentelemetry_sdk", "0.18.0"));
}

/// Core crates carry a line for whoever depends on them; the others introduce theirs.
#[test]
fn core_crates_are_those_released_in_step() {
    let family = shipped();
    let newest = version("99.0.0");
    for core in [
        "opentelemetry_sdk",
        "opentelemetry-http",
        "opentelemetry-appender-log",
        "opentelemetry-system-metrics",
        "opentelemetry-contrib",
    ] {
        assert!(family.is_core(core, &newest), "{core}");
    }
    for introducer in [
        "tracing-opentelemetry",
        "init-tracing-opentelemetry",
        "actix-web-opentelemetry",
        "opentelemetry-instrumentation-actix-web",
        "autometrics",
        "serde",
    ] {
        assert!(!family.is_core(introducer, &newest), "{introducer}");
    }
}

#[test]
fn patterns_are_offered_by_their_releases_only() {
    let family = shipped();
    let found = |name: &str, release: &str, path: &[&str]| -> Vec<Effect> {
        let version = version(release);
        let patterns = family.patterns(name, &version);
        patterns
            .filter(|pattern| pattern.matches_path(path))
            .map(|pattern| pattern.effect)
            .collect()
    };
    assert_eq!(
        found("opentelemetry", "0.31.0", &["global", "tracer"]),
        [Effect::ReadTracer]
    );
    assert_eq!(
        found(
            "opentelemetry",
            "0.31.0",
            &["global", "tracer_with_version"]
        ),
        []
    );
    assert_eq!(
        found(
            "opentelemetry",
            "0.16.0",
            &["global", "tracer_with_version"]
        ),
        [Effect::ReadTracer]
    );
    assert_eq!(
        found("opentelemetry", "0.22.0", &["global", "logger"]),
        [Effect::ReadLogger]
    );
    assert_eq!(found("opentelemetry", "0.23.0", &["global", "logger"]), []);
    assert_eq!(
        found(
            "opentelemetry",
            "0.27.0",
            &["context", "Context", "current"]
        ),
        [Effect::Context]
    );
    assert_eq!(found("opentelemetry", "0.27.0", &["tracer"]), []);
    assert_eq!(
        found(
            "tracing-opentelemetry",
            "0.31.0",
            &["OpenTelemetryLayer", "new"]
        ),
        [Effect::CreateBridge, Effect::FeedBridge]
    );
    assert_eq!(
        found(
            "opentelemetry_sdk",
            "0.27.0",
            &["trace", "SdkTracerProvider", "builder"]
        ),
        []
    );
}

#[test]
fn a_method_counts_beside_what_makes_it_this_one() {
    let family = shipped();
    let release = version("0.28.0");
    let set_parent = family
        .patterns("tracing-opentelemetry", &release)
        .find(|pattern| pattern.method.as_deref() == Some("set_parent"))
        .expect("a pattern");
    assert!(set_parent.is_with(&["OpenTelemetrySpanExt"]));
    assert!(set_parent.is_with(&["*"]));
    assert!(!set_parent.is_with(&["OtelData"]));
    let release = version("0.15.0");
    let signals: BTreeSet<_> = family
        .patterns("opentelemetry-otlp", &release)
        .filter(|pattern| pattern.method.as_deref() == Some("install_batch"))
        .map(|pattern| (pattern.with_methods.join(","), pattern.effect))
        .collect();
    let expected = [
        ("logging", Effect::SetLogger),
        ("tracing", Effect::SetTracer),
    ];
    assert_eq!(
        signals,
        expected
            .map(|(method, effect)| (method.to_owned(), effect))
            .into()
    );
}

#[test]
fn line_features_leave_out_what_cargo_derives() {
    let release = version("0.7.25");
    let rule = shipped()
        .crate_rule("tracing-actix-web", &release)
        .expect("a rule");
    let features = rule.line_features.as_ref().expect("line features");
    assert!(features.exclusive && features.required);
    assert!(features.chooses("opentelemetry_0_32"));
    assert!(!features.chooses("opentelemetry_0_32_pkg"));
    assert!(!features.chooses("emit_event_on_error"));
}

#[test]
fn warnings_depend_on_features_and_neighbours() {
    let flaws = |name: &str, release: &str, features: &[&str], tonic: &str| -> Vec<Flaw> {
        let version = version(release);
        let tonic: Version = tonic.parse().expect("a version");
        let enabled = |feature: &str| features.contains(&feature);
        let linked = |name: &str, versions: &semver::VersionReq| {
            name == "tonic" && otel_check::rules::applies(Some(versions), &tonic)
        };
        shipped()
            .release_rules(name, &version, enabled, linked)
            .map(|rule| rule.flaw)
            .collect()
    };
    let sdk = |release, features: &[&str]| flaws("opentelemetry_sdk", release, features, "0.14.0");
    assert_eq!(sdk("0.33.0", &[]), []);
    assert_eq!(sdk("0.28.0", &[]), [Flaw::Vulnerable]);
    assert_eq!(
        sdk("0.28.0", &["rt-async-std"]),
        [Flaw::Unmaintained, Flaw::Vulnerable]
    );
    let api = |features: &[&str]| flaws("opentelemetry", "0.29.1", features, "0.14.0");
    assert_eq!(api(&["metrics"]), [Flaw::Broken]);
    assert_eq!(api(&["metrics", "trace", "futures"]), []);
    assert_eq!(
        flaws("opentelemetry-proto", "0.26.0", &[], "0.12.2"),
        [Flaw::Broken]
    );
    assert_eq!(flaws("opentelemetry-proto", "0.26.0", &[], "0.12.3"), []);
    let appender = |release, features: &[&str]| {
        flaws(
            "opentelemetry-appender-tracing",
            release,
            features,
            "0.14.0",
        )
    };
    let feature = "experimental_use_tracing_span_context";
    assert_eq!(appender("0.31.0", &[feature]), [Flaw::Skewed]);
    assert_eq!(appender("0.31.0", &[]), []);
    assert_eq!(appender("0.31.1", &[feature]), []);
}

#[test]
fn feature_changes_and_majors_are_found() {
    let family = shipped();
    let change = family
        .feature_change("opentelemetry", "rt-tokio")
        .expect("a change");
    assert_eq!(change.gone_in, version("0.21.0"));
    assert_eq!(change.moved_to_crate.as_deref(), Some("opentelemetry_sdk"));
    assert_eq!(family.feature_change("opentelemetry", "trace"), None);
    let tonic = family
        .majors
        .iter()
        .find(|major| major.name == "tonic")
        .expect("a rule");
    assert!(tonic.passes_method("with_metadata") && !tonic.passes_method("with_endpoint"));
    let prost = family
        .majors
        .iter()
        .find(|major| major.name == "prost")
        .expect("a rule");
    assert!(prost.passes_path(&["tonic", "v1", "ExportTraceServiceRequest", "decode"]));
}
