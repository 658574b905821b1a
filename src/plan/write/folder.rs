//! The folder in which a write is recorded: what is to be written, how far it is, and the old and
//! new contents. Whoever holds its lock writes.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use super::{WriteError, file};

const NAME: &str = ".otel-check-fix";
/// Its name once all is written: from then on it only has to go.
const DONE: &str = ".otel-check-fix-done";
const LOCK: &str = "lock";
const PARTIAL: &str = "partial";
/// How often the folder may go away while its lock is taken.
const TRIES: usize = 100;

/// How far a write is. Each is the name of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Contents are staged; no file has been replaced.
    Staging,
    /// All is staged; files are replaced by the new contents.
    Committed,
    /// Replacing failed; files are replaced by the old contents.
    Undoing,
}

impl Stage {
    const ALL: [Self; 3] = [Self::Committed, Self::Undoing, Self::Staging];

    fn name(self) -> &'static str {
        match self {
            Self::Staging => "staging",
            Self::Committed => "committed",
            Self::Undoing => "undoing",
        }
    }
}

/// What is to be written.
#[derive(Debug, Serialize, Deserialize)]
pub struct Record {
    /// The number by which the file system knows the folder; tells a copy or a checkout of a record
    /// from the real thing, which alone says what may be done to files.
    inode: u64,
    pub files: Vec<Recorded>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Recorded {
    /// Relative to the root where it is below it.
    pub path: Utf8PathBuf,
    /// Whether there is an old content, and a new one.
    pub old: bool,
    pub new: bool,
}

/// The folder, locked.
#[derive(Debug)]
pub struct Folder {
    root: Utf8PathBuf,
    path: Utf8PathBuf,
    _lock: File,
}

fn foreign(folder: &Utf8Path, why: impl Into<String>) -> WriteError {
    WriteError::Foreign {
        folder: folder.to_owned(),
        why: why.into(),
    }
}

#[cfg(unix)]
fn inode(path: &Utf8Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt as _;
    Some(fs::symlink_metadata(path).ok()?.ino())
}

#[cfg(not(unix))]
fn inode(path: &Utf8Path) -> Option<u64> {
    fs::symlink_metadata(path).ok().map(|_| 0)
}

#[cfg(unix)]
fn inode_of(file: &File) -> Option<u64> {
    use std::os::unix::fs::MetadataExt as _;
    Some(file.metadata().ok()?.ino())
}

#[cfg(not(unix))]
fn inode_of(_: &File) -> Option<u64> {
    Some(0)
}

impl Folder {
    /// Takes the lock of the folder below a root; makes the folder if asked to. None where it is
    /// not there.
    pub fn lock(root: &Utf8Path, create: bool) -> Result<Option<Self>, WriteError> {
        let path = root.join(NAME);
        for _ in 0..TRIES {
            if create {
                match fs::create_dir(&path) {
                    Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                        return Err(WriteError::io("make the folder", &path, error));
                    }
                    _ => {}
                }
            }
            match fs::symlink_metadata(&path) {
                Ok(data) if data.is_dir() => {}
                Ok(_) => return Err(foreign(&path, "it is no folder")),
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    if create {
                        continue;
                    }
                    return Ok(None);
                }
                Err(error) => return Err(WriteError::io("look at", &path, error)),
            }
            if let Some(lock) = Self::try_lock(&path)? {
                return Ok(Some(Self {
                    root: root.to_owned(),
                    path,
                    _lock: lock,
                }));
            }
        }
        Err(WriteError::Busy(path))
    }

    /// The locked file; none where the folder went away meanwhile.
    fn try_lock(folder: &Utf8Path) -> Result<Option<File>, WriteError> {
        let path = folder.join(LOCK);
        if fs::symlink_metadata(&path).is_ok_and(|data| !data.is_file()) {
            return Err(foreign(folder, "its lock is no file"));
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = match options.open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                // A folder made for nothing; it stays where it holds anything.
                let _may_fail = fs::remove_dir(folder);
                return Err(WriteError::io("write", &path, error));
            }
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(WriteError::Busy(folder.to_owned())),
            Err(TryLockError::Error(error)) => return Err(WriteError::io("lock", &path, error)),
        }
        // Whoever had the lock before may have taken the folder away with it.
        let same = inode(&path).is_some() && inode(&path) == inode_of(&file);
        Ok(same.then_some(file))
    }

    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// The error that this folder is none of ours.
    pub fn foreign(&self, why: String) -> WriteError {
        foreign(&self.path, why)
    }

    /// Where the content of a file is kept.
    pub fn kept(&self, index: usize, new: bool) -> Utf8PathBuf {
        let kind = if new { "new" } else { "old" };
        self.path.join(format!("{kind}-{index}"))
    }

    /// Whether an earlier write left anything.
    pub fn is_fresh(&self) -> Result<bool, WriteError> {
        let failed = |error| WriteError::io("read", &self.path, error);
        let mut entries = fs::read_dir(&self.path).map_err(failed)?;
        Ok(entries.all(|entry| entry.is_ok_and(|entry| entry.file_name() == LOCK)))
    }

    /// Records what is to be written.
    pub fn record(&self, files: Vec<Recorded>) -> Result<(), WriteError> {
        let record = Record {
            inode: inode(&self.path).unwrap_or(0),
            files,
        };
        let partial = self.path.join(PARTIAL);
        let bytes = serde_json::to_vec(&record)
            .map_err(|error| WriteError::io("write", &partial, error.into()))?;
        file::write(&partial, &bytes, None)?;
        self.rename(&partial, Stage::Staging)
    }

    fn rename(&self, from: &Utf8Path, to: Stage) -> Result<(), WriteError> {
        let to = self.path.join(to.name());
        fs::rename(from, &to).map_err(|error| WriteError::io("write", &to, error))?;
        file::sync_folder(&to);
        Ok(())
    }

    /// One rename from one stage to the next.
    pub fn advance(&self, from: Stage, to: Stage) -> Result<(), WriteError> {
        self.rename(&self.path.join(from.name()), to)
    }

    /// How far a write is that was left here, and what it was to write.
    pub fn left(&self) -> Result<Option<(Stage, Record)>, WriteError> {
        for stage in Stage::ALL {
            let path = self.path.join(stage.name());
            let Some(bytes) = file::read(&path)? else {
                continue;
            };
            let record: Record = serde_json::from_slice(&bytes)
                .map_err(|error| foreign(&self.path, format!("{}: {error}", stage.name())))?;
            if Some(record.inode) != inode(&self.path) {
                return Err(foreign(&self.path, "it is a copy"));
            }
            return Ok(Some((stage, record)));
        }
        Ok(None)
    }

    /// Removes the folder with all that a write left in it, the record last: until then, whoever
    /// finds it knows that nothing was replaced.
    pub fn discard(self) -> Result<(), WriteError> {
        let failed = |error| WriteError::io("read", &self.path, error);
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            let kept = name.to_str().is_some_and(|name| {
                let number = name.strip_prefix("old-").or(name.strip_prefix("new-"));
                let number = number.is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
                number || name == PARTIAL
            });
            if kept {
                file::remove(&self.path.join(name.to_str().unwrap_or_default()))?;
            }
        }
        for stage in Stage::ALL {
            file::remove(&self.path.join(stage.name()))?;
        }
        file::remove(&self.path.join(LOCK))?;
        match fs::remove_dir(&self.path) {
            Ok(()) => Ok(()),
            // The next one has made its lock already.
            Err(_) if self.path.join(LOCK).exists() => Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(foreign(&self.path, error.to_string())),
        }
    }

    /// Takes the folder away after everything was written: by one rename, after which nobody asks
    /// any more whether it was.
    pub fn done(self) -> Result<(), WriteError> {
        let done = self.root.join(DONE);
        // There, no folder is renamed while a file in it is open.
        #[cfg(windows)]
        drop(self._lock);
        for _ in 0..TRIES {
            clear_done(&self.root)?;
            match fs::rename(&self.path, &done) {
                Ok(()) => {
                    file::sync_folder(&done);
                    clear_done(&self.root)?;
                    return Ok(());
                }
                Err(error) if is_full(&error) => {}
                Err(error) => return Err(WriteError::io("remove", &self.path, error)),
            }
        }
        Err(WriteError::Busy(done))
    }
}

fn is_full(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists
    )
}

/// Removes what a finished write left; says whether there was anything.
pub fn clear_done(root: &Utf8Path) -> Result<bool, WriteError> {
    let done = root.join(DONE);
    match fs::symlink_metadata(&done) {
        Ok(data) if data.is_dir() => {}
        Ok(_) => return Err(foreign(&done, "it is no folder")),
        Err(_) => return Ok(false),
    }
    match fs::remove_dir_all(&done) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(WriteError::io("remove", &done, error)),
    }
}
