//! What `check` leaves out since it is known: a baseline, or another revision.

use camino::Utf8Path;

use crate::baseline::{Baseline, compare};
use crate::policy::Policy;
use crate::report::Report;
use crate::workspace::cargo::find_manifest;
use crate::workspace::members::workspace_root;
use crate::workspace::revision::{Revision, RevisionError};

use super::args::{Check, Common};
use super::output::{CliError, Output};
use super::places::write_whole;

/// Lets pass what stands in the baseline, or writes it anew; says whether it was written.
///
/// # Errors
/// Where the file cannot be read, understood or written.
pub fn baseline(report: &mut Report, check: &Check, output: &Output) -> Result<bool, CliError> {
    let Some(path) = &check.baseline else {
        return Ok(false);
    };
    if check.write_baseline {
        let baseline = Baseline::of(report);
        write_whole(path, &baseline.render())?;
        baseline.apply(report);
        let count = crate::report::plain::counted(baseline.len(), "finding");
        output.message(&format!("{count} written to {path}"));
        return Ok(true);
    }
    let baseline = read(path)?;
    if check.prune {
        let pruned = baseline.pruned(report);
        if pruned != baseline {
            write_whole(path, &pruned.render())?;
        }
        let count = crate::report::plain::counted(baseline.len() - pruned.len(), "finding");
        output.message(&format!("{count} taken out of {path}"));
    }
    let gone = baseline.apply(report);
    if gone > 0 && !check.prune {
        let count = crate::report::plain::counted(gone, "finding");
        report.notes.push(format!(
            "{count} of the baseline {path} no longer there; `--prune` takes out what is gone"
        ));
    }
    Ok(false)
}

fn read(path: &Utf8Path) -> Result<Baseline, CliError> {
    let help = || format!("`cargo otel-check check --baseline {path} --write-baseline` writes it");
    let text = std::fs::read_to_string(path).map_err(|error| CliError::Other {
        message: format!("cannot read the baseline {path}: {error}"),
        help: help(),
    })?;
    Baseline::parse(&text).map_err(|error| CliError::Other {
        message: format!("cannot use the baseline {path}: {error}"),
        help: help(),
    })
}

/// Gives the report on a workspace, also one elsewhere.
pub type Judge<'a> = &'a dyn Fn(&Common, Option<&Policy>) -> Result<Report, CliError>;

/// Leaves what another revision has not.
///
/// # Errors
/// Where git does not know the revision, or its workspace cannot be judged.
pub fn base(
    report: &mut Report,
    common: &Common,
    check: &Check,
    policy: Option<&Policy>,
    judge: Judge<'_>,
) -> Result<(), CliError> {
    let Some(revision) = &check.base else {
        return Ok(());
    };
    let failed = |error: RevisionError| CliError::Other {
        help: match &error {
            RevisionError::Unknown(_) => {
                "a shallow clone may lack it: `git fetch origin REV`".into()
            }
            _ => "`--base` needs git, and a workspace in a repository".to_owned(),
        },
        message: error.to_string(),
    };
    let manifest = find_manifest(common.manifest_path.as_deref())?;
    let folder = workspace_root(&manifest);
    let there = Revision::of(&folder, revision).map_err(failed)?;
    let Some(root) = there
        .root()
        .filter(|root| root.join("Cargo.toml").is_file())
    else {
        report.notes.push(format!(
            "{revision} has no such workspace: everything is new"
        ));
        return Ok(());
    };
    // A member's own manifest stands elsewhere in the copy, and means the same workspace.
    let elsewhere = Common {
        manifest_path: Some(root.join("Cargo.toml")),
        ..common.clone()
    };
    let base = judge(&elsewhere, policy)?;
    compare(report, &base, revision);
    Ok(())
}
