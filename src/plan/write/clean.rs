//! Which files have changes that are in no commit yet.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

/// What git says of some files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    pub vcs: Vcs,
    /// The files with uncommitted changes, those that git does not know included; as given.
    pub dirty: Vec<Utf8PathBuf>,
    /// The files that are in no repository; as given.
    pub outside: Vec<Utf8PathBuf>,
}

/// What there is to compare with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vcs {
    /// At least one of the files is in a repository.
    Git,
    /// No file is in a repository.
    None,
    /// There is a repository, but no git on this machine.
    NoGit,
}

/// Git did not answer.
#[derive(Debug, thiserror::Error)]
pub enum CleanError {
    #[error("cannot run `git status` in {folder}: {source}")]
    Run {
        folder: Utf8PathBuf,
        source: io::Error,
    },
    #[error("`git status` in {folder} failed: {stderr}")]
    Git { folder: Utf8PathBuf, stderr: String },
    #[error("cannot find {path}: {source}")]
    Find {
        path: Utf8PathBuf,
        source: io::Error,
    },
}

impl CleanError {
    /// The next thing to try.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Git { .. } | Self::Run { .. } => {
                Some("run it by hand; `--allow-dirty` goes on without knowing what is uncommitted")
            }
            Self::Find { .. } => None,
        }
    }
}

/// What of git's own settings in the environment would have it look at another repository.
pub(crate) const ELSEWHERE: [&str; 12] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
];

/// How many files one run of git is asked for.
const AT_ONCE: usize = 500;

/// Which of these files have changes that are in no commit. Relative ones are below the root.
/// Each file is looked up in the repository that it is in, be that a submodule or another worktree.
///
/// # Errors
/// Where git is there and does not answer.
pub fn dirty(root: &Utf8Path, files: &[Utf8PathBuf]) -> Result<State, CleanError> {
    dirty_with(OsStr::new("git"), root, files)
}

fn dirty_with(git: &OsStr, root: &Utf8Path, files: &[Utf8PathBuf]) -> Result<State, CleanError> {
    let mut state = State {
        vcs: Vcs::None,
        dirty: Vec::new(),
        outside: Vec::new(),
    };
    let mut repositories: BTreeMap<Utf8PathBuf, Vec<(Utf8PathBuf, &Utf8PathBuf)>> = BTreeMap::new();
    for given in files {
        let real = real(&root.join(given))?;
        match repository(&real) {
            Some(top) => repositories.entry(top).or_default().push((real, given)),
            None => state.outside.push(given.clone()),
        }
    }
    for (top, mut files) in repositories {
        files.sort();
        for files in files.chunks(AT_ONCE) {
            let Some(changed) = status(git, &top, files)? else {
                state.vcs = Vcs::NoGit;
                return Ok(state);
            };
            state.vcs = Vcs::Git;
            let dirty = files.iter().filter(|(real, _)| changed.contains(real));
            state.dirty.extend(dirty.map(|(_, given)| (*given).clone()));
        }
    }
    state.dirty.sort();
    Ok(state)
}

/// The path with its links followed; the file itself may be gone.
fn real(path: &Utf8Path) -> Result<Utf8PathBuf, CleanError> {
    let find = |path: &Utf8Path| {
        path.canonicalize_utf8().map_err(|source| CleanError::Find {
            path: path.to_owned(),
            source,
        })
    };
    match (path.exists(), path.parent(), path.file_name()) {
        (false, Some(folder), Some(name)) => Ok(find(folder)?.join(name)),
        _ => find(path),
    }
}

/// The folder of the repository or worktree that a file is in.
fn repository(file: &Utf8Path) -> Option<Utf8PathBuf> {
    let mut folders = file.ancestors().skip(1);
    // A worktree or submodule has a file there. An empty folder of that name is none to git.
    let is = |folder: &&Utf8Path| {
        let git = folder.join(".git");
        git.is_file() || git.join("HEAD").exists()
    };
    folders.find(is).map(Utf8Path::to_owned)
}

/// The changed ones of some files of one repository; none where git is not there.
fn status(
    git: &OsStr,
    top: &Utf8Path,
    files: &[(Utf8PathBuf, &Utf8PathBuf)],
) -> Result<Option<Vec<Utf8PathBuf>>, CleanError> {
    let mut command = Command::new(git);
    for name in ELSEWHERE {
        command.env_remove(name);
    }
    let names = files
        .iter()
        .map(|(real, _)| real.strip_prefix(top).unwrap_or(real));
    let output = command
        .args([
            "--no-optional-locks",
            "--literal-pathspecs",
            "-c",
            "core.fsmonitor=false",
        ])
        .args(["status", "--porcelain", "-z", "--untracked-files=all", "--"])
        .args(names)
        .current_dir(top)
        .stdin(Stdio::null())
        .output();
    let output = match output {
        Ok(output) => output,
        Err(error) if error.kind() == ErrorKind::NotFound && top.is_dir() => return Ok(None),
        Err(source) => {
            return Err(CleanError::Run {
                folder: top.to_owned(),
                source,
            });
        }
    };
    if !output.status.success() {
        return Err(CleanError::Git {
            folder: top.to_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        });
    }
    Ok(Some(
        parse(&output.stdout)
            .iter()
            .map(|name| top.join(name))
            .collect(),
    ))
}

/// The names in git's answer: two letters, a space and a name each; after a rename or copy the name
/// it had before, which counts as well.
fn parse(answer: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    let mut fields = answer.split(|&byte| byte == 0);
    while let Some(field) = fields.next() {
        let (Some(state), Some(name)) = (field.get(..2), field.get(3..)) else {
            continue;
        };
        names.push(String::from_utf8_lossy(name).into_owned());
        if state.contains(&b'R') || state.contains(&b'C') {
            let before = fields.next().unwrap_or_default();
            names.push(String::from_utf8_lossy(before).into_owned());
        }
    }
    names
}

#[cfg(test)]
#[path = "clean/tests.rs"]
mod tests;
