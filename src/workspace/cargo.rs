//! Runs cargo, as the user's own cargo would run: same program, same flags, same configuration.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread::JoinHandle;

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
    pub(crate) fn program() -> OsString {
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

    /// Runs `cargo metadata`; gives its JSON while cargo is still clearing up.
    ///
    /// # Errors
    /// The outer error where cargo could not be started, the inner one where it refused.
    pub fn metadata(
        &self,
        manifest: &Utf8Path,
        all_features: bool,
    ) -> Result<Result<Metadata, Refusal>, WorkspaceError> {
        let mut arguments = vec!["metadata", "--format-version", "1"];
        if all_features {
            arguments.push("--all-features");
        }
        arguments.extend(self.flags());
        let shown = format!("cargo {} --manifest-path {manifest}", arguments.join(" "));
        let missing = |source| WorkspaceError::CargoMissing {
            command: shown.clone(),
            source,
        };
        let mut child = Command::new(Self::program())
            .args(&arguments)
            .arg("--manifest-path")
            .arg(manifest)
            .args(["--color", "never"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(missing)?;
        let stderr = child.stderr.take().map(drain);
        let mut line = Vec::new();
        let read = match child.stdout.take() {
            // The answer is one line.
            Some(stdout) => BufReader::with_capacity(1 << 16, stdout).read_until(b'\n', &mut line),
            None => Ok(0),
        };
        let rest = Rest {
            command: shown.clone(),
            child,
            stderr,
        };
        if read.is_err() || line.last() != Some(&b'\n') {
            return match rest.wait()? {
                Ok(stderr) => Ok(Err(Refusal {
                    command: shown,
                    stderr,
                })),
                Err(refusal) => Ok(Err(refusal)),
            };
        }
        Ok(match String::from_utf8(line) {
            Ok(json) => Ok(Metadata { json, rest }),
            Err(_) => Err(Refusal {
                command: shown,
                stderr: "its output is not UTF-8 text".into(),
            }),
        })
    }
}

/// What `cargo metadata` answered.
pub struct Metadata {
    pub json: String,
    pub rest: Rest,
}

/// A cargo that has given its answer and not ended yet.
pub struct Rest {
    command: String,
    child: Child,
    stderr: Option<JoinHandle<Vec<u8>>>,
}

impl Rest {
    /// Waits for the end; gives what cargo said on standard error.
    ///
    /// # Errors
    /// The outer error where it cannot be waited for, the inner one where it failed after all.
    pub fn wait(mut self) -> Result<Result<String, Refusal>, WorkspaceError> {
        let status = self.child.wait();
        let said = self.stderr.map(|reader| reader.join().unwrap_or_default());
        let stderr = String::from_utf8_lossy(&said.unwrap_or_default()).into_owned();
        match status {
            Ok(status) if status.success() => Ok(Ok(stderr)),
            Ok(_) => Ok(Err(Refusal {
                command: self.command,
                stderr,
            })),
            Err(source) => Err(WorkspaceError::CargoMissing {
                command: self.command,
                source,
            }),
        }
    }
}

/// Reads standard error meanwhile, so that cargo never waits for a reader.
fn drain(mut stderr: ChildStderr) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut said = Vec::new();
        // What was read until then is all there is to say.
        let _ = stderr.read_to_end(&mut said);
        said
    })
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
