//! The story of `fixtures/edge-agent`: what is lost, through which requirement, and by which code.

mod support;

use support::cargo::{fetch, refusal};
use support::report::{Finding, Report, Verdict};
use support::sandbox::Sandbox;
use support::tool::{check, run};

#[test]
fn three_lines_two_of_them_lost() {
    let sandbox = Sandbox::fixture("edge-agent");
    if let Err(reason) = fetch(sandbox.root()) {
        skip!("{reason}");
    }
    let run = check(&sandbox, &[]);
    assert_eq!(run.code, 100);
    let report = run.report();

    let rows = report.rows("edge-agent/bin/edge-agent", "-p edge-agent");
    assert_eq!(rows.len(), 1);
    let lines = rows[0].lines.iter();
    let lines: Vec<_> = lines.map(|l| (l.line.as_str(), l.live.as_str())).collect();
    assert_eq!(lines, [("0.21", "dead"), ("0.25", "dead"), ("0.27", "set")]);

    let lost: Vec<_> = of(&report, Verdict::Lost);
    assert_eq!(lost.len(), 2);
    let library = lost.iter().find(|f| f.line.as_deref() == Some("0.21"));
    let library = library.expect("0.21 is lost");
    assert_eq!(library.introducer.as_deref(), Some("uplink@1.4.0"));
    points_at(
        &sandbox,
        library,
        "crates/uplink/Cargo.toml",
        "opentelemetry",
        "\"0.21\"",
    );
    rests_on(
        &sandbox,
        library,
        "crates/uplink/src/lib.rs",
        "global::tracer",
    );

    let bridge = lost.iter().find(|f| f.line.as_deref() == Some("0.25"));
    let bridge = bridge.expect("0.25 is lost");
    assert_eq!(
        bridge.introducer.as_deref(),
        Some("tracing-opentelemetry@0.26.0")
    );
    points_at(
        &sandbox,
        bridge,
        "Cargo.toml",
        "tracing-opentelemetry",
        "\"0.26\"",
    );
    rests_on(
        &sandbox,
        bridge,
        "agent/src/telemetry.rs",
        "tracing_opentelemetry::layer",
    );
    for finding in lost {
        rests_on(
            &sandbox,
            finding,
            "agent/src/telemetry.rs",
            "set_tracer_provider",
        );
    }
}

#[test]
fn the_feature_that_moved() {
    let sandbox = Sandbox::fixture("edge-agent-unresolvable");
    let flags = match refusal(sandbox.root()) {
        Ok(flags) => flags,
        Err(reason) => skip!("{reason}"),
    };
    let run = run(&sandbox, &[&["check", "--format", "json"], flags].concat());
    assert_eq!(run.code, 100);
    let report = run.report();
    let found = of(&report, Verdict::Unresolvable);
    assert_eq!(found.len(), 1);
    points_at(
        &sandbox,
        found[0],
        "crates/uplink/Cargo.toml",
        "opentelemetry",
        "\"0.21\"",
    );
    for word in ["rt-tokio", "opentelemetry_sdk"] {
        assert!(run.stdout.contains(word), "no word of {word}");
    }
}

fn of(report: &Report, verdict: Verdict) -> Vec<&Finding> {
    let findings = report.findings.iter();
    findings.filter(|f| f.verdict == Some(verdict)).collect()
}

/// The culprit of a finding is the requirement on a crate in a manifest, at its version.
fn points_at(sandbox: &Sandbox, finding: &Finding, file: &str, on: &str, version: &str) {
    let place = finding.culprit.as_ref().expect("a culprit");
    assert_eq!(place.file, file);
    let text = std::fs::read_to_string(sandbox.root().join(file)).unwrap();
    let line = text.lines().nth(place.line.unwrap() - 1).unwrap();
    assert!(line.starts_with(&format!("{on} = ")), "{line}");
    assert!(
        line[place.column.unwrap() - 1..].starts_with(version),
        "{line}"
    );
}

/// Some evidence of a finding is a place in a member's source, where this text stands.
fn rests_on(sandbox: &Sandbox, finding: &Finding, file: &str, text: &str) {
    let source = std::fs::read_to_string(sandbox.root().join(file)).unwrap();
    let places = finding.evidence.iter().filter(|evidence| {
        let named = evidence.file.as_deref();
        named.is_some_and(|named| file.ends_with(named))
    });
    let mut lines = places.filter_map(|place| source.lines().nth(place.line? - 1));
    assert!(lines.any(|line| line.contains(text)), "{text} in {file}");
}
