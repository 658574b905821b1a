//! `plan`: what to upgrade, switch or disable, proven by cargo.

use crate::plan::compose::{Planned, Plans};
use crate::plan::emit::{Emit, Used, emit};
use crate::plan::model::{Outcome, PlanReport};
use crate::plan::shadow::ShadowError;
use crate::plan::trial::{Scope, Scratch};
use crate::report::plain::counted;
use crate::report::{html, human, plan as render};
use crate::rules::Rules;
use crate::skew::in_use::in_use;
use crate::workspace::Packages;
use crate::workspace::cargo::find_manifest;

use super::Exit;
use super::args::{Common, EmitFor, Format, Plan};
use super::load::{request, resolved, units};
use super::output::{CliError, Documents, Output, Render};
use super::planned::{cargo, planned};
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
