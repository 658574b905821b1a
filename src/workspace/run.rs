//! Runs any subcommand of cargo to its end, somewhere and with some environment.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use camino::Utf8PathBuf;

use super::WorkspaceError;
use super::cargo::{Cargo, Refusal};

/// One call of cargo.
#[derive(Debug, Clone)]
pub struct Call {
    /// The subcommand and its flags.
    pub arguments: Vec<String>,
    pub manifest: Utf8PathBuf,
    /// The folder that cargo runs in, whose configuration and toolchain count.
    pub folder: Utf8PathBuf,
    /// Variables beside those of this process.
    pub environment: Vec<(String, OsString)>,
}

impl Call {
    /// The command line, to be run again by hand.
    pub fn shown(&self) -> String {
        let arguments: Vec<String> = self.arguments.iter().map(|word| quoted(word)).collect();
        let manifest = quoted(self.manifest.as_str());
        format!("cargo {} --manifest-path {manifest}", arguments.join(" "))
    }

    /// The process to start.
    pub fn command(&self) -> Command {
        let mut command = Command::new(Cargo::program());
        command
            .args(&self.arguments)
            .arg("--manifest-path")
            .arg(&self.manifest)
            .args(["--color", "never"])
            .current_dir(&self.folder)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs it; gives standard output and standard error.
    ///
    /// # Errors
    /// The outer error where cargo could not be started, the inner one where it refused.
    pub fn run(&self) -> Result<Result<(String, String), Refusal>, WorkspaceError> {
        let command = self.shown();
        let output = match self.command().output() {
            Ok(output) => output,
            Err(source) => return Err(WorkspaceError::CargoMissing { command, source }),
        };
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        if !output.status.success() {
            return Ok(Err(Refusal { command, stderr }));
        }
        Ok(match String::from_utf8(output.stdout) {
            Ok(stdout) => Ok((stdout, stderr)),
            Err(_) => Err(Refusal {
                command,
                stderr: "its output is not UTF-8 text".into(),
            }),
        })
    }
}

/// A word as a POSIX shell takes it for itself.
pub fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_=+./:,@%".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn words_are_quoted_where_a_shell_would_split_or_expand_them() {
        for (word, expected) in [
            ("--all-features", "--all-features"),
            ("a@1.0.0", "a@1.0.0"),
            ("/my files/x", "'/my files/x'"),
            ("$HOME", "'$HOME'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }
}
