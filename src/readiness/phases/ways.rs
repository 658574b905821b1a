//! The commands that keep a state of the files, and those that bring it back.

use std::collections::BTreeSet;

use crate::plan::order::is_pattern;
use crate::workspace::run::quoted;

use super::keep::{File, Keep, Kept, Repository};

/// Folder of the copies, in the workspace's root.
const COPIES: &str = ".otel-check-rollback";

/// A state that can be come back to.
#[derive(Debug, Clone)]
pub struct Mark {
    /// Name of the tag, and of the folder of the copies.
    pub label: String,
    /// Which of [`Keep::files`] are there.
    pub there: BTreeSet<usize>,
    /// Whether the lock fits the manifests, so that a command can show it.
    pub fits: bool,
}

/// Makes commands for one workspace.
pub struct Ways<'a> {
    pub keep: &'a Keep,
    /// The command that shows that the lock fits the manifests.
    pub fits: String,
}

impl Ways<'_> {
    /// Keeps the state as it is.
    pub fn mark(&self, label: &str, there: &BTreeSet<usize>) -> Vec<String> {
        let mut commands = Vec::new();
        for repository in &self.keep.repositories {
            let git = git(repository, &[]);
            commands.push(format!("{git} tag --no-sign --force {}", quoted(label)));
        }
        let folder = quoted(&format!("{COPIES}/{label}"));
        let copies = self.copies().filter(|(at, _, _)| there.contains(at));
        let mut copied: Vec<String> = copies
            .map(|(_, file, number)| {
                let to = copy_of(label, number, file);
                format!("cp -p -- {} {}", quoted(&file.shown), quoted(&to))
            })
            .collect();
        if !copied.is_empty() {
            copied.insert(0, format!("mkdir -p -- {folder}"));
        }
        commands.extend(copied);
        commands
    }

    /// Commits these files, those not there before included.
    pub fn commit(&self, message: &str, changed: &BTreeSet<usize>, was: &Mark) -> Vec<String> {
        let mut commands = Vec::new();
        for (number, repository) in self.keep.repositories.iter().enumerate() {
            let names = self.names(number, changed, |_| true);
            if names.is_empty() {
                continue;
            }
            let new = self.names(number, changed, |at| !was.there.contains(&at));
            if !new.is_empty() {
                commands.push(format!("{} add -- {}", git(repository, &new), words(&new)));
            }
            let git = git(repository, &names);
            commands.push(format!(
                "{git} commit --quiet --message {} -- {}",
                quoted(message),
                words(&names)
            ));
        }
        commands
    }

    /// Brings these files back to a state, shows that the lock fits, and commits it.
    pub fn restore(&self, mark: &Mark, changed: &BTreeSet<usize>, message: &str) -> Vec<String> {
        let mut commands = Vec::new();
        for (number, repository) in self.keep.repositories.iter().enumerate() {
            let old = self.names(number, changed, |at| mark.there.contains(&at));
            if !old.is_empty() {
                let git = git(repository, &old);
                let label = quoted(&mark.label);
                commands.push(format!("{git} checkout --quiet {label} -- {}", words(&old)));
            }
            let new = self.names(number, changed, |at| !mark.there.contains(&at));
            if !new.is_empty() {
                let git = git(repository, &new);
                let new = words(&new);
                commands.push(format!(
                    "{git} rm --quiet --force --ignore-unmatch -- {new}"
                ));
            }
        }
        for (at, file, number) in self.copies().filter(|(at, _, _)| changed.contains(at)) {
            let shown = quoted(&file.shown);
            commands.push(if mark.there.contains(&at) {
                let from = copy_of(&mark.label, number, file);
                format!("cp -p -- {} {shown}", quoted(&from))
            } else {
                format!("rm -f -- {shown}")
            });
        }
        if mark.fits {
            commands.push(format!("{} > /dev/null", self.fits));
        }
        for (number, repository) in self.keep.repositories.iter().enumerate() {
            let names = self.names(number, changed, |_| true);
            if names.is_empty() {
                continue;
            }
            let git = git(repository, &names);
            let names = words(&names);
            let message = quoted(message);
            commands.push(format!(
                "{git} diff --cached --quiet -- {names} || {git} commit --quiet --message {message} -- {names}"
            ));
        }
        commands
    }

    /// Shows that these files are as they were kept, each with what it shows and the first of the
    /// files it looks at.
    pub fn untouched(&self, mark: &Mark, files: &BTreeSet<usize>) -> Vec<(String, String, usize)> {
        let mut gates = Vec::new();
        let there: BTreeSet<usize> = files.intersection(&mark.there).copied().collect();
        for (number, repository) in self.keep.repositories.iter().enumerate() {
            let names = self.names(number, &there, |_| true);
            let first = self.in_repository(number, &there).next();
            let Some((first, _)) = first else { continue };
            gates.push((
                format!(
                    "{} diff --quiet HEAD -- {}",
                    git(repository, &names),
                    words(&names)
                ),
                "nothing in the files that change is in no commit".to_owned(),
                first,
            ));
        }
        for (at, file, number) in self.copies().filter(|(at, _, _)| there.contains(at)) {
            let copy = quoted(&copy_of(&mark.label, number, file));
            gates.push((
                format!("cmp -s -- {copy} {}", quoted(&file.shown)),
                format!("the copy of {} is what stands there", file.shown),
                at,
            ));
        }
        gates
    }

    fn copies(&self) -> impl Iterator<Item = (usize, &File, usize)> {
        let files = self.keep.files.iter().enumerate();
        files.filter_map(|(at, file)| match file.kept {
            Kept::Copy { number, .. } => Some((at, file, number)),
            Kept::Git { .. } => None,
        })
    }

    fn in_repository(
        &self,
        number: usize,
        among: &BTreeSet<usize>,
    ) -> impl Iterator<Item = (usize, &str)> {
        let files = self.keep.files.iter().enumerate();
        let among = files.filter(|(at, _)| among.contains(at));
        among.filter_map(move |(at, file)| match &file.kept {
            Kept::Git {
                repository, name, ..
            } if *repository == number => Some((at, name.as_str())),
            Kept::Git { .. } | Kept::Copy { .. } => None,
        })
    }

    fn names(
        &self,
        repository: usize,
        among: &BTreeSet<usize>,
        wanted: impl Fn(usize) -> bool,
    ) -> Vec<&str> {
        let files = self.in_repository(repository, among);
        let files = files.filter(|(at, _)| wanted(*at));
        files.map(|(_, name)| name).collect()
    }
}

/// Where a state's copy of a file is. It never has a name that cargo looks for.
fn copy_of(label: &str, number: usize, file: &File) -> String {
    let name = file.path.file_name().unwrap_or_default();
    format!("{COPIES}/{label}/{number}-{name}")
}

/// Git for a repository, where names that would be patterns are no patterns.
fn git(repository: &Repository, names: &[&str]) -> String {
    let literal = names.iter().any(|name| is_pattern(name));
    let mut text = "git".to_owned();
    if let Some(at) = &repository.at {
        text.push_str(&format!(" -C {}", quoted(at)));
    }
    if literal {
        text.push_str(" --literal-pathspecs");
    }
    text
}

fn words(names: &[&str]) -> String {
    let words: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    words.join(" ")
}
