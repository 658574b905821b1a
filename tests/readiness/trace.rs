//! Every figure can be followed to what it was made from.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{Document, aligned, family, judged};

/// Walks a value: a number must stand below an object that names evidence.
fn figures(value: &Value, place: &str, grounds: &[String], found: &mut usize) {
    match value {
        Value::Number(_) => {
            assert!(!grounds.is_empty(), "{place} rests on nothing");
            *found += 1;
        }
        Value::Object(object) => {
            let own = ["evidence", "inputs"].iter().find_map(|key| {
                let list = object.get(*key)?.as_array()?.iter();
                list.map(|id| id.as_str().map(str::to_owned))
                    .collect::<Option<Vec<String>>>()
            });
            let is_own = own.is_some();
            let own = own.unwrap_or_default();
            assert!(!is_own || !own.is_empty(), "{place} has no evidence");
            let grounds = if is_own { &own } else { grounds };
            for (key, inner) in object {
                if key != "schema_version" {
                    figures(inner, &format!("{place}.{key}"), grounds, found);
                }
            }
        }
        Value::Array(list) => {
            for (at, inner) in list.iter().enumerate() {
                figures(inner, &format!("{place}[{at}]"), grounds, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// All lists of ids under a key.
fn ids(value: &Value, key: &str, all: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, inner) in object {
                if name == key
                    && let Some(list) = inner.as_array()
                {
                    all.extend(list.iter().filter_map(Value::as_str).map(str::to_owned));
                }
                ids(inner, key, all);
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| ids(inner, key, all)),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Number(_) => {}
    }
}

fn known(document: &Document, list: &str) -> BTreeSet<String> {
    let all = document.json[list].as_array().unwrap().iter();
    all.map(|one| one["id"].as_str().unwrap().to_owned())
        .collect()
}

fn traced(document: &Document) {
    let mut found = 0;
    figures(&document.json, "report", &[], &mut found);
    assert!(found > 50, "{found}");
    let (evidence, inputs) = (known(document, "evidence"), known(document, "inputs"));
    let (mut named, mut from) = (BTreeSet::new(), BTreeSet::new());
    ids(&document.json, "evidence", &mut named);
    ids(&document.json, "inputs", &mut from);
    assert_eq!(
        named, evidence,
        "each is named, and each that is named is there"
    );
    assert!(from.is_subset(&inputs), "{from:?}");
    for one in document.json["evidence"].as_array().unwrap() {
        assert!(!one["inputs"].as_array().unwrap().is_empty(), "{one:#}");
        assert!(!one["text"].as_str().unwrap().is_empty(), "{one:#}");
    }
    // Sums are those of their parts.
    for assessment in assessments(document) {
        let sum = |results: &[&str]| -> u64 {
            let rows = assessment["criteria"].as_array().unwrap().iter();
            rows.filter(|row| results.contains(&row["result"]["kind"].as_str().unwrap()))
                .map(|row| row["weight"].as_u64().unwrap())
                .sum()
        };
        let score = &assessment["score"];
        assert_eq!(score["met"], sum(&["met"]));
        assert_eq!(score["measured"], sum(&["met", "unmet"]));
        assert_eq!(score["all"], sum(&["met", "unmet", "not-measured"]));
        let categories = assessment["categories"].as_array().unwrap();
        for key in ["met", "measured", "all"] {
            let parts = categories
                .iter()
                .map(|one| one["score"][key].as_u64().unwrap());
            assert_eq!(score[key], parts.sum::<u64>(), "{key}");
        }
    }
}

fn assessments(document: &Document) -> Vec<&Value> {
    let options = document.json["options"].as_array().unwrap().iter();
    let of_options = options
        .map(|one| &one["assessment"])
        .filter(|one| !one.is_null());
    [&document.json["assessment"]]
        .into_iter()
        .chain(of_options)
        .collect()
}

#[test]
fn of_a_skew() {
    let lab = family::skewed();
    let document = judged(&lab, &["--trial", "--start", "2027-01-04"]);
    traced(&document);
    // Nothing of this machine is in it.
    for path in [lab.root().as_str(), std::env::temp_dir().to_str().unwrap()] {
        let mut lines = document.text.lines();
        let line = lines.find(|line| line.contains(path));
        assert_eq!(line, None, "{path}");
    }
}

#[test]
fn of_what_is_aligned() {
    traced(&judged(&aligned(), &["--trial"]));
}

#[test]
fn of_what_cargo_does_not_resolve() {
    let lab = family::lab(
        &family::live("user = \"1\"\nnobody = \"7\"\n", "user::send();"),
        vec![family::user("nobody", "1.0.0", "^0.32")],
    );
    let document = judged(&lab, &["--trial"]);
    assert_eq!((document.decision(), document.code), ("no-go", 100));
    assert_eq!(document.assessment().blockers()[0], "resolves");
    traced(&document);
}

#[test]
fn the_same_inputs_give_the_same_document() {
    let lab = family::skewed();
    let first = judged(&lab, &["--trial"]);
    let second = judged(&lab, &["--trial"]);
    for (one, other) in first.text.lines().zip(second.text.lines()) {
        assert_eq!(one, other);
    }
    assert_eq!(first.text, second.text);
}

/// Where it was asked from, and by which path, is no part of it.
#[test]
fn another_folder_gives_the_same_document() {
    let lab = family::skewed();
    let policy = "target-line = \"0.33\"\n[readiness.owners]\nuser = \"edge team\"\n";
    lab.sandbox.write("otel-check.toml", policy);
    let here = judged(&lab, &["--certificate", "here.json"]);
    let root = lab.root().join("Cargo.toml");
    for path in ["../Cargo.toml", root.as_str()] {
        let options = ["readiness", "--format", "json", "--manifest-path", path];
        let mut command =
            lab.command(&[&options[..], &["--certificate", "../there.json"]].concat());
        let command = command.current_dir(lab.root().join("src"));
        let output = command.env("SOURCE_DATE_EPOCH", crate::DAY).output();
        let there = String::from_utf8(output.unwrap().stdout).unwrap();
        for (one, other) in here.text.lines().zip(there.lines()) {
            assert_eq!(one, other);
        }
        assert_eq!(here.text, there);
        let [here, there] = ["here.json", "there.json"]
            .map(|name| std::fs::read_to_string(lab.root().join(name)).unwrap());
        assert_eq!(here, there);
    }
}

/// Whoever types a command again asks what was asked.
#[test]
fn commands_have_the_flags() {
    let lab = family::skewed();
    let document = judged(&lab, &["-p", "app", "--target-line", "0.33"]);
    let evidence = document.json["evidence"].as_array().unwrap().iter();
    let commands: BTreeSet<&str> = evidence.filter_map(|one| one["command"].as_str()).collect();
    let of = |name: &str| {
        let start = format!("cargo otel-check {name} ");
        let all = commands.iter().filter(|one| one.starts_with(&start));
        all.copied().collect::<Vec<&str>>()
    };
    assert_eq!(of("check"), ["cargo otel-check check --full -p app"]);
    let plan = "cargo otel-check plan --options --target-line 0.33 -p app";
    assert_eq!(of("plan"), [plan]);
    let bare = commands
        .iter()
        .find(|one| one.ends_with("otel-check check"));
    assert_eq!(bare, None);
    // What is said of an option is said once.
    let aligned = judged(&aligned(), &[]);
    let text = aligned.option("a").text("plan-proven");
    assert_eq!(text, "option A to line 0.33 has nothing to do");
}
