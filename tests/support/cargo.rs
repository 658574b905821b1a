//! Cargo, run for its answers.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Output};
use std::sync::LazyLock;

use camino::Utf8Path;
use semver::Version;
use serde::Deserialize;

use super::sandbox::Sandbox;

/// `cargo` in a folder, with an environment that does not leak the outer build's settings.
pub fn cargo(folder: &Utf8Path) -> Command {
    let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
    command.current_dir(folder);
    clean(&mut command);
    command
}

/// Takes out of a command's environment what the outer cargo put there.
pub fn clean(command: &mut Command) {
    for (name, _) in std::env::vars() {
        let outer = name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_BIN_");
        if outer || name == "CARGO_MANIFEST_DIR" || name == "CARGO_TARGET_DIR" {
            command.env_remove(name);
        }
    }
    command.env("CARGO_TERM_COLOR", "never");
}

/// Runs a command that must succeed, and gives what it printed.
pub fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}\n{}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Sees to it that every package of a lock is on disk, so that all that follows can be offline.
///
/// # Errors
/// The reason to skip, where the packages are neither on disk nor to be had.
pub fn fetch(root: &Utf8Path) -> Result<(), String> {
    let run = |flags: &[&str]| cargo(root).arg("fetch").args(flags).output().unwrap();
    if run(&["--locked", "--offline"]).status.success() {
        return Ok(());
    }
    let output = run(&["--locked"]);
    if output.status.success() {
        return Ok(());
    }
    let message = stderr(&output);
    assert!(
        is_network_failure(&message),
        "`cargo fetch --locked` in {root} failed for another reason than the network:\n{message}"
    );
    Err(format!(
        "the packages of {root} are neither in cargo's cache nor to be had: {}",
        message.lines().next().unwrap_or_default()
    ))
}

/// Makes sure that cargo refuses to resolve a workspace, and gives the flags with which it does so:
/// offline where the index on disk suffices.
///
/// # Errors
/// The reason to skip, where the index is neither on disk nor to be had.
pub fn refusal(root: &Utf8Path) -> Result<&'static [&'static str], String> {
    let run = |flags: &[&str]| {
        let mut command = cargo(root);
        command
            .args(["metadata", "--format-version", "1"])
            .args(flags);
        let output = command.output().unwrap();
        assert!(!output.status.success(), "cargo resolves {root}");
        stderr(&output)
    };
    if is_refusal(&run(&["--offline"])) {
        return Ok(&["--offline"]);
    }
    let message = run(&[]);
    if is_refusal(&message) {
        return Ok(&[]);
    }
    assert!(
        is_network_failure(&message),
        "cargo fails in {root}:\n{message}"
    );
    Err(format!(
        "the index is neither on disk nor to be had for {root}"
    ))
}

/// Whether cargo says that requirements contradict each other, and not that it knows too little.
fn is_refusal(message: &str) -> bool {
    message.contains("failed to select a version") && !message.contains("offline")
}

/// Whether a message, of cargo or of the binary, says that the registry could not be asked.
pub fn is_network_failure(message: &str) -> bool {
    [
        "failed to download",
        "Could not resolve host",
        "Couldn't resolve host",
        "Could not connect",
        "download of config.json failed",
        "failed to get successful HTTP response",
        "network failure",
        "spurious network error",
        "Timeout was reached",
    ]
    .iter()
    .any(|text| message.contains(text))
}

/// Packages and members as `cargo metadata` has them.
pub struct Metadata {
    /// Name and version by package id.
    pub packages: BTreeMap<String, (String, Version)>,
    pub members: Vec<String>,
    /// Names of the members that are procedural macros.
    macros: BTreeSet<String>,
}

impl Metadata {
    pub fn name(&self, id: &str) -> &str {
        &self.packages[id].0
    }

    pub fn is_member(&self, id: &str) -> bool {
        self.members.iter().any(|member| member == id)
    }

    pub fn is_macro(&self, name: &str) -> bool {
        self.macros.contains(name)
    }

    /// Names of the members, in order.
    pub fn member_names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.members.iter().map(|id| self.name(id)).collect();
        names.sort_unstable();
        names
    }
}

#[derive(Deserialize)]
struct RawMetadata {
    packages: Vec<RawPackage>,
    workspace_members: Vec<String>,
}

#[derive(Deserialize)]
struct RawPackage {
    id: String,
    name: String,
    version: Version,
    targets: Vec<RawTarget>,
}

#[derive(Deserialize)]
struct RawTarget {
    kind: Vec<String>,
}

/// Runs `cargo metadata`, for all features. The packages must be on disk.
pub fn metadata(sandbox: &Sandbox) -> Metadata {
    let mut command = sandbox.cargo();
    command
        .args(["metadata", "--format-version", "1", "--all-features"])
        .args(["--locked", "--offline"]);
    let raw: RawMetadata = serde_json::from_str(&succeed(&mut command)).unwrap();
    let is_macro = |package: &RawPackage| {
        let mut kinds = package.targets.iter().flat_map(|target| &target.kind);
        raw.workspace_members.contains(&package.id) && kinds.any(|kind| kind == "proc-macro")
    };
    let macros = raw.packages.iter().filter(|p| is_macro(p));
    Metadata {
        macros: macros.map(|p| p.name.clone()).collect(),
        packages: raw
            .packages
            .into_iter()
            .map(|p| (p.id, (p.name, p.version)))
            .collect(),
        members: raw.workspace_members,
    }
}

/// The target triple of the compiler.
pub fn host() -> &'static str {
    static HOST: LazyLock<String> = LazyLock::new(|| {
        let text = succeed(Command::new("rustc").arg("-vV"));
        let line = text.lines().find_map(|line| line.strip_prefix("host: "));
        line.unwrap().to_owned()
    });
    &HOST
}
