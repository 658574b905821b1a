//! By what the files are kept: git, a repository above or beside, copies.

use camino::Utf8Path;
use otel_check::readiness::model::{PhasePlan, Rehearsed};

use crate::{Asked, Ground, Place};

/// Carries the plan out as it is printed and takes it back: the last step, the last phase, all of it.
fn there_and_back(ground: &Ground, plan: &PhasePlan) {
    let start = ground.files();
    ground.all(&plan.prepare);
    for phase in &plan.phases {
        let begin = ground.files();
        for gate in &phase.entry {
            assert_eq!(ground.run(&gate.command), 0, "{gate:?}");
        }
        for step in &phase.steps {
            let before = ground.files();
            ground.all(&step.commands);
            let rollback = step.rollback.as_ref().unwrap();
            assert_eq!(rollback.rehearsed, Rehearsed::Held);
            ground.all(&rollback.commands);
            assert!(before == ground.files(), "{step:?}");
            ground.all(&step.commands);
        }
        assert_eq!(phase.rollback.rehearsed, Rehearsed::Held);
        let end = ground.files();
        ground.all(&phase.rollback.commands);
        assert!(begin == ground.files(), "phase {}", phase.number);
        for step in &phase.steps {
            ground.all(&step.commands);
        }
        assert!(end == ground.files());
    }
    assert_eq!(plan.rollback.rehearsed, Rehearsed::Held);
    let last = &plan.phases.last().unwrap().exit;
    let check = last.iter().find(|gate| gate.shows == "nothing is denied");
    assert_eq!(ground.run(&check.expect("a check").command), 0);
    ground.all(&plan.rollback.commands);
    assert!(start == ground.files());
}

/// All commands that are printed.
fn commands(plan: &PhasePlan) -> Vec<&str> {
    let mut all: Vec<&String> = plan.prepare.iter().collect();
    for phase in &plan.phases {
        all.extend(phase.entry.iter().map(|gate| &gate.command));
        for step in &phase.steps {
            all.extend(&step.commands);
            all.extend(step.rollback.iter().flat_map(|rollback| &rollback.commands));
        }
        all.extend(&phase.rollback.commands);
    }
    all.extend(&plan.rollback.commands);
    all.into_iter().map(String::as_str).collect()
}

fn planned(ground: &Ground) -> Option<PhasePlan> {
    ground.plan(&Asked::default()).map(|(plan, _)| plan)
}

#[test]
fn a_lock_that_git_ignores() {
    let ground = Ground::fixture("edge-agent", "");
    std::fs::write(ground.root.join(".gitignore"), "/Cargo.lock\ntarget\n").unwrap();
    let ground = ground.committed();
    let Some(plan) = planned(&ground) else { return };
    let all = commands(&plan);
    let git = all.iter().filter(|command| command.starts_with("git "));
    assert!(git.clone().count() > 0);
    assert!(
        git.clone().all(|command| !command.contains("Cargo.lock")),
        "{all:#?}"
    );
    assert!(
        all.iter()
            .any(|command| command.starts_with("cp -p -- Cargo.lock "))
    );
    assert!(!all.iter().any(|command| command.contains("--allow-dirty")));
    there_and_back(&ground, &plan);
}

#[test]
fn a_lock_that_git_does_not_know() {
    let ground = Ground::fixture("edge-agent", "");
    ground.git(&["init", "--quiet"]);
    ground.git(&["add", "--", "Cargo.toml", "agent", "crates"]);
    ground.git(&["commit", "--quiet", "--message=some"]);
    let Some(plan) = planned(&ground) else { return };
    let all = commands(&plan);
    let fixes = all
        .iter()
        .filter(|command| command.contains("otel-check fix"));
    // `fix` would take it for something that no commit holds.
    assert!(fixes.clone().count() > 0);
    assert!(
        fixes
            .clone()
            .all(|command| command.ends_with(" --allow-dirty")),
        "{all:#?}"
    );
    there_and_back(&ground, &plan);
}

#[test]
fn no_repository_at_all() {
    let ground = Ground::fixture("edge-agent", "");
    let Some(plan) = planned(&ground) else { return };
    let all = commands(&plan);
    assert!(
        !all.iter().any(|command| command.starts_with("git")),
        "{all:#?}"
    );
    there_and_back(&ground, &plan);
}

#[test]
fn a_root_below_the_repository_in_a_folder_with_an_odd_name() {
    let ground = Ground::fixture("edge-agent", "some where/it's $HOME").committed();
    let Some(plan) = planned(&ground) else { return };
    there_and_back(&ground, &plan);
}

/// Names that a shell, or git, would take for something else.
#[test]
fn a_member_in_a_folder_with_an_odd_name() {
    let ground = Ground::fixture("edge-agent", "");
    let odd = "-up link's [x]*";
    std::fs::rename(ground.root.join("crates/uplink"), ground.root.join(odd)).unwrap();
    let manifest = ground.root.join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let text = text.replace(
        r#"members = ["agent", "crates/uplink"]"#,
        r#"members = ["agent"]"#,
    );
    let text = text.replace("path = \"crates/uplink\"", &format!("path = {odd:?}"));
    std::fs::write(&manifest, text).unwrap();
    let ground = ground.committed();
    let Some(plan) = planned(&ground) else { return };
    let all = commands(&plan);
    assert!(
        all.iter()
            .any(|command| command.contains("--literal-pathspecs")),
        "{all:#?}"
    );
    there_and_back(&ground, &plan);
}

/// A member that is a repository of its own, as a submodule is.
#[test]
fn a_member_in_another_repository() {
    let ground = Ground::fixture("edge-agent", "");
    let within = |arguments: &[&str]| {
        let folder = ["-C", "crates/uplink"];
        ground.git(&[&folder, arguments].concat());
    };
    within(&["init", "--quiet"]);
    within(&["add", "--all"]);
    within(&["commit", "--quiet", "--message=uplink"]);
    std::fs::write(ground.root.join(".gitignore"), "/crates\n").unwrap();
    let ground = ground.committed();
    let Some(plan) = planned(&ground) else { return };
    let all = commands(&plan);
    assert!(
        all.iter()
            .any(|command| command.starts_with("git -C crates/uplink commit ")),
        "{all:#?}"
    );
    there_and_back(&ground, &plan);
}

/// The root is a repository within another one, and a member beside it is of that other one.
#[test]
fn a_root_that_is_a_repository_within_another() {
    let ground = Ground::fixture("edge-agent", "site");
    let beside = ground.top.join("uplink");
    std::fs::rename(ground.root.join("crates/uplink"), &beside).unwrap();
    let edit = |path: &Utf8Path, old: &str, new: &str| {
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.contains(old), "{text}");
        std::fs::write(path, text.replace(old, new)).unwrap();
    };
    let manifest = ground.root.join("Cargo.toml");
    edit(&manifest, "\"crates/uplink\"", "\"../uplink\"");
    let name = "name = \"uplink\"";
    edit(
        &beside.join("Cargo.toml"),
        name,
        &format!("{name}\nworkspace = \"../site\""),
    );
    for arguments in [
        &["-C", "site", "init", "--quiet"][..],
        &["-C", "site", "add", "--all"],
        &["-C", "site", "commit", "--quiet", "--message=site"],
    ] {
        ground.git(arguments);
    }
    std::fs::write(ground.top.join(".gitignore"), "/site\n").unwrap();
    let ground = ground.committed();
    let Some(plan) = planned(&ground) else { return };
    let all = commands(&plan);
    assert!(
        all.iter()
            .any(|command| command.starts_with("git -C .. commit ")
                && command.ends_with(" -- uplink/Cargo.toml")),
        "{all:#?}"
    );
    there_and_back(&ground, &plan);
}

#[test]
fn no_lock_and_no_repository() {
    let ground = Ground::fixture("edge-agent-unresolvable", "");
    assert!(!ground.root.join("Cargo.lock").exists());
    let Some(plan) = planned(&ground) else { return };
    let all = commands(&plan);
    assert!(all.contains(&"rm -f -- Cargo.lock"), "{all:#?}");
    there_and_back(&ground, &plan);
}
