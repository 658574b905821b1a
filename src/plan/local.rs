//! The requirements that can be changed: those in manifests of this tree.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use semver::{Version, VersionReq};

use crate::registry::RegistryId;
use crate::workspace::lock::LockedPackage;
use crate::workspace::manifest::{Declared, DependencyTable};
use crate::workspace::{Lock, Manifest, WorkspaceError};

use super::edit::Entry;
use super::search::{self, Toolchains};

/// The manifests of a workspace and of the path dependencies around it, with its lock.
pub struct Tree {
    pub root: Utf8PathBuf,
    pub manifests: BTreeMap<Utf8PathBuf, Manifest>,
    /// Empty where there is no lock yet.
    pub lock: Lock,
}

/// A version requirement on a package that is not part of the tree, where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    pub manifest: Utf8PathBuf,
    pub at: Entry,
    pub package: String,
    /// As written.
    pub text: String,
    pub req: VersionReq,
    /// None for git.
    pub registry: Option<RegistryId>,
    /// Chosen here and by those who inherit.
    pub features: BTreeSet<String>,
    /// Of these, the ones that this entry itself lists.
    pub own_features: BTreeSet<String>,
    pub default_features: bool,
    /// Who asks for it: this entry itself, or those that inherit it.
    pub uses: Vec<Use>,
    /// What it is resolved to.
    pub locked: Option<Version>,
    /// Line in the manifest, from 1.
    pub line: usize,
}

/// A package of the tree asking for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    pub manifest: Utf8PathBuf,
    pub at: Entry,
    /// The package's name.
    pub local: String,
    pub optional: bool,
    /// Features that this entry itself lists.
    pub features: Vec<String>,
}

impl Tree {
    /// With which toolchains the packages say they build.
    pub fn toolchains(&self) -> Toolchains {
        let packages = self.manifests.values();
        let said = packages.filter_map(|manifest| {
            let version = match manifest.inherits_rust_version {
                true => self.root_of(manifest)?.shared_rust_version.as_deref(),
                false => manifest.rust_version.as_deref(),
            };
            Some((manifest.package.as_deref()?, version.and_then(search::rust)))
        });
        Toolchains::new(&said.collect(), &self.lock)
    }

    /// Reads manifests and lock from their texts.
    ///
    /// # Errors
    /// Where one of them is broken.
    pub fn new(
        root: &Utf8Path,
        texts: &BTreeMap<Utf8PathBuf, Arc<str>>,
        lock: Option<&str>,
    ) -> Result<Self, WorkspaceError> {
        let mut manifests = BTreeMap::new();
        for (path, text) in texts {
            let manifest = Manifest::parse(path, text.to_string())?;
            manifests.insert(path.clone(), manifest);
        }
        let path = root.join("Cargo.lock");
        let lock = match lock {
            Some(text) => Lock::parse(&path, text)?,
            None => Lock {
                path,
                packages: Vec::new(),
            },
        };
        Ok(Self {
            root: root.to_owned(),
            manifests,
            lock,
        })
    }

    /// The packages of the tree that some of them need, themselves included.
    pub fn closure<'a>(&self, from: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
        let by_folder: BTreeMap<&Utf8Path, &Manifest> = self
            .manifests
            .values()
            .filter_map(|manifest| Some((manifest.path.parent()?, manifest)))
            .collect();
        let mut found: BTreeSet<String> = from.map(str::to_owned).collect();
        let mut queue: VecDeque<String> = found.iter().cloned().collect();
        while let Some(name) = queue.pop_front() {
            let of_name = |manifest: &&Manifest| manifest.package.as_ref() == Some(&name);
            for manifest in self.manifests.values().filter(of_name) {
                for declared in &manifest.dependencies {
                    let (definition, folder) = self.definition(manifest, declared);
                    let Some(path) = definition.and_then(|d| d.path.as_deref()) else {
                        continue;
                    };
                    let folder = plain(&folder.join(path));
                    let target = by_folder.get(&*folder).and_then(|m| m.package.clone());
                    if let Some(target) = target.filter(|target| found.insert(target.clone())) {
                        queue.push_back(target);
                    }
                }
            }
        }
        found
    }

    /// All packages of the tree.
    pub fn packages(&self) -> impl Iterator<Item = &str> {
        self.manifests
            .values()
            .filter_map(|manifest| manifest.package.as_deref())
    }

    /// Where the requirement behind an entry is written, with the folder that its path counts from.
    fn definition<'m>(
        &'m self,
        manifest: &'m Manifest,
        declared: &'m Declared,
    ) -> (Option<&'m Declared>, &'m Utf8Path) {
        let folder = |path: &'m Utf8Path| path.parent().unwrap_or(path);
        if !declared.inherited {
            return (Some(declared), folder(&manifest.path));
        }
        let root = self.root_of(manifest);
        let shared = root.and_then(|root| {
            let mut all = root.workspace_dependencies.iter();
            all.find(|shared| shared.key == declared.key)
        });
        (shared, root.map_or(&self.root, |root| folder(&root.path)))
    }

    /// The manifest that a package inherits from: path dependencies may be of another workspace.
    fn root_of(&self, manifest: &Manifest) -> Option<&Manifest> {
        let folders = manifest.path.ancestors().skip(1);
        let mut above = folders.filter_map(|folder| self.manifests.get(&folder.join("Cargo.toml")));
        let own = above.find(|manifest| manifest.workspace);
        own.or_else(|| self.manifests.get(&self.root.join("Cargo.toml")))
    }

    /// The requirements of some packages of the tree, each where it is written.
    pub fn requirements(&self, of: &BTreeSet<String>) -> Vec<Requirement> {
        let mut found: BTreeMap<(Utf8PathBuf, Entry), Requirement> = BTreeMap::new();
        for manifest in self.manifests.values() {
            let Some(local) = manifest.package.as_ref().filter(|name| of.contains(*name)) else {
                continue;
            };
            let local_lock = self.lock.named(local).find(|entry| entry.source.is_none());
            for declared in &manifest.dependencies {
                self.add(&mut found, manifest, local, declared, local_lock);
            }
        }
        found.into_values().collect()
    }

    fn add(
        &self,
        found: &mut BTreeMap<(Utf8PathBuf, Entry), Requirement>,
        manifest: &Manifest,
        local: &str,
        declared: &Declared,
        local_lock: Option<&LockedPackage>,
    ) {
        let (Some(definition), _) = self.definition(manifest, declared) else {
            return;
        };
        if definition.path.is_some() {
            return;
        }
        let text = definition.requirement.clone().unwrap_or_else(|| "*".into());
        let Ok(req) = VersionReq::parse(&text) else {
            return;
        };
        let locked = self.locked(definition, &req, local_lock);
        let registry = match (locked, &definition.git) {
            // A `[patch]` has the last word; one to a folder leaves no source at all.
            (Some(locked), _) => locked.source.as_deref().and_then(RegistryId::from_source),
            (None, Some(_)) => None,
            (None, None) => Some(RegistryId::default_registry()),
        };
        let owner = match definition.table {
            DependencyTable::Workspace => self.root_of(manifest).unwrap_or(manifest),
            DependencyTable::Normal | DependencyTable::Dev | DependencyTable::Build => manifest,
        };
        let path = owner.path.clone();
        let at = entry(definition);
        let requirement = found
            .entry((path.clone(), at.clone()))
            .or_insert_with(|| Requirement {
                manifest: path,
                at,
                package: definition.package.clone(),
                text,
                req,
                registry: registry.clone(),
                features: definition.features.iter().cloned().collect(),
                own_features: definition.features.iter().cloned().collect(),
                default_features: definition.default_features,
                uses: Vec::new(),
                locked: None,
                line: owner.position(definition).0,
            });
        requirement
            .features
            .extend(declared.features.iter().cloned());
        let version = locked.map(|entry| entry.version.clone());
        if version > requirement.locked {
            requirement.locked = version;
            requirement.registry = registry;
        }
        requirement.uses.push(Use {
            manifest: manifest.path.clone(),
            at: entry(declared),
            local: local.to_owned(),
            optional: declared.optional,
            features: declared.features.clone(),
        });
    }
}

impl Tree {
    /// What the lock resolves a requirement of a package to.
    fn locked<'l>(
        &'l self,
        definition: &Declared,
        req: &VersionReq,
        local: Option<&'l LockedPackage>,
    ) -> Option<&'l LockedPackage> {
        let git = |entry: &LockedPackage| {
            let source = entry.source.as_deref();
            source.is_some_and(|source| source.starts_with("git+"))
        };
        // What comes from git without a version may be a pre-release, which `*` does not admit.
        let admits = |version: &Version| definition.requirement.is_none() || req.matches(version);
        local
            .into_iter()
            .flat_map(|entry| entry.dependencies(&self.lock))
            .filter(|entry| entry.name == definition.package && admits(&entry.version))
            // A package may ask for a release and for what is in git, by two names.
            .max_by_key(|entry| (git(entry) == definition.git.is_some(), &entry.version))
    }
}

impl Requirement {
    /// Whether it is written once for those who inherit it.
    pub fn is_shared(&self) -> bool {
        self.at.table == DependencyTable::Workspace
    }

    /// Whether only tests, examples, benches or build scripts ask for it.
    pub fn is_aside(&self) -> bool {
        self.uses
            .iter()
            .all(|one| one.at.table != DependencyTable::Normal)
    }

    /// `Cargo.toml:12: name = "0.26"`.
    pub fn place(&self, root: &Utf8Path) -> String {
        let file = self.manifest.strip_prefix(root).unwrap_or(&self.manifest);
        format!("{file}:{}: {} = \"{}\"", self.line, self.package, self.text)
    }
}

fn entry(declared: &Declared) -> Entry {
    Entry {
        table: declared.table,
        platform: declared.platform.clone(),
        key: declared.key.clone(),
    }
}

/// Without `.` and `..`.
fn plain(path: &Utf8Path) -> Utf8PathBuf {
    let mut plain = Utf8PathBuf::new();
    for part in path.components() {
        match part {
            camino::Utf8Component::CurDir => {}
            camino::Utf8Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests;
