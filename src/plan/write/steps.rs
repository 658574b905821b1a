//! The parts of a write: stage, replace, take back. Each can be done again after it was stopped.

use camino::{Utf8Path, Utf8PathBuf};

use super::folder::{Folder, Record, Recorded, Stage};
use super::{Planned, Recovered, Step, Watch, WriteError, file};

/// A file that is really written, with its old and its new content; none for no file.
pub struct Target<'a> {
    path: Utf8PathBuf,
    old: Option<&'a [u8]>,
    new: Option<&'a [u8]>,
}

impl<'a> Target<'a> {
    /// Of a file whose links are resolved already.
    pub fn of(planned: &'a Planned) -> Self {
        Self::at(planned.path.clone(), planned)
    }

    fn at(path: Utf8PathBuf, planned: &'a Planned) -> Self {
        Self {
            path,
            old: planned.old.as_deref(),
            new: planned.new.as_deref(),
        }
    }
}

/// The files of a write that was stopped, with what the folder kept of them.
pub fn recorded(
    root: &Utf8Path,
    folder: &Folder,
    stage: Stage,
    record: &Record,
) -> Result<Vec<Planned>, WriteError> {
    let kept = |index: usize, new: bool, there: bool| {
        if !there {
            return Ok(None);
        }
        let path = folder.kept(index, new);
        let content = file::read(&path)?;
        // While contents are staged some are not there yet, and none is needed.
        if content.is_none() && stage != Stage::Staging {
            return Err(folder.foreign(format!("{path} is missing")));
        }
        Ok(content)
    };
    let planned = |(index, recorded): (usize, &Recorded)| {
        Ok(Planned {
            path: root.join(&recorded.path),
            old: kept(index, false, recorded.old)?,
            new: kept(index, true, recorded.new)?,
        })
    };
    record.files.iter().enumerate().map(planned).collect()
}

/// The files that are really written, if they may be.
pub fn targets(files: &[Planned]) -> Result<Vec<Target<'_>>, WriteError> {
    let mut targets: Vec<Target<'_>> = Vec::new();
    for (index, planned) in files.iter().enumerate() {
        if !matches!(planned.path.file_name(), Some("Cargo.toml" | "Cargo.lock")) {
            return Err(WriteError::NotOurs(planned.path.clone()));
        }
        let path = file::real(&planned.path, planned.old.is_some())?;
        if let Some(twin) = targets.iter().position(|target| target.path == path) {
            return Err(WriteError::Twice {
                first: files[twin].path.clone(),
                second: files[index].path.clone(),
            });
        }
        if std::fs::metadata(&path).is_ok_and(|data| data.permissions().readonly()) {
            return Err(WriteError::Protected(path));
        }
        targets.push(Target::at(path, planned));
    }
    Ok(targets)
}

/// Whether all files are what was read.
pub fn unchanged(targets: &[Target<'_>]) -> Result<(), WriteError> {
    for target in targets {
        if file::read(&target.path)?.as_deref() != target.old {
            return Err(WriteError::Changed(target.path.clone()));
        }
    }
    Ok(())
}

pub fn stage(
    root: &Utf8Path,
    folder: &Folder,
    targets: &[Target<'_>],
    watch: Watch<'_>,
) -> Result<(), WriteError> {
    watch(Step::Record);
    let root = root
        .canonicalize_utf8()
        .map_err(|error| WriteError::io("find", root, error))?;
    let recorded = targets.iter().map(|target| Recorded {
        path: target
            .path
            .strip_prefix(&root)
            .unwrap_or(&target.path)
            .to_owned(),
        old: target.old.is_some(),
        new: target.new.is_some(),
    });
    folder.record(recorded.collect())?;
    for (index, target) in targets.iter().enumerate() {
        watch(Step::Keep(index));
        for (content, new) in [(target.old, false), (target.new, true)] {
            if let Some(content) = content {
                file::write(&folder.kept(index, new), content, None)?;
            }
        }
        watch(Step::Stage(index));
        if let Some(new) = target.new {
            file::stage(&target.path, new)?;
        }
    }
    Ok(())
}

/// Removes what waits beside the files.
pub fn clear(targets: &[Target<'_>]) -> Result<(), WriteError> {
    targets
        .iter()
        .try_for_each(|target| file::remove(&file::beside(&target.path)))
}

/// Gives each file its new content; one that has it already stays.
pub fn replace(targets: &[Target<'_>], watch: Watch<'_>) -> Result<(), WriteError> {
    for (index, target) in targets.iter().enumerate() {
        watch(Step::Replace(index));
        let now = file::read(&target.path)?;
        if now.as_deref() != target.new {
            if now.as_deref() != target.old {
                return Err(WriteError::Changed(target.path.clone()));
            }
            put(&target.path, target.new)?;
        }
        file::remove(&file::beside(&target.path))?;
    }
    Ok(())
}

/// Gives each file that has its new content the old one. One that has neither was changed by
/// somebody, and stays.
fn restore(targets: &[Target<'_>], watch: Watch<'_>) -> Result<(), WriteError> {
    for (index, target) in targets.iter().enumerate() {
        watch(Step::Restore(index));
        if file::read(&target.path)?.as_deref() == target.new {
            file::remove(&file::beside(&target.path))?;
            put(&target.path, target.old)?;
        }
        file::remove(&file::beside(&target.path))?;
    }
    Ok(())
}

/// Puts a content in place, from beside the file where it waits there.
fn put(path: &Utf8Path, content: Option<&[u8]>) -> Result<(), WriteError> {
    let Some(content) = content else {
        file::remove(path)?;
        file::sync_folder(path);
        return Ok(());
    };
    if file::read(&file::beside(path))?.as_deref() != Some(content) {
        file::stage(path, content)?;
    }
    file::place(path)
}

/// Takes back what was replaced before one could not be.
pub fn undo(
    folder: Folder,
    targets: &[Target<'_>],
    cause: WriteError,
    watch: Watch<'_>,
) -> WriteError {
    let path = folder.path().to_owned();
    watch(Step::Undo);
    let undone = folder
        .advance(Stage::Committed, Stage::Undoing)
        .and_then(|()| finish(folder, Stage::Undoing, targets, watch));
    match undone {
        Ok(_) => cause,
        Err(error) => WriteError::Stuck {
            cause: Box::new(cause),
            undo: Box::new(error),
            folder: path,
        },
    }
}

/// Brings a recorded write to its end.
pub fn finish(
    folder: Folder,
    stage: Stage,
    targets: &[Target<'_>],
    watch: Watch<'_>,
) -> Result<Recovered, WriteError> {
    match stage {
        Stage::Staging => {
            watch(Step::CleanUp);
            clear(targets)?;
            folder.discard()?;
            Ok(Recovered::KeptOld)
        }
        Stage::Committed => {
            replace(targets, watch).map_err(|error| match error {
                WriteError::Changed(path) => WriteError::ChangedMeanwhile {
                    path,
                    folder: folder.path().to_owned(),
                },
                other => other,
            })?;
            watch(Step::CleanUp);
            folder.done()?;
            Ok(Recovered::FinishedNew)
        }
        Stage::Undoing => {
            restore(targets, watch)?;
            // From here on nothing is replaced any more: as if it had never been committed.
            watch(Step::CleanUp);
            folder.advance(Stage::Undoing, Stage::Staging)?;
            folder.discard()?;
            Ok(Recovered::KeptOld)
        }
    }
}
