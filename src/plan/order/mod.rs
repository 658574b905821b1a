//! A plan as steps: in which order, by whom, how to do and undo each, and what to look out for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use petgraph::algo::toposort;
use petgraph::graph::{DiGraph, NodeIndex};
use semver::Version;

use crate::rules::Family;
use crate::skew::Line;
use crate::workspace::run::quoted;

use super::compose::Chosen;
use super::diff::unified;
use super::edit::{Edit, apply_all};
use super::edits::{action, sentence};
use super::local::{Requirement, Tree};
use super::model::{Action, Blocker, Owner, Risk, Step};
use super::search::Move;
use super::uses::places;

mod words;

pub use words::outlook_in_words;

/// Gives the lock back.
const LOCK_BACK: &str = "git checkout -- Cargo.lock";

/// A plan before it is put in order.
pub struct Plan<'a> {
    pub family: &'a Family,
    pub tree: &'a Tree,
    /// The manifests as they are, by path.
    pub manifests: &'a BTreeMap<Utf8PathBuf, Arc<str>>,
    pub target: Line,
    /// Broken releases that it keeps out, with what the rules say of them.
    pub avoids: &'a BTreeMap<(String, Version), String>,
    pub moves: &'a [Chosen],
    pub locks: &'a [(String, Option<Version>, Version)],
    /// What the user takes from elsewhere.
    pub patches: &'a [(String, Edit)],
    pub blockers: &'a [Blocker],
    /// The new texts, by path.
    pub changed: &'a BTreeMap<Utf8PathBuf, String>,
    /// What `fix` needs to be told for it to make this plan.
    pub flags: &'a str,
}

impl Plan<'_> {
    /// The whole change of the manifests.
    pub fn diff(&self) -> String {
        self.diff_of(self.changed)
    }

    fn diff_of(&self, changed: &BTreeMap<Utf8PathBuf, String>) -> String {
        let diffs = changed.iter().filter_map(|(path, new)| {
            let old = self.manifests.get(path)?;
            Some(unified(&self.shown(path), old, new))
        });
        diffs.collect()
    }

    /// The steps in the order of doing, in waves.
    pub fn steps(&self) -> Vec<Step> {
        let mut steps: Vec<Step> = self.blockers.iter().map(|one| self.asked(one)).collect();
        steps.extend(self.patches.iter().map(|one| self.patched(one)));
        let mut packages: BTreeMap<(&str, Option<Action>), Vec<&Chosen>> = BTreeMap::new();
        for one in self.moves {
            let key = (
                one.requirement.package.as_str(),
                action(self.tree, &one.requirement, &one.choice),
            );
            packages.entry(key).or_default().push(one);
        }
        for ((_, action), moves) in packages {
            if let Some(action) = action.filter(|action| *action != Action::Ask) {
                steps.push(self.step(action, &moves));
            }
        }
        for lock in self.locks {
            if !steps.iter().any(|step| step.package == lock.0) {
                steps.push(self.lock(lock));
            }
        }
        self.put_in_order(steps)
    }

    fn asked(&self, blocker: &Blocker) -> Step {
        let waits = blocker
            .outlook
            .as_deref()
            .is_some_and(|text| text.starts_with("wait"));
        Step {
            number: 0,
            wave: 0,
            action: if waits { Action::Wait } else { Action::Ask },
            package: blocker.package.clone(),
            owner: Owner::Upstream,
            issue: format!("{}.", blocker.because),
            change: match &blocker.outlook {
                Some(outlook) => format!("a release for line {} is needed: {outlook}", self.target),
                None => format!("a release for line {} is needed", self.target),
            },
            diff: String::new(),
            commands: Vec::new(),
            tests: Vec::new(),
            rollback: Vec::new(),
            depends_on: Vec::new(),
            risks: Vec::new(),
            uses: Vec::new(),
            done_when: format!(
                "cargo otel-check plan --target-line {} names `{}` no more",
                self.target, blocker.package
            ),
        }
    }

    fn step(&self, action: Action, moves: &[&Chosen]) -> Step {
        let Chosen {
            requirement,
            choice,
            ..
        } = moves[0];
        let edits: Vec<Edit> = moves.iter().flat_map(|one| one.edits.clone()).collect();
        let root = self.tree.root.join("Cargo.toml");
        let alone = apply_all(self.manifests, &root, &edits).unwrap_or_default();
        let diff = self.diff_of(&alone);
        let name = &requirement.package;
        let places: Vec<String> = moves
            .iter()
            .map(|one| one.requirement.place(&self.tree.root))
            .collect();
        let mut sentences: Vec<String> = moves
            .iter()
            .map(|one| sentence(self.tree, &one.requirement, &one.choice, self.target))
            .collect();
        sentences.dedup();
        let users: BTreeSet<&str> = moves
            .iter()
            .flat_map(|one| &one.requirement.uses)
            .map(|one| one.local.as_str())
            .collect();
        Step {
            number: 0,
            wave: 0,
            action,
            package: name.clone(),
            owner: Owner::Workspace,
            issue: self.issue(action, requirement),
            change: format!("{} ({}).", sentences.join("; "), places.join(", ")),
            diff,
            // It moves the lock, too.
            commands: vec![self.fix(name)],
            tests: users
                .iter()
                .map(|user| format!("cargo test -p {user}"))
                .collect(),
            rollback: self.undo(&alone),
            depends_on: Vec::new(),
            risks: self.risks(requirement, choice),
            uses: self.uses(action, moves),
            done_when: "cargo otel-check check".into(),
        }
    }

    fn patched(&self, (name, edit): &(String, Edit)) -> Step {
        let root = self.tree.root.join("Cargo.toml");
        let edit = std::slice::from_ref(edit);
        let alone = apply_all(self.manifests, &root, edit).unwrap_or_default();
        Step {
            number: 0,
            wave: 0,
            action: Action::Patch,
            package: name.clone(),
            owner: Owner::Workspace,
            issue: format!("no release of `{name}` is to be waited for."),
            change: format!("take `{name}` from the sources that were named, by `[patch]`."),
            diff: self.diff_of(&alone),
            commands: vec![self.fix(name)],
            tests: vec!["cargo test --workspace".into()],
            rollback: self.undo(&alone),
            depends_on: Vec::new(),
            risks: Vec::new(),
            uses: Vec::new(),
            done_when: "cargo otel-check check".into(),
        }
    }

    /// Code that names what is switched off, or gives way to something else.
    fn uses(&self, action: Action, moves: &[&Chosen]) -> Vec<String> {
        match action {
            Action::Disable | Action::Replace => {
                let uses = moves
                    .iter()
                    .flat_map(|one| one.requirement.uses.iter().cloned());
                places(self.tree, &uses.collect::<Vec<_>>())
            }
            Action::Lock
            | Action::Bump
            | Action::Downgrade
            | Action::Inherit
            | Action::SwitchFeature
            | Action::MoveFeature
            | Action::DropFeature
            | Action::Patch
            | Action::Wait
            | Action::Ask => Vec::new(),
        }
    }

    /// As git and patches name it, everywhere.
    fn shown(&self, path: &Utf8Path) -> String {
        let name = path.strip_prefix(&self.tree.root).unwrap_or(path);
        name.as_str().replace(std::path::MAIN_SEPARATOR, "/")
    }

    /// Brings the manifests back, and then the lock. Git refuses a whole command for one file that it
    /// does not track, and locks are often not tracked.
    fn undo(&self, changed: &BTreeMap<Utf8PathBuf, String>) -> Vec<String> {
        let names: Vec<String> = changed.keys().map(|path| self.shown(path)).collect();
        let mut commands = Vec::new();
        if !names.is_empty() {
            let literal = match names.iter().any(|name| is_pattern(name)) {
                true => " --literal-pathspecs",
                false => "",
            };
            let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
            commands.push(format!("git{literal} checkout -- {}", names.join(" ")));
        }
        commands.push(LOCK_BACK.to_owned());
        commands
    }

    /// Carries out what the plan does to one package.
    fn fix(&self, name: &str) -> String {
        format!("cargo otel-check fix --only {}{}", quoted(name), self.flags)
    }

    fn lock(&self, (name, from, to): &(String, Option<Version>, Version)) -> Step {
        let was = from
            .as_ref()
            .map_or_else(|| "nothing".to_owned(), ToString::to_string);
        let spec = from
            .as_ref()
            .map_or_else(|| name.clone(), |from| format!("{name}@{from}"));
        Step {
            number: 0,
            wave: 0,
            action: Action::Lock,
            package: name.clone(),
            owner: Owner::Workspace,
            issue: format!(
                "`{name}` is locked at a release that is not of line {}.",
                self.target
            ),
            change: format!("lock `{name}` at {to} instead of {was}."),
            diff: String::new(),
            commands: vec![format!("cargo update -p {spec} --precise {to}")],
            tests: vec!["cargo test --workspace".into()],
            // The other way round cargo would leave what it moved along.
            rollback: vec![LOCK_BACK.to_owned()],
            depends_on: Vec::new(),
            risks: from
                .as_ref()
                .map_or_else(Vec::new, |from| self.hop(name, from, to)),
            uses: Vec::new(),
            done_when: "cargo otel-check check".into(),
        }
    }

    fn risks(&self, requirement: &Requirement, choice: &Move) -> Vec<Risk> {
        match (choice, &requirement.locked) {
            (Move::Release { to, .. }, Some(from)) => self.hop(&requirement.package, from, to),
            _ => Vec::new(),
        }
    }

    fn hop(&self, name: &str, from: &Version, to: &Version) -> Vec<Risk> {
        let changes = self.family.behaviour_changes(name, from, to).into_iter();
        let risks: BTreeSet<Risk> = changes
            .map(|change| Risk {
                text: format!("{} {}", change.summary, change.advice),
                source: change.source.clone(),
            })
            .collect();
        risks.into_iter().collect()
    }

    /// What others must release comes first; then what the tree's packages at the bottom ask for,
    /// before what those above them ask for.
    fn put_in_order(&self, mut steps: Vec<Step>) -> Vec<Step> {
        let mut graph: DiGraph<usize, ()> = DiGraph::new();
        let nodes: Vec<NodeIndex> = (0..steps.len()).map(|at| graph.add_node(at)).collect();
        for (at, step) in steps.iter().enumerate() {
            for (before, other) in steps.iter().enumerate() {
                let upstream = other.owner == Owner::Upstream && step.owner == Owner::Workspace;
                if upstream || at != before && self.needs(&step.package, &other.package) {
                    graph.add_edge(nodes[before], nodes[at], ());
                }
            }
        }
        // Packages that need each other move together.
        let order = toposort(&graph, None).unwrap_or_else(|_| nodes.clone());
        let mut waves = vec![1; steps.len()];
        for node in &order {
            let above = graph.neighbors_directed(*node, petgraph::Direction::Incoming);
            let wave = above
                .map(|before| waves[graph[before]] + 1)
                .max()
                .unwrap_or(1);
            waves[graph[*node]] = if wave > steps.len() { 1 } else { wave };
        }
        let mut numbers: Vec<usize> = (0..steps.len()).collect();
        numbers.sort_by(|one, other| {
            let key = |at: &usize| (waves[*at], steps[*at].package.clone());
            key(one).cmp(&key(other))
        });
        let mut place = vec![0; steps.len()];
        for (number, at) in numbers.iter().enumerate() {
            place[*at] = number + 1;
        }
        for (at, step) in steps.iter_mut().enumerate() {
            let before = graph.neighbors_directed(nodes[at], petgraph::Direction::Incoming);
            let mut before: Vec<usize> = before.map(|node| place[graph[node]]).collect();
            before.sort_unstable();
            step.number = place[at];
            step.wave = waves[at];
            step.depends_on = before;
        }
        steps.sort_by_key(|step| step.number);
        steps
    }

    /// Whether one locked package depends on the other directly.
    fn needs(&self, package: &str, other: &str) -> bool {
        self.tree.lock.named(package).any(|entry| {
            let mut names = entry.dependencies.iter().map(|text| text.split(' ').next());
            names.any(|name| name == Some(other))
        })
    }
}

/// Whether git takes a file's name for a pattern unless it is told not to.
pub fn is_pattern(name: &str) -> bool {
    name.starts_with(':') || name.contains(['*', '?', '[', '\\'])
}
