//! What has to change in a package's manifest for it to reach a line: the search of `plan`, asked
//! about the requirements of that one package.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use semver::Version;

use crate::plan::edit::{Change, Edit, EditError, apply_all};
use crate::plan::edits::{self, Off};
use crate::plan::local::{Requirement, Tree};
use crate::plan::search::{self, FeatureMoves, Move, Question, reaching};
use crate::registry::{Index, Release};
use crate::rules::Family;
use crate::skew::Line;
use crate::workspace::{Lock, WorkspaceError};

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
    pub all: Vec<Moved>,
    pub edits: Vec<Edit>,
    /// New texts of manifests.
    pub changed: Result<BTreeMap<Utf8PathBuf, String>, EditError>,
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
            rust: None,
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
            for edit in edits::of(&question, &tree, requirement, &choice, Off::Optional) {
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
        Ok(Self {
            family,
            index,
            target,
            changed: apply_all(&texts.all, &root, &edits),
            all,
            edits,
        })
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
