//! The phases as they are to be, where nothing could be rehearsed.

use std::collections::BTreeSet;

use camino::Utf8PathBuf;

use crate::plan::edit::apply_all;
use crate::readiness::model::{Gate, Rehearsed, Rollback};

use super::keep::Keep;
use super::rehearse::{Course, Done, Part};
use super::stage::Reason;
use super::units::Unit;
use super::ways::{Mark, Ways};
use super::{Subject, carry, gates};

/// The same phases, by what the plan says of them alone.
pub struct Draft<'a, 's> {
    pub of: &'s Subject<'a>,
    pub keep: &'s Keep,
    pub ways: Ways<'s>,
    /// Why nothing was rehearsed.
    pub because: &'s Reason,
}

/// Something drawn, with the files that it changes and the state that it leads to.
struct Drawn<T> {
    what: T,
    changed: BTreeSet<usize>,
    mark: Mark,
}

impl<'a> Draft<'a, '_> {
    pub fn course(&self, waves: Vec<Vec<Unit<'a>>>) -> Course<'a> {
        let files = self.keep.files.iter().enumerate();
        let there = files.filter(|(_, file)| file.path.exists());
        let start = Mark {
            label: carry::start(self.of),
            there: there.map(|(at, _)| at).collect(),
            fits: self.of.lock().exists(),
        };
        let mut mark = start.clone();
        let mut changed = BTreeSet::new();
        let mut phases: Vec<Part<'a>> = Vec::new();
        for wave in waves {
            let phase = self.phase(phases.len() + 1, wave, &mark);
            phases.push(phase.what);
            changed.extend(phase.changed);
            mark = phase.mark;
        }
        if let Some(last) = phases.last_mut() {
            last.exit.push(gates::whole(self.of).gate(self.not()));
        }
        Course {
            prepare: self.ways.mark(&start.label, &start.there),
            phases,
            rollback: self.back(&start, &changed, carry::BACK),
            same_lock: false,
        }
    }

    fn phase(&self, number: usize, wave: Vec<Unit<'a>>, begin: &Mark) -> Drawn<Part<'a>> {
        let mut mark = begin.clone();
        let mut changed = BTreeSet::new();
        let mut units = Vec::new();
        for unit in wave {
            let unit = self.unit(unit, &mark);
            units.push(unit.what);
            changed.extend(unit.changed);
            mark = unit.mark;
        }
        let untouched = self.ways.untouched(begin, &changed).into_iter();
        let entry = untouched.map(|(command, shows, _)| Gate {
            command,
            shows,
            rehearsed: self.not(),
        });
        let part = Part {
            units,
            entry: entry.collect(),
            exit: Vec::new(),
            rollback: self.back(begin, &changed, &carry::back_phase(number)),
        };
        Drawn {
            what: part,
            changed,
            mark,
        }
    }

    fn unit(&self, unit: Unit<'a>, begin: &Mark) -> Drawn<Done<'a>> {
        let changed = self.changed(&unit);
        let mark = Mark {
            label: carry::label(self.of, &unit),
            there: (0..self.keep.files.len()).collect(),
            fits: true,
        };
        let mut commands: Vec<String> = carry::ways(self.of, &unit, self.keep.is_loose());
        commands.truncate(1);
        commands.extend(self.ways.commit(&carry::message(&unit), &changed, begin));
        commands.extend(self.ways.mark(&mark.label, &mark.there));
        let done = Done {
            commands,
            gates: vec![Vec::new(); unit.steps.len()],
            rollback: self.back(begin, &changed, &carry::back(&unit)),
            unit,
        };
        Drawn {
            what: done,
            changed,
            mark,
        }
    }

    fn back(&self, to: &Mark, changed: &BTreeSet<usize>, message: &str) -> Rollback {
        Rollback {
            commands: self.ways.restore(to, changed, message),
            rehearsed: self.not(),
        }
    }

    fn not(&self) -> Rehearsed {
        Rehearsed::Not {
            because: self.because.clone(),
        }
    }

    /// The files that a unit changes: its manifests, and the lock.
    fn changed(&self, unit: &Unit<'_>) -> BTreeSet<usize> {
        let of = self.of;
        let edited = apply_all(of.manifests, of.manifest, &unit.edits()).unwrap_or_default();
        let mut paths: BTreeSet<Utf8PathBuf> = edited.into_keys().collect();
        paths.insert(of.lock());
        let files = self.keep.files.iter().enumerate();
        let changed = files.filter(|(_, file)| paths.contains(&file.path));
        changed.map(|(at, _)| at).collect()
    }
}
