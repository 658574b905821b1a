//! Cargo's answer about a workspace: its graph, with all features where they can be had, or a refusal.

use camino::Utf8Path;

use super::WorkspaceError;
use super::cargo::{Cargo, Metadata, Refusal};
use super::load::Completeness;
use super::resolve_error;

/// What cargo says of a workspace.
pub enum Answer {
    Graph {
        metadata: Metadata,
        completeness: Completeness,
    },
    Unresolvable(Refusal),
}

/// All features, else default features where only the network is missing.
///
/// # Errors
/// Where cargo fails for another reason.
pub fn metadata(cargo: &Cargo, manifest: &Utf8Path) -> Result<Answer, WorkspaceError> {
    let refusal = match cargo.metadata(manifest, true)? {
        Ok(metadata) => {
            return Ok(Answer::Graph {
                metadata,
                completeness: Completeness::Full,
            });
        }
        Err(refusal) => refusal,
    };
    if resolve_error::is_resolution_failure(&refusal.stderr) {
        return Ok(Answer::Unresolvable(refusal));
    }
    if !resolve_error::is_network_failure(&refusal.stderr) {
        return Err(failed(refusal));
    }
    match cargo.metadata(manifest, false)? {
        Ok(metadata) => Ok(Answer::Graph {
            metadata,
            completeness: partial(),
        }),
        Err(refusal) => Err(failed(refusal)),
    }
}

/// That cargo failed, in its own words.
pub fn failed(refusal: Refusal) -> WorkspaceError {
    WorkspaceError::Cargo {
        command: refusal.command,
        stderr: refusal.stderr.trim_end().to_owned(),
    }
}

/// Only default features could be had.
pub fn partial() -> Completeness {
    Completeness::Partial {
        reason: "packages that only other features need are not downloaded; \
                 `cargo fetch --locked` brings them"
            .into(),
    }
}
