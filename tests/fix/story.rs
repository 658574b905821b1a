//! The story's ending: the plan is applied, and what was lost arrives.

use camino::Utf8Path;

use crate::support::cargo::{fetch, is_network_failure, succeed};
use crate::support::sandbox::Sandbox;
use crate::support::tool::run;

#[test]
fn three_of_three_spans_are_exported() {
    let sandbox = Sandbox::fixture("edge-agent");
    if let Err(reason) = fetch(sandbox.root()) {
        crate::skip!("{reason}");
    }
    let fixed = run(&sandbox, &["fix"]);
    if fixed.code == 101 && is_network_failure(&fixed.stderr) {
        crate::skip!("{}", fixed.stderr);
    }
    assert_eq!(fixed.code, 0, "{}\n{}", fixed.stdout, fixed.stderr);
    let check = run(&sandbox, &["check", "--full", "--locked"]);
    assert_eq!(check.code, 0, "{}\n{}", check.stdout, check.stderr);
    let check = run(&sandbox, &["check", "--lock-only"]);
    assert_eq!(check.code, 0, "{}\n{}", check.stdout, check.stderr);
    // Kept from run to run, so that only the first one builds.
    let built = Utf8Path::new(env!("CARGO_TARGET_TMPDIR")).join("edge-agent-fixed");
    let mut command = sandbox.cargo();
    command
        .env("CARGO_TARGET_DIR", built)
        .args(["run", "--quiet", "--locked"]);
    let printed = succeed(&mut command);
    let names = "agent.start, sensors.read, uplink.send";
    assert_eq!(printed, format!("exported 3 of 3 spans [{names}]\n"));
    // What is as it should be stays so.
    let again = run(&sandbox, &["fix"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(again.stdout.starts_with("nothing to do"), "{}", again.stdout);
}
