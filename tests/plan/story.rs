//! The story's workspace, on real releases.

use crate::support::cargo::{refusal, succeed};
use crate::support::plan::Plan;
use crate::support::sandbox::Sandbox;
use crate::support::tool::{asked, run};

fn plan(sandbox: &Sandbox, options: &[&str]) -> Option<Plan> {
    let arguments = [&["plan", "--format", "json"], options].concat();
    let run = asked(sandbox, &arguments)?;
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
    Some(run.plan())
}

#[test]
fn two_edits_to_the_live_line() {
    let Some(plan) = Sandbox::fetched("edge-agent").and_then(|sandbox| plan(&sandbox, &[])) else {
        return;
    };
    assert_eq!(plan.lines_today, ["0.27", "0.25", "0.21"]);
    assert_eq!(plan.live.as_deref(), Some("0.27"));
    let choice = plan.choice();
    assert!(choice.is_proven(), "{choice:#?}");
    assert_eq!(choice.target.as_deref(), Some("0.27"));
    assert_eq!(choice.figures(), Some([0, 0, 2, 2, 0]));
    assert_eq!(
        choice.actions(),
        [("bump", "opentelemetry"), ("bump", "tracing-opentelemetry")]
    );
    assert_eq!(
        choice.changes(),
        [
            "-tracing-opentelemetry = { version = \"0.26\", default-features = false }",
            "+tracing-opentelemetry = { version = \"0.28\", default-features = false }",
            "-opentelemetry = { version = \"0.21\", default-features = false, features = [\"trace\"] }",
            "+opentelemetry = { version = \"0.27\", default-features = false, features = [\"trace\"] }",
        ]
    );
}

/// The same line by every way of naming it: the command printed beside a proof proves it again.
#[test]
fn the_proof_can_be_repeated() {
    let Some(sandbox) = Sandbox::fetched("edge-agent") else {
        return;
    };
    let Some(first) = plan(&sandbox, &[]) else {
        return;
    };
    let command = first.choice().outcome.command.clone().unwrap();
    let arguments = command.strip_prefix("cargo otel-check plan").unwrap();
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    let Some(again) = plan(&sandbox, &arguments) else {
        return;
    };
    assert!(again.choice().is_proven());
    assert_eq!(again.choice().diff, first.choice().diff);
}

#[test]
fn to_a_much_newer_line() {
    let Some(plan) =
        Sandbox::fetched("edge-agent").and_then(|s| plan(&s, &["--target-line", "0.33"]))
    else {
        return;
    };
    let choice = plan.choice();
    assert!(choice.is_proven(), "{choice:#?}");
    assert_eq!(choice.target.as_deref(), Some("0.33"));
    assert_eq!(choice.figures(), Some([0, 0, 4, 4, 0]));
    assert_eq!(plan.targets.len(), 1);
}

/// The newest line of all, whichever that is today.
#[test]
fn to_the_newest_line() {
    let Some(sandbox) = Sandbox::fetched("edge-agent") else {
        return;
    };
    let Some(compared) = plan(&sandbox, &[]) else {
        return;
    };
    let newest = compared.targets.last().unwrap();
    let options = ["--options", "--target-line", &newest.line];
    let Some(plan) = plan(&sandbox, &options) else {
        return;
    };
    match newest.blockers.is_empty() {
        true => assert!(plan.option("a").is_proven(), "{plan:#?}"),
        // Until the bridge has a release for it.
        false => assert!(plan.option("a").outcome.because.is_some(), "{plan:#?}"),
    }
}

/// Three ways to go where cargo refuses to resolve, each of them proven.
#[test]
fn three_options_for_what_cargo_does_not_resolve() {
    let sandbox = Sandbox::fixture("edge-agent-unresolvable");
    if let Err(reason) = refusal(sandbox.root()) {
        crate::skip!("{reason}");
    }
    let Some(plan) = plan(&sandbox, &["--options"]) else {
        return;
    };
    assert!(!plan.resolves);
    for id in ["a", "b", "c"] {
        assert!(plan.option(id).is_proven(), "{id}: {plan:#?}");
    }
    // What moved with the feature stands where it went.
    let a = plan.option("a");
    assert_eq!(a.target.as_deref(), Some("0.27"));
    assert!(
        a.changes()
            .iter()
            .any(|line| { line.starts_with("+opentelemetry_sdk = ") && line.contains("rt-tokio") }),
        "{}",
        a.diff
    );
    // The least to switch off is one requirement.
    let b = plan.option("b");
    assert_eq!(b.cost.unwrap().disabled, 1, "{b:#?}");
    assert!(b.actions().contains(&("disable", "opentelemetry")));
    assert!(b.diff.contains("crates/uplink/Cargo.toml"));
    // Without further flags, one plan is enough.
    let Some(short) = self::plan(&sandbox, &[]) else {
        return;
    };
    assert!(short.choice().is_proven());
}

/// The plan is applied to a copy, in which cargo then resolves and, of A, nothing is left to find.
#[test]
fn options_applied_where_cargo_does_not_resolve() {
    for id in ["A", "B", "C"] {
        let sandbox = Sandbox::fixture("edge-agent-unresolvable");
        if let Err(reason) = refusal(sandbox.root()) {
            crate::skip!("{reason}");
        }
        let Some(fixed) = asked(&sandbox, &["fix", "--option", id]) else {
            return;
        };
        assert_eq!(fixed.code, 0, "{id}: {}\n{}", fixed.stdout, fixed.stderr);
        let mut metadata = sandbox.cargo();
        succeed(metadata.args(["metadata", "--format-version", "1", "--locked"]));
        let check = run(&sandbox, &["check", "--full", "--locked", "--offline"]);
        assert_eq!(check.code, 0, "{id}: {}\n{}", check.stdout, check.stderr);
    }
}
