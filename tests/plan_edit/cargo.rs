//! Cargo reads what was written, and sees what was meant.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use otel_check::plan::edit::{Change, Edit, apply_all};
use otel_check::workspace::manifest::DependencyTable::{Dev, Normal};
use serde_json::Value;

use super::{entry, normal, words};

const ROOT: &str = "[workspace]\nmembers = [\"a\"]\nresolver = \"2\"\n";
const MEMBER: &str = "\
[package]
name = \"a\"
version = \"0.1.0\"
edition = \"2021\"

[features]
default = [\"first/f\"]
tool = [\"dep:second\", \"second/f\"]

[dependencies]
first = { path = \"../lib/first\", version = \"0.1\", default-features = false }
second.path = \"../lib/second\"
second.optional = true

[dependencies.third]
path = \"../lib/third\"

[target.'cfg(unix)'.dev-dependencies]
first = { path = \"../lib/first\", version = \"0.1\", features = [\"f\"] }
";

/// What cargo says of the member's dependencies and features, after some changes of it.
fn cargo_says(changes: Vec<Change>) -> (Value, String) {
    let folder = tempfile::TempDir::new().unwrap();
    let root = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
    let put = |path: &Utf8Path, text: &str| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    for name in ["first", "second", "third"] {
        let lib = root.join("lib").join(name);
        let head =
            format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
        put(
            &lib.join("Cargo.toml"),
            &format!("{head}[features]\ndefault = []\nf = []\n"),
        );
        put(&lib.join("src/lib.rs"), "");
    }
    put(&root.join("a/src/lib.rs"), "");
    let (top, member) = (root.join("Cargo.toml"), root.join("a/Cargo.toml"));
    put(&top, ROOT);
    put(&member, MEMBER);
    let texts = BTreeMap::from([
        (top.clone(), Arc::from(ROOT)),
        (member.clone(), Arc::from(MEMBER)),
    ]);
    let edit = |change| Edit {
        manifest: member.clone(),
        change,
    };
    let edits: Vec<Edit> = changes.into_iter().map(edit).collect();
    for (path, text) in apply_all(&texts, &top, &edits).unwrap() {
        put(&path, &text);
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--offline", "--format-version", "1"])
        .current_dir(&root)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let shown = fs::read_to_string(&member).unwrap();
    assert!(output.status.success(), "{said}\n{shown}");
    let all: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = all["packages"].as_array().unwrap();
    let package = packages
        .iter()
        .find(|package| package["name"] == "a")
        .unwrap();
    (package.clone(), said)
}

fn dependency<'a>(package: &'a Value, name: &str, kind: Option<&str>) -> Option<&'a Value> {
    let mut all = package["dependencies"].as_array().unwrap().iter();
    all.find(|one| one["name"] == name && one["kind"].as_str() == kind)
}

#[test]
fn cargo_takes_what_is_shared() {
    let dev = entry(Dev, Some("cfg(unix)"), "first");
    let (package, said) = cargo_says(vec![
        Change::Share {
            at: normal("first"),
        },
        Change::Share { at: dev },
        Change::Share {
            at: normal("second"),
        },
        Change::Share {
            at: normal("third"),
        },
    ]);
    assert!(!said.contains("warning"), "{said}");
    let first = dependency(&package, "first", None).unwrap();
    assert_eq!(first["req"], "^0.1");
    assert_eq!(first["uses_default_features"], false);
    assert!(first["path"].as_str().unwrap().ends_with("/lib/first"));
    let first = dependency(&package, "first", Some("dev")).unwrap();
    assert_eq!(first["uses_default_features"], true);
    assert_eq!(first["features"], serde_json::json!(["f"]));
    let second = dependency(&package, "second", None).unwrap();
    assert_eq!(second["optional"], true);
    assert!(second["path"].as_str().unwrap().ends_with("/lib/second"));
    assert!(dependency(&package, "third", None).is_some());
}

#[test]
fn cargo_takes_what_is_optional_or_gone() {
    let (package, said) = cargo_says(vec![
        Change::MakeOptional {
            at: normal("first"),
            feature: "otel".into(),
        },
        Change::Disable {
            at: normal("second"),
            reason: "no release yet".into(),
        },
        Change::Features {
            at: normal("third"),
            add: words(&["f"]),
            remove: vec![],
        },
        Change::DefaultFeatures {
            at: entry(Normal, None, "third"),
            on: false,
        },
    ]);
    assert!(!said.contains("warning"), "{said}");
    assert_eq!(
        dependency(&package, "first", None).unwrap()["optional"],
        true
    );
    assert!(dependency(&package, "second", None).is_none());
    let third = dependency(&package, "third", None).unwrap();
    assert_eq!(third["features"], serde_json::json!(["f"]));
    assert_eq!(third["uses_default_features"], false);
    let features = serde_json::json!({
        "default": ["first?/f"],
        "otel": ["dep:first"],
        "tool": [],
    });
    assert_eq!(package["features"], features);
}
