//! Requirements wide enough for another line to come in by an update.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use semver::{Comparator, Op, VersionReq};

use crate::readiness::model::{EvidenceKind, Impact, Probability, RiskKind};
use crate::registry::{Index, RegistryId};
use crate::rules::Family;
use crate::skew::Line;
use crate::workspace::Manifest;
use crate::workspace::manifest::Declared;

use super::artifacts::linking;
use super::{Grounds, Risk, Saw};

/// A requirement on a crate of the family that admits several lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pin {
    /// Relative to the workspace's root.
    pub file: String,
    /// From 1.
    pub line: usize,
    pub package: String,
    /// As written.
    pub requirement: String,
}

/// The wide requirements of the manifests below a root, in the order of their places.
pub fn pins(
    root: &Utf8Path,
    manifests: &BTreeMap<Utf8PathBuf, Arc<str>>,
    family: &Family,
) -> Vec<Pin> {
    let mut pins = Vec::new();
    for (path, text) in manifests {
        let Ok(below) = path.strip_prefix(root) else {
            continue;
        };
        // A broken manifest is told by whoever loads the workspace.
        let Ok(manifest) = Manifest::parse(path, text.to_string()) else {
            continue;
        };
        let declared = manifest.dependencies.iter();
        for one in declared.chain(&manifest.workspace_dependencies) {
            if let Some(pin) = pin(&manifest, below, one, family) {
                pins.push(pin);
            }
        }
    }
    pins.sort();
    pins.dedup();
    pins
}

fn pin(manifest: &Manifest, file: &Utf8Path, one: &Declared, family: &Family) -> Option<Pin> {
    // Where there is a path or a repository beside it, that decides.
    if !family.knows(&one.package) || one.path.is_some() || one.git.is_some() {
        return None;
    }
    let requirement = one.requirement.clone()?;
    let req = VersionReq::parse(&requirement).ok()?;
    is_wide(&req).then(|| Pin {
        file: file.as_str().replace('\\', "/"),
        line: manifest.position(one).0,
        package: one.package.clone(),
        requirement,
    })
}

type Numbers = (u64, u64, u64);

/// Whether a requirement admits versions of two semver-compatible series, be they released or not.
/// Pre-releases are left aside.
pub fn is_wide(req: &VersionReq) -> bool {
    let mut low: Numbers = (0, 0, 0);
    let mut high: Option<Numbers> = None;
    for comparator in &req.comparators {
        let (from, to) = bounds(comparator);
        low = low.max(from);
        high = match (high, to) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    let end = match low {
        (0, 0, patch) => (0, 0, patch.saturating_add(1)),
        (0, minor, _) => (0, minor.saturating_add(1), 0),
        (major, _, _) => (major.saturating_add(1), 0, 0),
    };
    high.is_none_or(|high| high > end)
}

/// From which version on, and below which one.
fn bounds(one: &Comparator) -> (Numbers, Option<Numbers>) {
    let major = one.major;
    let from = (major, one.minor.unwrap_or(0), one.patch.unwrap_or(0));
    let next_major = (major.saturating_add(1), 0, 0);
    // Behind everything that begins with the numbers given.
    let behind = match (one.minor, one.patch) {
        (None, _) => next_major,
        (Some(minor), None) => (major, minor.saturating_add(1), 0),
        (Some(minor), Some(patch)) => (major, minor, patch.saturating_add(1)),
    };
    let minor_up = match one.minor {
        None => next_major,
        Some(minor) => (major, minor.saturating_add(1), 0),
    };
    match one.op {
        Op::Exact | Op::Wildcard => (from, Some(behind)),
        Op::Greater => (behind, None),
        Op::GreaterEq => (from, None),
        Op::Less => ((0, 0, 0), Some(from)),
        Op::LessEq => ((0, 0, 0), Some(behind)),
        Op::Tilde => (from, Some(minor_up)),
        Op::Caret => {
            let to = match (major, one.minor, one.patch) {
                (1.., _, _) | (0, None, _) => next_major,
                (0, Some(0), Some(_)) => behind,
                (0, Some(_), _) => minor_up,
            };
            (from, Some(to))
        }
        // What cargo does not know, nothing is said of.
        _ => (from, Some(from)),
    }
}

/// One risk for each wide requirement.
pub(super) fn risks(grounds: &Grounds<'_>) -> Vec<Risk> {
    let pins = pins(grounds.root, grounds.manifests, grounds.family);
    let risks = pins.into_iter().map(|pin| {
        let Pin {
            file,
            line,
            package,
            requirement,
        } = pin;
        let place = format!("{file}:{line}: {package} = \"{requirement}\"");
        let live = grounds.plan.live.as_ref();
        let narrow = match live.filter(|_| grounds.family.is_anchor(&package)) {
            Some(live) => format!("require one line: `{package} = \"{live}\"` ({file}:{line})"),
            None => format!("require one series of `{package}` ({file}:{line})"),
        };
        let mut mitigation = grounds.mitigation(&package);
        mitigation.push(narrow);
        Risk {
            kind: RiskKind::WidePin,
            about: format!("{package}:{file}"),
            text: format!("an update brings another line in: {place} admits several"),
            probability: admitted(grounds.index, &package, &requirement),
            impact: Impact {
                verdict: None,
                artifacts: linking(grounds.report, &package),
            },
            mitigation,
            contingency: vec!["`git checkout -- Cargo.lock` takes the update back".into()],
            status: grounds.status(&package),
            saw: Saw {
                kind: EvidenceKind::Check,
                also: Some(EvidenceKind::Index),
                text: place,
                command: None,
            },
            package: Some(package),
        }
    });
    risks.collect()
}

/// How many of the series that have releases a requirement admits.
fn admitted(index: &dyn Index, package: &str, requirement: &str) -> Probability {
    let req = VersionReq::parse(requirement).unwrap_or_default();
    let releases = match index.releases(&RegistryId::default_registry(), package) {
        Ok(releases) => releases,
        Err(_) => {
            return Probability::Unknown {
                because: "the index does not say which releases there are".into(),
            };
        }
    };
    let eligible = || releases.iter().filter(|release| release.is_eligible());
    let all: BTreeSet<Line> = eligible().map(|one| Line::of(&one.version)).collect();
    let admitted = eligible().filter(|one| req.matches(&one.version));
    let admitted: BTreeSet<Line> = admitted.map(|one| Line::of(&one.version)).collect();
    let count = |lines: &BTreeSet<Line>| u64::try_from(lines.len()).unwrap_or(u64::MAX);
    Probability::Counted {
        cases: count(&admitted),
        of: count(&all),
        what: format!("series of `{package}` with releases, which it admits"),
    }
}
