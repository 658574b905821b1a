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

/// Types into a shell of its own, and prints what is on the line after a tab.
const TYPED_INTO_ZSH: &str = r#"
    zmodload zsh/zpty || exit 77
    ask() {
        zpty shell zsh -f -i
        zpty -w shell "PS1= PS2=; fpath=($PWD/functions \$fpath); autoload -Uz compinit; compinit -u -d $PWD/dump"
        zpty -w shell 'shown() { print -r -- "<$BUFFER>"; BUFFER=; zle accept-line }; zle -N shown'
        zpty -w shell "bindkey '^I' complete-word; bindkey '^O' shown; print REA''DY"
        zpty -r -m shell line '*READY*'
        zpty -n -w shell "$1"$'\t\x0f'
        zpty -r -m shell line '*<*>*'
        [[ $line =~ '<([^>]*)>' ]] && print -r -- "$match[1]"
        zpty -d shell
    }
    ask 'cargo-otel-check inv'
    ask 'cargo otel-check inv'
    ask 'cargo otel-check check --write'
    ask 'cargo otel-check --color al'
    ask 'cargo otel-check completions ba'
"#;

#[test]
fn zsh_completes_both_ways_of_calling() {
    if !there("zsh", "--version") {
        skip!("no zsh");
    }
    let sandbox = Sandbox::empty();
    sandbox.write("functions/_cargo-otel-check", &completions(&sandbox, "zsh"));
    // What cargo's own completion does with a command that it does not know.
    let cargo = "#compdef cargo\nwords[1]=(); ((CURRENT--)); local ret=1; _call_function ret _cargo-$words[1]\n";
    sandbox.write("functions/_cargo", cargo);
    let answers = shell("zsh", &["-f", "-c", TYPED_INTO_ZSH], &sandbox);
    let expected = [
        "cargo-otel-check inventory ",
        "cargo otel-check inventory ",
        "cargo otel-check check --write-baseline ",
        "cargo otel-check --color always ",
        "cargo otel-check completions bash ",
    ];
    assert_eq!(answers.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn fish_completes_both_ways_of_calling() {
    if !there("fish", "--version") {
        skip!("no fish");
    }
    let sandbox = Sandbox::empty();
    sandbox.write("completions.fish", &completions(&sandbox, "fish"));
    let answers = |line: &str| {
        let script = format!("source completions.fish; complete -C '{line}'");
        let answers = shell("fish", &["--no-config", "-c", &script], &sandbox);
        let first = |line: &str| line.split('\t').next().unwrap_or_default().to_owned();
        answers.lines().map(first).collect::<Vec<_>>()
    };
    for start in ["cargo-otel-check", "cargo otel-check"] {
        assert_eq!(answers(&format!("{start} inv")), ["inventory"]);
        let flags = answers(&format!("{start} check --write"));
        assert_eq!(flags, ["--write-baseline"]);
        let values = answers(&format!("{start} check --color a"));
        assert_eq!(values, ["always", "auto"]);
        let with_quote = answers(&format!("{start} check -p \"a b\" --prun"));
        assert_eq!(with_quote, ["--prune"]);
    }
    let others = answers("cargo inv");
    assert!(!others.contains(&"inventory".to_owned()), "{others:?}");
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
