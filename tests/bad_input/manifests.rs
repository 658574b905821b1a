//! Manifests that are not there or cannot be read.

use crate::{Sandbox, assert_failure, assert_plain, binary, finish, package, refused, run};

#[test]
fn no_manifest() {
    // Not below this repository, whose manifest would be found.
    let folder = tempfile::tempdir().unwrap();
    let folder = camino::Utf8Path::from_path(folder.path()).unwrap();
    for command in ["check", "inventory", "matrix"] {
        let run = run(folder, &[command]);
        assert_failure(&run, 101, &["no Cargo.toml in", folder.as_str()]);
    }
    assert_eq!(folder.read_dir_utf8().unwrap().count(), 0);
}

#[test]
fn manifest_path_to_nothing() {
    let sandbox = Sandbox::empty();
    let words = ["there is no manifest", "nothing.toml", "--manifest-path"];
    refused(&sandbox, &["--manifest-path", "nothing.toml"], &words);
    sandbox.write("folder/src/lib.rs", "");
    let words = ["there is no manifest", "folder/Cargo.toml"];
    refused(&sandbox, &["--manifest-path", "folder"], &words);
    refused(
        &sandbox,
        &["--manifest-path", ""],
        &["there is no manifest"],
    );
}

#[test]
fn broken_manifest() {
    let sandbox = package();
    sandbox.write("Cargo.toml", "[package]\nname = \"a\"\nversion = 1 0\n");
    for command in ["check", "inventory", "matrix"] {
        refused(
            &sandbox,
            &[command],
            &["Cargo.toml:3:11: ", "cargo metadata"],
        );
    }
}

#[test]
fn broken_manifest_of_a_member() {
    let sandbox = Sandbox::empty();
    sandbox.write("Cargo.toml", "[workspace]\nmembers = [\"a\"]\n");
    sandbox.write("a/Cargo.toml", "[package]\nname = \n");
    sandbox.write("a/src/lib.rs", "");
    refused(&sandbox, &["check"], &["a/Cargo.toml"]);
}

#[test]
fn manifest_that_is_no_text() {
    let sandbox = package();
    std::fs::write(
        sandbox.root().join("Cargo.toml"),
        b"[package]\nname = \"\xff\"\n",
    )
    .unwrap();
    refused(&sandbox, &[], &["Cargo.toml is not UTF-8"]);
}

#[test]
fn manifest_that_cargo_refuses() {
    let sandbox = package();
    sandbox.write(
        "Cargo.toml",
        "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2999\"\n[workspace]\n",
    );
    // Cargo's own words are kept, with the command that shows them again.
    refused(&sandbox, &[], &["`cargo metadata", "failed", "2999"]);
}

/// Escape sequences come into cargo's own errors from manifests; they must not come out again.
#[test]
fn escape_sequences_in_the_words_of_cargo() {
    let sandbox = package();
    sandbox.write(
        "Cargo.toml",
        "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"\\u001b[31m\\u202e\"\n[workspace]\n",
    );
    let run = run(sandbox.root(), &["check", "--color", "never"]);
    assert_eq!(run.code, 101, "{}", run.stderr);
    assert!(run.stderr.contains("\\u{202e}"), "{}", run.stderr);
    assert_plain(&run.stderr);
}

/// Whatever stands for cargo: what it says is text.
#[test]
#[cfg(unix)]
fn escape_sequences_of_another_cargo() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = package();
    let script = "#!/bin/sh\nprintf 'error: \\033[31mno\\033]0;title\\007\\r\\342\\200\\256\\n' >&2\nexit 101\n";
    sandbox.write("cargo.sh", script);
    let program = sandbox.root().join("cargo.sh");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = binary(sandbox.root(), &["check", "--full"]);
    command.env("CARGO", &program);
    let run = finish(command, "");
    assert_failure(&run, 101, &["error: \\u{1b}[31mno", "\\u{7}", "\\u{202e}"]);
    let mut command = binary(sandbox.root(), &["check", "--full"]);
    command.env("CARGO", sandbox.root().join("no-cargo"));
    assert_failure(
        &finish(command, ""),
        101,
        &["cannot run `cargo metadata", "PATH"],
    );
}
