//! Readiness reports to render.

mod parts;

use crate::plan::{OptionId, Outcome};
use crate::readiness::Readiness;
use crate::readiness::model::{
    Assessment, Decision, DependencyStatus, Due, LetThrough, Measured, Obstacle, Probability,
    READINESS_SCHEMA_VERSION, Score,
};
use crate::report::Tool;

use parts::{ids, obstacle, score, text};

pub use parts::verifications;

/// Two lines are lost: nothing of it may go.
pub fn no_go() -> Readiness {
    Readiness {
        schema_version: READINESS_SCHEMA_VERSION,
        tool: Tool {
            name: "t".into(),
            version: "1.0.0".into(),
        },
        family: "Telemetry".into(),
        date: "2026-11-21".into(),
        target: Some("0.3".into()),
        target_because: "line 0.3 is live today, and everything in use serves it".into(),
        assessment: parts::assessment(),
        dependencies: parts::dependencies(),
        options: parts::options(),
        recommended: Some(OptionId::B),
        recommended_because: "`client` has no release for line 0.3 and can be switched off".into(),
        phases: Some(parts::phases()),
        risks: parts::risks(),
        evidence: parts::evidence(),
        inputs: parts::inputs(),
        notes: vec!["the index was read from the cache alone".into()],
    }
}

/// Nothing is lost any more; something is left to do.
pub fn conditional() -> Readiness {
    let mut report = no_go();
    let assessment = &mut report.assessment;
    assessment.decision = Decision::ConditionalGo;
    assessment.because = text("nothing is lost and no blocker is unmet, but 2 conditions are");
    assessment.blockers.clear();
    for row in &mut assessment.criteria {
        if row.id == "nothing-lost" {
            row.result = Measured::Met {
                text: text("`check` finds nothing lost in what ships"),
            };
        }
    }
    assessment.conditions.insert(
        0,
        Obstacle {
            owner: Some("platform team".into()),
            until: Some("2026-12-31".into()),
            ..obstacle(
                Due::BeforePhase(2),
                "rolled-back",
                "a let-through finding stands",
                3,
            )
        },
    );
    assessment.criteria[1].let_through = vec![LetThrough {
        reason: "until the next release of `client`".into(),
        owner: Some("platform team".into()),
        until: Some("2026-12-31".into()),
    }];
    report
}

/// Everything was measured, and is met.
pub fn go() -> Readiness {
    let mut report = no_go();
    let assessment = &mut report.assessment;
    assessment.decision = Decision::Go;
    assessment.because = text("everything was measured, and every criterion is met");
    assessment.blockers.clear();
    assessment.conditions.clear();
    assessment.score = score(40, 40, 40, "40 of 40", 9);
    for row in &mut assessment.categories {
        let all = row.score.all;
        row.score = score(all, all, all, &format!("{all} of {all}"), 9);
    }
    for row in &mut assessment.criteria {
        row.result = Measured::Met {
            text: text("it was seen"),
        };
        row.evidence = ids([1]);
    }
    report.dependencies.truncate(1);
    report.options.clear();
    report.recommended = None;
    report.recommended_because = text("nothing is to be done");
    report.phases = None;
    report.risks.clear();
    report.notes.clear();
    report
}

/// Cargo refuses the workspace: almost nothing can be measured, and no option holds.
pub fn unresolvable() -> Readiness {
    let mut report = no_go();
    report.target = None;
    report.target_because = text("no line is known to which everything could be brought");
    let assessment = &mut report.assessment;
    assessment.because = text("cargo cannot resolve the workspace");
    assessment.blockers.truncate(1);
    assessment.conditions.clear();
    assessment.score = unmeasured(40);
    for row in &mut assessment.categories {
        row.score = unmeasured(row.score.all);
    }
    for row in &mut assessment.criteria {
        row.result = Measured::NotMeasured {
            because: text("cargo cannot resolve the workspace"),
            help: Vec::new(),
        };
    }
    for row in &mut report.dependencies {
        row.checks.clear();
        row.score = unmeasured(1);
        row.status = DependencyStatus::Unknown {
            because: text("cargo cannot resolve the workspace"),
        };
    }
    for option in &mut report.options {
        option.outcome = Outcome::None {
            because: text("because `client` serves no line above 0.2, no plan leads to line 0.3"),
        };
        option.assessment = None;
        option.edits = None;
    }
    report.recommended = None;
    report.recommended_because = text("no option is proven");
    report.phases = None;
    for risk in &mut report.risks {
        risk.probability = Probability::Unknown {
            because: text("nothing was counted"),
        };
    }
    report
}

/// No part but what must be there.
pub fn bare() -> Readiness {
    Readiness {
        target: None,
        target_because: String::new(),
        assessment: Assessment {
            decision: Decision::Go,
            because: text("no criterion is unmet"),
            blockers: Vec::new(),
            conditions: Vec::new(),
            score: Score {
                covered: None,
                ..unmeasured(0)
            },
            categories: Vec::new(),
            criteria: Vec::new(),
        },
        dependencies: Vec::new(),
        recommended_because: String::new(),
        evidence: Vec::new(),
        inputs: Vec::new(),
        ..go()
    }
}

/// All of them.
pub fn all() -> Vec<Readiness> {
    vec![
        no_go(),
        conditional(),
        go(),
        unresolvable(),
        bare(),
        hostile(),
    ]
}

fn unmeasured(all: u64) -> Score {
    Score {
        percent: None,
        covered: Some(0),
        ..score(0, 0, all, "nothing of nothing", 9)
    }
}

/// A report in which every text that may come from elsewhere attacks what shows it.
pub fn hostile() -> Readiness {
    attacked(&no_go(), &|number| {
        ATTACKS[number % ATTACKS.len()].to_owned()
    })
}

pub const ATTACKS: [&str; 7] = [
    "\u{1b}[2J|a|\n# b",
    "`` ` ``` x\r\n- [y](http://z)",
    "\u{202e}desrever <script>alert(1)</script>",
    "`a|b`\n```\n<img src=x onerror=alert(1)>",
    "```\n+++ \u{7}\u{1b}]8;;http://x\u{7}",
    "</td></table><a id=\"e1\"></a> @team #12 ![i](http://x)",
    "--> \u{0} <!-- &lt;b&gt; www.x.y\t|",
];

/// Puts `attack` in the place of each text, but of those that choose among what the types allow, and
/// of the ids by which parts of a report name each other.
pub fn attacked<T>(value: &T, attack: &dyn Fn(usize) -> String) -> T
where
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    Places::of(value).attacked(attack)
}

/// A value, and where its texts from outside stand.
pub struct Places<T> {
    json: serde_json::Value,
    paths: Vec<String>,
    of: std::marker::PhantomData<T>,
}

impl<T> Places<T>
where
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    pub fn of(value: &T) -> Self {
        let json = serde_json::to_value(value).unwrap();
        let mut paths = Vec::new();
        texts(&json, String::new(), &mut paths);
        // Where any text will do, one from outside may stand.
        paths.retain(|path| {
            let mut json = json.clone();
            *json.pointer_mut(path).unwrap() = "any text".into();
            serde_json::from_value::<T>(json).is_ok()
        });
        let of = std::marker::PhantomData;
        Self { json, paths, of }
    }

    pub fn attacked(&self, attack: &dyn Fn(usize) -> String) -> T {
        let mut json = self.json.clone();
        for (number, path) in self.paths.iter().enumerate() {
            *json.pointer_mut(path).unwrap() = attack(number).into();
        }
        serde_json::from_value(json).unwrap()
    }
}

/// Where texts stand, ids of evidence and inputs aside.
fn texts(value: &serde_json::Value, at: String, found: &mut Vec<String>) {
    use serde_json::Value;
    match value {
        Value::String(text) => {
            let is_id =
                text.len() < 4 && text.starts_with(['e', 'i']) && text[1..].parse::<u32>().is_ok();
            if !is_id {
                found.push(at);
            }
        }
        Value::Array(all) => {
            for (number, one) in all.iter().enumerate() {
                texts(one, format!("{at}/{number}"), found);
            }
        }
        Value::Object(all) => {
            for (key, one) in all {
                texts(one, format!("{at}/{key}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
