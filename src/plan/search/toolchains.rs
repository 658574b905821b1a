//! With which toolchains packages still have to build.

use std::collections::{BTreeMap, BTreeSet};

use semver::Version;

use crate::workspace::Lock;

/// The oldest toolchains that the packages of a tree say they build with, and what each of them reaches.
#[derive(Debug, Clone, Default)]
pub struct Toolchains {
    /// Of the whole tree.
    oldest: Option<Version>,
    /// By the name of a locked package: of those of the tree that reach it; none where these say
    /// nothing.
    reached: BTreeMap<String, Option<Version>>,
}

impl Toolchains {
    /// Of a tree that says one thing of all its packages.
    pub fn of_all(oldest: Option<Version>) -> Self {
        Self {
            oldest,
            reached: BTreeMap::new(),
        }
    }

    /// Of the packages of a tree, by name, with its lock.
    pub fn new(said: &BTreeMap<&str, Option<Version>>, lock: &Lock) -> Self {
        let mut reached: BTreeMap<String, Option<Version>> = BTreeMap::new();
        let behind = lock.behind();
        for (at, entry) in lock.packages.iter().enumerate() {
            let own = entry.source.is_none();
            let Some(said) = said.get(entry.name.as_str()).filter(|_| own) else {
                continue;
            };
            let mut seen = BTreeSet::from([at]);
            let mut queue = vec![at];
            while let Some(at) = queue.pop() {
                let known = reached.entry(lock.packages[at].name.clone()).or_default();
                *known = older(known.take(), said.clone());
                queue.extend(behind[at].iter().filter(|next| seen.insert(**next)));
            }
        }
        Self {
            oldest: said.values().cloned().fold(None, older),
            reached,
        }
    }

    /// The oldest with which a release of a package has to build: all of the tree count for a package
    /// that nobody reaches yet.
    pub fn of(&self, package: &str) -> Option<&Version> {
        let reached = self.reached.get(package);
        reached.unwrap_or(&self.oldest).as_ref()
    }
}

fn older(one: Option<Version>, other: Option<Version>) -> Option<Version> {
    one.into_iter().chain(other).min()
}
