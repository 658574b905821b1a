//! What proofs teach.

use std::collections::BTreeSet;

use semver::Version;

use crate::plan::facts;
use crate::plan::local::Requirement;
use crate::plan::prove::Tried;
use crate::plan::search::{Answer, Move};

/// What proofs taught.
#[derive(Default)]
pub(super) struct Refusals {
    pub(super) releases: BTreeSet<(String, Version)>,
    /// Packages of the tree that a change would harm.
    pub(super) affected: BTreeSet<String>,
}

impl Refusals {
    /// Learns from a result that is not clean; false where nothing new is to be learnt.
    pub(super) fn learn(
        &mut self,
        requirements: &[Requirement],
        answer: &Answer,
        scope: &BTreeSet<String>,
        tried: &Tried,
    ) -> bool {
        let before = (self.releases.len(), self.affected.len());
        let ours = moved(requirements, answer);
        for finding in tried.denied() {
            let of = finding
                .artifact
                .as_deref()
                .and_then(|one| one.split('/').next());
            if let Some(package) = of.filter(|package| !scope.contains(*package)) {
                // What is shared with others has moved: they have to come along.
                self.affected.insert(package.to_owned());
                continue;
            }
            let introducer = finding.introducer.as_deref().and_then(facts::package);
            let path = finding
                .path
                .iter()
                .filter_map(|step| facts::package(&step.package));
            let on_the_way: Vec<(String, Version)> = introducer.into_iter().chain(path).collect();
            self.releases
                .extend(on_the_way.into_iter().filter(|one| ours.contains(one)));
        }
        before != (self.releases.len(), self.affected.len())
    }

    /// Learns from cargo's words, which name the packages in its way.
    pub(super) fn learn_from_cargo(
        &mut self,
        requirements: &[Requirement],
        answer: &Answer,
        stderr: &str,
    ) -> bool {
        let before = self.releases.len();
        let named = |name: &String| stderr.contains(&format!("`{name}"));
        let ours = moved(requirements, answer).into_iter();
        self.releases.extend(ours.filter(|(name, _)| named(name)));
        before != self.releases.len()
    }

    /// Keeps releases out of what comes next; false where they were refused already.
    pub(super) fn refuse(&mut self, releases: impl IntoIterator<Item = (String, Version)>) -> bool {
        let before = self.releases.len();
        self.releases.extend(releases);
        before != self.releases.len()
    }
}

/// The releases that an answer moves to.
fn moved(requirements: &[Requirement], answer: &Answer) -> BTreeSet<(String, Version)> {
    let chosen = requirements.iter().zip(&answer.moves);
    let chosen = chosen.filter_map(|(requirement, choice)| match choice {
        Move::Release { to, .. } => Some((requirement.package.clone(), to.clone())),
        Move::Replace { package, to, .. } => Some((package.clone(), to.clone())),
        Move::Keep | Move::Drop { .. } | Move::Disable | Move::Block => None,
    });
    let locks = answer.locks.iter();
    let locks = locks.map(|(name, _, to)| (name.clone(), to.clone()));
    chosen.chain(locks).collect()
}
