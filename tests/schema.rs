//! The binary's JSON, for every fixture, against the committed JSON Schema.

mod support;

use std::collections::BTreeSet;

use serde_json::Value;
use support::cargo::{fetch, refusal};
use support::expect;
use support::sandbox::Sandbox;
use support::tool::run;

fn schema() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/report.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What a fixture's `check` prints, however it is asked.
fn outputs(name: &str) -> Vec<(String, String)> {
    let sandbox = Sandbox::fixture(name);
    let root = sandbox.root();
    let mut asked: Vec<Vec<&str>> = Vec::new();
    if root.join("Cargo.lock").is_file() {
        if let Err(reason) = fetch(root) {
            eprintln!("skipped: {name}: {reason}");
            return Vec::new();
        }
        asked.push(vec!["--full", "--locked", "--offline"]);
        asked.push(vec!["--locked", "--offline"]);
        asked.push(vec!["--lock-only"]);
    } else {
        match refusal(root) {
            Ok(flags) => asked.push(flags.to_vec()),
            Err(reason) => eprintln!("skipped: {name}: {reason}"),
        }
    }
    let outputs = asked.into_iter().map(|options| {
        let mut arguments = vec!["check", "--format", "json"];
        arguments.extend(&options);
        let run = run(&sandbox, &arguments);
        assert!(
            [0, 100].contains(&run.code),
            "{name} {options:?}: {}",
            run.stderr
        );
        (format!("{name} {}", options.join(" ")), run.stdout)
    });
    outputs.collect()
}

#[test]
fn every_fixture_fits_the_schema() {
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for name in expect::all() {
        for (what, text) in outputs(&name) {
            let json: Value = serde_json::from_str(&text).unwrap();
            let errors = validator.iter_errors(&json);
            wrong.extend(errors.map(|e| format!("{what}: {}: {e}", e.instance_path())));
            seen.extend(json["basis"].as_str().map(str::to_owned));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // A lock is always answered, so at least its basis was there.
    if !seen.is_empty() {
        assert!(seen.contains("lock-only"), "{seen:?}");
        assert!(seen.contains("graph"), "{seen:?}");
    }
}

/// The schema speaks of every field: one that is not there is refused where it is required, and a
/// value of the wrong kind is.
#[test]
fn the_schema_refuses_what_is_no_report() {
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let sandbox = Sandbox::empty();
    sandbox.write("Cargo.lock", "version = 4\n");
    let run = run(
        &sandbox,
        &["check", "--format", "json", "--lock-only", "Cargo.lock"],
    );
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(validator.is_valid(&report));
    let fields = report.as_object().unwrap();
    for name in fields.keys() {
        let mut without = report.clone();
        without.as_object_mut().unwrap().remove(name);
        assert!(!validator.is_valid(&without), "without {name}");
        let mut wrong = report.clone();
        wrong[name] = Value::Bool(true);
        assert!(!validator.is_valid(&wrong), "with a wrong {name}");
    }
}
