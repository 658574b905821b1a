//! Copies of workspaces in which cargo resolves: they must answer as the real trees do, and leave
//! those alone.

#[path = "support/registry.rs"]
mod loopback;
mod support;

#[path = "plan_shadow/configured.rs"]
mod configured;
#[path = "plan_shadow/edits.rs"]
mod edits;
#[path = "plan_shadow/layouts.rs"]
mod layouts;

use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use otel_check::plan::shadow::{Shadow, Surroundings};
use otel_check::workspace::cargo::{Cargo, Refusal};
use serde_json::Value;

use support::cargo::{cargo, fetch, refusal, stderr};
use support::disk::state;
use support::sandbox::{Sandbox, fixture};
use support::shared::shared_dir;

/// Folders around a shadow of something below a sandbox.
pub fn around(folder: &Utf8Path) -> Surroundings {
    Surroundings {
        folder: Some(folder.to_owned()),
        temporary: Some(env!("CARGO_TARGET_TMPDIR").into()),
        ..Surroundings::default()
    }
}

pub const OFFLINE: Cargo = Cargo {
    locked: true,
    offline: true,
    frozen: false,
};

/// Cargo's metadata of a shadow and of the real tree, which must be equal, refusals too; gives whether
/// there is any. The real tree stays as it was.
#[must_use]
pub fn agree(
    shadow: &Shadow,
    real: &mut Command,
    flags: &[&str],
    watched: &Utf8Path,
    name: &str,
) -> bool {
    let before = state(watched);
    let answer = shadow.metadata(&OFFLINE).unwrap();
    // The copy is asked in this process, and so with the build folder of its environment.
    let variable = "CARGO_TARGET_DIR";
    let mut given = real.get_envs();
    if let Some(folder) = std::env::var_os(variable)
        && !given.any(|(name, value)| name == variable && value.is_some())
    {
        real.env(variable, folder);
    }
    assert_eq!(before, state(watched), "{name}: something was written");
    let output = real
        .args([
            "metadata",
            "--format-version",
            "1",
            "--all-features",
            "--offline",
        ])
        .args(flags)
        .output()
        .unwrap();
    let words = stderr(&output);
    match answer {
        Ok((json, _)) => {
            assert!(
                output.status.success(),
                "{name}: only cargo refuses: {words}"
            );
            let json: Value = serde_json::from_str(&json).unwrap();
            let real: Value = serde_json::from_slice(&output.stdout).unwrap();
            same(&json, &real, name);
            true
        }
        Err(Refusal { stderr, command }) => {
            assert!(!output.status.success(), "{name}: only the copy: {stderr}");
            assert_eq!(without_notes(&stderr), without_notes(&words), "{name}");
            assert!(command.starts_with("cargo metadata"), "{command}");
            assert!(!command.contains("otel-check-"), "{command}");
            false
        }
    }
}

fn same(json: &Value, real: &Value, name: &str) {
    for (key, value) in real.as_object().unwrap() {
        if let (Some(ours), Some(theirs)) = (json[key].as_array(), value.as_array()) {
            for (ours, theirs) in ours.iter().zip(theirs) {
                assert_eq!(ours, theirs, "{name}: {key}");
            }
        }
        assert_eq!(&json[key], value, "{name}: {key}");
    }
    assert_eq!(json, real, "{name}");
}

/// Cargo's words without those about the lock that it writes and others that it waits for.
fn without_notes(words: &str) -> Vec<&str> {
    let notes = ["Locking", "Blocking"];
    let kept = |line: &&str| !notes.iter().any(|note| line.trim_start().starts_with(note));
    words.lines().filter(kept).collect()
}

/// All folders below `fixtures/` that are a workspace.
fn fixtures() -> Vec<String> {
    let all = fixture("");
    let mut found = Vec::new();
    for folder in ["", "precision"] {
        for entry in all.join(folder).read_dir_utf8().unwrap() {
            let path = entry.unwrap().path().to_owned();
            if path.join("expect.toml").is_file() {
                found.push(path.strip_prefix(&all).unwrap().to_string());
            }
        }
    }
    found.sort();
    found
}

fn compare(sandbox: &Sandbox, name: &str) {
    let root = sandbox.root();
    let resolvable = root.join("Cargo.lock").is_file();
    let at_hand = if resolvable {
        fetch(root)
    } else {
        refusal(root).and_then(|flags| match flags {
            ["--offline"] => Ok(()),
            _ => Err("the index is not on disk".into()),
        })
    };
    if let Err(reason) = at_hand {
        eprintln!("skipped: {name}: {reason}");
        return;
    }
    let lock = || std::fs::read_to_string(root.join("Cargo.lock")).ok();
    let before = lock();
    let shadow = Shadow::with(&root.join("Cargo.toml"), &around(root)).unwrap();
    assert_eq!(shadow.root(), root);
    assert!(shadow.lock() == before.as_deref(), "{name}");
    let resolves = agree(&shadow, &mut cargo(root), &[], root, name);
    assert_eq!(resolves, resolvable, "{name}");
    // Cargo writes the lock anew, if in other words only, where it was written otherwise.
    assert!(shadow.new_lock().unwrap() == lock(), "{name}: another lock");
}

#[test]
fn the_fixtures_resolve_as_they_are() {
    let names = fixtures();
    assert!(names.len() >= 15, "{names:?}");
    for name in names {
        compare(&Sandbox::fixture(&name), &name);
    }
}

#[test]
fn reported_skews_resolve_as_they_are() {
    let Some(shared) = shared_dir() else {
        skip!("../shared absent");
    };
    let mut seen = 0;
    for entry in shared.join("repro").read_dir_utf8().unwrap() {
        let folder: Utf8PathBuf = entry.unwrap().path().to_owned();
        if folder.is_dir() {
            compare(&Sandbox::copy(&folder), folder.as_str());
            seen += 1;
        }
    }
    assert!(seen >= 13);
}
