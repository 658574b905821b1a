//! Lays a survey out in a temporary folder.

use std::collections::BTreeSet;
use std::fs;
use std::sync::{Mutex, MutexGuard, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};

use super::place::Place;
use super::relocate::relocate;
use super::survey::Survey;
use super::{ShadowError, targets};

/// What stands in a copy for the files of targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sources {
    /// Empty files.
    Stubs,
    /// The files themselves.
    Real,
}

/// A copy on disk, which grows as further packages come to be reached.
pub struct Tree {
    pub place: Place,
    sources: Sources,
    /// Real paths of the files of targets laid out so far.
    laid: Mutex<BTreeSet<Utf8PathBuf>>,
}

impl Tree {
    pub fn new(place: Place, sources: Sources) -> Self {
        Self {
            place,
            sources,
            laid: Mutex::default(),
        }
    }

    /// Writes everything that a survey found.
    pub fn lay(&self, survey: &Survey<'_>) -> Result<(), ShadowError> {
        for folder in &survey.folders {
            make(&self.place.there(folder)?)?;
        }
        let mut laid = self.laid();
        for (path, found) in &survey.found {
            self.manifest(path, &found.text)?;
            if !found.facts.package {
                continue;
            }
            let folder = path.parent().unwrap_or(path);
            for file in targets::files(folder, &found.facts) {
                if laid.contains(&file) {
                    continue;
                }
                let there = self.place.there(&file)?;
                match self.sources {
                    Sources::Stubs => write(&there, "")?,
                    Sources::Real => copy(&file, &there)?,
                }
                laid.insert(file);
            }
        }
        Ok(())
    }

    /// Writes a manifest, given by its real path.
    pub fn manifest(&self, real: &Utf8Path, text: &str) -> Result<(), ShadowError> {
        write(&self.place.there(real)?, &self.text(text))
    }

    /// The text of a manifest as it stands in the copy.
    pub fn text(&self, text: &str) -> String {
        let absolute = ["\"/", "'/"].iter().any(|quote| text.contains(quote));
        if absolute || cfg!(windows) && text.contains(':') {
            relocate(text, &self.place)
        } else {
            text.to_owned()
        }
    }

    /// Writes a lockfile, or takes it away.
    pub fn lock(&self, root: &Utf8Path, text: Option<&str>) -> Result<(), ShadowError> {
        let there = self.place.there(&root.join("Cargo.lock"))?;
        match text {
            Some(text) => write(&there, text),
            None => match fs::remove_file(&there) {
                Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                    Err(ShadowError::Write {
                        path: there,
                        source,
                    })
                }
                _ => Ok(()),
            },
        }
    }

    fn laid(&self) -> MutexGuard<'_, BTreeSet<Utf8PathBuf>> {
        // A set stays whole whatever its holder did.
        self.laid.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes a file, with the folders above it. Writes nothing where it says the same already.
pub fn write(path: &Utf8Path, text: &str) -> Result<(), ShadowError> {
    if fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    let fail = |source| ShadowError::Write {
        path: path.to_owned(),
        source,
    };
    make(path.parent().unwrap_or(path))?;
    fs::write(path, text).map_err(fail)
}

/// Copies a file's content, with the folders above it. Modes stay behind but for the right to run:
/// what is read-only must be written here.
pub fn copy(from: &Utf8Path, to: &Utf8Path) -> Result<(), ShadowError> {
    make(to.parent().unwrap_or(to))?;
    let fail = |source| ShadowError::Copy {
        path: from.to_owned(),
        source,
    };
    fs::copy(from, to).map_err(fail)?;
    let mode = fs::metadata(to).map_err(fail)?.permissions();
    if mode.readonly() {
        fs::set_permissions(to, writable(mode)).map_err(fail)?;
    }
    Ok(())
}

#[cfg(unix)]
fn writable(mut mode: fs::Permissions) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    mode.set_mode(mode.mode() | 0o200);
    mode
}

#[cfg(not(unix))]
#[allow(
    clippy::permissions_set_readonly_false,
    reason = "there is no wider mode here"
)]
fn writable(mut mode: fs::Permissions) -> fs::Permissions {
    mode.set_readonly(false);
    mode
}

/// Makes a folder, with those above it.
pub fn make(path: &Utf8Path) -> Result<(), ShadowError> {
    fs::create_dir_all(path).map_err(|source| ShadowError::Write {
        path: path.to_owned(),
        source,
    })
}
