//! The sources behind a package graph: joins what `workspace` knows of packages with what `source`
//! reads of their files.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use guppy::graph::BuildTargetId;

use crate::skew::code::{Code, CodeUnit, library_name};
use crate::source::{Edition, Item, PackageSource, Resolved, TargetId, TargetRoot};
use crate::workspace::Packages;
use crate::workspace::trim::ResolvedLinks;

mod early;
pub mod feeding;

pub use early::{Early, Reading, unpacked};

/// Sources on disk, read as they are asked for.
pub struct Sources<'a, 'g> {
    packages: &'a Packages<'g>,
    links: &'a ResolvedLinks,
    early: Early,
    read: Vec<OnceLock<Package>>,
    /// Answers given: the builds of one package ask the same again and again.
    found: Answers<BTreeSet<String>, Arc<Item>>,
    looked_up: Answers<Vec<Arc<str>>, Resolved>,
}

/// What was asked of a crate, with the answer.
struct Answers<Q, A>(Mutex<HashMap<CodeUnit, Answered<Q, A>>>);

type Answered<Q, A> = HashMap<Q, Arc<[A]>>;

impl<Q, A> Default for Answers<Q, A> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<Q: std::hash::Hash + Eq, A> Answers<Q, A> {
    /// The answer, found where it is not known. Two threads may both find it.
    fn or_find<K>(&self, unit: &CodeUnit, question: &K, find: impl FnOnce() -> Vec<A>) -> Arc<[A]>
    where
        Q: std::borrow::Borrow<K>,
        K: std::hash::Hash + Eq + ToOwned<Owned = Q> + ?Sized,
    {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lock()
            .get(unit)
            .and_then(|known| known.get(question).cloned());
        known.unwrap_or_else(|| {
            let answer: Arc<[A]> = find().into();
            let mut known = lock();
            let of_unit = known.entry(unit.clone()).or_default();
            of_unit.insert(question.to_owned(), answer.clone());
            answer
        })
    }
}

/// One package's sources, with its targets.
struct Package {
    source: PackageSource,
    library: Option<TargetId>,
    externs: BTreeSet<String>,
}

impl<'a, 'g> Sources<'a, 'g> {
    pub fn new(packages: &'a Packages<'g>, links: &'a ResolvedLinks) -> Self {
        Self {
            packages,
            links,
            early: Early::default(),
            read: (0..packages.len()).map(|_| OnceLock::new()).collect(),
            found: Answers::default(),
            looked_up: Answers::default(),
        }
    }

    /// The same, with what was read ahead.
    pub fn with(self, early: Early) -> Self {
        Self { early, ..self }
    }

    /// What was read ahead of a package, where it is what would be read now.
    fn early(&self, number: usize, externs: &BTreeSet<String>) -> Option<&early::EarlyPackage> {
        let package = self.packages.get(number);
        let folder = package.manifest_path().parent()?;
        self.early
            .package(folder, externs, Edition::of(package.edition()))
    }

    fn package(&self, number: usize) -> &Package {
        self.read[number].get_or_init(|| {
            let package = self.packages.get(number);
            let manifest = package.manifest_path();
            let folder = manifest.parent().unwrap_or(manifest);
            let mut targets = Vec::new();
            let mut library = None;
            for target in package.build_targets() {
                if target.id() == BuildTargetId::Library {
                    library = Some(TargetId(targets.len()));
                }
                targets.push(TargetRoot {
                    name: target.name().to_owned(),
                    file: target.path().to_owned(),
                    edition: Edition::of(target.edition()),
                });
            }
            let links = self.links.of(package.id());
            let mut externs: BTreeSet<String> =
                links.iter().map(|link| link.name.clone()).collect();
            externs.extend(library_name(self.packages, number));
            Package {
                source: PackageSource::new(folder.to_owned(), targets, externs.clone()),
                library,
                externs,
            }
        })
    }

    fn target(&self, unit: &CodeUnit) -> Option<(&PackageSource, TargetId)> {
        let package = self.package(unit.package);
        let target = match &unit.root {
            None => package.library,
            Some(root) => {
                let mut targets = package.source.targets();
                targets
                    .find(|(_, target)| target.file == *root)
                    .map(|(id, _)| id)
            }
        };
        let target = target?;
        let mut targets = package.source.targets();
        let root = targets
            .find(|(id, _)| *id == target)
            .map(|(_, target)| target);
        let early = self.early(unit.package, &package.externs);
        if let Some((early, root)) = early.zip(root)
            && let Some(target) = early
                .target(&root.file)
                .filter(|_| root.edition == early.edition())
        {
            return Some((&early.source, target));
        }
        Some((&package.source, target))
    }
}

impl Code for Sources<'_, '_> {
    fn items(&self, unit: &CodeUnit, mentioning: &BTreeSet<String>) -> Arc<[Arc<Item>]> {
        self.found.or_find(unit, mentioning, || {
            let Some((source, target)) = self.target(unit) else {
                return Vec::new();
            };
            let names: Vec<&str> = mentioning.iter().map(String::as_str).collect();
            source.items(target, &names)
        })
    }

    fn lookup(&self, unit: &CodeUnit, path: &[Arc<str>]) -> Arc<[Resolved]> {
        self.looked_up.or_find(unit, path, || {
            let Some((source, target)) = self.target(unit) else {
                return Vec::new();
            };
            let path: Vec<&str> = path.iter().map(|segment| &**segment).collect();
            source.lookup(target, &path)
        })
    }

    fn missing(&self, package: usize) -> Option<String> {
        let manifest = self.packages.get(package).manifest_path();
        (!manifest.is_file()).then(|| format!("{manifest} is not there"))
    }
}
