//! Reads ahead while cargo is at work: the lock names the packages whose sources will be asked for.
//!
//! What it cannot know for certain before cargo has answered, it guesses: folders, roots, names. A
//! guess that turns out wrong is left aside, so that it can cost time and change no answer.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use camino::{Utf8Path, Utf8PathBuf};

use crate::registry::Environment;
use crate::source::{Edition, PackageSource, TargetId, TargetRoot};
use crate::workspace::lock::LockedPackage;
use crate::workspace::members::{manifests, workspace_root};
use crate::workspace::{Lock, Manifest};

/// Sources that were read ahead, by the folder of their package.
#[derive(Default)]
pub struct Early(HashMap<Utf8PathBuf, EarlyPackage>);

/// One package's sources as they were guessed.
pub struct EarlyPackage {
    pub source: PackageSource,
    externs: BTreeSet<String>,
    edition: Edition,
}

/// Reading that goes on.
pub struct Reading {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Early>,
}

impl Reading {
    /// Starts to read what can reach one of the crates that `matters` names.
    pub fn start(manifest: Utf8PathBuf, matters: impl Fn(&str) -> bool + Send + 'static) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        Self {
            stop,
            thread: std::thread::spawn(move || read(&manifest, &matters, &stopped)),
        }
    }

    /// What was read until now.
    pub fn stop(self) -> Early {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap_or_default()
    }
}

impl Early {
    /// The sources of a package, where they were guessed right.
    pub fn package(
        &self,
        folder: &Utf8Path,
        externs: &BTreeSet<String>,
        edition: Edition,
    ) -> Option<&EarlyPackage> {
        let found = self.0.get(folder)?;
        (found.externs == *externs && found.edition == edition).then_some(found)
    }
}

impl EarlyPackage {
    pub fn edition(&self) -> Edition {
        self.edition
    }

    /// The target that begins with a file.
    pub fn target(&self, root: &Utf8Path) -> Option<TargetId> {
        let mut targets = self.source.targets();
        targets
            .find(|(_, target)| target.file == root)
            .map(|(id, _)| id)
    }
}

fn read(manifest: &Utf8Path, matters: &dyn Fn(&str) -> bool, stop: &AtomicBool) -> Early {
    let root = workspace_root(manifest);
    let Ok(lock) = Lock::read(&root.join("Cargo.lock")) else {
        return Early::default();
    };
    let members: BTreeMap<String, Manifest> = manifests(&root)
        .into_iter()
        .filter_map(|manifest| Some((manifest.package.clone()?, manifest)))
        .collect();
    let registries = registries();
    let concerned = lock.that_reach(matters);
    let mut early = Early::default();
    for (number, entry) in lock.packages.iter().enumerate() {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        if !concerned.contains(&number) || matters(&entry.name) {
            continue;
        }
        let manifest = match &entry.source {
            None => members.get(&entry.name).cloned(),
            Some(_) => published(&registries, entry),
        };
        let Some(manifest) = manifest else { continue };
        let wanted: BTreeSet<&str> = entry
            .dependency_places(&lock)
            .filter(|at| concerned.contains(at))
            .map(|at| lock.packages[at].name.as_str())
            .collect();
        let Some((folder, package)) = package(&lock, entry, &manifest) else {
            continue;
        };
        let aliases: Vec<String> = manifest
            .dependencies
            .iter()
            .filter(|declared| wanted.contains(declared.package.as_str()))
            .map(|declared| declared.key.replace('-', "_"))
            .collect();
        let aliases: Vec<&str> = aliases.iter().map(String::as_str).collect();
        let targets: Vec<TargetId> = package.source.targets().map(|(id, _)| id).collect();
        for target in targets {
            // What is read is kept there; who asks later finds it.
            let _kept = package.source.items(target, &aliases);
        }
        early.0.insert(folder, package);
    }
    early
}

/// Where cargo unpacks what it downloads.
fn registries() -> Vec<PathBuf> {
    let here = std::env::current_dir().unwrap_or_default();
    let home = Environment::of_process().cargo_home(&here);
    let folder = home.map(|home| home.join("registry").join("src"));
    let entries = folder.and_then(|folder| std::fs::read_dir(folder).ok());
    entries
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect()
}

/// The folder into which cargo has unpacked a release of a registry.
pub fn unpacked(name: &str, version: &semver::Version) -> Option<Utf8PathBuf> {
    let folders = registries().into_iter().filter_map(|registry| {
        Utf8PathBuf::from_path_buf(registry.join(format!("{name}-{version}"))).ok()
    });
    let mut there = folders.filter(|folder| folder.join("Cargo.toml").is_file());
    there.next()
}

fn published(registries: &[PathBuf], entry: &LockedPackage) -> Option<Manifest> {
    let name = format!("{}-{}", entry.name, entry.version);
    let mut found = registries.iter().filter_map(|registry| {
        let manifest = Utf8PathBuf::from_path_buf(registry.join(&name).join("Cargo.toml")).ok()?;
        Manifest::read(&manifest).ok()
    });
    found.next()
}

/// The package's library and main program, as they usually are.
fn package(
    lock: &Lock,
    entry: &LockedPackage,
    manifest: &Manifest,
) -> Option<(Utf8PathBuf, EarlyPackage)> {
    let folder = manifest.path.parent()?.to_owned();
    // An inherited one is hardly of 2015, and a package without one hardly new.
    let edition = manifest
        .edition
        .as_deref()
        .map_or_else(Edition::default, Edition::of);
    let targets: Vec<TargetRoot> = ["src/lib.rs", "src/main.rs"]
        .into_iter()
        .map(|file| folder.join(file))
        .filter(|file| file.is_file())
        .map(|file| TargetRoot {
            name: String::new(),
            file,
            edition,
        })
        .collect();
    let resolved: BTreeSet<&str> = entry
        .dependencies(lock)
        .map(|dependency| dependency.name.as_str())
        .collect();
    let named = manifest
        .dependencies
        .iter()
        .filter(|declared| resolved.contains(declared.package.as_str()))
        .map(|declared| declared.key.replace('-', "_"));
    let mut externs: BTreeSet<String> = named.collect();
    if folder.join("src/lib.rs").is_file() {
        externs.insert(entry.name.replace('-', "_"));
    }
    let source = PackageSource::new(folder.clone(), targets, externs.clone());
    Some((
        folder,
        EarlyPackage {
            source,
            externs,
            edition,
        },
    ))
}
