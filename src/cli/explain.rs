//! `explain CODE`: the page of a finding.

use crate::skew::findings::{LINTS, lint};

use super::Exit;
use super::output::{CliError, Output};

/// Runs the command.
///
/// # Errors
/// Where there is no such code.
pub fn run(code: &str, output: &Output) -> Result<Exit, CliError> {
    let Some(lint) = lint(code) else {
        let codes: Vec<&str> = LINTS.iter().map(|lint| lint.code).collect();
        return Err(CliError::Usage {
            message: format!("there is no finding code `{code}`"),
            help: format!("the codes are {}", codes.join(", ")),
        });
    };
    output.answer(&shown(lint.page))?;
    Ok(Exit::Clean)
}

/// The page without the comments by which its examples are tested.
fn shown(page: &str) -> String {
    page.split_inclusive('\n')
        .filter(|line| !line.starts_with("<!--"))
        .collect()
}
