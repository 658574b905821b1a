//! Reads `Cargo.lock`.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use semver::Version;
use serde::Deserialize;

use super::WorkspaceError;
use super::manifest::{position, read};

/// The newest lockfile format known.
const NEWEST: i64 = 4;

/// A lockfile.
#[derive(Debug, Clone)]
pub struct Lock {
    pub path: Utf8PathBuf,
    pub packages: Vec<LockedPackage>,
}

/// One `[[package]]` of a lockfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedPackage {
    pub name: String,
    pub version: Version,
    /// None for members and path dependencies.
    pub source: Option<String>,
    /// As written: `name`, `name version` or `name version (source)`.
    pub dependencies: Vec<String>,
    /// Line of its name in the lockfile, from 1.
    pub line: usize,
}

#[derive(Deserialize)]
struct Raw<'a> {
    version: Option<i64>,
    #[serde(default, borrow)]
    package: Vec<RawPackage<'a>>,
    /// Of the second format's ancestor: the root package stood apart.
    #[serde(default, borrow)]
    root: Option<RawPackage<'a>>,
}

#[derive(Deserialize)]
struct RawPackage<'a> {
    #[serde(borrow)]
    name: toml::Spanned<std::borrow::Cow<'a, str>>,
    version: toml::Spanned<std::borrow::Cow<'a, str>>,
    source: Option<std::borrow::Cow<'a, str>>,
    #[serde(default)]
    dependencies: Vec<std::borrow::Cow<'a, str>>,
    /// Where the text begins that the spans count from.
    #[serde(skip)]
    start: usize,
}

impl Lock {
    /// Reads a lockfile.
    ///
    /// # Errors
    /// Where it cannot be read or parsed, or is of a format newer than this program.
    pub fn read(path: &Utf8Path) -> Result<Self, WorkspaceError> {
        Self::parse(path, &read(path)?)
    }

    /// Parses the text of a lockfile.
    ///
    /// # Errors
    /// As [`Lock::read`].
    pub fn parse(path: &Utf8Path, text: &str) -> Result<Self, WorkspaceError> {
        let fail = |offset: usize, message: String| {
            let (line, column) = position(text, offset);
            WorkspaceError::Lock {
                path: path.to_owned(),
                line,
                column,
                message,
            }
        };
        // The version first: a newer format may not fit the rest at all.
        if let Some(version) = declared_version(text)
            && version > NEWEST
        {
            return Err(WorkspaceError::LockVersion {
                path: path.to_owned(),
                version,
                known: NEWEST,
            });
        }
        let raw = match in_parts(text) {
            Some(raw) => raw,
            // What is wrong is said of the whole.
            None => toml::from_str(text).map_err(|error| {
                let offset = error.span().map_or(0, |span| span.start);
                fail(offset, error.message().to_owned())
            })?,
        };
        if let Some(version) = raw.version.filter(|version| *version > NEWEST) {
            return Err(WorkspaceError::LockVersion {
                path: path.to_owned(),
                version,
                known: NEWEST,
            });
        }
        let mut lines = LineCounter::new(text);
        let mut packages = Vec::with_capacity(raw.package.len() + 1);
        for package in raw.package.into_iter().chain(raw.root) {
            let offset = package.start + package.name.span().start;
            let version = Version::parse(package.version.get_ref()).map_err(|error| {
                let message = format!("the version of a package is none: {error}");
                fail(package.start + package.version.span().start, message)
            })?;
            packages.push(LockedPackage {
                name: package.name.into_inner().into_owned(),
                version,
                source: package.source.map(Into::into),
                dependencies: package.dependencies.into_iter().map(Into::into).collect(),
                line: lines.at(offset),
            });
        }
        Ok(Self {
            path: path.to_owned(),
            packages,
        })
    }

    /// Entries of one name.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a LockedPackage> {
        self.packages
            .iter()
            .filter(move |package| package.name == name)
    }

    /// By package: the places of those that it depends on.
    pub fn behind(&self) -> Vec<Vec<usize>> {
        let all = self.packages.iter();
        all.map(|entry| entry.dependency_places(self).collect())
            .collect()
    }
}

impl Lock {
    /// Places in [`Lock::packages`] of those that `matters` and of all from which one of them can be
    /// reached.
    pub fn that_reach(&self, matters: impl Fn(&str) -> bool) -> BTreeSet<usize> {
        let mut dependants: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, behind) in self.behind().into_iter().enumerate() {
            for dependency in behind {
                dependants.entry(dependency).or_default().push(at);
            }
        }
        let all = self.packages.iter().enumerate();
        let mut queue: Vec<usize> = all
            .filter(|(_, entry)| matters(&entry.name))
            .map(|(at, _)| at)
            .collect();
        let mut found: BTreeSet<usize> = queue.iter().copied().collect();
        while let Some(at) = queue.pop() {
            for &dependant in dependants.get(&at).into_iter().flatten() {
                if found.insert(dependant) {
                    queue.push(dependant);
                }
            }
        }
        found
    }
}

impl LockedPackage {
    /// The packages of the lock that this one depends on.
    pub fn dependencies<'a>(&'a self, lock: &'a Lock) -> impl Iterator<Item = &'a LockedPackage> {
        let places = self.dependency_places(lock);
        places.filter_map(|at| lock.packages.get(at))
    }

    /// Their places in [`Lock::packages`].
    pub fn dependency_places<'a>(&'a self, lock: &'a Lock) -> impl Iterator<Item = usize> + 'a {
        self.dependencies.iter().filter_map(move |text| {
            let mut words = text.split(' ');
            let name = words.next()?;
            let version = words.next();
            let source = words.next().map(|s| s.trim_matches(['(', ')']));
            lock.packages.iter().position(|candidate| {
                candidate.name == name
                    && version.is_none_or(|version| candidate.version.to_string() == version)
                    && source.is_none_or(|source| candidate.source.as_deref() == Some(source))
            })
        })
    }
}

/// Parses a large lockfile in parts, side by side. Nothing where it is small, or a part is no TOML by
/// itself.
fn in_parts(text: &str) -> Option<Raw<'_>> {
    const PART: usize = 1 << 15;
    let mut starts = vec![0];
    while let Some(from) = starts.last().map(|start| start + PART)
        && let Some(rest) = text.as_bytes().get(from..)
        && let Some(at) = memchr::memmem::find(rest, b"\n[[package]]")
    {
        starts.push(from + at + 1);
    }
    if starts.len() == 1 {
        return None;
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let parts: Vec<(usize, usize)> = starts.iter().copied().zip(ends).collect();
    // A table that stands in two parts would be found twice only by who reads both.
    let other_tables = |(start, end): &&(usize, usize)| {
        let part = &text.as_bytes()[*start..*end];
        memchr::memmem::find_iter(part, b"\n[")
            .any(|at| !part[at + 1..].starts_with(b"[[package]]"))
    };
    if parts.iter().filter(other_tables).count() > 1 {
        return None;
    }
    let parsed: Vec<Raw<'_>> = parts
        .into_par_iter()
        .map(|(start, end)| {
            let mut raw: Raw<'_> = toml::from_str(text.get(start..end)?).ok()?;
            for package in raw.package.iter_mut().chain(&mut raw.root) {
                package.start = start;
            }
            Some(raw)
        })
        .collect::<Option<_>>()?;
    parsed.into_iter().reduce(|mut whole, mut part| {
        whole.version = whole.version.or(part.version);
        whole.root = whole.root.or(part.root);
        whole.package.append(&mut part.package);
        whole
    })
}

/// `version = N` at the top of the file, without parsing the rest.
fn declared_version(text: &str) -> Option<i64> {
    text.lines()
        .take_while(|line| !line.starts_with('['))
        .find_map(|line| line.strip_prefix("version")?.trim_start().strip_prefix('='))
        .and_then(|value| value.trim().parse().ok())
}

/// Line numbers for ascending offsets, in one pass.
struct LineCounter<'a> {
    text: &'a [u8],
    offset: usize,
    line: usize,
}

impl<'a> LineCounter<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text: text.as_bytes(),
            offset: 0,
            line: 1,
        }
    }

    fn at(&mut self, offset: usize) -> usize {
        if offset < self.offset {
            self.offset = 0;
            self.line = 1;
        }
        self.line += memchr::memchr_iter(b'\n', &self.text[self.offset..offset]).count();
        self.offset = offset;
        self.line
    }
}
