//! Input that is broken, hostile or absent. Each must end soon, with a message that says what was
//! tried, on what and what to do next, and must leave nothing behind.

#[path = "support/lab.rs"]
mod lab;
#[path = "support/registry.rs"]
mod loopback;
mod support;

#[path = "bad_input/hostile.rs"]
mod hostile;
#[path = "bad_input/locks.rs"]
mod locks;
#[path = "bad_input/manifests.rs"]
mod manifests;
#[path = "bad_input/metadata.rs"]
mod metadata;
#[path = "bad_input/output.rs"]
mod output;
#[path = "bad_input/registry.rs"]
mod registry;
#[path = "bad_input/usage.rs"]
mod usage;

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use support::cargo::clean;
use support::sandbox::Sandbox;
use support::tool::Run;

/// Far more than any of these needs, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(120);

const PACKAGE: &str = "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";

/// A package without dependencies.
fn package() -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write("Cargo.toml", &format!("{PACKAGE}\n[workspace]\n"));
    sandbox.write("src/lib.rs", "");
    sandbox
}

fn binary(folder: &Utf8Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-otel-check"));
    command.current_dir(folder).args(arguments);
    clean(&mut command);
    command
}

/// Runs a command that must end of itself.
fn finish(command: Command, input: &str) -> Run {
    let output = assert_cmd::Command::from_std(command)
        .timeout(PATIENCE)
        .write_stdin(input)
        .output()
        .unwrap();
    let run = Run {
        code: output.status.code().expect("it neither hangs nor dies"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    };
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    run
}

fn run(folder: &Utf8Path, arguments: &[&str]) -> Run {
    finish(binary(folder, arguments), "")
}

/// Every file below a folder, with its content.
fn files(folder: &Utf8Path) -> BTreeMap<Utf8PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in folder.read_dir_utf8().unwrap() {
        let path = entry.unwrap().path().to_owned();
        if path.is_dir() {
            found.insert(path.clone(), Vec::new());
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
    found
}

/// Asserts a failure: its exit code, its words, a way on, and nothing else.
fn assert_failure(run: &Run, code: i32, words: &[&str]) {
    let Run { stdout, stderr, .. } = run;
    assert_eq!(run.code, code, "{stdout}\n{stderr}");
    assert_eq!(stdout, "", "{stderr}");
    assert!(stderr.starts_with("error: "), "{stderr}");
    assert!(stderr.contains("\n  help: "), "{stderr}");
    assert_plain(stderr);
    for word in words {
        assert!(stderr.contains(word), "no `{word}` in\n{stderr}");
    }
}

/// No character that a terminal takes for more than a character.
fn assert_plain(text: &str) {
    let bad = text
        .chars()
        .find(|c| *c != '\n' && (c.is_control() || "\u{202e}\u{200b}\u{2066}".contains(*c)));
    assert_eq!(bad, None, "{text:?}");
}

/// Runs in the sandbox; the command must fail with these words and change no file.
fn refused(sandbox: &Sandbox, arguments: &[&str], words: &[&str]) {
    let before = files(sandbox.root());
    let run = run(sandbox.root(), arguments);
    assert_failure(&run, 101, words);
    assert!(files(sandbox.root()) == before, "{arguments:?} wrote files");
}
