//! What is chosen on the way to a complete choice, and what is still open.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;

use semver::{Version, VersionReq};

use crate::registry::RegistryId;
use crate::skew::Line;

use super::super::model::Cost;

/// What a lockfile resolves to one version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edge {
    /// Of the tree, by its number.
    Requirement(usize),
    /// A dependency of a release, by its place there.
    Of(String, Version, usize),
}

/// One version for each package and semver-compatible series, as in a lockfile.
pub type Slot = (String, Line);

/// A place on the way where something was chosen, counted from the first.
pub type Level = usize;

/// The choices which together rule out anything better.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blame {
    pub levels: BTreeSet<Level>,
    /// Whether there would be a choice, were it not dearer than one that is known.
    pub dear: bool,
}

impl Blame {
    pub fn of(levels: impl IntoIterator<Item = Level>) -> Self {
        Self {
            levels: levels.into_iter().collect(),
            dear: false,
        }
    }

    pub fn add(&mut self, other: Self) {
        self.levels.extend(other.levels);
        self.dear |= other.dear;
    }

    /// Whether nothing else had a part in it.
    pub fn is_nobodys(&self) -> bool {
        self.levels.is_empty() && !self.dear
    }
}

/// A package that is linked, to be resolved.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Dependency {
    /// None where no registry lists the package.
    pub registry: Option<RegistryId>,
    pub name: String,
    pub req: VersionReq,
    pub features: BTreeSet<String>,
    /// The packages that bring in the lines behind it, where that can be harmless.
    pub introducers: BTreeSet<(String, Version)>,
    /// Whether everything on the way to it stays as it is locked.
    pub kept: bool,
    /// What it is locked to before anything is changed.
    pub was: Option<Version>,
    pub today: Today,
    /// None where it does not matter whose it is.
    pub edge: Option<Edge>,
}

/// What cargo takes for a dependency as long as nobody says anything.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Today {
    Locked(Version),
    /// The newest release, where the lock has none that would do.
    Newest(Version),
    /// There is nothing to take.
    Nothing,
}

impl Today {
    pub fn version(&self) -> Option<&Version> {
        match self {
            Self::Locked(version) | Self::Newest(version) => Some(version),
            Self::Nothing => None,
        }
    }

    pub fn locked(&self) -> Option<&Version> {
        match self {
            Self::Locked(version) => Some(version),
            Self::Newest(_) | Self::Nothing => None,
        }
    }
}

/// What remains to be decided on the way.
#[derive(Debug, Clone)]
pub enum Task {
    /// By place in the order.
    Requirement(usize),
    /// With the level that brought it about.
    Dependency(Rc<Dependency>, Level),
}

/// A locked version that has to move: the package and where to.
pub type Moved = (String, Version);

/// What one requirement and everything behind it costs.
#[derive(Debug, Clone, Default)]
pub struct Part {
    pub cost: Cost,
    /// The choices that cost something.
    pub payers: BTreeSet<Level>,
    /// Packages whose lock moves are in that cost.
    pub moved: BTreeSet<String>,
}

/// What is chosen on the way to a complete choice.
#[derive(Debug, Clone, Default)]
pub struct State {
    pub cost: Cost,
    /// Requirement, option.
    pub chosen: Vec<(usize, usize)>,
    /// By place in the order.
    pub parts: Vec<Part>,
    pub slots: BTreeMap<Slot, (Version, Level)>,
    /// The linked version of each crate of which there must be one.
    pub singles: BTreeMap<String, (Version, Level)>,
    pub edges: BTreeMap<Edge, (Slot, Version, Level)>,
    /// From which locked versions a package moves to one; none for what the lock has not.
    pub moved: BTreeMap<Moved, BTreeSet<Option<Version>>>,
    /// Features that other packages are asked for in the place of these, counted once each.
    pub elsewhere: BTreeSet<(String, String)>,
    /// What has been looked at, so that circles end.
    pub done: HashSet<Rc<Dependency>>,
    /// How many choices were made.
    pub depth: Level,
}

impl State {
    /// The level of a new choice.
    pub fn open(&mut self) -> Level {
        let level = self.depth;
        self.depth += 1;
        level
    }

    /// Adds to the cost of the requirement at hand.
    pub fn pay(&mut self, cost: Cost, level: Level) {
        if cost == Cost::default() {
            return;
        }
        self.cost = self.cost + cost;
        if let Some(part) = self.parts.last_mut() {
            part.cost = part.cost + cost;
            part.payers.insert(level);
        }
    }

    /// Notes that a dependency is resolved to something else than today. `counted` says whether this
    /// costs anything.
    pub fn shift(&mut self, dependency: &Dependency, to: &Version, counted: bool, level: Level) {
        if dependency.today.version() == Some(to) {
            return;
        }
        let key = (dependency.name.clone(), to.clone());
        let from = dependency.today.locked().cloned();
        let all = self.moved.entry(key).or_default();
        let before = lock_moves(all);
        all.insert(from);
        let more = lock_moves(all) - before;
        if counted && more > 0 {
            let cost = Cost {
                lock_moves: more,
                ..Cost::default()
            };
            self.pay(cost, level);
            if let Some(part) = self.parts.last_mut() {
                part.moved.insert(dependency.name.clone());
            }
        }
    }

    /// The locked versions to move, in an order in which cargo can follow one by one: what moves up
    /// before those that need it, what moves down after those that forbid it.
    pub fn locks(&self) -> Vec<(String, Option<Version>, Version)> {
        let mut sorted = Vec::new();
        let mut seen = BTreeSet::new();
        for key in self.moved.keys() {
            self.after_what_it_needs(key, &mut seen, &mut sorted);
        }
        let all = sorted.into_iter().flat_map(|key| {
            let froms = self.moved.get(&key).into_iter().flatten();
            let locked: Vec<_> = froms.filter(|from| from.is_some()).cloned().collect();
            let froms = if locked.is_empty() {
                vec![None]
            } else {
                locked
            };
            let (name, to) = key;
            froms
                .into_iter()
                .map(move |from| (name.clone(), from, to.clone()))
        });
        let (mut up, mut down): (Vec<_>, Vec<_>) =
            all.partition(|(_, from, to)| from.as_ref().is_some_and(|from| from < to));
        down.reverse();
        up.extend(down);
        up
    }

    /// Lists what moves among a package and all behind it, each after what is behind it.
    fn after_what_it_needs(
        &self,
        key: &Moved,
        seen: &mut BTreeSet<Moved>,
        sorted: &mut Vec<Moved>,
    ) {
        if !seen.insert(key.clone()) {
            return;
        }
        let (name, version) = key;
        let first = Edge::Of(name.clone(), version.clone(), 0);
        let last = Edge::Of(name.clone(), version.clone(), usize::MAX);
        for ((name, _), version, _) in self.edges.range(first..=last).map(|(_, taken)| taken) {
            self.after_what_it_needs(&(name.clone(), version.clone()), seen, sorted);
        }
        if self.moved.contains_key(key) {
            sorted.push(key.clone());
        }
    }
}

/// How many commands it takes to move one package from these versions to one.
fn lock_moves(froms: &BTreeSet<Option<Version>>) -> u32 {
    let locked = froms.iter().filter(|from| from.is_some()).count();
    let least = usize::from(!froms.is_empty());
    u32::try_from(locked.max(least)).unwrap_or(u32::MAX)
}
