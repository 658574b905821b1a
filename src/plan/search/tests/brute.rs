//! The cheapest choice by trying all, written plainly and apart from the search: nothing is cut off
//! but what already breaks a rule.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use semver::{Version, VersionReq};

use crate::matrix::selection::active;
use crate::plan::local::Requirement;
use crate::plan::model::Cost;
use crate::plan::search::state::Edge;
use crate::plan::search::{Question, rewritten};
use crate::registry::{RegistryId, Release};
use crate::skew::Line;

/// What is done to one requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opt {
    Keep,
    To(Version, Option<String>),
    Drop(Vec<String>),
    Disable,
    Block,
}

/// A choice: of options, and of a version for each edge, requirements that move left out.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    pub options: Vec<Opt>,
    pub edges: BTreeMap<Edge, Version>,
}

/// What comes of looking at a choice.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Good(Cost),
    Broken(&'static str),
    /// An edge has no version yet, and may have these.
    Open(Edge, Vec<Version>),
}

/// Looks at choices and counts how many.
pub struct Brute<'q> {
    question: &'q Question<'q>,
    looked: usize,
    most: usize,
    releases: RefCell<BTreeMap<String, Arc<[Release]>>>,
    extras: RefCell<BTreeMap<(String, Version), BTreeSet<String>>>,
}

/// Something that asks for a package, on the way through the graph.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Visit {
    edge: Edge,
    name: String,
    req: String,
    version: Version,
    features: BTreeSet<String>,
    kept: bool,
    was: Option<Version>,
    introducers: BTreeSet<(String, Version)>,
}

impl<'q> Brute<'q> {
    pub fn new(question: &'q Question<'q>, most: usize) -> Self {
        Self {
            question,
            looked: 0,
            most,
            releases: RefCell::default(),
            extras: RefCell::default(),
        }
    }

    /// The least cost of all choices; the outer nothing where there are too many to try.
    pub fn least(&mut self) -> Option<Option<Cost>> {
        let all: Vec<Vec<Opt>> = self
            .question
            .requirements
            .iter()
            .map(|r| self.options(r))
            .collect();
        let mut least = None;
        let mut counter = vec![0; all.len()];
        loop {
            let options = counter.iter().zip(&all).map(|(at, all)| all[*at].clone());
            let choice = Choice {
                options: options.collect(),
                edges: BTreeMap::new(),
            };
            self.extend(choice, &mut least)?;
            let Some(next) = (0..all.len()).find(|at| counter[*at] + 1 < all[*at].len()) else {
                return Some(least);
            };
            counter[next] += 1;
            counter[..next].fill(0);
        }
    }

    fn extend(&mut self, choice: Choice, least: &mut Option<Cost>) -> Option<()> {
        self.looked += 1;
        if self.looked > self.most {
            return None;
        }
        match self.look(&choice) {
            Verdict::Broken(_) => {}
            Verdict::Good(cost) => *least = Some(least.map_or(cost, |least| least.min(cost))),
            Verdict::Open(edge, versions) => {
                for version in versions {
                    let mut choice = choice.clone();
                    choice.edges.insert(edge.clone(), version);
                    self.extend(choice, least)?;
                }
            }
        }
        Some(())
    }

    fn options(&self, requirement: &Requirement) -> Vec<Opt> {
        let mut options = vec![Opt::Keep];
        let releases = self.releases(&requirement.package);
        let other_line: Vec<&Version> = releases
            .iter()
            .map(|release| &release.version)
            .filter(|version| self.question.is_of_another_line(requirement, version))
            .collect();
        for release in releases.iter() {
            let version = &release.version;
            if requirement.locked.as_ref() == Some(version)
                || !self.is_candidate(release, &requirement.package)
            {
                continue;
            }
            let text = (!requirement.req.matches(version)).then(|| {
                let bad = other_line
                    .iter()
                    .filter(|bad| Line::of(bad) == Line::of(version));
                let bad: Vec<&Version> = bad.copied().collect();
                rewritten(&requirement.text, version, &bad)
            });
            options.push(Opt::To(version.clone(), text));
        }
        if self.question.may_disable {
            options.push(Opt::Disable);
            options.extend(self.droppable(requirement, &releases).map(Opt::Drop));
        }
        if self.question.may_block {
            options.push(Opt::Block);
        }
        options
    }

    fn droppable(&self, requirement: &Requirement, releases: &[Release]) -> Option<Vec<String>> {
        let name = &requirement.package;
        let release = releases
            .iter()
            .find(|r| Some(&r.version) == requirement.locked.as_ref())?;
        let leading = |feature: &str| {
            active(release, &[feature])
                .iter()
                .any(|dep| self.leads(&dep.name))
        };
        let gone: Vec<String> = requirement
            .features
            .iter()
            .filter(|f| leading(f))
            .cloned()
            .collect();
        let default = requirement.default_features && leading("default");
        let always = active(release, &[]).iter().any(|dep| self.leads(&dep.name));
        (!self.question.family.knows(name) && !gone.is_empty() && !default && !always)
            .then_some(gone)
    }

    fn leads(&self, name: &str) -> bool {
        let family = self.question.family;
        family.is_anchor(name) || family.knows(name) || self.question.reaching.contains(name)
    }

    fn releases(&self, name: &str) -> Arc<[Release]> {
        if let Some(known) = self.releases.borrow().get(name) {
            return Arc::clone(known);
        }
        let registry = RegistryId::default_registry();
        let found = self
            .question
            .index
            .releases(&registry, name)
            .unwrap_or_default();
        self.releases
            .borrow_mut()
            .insert(name.to_owned(), Arc::clone(&found));
        found
    }

    fn is_refused(&self, name: &str, version: &Version) -> bool {
        self.question
            .refused
            .contains(&(name.to_owned(), version.clone()))
    }

    fn is_candidate(&self, release: &Release, name: &str) -> bool {
        let needs = release
            .rust_version
            .as_ref()
            .map(|text| Version::parse(text).unwrap());
        let rust = match (self.question.toolchains.and_then(|all| all.of(name)), needs) {
            (Some(ours), Some(theirs)) => theirs <= *ours,
            _ => true,
        };
        !release.yanked
            && release.version.pre.is_empty()
            && rust
            && !self.is_refused(name, &release.version)
    }

    fn locked(&self, name: &str) -> BTreeSet<Version> {
        self.question
            .lock
            .named(name)
            .map(|entry| entry.version.clone())
            .collect()
    }

    fn admitted(&self, name: &str, req: &VersionReq) -> Vec<Version> {
        let releases = self.releases(name);
        let candidates = releases.iter().filter(|one| self.is_candidate(one, name));
        let mut all: BTreeSet<Version> = candidates.map(|one| one.version.clone()).collect();
        all.extend(self.locked(name));
        all.into_iter().filter(|one| req.matches(one)).collect()
    }

    /// What cargo takes today, and whether the lock says so.
    fn today(
        &self,
        from: Option<(&str, &Version)>,
        name: &str,
        req: &VersionReq,
    ) -> Option<(Version, bool)> {
        let lock = self.question.lock;
        if let Some((dependant, version)) = from
            && let Some(entry) = lock
                .packages
                .iter()
                .find(|e| e.name == dependant && e.version == *version)
        {
            let behind = entry.dependencies(lock).filter(|one| one.name == name);
            let admitted = behind
                .map(|one| one.version.clone())
                .filter(|one| req.matches(one));
            if let Some(version) = admitted.max() {
                return Some((version, true));
            }
        }
        if let Some(version) = self
            .locked(name)
            .into_iter()
            .filter(|one| req.matches(one))
            .max()
        {
            return Some((version, true));
        }
        let releases = self.releases(name);
        let fresh = releases
            .iter()
            .filter(|one| one.is_eligible() && req.matches(&one.version));
        fresh.map(|one| (one.version.clone(), false)).max()
    }

    fn is_linked(&self, name: &str, version: &Version) -> bool {
        let used = self.question.used;
        used.is_none_or(|used| used.contains_key(&(name.to_owned(), version.clone())))
    }

    /// The features of a locked package that nobody known asks for.
    fn extras(&self, name: &str, version: &Version) -> BTreeSet<String> {
        let key = (name.to_owned(), version.clone());
        if let Some(known) = self.extras.borrow().get(&key) {
            return known.clone();
        }
        let found = self.find_extras(name, version);
        self.extras.borrow_mut().insert(key, found.clone());
        found
    }

    fn find_extras(&self, name: &str, version: &Version) -> BTreeSet<String> {
        let key = (name.to_owned(), version.clone());
        let Some(given) = self.question.used.and_then(|used| used.get(&key)) else {
            return BTreeSet::new();
        };
        let mut asked = BTreeSet::new();
        for requirement in self.question.requirements {
            if requirement.package == name && requirement.locked.as_ref() == Some(version) {
                asked.extend(chosen(requirement));
            }
        }
        for ((dependant, at), features) in self.question.used.into_iter().flatten() {
            let releases = self.releases(dependant);
            let Some(release) = releases.iter().find(|one| one.version == *at) else {
                continue;
            };
            for (_, dep, features) in linked(release, features) {
                if dep.name == name && dep.req.matches(version) {
                    asked.extend(features);
                }
            }
        }
        let releases = self.releases(name);
        let release = releases.iter().find(|one| one.version == *version);
        let asked = release.map_or(asked.clone(), |release| unfolded(release, &asked));
        given.difference(&asked).cloned().collect()
    }

    /// Whether a choice holds, and what it costs.
    pub fn look(&self, choice: &Choice) -> Verdict {
        let mut open: Vec<Visit> = Vec::new();
        let mut cost = Cost::default();
        for (number, (requirement, option)) in self
            .question
            .requirements
            .iter()
            .zip(&choice.options)
            .enumerate()
        {
            cost = cost + own_cost(requirement, option);
            match self.first(number, requirement, option, choice) {
                Ok(visit) => open.extend(visit),
                Err(verdict) => return verdict,
            }
        }
        let mut seen: BTreeSet<Visit> = BTreeSet::new();
        while let Some(visit) = open.pop() {
            if seen.insert(visit.clone()) {
                match self.behind(&visit, choice) {
                    Ok(more) => open.extend(more),
                    Err(verdict) => {
                        // What is broken already stays broken.
                        return match self.broken(&seen) {
                            Some(why) => Verdict::Broken(why),
                            None => verdict,
                        };
                    }
                }
            }
        }
        if let Some(why) = self.broken(&seen) {
            return Verdict::Broken(why);
        }
        cost.lock_moves = self.lock_moves(choice, &seen);
        Verdict::Good(cost)
    }

    /// The visit with which a requirement begins; nothing where it is switched off.
    fn first(
        &self,
        number: usize,
        requirement: &Requirement,
        option: &Opt,
        choice: &Choice,
    ) -> Result<Option<Visit>, Verdict> {
        let edge = Edge::Requirement(number);
        let name = &requirement.package;
        let mut visit = Visit {
            edge: edge.clone(),
            name: name.clone(),
            req: requirement.text.clone(),
            version: Version::new(0, 0, 0),
            features: chosen(requirement),
            kept: false,
            was: requirement.locked.clone(),
            introducers: BTreeSet::from([("app".to_owned(), Version::new(0, 0, 0))]),
        };
        match (option, &requirement.locked) {
            (Opt::Disable | Opt::Block, _) => return Ok(None),
            (Opt::Keep, locked) => {
                visit.kept = true;
                let decided = locked.as_ref().or_else(|| choice.edges.get(&edge));
                let Some(version) = decided else {
                    return Err(Verdict::Open(edge, self.admitted(name, &requirement.req)));
                };
                visit.version = version.clone();
            }
            (Opt::Drop(gone), Some(locked)) => {
                visit.version = locked.clone();
                visit.features.retain(|feature| !gone.contains(feature));
            }
            (Opt::Drop(_), None) => return Err(Verdict::Broken("nothing to drop from")),
            (Opt::To(version, text), _) => {
                visit.version = version.clone();
                if let Some(text) = text {
                    visit.req = text.clone();
                }
                if breaks(requirement, version) {
                    // Of this, nothing is known to be harmless.
                    let nobody = (String::new(), Version::new(0, 0, 0));
                    visit.introducers = BTreeSet::from([nobody]);
                }
            }
        }
        Ok(Some(visit))
    }

    /// What a package links.
    fn behind(&self, visit: &Visit, choice: &Choice) -> Result<Vec<Visit>, Verdict> {
        let line = Line::of(&visit.version);
        let family = self.question.family;
        if self.is_idle(visit) || (family.is_anchor(&visit.name) && line != self.question.target) {
            return Ok(Vec::new());
        }
        let releases = self.releases(&visit.name);
        let Some(release) = releases.iter().find(|one| one.version == visit.version) else {
            return Err(Verdict::Broken("not in the index"));
        };
        let mut features = visit.features.clone();
        if let Some(was) = &visit.was {
            let extras = self.extras(&visit.name, was);
            features.extend(extras.into_iter().filter(|one| has(release, one)));
        }
        let introducers = match family.is_core(&visit.name, &visit.version) {
            true => visit.introducers.clone(),
            false => BTreeSet::from([(visit.name.clone(), visit.version.clone())]),
        };
        let mut more = Vec::new();
        for (number, dep, asked) in linked(release, &features) {
            if dep.name == visit.name || !self.leads(&dep.name) {
                continue;
            }
            let edge = Edge::Of(visit.name.clone(), visit.version.clone(), number);
            let Some(version) = choice.edges.get(&edge) else {
                return Err(Verdict::Open(edge, self.admitted(&dep.name, &dep.req)));
            };
            let from = Some((visit.name.as_str(), &visit.version));
            let today = self.today(from, &dep.name, &dep.req);
            more.push(Visit {
                edge,
                name: dep.name.clone(),
                req: dep.req.to_string(),
                version: version.clone(),
                features: asked,
                kept: visit.kept && visit.was.as_ref() == Some(&visit.version),
                was: today
                    .filter(|(_, locked)| *locked)
                    .map(|(version, _)| version),
                introducers: introducers.clone(),
            });
        }
        Ok(more)
    }

    fn is_idle(&self, visit: &Visit) -> bool {
        visit.kept
            && visit.was.as_ref() == Some(&visit.version)
            && !self.is_linked(&visit.name, &visit.version)
    }

    /// Which rule some visits break.
    fn broken(&self, visits: &BTreeSet<Visit>) -> Option<&'static str> {
        let family = self.question.family;
        let mut slots: BTreeMap<(String, Line), BTreeSet<Version>> = BTreeMap::new();
        let mut singles: BTreeMap<String, BTreeSet<Version>> = BTreeMap::new();
        for visit in visits {
            let line = Line::of(&visit.version);
            let slot = slots.entry((visit.name.clone(), line)).or_default();
            slot.insert(visit.version.clone());
            if self.is_refused(&visit.name, &visit.version) {
                return Some("refused");
            }
            if self.is_idle(visit) {
                continue;
            }
            if family.is_anchor(&visit.name) {
                let harmless = |(name, version): &(String, Version)| {
                    let key = (name.clone(), version.clone(), line);
                    self.question.harmless.contains(&key)
                };
                if line != self.question.target && !visit.introducers.iter().all(harmless) {
                    return Some("another line");
                }
                if line != self.question.target {
                    continue;
                }
            } else if family.is_singleton(&visit.name) {
                singles
                    .entry(visit.name.clone())
                    .or_default()
                    .insert(visit.version.clone());
            }
            let releases = self.releases(&visit.name);
            let release = releases.iter().find(|one| one.version == visit.version);
            let release = release.expect("a visited release is in the index");
            if visit
                .features
                .iter()
                .any(|one| one != "default" && !has(release, one))
            {
                return Some("no such feature");
            }
        }
        if slots.values().any(|versions| versions.len() > 1) {
            return Some("two versions of a series");
        }
        singles
            .values()
            .any(|versions| versions.len() > 1)
            .then_some("two of what must be one")
    }

    fn lock_moves(&self, choice: &Choice, visits: &BTreeSet<Visit>) -> u32 {
        let mut moves: BTreeMap<(String, Version), BTreeSet<Option<Version>>> = BTreeMap::new();
        for visit in visits {
            let req = VersionReq::parse(&visit.req).unwrap();
            let today = match &visit.edge {
                Edge::Requirement(number) => {
                    let requirement = &self.question.requirements[*number];
                    let stays = !matches!(choice.options[*number], Opt::To(_, Some(_)));
                    let locked = requirement.locked.clone().filter(|_| stays);
                    locked
                        .map(|version| (version, true))
                        .or_else(|| self.today(None, &visit.name, &req))
                }
                Edge::Of(name, version, _) => self.today(Some((name, version)), &visit.name, &req),
            };
            let (from, locked) = match today {
                Some((version, locked)) => (Some(version), locked),
                None => (None, false),
            };
            if from.as_ref() != Some(&visit.version) {
                let key = (visit.name.clone(), visit.version.clone());
                moves
                    .entry(key)
                    .or_default()
                    .insert(from.filter(|_| locked));
            }
        }
        let commands = moves
            .values()
            .map(|froms| froms.iter().flatten().count().max(1) as u32);
        commands.sum()
    }
}

fn chosen(requirement: &Requirement) -> BTreeSet<String> {
    let mut features = requirement.features.clone();
    if requirement.default_features {
        features.insert("default".to_owned());
    }
    features
}

fn own_cost(requirement: &Requirement, option: &Opt) -> Cost {
    let free = Cost::default();
    match option {
        Opt::Keep | Opt::To(_, None) => free,
        Opt::To(version, Some(_)) => Cost {
            breaking: breaks(requirement, version).into(),
            edits: 1,
            ..free
        },
        Opt::Drop(_) | Opt::Disable => Cost {
            disabled: 1,
            edits: 1,
            ..free
        },
        Opt::Block => Cost { blocked: 1, ..free },
    }
}

/// Whether a version is of another series than today's.
fn breaks(requirement: &Requirement, version: &Version) -> bool {
    let today = requirement.locked.clone();
    let today = today.or_else(|| {
        let first = requirement.req.comparators.first()?;
        let number = |one: Option<u64>| one.unwrap_or(0);
        Some(Version::new(
            first.major,
            number(first.minor),
            number(first.patch),
        ))
    });
    today.is_some_and(|today| Line::of(&today) != Line::of(version))
}

fn has(release: &Release, feature: &str) -> bool {
    release.features.contains_key(feature)
        || release.dependencies.iter().any(|dep| {
            let listed = format!("dep:{feature}");
            dep.optional
                && dep.key() == feature
                && !release.features.values().flatten().any(|i| *i == listed)
        })
}

/// These features and all that they turn on.
pub fn unfolded(release: &Release, features: &BTreeSet<String>) -> BTreeSet<String> {
    let mut all = features.clone();
    loop {
        let lists = all
            .iter()
            .filter_map(|feature| release.features.get(feature));
        let plain = lists
            .flatten()
            .filter(|item| !item.contains([':', '/']))
            .cloned();
        let more: BTreeSet<String> = plain.filter(|item| !all.contains(item)).collect();
        if more.is_empty() {
            return all;
        }
        all.extend(more);
    }
}

/// What a release links, with the features asked for.
pub fn linked<'r>(
    release: &'r Release,
    features: &BTreeSet<String>,
) -> Vec<(usize, &'r crate::registry::ReleaseDep, BTreeSet<String>)> {
    let on = unfolded(release, features);
    let items: Vec<&String> = on
        .iter()
        .filter_map(|one| release.features.get(one))
        .flatten()
        .collect();
    let mut found = Vec::new();
    for (number, dep) in release.dependencies.iter().enumerate() {
        let key = dep.key();
        let hidden = release
            .features
            .values()
            .flatten()
            .any(|item| *item == format!("dep:{key}"));
        let named = !release.features.contains_key(key) && !hidden && on.contains(key);
        let listed = items.iter().any(|item| **item == format!("dep:{key}"));
        let passes = |item: &&&String| item.starts_with(&format!("{key}/"));
        let passed: Vec<&String> = items.iter().filter(passes).copied().collect();
        if dep.optional && !named && !listed && passed.is_empty() {
            continue;
        }
        let mut asked: BTreeSet<String> = dep.features.iter().cloned().collect();
        asked.extend(passed.iter().map(|item| item[key.len() + 1..].to_owned()));
        if dep.default_features {
            asked.insert("default".to_owned());
        }
        found.push((number, dep, asked));
    }
    found
}
