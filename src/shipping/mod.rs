//! Finds the cargo commands whose results ship, in the files by which a team builds: Dockerfiles,
//! workflows, Makefiles. Runs nothing, knows no family of crates, and guesses nothing: what depends on a
//! variable is told as such.

mod command;
mod dockerfile;
mod files;
mod flags;
mod pipeline;
mod recipes;
mod shell;
mod stages;
mod workflow;
pub mod yaml;

use camino::Utf8PathBuf;

use crate::policy::ShippedBuild;

pub use command::{Home, Member};
pub use files::find;

/// A cargo command in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Relative to the workspace root, or to the repository where it stands above that.
    pub file: String,
    pub line: usize,
    /// As it is written, on one line.
    pub shown: String,
    pub build: ShippedBuild,
    /// Whether its result is what ships: built for release, or in a container.
    pub ships: bool,
    /// Why it cannot be said what it builds; empty where it can.
    pub doubts: Vec<String>,
}

/// Shell code in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Script {
    text: String,
    /// Line of its first line in the file, from 1.
    line: usize,
    /// Whether its lines are lines of the file; else all of it is told to stand in the first one.
    literal: bool,
    /// Where it runs, relative to where the file's scripts do.
    folder: Folder,
    /// Whether it runs in the shell of the script before it, wherever that has gone.
    goes_on: bool,
}

/// A folder in which a command runs.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Folder {
    /// Below the place where the file's scripts start.
    Known(Utf8PathBuf),
    /// It depends on something that is not written there.
    Unknown,
}

impl Folder {
    fn start() -> Self {
        Self::Known(Utf8PathBuf::new())
    }

    /// The folder after `cd`.
    fn then(&self, to: &shell::Word) -> Self {
        match self {
            _ if to.open => Self::Unknown,
            // Where an absolute path leads is not told by the repository.
            _ if to.text.starts_with(['/', '~', '-']) => Self::Unknown,
            Self::Known(at) => Self::Known(at.join(&to.text)),
            Self::Unknown => Self::Unknown,
        }
    }
}
