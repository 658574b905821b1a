//! What is in the way, and the options.

use crate::plan::{Action, OptionId, Outcome};
use crate::readiness::model::*;

use super::{assessment, ids, score, text};

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
        row(
            "own",
            DependencyStatus::Changes { steps: vec![1, 2] },
            score(0, 1, 1, "0 of 1", 1),
            Vec::new(),
        ),
        row(
            "wire",
            DependencyStatus::Follows,
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
