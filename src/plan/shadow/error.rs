//! Everything that can keep a copy of a workspace from being made.

use camino::Utf8PathBuf;

use crate::workspace::WorkspaceError;

/// The copy of a workspace could not be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum ShadowError {
    /// What is to be copied cannot be read.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    #[error("cannot make a temporary folder in {parent}: {source}")]
    Temporary {
        parent: Utf8PathBuf,
        source: std::io::Error,
    },
    #[error("the temporary folder {path} has a name that is not UTF-8 text")]
    TemporaryName { path: String },
    #[error("cannot write {path}: {source}")]
    Write {
        path: Utf8PathBuf,
        source: std::io::Error,
    },
    #[error("cannot copy {path}: {source}")]
    Copy {
        path: Utf8PathBuf,
        source: std::io::Error,
    },
    #[error("{path} is no manifest of this workspace, so it cannot be changed in a copy of it")]
    NotPart { path: Utf8PathBuf },
    #[error("{path} is on a share or device of which no copy can be laid out")]
    Device { path: Utf8PathBuf },
}

impl ShadowError {
    /// The next thing to try.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Workspace(error) => error.help(),
            Self::Temporary { .. } | Self::Write { .. } => Some(
                "see that the folder for temporary files exists, is writable and has room; TMPDIR (TEMP on Windows) names another",
            ),
            Self::TemporaryName { .. } => {
                Some("TMPDIR (TEMP on Windows) names a folder for temporary files")
            }
            Self::Copy { .. } => {
                Some("see that it may be read, and that the folder for temporary files has room")
            }
            Self::Device { .. } => Some("run it in a folder below a drive letter"),
            Self::NotPart { .. } => None,
        }
    }
}
