//! Makes an option of a way: steps, costs, and what `fix` needs.

use crate::plan::edit::{Change, Edit, apply_all};
use crate::plan::edits::{self, Off};
use crate::plan::model::{Cost, OptionId, Outcome, PlanOption};
use crate::plan::prove::Trial;
use crate::plan::search::Move;
use crate::plan::{order, refusal};

use super::refusals::Refusals;
use super::way::Way;
use super::{Base, Chosen, Part, PartResult, PlanError, Planned, Planner};

impl Planner<'_> {
    /// Some parts of a plan alone, as cargo resolves them.
    ///
    /// # Errors
    /// Where cargo or the shadow fails; the inner one is cargo's refusal.
    pub fn in_part(&self, parts: &[&Part]) -> Result<PartResult, PlanError> {
        let root = self.prover.shadow.root().join("Cargo.toml");
        let edits: Vec<Edit> = parts.iter().flat_map(|part| part.edits.clone()).collect();
        let changed = apply_all(self.prover.shadow.manifests(), &root, &edits)?;
        let locks: Vec<_> = parts.iter().filter_map(|part| part.lock.clone()).collect();
        let mut patched = Vec::new();
        for edit in &edits {
            if let Change::Patch { package, .. } = &edit.change {
                patched.push(package.clone());
            }
        }
        Ok(match self.prover.attempt(&changed, &patched, &locks)? {
            Trial::Resolved(tried) => Ok((changed, tried.lock)),
            Trial::Refused(stderr) => Err(refusal::in_words(&stderr)),
        })
    }

    pub(super) fn planned(&self, id: OptionId, base: &Base, way: Way) -> Planned {
        let mut moves: Vec<Chosen> = base.first.clone();
        let refused = Refusals::default();
        let mut cost = Cost::default();
        for Chosen {
            requirement,
            choice,
            ..
        } in &moves
        {
            cost = cost + choice.cost(requirement);
        }
        cost.edits += u32::try_from(base.patches.len()).unwrap_or(u32::MAX);
        if let Some(answer) = &way.answer {
            let question = self.question(base, way.target, &way.requirements, &refused);
            cost = cost + answer.cost;
            for (requirement, choice) in way.requirements.iter().zip(&answer.moves) {
                if *choice != Move::Keep {
                    let edits =
                        edits::of(&question, &base.tree, requirement, choice, Off::Optional);
                    moves.push(Chosen {
                        requirement: requirement.clone(),
                        choice: choice.clone(),
                        edits,
                    });
                }
            }
        }
        let unchanged = moves.is_empty() && way.answer.as_ref().is_some_and(|a| a.locks.is_empty());
        let mut flags = self.wish.flags.clone();
        flags.push_str(match id {
            OptionId::A => "",
            OptionId::B => " --option B",
            OptionId::C => " --option C",
        });
        let plan = order::Plan {
            family: self.family,
            tree: &base.tree,
            manifests: self.prover.shadow.manifests(),
            target: way.target,
            avoids: &way.avoids,
            moves: &moves,
            locks: way.answer.as_ref().map_or(&[], |answer| &answer.locks),
            patches: &base.patches,
            // What waits behind a plan is no step of it.
            blockers: way.answer.as_ref().map_or(&way.blockers, |_| &[]),
            changed: &way.changed,
            flags: &flags,
        };
        let locks = way.answer.as_ref().map_or(&[][..], |answer| &answer.locks);
        let patched = base.patches.iter().map(|(package, edit)| Part {
            package: package.clone(),
            edits: vec![edit.clone()],
            lock: None,
        });
        let moved = moves.iter().map(|one| Part {
            package: one.requirement.package.clone(),
            edits: one.edits.clone(),
            lock: locks
                .iter()
                .find(|lock| lock.0 == one.requirement.package)
                .cloned(),
        });
        let mut parts: Vec<Part> = patched.chain(moved).collect();
        for lock in locks {
            if !parts.iter().any(|part| part.package == lock.0) {
                parts.push(Part {
                    package: lock.0.clone(),
                    edits: Vec::new(),
                    lock: Some(lock.clone()),
                });
            }
        }
        let outcome = match way.outcome {
            Outcome::Proven { .. } if unchanged && base.changed.is_empty() => Outcome::NothingToDo,
            // Without being asked for, the others are worked out only where the first fails.
            Outcome::Proven { command } if id != OptionId::A && !self.wish.options => {
                Outcome::Proven {
                    command: format!("{command} --options"),
                }
            }
            other => other,
        };
        let mut loses = plan.loses();
        let flaws = way.flaws.iter();
        loses.extend(flaws.map(|((name, version), flaw)| {
            format!("`{name}` {version} stays, a broken release: {flaw}")
        }));
        Planned {
            option: PlanOption {
                id,
                title: title(id).into(),
                target: Some(way.target.to_string()),
                outcome,
                cost: way.answer.as_ref().map(|_| cost),
                loses,
                remains: way.remains,
                waits_for: way.blockers.clone(),
                steps: plan.steps(),
                diff: plan.diff(),
            },
            changed: way.changed,
            lock: way.lock,
            parts,
            left: way.left,
        }
    }
}

pub(super) fn title(id: OptionId) -> &'static str {
    match id {
        OptionId::A => "align everything now",
        OptionId::B => "proceed now, and switch off what blocks",
        OptionId::C => "stay on the newest line on which all agree",
    }
}
