use super::*;
use crate::matrix::testing::in_use;
use crate::rules::{Family, Flaw, ReleaseRule, Role, Rules, Singleton};

fn shipped() -> &'static Family {
    Rules::shipped().family("opentelemetry").unwrap()
}

fn used(crates: &[(&str, &[&str])]) -> Used {
    let packages: Vec<_> = crates
        .iter()
        .map(|(name, _)| in_use(name, "1.0.0", &[]))
        .collect();
    let mut used = Used::new(&packages);
    for (name, dependants) in crates {
        for dependant in *dependants {
            used.depend(name, dependant, dependant.starts_with("app"));
        }
    }
    used
}

/// A service with a bridge, a client that links a line, a dead exporter and a transitive companion.
fn service() -> Used {
    used(&[
        (
            "opentelemetry",
            &["app", "opentelemetry_sdk", "tracing-opentelemetry"],
        ),
        ("opentelemetry_sdk", &["app"]),
        ("opentelemetry-jaeger", &["app-worker", "init-lib"]),
        ("tracing-opentelemetry", &["app"]),
        ("tracing-core", &["tracing"]),
        ("tracing-subscriber", &["app", "tracing-opentelemetry"]),
        ("house-client", &["app"]),
        ("reqwest-tracing", &["house-client"]),
    ])
}

#[test]
fn renovate_renders() {
    insta::assert_snapshot!(emit(Emit::Renovate, shipped(), &service()));
}

#[test]
fn dependabot_renders() {
    insta::assert_snapshot!(emit(Emit::Dependabot, shipped(), &service()));
}

#[test]
fn cargo_deny_renders() {
    insta::assert_snapshot!(emit(Emit::CargoDeny, shipped(), &service()));
}

#[test]
fn renovate_reads_back_as_json() {
    let text = emit(Emit::Renovate, shipped(), &service());
    let config: serde_json::Value = serde_json::from_str(&text).unwrap();
    let rule = &config["packageRules"][0];
    let names = rule["matchPackageNames"].as_array().unwrap();
    let has = |name: &str| names.iter().any(|one| one == name);
    // What members require, and the core as far as it goes on.
    for name in [
        "opentelemetry",
        "opentelemetry-otlp",
        "opentelemetry-jaeger",
        "tracing-opentelemetry",
        "house-client",
    ] {
        assert!(has(name), "{name}");
    }
    // Not what others require, what has ended unused, or what carries no line.
    for name in [
        "reqwest-tracing",
        "opentelemetry_api",
        "opentelemetry-zipkin",
        "tracing-subscriber",
        "tracing-core",
    ] {
        assert!(!has(name), "{name}");
    }
    assert_eq!(rule["separateMajorMinor"], false);
}

#[test]
fn cargo_deny_reads_back_as_toml() {
    let text = emit(Emit::CargoDeny, shipped(), &service());
    let config: toml::Table = text.parse().unwrap();
    let deny = config["bans"]["deny"].as_array().unwrap();
    let ban = |name: &str| deny.iter().find(|ban| ban["crate"].as_str() == Some(name));
    for name in [
        "opentelemetry",
        "tracing-opentelemetry",
        "tracing-core",
        "tracing-subscriber",
    ] {
        let ban = ban(name).unwrap();
        assert_eq!(ban["deny-multiple-versions"].as_bool(), Some(true));
        // The two exclude each other there.
        assert!(ban.get("wrappers").is_none());
    }
    assert!(ban("opentelemetry_api").is_none());
    let jaeger = ban("opentelemetry-jaeger").unwrap();
    assert_eq!(jaeger["use-instead"].as_str(), Some("opentelemetry-otlp"));
    let wrappers: Vec<_> = jaeger["wrappers"].as_array().unwrap().iter().collect();
    assert_eq!(wrappers.len(), 2);
}

#[test]
fn an_old_anchor_counts_where_it_is_used() {
    let used = used(&[("opentelemetry_api", &["app"])]);
    let text = emit(Emit::CargoDeny, shipped(), &used);
    assert!(text.contains(r#"{ crate = "opentelemetry_api", deny-multiple-versions = true }"#));
    assert!(emit(Emit::Renovate, shipped(), &used).contains("\"opentelemetry_api\""));
}

#[test]
fn an_empty_workspace_gets_the_core() {
    let empty = Used::default();
    for kind in [Emit::Renovate, Emit::Dependabot, Emit::CargoDeny] {
        let text = emit(kind, shipped(), &empty);
        assert!(text.contains("\"opentelemetry\"") && text.ends_with('\n'));
        assert_eq!(text, emit(kind, shipped(), &empty));
    }
}

#[test]
fn nobody_is_banned_before_it_is_known_who_uses_what() {
    let text = emit(
        Emit::CargoDeny,
        shipped(),
        &used(&[("opentelemetry-jaeger", &[])]),
    );
    assert!(!text.contains("opentelemetry-jaeger"), "{text}");
}

/// A family and names as nobody would give them.
#[test]
fn text_from_outside_stays_text() {
    let mut family = crate::matrix::testing::family(&["member"]);
    family.title = "Demo \"{{x}}\" \u{1b}[31m # y: \u{2028}z".to_owned();
    family.name = "de:mo\n".to_owned();
    family.singletons[0] = Singleton {
        consequence: "It's \"lost\"\u{202e}]".to_owned(),
        ..family.singletons[0].clone()
    };
    family.crates.get_mut("member").unwrap()[0].role = Role::Bridge;
    family.releases.push(ReleaseRule {
        name: "member".to_owned(),
        versions: None,
        feature: None,
        without: Vec::new(),
        beside: None,
        flaw: Flaw::Deprecated,
        id: None,
        summary: String::new(),
        remedy: None,
        successor: Some("a\"]\nb".to_owned()),
        source: String::new(),
    });
    let hostile = "x\"]\n- *";
    let used = used(&[("member", &["app", hostile]), (hostile, &["app"])]);

    let renovate = emit(Emit::Renovate, &family, &used);
    let config: serde_json::Value = serde_json::from_str(&renovate).unwrap();
    let rule = &config["packageRules"][0];
    assert_eq!(rule["matchPackageNames"], serde_json::json!(["member"]));
    assert!(!rule["groupName"].as_str().unwrap().contains("{{"));

    let deny = emit(Emit::CargoDeny, &family, &used);
    let config: toml::Table = deny.parse().unwrap();
    let bans = config["bans"]["deny"].as_array().unwrap();
    assert_eq!(bans.len(), 3, "{deny}");
    assert_eq!(bans[2]["use-instead"].as_str(), Some("a\"]\nb"));
    assert_eq!(bans[2]["wrappers"][1].as_str(), Some(hostile));

    let dependabot = emit(Emit::Dependabot, &family, &used);
    assert!(!dependabot.contains(['\u{1b}', '\u{2028}', '*']));
    assert!(dependabot.contains("\n      de-mo:\n"));
    assert!(dependabot.ends_with("patterns:\n          - \"member\"\n"));
}
