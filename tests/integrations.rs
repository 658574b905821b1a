//! What other programs see of this one: completions, manual pages, the action, the hook, the workflows.

mod support;

#[path = "integrations/action.rs"]
mod action;
#[path = "integrations/hook.rs"]
mod hook;
#[path = "integrations/shells.rs"]
mod shells;
#[path = "integrations/workflows.rs"]
mod workflows;

use std::process::{Command, Stdio};

use camino::Utf8Path;

/// The repository.
fn repository() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether a program can be run here.
fn there(program: &str, argument: &str) -> bool {
    let mut command = Command::new(program);
    command.arg(argument).stdin(Stdio::null());
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
