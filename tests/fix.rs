//! `fix` end to end: what the built binary writes, and what it refuses to.

#[path = "support/family.rs"]
mod family;
#[path = "support/lab.rs"]
mod lab;
#[path = "support/registry.rs"]
mod loopback;
mod support;

#[cfg(unix)]
#[path = "fix/disks.rs"]
mod disks;
#[path = "fix/parts.rs"]
mod parts;
#[path = "fix/round_trips.rs"]
mod round_trips;
#[path = "fix/story.rs"]
mod story;
#[path = "fix/uncommitted.rs"]
mod uncommitted;

use std::collections::BTreeMap;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use lab::Lab;
use support::tool::Run;

/// Contents by path, without the folder of git.
pub fn contents(folder: &Utf8Path) -> BTreeMap<Utf8PathBuf, Vec<u8>> {
    let all = support::disk::state(folder).into_iter();
    let git = folder.join(".git");
    all.filter(|(path, _)| !path.starts_with(&git))
        .map(|(path, (content, _))| (path, content))
        .collect()
}

/// Git in a folder, with a name for commits; it must succeed.
pub fn git(folder: &Utf8Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(folder);
    for setting in ["user.name=a", "user.email=a@a", "commit.gpgsign=false"] {
        command.args(["-c", setting]);
    }
    support::cargo::succeed(command.args(arguments))
}

/// Makes a folder a repository in which everything is committed.
pub fn commit(folder: &Utf8Path) {
    git(folder, &["init", "--quiet"]);
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message=all"]);
}

/// A run that must end like this and leave everything as it was.
pub fn changes_nothing(lab: &Lab, arguments: &[&str], code: i32) -> Run {
    let before = support::disk::state(lab.root());
    let run = lab.run(arguments);
    assert_eq!(run.code, code, "{}\n{}", run.stdout, run.stderr);
    let after = support::disk::state(lab.root());
    // Git looks its index through, and may write what it saw.
    let git = lab.root().join(".git");
    let kept = |path: &Utf8PathBuf| !path.starts_with(&git) && path != lab.root();
    let before: Vec<_> = before.iter().filter(|(path, _)| kept(path)).collect();
    let after: Vec<_> = after.iter().filter(|(path, _)| kept(path)).collect();
    assert!(before == after, "{arguments:?} changed something");
    run
}

/// `check`, which must find nothing at the deny level.
pub fn is_clean(lab: &Lab) {
    let run = lab.run(&["check", "--full", "--locked"]);
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
}
