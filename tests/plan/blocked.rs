//! A companion without a release for the line in use: what cannot be, and what can.

use crate::family::{File, lab, live, user};
use crate::lab::Lab;
use crate::loopback::Package;
use crate::support::plan::Plan;
use crate::{fixed, planned};

/// An application on 0.33 with a crate that has releases for 0.31 and 0.32 only.
fn capped() -> Lab {
    let files: Vec<File> = live("capped = \"3\"\n", "capped::send();");
    let day = |package: Package, day: &str| package.published(&format!("{day}T08:00:00Z"));
    let lab = lab(
        &files,
        vec![
            day(user("capped", "2.0.0", "^0.31"), "2025-10-20"),
            day(user("capped", "3.0.0", "^0.32"), "2026-06-10"),
        ],
    );
    lab.cargo(&["generate-lockfile"]);
    lab
}

fn options(lab: &Lab) -> Plan {
    planned(lab, &["--options"])
}

#[test]
fn a_says_who_holds_it_back() {
    let lab = capped();
    let plan = options(&lab);
    let a = plan.option("a");
    assert_eq!(plan.live.as_deref(), Some("0.33"));
    let row = plan.targets.iter().find(|row| row.line == "0.33").unwrap();
    assert_eq!(row.cost, None);
    let [blocker] = &row.blockers[..] else {
        panic!("{row:#?}");
    };
    assert_eq!(blocker.package, "capped");
    assert_eq!(blocker.version.as_deref(), Some("3.0.0"));
    assert!(
        blocker
            .because
            .contains("no release of `capped` serves line 0.33"),
        "{blocker:?}"
    );
    let culprit = blocker.culprit.as_deref().unwrap();
    assert!(culprit.starts_with("Cargo.toml:") && culprit.ends_with("capped = \"3\""));
    // What A aims at is either the line that is held back, and then there is none, or another one.
    if a.target.as_deref() == Some("0.33") {
        assert_eq!(a.outcome.kind, "none", "{a:#?}");
    }
}

#[test]
fn the_line_in_use_asked_for() {
    let lab = capped();
    let plan = planned(&lab, &["--options", "--target-line", "0.33"]);
    let a = plan.option("a");
    assert_eq!(a.outcome.kind, "none", "{a:#?}");
    let because = a.outcome.because.as_deref().unwrap();
    assert!(
        because.starts_with("because no release of `capped` serves line 0.33"),
        "{because}"
    );
    let b = plan.option("b");
    assert!(b.is_proven(), "{b:#?}");
    assert_eq!(b.target.as_deref(), Some("0.33"));
    assert_eq!(b.figures().map(|cost| cost[0]), Some(1));
    let step = b
        .steps
        .iter()
        .find(|step| step.package == "capped")
        .unwrap();
    assert_eq!(step.action, "disable");
    assert_eq!(step.uses.len(), 1, "{step:#?}");
    assert!(step.uses[0].starts_with("src/main.rs:1:"), "{step:#?}");
    assert!(
        b.diff
            .contains("+capped = { version = \"3\", optional = true }"),
        "{}",
        b.diff
    );
    assert!(!b.loses.is_empty());
    // It waits for what A waits for.
    let waits: Vec<&str> = b.waits_for.iter().map(|one| one.package.as_str()).collect();
    assert_eq!(waits, ["capped"]);
    let c = plan.option("c");
    assert!(c.is_proven(), "{c:#?}");
    assert_eq!(c.target.as_deref(), Some("0.32"));
    fixed(&lab, &["--target-line", "0.33", "--option", "B"]);
}

#[test]
fn an_older_line_on_which_all_agree() {
    let lab = capped();
    let plan = options(&lab);
    let older = plan
        .options
        .iter()
        .find(|option| option.is_proven() && option.target.as_deref() == Some("0.32"))
        .unwrap_or_else(|| panic!("{plan:#?}"));
    let mut actions = older.actions();
    actions.sort_unstable();
    assert_eq!(
        actions,
        [
            ("downgrade", "opentelemetry"),
            ("downgrade", "opentelemetry-stdout"),
            ("downgrade", "opentelemetry_sdk"),
        ]
    );
    let id = older.id.to_uppercase();
    fixed(&lab, &["--option", &id]);
    let manifest = std::fs::read_to_string(lab.root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("capped = \"3\"\n"), "{manifest}");
    assert!(!manifest.contains("0.33"), "{manifest}");
}

/// Without a way to one line, the recommendation is never one that is not proven.
#[test]
fn what_is_recommended_is_proven() {
    let lab = capped();
    for options in [&[][..], &["--options"], &["--target-line", "0.33"]] {
        let plan = planned(&lab, options);
        assert!(plan.choice().is_proven(), "{options:?}: {plan:#?}");
    }
}

/// What is asked for is never exchanged for another line, and nothing is switched off, without a word
/// from the user.
#[test]
fn fix_goes_to_no_other_line_than_the_one_asked_for() {
    let lab = capped();
    let run = lab.run(&["fix", "--target-line", "0.33"]);
    assert_eq!(run.code, 100, "{}", run.stderr);
    assert!(run.stderr.contains("fix --option B"), "{}", run.stderr);
    let run = lab.run(&["fix", "--target-line", "0.33", "--option", "B", "--dry-run"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.stdout.contains("0.32\""), "{}", run.stdout);
}

/// Two crates that no line brings together.
#[test]
fn where_no_line_serves_all() {
    let lab = lab(
        &live("old = \"1\"\nnew = \"1\"\n", "old::send(); new::send();"),
        vec![user("old", "1.0.0", "^0.32"), user("new", "1.0.0", "^0.33")],
    );
    lab.cargo(&["generate-lockfile"]);
    let plan = options(&lab);
    assert!(
        plan.targets.iter().all(|row| row.cost.is_none()),
        "{plan:#?}"
    );
    let a = plan.option("a");
    assert_eq!(a.outcome.kind, "none");
    assert!(
        a.outcome.because.as_deref().unwrap().contains("`old`"),
        "{a:#?}"
    );
    let b = plan.option("b");
    assert_eq!(b.actions(), [("disable", "old")]);
    assert!(
        plan.options.iter().all(|option| option.id != "c"),
        "{plan:#?}"
    );
    let run = lab.run(&["fix", "--option", "C"]);
    assert_eq!(run.code, 100, "{}", run.stderr);
    assert!(
        run.stderr.contains("there is no option C"),
        "{}",
        run.stderr
    );
}
