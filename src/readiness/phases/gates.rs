//! Commands that may tell whether something is done: candidates, of which those are kept that were
//! seen to fail before and to pass after.

use std::collections::BTreeSet;

use camino::Utf8Path;
use semver::Version;

use crate::readiness::model::{Gate, Rehearsed};
use crate::workspace::Lock;
use crate::workspace::run::quoted;

use super::Subject;
use super::units::Unit;

/// How many commands about the graph are tried for one step.
const MOST: usize = 4;

/// A command that may be a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub command: String,
    pub shows: String,
    kind: Kind,
}

/// By what a candidate tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `check`, of everything.
    Whole,
    /// `check`, of some packages.
    About,
    /// That the lock fits.
    Lock,
    /// That something is in the graph.
    Appeared,
    /// That it is not.
    Went,
}

impl Candidate {
    /// Whether a failure is the one meant, and not that of a shell which finds no program.
    pub fn failed(&self, code: i32) -> bool {
        match self.kind {
            Kind::Whole | Kind::About => code == 100,
            Kind::Appeared => code == 101,
            Kind::Lock | Kind::Went => (1..126).contains(&code),
        }
    }

    pub fn gate(&self, rehearsed: Rehearsed) -> Gate {
        Gate {
            command: self.command.clone(),
            shows: self.shows.clone(),
            rehearsed,
        }
    }
}

/// `check` as a whole, with the flags in use.
pub fn whole(of: &Subject<'_>) -> Candidate {
    Candidate {
        command: format!("cargo otel-check check --locked{}", of.flags.judged()),
        shows: "nothing is denied".into(),
        kind: Kind::Whole,
    }
}

/// `check` of what is about some packages.
pub fn about(of: &Subject<'_>, packages: &[&str]) -> Candidate {
    let named: Vec<String> = packages
        .iter()
        .map(|name| format!(" --about {}", quoted(name)))
        .collect();
    Candidate {
        command: format!(
            "cargo otel-check check --locked{}{}",
            named.concat(),
            of.flags.judged()
        ),
        shows: format!("nothing about {} is denied", packages.join(", ")),
        kind: Kind::About,
    }
}

/// That the lock fits the manifests, by the command for it.
pub fn fits(command: &str) -> Candidate {
    Candidate {
        command: format!("{command} > /dev/null"),
        shows: "cargo resolves the workspace, and the lock fits it".into(),
        kind: Kind::Lock,
    }
}

/// What appeared in the graph for good, and what went, by the locks before and after: of the package
/// of a step first, then of what the family's members must share.
pub fn graph(
    of: &Subject<'_>,
    package: &str,
    before: &Versions,
    after: &Versions,
) -> Vec<Candidate> {
    let shared = of.family.singletons.iter().map(|one| one.name.as_str());
    let mut names = vec![package];
    names.extend(shared.filter(|name| *name != package));
    let last = Versions::new(of.planned.lock.as_deref().map(str::as_bytes));
    let mut all = Vec::new();
    for name in names {
        let [was, is, last] = [before, after, &last].map(|lock| lock.of(name));
        let new = is.difference(&was).filter(|version| last.contains(version));
        all.extend(new.map(|new| appeared(of, name, new)));
        let old = was
            .difference(&is)
            .filter(|version| !last.contains(version));
        all.extend(old.map(|old| went(of, name, old)));
    }
    all.truncate(MOST);
    all
}

fn appeared(of: &Subject<'_>, name: &str, version: &Version) -> Candidate {
    Candidate {
        command: tree(of, name, version),
        shows: format!("{name} {version} is in the graph"),
        kind: Kind::Appeared,
    }
}

/// With all features what is switched off is still there.
fn went(of: &Subject<'_>, name: &str, version: &Version) -> Candidate {
    let fits = of.fits();
    Candidate {
        command: format!("{fits} > /dev/null && ! {}", tree(of, name, version)),
        shows: format!("{name} {version} is in the graph no more"),
        kind: Kind::Went,
    }
}

fn tree(of: &Subject<'_>, name: &str, version: &Version) -> String {
    let offline = of.flags.offline();
    let package = quoted(&format!("{name}@{version}"));
    format!(
        "cargo tree --locked{offline} --workspace --all-features --target all --invert {package}"
    )
}

/// Versions of packages in a lock.
pub struct Versions(Option<Lock>);

impl Versions {
    pub fn new(lock: Option<&[u8]>) -> Self {
        let text = lock.and_then(|bytes| std::str::from_utf8(bytes).ok());
        let path = Utf8Path::new("Cargo.lock");
        Self(text.and_then(|text| Lock::parse(path, text).ok()))
    }

    pub fn of(&self, name: &str) -> BTreeSet<Version> {
        let lock = self.0.iter();
        let entries = lock.flat_map(|lock| lock.named(name));
        entries.map(|entry| entry.version.clone()).collect()
    }
}

/// Candidates for each step of a unit: the narrower `check`, then commands about the graph.
pub fn of_steps(
    of: &Subject<'_>,
    unit: &Unit<'_>,
    before: &Versions,
    after: &Versions,
) -> Vec<Vec<Candidate>> {
    let steps = unit.steps.iter();
    let candidates = steps.map(|step| {
        let mut all = vec![about(of, &[&step.package])];
        all.extend(graph(of, &step.package, before, after));
        all
    });
    candidates.collect()
}

/// Of what a step's gates may be: what `check` says, and one thing about the graph.
pub fn plainest(held: Vec<Candidate>) -> Vec<Candidate> {
    let mut seen = false;
    let one = |candidate: &Candidate| match candidate.kind {
        Kind::Whole | Kind::About | Kind::Lock => true,
        Kind::Appeared | Kind::Went => !std::mem::replace(&mut seen, true),
    };
    held.into_iter().filter(one).collect()
}

/// Of what a phase's gates may be: what `check` says of everything tells what it says of packages.
pub fn widest(mut held: Vec<Candidate>) -> Vec<Candidate> {
    if held.iter().any(|one| one.kind == Kind::Whole) {
        held.retain(|one| one.kind != Kind::About);
    }
    held
}
