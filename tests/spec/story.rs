//! The library of the story, on releases that do not change any more.

use camino::Utf8Path;

use crate::lab::Lab;
use crate::loopback::{Dep, Package};
use crate::support::cargo::host;
use crate::support::sandbox::{copy, fixture};
use crate::{assert_failure, fitting, printed};

fn releases() -> Vec<Package> {
    let mut all = Vec::new();
    for (line, version, day) in [
        ("^0.21", "0.21.0", "2023-11-16"),
        ("^0.25", "0.25.0", "2024-09-05"),
        ("^0.27", "0.27.1", "2024-11-27"),
        ("^0.33", "0.33.1", "2026-10-02"),
    ] {
        let time = format!("{day}T08:00:00Z");
        let api = Package::new("opentelemetry", version).published(&time);
        all.push(api.lib(crate::family::API).feature("trace", &[]));
        let sdk = Package::new("opentelemetry_sdk", version).published(&time);
        let sdk = sdk
            .dep(Dep::new("opentelemetry", line))
            .feature("trace", &[]);
        all.push(sdk.feature("rt-tokio", &[]));
    }
    for (version, line) in [
        ("0.26.0", "^0.25"),
        ("0.28.0", "^0.27"),
        ("0.34.0", "^0.33"),
    ] {
        let bridge = Package::new("tracing-opentelemetry", version);
        let bridge = bridge.dep(Dep::new("opentelemetry", line));
        all.push(bridge.lib("pub fn layer() {}\n"));
    }
    for (version, line) in [
        ("0.14.0", "^0.21"),
        ("0.27.0", "^0.27"),
        ("0.33.0", "^0.33"),
    ] {
        let exporter = Package::new("opentelemetry-otlp", version)
            .dep(Dep::new("opentelemetry", line))
            .dep(Dep::new("opentelemetry_sdk", line));
        let features = ["http-proto", "reqwest-client", "trace"];
        let with = |package: Package, name: &str| package.feature(name, &[]);
        all.push(features.into_iter().fold(exporter, with));
    }
    all.push(Package::new("opentelemetry_api", "0.20.0"));
    all.push(Package::new("tracing", "0.1.44").feature("std", &[]));
    let subscriber = Package::new("tracing-subscriber", "0.3.23");
    all.push(subscriber.feature("registry", &[]).feature("std", &[]));
    all
}

pub fn story(name: &str) -> Lab {
    let lab = Lab::new(releases());
    copy(&fixture(name), lab.root());
    let lock = lab.root().join("Cargo.lock");
    if lock.is_file() {
        std::fs::remove_file(lock).unwrap();
        lab.cargo(&["generate-lockfile"]);
    }
    lab
}

fn redacted(lab: &Lab, text: &str) -> String {
    let version =
        |text: &str| format!("\"name\": \"cargo-otel-check\",\n    \"version\": \"{text}\"");
    text.replace(lab.root().as_str(), "[root]")
        .replace(host(), "[host]")
        .replace(&lab.registry.root(), "[registry]/")
        .replace(&version(env!("CARGO_PKG_VERSION")), &version("[version]"))
        .replace(
            &format!("cargo-otel-check {}", env!("CARGO_PKG_VERSION")),
            "cargo-otel-check [version]",
        )
}

fn snapshots(fixture: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path(Utf8Path::new("../snapshots"));
    let _bound = settings.bind_to_scope();
    let lab = story(fixture);
    for (name, options) in [
        ("markdown", &["--format", "markdown"][..]),
        ("quick", &["--quick"]),
        ("json", &["--format", "json"]),
    ] {
        let text = printed(&lab, &[&["uplink"], options].concat());
        let text = redacted(&lab, &text);
        assert!(!text.contains("/tmp") && !text.contains("/home/"), "{text}");
        insta::assert_snapshot!(format!("spec_{fixture}_{name}"), text);
    }
}

#[test]
fn of_the_story() {
    snapshots("edge-agent");
}

#[test]
fn of_the_unresolvable_story() {
    snapshots("edge-agent-unresolvable");
}

#[test]
fn the_library_is_what_is_in_the_way() {
    for name in ["edge-agent", "edge-agent-unresolvable"] {
        let lab = story(name);
        let all = fitting(&printed(&lab, &["--format", "json"]));
        let names: Vec<&str> = all
            .iter()
            .map(|spec| spec["package"]["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["uplink"], "{name}");
        assert_eq!(all[0]["why"]["reason"], "blocks", "{name}");
        assert_eq!(all[0]["to"], "0.27", "{name}");
    }
}

#[test]
fn names_that_lead_nowhere() {
    let lab = story("edge-agent");
    for (arguments, words) in [
        (
            &["spec", "uplnk"][..],
            &["no package `uplnk`", "did you mean `uplink`"][..],
        ),
        (
            &["spec", "uplink@9.0.0"],
            &["no package `uplink@9.0.0`", "there is 1.4.0"],
        ),
        (&["spec", "opentelemetry"], &["is of OpenTelemetry itself"]),
        (
            &["spec", "--target-line", "0.99"],
            &["line 0.99 of OpenTelemetry has no release"],
        ),
        (&["spec", "--format", "csv"], &["`spec` has no such format"]),
    ] {
        assert_failure(&lab.run(arguments), 2, words);
    }
    for arguments in [
        &["spec", "--apply"][..],
        &["spec", "--quick", "--template", "x"],
        &["spec", "uplink", "--workspace"],
    ] {
        assert_eq!(lab.run(arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn nothing_is_written_by_looking() {
    let lab = story("edge-agent");
    let before = crate::support::disk::state(lab.root());
    printed(&lab, &[]);
    printed(&lab, &["--workspace", "--target-line", "0.33"]);
    assert_eq!(crate::support::disk::state(lab.root()), before);
}

#[test]
fn on_the_line_already() {
    let lab = story("edge-agent");
    let run = lab.run(&["spec", "edge-agent", "--target-line", "0.27"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    // Its own bridge is on another line, so that there is something to do.
    assert!(
        run.stdout.contains("tracing-opentelemetry = "),
        "{}",
        run.stdout
    );
    let run = lab.run(&["spec", "uplink", "--target-line", "0.21"]);
    assert_eq!(run.stdout, "nothing has to change\n");
    assert!(
        run.stderr
            .contains("`uplink` 1.4.0 is on line 0.21 already"),
        "{}",
        run.stderr
    );
}
