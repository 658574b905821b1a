//! The code behind an artifact, as the analysis asks for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::Utf8PathBuf;

use crate::source::{Item, Resolved};
use crate::workspace::{Links, Packages};

use super::artifact::LinkUnit;

/// One crate: a package's library, or one of its other targets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeUnit {
    pub package: usize,
    /// None for the library; the root file of another target.
    pub root: Option<Utf8PathBuf>,
}

impl CodeUnit {
    pub fn library(package: usize) -> Self {
        Self {
            package,
            root: None,
        }
    }
}

/// Where items come from.
pub trait Code: Sync {
    /// Items of a crate in whose files one of the identifiers stands. The same identifiers always
    /// give the same items, in the order of their places.
    fn items(&self, unit: &CodeUnit, mentioning: &BTreeSet<String>) -> Arc<[Arc<Item>]>;

    /// What a path behind a library's name means to its dependants.
    fn lookup(&self, unit: &CodeUnit, path: &[Arc<str>]) -> Arc<[Resolved]>;

    /// Why the sources of a package cannot be looked at, where they cannot.
    fn missing(&self, package: usize) -> Option<String>;
}

/// The names by which a crate's code knows other packages of the artifact.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Externs {
    names: BTreeMap<String, usize>,
}

impl Externs {
    /// Of one package in one artifact. Another target of a package with a library knows that too.
    pub fn new(packages: &Packages<'_>, unit: &LinkUnit<'_>, code: &CodeUnit) -> Self {
        let mut names = BTreeMap::new();
        for link in unit.closure.from(code.package) {
            names.insert(
                link.resolved_name().replace('-', "_"),
                packages.number(link.to().id()),
            );
        }
        if code.root.is_some()
            && let Some(library) = library_name(packages, code.package)
        {
            names.insert(library, code.package);
        }
        Self { names }
    }

    pub fn get(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// Names of those packages that a condition holds for.
    pub fn of(&self, wanted: impl Fn(usize) -> bool) -> BTreeSet<String> {
        self.names
            .iter()
            .filter(|(_, number)| wanted(**number))
            .map(|(name, _)| name.clone())
            .collect()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, usize)> {
        self.names
            .iter()
            .map(|(name, number)| (name.as_str(), *number))
    }
}

/// The name of a package's library in code.
pub fn library_name(packages: &Packages<'_>, package: usize) -> Option<String> {
    use guppy::graph::BuildTargetId;
    let mut targets = packages.get(package).build_targets();
    let library = targets.find(|target| target.id() == BuildTargetId::Library)?;
    Some(library.name().replace('-', "_"))
}

/// Features that an artifact's build gives a package.
pub fn features(packages: &Packages<'_>, links: &Links<'_>, package: usize) -> BTreeSet<String> {
    links.features(packages.get(package).id())
}
