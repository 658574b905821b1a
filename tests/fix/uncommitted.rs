//! Changes that are in no commit are not written over.

use std::fs;

use crate::family::skewed;
use crate::lab::Lab;
use crate::{changes_nothing, commit, git, is_clean};

fn committed() -> Lab {
    let lab = skewed();
    commit(lab.root());
    lab
}

fn append(lab: &Lab, path: &str, text: &str) {
    let path = lab.root().join(path);
    let old = fs::read_to_string(&path).unwrap_or_default();
    fs::write(path, old + text).unwrap();
}

/// Refuses because of a file, writes nothing, and goes when allowed to.
fn refuses(lab: &Lab, file: &str) {
    let run = changes_nothing(lab, &["fix"], 101);
    assert!(run.stderr.contains("not committed"), "{}", run.stderr);
    assert!(run.stderr.contains(file), "{}", run.stderr);
    assert!(run.stderr.contains("--allow-dirty"), "{}", run.stderr);
    assert_eq!(run.stdout, "");
    // Looking is allowed.
    changes_nothing(lab, &["fix", "--dry-run"], 0);
    let run = lab.run(&["fix", "--allow-dirty"]);
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
    is_clean(lab);
}

#[test]
fn a_manifest_that_was_edited() {
    let lab = committed();
    append(&lab, "Cargo.toml", "# mine\n");
    refuses(&lab, "Cargo.toml");
    let text = fs::read_to_string(lab.root().join("Cargo.toml")).unwrap();
    assert!(text.ends_with("# mine\n"), "{text}");
}

#[test]
fn a_lock_that_was_edited() {
    let lab = committed();
    append(&lab, "Cargo.lock", "\n");
    refuses(&lab, "Cargo.lock");
}

#[test]
fn what_is_staged_is_not_committed() {
    let lab = committed();
    append(&lab, "Cargo.toml", "# mine\n");
    git(lab.root(), &["add", "Cargo.toml"]);
    refuses(&lab, "Cargo.toml");
}

#[test]
fn a_manifest_that_git_does_not_know() {
    let lab = skewed();
    git(lab.root(), &["init", "--quiet"]);
    refuses(&lab, "Cargo.toml");
}

/// Files that are not written may be in any state.
#[test]
fn other_files_do_not_matter() {
    let lab = committed();
    append(&lab, "src/main.rs", "// mine\n");
    append(&lab, "notes.txt", "mine\n");
    let run = lab.run(&["fix"]);
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
    is_clean(&lab);
}

#[test]
fn without_a_repository_it_says_so() {
    let lab = skewed();
    let folder = tempfile::tempdir().unwrap();
    let root = camino::Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
    if root.ancestors().any(|above| above.join(".git").exists()) {
        crate::skip!("temporary folders are in a repository here");
    }
    crate::support::sandbox::copy(lab.root(), &root);
    let output = lab.command(&["fix"]).current_dir(&root).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(stderr.contains("note: no git repository"), "{stderr}");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("user = \"2\""), "{manifest}");
    // In a repository nothing is said.
    commit(lab.root());
    let run = lab.run(&["fix"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.stderr.contains("note:"), "{}", run.stderr);
}

/// A cargo that takes the plan, and not the files that come of it: they go back to what they were.
#[cfg(unix)]
#[test]
fn what_cargo_refuses_afterwards_is_taken_back() {
    use std::os::unix::fs::PermissionsExt as _;
    let lab = committed();
    let beside = crate::support::sandbox::Sandbox::empty();
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let manifest = lab.root().join("Cargo.toml");
    beside.write(
        "cargo",
        &format!(
            "#!/bin/sh\ncase \"$*\" in\n*--locked*)\n  if grep -q 'user = \"2\"' '{manifest}'; then\n    \
             echo 'error: not with me' >&2\n    exit 101\n  fi;;\nesac\nexec '{cargo}' \"$@\"\n"
        ),
    );
    let script = beside.root().join("cargo");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let before = crate::contents(lab.root());
    let output = lab
        .command(&["fix"])
        .env("CARGO", &script)
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(101), "{stderr}");
    assert!(stderr.contains("not with me"), "{stderr}");
    assert!(stderr.contains("as they were before"), "{stderr}");
    assert!(before == crate::contents(lab.root()));
}
