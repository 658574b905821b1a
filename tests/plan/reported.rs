//! Reported skews: each gets a proven plan, or an explanation that names what caps it.

use camino::Utf8Path;

use crate::support::cargo::{fetch, refusal};
use crate::support::sandbox::Sandbox;
use crate::support::shared::shared_dir;
use crate::support::tool::asked;

/// The folder's workspace, ready to be planned for.
fn ready(name: &str) -> Option<Sandbox> {
    let Some(shared) = shared_dir() else {
        eprintln!("skipped: ../shared absent");
        return None;
    };
    let sandbox = Sandbox::copy(&shared.join("repro").join(name));
    let root: &Utf8Path = sandbox.root();
    let ready = match root.join("Cargo.lock").is_file() {
        true => fetch(root),
        false => refusal(root).map(|_| ()),
    };
    match ready {
        Ok(()) => Some(sandbox),
        Err(reason) => {
            eprintln!("skipped: {name}: {reason}");
            None
        }
    }
}

/// What is expected of a folder.
struct Case {
    name: &'static str,
    /// A crate that has no release for the line in use, where there is one.
    capped_by: Option<&'static str>,
}

const fn free(name: &'static str) -> Case {
    Case {
        name,
        capped_by: None,
    }
}

/// The whole plan: proven and, applied, clean; or explained by the crate in the way.
fn examine(case: &Case) -> Vec<String> {
    let Some(sandbox) = ready(case.name) else {
        return Vec::new();
    };
    let Some(run) = asked(&sandbox, &["plan", "--format", "json"]) else {
        return Vec::new();
    };
    if ![0, 100].contains(&run.code) {
        return vec![format!("exit code {}: {}", run.code, run.stderr)];
    }
    let plan = run.plan();
    let mut wrong = Vec::new();
    if let Some(cap) = case.capped_by {
        let rows = plan.targets.iter().flat_map(|row| &row.blockers);
        let waits = plan.options.iter().flat_map(|option| &option.waits_for);
        if !rows.chain(waits).any(|blocker| blocker.package == cap) {
            wrong.push(format!("nothing says that `{cap}` caps it: {plan:#?}"));
        }
    }
    let Some(id) = plan.recommended.clone() else {
        if !plan.because.starts_with("because") && !plan.because.contains("cargo refuses") {
            wrong.push(format!("no plan, and no reason: {}", plan.because));
        }
        if !plan
            .options
            .iter()
            .any(|option| !option.waits_for.is_empty())
        {
            wrong.push(format!("no plan, and nobody to blame: {plan:#?}"));
        }
        return wrong;
    };
    let choice = plan.option(&id);
    if !choice.is_proven() {
        wrong.push(format!("{id} is recommended: {:?}", choice.outcome));
        return wrong;
    }
    let Some(fixed) = asked(&sandbox, &["fix"]) else {
        return wrong;
    };
    let check = crate::support::tool::run(&sandbox, &["check", "--full", "--locked"]);
    if (fixed.code, check.code) != (0, 0) {
        wrong.push(format!(
            "after `fix` ({}): {}{}",
            fixed.code, fixed.stderr, check.stdout
        ));
    }
    // A release that does not build is no cure, unless the plan says that it stays.
    let says = choice
        .loses
        .iter()
        .any(|one| one.contains("broken release"));
    for code in ["broken-release", "skewed-release"] {
        if check.stdout.contains(code) && !says {
            wrong.push(format!("{code} after `fix`: {}", check.stdout));
        }
    }
    wrong
}

fn all_right(cases: &[Case]) {
    let mut wrong = Vec::new();
    for case in cases {
        let problems = examine(case).into_iter();
        wrong.extend(problems.map(|problem| format!("{}: {problem}", case.name)));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn own_requirements_that_disagree() {
    all_right(&[free("to-206"), free("kuadrant-2103")]);
}

#[test]
fn libraries_that_lag() {
    all_right(&[
        free("divviup-1485"),
        free("autometrics-91"),
        free("control-layer-1550"),
    ]);
}

#[test]
fn features_that_choose() {
    all_right(&[free("tracing-actix-web-135")]);
}

#[test]
fn two_bridges_on_one_line() {
    all_right(&[free("davidb-94"), free("davidb-148")]);
}

#[test]
fn crates_without_a_release_for_the_line() {
    all_right(&[Case {
        name: "asyncgraphql",
        capped_by: Some("async-graphql"),
    }]);
    all_right(&[Case {
        name: "prom-2139",
        capped_by: Some("opentelemetry-prometheus"),
    }]);
}

#[test]
fn a_dependency_that_does_not_fit_itself() {
    all_right(&[free("awa-489")]);
}

/// Moving the lock alone is clean, too, and does not compile.
#[test]
fn a_release_that_does_not_build_is_left() {
    let Some(sandbox) = ready("awa-489") else {
        return;
    };
    let Some(run) = asked(&sandbox, &["plan", "--format", "json"]) else {
        return;
    };
    let plan = run.plan();
    let choice = plan.choice();
    assert!(
        choice.diff.contains("+awa-worker=\"=0.6.9\""),
        "{choice:#?}"
    );
}

#[test]
fn a_conflict_outside_of_the_family() {
    all_right(&[free("tokio-2144")]);
}

/// Nothing that is harmless is moved.
#[test]
fn what_does_no_harm_stays() {
    let Some(sandbox) = ready("semconv-benign") else {
        return;
    };
    let Some(run) = asked(&sandbox, &["plan", "--format", "json"]) else {
        return;
    };
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.plan().choice().outcome.kind, "nothing-to-do");
}
