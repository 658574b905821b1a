//! Wrong usage, and names of what there is not.

use crate::{assert_failure, assert_plain, files, package, refused, run};

/// With a lock, so that the answer from the lock alone must see it too.
fn locked() -> crate::Sandbox {
    let sandbox = package();
    assert_eq!(run(sandbox.root(), &["--offline"]).code, 0);
    assert!(sandbox.root().join("Cargo.lock").is_file());
    sandbox
}

#[test]
fn unknown_names() {
    for sandbox in [package(), locked()] {
        for command in ["check", "inventory", "matrix"] {
            let run = |name: &str, value: &str, words: &[&str]| {
                let arguments = [command, "--offline", name, value];
                assert_failure(&run(sandbox.root(), &arguments), 101, words);
            };
            run(
                "--target",
                "pdp11-unknown",
                &["pdp11-unknown", "target-list"],
            );
            run("-p", "nobody", &["nobody", "members"]);
            run("--features", "nothing", &["`nothing`", "feature"]);
            run("--features", "nothing/else", &["`nothing/else`", "feature"]);
        }
    }
}

#[test]
fn near_names_are_proposed() {
    let sandbox = package();
    let words = ["no package `aa`", "did you mean `a`?"];
    assert_failure(&run(sandbox.root(), &["-p", "aa"]), 101, &words);
}

#[test]
fn hostile_names_on_the_command_line() {
    let sandbox = locked();
    for flag in ["-p", "--features", "--target", "--manifest-path"] {
        refused(&sandbox, &[flag, "\u{1b}[31mx\u{202e}"], &["\\u{1b}"]);
    }
    let run = run(sandbox.root(), &["-D", "\u{1b}[31mx"]);
    assert_failure(&run, 2, &["\\u{1b}"]);
}

/// Told before any work is done: not even cargo is asked, which would write a lock.
#[test]
fn wrong_usage() {
    let sandbox = package();
    let before = files(sandbox.root());
    let cases: [(&[&str], &str); 5] = [
        (&["-D", "nothing"], "`nothing`"),
        (&["check", "-A", "nothing"], "`nothing`"),
        (&["matrix", "--format", "sarif"], "`markdown`"),
        (&["plan", "--format", "human", "--format", "csv=x"], "`csv`"),
        (&["inventory", "--format", "markdown"], "`csv`"),
    ];
    for (arguments, word) in cases {
        assert_failure(&run(sandbox.root(), arguments), 2, &[word]);
    }
    let by_clap: [&[&str]; 6] = [
        &["frobnicate"],
        &["--color", "blue"],
        &["--format", "xml"],
        &["--format", "json="],
        &["--exclude", "a"],
        &["-p", "a", "--workspace"],
    ];
    for arguments in by_clap {
        let run = run(sandbox.root(), arguments);
        assert_eq!(run.code, 2, "{}", run.stderr);
        assert_eq!(run.stdout, "");
        assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
        assert!(run.stderr.contains("--help"), "{}", run.stderr);
        assert_plain(&run.stderr);
    }
    assert!(files(sandbox.root()) == before);
    // Whether a package is called that, only the graph can tell.
    assert_failure(
        &run(sandbox.root(), &["explain", "nothing"]),
        2,
        &["lost-telemetry"],
    );
}
