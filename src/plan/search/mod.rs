//! The cheapest way to bring requirements to one line, exactly, over the releases that an index
//! knows.
//!
//! Each requirement of the tree may stay, move or be switched off; each package behind it takes one
//! release for each semver-compatible series, as in a lockfile. A choice counts where everything that
//! it links reaches the target line and no other, and every crate of which there must be one has one
//! version. Among the choices that count, the one of least [`Cost`] wins; of those that cost the same,
//! the one whose releases are nearest to those of today, and among these the newest.

mod bounds;
mod choose;
mod follow;
mod known;
mod lines;
mod links;
mod moves;
mod requirement;
mod settle;
mod state;
#[cfg(test)]
mod tests;
mod toolchains;

use std::collections::{BTreeMap, BTreeSet};

use semver::Version;

use crate::registry::{Index, RegistryId};
use crate::rules::Family;
use crate::skew::Line;
use crate::workspace::Lock;

use super::local::Requirement;
use super::model::Cost;

use bounds::Bounds;
use known::Known;

pub use lines::reaching;
pub use links::offers;
pub use moves::{FeatureMoves, Move};
pub use requirement::{rewritten, rust};
pub use toolchains::Toolchains;

/// What is asked.
pub struct Question<'a> {
    pub family: &'a Family,
    pub index: &'a dyn Index,
    pub target: Line,
    pub requirements: &'a [Requirement],
    pub lock: &'a Lock,
    /// Features that builds give packages; none where there are no builds to ask.
    pub used: Option<&'a BTreeMap<(String, Version), BTreeSet<String>>>,
    /// Names of locked packages from which the family can be reached, see [`reaching`].
    pub reaching: &'a BTreeSet<String>,
    /// Packages whose use of a line has no effect, so that they may keep it.
    pub harmless: &'a BTreeSet<(String, Version, Line)>,
    /// Releases that cargo or the analysis refused.
    pub refused: &'a BTreeSet<(String, Version)>,
    /// With which toolchains the tree says it builds; none where that is no matter.
    pub toolchains: Option<&'a Toolchains>,
    pub may_disable: bool,
    pub may_block: bool,
}

/// The cheapest choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub cost: Cost,
    /// By requirement.
    pub moves: Vec<Move>,
    /// Locked versions to move: name, from, to, in an order in which one by one can be moved. Cargo may
    /// move some of them by itself once manifests have changed.
    pub locks: Vec<(String, Option<Version>, Version)>,
    /// False where the search was cut short, so that a cheaper choice may exist.
    pub exhaustive: bool,
}

/// Nodes of the search beyond which it is cut short. Real workspaces need some hundreds.
const NODES: usize = 400_000;

/// The cheapest choice; none where there is none.
pub fn search(question: &Question<'_>) -> Option<Answer> {
    let known = Known::new(question);
    let all = question.requirements.iter();
    let options: Vec<Vec<Move>> = all.map(|one| moves::of(question, one)).collect();
    let found = best(&known, &options)?;
    let best = found.best?;
    let mut moves = vec![Move::Keep; options.len()];
    for (number, option) in &best.chosen {
        moves[*number] = options[*number][*option].clone();
    }
    Some(Answer {
        cost: best.cost,
        moves,
        locks: best.locks(),
        exhaustive: found.complete,
    })
}

/// The cheapest of these options; none where one requirement by itself has none.
fn best(known: &Known<'_>, options: &[Vec<Move>]) -> Option<settle::Outcome> {
    let (order, bounds) = Bounds::of(known, options, NODES / 4)?;
    let search = settle::Search::new(known, options, &order, NODES);
    Some(search.bound_by(bounds).run())
}

/// Why one requirement cannot come to the target without being switched off: a sentence without a
/// full stop. None where it can.
pub fn obstacle(question: &Question<'_>, number: usize) -> Option<String> {
    let question = Question {
        may_block: false,
        may_disable: false,
        ..*question
    };
    let requirement = &question.requirements[number];
    let options: Vec<Vec<Move>> = (0..question.requirements.len())
        .map(|at| {
            if at == number {
                moves::of(&question, requirement)
            } else {
                Vec::new()
            }
        })
        .collect();
    let known = Known::new(&question);
    let alone = settle::Search::new(&known, &options, &[number], NODES / 4).run();
    if alone.best.is_some() {
        return None;
    }
    Some(moves::reason(&question, requirement))
}

/// Why no release of a package that is asked for brings it to the target: a sentence without a full
/// stop.
pub fn unserved(question: &Question<'_>, requirement: &Requirement) -> String {
    moves::reason(question, requirement)
}

impl Question<'_> {
    fn is_refused(&self, name: &str, version: &Version) -> bool {
        !self.refused.is_empty() && self.refused.contains(&(name.to_owned(), version.clone()))
    }

    /// Whether a release may be chosen where it is not locked already.
    fn is_candidate(&self, name: &str, release: &crate::registry::Release) -> bool {
        let ours = self.toolchains.and_then(|toolchains| toolchains.of(name));
        let toolchain = match (ours, &release.rust_version) {
            (Some(ours), Some(theirs)) => requirement::rust(theirs).is_none_or(|t| t <= *ours),
            _ => true,
        };
        release.is_eligible() && toolchain && !self.is_refused(name, &release.version)
    }

    fn registry_of(&self, requirement: &Requirement) -> RegistryId {
        let own = requirement.registry.clone();
        own.unwrap_or_else(RegistryId::default_registry)
    }
}
