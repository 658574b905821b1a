//! Processes killed at any instant.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt as _;
use std::time::Duration;

use otel_check::plan::write::{Recovered, Transaction};

use super::{Content, Tree, new, old, spawn};

/// Plays a part until it kills itself before the step of this number; false where it came to its end.
fn killed(part: &str, tree: &Tree, at: usize) -> bool {
    let output = spawn(part, tree.root(), at).wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() || output.status.signal() == Some(9),
        "{part} at {at}: {said}"
    );
    !output.status.success()
}

/// What is to be there after recovery said this.
fn said(recovered: Recovered, from: &Content, to: &Content) -> Content {
    match recovered {
        Recovered::Nothing | Recovered::KeptOld => from.clone(),
        Recovered::FinishedNew => to.clone(),
    }
}

/// Kills a part at each of its steps, and each recovery from that at each of its own.
fn kill_everywhere(part: &str, from: &Content, to: &Content) {
    let mut outcomes = BTreeSet::new();
    for at in 0.. {
        for again in 0.. {
            let tree = Tree::old();
            if !killed(part, &tree, at) {
                assert_eq!(&tree.content(), to, "{part} to its end");
                let both = ["FinishedNew", "KeptOld"].map(str::to_owned);
                assert!(
                    both.iter().all(|one| outcomes.contains(one)),
                    "{part}: {outcomes:?}"
                );
                return;
            }
            let stopped = killed("recover", &tree, again);
            let recovered = Transaction::recover(tree.root()).unwrap();
            if stopped {
                assert_eq!(
                    tree.content(),
                    said(recovered, from, to),
                    "{part} {at} {again}"
                );
                outcomes.insert(format!("{recovered:?}"));
            } else {
                assert_eq!(
                    recovered,
                    Recovered::Nothing,
                    "{part} {at}: recovered twice"
                );
                let content = tree.content();
                assert!(
                    content == *from || content == *to,
                    "{part} {at}: {content:?}"
                );
                break;
            }
        }
    }
}

#[test]
fn a_killed_write_is_finished_or_taken_back() {
    kill_everywhere("commit", &old(), &new());
}

#[test]
fn a_killed_restore_is_finished_or_taken_back() {
    kill_everywhere("restore", &new(), &old());
}

#[test]
fn the_record_decides() {
    // Before the commit point all is old, from it on all is new, and nothing in between.
    let mut seen = Vec::new();
    for at in 0.. {
        let tree = Tree::old();
        if !killed("commit", &tree, at) {
            break;
        }
        let recovered = Transaction::recover(tree.root()).unwrap();
        assert_eq!(tree.content(), said(recovered, &old(), &new()), "at {at}");
        seen.push(recovered);
    }
    let turn = seen
        .iter()
        .position(|one| *one == Recovered::FinishedNew)
        .unwrap();
    assert!(turn > 6, "{seen:?}");
    assert_eq!(seen[0], Recovered::Nothing);
    assert!(
        seen[1..turn].iter().all(|one| *one == Recovered::KeptOld),
        "{seen:?}"
    );
    assert!(
        seen[turn..]
            .iter()
            .all(|one| *one == Recovered::FinishedNew),
        "{seen:?}"
    );
}

#[test]
fn a_killed_undo_is_taken_back() {
    let mut spoiled = old();
    spoiled.insert("a/Cargo.toml".into(), "somebody's\n".into());
    let mut undone = 0;
    for at in 0.. {
        let tree = Tree::old();
        let ended = !killed("spoiled", &tree, at);
        let content = match Transaction::recover(tree.root()) {
            Ok(_) => tree.content(),
            // Killed right after the file was spoiled: the record says to go on, the file does not.
            Err(error) => {
                assert!(error.to_string().contains("has changed since"), "{error}");
                continue;
            }
        };
        if content == spoiled {
            undone += 1;
        } else {
            assert!(content == old() || content == new(), "at {at}: {content:?}");
        }
        if ended {
            break;
        }
    }
    assert!(undone > 4, "{undone}");
}

#[test]
fn killed_at_any_time_the_tree_is_whole() {
    // Times without a pattern, the same in each run.
    let mut time: u64 = 88_172_645_463_325_252;
    for round in 0..40 {
        time ^= time << 13;
        time ^= time >> 7;
        time ^= time << 17;
        let tree = Tree::old();
        let mut child = spawn("to and fro", tree.root(), usize::MAX);
        std::thread::sleep(Duration::from_micros(5_000 + time % 60_000));
        child.kill().unwrap();
        child.wait().unwrap();
        Transaction::recover(tree.root()).unwrap();
        let content = tree.content();
        assert!(
            content == old() || content == new(),
            "round {round}: {content:?}"
        );
    }
}
