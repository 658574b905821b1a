//! Puts the plan in phases together.

use std::path::Path;

use camino::Utf8PathBuf;

use crate::plan::model::{Action, Outcome};
use crate::readiness::Ledger;
use crate::readiness::ledger::Seen;
use crate::readiness::model::{EvidenceKind, LeftOut, Phase, PhasePlan, PhaseStep, Rehearsed};

use super::draft::Draft;
use super::keep::Keep;
use super::owners::Owners;
use super::rehearse::{Course, Done, Part, Rehearsal};
use super::stage::{Reason, Stage};
use super::units::{Unit, waves};
use super::ways::Ways;
use super::{Subject, carry};

/// The option in phases, one a wave of its steps, rehearsed in a copy of the workspace. None where
/// the workspace's own people have nothing to do, or the option is not proven.
pub fn phases(of: &Subject<'_>, ledger: &mut Ledger) -> Option<PhasePlan> {
    match of.planned.option.outcome {
        Outcome::Proven { .. } => {}
        Outcome::NothingToDo | Outcome::Unproven { .. } | Outcome::None { .. } => return None,
    }
    let waves = waves(of.planned);
    if waves.is_empty() {
        return None;
    }
    let manifests: Vec<Utf8PathBuf> = of.planned.changed.keys().cloned().collect();
    let keep = Keep::new(of.root(), &manifests);
    let ways = || Ways {
        keep: &keep,
        fits: of.fits(),
    };
    let rehearsed = possible(of).and_then(|program| {
        let stage = Stage::new(of.manifest, &keep, program)?;
        let rehearsal = Rehearsal {
            of,
            keep: &keep,
            ways: ways(),
            stage,
        };
        rehearsal.course(waves.clone())
    });
    let (course, missing) = match rehearsed {
        Ok(course) => (course, None),
        Err(because) => {
            let draft = Draft {
                of,
                keep: &keep,
                ways: ways(),
                because: &because,
            };
            (draft.course(waves), Some(because))
        }
    };
    Some(
        Composer {
            of,
            course,
            missing,
        }
        .plan(ledger),
    )
}

/// The program with which to rehearse.
fn possible<'a>(of: &Subject<'a>) -> Result<&'a Path, Reason> {
    if cfg!(not(unix)) {
        return Err("the commands are for a POSIX shell, which this system has not".into());
    }
    let program = of.program;
    let program = program.ok_or("the program itself is not known by its path")?;
    let root = of.root();
    if root.canonicalize_utf8().is_ok_and(|real| real != root) {
        return Err(
            "the workspace is reached by a link, and git names files by their real paths".into(),
        );
    }
    Ok(program)
}

struct Composer<'s, 'a> {
    of: &'s Subject<'a>,
    course: Course<'a>,
    /// Why nothing was rehearsed.
    missing: Option<Reason>,
}

impl Composer<'_, '_> {
    fn plan(self, ledger: &mut Ledger) -> PhasePlan {
        let owners = Owners::new(self.of.settings, self.of.manifests, self.of.manifest);
        let parts = self.course.phases.iter().enumerate();
        let phases: Vec<Phase> = parts
            .map(|(at, part)| self.phase(at, part, &owners, ledger))
            .collect();
        let text = match (&self.missing, &self.course.rollback.rehearsed) {
            (Some(because), _) => format!("The plan was not rehearsed: {because}."),
            (None, Rehearsed::Held) => {
                let lock = if self.course.same_lock {
                    "the lock became that of the plan"
                } else {
                    "the lock became another than that of the plan"
                };
                format!(
                    "All phases were carried out in a copy of the workspace, {lock}, and the whole rollback gave the manifests and the lock back byte for byte from the end of each phase."
                )
            }
            (None, Rehearsed::Not { because }) => format!(
                "All phases were carried out in a copy of the workspace, but the whole rollback did not hold: {because}."
            ),
        };
        let evidence = vec![self.seen(text, ledger)];
        PhasePlan {
            option: self.of.planned.option.id,
            prepare: self.course.prepare.clone(),
            phases,
            rollback: self.course.rollback.clone(),
            canary: self.of.settings.canary.clone(),
            by_hand: self.of.planned.option.remains.clone(),
            evidence,
        }
    }

    fn phase(&self, at: usize, part: &Part<'_>, owners: &Owners<'_>, ledger: &mut Ledger) -> Phase {
        let steps = part.units.iter();
        let steps: Vec<PhaseStep> = steps
            .flat_map(|done| self.steps(done, owners, ledger))
            .collect();
        let text = match (&self.missing, &part.rollback.rehearsed) {
            (Some(because), _) => format!("Phase {} was not rehearsed: {because}.", at + 1),
            (None, held) => self.phase_text(at + 1, part, held),
        };
        let evidence = vec![self.seen(text, ledger)];
        Phase {
            number: number(at + 1),
            title: title(part),
            days: self.days(at),
            entry: part.entry.clone(),
            steps,
            out: self.out(at),
            exit: part.exit.clone(),
            rollback: part.rollback.clone(),
            evidence,
        }
    }

    fn phase_text(&self, number: usize, part: &Part<'_>, held: &Rehearsed) -> String {
        let gates = match part.exit.len() {
            0 => "no command was found that fails before it and passes after it".to_owned(),
            _ => "its exit gates failed before it and passed after it".to_owned(),
        };
        let bare: Vec<String> = part
            .units
            .iter()
            .flat_map(|done| done.unit.steps.iter().zip(&done.gates))
            .filter(|(_, gates)| gates.is_empty())
            .map(|(step, _)| step.number.to_string())
            .collect();
        let stand = match bare.is_empty() || part.exit.is_empty() {
            true => String::new(),
            false => format!(
                ", and stand for those that step {} has not",
                bare.join(", ")
            ),
        };
        format!(
            "Phase {number} was carried out in a copy of the workspace: {gates}{stand}; {}.",
            came_back(held)
        )
    }

    fn steps(&self, done: &Done<'_>, owners: &Owners<'_>, ledger: &mut Ledger) -> Vec<PhaseStep> {
        let evidence = self.seen(self.unit_text(done), ledger);
        let steps = done.unit.steps.iter().zip(&done.gates).enumerate();
        let steps = steps.map(|(at, (step, gates))| PhaseStep {
            number: number(step.number),
            action: step.action,
            package: step.package.clone(),
            change: step.change.clone(),
            owner: step.owner,
            who: owners.of(step),
            diff: step.diff.clone(),
            // One command carries all of them out.
            commands: if at == 0 {
                done.commands.clone()
            } else {
                Vec::new()
            },
            tests: step.tests.clone(),
            gates: gates
                .iter()
                .map(|gate| gate.gate(Rehearsed::Held))
                .collect(),
            rollback: Some(done.rollback.clone()),
            evidence: vec![evidence.clone()],
        });
        steps.collect()
    }

    fn unit_text(&self, done: &Done<'_>) -> String {
        let steps = carry::steps(&done.unit);
        let several = done.unit.steps.len() > 1;
        let [was, its] = if several {
            ["were", "their"]
        } else {
            ["was", "its"]
        };
        let steps = format!("S{}", &steps[1..]);
        if let Some(because) = &self.missing {
            return format!("{steps} {was} not rehearsed: {because}.");
        }
        let together = match &done.unit {
            unit if unit.packages().len() > 1 => {
                " together, since they do not go one after the other, and judged before and after all of them"
            }
            _ if several => " together, by one command",
            _ => "",
        };
        let gates = match done.gates.iter().any(|gates| !gates.is_empty()) {
            true => format!("{its} gates failed before and passed after"),
            false => "no command was found that fails before and passes after, so that the phase's exit gates stand for it".to_owned(),
        };
        format!(
            "{steps} {was} carried out in a copy of the workspace{together}: {gates}; {}.",
            came_back(&done.rollback.rehearsed)
        )
    }

    /// What is not done in a phase.
    fn out(&self, at: usize) -> Vec<LeftOut> {
        let mut out = Vec::new();
        for (later, part) in self.course.phases.iter().enumerate().skip(at + 1) {
            for step in part.units.iter().flat_map(|done| &done.unit.steps) {
                let before: Vec<String> = step.depends_on.iter().map(ToString::to_string).collect();
                let because = match before.is_empty() {
                    true => format!("step {} comes with the phase after.", step.number),
                    false => format!(
                        "step {} comes after step {}.",
                        step.number,
                        before.join(", ")
                    ),
                };
                out.push(LeftOut {
                    package: step.package.clone(),
                    because,
                    phase: Some(number(later + 1)),
                });
            }
        }
        out.extend(self.never());
        out
    }

    /// What no phase does.
    fn never(&self) -> Vec<LeftOut> {
        let option = &self.of.planned.option;
        let left = |package: &str, because: String| LeftOut {
            package: package.to_owned(),
            because,
            phase: None,
        };
        let mut out: Vec<LeftOut> = Vec::new();
        for blocker in &option.waits_for {
            let outlook = blocker.outlook.as_ref();
            let outlook = outlook.map_or_else(String::new, |outlook| format!("; {outlook}"));
            out.push(left(
                &blocker.package,
                format!("{}{outlook}.", blocker.because),
            ));
        }
        for step in option
            .steps
            .iter()
            .filter(|step| step.action == Action::Disable)
        {
            let because = format!("step {} switches it off: {}", step.number, step.issue);
            out.push(left(&step.package, because));
        }
        let deferred = self.of.deferred.iter();
        out.extend(deferred.map(|(package, because)| left(package, because.clone())));
        let mut told: Vec<LeftOut> = Vec::new();
        for one in out {
            if !told.contains(&one) {
                told.push(one);
            }
        }
        told
    }

    /// First and last day of a phase.
    fn days(&self, at: usize) -> Option<(String, String)> {
        let length = i64::from(self.of.settings.phase_days?);
        let before = i64::try_from(at).ok()?.checked_mul(length)?;
        let first = self.of.start?.plus(before);
        let last = first.plus((length - 1).max(0));
        Some((first.to_string(), last.to_string()))
    }

    fn seen(&self, text: String, ledger: &mut Ledger) -> String {
        ledger.evidence(Seen {
            kind: EvidenceKind::Rehearsal,
            text,
            command: Some(self.of.again()),
            run: None,
            inputs: self.of.inputs.to_vec(),
        })
    }
}

fn came_back(held: &Rehearsed) -> String {
    match held {
        Rehearsed::Held => {
            "the rollback gave the manifests and the lock back byte for byte".to_owned()
        }
        Rehearsed::Not { because } => format!("the rollback did not hold: {because}"),
    }
}

/// The packages of a phase.
fn title(part: &Part<'_>) -> String {
    let units: Vec<&Unit<'_>> = part.units.iter().map(|done| &done.unit).collect();
    let names: Vec<&str> = units.iter().flat_map(|unit| unit.packages()).collect();
    match names.len() {
        0..=3 => names.join(", "),
        more => format!("{} and {} more", names[..2].join(", "), more - 2),
    }
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
