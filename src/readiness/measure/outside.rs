//! What neither `check` nor `plan` knows: commands, files, and people's words.

use std::collections::BTreeMap;
use std::io::ErrorKind;

use camino::Utf8Path;

use crate::plan::model::Outcome;
use crate::readiness::criteria::regex;
use crate::readiness::ledger::digest;
use crate::readiness::model::{ATTESTED, Ended, EvidenceKind, InputKind, Run};
use crate::readiness::settings::{Attestation, Measure, Settings};
use crate::skew::findings::code_of;
use crate::workspace::run::quoted;

use super::{Answer, Ground, Saw, State};

/// A larger file is none that a person has written.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// A file that a criterion names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looked {
    Text {
        text: String,
        /// SHA-256 of its bytes.
        digest: String,
    },
    /// There is none; why, where something else is there.
    Absent { because: String },
    /// Nobody knows what it says.
    Unread { because: String },
}

/// Looks at every file that a criterion names, by its path below the root.
pub fn look(settings: &Settings, root: &Utf8Path) -> BTreeMap<String, Looked> {
    let paths = settings.criteria.iter();
    let paths = paths.filter_map(|criterion| match &criterion.measure {
        Measure::File { path, .. } => Some(path),
        _ => None,
    });
    paths
        .map(|path| (path.clone(), looked(root, path)))
        .collect()
}

fn looked(root: &Utf8Path, path: &str) -> Looked {
    let full = root.join(path);
    let unread = |because: String| Looked::Unread { because };
    let absent = |because: &str| Looked::Absent {
        because: because.to_owned(),
    };
    // Nothing that makes a reader wait: a pipe, a device.
    let length = match std::fs::metadata(&full) {
        Ok(data) if data.is_file() => data.len(),
        Ok(_) => return absent(": what is there is no file"),
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => return absent(""),
            _ => return unread(format!("{path} cannot be read: {error}")),
        },
    };
    if length > MOST_BYTES {
        return unread(format!("{path} is larger than {} MiB", MOST_BYTES >> 20));
    }
    match std::fs::read(&full) {
        Ok(bytes) => Looked::Text {
            digest: digest(&bytes),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        },
        Err(error) => unread(format!("{path} cannot be read: {error}")),
    }
}

/// What a command is to do.
pub(super) struct Wanted<'a> {
    pub words: &'a [String],
    pub code: i32,
    pub prints: Option<&'a str>,
}

/// A command's words as a shell takes them.
fn shown(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    words.join(" ")
}

pub(super) fn command(
    ground: &Ground<'_>,
    state: &State<'_>,
    id: &str,
    wanted: &Wanted<'_>,
) -> Answer {
    let command = shown(wanted.words);
    let Some(run) = ground.runs.and_then(|runs| runs.get(id)) else {
        return Answer::not_measured(
            format!("`{command}` was not run"),
            &["`--run` runs the commands of criteria"],
        );
    };
    if is_changed(ground, state) {
        return Answer::not_measured(
            format!(
                "`{command}` was run on the workspace as it stands, not on what this option leaves"
            ),
            &["carry the option out, and run it again"],
        );
    }
    let (text, ended_so) = how(&command, run, wanted);
    let saw = Saw {
        run: Some(run.clone()),
        input: Some((InputKind::Command, command.clone(), None)),
        ..Saw::new(EvidenceKind::Command, text.clone()).by(command.clone())
    };
    if !ended_so {
        return Answer::unmet(text, Vec::new(), vec![saw]);
    }
    match wanted.prints {
        // The reader has seen to it that it is one.
        Some(expression) if !regex(expression).is_ok_and(|one| one.is_match(&run.output)) => {
            let text = format!("{text}, and the end of its output does not match `{expression}`");
            Answer::unmet(text, Vec::new(), vec![saw])
        }
        Some(expression) => Answer::met(
            format!("{text}, and its output matches `{expression}`"),
            saw,
        ),
        None => Answer::met(text, saw),
    }
}

/// Whether a state is another one than that on which commands were run.
fn is_changed(ground: &Ground<'_>, state: &State<'_>) -> bool {
    let option = state.option.map(|id| super::plan::option(ground, id));
    option.is_some_and(|one| one.is_none_or(|one| one.outcome != Outcome::NothingToDo))
}

/// How it ended, and whether it was to end so.
fn how(command: &str, run: &Run, wanted: &Wanted<'_>) -> (String, bool) {
    match &run.ended {
        Ended::Exit { code } if *code == wanted.code => {
            (format!("`{command}` ended with {code}"), true)
        }
        Ended::Exit { code } => (
            format!(
                "`{command}` ended with {code}, expected was {}",
                wanted.code
            ),
            false,
        ),
        Ended::Signal { signal } => (format!("signal {signal} ended `{command}`"), false),
        Ended::TimedOut { seconds } => (
            format!("`{command}` took longer than {seconds} s, and was stopped"),
            false,
        ),
        Ended::NotStarted { because } => {
            (format!("`{command}` could not be run: {because}"), false)
        }
    }
}

pub(super) fn file(
    ground: &Ground<'_>,
    state: &State<'_>,
    path: &str,
    matches: Option<&str>,
) -> Answer {
    let place = state.place();
    if let Some(text) = state.texts.get(path) {
        let saw = |told: String| Saw::new(state.kind(), told);
        return found(&place, path, text, matches, saw);
    }
    let saw = |told: String, digest: Option<String>| Saw {
        input: Some((InputKind::File, path.to_owned(), digest)),
        ..Saw::new(EvidenceKind::File, told)
    };
    match ground.files.get(path) {
        Some(Looked::Text { text, digest }) => found(&place, path, text, matches, |told| {
            saw(told, Some(digest.clone()))
        }),
        Some(Looked::Absent { because }) => {
            let text = format!("{place}there is no file {path}{because}");
            let saw = saw(text.clone(), None);
            Answer::unmet(text, Vec::new(), vec![saw])
        }
        Some(Looked::Unread { because }) => Answer::not_measured(because.clone(), &[]),
        None => Answer::not_measured(format!("{path} was not looked at"), &[]),
    }
}

/// What a file's text says.
fn found(
    place: &str,
    path: &str,
    text: &str,
    matches: Option<&str>,
    saw: impl Fn(String) -> Saw,
) -> Answer {
    let Some(expression) = matches else {
        let told = format!("{place}there is a file {path}");
        return Answer::met(told.clone(), saw(told));
    };
    if regex(expression).is_ok_and(|one| one.is_match(text)) {
        let told = format!("{place}{path} matches `{expression}`");
        Answer::met(told.clone(), saw(told))
    } else {
        let told = format!("{place}nothing in {path} matches `{expression}`");
        Answer::unmet(told.clone(), Vec::new(), vec![saw(told)])
    }
}

pub(super) fn attested(ground: &Ground<'_>, given: &[&Attestation], help: &[String]) -> Answer {
    let help: Vec<&str> = help.iter().map(String::as_str).collect();
    let holds = |one: &&&Attestation| one.until.is_none_or(|until| until >= ground.today);
    let standing: Vec<&&Attestation> = given.iter().filter(holds).collect();
    if standing.is_empty() {
        let because = match given
            .iter()
            .filter_map(|one| Some((one.until?, one)))
            .max_by_key(|(until, _)| *until)
        {
            Some((until, last)) => format!("the word of {} counted until {until}", last.name),
            None => "nobody has given a word on it".to_owned(),
        };
        return Answer::not_measured(because, &help);
    }
    let told: Vec<String> = standing
        .iter()
        .map(|one| {
            let until = one
                .until
                .map_or_else(String::new, |until| format!(", until {until}"));
            let statement = one.statement.as_deref();
            let statement = statement.map_or_else(String::new, |text| format!(": {text}"));
            format!("{} said so on {}{until}{statement}", one.name, one.date)
        })
        .collect();
    let saw = told.iter();
    let saw = saw.map(|text| Saw::new(EvidenceKind::Attestation, text.clone()));
    Answer {
        saw: saw.collect(),
        ..Answer::met(told.join("; "), Saw::new(EvidenceKind::Attestation, ""))
    }
}

/// How a criterion is measured, in a few words.
pub(super) fn in_words(measure: &Measure) -> String {
    match measure {
        Measure::Resolves => "cargo resolves it".into(),
        Measure::NoFinding { codes, verdicts } => {
            let verdicts = verdicts.iter().map(|one| code_of(*one));
            let all: Vec<&str> = codes.iter().map(String::as_str).chain(verdicts).collect();
            format!("no finding {} of `check`", all.join(", "))
        }
        Measure::OnTarget => "the lines of what ships, as `check` has them".into(),
        Measure::NothingDeferred => "optional dependencies and features of the manifests".into(),
        Measure::PlanProven => "a proven option of `plan`".into(),
        Measure::RollbackRehearsed => "each step undone in a copy".into(),
        Measure::Compiles => "the compiler, in a copy".into(),
        Measure::Specified => "`spec`, and the trial of each".into(),
        Measure::Command {
            words,
            code,
            seconds,
            prints,
        } => {
            let prints = prints.as_deref().map_or_else(String::new, |expression| {
                format!(", with output that matches `{expression}`")
            });
            format!(
                "`{}` ends with {code} within {seconds} s{prints}",
                shown(words)
            )
        }
        Measure::File { path, matches } => match matches {
            Some(expression) => format!("the file {path} matches `{expression}`"),
            None => format!("there is a file {path}"),
        },
        Measure::Attested => ATTESTED.into(),
    }
}
