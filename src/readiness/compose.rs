//! Puts a readiness report together: states of the workspace, what is measured of each, and what
//! follows.

use std::collections::BTreeMap;
use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};

use crate::plan::compose::{PlanError, Planner, Plans};
use crate::plan::facts::Facts;
use crate::plan::model::{OptionId, PlanReport};
use crate::policy::{Date, Policy};
use crate::report::{Finding, Report, Tool, package_of};
use crate::skew::Line;
use crate::spec::SpecReport;
use crate::workspace::Workspace;

use super::assess::assessment;
use super::dependencies::{self, Dependencies};
use super::inputs::{InputIds, Recorder};
use super::measure::{self, Answer, Compiled, Exceptions, Ground, Saw, Specified};
use super::model::{
    Assessment, EvidenceKind, PhasePlan, READINESS_SCHEMA_VERSION, Readiness, Rehearsed, RiskRow,
    Run,
};
use super::phases::{self, Subject, phases};
use super::register::{self, Grounds, outlooks, risks};
use super::settings::{Measure, Settings};
use super::states::{Judged, facts};
use super::{Ledger, options};

/// Compiles the sources with new texts of manifests and a lock.
pub type Compile<'a> =
    &'a dyn Fn(&BTreeMap<Utf8PathBuf, String>, Option<&str>) -> Result<Compiled, PlanError>;

/// What a report is made from.
pub struct Scene<'a> {
    pub planner: &'a Planner<'a>,
    pub plans: &'a Plans,
    /// None where cargo does not resolve it.
    pub workspace: Option<&'a Workspace>,
    /// What the analysis says where cargo does not resolve it.
    pub report: &'a Report,
    /// What was asked of the index.
    pub index: &'a Recorder<'a>,
    pub policy: Option<&'a Policy>,
    pub settings: &'a Settings,
    pub specs: &'a SpecReport,
    pub today: Date,
    /// The day on which the first phase begins.
    pub start: Option<Date>,
    /// The line that was asked for on the command line.
    pub asked: Option<Line>,
    /// Flags of `check` and `plan` alike, as they are to be typed again.
    pub flags: &'a str,
    /// Those of them with which `spec` writes of what is in the way.
    pub spec_flags: &'a str,
    /// Flags that `plan` has beside these.
    pub aim: &'a str,
    pub phase_flags: &'a phases::Flags,
    /// None where compiling was not asked for.
    pub compile: Option<Compile<'a>>,
    /// The command that compiles them.
    pub compile_command: &'a str,
    /// Runs the commands of criteria; none where that was not asked for. Whatever they do to the
    /// workspace, everything else was read before.
    pub run: Option<&'a dyn Fn() -> BTreeMap<String, Run>>,
    /// This program.
    pub program: Option<&'a Path>,
}

/// The report of one family. The ledger has the inputs already.
///
/// # Errors
/// Where cargo, the shadow or the index fails.
pub fn readiness(
    scene: &Scene<'_>,
    mut inputs: InputIds,
    mut ledger: Ledger,
) -> Result<Readiness, PlanError> {
    let plan = &scene.plans.report;
    let (target, target_because) = target(scene);
    let line: Option<Line> = target.as_deref().and_then(|text| text.parse().ok());
    let current = Judged::current(scene, line)?;
    let after = Judged::options(scene, &current, line)?;
    let facts = facts(scene, &current.report)?;
    let shadow = &scene.planner.prover.shadow;
    let family = scene.planner.family;
    register::ask(
        shadow.root(),
        shadow.manifests(),
        family,
        scene.planner.index,
    );
    inputs.add_index(scene.index, &mut ledger);
    let phases = phased(scene, &current, &inputs, &mut ledger);
    let files = measure::look(scene.settings, shadow.root());
    let runs = scene.run.map(|run| run());
    let specified: Vec<Specified> = scene.specs.specs.iter().map(Specified::of).collect();
    let rests = |kind| inputs.of(kind);
    let ground = Ground {
        settings: scene.settings,
        exceptions: Exceptions {
            policy: scene.policy,
            today: scene.today,
        },
        today: scene.today,
        target: target.clone(),
        plan,
        flags: scene.flags,
        spec_flags: scene.spec_flags,
        aim: scene.aim,
        compile_command: scene.compile_command,
        rests: &rests,
        files: &files,
        runs: runs.as_ref(),
        specified: &specified,
        rehearsed: phases.as_ref().map(rehearsed),
    };
    let state = current.state(None, target.clone());
    let assessment = assessment(&ground, &state, &mut ledger);
    let assessments = of_options(&after, &ground, &mut ledger);
    let recommended = plan.recommended.and_then(|id| after.get(&id));
    let dependencies = Dependencies {
        facts: &facts,
        state: &state,
        then: recommended.map(|judged| (judged.crates.as_slice(), &judged.report)),
        line,
    };
    let dependencies = dependencies::rows(&dependencies, &ground, &mut ledger);
    let options = options::rows(&ground, assessments, &mut ledger);
    let risks = register(scene, &ground, (&current, recommended), &facts, &mut ledger);
    let notes = notes(scene, &current.report, &inputs);
    let (evidence, all_inputs) = ledger.into_parts();
    Ok(Readiness {
        schema_version: READINESS_SCHEMA_VERSION,
        tool: Tool {
            name: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
        },
        family: plan.family.clone(),
        date: scene.today.to_string(),
        target,
        target_because,
        assessment,
        dependencies,
        options,
        recommended: plan.recommended,
        recommended_because: plan.because.clone(),
        phases,
        risks,
        evidence,
        inputs: all_inputs,
        notes,
    })
}

/// What the criteria say of each option's result.
fn of_options(
    after: &BTreeMap<OptionId, Judged>,
    ground: &Ground<'_>,
    ledger: &mut Ledger,
) -> BTreeMap<OptionId, Assessment> {
    let mut assessments = BTreeMap::new();
    for (id, judged) in after {
        let target = judged.target.map(|line| line.to_string());
        let state = judged.state(Some(*id), target.or_else(|| ground.target.clone()));
        assessments.insert(*id, assessment(ground, &state, ledger));
    }
    assessments
}

/// The risks of the recommended option, and of doing nothing.
fn register(
    scene: &Scene<'_>,
    ground: &Ground<'_>,
    (current, recommended): (&Judged, Option<&Judged>),
    facts: &Facts,
    ledger: &mut Ledger,
) -> Vec<RiskRow> {
    let shadow = &scene.planner.prover.shadow;
    let line = ground.target.as_deref();
    let line: Option<Line> = line.and_then(|text| text.parse().ok());
    let outlooks = line.map(|line| outlooks(&facts.matrix, line, scene.today.begins()));
    let compiled = recommended.and_then(|judged| judged.compiled.as_ref());
    let grounds = Grounds {
        report: &current.report,
        after: recommended.map(|judged| &judged.report),
        plan: ground.plan,
        outlooks: &outlooks.unwrap_or_default(),
        compiles: compiled.map(|one| *one == Compiled::Yes),
        root: shadow.root(),
        manifests: shadow.manifests(),
        family: scene.planner.family,
        index: scene.planner.index,
        let_through: &|finding| ground.exceptions.of(finding),
        owner: &|name| scene.settings.owners.get(name).cloned(),
        check_command: &ground.check_command(),
        plan_command: &ground.plan_command(),
        rests: ground.rests,
    };
    risks(&grounds, ledger)
}

/// What limits the answer.
fn notes(scene: &Scene<'_>, report: &Report, inputs: &InputIds) -> Vec<String> {
    let mut notes = scene.plans.report.notes.clone();
    for note in report.notes.iter().chain(&inputs.notes) {
        if !notes.contains(note) {
            notes.push(note.clone());
        }
    }
    notes
}

/// The line to be on, and why.
fn target(scene: &Scene<'_>) -> (Option<String>, String) {
    let plan = &scene.plans.report;
    if let Some(line) = scene.asked {
        return (Some(line.to_string()), format!("{line} was asked for"));
    }
    if let Some(policy) = scene.policy
        && let Some(line) = policy.target_line
    {
        let because = format!("{} names it", policy.file);
        return (Some(line.to_string()), because);
    }
    let chosen = plan
        .options
        .iter()
        .find(|option| Some(option.id) == plan.recommended);
    let option = chosen.or(plan.options.first());
    match option.and_then(|option| option.target.clone()) {
        Some(line) if chosen.is_some() && plan.live.as_ref() == Some(&line) => {
            let because = format!("{line} is the line of which providers are installed");
            (Some(line), because)
        }
        Some(line) => (Some(line), plan.because.clone()),
        None => unchosen(plan),
    }
}

/// The line to be on where the plan chooses none: the only one in use.
fn unchosen(plan: &PlanReport) -> (Option<String>, String) {
    match plan.lines_today.as_slice() {
        [] => {
            let because = format!("nothing that ships uses a line of {}", plan.family);
            (None, because)
        }
        [line] => (
            Some(line.clone()),
            format!("{line} is the only line in use"),
        ),
        lines if plan.live.is_none() => {
            let lines = lines.join(", ");
            let because = format!("of the lines in use, {lines}, no provider is installed");
            (None, because)
        }
        _ => (None, plan.because.clone()),
    }
}

/// The recommended option in phases.
fn phased(
    scene: &Scene<'_>,
    current: &Judged,
    inputs: &InputIds,
    ledger: &mut Ledger,
) -> Option<PhasePlan> {
    let recommended = scene.plans.report.recommended?;
    let planned = scene.plans.planned.iter();
    let planned = planned.clone().find(|one| one.option.id == recommended)?;
    let shadow = &scene.planner.prover.shadow;
    let deferred = current.deferred.iter().flat_map(|one| &one.findings);
    let deferred: Vec<(String, String)> = deferred.map(named).collect();
    let of = Subject {
        planned,
        manifest: &shadow.root().join("Cargo.toml"),
        manifests: shadow.manifests(),
        family: scene.planner.family,
        settings: scene.settings,
        start: scene.start,
        flags: scene.phase_flags,
        deferred: &deferred,
        program: scene.program,
        inputs: &inputs.of(EvidenceKind::Rehearsal),
    };
    phases(&of, ledger)
}

/// What is switched off by the name of its package, with the reason.
fn named(finding: &Finding) -> (String, String) {
    let label = finding.introducer.as_deref().unwrap_or_default();
    (package_of(label).to_owned(), finding.message.clone())
}

/// What the rehearsal of the phases says of the way back.
fn rehearsed(plan: &PhasePlan) -> Answer {
    let steps = plan.phases.iter().flat_map(|phase| &phase.steps);
    let own = steps.clone().filter_map(|step| step.rollback.as_ref());
    let phases = plan.phases.iter().map(|phase| &phase.rollback);
    let all: Vec<&Rehearsed> = own
        .chain(phases)
        .chain([&plan.rollback])
        .map(|rollback| &rollback.rehearsed)
        .collect();
    let failed: Vec<&str> = all
        .iter()
        .filter_map(|one| match one {
            Rehearsed::Held => None,
            Rehearsed::Not { because } => Some(because.as_str()),
        })
        .collect();
    let gates = plan.phases.iter().flat_map(|phase| &phase.exit);
    let gates = gates.chain(steps.clone().flat_map(|step| &step.gates));
    let mut tried = gates.map(|gate| &gate.rehearsed).chain(all.iter().copied());
    let was_tried = tried.any(|one| *one == Rehearsed::Held);
    let saw = |text: &str| Saw::new(EvidenceKind::Rehearsal, text);
    match failed.first() {
        None => {
            let text = format!(
                "in a copy, the rollback of each of {} gave the manifests and the lock back byte for byte, and so did that of each phase and of the whole",
                crate::report::plain::counted(steps.count(), "step")
            );
            Answer::met(text.clone(), saw(&text))
        }
        Some(because) if was_tried => {
            let text = format!(
                "{} of {} rollbacks did not hold in a copy: {because}",
                failed.len(),
                all.len()
            );
            Answer::unmet(text.clone(), Vec::new(), vec![saw(&text)])
        }
        Some(because) => Answer::not_measured(format!("nothing was rehearsed: {because}"), &[]),
    }
}

/// Runs all commands that criteria name in the workspace's root, one after the other, by the ids of the
/// criteria.
pub fn run_all(settings: &Settings, root: &Utf8Path) -> BTreeMap<String, Run> {
    let all = settings.criteria.iter();
    let runs = all.filter_map(|criterion| match &criterion.measure {
        Measure::Command { words, seconds, .. } => Some((
            criterion.id.clone(),
            super::command::run(words, root, *seconds),
        )),
        _ => None,
    });
    runs.collect()
}
