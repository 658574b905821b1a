//! The workspace's policy, as commands need it.

use camino::Utf8PathBuf;

use crate::policy::{Policy, PolicyError};
use crate::skew::findings::lint;
use crate::workspace::cargo::find_manifest;
use crate::workspace::members::workspace_root;

use super::args::Common;
use super::output::CliError;

/// The policy of the workspace that the flags name; none for saved metadata, which has no folder.
///
/// # Errors
/// Where there are two, or one that cannot be read or understood.
pub fn policy(common: &Common) -> Result<Option<Policy>, CliError> {
    if common.metadata_path.is_some() {
        return Ok(None);
    }
    // A workspace that is not there is told by whoever loads it.
    let Ok(manifest) = find_manifest(common.manifest_path.as_deref()) else {
        return Ok(None);
    };
    of(workspace_root(&manifest))
}

/// The policy in a folder.
///
/// # Errors
/// As [`policy`].
pub fn of(root: Utf8PathBuf) -> Result<Option<Policy>, CliError> {
    let found = Policy::find(&root, &|code| lint(code).is_some());
    found.map_err(|error| CliError::Other {
        help: match &error {
            PolicyError::Two { .. } => "keep one of them".into(),
            PolicyError::Unreadable { .. } => {
                "see that it can be read, and is saved as UTF-8".into()
            }
            PolicyError::Mistakes(_) => "docs/policy.md says what may stand there".into(),
        },
        message: error.to_string(),
    })
}

/// Whether the flags leave the choice of builds to the policy, or to the usual ones.
pub fn judges_all(common: &Common) -> bool {
    let narrowed = common.workspace || common.all_features || common.no_default_features;
    let lists = [&common.package, &common.features, &common.target];
    !narrowed && lists.iter().all(|list| list.is_empty())
}
