//! `plan`: what to upgrade, switch or disable, proven by cargo.

use std::collections::BTreeSet;

use crate::plan::compose::{PlanError, Planned, Planner, Plans, Wish};
use crate::plan::emit::{Emit, Used, emit};
use crate::plan::model::{OptionId, Outcome, PlanReport};
use crate::plan::prove::Prover;
use crate::plan::shadow::{Shadow, ShadowError};
use crate::plan::trial::{Scope, Scratch};
use crate::readiness::inputs::Recorder;
use crate::registry::{CargoIndex, Environment, Index, IndexOptions, Timestamp};
use crate::report::plain::counted;
use crate::report::{html, human, plan as render};
use crate::rules::{Family, Rules};
use crate::skew;
use crate::skew::in_use::in_use;
use crate::workspace::cargo::{Cargo, find_manifest, host_triple};
use crate::workspace::load::{LoadOptions, Loaded, Unresolvable};
use crate::workspace::run::quoted;
use crate::workspace::{Manifest, Packages, Workspace};

use super::Exit;
use super::args::{Aim, Common, EmitFor, Format, Plan};
use super::load::{loaded_aside, matter, request, resolved, units};
use super::output::{CliError, Documents, Output, Render};
use super::progress::Progress;

/// Runs the command.
///
/// # Errors
/// Where the workspace or the registry index cannot be read, or the answer not written.
pub fn run(common: &Common, plan: &Plan, output: &Output) -> Result<Exit, CliError> {
    if let Some(tool) = plan.emit {
        return emitted(common, tool, output);
    }
    let printers = output.printers("plan", renderer)?;
    let progress = Progress::start(output, "planning, and having cargo prove it");
    let mut reports = Vec::new();
    let mut proven = true;
    for family in &Rules::shipped().families {
        let mut plans = planned(common, &plan.aim, plan.options, family, |_, plans| {
            Ok(plans)
        })?;
        if plan.check {
            compiled(common, &mut plans)?;
        }
        proven &= plans.report.recommended.is_some();
        reports.push(plans.report);
    }
    progress.stop();
    output.write(&printers.print(&reports))?;
    Ok(if proven { Exit::Clean } else { Exit::Findings })
}

/// How the plans for all families are printed, one behind the other.
fn renderer(format: Format) -> Option<Render<'static, Vec<PlanReport>>> {
    let each =
        |render: fn(&PlanReport, &human::Options) -> String| -> Render<'static, Vec<PlanReport>> {
            Box::new(move |reports, options| {
                reports.iter().map(|one| render(one, options)).collect()
            })
        };
    Documents {
        human: each(render::human::render),
        markdown: each(|report, _| render::markdown::render(report)),
        html: Box::new(|reports, _| html::render_plans(reports)),
        json: each(|report, _| render::json::render(report)),
    }
    .of(format)
}

/// Works the plans for one family out, and goes on with them while the shadow is there.
///
/// # Errors
/// Where the workspace, the registry index or cargo fails.
pub fn planned<T>(
    common: &Common,
    aim: &Aim,
    options: bool,
    family: &Family,
    then: impl FnOnce(&Planner<'_>, Plans) -> Result<T, CliError>,
) -> Result<T, CliError> {
    planned_on(common, aim, options, family, |planner, plans, _| {
        then(planner, plans)
    })
}

/// On what plans were made: the workspace, where cargo resolves it, and what `check` says of it.
pub type Ground<'a> = (Option<&'a Workspace>, &'a crate::report::Report);

/// The same, with what the plans were made on.
///
/// # Errors
/// As [`planned`].
pub fn planned_on<T>(
    common: &Common,
    aim: &Aim,
    options: bool,
    family: &Family,
    then: impl FnOnce(&Planner<'_>, Plans, Ground<'_>) -> Result<T, CliError>,
) -> Result<T, CliError> {
    let how = How {
        now: Timestamp::now(),
        recorded: false,
        flags: flags(common, aim),
    };
    planned_by(
        common,
        (aim, options),
        family,
        &how,
        |planner, plans, ground, _| then(planner, plans, ground),
    )
}

/// By what to plan.
pub struct How {
    /// The moment by which waiting is reckoned.
    pub now: Timestamp,
    /// Whether is kept what was asked of the index.
    pub recorded: bool,
    /// The flags given, as they are to be typed again, without that for all options.
    pub flags: String,
}

/// The same, with what was asked of the index.
///
/// # Errors
/// As [`planned`].
pub fn planned_by<T>(
    common: &Common,
    (aim, options): (&Aim, bool),
    family: &Family,
    how: &How,
    then: impl FnOnce(&Planner<'_>, Plans, Ground<'_>, &Recorder<'_>) -> Result<T, CliError>,
) -> Result<T, CliError> {
    if common.metadata_path.is_some() {
        return Err(CliError::Usage {
            message: "a plan is made from manifests; saved metadata has none".into(),
            help: "run it in the workspace, without `--metadata-path`".into(),
        });
    }
    let policy = super::policy::policy(common)?;
    let decided = policy.as_ref().and_then(|policy| policy.target_line);
    let wish = Wish {
        target: aim.target_line.or(decided),
        options,
        patches: super::patch::patches(&aim.patch)?,
        flags: how.flags.clone(),
        now: Some(how.now),
    };
    let manifest = find_manifest(common.manifest_path.as_deref())?;
    let rules = Rules::shipped();
    // A broken manifest is better told from its own parse than from that of a copy.
    Manifest::read(&manifest)?;
    let failed = |error: ShadowError| CliError::Other {
        help: error
            .help()
            .unwrap_or("`cargo metadata` says whether cargo can read it")
            .into(),
        message: error.to_string(),
    };
    let shadow = Shadow::new(&manifest).map_err(failed)?;
    let workspace = loaded_aside(common, policy.as_ref(), &manifest, &shadow)?;
    let lock = shadow.new_lock().map_err(failed)?;
    let folder = shadow.root().as_std_path().to_owned();
    let index = IndexOptions {
        offline: common.offline || common.frozen,
        ..IndexOptions::default()
    };
    let index = CargoIndex::open(&folder, Environment::of_process(), index);
    let index = index.map_err(|error| CliError::Index {
        message: error.to_string(),
        help: "`cargo config get` shows what cargo reads",
    })?;
    let host = match &workspace {
        Loaded::Resolved(workspace) => workspace.host.clone(),
        Loaded::Unresolvable(_) => host_triple(),
    };
    let asked = |workspace: &Workspace| request(common, policy.as_ref(), workspace);
    let recorder = Recorder::new(&index);
    let asked_of: &dyn Index = match how.recorded {
        true => &recorder,
        false => &index,
    };
    let planner = Planner {
        prover: Prover {
            shadow,
            lock,
            cargo: cargo(common),
            rules,
            options: LoadOptions {
                matter: matter(common, policy.as_ref()),
                ..LoadOptions::default()
            },
            host,
            request: &asked,
        },
        index: asked_of,
        family,
        wish: &wish,
    };
    let (plans, report) = match &workspace {
        Loaded::Resolved(workspace) => {
            let report = planner.prover.report(workspace, None)?;
            (planner.resolved(workspace, &report), report)
        }
        Loaded::Unresolvable(failure) => (
            planner.unresolvable(&named(failure)),
            skew::unresolvable(failure, rules),
        ),
    };
    let mut plans = plans.map_err(told)?;
    let notes = index.notes().into_iter().map(|note| note.to_string());
    plans.report.notes.extend(notes);
    let resolved = match &workspace {
        Loaded::Resolved(workspace) => Some(&**workspace),
        Loaded::Unresolvable(_) => None,
    };
    then(&planner, plans, (resolved, &report), &recorder)
}

/// The flags on which the plan depends, as they are to be typed again.
pub fn flags(common: &Common, aim: &Aim) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut add = |flag: &str, value: &str| words.extend([flag.to_owned(), quoted(value)]);
    if let Some(path) = &common.manifest_path {
        add("--manifest-path", path.as_str());
    }
    common.package.iter().for_each(|spec| add("-p", spec));
    common
        .exclude
        .iter()
        .for_each(|spec| add("--exclude", spec));
    common
        .features
        .iter()
        .for_each(|list| add("--features", list));
    common
        .target
        .iter()
        .for_each(|triple| add("--target", triple));
    if let Some(line) = aim.target_line {
        add("--target-line", &line.to_string());
    }
    aim.patch.iter().for_each(|patch| add("--patch", patch));
    let switches = [
        (common.workspace, "--workspace"),
        (common.all_features, "--all-features"),
        (common.no_default_features, "--no-default-features"),
    ];
    let on = switches.into_iter().filter(|(on, _)| *on);
    words.extend(on.map(|(_, flag)| flag.to_owned()));
    words.iter().map(|word| format!(" {word}")).collect()
}

/// Cargo as plans run it.
pub fn cargo(common: &Common) -> Cargo {
    Cargo {
        locked: false,
        offline: common.offline || common.frozen,
        frozen: false,
    }
}

/// The packages that cargo's message names.
fn named(failure: &Unresolvable) -> BTreeSet<String> {
    let error = &failure.error;
    let chain = error.chain.iter().chain(&error.other_chain);
    let mut names: BTreeSet<String> = chain
        .flat_map(|step| [step.package.clone(), step.dependency.clone()])
        .collect();
    names.extend(error.cause.dependency().map(str::to_owned));
    names
}

/// The error in words, with what to do next.
pub fn told(error: PlanError) -> CliError {
    let message = error.to_string();
    match error {
        PlanError::Workspace(error) => error.into(),
        PlanError::Proof(crate::plan::prove::ProofError::Workspace(error)) => error.into(),
        PlanError::Proof(crate::plan::prove::ProofError::Shadow(error)) => CliError::Other {
            message,
            help: error
                .help()
                .unwrap_or("set TMPDIR to a folder with room")
                .into(),
        },
        PlanError::Index(_) => CliError::Index {
            message,
            help: "without the index there is no plan; `cargo fetch` fills cargo's cache of it",
        },
        PlanError::Edit(error) => CliError::Other {
            message,
            help: error
                .help()
                .unwrap_or("`cargo otel-check plan` shows the change")
                .into(),
        },
        PlanError::NoSuchLine { .. } => CliError::Usage {
            message,
            help: "`cargo otel-check matrix` shows who serves which line".into(),
        },
        PlanError::Patch { .. } => CliError::Other {
            message,
            help: "the patched package must have a version that the requirements allow".into(),
        },
    }
}

/// Compiles the real sources with each proven option; an option that does not compile stays proven
/// to resolve, and says what the compiler says.
fn compiled(common: &Common, plans: &mut Plans) -> Result<(), CliError> {
    let manifest = find_manifest(common.manifest_path.as_deref())?;
    let failed = |error: ShadowError| CliError::Other {
        help: error
            .help()
            .unwrap_or("set TMPDIR to a folder with room")
            .into(),
        message: error.to_string(),
    };
    let mut scratch: Option<Scratch> = None;
    for Planned {
        option,
        changed,
        lock,
        ..
    } in &mut plans.planned
    {
        if !matches!(option.outcome, Outcome::Proven { .. }) {
            continue;
        }
        let scratch = match &mut scratch {
            Some(scratch) => scratch,
            none => none.insert(Scratch::new(&manifest).map_err(failed)?),
        };
        let scope = Scope::everything();
        let trial = scratch
            .compile(
                changed,
                lock.as_deref(),
                &cargo(common),
                &scope,
                &mut |_| {},
            )
            .map_err(failed)?;
        plans.report.notes.push(match trial {
            Ok(trial) if trial.compiles => {
                format!("option {:?} compiles: `{}`", option.id, trial.command)
            }
            Ok(trial) => {
                let mut text = format!(
                    "option {:?} does not compile: {}",
                    option.id,
                    counted(trial.errors.len(), "error")
                );
                for fault in &trial.errors {
                    let place = fault.spot.as_ref().map_or_else(
                        || fault.package.clone(),
                        |spot| format!("{}:{}:{}", spot.file, spot.line, spot.column),
                    );
                    text.push_str(&format!("\n{place}: {}", fault.message));
                }
                text
            }
            Err(refusal) => format!(
                "option {:?} was not compiled: {}",
                option.id,
                refusal.stderr.trim()
            ),
        });
    }
    Ok(())
}

/// `--emit`: from what the workspace uses.
fn emitted(common: &Common, tool: EmitFor, output: &Output) -> Result<Exit, CliError> {
    let kind = match tool {
        EmitFor::Renovate => Emit::Renovate,
        EmitFor::Dependabot => Emit::Dependabot,
        EmitFor::CargoDeny => Emit::CargoDeny,
    };
    let policy = super::policy::policy(common)?;
    let workspace = resolved(common, policy.as_ref())?;
    let packages = Packages::new(&workspace.graph);
    let request = request(common, policy.as_ref(), &workspace)?;
    let mut text = String::new();
    for (family, graph, units) in units(&workspace, &packages, Rules::shipped(), &request)? {
        let mut used = Used::new(&in_use(&packages, family, &graph, &units));
        for (_, package) in packages.iter() {
            for link in package.direct_links() {
                let from = link.from();
                used.depend(link.to().name(), from.name(), from.in_workspace());
            }
        }
        text.push_str(&emit(kind, family, &used));
    }
    output.answer(&text)?;
    Ok(Exit::Clean)
}

/// The option to take: the one asked for, else the recommended one.
pub fn chosen(plans: Plans, asked: Option<OptionId>) -> Option<Planned> {
    let id = asked.or(plans.report.recommended)?;
    plans.planned.into_iter().find(|one| one.option.id == id)
}
