//! What a policy changes, and what it cannot.

use crate::{aligned, family, judged, ran};

const EXCEPTION: &str = "\
[[exception]]
code = \"lost-telemetry\"
package = \"user\"
reason = \"its owner is at it\"
owner = \"platform team\"
expires = DAY
";

fn exception(day: &str) -> String {
    EXCEPTION.replace("DAY", day)
}

/// What else the skew is warned of.
fn rest() -> &'static str {
    "[[exception]]\npackage = \"user\"\nreason = \"as above\"\nowner = \"platform team\"\nexpires = 2027-01-01\n"
}

#[test]
fn a_loss_that_is_let_through_is_a_condition() {
    let lab = family::skewed();
    lab.sandbox
        .write("otel-check.toml", &exception("2026-12-31"));
    let document = judged(&lab, &["--trial"]);
    assert_eq!((document.decision(), document.code), ("conditional-go", 0));
    let now = document.assessment();
    let row = now.criterion("no-lost-telemetry");
    assert_eq!(row["result"]["kind"], "unmet");
    assert_eq!(row["let_through"][0]["owner"], "platform team");
    let conditions = now.0["conditions"].as_array().unwrap();
    let condition = conditions
        .iter()
        .find(|one| one["criterion"] == "no-lost-telemetry");
    let condition = condition.unwrap();
    assert_eq!(condition["until"], "2026-12-31");
    assert_eq!(condition["owner"], "platform team");
    let text = condition["text"].as_str().unwrap();
    assert!(
        text.starts_with("let through (its owner is at it): "),
        "{text}"
    );
}

#[test]
fn an_exception_counts_until_its_day() {
    let lab = family::skewed();
    for (day, decision) in [("2026-11-21", "conditional-go"), ("2026-11-20", "no-go")] {
        lab.sandbox.write("otel-check.toml", &exception(day));
        assert_eq!(judged(&lab, &[]).decision(), decision, "{day}");
    }
}

#[test]
fn what_is_forbidden_is_not_let_through() {
    let lab = family::skewed();
    let policy = format!("[levels]\nlost-telemetry = \"forbid\"\n{}", rest());
    lab.sandbox.write("otel-check.toml", &policy);
    assert_eq!(judged(&lab, &[]).decision(), "no-go");
    lab.sandbox.write("otel-check.toml", rest());
    assert_eq!(judged(&lab, &[]).decision(), "conditional-go");
}

/// Levels of a policy hide nothing.
#[test]
fn a_level_is_no_exception() {
    let lab = family::skewed();
    lab.sandbox
        .write("otel-check.toml", "[levels]\nlost-telemetry = \"allow\"\n");
    assert_eq!(judged(&lab, &[]).decision(), "no-go");
}

/// Whatever a team makes of the criteria, a loss is a loss.
#[test]
fn no_weight_and_no_severity_makes_a_go_of_a_loss() {
    let lab = family::skewed();
    let all = [
        "resolves",
        "no-lost-telemetry",
        "no-split-context",
        "no-type-clash",
        "decided",
        "on-target",
        "plan-proven",
        "companions-in-step",
        "compiles",
        "specified",
        "lock-present",
        "sdk-linked",
        "bridges-fed",
        "rollback-rehearsed",
        "nothing-deferred",
        "no-broken-release",
        "maintained",
    ];
    let notes: String = all
        .iter()
        .map(|id| format!("[[criterion]]\nid = \"{id}\"\nweight = 0\nunmet = \"note\"\n"))
        .collect();
    lab.sandbox.write("otel-check.toml", &notes);
    let document = judged(&lab, &["--trial"]);
    assert_eq!((document.decision(), document.code), ("no-go", 100));
    assert_eq!(document.assessment().blockers(), ["no criterion"]);
    let text = document.json["assessment"]["blockers"][0]["text"].as_str();
    assert!(text.unwrap().contains("user@1.0.0"), "{text:?}");
    // Let through beside all of that, it is no GO either.
    let policy = format!("{notes}{}", exception("2026-12-31"));
    lab.sandbox.write("otel-check.toml", &policy);
    let document = judged(&lab, &["--trial"]);
    assert_eq!(document.decision(), "conditional-go");
    assert_eq!(document.assessment().conditions(), ["no criterion"]);
}

#[test]
fn nobody_lets_cargos_refusal_through() {
    let lab = family::lab(&family::live("nobody = \"7\"\n", ""), Vec::new());
    let policy = "[[criterion]]\nid = \"resolves\"\nunmet = \"note\"\n\
                  [[exception]]\ncode = \"unresolvable\"\nreason = \"we like it so\"\nowner = \"me\"\nexpires = 2999-01-01\n";
    lab.sandbox.write("otel-check.toml", policy);
    let document = judged(&lab, &[]);
    assert_eq!((document.decision(), document.code), ("no-go", 100));
}

#[test]
fn a_policy_names_the_target() {
    let lab = aligned();
    lab.sandbox
        .write("otel-check.toml", "target-line = \"0.32\"\n");
    let document = judged(&lab, &[]);
    assert_eq!(document.json["target"], "0.32");
    assert_eq!(document.json["target_because"], "otel-check.toml names it");
    assert_eq!(document.assessment().result("on-target"), "unmet");
    let flag = judged(&lab, &["--target-line", "0.33"]);
    assert_eq!(flag.json["target"], "0.33");
    assert_eq!(flag.assessment().result("on-target"), "met");
}

#[test]
fn attestations() {
    let lab = aligned();
    let given = |date: &str, more: &str| {
        format!(
            "[[attestation]]\ncriterion = \"owned\"\nname = \"Ada Lovelace\"\ndate = {date}\n{more}"
        )
    };
    let none = judged(&lab, &[]);
    assert_eq!(none.assessment().result("owned"), "not-measured");
    lab.sandbox.write(
        "otel-check.toml",
        &given("2026-11-21", "statement = \"I do\"\n"),
    );
    let document = judged(&lab, &[]);
    assert_eq!(document.assessment().result("owned"), "met");
    let text = document.assessment().text("owned");
    assert_eq!(text, "Ada Lovelace said so on 2026-11-21: I do");
    // The word of yesterday is none of today.
    lab.sandbox.write(
        "otel-check.toml",
        &given("2026-11-01", "until = 2026-11-20\n"),
    );
    let document = judged(&lab, &[]);
    assert_eq!(document.assessment().result("owned"), "not-measured");
    assert!(
        document
            .assessment()
            .text("owned")
            .contains("until 2026-11-20")
    );
}

#[test]
fn attestations_that_are_rejected() {
    let lab = aligned();
    for (policy, words) in [
        (
            "[[attestation]]\ncriterion = \"owned\"\nname = \"Ada\"\ndate = 2026-11-22\n",
            "otel-check.toml:1:1: the attestation is of 2026-11-22, which is still to come",
        ),
        (
            "[[attestation]]\ncriterion = \"owned\"\ndate = 2026-11-20\n",
            "otel-check.toml:1:1: `[[attestation]]` needs a key `name`",
        ),
        (
            "[[attestation]]\ncriterion = \"owned\"\nname = \" \"\ndate = 2026-11-20\n",
            "otel-check.toml:3:8: ` ` under `name`",
        ),
        (
            "[[attestation]]\ncriterion = \"no-lost-telemetry\"\nname = \"Ada\"\ndate = 2026-11-20\n",
            "nobody's word can take the place of that",
        ),
    ] {
        lab.sandbox.write("otel-check.toml", policy);
        let run = ran(&lab, &[]);
        assert_eq!((run.code, run.stdout.as_str()), (101, ""), "{policy}");
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
}

#[test]
fn files_that_must_be_there_and_match() {
    let lab = aligned();
    assert_eq!(judged(&lab, &[]).assessment().result("runbook"), "unmet");
    lab.sandbox
        .write("docs/runbook.md", "# How to turn it off and on\n");
    assert_eq!(judged(&lab, &[]).assessment().result("runbook"), "unmet");
    lab.sandbox.write("docs/runbook.md", "# Rolling back\n");
    let document = judged(&lab, &[]);
    assert_eq!(document.assessment().result("runbook"), "met");
    let inputs = document.json["inputs"].as_array().unwrap();
    let file = inputs.iter().find(|one| one["name"] == "docs/runbook.md");
    assert_eq!(file.unwrap()["kind"], "file");
    // Without a lock, what was judged is not what is built tomorrow.
    std::fs::remove_file(lab.root().join("Cargo.lock")).unwrap();
    let document = judged(&lab, &["--trial"]);
    assert_eq!(document.assessment().result("lock-present"), "unmet");
    assert_eq!(document.decision(), "conditional-go");
    assert_eq!(document.assessment().conditions(), ["lock-present"]);
    assert!(!lab.root().join("Cargo.lock").exists());
}

#[test]
fn owners_are_named_for_what_they_own() {
    let lab = family::skewed();
    lab.sandbox.write(
        "otel-check.toml",
        "[readiness.owners]\nuser = \"user team\"\n",
    );
    let document = judged(&lab, &[]);
    let blocker = &document.json["assessment"]["blockers"][0];
    assert_eq!(blocker["owner"], "user team");
}
