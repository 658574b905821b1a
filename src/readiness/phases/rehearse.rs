//! Carries the steps out in a copy, one after the other, tries every gate before and after, and
//! takes each step, each phase and the whole back again.

use std::collections::{BTreeSet, VecDeque};

use crate::plan::edit::{Edit, apply_all};
use crate::readiness::model::{Gate, Rehearsed, Rollback};

use super::Subject;
use super::carry;
use super::gates::{self, Candidate, Versions};
use super::keep::Keep;
use super::stage::{Reason, Stage, State};
use super::units::Unit;
use super::ways::{Mark, Ways};

/// The phases, with what was seen of them.
pub struct Course<'a> {
    pub prepare: Vec<String>,
    pub phases: Vec<Part<'a>>,
    pub rollback: Rollback,
    /// Whether the last lock is the one that the plan was proven with.
    pub same_lock: bool,
}

/// A phase.
pub struct Part<'a> {
    pub units: Vec<Done<'a>>,
    pub entry: Vec<Gate>,
    pub exit: Vec<Gate>,
    pub rollback: Rollback,
}

/// Steps carried out at once.
pub struct Done<'a> {
    pub unit: Unit<'a>,
    pub commands: Vec<String>,
    /// By step; what was seen to fail before and to pass after.
    pub gates: Vec<Vec<Candidate>>,
    pub rollback: Rollback,
}

/// Why a phase was not carried out.
enum Stop {
    /// These steps do not go one after the other.
    Apart(Reason),
    /// Nothing can be said at all.
    Broken(Reason),
}

impl From<Reason> for Stop {
    fn from(reason: Reason) -> Self {
        Self::Broken(reason)
    }
}

/// How far the rehearsal is.
#[derive(Clone)]
struct Position {
    state: State,
    mark: Mark,
    /// Edits of all that is done.
    edits: Vec<Edit>,
}

pub struct Rehearsal<'a, 's> {
    pub of: &'s Subject<'a>,
    pub keep: &'s Keep,
    pub ways: Ways<'s>,
    pub stage: Stage<'s>,
}

impl<'a> Rehearsal<'a, '_> {
    /// # Errors
    /// Where the steps cannot be carried out in the copy.
    pub fn course(&self, waves: Vec<Vec<Unit<'a>>>) -> Result<Course<'a>, Reason> {
        let label = carry::start(self.of);
        let state = self.stage.state()?;
        let prepare = self.ways.mark(&label, &self.there(&state));
        self.stage.all(&prepare)?;
        let mark = self.marked(&label, &state)?;
        let start = Position {
            state,
            mark,
            edits: Vec::new(),
        };
        let mut here = start.clone();
        let mut phases: Vec<(Part<'a>, Position)> = Vec::new();
        let mut waves = VecDeque::from(waves);
        while let Some(units) = waves.pop_front() {
            let number = phases.len() + 1;
            let previous = phases.last().map(|(part, _)| part);
            match self.phase(number, &units, &here, previous) {
                Ok((part, position)) => {
                    here = position.clone();
                    phases.push((part, position));
                }
                Err(Stop::Apart(reason)) => {
                    self.stage.back(&here.state)?;
                    let mut together = units;
                    if together.len() == 1 {
                        match waves.pop_front() {
                            Some(next) => together.extend(next),
                            None => {
                                let before = undone(&mut phases).ok_or(reason)?;
                                together.splice(0..0, before);
                                let last = phases.last().map(|(_, position)| position);
                                here = last.unwrap_or(&start).clone();
                                self.stage.back(&here.state)?;
                            }
                        }
                    }
                    waves.push_front(vec![Unit::together(&together)]);
                }
                Err(Stop::Broken(reason)) => return Err(reason),
            }
        }
        let rollback = self.whole(&start, &phases)?;
        let last = here.state.files.get(&self.of.lock()).cloned().flatten();
        let proven = self.of.planned.lock.as_ref().map(String::as_bytes);
        Ok(Course {
            prepare,
            phases: phases.into_iter().map(|(part, _)| part).collect(),
            rollback,
            same_lock: last.as_deref() == proven,
        })
    }

    /// The way back from the end of each phase.
    fn whole(&self, start: &Position, phases: &[(Part<'a>, Position)]) -> Result<Rollback, Reason> {
        let mut changed = BTreeSet::new();
        for (_, position) in phases {
            changed.extend(self.changed(&start.state, &position.state)?);
        }
        let commands = self.ways.restore(&start.mark, &changed, carry::BACK);
        let mut rehearsed = Rehearsed::Held;
        for (_, position) in phases {
            let tried = self.taken_back(&commands, position, start)?;
            if tried != Rehearsed::Held {
                rehearsed = tried;
            }
        }
        Ok(Rollback {
            commands,
            rehearsed,
        })
    }

    fn phase(
        &self,
        number: usize,
        units: &[Unit<'a>],
        begin: &Position,
        previous: Option<&Part<'a>>,
    ) -> Result<(Part<'a>, Position), Stop> {
        let mut here = begin.clone();
        let mut done = Vec::new();
        for unit in units {
            let (one, position) = self.unit(unit, &here)?;
            here = position;
            done.push(one);
        }
        let changed = self.changed(&begin.state, &here.state)?;
        let passing = self.passing(self.exits(&done))?;
        let message = carry::back_phase(number);
        let commands = self.ways.restore(&begin.mark, &changed, &message);
        let rehearsed = self.taken_back(&commands, &here, begin)?;
        self.stage.back(&begin.state)?;
        let exit = gates::widest(self.failing(passing)?);
        let mut entry = self.untouched(begin, &changed)?;
        entry.extend(previous.into_iter().flat_map(|part| part.exit.clone()));
        self.stage.back(&here.state)?;
        let part = Part {
            units: done,
            entry,
            exit: exit.iter().map(|one| one.gate(Rehearsed::Held)).collect(),
            rollback: Rollback {
                commands,
                rehearsed,
            },
        };
        Ok((part, here))
    }

    /// Carries steps out, and takes them back.
    fn unit(&self, unit: &Unit<'a>, begin: &Position) -> Result<(Done<'a>, Position), Stop> {
        let mut edits = begin.edits.clone();
        edits.extend(unit.edits());
        let mut commands = vec![self.carried(unit, begin, &edits)?];
        let state = self.stage.state()?;
        let changed = self.changed(&begin.state, &state)?;
        if changed.is_empty() {
            return Err(Stop::Apart(format!(
                "{} changes nothing",
                carry::steps(unit)
            )));
        }
        let label = carry::label(self.of, unit);
        let mut keeping = self
            .ways
            .commit(&carry::message(unit), &changed, &begin.mark);
        keeping.extend(self.ways.mark(&label, &self.there(&state)));
        self.stage.all(&keeping)?;
        commands.extend(keeping);
        // The commits are part of it.
        let state = self.stage.state()?;
        let mark = self.marked(&label, &state)?;
        let here = Position { state, mark, edits };
        let lock = self.of.lock();
        let versions = |state: &State| {
            let lock = state.files.get(&lock).cloned().flatten();
            Versions::new(lock.as_deref())
        };
        let [before, after] = [&begin.state, &here.state].map(versions);
        let candidates = gates::of_steps(self.of, unit, &before, &after);
        let passing = candidates.into_iter().map(|of_step| self.passing(of_step));
        let passing = passing.collect::<Result<Vec<_>, Reason>>()?;
        let message = carry::back(unit);
        let back = self.ways.restore(&begin.mark, &changed, &message);
        let rehearsed = self.taken_back(&back, &here, begin)?;
        self.stage.back(&begin.state)?;
        let held = passing
            .into_iter()
            .map(|of_step| Ok(gates::plainest(self.failing(of_step)?)));
        let gates = held.collect::<Result<Vec<_>, Reason>>()?;
        self.stage.back(&here.state)?;
        let done = Done {
            unit: unit.clone(),
            commands,
            gates,
            rollback: Rollback {
                commands: back,
                rehearsed,
            },
        };
        Ok((done, here))
    }

    /// Runs the first way that leads to the manifests of the plan, and gives it.
    fn carried(&self, unit: &Unit<'a>, begin: &Position, edits: &[Edit]) -> Result<String, Stop> {
        let root = self.of.manifest;
        let expected = apply_all(self.of.manifests, root, edits);
        let expected = expected.map_err(|error| Stop::Apart(error.to_string()))?;
        let mut why = None;
        for command in carry::ways(self.of, unit, self.keep.is_loose()) {
            let code = self.stage.run(&command)?;
            let state = self.stage.state()?;
            let as_planned = self.of.manifests.iter().all(|(path, old)| {
                let text = expected.get(path).map_or(&**old, String::as_str);
                let is = state.files.get(path).and_then(Option::as_deref);
                is == Some(self.stage.text(text).as_bytes())
            });
            if code == 0 && as_planned {
                return Ok(command);
            }
            why.get_or_insert(match code {
                0 => format!("`{command}` does something else in a copy than the plan has"),
                code => format!("`{command}` ended with {code} in a copy"),
            });
            self.stage.back(&begin.state)?;
        }
        Err(Stop::Apart(why.unwrap_or_default()))
    }

    /// Runs commands that are to lead from one position to an earlier one.
    fn taken_back(
        &self,
        commands: &[String],
        from: &Position,
        to: &Position,
    ) -> Result<Rehearsed, Reason> {
        self.stage.back(&from.state)?;
        let ran = self.stage.all(commands);
        let state = self.stage.state()?;
        self.stage.back(&from.state)?;
        if let Err(because) = ran {
            return Ok(Rehearsed::Not { because });
        }
        let differing = self.changed(&state, &to.state)?;
        if differing.is_empty() {
            return Ok(Rehearsed::Held);
        }
        let names = differing
            .iter()
            .map(|at| self.keep.files[*at].shown.as_str());
        let names: Vec<&str> = names.collect();
        Ok(Rehearsed::Not {
            because: format!(
                "it did not give back byte for byte, in a copy: {}",
                names.join(", ")
            ),
        })
    }

    /// The candidates that pass now.
    fn passing(&self, candidates: Vec<Candidate>) -> Result<Vec<Candidate>, Reason> {
        let mut passing = Vec::new();
        for one in candidates {
            if self.stage.run(&one.command)? == 0 {
                passing.push(one);
            }
        }
        Ok(passing)
    }

    /// The candidates that fail now.
    fn failing(&self, candidates: Vec<Candidate>) -> Result<Vec<Candidate>, Reason> {
        let mut failing = Vec::new();
        for one in candidates {
            if one.failed(self.stage.run(&one.command)?) {
                failing.push(one);
            }
        }
        Ok(failing)
    }

    /// What may show that a phase is done: everything, what it is about, and what its steps show.
    fn exits(&self, done: &[Done<'a>]) -> Vec<Candidate> {
        let units = done.iter();
        let packages: Vec<&str> = units.flat_map(|one| one.unit.packages()).collect();
        let mut all = vec![
            gates::whole(self.of),
            gates::about(self.of, &packages),
            gates::fits(&self.ways.fits),
        ];
        for gate in done.iter().flat_map(|one| one.gates.iter().flatten()) {
            if !all.contains(gate) {
                all.push(gate.clone());
            }
        }
        all
    }

    /// That the files which change are kept: seen to fail where one of them is touched.
    fn untouched(&self, begin: &Position, changed: &BTreeSet<usize>) -> Result<Vec<Gate>, Reason> {
        let mut gates = Vec::new();
        for (command, shows, first) in self.ways.untouched(&begin.mark, changed) {
            let passes = self.stage.run(&command)? == 0;
            let path = &self.keep.files[first].path;
            let content = begin.state.files.get(path).cloned().flatten();
            let Some(content) = content.filter(|_| passes) else {
                continue;
            };
            self.stage.write(path, &[&content[..], b"\n"].concat())?;
            let fails = self.stage.run(&command)? == 1;
            self.stage.write(path, &content)?;
            if fails {
                gates.push(Gate {
                    command,
                    shows,
                    rehearsed: Rehearsed::Held,
                });
            }
        }
        Ok(gates)
    }

    fn marked(&self, label: &str, state: &State) -> Result<Mark, Reason> {
        Ok(Mark {
            label: label.to_owned(),
            there: self.there(state),
            fits: self.stage.run(&self.ways.fits)? == 0,
        })
    }

    /// Which of the files are there.
    fn there(&self, state: &State) -> BTreeSet<usize> {
        let files = self.keep.files.iter().enumerate();
        let there =
            files.filter(|(_, file)| state.files.get(&file.path).is_some_and(Option::is_some));
        there.map(|(at, _)| at).collect()
    }

    /// Which of the files differ. Nothing else may.
    fn changed(&self, one: &State, other: &State) -> Result<BTreeSet<usize>, Reason> {
        let mut changed = BTreeSet::new();
        for (path, content) in &one.files {
            if other.files.get(path) == Some(content) {
                continue;
            }
            let at = self.keep.files.iter().position(|file| file.path == *path);
            changed.insert(at.ok_or("a file changes in a copy that the plan leaves alone")?);
        }
        Ok(changed)
    }
}

/// Takes the last phase out, which leads nowhere by itself; gives what it consisted of.
fn undone<'a>(phases: &mut Vec<(Part<'a>, Position)>) -> Option<Vec<Unit<'a>>> {
    let (part, _) = phases.pop()?;
    Some(part.units.into_iter().map(|done| done.unit).collect())
}
