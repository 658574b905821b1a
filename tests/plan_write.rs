//! Several files written as one: whatever happens, the tree is the old or the new one.
#![cfg(unix)]

#[path = "plan_write/faults.rs"]
mod faults;
#[path = "plan_write/files.rs"]
mod files;
#[path = "plan_write/killed.rs"]
mod killed;
#[path = "plan_write/left.rs"]
mod left;

use std::collections::BTreeMap;
use std::fs;
use std::process::{Child, Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use otel_check::plan::write::{Step, Transaction};
use tempfile::TempDir;

/// Which test of this program plays the part of a process that is killed, and on what.
const PART: &str = "PLAN_WRITE_PART";
const ROOT: &str = "PLAN_WRITE_ROOT";
const AT: &str = "PLAN_WRITE_AT";

/// A workspace of two manifests, in which a lockfile is to be made.
pub struct Tree {
    _folder: TempDir,
    root: Utf8PathBuf,
}

/// All files and links with their contents.
pub type Content = BTreeMap<String, String>;

pub fn content(root: &Utf8Path) -> Content {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir_utf8().unwrap() {
            let entry = entry.unwrap();
            let path = entry.path();
            let name = path.strip_prefix(root).unwrap().to_string();
            if entry.file_type().unwrap().is_dir() {
                folders.push(path.to_owned());
                found.insert(format!("{name}/"), String::new());
            } else {
                found.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

fn of(files: &[(&str, &str)]) -> Content {
    let files = files
        .iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
    files.chain([("a/".to_owned(), String::new())]).collect()
}

pub fn old() -> Content {
    of(&[("Cargo.toml", "old root\n"), ("a/Cargo.toml", "old a\n")])
}

pub fn new() -> Content {
    of(&[
        ("Cargo.toml", "new root\n"),
        ("a/Cargo.toml", "new a\n"),
        ("Cargo.lock", "new lock\n"),
    ])
}

impl Tree {
    pub fn old() -> Self {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let root = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
        lay(&root);
        Self {
            _folder: folder,
            root,
        }
    }

    pub fn root(&self) -> &Utf8Path {
        &self.root
    }

    pub fn content(&self) -> Content {
        content(&self.root)
    }
}

/// The old files.
pub fn lay(root: &Utf8Path) {
    fs::create_dir_all(root.join("a")).unwrap();
    fs::write(root.join("Cargo.toml"), "old root\n").unwrap();
    fs::write(root.join("a/Cargo.toml"), "old a\n").unwrap();
}

/// From the old files to the new ones.
pub fn forth(root: &Utf8Path) -> Transaction {
    let mut write = Transaction::new(root);
    write.replace(&root.join("Cargo.toml"), "old root\n", "new root\n");
    write.replace(&root.join("a/Cargo.toml"), "old a\n", "new a\n");
    write.create(&root.join("Cargo.lock"), "new lock\n");
    write
}

/// Runs this program again as another process in which only `child` does something.
pub fn command(part: &str, root: &Utf8Path, at: usize) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(PART, part)
        .env(ROOT, root)
        .env(AT, at.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

pub fn spawn(part: &str, root: &Utf8Path, at: usize) -> Child {
    command(part, root, at).spawn().unwrap()
}

/// Does what another process is asked for; nothing in an ordinary run.
#[test]
fn child() {
    let Ok(part) = std::env::var(PART) else {
        return;
    };
    let root = Utf8PathBuf::from(std::env::var(ROOT).unwrap());
    let at: usize = std::env::var(AT).unwrap().parse().unwrap();
    let steps = std::cell::Cell::new(0);
    let die = |_: Step| {
        if steps.replace(steps.get() + 1) == at {
            let me = std::process::id().to_string();
            Command::new("kill").args(["-9", &me]).status().unwrap();
            std::thread::sleep(std::time::Duration::from_secs(60));
        }
    };
    match part.as_str() {
        "commit" => drop(forth(&root).commit_watched(&die).unwrap()),
        "recover" => drop(Transaction::recover_watched(&root, &die).unwrap()),
        "restore" => forth(&root)
            .commit()
            .unwrap()
            .restore_watched(&die)
            .unwrap(),
        "spoiled" => {
            let spoil = |step| {
                if step == Step::Replace(1) {
                    fs::write(root.join("a/Cargo.toml"), "somebody's\n").unwrap();
                }
                die(step);
            };
            drop(forth(&root).commit_watched(&spoil).unwrap_err());
        }
        "to and fro" => loop {
            forth(&root).commit().unwrap().restore().unwrap();
        },
        "try" => faults::tried(&root),
        _ => panic!("no part {part}"),
    }
}
