//! Every figure has its evidence, every piece of evidence its inputs, and every input its file.

use std::collections::BTreeMap;
use std::fs;

use camino::Utf8Path;
use otel_check::readiness::ledger::digest;
use serde_json::Value;

use crate::readiness;
use crate::support::sandbox::Sandbox;

/// Numbers that say nothing of what was measured: versions of the shape, and the numbers by which
/// phases and steps are called.
const STRUCTURAL: [&str; 4] = ["schema_version", "number", "step", "phase"];

/// Ids in a field, where it is a list of texts.
fn ids<'v>(object: &'v serde_json::Map<String, Value>, field: &str) -> Option<Vec<&'v str>> {
    let items = object.get(field)?.as_array()?;
    items.iter().map(Value::as_str).collect()
}

/// Walks a document; gives the places of numbers for which nothing vouches, and all ids of evidence
/// that are named.
struct Walk<'v> {
    loose: Vec<String>,
    named: Vec<&'v str>,
    numbers: usize,
}

impl<'v> Walk<'v> {
    fn value(&mut self, value: &'v Value, at: &str, vouched: bool) {
        match value {
            Value::Number(_) => {
                self.numbers += 1;
                let name = at.rsplit('/').find(|part| part.parse::<usize>().is_err());
                let structural = name.is_some_and(|name| STRUCTURAL.contains(&name));
                if !vouched && !structural {
                    self.loose.push(at.to_owned());
                }
            }
            Value::Array(items) => {
                for (number, item) in items.iter().enumerate() {
                    self.value(item, &format!("{at}/{number}"), vouched);
                }
            }
            Value::Object(fields) => {
                let mut vouched = vouched;
                if let Some(named) = ids(fields, "evidence") {
                    vouched |= !named.is_empty();
                    self.named.extend(named);
                }
                // What a program printed is itself evidence, made from inputs.
                vouched |= ids(fields, "inputs").is_some_and(|inputs| !inputs.is_empty());
                for (name, field) in fields {
                    self.value(field, &format!("{at}/{name}"), vouched);
                }
            }
            Value::Null | Value::Bool(_) | Value::String(_) => {}
        }
    }
}

fn by_id<'v>(document: &'v Value, list: &str) -> BTreeMap<&'v str, &'v Value> {
    let items = document[list].as_array().unwrap();
    let found: BTreeMap<&str, &Value> = items
        .iter()
        .map(|one| (one["id"].as_str().unwrap(), one))
        .collect();
    assert_eq!(found.len(), items.len(), "ids of {list} are unique");
    found
}

/// A line as `sha256sum` writes it for each file, sorted, and the digest of these.
fn listing(mut files: Vec<(String, Vec<u8>)>) -> String {
    files.sort();
    let lines = files
        .iter()
        .map(|(name, text)| format!("{}  {name}\n", digest(text)));
    digest(lines.collect::<String>().as_bytes())
}

fn files(top: &Utf8Path, below: &Utf8Path, extension: &str, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in below.read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        let path = entry.path();
        if entry.file_type().unwrap().is_dir() {
            if !path.join("Cargo.toml").exists() && entry.file_name() != "target" {
                files(top, path, extension, found);
            }
        } else if path.extension() == Some(extension) {
            let name = path.strip_prefix(top).unwrap().to_string();
            found.push((name, fs::read(path).unwrap()));
        }
    }
}

/// What an input's digest must be, by what is on disk; none where it is nothing on disk.
fn on_disk(root: &Utf8Path, kind: &str, name: &str) -> Option<Value> {
    let own = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let of_file = |path: &Utf8Path| match fs::read(path) {
        Ok(bytes) => Value::from(digest(&bytes)),
        Err(_) => Value::Null,
    };
    match kind {
        "lock" | "manifest" | "policy" | "file" => Some(of_file(&root.join(name))),
        "criteria" => Some(of_file(&own.join(name))),
        "source" => {
            let folder = root.join(name.strip_suffix("**/*.rs").unwrap());
            let mut found = Vec::new();
            files(&folder, &folder, "rs", &mut found);
            Some(listing(found).into())
        }
        "rules" => {
            let mut found = Vec::new();
            for family in own.join("rules").read_dir_utf8().unwrap() {
                let family = family.unwrap();
                if family.file_type().unwrap().is_dir() {
                    files(own, family.path(), "toml", &mut found);
                    files(own, &family.path().join("public-api"), "txt", &mut found);
                }
            }
            // Of that folder only the texts are embedded.
            found.retain(|(name, _)| !name.ends_with("public-api/build.toml"));
            Some(listing(found).into())
        }
        _ => None,
    }
}

fn trace(sandbox: &Sandbox, options: &[&str]) -> Option<Value> {
    let run = readiness(sandbox, &[&["--format", "json"], options].concat())?;
    let document: Value =
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr));
    let mut walk = Walk {
        loose: Vec::new(),
        named: Vec::new(),
        numbers: 0,
    };
    walk.value(&document, "", false);
    assert_eq!(walk.loose, [""; 0], "numbers for which nothing vouches");
    assert!(walk.numbers > 50, "{}", walk.numbers);
    let evidence = by_id(&document, "evidence");
    let inputs = by_id(&document, "inputs");
    for id in walk.named {
        assert!(evidence.contains_key(id), "no evidence {id}");
    }
    for (id, one) in &evidence {
        let of = ids(one.as_object().unwrap(), "inputs").unwrap();
        assert!(!of.is_empty(), "evidence {id} rests on nothing");
        for input in of {
            assert!(
                inputs.contains_key(input),
                "evidence {id}: no input {input}"
            );
        }
        assert!(!one["text"].as_str().unwrap().is_empty(), "{id}");
    }
    let mut seen = 0;
    for (id, input) in &inputs {
        let (kind, name) = (
            input["kind"].as_str().unwrap(),
            input["name"].as_str().unwrap(),
        );
        assert!(!name.contains(sandbox.root().as_str()), "{id}: {name}");
        if let Some(expected) = on_disk(sandbox.root(), kind, name) {
            assert_eq!(input["sha256"], expected, "{kind} {name}");
            seen += 1;
        }
        if kind == "index" {
            assert_eq!(input["sha256"].as_str().map(str::len), Some(64), "{name}");
        }
    }
    assert!(seen >= 8, "{seen}");
    Some(document)
}

#[test]
fn every_figure_leads_to_a_file_as_the_workspace_stands() {
    let Some(sandbox) = Sandbox::fetched("edge-agent") else {
        return;
    };
    let Some(document) = trace(&sandbox, &[]) else {
        return;
    };
    let kinds = |field: &str| -> Vec<&str> {
        let items = document[field].as_array().unwrap();
        items
            .iter()
            .map(|one| one["kind"].as_str().unwrap())
            .collect()
    };
    for kind in [
        "lock",
        "manifest",
        "source",
        "policy",
        "rules",
        "criteria",
        "index",
        "flags",
        "toolchain",
        "day",
    ] {
        assert!(kinds("inputs").contains(&kind), "{kind}");
    }
    for kind in ["advisory", "behaviour-change", "unverified-plan"] {
        assert!(kinds("risks").contains(&kind), "{kind}");
    }
}

#[test]
fn every_figure_leads_to_a_file_with_a_policy_and_commands() {
    let Some(sandbox) = Sandbox::fetched("edge-agent") else {
        return;
    };
    sandbox.write(
        "otel-check.toml",
        "[readiness]\ncanary = [5, 25, 100]\nphase-days = 5\n\n\
         [readiness.owners]\nuplink = \"edge team\"\n\n\
         [[criterion]]\nid = \"smoke-test\"\ntitle = \"spans arrive\"\ncategory = \"operational\"\n\
         weight = 9\nunmet = \"blocker\"\nmeasure = \"command\"\ncommand = [\"rustc\", \"-V\"]\n\n\
         [[attestation]]\ncriterion = \"owned\"\nname = \"Ada Lovelace\"\ndate = 2026-01-01\n\n\
         [[exception]]\ncode = \"advisory\"\nreason = \"behind a proxy\"\nowner = \"edge team\"\nexpires = 2999-01-01\n",
    );
    let options = ["--run", "--start", "2027-01-04"];
    let Some(document) = trace(&sandbox, &options) else {
        return;
    };
    let evidence = document["evidence"].as_array().unwrap();
    let runs = evidence.iter().filter(|one| one["run"].is_object());
    assert!(runs.count() >= 1, "the command's output is kept");
    let risks = document["risks"].as_array().unwrap();
    let advisory = risks.iter().find(|one| one["kind"] == "advisory").unwrap();
    assert_eq!(advisory["status"]["kind"], "accepted", "{advisory:#}");
    assert_eq!(advisory["status"]["owner"], "edge team");
}
