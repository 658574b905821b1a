//! Scratch copies in which cargo compiles the real sources.

#[path = "support/registry.rs"]
mod loopback;
mod support;

#[path = "plan_trial/copies.rs"]
mod copies;

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use otel_check::plan::shadow::{Shadow, Surroundings};
use otel_check::plan::trial::{Scope, Scratch, Trial};
use otel_check::workspace::cargo::Cargo;
use otel_check::workspace::resolve_error::is_resolution_failure;

use support::cargo::fetch;
use support::disk::state;
use support::sandbox::Sandbox;
use support::shared::shared_dir;

pub const OFFLINE: Cargo = Cargo {
    locked: false,
    offline: true,
    frozen: false,
};

pub fn around(folder: &Utf8Path) -> Surroundings {
    Surroundings {
        folder: Some(folder.to_owned()),
        temporary: Some(env!("CARGO_TARGET_TMPDIR").into()),
        ..Surroundings::default()
    }
}

/// A copy of the workspace in a folder.
pub fn scratch(folder: &Utf8Path) -> Scratch {
    Scratch::with("Cargo.toml".into(), &around(folder)).unwrap()
}

/// Compiles everything, with these changes.
pub fn compile(scratch: &Scratch, changed: &BTreeMap<Utf8PathBuf, String>) -> Trial {
    let scope = Scope::everything();
    let trial = scratch.compile(changed, None, &OFFLINE, &scope, &mut |_| {});
    trial.unwrap().unwrap()
}

/// Code and place of each error.
pub fn places(trial: &Trial) -> Vec<String> {
    let mut places: Vec<String> = trial
        .errors
        .iter()
        .map(|fault| {
            let code = fault.code.as_deref().unwrap_or("-");
            match &fault.spot {
                Some(spot) => format!("{code} {}:{}:{}", spot.file, spot.line, spot.column),
                None => code.to_owned(),
            }
        })
        .collect();
    places.sort();
    places
}

/// The story's workspace, with the bridge moved by two lines: 0.28 is made for the line that the
/// agent is on.
#[test]
fn the_storys_bridge_moves_and_the_agent_still_compiles() {
    let sandbox = Sandbox::fixture("edge-agent");
    let root = sandbox.root();
    if let Err(reason) = fetch(root) {
        skip!("{reason}");
    }
    let before = state(root);
    let manifest = root.join("Cargo.toml");
    let shadow = Shadow::with(&manifest, &around(root)).unwrap();
    let change: BTreeMap<Utf8PathBuf, String> = shadow
        .manifests()
        .iter()
        .filter(|(path, _)| path.starts_with(root))
        .filter_map(|(path, text)| {
            let line = text
                .lines()
                .find(|l| l.starts_with("tracing-opentelemetry"))?;
            let new = line.replace("0.26", "0.28");
            (new != line).then(|| (path.clone(), text.replace(line, &new)))
        })
        .collect();
    assert_eq!(change.len(), 1);
    shadow.reset(&change).unwrap();
    if let Err(refusal) = shadow.metadata(&OFFLINE).unwrap() {
        skip!("the releases are not on disk: {}", refusal.stderr);
    }
    let lock = shadow.new_lock().unwrap().unwrap();
    let scratch = scratch(root);
    let as_it_is = compile(&scratch, &BTreeMap::new());
    assert!(as_it_is.compiles, "{}", as_it_is.stderr);
    let mut done = Vec::new();
    let trial = scratch
        .compile(
            &change,
            Some(&lock),
            &OFFLINE,
            &Scope::everything(),
            &mut |name| {
                done.push(name.to_owned());
            },
        )
        .unwrap()
        .unwrap();
    assert_eq!(places(&trial), Vec::<String>::new(), "{}", trial.stderr);
    assert!(trial.compiles);
    for package in ["edge-agent", "uplink", "tracing-opentelemetry"] {
        assert!(
            done.iter().any(|name| name == package),
            "{package}: {done:?}"
        );
    }
    assert!(before == state(root), "something was written");
    assert_eq!(
        trial.command,
        format!(
            "cargo check --workspace --all-targets --keep-going --message-format=json --offline --manifest-path {manifest}"
        )
    );
}

#[test]
fn a_reported_clash_is_found_where_it_was_reported() {
    let Some(shared) = shared_dir() else {
        skip!("../shared absent");
    };
    let sandbox = Sandbox::copy(&shared.join("repro/to-206"));
    if let Err(reason) = fetch(sandbox.root()) {
        skip!("{reason}");
    }
    let trial = compile(&scratch(sandbox.root()), &BTreeMap::new());
    assert!(!trial.compiles);
    let fault = &trial.errors[0];
    assert_eq!(fault.code.as_deref(), Some("E0277"));
    assert!(fault.local);
    let spot = fault.spot.as_ref().unwrap();
    assert_eq!(spot.file, "src/main.rs");
    let source = std::fs::read_to_string(sandbox.root().join(&spot.file)).unwrap();
    let line = source.lines().nth(spot.line - 1).unwrap();
    assert!(line.chars().count() >= spot.column, "{line}");
    let shown = format!("--> src/main.rs:{}:{}", spot.line, spot.column);
    assert!(fault.rendered.contains(&shown), "{}", fault.rendered);
}

#[test]
fn what_cargo_cannot_resolve_is_refused() {
    let sandbox = Sandbox::fixture("edge-agent-unresolvable");
    if let Err(reason) = support::cargo::refusal(sandbox.root()) {
        skip!("{reason}");
    }
    let scratch = scratch(sandbox.root());
    let scope = Scope::everything();
    let online = Cargo::default();
    let answer = scratch.compile(&BTreeMap::new(), None, &online, &scope, &mut |_| {});
    let refusal = answer.unwrap().unwrap_err();
    assert!(is_resolution_failure(&refusal.stderr), "{}", refusal.stderr);
    assert!(
        refusal.stderr.contains(sandbox.root().as_str()),
        "{}",
        refusal.stderr
    );
}
