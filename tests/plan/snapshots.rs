//! What is printed for the story's workspaces, on releases that do not change any more.

use camino::Utf8Path;

use crate::lab::Lab;
use crate::loopback::{Dep, Package};
use crate::support::cargo::host;
use crate::support::sandbox::{copy, fixture};

/// What the story's workspaces need, from the lines of 2023 to one that was new in 2026.
fn releases() -> Vec<Package> {
    let mut all = Vec::new();
    for (line, version, day) in [
        ("^0.21", "0.21.0", "2023-11-16"),
        ("^0.25", "0.25.0", "2024-09-05"),
        ("^0.27", "0.27.1", "2024-11-27"),
        ("^0.28", "0.28.0", "2025-02-10"),
        ("^0.33", "0.33.1", "2026-10-02"),
    ] {
        let time = format!("{day}T08:00:00Z");
        let api = Package::new("opentelemetry", version).published(&time);
        all.push(api.lib(crate::family::API).feature("trace", &[]));
        let sdk = Package::new("opentelemetry_sdk", version).published(&time);
        let api = Dep::new("opentelemetry", line);
        let sdk = sdk.dep(api).feature("trace", &[]);
        all.push(sdk.feature("rt-tokio", &[]));
    }
    for (version, line, day) in [
        ("0.22.0", "^0.21", "2023-11-20"),
        ("0.26.0", "^0.25", "2024-09-10"),
        ("0.28.0", "^0.27", "2024-11-30"),
        ("0.29.0", "^0.28", "2025-02-20"),
        ("0.34.0", "^0.33", "2026-10-20"),
    ] {
        let bridge = Package::new("tracing-opentelemetry", version);
        let bridge = bridge.published(&format!("{day}T08:00:00Z"));
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
    all.push(Package::new("opentelemetry_api", "0.20.0").published("2023-07-30T08:00:00Z"));
    all.push(Package::new("tracing", "0.1.44").feature("std", &[]));
    let subscriber = Package::new("tracing-subscriber", "0.3.23");
    all.push(subscriber.feature("registry", &[]).feature("std", &[]));
    all
}

/// A fixture on these releases, resolved anew where it has a lock.
fn on_releases(name: &str) -> Lab {
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
}

fn snapshots(fixture: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path(Utf8Path::new("../snapshots"));
    let _bound = settings.bind_to_scope();
    let lab = on_releases(fixture);
    for format in ["human", "markdown", "json"] {
        for (name, options) in [("plan", &[][..]), ("options", &["--options"])] {
            let arguments = [&["plan", "--color", "never", "--format", format], options].concat();
            let run = lab.run(&arguments);
            let text = redacted(&lab, &run.stdout);
            assert!(!text.contains("/tmp") && !text.contains("/home/"), "{text}");
            insta::assert_snapshot!(
                format!("plan_{fixture}_{name}_{format}"),
                format!("{text}\nexit code {}\n", run.code)
            );
        }
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

/// The same input gives the same bytes, however many threads there are.
#[test]
fn runs_do_not_differ() {
    let lab = on_releases("edge-agent-unresolvable");
    let print = |threads: &str| {
        let mut command = lab.command(&["plan", "--options", "-v"]);
        command.env("RAYON_NUM_THREADS", threads).output().unwrap()
    };
    let first = print("1");
    assert!(!first.stdout.is_empty(), "{first:?}");
    for threads in ["1", "8"] {
        assert!(print(threads).stdout == first.stdout, "{threads}");
    }
}
