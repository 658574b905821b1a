//! A plan followed by the book.

use otel_check::readiness::model::{Gate, PhasePlan, Rehearsed, Rollback};

use crate::{Asked, Ground, Place};

/// That a gate was seen to hold, and fails here, before.
fn fails(ground: &impl Place, gates: &[Gate]) {
    for gate in gates {
        assert_eq!(gate.rehearsed, Rehearsed::Held, "{gate:?}");
        assert_ne!(ground.run(&gate.command), 0, "{gate:?}");
    }
}

fn passes(ground: &impl Place, gates: &[Gate]) {
    for gate in gates {
        assert_eq!(ground.run(&gate.command), 0, "{gate:?}");
    }
}

/// Carries a step out again, once it was taken back.
fn again(ground: &impl Place, commands: &[String]) {
    ground.all(commands);
}

/// Carries the whole plan out as it is printed, trying each gate before and after, and taking
/// each step, each phase and the whole back on the way, byte for byte.
pub fn follow(ground: &impl Place, plan: &PhasePlan) {
    assert!(plan.phases.iter().any(|phase| !phase.steps.is_empty()));
    let start = ground.files();
    let held =
        |rollback: &Rollback| assert_eq!(rollback.rehearsed, Rehearsed::Held, "{rollback:?}");
    held(&plan.rollback);
    ground.all(&plan.prepare);
    for phase in &plan.phases {
        held(&phase.rollback);
        assert!(
            !phase.entry.is_empty() && !phase.exit.is_empty(),
            "{phase:?}"
        );
        let begin = ground.files();
        passes(ground, &phase.entry);
        fails(ground, &phase.exit);
        for step in &phase.steps {
            let before = ground.files();
            let rollback = step.rollback.as_ref().expect("a rollback");
            held(rollback);
            if step.commands.is_empty() {
                continue;
            }
            fails(ground, &step.gates);
            ground.all(&step.commands);
            passes(ground, &step.gates);
            let after = ground.files();
            assert!(before != after, "{step:?} changes something");
            ground.all(&rollback.commands);
            assert!(before == ground.files(), "{step:?} is taken back");
            fails(ground, &step.gates);
            again(ground, &step.commands);
            assert!(after == ground.files(), "{step:?} is done again");
        }
        passes(ground, &phase.exit);
        let end = ground.files();
        ground.all(&phase.rollback.commands);
        assert!(
            begin == ground.files(),
            "phase {} is taken back",
            phase.number
        );
        for step in &phase.steps {
            again(ground, &step.commands);
        }
        assert!(
            end == ground.files(),
            "phase {} is done again",
            phase.number
        );
    }
    ground.all(&plan.rollback.commands);
    assert!(start == ground.files(), "everything is taken back");
}

#[test]
fn the_story() {
    let ground = Ground::fixture("edge-agent", "").committed();
    let Some((plan, _)) = ground.plan(&Asked::default()) else {
        return;
    };
    assert_eq!(plan.phases.len(), 2);
    follow(&ground, &plan);
}

#[test]
fn a_workspace_that_cargo_cannot_resolve() {
    let ground = Ground::fixture("edge-agent-unresolvable", "").committed();
    let Some((plan, _)) = ground.plan(&Asked::default()) else {
        return;
    };
    follow(&ground, &plan);
}
