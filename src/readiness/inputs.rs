//! What an answer is made from, each with its digest.
//!
//! Names are relative to the workspace's root. What lies outside of it is called `outside:PACKAGE`, so
//! that no path of a machine gets into a document.

mod index;
mod sources;

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::{Arc, LazyLock};

use camino::{Utf8Path, Utf8PathBuf};

use crate::policy::{Date, FILE, Policy};
use crate::rules::shipped_files;
use crate::workspace::Manifest;

use super::Ledger;
use super::ledger::digest;
use super::model::{EvidenceKind, InputKind};

pub use index::{Recorder, digest_of as digest_of_releases};
pub use sources::{Bounds, digest_of as digest_of_sources, digest_of_texts};

/// What stands among the inputs where no flag was given on which the answer depends.
pub const NO_FLAGS: &str = "no flags";

/// Where to find it all.
pub struct Gather<'a> {
    /// The workspace's root.
    pub root: &'a Utf8Path,
    /// The manifests that cargo reads, by path: [`crate::plan::shadow::Shadow::manifests`].
    pub manifests: &'a BTreeMap<Utf8PathBuf, Arc<str>>,
    /// Folders of the packages that are members or reached by path:
    /// [`crate::plan::shadow::Shadow::packages_in_use`].
    pub packages: &'a [Utf8PathBuf],
    /// The real lock, as it was before cargo completed it; none where there is none.
    pub lock: Option<&'a str>,
    pub policy: Option<&'a Policy>,
    /// The file with the criteria that the program holds: its name and text.
    pub criteria: (&'a str, &'a str),
    /// The flags on which the answer depends, as they are to be typed again; empty for none.
    pub flags: &'a str,
    /// [`toolchain`].
    pub toolchain: &'a str,
    pub day: Date,
}

/// Ids of the inputs of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InputIds {
    /// That there is no lock is an input, too.
    pub lock: String,
    pub manifests: Vec<String>,
    pub sources: Vec<String>,
    /// That there is no policy is an input, too.
    pub policy: String,
    pub rules: String,
    pub criteria: String,
    /// Empty until [`InputIds::add_index`].
    pub index: Vec<String>,
    pub flags: String,
    pub toolchain: String,
    pub day: String,
    /// What could not be digested, in sentences for the document's notes.
    pub notes: Vec<String>,
}

/// Notes every input in the ledger, those of the index apart.
pub fn gather(from: &Gather<'_>, ledger: &mut Ledger) -> InputIds {
    let mut notes = Vec::new();
    let lock = from.lock.map(|text| digest(text.as_bytes()));
    let lock = ledger.input(InputKind::Lock, "Cargo.lock", lock);
    let names = Names::new(from);
    InputIds {
        lock,
        manifests: manifests(from, &names, ledger),
        sources: sources(from, &names, ledger, &mut notes),
        policy: match from.policy {
            Some(policy) => {
                let text = policy.text.as_bytes();
                ledger.content(InputKind::Policy, &policy.file, text)
            }
            None => ledger.input(InputKind::Policy, FILE, None),
        },
        rules: ledger.input(InputKind::Rules, "rules", Some(RULES.clone())),
        criteria: ledger.content(
            InputKind::Criteria,
            from.criteria.0,
            from.criteria.1.as_bytes(),
        ),
        index: Vec::new(),
        flags: match from.flags.trim() {
            "" => ledger.input(InputKind::Flags, NO_FLAGS, None),
            flags => ledger.input(InputKind::Flags, flags, None),
        },
        toolchain: ledger.input(InputKind::Toolchain, from.toolchain, None),
        day: ledger.input(InputKind::Day, &from.day.to_string(), None),
        notes,
    }
}

/// One digest for all rule files that the program holds.
static RULES: LazyLock<String> = LazyLock::new(|| digest_of_texts(shipped_files()));

impl InputIds {
    /// Notes what was asked of the index until now.
    pub fn add_index(&mut self, recorder: &Recorder<'_>, ledger: &mut Ledger) {
        for (name, digest) in recorder.used() {
            let id = ledger.input(InputKind::Index, &name, digest);
            if !self.index.contains(&id) {
                self.index.push(id);
            }
        }
    }

    /// The inputs that evidence of a kind rests on; never empty. For a command, a file and an
    /// attestation that of the command, file or criterion itself comes on top.
    pub fn of(&self, kind: EvidenceKind) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        let mut add = |more: &[String]| ids.extend(more.iter().cloned());
        let one = std::slice::from_ref;
        match kind {
            EvidenceKind::Check => {
                self.tree(&mut add);
                add(one(&self.policy));
                add(one(&self.rules));
            }
            EvidenceKind::Plan | EvidenceKind::Spec => {
                self.tree(&mut add);
                add(one(&self.policy));
                add(one(&self.rules));
                add(&self.index);
                add(one(&self.day));
            }
            EvidenceKind::Trial | EvidenceKind::Rehearsal => {
                self.tree(&mut add);
                add(&self.index);
            }
            EvidenceKind::Command | EvidenceKind::File => add(one(&self.policy)),
            EvidenceKind::Attestation => {
                add(one(&self.policy));
                add(one(&self.day));
            }
            EvidenceKind::Index => {
                add(&self.index);
                add(one(&self.rules));
            }
            EvidenceKind::Rule => add(one(&self.rules)),
            EvidenceKind::Sum => {
                add(one(&self.criteria));
                add(one(&self.policy));
            }
        }
        ids
    }

    /// What cargo and the analysis read of the workspace.
    fn tree(&self, add: &mut impl FnMut(&[String])) {
        add(std::slice::from_ref(&self.lock));
        add(&self.manifests);
        add(&self.sources);
        add(std::slice::from_ref(&self.flags));
        add(std::slice::from_ref(&self.toolchain));
    }
}

/// Cargo, rustc and this machine as they name themselves.
pub fn toolchain() -> String {
    let answer = |variable: &str, usual: &str, flag: &str| {
        let program = std::env::var_os(variable).unwrap_or_else(|| usual.into());
        let output = Command::new(program)
            .arg(flag)
            .stdin(Stdio::null())
            .output()
            .ok()
            .filter(|output| output.status.success());
        output.and_then(|output| String::from_utf8(output.stdout).ok())
    };
    let first = |text: &str| text.lines().next().map(|line| line.trim().to_owned());
    let cargo = answer("CARGO", "cargo", "-V").and_then(|text| first(&text));
    let rustc = answer("RUSTC", "rustc", "-vV");
    let host = rustc.as_deref().and_then(|text| {
        let mut lines = text.lines();
        lines.find_map(|line| Some(line.strip_prefix("host: ")?.trim().to_owned()))
    });
    let rustc = rustc.as_deref().and_then(first);
    let parts = [
        cargo.unwrap_or_else(|| "cargo of an unknown version".into()),
        rustc.unwrap_or_else(|| "rustc of an unknown version".into()),
        host.unwrap_or_else(|| "an unknown host".into()),
    ];
    parts.join(", ")
}

/// How the folders of packages are called.
struct Names<'a> {
    root: &'a Utf8Path,
    /// Folders outside the root.
    outside: BTreeMap<&'a Utf8Path, String>,
}

impl<'a> Names<'a> {
    fn new(from: &'a Gather<'_>) -> Self {
        let outside = from.manifests.iter().filter_map(|(path, text)| {
            let folder = path.parent()?;
            if folder.starts_with(from.root) {
                return None;
            }
            let manifest = Manifest::parse(path, text.to_string()).ok();
            let package = manifest.and_then(|manifest| manifest.package);
            Some((package, digest(text.as_bytes()), folder))
        });
        // By what they say, not by where they lie, which is another matter on each machine.
        let mut outside: Vec<_> = outside.collect();
        outside.sort();
        let mut taken: BTreeMap<String, usize> = BTreeMap::new();
        let named = outside.into_iter().map(|(package, _, folder)| {
            let name = package.unwrap_or_default();
            let number = taken.entry(name.clone()).or_default();
            *number += 1;
            match *number {
                1 => (folder, format!("outside:{name}")),
                number => (folder, format!("outside:{name}#{number}")),
            }
        });
        Self {
            root: from.root,
            outside: named.collect(),
        }
    }

    /// A file or pattern in a package's folder.
    fn of(&self, folder: &Utf8Path, file: &str) -> String {
        match folder.strip_prefix(self.root) {
            Ok(below) if below.as_str().is_empty() => file.to_owned(),
            Ok(below) => format!("{}/{file}", below.as_str().replace('\\', "/")),
            Err(_) => match self.outside.get(folder) {
                Some(name) => format!("{name}/{file}"),
                None => format!("outside:/{file}"),
            },
        }
    }
}

/// Manifests in the order of their names, and cargo's configuration of the workspace.
fn manifests(from: &Gather<'_>, names: &Names<'_>, ledger: &mut Ledger) -> Vec<String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for (path, text) in from.manifests {
        let folder = path.parent().unwrap_or(path);
        found.insert(names.of(folder, "Cargo.toml"), digest(text.as_bytes()));
    }
    for name in [".cargo/config.toml", ".cargo/config"] {
        if let Ok(bytes) = std::fs::read(from.root.join(name)) {
            found.insert(name.to_owned(), digest(&bytes));
        }
    }
    let found = found.into_iter();
    found
        .map(|(name, digest)| ledger.input(InputKind::Manifest, &name, Some(digest)))
        .collect()
}

/// Sources of the packages, in the order of their names.
fn sources(
    from: &Gather<'_>,
    names: &Names<'_>,
    ledger: &mut Ledger,
    notes: &mut Vec<String>,
) -> Vec<String> {
    let named: BTreeMap<String, &Utf8PathBuf> = from
        .packages
        .iter()
        .map(|folder| (names.of(folder, "**/*.rs"), folder))
        .collect();
    named
        .into_iter()
        .map(|(name, folder)| {
            let digest = digest_of_sources(folder, Bounds::default());
            let digest = digest.map_err(|why| {
                notes.push(format!(
                    "The sources {name} have no digest, so that no change of them shows: {why}."
                ));
            });
            ledger.input(InputKind::Source, &name, digest.ok())
        })
        .collect()
}

#[cfg(test)]
mod tests;
