//! Writes several files as one: whatever happens, all have their old content, or all their new one.
//!
//! Everything is staged first: what is to be written is recorded in a folder beside the root, with
//! the old and the new contents, and each new content waits beside its file. One rename of the
//! record is the point from which on the new contents hold. Then each file is replaced by a rename,
//! and the folder goes. A run that finds the folder of one that was killed finishes it or takes it
//! back, by what the record says.

use camino::{Utf8Path, Utf8PathBuf};

pub mod clean;
mod error;
mod file;
mod folder;
mod steps;

pub use error::WriteError;
use folder::{Folder, Stage};
use steps::{Target, clear, finish, replace, stage, targets, unchanged, undo};

/// What a write is about to do. Indices count the files in the order in which they were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Take the lock.
    Lock,
    /// Record what is to be written.
    Record,
    /// Keep the old and the new content in the folder.
    Keep(usize),
    /// Write the new content beside its file.
    Stage(usize),
    /// Make it hold: before it, a killed write is taken back; after it, it is finished.
    Commit,
    /// Put the new content in place.
    Replace(usize),
    /// Take back what was replaced, since one could not be.
    Undo,
    /// Put the old content back.
    Restore(usize),
    /// Remove what is no longer needed.
    CleanUp,
}

/// What became of an earlier write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovered {
    /// There was none that was stopped.
    Nothing,
    /// It was taken back: all files have their old contents.
    KeptOld,
    /// It was finished: all files have their new contents.
    FinishedNew,
}

/// A file with the content it is to have had, and the one it is to get; none for no file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Planned {
    path: Utf8PathBuf,
    old: Option<Vec<u8>>,
    new: Option<Vec<u8>>,
}

/// Manifests and lockfiles that are to be written together.
#[derive(Debug)]
pub struct Transaction {
    root: Utf8PathBuf,
    files: Vec<Planned>,
}

/// What was written, with the old contents to put back.
#[derive(Debug)]
#[must_use = "it holds the old contents"]
pub struct Committed {
    root: Utf8PathBuf,
    files: Vec<Planned>,
}

type Watch<'a> = &'a dyn Fn(Step);

impl Transaction {
    /// An empty one, recorded below this folder.
    pub fn new(root: &Utf8Path) -> Self {
        Self {
            root: root.to_owned(),
            files: Vec::new(),
        }
    }

    /// A file that is there: what was read of it, and what it is to hold.
    pub fn replace(&mut self, path: &Utf8Path, read: impl Into<Vec<u8>>, new: impl Into<Vec<u8>>) {
        self.plan(path, Some(read.into()), Some(new.into()));
    }

    /// A file that is not there yet.
    pub fn create(&mut self, path: &Utf8Path, new: impl Into<Vec<u8>>) {
        self.plan(path, None, Some(new.into()));
    }

    fn plan(&mut self, path: &Utf8Path, old: Option<Vec<u8>>, new: Option<Vec<u8>>) {
        if old != new {
            let path = path.to_owned();
            self.files.push(Planned { path, old, new });
        }
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Writes all files.
    ///
    /// # Errors
    /// Where any of them cannot be written, or is not what was read. Then nothing has changed; where
    /// even that could not be achieved, the error says so.
    pub fn commit(self) -> Result<Committed, WriteError> {
        self.commit_watched(&|_| {})
    }

    /// The same, where each step is told before it is taken.
    ///
    /// # Errors
    /// As for [`Transaction::commit`].
    pub fn commit_watched(self, watch: Watch<'_>) -> Result<Committed, WriteError> {
        let Self { root, files } = self;
        if files.is_empty() {
            return Ok(Committed { root, files });
        }
        let targets = targets(&files)?;
        unchanged(&targets)?;
        watch(Step::Lock);
        let Some(folder) = Folder::lock(&root, true)? else {
            return Err(WriteError::Busy(root));
        };
        if !folder.is_fresh()? {
            return Err(WriteError::Unfinished(folder.path().to_owned()));
        }
        let staged = stage(&root, &folder, &targets, watch).and_then(|()| {
            unchanged(&targets)?;
            watch(Step::Commit);
            folder.advance(Stage::Staging, Stage::Committed)
        });
        if let Err(error) = staged {
            watch(Step::CleanUp);
            clear(&targets).and_then(|()| folder.discard()).ok();
            return Err(error);
        }
        match replace(&targets, watch) {
            Ok(()) => {
                watch(Step::CleanUp);
                // All is written. What cannot be removed goes with the next run.
                folder.done().ok();
                Ok(Committed { root, files })
            }
            Err(error) => Err(undo(folder, &targets, error, watch)),
        }
    }

    /// Finishes or takes back a write that was stopped, if there is one.
    ///
    /// # Errors
    /// Where another process is writing, or a file has changed since.
    pub fn recover(root: &Utf8Path) -> Result<Recovered, WriteError> {
        Self::recover_watched(root, &|_| {})
    }

    /// The same, where each step is told before it is taken.
    ///
    /// # Errors
    /// As for [`Transaction::recover`].
    pub fn recover_watched(root: &Utf8Path, watch: Watch<'_>) -> Result<Recovered, WriteError> {
        let finished = folder::clear_done(root)?;
        let none = if finished {
            Recovered::FinishedNew
        } else {
            Recovered::Nothing
        };
        watch(Step::Lock);
        let Some(folder) = Folder::lock(root, false)? else {
            return Ok(none);
        };
        let Some((stage, record)) = folder.left()? else {
            watch(Step::CleanUp);
            folder.discard()?;
            return Ok(Recovered::KeptOld);
        };
        let files = steps::recorded(root, &folder, stage, &record)?;
        let targets: Vec<Target<'_>> = files.iter().map(Target::of).collect();
        finish(folder, stage, &targets, watch)
    }
}

impl Committed {
    /// The files that were written.
    pub fn paths(&self) -> impl Iterator<Item = &Utf8Path> {
        self.files.iter().map(|file| file.path.as_path())
    }

    /// Puts the old contents back, all together. A lockfile may have been written by cargo since;
    /// any other file must be as it was written.
    ///
    /// # Errors
    /// As for [`Transaction::commit`].
    pub fn restore(self) -> Result<(), WriteError> {
        self.restore_watched(&|_| {})
    }

    /// The same, where each step is told before it is taken.
    ///
    /// # Errors
    /// As for [`Transaction::commit`].
    pub fn restore_watched(self, watch: Watch<'_>) -> Result<(), WriteError> {
        let mut back = Transaction::new(&self.root);
        for written in self.files {
            let now = if written.path.file_name() == Some("Cargo.lock") {
                file::read(&written.path)?
            } else {
                written.new
            };
            back.plan(&written.path, now, written.old);
        }
        let _restored = back.commit_watched(watch)?;
        Ok(())
    }
}
