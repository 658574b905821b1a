//! Risks, evidence and inputs.

use crate::readiness::model::*;
use crate::report::Verdict;

use super::{ids, text};

pub fn risks() -> Vec<RiskRow> {
    let row = |id: &str, kind, probability, verdict, status| RiskRow {
        id: id.into(),
        kind,
        text: format!("what may happen with {id}"),
        probability,
        impact: Impact {
            verdict,
            artifacts: vec![text("agent/bin/agent"), text("agent/lib/agent")],
        },
        mitigation: vec![text("step 1 moves `bridge`")],
        contingency: vec![text("option C stays where all agree")],
        status,
        owner: Some(text("platform team")),
        evidence: ids([8]),
    };
    let accepted = RiskStatus::Accepted {
        reason: text("until the next release"),
        owner: text("platform team"),
        until: text("2026-12-31"),
    };
    let counted = Probability::Counted {
        cases: 4,
        of: 6,
        what: text("lines that `client` took more than 40 days for"),
    };
    let measured = Probability::Measured {
        text: text("it took 5 to 40 days for 6 lines, and this one is 12 days old"),
    };
    let unknown = Probability::Unknown {
        because: text("nothing measures it"),
    };
    let mut rows = vec![
        row(
            "by-hand:bridge",
            RiskKind::ByHand,
            unknown,
            None,
            RiskStatus::Open,
        ),
        row(
            "blocked-owner:client",
            RiskKind::BlockedOwner,
            counted,
            Some(Verdict::Lost),
            RiskStatus::Open,
        ),
        row(
            "behaviour:bridge",
            RiskKind::BehaviourChange,
            Probability::Present,
            Some(Verdict::Split),
            RiskStatus::Planned { step: 1 },
        ),
        row(
            "lag:client",
            RiskKind::BlockedOwner,
            measured,
            Some(Verdict::Latent),
            accepted,
        ),
    ];
    rows[0].impact.artifacts.clear();
    rows[0].owner = None;
    rows[0].mitigation.clear();
    rows[0].contingency.clear();
    rows
}

pub fn evidence() -> Vec<Evidence> {
    use EvidenceKind::*;
    let all = [
        (
            Check,
            "`check` finds 2 artifacts that lose telemetry",
            Some("cargo otel-check check"),
        ),
        (
            Plan,
            "cargo proves option B",
            Some("cargo otel-check plan --options"),
        ),
        (Rule, "the rules say that `client` has ended", None),
        (
            File,
            "`docs/runbook.md` is not there",
            Some("test -f docs/runbook.md"),
        ),
        (
            Attestation,
            "Ada Example on 2026-11-20: \"the rota is filled\"",
            None,
        ),
        (
            Rehearsal,
            "`cargo tree -i bridge@0.4.1 | grep -q agent` failed before step 1 and passed after",
            None,
        ),
        (
            Rehearsal,
            "the manifests and the lock came back byte for byte",
            None,
        ),
        (
            Index,
            "4 of 6 lines took `client` more than 40 days",
            Some("cargo otel-check matrix client"),
        ),
        (Sum, "weights added up", None),
        (Command, "`./smoke` ended with exit code 1", Some("./smoke")),
        (Command, "`./hangs` was stopped", Some("./hangs")),
        (Command, "`./gone` did not start", Some("./gone")),
        (Command, "`./dies` died", Some("./dies")),
    ];
    let run = |ended, output: &str| Run {
        ended,
        output: output.into(),
        bytes: 1_048_576,
        sha256: "ab".repeat(32),
    };
    let mut all: Vec<Evidence> = (1..)
        .zip(all)
        .map(|(number, (kind, text, command))| Evidence {
            id: format!("e{number}"),
            kind,
            text: text.into(),
            command: command.map(str::to_owned),
            run: None,
            inputs: vec!["i1".into(), "i2".into()],
        })
        .collect();
    all[9].run = Some(run(Ended::Exit { code: 1 }, "1 of 3 spans\narrived\n```\n"));
    all[10].run = Some(run(Ended::TimedOut { seconds: 60 }, ""));
    all[11].run = Some(run(
        Ended::NotStarted {
            because: text("no such file"),
        },
        "",
    ));
    all[12].run = Some(run(Ended::Signal { signal: 9 }, "killed"));
    all
}

pub fn inputs() -> Vec<Input> {
    let input = |id: &str, kind, name: &str, sha256: Option<String>| Input {
        id: id.into(),
        kind,
        name: name.into(),
        sha256,
    };
    vec![
        input("i1", InputKind::Lock, "Cargo.lock", Some("0a".repeat(32))),
        input(
            "i2",
            InputKind::Manifest,
            "agent/Cargo.toml",
            Some("1b".repeat(32)),
        ),
        input("i3", InputKind::File, "docs/runbook.md", None),
    ]
}
