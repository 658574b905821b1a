//! `check`: judge every artifact.

use std::cell::OnceCell;
use std::mem::ManuallyDrop;

use crate::policy::{Date, Overrides, Policy, apply};
use crate::registry::Index;
use crate::report::place::View;
use crate::report::plain::terminal_lines;
use crate::report::{self, Level, Report};
use crate::rules::Rules;
use crate::skew;
use crate::sources::{Early, Reading, Sources};
use crate::workspace::cargo::find_manifest;
use crate::workspace::load::Loaded;
use crate::workspace::{Packages, Workspace};

use super::Exit;
use super::args::{Check, Common, Format};
use super::beside::{Beside, beside, has_place};
use super::known;
use super::load::{loaded, request};
use super::output::{CliError, Output, Render};
use super::places::{self, Place};
use super::policy::judges_all;
use super::progress::Progress;

/// Runs the command.
///
/// # Errors
/// Where the workspace cannot be read or the answer not written.
pub fn run(common: &Common, check: &Check, output: &Output) -> Result<Exit, CliError> {
    let view = super::view::view(common, check, false);
    let here = super::view::view(common, check, true);
    let more = OnceCell::new();
    let printers = output.printers("check", |format| renderer(format, &view, &here, &more))?;
    known_codes(check)?;
    has_place(check, output)?;
    let progress = Progress::start(output, "judging the workspace");
    let policy = match check
        .lock_only
        .as_deref()
        .filter(|path| !path.as_str().is_empty())
    {
        // A lockfile of somewhere else is no matter of this workspace's policy.
        Some(_) => None,
        None => super::policy::policy(common)?,
    };
    let whole = judges_all(common) && check.lock_only.is_none();
    let judge = |common: &Common, policy: Option<&Policy>| {
        let mut report = analyse(common, check, policy)?;
        decide(&mut report, check, policy, whole);
        report::about::keep(&mut report, &check.about);
        Ok(report)
    };
    let mut report = judge(common, policy.as_ref())?;
    known::base(&mut report, common, check, policy.as_ref(), &judge)?;
    progress.stop();
    let baselined = known::baseline(&mut report, check)?;
    more.get_or_init(|| beside(common, check, output));
    let mut answers = printers.print(&report);
    if output.wants(Format::Github)
        && let Some(path) = places::step_summary()
    {
        let summary = report::markdown::render(&report, &view);
        answers.push((Place::Appended(path), summary));
    }
    answers.extend(baselined.file);
    output.write(&answers)?;
    if let Some(message) = baselined.message {
        output.message(&terminal_lines(&message));
    }
    let denied = report.findings.iter().any(|f| f.level == Level::Deny);
    Ok(if denied && !baselined.anew {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

/// Paths are as seen from the root of the repository, in `short` from the current folder. What stands
/// beside the report is worked out once the report is there.
fn renderer<'r>(
    format: Format,
    view: &'r View,
    here: &'r View,
    more: &'r OnceCell<Beside>,
) -> Option<Render<'r, Report>> {
    let render: fn(&Report, &View) -> String = match format {
        Format::Human => return Some(Box::new(report::human::render)),
        Format::Json => |report, _| report::json::render(report),
        Format::Short => return Some(Box::new(|report, _| report::short::render(report, here))),
        Format::Sarif => {
            return Some(Box::new(move |report, _| {
                let mends = more.get().map(Beside::mends);
                report::sarif::render(report, view, mends.unwrap_or_default())
            }));
        }
        Format::Github => report::github::render,
        Format::Gitlab => report::gitlab::render,
        Format::Junit => report::junit::render,
        Format::Markdown => report::markdown::render,
        Format::Html => {
            return Some(Box::new(|report, _| {
                let extras = more.get().map(Beside::extras);
                report::html::render(report, extras.unwrap_or_default())
            }));
        }
        Format::Csv => report::csv::render,
        Format::Dot => |report, _| report::dot::render(report),
        Format::Svg => |report, _| report::svg::render(report),
    };
    Some(Box::new(move |report, _| render(report, view)))
}

/// Levels and exceptions.
fn decide(report: &mut Report, check: &Check, policy: Option<&Policy>, whole: bool) {
    let overrides = Overrides {
        allow: check.allow.clone(),
        warn: check.warn.clone(),
        deny: check.deny.clone(),
    };
    apply(report, policy, &overrides, Date::today(), whole);
}

/// Wrong usage is told before any work is done.
fn known_codes(check: &Check) -> Result<(), CliError> {
    for code in [&check.allow, &check.warn, &check.deny]
        .into_iter()
        .flatten()
    {
        if skew::findings::lint(code).is_none() {
            return Err(CliError::Usage {
                message: format!("there is no finding code `{code}`"),
                help: "`cargo otel-check explain CODE` explains one; docs/findings lists them"
                    .into(),
            });
        }
    }
    Ok(())
}

/// What is found, before any decision of a team.
///
/// # Errors
/// Where the workspace cannot be read.
pub fn analyse(
    common: &Common,
    check: &Check,
    policy: Option<&Policy>,
) -> Result<Report, CliError> {
    // They are parsed while files are read.
    std::thread::spawn(Rules::shipped);
    if let Some(path) = &check.lock_only {
        return Ok(super::lock::lock_only(common, path)?);
    }
    // Whether a feature exists, only the graph knows for certain.
    let named = !common.features.is_empty()
        || policy.is_some_and(|policy| policy.builds.iter().any(|one| !one.features.is_empty()));
    let may_be_fast = !check.full && common.metadata_path.is_none() && !named;
    if may_be_fast && let Some(report) = super::lock::fast_path(common, policy)? {
        return Ok(report);
    }
    let (loaded, early) = beside_reading(common, || loaded(common, policy));
    judged(loaded?, common, policy, early)
}

/// What is found in a workspace that is loaded, with what was read of its sources on the way.
///
/// # Errors
/// Where flags or policy name what the workspace has not.
pub fn judged(
    loaded: Loaded,
    common: &Common,
    policy: Option<&Policy>,
    early: Early,
) -> Result<Report, CliError> {
    let rules = Rules::shipped();
    match loaded {
        Loaded::Resolved(workspace) => {
            // The process ends after this one answer: taking the graph apart piece by piece would
            // only cost time.
            let workspace: &Workspace = Box::leak(workspace);
            let request = request(common, policy, workspace)?;
            let packages = Packages::new(&workspace.graph);
            let sources = ManuallyDrop::new(Sources::new(&packages, &workspace.links).with(early));
            let index = super::matrix::cached_index(workspace);
            let index = index.as_ref().map(|index| index as &dyn Index);
            Ok(skew::analyse(
                workspace, &packages, rules, &request, &*sources, index,
            )?)
        }
        Loaded::Unresolvable(failure) => Ok(skew::unresolvable(&failure, rules)),
    }
}

/// Loads a workspace, and reads sources while cargo is at work.
pub fn beside_reading<T>(common: &Common, load: impl FnOnce() -> T) -> (T, Early) {
    let reading = read_ahead(common, Rules::shipped());
    let loaded = load();
    (loaded, reading.map(Reading::stop).unwrap_or_default())
}

/// Reads sources while cargo is at work. Saved metadata leaves no time for it.
fn read_ahead(common: &Common, rules: &'static Rules) -> Option<Reading> {
    if common.metadata_path.is_some() {
        return None;
    }
    let manifest = find_manifest(common.manifest_path.as_deref()).ok()?;
    let anchor = |name: &str| rules.families.iter().any(|family| family.is_anchor(name));
    Some(Reading::start(manifest, anchor))
}
