//! What keeps the files that change: git, where it tracks them, else copies.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use crate::plan::write::clean::ELSEWHERE;

/// Files that change, and the repositories that keep them.
#[derive(Debug, Clone)]
pub struct Keep {
    /// Those that track at least one of the files.
    pub repositories: Vec<Repository>,
    /// Tops of repositories that a file is in, tracked or not.
    pub tops: Vec<Utf8PathBuf>,
    /// In the order of their paths, the lock last.
    pub files: Vec<File>,
}

#[derive(Debug, Clone)]
pub struct Repository {
    pub top: Utf8PathBuf,
    /// Its folder as seen from the workspace's root; none where git finds it there by itself.
    pub at: Option<String>,
}

#[derive(Debug, Clone)]
pub struct File {
    /// As manifests are named everywhere.
    pub path: Utf8PathBuf,
    /// As seen from the workspace's root.
    pub shown: String,
    pub kept: Kept,
}

/// By what a file is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    Git {
        /// Which of [`Keep::repositories`].
        repository: usize,
        /// As the repository's commands name it.
        name: String,
        /// Whether it is not there yet, and is to be added when it is.
        new: bool,
    },
    Copy {
        /// By which the copies of this file are named.
        number: usize,
        /// Whether a repository is around it that neither tracks nor ignores it: `fix` takes it for
        /// a change that is in no commit.
        loose: bool,
        /// Whether a repository ignores it.
        ignored: bool,
    },
}

/// Where the commands are given.
struct Here<'a> {
    /// The workspace's root, links followed.
    root: &'a Utf8Path,
    /// Top of the repository that git finds there.
    own: Option<&'a Utf8Path>,
}

/// A file before it is known what keeps it.
struct Found {
    path: Utf8PathBuf,
    /// Links in the folders above it followed; none for a link itself, which git keeps as such.
    real: Option<Utf8PathBuf>,
    top: Option<Utf8PathBuf>,
}

impl Keep {
    /// Asks git about these manifests and the lock in the workspace's root.
    pub fn new(root: &Utf8Path, manifests: &[Utf8PathBuf]) -> Self {
        let lock = root.join("Cargo.lock");
        let found: Vec<Found> = manifests.iter().chain([&lock]).map(Found::new).collect();
        let tops: BTreeSet<&Utf8PathBuf> =
            found.iter().filter_map(|one| one.top.as_ref()).collect();
        let tops: Vec<Utf8PathBuf> = tops.into_iter().cloned().collect();
        let root_real = root.canonicalize_utf8().unwrap_or_else(|_| root.to_owned());
        // One around it may hold files, too.
        let own = top_of(&root_real);
        let here = Here {
            root: &root_real,
            own: own.as_deref(),
        };
        let mut repositories: Vec<Repository> = Vec::new();
        let mut files = Vec::new();
        for (number, one) in found.iter().enumerate() {
            let kept = match one.in_repository() {
                Some((top, name)) if tracks(top, &name) => {
                    Kept::git(one, &here, top, &name, false, &mut repositories)
                }
                Some((top, name)) => {
                    let ignored = ignores(top, &name);
                    // A new lock goes to where cargo's users keep theirs: into the repository.
                    if !one.path.exists() && !ignored && has_commit(top) {
                        Kept::git(one, &here, top, &name, true, &mut repositories)
                    } else {
                        Kept::Copy {
                            number: number + 1,
                            loose: !ignored,
                            ignored,
                        }
                    }
                }
                None => Kept::Copy {
                    number: number + 1,
                    loose: false,
                    ignored: false,
                },
            };
            files.push(File {
                path: one.path.clone(),
                shown: seen_from(root, &one.path),
                kept,
            });
        }
        Self {
            repositories,
            tops,
            files,
        }
    }

    /// Whether `fix` would find something that no commit holds.
    pub fn is_loose(&self) -> bool {
        self.files.iter().any(|file| match file.kept {
            Kept::Copy { loose, .. } => loose,
            Kept::Git { .. } => false,
        })
    }
}

impl Kept {
    fn git(
        file: &Found,
        here: &Here<'_>,
        top: &Utf8Path,
        name: &str,
        new: bool,
        repositories: &mut Vec<Repository>,
    ) -> Self {
        let own = here.own == Some(top);
        let known = repositories.iter().position(|one| one.top == top);
        let repository = known.unwrap_or_else(|| {
            repositories.push(Repository {
                top: top.to_owned(),
                at: (!own).then(|| seen_from(here.root, top)),
            });
            repositories.len() - 1
        });
        let real = file.real.as_deref().unwrap_or(&file.path);
        Self::Git {
            repository,
            name: if own {
                seen_from(here.root, real)
            } else {
                name.to_owned()
            },
            new,
        }
    }
}

impl Found {
    fn new(path: &Utf8PathBuf) -> Self {
        let folder = path
            .parent()
            .and_then(|folder| folder.canonicalize_utf8().ok());
        let is_link = path.symlink_metadata().is_ok_and(|data| data.is_symlink());
        let name = path.file_name().filter(|_| !is_link);
        let real = folder
            .as_ref()
            .zip(name)
            .map(|(folder, name)| folder.join(name));
        let top = folder
            .filter(|_| !is_link)
            .and_then(|folder| top_of(&folder));
        Self {
            path: path.clone(),
            real,
            top,
        }
    }

    /// Its repository, and its name as seen from that one's top.
    fn in_repository(&self) -> Option<(&Utf8Path, String)> {
        let top = self.top.as_deref()?;
        let name = self.real.as_ref()?.strip_prefix(top).ok()?;
        Some((top, name.to_string()))
    }
}

/// Top of the repository that git finds in a folder.
fn top_of(folder: &Utf8Path) -> Option<Utf8PathBuf> {
    let said = git(folder, &["rev-parse", "--show-toplevel"])?;
    Some(Utf8PathBuf::from(said.trim_end_matches(['\n', '\r'])))
}

/// Whether a file is in the last commit and in the index.
fn tracks(top: &Utf8Path, name: &str) -> bool {
    let says = |arguments: &[&str]| git(top, arguments).is_some_and(|said| !said.is_empty());
    says(&["ls-files", "-z", "--cached", "--", name])
        && says(&["ls-tree", "-z", "HEAD", "--", name])
}

fn ignores(top: &Utf8Path, name: &str) -> bool {
    // It takes no patterns, and refuses to be told so; `./` keeps a colon from meaning anything.
    let name = format!("./{name}");
    said(top, &["check-ignore", "--quiet", "--", &name]).is_some()
}

fn has_commit(top: &Utf8Path) -> bool {
    git(top, &["rev-parse", "--verify", "--quiet", "HEAD"]).is_some()
}

/// What git prints, where it is there and succeeds. It only looks.
pub fn git(folder: &Utf8Path, arguments: &[&str]) -> Option<String> {
    said(folder, &[&["--literal-pathspecs"], arguments].concat())
}

fn said(folder: &Utf8Path, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new("git");
    for name in ELSEWHERE {
        command.env_remove(name);
    }
    let output = command
        .args(["--no-optional-locks", "-c", "core.fsmonitor=false", "-C"])
        .arg(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then_some(text)
}

/// A path as seen from a folder, both absolute; as it is where they have nothing in common.
pub fn seen_from(folder: &Utf8Path, path: &Utf8Path) -> String {
    let common = path.components().zip(folder.components());
    let common = common.take_while(|(one, other)| one == other).count();
    if common == 0 {
        return path.to_string();
    }
    let up = folder
        .components()
        .skip(common)
        .map(|_| Utf8Component::ParentDir);
    let down = path.components().skip(common);
    let parts: Vec<&str> = up.chain(down).map(|part| part.as_str()).collect();
    if parts.is_empty() {
        return ".".to_owned();
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::seen_from;

    #[test]
    fn paths_as_seen_from_a_folder() {
        for (folder, path, expected) in [
            ("/a/b", "/a/b/Cargo.toml", "Cargo.toml"),
            ("/a/b", "/a/c/Cargo.toml", "../c/Cargo.toml"),
            ("/a/b/c", "/a", "../.."),
            ("/a", "/a", "."),
        ] {
            assert_eq!(seen_from(folder.into(), path.into()), expected);
        }
    }
}
