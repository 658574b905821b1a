//! `check`: judge every artifact.

use std::mem::ManuallyDrop;

use crate::registry::Index;
use crate::report::{self, Level, Report};
use crate::rules::Rules;
use crate::skew;
use crate::sources::{Reading, Sources};
use crate::workspace::cargo::find_manifest;
use crate::workspace::load::Loaded;
use crate::workspace::{Packages, Workspace};

use super::Exit;
use super::args::{Check, Common, Format};
use super::load::{loaded, request};
use super::output::{CliError, Output};
use super::progress::Progress;

/// Runs the command.
///
/// # Errors
/// Where the workspace cannot be read or the answer not written.
pub fn run(common: &Common, check: &Check, output: &Output) -> Result<Exit, CliError> {
    let render: &dyn Fn(&Report) -> String = match common.format {
        Format::Json => &report::json::render,
        Format::Human => &|report| report::human::render(report, &output.human()),
        Format::Markdown | Format::Csv => {
            return Err(super::no_format("check", "`human` and `json`"));
        }
    };
    known_codes(check)?;
    let progress = Progress::start(output, "judging the workspace");
    let mut report = analyse(common, check)?;
    progress.stop();
    levels(&mut report, check);
    let text = render(&report);
    output.answer(&text)?;
    let denied = report.findings.iter().any(|f| f.level == Level::Deny);
    Ok(if denied { Exit::Findings } else { Exit::Clean })
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

/// Applies `--allow`, `--warn` and `--deny`.
fn levels(report: &mut Report, check: &Check) {
    let changes = [
        (&check.allow, None),
        (&check.warn, Some(Level::Warn)),
        (&check.deny, Some(Level::Deny)),
    ];
    for (codes, level) in changes {
        match level {
            None => report
                .findings
                .retain(|finding| !codes.contains(&finding.code)),
            Some(level) => {
                for finding in &mut report.findings {
                    if codes.contains(&finding.code) {
                        finding.level = level;
                    }
                }
            }
        }
    }
    report.findings.sort_by_key(|finding| finding.level);
    report.summary = skew::summary(report);
}

fn analyse(common: &Common, check: &Check) -> Result<Report, CliError> {
    // They are parsed while files are read.
    std::thread::spawn(Rules::shipped);
    if let Some(path) = &check.lock_only {
        return Ok(super::lock::lock_only(common, path)?);
    }
    // Whether a feature exists, only the graph knows for certain.
    let may_be_fast = !check.full && common.metadata_path.is_none() && common.features.is_empty();
    if may_be_fast && let Some(report) = super::lock::fast_path(common)? {
        return Ok(report);
    }
    let rules = Rules::shipped();
    let reading = read_ahead(common, rules);
    let loaded = loaded(common);
    let early = reading.map(Reading::stop).unwrap_or_default();
    match loaded? {
        Loaded::Resolved(workspace) => {
            // The process ends after this one answer: taking the graph apart piece by piece would
            // only cost time.
            let workspace: &Workspace = Box::leak(workspace);
            let request = request(common, workspace)?;
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

/// Reads sources while cargo is at work. Saved metadata leaves no time for it.
fn read_ahead(common: &Common, rules: &'static Rules) -> Option<Reading> {
    if common.metadata_path.is_some() {
        return None;
    }
    let manifest = find_manifest(common.manifest_path.as_deref()).ok()?;
    let anchor = |name: &str| rules.families.iter().any(|family| family.is_anchor(name));
    Some(Reading::start(manifest, anchor))
}
