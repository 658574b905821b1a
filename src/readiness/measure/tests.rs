use camino::Utf8Path;

use super::*;
use crate::readiness::criteria::unchanged;
use crate::readiness::model::Ended;

fn told(answer: &Answer) -> &str {
    match &answer.result {
        Measured::Met { text } | Measured::Unmet { text, .. } => text,
        Measured::NotMeasured { because, .. } => because,
    }
}

/// Judges files and commands of a folder.
fn asked(root: &Utf8Path, criterion: &Criterion, runs: Option<&BTreeMap<String, Run>>) -> Answer {
    let settings = Settings {
        criteria: vec![criterion.clone()],
        ..Settings::default()
    };
    let files = look(&settings, root);
    let plan = testing::plan();
    let today: Date = "2026-11-21".parse().unwrap();
    let rests = |_: EvidenceKind| vec!["i1".to_owned()];
    let ground = Ground {
        settings: &settings,
        exceptions: Exceptions {
            policy: None,
            today,
        },
        today,
        files: &files,
        target: None,
        plan: &plan,
        flags: "",
        spec_flags: "",
        aim: "",
        compile_command: "",
        rests: &rests,
        runs,
        specified: &[],
        rehearsed: None,
    };
    let report = testing::report(Vec::new(), Basis::Graph);
    let state = State {
        option: None,
        target: None,
        report: &report,
        deferred: None,
        compiled: None,
        texts: BTreeMap::from([("changed.md".to_owned(), "new text".to_owned())]),
    };
    answer(criterion, &ground, &state)
}

fn criterion(measure: Measure) -> Criterion {
    Criterion {
        id: "one".into(),
        measure,
        ..unchanged().criteria.remove(0)
    }
}

fn file(path: &str, matches: Option<&str>) -> Criterion {
    criterion(Measure::File {
        path: path.into(),
        matches: matches.map(str::to_owned),
    })
}

#[test]
fn files() {
    let folder = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(folder.path()).unwrap();
    std::fs::write(root.join("a.md"), "one\ntwo\n").unwrap();
    std::fs::write(root.join("changed.md"), "old text").unwrap();
    std::fs::write(root.join("bytes"), b"\xff\xfe ok").unwrap();
    std::fs::create_dir(root.join("folder")).unwrap();
    for (path, matches, met) in [
        ("a.md", None, true),
        ("a.md", Some("(?m)^two$"), true),
        ("a.md", Some("^two$"), false),
        ("changed.md", Some("new"), true),
        ("changed.md", Some("old"), false),
        ("bytes", Some("ok"), true),
        ("folder", None, false),
        ("none.md", None, false),
        ("a.md/none.md", None, false),
    ] {
        let answer = asked(root, &file(path, matches), None);
        let is_met = matches!(answer.result, Measured::Met { .. });
        assert_eq!(is_met, met, "{path} {matches:?}: {}", told(&answer));
        assert!(!answer.saw.is_empty());
        assert!(!told(&answer).contains(root.as_str()), "{}", told(&answer));
    }
}

/// A pipe would make its reader wait for ever.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(folder.path()).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(root.join("pipe"))
        .status();
    assert!(made.unwrap().success());
    let answer = asked(root, &file("pipe", None), None);
    assert_eq!(
        told(&answer),
        "there is no file pipe: what is there is no file"
    );
}

/// What cannot be looked at may be there.
#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_not_measured() {
    let folder = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(folder.path()).unwrap();
    std::os::unix::fs::symlink("loop.md", root.join("loop.md")).unwrap();
    let answer = asked(root, &file("loop.md", None), None);
    let is_measured = !matches!(answer.result, Measured::NotMeasured { .. });
    assert!(!is_measured, "{}", told(&answer));
    assert!(told(&answer).starts_with("loop.md cannot be read: "));
}

#[test]
fn commands_by_how_they_ended() {
    let run = |ended| Run {
        ended,
        output: "3 of 3\n".into(),
        bytes: 7,
        sha256: "0".repeat(64),
    };
    let command = criterion(Measure::Command {
        words: vec!["smoke test".into(), "-x".into()],
        code: 0,
        seconds: 9,
        prints: Some("^3 of".into()),
    });
    let root = Utf8Path::new("/");
    for (ended, expected) in [
        (
            Ended::Exit { code: 0 },
            "`'smoke test' -x` ended with 0, and its output matches `^3 of`",
        ),
        (
            Ended::Exit { code: 2 },
            "`'smoke test' -x` ended with 2, expected was 0",
        ),
        (
            Ended::Signal { signal: 11 },
            "signal 11 ended `'smoke test' -x`",
        ),
        (
            Ended::TimedOut { seconds: 9 },
            "`'smoke test' -x` took longer than 9 s, and was stopped",
        ),
        (
            Ended::NotStarted {
                because: "no".into(),
            },
            "`'smoke test' -x` could not be run: no",
        ),
    ] {
        let runs = BTreeMap::from([("one".to_owned(), run(ended.clone()))]);
        let answer = asked(root, &command, Some(&runs));
        assert_eq!(told(&answer), expected);
        let is_met = matches!(answer.result, Measured::Met { .. });
        assert_eq!(is_met, ended == Ended::Exit { code: 0 });
        assert_eq!(answer.saw[0].run.as_ref().unwrap().ended, ended);
    }
    let answer = asked(root, &command, None);
    assert!(matches!(answer.result, Measured::NotMeasured { .. }));
}
