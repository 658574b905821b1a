//! `--output DIR`.

use std::fs;

use crate::assert_failure;
use crate::story::story;
use crate::support::disk::state;

#[test]
fn one_file_a_package() {
    let lab = story("edge-agent");
    let run = lab.run(&["spec", "--output", "specs/new"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let expected = format!(
        "wrote specs{0}new{0}uplink-1.4.0.md\n",
        std::path::MAIN_SEPARATOR
    );
    assert_eq!(run.stdout, expected);
    let path = lab.root().join("specs/new/uplink-1.4.0.md");
    let text = fs::read_to_string(&path).unwrap();
    let printed = lab.run(&["spec"]).stdout;
    assert!(text.starts_with(printed.trim_end()), "{text}");
    // Its own files are written anew, and nothing else is left there.
    fs::write(&path, text.replace("uplink", "other")).unwrap();
    assert_eq!(lab.run(&["spec", "--output", "specs/new"]).code, 0);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    let run = lab.run(&["spec", "--output", "specs/new", "--format", "json"]);
    assert!(run.stdout.contains("uplink-1.4.0.json"), "{}", run.stdout);
    let json = fs::read_to_string(lab.root().join("specs/new/uplink-1.4.0.json")).unwrap();
    assert_eq!(crate::fitting(&json).len(), 1);
    // A page is known again as well.
    for _ in 0..2 {
        let run = lab.run(&["spec", "--output", "specs/new", "--format", "html"]);
        assert!(run.stdout.contains("uplink-1.4.0.html"), "{}", run.stderr);
    }
    let page = fs::read_to_string(lab.root().join("specs/new/uplink-1.4.0.html")).unwrap();
    let printed = lab.run(&["spec", "--format", "html"]).stdout;
    assert!(page.starts_with(printed.trim_end()), "{page}");
    assert!(printed.starts_with("<!DOCTYPE html>"), "{printed}");
    let left = fs::read_dir(lab.root().join("specs/new")).unwrap().count();
    assert_eq!(left, 3);
}

#[test]
fn what_is_somebody_elses_is_left() {
    let lab = story("edge-agent");
    lab.sandbox.write("specs/uplink-1.4.0.md", "# mine\n");
    lab.sandbox.write("specs/uplink-1.4.0.json", "{}\n");
    lab.sandbox
        .write("specs/uplink-1.4.0.html", "<p>mine</p>\n");
    let before = state(lab.root());
    for format in ["markdown", "json", "html"] {
        let run = lab.run(&["spec", "--output", "specs", "--format", format]);
        assert_failure(&run, 101, &["was not written by this command"]);
        assert_eq!(state(lab.root()), before);
    }
}

#[test]
fn a_file_is_no_folder() {
    let lab = story("edge-agent");
    lab.sandbox.write("specs", "mine\n");
    let run = lab.run(&["spec", "--output", "specs"]);
    assert_failure(&run, 101, &["cannot write specs"]);
    assert_eq!(
        fs::read_to_string(lab.root().join("specs")).unwrap(),
        "mine\n"
    );
}

#[cfg(unix)]
#[test]
fn links_are_not_written_through() {
    let lab = story("edge-agent");
    lab.sandbox.write("outside.md", "mine\n");
    fs::create_dir(lab.root().join("specs")).unwrap();
    for to in ["../outside.md", "../not-there.md", "/dev/null"] {
        let link = lab.root().join("specs/uplink-1.4.0.md");
        std::os::unix::fs::symlink(to, &link).unwrap();
        let run = lab.run(&["spec", "--output", "specs"]);
        assert_failure(&run, 101, &["is a link"]);
        assert!(link.is_symlink());
        fs::remove_file(link).unwrap();
    }
    assert!(!lab.root().join("not-there.md").exists());
    let text = fs::read_to_string(lab.root().join("outside.md")).unwrap();
    assert_eq!(text, "mine\n");
}

#[test]
fn nothing_to_write_writes_nothing() {
    let lab = story("edge-agent");
    let run = lab.run(&[
        "spec",
        "uplink",
        "--target-line",
        "0.21",
        "--output",
        "specs",
    ]);
    assert_eq!((run.code, &*run.stdout), (0, "nothing has to change\n"));
    assert!(!lab.root().join("specs").exists());
}
