//! Everything that can keep files from being written.

use std::io::{self, ErrorKind};

use camino::Utf8PathBuf;

/// Files were not written. Unless it says otherwise, everything is as it was.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("cannot {what} {path}: {source}")]
    Io {
        what: &'static str,
        path: Utf8PathBuf,
        source: io::Error,
    },
    #[error("{0} is neither a Cargo.toml nor a Cargo.lock; nothing else is written")]
    NotOurs(Utf8PathBuf),
    #[error("{first} and {second} are one file, and cannot both be written")]
    Twice {
        first: Utf8PathBuf,
        second: Utf8PathBuf,
    },
    #[error("{0} has changed since it was read; nothing was changed")]
    Changed(Utf8PathBuf),
    #[error("{0} is write-protected; nothing was changed")]
    Protected(Utf8PathBuf),
    #[error("another process is writing to this workspace: it holds {0}")]
    Busy(Utf8PathBuf),
    #[error("an earlier run was stopped while it wrote: {0} is still there")]
    Unfinished(Utf8PathBuf),
    #[error("{folder} was not left by a run in this place: {why}")]
    Foreign { folder: Utf8PathBuf, why: String },
    #[error(
        "{path} has changed since a run was stopped while it wrote; the old and the new contents are kept in {folder}"
    )]
    ChangedMeanwhile {
        path: Utf8PathBuf,
        folder: Utf8PathBuf,
    },
    #[error(
        "{cause}. What was written already could not be taken back: {undo}. The old contents are kept in {folder}"
    )]
    Stuck {
        cause: Box<WriteError>,
        undo: Box<WriteError>,
        folder: Utf8PathBuf,
    },
}

impl WriteError {
    pub(super) fn io(what: &'static str, path: &camino::Utf8Path, source: io::Error) -> Self {
        Self::Io {
            what,
            path: path.to_owned(),
            source,
        }
    }

    /// The next thing to try.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Io { source, .. } => match source.kind() {
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                    Some("make room on that disk and run this again")
                }
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Some(
                    "see that the folder may be written to, or let `--dry-run` print the change",
                ),
                _ => None,
            },
            Self::NotOurs(_) | Self::Twice { .. } => None,
            Self::Changed(_) => Some("run this again, so that it starts from what is there now"),
            Self::Protected(_) => Some("give yourself the right to write it, and run this again"),
            Self::Busy(_) => Some("wait until the other one is done, then run this again"),
            Self::Unfinished(_) => {
                Some("run `fix` again: it first finishes or takes back that one")
            }
            Self::Foreign { .. } => Some("look at what is in it, and remove it"),
            Self::ChangedMeanwhile { .. } => Some(
                "bring the file to one of the two by hand, or remove that folder to keep all as it is",
            ),
            Self::Stuck { .. } => {
                Some("once the cause is gone, run `fix` again: it first takes back the rest")
            }
        }
    }
}
