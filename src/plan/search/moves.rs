//! What can be done to one requirement, whatever is done to the others.

use std::collections::BTreeSet;

use semver::Version;

use crate::matrix::selection::active;
use crate::registry::{RegistryId, Release};
use crate::skew::Line;
use crate::workspace::requirement::lowest;

use super::super::local::Requirement;
use super::super::model::Cost;
use super::follow::{follow, missing, switches};
use super::links::offers;
use super::{Question, rewritten};

/// What is done to one requirement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Move {
    /// It stays, and so does what it is resolved to.
    Keep,
    /// The package moves, and where `text` is given, the requirement does.
    Release {
        to: Version,
        text: Option<String>,
        features: FeatureMoves,
    },
    /// Another package takes the place of this one.
    Replace {
        package: String,
        to: Version,
        text: String,
        drop: Vec<String>,
    },
    /// Features go that bring a line in.
    Drop { features: Vec<String> },
    /// The dependency is switched off.
    Disable,
    /// It stays on another line, since nothing else can be done.
    Block,
}

/// How features move with a release.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeatureMoves {
    pub add: Vec<String>,
    pub remove: Vec<String>,
    /// Features of other packages that take the place of some: package, feature.
    pub elsewhere: Vec<(String, String)>,
}

impl FeatureMoves {
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }
}

impl Move {
    /// What it costs by itself, lock moves apart.
    pub fn cost(&self, requirement: &Requirement) -> Cost {
        let free = Cost::default();
        match self {
            Self::Keep => free,
            Self::Release { to, text, features } => {
                let changed = text.is_some() || !features.is_empty();
                Cost {
                    breaking: u32::from(text.is_some() && !requirement.is_compatible(to)),
                    edits: u32::from(changed) + count(features.elsewhere.len()),
                    ..free
                }
            }
            Self::Replace { .. } => Cost {
                breaking: 2,
                edits: 1,
                ..free
            },
            Self::Drop { .. } => Cost {
                disabled: 1,
                edits: 1,
                ..free
            },
            Self::Disable => Cost {
                disabled: count(requirement.uses.len()),
                edits: count(requirement.uses.len()),
                ..free
            },
            Self::Block => Cost { blocked: 1, ..free },
        }
    }
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}

impl Requirement {
    /// Whether a release is compatible with what the requirement asks for today.
    pub(super) fn is_compatible(&self, to: &Version) -> bool {
        let today = self.locked.clone().or_else(|| lowest(&self.req));
        today.is_none_or(|today| Line::of(&today) == Line::of(to))
    }

    /// The features that the requirement chooses, `default` included.
    pub fn chosen(&self) -> BTreeSet<String> {
        let default = self.default_features.then(|| "default".to_owned());
        self.features.iter().cloned().chain(default).collect()
    }
}

/// Everything that can be done, from the cheapest, newer releases first.
pub fn of(question: &Question<'_>, requirement: &Requirement) -> Vec<Move> {
    let mut moves = vec![Move::Keep];
    let registry = question.registry_of(requirement);
    let name = &requirement.package;
    let releases = match requirement.registry {
        Some(_) => question.index.releases(&registry, name).ok(),
        None => None,
    };
    let all = releases.iter().flat_map(|all| all.iter());
    let all = all.map(|release| release.version.clone());
    let others: Vec<Version> = all
        .filter(|version| question.is_of_another_line(requirement, version))
        .collect();
    for release in releases.iter().flat_map(|all| all.iter().rev()) {
        let locked = requirement.locked.as_ref() == Some(&release.version);
        if locked || question.is_candidate(name, release) {
            moves.extend(to_release(question, requirement, release, &others));
        }
    }
    moves.extend(replacements(question, requirement, &registry));
    if question.may_disable {
        let release = releases.iter().flat_map(|all| all.iter());
        let mut locked = release.filter(|one| Some(&one.version) == requirement.locked.as_ref());
        moves.extend(
            locked
                .next()
                .and_then(|release| dropped(question, requirement, release)),
        );
        moves.push(Move::Disable);
    }
    if question.may_block {
        moves.push(Move::Block);
    }
    // Of those that cost the same, the nearest series comes first, and in it the newest release: the
    // order so far, which is kept.
    let all = releases.iter().flat_map(|all| all.iter());
    let series: BTreeSet<Line> = all.map(|release| Line::of(&release.version)).collect();
    let place = |version: &Version| series.iter().position(|line| *line == Line::of(version));
    let today = requirement
        .locked
        .clone()
        .or_else(|| lowest(&requirement.req));
    let today = today.as_ref().and_then(place);
    let distance = |one: &Move| match one {
        Move::Release { to, .. } => place(to)
            .zip(today)
            .map_or(0, |(to, from)| to.abs_diff(from)),
        Move::Keep | Move::Replace { .. } | Move::Drop { .. } | Move::Disable | Move::Block => 0,
    };
    moves.sort_by_cached_key(|one| (one.cost(requirement), distance(one)));
    moves
}

/// Moving to one release: with the features as they are, and with another one that chooses the line.
fn to_release(
    question: &Question<'_>,
    requirement: &Requirement,
    release: &Release,
    others: &[Version],
) -> Vec<Move> {
    let locked = requirement.locked.as_ref() == Some(&release.version);
    let within = requirement.req.matches(&release.version);
    let text = (!within).then(|| {
        // Older releases of the new series that are of another line are kept out.
        let bad: Vec<&Version> = others
            .iter()
            .filter(|other| Line::of(other) == Line::of(&release.version))
            .filter(|other| *other < &release.version)
            .collect();
        rewritten(&requirement.text, &release.version, &bad)
    });
    let to = |features: FeatureMoves| Move::Release {
        to: release.version.clone(),
        text: text.clone(),
        features,
    };
    let mut moves = Vec::new();
    if let Some(features) = follow(question, requirement, release, &|_| false)
        && (!locked || !features.is_empty())
    {
        moves.push(to(features));
    }
    moves.extend(switches(question, requirement, release).into_iter().map(to));
    moves
}

/// Successors of a crate that has ended.
fn replacements(
    question: &Question<'_>,
    requirement: &Requirement,
    registry: &RegistryId,
) -> Vec<Move> {
    let Some(succession) = question.family.succession(&requirement.package) else {
        return Vec::new();
    };
    let Ok(releases) = question.index.releases(registry, &succession.successor) else {
        return Vec::new();
    };
    let since = succession.since.as_ref();
    let candidates = releases
        .iter()
        .rev()
        .filter(|release| since.is_none_or(|since| release.version >= *since))
        .filter(|release| question.is_candidate(&succession.successor, release));
    candidates
        .map(|release| {
            let gone = requirement.features.iter();
            Move::Replace {
                package: succession.successor.clone(),
                to: release.version.clone(),
                text: rewritten(&requirement.text, &release.version, &[]),
                drop: gone
                    .filter(|feature| !offers(release, feature))
                    .cloned()
                    .collect(),
            }
        })
        .collect()
}

/// Leaving out every chosen feature that leads to the family, where something is left of the package
/// without them.
fn dropped(question: &Question<'_>, requirement: &Requirement, release: &Release) -> Option<Move> {
    let leads = |features: &[&str]| {
        let mut deps = active(release, features).into_iter();
        deps.any(|dep| question.leads_on(&dep.name))
    };
    if question.family.knows(&requirement.package) {
        return None;
    }
    let features = requirement.features.iter();
    let (gone, left): (Vec<String>, Vec<String>) =
        features.cloned().partition(|feature| leads(&[feature]));
    let default = requirement.default_features.then_some("default");
    let left: Vec<&str> = left.iter().map(String::as_str).chain(default).collect();
    (!gone.is_empty() && !leads(&left)).then_some(Move::Drop { features: gone })
}

/// Why no release will do, as a sentence without a full stop.
pub fn reason(question: &Question<'_>, requirement: &Requirement) -> String {
    let name = &requirement.package;
    let target = question.target;
    if requirement.registry.is_none() {
        return format!("`{name}` comes from git, and what is there is not of line {target}");
    }
    let registry = question.registry_of(requirement);
    let releases = match question.index.releases(&registry, name) {
        Ok(releases) => releases,
        Err(error) => return error.to_string(),
    };
    let mut newest = releases
        .iter()
        .rev()
        .filter(|release| release.is_eligible());
    let Some(newest) = newest.next() else {
        return format!("`{name}` has no release that is not yanked");
    };
    let eligible = || releases.iter().rev().filter(|one| one.is_eligible());
    let lines_of = |release: &Release| question.lines_of(requirement, &release.version);
    let mut of_line = eligible().filter(|release| lines_of(release).contains(&target));
    let Some(newest_of_line) = of_line.next() else {
        let lines = in_words(&lines_of(newest));
        let on = match lines.is_empty() {
            true => format!(" (the newest is {})", newest.version),
            false => format!(" (the newest, {}, is on {lines})", newest.version),
        };
        return format!("no release of `{name}` serves line {target}{on}");
    };
    if eligible().all(|release| !serves_alone(&lines_of(release), target)) {
        let lines = in_words(&lines_of(newest_of_line));
        let version = &newest_of_line.version;
        return format!(
            "no release of `{name}` serves line {target} alone ({version} is on {lines} at once)"
        );
    }
    if let Some(rust) = question.toolchains.and_then(|all| all.of(name)) {
        let too_new = |release: &Release| {
            let needs = release
                .rust_version
                .as_deref()
                .and_then(super::requirement::rust);
            needs.is_some_and(|needs| needs > *rust)
        };
        if releases
            .iter()
            .filter(|r| !question.is_of_another_line(requirement, &r.version))
            .all(too_new)
        {
            return format!(
                "every release of `{name}` for line {target} needs a newer toolchain than Rust {rust}"
            );
        }
    }
    let missing = missing(question, requirement, newest_of_line);
    if !missing.is_empty() {
        let missing: Vec<String> = missing.iter().map(|one| format!("`{one}`")).collect();
        return format!(
            "`{name}` {} for line {target} has no feature {}, and no rule says what to do without it",
            newest_of_line.version,
            missing.join(", ")
        );
    }
    format!(
        "no release of `{name}` for line {target} has the features in use, or gets along with the rest"
    )
}

fn serves_alone(lines: &BTreeSet<Line>, target: Line) -> bool {
    lines.len() == 1 && lines.contains(&target)
}

fn in_words(lines: &BTreeSet<Line>) -> String {
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    lines.join(", ")
}
