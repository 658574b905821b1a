//! Copies real sources to where cargo compiles them.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use crate::plan::shadow::{Shadow, ShadowError, copy, normal};

/// The largest file that is taken along from outside the workspace and its packages.
const LARGEST_BESIDE: u64 = 16 << 20;

/// What was copied so far.
#[derive(Default)]
pub struct Copied {
    /// Files that were found, those among them that a shadow writes itself.
    found: BTreeSet<Utf8PathBuf>,
    written: BTreeSet<Utf8PathBuf>,
    repositories: BTreeSet<Utf8PathBuf>,
    /// Only files that it takes, of the packages alone; everything where there is none.
    only: Option<fn(&Utf8Path) -> bool>,
}

impl Copied {
    /// For those files alone that are taken, and nothing of the repository around them.
    pub fn only(taken: fn(&Utf8Path) -> bool) -> Self {
        Self {
            only: Some(taken),
            ..Self::default()
        }
    }

    /// Copies folders of packages, real ones, to where a shadow has them: all that git does not
    /// ignore, and where git is not at hand all but build output. Of the repository around them the
    /// tracked files come along, since code may include them.
    pub fn add(&mut self, folders: &[Utf8PathBuf], shadow: &Shadow) -> Result<(), ShadowError> {
        let listing = Listing::new(shadow);
        for folder in folders {
            if self.found.contains(&folder.join("Cargo.toml")) {
                continue;
            }
            self.found
                .extend(listing.folder(folder, true, &mut Vec::new()));
            if self.only.is_none()
                && let Some(top) = repository(folder)
                && self.repositories.insert(top.clone())
            {
                self.found.extend(tracked(&top));
            }
        }
        let lock = shadow.root().join("Cargo.lock");
        let own = |file: &Utf8PathBuf| *file == lock || shadow.manifests().contains_key(file);
        let new: Vec<&Utf8PathBuf> = self.found.difference(&self.written).collect();
        new.par_iter()
            .filter(|file| !own(file) && self.only.is_none_or(|taken| taken(file)))
            .try_for_each(|file| copy(file, &shadow.place().there(file)?))?;
        self.written = self.found.clone();
        Ok(())
    }
}

/// Lists files to copy.
struct Listing {
    /// The folder of the copies, links resolved.
    temporary: Option<Utf8PathBuf>,
    root: Utf8PathBuf,
}

impl Listing {
    fn new(shadow: &Shadow) -> Self {
        let temporary = Utf8Path::from_path(shadow.temporary());
        Self {
            temporary: temporary.and_then(|path| path.canonicalize_utf8().ok()),
            root: shadow.root().to_owned(),
        }
    }

    /// The files of a folder. `inside` holds the folders that are being listed, links resolved.
    fn folder(
        &self,
        folder: &Utf8Path,
        ask_git: bool,
        inside: &mut Vec<Utf8PathBuf>,
    ) -> Vec<Utf8PathBuf> {
        let Ok(resolved) = folder.canonicalize_utf8() else {
            return Vec::new();
        };
        // A link to a folder around itself has no end.
        let linked = resolved != folder && !inside.is_empty();
        if linked && self.is_around(&resolved)
            || inside.contains(&resolved)
            || self.temporary.as_ref() == Some(&resolved)
        {
            return Vec::new();
        }
        inside.push(resolved);
        let ask_git = ask_git || folder.join(".git").exists();
        let listed = ask_git.then(|| git_files(folder)).flatten();
        let ask_further = listed.is_some();
        let mut files = Vec::new();
        let mut caches = HashMap::new();
        for path in listed.unwrap_or_else(|| entries(folder)) {
            if is_in_cache(&path, folder, &mut caches) {
                continue;
            }
            match fs::metadata(&path) {
                // Git lists a folder where it is a link or a repository of its own.
                Ok(data) if data.is_dir() && path != folder => {
                    files.extend(self.folder(&path, ask_further, inside));
                }
                Ok(data) if data.is_file() => files.push(path),
                // A pipe or socket, or a link to nothing.
                Ok(_) | Err(_) => {}
            }
        }
        inside.pop();
        files
    }

    fn is_around(&self, folder: &Utf8Path) -> bool {
        let temporary = self.temporary.as_ref();
        self.root.starts_with(folder) || temporary.is_some_and(|path| path.starts_with(folder))
    }
}

/// Tracked files of a repository, the large ones left out.
fn tracked(top: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut files = git(top, &["ls-files", "-z", "--cached"]).unwrap_or_default();
    files.retain(|path| {
        fs::metadata(path).is_ok_and(|data| data.is_file() && data.len() <= LARGEST_BESIDE)
    });
    files
}

/// What stands directly in a folder.
fn entries(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let entries = folder.read_dir_utf8().into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name() != ".git")
        .map(|entry| entry.path().to_owned())
        .collect()
}

/// Whether a path lies in a folder that is marked as a cache, below `top`.
fn is_in_cache(path: &Utf8Path, top: &Utf8Path, known: &mut HashMap<Utf8PathBuf, bool>) -> bool {
    for folder in path.ancestors().take_while(|folder| *folder != top) {
        if let Some(known) = known.get(folder) {
            return *known;
        }
        if folder.join("CACHEDIR.TAG").is_file() {
            known.insert(folder.to_owned(), true);
            return true;
        }
    }
    if let Some(parent) = path.parent() {
        known.insert(parent.to_owned(), false);
    }
    false
}

/// The files of a folder that git does not ignore; none where git is not at hand, or ignores the
/// folder as a whole.
fn git_files(folder: &Utf8Path) -> Option<Vec<Utf8PathBuf>> {
    let all = [
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ];
    let files = git(folder, &all)?;
    (!files.is_empty()).then_some(files)
}

/// The top of the repository that a folder is part of, where that is another folder.
fn repository(folder: &Utf8Path) -> Option<Utf8PathBuf> {
    let up = run_git(folder, &["rev-parse", "--show-cdup"])?;
    let up = up.trim();
    git_files(folder).filter(|_| !up.is_empty())?;
    Some(normal(&folder.join(up)))
}

/// Paths that git lists, made absolute.
fn git(folder: &Utf8Path, arguments: &[&str]) -> Option<Vec<Utf8PathBuf>> {
    let text = run_git(folder, arguments)?;
    let names = text.split('\0').filter(|name| !name.is_empty());
    let mut paths: Vec<Utf8PathBuf> = names
        .map(|name| folder.join(name.trim_end_matches('/')))
        .collect();
    paths.dedup();
    Some(paths)
}

fn run_git(folder: &Utf8Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        // No program that the repository names is to run.
        .args(["-c", "core.fsmonitor=false"])
        .arg("-C")
        .arg(folder)
        .args(arguments)
        // A hook that runs this has them set for its own repository.
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_PREFIX")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    if !output.status.success() {
        return None;
    }
    String::from_utf8(output.stdout).ok()
}
