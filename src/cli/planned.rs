//! Works plans out for the commands that need them: `plan`, `fix`, `spec`, `readiness` and what stands
//! beside `check`.

use std::collections::BTreeSet;

use crate::plan::compose::{PlanError, Planned, Planner, Plans, Wish};
use crate::plan::model::OptionId;
use crate::plan::prove::Prover;
use crate::plan::shadow::{Shadow, ShadowError};
use crate::policy::Policy;
use crate::readiness::inputs::Recorder;
use crate::registry::{CargoIndex, Environment, Index, IndexOptions, Timestamp};
use crate::report::Report;
use crate::rules::{Family, Rules};
use crate::skew;
use crate::workspace::cargo::{Cargo, find_manifest, host_triple};
use crate::workspace::load::{LoadOptions, Loaded, Unresolvable};
use crate::workspace::run::quoted;
use crate::workspace::{Manifest, Workspace};

use super::args::{Aim, Common};
use super::load::{loaded_aside, matter, request};
use super::output::CliError;

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
pub type Ground<'a> = (Option<&'a Workspace>, &'a Report);

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
    let wish = wish(policy.as_ref(), aim, options, how)?;
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
    let index = opened(common, &shadow)?;
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
    let (mut plans, report) = made(&planner, &workspace)?;
    let notes = index.notes().into_iter().map(|note| note.to_string());
    plans.report.notes.extend(notes);
    let resolved = match &workspace {
        Loaded::Resolved(workspace) => Some(&**workspace),
        Loaded::Unresolvable(_) => None,
    };
    then(&planner, plans, (resolved, &report), &recorder)
}

/// What is asked of a plan, the policy considered.
fn wish(policy: Option<&Policy>, aim: &Aim, options: bool, how: &How) -> Result<Wish, CliError> {
    let decided = policy.and_then(|policy| policy.target_line);
    Ok(Wish {
        target: aim.target_line.or(decided),
        options,
        patches: super::patch::patches(&aim.patch)?,
        flags: how.flags.clone(),
        now: Some(how.now),
    })
}

/// The registry index as cargo is configured in the workspace.
fn opened(common: &Common, shadow: &Shadow) -> Result<CargoIndex, CliError> {
    let options = IndexOptions {
        offline: common.offline || common.frozen,
        ..IndexOptions::default()
    };
    let folder = shadow.root().as_std_path();
    let index = CargoIndex::open(folder, Environment::of_process(), options);
    index.map_err(|error| CliError::Index {
        message: error.to_string(),
        help: "`cargo config get` shows what cargo reads",
    })
}

/// The plans, and what `check` says of the workspace.
fn made(planner: &Planner<'_>, workspace: &Loaded) -> Result<(Plans, Report), CliError> {
    let (plans, report) = match workspace {
        Loaded::Resolved(workspace) => {
            let report = planner.prover.report(workspace, None)?;
            (planner.resolved(workspace, &report), report)
        }
        Loaded::Unresolvable(failure) => (
            planner.unresolvable(&named(failure)),
            skew::unresolvable(failure, planner.prover.rules),
        ),
    };
    Ok((plans.map_err(told)?, report))
}

/// The flags on which the plan depends, as they are to be typed again.
pub fn flags(common: &Common, aim: &Aim) -> String {
    let mut words: Vec<String> = Vec::new();
    if let Some(path) = &common.manifest_path {
        words.extend(["--manifest-path".to_owned(), path.to_string()]);
    }
    words.extend(builds(common));
    if let Some(line) = aim.target_line {
        words.extend(["--target-line".to_owned(), line.to_string()]);
    }
    for patch in &aim.patch {
        words.extend(["--patch".to_owned(), patch.clone()]);
    }
    let words = words.iter().map(|word| format!(" {}", quoted(word)));
    words.collect()
}

/// The flags that choose builds, as words.
pub fn builds(common: &Common) -> Vec<String> {
    let lists = [
        ("-p", &common.package),
        ("--exclude", &common.exclude),
        ("--features", &common.features),
        ("--target", &common.target),
    ];
    let switches = [
        (common.workspace, "--workspace"),
        (common.all_features, "--all-features"),
        (common.no_default_features, "--no-default-features"),
    ];
    let mut words: Vec<String> = Vec::new();
    for (flag, values) in lists {
        for value in values {
            words.extend([flag.to_owned(), value.clone()]);
        }
    }
    let on = switches.into_iter().filter(|(on, _)| *on);
    words.extend(on.map(|(_, flag)| flag.to_owned()));
    words
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

/// The option to take: the one asked for, else the recommended one.
pub fn chosen(plans: Plans, asked: Option<OptionId>) -> Option<Planned> {
    let id = asked.or(plans.report.recommended)?;
    plans.planned.into_iter().find(|one| one.option.id == id)
}
