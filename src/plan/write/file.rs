//! One file: read, staged beside itself, put in place.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{ErrorKind, Write as _};

use camino::{Utf8Path, Utf8PathBuf};

use super::WriteError;

/// The bytes of a file; none where there is none.
pub fn read(path: &Utf8Path) -> Result<Option<Vec<u8>>, WriteError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(WriteError::io("read", path, error)),
    }
}

/// The file that is really written: links are followed, so that they stay links.
pub fn real(path: &Utf8Path, there: bool) -> Result<Utf8PathBuf, WriteError> {
    let resolve = |path: &Utf8Path| {
        let real = path.canonicalize_utf8();
        real.map_err(|error| WriteError::io("find", path, error))
    };
    if there {
        return resolve(path);
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_str().is_empty() => folder,
        _ => Utf8Path::new("."),
    };
    if fs::symlink_metadata(path).is_ok() {
        return Err(WriteError::Changed(path.to_owned()));
    }
    Ok(resolve(folder)?.join(path.file_name().unwrap_or_default()))
}

/// Where the new content of a file waits: in the same folder, so that one rename puts it in place,
/// and so that a folder or disk that takes no file shows before anything has changed.
pub fn beside(path: &Utf8Path) -> Utf8PathBuf {
    let name = path.file_name().unwrap_or_default();
    path.with_file_name(format!(".{name}.otel-check-fix"))
}

/// Writes a new file through to the disk.
pub fn write(path: &Utf8Path, bytes: &[u8], like: Option<&Metadata>) -> Result<(), WriteError> {
    let failed = |error| WriteError::io("write", path, error);
    remove(path)?;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    if let Some(like) = like {
        own(&file, like);
        file.set_permissions(like.permissions()).map_err(failed)?;
    }
    file.sync_all().map_err(failed)
}

/// Gives a file the owner of another one, where that is allowed.
#[cfg(unix)]
fn own(file: &File, like: &Metadata) {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let Ok(now) = file.metadata() else { return };
    if (now.uid(), now.gid()) != (like.uid(), like.gid()) {
        // Whoever may not is told by no editor either: the content is what counts.
        let _may_fail = fchown(file, Some(like.uid()), Some(like.gid()));
    }
}

#[cfg(not(unix))]
fn own(_: &File, _: &Metadata) {}

/// Stages a content beside its file.
pub fn stage(path: &Utf8Path, bytes: &[u8]) -> Result<(), WriteError> {
    let like = fs::metadata(path).ok();
    write(&beside(path), bytes, like.as_ref())
}

/// Puts a staged content in place.
pub fn place(path: &Utf8Path) -> Result<(), WriteError> {
    fs::rename(beside(path), path).map_err(|error| WriteError::io("replace", path, error))?;
    sync_folder(path);
    Ok(())
}

/// Removes a file, if it is there.
pub fn remove(path: &Utf8Path) -> Result<(), WriteError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(WriteError::io("remove", path, error)),
    }
}

/// Makes sure that the names in the folder of a file are on the disk. Not every file system can.
pub fn sync_folder(path: &Utf8Path) {
    if let Some(folder) = path.parent()
        && let Ok(folder) = File::open(folder)
    {
        let _may_fail = folder.sync_all();
    }
}
