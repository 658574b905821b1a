//! The decision, and what it was made by.

use crate::readiness::model::*;

use super::{ids, obstacle, score, text};

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
