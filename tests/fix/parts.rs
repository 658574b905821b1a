//! Some of a plan: by name, and by answering for each.

use crate::family::{inseparable, lab, live, user};
use crate::lab::Lab;
use crate::support::tool::Run;
use crate::{changes_nothing, contents, is_clean};

/// Two crates to move.
fn two() -> Lab {
    let lab = lab(
        &live(
            "reader = \"1\"\nuser = \"1\"\n",
            "reader::send(); user::send();",
        ),
        vec![
            user("reader", "1.0.0", "^0.32"),
            user("reader", "2.0.0", "^0.33"),
        ],
    );
    lab.cargo(&["generate-lockfile"]);
    lab
}

fn manifest(lab: &Lab) -> String {
    std::fs::read_to_string(lab.root().join("Cargo.toml")).unwrap()
}

fn locked(lab: &Lab, name: &str) -> bool {
    let lock = std::fs::read_to_string(lab.root().join("Cargo.lock")).unwrap();
    lock.contains(&format!("name = \"{name}\"\nversion = \"2.0.0\""))
}

/// Runs with answers on standard input.
fn answered(lab: &Lab, arguments: &[&str], answers: &str) -> Run {
    let output = assert_cmd::Command::from_std(lab.command(arguments))
        .timeout(std::time::Duration::from_secs(120))
        .write_stdin(answers)
        .output()
        .unwrap();
    Run {
        code: output.status.code().expect("it ends"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn one_package_at_a_time() {
    let lab = two();
    let old = manifest(&lab);
    let run = changes_nothing(&lab, &["fix", "--only", "user", "--dry-run"], 0);
    assert!(run.stdout.contains("+user = \"2\""), "{}", run.stdout);
    assert!(!run.stdout.contains("+reader"), "{}", run.stdout);
    let run = lab.run(&["fix", "--only", "user"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(manifest(&lab), old.replace("user = \"1\"", "user = \"2\""));
    assert!(locked(&lab, "user") && !locked(&lab, "reader"));
    // There is something left to do.
    assert_eq!(lab.run(&["check", "--full", "--locked"]).code, 100);
    let run = lab.run(&["fix", "--only", "reader", "--only", "reader"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(locked(&lab, "user") && locked(&lab, "reader"));
    is_clean(&lab);
}

#[test]
fn all_packages_by_name() {
    let (one, other) = (two(), two());
    assert_eq!(
        one.run(&["fix", "--only", "user", "--only", "reader"]).code,
        0
    );
    assert_eq!(other.run(&["fix"]).code, 0);
    assert_eq!(manifest(&one), manifest(&other));
    is_clean(&one);
}

/// A part that cargo does not resolve by itself.
#[test]
fn a_part_that_does_not_stand_alone() {
    let lab = inseparable();
    let run = changes_nothing(&lab, &["fix", "--only", "user"], 101);
    assert!(
        run.stderr.contains("does not resolve that part alone"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("part"), "{}", run.stderr);
    let run = lab.run(&["fix"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    is_clean(&lab);
}

#[test]
fn an_answer_for_each() {
    // In the order of names: reader, user.
    for (answers, reader, user) in [
        ("y\ny\n", true, true),
        ("Y\nYES\n", true, true),
        ("y\nn\n", true, false),
        ("n\ny\n", false, true),
        ("\ny\n", false, true),
        ("what\ny\n", false, true),
        // The input ends: nothing more is taken.
        ("y\n", true, false),
        ("y", true, false),
    ] {
        let lab = two();
        let run = answered(&lab, &["fix", "--interactive"], answers);
        assert_eq!(run.code, 0, "{answers:?}: {}\n{}", run.stdout, run.stderr);
        assert!(run.stderr.contains("apply this? [y/N/q]"), "{}", run.stderr);
        assert_eq!(locked(&lab, "reader"), reader, "{answers:?}");
        assert_eq!(locked(&lab, "user"), user, "{answers:?}");
        assert_eq!(manifest(&lab).contains("reader = \"2\""), reader);
        assert_eq!(manifest(&lab).contains("user = \"2\""), user);
    }
}

#[test]
fn answers_that_leave_nothing() {
    let lab = two();
    let before = contents(lab.root());
    for answers in ["", "n\nn\n", "q\n", "y\nq\n", "y\nQuit\n", "\u{1b}[31m\n\n"] {
        let run = answered(&lab, &["fix", "--interactive"], answers);
        assert_eq!(run.code, 0, "{answers:?}: {}\n{}", run.stdout, run.stderr);
        assert_eq!(run.stdout, "nothing was chosen, so nothing was changed\n");
        assert!(before == contents(lab.root()), "{answers:?}");
    }
}

/// Only what is named is asked about.
#[test]
fn answers_for_a_part() {
    let lab = two();
    let run = answered(&lab, &["fix", "--interactive", "--only", "user"], "y\n");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        run.stderr.matches("apply this?").count(),
        1,
        "{}",
        run.stderr
    );
    assert!(locked(&lab, "user") && !locked(&lab, "reader"));
}
