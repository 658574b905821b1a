//! The files of a package: read at most once where memory allows, outlined at most once.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::outline::Outline;
use super::problem::{Problem, Trouble};
use super::tokens::Tokens;

/// A file above this size is data, whatever its name says. Generated bindings are the largest real
/// ones, and they name no crate.
const LARGEST: u64 = 4 << 20;
/// How much text of one package is kept in memory. What goes beyond is read again when asked for.
const KEPT: usize = 4 << 20;

/// One file of a package.
#[derive(Debug)]
pub(super) struct SourceFile {
    /// Relative to the package's folder, with forward slashes.
    pub(super) path: Arc<Utf8Path>,
    kept: Option<Arc<str>>,
    /// Whether it held bytes that are not UTF-8.
    pub(super) lossy: bool,
    outline: OnceLock<Outline>,
}

/// All files of a package that were asked for.
#[derive(Debug)]
pub(super) struct Files {
    folder: Utf8PathBuf,
    known: Mutex<HashMap<Utf8PathBuf, Option<Arc<SourceFile>>>>,
    kept: AtomicUsize,
    problems: Mutex<BTreeSet<Problem>>,
}

impl Files {
    pub(super) fn new(folder: Utf8PathBuf) -> Files {
        Files {
            folder,
            known: Mutex::default(),
            kept: AtomicUsize::new(0),
            problems: Mutex::default(),
        }
    }

    pub(super) fn report(&self, file: &Utf8Path, trouble: Trouble) {
        let problem = Problem {
            file: file.to_owned(),
            trouble,
        };
        self.problems
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(problem);
    }

    pub(super) fn problems(&self) -> Vec<Problem> {
        self.problems
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }

    pub(super) fn folder_exists(&self) -> bool {
        self.folder.is_dir()
    }

    /// A path as files of this package are known by: relative to its folder where it lies below.
    pub(super) fn relative(&self, path: &Utf8Path) -> Utf8PathBuf {
        tidy(path.strip_prefix(&self.folder).unwrap_or(path))
    }

    /// The file at a path relative to the package's folder; `None` where there is none that can be
    /// read. Says nothing about a missing one: not every candidate must exist.
    pub(super) fn get(&self, path: &Utf8Path) -> Option<Arc<SourceFile>> {
        let path = tidy(path);
        let known = self
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&path)
            .cloned();
        if let Some(file) = known {
            return file;
        }
        let loaded = match self.load(&path) {
            Ok(file) => Some(Arc::new(file)),
            Err(Trouble::Missing) => None,
            Err(trouble) => {
                self.report(&path, trouble);
                None
            }
        };
        // Another thread may have been faster; all must go on with the same file.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(path).or_insert(loaded).clone()
    }

    fn load(&self, path: &Utf8Path) -> Result<SourceFile, Trouble> {
        let (text, lossy) = self.read(path)?;
        if lossy {
            self.report(path, Trouble::NotUtf8);
        }
        let more = |kept: usize| Some(kept + text.len()).filter(|kept| *kept <= KEPT);
        let kept = self
            .kept
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more)
            .is_ok();
        Ok(SourceFile {
            path: Arc::from(path),
            kept: kept.then(|| Arc::from(text)),
            lossy,
            outline: OnceLock::new(),
        })
    }

    fn read(&self, path: &Utf8Path) -> Result<(String, bool), Trouble> {
        let path = self.folder.join(path);
        let about = std::fs::metadata(&path).map_err(|error| trouble(&error))?;
        // Opening a pipe would wait for somebody to write.
        if !about.is_file() {
            return Err(Trouble::Missing);
        }
        if about.len() > LARGEST {
            return Err(Trouble::TooLarge { bytes: about.len() });
        }
        let mut bytes = Vec::with_capacity(about.len() as usize + 1);
        let file = File::open(&path).map_err(|error| trouble(&error))?;
        file.take(LARGEST + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| trouble(&error))?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok((text, false)),
            Err(error) => Ok((String::from_utf8_lossy(error.as_bytes()).into_owned(), true)),
        }
    }

    /// The text of a file. `None` where it had to be read again and is gone.
    pub(super) fn text(&self, file: &SourceFile) -> Option<Arc<str>> {
        file.kept.clone().or_else(|| match self.read(&file.path) {
            Ok((text, _)) => Some(Arc::from(text)),
            Err(trouble) => {
                self.report(&file.path, trouble);
                None
            }
        })
    }

    pub(super) fn outline<'f>(&self, file: &'f SourceFile) -> &'f Outline {
        file.outline.get_or_init(|| {
            let text = self.text(file).unwrap_or_default();
            self.outlined(file, &Tokens::new(&text))
        })
    }

    /// The same, where the file's tokens are at hand.
    pub(super) fn outline_of<'f>(&self, file: &'f SourceFile, tokens: &Tokens<'_>) -> &'f Outline {
        file.outline.get_or_init(|| self.outlined(file, tokens))
    }

    fn outlined(&self, file: &SourceFile, tokens: &Tokens<'_>) -> Outline {
        let outline = Outline::new(tokens);
        if let Some(flaw) = outline.flaw {
            self.report(
                &file.path,
                Trouble::Malformed {
                    fault: flaw.fault,
                    line: flaw.line,
                },
            );
        }
        outline
    }
}

fn trouble(error: &std::io::Error) -> Trouble {
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Trouble::Missing,
        _ => Trouble::Unreadable {
            error: error.to_string(),
        },
    }
}

/// The path without `.` and, where a folder stands before it, without `..`.
pub(super) fn tidy(path: &Utf8Path) -> Utf8PathBuf {
    let mut parts: Vec<&str> = Vec::new();
    let mut start = Utf8PathBuf::new();
    for component in path.components() {
        match component {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir if parts.last().is_some_and(|part| *part != "..") => {
                parts.pop();
            }
            Utf8Component::Prefix(_) | Utf8Component::RootDir => start.push(component.as_str()),
            Utf8Component::ParentDir | Utf8Component::Normal(_) => parts.push(component.as_str()),
        }
    }
    // Forward slashes on every system.
    start.join(parts.join("/"))
}
