//! Lockfiles that are not there or cannot be read.

use crate::{PACKAGE, Sandbox, package, refused, run};

const CONFLICT: &str = "version = 4\n\n<<<<<<< HEAD\n[[package]]\nname = \"a\"\n=======\n";

#[test]
fn conflict_marks() {
    let sandbox = package();
    sandbox.write("Cargo.lock", CONFLICT);
    let words = ["Cargo.lock:3:", "conflict marks", "cargo update"];
    refused(&sandbox, &[], &words);
    refused(&sandbox, &["--lock-only"], &words);
    refused(&sandbox, &["--lock-only", "Cargo.lock"], &words);
    // Asked past the lock, cargo finds the same.
    refused(&sandbox, &["--full"], &["Cargo.lock", "`cargo metadata"]);
    refused(&sandbox, &["inventory"], &["Cargo.lock", "`cargo metadata"]);
}

#[test]
fn future_version() {
    let sandbox = package();
    sandbox.write(
        "Cargo.lock",
        "version = 99\n\n[[package]]\nid = \"a 0.1.0\"\n",
    );
    let words = ["version 99", "up to 4", "upgrade"];
    refused(&sandbox, &[], &words);
    refused(&sandbox, &["--lock-only"], &words);
    refused(&sandbox, &["--lock-only", "."], &words);
    refused(&sandbox, &["--full"], &["Cargo.lock"]);
}

#[test]
fn missing_lock() {
    let sandbox = package();
    let words = ["cannot read", "Cargo.lock", "generate-lockfile"];
    refused(&sandbox, &["--lock-only"], &words);
    refused(&sandbox, &["--lock-only", "."], &words);
    refused(
        &sandbox,
        &["--lock-only", "no.lock"],
        &["cannot read no.lock"],
    );
    refused(&sandbox, &["--locked"], &["--locked", "`cargo metadata"]);
}

#[test]
fn lock_that_is_no_text() {
    let sandbox = package();
    std::fs::write(
        sandbox.root().join("Cargo.lock"),
        b"version = 4\n\xfe\xff\n",
    )
    .unwrap();
    refused(&sandbox, &[], &["Cargo.lock is not UTF-8"]);
    refused(&sandbox, &["--lock-only"], &["Cargo.lock is not UTF-8"]);
}

#[test]
fn version_that_is_none() {
    let sandbox = package();
    let lock = "version = 4\n[[package]]\nname = \"a\"\nversion = \"\\u001b[31mx\"\n";
    sandbox.write("Cargo.lock", lock);
    refused(&sandbox, &["--lock-only"], &["Cargo.lock:4:", "version"]);
}

/// A lock that names itself in circles, and dependencies that are not there.
#[test]
fn lock_with_a_circle() {
    let sandbox = Sandbox::empty();
    sandbox.write(
        "Cargo.lock",
        "version = 4\n[[package]]\nname = \"a\"\nversion = \"0.1.0\"\ndependencies = [\"b\", \"gone\"]\n\
         [[package]]\nname = \"b\"\nversion = \"0.1.0\"\ndependencies = [\"a\", \"b\"]\n",
    );
    let run = run(sandbox.root(), &["--lock-only", "Cargo.lock"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.starts_with("clean: "), "{}", run.stdout);
}

#[test]
fn stale_lock_with_locked() {
    let sandbox = package();
    sandbox.write(
        "Cargo.toml",
        &format!("{PACKAGE}\n[dependencies]\nb = {{ path = \"b\" }}\n[workspace]\n"),
    );
    sandbox.write("b/Cargo.toml", &PACKAGE.replace("\"a\"", "\"b\""));
    sandbox.write("b/src/lib.rs", "");
    sandbox.write(
        "Cargo.lock",
        "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"0.1.0\"\n",
    );
    refused(
        &sandbox,
        &["--locked"],
        &["lock file", "--locked", "run that command by hand"],
    );
}
