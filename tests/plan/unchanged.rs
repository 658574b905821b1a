//! Planning changes nothing on disk.

use crate::family::{live, skewed};
use crate::lab::Lab;
use crate::support::disk::state;

fn nothing_changes(lab: &Lab, arguments: &[&str], code: i32) {
    let before = state(lab.root());
    let run = lab.run(arguments);
    assert_eq!(run.code, code, "{}\n{}", run.stdout, run.stderr);
    let after = state(lab.root());
    let changed = after
        .iter()
        .filter(|(path, one)| before.get(*path) != Some(*one));
    let changed: Vec<_> = changed.map(|(path, _)| path).collect();
    assert!(changed.is_empty(), "{arguments:?} wrote {changed:?}");
    assert_eq!(before.len(), after.len(), "{arguments:?} took files away");
}

#[test]
fn no_way_of_planning_writes() {
    let lab = skewed();
    let ways: [&[&str]; 8] = [
        &["plan"],
        &["plan", "--options", "-v"],
        &["plan", "--format", "json"],
        &["plan", "--format", "markdown"],
        &["plan", "--target-line", "0.32"],
        &["plan", "--emit", "renovate"],
        &["fix", "--dry-run"],
        &["fix", "--dry-run", "--target-line", "0.32"],
    ];
    for arguments in ways {
        nothing_changes(&lab, arguments, 0);
    }
}

/// The real sources are compiled in a copy, build scripts and all.
#[test]
fn compiling_the_plan_does_not_write_either() {
    let lab = skewed();
    lab.sandbox.write(
        "build.rs",
        "fn main() { println!(\"cargo::rerun-if-changed=build.rs\"); }\n",
    );
    nothing_changes(&lab, &["plan", "--check"], 0);
    let run = lab.run(&["plan", "--check"]);
    assert!(run.stdout.contains("compiles"), "{}", run.stdout);
}

/// What the plan breaks is told by file and line.
#[test]
fn a_plan_that_does_not_compile_says_where() {
    let mut files = live("user = \"1\"\n", "user::old();");
    files[1].1 = files[1]
        .1
        .replace("{ opent", "{\n    opent")
        .replace("user::old", "\n    user::old");
    let old = crate::family::user("user", "1.0.0", "^0.32")
        .lib("pub fn old() { opentelemetry::global::tracer(\"user\"); }\n");
    let lab = crate::family::lab(&files, vec![old]);
    lab.cargo(&["generate-lockfile"]);
    let before = state(lab.root());
    let run = lab.run(&["plan", "--check"]);
    assert!(before == state(lab.root()));
    // It is proven to resolve all the same.
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("does not compile"), "{}", run.stdout);
    assert!(run.stdout.contains("src/main.rs:3:"), "{}", run.stdout);
}

/// Without a lock, cargo would make one.
#[test]
fn a_workspace_without_a_lock_gets_none() {
    let lab = crate::family::lab(&live("user = \"1\"\n", "user::send();"), Vec::new());
    nothing_changes(&lab, &["plan"], 0);
    nothing_changes(&lab, &["fix", "--dry-run"], 0);
    assert!(!lab.root().join("Cargo.lock").exists());
}
