//! What has to change in a package's manifest for it to reach a line: the search of `plan`, asked
//! about the requirements of that one package.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use semver::Version;

use crate::plan::edit::{Change, Edit, EditError, apply_all};
use crate::plan::edits::{self, Off};
use crate::plan::local::{Requirement, Tree};
use crate::plan::search::{self, FeatureMoves, Move, Question, reaching};
use crate::registry::{Index, Release};
use crate::rules::Family;
use crate::skew::Line;
use crate::workspace::lock::LockedPackage;
use crate::workspace::{Lock, WorkspaceError};

use super::forwards::{Forward, follow};
use super::text::Texts;

/// One requirement, with what is done to it.
#[derive(Debug, Clone)]
pub struct Moved {
    pub requirement: Requirement,
    pub choice: Move,
    /// The release in use today, or that a fresh resolve would pick.
    pub today: Option<Version>,
    /// The lines behind that.
    pub lines: BTreeSet<Line>,
    /// Why it stays behind, where it does.
    pub obstacle: Option<String>,
}

/// The requirements of a package, and how they reach the target.
pub struct Moves<'a> {
    pub family: &'a Family,
    pub index: &'a dyn Index,
    pub target: Line,
    /// The manifests that the moves were found in.
    pub tree: Tree,
    pub all: Vec<Moved>,
    pub edits: Vec<Edit>,
    /// Packages of the same tree, or beside it in its repository, that are of other lines: name and
    /// lines.
    pub beside: Vec<(String, BTreeSet<Line>)>,
    /// Features of the package that turn on what is gone.
    pub forwards: Vec<Forward>,
    /// New texts of manifests.
    pub changed: BTreeMap<Utf8PathBuf, String>,
    /// Why edits could not be made.
    pub failed: Vec<String>,
}

impl<'a> Moves<'a> {
    /// Finds the cheapest way of one package.
    ///
    /// # Errors
    /// Where a manifest is broken.
    pub fn find(
        family: &'a Family,
        index: &'a dyn Index,
        target: Line,
        (name, version): (&str, Option<&Version>),
        texts: &Texts,
        lock: Option<&Lock>,
    ) -> Result<Self, WorkspaceError> {
        let mut tree = Tree::new(&texts.root, &texts.all, None)?;
        if let Some(lock) = lock {
            tree.lock = as_own(lock, name, version);
        }
        let reaching = reaching(&tree.lock, |name| family.is_anchor(name));
        let leads = |one: &Requirement| {
            family.is_anchor(&one.package)
                || family.knows(&one.package)
                || reaching.contains(&one.package)
        };
        let mut requirements = tree.requirements(&BTreeSet::from([name.to_owned()]));
        requirements.retain(leads);
        let (nothing, none) = (BTreeSet::new(), BTreeSet::new());
        let question = Question {
            family,
            index,
            target,
            requirements: &requirements,
            lock: &tree.lock,
            used: None,
            reaching: &reaching,
            harmless: &nothing,
            refused: &none,
            toolchains: None,
            may_disable: false,
            may_block: true,
        };
        let answer = search::search(&question);
        let moves = answer.map(|answer| answer.moves);
        let mut all = Vec::new();
        let mut edits: Vec<Edit> = Vec::new();
        for (number, requirement) in requirements.iter().enumerate() {
            let choice = moves.as_ref().and_then(|moves| moves.get(number)).cloned();
            let choice = choice.unwrap_or(Move::Block);
            let own = match is_there_already(&tree, requirement, &choice) {
                true => vec![Edit {
                    manifest: requirement.manifest.clone(),
                    change: Change::Remove {
                        at: requirement.at.clone(),
                    },
                }],
                false => edits::of(&question, &tree, requirement, &choice, Off::Optional),
            };
            for edit in own {
                if !edits.contains(&edit) {
                    edits.push(edit);
                }
            }
            let today = today(index, requirement);
            let lines = today
                .as_ref()
                .map(|version| question.lines_of(requirement, version));
            all.push(Moved {
                obstacle: (choice == Move::Block)
                    .then(|| search::obstacle(&question, number))
                    .flatten(),
                requirement: requirement.clone(),
                choice,
                today,
                lines: lines.unwrap_or_default(),
            });
        }
        let root = texts.root.join("Cargo.toml");
        let (changed, failed) = applied(texts, &root, &edits);
        let mut moves = Self {
            family,
            index,
            target,
            beside: beside(family, &tree, texts, (name, version), target),
            changed,
            failed,
            tree,
            all,
            edits,
            forwards: Vec::new(),
        };
        moves.follow(texts);
        Ok(moves)
    }

    /// Lets the package's own features follow.
    fn follow(&mut self, texts: &Texts) {
        let path = &texts.manifest;
        let old = texts.all.get(path).map(|old| &**old);
        let Some(text) = self.changed.get(path).map(String::as_str).or(old) else {
            return;
        };
        let (text, forwards) = follow(text, self);
        self.forwards = forwards;
        if let Some(text) = text {
            self.changed.insert(path.clone(), text);
        }
    }

    /// The lines that the package asks for today, tests and build scripts aside where it has others.
    pub fn lines(&self) -> BTreeSet<Line> {
        let of = |aside: bool| -> BTreeSet<Line> {
            let all = self.all.iter();
            let all = all.filter(|one| aside || !one.requirement.is_aside());
            all.flat_map(|one| one.lines.iter().copied()).collect()
        };
        let main = of(false);
        if main.is_empty() { of(true) } else { main }
    }

    /// What holds it back, by name.
    pub fn waits(&self) -> BTreeMap<&str, String> {
        let blocked = self.all.iter().filter(|one| one.choice == Move::Block);
        blocked
            .map(|one| {
                let name = one.requirement.package.as_str();
                let because = one.obstacle.clone().unwrap_or_else(|| {
                    format!(
                        "`{name}` does not get along with the rest on line {}",
                        self.target
                    )
                });
                (name, because)
            })
            .collect()
    }

    /// Requirements that come in with features that have moved.
    pub fn added(&self) -> Vec<(&str, &str)> {
        let added = self.edits.iter().filter_map(|edit| match &edit.change {
            Change::Add {
                at,
                package,
                requirement,
                ..
            } => {
                let name = package.as_deref().unwrap_or(&at.key);
                Some((name, requirement.as_str()))
            }
            _ => None,
        });
        added.collect()
    }

    /// The release of a package in the index.
    pub fn release(&self, of: &Requirement, name: &str, version: &Version) -> Option<Release> {
        let releases = self.index.releases(of.registry.as_ref()?, name).ok()?;
        let found = releases.iter().find(|release| release.version == *version);
        found.cloned()
    }
}

impl Moved {
    /// Which release it comes to, and of which package.
    pub fn to(&self) -> Option<(&str, &Version)> {
        let own = self.requirement.package.as_str();
        match &self.choice {
            Move::Keep => Some((own, self.today.as_ref()?)),
            Move::Release { to, .. } => Some((own, to)),
            Move::Replace { package, to, .. } => Some((package, to)),
            Move::Drop { .. } | Move::Disable | Move::Block => None,
        }
    }

    /// How its features move.
    pub fn features(&self) -> Option<&FeatureMoves> {
        match &self.choice {
            Move::Release { features, .. } => Some(features),
            Move::Keep | Move::Replace { .. } | Move::Drop { .. } | Move::Disable | Move::Block => {
                None
            }
        }
    }

    /// Whether its entry in the manifest changes.
    pub fn changes(&self) -> bool {
        match &self.choice {
            Move::Release { text, features, .. } => text.is_some() || !features.is_empty(),
            Move::Replace { .. } => true,
            Move::Keep | Move::Drop { .. } | Move::Disable | Move::Block => false,
        }
    }
}

/// Whether what takes the place of a crate stands in the same table already.
fn is_there_already(tree: &Tree, requirement: &Requirement, choice: &Move) -> bool {
    let Move::Replace { package, .. } = choice else {
        return false;
    };
    let at = &requirement.at;
    let declared = tree.manifests.get(&requirement.manifest);
    let declared = declared.into_iter().flat_map(|manifest| {
        let shared = &manifest.workspace_dependencies;
        manifest.dependencies.iter().chain(shared)
    });
    at.key == requirement.package
        && declared
            .into_iter()
            .any(|one| one.key == *package && one.table == at.table && one.platform == at.platform)
}

/// All edits, or as many as can be made, with the reasons for the rest.
fn applied(
    texts: &Texts,
    root: &Utf8Path,
    edits: &[Edit],
) -> (BTreeMap<Utf8PathBuf, String>, Vec<String>) {
    if let Ok(changed) = apply_all(&texts.all, root, edits) {
        return (changed, Vec::new());
    }
    let mut all = texts.all.clone();
    let mut changed = BTreeMap::new();
    let mut failed = Vec::new();
    for edit in edits {
        match apply_all(&all, root, std::slice::from_ref(edit)) {
            Ok(more) => {
                for (path, text) in more {
                    all.insert(path.clone(), Arc::from(text.as_str()));
                    changed.insert(path, text);
                }
            }
            Err(EditError::In { manifest, error }) => {
                failed.push(format!("{}: {error}", texts.shown(&manifest)));
            }
            Err(error) => failed.push(error.to_string()),
        }
    }
    (changed, failed)
}

/// What a package depends on by path, where the lock says that it leads to other lines.
fn beside(
    family: &Family,
    tree: &Tree,
    texts: &Texts,
    (name, version): (&str, Option<&Version>),
    target: Line,
) -> Vec<(String, BTreeSet<Line>)> {
    let Some(manifest) = tree.manifests.get(&texts.manifest) else {
        return Vec::new();
    };
    let mut own = tree.lock.named(name);
    let own = own.find(|entry| version.is_none_or(|version| entry.version == *version));
    let root = tree.manifests.get(&texts.root.join("Cargo.toml"));
    let shared = root.map_or(&[][..], |root| &root.workspace_dependencies);
    let by_path: BTreeSet<&str> = manifest
        .dependencies
        .iter()
        .filter_map(|declared| match declared.inherited {
            true => shared.iter().find(|shared| shared.key == declared.key),
            false => Some(declared),
        })
        .filter(|declared| declared.path.is_some())
        .map(|declared| declared.package.as_str())
        .collect();
    let mut found = Vec::new();
    for entry in own.into_iter().flat_map(|own| own.dependencies(&tree.lock)) {
        let lines = lines_behind(family, &tree.lock, entry);
        if by_path.contains(&*entry.name) && lines.iter().any(|line| *line != target) {
            found.push((entry.name.clone(), lines));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The lines that a locked package leads to.
fn lines_behind(family: &Family, lock: &Lock, from: &LockedPackage) -> BTreeSet<Line> {
    let mut lines = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut queue = vec![from];
    while let Some(entry) = queue.pop() {
        if family.is_anchor(&entry.name) {
            lines.insert(Line::of(&entry.version));
        } else if seen.insert((&entry.name, &entry.version)) {
            queue.extend(entry.dependencies(lock));
        }
    }
    lines
}

/// The lock with a package as if it stood in this tree, so that what it was resolved to is found.
fn as_own(lock: &Lock, name: &str, version: Option<&Version>) -> Lock {
    let mut lock = lock.clone();
    for entry in &mut lock.packages {
        if entry.name == name && version.is_none_or(|version| entry.version == *version) {
            entry.source = None;
        }
    }
    lock
}

fn today(index: &dyn Index, requirement: &Requirement) -> Option<Version> {
    if requirement.locked.is_some() {
        return requirement.locked.clone();
    }
    let registry = requirement.registry.as_ref()?;
    let releases = index.releases(registry, &requirement.package).ok()?;
    let mut newest = releases.iter().rev().filter(|one| one.is_eligible());
    newest
        .find(|one| requirement.req.matches(&one.version))
        .map(|one| one.version.clone())
}
