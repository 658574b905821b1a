//! One crate in use: its releases by line.

use std::collections::{BTreeMap, BTreeSet};

use semver::Version;

use crate::registry::{Index, IndexError, RegistryId, Release};
use crate::skew::Line;

use super::InUse;
use super::anchors::Anchors;
use super::model::{Cell, CellRelease, Companion, Use};
use super::needs::{Need, Needs, ReleaseNeeds};

/// The releases of a crate, by the line that they serve.
pub fn companion(
    name: &str,
    registry: Option<&RegistryId>,
    in_use: &[InUse],
    anchors: &Anchors,
    needs: &Needs<'_>,
    index: &dyn Index,
) -> Result<Companion, IndexError> {
    let mut companion = Companion {
        name: name.to_owned(),
        registry: registry.map(ToString::to_string),
        in_use: uses(name, registry, in_use),
        cells: Vec::new(),
        newest: None,
        free_since: None,
        latest: None,
        problem: None,
    };
    let Some(registry) = registry else {
        companion.problem =
            Some("comes from git or a path, so that no registry lists its releases".to_owned());
        return Ok(companion);
    };
    let releases = match index.releases(registry, name) {
        Ok(releases) => releases,
        Err(error) if error.is_absence() => {
            companion.problem = Some(error.to_string());
            return Ok(companion);
        }
        Err(error) => return Err(error),
    };
    let used: BTreeSet<&Version> = companion.in_use.iter().map(|one| &one.version).collect();
    let mut judged: Vec<(&Release, ReleaseNeeds)> = Vec::new();
    for release in releases.iter() {
        if release.is_eligible() || used.contains(&release.version) {
            judged.push((release, needs.of_release(registry, name, release)?));
        }
    }
    companion.cells = cells(&judged, anchors);
    companion.newest = companion
        .cells
        .iter()
        .rfind(|cell| cell.is_usable())
        .map(|cell| cell.line);
    companion.free_since = free_since(&judged);
    companion.latest = releases.iter().filter_map(|one| one.published).max();
    Ok(companion)
}

fn uses(name: &str, registry: Option<&RegistryId>, in_use: &[InUse]) -> Vec<Use> {
    let mut by_version: BTreeMap<&Version, BTreeSet<Line>> = BTreeMap::new();
    for package in in_use {
        if package.name == name && package.registry.as_ref() == registry {
            let lines = by_version.entry(&package.version).or_default();
            lines.extend(&package.lines);
        }
    }
    by_version
        .into_iter()
        .map(|(version, lines)| Use {
            version: version.clone(),
            lines: lines.into_iter().collect(),
        })
        .collect()
}

fn cells(judged: &[(&Release, ReleaseNeeds)], anchors: &Anchors) -> Vec<Cell> {
    let mut by_line: BTreeMap<Line, Vec<(&Release, CellRelease)>> = BTreeMap::new();
    for (release, needs) in judged {
        let lines: BTreeSet<Line> = all_needs(needs)
            .flat_map(|need| need.lines.iter().copied())
            .collect();
        for line in lines {
            by_line
                .entry(line)
                .or_default()
                .push((release, cell_release(release, needs, line)));
        }
    }
    by_line
        .into_iter()
        .map(|(line, releases)| {
            let first_published = releases
                .iter()
                .filter(|(_, cell)| !cell.conflicting)
                .filter_map(|(release, _)| release.published)
                .min();
            let line_published = anchors.lines().get(&line).and_then(|line| line.published);
            Cell {
                line,
                first_published,
                lag_days: first_published
                    .zip(line_published)
                    .map(|(first, line)| first.days_since(line).max(0)),
                releases: releases.into_iter().map(|(_, cell)| cell).collect(),
            }
        })
        .collect()
}

fn all_needs(needs: &ReleaseNeeds) -> impl Iterator<Item = &Need> {
    needs.always.iter().chain(needs.by_feature.values())
}

fn cell_release(release: &Release, needs: &ReleaseNeeds, line: Line) -> CellRelease {
    let serving = || all_needs(needs).filter(|need| need.lines.contains(&line));
    let features: Vec<String> = needs
        .by_feature
        .iter()
        .filter(|(_, need)| need.lines.contains(&line))
        .map(|(feature, _)| feature.clone())
        .collect();
    CellRelease {
        version: release.version.clone(),
        on_by_default: features
            .iter()
            .any(|feature| needs.by_default.contains(feature)),
        features,
        fresh: serving().any(|need| need.fresh == Some(line)),
        conflicting: serving().any(|need| need.conflicting),
        yanked: release.yanked,
    }
}

/// The release from which on none needs a line. A crate that needs none only in old releases, from
/// before it took the family up, does not fit every line.
fn free_since(judged: &[(&Release, ReleaseNeeds)]) -> Option<Version> {
    judged
        .iter()
        .rev()
        .filter(|(release, _)| release.is_eligible())
        .take_while(|(_, needs)| needs.is_free())
        .last()
        .map(|(release, _)| release.version.clone())
}
