//! Every finding code fires on a workspace that has its cause, and not on the twin without it.

#[path = "support/lab.rs"]
mod lab;
#[path = "support/registry.rs"]
mod loopback;
mod support;

#[path = "findings/cases.rs"]
mod cases;

use std::collections::BTreeSet;

use cases::{Case, cases};
use otel_check::skew::findings::LINTS;

/// Codes that a workspace's report holds.
fn codes(case: &Case, with_cause: bool) -> BTreeSet<String> {
    let lab = case.lab(with_cause);
    let run = lab.run(&["check", "--full", "--format", "json"]);
    assert!(
        [0, 100].contains(&run.code),
        "{} ({with_cause}): {}",
        case.code,
        run.stderr
    );
    let report = run.report();
    let denied = report
        .findings
        .iter()
        .any(|finding| finding.level == "deny");
    assert_eq!(run.code == 100, denied, "{}", case.code);
    report
        .findings
        .into_iter()
        .map(|finding| finding.code)
        .collect()
}

#[test]
fn each_code_fires_with_its_cause_alone() {
    let mut wrong = Vec::new();
    for case in cases() {
        let found = codes(&case, true);
        if !found.contains(case.code) {
            wrong.push(format!("{} does not fire: {found:?}", case.code));
        }
        let found = codes(&case, false);
        if found.contains(case.code) {
            wrong.push(format!("{} fires without its cause: {found:?}", case.code));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_code_has_a_case() {
    let tried: BTreeSet<&str> = cases().iter().map(|case| case.code).collect();
    let known: BTreeSet<&str> = LINTS.iter().map(|lint| lint.code).collect();
    assert_eq!(tried, known);
}

/// A lock with one line answers everything but what code does with a bridge.
#[test]
fn the_lock_hides_no_unfed_bridge() {
    let told = |lab: &lab::Lab| {
        let run = lab.run(&["check", "--format", "json"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let findings = run.report().findings.into_iter();
        findings.map(|finding| finding.code).collect::<Vec<_>>()
    };
    let unfed = cases::unfed();
    unfed.cargo(&["generate-lockfile"]);
    assert_eq!(told(&unfed), ["unfed-bridge"]);
    let fed = cases::fed_elsewhere();
    fed.cargo(&["generate-lockfile"]);
    assert_eq!(told(&fed), Vec::<String>::new());
    let full = fed.run(&["check", "--full", "--format", "json"]).report();
    assert!(full.findings.is_empty(), "{:?}", full.findings);
}

/// A feature is asked of the members that know it, and of no others.
#[test]
fn features_of_one_member() {
    let lab = cases::two_members();
    for (features, code) in [("extra", 0), ("b/extra", 0), ("gone", 101)] {
        let run = lab.run(&[
            "check",
            "--full",
            "--format",
            "json",
            "--features",
            features,
        ]);
        assert_eq!(run.code, code, "{features}: {}", run.stderr);
        if code == 0 {
            let builds: BTreeSet<String> = run
                .report()
                .artifacts
                .into_iter()
                .flat_map(|artifact| artifact.builds)
                .collect();
            let flag = format!("--features {features}");
            assert!(builds.contains(&format!("-p b {flag}")), "{builds:?}");
            assert!(
                builds.contains(&format!("--workspace {flag}")),
                "{builds:?}"
            );
            assert!(!builds.contains(&format!("-p a {flag}")), "{builds:?}");
        }
    }
}
