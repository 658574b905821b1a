//! What the plan says beside commands.

use std::collections::BTreeMap;

use otel_check::readiness::model::{EvidenceKind, PhasePlan, Rehearsed};
use otel_check::readiness::phases::Flags;
use otel_check::readiness::settings::Settings;

use crate::{Asked, Ground};

fn settings() -> Settings {
    Settings {
        owners: BTreeMap::from([("uplink".to_owned(), "field team".to_owned())]),
        canary: vec![5, 25, 100],
        phase_days: Some(5),
        ..Settings::default()
    }
}

/// Nothing that could be different in another run may stand there.
fn is_free_of_temporary_names(ground: &Ground, text: &str) {
    for word in ["/tmp", "otel-check-", ".tmp", ground.top.as_str()] {
        let known = text.replace(".otel-check-rollback", "");
        assert!(!known.contains(word), "{word} in {text}");
    }
}

#[test]
fn owners_days_and_shares_come_from_the_policy() {
    let ground = Ground::fixture("edge-agent", "");
    let manifest = ground.root.join("agent/Cargo.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let authors = "publish.workspace = true\nauthors = [\"Site Crew <crew@example.org>\"]";
    std::fs::write(&manifest, text.replace("publish.workspace = true", authors)).unwrap();
    let ground = ground.committed();
    let asked = Asked {
        settings: settings(),
        start: "2026-12-28".parse().ok(),
        deferred: vec![("relay".into(), "It is switched off until it moves.".into())],
        flags: Flags {
            builds: vec!["--features".into(), "a b".into()],
            line: None,
            offline: false,
        },
        // What is not rehearsed is planned all the same.
        alone: true,
        ..Asked::default()
    };
    let Some((plan, evidence)) = ground.plan(&asked) else {
        return;
    };
    assert_eq!(plan.canary, [5, 25, 100]);
    let days: Vec<_> = plan
        .phases
        .iter()
        .map(|phase| phase.days.clone().unwrap())
        .collect();
    let day = |text: &str| text.to_owned();
    assert_eq!(
        days,
        [
            (day("2026-12-28"), day("2027-01-01")),
            (day("2027-01-02"), day("2027-01-06")),
        ]
    );
    let who: Vec<_> = plan
        .phases
        .iter()
        .map(|phase| phase.steps[0].who.as_deref())
        .collect();
    assert_eq!(
        who,
        [Some("field team"), Some("Site Crew <crew@example.org>")]
    );
    assert_eq!(plan.by_hand.len(), 1);
    let out: Vec<_> = plan
        .phases
        .iter()
        .map(|phase| {
            let out = phase.out.iter();
            out.map(|one| (one.package.as_str(), one.phase))
                .collect::<Vec<_>>()
        })
        .collect();
    let relay = ("relay", None);
    assert_eq!(
        out,
        [vec![("tracing-opentelemetry", Some(2)), relay], vec![relay]]
    );
    not_rehearsed(&plan);
    assert!(plan.phases[0].steps[0].commands[0].contains(" --features 'a b'"));
    for one in &evidence {
        assert_eq!(one.kind, EvidenceKind::Rehearsal);
        assert!(
            one.text.contains("not rehearsed: the program itself"),
            "{one:?}"
        );
        assert!(!one.inputs.is_empty() && one.command.is_some());
    }
    is_free_of_temporary_names(&ground, &serde_json::to_string(&plan).unwrap());
}

fn not_rehearsed(plan: &PhasePlan) {
    let not = |rehearsed: &Rehearsed| matches!(rehearsed, Rehearsed::Not { .. });
    assert!(not(&plan.rollback.rehearsed) && !plan.rollback.commands.is_empty());
    for phase in &plan.phases {
        assert!(not(&phase.rollback.rehearsed));
        let gates = phase.entry.iter().chain(&phase.exit);
        assert!(gates.clone().all(|gate| not(&gate.rehearsed)));
        for step in &phase.steps {
            assert!(not(&step.rollback.as_ref().unwrap().rehearsed));
            // No gate is claimed that nobody has seen.
            assert!(step.gates.is_empty());
        }
    }
}

#[test]
fn without_a_start_or_a_length_there_are_no_days() {
    let ground = Ground::fixture("edge-agent", "").committed();
    let asked = |start: bool, length: bool| Asked {
        settings: Settings {
            phase_days: length.then_some(5),
            ..Settings::default()
        },
        start: start.then(|| "2026-12-28".parse().unwrap()),
        alone: true,
        ..Asked::default()
    };
    for (start, length) in [(true, false), (false, true)] {
        let Some((plan, _)) = ground.plan(&asked(start, length)) else {
            return;
        };
        assert!(plan.phases.iter().all(|phase| phase.days.is_none()));
        assert!(plan.canary.is_empty());
        let who = plan
            .phases
            .iter()
            .flat_map(|phase| &phase.steps)
            .map(|step| &step.who);
        assert!(who.into_iter().all(Option::is_none));
    }
}

#[test]
fn the_same_workspace_has_the_same_plan() {
    let ground = Ground::fixture("edge-agent", "").committed();
    let before = support_state(&ground);
    let Some(first) = ground.plan(&Asked::default()) else {
        return;
    };
    let Some(second) = ground.plan(&Asked::default()) else {
        return;
    };
    let [first, second] = [first, second]
        .map(|(plan, evidence)| serde_json::to_string_pretty(&(plan, evidence)).unwrap());
    assert_eq!(first, second);
    assert!(first.contains("byte for byte"));
    is_free_of_temporary_names(&ground, &first);
    // Nothing of the user's is touched, git's own files included.
    assert!(before == support_state(&ground));
}

fn support_state(ground: &Ground) -> BTreeMap<camino::Utf8PathBuf, Vec<u8>> {
    let all = crate::support::disk::state(&ground.top).into_iter();
    all.map(|(path, (content, _))| (path, content)).collect()
}
