//! Answers from the lockfile alone: as asked, and where it suffices.

use camino::{Utf8Path, Utf8PathBuf};

use crate::policy::Policy;
use crate::report::Report;
use crate::rules::Rules;
use crate::skew::locked;
use crate::sources::feeding;
use crate::workspace::build::platform;
use crate::workspace::cargo::find_manifest;
use crate::workspace::members;
use crate::workspace::{Lock, Manifest, WorkspaceError};

use super::args::Common;

/// `--lock-only [PATH]`: the named lockfile, a folder's, or that of the workspace.
///
/// # Errors
/// Where it is not there or cannot be read.
pub fn lock_only(common: &Common, path: &Utf8Path) -> Result<Report, WorkspaceError> {
    let path: Utf8PathBuf = if path.as_str().is_empty() {
        let manifest = find_manifest(common.manifest_path.as_deref())?;
        members::workspace_root(&manifest).join("Cargo.lock")
    } else if path.is_dir() {
        path.join("Cargo.lock")
    } else {
        path.to_owned()
    };
    let lock = Lock::read(&path)?;
    let root = path.parent().unwrap_or(&path).to_owned();
    Ok(locked::lock_only(&lock, &root, Rules::shipped()))
}

/// The answer from a lock that is current and can hold no skew; none where cargo must be asked.
///
/// # Errors
/// Where a lock is there and cannot be read.
pub fn fast_path(
    common: &Common,
    policy: Option<&Policy>,
) -> Result<Option<Report>, WorkspaceError> {
    let manifest = find_manifest(common.manifest_path.as_deref())?;
    for triple in &common.target {
        let _known = platform(triple)?;
    }
    // A manifest that cannot be read is told by the full analysis.
    if Manifest::read(&manifest).is_err() {
        return Ok(None);
    }
    let root = members::workspace_root(&manifest);
    let path = root.join("Cargo.lock");
    if !path.is_file() {
        return Ok(None);
    }
    // Neither takes long, and there is more than one core nearly everywhere.
    let (lock, manifests) = rayon::join(|| Lock::read(&path), || members::manifests(&root));
    let lock = lock?;
    if !locked::answers(&lock, Rules::shipped()) {
        return Ok(None);
    }
    let target = policy.and_then(|policy| policy.target_line);
    if target.is_some_and(|target| !locked::is_on(&lock, Rules::shipped(), target)) {
        return Ok(None);
    }
    let newer = |manifest: &Manifest| match (modified(&manifest.path), modified(&path)) {
        (Some(manifest), Some(lock)) => manifest > lock,
        _ => true,
    };
    if manifests.is_empty() || manifests.iter().any(newer) {
        return Ok(None);
    }
    // What is not there to be judged is told by the full analysis.
    let names = |spec: &String| manifests.iter().any(|m| m.package.as_ref() == Some(spec));
    if !common.package.iter().chain(&common.exclude).all(names) {
        return Ok(None);
    }
    let complete = locked::covers(&lock, &manifests)
        && locked::all_inherited(&manifests, Rules::shipped())
        && !feeding::may_be_missing(&manifests, &lock, Rules::shipped());
    Ok(complete.then(|| locked::clean(&lock, &root)))
}

/// In whole seconds: a fresh checkout writes its files within moments of each other, in no order
/// that means anything, and what the lock covers is compared by content all the same.
fn modified(path: &Utf8Path) -> Option<u64> {
    let time = std::fs::metadata(path).ok()?.modified().ok()?;
    let since = time.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(since.as_secs())
}
