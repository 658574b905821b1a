//! What a step says of the way back, carried out as it is printed.

use std::collections::BTreeMap;
use std::process::Command;

use crate::family::{file, lab, live, manifest, user};
use crate::lab::Lab;
use crate::loopback::{Dep, Package};
use crate::planned;
use crate::sources::git;

/// A member in a folder whose name means something to a shell.
const MEMBER: &str = "it's $HOME";

/// An application on 0.33, and a member of it with a crate on 0.32.
fn skewed() -> Lab {
    let mut files = live(
        &format!("part = {{ path = \"{MEMBER}\" }}\n"),
        "part::send();",
    );
    files.push(file(
        &format!("{MEMBER}/Cargo.toml"),
        &manifest("part", "\n[dependencies]\nuser = \"1\"\n"),
    ));
    let code = "pub fn send() { user::send(); }\n";
    files.push(file(&format!("{MEMBER}/src/lib.rs"), code));
    let lab = lab(&files, Vec::new());
    lab.cargo(&["generate-lockfile"]);
    lab
}

/// Manifests and lock.
fn files(lab: &Lab) -> BTreeMap<String, String> {
    let member = format!("{MEMBER}/Cargo.toml");
    let all = ["Cargo.toml", &member, "Cargo.lock"];
    let read = |name: &str| std::fs::read_to_string(lab.root().join(name)).unwrap();
    all.map(|name| (name.to_owned(), read(name))).into()
}

/// Does all steps, and undoes them from the last to the first; the files before, and those after.
fn undone(lab: &Lab) -> [BTreeMap<String, String>; 2] {
    let before = files(lab);
    let plan = planned(lab, &[]);
    let fix = lab.run(&["fix", "--allow-dirty"]);
    assert_eq!(fix.code, 0, "{}{}", fix.stdout, fix.stderr);
    let changed = files(lab);
    let differ = |name: &&String| changed[*name] != before[*name];
    assert!(before.keys().filter(differ).count() > 1, "{}", fix.stdout);
    for command in plan
        .choice()
        .steps
        .iter()
        .rev()
        .flat_map(|step| &step.rollback)
    {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(command).current_dir(lab.root());
        // Of a file that it does not track, git has nothing to give back.
        println!("{command}: {}", shell.status().unwrap());
    }
    [before, files(lab)]
}

fn commit(lab: &Lab, ignored: &str) {
    lab.sandbox.write(".gitignore", ignored);
    git(lab.root(), &["init", "--quiet"]);
    git(lab.root(), &["add", "--all"]);
    git(lab.root(), &["commit", "--quiet", "--message=all"]);
}

#[test]
fn everything_comes_back_where_git_tracks_it() {
    let lab = skewed();
    commit(&lab, "target\n");
    let [before, after] = undone(&lab);
    assert_eq!(before, after);
}

#[test]
fn the_manifests_come_back_where_git_does_not_track_the_lock() {
    let lab = skewed();
    commit(&lab, "target\nCargo.lock\n");
    let [mut before, mut after] = undone(&lab);
    assert_ne!(before.remove("Cargo.lock"), after.remove("Cargo.lock"));
    assert_eq!(before, after);
}

/// A move of the lock alone, with which another package comes along.
#[test]
fn what_moved_along_comes_back_too() {
    let floating = |version: &str, line: &str, along: &str| {
        user("floating", version, line).dep(Dep::new("along", along))
    };
    let between = Package::new("between", "1.0.0")
        .dep(Dep::new("floating", "^1"))
        .lib("pub fn send() { floating::send(); }\n");
    let lab = lab(
        &live("between = \"1\"\n", "between::send();"),
        vec![
            between,
            floating("1.0.0", "^0.32", "^1"),
            floating("1.1.0", "^0.33", "^1.1"),
            Package::new("along", "1.0.0"),
            Package::new("along", "1.1.0"),
        ],
    );
    lab.cargo(&["generate-lockfile"]);
    lab.cargo(&["update", "-p", "floating", "--precise", "1.0.0"]);
    lab.cargo(&["update", "-p", "along", "--precise", "1.0.0"]);
    commit(&lab, "target\n");
    let lock = || std::fs::read_to_string(lab.root().join("Cargo.lock")).unwrap();
    let before = lock();
    let plan = planned(&lab, &[]);
    let [step] = &plan.choice().steps[..] else {
        panic!("{plan:#?}");
    };
    for (commands, gives_back) in [(&step.commands, false), (&step.rollback, true)] {
        for command in commands {
            let words: Vec<&str> = command.split(' ').collect();
            match words.split_first() {
                Some((&"cargo", words)) => {
                    lab.cargo(words);
                }
                Some((&"git", words)) => git(lab.root(), words),
                _ => panic!("{command}"),
            }
        }
        assert_eq!(lock() == before, gives_back, "{commands:?}");
    }
}
