use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::readiness::certificate::{render, seal};
use crate::readiness::ledger::digest;
use crate::readiness::model::{Evidence, EvidenceKind, Measured, Severity};
use crate::readiness::testing::{Row, assessment, met, not_measured, report, rows, unmet};

/// Verifies a certificate against a report of the workspace as it is now.
fn verify(text: &str, fresh: &Readiness) -> Verification {
    match examine(text) {
        Ok(certificate) => against(&certificate, fresh),
        Err(verification) => *verification,
    }
}

/// Places of all values below one, as JSON pointers.
fn places(value: &Value, at: String, all: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                places(
                    field,
                    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")),
                    all,
                );
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                places(item, format!("{at}/{number}"), all);
            }
        }
        _ => {}
    }
    all.push(at);
}

/// Another value of the same type, where that can be.
fn changed(value: &mut Value, way: u8) {
    *value = match (&value, way % 3) {
        (Value::Null, _) => json!("x"),
        (Value::Bool(is), _) => json!(!is),
        (Value::Number(number), _) => json!(number.as_u64().unwrap_or(0) + 1),
        (Value::String(text), 0) => json!(format!("{text}x")),
        (Value::String(_), _) => json!(""),
        (Value::Array(items), 0) if !items.is_empty() => json!(items[1..]),
        (Value::Array(items), _) => {
            let mut items = items.clone();
            items.push(items.first().cloned().unwrap_or_else(|| json!("x")));
            Value::Array(items)
        }
        (Value::Object(fields), 0) if !fields.is_empty() => Value::Object(
            fields
                .iter()
                .skip(1)
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect(),
        ),
        (Value::Object(fields), _) => {
            let mut fields = fields.clone();
            fields.insert("more".into(), json!(1));
            Value::Object(fields)
        }
    };
}

fn statement(report: &Readiness) -> Value {
    serde_json::from_str(&render(report)).unwrap()
}

/// All places of a statement that say something of the answer.
fn told_places(statement: &Value) -> Vec<String> {
    let mut all = Vec::new();
    places(&statement["predicate"], "/predicate".into(), &mut all);
    places(&statement["subject"], "/subject".into(), &mut all);
    all
}

#[test]
fn it_holds_while_nothing_changes() {
    let one = report(&rows());
    let verification = verify(&render(&one), &one);
    assert_eq!(verification.standing, Standing::Holds, "{verification:?}");
    assert_eq!(verification.holds.len(), 4);
    assert!(verification.unrepeated.is_empty());
    assert_eq!(
        verification.because,
        "from the same inputs follows the same answer"
    );
}

/// Not one place of it can be altered without being told.
#[test]
fn every_altered_place_is_told_as_tampered() {
    let one = report(&rows());
    let original = statement(&one);
    for place in told_places(&original) {
        for way in 0..2 {
            let mut altered = original.clone();
            changed(altered.pointer_mut(&place).unwrap(), way);
            if altered == original {
                continue;
            }
            let verification = verify(&altered.to_string(), &one);
            // Without its seal it is no certificate at all.
            let seal_is_gone = altered["predicate"]["seal"]["sha256"].as_str().is_none();
            let expected = match seal_is_gone {
                true => Standing::Broken,
                false => Standing::Tampered,
            };
            assert_eq!(
                verification.standing, expected,
                "{place} {way}: {verification:?}"
            );
            assert!(
                !verification.contradictions.is_empty() || seal_is_gone,
                "{place}"
            );
        }
    }
}

/// Nor can it by somebody who makes the seal anew: it does not follow from its inputs.
#[test]
fn whoever_seals_anew_is_found_out() {
    let one = report(&rows());
    let original = statement(&one);
    for place in told_places(&original) {
        // Which version of the program it was does not matter where the answer is the same.
        if place.starts_with("/predicate/seal") || place == "/predicate/tool/version" {
            continue;
        }
        for way in 0..2 {
            let mut altered = original.clone();
            changed(altered.pointer_mut(&place).unwrap(), way);
            altered["predicate"]["seal"]["sha256"] = json!(seal(&altered));
            // A field that nobody reads says nothing.
            let more = altered.pointer(&place).unwrap().get("more").is_some();
            if altered == original || more {
                continue;
            }
            let verification = verify(&altered.to_string(), &one);
            assert_ne!(verification.standing, Standing::Holds, "{place} {way}");
        }
    }
}

#[test]
fn a_decision_that_does_not_follow_is_told() {
    let honest = report(&rows());
    for (change, message) in [
        (
            (|one: &mut Readiness| one.assessment.decision = Decision::Go) as fn(&mut Readiness),
            "something stands against a GO",
        ),
        (
            |one| {
                one.assessment.decision = Decision::ConditionalGo;
                one.assessment.blockers.clear();
            },
            "criterion nothing-lost lets it be NO-GO at best",
        ),
        (
            |one| {
                one.assessment.decision = Decision::Go;
                one.assessment.blockers.clear();
                one.assessment.conditions.clear();
            },
            "criterion on-target lets it be CONDITIONAL GO at best",
        ),
        (
            |one| one.assessment.blockers.clear(),
            "nothing stands against a GO",
        ),
        (
            |one| one.assessment.score.met += 1,
            "the score of all is 11",
        ),
        (
            |one| one.assessment.score.percent = Some(100),
            "100 % of 89 %), and its criteria give",
        ),
        (
            |one| one.assessment.score.arithmetic = "25 of 25".into(),
            "its criteria give 10 of 25 of 28 (10 of 10 + 10 + 5; 40 % of 89 %)",
        ),
        (
            |one| one.assessment.categories[0].score.all = 0,
            "the score of a category",
        ),
        (
            |one| one.assessment.criteria[0].weight = u64::MAX >> 12,
            "the score of all",
        ),
        (
            |one| one.assessment.criteria[1].result = met("x"),
            "the score of all",
        ),
        (
            |one| one.assessment.blockers[0].criterion = Some("resolves".into()),
            "criterion resolves is no blocker",
        ),
        (
            |one| one.evidence[0].inputs = vec!["i99".into()],
            "rests on no input",
        ),
        (|one| one.evidence[0].inputs.clear(), "rests on no input"),
        (|one| one.evidence.clear(), "rests on no evidence"),
        (|one| one.date = "2027-01-01".into(), "the day is not"),
        (|one| one.inputs[1].id = "i1".into(), "an id stands twice"),
    ] {
        let mut forged = honest.clone();
        change(&mut forged);
        // `render` seals it, as a forger would.
        let verification = verify(&render(&forged), &honest);
        assert_eq!(verification.standing, Standing::Tampered, "{message}");
        let all = verification.contradictions.join("\n");
        assert!(all.contains(message), "{message}: {all}");
        let claim = verification.claim.unwrap();
        assert_eq!(claim.decision, forged.assessment.decision);
    }
}

#[test]
fn a_false_answer_from_the_same_inputs_is_false() {
    let honest = report(&rows());
    let mut claimed = rows();
    claimed[1].result = met("nothing is lost");
    let forged = report(&claimed);
    let verification = verify(&render(&forged), &honest);
    assert_eq!(verification.standing, Standing::False, "{verification:?}");
    let what: Vec<&str> = verification
        .differs
        .iter()
        .map(|one| one.what.as_str())
        .collect();
    assert_eq!(what, ["nothing-lost", "decision", "score"]);
    assert_eq!(verification.holds, ["resolves", "on-target", "smoke-test"]);
    assert_eq!(verification.now, Some(Decision::NoGo));
    let first = &verification.differs[0];
    assert!(first.claimed.starts_with("met (") && first.found.starts_with("not met ("));
}

#[test]
fn changed_inputs_make_it_outdated_and_say_what_holds() {
    let old = report(&rows());
    let mut changed = rows();
    changed[1].result = met("nothing is lost");
    let mut fresh = report(&changed);
    fresh.inputs[0].sha256 = Some(digest(b"another lock"));
    fresh.inputs.retain(|input| input.name != "alpha");
    let verification = verify(&render(&old), &fresh);
    assert_eq!(verification.standing, Standing::Outdated);
    let moved: Vec<&str> = verification
        .inputs
        .iter()
        .map(|one| one.last().name.as_str())
        .collect();
    assert_eq!(moved, ["Cargo.lock", "alpha"]);
    assert!(matches!(verification.inputs[1], Moved::Gone { .. }));
    assert_eq!(verification.holds, ["resolves", "on-target", "smoke-test"]);
    let claim = verification.claim.unwrap();
    assert_eq!(
        (claim.decision, verification.now),
        (Decision::NoGo, Some(Decision::ConditionalGo))
    );
    // The same answer from other inputs is outdated all the same.
    let mut fresh = old.clone();
    fresh.inputs[0].sha256 = None;
    let verification = verify(&render(&old), &fresh);
    assert_eq!(verification.standing, Standing::Outdated);
    assert!(
        verification
            .because
            .contains("says what is so all the same")
    );
}

#[test]
fn another_day_is_told_and_explains_a_difference() {
    let old = report(&rows());
    let mut fresh = old.clone();
    fresh.date = "2027-02-01".into();
    fresh.inputs.last_mut().unwrap().name = "2027-02-01".into();
    let verification = verify(&render(&old), &fresh);
    assert_eq!(verification.standing, Standing::Holds, "{verification:?}");
    assert_eq!(verification.unrepeated[0].what, "day");
    let mut changed = rows();
    changed[0].let_through = true;
    fresh.assessment = assessment(&changed, &["e1".into()]);
    let verification = verify(&render(&old), &fresh);
    assert_eq!(verification.standing, Standing::Outdated);
    assert!(
        verification.because.contains("2026-12-31"),
        "{}",
        verification.because
    );
}

/// A report with a command that was run, or not.
fn with_command(flags: &str, result: Measured) -> Readiness {
    let mut all = rows();
    all.retain(|row| row.id == "resolves");
    let command = Row::new("smoke-test", 5, Severity::Blocker, result);
    all.push(command);
    let mut one = report(&all);
    let mut seen = one.evidence[0].clone();
    seen.id = "e2".into();
    seen.kind = EvidenceKind::Command;
    one.evidence.push(Evidence { ..seen });
    one.assessment.criteria[1].evidence = vec!["e2".into()];
    let flag = one
        .inputs
        .iter_mut()
        .find(|input| input.kind == InputKind::Flags);
    flag.unwrap().name = flags.into();
    one
}

#[test]
fn what_was_not_measured_again_is_told_apart() {
    let old = with_command("--workspace --run", met("it ended with 0 after 3 s"));
    assert_eq!(old.assessment.decision, Decision::Go);
    let without = with_command("--workspace", not_measured("`--run` was not given"));
    let verification = verify(&render(&old), &without);
    assert_eq!(verification.standing, Standing::Holds, "{verification:?}");
    assert_eq!(verification.unrepeated[0].what, "smoke-test");
    assert!(
        verification
            .because
            .ends_with("as far as it was measured again")
    );
    assert_eq!(verification.holds, ["resolves"]);
    // With the flag it is measured, and what it printed may be something else.
    let again = with_command("--workspace --run", met("it ended with 0 after 4 s"));
    let verification = verify(&render(&old), &again);
    assert_eq!(verification.standing, Standing::Holds, "{verification:?}");
    assert!(verification.unrepeated.is_empty());
    let fails = with_command("--workspace --run", unmet("it ended with 1"));
    let verification = verify(&render(&old), &fails);
    assert_eq!(verification.standing, Standing::False);
    // When phases begin is no part of it.
    let dated = with_command(
        "--workspace --start 2027-01-01 --run",
        met("it ended with 0"),
    );
    assert_eq!(verify(&render(&old), &dated).standing, Standing::Holds);
    // Another question is another input.
    let other = with_command("--run", met("it ended with 0 after 3 s"));
    let verification = verify(&render(&old), &other);
    assert_eq!(verification.standing, Standing::Outdated);
    // More may be measured now than was then.
    let verification = verify(&render(&without), &again);
    assert_eq!(verification.standing, Standing::Holds);
    assert!(verification.unrepeated[0].because.contains("now: met"));
}

#[test]
fn another_version_of_the_program_may_answer_differently() {
    let old = report(&rows());
    let mut fresh = report(&[]);
    fresh.tool.version = "99.0.0".into();
    let verification = verify(&render(&old), &fresh);
    assert_eq!(verification.standing, Standing::Outdated);
    assert!(verification.because.contains("99.0.0"));
}

#[test]
fn words_of_persons_are_told_as_such() {
    let mut one = with_command("", met("Ada said so on 2026-12-30"));
    one.evidence[1].kind = EvidenceKind::Attestation;
    let verification = verify(&render(&one), &one);
    assert_eq!(verification.standing, Standing::Holds, "{verification:?}");
    assert!(
        verification.unrepeated[0]
            .because
            .contains("word of a person")
    );
}

#[test]
fn what_is_no_certificate_is_broken() {
    let one = report(&rows());
    for text in ["", "{}", "null", "{\"_type\":\"\\u001b[2J\"}"] {
        let verification = verify(text, &one);
        assert_eq!(verification.standing, Standing::Broken);
        assert_eq!(verification.now, None);
        assert!(
            verification
                .because
                .starts_with("it is no readiness certificate")
        );
        assert!(!verification.because.contains('\u{1b}'));
    }
}

#[test]
fn it_reads_what_it_writes() {
    let verification = verify(&render(&report(&rows())), &report(&[]));
    let text = serde_json::to_string(&verification).unwrap();
    assert_eq!(
        serde_json::from_str::<Verification>(&text).unwrap(),
        verification
    );
}

fn any_result() -> impl Strategy<Value = Measured> {
    prop_oneof![Just(met("x")), Just(unmet("y")), Just(not_measured("z"))]
}

fn any_severity() -> impl Strategy<Value = Severity> {
    let all = [Severity::Blocker, Severity::Condition, Severity::Note];
    prop::sample::select(all.to_vec())
}

fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    let one = (0_u64..100, any_severity(), any_result(), any::<bool>());
    prop::collection::vec(one, 1..6).prop_map(|all| {
        let ids = ["a", "b", "c", "d", "e", "f"];
        let rows = all.into_iter().zip(ids);
        rows.map(|((weight, severity, result, through), id)| Row {
            let_through: through && matches!(result, Measured::Unmet { .. }),
            ..Row::new(id, weight, severity, result)
        })
        .collect()
    })
}

proptest! {
    /// Whatever is written in good faith fits together and holds.
    #[test]
    fn honest_ones_hold(rows in any_rows()) {
        let one = report(&rows);
        let verification = verify(&render(&one), &one);
        prop_assert_eq!(verification.standing, Standing::Holds, "{:?}", verification);
    }

    /// Another decision never passes, sealed anew or not.
    #[test]
    fn no_other_decision_passes(rows in any_rows(), other in 0_usize..3) {
        let one = report(&rows);
        let mut forged = one.clone();
        forged.assessment.decision = [Decision::NoGo, Decision::ConditionalGo, Decision::Go][other];
        prop_assume!(forged.assessment.decision != one.assessment.decision);
        let verification = verify(&render(&forged), &one);
        prop_assert_eq!(verification.standing, Standing::Tampered);
    }

    #[test]
    fn any_changed_byte_of_an_input_makes_it_outdated(
        text in prop::collection::vec(any::<u8>(), 1..200),
        at in any::<prop::sample::Index>(),
        flip in 1_u8..,
        which in 0_usize..3,
    ) {
        let with = |bytes: &[u8]| {
            let mut one = report(&rows());
            one.inputs[which].sha256 = Some(digest(bytes));
            one
        };
        let old = with(&text);
        let mut other = text.clone();
        other[at.index(text.len())] ^= flip;
        let verification = verify(&render(&old), &with(&other));
        prop_assert_eq!(verification.standing, Standing::Outdated);
        prop_assert_eq!(verification.inputs.len(), 1);
        prop_assert_eq!(&verification.inputs[0].last().name, &old.inputs[which].name);
    }

    #[test]
    fn several_altered_places_are_tampered_too(
        picks in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..2), 1..4)
    ) {
        let one = report(&rows());
        let original = statement(&one);
        let mut altered = original.clone();
        for (pick, way) in picks {
            let mut all = told_places(&altered);
            all.retain(|place| !place.starts_with("/predicate/seal"));
            let place = &all[pick.index(all.len())];
            if let Some(value) = altered.pointer_mut(place) {
                changed(value, way);
            }
        }
        prop_assume!(altered != original);
        prop_assume!(altered["predicate"]["seal"]["sha256"].is_string());
        let verification = verify(&altered.to_string(), &one);
        prop_assert_eq!(verification.standing, Standing::Tampered);
    }
}
