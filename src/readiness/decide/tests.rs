use proptest::prelude::*;

use super::*;
use crate::readiness::model::Category;
use crate::readiness::score::sums;

fn row(id: &str, weight: u64, severity: Severity, result: Measured) -> CriterionRow {
    CriterionRow {
        id: id.into(),
        title: id.into(),
        category: Category::Technical,
        weight,
        severity,
        due: Due::Later,
        measure: "by a test".into(),
        result,
        let_through: Vec::new(),
        evidence: vec!["e1".into()],
        from: "a test".into(),
    }
}

fn met() -> Measured {
    Measured::Met { text: "so".into() }
}

fn unmet() -> Measured {
    Measured::Unmet {
        text: "not so".into(),
        help: vec!["mend it".into()],
    }
}

fn not_measured() -> Measured {
    Measured::NotMeasured {
        because: "nobody asked".into(),
        help: vec!["ask".into()],
    }
}

fn exception() -> LetThrough {
    LetThrough {
        reason: "it is known".into(),
        owner: Some("platform team".into()),
        until: Some("2030-01-01".into()),
    }
}

fn loss(let_through: Option<LetThrough>) -> Loss {
    Loss {
        text: "telemetry of a is lost".into(),
        help: Vec::new(),
        let_through,
        evidence: vec!["e2".into()],
    }
}

fn refused() -> Obstacle {
    Obstacle {
        due: Due::BeforeStart,
        criterion: Some("resolves".into()),
        text: "cargo does not resolve it".into(),
        help: Vec::new(),
        owner: None,
        until: None,
        evidence: vec!["e3".into()],
    }
}

fn decided(rows: &[CriterionRow], losses: &[Loss]) -> Decided {
    let facts = Facts {
        unresolvable: None,
        losses,
        criteria: rows,
        about_losses: &["lost".to_owned()],
    };
    decide(&facts, &|_| None)
}

#[test]
fn by_severity_and_result() {
    use Decision::{ConditionalGo, Go, NoGo};
    use Severity::{Blocker, Condition, Note};
    for (severity, result, expected) in [
        (Blocker, met(), Go),
        (Blocker, unmet(), NoGo),
        (Blocker, not_measured(), ConditionalGo),
        (Condition, met(), Go),
        (Condition, unmet(), ConditionalGo),
        (Condition, not_measured(), Go),
        (Note, met(), Go),
        (Note, unmet(), Go),
        (Note, not_measured(), Go),
    ] {
        let rows = [
            row("other", 5, Blocker, met()),
            row("one", 5, severity, result.clone()),
        ];
        let decided = decided(&rows, &[]);
        assert_eq!(decided.decision, expected, "{severity:?} {result:?}");
    }
}

#[test]
fn what_is_let_through_is_a_condition_until_a_day() {
    let mut blocker = row("one", 5, Severity::Blocker, unmet());
    blocker.let_through = vec![exception()];
    let decided = decided(&[blocker], &[]);
    assert_eq!(decided.decision, Decision::ConditionalGo);
    let [condition] = decided.conditions.as_slice() else {
        panic!("{decided:?}");
    };
    assert_eq!(condition.until.as_deref(), Some("2030-01-01"));
    assert_eq!(condition.owner.as_deref(), Some("platform team"));
    assert_eq!(condition.text, "let through (it is known): not so");
}

#[test]
fn a_loss_without_any_criterion_about_it() {
    let decided_so = decided(&[], &[loss(None)]);
    assert_eq!(decided_so.decision, Decision::NoGo);
    assert_eq!(decided_so.blockers[0].criterion, None);
    let decided_so = decided(&[], &[loss(Some(exception()))]);
    assert_eq!(decided_so.decision, Decision::ConditionalGo);
}

#[test]
fn a_loss_is_told_once() {
    let rows = [row("lost", 5, Severity::Blocker, unmet())];
    let decided = decided(&rows, &[loss(None), loss(None)]);
    assert_eq!(decided.decision, Decision::NoGo);
    assert_eq!(decided.blockers.len(), 1);
    assert_eq!(decided.blockers[0].criterion.as_deref(), Some("lost"));
}

#[test]
fn a_refusal_of_cargo_is_told_once() {
    let refused = refused();
    let facts = |rows| Facts {
        unresolvable: Some(&refused),
        losses: &[],
        criteria: rows,
        about_losses: &[],
    };
    let rows = [row("resolves", 5, Severity::Blocker, unmet())];
    let decided = decide(&facts(&rows), &|_| None);
    assert_eq!(decided.decision, Decision::NoGo);
    assert_eq!(decided.blockers.len(), 1);
    // Whatever a policy makes of the criterion.
    let rows = [row("resolves", 5, Severity::Note, unmet())];
    let decided = decide(&facts(&rows), &|_| None);
    assert_eq!(decided.decision, Decision::NoGo);
}

#[test]
fn conditions_due_first_come_first() {
    let mut rows = [
        row("a", 1, Severity::Condition, unmet()),
        row("b", 1, Severity::Condition, unmet()),
        row("c", 1, Severity::Condition, unmet()),
        row("d", 1, Severity::Condition, unmet()),
    ];
    rows[1].due = Due::BeforePhase(2);
    rows[2].due = Due::BeforeStart;
    rows[3].due = Due::BeforePhase(1);
    let decided = decided(&rows, &[]);
    let order: Vec<&str> = decided
        .conditions
        .iter()
        .filter_map(|one| one.criterion.as_deref())
        .collect();
    assert_eq!(order, ["c", "d", "b", "a"]);
}

fn any_result() -> impl Strategy<Value = Measured> {
    prop_oneof![Just(met()), Just(unmet()), Just(not_measured())]
}

fn any_row() -> impl Strategy<Value = CriterionRow> {
    let severity = prop_oneof![
        Just(Severity::Blocker),
        Just(Severity::Condition),
        Just(Severity::Note)
    ];
    let due = prop_oneof![
        Just(Due::BeforeStart),
        (1..4u32).prop_map(Due::BeforePhase),
        Just(Due::Later)
    ];
    // Ids that are told to be about losses or about resolving, and others.
    let id = prop_oneof![Just("lost"), Just("resolves"), Just("a"), Just("b")];
    let weight = prop_oneof![0..=100u64, Just(u64::MAX)];
    (id, weight, severity, any_result(), due, any::<bool>()).prop_map(
        |(id, weight, severity, result, due, excepted)| {
            let let_through = match (&result, excepted) {
                (Measured::Unmet { .. }, true) => vec![exception()],
                (_, _) => Vec::new(),
            };
            CriterionRow {
                due,
                let_through,
                ..row(id, weight, severity, result)
            }
        },
    )
}

fn any_losses() -> impl Strategy<Value = Vec<Loss>> {
    let one = any::<bool>().prop_map(|excepted| loss(excepted.then(exception)));
    proptest::collection::vec(one, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_decision_is_that_of_the_rules(
        rows in proptest::collection::vec(any_row(), 0..8),
        losses in any_losses(),
        unresolvable in any::<bool>(),
        about in prop_oneof![Just(vec![]), Just(vec!["lost".to_owned()]), Just(vec!["a".to_owned(), "lost".to_owned()])],
    ) {
        let refused = refused();
        let facts = Facts {
            unresolvable: unresolvable.then_some(&refused),
            losses: &losses,
            criteria: &rows,
            about_losses: &about,
        };
        let decided = decide(&facts, &|_| None);
        // The floor, whatever the criteria say.
        if unresolvable || losses.iter().any(|one| one.let_through.is_none()) {
            prop_assert_eq!(decided.decision, Decision::NoGo);
        }
        if !losses.is_empty() {
            prop_assert_ne!(decided.decision, Decision::Go);
        }
        // The rules, said in another way.
        let is = |row: &CriterionRow, severity| row.severity == severity;
        let stands = |row: &&CriterionRow| {
            is(row, Severity::Blocker)
                && matches!(row.result, Measured::Unmet { .. })
                && row.let_through.is_empty()
        };
        let open = |row: &&CriterionRow| match row.result {
            Measured::Met { .. } => false,
            Measured::Unmet { .. } => !is(row, Severity::Note),
            Measured::NotMeasured { .. } => is(row, Severity::Blocker),
        };
        let no_go = unresolvable
            || losses.iter().any(|one| one.let_through.is_none())
            || rows.iter().any(|row| stands(&row));
        let expected = match (no_go, rows.iter().any(|row| open(&row)) || !losses.is_empty()) {
            (true, _) => Decision::NoGo,
            (false, true) => Decision::ConditionalGo,
            (false, false) => Decision::Go,
        };
        prop_assert_eq!(decided.decision, expected);
        prop_assert_eq!(decided.blockers.is_empty(), expected != Decision::NoGo);
        if expected == Decision::Go {
            prop_assert!(decided.conditions.is_empty());
        }
        prop_assert!(decided.conditions.is_sorted_by_key(|one| one.due));
        for one in decided.blockers.iter().chain(&decided.conditions) {
            prop_assert!(!one.evidence.is_empty());
        }
        // Weights have no say.
        let mut light = rows.clone();
        light.iter_mut().for_each(|row| row.weight = 0);
        let facts = Facts { criteria: &light, ..facts };
        prop_assert_eq!(decide(&facts, &|_| None).decision, expected);
    }

    #[test]
    fn a_score_is_the_sum_of_its_weights(
        rows in proptest::collection::vec((0..=100u64, any_result()), 0..12),
    ) {
        let sums = sums(rows.iter().map(|(weight, result)| (*weight, result)));
        let (mut met, mut measured, mut all) = (0, 0, 0);
        for (weight, result) in &rows {
            all += weight;
            if !matches!(result, Measured::NotMeasured { .. }) {
                measured += weight;
            }
            if matches!(result, Measured::Met { .. }) {
                met += weight;
            }
        }
        prop_assert_eq!((sums.met, sums.measured, sums.all), (met, measured, all));
        // The arithmetic comes to the figures beside it.
        let add = |text: &str| text.split(" + ").map(|one| one.parse::<u64>().unwrap()).sum::<u64>();
        let (left, right) = sums.arithmetic.split_once(" of ").unwrap();
        prop_assert_eq!((add(left), add(right)), (met, measured));
        let score = sums.clone().score(vec!["e1".into()]);
        prop_assert_eq!(score.percent, (measured > 0).then(|| met * 100 / measured.max(1)));
        prop_assert_eq!(score.covered, (all > 0).then(|| measured * 100 / all.max(1)));
        // What was not measured changes neither sum.
        let more = rows.iter().map(|(weight, result)| (*weight, result));
        let unmeasured = not_measured();
        let sums_more = super::super::score::sums(more.chain([(7, &unmeasured)]));
        prop_assert_eq!((sums_more.met, sums_more.measured), (sums.met, sums.measured));
    }
}

#[test]
fn weights_that_do_not_fit_together() {
    let rows = [(u64::MAX, met()), (u64::MAX, unmet())];
    let sums = sums(rows.iter().map(|(weight, result)| (*weight, result)));
    let score = sums.score(vec!["e1".into()]);
    assert_eq!(score.percent, Some(100));
}
