//! What to switch off first, so that cargo resolves at all.

use std::collections::BTreeSet;

use crate::plan::edit::apply_all;
use crate::plan::edits::{self, Off};
use crate::plan::model::OptionId;
use crate::plan::search::Move;

use super::options::newest;
use super::refusals::Refusals;
use super::{Base, Chosen, PlanError, Planned, Planner};

impl Planner<'_> {
    /// The least set of requirements to switch off so that cargo resolves, then everything else
    /// aligned.
    pub(super) fn switched_off(
        &self,
        base: &Base,
        named: &BTreeSet<String>,
    ) -> Result<Option<Planned>, PlanError> {
        let all: BTreeSet<String> = base.tree.packages().map(str::to_owned).collect();
        let mut requirements = base.tree.requirements(&all);
        // What cargo's message names comes first.
        requirements.sort_by_key(|one| {
            let uses = one
                .uses
                .iter()
                .filter(|one| named.contains(&one.local))
                .count();
            let is_named = named.contains(&one.package);
            (
                !(is_named && uses > 0),
                !is_named,
                one.manifest.clone(),
                one.at.clone(),
            )
        });
        let refused = Refusals::default();
        let Some(live) = base.facts.live else {
            return Ok(None);
        };
        let question = self.question(base, live, &requirements, &refused);
        for set in sets(requirements.len()) {
            let mut edits = Vec::new();
            let mut first = Vec::new();
            for number in set {
                let requirement = &requirements[number];
                let off = edits::of(
                    &question,
                    &base.tree,
                    requirement,
                    &Move::Disable,
                    Off::Comment,
                );
                edits.extend(off.clone());
                first.push(Chosen {
                    requirement: requirement.clone(),
                    choice: Move::Disable,
                    edits: off,
                });
            }
            let root = base.tree.root.join("Cargo.toml");
            let Ok(changed) = apply_all(&self.texts(&base.changed), &root, &edits) else {
                continue;
            };
            if let Ok(base) = self.after(changed, first, Vec::new())? {
                let lines = [
                    self.wish.target,
                    base.facts.live,
                    base.facts.lines.first().copied(),
                ];
                // Without any line left there is nothing to align.
                let Some(target) = lines.into_iter().flatten().next().or(newest(&base.facts))
                else {
                    return Ok(None);
                };
                let way = self.way(&base, target, true)?;
                return Ok(Some(self.planned(OptionId::B, &base, way)));
            }
        }
        Ok(None)
    }
}

/// Sets of one number below `count`, then of two.
fn sets(count: usize) -> impl Iterator<Item = Vec<usize>> {
    let ones = (0..count).map(|one| vec![one]);
    let few = count.min(12);
    let twos = (0..few).flat_map(move |one| (one + 1..few).map(move |two| vec![one, two]));
    ones.chain(twos)
}
