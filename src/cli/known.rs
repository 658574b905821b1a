//! What `check` leaves out since it is known: a baseline, or another revision.

use camino::Utf8Path;

use crate::baseline::{Baseline, compare};
use crate::policy::Policy;
use crate::report::Report;
use crate::workspace::cargo::find_manifest;
use crate::workspace::members::workspace_root;
use crate::workspace::revision::{Revision, RevisionError};

use super::args::{Check, Common};
use super::output::CliError;
use super::places::Place;

/// What a baseline comes to in a run.
#[derive(Default)]
pub struct Baselined {
    /// The file as it is to be from now on.
    pub file: Option<(Place, String)>,
    /// What to say once it is written.
    pub message: Option<String>,
    /// Whether all findings of now are in it, so that none of them counts.
    pub anew: bool,
}

/// Lets pass what stands in the baseline, or what is to stand there from now on.
///
/// # Errors
/// Where the file cannot be read or understood.
pub fn baseline(report: &mut Report, check: &Check) -> Result<Baselined, CliError> {
    let Some(path) = &check.baseline else {
        return Ok(Baselined::default());
    };
    let counted = crate::report::plain::counted;
    let file = |baseline: &Baseline| Some((Place::File(path.clone()), baseline.render()));
    if check.write_baseline {
        let baseline = Baseline::of(report);
        baseline.apply(report);
        let count = counted(baseline.len(), "finding");
        return Ok(Baselined {
            file: file(&baseline),
            message: Some(format!("{count} written to {path}")),
            anew: true,
        });
    }
    let baseline = read(path)?;
    let gone = baseline.apply(report);
    if !check.prune {
        // Beside another revision, only what has come is there to be found.
        if gone > 0 && check.base.is_none() {
            let count = counted(gone, "finding");
            report.notes.push(format!(
                "{count} of the baseline {path} no longer there; `--prune` takes out what is gone"
            ));
        }
        return Ok(Baselined::default());
    }
    let pruned = baseline.pruned(report);
    let count = counted(baseline.len() - pruned.len(), "finding");
    Ok(Baselined {
        file: file(&pruned).filter(|_| pruned != baseline),
        message: Some(format!("{count} taken out of {path}")),
        anew: false,
    })
}

fn read(path: &Utf8Path) -> Result<Baseline, CliError> {
    let help = || format!("`cargo otel-check check --baseline {path} --write-baseline` writes it");
    let failed = |why: &str| CliError::Other {
        message: format!("cannot read the baseline {path}: {why}"),
        help: help(),
    };
    let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => failed("it is not UTF-8"),
        _ => failed(&error.to_string()),
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
