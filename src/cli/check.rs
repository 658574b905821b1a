//! `check`: judge every artifact.

use crate::report::{self, Level, Report};
use crate::rules::Rules;
use crate::skew;
use crate::sources::Sources;
use crate::workspace::build::{Target, platform};
use crate::workspace::cargo::Cargo;
use crate::workspace::load::{LoadOptions, Loaded, load};
use crate::workspace::{Features, Packages, Selection, Workspace, WorkspaceError};

use super::Exit;
use super::args::{Check, Common, Format};
use super::output::{CliError, Output};

/// Runs the command.
///
/// # Errors
/// Where the workspace cannot be read or the answer not written.
pub fn run(common: &Common, check: &Check, output: &Output) -> Result<Exit, CliError> {
    let report = analyse(common, check)?;
    let text = match common.format {
        Format::Json => report::json::render(&report),
        Format::Human => report::human::render(&report, &human_options(output)),
        Format::Markdown | Format::Csv => {
            return Err(CliError::Other {
                message: "`check` has no such format".into(),
                help: "it prints `human` and `json`".into(),
            });
        }
    };
    output.answer(&text)?;
    let denied = report.findings.iter().any(|f| f.level == Level::Deny);
    Ok(if denied { Exit::Findings } else { Exit::Clean })
}

fn human_options(output: &Output) -> report::human::Options {
    report::human::Options {
        colours: output.colours(),
        width: output.width().unwrap_or(100),
        verbose: output.verbose,
    }
}

fn analyse(common: &Common, check: &Check) -> Result<Report, CliError> {
    let _ = check;
    let options = LoadOptions {
        manifest: common.manifest_path.clone(),
        metadata: common.metadata_path.clone(),
        cargo: Cargo {
            locked: common.locked,
            offline: common.offline,
            frozen: common.frozen,
        },
    };
    let rules = Rules::shipped();
    match load(&options)? {
        Loaded::Resolved(workspace) => {
            let request = request(common, &workspace)?;
            let packages = Packages::new(&workspace.graph);
            let sources = Sources::new(&packages);
            Ok(skew::analyse(
                &workspace, &packages, rules, &request, &sources,
            )?)
        }
        Loaded::Unresolvable(failure) => Ok(skew::unresolvable(&failure, rules)),
    }
}

/// The builds that the flags stand for.
fn request(common: &Common, workspace: &Workspace) -> Result<skew::Request, WorkspaceError> {
    let selection = if !common.package.is_empty() {
        let ids: Result<Vec<_>, _> = common
            .package
            .iter()
            .map(|spec| workspace.member(spec))
            .collect();
        let mut ids = ids?;
        ids.sort();
        ids.dedup();
        Some(Selection::Packages(ids))
    } else if common.workspace {
        let excluded: Result<Vec<_>, _> = common
            .exclude
            .iter()
            .map(|spec| workspace.member(spec))
            .collect();
        Some(Selection::Workspace {
            excluded: excluded?,
        })
    } else {
        None
    };
    let named = common
        .features
        .iter()
        .flat_map(|list| list.split([',', ' ']))
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    let host = match &workspace.host {
        Some(triple) => platform(triple)?,
        None => skew::this_platform()?,
    };
    let targets: Result<Vec<Target>, WorkspaceError> = if common.target.is_empty() {
        Ok(vec![Target::Platform {
            target: host.clone(),
            host: host.clone(),
        }])
    } else {
        let targets = common.target.iter();
        targets
            .map(|triple| {
                Ok(Target::Platform {
                    target: platform(triple)?,
                    host: host.clone(),
                })
            })
            .collect()
    };
    Ok(skew::Request {
        selection,
        features: Features {
            all: common.all_features,
            no_default: common.no_default_features,
            named,
        },
        targets: targets?,
    })
}
