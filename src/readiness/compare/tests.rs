use super::*;
use crate::readiness::model::{DependencyStatus, InputKind, Probability, Severity};
use crate::readiness::testing::{Row, met, not_measured, report, rows, unmet};
use proptest::prelude::*;

fn ids<T>(moved: &[Moved<T>], name: impl Fn(&T) -> String) -> Vec<String> {
    let told = moved.iter().map(|one| match one {
        Moved::New { new } => format!("+{}", name(new)),
        Moved::Gone { old } => format!("-{}", name(old)),
        Moved::Changed { new, .. } => format!("~{}", name(new)),
    });
    told.collect()
}

#[test]
fn nothing_moves_between_a_report_and_itself() {
    let one = report(&rows());
    let comparison = compare(&one, &one).unwrap();
    assert!(comparison.is_same());
    assert!(comparison.inputs.is_empty());
    assert!(!comparison.date.moved());
}

#[test]
fn numbers_of_evidence_do_not_count() {
    let old = report(&rows());
    let text = serde_json::to_string(&old).unwrap();
    let new = read(&text.replace("\"e1\"", "\"e7\"").replace("\"i1\"", "\"i9\"")).unwrap();
    assert_ne!(old, new);
    let comparison = compare(&old, &new).unwrap();
    assert!(comparison.is_same(), "{comparison:?}");
    assert!(comparison.inputs.is_empty());
}

#[test]
fn every_part_that_moves_is_told() {
    let old = report(&rows());
    let mut changed = rows();
    changed.retain(|row| row.id != "smoke-test");
    changed[1].result = met("nothing is lost");
    changed.push(Row::new(
        "docs",
        2,
        Severity::Condition,
        unmet("no runbook"),
    ));
    let mut new = report(&changed);
    new.dependencies[0].status = DependencyStatus::Ready;
    new.risks[0].probability = Probability::Unknown {
        because: "x".into(),
    };
    new.inputs[0].sha256 = Some("0".repeat(64));
    new.inputs.retain(|input| input.kind != InputKind::Index);
    new.inputs.last_mut().unwrap().name = "2027-01-01".into();
    new.target = Some("0.33".into());
    let comparison = compare(&old, &new).unwrap();
    assert!(!comparison.is_same());
    assert!(comparison.target.moved());
    let Both { old: was, new: is } = &comparison.decision;
    assert_eq!((*was, *is), (Decision::NoGo, Decision::ConditionalGo));
    let criteria = ids(&comparison.criteria, |row| row.id.clone());
    assert_eq!(criteria, ["+docs", "~nothing-lost", "-smoke-test"]);
    let obstacle = |one: &Obstacle| one.criterion.clone().unwrap_or_default();
    assert_eq!(ids(&comparison.blockers, obstacle), ["-nothing-lost"]);
    assert_eq!(ids(&comparison.conditions, obstacle), ["+docs"]);
    assert_eq!(
        ids(&comparison.dependencies, |row| row.package.clone()),
        ["~alpha"]
    );
    assert_eq!(
        ids(&comparison.risks, |row| row.id.clone()),
        ["~behaviour-change:alpha"]
    );
    let inputs = ids(&comparison.inputs, |input| input.name.clone());
    assert_eq!(inputs, ["~Cargo.lock", "-alpha", "~2027-01-01"]);
}

#[test]
fn an_obstacle_in_other_words_is_the_same_one() {
    let old = report(&rows());
    let mut changed = rows();
    changed[1].result = unmet("alpha@1.0.0 is lost");
    let new = report(&changed);
    let comparison = compare(&old, &new).unwrap();
    let text = |one: &Obstacle| one.text.clone();
    assert_eq!(ids(&comparison.blockers, text), ["~alpha@1.0.0 is lost"]);
    let floor = |text: &str| Obstacle {
        criterion: None,
        text: text.into(),
        ..old.assessment.blockers[0].clone()
    };
    let moved = obstacles(&[floor("a"), floor("b")], &[floor("b"), floor("c")]);
    assert_eq!(ids(&moved, text), ["-a", "+c"]);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let old = report(&rows());
    let mut other = old.clone();
    other.family = "Another".into();
    let error = compare(&old, &other).unwrap_err();
    assert_eq!(error.to_string(), "it is about Example, not about Another");
    let mut later = old.clone();
    later.schema_version += 1;
    assert!(matches!(
        compare(&later, &old),
        Err(CompareError::Schema { .. })
    ));
    let text = serde_json::to_string(&later).unwrap();
    assert!(matches!(
        read(&text),
        Err(CompareError::Schema { found: 2, known: 1 })
    ));
    for (text, message) in [
        ("[]", "no `schema_version`"),
        ("{\"schema_version\":1}", "missing field"),
        (
            "{\"schema_version\":1,\"schema_version\":1}",
            "stands twice",
        ),
        ("", "EOF"),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
        assert!(!error.help().is_empty());
    }
}

#[test]
fn it_reads_what_it_writes() {
    let old = report(&rows());
    let new = report(&[]);
    let comparison = compare(&old, &new).unwrap();
    let text = serde_json::to_string(&comparison).unwrap();
    assert_eq!(
        serde_json::from_str::<Comparison>(&text).unwrap(),
        comparison
    );
}

fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    let ids = prop::sample::subsequence(vec!["a", "b", "c", "d"], 0..=4);
    let one = (0_u64..4, 0_usize..3, 0_usize..3);
    (ids, prop::collection::vec(one, 4)).prop_map(|(ids, parts)| {
        let rows = ids.into_iter().zip(parts);
        rows.map(|(id, (weight, severity, result))| {
            let severity = [Severity::Blocker, Severity::Condition, Severity::Note][severity];
            let results = [met("x"), unmet("y"), not_measured("z")];
            let result = results[result].clone();
            Row::new(id, weight, severity, result)
        })
        .collect()
    })
}

proptest! {
    /// There and back: what is new one way is gone the other way.
    #[test]
    fn it_is_the_same_from_either_side(a in any_rows(), b in any_rows()) {
        let (a, b) = (report(&a), report(&b));
        let there = compare(&a, &b).unwrap();
        let back = compare(&b, &a).unwrap();
        let turned: Vec<Moved<CriterionRow>> = back.criteria.into_iter().map(|one| match one {
            Moved::New { new } => Moved::Gone { old: new },
            Moved::Gone { old } => Moved::New { new: old },
            Moved::Changed { old, new } => Moved::Changed { old: new, new: old },
        }).collect();
        prop_assert_eq!(there.criteria, turned);
        prop_assert_eq!(there.decision.old, back.decision.new);
        prop_assert_eq!(there.blockers.len(), back.blockers.len());
    }
}
