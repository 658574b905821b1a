//! Trees that take nothing: each must end with a clear error and be as it was.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use camino::Utf8PathBuf;

use crate::family::{live, skewed};
use crate::lab::Lab;
use crate::{changes_nothing, contents};

/// A disk of its own with a workspace on it, taken away with the value.
struct Disk {
    lab: Lab,
    root: Utf8PathBuf,
}

impl Disk {
    /// None where nothing may be mounted.
    fn mount(size: &str) -> Option<Self> {
        let lab = crate::family::lab(&[], Vec::new());
        let root = lab.root().join("disk");
        fs::create_dir(&root).unwrap();
        let mut mount = Command::new("mount");
        let options = format!("size={size},mode=755");
        mount
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(&root);
        if !mount.output().is_ok_and(|output| output.status.success()) {
            println!("skipped: no small disk can be mounted here");
            return None;
        }
        let disk = Self { lab, root };
        for (path, text) in live("user = \"1\"\n", "user::send();") {
            disk.lab.sandbox.write(&format!("disk/{path}"), &text);
        }
        disk.lab
            .cargo(&["generate-lockfile", "--manifest-path", "disk/Cargo.toml"]);
        Some(disk)
    }

    fn fix(&self, more: &[&str]) -> std::process::Output {
        let mut command = self.lab.command(&[&["fix"], more].concat());
        command.current_dir(&self.root).output().unwrap()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _gone = Command::new("umount").arg(&self.root).output();
    }
}

#[test]
fn a_disk_that_is_read_only() {
    let Some(disk) = Disk::mount("1m") else {
        return;
    };
    let again = Command::new("mount")
        .args(["-o", "remount,ro"])
        .arg(&disk.root)
        .status()
        .unwrap();
    assert!(again.success());
    let before = contents(&disk.root);
    let output = disk.fix(&[]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(101), "{stderr}");
    assert!(stderr.contains("Read-only file system"), "{stderr}");
    assert!(stderr.contains("\n  help: "), "{stderr}");
    assert!(before == contents(&disk.root));
    // What would be written can be seen all the same.
    let output = disk.fix(&["--dry-run"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("+user = \"2\""));
}

#[test]
fn a_disk_that_is_full() {
    let Some(disk) = Disk::mount("128k") else {
        return;
    };
    // All of it.
    let filler = disk.root.join("filler");
    let mut size = 0;
    while fs::write(&filler, vec![0; size + 4096]).is_ok() {
        size += 4096;
    }
    fs::write(&filler, vec![1; size]).unwrap();
    let before = contents(&disk.root);
    let output = disk.fix(&[]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(101), "{stderr}");
    assert!(stderr.contains("No space left"), "{stderr}");
    assert!(stderr.contains("\n  help: "), "{stderr}");
    assert!(before == contents(&disk.root));
    // With room it goes.
    fs::remove_file(&filler).unwrap();
    let output = disk.fix(&[]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(
        fs::read_to_string(disk.root.join("Cargo.toml"))
            .unwrap()
            .contains("user = \"2\"")
    );
}

/// No room for the copy in which cargo resolves.
#[test]
fn a_full_place_for_temporary_folders() {
    let Some(disk) = Disk::mount("128k") else {
        return;
    };
    let filler = disk.root.join("filler");
    let mut size = 0;
    while fs::write(&filler, vec![0; size + 4096]).is_ok() {
        size += 4096;
    }
    fs::write(&filler, vec![1; size]).unwrap();
    let lab = skewed();
    let before = contents(lab.root());
    for command in ["plan", "fix"] {
        let output = lab
            .command(&[command])
            .env("TMPDIR", &disk.root)
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(101), "{stderr}");
        assert!(stderr.contains("No space left"), "{stderr}");
        assert!(stderr.contains("TMPDIR"), "{stderr}");
        assert!(before == contents(lab.root()));
    }
}

/// Respected for the superuser too.
#[test]
fn a_manifest_that_is_write_protected() {
    let lab = skewed();
    let manifest = lab.root().join("Cargo.toml");
    fs::set_permissions(&manifest, fs::Permissions::from_mode(0o444)).unwrap();
    let run = changes_nothing(&lab, &["fix"], 101);
    assert!(run.stderr.contains("Cargo.toml"), "{}", run.stderr);
    assert!(run.stderr.contains("\n  help: "), "{}", run.stderr);
    changes_nothing(&lab, &["fix", "--dry-run"], 0);
}
