//! `spec` end to end: what the built binary writes for the owners of packages, on fixtures and on
//! made-up releases.

#[path = "support/family.rs"]
mod family;
#[path = "support/lab.rs"]
mod lab;
#[path = "support/registry.rs"]
mod loopback;
mod support;

#[path = "spec/blocked.rs"]
mod blocked;
#[path = "spec/files.rs"]
mod files;
#[path = "spec/hostile.rs"]
mod hostile;
#[path = "spec/sources.rs"]
mod sources;
#[path = "spec/story.rs"]
mod story;
#[path = "spec/templates.rs"]
mod templates;

use lab::Lab;
use serde_json::Value;
use support::tool::Run;

/// `spec --format json`, whose answer must fit the schema.
pub fn specs(lab: &Lab, options: &[&str]) -> Vec<Value> {
    let run = lab.run(&[&["spec", "--format", "json"], options].concat());
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
    fitting(&run.stdout)
}

/// The specifications in an answer that fits the schema.
pub fn fitting(text: &str) -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/spec.schema.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let json: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}:\n{text}"));
    let fits = validator.validate(&json).map_err(|error| error.to_string());
    assert_eq!(fits, Ok(()), "{text}");
    json["specs"].as_array().unwrap().clone()
}

/// The only one.
pub fn only(lab: &Lab, options: &[&str]) -> Value {
    let mut all = specs(lab, options);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

/// `spec` as Markdown.
pub fn printed(lab: &Lab, options: &[&str]) -> String {
    let run = lab.run(&[&["spec"], options].concat());
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
    run.stdout
}

/// A failure in words: what was tried, and a way on.
pub fn assert_failure(run: &Run, code: i32, words: &[&str]) {
    let Run { stdout, stderr, .. } = run;
    assert_eq!(run.code, code, "{stdout}\n{stderr}");
    assert_eq!(stdout, "", "{stderr}");
    assert!(stderr.starts_with("error: "), "{stderr}");
    assert!(stderr.contains("\n  help: "), "{stderr}");
    for word in words {
        assert!(stderr.contains(word), "no `{word}` in\n{stderr}");
    }
}
