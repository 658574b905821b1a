//! The stored real cases, which stand beside the repository and not in it.

use camino::{Utf8Path, Utf8PathBuf};

/// The folder of the stored cases: `OTEL_CHECK_SHARED`, else `../shared` beside the repository or
/// beside the main working tree of this one.
pub fn shared_dir() -> Option<Utf8PathBuf> {
    if let Ok(named) = std::env::var("OTEL_CHECK_SHARED") {
        let named = Utf8PathBuf::from(named);
        assert!(named.is_dir(), "OTEL_CHECK_SHARED names no folder: {named}");
        return Some(named);
    }
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut beside = vec![root.join("../shared")];
    beside.extend(main_tree(root).map(|tree| tree.join("../shared")));
    beside.into_iter().find(|folder| folder.is_dir())
}

/// The main working tree, where this one was added with `git worktree`.
fn main_tree(root: &Utf8Path) -> Option<Utf8PathBuf> {
    let text = std::fs::read_to_string(root.join(".git")).ok()?;
    let folder = Utf8PathBuf::from(text.strip_prefix("gitdir:")?.trim());
    let git = folder.ancestors().find(|path| path.ends_with(".git"))?;
    git.parent().map(Utf8Path::to_owned)
}

/// The names of the `.json` files in a folder, without the ending, in order.
pub fn cases(folder: &Utf8Path) -> Vec<String> {
    let mut names: Vec<String> = folder
        .read_dir_utf8()
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_owned())
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .collect();
    names.sort();
    names
}
