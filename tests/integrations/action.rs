//! The script of the action, where the variables of a runner are set and nothing else is.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::skip;
use crate::support::cargo::{clean, fetch};
use crate::support::sandbox::Sandbox;

use super::{repository, there};

/// What a runner sees of a run.
struct Job {
    code: i32,
    log: String,
    error: String,
    outputs: BTreeMap<String, String>,
    summary: String,
}

fn job(sandbox: &Sandbox, inputs: &[(&str, &str)], path: Option<&str>) -> Job {
    let temp = sandbox.root().join("runner");
    std::fs::create_dir_all(&temp).unwrap();
    let (output, summary) = (temp.join("output"), temp.join("summary"));
    std::fs::write(&output, "").unwrap();
    std::fs::write(&summary, "").unwrap();
    let mut command = Command::new("bash");
    command
        .arg(repository().join(".ci/action"))
        .current_dir(sandbox.root());
    clean(&mut command);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("GITHUB_")) {
        command.env_remove(name);
    }
    command
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_WORKSPACE", sandbox.root())
        .env("GITHUB_OUTPUT", &output)
        .env("GITHUB_STEP_SUMMARY", &summary)
        .env("GITHUB_ACTION_PATH", repository())
        .env("RUNNER_TEMP", &temp)
        .env("CARGO_NET_OFFLINE", "true");
    if let Some(path) = path {
        command.env("PATH", path);
    }
    for (name, value) in inputs {
        command.env(format!("INPUT_{name}"), value);
    }
    let run = command.output().unwrap();
    let outputs = std::fs::read_to_string(&output).unwrap();
    let outputs = outputs.lines().filter_map(|line| line.split_once('='));
    Job {
        code: run.status.code().unwrap(),
        log: String::from_utf8(run.stdout).unwrap(),
        error: String::from_utf8(run.stderr).unwrap(),
        outputs: outputs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        summary: std::fs::read_to_string(&summary).unwrap(),
    }
}

fn ready(name: &str) -> Option<Sandbox> {
    let sandbox = Sandbox::fixture(name);
    let missing = match there("bash", "--version") {
        true => fetch(sandbox.root()).err(),
        false => Some("no bash".to_owned()),
    };
    match missing {
        None => Some(sandbox),
        Some(reason) => {
            eprintln!("skipped: {reason}");
            None
        }
    }
}

const BINARY: (&str, &str) = ("BINARY", env!("CARGO_BIN_EXE_cargo-otel-check"));

#[test]
fn a_skew_blocks_the_pull_request() {
    let Some(sandbox) = ready("edge-agent") else {
        return;
    };
    let job = job(
        &sandbox,
        &[BINARY, ("ARGS", "--locked"), ("UPLOAD_SARIF", "true")],
        None,
    );
    assert_eq!(job.code, 100, "{}{}", job.log, job.error);
    let errors = job
        .log
        .lines()
        .filter(|line| line.starts_with("::error file="));
    assert_eq!(errors.count(), 2, "{}", job.log);
    assert!(job.summary.contains("lost-telemetry"), "{}", job.summary);
    assert_eq!(job.outputs["exit-code"], "100");
    assert_eq!(job.outputs["deny"], "2");
    let sarif = std::fs::read_to_string(&job.outputs["sarif"]).unwrap();
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let report = std::fs::read_to_string(&job.outputs["report"]).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["summary"]["deny"], 2);
    assert_eq!(report["summary"]["warn"].to_string(), job.outputs["warn"]);
}

#[test]
fn what_is_clean_passes() {
    let Some(sandbox) = ready("clean") else {
        return;
    };
    let job = job(&sandbox, &[BINARY], None);
    assert_eq!(job.code, 0, "{}{}", job.log, job.error);
    assert_eq!(job.outputs["exit-code"], "0");
    assert_eq!(job.outputs["deny"], "0");
    assert!(!job.outputs.contains_key("sarif"));
}

#[test]
fn flags_are_split_and_never_run() {
    let Some(sandbox) = ready("edge-agent") else {
        return;
    };
    let run = |inputs: &[(&str, &str)]| job(&sandbox, &[&[BINARY], inputs].concat(), None);
    let allowed = run(&[("ARGS", "--allow lost-telemetry\n  '--allow' \"advisory\"")]);
    assert_eq!(allowed.code, 0, "{}{}", allowed.log, allowed.error);
    let code = run(&[("ARGS", "$(touch ran) `touch ran` ; touch ran")]);
    assert_eq!(code.code, 2, "{}", code.error);
    assert_eq!(code.outputs["exit-code"], "2");
    assert!(!sandbox.root().join("ran").exists());
    // Nothing is left out in silence where the flags cannot be told apart.
    let unended = run(&[("ARGS", "--allow 'lost-telemetry")]);
    assert_eq!(unended.code, 2, "{}{}", unended.log, unended.error);
    assert!(unended.log.starts_with("::error title=otel-check::"));
    let elsewhere = run(&[("WORKING_DIRECTORY", "crates/uplink"), ("FORMAT", "human")]);
    assert_eq!(elsewhere.code, 100, "{}", elsewhere.error);
    assert!(elsewhere.log.starts_with("skewed:"), "{}", elsewhere.log);
    let nowhere = run(&[("WORKING_DIRECTORY", "none")]);
    assert_ne!(nowhere.code, 0);
}

/// What bash of macOS does not know would fail there alone.
#[test]
fn the_script_keeps_to_an_old_bash() {
    let script = std::fs::read_to_string(repository().join(".ci/action")).unwrap();
    let code = script
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let code: Vec<&str> = code.collect();
    for word in [
        "mapfile",
        "readarray",
        "declare -A",
        "local -n",
        ",,}",
        "^^}",
        "@Q}",
        "|&",
    ] {
        assert!(!code.iter().any(|line| line.contains(word)), "{word}");
    }
}

/// On Windows the next step reads a path that the shell of this one has made.
#[test]
fn paths_are_those_of_the_system() {
    let Some(sandbox) = ready("edge-agent") else {
        return;
    };
    let own = programs(&sandbox, &[("cygpath", "echo \"D:/a/$4\"")]);
    let path = format!("{own}:{}", std::env::var("PATH").unwrap());
    let inputs = [("UPLOAD_SARIF", "true"), ("VERSION", "")];
    // The one that is there, by its name.
    let binary = Path::new(BINARY.1).parent().unwrap().to_str().unwrap();
    let job = job(&sandbox, &inputs, Some(&format!("{path}:{binary}")));
    assert_eq!(job.code, 100, "{}{}", job.log, job.error);
    assert_eq!(job.outputs["sarif"], "D:/a/otel-check.sarif");
    let calls = std::fs::read_to_string(sandbox.root().join("calls")).unwrap();
    assert_eq!(calls, "cygpath --absolute --mixed -- otel-check.sarif\n");
}

/// A folder of programs that write down how they are called.
fn programs(sandbox: &Sandbox, names: &[(&str, &str)]) -> String {
    use std::os::unix::fs::PermissionsExt;
    for (name, script) in names {
        let path = format!("bin/{name}");
        sandbox.write(
            &path,
            &format!("#!/bin/sh\necho \"{name} $*\" >> calls\n{script}\n"),
        );
        let path = sandbox.root().join(path);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    format!("{}:/usr/bin:/bin", sandbox.root().join("bin"))
}

#[test]
fn it_installs_what_is_not_there() {
    if !there("bash", "--version") {
        skip!("no bash");
    }
    let made = "printf '#!/bin/sh\\necho \"checked $*\" >> calls\\n' > bin/cargo-otel-check; chmod +x bin/cargo-otel-check";
    let calls = |names: &[(&str, &str)], version: &str| {
        let sandbox = Sandbox::empty();
        let path = programs(&sandbox, names);
        let job = job(&sandbox, &[("VERSION", version)], Some(&path));
        assert_eq!(job.code, 0, "{}", job.error);
        assert_eq!(job.log, "", "installing is no part of the answer");
        std::fs::read_to_string(sandbox.root().join("calls")).unwrap()
    };
    let checked = "checked check --format github";
    let built = calls(&[("cargo", made)], "");
    assert!(
        built.starts_with("cargo install --locked cargo-otel-check\nchecked"),
        "{built}"
    );
    let built = calls(&[("cargo", made)], "1.2.3");
    assert!(
        built.starts_with("cargo install --locked cargo-otel-check --version 1.2.3\n"),
        "{built}"
    );
    let got = calls(&[("cargo", made), ("cargo-binstall", "")], "1.2.3");
    assert!(
        got.starts_with("cargo binstall --no-confirm cargo-otel-check@1.2.3\n"),
        "{got}"
    );
    let lines = got.lines().count();
    assert_eq!(lines, 2, "{got}");
    // Where there is no such archive, it is built.
    let fails = format!("[ \"$1\" = install ] || exit 1\n{made}");
    let built = calls(&[("cargo", &fails), ("cargo-binstall", "")], "");
    assert!(
        built.contains("cargo binstall") && built.contains("cargo install"),
        "{built}"
    );
    // Another release than the one that was asked for does not judge.
    let sandbox = Sandbox::empty();
    let path = programs(&sandbox, &[("cargo", "exit 7"), ("cargo-otel-check", "")]);
    let job = job(&sandbox, &[("VERSION", "2.0.0")], Some(&path));
    assert_eq!(job.code, 7, "{}", job.error);
    let called = std::fs::read_to_string(sandbox.root().join("calls")).unwrap();
    assert!(!called.contains("cargo-otel-check check"), "{called}");
    // What is installed is used, unless a release is asked for.
    let own = calls(&[("cargo-otel-check", "")], "");
    assert!(
        own.starts_with("cargo-otel-check check --format github"),
        "{own}"
    );
    let other = calls(&[("cargo", made), ("cargo-otel-check", "")], "2.0.0");
    assert!(
        other.starts_with("cargo install") && other.contains(checked),
        "{other}"
    );
}
