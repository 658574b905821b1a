//! Folders and disks that take nothing.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use camino::Utf8Path;
use otel_check::plan::write::{Transaction, WriteError};

use super::{Tree, command, content, forth, lay, old};

/// A user who may not do everything.
const NOBODY: u32 = 65534;

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout == b"0\n"
}

/// Tries to write in a tree where it must fail for lack of rights.
pub fn tried(root: &Utf8Path) {
    match forth(root).commit() {
        Err(error @ WriteError::Io { .. }) => {
            assert!(error.to_string().contains("Permission denied"), "{error}");
            assert!(error.help().unwrap().contains("--dry-run"), "{error}");
        }
        other => panic!("{other:?}"),
    }
}

fn set_mode(path: &Utf8Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Fails to write as a user who may not, and leaves all as it was.
fn cannot_write(below: &str) {
    let tree = Tree::old();
    let folder = tree.root().join(below);
    let mut child = command("try", tree.root(), 0);
    if is_root() {
        for path in ["", "a", "Cargo.toml", "a/Cargo.toml"] {
            chown(tree.root().join(path), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        child.uid(NOBODY).gid(NOBODY);
    }
    set_mode(&folder, 0o555);
    let output = child.output().unwrap();
    set_mode(&folder, 0o755);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(tree.content(), old());
}

#[test]
fn a_read_only_root_changes_nothing() {
    cannot_write("");
}

#[test]
fn a_read_only_member_changes_nothing() {
    cannot_write("a");
}

#[test]
fn a_write_protected_manifest_is_respected() {
    let tree = Tree::old();
    let file = tree.root().join("a/Cargo.toml");
    set_mode(&file, 0o444);
    let error = forth(tree.root()).commit().unwrap_err();
    assert!(
        matches!(&error, WriteError::Protected(path) if *path == file),
        "{error}"
    );
    assert_eq!(tree.content(), old());
}

/// A small disk of its own, taken away with the value.
struct Disk(Tree);

impl Disk {
    fn mount() -> Option<Self> {
        let tree = Tree::old();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=128k,mode=755", "tmpfs"])
            .arg(tree.root());
        match mount.output() {
            Ok(output) if output.status.success() => Some(Self(tree)),
            _ => None,
        }
    }

    fn root(&self) -> &Utf8Path {
        self.0.root()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _gone = Command::new("umount").arg(self.root()).output();
    }
}

#[test]
fn a_full_disk_changes_nothing() {
    let Some(disk) = Disk::mount() else {
        println!("skipped: no small disk can be mounted here");
        return;
    };
    let root = disk.root();
    let text = |word: &str| format!("{word}\n").repeat(1000);
    let (mut full, mut done) = (0, 0);
    for free in 0..16 {
        lay(root);
        fs::write(root.join("Cargo.toml"), text("old")).unwrap();
        // All but some pages of the disk.
        let filler = root.join("filler");
        let mut size = 0;
        while fs::write(&filler, vec![0; size + 4096]).is_ok() {
            size += 4096;
        }
        fs::write(&filler, vec![1; size - (4096 * free).min(size)]).unwrap();
        let before = content(root);
        let mut write = Transaction::new(root);
        write.replace(&root.join("Cargo.toml"), text("old"), text("new"));
        write.replace(&root.join("a/Cargo.toml"), "old a\n", text("new"));
        write.create(&root.join("Cargo.lock"), text("lock"));
        match write.commit() {
            Ok(committed) => {
                done += 1;
                assert_eq!(
                    fs::read_to_string(root.join("Cargo.lock")).unwrap(),
                    text("lock")
                );
                committed.restore().unwrap();
            }
            Err(error) => {
                full += 1;
                assert!(
                    error.help().is_some_and(|help| help.contains("room")),
                    "{error}"
                );
            }
        }
        assert_eq!(content(root), before, "{free} pages free");
        fs::remove_file(&filler).unwrap();
    }
    assert!(full > 2 && done > 1, "{full} {done}");
}

#[test]
fn a_read_only_disk_changes_nothing() {
    let Some(disk) = Disk::mount() else {
        println!("skipped: no small disk can be mounted here");
        return;
    };
    let root = disk.root();
    lay(root);
    let again = Command::new("mount")
        .args(["-o", "remount,ro"])
        .arg(root)
        .status()
        .unwrap();
    assert!(again.success());
    let error = forth(root).commit().unwrap_err();
    assert!(
        error.to_string().contains("Read-only file system"),
        "{error}"
    );
    assert_eq!(content(root), old());
    assert!(Transaction::recover(root).is_ok());
}

#[test]
fn a_manifest_on_another_disk_is_written_too() {
    let Some(disk) = Disk::mount() else {
        println!("skipped: no small disk can be mounted here");
        return;
    };
    let tree = Tree::old();
    fs::write(disk.root().join("Cargo.toml"), "far\n").unwrap();
    let mut write = Transaction::new(tree.root());
    write.replace(&tree.root().join("Cargo.toml"), "old root\n", "new root\n");
    write.replace(&disk.root().join("Cargo.toml"), "far\n", "farther\n");
    let committed = write.commit().unwrap();
    assert_eq!(
        fs::read_to_string(disk.root().join("Cargo.toml")).unwrap(),
        "farther\n"
    );
    committed.restore().unwrap();
    assert_eq!(
        fs::read_to_string(disk.root().join("Cargo.toml")).unwrap(),
        "far\n"
    );
    assert_eq!(tree.content(), old());
}
