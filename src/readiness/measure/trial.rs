//! What the compiler says.

use crate::plan::trial::{Fault, Trial};
use crate::readiness::model::EvidenceKind;
use crate::report::plain::counted;
use crate::workspace::cargo::Refusal;

use super::{Answer, Ground, Saw, State};

/// So many errors are told one by one.
const TOLD: usize = 3;

/// What came of compiling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compiled {
    Yes,
    /// What the compiler refuses, with its place.
    No {
        errors: Vec<String>,
    },
    /// Cargo did not come to compile. Its words.
    Refused {
        said: String,
    },
}

impl Compiled {
    /// Of what a trial gave.
    pub fn of(trial: &Result<Trial, Refusal>) -> Self {
        match trial {
            Ok(trial) if trial.compiles => Self::Yes,
            Ok(trial) => {
                let mut errors: Vec<String> = trial.errors.iter().map(place).collect();
                if errors.is_empty() {
                    errors.push(last_line(&trial.stderr));
                }
                Self::No { errors }
            }
            Err(refusal) => Self::Refused {
                said: last_line(&refusal.stderr),
            },
        }
    }
}

pub(super) fn compiles(ground: &Ground<'_>, state: &State<'_>) -> Answer {
    let command = ground.compile_command;
    let place = state.place();
    let saw = |text: &str| Saw::new(EvidenceKind::Trial, text).by(command);
    match &state.compiled {
        None => Answer::not_measured(
            "compiling was not asked for",
            &[
                "`--trial` compiles it in a copy: it runs build scripts and macros, as any build does",
            ],
        ),
        Some(Compiled::Yes) => {
            let text = format!("{place}`{command}` ends without an error in a copy");
            Answer::met(text.clone(), saw(&text))
        }
        Some(Compiled::No { errors }) => {
            let more = errors.len().saturating_sub(TOLD);
            let mut told: Vec<&str> = errors.iter().take(TOLD).map(String::as_str).collect();
            let rest = format!("and {more} more");
            if more > 0 {
                told.push(&rest);
            }
            let text = format!(
                "{place}the compiler has {}: {}",
                counted(errors.len(), "error"),
                told.join("; ")
            );
            let all = errors.iter().map(|one| saw(&format!("{place}{one}")));
            Answer::unmet(text, Vec::new(), all.collect())
        }
        Some(Compiled::Refused { said }) => {
            let text = format!("{place}cargo does not come to compile: {said}");
            Answer::unmet(text.clone(), Vec::new(), vec![saw(&text)])
        }
    }
}

fn place(fault: &Fault) -> String {
    match &fault.spot {
        Some(spot) => format!(
            "{}:{}:{}: {}",
            spot.file, spot.line, spot.column, fault.message
        ),
        None => format!("{}: {}", fault.package, fault.message),
    }
}

/// The first line of cargo's own error.
fn last_line(said: &str) -> String {
    let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let error = lines.clone().find(|line| line.starts_with("error"));
    let line = error
        .or_else(|| lines.next_back())
        .unwrap_or("no word of cargo");
    line.to_owned()
}
