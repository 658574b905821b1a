//! Diffs against the programs that take them.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use tempfile::TempDir;

use super::{between, unified};

/// Runs a program in a folder with a diff on its standard input.
fn run(folder: &Path, program: &str, arguments: &[&str], diff: &str) {
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap_or(folder))
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(diff.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {said}\n{diff}"
    );
}

fn there(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok();
    if !found {
        println!("skipped: no {program} on this machine");
    }
    found
}

/// The file's content after `git apply`, and after `git apply -R`; the same by `patch`.
fn check(path: &str, old: Option<&str>, new: Option<&str>) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let put = |text: Option<&str>| match text {
        Some(text) => fs::write(&file, text).unwrap(),
        None => drop(fs::remove_file(&file)),
    };
    let is = |text: Option<&str>, by: &str, diff: &str| {
        let found = fs::read(&file).ok();
        assert_eq!(found.as_deref(), text.map(str::as_bytes), "{by}:\n{diff}");
    };
    let diff = between(path, old, new);
    if there("git") {
        put(old);
        run(folder.path(), "git", &["apply", "-"], &diff);
        is(new, "git apply", &diff);
        run(folder.path(), "git", &["apply", "-R", "-"], &diff);
        is(old, "git apply -R", &diff);
    }
    // `patch` reads a lone carriage return, and an empty file, in ways of its own.
    let odd = [old, new]
        .iter()
        .any(|text| text.is_some_and(|text| text.is_empty() || lone_return(text)));
    if !odd && there("patch") {
        put(old);
        run(
            folder.path(),
            "patch",
            &["-p1", "-s", "--no-backup-if-mismatch"],
            &diff,
        );
        is(new, "patch", &diff);
    }
}

fn lone_return(text: &str) -> bool {
    text.replace("\r\n", "\n").contains('\r')
}

#[test]
fn programs_take_it_and_undo_it() {
    let long: String = (0..40).map(|n| format!("line {n}\n")).collect();
    let twice = long.replace("line 3\n", "other\n").replace("line 30\n", "");
    let cases = [
        (Some("a\nb\nc\n"), Some("a\nB\nc\n")),
        (Some("a\nb"), Some("a\nB")),
        (Some("a\nb"), Some("a\nb\n")),
        (Some("a\nb\n"), Some("a\nb")),
        (Some("a\r\nb\r\nc\r\n"), Some("a\r\nB\r\nc\r\n")),
        (Some("a\r\nb"), Some("a\nb\n")),
        (Some("a\rb\n"), Some("a\rB\n")),
        (Some("-- x\n++ y\n"), Some("-- x\n-- z\n")),
        (Some(long.as_str()), Some(twice.as_str())),
        (None, Some("a\nb\n")),
        (None, Some("a")),
        (Some("a\nb\n"), None),
        (Some(""), Some("a\n")),
    ];
    for (old, new) in cases {
        check("Cargo.toml", old, new);
    }
}

#[test]
fn names_are_understood() {
    for path in [
        "a/b/Cargo.toml",
        "with space/Cargo.toml",
        "näh/Cargo.toml",
        "q\"uo\\te/C.toml",
        "tab\there/C",
    ] {
        check(path, Some("a\n"), Some("b\n"));
        check(path, None, Some("b\n"));
    }
}

#[test]
fn it_reads_as_everybody_knows_it() {
    let diff = unified("a/Cargo.toml", "x = 1\ny = 2\n", "x = 1\ny = 3\n");
    assert_eq!(
        diff,
        "--- a/a/Cargo.toml\n+++ b/a/Cargo.toml\n@@ -1,2 +1,2 @@\n x = 1\n-y = 2\n+y = 3\n"
    );
    assert_eq!(
        unified("f", "", "x"),
        "--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+x\n\\ No newline at end of file\n"
    );
    assert_eq!(unified("f", "x\n", "x\n"), "");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_change_is_applied_and_undone(
        old in proptest::collection::vec("[ab]{0,2}(\r)?\n", 0..12),
        new in proptest::collection::vec("[ab]{0,2}(\r)?\n", 0..12),
        ends in proptest::collection::vec("(a)?", 2),
    ) {
        let old = format!("{}{}", old.concat(), ends[0]);
        let new = format!("{}{}", new.concat(), ends[1]);
        if old != new {
            let there = |text: &&str| !text.is_empty();
            check("f", Some(old.as_str()).filter(there), Some(new.as_str()).filter(there));
        }
    }
}
