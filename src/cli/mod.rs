//! The command line: arguments, one function a subcommand, exit codes. Decides nothing.

pub mod args;
pub mod assessed;
pub mod beside;
pub mod check;
pub mod completions;
pub mod explain;
pub mod fix;
pub mod init;
pub mod inventory;
pub mod kept;
pub mod known;
pub mod load;
pub mod lock;
pub mod matrix;
pub mod output;
pub mod patch;
pub mod places;
pub mod plan;
pub mod planned;
pub mod policy;
pub mod progress;
pub mod readiness;
pub mod spec;
pub mod spec_files;
pub mod view;

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
    // Where `--output` is a folder, no answer goes there as it is.
    let folder = matches!(arguments.command, Some(Command::Spec(_)));
    let output = output::Output::new(&arguments.common, folder);
    let messages = output::Output::messages(&arguments.common);
    let result = output.and_then(|output| {
        kept::kept(&arguments, &output)?;
        command(&arguments, &output)
    });
    match result {
        Ok(exit) => exit.into(),
        Err(error) => {
            messages.error(&error);
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

fn command(arguments: &Arguments, output: &output::Output) -> Result<Exit, output::CliError> {
    let common = &arguments.common;
    match &arguments.command {
        None => check::run(common, &arguments.check, output),
        Some(Command::Check(check)) => check::run(common, check, output),
        Some(Command::Matrix) => matrix::run(common, output),
        Some(Command::Inventory) => inventory::run(common, output),
        Some(Command::Plan(plan)) => plan::run(common, plan, output),
        Some(Command::Fix(fix)) => fix::run(common, fix, output),
        Some(Command::Spec(spec)) => spec::run(common, spec, output),
        Some(Command::Readiness(asked)) => readiness::run(common, asked, output),
        Some(Command::Init(init)) => init::run(common, init, output),
        Some(Command::Completions { shell }) => completions::completions(*shell, output),
        Some(Command::Man { folder }) => completions::man(folder.as_deref(), output),
        Some(Command::Explain { name }) => explain::run(common, name, output),
    }
}
