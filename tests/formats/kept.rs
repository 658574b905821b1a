//! Files of the workspace and of the run, which no answer takes the place of.

use std::collections::BTreeMap;

use super::Sandbox;
use super::{Ready, command, run};

/// A workspace that is answered from its lock, with a baseline beside it.
fn quick() -> Sandbox {
    let sandbox = Sandbox::fixture("clean");
    sandbox.write("known.json", "{\"version\": 1, \"findings\": []}\n");
    sandbox
}

fn texts(sandbox: &Sandbox) -> BTreeMap<String, String> {
    let entries = sandbox.root().read_dir_utf8().unwrap();
    let entries = entries.map(Result::unwrap);
    entries
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().to_owned(), text)
        })
        .collect()
}

fn refused(sandbox: &Sandbox, arguments: &[&str], word: &str) {
    let before = texts(sandbox);
    let run = run(sandbox, arguments);
    assert_eq!(run.code, 2, "{arguments:?}: {}{}", run.stdout, run.stderr);
    assert_eq!(run.stdout, "", "{arguments:?}");
    assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
    assert_eq!(texts(sandbox), before, "{arguments:?}");
}

#[test]
fn the_workspace_is_not_written_over() {
    let sandbox = quick();
    sandbox.write("otel-check.toml", "");
    sandbox.write("member/Cargo.toml", "");
    for (format, word) in [
        ("json=Cargo.toml", "a manifest, Cargo.toml"),
        ("json=./Cargo.toml", "a manifest, ./Cargo.toml"),
        ("json=src/../Cargo.lock", "a lockfile"),
        ("json=otel-check.toml", "a policy"),
        ("json=member/Cargo.toml", "a manifest"),
        // Nor is one made that other programs would take for what it is not.
        ("json=src/Cargo.lock", "a lockfile"),
        ("json=cargo.TOML", "a manifest"),
    ] {
        refused(&sandbox, &["check", "--format", format], word);
        refused(&sandbox, &["--format", format], word);
    }
    let other = ["inventory", "--format", "csv", "--output", "Cargo.lock"];
    refused(&sandbox, &other, "the answer as `csv` would take the place");
    for command in ["plan", "matrix", "fix", "spec", "explain"] {
        let arguments = [command, "--format", "human=Cargo.toml"];
        let name = (command == "explain").then_some("no-sdk");
        let arguments = [&arguments[..], name.as_slice()].concat();
        refused(&sandbox, &arguments, "a manifest");
    }
    refused(
        &sandbox,
        &["completions", "bash", "-o", "Cargo.toml"],
        "a manifest",
    );
}

#[test]
fn a_baseline_is_no_place_for_an_answer() {
    let sandbox = quick();
    let with = |baseline: &str, flags: &[&str], word: &str| {
        let arguments = [&["check", "--baseline", baseline], flags].concat();
        refused(&sandbox, &arguments, word);
    };
    let word = "the baseline, known.json";
    with("known.json", &["--format", "json=known.json"], word);
    with("known.json", &["--format", "json=./known.json"], word);
    with(
        "./known.json",
        &["--output", "known.json"],
        "the baseline, ./known.json",
    );
    with("src/../known.json", &["-o", "known.json"], "the baseline");
    with(
        "known.json",
        &["--write-baseline", "-o", "known.json"],
        word,
    );
    // One that is still to be made, too.
    with(
        "new.json",
        &["--write-baseline", "-o", "./new.json"],
        "the baseline, new.json",
    );
    for flag in ["--write-baseline", "--prune"] {
        with(
            "Cargo.toml",
            &[flag],
            "the baseline would take the place of a manifest",
        );
        with("Cargo.lock", &[flag], "a lockfile");
        with("otel-check.toml", &[flag], "a policy");
    }
    let run = run(&sandbox, &["check", "--baseline", "known.json", "--prune"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn certificates_and_older_reports_are_no_place_for_an_answer() {
    let sandbox = quick();
    sandbox.write("old.json", "{}");
    for (flags, word) in [
        (
            "--certificate Cargo.toml",
            "the certificate would take the place of a manifest",
        ),
        ("--certificate Cargo.lock", "a lockfile"),
        (
            "--certificate new.json --format json=./new.json",
            "the certificate",
        ),
        (
            "--certificate old.json --compare old.json",
            "the older report",
        ),
        (
            "--verify old.json --output old.json",
            "the certificate, old.json",
        ),
        (
            "--compare old.json --format human --format json=old.json",
            "the older report, old.json",
        ),
    ] {
        let arguments: Vec<&str> = ["readiness"].into_iter().chain(flags.split(' ')).collect();
        refused(&sandbox, &arguments, word);
    }
}

#[test]
#[cfg(unix)]
fn by_way_of_links() {
    let sandbox = quick();
    let root = sandbox.root();
    sandbox.write("target/x", "");
    std::os::unix::fs::symlink("Cargo.toml", root.join("soft")).unwrap();
    std::fs::hard_link(root.join("Cargo.lock"), root.join("hard")).unwrap();
    std::os::unix::fs::symlink("known.json", root.join("same")).unwrap();
    std::os::unix::fs::symlink(".", root.join("here")).unwrap();
    refused(&sandbox, &["check", "-o", "soft"], "a manifest, soft");
    refused(&sandbox, &["check", "-o", "hard"], "the lockfile");
    refused(&sandbox, &["check", "-o", "here/Cargo.lock"], "a lockfile");
    for path in ["same", "here/known.json"] {
        let arguments = ["check", "--baseline", "known.json", "-o", path];
        refused(&sandbox, &arguments, "the baseline, known.json");
    }
    let arguments = ["check", "--baseline", "soft", "--write-baseline"];
    refused(&sandbox, &arguments, "a manifest");
    // Standard output that goes to the baseline.
    let file = std::fs::File::options();
    let file = file.clone().append(true).open(root.join("known.json"));
    let mut process = command(&sandbox, &["check", "--baseline", "known.json"]);
    let output = process.stdout(file.unwrap()).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[test]
fn what_is_read_stays() {
    let sandbox = quick();
    sandbox.write("metadata.json", "{}");
    sandbox.write("template.md", "x");
    sandbox.write("other/some.lock", "version = 4\n");
    let path = ["inventory", "--metadata-path", "metadata.json"];
    let arguments = [&path[..], &["-o", "./metadata.json"]].concat();
    refused(&sandbox, &arguments, "the metadata");
    let template = ["spec", "--template", "template.md"];
    let arguments = [&template[..], &["--format", "json=template.md"]].concat();
    refused(&sandbox, &arguments, "the template");
    let lock = ["check", "--lock-only", "other/some.lock"];
    let arguments = [&lock[..], &["-o", "other/../other/some.lock"]].concat();
    refused(&sandbox, &arguments, "the lockfile");
    // The summary is added to, and an answer would take its place.
    sandbox.write("summary", "before\n");
    let mut process = command(
        &sandbox,
        &["check", "--format", "github", "--format", "json=summary"],
    );
    let path = sandbox.root().join("summary");
    let output = process.env("GITHUB_STEP_SUMMARY", &path).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(std::fs::read_to_string(path).unwrap(), "before\n");
}

/// `init --dry-run` may make one where there is none.
#[test]
fn a_first_policy_may_be_printed_to_its_place() {
    let sandbox = quick();
    sandbox.write("there/otel-check.toml", "# mine\n");
    let printed = ["init", "--dry-run", "--offline", "--output"];
    let there = [&printed[..], &["there/otel-check.toml"]].concat();
    refused(&sandbox, &there, "a policy");
    let text = std::fs::read_to_string(sandbox.root().join("there/otel-check.toml"));
    assert_eq!(text.unwrap(), "# mine\n");
    let Some(ready) = Ready::new("clean") else {
        return;
    };
    let made = [&printed[..], &["otel-check.toml"]].concat();
    let run = run(&ready.sandbox, &made);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(ready.read("otel-check.toml").contains("[levels]"));
}

/// A baseline and the answers are written together, or none of them is.
#[test]
fn the_baseline_waits_for_the_answers() {
    let sandbox = Sandbox::fixture("clean");
    sandbox.write("folder/x", "");
    let written = ["check", "--baseline", "known.json", "--write-baseline"];
    let full = || std::fs::File::options().write(true).open("/dev/full");
    if let Ok(full) = full() {
        let mut process = command(&sandbox, &written);
        let output = process.stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(101));
        assert!(!sandbox.root().join("known.json").exists());
    }
    let folder = [
        "check",
        "--baseline",
        "folder",
        "--write-baseline",
        "-o",
        "a.txt",
    ];
    let refused = run(&sandbox, &folder);
    assert_eq!(refused.code, 101, "{}", refused.stdout);
    assert!(
        refused.stderr.contains("it is a folder"),
        "{}",
        refused.stderr
    );
    assert!(!sandbox.root().join("a.txt").exists());
    let absent = ["check", "--baseline", "no/known.json", "--write-baseline"];
    let refused = run(&sandbox, &absent);
    assert!(
        refused.stderr.contains("there is no folder no"),
        "{}",
        refused.stderr
    );
    assert_eq!(run(&sandbox, &written).code, 0);
}
