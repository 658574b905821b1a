//! Findings that are known: from a baseline file, and from another git revision.

mod support;

use std::collections::BTreeMap;
use std::process::Command;

use support::report::Report;
use support::sandbox::Sandbox;
use support::tool::{Run, run};

fn checked(sandbox: &Sandbox, flags: &[&str]) -> Run {
    let mut arguments = vec!["check", "--format", "json"];
    arguments.extend(flags);
    run(sandbox, &arguments)
}

fn levels(report: &Report) -> BTreeMap<&str, usize> {
    let mut levels = BTreeMap::new();
    for finding in &report.findings {
        *levels.entry(finding.level.as_str()).or_default() += 1;
    }
    levels
}

fn git(sandbox: &Sandbox, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(sandbox.root());
    command.args(["-c", "user.name=T", "-c", "user.email=t@example.org"]);
    let output = command.args(arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

fn replace(sandbox: &Sandbox, file: &str, from: &str, to: &str) {
    let path = sandbox.root().join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{text}");
    std::fs::write(&path, text.replace(from, to)).unwrap();
}

#[test]
fn what_is_known_passes_and_what_is_new_fails() {
    let Some(sandbox) = Sandbox::fetched("edge-agent") else {
        return;
    };
    let written = checked(&sandbox, &["--baseline", "known.json", "--write-baseline"]);
    assert_eq!(written.code, 0, "{}", written.stderr);
    let again = checked(&sandbox, &["--baseline", "known.json"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert_eq!(
        levels(&again.report()).keys().collect::<Vec<_>>(),
        [&"note"]
    );
    // A patch release and a line more in the manifest change no identity.
    replace(
        &sandbox,
        "crates/uplink/Cargo.toml",
        "[dependencies]",
        "\n[dependencies]",
    );
    let moved = checked(&sandbox, &["--baseline", "known.json"]);
    assert_eq!(moved.code, 0, "{}", moved.stdout);
    // Another line in the place of the known one is new.
    replace(&sandbox, "crates/uplink/Cargo.toml", "\"0.21\"", "\"0.22\"");
    let new = checked(&sandbox, &["--baseline", "known.json"]);
    if new.code == 101 {
        eprintln!("skipped: {}", new.stderr);
        return;
    }
    assert_eq!(new.code, 100, "{}", new.stdout);
    let report = new.report();
    let denied: Vec<_> = report
        .findings
        .iter()
        .filter(|one| one.level == "deny")
        .collect();
    assert_eq!(denied.len(), 1);
    assert_eq!(denied[0].line.as_deref(), Some("0.22"));
    assert!(
        report.notes.iter().any(|note| note.contains("--prune")),
        "{:?}",
        report.notes
    );
    let before = std::fs::read_to_string(sandbox.root().join("known.json")).unwrap();
    let pruned = checked(&sandbox, &["--baseline", "known.json", "--prune"]);
    assert_eq!(pruned.code, 100);
    let after = std::fs::read_to_string(sandbox.root().join("known.json")).unwrap();
    assert!(
        before.contains("\"0.21\"") && !after.contains("\"0.21\""),
        "{after}"
    );
    assert!(after.contains("tracing-opentelemetry"));
}

#[test]
fn a_baseline_that_is_none() {
    let sandbox = Sandbox::fixture("edge-agent");
    let absent = checked(
        &sandbox,
        &["--locked", "--offline", "--baseline", "absent.json"],
    );
    for (text, words) in [
        ("{", "no baseline"),
        ("{\"version\": 99, \"findings\": 1}", "version 99"),
        ("{\"version\": 0, \"findings\": []}", "version 0"),
        ("", "no baseline"),
        (
            "{\"version\": 1, \"findings\": [{\"code\": 1}]}",
            "no baseline",
        ),
    ] {
        sandbox.write("known.json", text);
        let run = checked(&sandbox, &["--baseline", "known.json"]);
        assert_eq!(run.code, 101, "{}", run.stdout);
        assert!(run.stderr.contains(words), "{}", run.stderr);
        assert!(run.stdout.is_empty());
    }
    assert_eq!(absent.code, 101);
    std::fs::write(sandbox.root().join("known.json"), b"{\"\xff\"}").unwrap();
    let run = checked(&sandbox, &["--baseline", "known.json"]);
    assert_eq!(run.code, 101);
    assert!(run.stderr.contains("it is not UTF-8"), "{}", run.stderr);
    let nameless = checked(&sandbox, &["--baseline", ""]);
    assert_eq!(nameless.code, 2, "{}", nameless.stderr);
    // Beside another revision most findings are left out, and so they would be of the file.
    for flag in ["--write-baseline", "--prune"] {
        let flags = ["--base", "HEAD", "--baseline", "known.json", flag];
        assert_eq!(checked(&sandbox, &flags).code, 2);
    }
    let alone = checked(&sandbox, &["--write-baseline"]);
    assert_eq!(alone.code, 2);
}

/// As editors and checkouts of other systems leave it.
#[test]
fn a_baseline_from_another_system() {
    let Some(sandbox) = Sandbox::fetched("edge-agent") else {
        return;
    };
    let written = checked(&sandbox, &["--baseline", "known.json", "--write-baseline"]);
    assert_eq!(written.code, 0, "{}", written.stderr);
    let text = std::fs::read_to_string(sandbox.root().join("known.json")).unwrap();
    let other = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    sandbox.write("known.json", &other);
    let run = checked(&sandbox, &["--baseline", "known.json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    // Nothing is gone, so nothing is written.
    let pruned = checked(&sandbox, &["--baseline", "known.json", "--prune"]);
    assert!(
        pruned.stderr.contains("0 findings taken out"),
        "{}",
        pruned.stderr
    );
    let after = std::fs::read_to_string(sandbox.root().join("known.json")).unwrap();
    assert_eq!(after, other);
}

/// Both together: what was there at the base, and what is let through all the same.
#[test]
fn a_baseline_beside_a_revision() {
    let Some(sandbox) = Sandbox::fetched("edge-agent") else {
        return;
    };
    git(&sandbox, &["init", "--quiet"]);
    git(&sandbox, &["add", "--all"]);
    git(&sandbox, &["commit", "--quiet", "-m", "before"]);
    let written = checked(&sandbox, &["--baseline", "known.json", "--write-baseline"]);
    assert_eq!(written.code, 0, "{}", written.stderr);
    let both = checked(&sandbox, &["--baseline", "known.json", "--base", "HEAD"]);
    assert_eq!(both.code, 0, "{}", both.stderr);
    let report = both.report();
    assert!(!report.notes.iter().any(|note| note.contains("--prune")));
}

#[test]
fn only_what_a_change_brings_is_reported() {
    let Some(sandbox) = Sandbox::fetched("edge-agent") else {
        return;
    };
    git(&sandbox, &["init", "--quiet"]);
    git(&sandbox, &["add", "--all"]);
    git(&sandbox, &["commit", "--quiet", "-m", "before"]);
    let index = std::fs::read(sandbox.root().join(".git/index")).unwrap();
    let same = checked(&sandbox, &["--base", "HEAD"]);
    assert_eq!(same.code, 0, "{}{}", same.stdout, same.stderr);
    assert!(same.report().findings.is_empty());
    assert!(same.stdout.contains("\"introduced\": 0"), "{}", same.stdout);
    replace(
        &sandbox,
        "Cargo.toml",
        "opentelemetry = { version = \"0.27\"",
        "opentelemetry = { version = \"0.21\"",
    );
    let changed = checked(&sandbox, &["--base", "HEAD"]);
    if changed.code == 101 {
        eprintln!("skipped: {}", changed.stderr);
        return;
    }
    let report = changed.report();
    assert!(
        changed.stdout.contains("\"cured\": ["),
        "{}",
        changed.stdout
    );
    assert!(!report.findings.is_empty(), "{}", changed.stdout);
    // Neither the index nor the worktrees of the repository change.
    assert_eq!(
        index,
        std::fs::read(sandbox.root().join(".git/index")).unwrap()
    );
    assert!(!sandbox.root().join(".git/worktrees").exists());
    let human = run(&sandbox, &["check", "--base", "HEAD"]);
    assert!(human.stdout.contains("since HEAD: "), "{}", human.stdout);
}

#[test]
fn a_revision_that_is_none() {
    let sandbox = Sandbox::fixture("edge-agent");
    // The build folder may itself lie in a repository, whose revisions have nothing there.
    let outside = checked(&sandbox, &["--locked", "--base", "HEAD"]);
    let nothing_there = outside.stdout.contains("has no such workspace");
    let no_repository = outside.stderr.contains("is in no git repository");
    assert!(nothing_there || no_repository, "{}", outside.stderr);
    git(&sandbox, &["init", "--quiet"]);
    git(&sandbox, &["add", "--all"]);
    git(&sandbox, &["commit", "--quiet", "-m", "before"]);
    for revision in ["nowhere", "--output=x", ""] {
        let flag = format!("--base={revision}");
        let run = checked(&sandbox, &["--locked", &flag]);
        assert_eq!(run.code, 101, "{revision}: {}", run.stdout);
        assert!(
            run.stderr.contains("git knows no revision"),
            "{}",
            run.stderr
        );
    }
    assert!(!sandbox.root().join("x").exists());
}
