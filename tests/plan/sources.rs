//! Packages that come from git, and those that the user takes from elsewhere.

use camino::{Utf8Path, Utf8PathBuf};

use crate::family::{USER, file, lab, live, manifest, user};
use crate::lab::Lab;
use crate::support::cargo::succeed;
use crate::support::sandbox::Sandbox;
use crate::{assert_failure, fixed, planned};

/// A repository with one library on a line.
fn repository(line: &str) -> Sandbox {
    let sandbox = Sandbox::empty();
    let rest = format!("\n[dependencies]\nopentelemetry = \"{line}\"\n");
    sandbox.write("Cargo.toml", &manifest("gitlib", &rest));
    sandbox.write("src/lib.rs", USER);
    for arguments in [
        &["init", "--quiet", "--initial-branch=main"][..],
        &["add", "."],
        &["commit", "--quiet", "--message=one"],
    ] {
        git(sandbox.root(), arguments);
    }
    sandbox
}

pub fn git(folder: &Utf8Path, arguments: &[&str]) {
    let mut command = std::process::Command::new("git");
    command.current_dir(folder).args([
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@a",
        "-c",
        "commit.gpgsign=false",
    ]);
    succeed(command.args(arguments));
}

/// An application on 0.33 with a library from git.
fn with_git(url: &str) -> Lab {
    let dependency = format!("gitlib = {{ git = \"{url}\" }}\n");
    lab(&live(&dependency, "gitlib::send();"), Vec::new())
}

#[test]
fn what_comes_from_git_cannot_be_moved() {
    let repository = repository("0.32");
    let lab = with_git(&format!("file://{}", repository.root()));
    let plan = planned(&lab, &["--options", "--target-line", "0.33"]);
    let a = plan.option("a");
    assert_eq!(a.outcome.kind, "none", "{plan:#?}");
    let because = a.outcome.because.as_deref().unwrap();
    assert!(because.contains("`gitlib` comes from git"), "{because}");
    let b = plan.option("b");
    assert!(b.is_proven(), "{b:#?}");
    assert_eq!(b.actions(), [("disable", "gitlib")]);
    // Without a wish, the line is the one on which the library is.
    let plan = planned(&lab, &["--options"]);
    assert!(plan.choice().is_proven(), "{plan:#?}");
    assert_eq!(plan.choice().target.as_deref(), Some("0.32"));
}

#[test]
fn a_library_from_git_that_is_fine() {
    let repository = repository("0.33");
    let lab = with_git(&format!("file://{}", repository.root()));
    let plan = planned(&lab, &[]);
    assert_eq!(plan.choice().outcome.kind, "nothing-to-do", "{plan:#?}");
}

#[test]
fn a_repository_that_cannot_be_fetched() {
    let lab = with_git("file:///nowhere/at/all.git");
    for command in ["plan", "fix"] {
        let run = lab.run(&[command]);
        assert_failure(&run, 101, &["gitlib", "nowhere/at/all"]);
    }
    assert!(!lab.root().join("Cargo.lock").exists());
}

/// A fork of a crate that has no release for the line.
fn forked() -> (Lab, Utf8PathBuf) {
    let mut files = live("capped = \"1\"\n", "capped::send();");
    let rest = "\n[dependencies]\nopentelemetry = \"0.33\"\n[workspace]\n";
    let fork = manifest("capped", rest).replace("0.1.0", "1.0.1");
    files.push(file("fork/Cargo.toml", &fork));
    files.push(file("fork/src/lib.rs", USER));
    let lab = lab(&files, vec![user("capped", "1.0.0", "^0.32")]);
    lab.cargo(&["generate-lockfile"]);
    let fork = lab.root().join("fork");
    (lab, fork)
}

#[test]
fn a_fork_takes_the_place_of_a_release() {
    let (lab, _) = forked();
    let plan = planned(&lab, &["--patch", "capped=fork"]);
    let choice = plan.choice();
    assert!(choice.is_proven(), "{choice:#?}");
    assert_eq!(choice.target.as_deref(), Some("0.33"));
    assert_eq!(
        choice.changes(),
        ["+", "+[patch.crates-io]", "+capped = { path = \"fork\" }"],
        "{choice:#?}"
    );
    // The command that repeats the proof names the fork too.
    let command = choice.outcome.command.as_deref().unwrap();
    assert!(command.contains("--patch capped=fork"), "{command}");
    assert_eq!(choice.actions(), [("patch", "capped")], "{choice:#?}");
    fixed(&lab, &["--patch", "capped=fork"]);
}

/// The fork stands outside of the workspace.
#[test]
fn a_fork_beside_the_workspace() {
    let (lab, fork) = forked();
    let beside = Sandbox::copy(&fork);
    let plan = planned(&lab, &["--patch", &format!("capped={}", beside.root())]);
    assert!(plan.choice().is_proven(), "{plan:#?}");
}

#[test]
fn a_fork_that_is_not_there() {
    let (lab, _) = forked();
    let run = lab.run(&["plan", "--patch", "capped=nowhere"]);
    assert_failure(&run, 101, &["nowhere"]);
}

/// Cargo would go on with the release.
#[test]
fn a_fork_of_another_version() {
    let (lab, fork) = forked();
    let manifest = fork.join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, text.replace("1.0.1", "2.0.0")).unwrap();
    let run = lab.run(&["plan", "--patch", "capped=fork", "--target-line", "0.33"]);
    assert_ne!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
}
