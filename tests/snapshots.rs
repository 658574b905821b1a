//! What is printed, for every fixture: a finding that fires where it did not before shows here.

#[path = "support/lab.rs"]
mod lab;
#[path = "support/registry.rs"]
mod loopback;
mod support;

use std::process::Command;

use lab::Lab;
use loopback::{Dep, Package};
use support::cargo::{clean, fetch, host, refusal};
use support::expect;
use support::sandbox::Sandbox;
use support::tool::run;

/// A fixture whose packages are on disk, and how to ask about it; none where they are not to be had.
fn ready(name: &str) -> Option<(Sandbox, Vec<&'static str>)> {
    let sandbox = Sandbox::fixture(name);
    let options = if sandbox.root().join("Cargo.lock").is_file() {
        fetch(sandbox.root()).map(|()| vec!["--full", "--locked", "--offline"])
    } else {
        refusal(sandbox.root()).map(<[_]>::to_vec)
    };
    match options {
        Ok(options) => Some((sandbox, options)),
        Err(reason) => {
            eprintln!("skipped: {name}: {reason}");
            None
        }
    }
}

/// Without what differs from machine to machine and release to release.
fn redacted(sandbox: &Sandbox, text: &str) -> String {
    let version =
        |text: &str| format!("\"name\": \"cargo-otel-check\",\n    \"version\": \"{text}\"");
    text.replace(sandbox.root().as_str(), "[root]")
        .replace(host(), "[host]")
        .replace(&version(env!("CARGO_PKG_VERSION")), &version("[version]"))
}

fn printed(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let run = run(sandbox, arguments);
    let redacted = redacted(sandbox, &run.stdout);
    assert!(!redacted.contains("/home/") && !redacted.contains("/root/"));
    format!("{redacted}\nexit code {}\n", run.code)
}

#[test]
fn check_of_every_fixture() {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.set_prepend_module_to_snapshot(false);
    let _bound = settings.bind_to_scope();
    let names = expect::all();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        let Some((sandbox, options)) = ready(&name) else {
            continue;
        };
        let file = name.replace('/', "_");
        for format in ["human", "json"] {
            let arguments = [
                &["check", "--color", "never", "--format", format][..],
                &options,
            ]
            .concat();
            insta::assert_snapshot!(
                format!("check_{file}_{format}"),
                printed(&sandbox, &arguments)
            );
        }
    }
}

#[test]
fn check_in_full() {
    let Some((sandbox, options)) = ready("edge-agent") else {
        return;
    };
    let arguments = [&["check", "-v", "--color", "never"][..], &options].concat();
    insta::assert_snapshot!(printed(&sandbox, &arguments));
}

#[test]
fn lock_alone() {
    let sandbox = Sandbox::fixture("edge-agent");
    insta::assert_snapshot!(printed(&sandbox, &["--lock-only", "--color", "never"]));
    let sandbox = Sandbox::fixture("clean");
    insta::assert_snapshot!(printed(&sandbox, &["--color", "never", "--offline"]));
}

#[test]
fn inventory() {
    let Some((sandbox, _)) = ready("edge-agent") else {
        return;
    };
    for format in ["human", "csv"] {
        let arguments = ["inventory", "--locked", "--offline", "--format", format];
        insta::assert_snapshot!(format!("inventory_{format}"), printed(&sandbox, &arguments));
    }
}

#[test]
fn explain() {
    let sandbox = Sandbox::empty();
    insta::assert_snapshot!(printed(&sandbox, &["explain", "lost-telemetry"]));
}

/// Releases as they were published once, so that no later one changes the answer.
#[test]
fn matrix() {
    let api = |version: &str, day: &str| {
        Package::new("opentelemetry", version).published(&format!("{day}T08:00:00Z"))
    };
    let sdk = |version: &str, line: &str| {
        Package::new("opentelemetry_sdk", version).dep(Dep::new("opentelemetry", line))
    };
    let bridge = |version: &str, line: &str| {
        Package::new("tracing-opentelemetry", version).dep(Dep::new("opentelemetry", line))
    };
    let lab = Lab::new([
        api("0.26.0", "2024-09-30"),
        api("0.27.0", "2024-11-11"),
        api("0.27.1", "2024-11-27"),
        api("0.28.0", "2025-02-10"),
        sdk("0.26.0", "^0.26"),
        sdk("0.27.0", "^0.27"),
        sdk("0.28.0", "^0.28"),
        bridge("0.27.0", "^0.26"),
        bridge("0.28.0", "^0.27"),
        bridge("0.29.0", "^0.28").yanked(),
    ])
    .file(
        "Cargo.toml",
        "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n\
         [dependencies]\nopentelemetry = \"0.27\"\nopentelemetry_sdk = \"0.27\"\n\
         tracing-opentelemetry = \"0.27\"\n",
    )
    .file("src/main.rs", "fn main() {}");
    for format in ["human", "markdown", "csv", "json"] {
        let run = lab.run(&["matrix", "--color", "never", "--format", format]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let text = redacted(&lab.sandbox, &run.stdout);
        let text = text.replace(&lab.registry.root(), "[registry]/");
        insta::assert_snapshot!(format!("matrix_{format}"), text);
    }
}

/// The same input gives the same bytes, however many threads there are.
#[test]
fn runs_do_not_differ() {
    for name in [
        "edge-agent",
        "precision/real-skew",
        "precision/sibling-feature",
    ] {
        let Some((sandbox, options)) = ready(name) else {
            continue;
        };
        for command in [
            &["check", "-v"][..],
            &["check", "--format", "json"],
            &["inventory", "--format", "json"],
        ] {
            let options = options
                .iter()
                .filter(|o| **o != "--full" || command[0] == "check");
            let print = |threads: Option<&str>| {
                let mut process = Command::new(env!("CARGO_BIN_EXE_cargo-otel-check"));
                process
                    .current_dir(sandbox.root())
                    .args(command)
                    .args(options.clone());
                clean(&mut process);
                if let Some(threads) = threads {
                    process.env("RAYON_NUM_THREADS", threads);
                }
                process.output().unwrap()
            };
            let first = print(None);
            assert!(!first.stdout.is_empty(), "{first:?}");
            for threads in [None, Some("1"), Some("8")] {
                let again = print(threads);
                assert_eq!(again.status, first.status);
                assert!(
                    again.stdout == first.stdout,
                    "{name} {command:?} {threads:?}"
                );
            }
        }
    }
}
