//! Everything that can keep a workspace from being read.

use camino::Utf8PathBuf;

/// A workspace could not be read. Each says what was tried, on what, and what to do next.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    #[error("no Cargo.toml in {start} or any folder above it")]
    NoManifest { start: Utf8PathBuf },
    #[error("there is no manifest {path}")]
    NoSuchManifest { path: Utf8PathBuf },
    #[error("cannot read {path}: {source}")]
    Read {
        path: Utf8PathBuf,
        source: std::io::Error,
    },
    #[error("{path} is not UTF-8 text")]
    NotUtf8 { path: Utf8PathBuf },
    #[error("{path}:{line}:{column}: {message}")]
    Manifest {
        path: Utf8PathBuf,
        line: usize,
        column: usize,
        message: String,
    },
    #[error("{path}:{line}:{column}: the lockfile cannot be parsed: {message}")]
    Lock {
        path: Utf8PathBuf,
        line: usize,
        column: usize,
        message: String,
    },
    #[error(
        "{path} is a lockfile of version {version}; versions up to {known} are known to this release"
    )]
    LockVersion {
        path: Utf8PathBuf,
        version: i64,
        known: i64,
    },
    #[error("cannot run `{command}`: {source}")]
    CargoMissing {
        command: String,
        source: std::io::Error,
    },
    #[error("`{command}` failed:\n{stderr}")]
    Cargo { command: String, stderr: String },
    #[error("the metadata in {path} cannot be used: {message}")]
    Metadata { path: String, message: String },
    #[error("unknown target `{triple}`: {message}")]
    UnknownTarget { triple: String, message: String },
    #[error("no package `{name}` in this workspace{hint}")]
    UnknownPackage { name: String, hint: String },
    #[error("none of the selected packages has the feature `{feature}`")]
    UnknownFeature { feature: String },
    #[error("the package graph cannot be simulated: {0}")]
    Graph(#[from] Box<guppy::Error>),
    #[error("{0}")]
    Analysis(String),
}

impl WorkspaceError {
    /// The next thing to try.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::NoManifest { .. } => {
                Some("run it inside a package or workspace, or pass `--manifest-path PATH`")
            }
            Self::Manifest { .. } => {
                Some("`cargo metadata --no-deps` shows cargo's own view of it")
            }
            Self::Lock { .. } => Some(
                "if a merge left conflict marks in it, take one side and run `cargo update --workspace`",
            ),
            Self::LockVersion { .. } => {
                Some("a newer cargo wrote it: upgrade cargo-otel-check, or run it with that cargo")
            }
            Self::CargoMissing { .. } => Some(
                "put cargo on the PATH or point the CARGO variable at it; `--lock-only` needs no cargo",
            ),
            Self::Cargo { .. } => Some("run that command by hand; once it succeeds, so does this"),
            Self::Metadata { .. } => {
                Some("make it anew with `cargo metadata --format-version 1 --all-features`")
            }
            Self::UnknownTarget { .. } => Some("`rustc --print target-list` names the targets"),
            Self::UnknownPackage { .. } => Some("`cargo metadata --no-deps` lists the members"),
            Self::UnknownFeature { .. } => {
                Some("features are written as for cargo: `NAME`, or `PACKAGE/NAME`")
            }
            Self::NoSuchManifest { .. } => {
                Some("`--manifest-path` takes a Cargo.toml, or the folder that holds one")
            }
            Self::Read { path, .. } if path.file_name() == Some("Cargo.lock") => {
                Some("`cargo generate-lockfile` writes one; without `--lock-only` cargo is asked")
            }
            Self::Read { .. } => Some("see that it is there, is a file and may be read"),
            Self::NotUtf8 { .. } => Some("save it as UTF-8, the encoding of all that cargo reads"),
            Self::Graph(_) | Self::Analysis(_) => None,
        }
    }
}

impl From<guppy::Error> for WorkspaceError {
    fn from(error: guppy::Error) -> Self {
        Self::Graph(Box::new(error))
    }
}
