//! Places to which an answer cannot go, and readers that went away.

use std::process::Stdio;

use crate::{assert_failure, binary, files, package, refused, run};

#[test]
fn no_such_folder() {
    let sandbox = package();
    sandbox.write(
        "Cargo.lock",
        "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"0.1.0\"\n",
    );
    let words = ["cannot write no/report.txt", "--output"];
    refused(&sandbox, &["--output", "no/report.txt"], &words);
    sandbox.write("folder/x", "");
    refused(
        &sandbox,
        &["--output", "folder"],
        &["cannot write folder", "it is a folder"],
    );
    refused(
        &sandbox,
        &["--output", "folder/.."],
        &["cannot write folder/.."],
    );
    refused(
        &sandbox,
        &["--output", "Cargo.toml/x"],
        &["cannot write Cargo.toml/x"],
    );
}

/// A folder in which nobody can write, not even the superuser.
#[test]
#[cfg(target_os = "linux")]
fn unwritable_folder() {
    let sandbox = package();
    let run = run(
        sandbox.root(),
        &["explain", "no-sdk", "--output", "/proc/self/net/report"],
    );
    assert_failure(&run, 101, &["cannot write /proc/self/net/report"]);
}

#[test]
fn the_old_answer_is_replaced_whole() {
    let sandbox = package();
    sandbox.write("report.md", &"x".repeat(100_000));
    let run = run(
        sandbox.root(),
        &["explain", "no-sdk", "--output", "report.md"],
    );
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    let text = std::fs::read_to_string(sandbox.root().join("report.md")).unwrap();
    assert!(text.contains("no-sdk") && !text.contains("xxx"), "{text}");
    let left = files(sandbox.root()).into_keys();
    let left: Vec<_> = left
        .filter(|path| path.as_str().ends_with(".tmp"))
        .collect();
    assert_eq!(left, [""; 0]);
}

/// A link stays a link, and a device stays a device.
#[test]
#[cfg(unix)]
fn links_and_devices_stay() {
    let sandbox = package();
    sandbox.write("real.md", "old");
    let link = sandbox.root().join("link.md");
    std::os::unix::fs::symlink("real.md", &link).unwrap();
    let answer = run(
        sandbox.root(),
        &["explain", "no-sdk", "--output", "link.md"],
    );
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    assert!(link.is_symlink());
    let text = std::fs::read_to_string(sandbox.root().join("real.md")).unwrap();
    assert!(text.contains("no-sdk"));
    let answer = run(
        sandbox.root(),
        &["explain", "no-sdk", "--output", "/dev/stdout"],
    );
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    assert!(answer.stdout.contains("no-sdk"));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_device_is_an_error() {
    let sandbox = package();
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut command = binary(sandbox.root(), &["explain", "no-sdk"]);
    let output = command
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(101));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("cannot write standard output"), "{stderr}");
}

/// The reader closed its end before a byte came.
#[test]
fn closed_pipe() {
    let sandbox = package();
    let commands: [&[&str]; 4] = [
        &["check", "--offline", "--full"],
        &["check", "--offline", "--format", "json"],
        &["inventory", "--offline"],
        &["explain", "lost-telemetry"],
    ];
    for arguments in commands {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = binary(sandbox.root(), arguments);
        let child = command
            .stdout(writer)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(command);
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {stderr}");
        assert_eq!(stderr, "", "{arguments:?}");
    }
}
