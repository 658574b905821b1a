//! From which folder paths are shown.

use camino::Utf8PathBuf;

use crate::report::place::View;
use crate::workspace::cargo::find_manifest;
use crate::workspace::members::{repository, workspace_root};

use super::args::{Check, Common};

/// Paths as seen from the root of the repository, or from the current folder. What cannot be found
/// leaves them as seen from the workspace root.
pub fn view(common: &Common, check: &Check, from_here: bool) -> View {
    let Some(root) = root(common, check).and_then(|root| root.canonicalize_utf8().ok()) else {
        return View::default();
    };
    let here =
        || Utf8PathBuf::from_path_buf(std::env::current_dir().ok()?.canonicalize().ok()?).ok();
    let base = match from_here {
        true => here(),
        false => repository(&root).map(ToOwned::to_owned),
    };
    match base {
        Some(base) => View::new(root, base),
        None => View::default(),
    }
}

/// The folder from which the report's paths start; none for saved metadata, which has none here.
fn root(common: &Common, check: &Check) -> Option<Utf8PathBuf> {
    if common.metadata_path.is_some() {
        return None;
    }
    let lock = check.lock_only.as_deref();
    if let Some(path) = lock.filter(|path| !path.as_str().is_empty()) {
        let folder = match path.is_dir() {
            true => Some(path),
            false => path.parent(),
        };
        return folder.map(|folder| Utf8PathBuf::from(".").join(folder));
    }
    let manifest = find_manifest(common.manifest_path.as_deref()).ok()?;
    Some(workspace_root(&manifest))
}
