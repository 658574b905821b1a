//! Uncommitted changes, as git sees them.

use std::ffi::OsStr;
use std::fs;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use super::{CleanError, State, Vcs, dirty, dirty_with, parse};

struct Folder {
    _folder: TempDir,
    root: Utf8PathBuf,
}

fn git(folder: &Utf8Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.invalid"])
        .args([
            "-c",
            "protocol.file.allow=always",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {said}");
}

impl Folder {
    /// Outside any repository.
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let root = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
        Self {
            _folder: folder,
            root,
        }
    }

    /// A repository with one commit of these files.
    fn repository(files: &[&str]) -> Self {
        let folder = Self::new();
        git(&folder.root, &["init", "-q"]);
        for file in files {
            folder.put(file, "committed\n");
        }
        git(&folder.root, &["add", "-A"]);
        git(
            &folder.root,
            &["commit", "-q", "--allow-empty", "-m", "one"],
        );
        folder
    }

    fn put(&self, file: &str, text: &str) {
        let path = self.root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn state(&self, files: &[&str]) -> State {
        let files: Vec<Utf8PathBuf> = files.iter().map(|file| (*file).into()).collect();
        dirty(&self.root, &files).unwrap()
    }
}

fn paths(files: &[&str]) -> Vec<Utf8PathBuf> {
    files.iter().map(|file| (*file).into()).collect()
}

#[test]
fn changes_in_no_commit_are_told() {
    let odd = "sp ace/q\"uo[te]/näh*/Cargo.toml";
    let all = [
        "Cargo.toml",
        "a/Cargo.toml",
        "b/Cargo.toml",
        "c/Cargo.toml",
        odd,
    ];
    let folder = Folder::repository(&all);
    assert_eq!(
        folder.state(&all),
        State {
            vcs: Vcs::Git,
            dirty: vec![],
            outside: vec![]
        }
    );
    folder.put("a/Cargo.toml", "edited\n");
    folder.put("b/Cargo.toml", "staged\n");
    git(&folder.root, &["add", "b/Cargo.toml"]);
    fs::remove_file(folder.root.join("c/Cargo.toml")).unwrap();
    folder.put(odd, "edited\n");
    folder.put("new/Cargo.toml", "not added\n");
    folder.put("other.rs", "not asked for\n");
    let asked = [&all[..], &["new/Cargo.toml"]].concat();
    let dirty = paths(&[
        "a/Cargo.toml",
        "b/Cargo.toml",
        "c/Cargo.toml",
        "new/Cargo.toml",
        odd,
    ]);
    assert_eq!(folder.state(&asked).dirty, dirty);
    // Committed, all is clean again, wherever the root is below the repository.
    git(&folder.root, &["add", "-A"]);
    git(&folder.root, &["commit", "-q", "-m", "two"]);
    assert!(
        folder
            .state(&["a/Cargo.toml", "new/Cargo.toml", odd])
            .dirty
            .is_empty()
    );
    folder.put("a/Cargo.toml", "again\n");
    let below = dirty_below(&folder, "a");
    assert_eq!(below, paths(&["Cargo.toml"]));
}

fn dirty_below(folder: &Folder, root: &str) -> Vec<Utf8PathBuf> {
    dirty(&folder.root.join(root), &paths(&["Cargo.toml"]))
        .unwrap()
        .dirty
}

#[test]
fn a_renamed_file_is_changed() {
    let folder = Folder::repository(&["old/Cargo.toml"]);
    fs::create_dir(folder.root.join("new")).unwrap();
    git(&folder.root, &["mv", "old/Cargo.toml", "new/Cargo.toml"]);
    assert_eq!(
        folder.state(&["new/Cargo.toml"]).dirty,
        paths(&["new/Cargo.toml"])
    );
    let answer = b"R  new name\0old name\0 M a\0?? b c\0";
    assert_eq!(parse(answer), ["new name", "old name", "a", "b c"]);
    assert!(parse(b"").is_empty());
}

#[test]
fn an_ignored_lockfile_is_nobody_s_change() {
    let folder = Folder::repository(&["Cargo.toml"]);
    folder.put(".gitignore", "Cargo.lock\n");
    folder.put("Cargo.lock", "made by cargo\n");
    let state = folder.state(&["Cargo.toml", "Cargo.lock"]);
    assert_eq!(
        state,
        State {
            vcs: Vcs::Git,
            dirty: vec![],
            outside: vec![]
        }
    );
}

#[test]
fn without_a_repository_there_is_nothing_to_compare() {
    let folder = Folder::new();
    folder.put("Cargo.toml", "x");
    fs::create_dir(folder.root.join(".git")).unwrap();
    let state = folder.state(&["Cargo.toml"]);
    assert_eq!(
        state,
        State {
            vcs: Vcs::None,
            dirty: vec![],
            outside: paths(&["Cargo.toml"])
        }
    );
}

#[test]
fn without_git_nothing_is_compared_and_that_is_said() {
    let folder = Folder::repository(&["Cargo.toml"]);
    folder.put("Cargo.toml", "edited");
    let state = dirty_with(
        OsStr::new("no-such-git"),
        &folder.root,
        &paths(&["Cargo.toml"]),
    )
    .unwrap();
    assert_eq!(
        state,
        State {
            vcs: Vcs::NoGit,
            dirty: vec![],
            outside: vec![]
        }
    );
}

#[test]
fn each_file_is_looked_up_in_its_own_repository() {
    let inner = Folder::repository(&["Cargo.toml"]);
    let folder = Folder::repository(&["Cargo.toml"]);
    git(
        &folder.root,
        &["submodule", "add", "-q", inner.root.as_str(), "sub"],
    );
    git(&folder.root, &["commit", "-q", "-m", "sub"]);
    git(&folder.root, &["worktree", "add", "-q", "tree"]);
    let all = ["Cargo.toml", "sub/Cargo.toml", "tree/Cargo.toml"];
    assert!(folder.state(&all).dirty.is_empty());
    folder.put("sub/Cargo.toml", "edited\n");
    folder.put("tree/Cargo.toml", "edited\n");
    assert_eq!(
        folder.state(&all).dirty,
        paths(&["sub/Cargo.toml", "tree/Cargo.toml"])
    );
}

#[test]
#[cfg(unix)]
fn a_link_is_looked_up_where_it_leads() {
    let other = Folder::repository(&["shared.toml"]);
    let folder = Folder::repository(&["Cargo.toml"]);
    fs::create_dir(folder.root.join("a")).unwrap();
    std::os::unix::fs::symlink(
        other.root.join("shared.toml"),
        folder.root.join("a/Cargo.toml"),
    )
    .unwrap();
    git(&folder.root, &["add", "-A"]);
    git(&folder.root, &["commit", "-q", "-m", "link"]);
    assert!(folder.state(&["a/Cargo.toml"]).dirty.is_empty());
    other.put("shared.toml", "edited\n");
    assert_eq!(
        folder.state(&["a/Cargo.toml"]).dirty,
        paths(&["a/Cargo.toml"])
    );
}

#[test]
fn a_repository_that_git_refuses_is_an_error() {
    let folder = Folder::repository(&["Cargo.toml"]);
    fs::write(folder.root.join(".git/config"), "[broken\n").unwrap();
    let error = dirty(&folder.root, &paths(&["Cargo.toml"])).unwrap_err();
    assert!(matches!(error, CleanError::Git { .. }), "{error}");
    assert!(error.help().unwrap().contains("--allow-dirty"));
}

/// Run by the next test in a process of its own, where the environment speaks of another repository.
#[test]
fn environment_of_another_repository() {
    let Ok(root) = std::env::var("CLEAN_TEST_ROOT") else {
        return;
    };
    let state = dirty(Utf8Path::new(&root), &paths(&["Cargo.toml"])).unwrap();
    assert_eq!(state.dirty, paths(&["Cargo.toml"]));
}

#[test]
fn the_environment_does_not_lead_elsewhere() {
    let other = Folder::repository(&["Cargo.toml"]);
    let folder = Folder::repository(&["Cargo.toml"]);
    folder.put("Cargo.toml", "edited\n");
    let name = "plan::write::clean::tests::environment_of_another_repository";
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name])
        .env("CLEAN_TEST_ROOT", &folder.root)
        .env("GIT_DIR", other.root.join(".git"))
        .env("GIT_WORK_TREE", &other.root)
        .env("GIT_INDEX_FILE", other.root.join(".git/index"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}
