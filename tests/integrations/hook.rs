//! The hook, run by pre-commit in a repository.

use std::process::{Command, Output};
use std::sync::LazyLock;

use camino::{Utf8Path, Utf8PathBuf};

use crate::skip;
use crate::support::cargo::{clean, fetch, stderr};
use crate::support::sandbox::Sandbox;

use super::{repository, there};

/// Where pre-commit is; or why it is not. It is kept for the next run.
static PRE_COMMIT: LazyLock<Result<Utf8PathBuf, String>> = LazyLock::new(|| {
    if !there("git", "--version") || !there("python3", "--version") {
        return Err("no git, or no python3".into());
    }
    let folder = Utf8Path::new(env!("CARGO_TARGET_TMPDIR")).join("pre-commit");
    let program = folder.join("bin/pre-commit");
    if there(program.as_str(), "--version") {
        return Ok(program);
    }
    let run = |command: &mut Command| match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(stderr(&output)),
        Err(error) => Err(error.to_string()),
    };
    run(Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&folder))?;
    let pip = ["-m", "pip", "install", "--quiet", "pre-commit==4.3.0"];
    run(Command::new(folder.join("bin/python")).args(pip))
        .map_err(|error| format!("pre-commit cannot be had: {error}"))?;
    Ok(program)
});

fn pre_commit(sandbox: &Sandbox, program: &Utf8Path, arguments: &[&str]) -> Output {
    let binary = Utf8Path::new(env!("CARGO_BIN_EXE_cargo-otel-check"));
    let path = std::env::var("PATH").unwrap();
    let mut command = Command::new(program);
    command.args(arguments).current_dir(sandbox.root());
    clean(&mut command);
    command
        .env("PATH", format!("{}:{path}", binary.parent().unwrap()))
        .env("PRE_COMMIT_HOME", sandbox.root().join(".home"))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("CARGO_NET_OFFLINE", "true");
    command.output().unwrap()
}

fn git(folder: &Utf8Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@b",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        stderr(&output)
    );
}

fn committed(folder: &Utf8Path) {
    git(folder, &["init", "-q", "-b", "main"]);
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", "Begin"]);
}

#[test]
fn a_commit_that_loses_telemetry_is_refused() {
    let program = match &*PRE_COMMIT {
        Ok(program) => program,
        Err(reason) => skip!("{reason}"),
    };
    let sandbox = Sandbox::fixture("edge-agent");
    if let Err(reason) = fetch(sandbox.root()) {
        skip!("{reason}");
    }
    // Another repository that offers the hooks as this one does.
    let hooks = Sandbox::empty();
    let text = std::fs::read_to_string(repository().join(".pre-commit-hooks.yaml")).unwrap();
    hooks.write(".pre-commit-hooks.yaml", &text);
    committed(hooks.root());
    let config = format!(
        "repos:\n  - repo: {}\n    rev: main\n    hooks:\n      - id: otel-check-installed\n",
        hooks.root()
    );
    sandbox.write(".pre-commit-config.yaml", &config);
    sandbox.write(".gitignore", ".home\n");
    committed(sandbox.root());
    let all = pre_commit(&sandbox, program, &["run", "--all-files"]);
    let shown = String::from_utf8_lossy(&all.stdout);
    assert_eq!(all.status.code(), Some(1), "{shown}{}", stderr(&all));
    assert!(
        shown.contains("exit code: 100") && shown.contains("lost-telemetry"),
        "{shown}"
    );
    // A commit that touches no manifest is not held up.
    sandbox.write("agent/src/more.rs", "");
    git(sandbox.root(), &["add", "-A"]);
    let other = pre_commit(&sandbox, program, &["run"]);
    assert_eq!(
        other.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&other.stdout)
    );
    assert!(String::from_utf8_lossy(&other.stdout).contains("Skipped"));
    // With a policy that lets through what is there, one that does passes.
    let init = crate::support::tool::run(&sandbox, &["init", "--offline"]);
    assert_eq!(init.code, 0, "{}", init.stderr);
    git(sandbox.root(), &["add", "-A"]);
    let green = pre_commit(&sandbox, program, &["run"]);
    let shown = String::from_utf8_lossy(&green.stdout);
    assert_eq!(green.status.code(), Some(0), "{shown}");
    assert!(shown.contains("Passed"), "{shown}");
}

#[test]
fn pre_commit_takes_the_manifest_of_hooks() {
    let program = match &*PRE_COMMIT {
        Ok(program) => program,
        Err(reason) => skip!("{reason}"),
    };
    let sandbox = Sandbox::empty();
    let manifest = repository().join(".pre-commit-hooks.yaml");
    let output = pre_commit(&sandbox, program, &["validate-manifest", manifest.as_str()]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}
