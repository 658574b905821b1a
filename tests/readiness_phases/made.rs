//! Plans on made-up releases, as `readiness` prints them.

use std::process::Command;

use camino::Utf8Path;
use otel_check::plan::model::{Action, OptionId};
use otel_check::readiness::Readiness;
use otel_check::readiness::model::PhasePlan;

use crate::Place;
use crate::book::follow;
use crate::family::{inseparable, lab, live, skewed, user};
use crate::lab::Lab;

impl Place for Lab {
    fn root(&self) -> &Utf8Path {
        Lab::root(self)
    }

    fn environment(&self, command: &mut Command) {
        for (name, value) in self.registry.cargo(self.root().as_std_path()).get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
    }
}

fn readiness(lab: &Lab, flags: &[&str]) -> Readiness {
    let run = Lab::run(lab, &[&["readiness", "--format", "json"], flags].concat());
    serde_json::from_str(&run.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}\n{}", run.stdout, run.stderr))
}

/// A workspace in a repository, with its plan in phases.
fn phased(lab: &Lab, flags: &[&str]) -> (PhasePlan, Readiness) {
    lab.commit();
    let readiness = readiness(lab, flags);
    let plan = readiness.phases.clone();
    (plan.unwrap_or_else(|| panic!("{readiness:#?}")), readiness)
}

fn steps(plan: &PhasePlan) -> Vec<Vec<(Action, &str)>> {
    let phases = plan.phases.iter();
    let phases = phases.map(|phase| {
        let steps = phase.steps.iter();
        steps
            .map(|step| (step.action, step.package.as_str()))
            .collect()
    });
    phases.collect()
}

#[test]
fn the_smallest_skew() {
    let lab = skewed();
    let (plan, _) = phased(&lab, &[]);
    assert_eq!(steps(&plan), [[(Action::Bump, "user")]]);
    follow(&lab, &plan);
}

#[test]
fn a_lock_that_moves_alone() {
    let lab = lab(
        &live("floating = \"1\"\n", "floating::send();"),
        vec![
            user("floating", "1.0.0", "^0.32"),
            user("floating", "1.1.0", "^0.33"),
        ],
    );
    lab.cargo(&["generate-lockfile"]);
    lab.cargo(&["update", "-p", "floating", "--precise", "1.0.0"]);
    let (plan, _) = phased(&lab, &[]);
    assert_eq!(steps(&plan), [[(Action::Lock, "floating")]]);
    let first = &plan.phases[0].steps[0].commands[0];
    assert_eq!(first, "cargo update -p floating@1.0.0 --precise 1.1.0");
    follow(&lab, &plan);
}

/// Neither of them resolves without the other.
#[test]
fn steps_that_only_resolve_together() {
    let lab = inseparable();
    let (plan, readiness) = phased(&lab, &[]);
    assert_eq!(
        steps(&plan),
        [[(Action::Bump, "reader"), (Action::Bump, "user")]]
    );
    let [first, second] = &plan.phases[0].steps[..] else {
        panic!("{plan:#?}");
    };
    assert!(
        first.commands[0].contains("fix --only reader --only user"),
        "{first:#?}"
    );
    assert!(second.commands.is_empty() && second.rollback == first.rollback);
    assert!(!first.gates.is_empty() && !second.gates.is_empty());
    let evidence = readiness
        .evidence
        .iter()
        .find(|one| first.evidence.contains(&one.id));
    let text = &evidence.expect("evidence").text;
    assert!(
        text.contains("together, since they do not go one after the other"),
        "{text}"
    );
    follow(&lab, &plan);
}

/// The line that is asked for is held back, and another one is not.
#[test]
fn another_line_than_the_one_asked_for() {
    let lab = lab(
        &live(
            "capped = \"3\"\nuser = \"2\"\n",
            "capped::send(); user::send();",
        ),
        vec![user("capped", "3.0.0", "^0.32")],
    );
    lab.cargo(&["generate-lockfile"]);
    let (plan, readiness) = phased(&lab, &["--target-line", "0.33"]);
    assert_eq!(plan.option, OptionId::C);
    let option = readiness.options.iter().find(|one| one.id == OptionId::C);
    assert_eq!(option.unwrap().target.as_deref(), Some("0.32"));
    follow(&lab, &plan);
}

/// No line is served by all: one of them is switched off.
#[test]
fn what_blocks_is_switched_off() {
    let lab = lab(
        &live(
            "capped = \"3\"\nfresh = \"1\"\nuser = \"1\"\n",
            "capped::send(); fresh::send(); user::send();",
        ),
        vec![
            user("capped", "3.0.0", "^0.32"),
            user("fresh", "1.0.0", "^0.33"),
        ],
    );
    lab.cargo(&["generate-lockfile"]);
    let (plan, _) = phased(&lab, &[]);
    assert_eq!(plan.option, OptionId::B);
    assert_eq!(
        steps(&plan),
        [[(Action::Disable, "capped"), (Action::Bump, "user")]]
    );
    for step in &plan.phases[0].steps {
        assert!(step.commands[0].contains(" --option B"), "{step:#?}");
    }
    let out = &plan.phases[0].out;
    assert!(
        out.iter()
            .any(|one| one.package == "capped" && one.phase.is_none()),
        "{out:#?}"
    );
    follow(&lab, &plan);
}
