//! The built binary.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use super::cargo::{clean, is_network_failure};
use super::report::Report;
use super::sandbox::Sandbox;

/// One run of the binary.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// Reads standard output as a report.
    pub fn report(&self) -> Report {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!(
                "not a report ({error}), exit code {}\n{}\n{}",
                self.code, self.stdout, self.stderr
            )
        })
    }
}

/// Runs the binary in a folder.
pub fn run(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    finish(command(sandbox, arguments))
}

/// Whether a run of this program has found the registry out of reach.
static UNREACHABLE: AtomicBool = AtomicBool::new(false);

/// A run that asks the registry; none where it cannot be asked, which is found out once.
pub fn asked(sandbox: &Sandbox, arguments: &[&str]) -> Option<Run> {
    if UNREACHABLE.load(Ordering::Relaxed) {
        eprintln!("skipped: the registry cannot be asked");
        return None;
    }
    let mut command = command(sandbox, arguments);
    command.env("CARGO_NET_RETRY", "1");
    let run = finish(command);
    if run.code == 101 && is_network_failure(&run.stderr) {
        UNREACHABLE.store(true, Ordering::Relaxed);
        eprintln!("skipped: the registry cannot be asked: {}", run.stderr);
        return None;
    }
    Some(run)
}

pub fn command(sandbox: &Sandbox, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-otel-check"));
    command.current_dir(sandbox.root()).args(arguments);
    clean(&mut command);
    sandbox.at_home(&mut command);
    command
}

fn finish(mut command: Command) -> Run {
    let output = command.output().unwrap();
    Run {
        code: output.status.code().expect("not killed by a signal"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs `check --format json` on a workspace whose packages are on disk.
pub fn check(sandbox: &Sandbox, options: &[&str]) -> Run {
    let mut arguments = vec![
        "check",
        "--full",
        "--format",
        "json",
        "--locked",
        "--offline",
    ];
    arguments.extend(options);
    run(sandbox, &arguments)
}
