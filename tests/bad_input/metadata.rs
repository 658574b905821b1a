//! Saved metadata that is broken, or speaks of files that are not there.

use serde_json::{Value, json};

use crate::loopback::{Dep, Package};
use crate::support::graph_json::{Node, metadata};
use crate::support::report::Verdict;
use crate::{Sandbox, assert_failure, binary, finish, lab, package, refused, run};

fn one() -> Value {
    metadata(&[Node::new("a", "0.1.0", &[]).member()])
}

fn saved(text: &str) -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write("m.json", text);
    sandbox
}

fn refuse(text: &str, words: &[&str]) {
    let sandbox = saved(text);
    for command in ["check", "inventory", "matrix"] {
        let words = [&["m.json", "cargo metadata --format-version 1"], words].concat();
        refused(&sandbox, &[command, "--metadata-path", "m.json"], &words);
    }
    // The same by standard input.
    let run = finish(binary(sandbox.root(), &["--metadata-path", "-"]), text);
    assert_failure(&run, 101, &[&["standard input"], words].concat());
}

#[test]
fn what_is_no_metadata() {
    let whole = one().to_string();
    refuse("", &["EOF"]);
    refuse(&whole[..whole.len() / 2], &["EOF"]);
    refuse("{\"a\": 1}", &["missing field `packages`"]);
    refuse("[]", &[]);
    refuse("null", &[]);
    refuse("<html>", &["line 1 column 1"]);
}

#[test]
fn metadata_without_a_graph() {
    let mut json = one();
    json["resolve"] = Value::Null;
    refuse(&json.to_string(), &["no dependency graph", "--no-deps"]);
}

#[test]
fn dependency_that_is_not_there() {
    let mut json = one();
    let node = &mut json["resolve"]["nodes"][0];
    node["dependencies"] = json!(["ghost 1.0.0"]);
    node["deps"] = json!([{ "name": "ghost", "pkg": "ghost 1.0.0",
        "dep_kinds": [{ "kind": null, "target": null }] }]);
    refuse(&json.to_string(), &["ghost 1.0.0"]);
}

#[test]
fn member_that_is_not_there() {
    let mut json = one();
    json["workspace_members"] = json!(["ghost 1.0.0"]);
    refuse(&json.to_string(), &["ghost 1.0.0"]);
}

#[test]
fn deep_nesting() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    refuse(&deep, &[]);
    let known = one()
        .to_string()
        .replace("\"metadata\":null", &format!("\"metadata\":{deep}"));
    refuse(&known, &["recursion limit"]);
    // What nobody reads may be as deep as it likes.
    let more = format!("{{\"more\":{deep},");
    let sandbox = saved(&one().to_string().replacen('{', &more, 1));
    let run = run(sandbox.root(), &["--metadata-path", "m.json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn metadata_path_to_nothing() {
    let sandbox = package();
    refused(
        &sandbox,
        &["--metadata-path", "no.json"],
        &["cannot read no.json"],
    );
    refused(&sandbox, &["--metadata-path", "src"], &["cannot read src"]);
    std::fs::write(sandbox.root().join("bytes.json"), b"\xff\xfe{").unwrap();
    refused(
        &sandbox,
        &["--metadata-path", "bytes.json"],
        &["bytes.json is not UTF-8"],
    );
}

/// A skew whose sources nobody has: the answer is no guess, and says what could not be looked at.
#[test]
fn sources_that_are_not_there() {
    let json = metadata(&[
        Node::new("agent", "0.1.0", &[1, 2, 4]).member().bin(),
        Node::new("opentelemetry", "0.27.1", &[]),
        Node::new("uplink", "1.0.0", &[3]),
        Node::new("opentelemetry", "0.21.0", &[]),
        Node::new("opentelemetry_sdk", "0.27.1", &[1]),
    ]);
    let sandbox = saved(&json.to_string());
    let run = run(
        sandbox.root(),
        &["--metadata-path", "m.json", "--format", "json"],
    );
    let report = run.report();
    let found: Vec<_> = report
        .findings
        .iter()
        .filter(|f| f.verdict.is_some())
        .collect();
    assert!(!found.is_empty(), "{}", run.stdout);
    for finding in found {
        let missing = |kind: &Option<String>| kind.as_deref() == Some("missing");
        match finding.verdict {
            Some(Verdict::Unknown) => {
                assert!(
                    finding.evidence.iter().any(|e| missing(&e.kind)),
                    "{finding:?}"
                );
            }
            // Told by the rules or the graph alone.
            Some(_) => assert!(
                finding.evidence.iter().any(|e| !missing(&e.kind)),
                "{finding:?}"
            ),
            None => {}
        }
        assert!(
            finding
                .evidence
                .iter()
                .all(|e| e.kind.as_deref() != Some("source")),
            "a place in source that nobody has: {finding:?}"
        );
        assert_eq!(finding.culprit.as_ref().and_then(|c| c.line), None);
    }
    let denied = report.findings.iter().any(|f| f.level == "deny");
    assert_eq!(run.code, if denied { 100 } else { 0 }, "{}", run.stderr);
}

/// A development dependency may close a circle; it links nothing twice.
#[test]
fn circle_through_development_dependencies() {
    let lab = lab::Lab::new([
        Package::new("opentelemetry", "0.27.0").lib("pub mod global { pub fn tracer(_: &str) {} }"),
        Package::new("opentelemetry_sdk", "0.27.0").dep(Dep::new("opentelemetry", "^0.27")),
    ])
    .file(
        "Cargo.toml",
        "[workspace]\nresolver = \"2\"\nmembers = [\"a\", \"b\"]\n",
    )
    .file(
        "a/Cargo.toml",
        "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
         [dependencies]\nopentelemetry = \"0.27\"\n[dev-dependencies]\nb = { path = \"../b\" }\n",
    )
    .file(
        "a/src/lib.rs",
        "pub fn f() { opentelemetry::global::tracer(\"a\"); }",
    )
    .file("a/tests/t.rs", "#[test] fn t() { b::g() }")
    .file(
        "b/Cargo.toml",
        "[package]\nname = \"b\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
         [dependencies]\na = { path = \"../a\" }\nopentelemetry_sdk = \"0.27\"\n",
    )
    .file("b/src/lib.rs", "pub fn g() { a::f() }");
    let run = lab.run(&["--full", "--format", "json"]);
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
    let report = run.report();
    let lines = |id: &str| {
        let rows = report.artifacts.iter().filter(|row| row.id() == id);
        let lines: Vec<_> = rows.map(|row| row.lines()).collect();
        assert!(!lines.is_empty(), "no {id} in {}", run.stdout);
        lines
    };
    for id in ["a/lib/a", "b/lib/b"] {
        for found in lines(id) {
            assert_eq!(found.into_iter().collect::<Vec<_>>(), ["0.27"], "{id}");
        }
    }
    let inventory = lab.run(&["inventory"]);
    assert_eq!(inventory.code, 0, "{}", inventory.stderr);
}
