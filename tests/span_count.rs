//! The program of the story, built and run: what the verdict claims is what happens.

mod support;

use camino::Utf8Path;
use support::cargo::{cargo, fetch, succeed};
use support::sandbox::fixture;

#[test]
fn one_of_three_spans_is_exported() {
    let root = fixture("edge-agent");
    if let Err(reason) = fetch(&root) {
        skip!("{reason}");
    }
    // Kept from run to run, so that only the first one builds.
    let built = Utf8Path::new(env!("CARGO_TARGET_TMPDIR")).join("edge-agent");
    let mut command = cargo(&root);
    command
        .env("CARGO_TARGET_DIR", built)
        .args(["run", "--quiet", "--locked", "--offline"]);
    let printed = succeed(&mut command);
    assert_eq!(printed, "exported 1 of 3 spans [agent.start]\n");
}
