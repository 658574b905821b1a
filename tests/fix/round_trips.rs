//! There and back: what `--dry-run` shows is what is written, and its reverse takes it back.

use crate::family::{File, INSTALL, file, lab, live, manifest, pipeline, skewed, user};
use crate::lab::Lab;
use crate::support::sandbox::Sandbox;
use crate::{changes_nothing, commit, contents, git, is_clean};

/// Writes what is shown, compares, and takes it back.
fn there_and_back(lab: &Lab, options: &[&str]) {
    commit(lab.root());
    let old = contents(lab.root());
    let shown = changes_nothing(lab, &[&["fix", "--dry-run"], options].concat(), 0);
    let beside = Sandbox::empty();
    beside.write("fix.diff", &shown.stdout);
    let diff = beside.root().join("fix.diff");

    let run = lab.run(&[&["fix"], options].concat());
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
    let new = contents(lab.root());
    assert!(old != new);
    assert!(!lab.root().join(".otel-check-fix").exists());
    is_clean(lab);
    assert!(new == contents(lab.root()));

    git(
        lab.root(),
        &["apply", "-R", "--whitespace=nowarn", diff.as_str()],
    );
    assert!(
        old == contents(lab.root()),
        "not as it was\n{}",
        shown.stdout
    );
    // What is shown is all that is written.
    git(lab.root(), &["apply", "--whitespace=nowarn", diff.as_str()]);
    assert!(
        new == contents(lab.root()),
        "another change\n{}",
        shown.stdout
    );
}

#[test]
fn one_edit() {
    there_and_back(&skewed(), &[]);
}

/// Manifests of several members, in all the manners of writing one.
#[test]
fn many_edits() {
    let shared = format!(
        "# all of us\n[workspace]\nresolver = \"2\"\nmembers = [ \"a\",\n  \"b\" ]\n\n\
         [workspace.dependencies] # shared\n{}user = {{ version = '1',   features = [] }}\n",
        pipeline("0.33")
    );
    let common = "opentelemetry.workspace = true\nopentelemetry_sdk.workspace = true\n\
                  opentelemetry-stdout = { workspace = true }\n";
    let a = format!(
        "\n[dependencies]\n{common}user.workspace = true\n\n\
         [target.'cfg(unix)'.dependencies.their]\npackage = \"reader\" # renamed\nversion = \"1.0.0\"\n"
    );
    let b = format!(
        "\n[dependencies]\n{common}reader.version = \"=1.0.0\"\nreader.optional = true\n\n\
         [features]\ndefault = [\"reader\"]\n\n[dev-dependencies]\nuser = {{ workspace = true }}\n"
    );
    let main = |more: &str| format!("fn main() {{ {INSTALL} {more} }}\n");
    let files: Vec<File> = vec![
        file("Cargo.toml", &shared),
        file("a/Cargo.toml", &manifest("a", &a)),
        file("a/src/main.rs", &main("user::send(); their::send();")),
        file("b/Cargo.toml", &manifest("b", &b).replace('\n', "\r\n")),
        file("b/src/main.rs", &main("reader::send();")),
        file("b/tests/t.rs", "#[test] fn t() { user::send() }\n"),
    ];
    let lab = lab(
        &files,
        vec![
            user("reader", "1.0.0", "^0.32"),
            user("reader", "2.0.0", "^0.33"),
        ],
    );
    lab.cargo(&["generate-lockfile"]);
    there_and_back(&lab, &[]);
    let text = |path: &str| std::fs::read_to_string(lab.root().join(path)).unwrap();
    let whole = |old: &str| old.replace("'1'", "'2'").replace("\"1.0.0\"", "\"2.0.0\"");
    assert_eq!(text("Cargo.toml"), whole(&shared));
    assert_eq!(text("a/Cargo.toml"), whole(&manifest("a", &a)));
    let b = manifest("b", &b).replace("\"=1.0.0\"", "\"=2.0.0\"");
    assert_eq!(text("b/Cargo.toml"), b.replace('\n', "\r\n"));
}

/// A file without a newline at its end.
#[test]
fn the_last_line() {
    let mut files = live("", "user::send();");
    files[0].1 = format!(
        "[workspace]\n{}",
        files[0]
            .1
            .replace("[workspace]\nresolver = \"2\"\n", "")
            .trim_end()
    );
    files[0].1.push_str("\nuser = \"1\"");
    let lab = lab(&files, Vec::new());
    lab.cargo(&["generate-lockfile"]);
    there_and_back(&lab, &[]);
    let text = std::fs::read_to_string(lab.root().join("Cargo.toml")).unwrap();
    assert!(text.ends_with("\nuser = \"2\""), "{text:?}");
}

#[test]
fn the_lock_alone() {
    let lab = lab(
        &live("floating = \"1\"\n", "floating::send();"),
        vec![
            user("floating", "1.0.0", "^0.32"),
            user("floating", "1.1.0", "^0.33"),
        ],
    );
    lab.cargo(&["update", "-p", "floating", "--precise", "1.0.0"]);
    let old = std::fs::read_to_string(lab.root().join("Cargo.toml")).unwrap();
    there_and_back(&lab, &[]);
    let new = std::fs::read_to_string(lab.root().join("Cargo.toml")).unwrap();
    assert_eq!(old, new);
}

/// A line of the user's choice, with every requirement moved.
#[test]
fn another_line() {
    there_and_back(&skewed(), &["--target-line", "0.32"]);
}

/// Where there was no lock, one is written, and the reverse takes it away.
#[test]
fn a_new_lock() {
    let lab = lab(&live("user = \"1\"\n", "user::send();"), Vec::new());
    there_and_back(&lab, &[]);
}

#[test]
fn the_second_time_nothing_is_left_to_do() {
    let lab = skewed();
    let run = lab.run(&["fix"]);
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("Cargo.toml"), "{}", run.stdout);
    for arguments in [
        &["fix"][..],
        &["fix", "--dry-run"],
        &["fix", "--only", "user"],
    ] {
        let run = changes_nothing(&lab, arguments, 0);
        assert!(run.stdout.starts_with("nothing to do"), "{}", run.stdout);
    }
}

/// From a member's folder, and by the path of a manifest.
#[test]
fn from_elsewhere() {
    let lab = skewed();
    let manifest = lab.root().join("Cargo.toml");
    let beside = Sandbox::empty();
    let mut command = lab.command(&["fix", "--manifest-path", manifest.as_str()]);
    let config = lab.root().join(".cargo/config.toml");
    beside.write(
        ".cargo/config.toml",
        &std::fs::read_to_string(config).unwrap(),
    );
    let output = command.current_dir(beside.root()).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    is_clean(&lab);
    assert!(!beside.root().join("Cargo.toml").exists());
}
