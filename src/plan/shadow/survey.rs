//! Which manifests cargo would read for a workspace: found as cargo finds them, without cargo.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::ShadowError;
use super::facts::{Facts, Members};
use super::place::normal;
use crate::workspace::manifest::read;

/// A manifest with what it says.
#[derive(Debug, Clone)]
pub struct Found {
    pub text: Arc<str>,
    pub facts: Facts,
}

/// The manifests of a workspace and of all that they reach by path.
pub struct Survey<'a> {
    /// Texts that count before what is on disk.
    known: &'a BTreeMap<Utf8PathBuf, Arc<str>>,
    cargo_home: Option<&'a std::path::Path>,
    /// By real path.
    pub found: BTreeMap<Utf8PathBuf, Found>,
    /// Folders that patterns of members match.
    pub folders: BTreeSet<Utf8PathBuf>,
    /// Those whose own paths have been followed.
    followed: BTreeSet<Utf8PathBuf>,
    next: Vec<Utf8PathBuf>,
}

impl<'a> Survey<'a> {
    pub fn new(
        known: &'a BTreeMap<Utf8PathBuf, Arc<str>>,
        cargo_home: Option<&'a std::path::Path>,
    ) -> Self {
        Self {
            known,
            cargo_home,
            found: BTreeMap::new(),
            folders: BTreeSet::new(),
            followed: BTreeSet::new(),
            next: Vec::new(),
        }
    }

    /// Surveys the workspace that a manifest belongs to; gives the folder of its root.
    ///
    /// # Errors
    /// Where a manifest is there and cannot be read as text.
    pub fn workspace(&mut self, manifest: &Utf8Path) -> Result<Utf8PathBuf, ShadowError> {
        let root = self.root(manifest)?;
        self.next.push(manifest.to_owned());
        self.next.push(root.clone());
        let folder = parent(&root).to_owned();
        if let Some(members) = self.load(&root)?.and_then(|root| root.facts.workspace) {
            self.members(&folder, &members);
        }
        self.follow()?;
        Ok(folder)
    }

    /// Surveys what further packages reach.
    ///
    /// # Errors
    /// As [`Survey::workspace`].
    pub fn packages(
        &mut self,
        folders: impl IntoIterator<Item = Utf8PathBuf>,
    ) -> Result<(), ShadowError> {
        let manifests = folders.into_iter().map(|f| normal(&f).join("Cargo.toml"));
        self.next.extend(manifests);
        self.follow()
    }

    fn follow(&mut self) -> Result<(), ShadowError> {
        while let Some(path) = self.next.pop() {
            if self.followed.contains(&path) {
                continue;
            }
            let Some(found) = self.load(&path)? else {
                continue;
            };
            self.followed.insert(path.clone());
            let folder = parent(&path);
            let shared = found.facts.workspace.iter().flat_map(|w| &w.dependencies);
            let paths = found.facts.paths.iter().chain(shared.map(|(_, path)| path));
            let manifests = paths.map(|relative| manifest_in(folder, relative));
            self.next.extend(manifests);
            self.inherited(&path, &found.facts)?;
        }
        Ok(())
    }

    /// Path dependencies that a package inherits from its root, which may be another workspace's.
    fn inherited(&mut self, path: &Utf8Path, facts: &Facts) -> Result<(), ShadowError> {
        let root = self.root(path)?;
        if facts.inherited.is_empty() || root == path {
            return Ok(());
        }
        let Some(shared) = self.load(&root)?.and_then(|root| root.facts.workspace) else {
            return Ok(());
        };
        let paths = shared.dependencies.iter();
        let used = paths.filter(|(key, _)| facts.inherited.contains(key));
        self.next
            .extend(used.map(|(_, path)| manifest_in(parent(&root), path)));
        Ok(())
    }

    /// Folders of the packages in use, as opposed to manifests that were read for their root alone.
    pub fn packages_in_use(&self) -> impl Iterator<Item = &Utf8Path> {
        let in_use = |path: &&Utf8PathBuf| {
            let found = self.found.get(*path);
            found.is_some_and(|found| found.facts.package)
        };
        self.followed.iter().filter(in_use).map(|path| parent(path))
    }

    /// A manifest; none where there is no such file.
    fn load(&mut self, path: &Utf8Path) -> Result<Option<Found>, ShadowError> {
        if let Some(found) = self.found.get(path) {
            return Ok(Some(found.clone()));
        }
        let text = match self.known.get(path) {
            Some(text) => Arc::clone(text),
            None if path.is_file() => Arc::from(read(path)?),
            None => return Ok(None),
        };
        let found = Found {
            facts: Facts::of(&text),
            text,
        };
        self.found.insert(path.to_owned(), found.clone());
        Ok(Some(found))
    }

    /// The manifest of the workspace that a manifest belongs to: its own, that which it points to,
    /// or the nearest above it that does not keep it out.
    fn root(&mut self, manifest: &Utf8Path) -> Result<Utf8PathBuf, ShadowError> {
        let Some(own) = self.load(manifest)? else {
            return Ok(manifest.to_owned());
        };
        if own.facts.workspace.is_some() {
            return Ok(manifest.to_owned());
        }
        if let Some(pointer) = &own.facts.pointer {
            return self.pointed(manifest, pointer);
        }
        let mut below: Option<&Utf8Path> = None;
        for folder in parent(manifest).ancestors().skip(1) {
            // Two places where cargo stops looking.
            let at_home = below.is_some_and(|below| self.is_cargo_home(below));
            if at_home || folder.ends_with("target/package") {
                break;
            }
            below = Some(folder);
            let path = folder.join("Cargo.toml");
            let Some(above) = self.load(&path)? else {
                continue;
            };
            match (&above.facts.workspace, &above.facts.pointer) {
                (Some(workspace), _) if !workspace.excludes(folder, manifest) => return Ok(path),
                (None, Some(pointer)) => return self.pointed(&path, pointer),
                (Some(_) | None, _) => {}
            }
        }
        Ok(manifest.to_owned())
    }

    /// The root to which a manifest points; the manifest itself where nothing is there.
    fn pointed(&mut self, from: &Utf8Path, pointer: &str) -> Result<Utf8PathBuf, ShadowError> {
        let root = manifest_in(parent(from), pointer);
        Ok(match self.load(&root)? {
            Some(_) => root,
            None => from.to_owned(),
        })
    }

    fn is_cargo_home(&self, folder: &Utf8Path) -> bool {
        self.cargo_home == Some(folder.as_std_path())
    }

    /// The folders that `members` and `default-members` match.
    fn members(&mut self, root: &Utf8Path, workspace: &Members) {
        let named = workspace.members.iter().flatten();
        for pattern in named.chain(&workspace.default_members) {
            for folder in matches(&root.join(pattern)) {
                let folder = normal(&folder);
                let manifest = folder.join("Cargo.toml");
                self.folders.insert(folder);
                if !workspace.excludes(root, &manifest) {
                    self.next.push(manifest);
                }
            }
        }
    }
}

/// What cargo makes of a pattern: the folders it matches, or itself where it matches nothing.
fn matches(pattern: &Utf8Path) -> Vec<Utf8PathBuf> {
    let paths = glob::glob(pattern.as_str()).into_iter().flatten().flatten();
    let folders: Vec<Utf8PathBuf> = paths
        .filter(|path| path.is_dir())
        .filter_map(|path| Utf8PathBuf::from_path_buf(path).ok())
        .collect();
    if folders.is_empty() && pattern.is_dir() {
        return vec![pattern.to_owned()];
    }
    folders
}

fn manifest_in(folder: &Utf8Path, relative: &str) -> Utf8PathBuf {
    normal(&folder.join(relative)).join("Cargo.toml")
}

fn parent(manifest: &Utf8Path) -> &Utf8Path {
    manifest.parent().unwrap_or(manifest)
}
