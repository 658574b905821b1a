//! Depth-first search with bounds: one requirement after another, and for each whatever its choice
//! links.
//!
//! Where nothing is left to choose, what is to blame is worked out, and the search goes back to the
//! last choice that had a part in it: other choices in between would change nothing.

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

use semver::{Version, VersionReq};

use crate::registry::Release;
use crate::skew::Line;

use super::Move;
use super::bounds::Bounds;
use super::known::Known;
use super::links::{links, offers};
use super::state::{Blame, Dependency, Edge, Level, State, Task, Today};

/// A search in progress.
pub struct Search<'s, 'q> {
    pub(super) known: &'s Known<'q>,
    pub(super) options: &'s [Vec<Move>],
    /// Requirements by number, in the order in which they are decided.
    order: &'s [usize],
    bounds: Bounds,
    /// The only packages whose lock moves count; all where none are given.
    counted: Option<&'s BTreeSet<String>>,
    best: Option<State>,
    nodes: usize,
    limit: usize,
    /// Dependencies for which nothing will do, whatever is chosen elsewhere.
    dead: HashSet<Dependency>,
}

/// What a search found.
pub struct Outcome {
    pub best: Option<State>,
    /// False where it was cut short.
    pub complete: bool,
    #[cfg(test)]
    pub nodes: usize,
}

impl<'s, 'q> Search<'s, 'q> {
    pub fn new(
        known: &'s Known<'q>,
        options: &'s [Vec<Move>],
        order: &'s [usize],
        limit: usize,
    ) -> Self {
        Self {
            known,
            options,
            order,
            bounds: Bounds::none(order.len()),
            counted: None,
            best: None,
            nodes: 0,
            limit,
            dead: HashSet::new(),
        }
    }

    /// Takes what each requirement costs at least.
    pub fn bound_by(mut self, bounds: Bounds) -> Self {
        self.bounds = bounds;
        self
    }

    /// Counts lock moves of these packages only.
    pub fn counting(mut self, packages: &'s BTreeSet<String>) -> Self {
        self.counted = Some(packages);
        self
    }

    /// The cheapest choice, and whether the search was complete.
    pub fn run(mut self) -> Outcome {
        let agenda = (0..self.order.len()).rev().map(Task::Requirement).collect();
        self.descend(State::default(), agenda);
        Outcome {
            best: self.best,
            complete: self.nodes <= self.limit,
            #[cfg(test)]
            nodes: self.nodes,
        }
    }

    fn is_cut_short(&self) -> bool {
        self.nodes > self.limit
    }

    /// Goes through everything that is open; says why nothing better than the best is left there.
    fn descend(&mut self, mut state: State, mut agenda: Vec<Task>) -> Blame {
        self.nodes += 1;
        loop {
            if self.is_cut_short() {
                return Blame::default();
            }
            if let Some(best) = &self.best
                && self.bounds.least(&state) >= best.cost
            {
                return self.bounds.blame(&state);
            }
            match agenda.pop() {
                None => {
                    let blame = self.bounds.blame(&state);
                    self.best = Some(state);
                    return blame;
                }
                Some(Task::Requirement(place)) => return self.decide(&state, &agenda, place),
                Some(Task::Dependency(dependency, origin)) => {
                    if self.dead.contains(&key(&dependency)) {
                        return Blame::of([origin]);
                    }
                    let versions = self.versions(&state, &dependency);
                    match versions.as_slice() {
                        // Nothing to choose: it follows from what brought it about.
                        [only] => {
                            let counted = self.counts(&dependency.name);
                            state.shift(&dependency, only, counted, origin);
                            let taken =
                                self.take(&mut state, &mut agenda, &dependency, only, origin);
                            if let Err(blame) = taken {
                                return blame;
                            }
                        }
                        _ => return self.resolve(&state, &agenda, &dependency, origin, &versions),
                    }
                }
            }
        }
    }

    /// Tries every option of a requirement.
    fn decide(&mut self, state: &State, agenda: &[Task], place: usize) -> Blame {
        let number = self.order[place];
        let mut blame = Blame::default();
        for option in 0..self.options[number].len() {
            let mut state = state.clone();
            let mut agenda = agenda.to_vec();
            state.parts.push(Default::default());
            let level = state.open();
            let why = match self.choose(&mut state, &mut agenda, (number, option), level) {
                Ok(()) => self.descend(state, agenda),
                Err(why) => why,
            };
            if self.is_cut_short() || !why.levels.contains(&level) {
                return why;
            }
            blame.add(why);
            blame.levels.remove(&level);
        }
        blame
    }

    /// Tries every release that a dependency can be resolved to.
    fn resolve(
        &mut self,
        state: &State,
        agenda: &[Task],
        dependency: &Dependency,
        origin: Level,
        versions: &[Version],
    ) -> Blame {
        let mut blame = Blame::default();
        for version in versions {
            let mut state = state.clone();
            let mut agenda = agenda.to_vec();
            let level = state.open();
            state.shift(dependency, version, self.counts(&dependency.name), level);
            let why = match self.take(&mut state, &mut agenda, dependency, version, level) {
                Ok(()) => self.descend(state, agenda),
                Err(why) => why,
            };
            if self.is_cut_short() || !why.levels.contains(&level) {
                return why;
            }
            blame.add(why);
            blame.levels.remove(&level);
        }
        if blame.is_nobodys() {
            self.dead.insert(key(dependency));
        }
        blame.levels.insert(origin);
        blame
    }

    pub(super) fn counts(&self, package: &str) -> bool {
        self.counted.is_none_or(|counted| counted.contains(package))
    }

    /// The releases that come into question for a dependency: those that are linked already first.
    fn versions(&self, state: &State, dependency: &Dependency) -> Vec<Version> {
        let Dependency {
            registry,
            name,
            req,
            ..
        } = dependency;
        let mut versions = self.known.admitted(registry.as_ref(), name, req).to_vec();
        versions.retain(|version| self.may_be(dependency, version));
        let taken = |version: &Version| {
            let slot = (name.clone(), Line::of(version));
            state
                .slots
                .get(&slot)
                .is_some_and(|(taken, _)| taken == version)
        };
        versions.sort_by_key(|version| !taken(version));
        versions
    }

    /// Whether a version will do for a dependency by itself.
    fn may_be(&self, dependency: &Dependency, version: &Version) -> bool {
        let question = self.known.question;
        let line = Line::of(version);
        let off = question.family.is_anchor(&dependency.name) && line != question.target;
        !question.is_refused(&dependency.name, version)
            && (!off
                || self.is_idle(dependency, version)
                || self.known.are_harmless(&dependency.introducers, line))
    }

    /// Whether a dependency stays as it is locked, where no build links it.
    fn is_idle(&self, dependency: &Dependency, version: &Version) -> bool {
        dependency.kept
            && dependency.was.as_ref() == Some(version)
            && !self.known.is_linked(&dependency.name, version)
    }

    /// Takes a version for a dependency, and puts what it links on the agenda; else says why it
    /// cannot be taken.
    pub(super) fn take(
        &self,
        state: &mut State,
        agenda: &mut Vec<Task>,
        dependency: &Dependency,
        version: &Version,
        level: Level,
    ) -> Result<(), Blame> {
        let known = self.known;
        let name = &dependency.name;
        let line = Line::of(version);
        if !self.may_be(dependency, version) {
            return Err(Blame::of([level]));
        }
        if let Some(edge) = &dependency.edge {
            let taken = state.edges.entry(edge.clone());
            let fresh = || ((name.clone(), line), version.clone(), level);
            let (_, taken, at) = taken.or_insert_with(fresh);
            if taken != version {
                return Err(Blame::of([level, *at]));
            }
        }
        let slot = state.slots.entry((name.clone(), line));
        let (taken, at) = slot.or_insert_with(|| (version.clone(), level));
        if taken != version {
            return Err(Blame::of([level, *at]));
        }
        if self.is_idle(dependency, version) {
            return Ok(());
        }
        let family = known.question.family;
        if family.is_anchor(name) && line != known.question.target {
            return Ok(());
        }
        if family.is_singleton(name) && !family.is_anchor(name) {
            let single = state.singles.entry(name.clone());
            let (taken, at) = single.or_insert_with(|| (version.clone(), level));
            if taken != version {
                return Err(Blame::of([level, *at]));
            }
        }
        match known.release(dependency.registry.as_ref(), name, version) {
            Some(release) => self.link(state, agenda, dependency, &release, level),
            None if known.lock_allows(name, version, &dependency.introducers) => Ok(()),
            None => Err(Blame::of([level])),
        }
    }

    /// Puts what a release links of the family on the agenda.
    fn link(
        &self,
        state: &mut State,
        agenda: &mut Vec<Task>,
        dependency: &Dependency,
        release: &Release,
        level: Level,
    ) -> Result<(), Blame> {
        let Dependency { name, features, .. } = dependency;
        let version = &release.version;
        let offered = |feature: &String| feature == "default" || offers(release, feature);
        if !features.iter().all(offered) {
            return Err(Blame::of([level]));
        }
        let kept = dependency.kept && dependency.was.as_ref() == Some(version);
        let mut features = features.clone();
        if let Some(locked) = &dependency.was {
            let extras = self.known.extras(name, locked);
            let on = extras.iter().filter(|extra| offered(extra));
            features.extend(on.cloned());
        }
        let introducers = match self.known.question.family.is_core(name, version) {
            true => dependency.introducers.clone(),
            false => self
                .known
                .telling(BTreeSet::from([(name.clone(), version.clone())])),
        };
        let taken = Dependency {
            req: VersionReq::STAR,
            features: features.clone(),
            introducers: introducers.clone(),
            kept,
            was: None,
            today: Today::Locked(version.clone()),
            edge: None,
            ..dependency.clone()
        };
        if !state.done.insert(Rc::new(taken)) {
            return Ok(());
        }
        let all = links(release, &features).into_iter();
        let leading = all
            .filter(|link| link.dep.name != *name && self.known.question.leads_on(&link.dep.name));
        agenda.extend(leading.map(|link| {
            let from = Some((name.as_str(), version));
            let registry = dependency
                .registry
                .as_ref()
                .map(|own| link.dep.registry_from(own));
            let today = self
                .known
                .today(from, registry, &link.dep.name, &link.dep.req);
            let dependency = Dependency {
                registry: registry.cloned(),
                name: link.dep.name.clone(),
                req: link.dep.req.clone(),
                features: link.features,
                introducers: introducers.clone(),
                kept,
                was: today.locked().cloned(),
                today,
                edge: Some(Edge::Of(name.clone(), version.clone(), link.number)),
            };
            Task::Dependency(Rc::new(dependency), level)
        }));
        Ok(())
    }
}

/// A dependency, whoever has it.
fn key(dependency: &Dependency) -> Dependency {
    Dependency {
        edge: None,
        ..dependency.clone()
    }
}
