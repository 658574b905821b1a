//! The command line: arguments, one function a subcommand, exit codes. Decides nothing.

pub mod args;
pub mod check;
pub mod explain;
pub mod fix;
pub mod init;
pub mod inventory;
pub mod known;
pub mod load;
pub mod lock;
pub mod matrix;
pub mod output;
pub mod patch;
pub mod plan;
pub mod policy;
pub mod progress;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use args::{Arguments, Command};

/// How the program ends, as other cargo subcommands of this kind do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Nothing at or above the deny level.
    Clean,
    /// Findings at or above the deny level.
    Findings,
    /// The work could not be done.
    Failure,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Clean => Self::from(0),
            Exit::Findings => Self::from(100),
            Exit::Failure => Self::from(101),
        }
    }
}

/// Runs the program on a command line. Wrong usage ends the process with code 2.
pub fn run(mut arguments: Vec<OsString>) -> ExitCode {
    // Cargo hands its subcommands their own name as the first argument.
    if arguments.get(1).is_some_and(|first| first == "otel-check") {
        arguments.remove(1);
    }
    let matches = Arguments::command().get_matches_from(arguments);
    let arguments = match Arguments::from_arg_matches(&matches) {
        Ok(arguments) => arguments,
        Err(error) => error.exit(),
    };
    let output = output::Output::new(&arguments.common);
    let result = match &arguments.command {
        None => check::run(&arguments.common, &arguments.check, &output),
        Some(Command::Check(check)) => check::run(&arguments.common, check, &output),
        Some(Command::Matrix) => matrix::run(&arguments.common, &output),
        Some(Command::Inventory) => inventory::run(&arguments.common, &output),
        Some(Command::Plan(plan)) => plan::run(&arguments.common, plan, &output),
        Some(Command::Fix(fix)) => fix::run(&arguments.common, fix, &output),
        Some(Command::Init(init)) => init::run(&arguments.common, init, &output),
        Some(Command::Explain { name }) => explain::run(&arguments.common, name, &output),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(error) => {
            output.error(&error);
            match error {
                output::CliError::Usage { .. } => ExitCode::from(2),
                output::CliError::Workspace(_)
                | output::CliError::Write { .. }
                | output::CliError::Index { .. }
                | output::CliError::Other { .. } => Exit::Failure.into(),
            }
        }
    }
}

/// A format that a command does not print is wrong usage.
fn no_format(command: &str, formats: &str) -> output::CliError {
    output::CliError::Usage {
        message: format!("`{command}` has no such format"),
        help: format!("it prints {formats}"),
    }
}
