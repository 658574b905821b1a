//! Files as they are: links, modes, changes by others, another process.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

use otel_check::plan::write::{Recovered, Step, Transaction, WriteError};

use super::{Tree, forth, new, old};

#[test]
fn all_is_written_and_put_back() {
    let tree = Tree::old();
    let committed = forth(tree.root()).commit().unwrap();
    assert_eq!(tree.content(), new());
    assert_eq!(committed.paths().count(), 3);
    assert_eq!(
        Transaction::recover(tree.root()).unwrap(),
        Recovered::Nothing
    );
    committed.restore().unwrap();
    assert_eq!(tree.content(), old());
}

#[test]
fn cargo_may_have_written_the_lockfile_meanwhile() {
    let tree = Tree::old();
    let committed = forth(tree.root()).commit().unwrap();
    fs::write(tree.root().join("Cargo.lock"), "by cargo\n").unwrap();
    committed.restore().unwrap();
    assert_eq!(tree.content(), old());
    let committed = forth(tree.root()).commit().unwrap();
    fs::write(tree.root().join("a/Cargo.toml"), "by somebody\n").unwrap();
    let error = committed.restore().unwrap_err();
    assert!(matches!(error, WriteError::Changed(_)), "{error}");
    assert_eq!(
        fs::read_to_string(tree.root().join("a/Cargo.toml")).unwrap(),
        "by somebody\n"
    );
    assert_eq!(
        fs::read_to_string(tree.root().join("Cargo.toml")).unwrap(),
        "new root\n"
    );
}

#[test]
fn nothing_to_write_touches_nothing() {
    let tree = Tree::old();
    let mut write = Transaction::new(tree.root());
    write.replace(&tree.root().join("Cargo.toml"), "old root\n", "old root\n");
    assert!(write.is_empty());
    let steps = std::cell::Cell::new(0);
    let _nothing = write
        .commit_watched(&|_| steps.set(steps.get() + 1))
        .unwrap();
    assert_eq!(steps.get(), 0);
    assert_eq!(tree.content(), old());
}

#[test]
fn a_file_that_changed_since_it_was_read_stops_all() {
    let tree = Tree::old();
    let file = tree.root().join("a/Cargo.toml");
    let mut changed = old();
    // Before, while all is staged, and at the last moment.
    for step in [None, Some(Step::Stage(0)), Some(Step::Stage(2))] {
        fs::write(&file, "old a\n").unwrap();
        let change = |at| {
            if Some(at) == step {
                fs::write(&file, "by another\n").unwrap();
            }
        };
        if step.is_none() {
            fs::write(&file, "by another\n").unwrap();
        }
        let error = forth(tree.root()).commit_watched(&change).unwrap_err();
        assert!(
            matches!(&error, WriteError::Changed(path) if *path == file),
            "{error}"
        );
        changed.insert("a/Cargo.toml".into(), "by another\n".into());
        assert_eq!(tree.content(), changed, "{step:?}");
    }
    // Even after the others hold: they go back.
    fs::write(&file, "old a\n").unwrap();
    let change = |at| {
        if at == Step::Replace(1) {
            fs::write(&file, "by another\n").unwrap();
        }
    };
    let error = forth(tree.root()).commit_watched(&change).unwrap_err();
    assert!(
        matches!(&error, WriteError::Changed(path) if *path == file),
        "{error}"
    );
    assert_eq!(tree.content(), changed);
    // A file that is to be made and is there; one that is there no longer.
    fs::write(&file, "old a\n").unwrap();
    fs::write(tree.root().join("Cargo.lock"), "").unwrap();
    let error = forth(tree.root()).commit().unwrap_err();
    assert!(matches!(error, WriteError::Changed(_)), "{error}");
    fs::remove_file(tree.root().join("Cargo.lock")).unwrap();
    fs::remove_file(&file).unwrap();
    let error = forth(tree.root()).commit().unwrap_err();
    assert!(matches!(error, WriteError::Io { .. }), "{error}");
}

#[test]
fn links_stay_links_and_modes_stay() {
    let tree = Tree::old();
    let shared = tree.root().join("shared.toml");
    fs::rename(tree.root().join("a/Cargo.toml"), &shared).unwrap();
    symlink("../shared.toml", tree.root().join("a/Cargo.toml")).unwrap();
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o640)).unwrap();
    fs::set_permissions(
        tree.root().join("Cargo.toml"),
        fs::Permissions::from_mode(0o755),
    )
    .unwrap();
    let before = fs::metadata(&shared).unwrap();
    let committed = forth(tree.root()).commit().unwrap();
    let link = fs::symlink_metadata(tree.root().join("a/Cargo.toml")).unwrap();
    assert!(link.file_type().is_symlink());
    assert_eq!(fs::read_to_string(&shared).unwrap(), "new a\n");
    let after = fs::metadata(&shared).unwrap();
    assert_eq!(after.mode(), before.mode());
    assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
    assert_eq!(
        fs::metadata(tree.root().join("Cargo.toml")).unwrap().mode() & 0o777,
        0o755
    );
    committed.restore().unwrap();
    assert_eq!(fs::read_to_string(&shared).unwrap(), "old a\n");
    assert_eq!(fs::metadata(&shared).unwrap().mode(), before.mode());
}

#[test]
fn one_file_by_two_names_is_refused() {
    let tree = Tree::old();
    fs::remove_file(tree.root().join("a/Cargo.toml")).unwrap();
    symlink("../Cargo.toml", tree.root().join("a/Cargo.toml")).unwrap();
    let mut write = Transaction::new(tree.root());
    write.replace(&tree.root().join("Cargo.toml"), "old root\n", "1");
    write.replace(&tree.root().join("a/Cargo.toml"), "old root\n", "2");
    let error = write.commit().unwrap_err();
    assert!(matches!(error, WriteError::Twice { .. }), "{error}");
    assert_eq!(
        fs::read_to_string(tree.root().join("Cargo.toml")).unwrap(),
        "old root\n"
    );
}

#[test]
fn only_cargo_files_are_written() {
    let tree = Tree::old();
    let mut write = Transaction::new(tree.root());
    write.create(&tree.root().join("a/build.rs"), "x");
    let error = write.commit().unwrap_err();
    assert!(matches!(error, WriteError::NotOurs(_)), "{error}");
    // A name that leads nowhere is no way to make a file elsewhere.
    symlink("elsewhere", tree.root().join("Cargo.lock")).unwrap();
    let error = forth(tree.root()).commit().unwrap_err();
    assert!(matches!(error, WriteError::Changed(_)), "{error}");
    assert!(!tree.root().join("elsewhere").exists());
}

#[test]
fn two_at_once_are_kept_apart() {
    let tree = Tree::old();
    let meanwhile = |step| {
        if step == Step::Commit {
            let error = forth(tree.root()).commit().unwrap_err();
            assert!(matches!(error, WriteError::Busy(_)), "{error}");
            let error = Transaction::recover(tree.root()).unwrap_err();
            assert!(matches!(error, WriteError::Busy(_)), "{error}");
        }
    };
    let _written = forth(tree.root()).commit_watched(&meanwhile).unwrap();
    assert_eq!(tree.content(), new());
}
