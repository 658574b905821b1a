//! Runs cargo, as the user's own cargo would run: same program, same flags, same configuration.

use std::ffi::OsString;
use std::process::{Command, Output, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

use super::WorkspaceError;

/// Which cargo runs, and with which of cargo's own flags.
#[derive(Debug, Clone, Default)]
pub struct Cargo {
    pub locked: bool,
    pub offline: bool,
    pub frozen: bool,
}

/// Cargo's answer where it refused to give one.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The command line, to be run again by hand.
    pub command: String,
    pub stderr: String,
}

impl Cargo {
    /// The program: what cargo itself names to its subcommands, else the one on the PATH.
    pub(super) fn program() -> OsString {
        std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
    }

    /// Flags that go with every call.
    fn flags(&self) -> Vec<&'static str> {
        let mut flags = Vec::new();
        if self.locked {
            flags.push("--locked");
        }
        if self.offline {
            flags.push("--offline");
        }
        if self.frozen {
            flags.push("--frozen");
        }
        flags
    }

    /// Runs `cargo metadata`; gives its JSON and what it said on standard error.
    ///
    /// # Errors
    /// The outer error where cargo could not be started, the inner one where it refused.
    pub fn metadata(
        &self,
        manifest: &Utf8Path,
        all_features: bool,
    ) -> Result<Result<(String, String), Refusal>, WorkspaceError> {
        let mut arguments = vec!["metadata", "--format-version", "1"];
        if all_features {
            arguments.push("--all-features");
        }
        arguments.extend(self.flags());
        let shown = format!("cargo {} --manifest-path {manifest}", arguments.join(" "));
        let output = Command::new(Self::program())
            .args(&arguments)
            .arg("--manifest-path")
            .arg(manifest)
            .args(["--color", "never"])
            .stdin(Stdio::null())
            .output()
            .map_err(|source| WorkspaceError::CargoMissing {
                command: shown.clone(),
                source,
            })?;
        Ok(answer(shown, output))
    }
}

fn answer(command: String, output: Output) -> Result<(String, String), Refusal> {
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        return Err(Refusal { command, stderr });
    }
    match String::from_utf8(output.stdout) {
        Ok(json) => Ok((json, stderr)),
        Err(_) => Err(Refusal {
            command,
            stderr: "its output is not UTF-8 text".into(),
        }),
    }
}

/// The host triple by `rustc -vV`; nothing where rustc does not answer.
pub fn host_triple() -> Option<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .arg("-vV")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "))?;
    Some(host.trim().to_owned())
}

/// The manifest cargo would take: the given one, or the first in this folder and those above.
///
/// # Errors
/// [`WorkspaceError::NoSuchManifest`] where the given one is not there,
/// [`WorkspaceError::NoManifest`] where there is none to be found.
pub fn find_manifest(given: Option<&Utf8Path>) -> Result<Utf8PathBuf, WorkspaceError> {
    let here = std::env::current_dir()
        .ok()
        .and_then(|path| Utf8PathBuf::from_path_buf(path).ok())
        .unwrap_or_else(|| ".".into());
    if let Some(path) = given {
        let path = here.join(path);
        let path = if path.is_dir() {
            path.join("Cargo.toml")
        } else {
            path
        };
        return if path.is_file() {
            Ok(path)
        } else {
            Err(WorkspaceError::NoSuchManifest { path })
        };
    }
    here.ancestors()
        .map(|folder| folder.join("Cargo.toml"))
        .find(|path| path.is_file())
        .ok_or(WorkspaceError::NoManifest { start: here })
}
