//! Parts of a report, with one of everything.

use crate::plan::{Action, OptionId, Outcome, Owner};
use crate::readiness::compare::Moved;
use crate::readiness::model::*;
use crate::readiness::verify::{
    Claim, Difference, Signatures, Standing, Unrepeated, VERIFICATION_SCHEMA_VERSION, Verification,
};
use crate::report::Verdict;

pub fn text(text: &str) -> String {
    text.to_owned()
}

/// Ids of evidence.
pub fn ids<const N: usize>(numbers: [u32; N]) -> Vec<String> {
    numbers.iter().map(|number| format!("e{number}")).collect()
}

pub fn score(met: u64, measured: u64, all: u64, arithmetic: &str, evidence: u32) -> Score {
    Score {
        met,
        measured,
        all,
        percent: (met * 100).checked_div(measured),
        covered: (measured * 100).checked_div(all),
        arithmetic: arithmetic.into(),
        evidence: ids([evidence]),
    }
}

pub fn obstacle(due: Due, criterion: &str, text: &str, evidence: u32) -> Obstacle {
    Obstacle {
        due,
        criterion: Some(criterion.into()),
        text: text.into(),
        help: vec![format!(
            "`cargo otel-check plan` says what to do about {criterion}"
        )],
        owner: None,
        until: None,
        evidence: ids([evidence]),
    }
}

pub fn assessment() -> Assessment {
    Assessment {
        decision: Decision::NoGo,
        because: text("telemetry is lost in something that ships, which no score outweighs"),
        blockers: vec![
            Obstacle {
                criterion: None,
                ..obstacle(
                    Due::BeforeStart,
                    "",
                    "spans of `client` are lost in `agent`",
                    1,
                )
            },
            obstacle(
                Due::BeforeStart,
                "nothing-lost",
                "2 artifacts lose telemetry",
                1,
            ),
        ],
        conditions: vec![
            obstacle(
                Due::BeforePhase(2),
                "runbook",
                "`docs/runbook.md` is not there",
                4,
            ),
            Obstacle {
                owner: Some(text("on call")),
                ..obstacle(Due::Later, "compiles", "nobody has compiled the result", 9)
            },
        ],
        score: score(18, 25, 40, "10 + 8 of 10 + 8 + 7", 9),
        categories: vec![
            category(Category::Technical, score(10, 17, 27, "10 of 10 + 7", 9)),
            category(
                Category::Documentation,
                score(0, 0, 5, "nothing of nothing", 9),
            ),
            category(Category::Operational, score(8, 8, 8, "8 of 8", 9)),
        ],
        criteria: criteria(),
    }
}

fn category(category: Category, score: Score) -> CategoryScore {
    CategoryScore { category, score }
}

fn criterion(
    id: &str,
    title: &str,
    weight: u64,
    severity: Severity,
    result: Measured,
) -> CriterionRow {
    CriterionRow {
        id: id.into(),
        title: title.into(),
        category: Category::Technical,
        weight,
        severity,
        due: Due::BeforeStart,
        measure: text("what `check` finds"),
        result,
        let_through: Vec::new(),
        evidence: ids([1]),
        from: text("rules/readiness.toml"),
    }
}

fn criteria() -> Vec<CriterionRow> {
    vec![
        criterion(
            "resolves",
            "cargo resolves the workspace",
            10,
            Severity::Blocker,
            Measured::Met {
                text: text("cargo resolves 3 lines"),
            },
        ),
        criterion(
            "nothing-lost",
            "no telemetry is lost in what ships",
            7,
            Severity::Blocker,
            Measured::Unmet {
                text: text("`check` finds 2 artifacts that lose telemetry"),
                help: vec![text("`cargo otel-check plan` says what to change")],
            },
        ),
        CriterionRow {
            evidence: ids([9]),
            measure: text("cargo compiles a copy"),
            due: Due::Later,
            ..criterion(
                "compiles",
                "the workspace compiles",
                10,
                Severity::Condition,
                Measured::NotMeasured {
                    because: text("nothing is compiled without `--trial`"),
                    help: vec![text("run it with `--trial`")],
                },
            )
        },
        CriterionRow {
            category: Category::Documentation,
            measure: text("the file `docs/runbook.md`"),
            due: Due::BeforePhase(2),
            evidence: ids([4]),
            from: text("otel-check.toml"),
            ..criterion(
                "runbook",
                "there is a runbook",
                5,
                Severity::Note,
                Measured::NotMeasured {
                    because: text("it cannot be read"),
                    help: Vec::new(),
                },
            )
        },
        CriterionRow {
            category: Category::Operational,
            measure: text("a person's word"),
            evidence: ids([5]),
            from: text("otel-check.toml"),
            ..criterion(
                "on-call",
                "somebody is on call",
                8,
                Severity::Condition,
                Measured::Met {
                    text: text("Ada Example says so since 2026-11-20"),
                },
            )
        },
    ]
}

pub fn dependencies() -> Vec<DependencyRow> {
    let check = |title: &str, result| DependencyCheck {
        title: title.into(),
        result,
        evidence: ids([1]),
    };
    let met = || Measured::Met {
        text: text("it is"),
    };
    let row = |package: &str, status, score, checks| DependencyRow {
        package: package.into(),
        current: vec![text("0.1.2"), text("0.2.0")],
        lines: vec![text("0.1"), text("0.2")],
        target: Some(text("0.3.1")),
        status,
        checks,
        score,
        evidence: ids([1, 2]),
    };
    let unmet = Measured::Unmet {
        text: text("0.1 and 0.2 are"),
        help: Vec::new(),
    };
    let unknown = Measured::NotMeasured {
        because: text("its sources are not at hand"),
        help: vec![text("`cargo fetch` brings them")],
    };
    let because = || text("no release of it asks for line 0.3");
    vec![
        row(
            "api",
            DependencyStatus::Ready,
            score(1, 1, 1, "1 of 1", 1),
            vec![check("it is whole", met())],
        ),
        row(
            "bridge",
            DependencyStatus::Moves {
                action: Action::Bump,
            },
            score(0, 1, 2, "0 of 1", 1),
            vec![
                check("every version in use is of the target line", unmet),
                check("its code is read", unknown.clone()),
            ],
        ),
        row(
            "client",
            DependencyStatus::Blocked { because: because() },
            score(0, 0, 1, "nothing of nothing", 1),
            vec![check("its code is read", unknown.clone())],
        ),
        row(
            "far",
            DependencyStatus::Deferred {
                because: text("the feature `remote` is off"),
            },
            score(1, 1, 1, "1 of 1", 1),
            Vec::new(),
        ),
        row(
            "log",
            DependencyStatus::Ready,
            score(1, 1, 2, "1 of 1", 1),
            vec![
                check("it is whole", met()),
                check("its code is read", unknown),
            ],
        ),
        row(
            "metrics",
            DependencyStatus::Faulty { because: because() },
            score(0, 1, 1, "0 of 1", 1),
            Vec::new(),
        ),
        DependencyRow {
            target: None,
            lines: Vec::new(),
            ..row(
                "odd",
                DependencyStatus::Unknown { because: because() },
                score(0, 0, 0, "", 1),
                Vec::new(),
            )
        },
    ]
}

pub fn options() -> Vec<OptionRow> {
    let row = |id, title: &str, outcome, assessment| OptionRow {
        id,
        title: title.into(),
        target: Some(text("0.3")),
        outcome,
        edits: Some(3),
        loses: Vec::new(),
        remains: Vec::new(),
        waits_for: Vec::new(),
        assessment,
        evidence: ids([2]),
    };
    let none = Outcome::None {
        because: text("because `client` serves no line above 0.2, no plan leads to line 0.3"),
    };
    let proven = Outcome::Proven {
        command: text("cargo otel-check plan --options --target-line 0.3"),
    };
    let mut good = assessment();
    good.decision = Decision::ConditionalGo;
    good.because = text("nothing is lost, and `client` is deferred");
    good.blockers.clear();
    good.conditions.truncate(1);
    good.score = score(25, 25, 40, "10 + 7 + 8 of 10 + 7 + 8", 9);
    good.criteria[1].result = Measured::Met {
        text: text("nothing is lost"),
    };
    vec![
        OptionRow {
            edits: None,
            waits_for: vec![text("client")],
            ..row(OptionId::A, "align everything now", none, None)
        },
        OptionRow {
            loses: vec![
                text("spans of client's requests"),
                text("the feature `remote` of agent"),
            ],
            remains: vec![text("hand the bridge its tracer")],
            waits_for: vec![text("client")],
            ..row(OptionId::B, "go on without `client`", proven, Some(good))
        },
        row(
            OptionId::C,
            "stay where all agree",
            Outcome::Unproven {
                because: text("cargo found no network"),
            },
            None,
        ),
    ]
}

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

/// A certificate in each standing; the first with everything that can be said of one.
pub fn verifications() -> Vec<Verification> {
    let found = |standing, because: &str| Verification {
        schema_version: VERIFICATION_SCHEMA_VERSION,
        standing,
        because: because.into(),
        signatures: Signatures::None,
        claim: Some(Claim {
            family: text("Telemetry"),
            date: text("2026-11-20"),
            decision: Decision::Go,
        }),
        now: Some(Decision::NoGo),
        contradictions: Vec::new(),
        inputs: Vec::new(),
        holds: vec![text("resolves"), text("compiles")],
        differs: Vec::new(),
        unrepeated: Vec::new(),
    };
    let differs = |what: &str| Difference {
        what: what.into(),
        claimed: text("met: nothing is lost"),
        found: text("unmet: 2 artifacts lose telemetry"),
    };
    let [lock, manifest, file] = inputs().try_into().unwrap();
    vec![
        Verification {
            signatures: Signatures::Unchecked { count: 2 },
            inputs: vec![
                Moved::Changed {
                    old: Input {
                        sha256: None,
                        ..lock.clone()
                    },
                    new: lock,
                },
                Moved::New { new: manifest },
                Moved::Gone { old: file },
            ],
            differs: vec![differs("decision"), differs("nothing-lost")],
            unrepeated: vec![Unrepeated {
                what: text("on-call"),
                because: text("a person's word is not measured again"),
            }],
            ..found(Standing::Outdated, "it was made from something else")
        },
        Verification {
            now: Some(Decision::Go),
            ..found(
                Standing::Holds,
                "from the same inputs follows the same answer",
            )
        },
        Verification {
            unrepeated: vec![Unrepeated {
                what: text("day"),
                because: text("it is another day"),
            }],
            ..found(
                Standing::Holds,
                "from the same inputs follows the same answer",
            )
        },
        Verification {
            differs: vec![differs("nothing-lost")],
            ..found(
                Standing::False,
                "from the same inputs follows another answer",
            )
        },
        Verification {
            now: None,
            contradictions: vec![text("`e9` is named, and there is no such evidence")],
            holds: Vec::new(),
            ..found(Standing::Tampered, "it does not fit together")
        },
        Verification {
            now: None,
            claim: None,
            holds: Vec::new(),
            ..found(Standing::Broken, "it is no readiness certificate")
        },
    ]
}
