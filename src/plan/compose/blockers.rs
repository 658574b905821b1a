//! Who keeps a line from being reached, and why.

use std::collections::BTreeSet;

use crate::matrix::InUse;
use crate::plan::local::Requirement;
use crate::plan::model::Blocker;
use crate::plan::search::{self, Answer, Move, Question};
use crate::plan::{lag, order};
use crate::skew::Line;
use crate::workspace::lock::LockedPackage;

use super::{Base, Planner};

impl Planner<'_> {
    pub(super) fn blockers(
        &self,
        base: &Base,
        question: &Question<'_>,
        answer: &Answer,
        target: Line,
    ) -> Vec<Blocker> {
        let mut blockers = Vec::new();
        for (number, choice) in answer.moves.iter().enumerate() {
            match choice {
                // What is switched off waits for the same release.
                Move::Block | Move::Disable | Move::Drop { .. } => {}
                Move::Keep | Move::Release { .. } | Move::Replace { .. } => continue,
            }
            let requirement = &question.requirements[number];
            let behind = self.behind(base, requirement, target);
            if behind.is_empty() {
                let why = search::obstacle(question, number);
                let why = why.unwrap_or_else(|| {
                    let name = &requirement.package;
                    format!("`{name}` does not get along with the rest on line {target}")
                });
                blockers.push(self.blocker(base, requirement, requirement, why, target));
            }
            // They are the ones to ask; whoever passes them on may follow.
            blockers.extend(behind.iter().map(|one| {
                let why = search::unserved(question, one);
                self.blocker(base, requirement, one, why, target)
            }));
        }
        blockers.sort();
        blockers.dedup();
        blockers
    }

    /// What is `asked` of somebody else, through a requirement of the tree.
    fn blocker(
        &self,
        base: &Base,
        through: &Requirement,
        asked: &Requirement,
        because: String,
        target: Line,
    ) -> Blocker {
        let companions = base.facts.matrix.companions.iter();
        let mut companions = companions.filter(|one| one.name == asked.package);
        let outlook = self
            .wish
            .now
            .zip(companions.next())
            .map(|(now, companion)| lag::outlook(&base.facts.matrix, companion, target, now));
        Blocker {
            package: asked.package.clone(),
            version: asked.locked.as_ref().map(ToString::to_string),
            because,
            culprit: Some(through.place(&base.tree.root)),
            outlook: outlook.as_ref().and_then(order::outlook_in_words),
        }
    }

    /// Packages that use another line and have no release for the target, behind one that only passes
    /// them on: as if the tree asked for them.
    fn behind(&self, base: &Base, requirement: &Requirement, target: Line) -> Vec<Requirement> {
        let lock = &base.tree.lock;
        let user = |entry: &LockedPackage| {
            let mut crates = base.facts.crates.iter();
            crates.find(|one| {
                !one.lines.is_empty() && one.name == entry.name && one.version == entry.version
            })
        };
        let is_it = |entry: &&LockedPackage| {
            entry.name == requirement.package && Some(&entry.version) == requirement.locked.as_ref()
        };
        let start = lock.packages.iter().find(is_it);
        let mut queue: Vec<&LockedPackage> = start
            .filter(|entry| user(entry).is_none())
            .into_iter()
            .collect();
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        while let Some(entry) = queue.pop() {
            for next in entry.dependencies(lock) {
                if !seen.insert((&next.name, &next.version)) {
                    continue;
                }
                match user(next) {
                    None => queue.push(next),
                    Some(user) if serves(base, user, target) => {}
                    Some(user) => found.push(Requirement {
                        package: user.name.clone(),
                        registry: user.registry.clone(),
                        locked: Some(user.version.clone()),
                        features: user.features.clone(),
                        ..requirement.clone()
                    }),
                }
            }
        }
        found
    }
}

/// Whether a package is on a line, or has a release that is.
fn serves(base: &Base, user: &InUse, target: Line) -> bool {
    let mut companions = base.facts.matrix.companions.iter();
    user.lines.iter().all(|line| *line == target)
        || companions.any(|one| one.name == user.name && one.serves(target))
}

/// Because … and …, ….
pub(super) fn because(blockers: &[Blocker], target: Line) -> String {
    let mut reasons: Vec<&str> = blockers.iter().map(|one| one.because.as_str()).collect();
    reasons.dedup();
    if reasons.is_empty() {
        return format!(
            "because the requirements exclude each other on line {target}, there is no plan"
        );
    }
    format!(
        "because {}, not everything can be brought to line {target}",
        reasons.join(" and ")
    )
}
