//! What the shipped rules say of a hop from one release to another.

use std::collections::BTreeSet;

use camino::Utf8PathBuf;
use otel_check::rules::{BehaviourChange, Family, Rules};
use semver::Version;

fn shipped() -> &'static Family {
    Rules::shipped()
        .family("opentelemetry")
        .expect("the shipped family")
}

fn version(text: &str) -> Version {
    text.parse().expect("a version")
}

fn changes(name: &str, from: &str, to: &str) -> Vec<&'static BehaviourChange> {
    shipped().behaviour_changes(name, &version(from), &version(to))
}

/// Whether one of the changes says this.
fn told(name: &str, from: &str, to: &str, word: &str) -> bool {
    changes(name, from, to)
        .iter()
        .any(|change| change.summary.contains(word))
}

#[test]
fn the_hops_that_bite_are_known() {
    for (name, before, at, word) in [
        ("opentelemetry", "0.26.0", "0.27.1", "stderr"),
        ("opentelemetry", "0.28.0", "0.29.1", "64 entries"),
        ("opentelemetry_sdk", "0.20.0", "0.21.2", "set twice"),
        ("opentelemetry_sdk", "0.20.0", "0.21.2", "telemetry.sdk"),
        ("opentelemetry_sdk", "0.21.2", "0.22.0", "_MILLIS"),
        ("opentelemetry_sdk", "0.22.1", "0.23.0", "last clone"),
        ("opentelemetry_sdk", "0.23.0", "0.24.0", "provider alive"),
        (
            "opentelemetry_sdk",
            "0.24.1",
            "0.25.0",
            "spans and logs export",
        ),
        ("opentelemetry_sdk", "0.25.0", "0.26.0", "delta"),
        ("opentelemetry_sdk", "0.26.0", "0.27.0", "invalid"),
        ("opentelemetry_sdk", "0.27.1", "0.28.0", "threads"),
        ("opentelemetry_sdk", "0.28.0", "0.29.0", "with_resource"),
        ("opentelemetry_sdk", "0.29.0", "0.30.0", "suppressed"),
        ("opentelemetry_sdk", "0.30.0", "0.31.0", "on_start"),
        ("opentelemetry_sdk", "0.31.0", "0.32.0", "unknown_service"),
        ("opentelemetry_sdk", "0.32.0", "0.32.1", "8192"),
        ("opentelemetry-otlp", "0.15.0", "0.16.0", "/v1/traces"),
        ("opentelemetry-otlp", "0.16.0", "0.17.0", "install"),
        ("opentelemetry-otlp", "0.27.0", "0.28.0", "4318"),
        ("opentelemetry-otlp", "0.28.0", "0.29.0", "milliseconds"),
        ("opentelemetry-otlp", "0.28.0", "0.29.0", "overridden"),
        ("opentelemetry-otlp", "0.31.1", "0.32.0", "https"),
        ("opentelemetry-otlp", "0.32.0", "0.33.0", "scheme"),
        ("opentelemetry-otlp", "0.32.0", "0.33.1", "tried again"),
        ("opentelemetry-prometheus", "0.11.0", "0.12.0", "_total"),
        (
            "opentelemetry-prometheus",
            "0.32.0",
            "0.33.0",
            "otel_scope_info",
        ),
        ("tracing-opentelemetry", "0.17.2", "0.17.3", "thread.id"),
        ("tracing-opentelemetry", "0.21.0", "0.22.0", "exception"),
        ("tracing-opentelemetry", "0.31.0", "0.32.0", "current one"),
        ("tracing-opentelemetry", "0.31.0", "0.32.1", "set_parent"),
        (
            "tracing-opentelemetry",
            "0.31.0",
            "0.32.1",
            "code.file.path",
        ),
    ] {
        assert!(told(name, before, at, word), "{name} {before} {at} {word}");
        // Neither before the release nor after it.
        let counted = |from, to| {
            let all = changes(name, from, to);
            all.iter().filter(|one| one.summary.contains(word)).count()
        };
        assert_eq!(counted("0.0.1", before), 0, "{name} {before} {word}");
        assert_eq!(counted(at, at), 0, "{name} {at} {word}");
    }
}

#[test]
fn a_long_hop_tells_all_in_the_order_of_releases() {
    let all = changes("opentelemetry_sdk", "0.20.0", "0.33.1");
    assert!(all.is_sorted_by(|one, other| one.first <= other.first));
    let firsts: BTreeSet<_> = all.iter().map(|one| one.first.to_string()).collect();
    assert!(firsts.contains("0.21.0") && firsts.contains("0.32.1"));
    assert!(changes("opentelemetry_sdk", "0.33.1", "0.33.1").is_empty());
    assert!(changes("opentelemetry-semantic-conventions", "0.14.0", "0.33.0").is_empty());
    assert!(changes("no-such-crate", "0.1.0", "2.0.0").is_empty());
}

#[test]
fn what_came_and_went_between_is_left_out() {
    let name = "opentelemetry_sdk";
    assert!(told(name, "0.27.1", "0.28.0", "any number of attribute"));
    assert!(told(name, "0.28.0", "0.30.0", "keeps 2000 attribute"));
    assert!(!told(name, "0.27.1", "0.30.0", "any number of attribute"));
    assert!(!told(name, "0.27.1", "0.30.0", "keeps 2000 attribute"));
    // The path was appended from 0.11 to 0.15 only.
    assert!(!told(
        "opentelemetry-otlp",
        "0.10.0",
        "0.16.0",
        "/v1/traces"
    ));
    assert!(told("opentelemetry-otlp", "0.11.0", "0.33.1", "/v1/traces"));
    assert!(!told(
        "opentelemetry-otlp",
        "0.27.0",
        "0.32.0",
        "NoHttpClient"
    ));
}

#[test]
fn a_downgrade_takes_the_same_changes_back() {
    let up = changes("opentelemetry-otlp", "0.26.0", "0.31.0");
    assert!(!up.is_empty());
    assert_eq!(changes("opentelemetry-otlp", "0.31.0", "0.26.0"), up);
}

#[test]
fn a_prerelease_counts_as_its_release() {
    let name = "opentelemetry_sdk";
    assert!(told(name, "0.27.1", "0.28.0-rc.1", "threads"));
    assert!(!told(name, "0.28.0-rc.1", "0.28.0", "threads"));
    assert!(!told(name, "0.28.0+patched", "0.28.0", "threads"));
}

#[test]
fn sentences_are_sentences() {
    for family in &Rules::shipped().families {
        for change in &family.behaviour {
            for text in [&change.summary, &change.advice] {
                assert!(text.ends_with('.'), "{text}");
                assert!(!text.trim_end_matches('.').contains(". "), "{text}");
            }
            // The source names the release, or the change log of the crate.
            let crates = [change.name.as_str(), "opentelemetry-proto"];
            let named = crates.iter().any(|name| change.source.contains(name));
            assert!(named, "{}", change.source);
        }
    }
}

#[test]
fn crates_that_ended_have_a_successor_where_there_is_one() {
    let to = |name| {
        let succession = shipped().succession(name);
        succession.map(|succession| succession.successor)
    };
    for (name, successor) in [
        ("opentelemetry_api", "opentelemetry"),
        ("opentelemetry-jaeger", "opentelemetry-otlp"),
        ("opentelemetry-zipkin", "opentelemetry-otlp"),
        ("opentelemetry-stackdriver", "opentelemetry-otlp"),
        ("opentelemetry-datadog", "datadog-opentelemetry"),
        ("minitrace-opentelemetry", "fastrace-opentelemetry"),
        (
            "actix-web-opentelemetry",
            "opentelemetry-instrumentation-actix-web",
        ),
        (
            "tower-otel-http-metrics",
            "opentelemetry-instrumentation-tower",
        ),
    ] {
        assert_eq!(to(name).as_deref(), Some(successor));
    }
    // Alive, though some of its releases called themselves the last.
    for name in ["opentelemetry-prometheus", "opentelemetry", "tracing-core"] {
        assert_eq!(to(name), None, "{name}");
    }
    for (name, ended) in [
        ("opentelemetry-jaeger", true),
        ("opentelemetry-jaeger-propagator", true),
        ("tower-otel-http-metrics", true),
        ("opentelemetry-prometheus", false),
        // Only with a feature of it on.
        ("opentelemetry_sdk", false),
        ("opentelemetry-otlp", false),
    ] {
        assert_eq!(shipped().has_ended(name), ended, "{name}");
    }
    let actix = shipped().succession("actix-web-opentelemetry");
    let since = actix.and_then(|succession| succession.since);
    assert_eq!(since, Some(version("0.22.0")));
}

fn load(text: &str) -> Result<Rules, Vec<String>> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = Utf8PathBuf::from_path_buf(folder.path().join("own.toml")).expect("UTF-8");
    std::fs::write(&file, text).expect("a rule file");
    let prefix = format!("{}/", file.parent().expect("a folder"));
    Rules::with_files(&[file]).map_err(|errors| {
        let mistakes = errors.mistakes.iter();
        mistakes
            .map(|mistake| mistake.to_string().replace(&prefix, ""))
            .collect()
    })
}

#[test]
fn a_file_of_a_user_adds_and_overrides() {
    let old = &shipped().behaviour[0];
    let text = format!(
        "family = \"opentelemetry\"\n[[behaviour]]\ncrate = {:?}\nin = \"{}\"\nsummary = {:?}\n\
         advice = \"Ask us.\"\nsource = \"ours\"\n[[successor]]\ncrate = \"opentelemetry-jaeger\"\n\
         successor = \"our-exporter\"\nsource = \"ours\"\n",
        old.name, old.first, old.summary
    );
    let rules = load(&text).expect("rules");
    let family = rules.family("opentelemetry").expect("the family");
    assert_eq!(family.behaviour.len(), shipped().behaviour.len());
    assert_eq!(family.behaviour[0].advice, "Ask us.");
    let jaeger = family.succession("opentelemetry-jaeger").expect("one");
    assert_eq!(jaeger.successor, "our-exporter");
}

#[test]
fn mistakes_in_hops_are_told() {
    let mistakes = load(
        r#"family = "opentelemetry"

[[behaviour]]
crate = "a"
from = "0.3.0"
in = "0.2.0"
until = "0.2.0"
summary = "x."
advice = "y."
source = "z"

[[behaviour]]
crate = "a"
in = "0.2.0"
summary = "x."
advice = "again."
source = "z"

[[behaviour]]
crate = "a"
in = "0.2"
advice = "y."

[[successor]]
crate = "a"
successor = "b"
source = "z"

[[successor]]
crate = "b"
successor = "a"
source = "z"
"#,
    )
    .expect_err("mistakes");
    insta::assert_snapshot!(mistakes.join("\n"), @r#"
    own.toml:3:1: `from` of `a` must be a release before `in`, 0.2.0
    own.toml:3:1: `until` of `a` must be a release after `in`, 0.2.0
    own.toml:12:1: this `[[behaviour]]` speaks of the same as the one in own.toml, line 3; expected entries that exclude each other, say by `versions`
    own.toml:19:1: `[[behaviour]]` needs a key `summary` with one line of text
    own.toml:19:1: `[[behaviour]]` needs a key `source` with one line of text
    own.toml:21:6: `0.2` under `in`: unexpected end of input while parsing minor version number; expected a version such as "0.21.0"
    own.toml:24:1: `a` is among its own successors
    own.toml:29:1: `b` is among its own successors
    "#);
}
