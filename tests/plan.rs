//! `plan` end to end: what the built binary proposes and proves, on fixtures, on reported skews and
//! on made-up releases.

#[path = "support/family.rs"]
mod family;
#[path = "support/lab.rs"]
mod lab;
#[path = "support/registry.rs"]
mod loopback;
mod support;

#[path = "plan/bad_input.rs"]
mod bad_input;
#[path = "plan/blocked.rs"]
mod blocked;
#[path = "plan/cases.rs"]
mod cases;
#[path = "plan/fixes.rs"]
mod fixes;
#[path = "plan/reported.rs"]
mod reported;
#[path = "plan/snapshots.rs"]
mod snapshots;
#[path = "plan/sources.rs"]
mod sources;
#[path = "plan/story.rs"]
mod story;
#[path = "plan/unchanged.rs"]
mod unchanged;
#[cfg(unix)]
#[path = "plan/undone.rs"]
mod undone;

use lab::Lab;
use support::plan::Plan;
use support::tool::Run;

/// `plan --format json`, which must find one.
pub fn planned(lab: &Lab, options: &[&str]) -> Plan {
    let run = lab.run(&[&["plan", "--format", "json"], options].concat());
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
    run.plan()
}

/// `fix`, after which `check` must find nothing at the deny level and cargo take the lock as it is.
pub fn fixed(lab: &Lab, options: &[&str]) {
    let run = lab.run(&[&["fix"], options].concat());
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
    lab.cargo(&["metadata", "--format-version", "1", "--locked"]);
    let run = lab.run(&["check", "--full", "--locked"]);
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
}

/// A failure in words: what was tried, and a way on.
pub fn assert_failure(run: &Run, code: i32, words: &[&str]) {
    let Run { stdout, stderr, .. } = run;
    assert_eq!(run.code, code, "{stdout}\n{stderr}");
    assert_eq!(stdout, "", "{stderr}");
    assert!(stderr.starts_with("error: "), "{stderr}");
    assert!(stderr.contains("\n  help: "), "{stderr}");
    for word in words {
        assert!(stderr.contains(word), "no `{word}` in\n{stderr}");
    }
}
