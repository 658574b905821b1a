//! What lock, builds and index tell, looked up over and over.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use semver::{Version, VersionReq};

use crate::registry::{RegistryId, Release};
use crate::skew::Line;
use crate::workspace::lock::LockedPackage;

use super::super::local::Requirement;
use super::Question;
use super::links::{enabled, links};
use super::state::Today;

/// A question with what was looked up for it.
pub struct Known<'q> {
    pub question: &'q Question<'q>,
    locked: HashMap<&'q str, Vec<&'q LockedPackage>>,
    extras: RefCell<HashMap<Package, Rc<BTreeSet<String>>>>,
    admitted: RefCell<HashMap<Asked, Rc<[Version]>>>,
    /// What locked packages depend on.
    behind: RefCell<HashMap<Package, Entries<'q>>>,
}

/// A package by name and version.
type Package = (String, Version);

type Entries<'q> = Rc<[&'q LockedPackage]>;

/// A requirement on a package of a registry.
type Asked = (Option<RegistryId>, String, VersionReq);

/// A release in the index.
pub struct Found {
    all: Arc<[Release]>,
    at: usize,
}

impl Deref for Found {
    type Target = Release;

    fn deref(&self) -> &Release {
        &self.all[self.at]
    }
}

impl<'q> Known<'q> {
    pub fn new(question: &'q Question<'q>) -> Self {
        let mut locked: HashMap<&str, Vec<&LockedPackage>> = HashMap::new();
        for entry in &question.lock.packages {
            locked.entry(&entry.name).or_default().push(entry);
        }
        Self {
            question,
            locked,
            extras: RefCell::default(),
            admitted: RefCell::default(),
            behind: RefCell::default(),
        }
    }

    fn named(&self, name: &str) -> &[&'q LockedPackage] {
        self.locked.get(name).map_or(&[], Vec::as_slice)
    }

    /// Versions that the lock holds of a package.
    pub fn locked(&self, name: &str) -> impl Iterator<Item = &'q Version> {
        self.named(name).iter().map(|entry| &entry.version)
    }

    fn entry(&self, name: &str, version: &Version) -> Option<&'q LockedPackage> {
        let mut all = self.named(name).iter();
        all.find(|entry| entry.version == *version).copied()
    }

    /// What the lock says that a package depends on.
    fn behind(&self, name: &str, version: &Version) -> Entries<'q> {
        let Some(entry) = self.entry(name, version) else {
            return Rc::from([]);
        };
        let mut known = self.behind.borrow_mut();
        let behind = known.entry((name.to_owned(), version.clone()));
        let behind = behind.or_insert_with(|| entry.dependencies(self.question.lock).collect());
        Rc::clone(behind)
    }

    pub fn release(
        &self,
        registry: Option<&RegistryId>,
        name: &str,
        version: &Version,
    ) -> Option<Found> {
        let all = self.question.index.releases(registry?, name).ok()?;
        let at = all.iter().position(|release| release.version == *version)?;
        Some(Found { all, at })
    }

    /// Every version that a dependency may be resolved to: locked ones first, newer ones before
    /// older ones.
    pub fn admitted(
        &self,
        registry: Option<&RegistryId>,
        name: &str,
        req: &VersionReq,
    ) -> Rc<[Version]> {
        let key = (registry.cloned(), name.to_owned(), req.clone());
        let mut known = self.admitted.borrow_mut();
        let found = known.entry(key);
        Rc::clone(found.or_insert_with(|| self.find_admitted(registry, name, req).into()))
    }

    fn find_admitted(
        &self,
        registry: Option<&RegistryId>,
        name: &str,
        req: &VersionReq,
    ) -> Vec<Version> {
        let locked = self.locked(name).filter(|version| req.matches(version));
        let mut versions: Vec<Version> = locked.cloned().collect();
        versions.sort_by(|one, other| other.cmp(one));
        let releases =
            registry.and_then(|registry| self.question.index.releases(registry, name).ok());
        let all = releases.iter().flat_map(|all| all.iter().rev());
        let others: Vec<Version> = all
            .filter(|release| req.matches(&release.version))
            .filter(|release| self.question.is_candidate(name, release))
            .map(|release| release.version.clone())
            .filter(|version| !versions.contains(version))
            .collect();
        versions.extend(others);
        versions
    }

    /// What cargo takes for a dependency of a release, or of the tree where none is given.
    pub fn today(
        &self,
        from: Option<(&str, &Version)>,
        registry: Option<&RegistryId>,
        name: &str,
        req: &VersionReq,
    ) -> Today {
        let newest = |all: &mut dyn Iterator<Item = &'q Version>| {
            all.filter(|version| req.matches(version)).max().cloned()
        };
        let own = from.and_then(|(dependant, version)| {
            let behind = self.behind(dependant, version);
            newest(
                &mut behind
                    .iter()
                    .filter(|one| one.name == name)
                    .map(|one| &one.version),
            )
        });
        if let Some(locked) = own.or_else(|| newest(&mut self.locked(name))) {
            return Today::Locked(locked);
        }
        let releases =
            registry.and_then(|registry| self.question.index.releases(registry, name).ok());
        let all = releases.iter().flat_map(|all| all.iter());
        let admitted = all.filter(|one| one.is_eligible() && req.matches(&one.version));
        let newest = admitted.map(|one| &one.version).max();
        newest.map_or(Today::Nothing, |newest| Today::Newest(newest.clone()))
    }

    /// What a requirement of the tree is resolved to, by its own words.
    pub fn today_of(&self, requirement: &Requirement) -> Today {
        match &requirement.locked {
            Some(version) => Today::Locked(version.clone()),
            None => {
                let registry = requirement.registry.as_ref();
                self.today(None, registry, &requirement.package, &requirement.req)
            }
        }
    }

    /// Whether some build links a locked package, as far as builds are known.
    pub fn is_linked(&self, name: &str, version: &Version) -> bool {
        let key = || (name.to_owned(), version.clone());
        self.question
            .used
            .is_none_or(|used| used.contains_key(&key()))
    }

    /// Features that builds give a locked package and none of its dependants that are known asks for:
    /// those that `[features]` of the tree turn on, say.
    pub fn extras(&self, name: &str, version: &Version) -> Rc<BTreeSet<String>> {
        let key = (name.to_owned(), version.clone());
        if let Some(known) = self.extras.borrow().get(&key) {
            return Rc::clone(known);
        }
        let found = Rc::new(self.find_extras(&key));
        self.extras.borrow_mut().insert(key, Rc::clone(&found));
        found
    }

    fn find_extras(&self, key: &(String, Version)) -> BTreeSet<String> {
        let (name, version) = key;
        let Some(given) = self.question.used.and_then(|used| used.get(key)) else {
            return BTreeSet::new();
        };
        let mut asked: BTreeSet<String> = BTreeSet::new();
        let mut registry = None;
        for requirement in self.question.requirements {
            if requirement.package == *name && requirement.locked.as_ref() == Some(version) {
                asked.extend(requirement.chosen());
                registry = registry.or(requirement.registry.clone());
            }
        }
        let entry = self.entry(name, version);
        let source = entry.and_then(|entry| RegistryId::from_source(entry.source.as_deref()?));
        asked.extend(self.asked_by_dependants(name, version));
        let release = self.release(source.or(registry).as_ref(), name, version);
        let asked = release.map_or_else(|| asked.clone(), |release| enabled(&release, &asked));
        given.difference(&asked).cloned().collect()
    }

    /// The features that locked releases ask a locked package for.
    fn asked_by_dependants(&self, name: &str, version: &Version) -> BTreeSet<String> {
        let mut asked = BTreeSet::new();
        let names_it = |text: &String| text.split(' ').next() == Some(name);
        let all = self.question.lock.packages.iter();
        for dependant in all.filter(|entry| entry.dependencies.iter().any(names_it)) {
            let key = (dependant.name.clone(), dependant.version.clone());
            let source = dependant
                .source
                .as_deref()
                .and_then(RegistryId::from_source);
            let release = self.release(source.as_ref(), &key.0, &key.1);
            let features = self.question.used.and_then(|used| used.get(&key));
            let (Some(release), Some(features)) = (release, features) else {
                continue;
            };
            for link in links(&release, features) {
                if link.dep.name == name && link.dep.req.matches(version) {
                    asked.extend(link.features);
                }
            }
        }
        asked
    }

    /// Introducers, if they may be harmless on some line; else none, as which they count the same.
    pub fn telling(&self, introducers: BTreeSet<(String, Version)>) -> BTreeSet<(String, Version)> {
        let harmless = |one: &(String, Version)| {
            let mut all = self.question.harmless.iter();
            all.any(|(name, version, _)| (name, version) == (&one.0, &one.1))
        };
        match introducers.iter().all(harmless) {
            true => introducers,
            false => BTreeSet::new(),
        }
    }

    pub fn are_harmless(&self, introducers: &BTreeSet<(String, Version)>, line: Line) -> bool {
        let harmless = self.question.harmless;
        let mut all = introducers.iter();
        !introducers.is_empty()
            && all.all(|(name, version)| harmless.contains(&(name.clone(), version.clone(), line)))
    }

    /// What the lock says of a package that no registry lists: whether the lines behind it are the
    /// target, or harmless.
    pub fn lock_allows(
        &self,
        name: &str,
        version: &Version,
        from: &BTreeSet<(String, Version)>,
    ) -> bool {
        let itself = BTreeSet::from([(name.to_owned(), version.clone())]);
        self.locked_lines(name, version).into_iter().all(|line| {
            line == self.question.target
                || self.are_harmless(&itself, line)
                || self.are_harmless(from, line)
        })
    }

    /// The lines of the anchors that a locked package leads to.
    fn locked_lines(&self, name: &str, version: &Version) -> BTreeSet<Line> {
        let mut lines = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut queue: Vec<&LockedPackage> = self.entry(name, version).into_iter().collect();
        while let Some(entry) = queue.pop() {
            if !seen.insert((&entry.name, &entry.version)) {
                continue;
            }
            if self.question.family.is_anchor(&entry.name) {
                lines.insert(Line::of(&entry.version));
            }
            queue.extend(entry.dependencies(self.question.lock));
        }
        lines
    }

    /// The packages of the tree that ask for something, with their versions.
    pub fn locals(&self, requirement: &Requirement) -> BTreeSet<(String, Version)> {
        let version = |name: &str| {
            let mut entries = self
                .named(name)
                .iter()
                .filter(|entry| entry.source.is_none());
            entries.next().map(|entry| entry.version.clone())
        };
        let uses = requirement.uses.iter();
        uses.map(|one| {
            let version = version(&one.local).unwrap_or_else(|| Version::new(0, 0, 0));
            (one.local.clone(), version)
        })
        .collect()
    }
}
