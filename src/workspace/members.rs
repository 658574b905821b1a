//! Finds a workspace's manifests without cargo: for locks read alone, and where cargo refuses.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::Manifest;

/// The folder of the workspace that a manifest belongs to: its own, or the nearest above it that
/// has a `[workspace]` naming it.
pub fn workspace_root(manifest: &Utf8Path) -> Utf8PathBuf {
    let own = manifest.parent().unwrap_or(manifest).to_owned();
    for folder in own.ancestors() {
        let path = folder.join("Cargo.toml");
        let Ok(candidate) = Manifest::read(&path) else {
            continue;
        };
        let path = own.join("Cargo.toml");
        let names_it = || manifests(folder).iter().any(|member| member.path == path);
        if candidate.workspace && (folder == own || names_it()) {
            return folder.to_owned();
        }
    }
    own
}

/// The nearest folder, the given one or above it, that is a repository.
pub fn repository(folder: &Utf8Path) -> Option<&Utf8Path> {
    let mut folders = folder.ancestors();
    folders.find(|folder| folder.join(".git").exists())
}

/// Manifests of a workspace: the root's, those its `members` match, and path dependencies below
/// the root, which cargo counts as members too. Those that cannot be read are left out.
pub fn manifests(root: &Utf8Path) -> Vec<Manifest> {
    let Ok(manifest) = Manifest::read(&root.join("Cargo.toml")) else {
        return Vec::new();
    };
    let excluded = manifest.exclude.clone();
    let excluded = |path: &Utf8Path| excluded.iter().any(|x| path.starts_with(root.join(x)));
    let patterns = manifest.members.iter();
    let mut next: Vec<Utf8PathBuf> = patterns
        .flat_map(|pattern| matches(root, pattern))
        .collect();
    next.extend(path_dependencies(&manifest, root));
    let mut seen = BTreeSet::from([manifest.path.clone()]);
    let mut found = vec![manifest];
    while !next.is_empty() {
        let paths: Vec<Utf8PathBuf> = next
            .iter()
            .filter(|folder| !excluded(folder))
            .map(|folder| folder.join("Cargo.toml"))
            .filter(|path| seen.insert(path.clone()))
            .collect();
        let wave: Vec<Manifest> = paths
            .par_iter()
            .filter_map(|path| Manifest::read(path).ok())
            .collect();
        next = wave
            .iter()
            .flat_map(|member| path_dependencies(member, root))
            .collect();
        found.extend(wave);
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Folders below the root that a manifest depends on by path.
fn path_dependencies(manifest: &Manifest, root: &Utf8Path) -> Vec<Utf8PathBuf> {
    let folder = manifest.path.parent().unwrap_or(root);
    let declared = manifest
        .dependencies
        .iter()
        .chain(&manifest.workspace_dependencies);
    declared
        .filter_map(|dependency| dependency.path.as_deref())
        .map(|relative| normal(&folder.join(relative)))
        .filter(|folder| folder.starts_with(root))
        .collect()
}

/// `a/b/../c` as `a/c`, by text alone.
fn normal(path: &Utf8Path) -> Utf8PathBuf {
    let mut out = Utf8PathBuf::new();
    for part in path.components() {
        match part {
            camino::Utf8Component::ParentDir => {
                out.pop();
            }
            camino::Utf8Component::CurDir => {}
            part => out.push(part),
        }
    }
    out
}

/// Folders that a member pattern matches. `*` and `?` stand within one segment, `**` for any number.
fn matches(root: &Utf8Path, pattern: &str) -> Vec<Utf8PathBuf> {
    let mut folders = vec![root.to_owned()];
    for segment in pattern.split('/').filter(|s| !s.is_empty() && *s != ".") {
        folders = folders
            .iter()
            .flat_map(|folder| step(folder, segment))
            .collect();
    }
    folders
}

fn step(folder: &Utf8Path, segment: &str) -> Vec<Utf8PathBuf> {
    if !segment.contains(['*', '?', '[']) {
        return vec![normal(&folder.join(segment))];
    }
    let mut found = Vec::new();
    let mut below: Vec<_> = folder
        .read_dir_utf8()
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.path().to_owned())
        .collect();
    below.sort();
    if segment == "**" {
        found.push(folder.to_owned());
        for path in below
            .iter()
            .filter(|path| path.file_name() != Some("target"))
        {
            found.extend(step(path, segment));
        }
        return found;
    }
    found.extend(
        below
            .into_iter()
            .filter(|path| path.file_name().is_some_and(|name| wildcard(segment, name))),
    );
    found
}

/// Matches a name against a pattern of `*` and `?`.
fn wildcard(pattern: &str, name: &str) -> bool {
    let mut rest = name;
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '*' => {
                let tail = letters.as_str();
                return rest
                    .char_indices()
                    .map(|(at, _)| &rest[at..])
                    .chain([""])
                    .any(|candidate| wildcard(tail, candidate));
            }
            letter => {
                let mut characters = rest.chars();
                match characters.next() {
                    Some(found) if letter == '?' || found == letter => rest = characters.as_str(),
                    Some(_) | None => return false,
                }
            }
        }
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::wildcard;

    #[test]
    fn wildcards() {
        for (pattern, name, expected) in [
            ("*", "abc", true),
            ("a*", "abc", true),
            ("a*c", "abbc", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*-lib", "my-lib", true),
            ("*-lib", "my-bin", false),
            ("", "", true),
        ] {
            assert_eq!(wildcard(pattern, name), expected, "{pattern} {name}");
        }
    }
}
