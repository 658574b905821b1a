//! The files of a git revision, beside the user's tree.

use std::ffi::OsStr;
use std::process::{Command, Output, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

/// A revision's files in a temporary folder, which goes away with the value.
pub struct Revision {
    folder: tempfile::TempDir,
    /// From the repository's top to the folder that was asked about.
    prefix: String,
}

/// Why the files of a revision cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum RevisionError {
    #[error("{0} is in no git repository: {1}")]
    NoRepository(Utf8PathBuf, String),
    #[error("git knows no revision `{0}`")]
    Unknown(String),
    #[error("cannot start git: {0}")]
    NoGit(std::io::Error),
    #[error("cannot write to a temporary folder: {0}")]
    Temporary(std::io::Error),
    #[error("`git {command}` failed: {stderr}")]
    Git { command: String, stderr: String },
}

impl Revision {
    /// Writes the files that git has of a revision to a temporary folder. Neither the user's files nor
    /// the repository's index change.
    ///
    /// # Errors
    /// Where the folder is in no repository, or the revision is not known.
    pub fn of(folder: &Utf8Path, revision: &str) -> Result<Self, RevisionError> {
        let no_repository = |stderr| RevisionError::NoRepository(folder.to_owned(), stderr);
        let top = git(folder, &["rev-parse", "--show-toplevel"], None)?;
        let top = said(&top).map_err(no_repository)?;
        let prefix = git(folder, &["rev-parse", "--show-prefix"], None)?;
        let prefix = said(&prefix).map_err(no_repository)?;
        let commit = format!("{revision}^{{commit}}");
        let verify = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &commit,
        ];
        let commit = git(folder, &verify, None)?;
        let commit = said(&commit).map_err(|_| RevisionError::Unknown(revision.to_owned()))?;
        let temporary = tempfile::Builder::new()
            .prefix("otel-check-")
            .tempdir()
            .map_err(RevisionError::Temporary)?;
        // An index of its own: that of the repository is the user's.
        let index = temporary.path().join("index");
        let tree = temporary.path().join("tree");
        let mut into = std::ffi::OsString::from("--prefix=");
        into.push(tree.join(""));
        let top = Utf8Path::new(&top);
        let read = [OsStr::new("read-tree"), OsStr::new(&commit)];
        let write = [OsStr::new("checkout-index"), OsStr::new("--all"), &into];
        for arguments in [&read[..], &write[..]] {
            let output = git(top, arguments, Some(index.as_os_str()))?;
            said(&output).map_err(|stderr| RevisionError::Git {
                command: arguments[0].to_string_lossy().into_owned(),
                stderr,
            })?;
        }
        Ok(Self {
            folder: temporary,
            prefix,
        })
    }

    /// Where the folder that was asked about stands.
    pub fn root(&self) -> Option<Utf8PathBuf> {
        let tree = self.folder.path().join("tree").join(&self.prefix);
        Utf8PathBuf::from_path_buf(tree).ok()
    }
}

fn git(
    folder: &Utf8Path,
    arguments: &[impl AsRef<OsStr>],
    index: Option<&OsStr>,
) -> Result<Output, RevisionError> {
    let mut command = Command::new("git");
    command.current_dir(folder).args(arguments);
    command.stdin(Stdio::null());
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index);
    }
    command.output().map_err(RevisionError::NoGit)
}

/// What a command printed, or what it said of its failure.
fn said(output: &Output) -> Result<String, String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    match output.status.success() {
        true => Ok(text(&output.stdout)),
        false => Err(text(&output.stderr)),
    }
}
