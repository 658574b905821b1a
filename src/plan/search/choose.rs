//! Applies one option of a requirement.

use std::rc::Rc;

use semver::{Version, VersionReq};

use super::Move;
use super::settle::Search;
use super::state::{Blame, Dependency, Edge, Level, State, Task};

impl Search<'_, '_> {
    /// Applies one option of a requirement; else says why it cannot be.
    pub(super) fn choose(
        &self,
        state: &mut State,
        agenda: &mut Vec<Task>,
        (number, option): (usize, usize),
        level: Level,
    ) -> Result<(), Blame> {
        let requirement = &self.known.question.requirements[number];
        let choice = &self.options[number][option];
        state.chosen.push((number, option));
        let mut cost = choice.cost(requirement);
        if let Move::Release { features, .. } = choice {
            for moved in &features.elsewhere {
                // The same feature may have moved for several requirements.
                if !state.elsewhere.insert(moved.clone()) {
                    cost.edits -= 1;
                }
            }
        }
        state.pay(cost, level);
        match choice {
            Move::Disable | Move::Block => Ok(()),
            Move::Keep => {
                let dependency = Dependency {
                    kept: true,
                    ..self.today(number)
                };
                match &requirement.locked {
                    Some(version) => self.take(state, agenda, &dependency, version, level),
                    // Without a lock, cargo takes the newest.
                    None => {
                        agenda.push(Task::Dependency(Rc::new(dependency), level));
                        Ok(())
                    }
                }
            }
            Move::Drop { features } => {
                let mut dependency = self.today(number);
                dependency
                    .features
                    .retain(|feature| !features.contains(feature));
                match &requirement.locked {
                    Some(version) => self.take(state, agenda, &dependency, version, level),
                    None => Err(Blame::of([level])),
                }
            }
            Move::Release { to, text, features } => {
                let mut dependency = self.today(number);
                dependency
                    .features
                    .retain(|feature| !features.remove.contains(feature));
                dependency.features.extend(features.add.iter().cloned());
                if !requirement.is_compatible(to) {
                    moved(&mut dependency);
                }
                if let Some(text) = text {
                    self.ask(&mut dependency, text);
                }
                self.move_to(state, agenda, &dependency, to, level)
            }
            Move::Replace {
                package,
                to,
                text,
                drop,
            } => {
                let mut dependency = self.today(number);
                dependency
                    .features
                    .retain(|feature| !drop.contains(feature));
                dependency.name.clone_from(package);
                moved(&mut dependency);
                dependency.was = None;
                dependency.registry = Some(self.known.question.registry_of(requirement));
                self.ask(&mut dependency, text);
                self.move_to(state, agenda, &dependency, to, level)
            }
        }
    }

    /// A requirement as it is.
    fn today(&self, number: usize) -> Dependency {
        let requirement = &self.known.question.requirements[number];
        Dependency {
            registry: requirement.registry.clone(),
            name: requirement.package.clone(),
            req: requirement.req.clone(),
            features: requirement.chosen(),
            introducers: self.known.telling(self.known.locals(requirement)),
            kept: false,
            was: requirement.locked.clone(),
            today: self.known.today_of(requirement),
            edge: Some(Edge::Requirement(number)),
        }
    }

    /// Changes the text of a requirement.
    fn ask(&self, dependency: &mut Dependency, text: &str) {
        let Dependency { registry, name, .. } = dependency;
        let req = VersionReq::parse(text).unwrap_or(VersionReq::STAR);
        dependency.today = self.known.today(None, registry.as_ref(), name, &req);
        dependency.req = req;
    }

    fn move_to(
        &self,
        state: &mut State,
        agenda: &mut Vec<Task>,
        dependency: &Dependency,
        to: &Version,
        level: Level,
    ) -> Result<(), Blame> {
        state.shift(dependency, to, self.counts(&dependency.name), level);
        self.take(state, agenda, dependency, to, level)
    }
}

/// What a package of the tree does with a line tells nothing of what it will do with another crate.
fn moved(dependency: &mut Dependency) {
    dependency.introducers.clear();
}
