//! Which release of which crate is read for a line: what the registry index says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use otel_check::registry::{DepKind, Index, RegistryId, Release, Timestamp};
use otel_check::rules::Family;
use otel_check::skew::Line;
use semver::Version;

use crate::Failure;
use crate::settings::Settings;

/// The release of a crate that is read for a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    pub krate: String,
    pub version: Version,
    /// Those to be switched on, in order.
    pub features: Vec<String>,
    /// Those that stay off.
    pub without: Vec<String>,
    /// Those that are on where nobody says anything.
    pub default: Vec<String>,
}

impl Chosen {
    /// By what name code speaks of the crate.
    pub fn code_name(&self) -> String {
        self.krate.replace('-', "_")
    }
}

/// The newest release of each crate for each line, in the order of the settings; where `held` names
/// one, that one.
pub fn choose(
    family: &Family,
    settings: &Settings,
    index: &dyn Index,
    held: &dyn Fn(&str, Line) -> Option<Version>,
) -> Result<BTreeMap<Line, Vec<Chosen>>, Failure> {
    let registry = RegistryId::default_registry();
    let names = settings.crates.iter().map(String::as_str);
    let anchors: BTreeSet<&str> = family
        .anchors()
        .map(|anchor| anchor.name.as_str())
        .collect();
    let all: BTreeSet<&str> = names.chain(anchors.iter().copied()).collect();
    let keys: Vec<_> = all
        .iter()
        .map(|name| (registry.clone(), (*name).to_owned()))
        .collect();
    index.prefetch(&keys);
    let mut anchored: BTreeMap<&str, Arc<[Release]>> = BTreeMap::new();
    for anchor in &anchors {
        anchored.insert(anchor, index.releases(&registry, anchor)?);
    }
    let lines = Lines::new(settings.first_line()?, &anchored);
    let mut chosen: BTreeMap<Line, Vec<Chosen>> = BTreeMap::new();
    for krate in &settings.crates {
        let mut newest: BTreeMap<Line, Release> = BTreeMap::new();
        for release in index.releases(&registry, krate)?.iter() {
            if !release.is_eligible() {
                continue;
            }
            if let Some(line) = lines.of(krate, release, &anchored)
                && held(krate, line).is_none_or(|version| version == release.version)
            {
                newest.insert(line, release.clone());
            }
        }
        for (line, release) in newest {
            let (without, features) = (features(&release).into_iter())
                .partition(|name| settings.leaves_out(krate, &release.version, name));
            chosen.entry(line).or_default().push(Chosen {
                krate: krate.clone(),
                default: by_default(&release),
                version: release.version,
                features,
                without,
            });
        }
    }
    Ok(chosen)
}

/// The lines to read, with the time from which on each was the newest.
struct Lines {
    since: BTreeMap<Line, Timestamp>,
}

impl Lines {
    fn new(first: Line, anchored: &BTreeMap<&str, Arc<[Release]>>) -> Self {
        let mut since: BTreeMap<Line, Timestamp> = BTreeMap::new();
        for release in anchored.values().flat_map(|releases| releases.iter()) {
            let line = Line::of(&release.version);
            if let (true, true, Some(at)) =
                (release.is_eligible(), line >= first, release.published)
            {
                let known = since.entry(line).or_insert(at);
                *known = at.min(*known);
            }
        }
        Lines { since }
    }

    /// The newest line that a release fits: an anchor its own, another crate that of its anchor. One
    /// without an anchor is for the line that was the newest when it came out; the crates of a line
    /// come out together, in any order, within a day.
    fn of(
        &self,
        krate: &str,
        release: &Release,
        anchored: &BTreeMap<&str, Arc<[Release]>>,
    ) -> Option<Line> {
        let known = |line: Line| self.since.contains_key(&line).then_some(line);
        if anchored.contains_key(krate) {
            return known(Line::of(&release.version));
        }
        let needed = release
            .dependencies
            .iter()
            .filter(|dep| dep.kind == DepKind::Normal);
        let mut anchor_needed = false;
        let mut newest = None;
        for dep in needed {
            let Some(releases) = anchored.get(dep.name.as_str()) else {
                continue;
            };
            anchor_needed = true;
            let fits = releases
                .iter()
                .filter(|one| one.is_eligible() && dep.req.matches(&one.version));
            newest = newest.max(fits.map(|one| Line::of(&one.version)).max());
        }
        if anchor_needed {
            return newest.and_then(known);
        }
        let published = release.published?;
        let before = (self.since.iter()).filter(|(_, since)| since.days_since(published) < 1);
        before.map(|(line, _)| *line).max()
    }
}

/// The features that a release has: declared ones, and optional dependencies that no feature speaks of
/// by `dep:`.
fn features(release: &Release) -> BTreeSet<String> {
    let spoken_of: BTreeSet<&str> = release
        .features
        .values()
        .flatten()
        .filter_map(|value| value.strip_prefix("dep:"))
        .collect();
    let implied = release
        .dependencies
        .iter()
        .filter(|dep| dep.optional && dep.kind != DepKind::Dev && !spoken_of.contains(dep.key()))
        .map(|dep| dep.key().to_owned());
    release.features.keys().cloned().chain(implied).collect()
}

/// What `default` switches on, directly or not, in order.
fn by_default(release: &Release) -> Vec<String> {
    let mut on = BTreeSet::new();
    let mut open = vec!["default"];
    while let Some(name) = open.pop() {
        let values = release.features.get(name).into_iter().flatten();
        for value in values {
            // A feature of a dependency switches the dependency on, unless it has a question mark.
            let own = match value.split_once('/') {
                Some((dependency, _)) if dependency.ends_with('?') => continue,
                Some((dependency, _)) => dependency,
                None => value.as_str(),
            };
            if !own.starts_with("dep:") && on.insert(own) {
                open.push(own);
            }
        }
    }
    let known = features(release);
    let names = on.into_iter().filter(|name| known.contains(*name));
    names.map(str::to_owned).collect()
}
