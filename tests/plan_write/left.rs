//! What a killed process left, and what only looks like it.

use std::fs;
use std::process::Command;

use otel_check::plan::write::{Recovered, Transaction, WriteError};

use super::{Tree, content, forth, new, old, spawn};

/// A tree in which a write was killed before the step of this number.
fn stopped(at: usize) -> Tree {
    let tree = Tree::old();
    let output = spawn("commit", tree.root(), at).wait_with_output().unwrap();
    assert!(!output.status.success());
    tree
}

/// The number of the step that follows the commit point.
const COMMITTED: usize = 9;

#[test]
fn a_new_write_does_not_run_over_an_unfinished_one() {
    for at in [5, COMMITTED, COMMITTED + 1] {
        let tree = stopped(at);
        let mut write = Transaction::new(tree.root());
        let now = fs::read(tree.root().join("a/Cargo.toml")).unwrap();
        write.replace(&tree.root().join("a/Cargo.toml"), now, "mine\n");
        let before = tree.content();
        let error = write.commit().unwrap_err();
        assert!(matches!(error, WriteError::Unfinished(_)), "{error}");
        assert_eq!(tree.content(), before);
    }
}

#[test]
fn what_the_user_did_since_is_not_run_over() {
    let tree = stopped(5);
    fs::write(tree.root().join("a/Cargo.toml"), "mine\n").unwrap();
    assert_eq!(
        Transaction::recover(tree.root()).unwrap(),
        Recovered::KeptOld
    );
    let mut mine = old();
    mine.insert("a/Cargo.toml".into(), "mine\n".into());
    assert_eq!(tree.content(), mine);

    let tree = stopped(COMMITTED);
    fs::write(tree.root().join("a/Cargo.toml"), "mine\n").unwrap();
    let error = Transaction::recover(tree.root()).unwrap_err();
    assert!(
        matches!(error, WriteError::ChangedMeanwhile { .. }),
        "{error}"
    );
    assert_eq!(
        fs::read_to_string(tree.root().join("a/Cargo.toml")).unwrap(),
        "mine\n"
    );
    // As the message says: with the file as it was, it goes on.
    fs::write(tree.root().join("a/Cargo.toml"), "old a\n").unwrap();
    assert_eq!(
        Transaction::recover(tree.root()).unwrap(),
        Recovered::FinishedNew
    );
    assert_eq!(tree.content(), new());
}

#[test]
fn what_waits_beside_a_file_may_be_lost() {
    let tree = stopped(COMMITTED);
    fs::remove_file(tree.root().join("a/.Cargo.toml.otel-check-fix")).unwrap();
    assert_eq!(
        Transaction::recover(tree.root()).unwrap(),
        Recovered::FinishedNew
    );
    assert_eq!(tree.content(), new());
}

#[test]
fn a_finished_write_only_has_to_go() {
    let tree = stopped(COMMITTED + 3);
    let (folder, done) = (".otel-check-fix", ".otel-check-fix-done");
    fs::rename(tree.root().join(folder), tree.root().join(done)).unwrap();
    assert_eq!(
        Transaction::recover(tree.root()).unwrap(),
        Recovered::FinishedNew
    );
    assert_eq!(tree.content(), new());
    assert_eq!(
        Transaction::recover(tree.root()).unwrap(),
        Recovered::Nothing
    );
}

#[test]
fn a_copy_of_a_record_writes_nothing() {
    // As it comes with a checkout or an archive: it must not say what is written.
    let tree = stopped(COMMITTED);
    let copy = Tree::old();
    let from = tree.root().join(".otel-check-fix");
    let copied = Command::new("cp")
        .arg("-r")
        .arg(&from)
        .arg(copy.root())
        .status()
        .unwrap();
    assert!(copied.success());
    let before = content(copy.root());
    let error = Transaction::recover(copy.root()).unwrap_err();
    assert!(matches!(error, WriteError::Foreign { .. }), "{error}");
    assert_eq!(content(copy.root()), before);
    assert!(matches!(
        forth(copy.root()).commit(),
        Err(WriteError::Unfinished(_))
    ));
}

#[test]
fn what_is_no_folder_of_ours_stays() {
    let tree = Tree::old();
    let folder = tree.root().join(".otel-check-fix");
    fs::write(&folder, "a file").unwrap();
    assert!(matches!(
        Transaction::recover(tree.root()),
        Err(WriteError::Foreign { .. })
    ));
    assert!(matches!(
        forth(tree.root()).commit(),
        Err(WriteError::Foreign { .. })
    ));
    fs::remove_file(&folder).unwrap();
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("somebody's"), "precious").unwrap();
    assert!(matches!(
        Transaction::recover(tree.root()),
        Err(WriteError::Foreign { .. })
    ));
    assert_eq!(
        fs::read_to_string(folder.join("somebody's")).unwrap(),
        "precious"
    );
    fs::remove_file(folder.join("somebody's")).unwrap();
    fs::write(folder.join("committed"), "no JSON").unwrap();
    assert!(matches!(
        Transaction::recover(tree.root()),
        Err(WriteError::Foreign { .. })
    ));
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(tree.content(), old());
}
