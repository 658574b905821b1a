//! Several answers at once: each in its place, or none at all.

use std::collections::BTreeSet;

use super::readers::annotations;
use super::{FORMATS, Ready, Run, Sandbox, command, run};

/// A workspace that is answered from its lock, which needs nothing else.
fn quick() -> Sandbox {
    Sandbox::fixture("clean")
}

fn files(sandbox: &Sandbox) -> BTreeSet<String> {
    let entries = sandbox.root().read_dir_utf8().unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().to_owned())
        .collect()
}

fn assert_usage(run: &Run, words: &[&str]) {
    assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
    assert_eq!(run.stdout, "");
    for word in words {
        assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
    }
}

#[test]
fn each_goes_to_its_place() {
    let sandbox = quick();
    let mut arguments = vec!["check", "--format", "human"];
    let wanted: Vec<String> = FORMATS
        .map(|format| format!("{format}=out.{format}"))
        .to_vec();
    for one in &wanted {
        arguments.extend(["--format", one]);
    }
    let all = run(&sandbox, &arguments);
    assert_eq!(all.code, 0, "{}", all.stderr);
    assert!(all.stdout.starts_with("clean: "), "{}", all.stdout);
    for format in FORMATS {
        let alone = run(&sandbox, &["check", "--format", format]);
        let path = sandbox.root().join(format!("out.{format}"));
        assert_eq!(
            std::fs::read_to_string(path).unwrap(),
            alone.stdout,
            "{format}"
        );
    }
    // The file of `--output` is where the one without a file goes.
    let arguments = [
        "check",
        "--format",
        "json=a.json",
        "--format",
        "short",
        "--output",
        "b.txt",
    ];
    let both = run(&sandbox, &arguments);
    assert_eq!((both.code, both.stdout.as_str()), (0, ""));
    assert!(files(&sandbox).is_superset(&["a.json".into(), "b.txt".into()].into()));
}

#[test]
fn other_commands_have_several_too() {
    let Some(ready) = Ready::new("edge-agent") else {
        return;
    };
    let formats = [
        "--format",
        "csv=i.csv",
        "--format",
        "json=i.json",
        "--format",
        "human",
    ];
    let arguments = [&["inventory", "--locked", "--offline"], &formats[..]].concat();
    let run = run(&ready.sandbox, &arguments);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.starts_with("crate ") || run.stdout.starts_with(" crate"),
        "{}",
        run.stdout
    );
    assert!(ready.read("i.csv").starts_with("package,crate,"));
    assert!(ready.read("i.json").starts_with('['));
}

#[test]
fn two_in_one_place_are_refused() {
    let sandbox = quick();
    let before = files(&sandbox);
    let refused = |flags: &[&str], words: &[&str]| {
        assert_usage(&run(&sandbox, &[&["check"], flags].concat()), words);
        assert_eq!(files(&sandbox), before);
    };
    let two = ["--format", "json", "--format", "sarif"];
    refused(
        &two,
        &[
            "two answers on standard output: `json` and `sarif`",
            "sarif=FILE",
        ],
    );
    refused(
        &[&two[..], &["--output", "x"]].concat(),
        &["two answers to x"],
    );
    refused(
        &["--format", "json=x", "--format", "sarif=./x"],
        &["two answers to one file, ./x: `json` and `sarif`"],
    );
    refused(
        &["--format", "json=x", "--format", "sarif=src/../x"],
        &["src/../x"],
    );
    refused(
        &["--format", "json=x", "--format", "csv", "--output", "x"],
        &["`csv`"],
    );
    refused(
        &["--format", "json=x", "--output", "y"],
        &["nothing is left for `--output y`"],
    );
    refused(&["--format", "json="], &["`json=` names no file"]);
}

#[test]
#[cfg(unix)]
fn two_in_one_place_by_way_of_links() {
    let sandbox = quick();
    sandbox.write("real", "old");
    sandbox.write("folder/x", "");
    let link = |to: &str, name: &str| {
        std::os::unix::fs::symlink(to, sandbox.root().join(name)).unwrap();
    };
    link("real", "link");
    link("folder", "other");
    for second in ["csv=link", "csv=./real"] {
        let arguments = ["check", "--format", "json=real", "--format", second];
        assert_usage(&run(&sandbox, &arguments), &["two answers to one file"]);
    }
    let arguments = [
        "check",
        "--format",
        "json=folder/new",
        "--format",
        "csv=other/new",
    ];
    assert_usage(&run(&sandbox, &arguments), &["two answers to one file"]);
    // Standard output by another name, and a file to which it goes.
    let arguments = ["check", "--format", "json", "--format", "csv=/dev/stdout"];
    assert_usage(&run(&sandbox, &arguments), &["two answers to one file"]);
    let file = std::fs::File::create(sandbox.root().join("stdout")).unwrap();
    let mut process = command(
        &sandbox,
        &["check", "--format", "json", "--format", "csv=stdout"],
    );
    let output = process.stdout(file).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    // Nobody reads what goes there.
    let arguments = [
        "check",
        "--format",
        "json=/dev/null",
        "--format",
        "csv=/dev/null",
    ];
    assert_eq!(run(&sandbox, &arguments).code, 0);
    assert_eq!(
        std::fs::read_to_string(sandbox.root().join("real")).unwrap(),
        "old"
    );
}

/// One that cannot be written leaves the others as they were.
#[test]
fn all_or_none() {
    let sandbox = quick();
    sandbox.write("old.json", "old");
    sandbox.write("folder/x", "");
    sandbox.write("locked", "mine");
    let locked = sandbox.root().join("locked");
    let mut permissions = std::fs::metadata(&locked).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&locked, permissions).unwrap();
    let before = files(&sandbox);
    let cases = [
        ("sarif=no/x", "there is no folder no"),
        ("sarif=folder", "it is a folder"),
        ("sarif=locked", "it is read-only"),
    ];
    for (wanted, word) in cases {
        let arguments = [
            "check",
            "--format",
            "json=old.json",
            "--format",
            wanted,
            "--format",
            "human",
        ];
        let run = run(&sandbox, &arguments);
        assert_eq!((run.code, run.stdout.as_str()), (101, ""), "{}", run.stderr);
        assert!(run.stderr.contains(word), "{}", run.stderr);
        assert!(run.stderr.contains("--format NAME=FILE"), "{}", run.stderr);
        assert_eq!(files(&sandbox), before);
    }
    assert_eq!(
        std::fs::read_to_string(sandbox.root().join("old.json")).unwrap(),
        "old"
    );
    assert_eq!(std::fs::read_to_string(locked).unwrap(), "mine");
}

/// A full device takes nothing, and so nothing else is written either.
#[test]
#[cfg(target_os = "linux")]
fn a_full_device_leaves_the_files() {
    let sandbox = quick();
    let before = files(&sandbox);
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut process = command(
        &sandbox,
        &["check", "--format", "json=a.json", "--format", "human"],
    );
    let output = process.stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(101));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write standard output"));
    assert_eq!(files(&sandbox), before);
}

/// A reader that went away wanted no more; the files were asked for all the same.
#[test]
fn a_closed_pipe_is_no_error() {
    let sandbox = quick();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut process = command(
        &sandbox,
        &["check", "--format", "sarif=a.sarif", "--format", "json"],
    );
    let output = process.stdout(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    let text = std::fs::read_to_string(sandbox.root().join("a.sarif")).unwrap();
    super::sarif::validated(&text);
}

/// The summary of a job is written where the runner wants it, behind what stands there, and by the
/// format for it alone.
#[test]
fn job_summary() {
    let Some(ready) = Ready::new("edge-agent") else {
        return;
    };
    ready.sandbox.write("summary.md", "before\n");
    let path = ready.sandbox.root().join("summary.md");
    let run = |format: &str, summary: &str| {
        let mut process = ready.command(&["--format", format]);
        process
            .env("GITHUB_STEP_SUMMARY", summary)
            .output()
            .unwrap()
    };
    for format in ["human", "markdown", "sarif"] {
        run(format, path.as_str());
        assert_eq!(ready.read("summary.md"), "before\n");
    }
    let output = run("github", "");
    assert_eq!(output.status.code(), Some(100));
    let output = run("github", path.as_str());
    annotations(&String::from_utf8(output.stdout).unwrap());
    let summary = ready.read("summary.md");
    let markdown = ready.run(&["--format", "markdown"]).stdout;
    assert_eq!(summary, format!("before\n{markdown}"));
    let output = run(
        "github",
        ready.sandbox.root().join("no/summary.md").as_str(),
    );
    assert_eq!(output.status.code(), Some(101));
}
