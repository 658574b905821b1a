//! What is known of a workspace before anything is planned: who uses which line, and to what effect.

use std::collections::{BTreeMap, BTreeSet};

use semver::Version;

use crate::matrix::{InUse, Matrix, matrix};
use crate::registry::{Index, IndexError};
use crate::report::{Finding, Level, Liveness, Report, Verdict};
use crate::rules::{Family, Role};
use crate::skew::artifact::LinkUnit;
use crate::skew::family::FamilyGraph;
use crate::skew::in_use::in_use;
use crate::skew::{self, Line};
use crate::workspace::requirement::lowest;
use crate::workspace::{Packages, Workspace, WorkspaceError};

use super::local::{Requirement, Tree};
use super::prove::Requests;
use super::search::{Toolchains, reaching};

/// A workspace as plans see it.
pub struct Facts {
    /// What is warned of today.
    pub warned: BTreeSet<Subject>,
    pub matrix: Matrix,
    /// The line of which providers are installed, or that an SDK or exporter is asked for.
    pub live: Option<Line>,
    /// Lines that are linked, or asked for where nothing could be resolved; the live one first.
    pub lines: Vec<Line>,
    /// Packages of the tree behind artifacts that a second line harms.
    pub affected: BTreeSet<String>,
    pub used: Option<BTreeMap<(String, Version), BTreeSet<String>>>,
    pub harmless: BTreeSet<(String, Version, Line)>,
    pub reaching: BTreeSet<String>,
    pub toolchains: Toolchains,
    pub crates: Vec<InUse>,
}

/// Why the facts could not be had.
#[derive(Debug, thiserror::Error)]
pub enum FactsError {
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl Facts {
    /// Of a workspace that cargo resolves, with its report.
    ///
    /// # Errors
    /// Where the index fails.
    pub fn resolved(
        family: &Family,
        index: &dyn Index,
        tree: &Tree,
        workspace: &Workspace,
        report: &Report,
        request: Requests<'_>,
    ) -> Result<Self, FactsError> {
        let packages = Packages::new(&workspace.graph);
        let graph = FamilyGraph::new(family, &packages);
        let units = skew::units(workspace, &packages, &graph, &request(workspace)?)?;
        let crates = in_use(&packages, family, &graph, &units);
        let matrix = matrix(family, &crates, index)?;
        let rows = || report.artifacts.iter().filter(|row| row.class.is_shipped());
        let harmed = |verdict: Option<Verdict>| verdict.is_some_and(|v| v <= Verdict::TypeClash);
        let affected: BTreeSet<String> = rows()
            .filter(|row| harmed(row.verdict))
            .map(|row| row.package.clone())
            .collect();
        let mut weights: BTreeMap<Line, (usize, usize)> = BTreeMap::new();
        for row in rows().filter(|row| affected.is_empty() || affected.contains(&row.package)) {
            for line in &row.lines {
                let Ok(name) = line.line.parse() else {
                    continue;
                };
                let weight = weights.entry(name).or_default();
                match line.live {
                    Liveness::Set => weight.0 += 1,
                    Liveness::Assumed => weight.1 += 1,
                    Liveness::Dead | Liveness::Unknown => {}
                }
            }
        }
        Ok(Self {
            warned: warned(report).map(|(subject, _)| subject).collect(),
            live: liveliest(&weights),
            lines: ordered(&weights),
            affected,
            used: Some(given(&packages, family, &graph, &units)),
            harmless: harmless(report),
            reaching: reaching(&tree.lock, |name| family.is_anchor(name)),
            toolchains: tree.toolchains(),
            matrix,
            crates,
        })
    }

    /// Of one that cargo does not resolve: what its requirements ask for.
    ///
    /// # Errors
    /// Where the index fails.
    pub fn declared(
        family: &Family,
        index: &dyn Index,
        tree: &Tree,
        requirements: &[Requirement],
    ) -> Result<Self, FactsError> {
        let mut crates = Vec::new();
        let mut weights: BTreeMap<Line, (usize, usize)> = BTreeMap::new();
        for requirement in requirements {
            let Some(registry) = requirement.registry.clone() else {
                continue;
            };
            if !family.knows(&requirement.package) {
                continue;
            }
            let releases = match index.releases(&registry, &requirement.package) {
                Ok(releases) => releases,
                Err(error) if error.is_absence() => continue,
                Err(error) => return Err(error.into()),
            };
            let mut newest = releases
                .iter()
                .rev()
                .filter(|release| release.is_eligible());
            let Some(release) = newest.find(|one| requirement.req.matches(&one.version)) else {
                continue;
            };
            let rule = family.crate_rule(&requirement.package, &release.version);
            let line = match family.is_anchor(&requirement.package) {
                true => Some(Line::of(&release.version)),
                false => release
                    .dependencies
                    .iter()
                    .find(|dep| family.is_anchor(&dep.name))
                    .and_then(|dep| base(&dep.req)),
            };
            if let Some(line) = line {
                let weight = weights.entry(line).or_default();
                let builds = rule.is_some_and(|rule| rule.is_sdk() || rule.role == Role::Exporter);
                weight.1 += usize::from(builds);
            }
            crates.push(InUse {
                name: requirement.package.clone(),
                version: release.version.clone(),
                package_id: String::new(),
                registry: Some(registry),
                lines: line.into_iter().collect(),
                features: requirement.chosen(),
            });
        }
        Ok(Self {
            warned: BTreeSet::new(),
            matrix: matrix(family, &crates, index)?,
            live: liveliest(&weights),
            lines: ordered(&weights),
            affected: tree.packages().map(str::to_owned).collect(),
            used: None,
            harmless: BTreeSet::new(),
            reaching: reaching(&tree.lock, |name| family.is_anchor(name)),
            toolchains: tree.toolchains(),
            crates,
        })
    }
}

/// What a warning is about: its code, the artifact, the package's name.
pub type Subject = (String, Option<String>, Option<String>);

/// The warnings of a report with what each is about.
pub fn warned(report: &Report) -> impl Iterator<Item = (Subject, &Finding)> {
    let warnings = report.findings.iter();
    let warnings = warnings.filter(|finding| finding.level == Level::Warn);
    warnings.map(|finding| {
        let package = finding.introducer.as_deref().and_then(package);
        let name = package.map(|(name, _)| name);
        let subject = (finding.code.clone(), finding.artifact.clone(), name);
        (subject, finding)
    })
}

/// The line of the lowest version that a requirement admits.
fn base(req: &semver::VersionReq) -> Option<Line> {
    lowest(req).map(|version| Line::of(&version))
}

fn liveliest(weights: &BTreeMap<Line, (usize, usize)>) -> Option<Line> {
    let alive = weights.iter().filter(|(_, weight)| **weight != (0, 0));
    alive
        .max_by_key(|(line, weight)| (**weight, **line))
        .map(|(line, _)| *line)
}

fn ordered(weights: &BTreeMap<Line, (usize, usize)>) -> Vec<Line> {
    let live = liveliest(weights);
    let mut lines: Vec<Line> = weights.keys().copied().collect();
    lines.sort_by_key(|line| (Some(*line) != live, std::cmp::Reverse(*line)));
    lines
}

/// Features that builds give the packages of others that lead to the family, at whatever remove.
fn given(
    packages: &Packages<'_>,
    family: &Family,
    graph: &FamilyGraph<'_>,
    units: &[LinkUnit<'_>],
) -> BTreeMap<(String, Version), BTreeSet<String>> {
    let mut given: BTreeMap<(String, Version), BTreeSet<String>> = BTreeMap::new();
    let others = packages.iter().filter(|(_, one)| !one.in_workspace());
    let concerned =
        others.filter(|(number, one)| graph.is_concerned(*number) || family.knows(one.name()));
    for (number, package) in concerned {
        for unit in units.iter().filter(|unit| unit.closure.contains(number)) {
            let key = (package.name().to_owned(), package.version().clone());
            let features = given.entry(key).or_default();
            features.extend(unit.links.features(package.id()));
        }
    }
    given
}

/// Introducers of which no artifact suffers.
fn harmless(report: &Report) -> BTreeSet<(String, Version, Line)> {
    let mut worst: BTreeMap<(String, Version, Line), Verdict> = BTreeMap::new();
    for finding in &report.findings {
        let (Some(verdict), Some(introducer), Some(line)) =
            (finding.verdict, &finding.introducer, &finding.line)
        else {
            continue;
        };
        let (Some((name, version)), Ok(line)) = (package(introducer), line.parse()) else {
            continue;
        };
        let known = worst.entry((name, version, line)).or_insert(verdict);
        *known = (*known).min(verdict);
    }
    let harmless = |verdict: &Verdict| match verdict {
        Verdict::Latent | Verdict::Confined | Verdict::Benign => true,
        Verdict::Unresolvable
        | Verdict::Lost
        | Verdict::Split
        | Verdict::TypeClash
        | Verdict::Unknown => false,
    };
    worst.retain(|_, verdict| harmless(verdict));
    let at_home = at_home(report);
    worst
        .into_keys()
        .filter(|one| !at_home.contains(one))
        .collect()
}

/// Introducers of lines that are no second ones where they are linked.
fn at_home(report: &Report) -> BTreeSet<(String, Version, Line)> {
    let second: BTreeSet<(&str, &str)> = report
        .findings
        .iter()
        .filter_map(|finding| Some((finding.artifact.as_deref()?, finding.line.as_deref()?)))
        .collect();
    let mut found = BTreeSet::new();
    for row in report.artifacts.iter().filter(|row| row.class.is_shipped()) {
        let home = row
            .lines
            .iter()
            .filter(|line| !second.contains(&(&*row.id, &*line.line)));
        for line in home {
            let Ok(parsed) = line.line.parse() else {
                continue;
            };
            let introducers = line.introducers.iter().filter_map(|label| package(label));
            found.extend(introducers.map(|(name, version)| (name, version, parsed)));
        }
    }
    found
}

/// Name and version of a label, `name@version` or `name@version (source)`.
pub fn package(label: &str) -> Option<(String, Version)> {
    let plain = label.split(' ').next()?;
    let (name, version) = plain.rsplit_once('@')?;
    Some((name.to_owned(), version.parse().ok()?))
}
