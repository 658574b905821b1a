//! The plan in phases.

use crate::plan::{Action, OptionId, Owner};
use crate::readiness::model::*;

use super::{ids, text};

fn gate(command: &str, rehearsed: Rehearsed) -> Gate {
    Gate {
        command: command.into(),
        shows: text("nothing is lost in `agent`"),
        rehearsed,
    }
}

fn rollback(rehearsed: Rehearsed) -> Rollback {
    Rollback {
        commands: vec![
            text("git checkout before-phase-1 -- Cargo.toml Cargo.lock"),
            text("cargo metadata --locked > /dev/null"),
        ],
        rehearsed,
    }
}

fn not_rehearsed() -> Rehearsed {
    Rehearsed::Not {
        because: text("`git` could not be started"),
    }
}

fn step(number: u32, action: Action, package: &str) -> PhaseStep {
    PhaseStep {
        number,
        action,
        package: package.into(),
        change: text("`bridge = \"0.2\"` in Cargo.toml:11 becomes `\"0.4\"`"),
        owner: Owner::Workspace,
        who: Some(text("platform team")),
        diff: text(
            "--- a/Cargo.toml\n+++ b/Cargo.toml\n@@ -9,2 +9,2 @@\n-bridge = \"0.2\"\n+bridge = \"0.4\"\n \tlog = \"0.4\"\n",
        ),
        commands: vec![text("cargo update -p bridge --precise 0.4.1")],
        tests: vec![text("cargo test -p agent")],
        gates: vec![gate(
            "cargo tree -i bridge@0.4.1 | grep -q agent",
            Rehearsed::Held,
        )],
        rollback: Some(rollback(Rehearsed::Held)),
        evidence: ids([6]),
    }
}

pub fn phases() -> PhasePlan {
    let first = Phase {
        number: 1,
        title: text("bring `bridge` to line 0.3"),
        days: Some((text("2026-12-01"), text("2026-12-05"))),
        entry: vec![gate("git diff --quiet", not_rehearsed())],
        steps: vec![step(1, Action::Bump, "bridge")],
        out: vec![
            LeftOut {
                package: text("client"),
                because: text("it needs phase 1 first"),
                phase: Some(2),
            },
            LeftOut {
                package: text("far"),
                because: text("it is off"),
                phase: None,
            },
        ],
        exit: vec![gate("cargo otel-check -p agent", Rehearsed::Held)],
        rollback: rollback(Rehearsed::Held),
        evidence: ids([6, 7]),
    };
    let second = Phase {
        number: 2,
        title: text("switch `client` off"),
        days: None,
        entry: Vec::new(),
        steps: vec![PhaseStep {
            owner: Owner::Upstream,
            who: None,
            diff: String::new(),
            commands: Vec::new(),
            tests: Vec::new(),
            gates: Vec::new(),
            rollback: None,
            ..step(2, Action::Ask, "client")
        }],
        out: Vec::new(),
        exit: Vec::new(),
        rollback: rollback(not_rehearsed()),
        evidence: ids([7]),
    };
    PhasePlan {
        option: OptionId::B,
        prepare: vec![text("git tag before-phase-1")],
        phases: vec![first, second],
        rollback: rollback(Rehearsed::Held),
        canary: vec![5, 25, 100],
        by_hand: vec![text("hand the bridge its tracer")],
        evidence: ids([7]),
    }
}
