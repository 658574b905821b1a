//! Index entries: one JSON object a line, one line a release, and the form in which cargo caches
//! them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use semver::{Version, VersionReq};
use serde::Deserialize;
use serde::de::IgnoredAny;
use tame_index::index::cache::{CURRENT_CACHE_VERSION, INDEX_V_MAX, Revision, ValidCacheEntry};

use super::{DepKind, RegistryId, Release, ReleaseDep};

/// A parsed entry.
#[derive(Debug, Default)]
pub(super) struct Entry<'a> {
    /// In ascending order of versions.
    pub releases: Vec<Release>,
    /// Releases that are well-formed but of a form that is not understood, which cargo leaves out
    /// as well.
    pub skipped: usize,
    /// Each understood release's version and line, in the order of the index.
    lines: Vec<(Version, &'a [u8])>,
}

/// Why a text is no index entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum EntryError {
    #[error("line {line} is not JSON")]
    NotJson { line: usize },
    #[error("line {line} speaks of another crate, `{name}`")]
    OtherCrate { line: usize, name: String },
    #[error("it holds no release")]
    Empty,
    #[error("it is no cache entry of a known form")]
    NotCache,
}

/// Reads what a sparse index serves, or a file of a local registry.
pub(super) fn parse<'a>(text: &'a [u8], name: &str) -> Result<Entry<'a>, EntryError> {
    parse_lines(text.split(|&byte| byte == b'\n'), name)
}

/// Reads a file of cargo's cache; also gives its revision, as cargo wrote it.
pub(super) fn parse_cached<'a>(
    bytes: &'a [u8],
    name: &str,
) -> Result<(Entry<'a>, String), EntryError> {
    let cached = ValidCacheEntry::read(bytes).map_err(|_| EntryError::NotCache)?;
    let mut revision = Vec::new();
    match &cached.revision {
        Revision::Unknown => {}
        known => {
            known
                .write(&mut revision)
                .map_err(|_| EntryError::NotCache)?;
        }
    }
    let revision = String::from_utf8(revision).map_err(|_| EntryError::NotCache)?;
    let fields: Vec<&[u8]> = cached
        .version_entries
        .strip_suffix(b"\0")
        .ok_or(EntryError::NotCache)?
        .split(|&byte| byte == 0)
        .collect();
    // Version and JSON in turn; half a pair is a file that was cut off.
    if !fields.len().is_multiple_of(2) {
        return Err(EntryError::NotCache);
    }
    let lines = fields.chunks_exact(2).map(|pair| pair[1]);
    Ok((parse_lines(lines, name)?, revision))
}

impl Entry<'_> {
    /// The entry as cargo caches it, with the revision `etag: …`, `last-modified: …` or none. None
    /// where cargo would write something else, since a release was not understood.
    pub fn to_cached(&self, revision: &str) -> Option<Vec<u8>> {
        let revision = if revision.is_empty() {
            "Unknown"
        } else {
            revision
        };
        if self.skipped > 0 || revision.contains('\0') {
            return None;
        }
        let mut out = vec![CURRENT_CACHE_VERSION];
        out.extend(INDEX_V_MAX.to_le_bytes());
        out.extend(revision.as_bytes());
        out.push(0);
        for (version, line) in &self.lines {
            out.extend(version.to_string().as_bytes());
            out.push(0);
            out.extend(*line);
            out.push(0);
        }
        Some(out)
    }
}

fn parse_lines<'a>(
    lines: impl Iterator<Item = &'a [u8]>,
    name: &str,
) -> Result<Entry<'a>, EntryError> {
    let mut entry = Entry::default();
    // The later line counts where a version stands twice, as for cargo.
    let mut by_version: BTreeMap<Version, Release> = BTreeMap::new();
    for (index, line) in lines.enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let number = index + 1;
        let parsed: Result<Line, _> = serde_json::from_slice(line);
        match parsed {
            Ok(parsed) if !same_crate(&parsed.name, name) => {
                return Err(EntryError::OtherCrate {
                    line: number,
                    name: parsed.name.into_owned(),
                });
            }
            Ok(parsed) => match release(parsed) {
                Some(release) => {
                    entry.lines.push((release.version.clone(), line));
                    by_version.insert(release.version.clone(), release);
                }
                None => entry.skipped += 1,
            },
            // Well-formed, but of a form that a later cargo may have introduced.
            Err(_) if serde_json::from_slice::<IgnoredAny>(line).is_ok() => entry.skipped += 1,
            Err(_) => return Err(EntryError::NotJson { line: number }),
        }
    }
    if by_version.is_empty() {
        return Err(EntryError::Empty);
    }
    entry.releases = by_version.into_values().collect();
    Ok(entry)
}

/// Whether two spellings name one crate; a registry has at most one of them.
fn same_crate(one: &str, other: &str) -> bool {
    one.len() == other.len()
        && one.bytes().zip(other.bytes()).all(|(a, b)| {
            let plain = |byte: u8| match byte {
                b'_' => b'-',
                other => other.to_ascii_lowercase(),
            };
            plain(a) == plain(b)
        })
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    vers: Version,
    deps: Vec<DepLine>,
    #[serde(default)]
    features: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    features2: Option<BTreeMap<String, Vec<String>>>,
    #[serde(default)]
    yanked: Option<bool>,
    #[serde(default)]
    rust_version: Option<String>,
    #[serde(default)]
    pubtime: Option<String>,
    #[serde(default)]
    v: Option<u32>,
}

#[derive(Deserialize)]
struct DepLine {
    name: String,
    req: String,
    #[serde(default)]
    features: Vec<String>,
    #[serde(default)]
    optional: bool,
    #[serde(default = "yes")]
    default_features: bool,
    #[serde(default)]
    target: Option<String>,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    registry: Option<String>,
    #[serde(default)]
    package: Option<String>,
}

fn yes() -> bool {
    true
}

/// None where cargo would not offer the release to its resolver.
fn release(line: Line<'_>) -> Option<Release> {
    if line.v.unwrap_or(1) > INDEX_V_MAX {
        return None;
    }
    let mut features = line.features;
    for (feature, more) in line.features2.unwrap_or_default() {
        features.entry(feature).or_default().extend(more);
    }
    Some(Release {
        version: line.vers,
        yanked: line.yanked.unwrap_or(false),
        rust_version: line.rust_version,
        published: line.pubtime.and_then(|time| time.parse().ok()),
        dependencies: line
            .deps
            .into_iter()
            .map(dependency)
            .collect::<Option<_>>()?,
        features,
    })
}

fn dependency(line: DepLine) -> Option<ReleaseDep> {
    let (name, rename) = match line.package {
        Some(package) => (package, Some(line.name)),
        None => (line.name, None),
    };
    Some(ReleaseDep {
        name,
        rename,
        req: VersionReq::parse(&line.req).ok()?,
        kind: match line.kind.as_deref() {
            Some("dev") => DepKind::Dev,
            Some("build") => DepKind::Build,
            _ => DepKind::Normal,
        },
        optional: line.optional,
        default_features: line.default_features,
        // Old releases hold empty names, which mean nothing.
        features: line
            .features
            .into_iter()
            .filter(|f| !f.is_empty())
            .collect(),
        target: line.target,
        registry: line.registry.as_deref().map(RegistryId::from_index),
    })
}

#[cfg(test)]
mod tests;
