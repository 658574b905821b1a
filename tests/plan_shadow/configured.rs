//! Cargo's configuration counts in a copy as it does in the real tree.

use std::collections::BTreeMap;

use otel_check::plan::shadow::{Shadow, Surroundings};
use serde_json::Value;

use crate::support::cargo::cargo;
use crate::support::sandbox::Sandbox;
use crate::{OFFLINE, agree, around};

fn manifest(name: &str, version: &str, more: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2021\"\n{more}")
}

/// A workspace whose `app` requires `dep = "1"`, and nothing to get it from.
fn tree() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write("up/ws/Cargo.toml", "[workspace]\nmembers = [\"app\"]\n");
    sandbox.write(
        "up/ws/app/Cargo.toml",
        &manifest("app", "0.1.0", "[dependencies]\ndep = \"1\"\n"),
    );
    sandbox.write("up/ws/app/src/main.rs", "fn main() {}");
    sandbox
}

/// Release 1.0.0 of `dep`, as `cargo vendor` lays it out.
fn vendor(sandbox: &Sandbox, folder: &str) {
    let at = |name: &str| format!("{folder}/dep/{name}");
    sandbox.write(&at("Cargo.toml"), &manifest("dep", "1.0.0", ""));
    sandbox.write(&at("src/lib.rs"), "");
    let sum = "0".repeat(64);
    sandbox.write(
        &at(".cargo-checksum.json"),
        &format!("{{\"files\":{{}},\"package\":\"{sum}\"}}"),
    );
}

const VENDORED: &str =
    "[source.crates-io]\nreplace-with = \"here\"\n[source.here]\ndirectory = \"kept/vendor\"\n";

fn shadow(sandbox: &Sandbox, around: &Surroundings) -> Shadow {
    Shadow::with(&sandbox.root().join("up/ws/Cargo.toml"), around).unwrap()
}

#[test]
fn vendored_sources_named_by_a_relative_path_above() {
    let sandbox = tree();
    sandbox.write("up/.cargo/config.toml", VENDORED);
    vendor(&sandbox, "up/kept/vendor");
    let folder = sandbox.root().join("up/ws/app");
    let shadow = shadow(&sandbox, &around(&folder));
    let manifest = ["--manifest-path", "../Cargo.toml"];
    assert!(agree(
        &shadow,
        &mut cargo(&folder),
        &manifest,
        sandbox.root(),
        "vendored",
    ));
}

#[test]
fn included_configuration() {
    let sandbox = tree();
    sandbox.write(
        "up/ws/.cargo/config.toml",
        "include = [\"more/source.toml\"]\n",
    );
    sandbox.write(
        "up/ws/.cargo/more/source.toml",
        &VENDORED.replace("kept/vendor", "../vendor"),
    );
    vendor(&sandbox, "up/ws/.cargo/vendor");
    vendor(&sandbox, "up/ws/vendor");
    let folder = sandbox.root().join("up/ws");
    let shadow = shadow(&sandbox, &around(&folder));
    assert!(agree(
        &shadow,
        &mut cargo(&folder),
        &[],
        sandbox.root(),
        "included",
    ));
}

#[test]
fn a_patch_of_the_configuration_leads_into_the_copy() {
    let sandbox = tree();
    let config = "[patch.crates-io]\ndep = { path = \"../fork\" }\n[patch.\"https://example.invalid/index\"]\nother = { path = \"../unused\" }\n";
    sandbox.write("up/ws/.cargo/config.toml", config);
    sandbox.write(
        "up/fork/Cargo.toml",
        &manifest(
            "dep",
            "1.2.0",
            "[dependencies]\nbelow = { path = \"../below\" }\n",
        ),
    );
    sandbox.write("up/fork/src/lib.rs", "");
    sandbox.write("up/below/Cargo.toml", &manifest("below", "0.1.0", ""));
    sandbox.write("up/below/src/lib.rs", "");
    sandbox.write("up/unused/Cargo.toml", &manifest("other", "0.1.0", ""));
    sandbox.write("up/unused/src/lib.rs", "");
    let folder = sandbox.root().join("up/ws");
    // The fork is a member's dependency by path, too: it must stay one package.
    sandbox.write(
        "up/ws/Cargo.toml",
        "[workspace]\nmembers = [\"app\", \"too\"]\n",
    );
    let by_path = "[dependencies]\ndep = { path = \"../../fork\" }\n";
    sandbox.write("up/ws/too/Cargo.toml", &manifest("too", "0.1.0", by_path));
    sandbox.write("up/ws/too/src/lib.rs", "");
    let shadow = shadow(&sandbox, &around(&folder));
    assert!(agree(
        &shadow,
        &mut cargo(&folder),
        &[],
        sandbox.root(),
        "patched"
    ));
    let fork = sandbox.root().join("up/fork/Cargo.toml");
    let (json, _) = shadow.metadata(&OFFLINE).unwrap().unwrap();
    assert_eq!(versions(&json, "dep"), ["1.2.0"]);
    let text = shadow.manifests()[&fork].replace("1.2.0", "1.3.0");
    shadow.reset(&BTreeMap::from([(fork, text)])).unwrap();
    let (json, _) = shadow.metadata(&OFFLINE).unwrap().unwrap();
    assert_eq!(versions(&json, "dep"), ["1.3.0"]);
}

/// The versions of a package in metadata.
pub fn versions(json: &str, name: &str) -> Vec<String> {
    let json: Value = serde_json::from_str(json).unwrap();
    let packages = json["packages"].as_array().unwrap().iter();
    let mut found: Vec<String> = packages
        .filter(|package| package["name"] == name)
        .map(|package| package["version"].as_str().unwrap().to_owned())
        .collect();
    found.sort();
    found
}

#[test]
fn overriding_paths_are_used_where_they_are() {
    let sandbox = tree();
    let config = format!("paths = [\"local\"]\n{VENDORED}");
    sandbox.write("up/ws/.cargo/config.toml", &config);
    vendor(&sandbox, "up/ws/kept/vendor");
    sandbox.write(
        "up/ws/local/Cargo.toml",
        &manifest("dep", "1.0.0", "[workspace]\n"),
    );
    sandbox.write("up/ws/local/src/lib.rs", "");
    let folder = sandbox.root().join("up/ws");
    let shadow = shadow(&sandbox, &around(&folder));
    assert!(agree(
        &shadow,
        &mut cargo(&folder),
        &[],
        sandbox.root(),
        "paths"
    ));
}

#[test]
fn the_users_build_folder_stays_as_it_is() {
    for (config, variable) in [
        ("[build]\ntarget-dir = \"../out\"\n", None),
        ("", Some("elsewhere")),
        ("", None),
    ] {
        let sandbox = tree();
        vendor(&sandbox, "up/ws/kept/vendor");
        let config = format!("{VENDORED}{config}");
        sandbox.write("up/ws/.cargo/config.toml", &config);
        // Cargo keeps what it knows of rustc in such a folder where there is one.
        for folder in ["up/out", "up/ws/elsewhere", "up/ws/target"] {
            sandbox.write(&format!("{folder}/x"), "");
        }
        let folder = sandbox.root().join("up/ws");
        let mut around = around(&folder);
        let mut real = cargo(&folder);
        if let Some(name) = variable {
            around
                .variables
                .insert("CARGO_TARGET_DIR".into(), name.into());
            real.env("CARGO_TARGET_DIR", name);
        }
        let shadow = shadow(&sandbox, &around);
        assert!(agree(&shadow, &mut real, &[], sandbox.root(), &config));
    }
}
