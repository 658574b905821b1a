//! Certificates and older reports, as files.

use std::fs;

use crate::{aligned, family, judged, ran};

#[test]
fn a_certificate_is_written_and_holds() {
    let lab = aligned();
    let written = ran(&lab, &["--trial", "--certificate", "ready.json"]);
    assert_eq!(written.code, 0, "{}", written.stderr);
    let path = lab.root().join("ready.json");
    let text = fs::read_to_string(&path).unwrap();
    let statement: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(statement["predicate"]["decision"], "go");
    let verified = ran(&lab, &["--trial", "--verify", "ready.json"]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
    // Less is measured, and what is still holds.
    let verified = ran(&lab, &["--verify", "ready.json"]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
    // Tampered with.
    let altered = text.replacen("\"decision\": \"go\"", "\"decision\": \"no-go\"", 1);
    assert_ne!(altered, text);
    fs::write(&path, altered).unwrap();
    let verified = ran(&lab, &["--verify", "ready.json", "--format", "json"]);
    assert_eq!(verified.code, 100);
    assert!(
        verified.stdout.contains("\"standing\": \"tampered\""),
        "{}",
        verified.stdout
    );
    // Out of date.
    fs::write(&path, text).unwrap();
    lab.sandbox.write("src/main.rs", "fn main() {}\n");
    let verified = ran(
        &lab,
        &["--trial", "--verify", "ready.json", "--format", "json"],
    );
    assert_eq!(verified.code, 100);
    assert!(
        verified.stdout.contains("\"standing\": \"outdated\""),
        "{}",
        verified.stdout
    );
    // None at all.
    let verified = ran(&lab, &["--verify", "Cargo.toml"]);
    assert_eq!(verified.code, 101, "{}", verified.stdout);
}

#[test]
fn what_moved_since_an_older_report() {
    let lab = family::skewed();
    let old = judged(&lab, &[]);
    lab.sandbox.write("old.json", &old.text);
    let same = ran(&lab, &["--compare", "old.json", "--format", "json"]);
    assert_eq!(same.code, 100, "{}", same.stderr);
    let same: serde_json::Value = serde_json::from_str(&same.stdout).unwrap();
    assert_eq!(same["decision"]["old"], same["decision"]["new"]);
    assert_eq!(same["criteria"].as_array().unwrap().len(), 0, "{same:#}");
    let fixed = lab.run(&["fix"]);
    assert_eq!(fixed.code, 0, "{}", fixed.stderr);
    let moved = ran(&lab, &["--compare", "old.json", "--format", "json"]);
    assert_eq!(moved.code, 0, "{}", moved.stderr);
    let moved: serde_json::Value = serde_json::from_str(&moved.stdout).unwrap();
    assert_eq!(moved["decision"]["old"], "no-go");
    assert_eq!(moved["decision"]["new"], "conditional-go");
    let human = ran(&lab, &["--compare", "old.json"]);
    assert!(human.stdout.contains("CONDITIONAL GO"), "{}", human.stdout);
}

#[test]
fn a_certificate_that_cannot_be_written_is_told_first() {
    let lab = aligned();
    let run = ran(&lab, &["--certificate", "no/such/folder/x.json"]);
    assert_eq!((run.code, run.stdout.as_str()), (101, ""));
    assert!(run.stderr.contains("no/such/folder"), "{}", run.stderr);
}
