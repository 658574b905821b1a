//! Completions in real shells, and the manual pages as man shows them.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::skip;
use crate::support::sandbox::Sandbox;
use crate::support::tool::run;

use super::there;

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "elvish", "powershell"];

fn completions(sandbox: &Sandbox, shell: &str) -> String {
    let answer = run(sandbox, &["completions", shell]);
    assert_eq!(answer.code, 0, "{shell}: {}", answer.stderr);
    answer.stdout
}

/// What a shell prints that runs a script.
fn shell(program: &str, arguments: &[&str], sandbox: &Sandbox) -> String {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(sandbox.root())
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {error}");
    assert_eq!(error, "", "{program} {arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_shell_has_its_completions() {
    let sandbox = Sandbox::empty();
    for shell in SHELLS {
        let text = completions(&sandbox, shell);
        for word in ["cargo-otel-check", "manifest-path", "inventory"] {
            assert!(text.contains(word), "{shell}: no {word}");
        }
        assert_eq!(completions(&sandbox, shell), text);
    }
    assert_eq!(run(&sandbox, &["completions", "tcsh"]).code, 2);
}

#[test]
fn bash_completes_both_ways_of_calling() {
    if !there("bash", "--version") {
        skip!("no bash");
    }
    let sandbox = Sandbox::empty();
    sandbox.write("completions", &completions(&sandbox, "bash"));
    // What cargo's own completion was, it stays.
    let script = r#"
        _own() { COMPREPLY=(own); }
        complete -F _own cargo
        source ./completions
        ask() {
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
            local how; how=$(complete -p "$1"); how=${how#* -F }; how=${how%% *}
            "$how" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            echo "${COMPREPLY[*]}"
        }
        ask cargo-otel-check in
        ask cargo otel-check in
        ask cargo otel-check check --write
        ask cargo otel-check --color a
        ask cargo otel-check completions b
        ask cargo bu
    "#;
    let answers = shell("bash", &["--norc", "-c", script], &sandbox);
    let expected = [
        "inventory init",
        "inventory init",
        "--write-baseline",
        "auto always",
        "bash",
        "own",
    ];
    assert_eq!(answers.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn zsh_loads_its_completions() {
    if !there("zsh", "--version") {
        skip!("no zsh");
    }
    let sandbox = Sandbox::empty();
    sandbox.write("functions/_cargo-otel-check", &completions(&sandbox, "zsh"));
    let script = "fpath=($PWD/functions $fpath); autoload -Uz compinit && compinit -u -d $PWD/dump; \
                  print $_comps[cargo-otel-check]; autoload +X _cargo-otel-check && print loaded";
    let answers = shell("zsh", &["-f", "-c", script], &sandbox);
    assert_eq!(answers, "_cargo-otel-check\nloaded\n");
}

#[test]
fn fish_completes() {
    if !there("fish", "--version") {
        skip!("no fish");
    }
    let sandbox = Sandbox::empty();
    sandbox.write("completions.fish", &completions(&sandbox, "fish"));
    let script = "source completions.fish; complete -C 'cargo-otel-check inv'";
    let answers = shell("fish", &["--no-config", "-c", script], &sandbox);
    assert!(answers.starts_with("inventory"), "{answers}");
}

#[test]
fn a_manual_page_for_each_command() {
    let sandbox = Sandbox::empty();
    let page = run(&sandbox, &["man"]);
    assert_eq!(page.code, 0, "{}", page.stderr);
    let written = run(&sandbox, &["man", "pages/man1"]);
    assert_eq!(written.code, 0, "{}", written.stderr);
    let folder = sandbox.root().join("pages/man1");
    let entries = folder.read_dir_utf8().unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_owned())
        .collect();
    names.sort();
    let commands = [
        "check",
        "completions",
        "explain",
        "fix",
        "init",
        "inventory",
        "man",
        "matrix",
        "plan",
    ];
    for command in commands {
        let name = format!("cargo-otel-check-{command}.1");
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    let whole = std::fs::read_to_string(folder.join("cargo-otel-check.1")).unwrap();
    assert_eq!(whole, page.stdout);
    // Where a page cannot be written, none is.
    sandbox.write("full/cargo-otel-check-fix.1/x", "");
    let refused = run(&sandbox, &["man", "full"]);
    assert_eq!(refused.code, 101, "{}", refused.stderr);
    assert_eq!(sandbox.root().join("full").read_dir().unwrap().count(), 1);
    let file = run(&sandbox, &["man", "pages/man1/cargo-otel-check.1"]);
    assert_eq!(file.code, 101, "{}", file.stderr);
}

#[test]
fn man_shows_the_pages() {
    if !there("groff", "--version") {
        skip!("no groff");
    }
    let sandbox = Sandbox::empty();
    run(&sandbox, &["man", "pages"]);
    for entry in sandbox.root().join("pages").read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        let mut groff = Command::new("groff")
            .args(["-man", "-Tutf8", "-ww", "-P-cbou"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let text = std::fs::read(entry.path()).unwrap();
        groff.stdin.take().unwrap().write_all(&text).unwrap();
        let output = groff.wait_with_output().unwrap();
        let shown = String::from_utf8(output.stdout).unwrap();
        assert_eq!(
            String::from_utf8_lossy(&output.stderr),
            "",
            "{}",
            entry.path()
        );
        let name = entry.file_name().trim_end_matches(".1");
        assert!(shown.contains(&format!("{name}(1)")), "{shown}");
        for section in ["NAME", "SYNOPSIS", "OPTIONS"] {
            assert!(
                shown.lines().any(|line| line == section),
                "{name}: no {section}\n{shown}"
            );
        }
    }
}
