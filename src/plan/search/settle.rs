//! Depth-first search with bounds: one requirement after another, and for each whatever its choice
//! links.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use semver::{Version, VersionReq};

use crate::matrix::selection::active;
use crate::registry::{RegistryId, Release};
use crate::skew::Line;

use super::super::local::Requirement;
use super::super::model::Cost;
use super::{Move, Question};

/// A search in progress.
pub struct Search<'s, 'q> {
    question: &'s Question<'q>,
    options: &'s [Vec<Move>],
    order: &'s [usize],
    /// By place in `order`: the least that it and all after it cost.
    bounds: Vec<Cost>,
    best: Option<Best>,
    nodes: usize,
    limit: usize,
}

/// The cheapest choice so far.
#[derive(Debug, Clone)]
pub struct Best {
    pub cost: Cost,
    /// Requirement, option.
    pub chosen: Vec<(usize, usize)>,
    pub locks: Vec<(String, Option<Version>, Version)>,
}

/// What is chosen on the way to a leaf.
#[derive(Debug, Clone, Default)]
struct State {
    /// One version for each package and semver-compatible series, as in a lockfile.
    slots: BTreeMap<(String, Line), Version>,
    cost: Cost,
    chosen: Vec<(usize, usize)>,
    locks: Vec<(String, Option<Version>, Version)>,
    /// What has been looked at, so that circles end.
    done: HashSet<(String, Version, Vec<String>)>,
    /// Entries that are added for moved features, counted once each.
    added: BTreeSet<(String, String)>,
}

/// What remains to be decided on the way.
#[derive(Debug, Clone)]
enum Task {
    /// By place in the order.
    Requirement(usize),
    Dependency(Dependency),
}

/// A package that is linked, to be resolved.
#[derive(Debug, Clone)]
struct Dependency {
    registry: RegistryId,
    name: String,
    req: VersionReq,
    features: Vec<String>,
    introducers: Vec<(String, Version)>,
}

impl<'s, 'q> Search<'s, 'q> {
    pub fn new(
        question: &'s Question<'q>,
        options: &'s [Vec<Move>],
        order: &'s [usize],
        limit: usize,
    ) -> Self {
        Self {
            question,
            options,
            order,
            bounds: vec![Cost::default(); order.len() + 1],
            best: None,
            nodes: 0,
            limit,
        }
    }

    /// Takes what each requirement costs at least.
    pub fn bound_by(&mut self, bounds: &[Cost]) {
        for place in (0..self.order.len()).rev() {
            self.bounds[place] = self.bounds[place + 1] + bounds[self.order[place]];
        }
    }

    /// The cheapest choice, and whether the search was complete.
    pub fn run(mut self) -> (Option<Best>, bool) {
        let agenda = (0..self.order.len()).rev().map(Task::Requirement).collect();
        self.descend(State::default(), agenda);
        (self.best, self.nodes <= self.limit)
    }

    fn descend(&mut self, state: State, mut agenda: Vec<Task>) {
        self.nodes += 1;
        let next = agenda.iter().rev().find_map(|task| match task {
            Task::Requirement(place) => Some(*place),
            Task::Dependency(_) => None,
        });
        let least = state.cost + self.bounds[next.unwrap_or(self.order.len())];
        let hopeless = self.best.as_ref().is_some_and(|best| least >= best.cost);
        if hopeless || self.nodes > self.limit {
            return;
        }
        match agenda.pop() {
            None => {
                self.best = Some(Best {
                    cost: state.cost,
                    chosen: state.chosen,
                    locks: state.locks,
                });
            }
            Some(Task::Requirement(place)) => {
                let number = self.order[place];
                for option in 0..self.options[number].len() {
                    let mut state = state.clone();
                    let mut agenda = agenda.clone();
                    if self.choose(&mut state, &mut agenda, number, option) {
                        self.descend(state, agenda);
                    }
                }
            }
            Some(Task::Dependency(dependency)) => self.resolve(&state, &agenda, &dependency),
        }
    }

    /// Applies one option of a requirement; false where it cannot be.
    fn choose(
        &self,
        state: &mut State,
        agenda: &mut Vec<Task>,
        number: usize,
        option: usize,
    ) -> bool {
        let requirement = &self.question.requirements[number];
        let choice = &self.options[number][option];
        state.chosen.push((number, option));
        state.cost = state.cost + choice.cost(requirement);
        let introducers = self.question.locals(requirement);
        let registry = self.question.registry_of(requirement);
        match choice {
            Move::Disable | Move::Drop { .. } | Move::Block => true,
            Move::Keep => {
                let dependency = Dependency {
                    registry,
                    name: requirement.package.clone(),
                    req: requirement.req.clone(),
                    features: requirement.chosen().into_iter().collect(),
                    introducers,
                };
                match &requirement.locked {
                    Some(version) => self.take(state, agenda, &dependency, version),
                    // Without a lock, cargo takes the newest.
                    None => {
                        agenda.push(Task::Dependency(dependency));
                        true
                    }
                }
            }
            Move::Release { to, text, features } => {
                for moved in &features.elsewhere {
                    // The same feature may have moved for several requirements.
                    if !state.added.insert(moved.clone()) {
                        state.cost.edits -= 1;
                    }
                }
                let chosen = requirement.chosen().into_iter();
                let chosen = chosen.filter(|feature| !features.remove.contains(feature));
                let req = text.as_deref().unwrap_or(&requirement.text);
                let dependency = Dependency {
                    registry,
                    name: requirement.package.clone(),
                    req: VersionReq::parse(req).unwrap_or(VersionReq::STAR),
                    features: chosen.chain(features.add.iter().cloned()).collect(),
                    introducers,
                };
                self.lock_for(state, &dependency, to);
                self.take(state, agenda, &dependency, to)
            }
            Move::Replace {
                package,
                to,
                text,
                drop,
            } => {
                let chosen = requirement.chosen().into_iter();
                let dependency = Dependency {
                    registry,
                    name: package.clone(),
                    req: VersionReq::parse(text).unwrap_or(VersionReq::STAR),
                    features: chosen.filter(|feature| !drop.contains(feature)).collect(),
                    introducers,
                };
                self.lock_for(state, &dependency, to);
                self.take(state, agenda, &dependency, to)
            }
        }
    }

    /// Tries every release that a dependency can be resolved to.
    fn resolve(&mut self, state: &State, agenda: &[Task], dependency: &Dependency) {
        let Dependency { name, req, .. } = dependency;
        let mut versions: Vec<Version> = state
            .slots
            .iter()
            .filter(|((of, _), version)| of == name && req.matches(version))
            .map(|(_, version)| version.clone())
            .collect();
        if versions.is_empty() {
            let locked = self.question.locked(name);
            versions = locked
                .filter(|version| req.matches(version))
                .cloned()
                .collect();
            versions.sort_by(|one, other| other.cmp(one));
            let releases = self.question.index.releases(&dependency.registry, name);
            let releases = releases.ok();
            let all = releases.iter().flat_map(|all| all.iter().rev());
            let others: Vec<Version> = all
                .filter(|release| {
                    self.question.is_candidate(name, release) && req.matches(&release.version)
                })
                .map(|release| release.version.clone())
                .filter(|version| !versions.contains(version))
                .collect();
            versions.extend(others);
        }
        for version in versions {
            let mut state = state.clone();
            let mut agenda = agenda.to_vec();
            self.lock_for(&mut state, dependency, &version);
            if self.take(&mut state, &mut agenda, dependency, &version) {
                self.descend(state, agenda);
            }
        }
    }

    /// Counts a lock move where cargo would not take that version by itself.
    fn lock_for(&self, state: &mut State, dependency: &Dependency, version: &Version) {
        let Dependency { name, req, .. } = dependency;
        let slot = (name.clone(), Line::of(version));
        if state.slots.contains_key(&slot) {
            return;
        }
        let locked = self.question.locked(name);
        let locked = locked.filter(|locked| req.matches(locked)).max().cloned();
        let picked = locked.clone().or_else(|| {
            let releases = self
                .question
                .index
                .releases(&dependency.registry, name)
                .ok()?;
            let mut all = releases
                .iter()
                .rev()
                .filter(|release| release.is_eligible());
            let newest = all.find(|release| req.matches(&release.version))?;
            Some(newest.version.clone())
        });
        if picked.as_ref().is_none_or(|picked| picked != version) {
            state.cost.lock_moves += 1;
            state.locks.push((name.clone(), locked, version.clone()));
        }
    }

    /// Takes a version for a dependency, and puts what it links on the agenda; false where it cannot
    /// be taken.
    fn take(
        &self,
        state: &mut State,
        agenda: &mut Vec<Task>,
        dependency: &Dependency,
        version: &Version,
    ) -> bool {
        let question = self.question;
        let name = &dependency.name;
        if question.is_refused(name, version) {
            return false;
        }
        let line = Line::of(version);
        if question.family.is_anchor(name) && line != question.target {
            return question.are_harmless(&dependency.introducers, line);
        }
        let slot = (name.clone(), line);
        if state.slots.get(&slot).is_some_and(|taken| taken != version) {
            return false;
        }
        let single = question.family.is_singleton(name);
        let second = |(of, taken): (&(String, Line), &Version)| of.0 == *name && taken != version;
        if single && state.slots.iter().any(second) {
            return false;
        }
        state.slots.insert(slot, version.clone());
        let features = question.features(name, version, &dependency.features);
        let Some(features) = features else {
            // It is locked, and no build links it.
            return true;
        };
        let key = (name.clone(), version.clone(), features.clone());
        if !state.done.insert(key) {
            return true;
        }
        let releases = question.index.releases(&dependency.registry, name).ok();
        let release = releases
            .iter()
            .flat_map(|all| all.iter())
            .find(|release| release.version == *version);
        match release {
            Some(release) => {
                agenda.extend(self.linked(dependency, release, &features));
                true
            }
            None => question.lock_allows(name, version, &dependency.introducers),
        }
    }

    /// What a release links of the family.
    fn linked(&self, dependency: &Dependency, release: &Release, features: &[String]) -> Vec<Task> {
        let question = self.question;
        let name = &dependency.name;
        let introducers = if question.family.is_core(name, &release.version) {
            dependency.introducers.clone()
        } else {
            vec![(name.clone(), release.version.clone())]
        };
        let features: Vec<&str> = features.iter().map(String::as_str).collect();
        active(release, &features)
            .into_iter()
            .filter(|dep| dep.name != *name && question.leads_on(&dep.name))
            .map(|dep| {
                let default = dep.default_features.then(|| "default".to_owned());
                Task::Dependency(Dependency {
                    registry: dep.registry_from(&dependency.registry).clone(),
                    name: dep.name.clone(),
                    req: dep.req.clone(),
                    features: dep.features.iter().cloned().chain(default).collect(),
                    introducers: introducers.clone(),
                })
            })
            .collect()
    }
}

impl Question<'_> {
    /// The packages of the tree that ask for something, with their versions.
    fn locals(&self, requirement: &Requirement) -> Vec<(String, Version)> {
        let uses = requirement.uses.iter();
        let locals: BTreeSet<&String> = uses.map(|one| &one.local).collect();
        let version = |name: &String| {
            let mut entries = self.lock.named(name).filter(|entry| entry.source.is_none());
            entries.next().map(|entry| entry.version.clone())
        };
        let versions = locals.into_iter().map(|name| {
            let version = version(name).unwrap_or_else(|| Version::new(0, 0, 0));
            (name.clone(), version)
        });
        versions.collect()
    }

    fn are_harmless(&self, introducers: &[(String, Version)], line: Line) -> bool {
        let mut all = introducers.iter();
        !introducers.is_empty()
            && all.all(|(name, version)| {
                self.harmless
                    .contains(&(name.clone(), version.clone(), line))
            })
    }

    /// The features that a package is linked with: as builds give them where it is locked, else as it
    /// is asked for. None where it is locked and no build links it.
    fn features(&self, name: &str, version: &Version, asked: &[String]) -> Option<Vec<String>> {
        let mut features: BTreeSet<String> = asked.iter().cloned().collect();
        if let Some(used) = self.used
            && self.locked(name).any(|locked| locked == version)
        {
            features.extend(
                used.get(&(name.to_owned(), version.clone()))?
                    .iter()
                    .cloned(),
            );
        }
        Some(features.into_iter().collect())
    }

    /// Whether a package can lead to the family's anchors.
    pub(super) fn leads_on(&self, name: &str) -> bool {
        self.family.is_anchor(name) || self.family.knows(name) || self.reaching.contains(name)
    }

    /// What the lock says of a package that no registry lists: whether the lines behind it are the
    /// target, or harmless.
    fn lock_allows(&self, name: &str, version: &Version, from: &[(String, Version)]) -> bool {
        let mut from = from.to_vec();
        from.push((name.to_owned(), version.clone()));
        self.locked_lines(name, version).into_iter().all(|line| {
            let alone = self.are_harmless(&from[from.len() - 1..], line);
            line == self.target || alone || self.are_harmless(&from[..from.len() - 1], line)
        })
    }

    /// The lines of the anchors that a locked package leads to.
    fn locked_lines(&self, name: &str, version: &Version) -> BTreeSet<Line> {
        let mut entries = self.lock.named(name);
        let Some(start) = entries.find(|entry| entry.version == *version) else {
            return BTreeSet::new();
        };
        let mut lines = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut queue = vec![start];
        while let Some(entry) = queue.pop() {
            if !seen.insert((&entry.name, &entry.version)) {
                continue;
            }
            if self.family.is_anchor(&entry.name) {
                lines.insert(Line::of(&entry.version));
            }
            queue.extend(entry.dependencies(self.lock));
        }
        lines
    }

    /// The lines that a release of a requirement's package asks for, as far as its own requirements
    /// and those of the family's releases behind it tell.
    pub fn lines_of(&self, requirement: &Requirement, version: &Version) -> BTreeSet<Line> {
        let mut lines = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let features = requirement.chosen().into_iter().collect();
        let mut queue: Vec<(RegistryId, String, Version, Vec<String>)> = vec![(
            self.registry_of(requirement),
            requirement.package.clone(),
            version.clone(),
            features,
        )];
        while let Some((registry, name, version, features)) = queue.pop() {
            if self.family.is_anchor(&name) {
                lines.insert(Line::of(&version));
                continue;
            }
            let Ok(releases) = self.index.releases(&registry, &name) else {
                continue;
            };
            let Some(release) = releases.iter().find(|release| release.version == version) else {
                continue;
            };
            if !seen.insert((name.clone(), version)) {
                continue;
            }
            let features: Vec<&str> = features.iter().map(String::as_str).collect();
            for dep in active(release, &features) {
                if dep.name == name || !self.leads_on(&dep.name) {
                    continue;
                }
                let registry = dep.registry_from(&registry).clone();
                let Ok(releases) = self.index.releases(&registry, &dep.name) else {
                    continue;
                };
                let default = dep.default_features.then(|| "default".to_owned());
                let features: Vec<String> = dep.features.iter().cloned().chain(default).collect();
                let newest = releases
                    .iter()
                    .rev()
                    .filter(|release| release.is_eligible());
                let mut newest = newest.filter(|release| dep.req.matches(&release.version));
                if let Some(newest) = newest.next() {
                    let version = newest.version.clone();
                    queue.push((registry, dep.name.clone(), version, features));
                }
            }
        }
        lines
    }

    /// Whether a release of a requirement's package leads to a line, and not to the target.
    pub(super) fn is_of_another_line(&self, requirement: &Requirement, version: &Version) -> bool {
        let lines = self.lines_of(requirement, version);
        !lines.is_empty() && !lines.contains(&self.target)
    }
}

/// Names of locked packages from which an anchor can be reached.
pub fn reaching(
    lock: &crate::workspace::Lock,
    is_anchor: impl Fn(&str) -> bool,
) -> BTreeSet<String> {
    let mut dependants: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in &lock.packages {
        for dependency in &entry.dependencies {
            let name = dependency.split(' ').next().unwrap_or(dependency);
            dependants.entry(name).or_default().push(&entry.name);
        }
    }
    let anchors = lock.packages.iter().map(|entry| entry.name.as_str());
    let mut queue: Vec<&str> = anchors.filter(|name| is_anchor(name)).collect();
    let mut found: BTreeSet<String> = BTreeSet::new();
    while let Some(name) = queue.pop() {
        for dependant in dependants.get(name).into_iter().flatten() {
            if found.insert((*dependant).to_owned()) {
                queue.push(dependant);
            }
        }
    }
    found
}
