#![cfg(unix)]

use std::time::Instant;

use super::*;
use crate::readiness::ledger::digest;

fn sh(script: &str, seconds: u64) -> Run {
    let words = ["sh", "-c", script].map(str::to_owned);
    run(&words, Utf8Path::new("/"), seconds)
}

/// Runs, and says how long it took.
fn timed(script: &str, seconds: u64) -> (Run, Duration) {
    let begun = Instant::now();
    (sh(script, seconds), begun.elapsed())
}

#[test]
fn what_it_prints_on_either_stream_in_its_order() {
    let run = sh("echo one; echo two >&2; echo three; exit 7", 60);
    assert_eq!(run.ended, Ended::Exit { code: 7 });
    assert_eq!(run.output, "one\ntwo\nthree\n");
    assert_eq!(run.bytes, 14);
    assert_eq!(run.sha256, digest(b"one\ntwo\nthree\n"));
}

#[test]
fn words_are_taken_as_they_are() {
    let words = ["printf", "%s.", "$HOME; *", "a b"].map(str::to_owned);
    let run = run(&words, Utf8Path::new("/"), 60);
    assert_eq!(run.output, "$HOME; *.a b.");
}

#[test]
fn in_the_folder_and_with_nothing_to_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = Utf8Path::from_path(folder.path()).unwrap();
    let folder = folder.canonicalize_utf8().unwrap();
    let words = ["sh", "-c", "cat; pwd -P"].map(str::to_owned);
    let run = run(&words, &folder, 60);
    assert_eq!(run.output, format!("{folder}\n"));
    assert_eq!(run.ended, Ended::Exit { code: 0 });
}

#[test]
fn one_that_cannot_be_started() {
    let words = ["/no/such/program".to_owned()];
    let run = run(&words, Utf8Path::new("/"), 60);
    assert!(matches!(run.ended, Ended::NotStarted { .. }), "{run:?}");
    assert_eq!((run.output.as_str(), run.bytes), ("", 0));
    assert_eq!(run.sha256, digest(b""));
    let nowhere = super::run(&["true".to_owned()], Utf8Path::new("/no/such/folder"), 60);
    assert!(matches!(nowhere.ended, Ended::NotStarted { .. }));
    let nothing = super::run(&[], Utf8Path::new("/"), 60);
    assert!(matches!(nothing.ended, Ended::NotStarted { .. }));
}

#[test]
fn one_that_hangs() {
    let (run, took) = timed("echo begun; sleep 600", 1);
    assert_eq!(run.ended, Ended::TimedOut { seconds: 1 });
    assert_eq!(run.output, "begun\n");
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn one_that_does_not_want_to_be_stopped() {
    let (run, took) = timed("trap '' TERM INT HUP; while :; do sleep 1; done", 1);
    assert_eq!(run.ended, Ended::TimedOut { seconds: 1 });
    assert!(took < Duration::from_secs(10), "{took:?}");
}

/// Whether a process with that number is there and not a leftover entry.
fn lives(number: &str) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{number}/stat")).unwrap_or_default();
    // The state stands behind the name, which is in brackets.
    let state = status
        .rsplit_once(") ")
        .map(|(_, rest)| rest.chars().next());
    state.flatten().is_some_and(|state| state != 'Z')
}

/// Whether it is gone soon: what is stopped is not so at once.
fn dies(number: &str) -> bool {
    let mut pauses = (0..200).map(|_| std::thread::sleep(Duration::from_millis(10)));
    pauses.any(|()| !lives(number))
}

#[test]
fn children_are_stopped_with_it() {
    let (run, took) = timed("sleep 600 & echo $!; wait", 1);
    assert_eq!(run.ended, Ended::TimedOut { seconds: 1 });
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(dies(run.output.trim()), "{run:?}");
}

/// It ends, and what it leaves behind has the pipe.
#[test]
fn children_that_keep_the_pipe_open() {
    let (run, took) = timed("sleep 600 & echo $!; exit 3", 60);
    assert_eq!(run.ended, Ended::Exit { code: 3 });
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(dies(run.output.trim()), "{run:?}");
}

/// One that left the group cannot be stopped; nobody waits for it all the same.
#[test]
fn children_that_have_left_the_group() {
    let has_setsid = Command::new("setsid").arg("true").status();
    if !has_setsid.is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no setsid here");
        return;
    }
    let (run, took) = timed("setsid sleep 20 & echo done", 60);
    assert_eq!(run.ended, Ended::Exit { code: 0 });
    assert_eq!(run.output, "done\n");
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn megabytes_are_counted_and_their_end_is_kept() {
    let script = "head -c 5000000 /dev/zero | tr '\\0' 'x'; head -c 3000000 /dev/zero | tr '\\0' 'y' >&2; printf end";
    let run = sh(script, 60);
    assert_eq!(run.ended, Ended::Exit { code: 0 });
    assert_eq!(run.bytes, 8_000_003);
    assert_eq!(run.output.len(), KEPT_BYTES);
    assert!(run.output.ends_with("yyyend"));
    let mut all = vec![b'x'; 5_000_000];
    all.extend(vec![b'y'; 3_000_000]);
    all.extend(b"end");
    assert_eq!(run.sha256, digest(&all));
}

#[test]
fn one_that_prints_without_end() {
    let (run, took) = timed("yes", 1);
    assert_eq!(run.ended, Ended::TimedOut { seconds: 1 });
    assert!(run.output.len() <= KEPT_BYTES);
    assert!(run.bytes > 1_000_000, "{}", run.bytes);
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn bytes_that_are_no_text() {
    let run = sh("head -c 40000 /dev/zero | tr '\\0' '\\377'", 60);
    assert_eq!(run.bytes, 40_000);
    assert!(run.output.len() <= KEPT_BYTES && !run.output.is_empty());
    assert!(run.output.chars().all(|c| c == '\u{fffd}'));
}

#[test]
fn a_cut_leaves_no_half_character() {
    let whole = "ü".repeat(KEPT_BYTES);
    let mut gathered = Gathered::default();
    gathered.add(b"x");
    gathered.add(whole.as_bytes());
    gathered.add(b"y");
    let run = gathered.end(Ended::Exit { code: 0 });
    assert!(
        run.output.starts_with('ü'),
        "{:?}",
        run.output.chars().next()
    );
    assert!(run.output.ends_with("üy"));
    assert!(run.output.len() <= KEPT_BYTES);
}

#[test]
fn one_that_a_signal_ends() {
    let run = sh("kill -11 $$", 60);
    assert_eq!(run.ended, Ended::Signal { signal: 11 });
}
