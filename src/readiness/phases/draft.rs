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
pub fn course<'a>(
    of: &Subject<'a>,
    keep: &Keep,
    ways: &Ways<'_>,
    waves: Vec<Vec<Unit<'a>>>,
    because: &Reason,
) -> Course<'a> {
    let not = || Rehearsed::Not {
        because: because.clone(),
    };
    let files = keep.files.iter().enumerate();
    let there = files.filter(|(_, file)| file.path.exists());
    let mut mark = Mark {
        label: of.label("start"),
        there: there.map(|(at, _)| at).collect(),
        fits: of.lock().exists(),
    };
    let start = mark.clone();
    let prepare = ways.mark(&start.label, &start.there);
    let mut all = BTreeSet::new();
    let mut phases: Vec<Part<'a>> = Vec::new();
    for wave in waves {
        let begin = mark.clone();
        let mut of_phase = BTreeSet::new();
        let mut units = Vec::new();
        for unit in wave {
            let changed = changed(of, keep, &unit);
            let last = unit.steps.last().map_or(0, |step| step.number);
            let next = Mark {
                label: of.label(&format!("step-{last}")),
                there: (0..keep.files.len()).collect(),
                fits: true,
            };
            let mut commands: Vec<String> = carry::ways(of, &unit, keep.is_loose());
            commands.truncate(1);
            commands.extend(ways.commit(&carry::message(&unit), &changed, &mark));
            commands.extend(ways.mark(&next.label, &next.there));
            let message = format!("otel-check: roll back {}", carry::steps(&unit));
            units.push(Done {
                commands,
                gates: vec![Vec::new(); unit.steps.len()],
                rollback: Rollback {
                    commands: ways.restore(&mark, &changed, &message),
                    rehearsed: not(),
                },
                unit,
            });
            of_phase.extend(changed);
            mark = next;
        }
        let message = format!("otel-check: roll back phase {}", phases.len() + 1);
        let untouched = ways.untouched(&begin, &of_phase).into_iter();
        let entry = untouched.map(|(command, shows, _)| Gate {
            command,
            shows,
            rehearsed: not(),
        });
        phases.push(Part {
            units,
            entry: entry.collect(),
            exit: Vec::new(),
            rollback: Rollback {
                commands: ways.restore(&begin, &of_phase, &message),
                rehearsed: not(),
            },
        });
        all.extend(of_phase);
    }
    if let Some(last) = phases.last_mut() {
        last.exit.push(gates::whole(of).gate(not()));
    }
    let message = "otel-check: roll back everything";
    Course {
        prepare,
        phases,
        rollback: Rollback {
            commands: ways.restore(&start, &all, message),
            rehearsed: not(),
        },
        same_lock: false,
    }
}

/// The files that a unit changes: its manifests, and the lock.
fn changed(of: &Subject<'_>, keep: &Keep, unit: &Unit<'_>) -> BTreeSet<usize> {
    let edited = apply_all(of.manifests, of.manifest, &unit.edits()).unwrap_or_default();
    let mut paths: BTreeSet<Utf8PathBuf> = edited.into_keys().collect();
    paths.insert(of.lock());
    let files = keep.files.iter().enumerate();
    let changed = files.filter(|(_, file)| paths.contains(&file.path));
    changed.map(|(at, _)| at).collect()
}
