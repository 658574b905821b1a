//! Blocks for other tools that keep a family together: what belongs into one update, and of what a
//! binary may hold one version.
//!
//! Each is a pure function of the rules and of what the workspace uses, sorted and the same for the
//! same input. The bots' blocks name the crates that members require, and those of the family's core,
//! so that a crate added tomorrow joins in at once.

mod cargo_deny;
mod dependabot;
mod renovate;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::matrix::InUse;
use crate::rules::Family;

/// A tool to write for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emit {
    /// `packageRules` in JSON.
    Renovate,
    /// `.github/dependabot.yml`.
    Dependabot,
    /// The table `[bans]` of `deny.toml`.
    CargoDeny,
}

/// Packages of the graph that belong to the family or link it, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Used {
    pub crates: BTreeMap<String, UsedCrate>,
}

/// How a package is used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsedCrate {
    /// Whether a member of the workspace requires it.
    pub direct: bool,
    /// The packages that depend on it directly, members among them.
    pub dependants: BTreeSet<String>,
}

impl Used {
    /// The packages alone; who depends on them is told by [`Used::depend`].
    pub fn new(in_use: &[InUse]) -> Self {
        let crates = in_use
            .iter()
            .map(|package| (package.name.clone(), UsedCrate::default()));
        Used {
            crates: crates.collect(),
        }
    }

    /// Notes that `dependant` depends on `name` directly, and whether it is a member of the
    /// workspace. A package that is not in use is passed over.
    pub fn depend(&mut self, name: &str, dependant: &str, member: bool) {
        if let Some(used) = self.crates.get_mut(name) {
            used.direct |= member;
            used.dependants.insert(dependant.to_owned());
        }
    }

    fn is_direct(&self, name: &str) -> bool {
        self.crates.get(name).is_some_and(|used| used.direct)
    }
}

/// The block for a tool, with a line break at its end.
pub fn emit(kind: Emit, family: &Family, used: &Used) -> String {
    match kind {
        Emit::Renovate => renovate::block(family, used),
        Emit::Dependabot => dependabot::block(family, used),
        Emit::CargoDeny => cargo_deny::block(family, used),
    }
}

/// What has to move together: the family's core as far as it goes on, and what members require of the
/// rest that links a line. A singleton with a life of its own (one that carries no line) is left to
/// its own updates.
fn group<'a>(family: &'a Family, used: &'a Used) -> BTreeSet<&'a str> {
    let core = family.crates.iter().filter(|(name, rules)| {
        rules.iter().any(|rule| rule.core) && (used.is_direct(name) || !family.has_ended(name))
    });
    let direct = used.crates.iter().filter(|(name, used)| {
        let beside = family.is_singleton(name) && !family.crates.contains_key(*name);
        used.direct && (!beside || family.is_anchor(name))
    });
    let core = core.map(|(name, _)| name.as_str());
    let direct = direct.map(|(name, _)| name.as_str());
    core.chain(direct)
        .filter(|name| is_package_name(name))
        .collect()
}

/// Whether cargo accepts this as the name of a package. No other name can be in a graph; in the tools'
/// files some would be patterns.
fn is_package_name(name: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    !name.is_empty() && name.chars().all(fits)
}

/// Text in double quotes, as JSON and YAML read it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
