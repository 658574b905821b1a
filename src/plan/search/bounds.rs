//! What requirements cost at least, and in which order to decide them.
//!
//! The least that a requirement costs by itself is the least that it costs beside others, except for
//! what several may share: lock moves of one package, and entries for features that went to another
//! one. Lock moves of a package count for the first requirement alone that can reach it, so that the
//! sum over all requirements stays a lower bound.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::matrix::selection::linked;
use crate::registry::RegistryId;

use super::super::local::Requirement;
use super::super::model::Cost;
use super::Move;
use super::known::Known;
use super::settle::Search;
use super::state::{Blame, State};

/// Lower bounds, by place in the order.
pub struct Bounds {
    own: Vec<Cost>,
    /// Of a place and all after it.
    rest: Vec<Cost>,
    /// The place for which the lock moves of a package count.
    owners: BTreeMap<String, usize>,
}

impl Bounds {
    /// Nothing is known of so many requirements.
    pub fn none(places: usize) -> Self {
        Self::new(vec![Cost::default(); places], BTreeMap::new())
    }

    fn new(own: Vec<Cost>, owners: BTreeMap<String, usize>) -> Self {
        let mut rest = vec![Cost::default()];
        for cost in own.iter().rev() {
            let sum = *cost + rest[rest.len() - 1];
            rest.push(sum);
        }
        rest.reverse();
        Self { own, rest, owners }
    }

    /// An order of the requirements, with what each costs at least. None where one has no option that
    /// would do by itself.
    pub fn of(
        known: &Known<'_>,
        options: &[Vec<Move>],
        limit: usize,
    ) -> Option<(Vec<usize>, Self)> {
        let reached = Reached::default().all(known);
        let mut order: Vec<usize> = (0..options.len()).collect();
        // What others lead to comes before them.
        order.sort_by_key(|number| (reached[*number].len(), options[*number].len(), *number));
        let mut owners: BTreeMap<String, usize> = BTreeMap::new();
        for (place, number) in order.iter().enumerate() {
            for name in &reached[*number] {
                owners.entry(name.clone()).or_insert(place);
            }
        }
        let mut own = Vec::new();
        for (place, number) in order.iter().enumerate() {
            let owned = owners.iter().filter(|(_, owner)| **owner == place);
            let owned: BTreeSet<String> = owned.map(|(name, _)| name.clone()).collect();
            let alone = [*number];
            let search = Search::new(known, options, &alone, limit).counting(&owned);
            let found = search.run();
            own.push(match (found.best, found.complete) {
                (Some(best), true) => unshared(best.cost, &options[*number]),
                (None, true) => return None,
                (_, false) => Cost::default(),
            });
        }
        Some((order, Self::new(own, owners)))
    }

    /// The least that a choice costs that begins like this.
    pub fn least(&self, state: &State) -> Cost {
        let Some((now, before)) = state.parts.split_last() else {
            return self.rest[0];
        };
        let sum = |sum: Cost, cost: Cost| sum + cost;
        let before_cost = before
            .iter()
            .map(|part| part.cost)
            .fold(Cost::default(), sum);
        before_cost + now.cost.max(self.own[before.len()]) + self.rest[before.len() + 1]
    }

    /// The choices that make it as dear as it is: those of requirements that cost more than they
    /// must.
    pub fn blame(&self, state: &State) -> Blame {
        let mut blame = Blame {
            dear: true,
            ..Blame::default()
        };
        let dearer = state.parts.iter().enumerate();
        for (place, part) in dearer.filter(|(place, part)| part.cost > self.own[*place]) {
            blame.levels.extend(&part.payers);
            // Otherwise these lock moves might have been part of what their owners cost at least.
            for name in &part.moved {
                let owner = self.owners.get(name).filter(|owner| **owner != place);
                let levels = owner.and_then(|owner| state.parts.get(*owner));
                blame
                    .levels
                    .extend(levels.iter().flat_map(|part| &part.payers));
            }
        }
        blame
    }
}

/// What of a cost no other requirement can have paid already.
fn unshared(cost: Cost, options: &[Move]) -> Cost {
    let elsewhere = |option: &Move| match option {
        Move::Release { features, .. } => !features.elsewhere.is_empty(),
        Move::Keep | Move::Replace { .. } | Move::Drop { .. } | Move::Disable | Move::Block => {
            false
        }
    };
    if options.iter().any(elsewhere) {
        return Cost {
            edits: cost.edits.min(1),
            lock_moves: 0,
            ..cost
        };
    }
    cost
}

/// Which packages can be reached from which, whatever release is taken.
#[derive(Default)]
struct Reached {
    next: HashMap<(RegistryId, String), BTreeSet<(RegistryId, String)>>,
}

impl Reached {
    /// By requirement, the names that its options can lead to.
    fn all(mut self, known: &Known<'_>) -> Vec<BTreeSet<String>> {
        let requirements = known.question.requirements.iter();
        requirements.map(|one| self.of(known, one)).collect()
    }

    fn of(&mut self, known: &Known<'_>, requirement: &Requirement) -> BTreeSet<String> {
        let question = known.question;
        let registry = question.registry_of(requirement);
        let mut open = vec![(registry.clone(), requirement.package.clone())];
        if let Some(succession) = question.family.succession(&requirement.package) {
            open.push((registry, succession.successor));
        }
        let mut seen: BTreeSet<(RegistryId, String)> = open.iter().cloned().collect();
        while let Some(key) = open.pop() {
            let next = self
                .next
                .entry(key)
                .or_insert_with_key(|key| next(known, key));
            open.extend(
                next.iter()
                    .filter(|one| seen.insert((*one).clone()))
                    .cloned(),
            );
        }
        seen.into_iter().map(|(_, name)| name).collect()
    }
}

fn next(
    known: &Known<'_>,
    (registry, name): &(RegistryId, String),
) -> BTreeSet<(RegistryId, String)> {
    let releases = known.question.index.releases(registry, name);
    let releases = releases.ok();
    let all = releases.iter().flat_map(|all| all.iter());
    all.flat_map(linked)
        .filter(|dep| dep.name != *name && known.question.leads_on(&dep.name))
        .map(|dep| (dep.registry_from(registry).clone(), dep.name.clone()))
        .collect()
}
