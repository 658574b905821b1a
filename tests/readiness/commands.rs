//! Commands of criteria: run when asked to, and within bounds.

use std::time::{Duration, Instant};

use crate::lab::Lab;
use crate::{Document, aligned, judged};

/// A lab with one criterion of its own, in place of those that would run tools.
fn with(command: &str, more: &str, severity: &str) -> Lab {
    let lab = aligned();
    let policy = format!(
        "[[criterion]]\nid = \"tests-pass\"\ncommand = [\"true\"]\n\n\
         [[criterion]]\nid = \"lock-committed\"\ncommand = [\"true\"]\n\n\
         [[criterion]]\nid = \"spans-arrive\"\ntitle = \"spans arrive\"\ncategory = \"operational\"\n\
         weight = 9\nunmet = \"{severity}\"\nmeasure = \"command\"\ncommand = {command}\n{more}"
    );
    lab.sandbox.write("otel-check.toml", &policy);
    lab
}

fn ran(lab: &Lab) -> Document {
    judged(lab, &["--run", "--trial"])
}

fn run_of<'a>(document: &'a Document, id: &str) -> &'a serde_json::Value {
    let row = document.assessment().criterion(id)["evidence"][0]
        .as_str()
        .unwrap();
    let all = document.json["evidence"].as_array().unwrap().iter();
    let found = all.clone().find(|one| one["id"] == row).unwrap();
    assert_eq!(found["kind"], "command", "{found:#}");
    &found["run"]
}

#[test]
fn not_without_being_asked_to() {
    let lab = with("[\"touch\", \"was-here\"]", "", "blocker");
    let document = judged(&lab, &["--trial"]);
    assert_eq!(document.decision(), "conditional-go");
    assert_eq!(document.assessment().conditions(), ["spans-arrive"]);
    assert_eq!(document.assessment().result("spans-arrive"), "not-measured");
    assert!(!lab.root().join("was-here").exists());
    let document = ran(&lab);
    assert_eq!(
        document.decision(),
        "go",
        "{:#}",
        document.json["assessment"]
    );
    assert!(lab.root().join("was-here").exists());
}

#[test]
fn by_code_and_by_what_is_printed() {
    for (command, more, result) in [
        (
            "[\"sh\", \"-c\", \"echo 3 of 3\"]",
            "prints = \"^3 of 3\"",
            "met",
        ),
        (
            "[\"sh\", \"-c\", \"echo 2 of 3\"]",
            "prints = \"^3 of 3\"",
            "unmet",
        ),
        ("[\"sh\", \"-c\", \"exit 4\"]", "", "unmet"),
        ("[\"sh\", \"-c\", \"exit 4\"]", "code = 4", "met"),
    ] {
        let document = ran(&with(command, more, "condition"));
        assert_eq!(
            document.assessment().result("spans-arrive"),
            result,
            "{command} {more}"
        );
        let decision = match result {
            "met" => "go",
            _ => "conditional-go",
        };
        assert_eq!(document.decision(), decision, "{command} {more}");
    }
}

#[test]
fn one_that_hangs_is_stopped_and_the_rest_goes_on() {
    let lab = with(
        "[\"sh\", \"-c\", \"echo on my way; sleep 600\"]",
        "seconds = 1",
        "blocker",
    );
    let begun = Instant::now();
    let document = ran(&lab);
    assert!(begun.elapsed() < Duration::from_secs(400));
    assert_eq!((document.decision(), document.code), ("no-go", 100));
    assert_eq!(document.assessment().blockers(), ["spans-arrive"]);
    let run = run_of(&document, "spans-arrive");
    assert_eq!(run["ended"]["kind"], "timed-out");
    assert_eq!(run["output"], "on my way\n");
}

#[test]
fn one_that_cannot_be_started() {
    let document = ran(&with("[\"./no-such-program\"]", "", "condition"));
    assert_eq!(document.decision(), "conditional-go");
    let run = run_of(&document, "spans-arrive");
    assert_eq!(run["ended"]["kind"], "not-started");
}

#[test]
fn one_that_prints_megabytes() {
    let lab = with(
        "[\"sh\", \"-c\", \"head -c 3000000 /dev/zero | tr '\\\\0' x; echo end\"]",
        "prints = 'xend\\n$'",
        "condition",
    );
    let document = ran(&lab);
    assert_eq!(
        document.assessment().result("spans-arrive"),
        "met",
        "{}",
        document.assessment().text("spans-arrive")
    );
    let run = run_of(&document, "spans-arrive");
    assert_eq!(run["bytes"], 3_000_004);
    assert_eq!(run["output"].as_str().unwrap().len(), 16 * 1024);
    assert_eq!(run["sha256"].as_str().unwrap().len(), 64);
}

/// What a program prints to take a terminal over does not reach one.
#[test]
fn control_characters_stay_in_the_json() {
    let lab = with(
        "[\"printf\", \"\\\\033[2Jgone\\\\007\"]",
        "code = 1",
        "blocker",
    );
    let document = ran(&lab);
    let output = run_of(&document, "spans-arrive")["output"]
        .as_str()
        .unwrap();
    assert_eq!(output, "\u{1b}[2Jgone\u{7}");
    for format in ["human", "markdown", "html"] {
        let run = crate::ran(&lab, &["--run", "--format", format]);
        assert_eq!(run.code, 100);
        for bad in ['\u{1b}', '\u{7}'] {
            assert!(!run.stdout.contains(bad), "{format}: {bad:?}");
        }
    }
}

/// Of options nothing is known that was run on something else.
#[test]
fn options_are_not_judged_by_it() {
    let lab = crate::family::skewed();
    let policy = "[[criterion]]\nid = \"tests-pass\"\ncommand = [\"true\"]\n";
    lab.sandbox.write("otel-check.toml", policy);
    let document = judged(&lab, &["--run"]);
    assert_eq!(document.assessment().result("tests-pass"), "met");
    assert_eq!(document.option("a").result("tests-pass"), "not-measured");
    // One with nothing to do leaves what they ran on.
    let lab = with("[\"true\"]", "", "condition");
    let document = judged(&lab, &["--run"]);
    for id in ["tests-pass", "spans-arrive"] {
        let row = document.option("a").criterion(id);
        assert_eq!(row, document.assessment().criterion(id));
    }
}

/// What commands leave behind is no part of what was there before.
#[test]
fn files_are_looked_at_before() {
    let made = "[[criterion]]\nid = \"made\"\ntitle = \"it is made\"\ncategory = \"operational\"\n\
                weight = 1\nunmet = \"note\"\nmeasure = \"file\"\nfile = \"made.md\"\n";
    let command = "[\"sh\", \"-c\", \"touch made.md; echo '[[package]]' > Cargo.lock\"]";
    let lab = with(command, made, "note");
    std::fs::remove_file(lab.root().join("Cargo.lock")).unwrap();
    let document = judged(&lab, &["--run"]);
    assert!(lab.root().join("made.md").exists() && lab.root().join("Cargo.lock").exists());
    let now = document.assessment();
    assert_eq!(now.result("spans-arrive"), "met");
    for (id, file) in [("made", "made.md"), ("lock-present", "Cargo.lock")] {
        assert_eq!(now.result(id), "unmet", "{id}");
        assert_eq!(now.text(id), format!("there is no file {file}"));
        let mut inputs = document.json["inputs"].as_array().unwrap().iter();
        let input = inputs.find(|one| one["name"] == file).unwrap();
        assert!(input["sha256"].is_null(), "{input:#}");
    }
}

/// Whether a process with that number is there and not a leftover entry.
#[cfg(target_os = "linux")]
fn lives(number: &str) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{number}/stat")).unwrap_or_default();
    // The state stands behind the name, which is in brackets.
    let state = status
        .rsplit_once(") ")
        .map(|(_, rest)| rest.chars().next());
    state.flatten().is_some_and(|state| state != 'Z')
}

/// Waits until something holds, but not for ever.
#[cfg(target_os = "linux")]
fn comes(what: impl Fn() -> bool) -> bool {
    let mut pauses = (0..6000).map(|_| std::thread::sleep(Duration::from_millis(10)));
    pauses.any(|()| what())
}

/// Not even where the program has no time to stop it.
#[cfg(target_os = "linux")]
#[test]
fn nothing_outlives_the_program() {
    use std::process::Stdio;

    let lab = with(
        "[\"sh\", \"-c\", \"sleep 600 & echo $! > child; mv child number; wait\"]",
        "",
        "blocker",
    );
    let mut command = lab.command(&["readiness", "--run", "--trial"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut program = command.spawn().unwrap();
    let number = lab.root().join("number");
    assert!(comes(|| number.exists()), "the command was not started");
    let number = std::fs::read_to_string(number).unwrap();
    let number = number.trim();
    assert!(lives(number));
    program.kill().unwrap();
    program.wait().unwrap();
    let gone = comes(|| !lives(number));
    if !gone {
        let _ = std::process::Command::new("kill").arg(number).status();
    }
    assert!(gone, "{number} goes on");
}
