//! The parts of a specification that come from the manifest and the index.

use std::collections::BTreeSet;

use semver::Version;

use crate::plan::diff::unified;
use crate::plan::edits;
use crate::plan::search::{Move, offers, rust};
use crate::rules::FeatureChange;
use crate::rules::recipes::{self, Recipes, SettingKind};
use crate::workspace::manifest::DependencyTable;

use super::forwards::Forward;
use super::model::{
    AtTarget, Basis, Behaviour, Companion, FeatureFate, FeatureRow, ManifestChange, ManifestPart,
    Migration, Setting, Toolchain, ToolchainVerdict,
};
use super::requirements::{Moved, Moves};
use super::text::Texts;

/// No text to change.
pub fn missing(because: String) -> ManifestPart {
    ManifestPart {
        basis: Basis::Missing,
        files: Vec::new(),
        diff: String::new(),
        changes: Vec::new(),
        problems: vec![because],
    }
}

/// The change of the manifest.
pub fn part(moves: &Moves<'_>, texts: &Texts) -> ManifestPart {
    let mut problems = texts.problems.clone();
    let mut files = Vec::new();
    let mut diff = String::new();
    for (path, new) in &moves.changed {
        let shown = texts.shown(path);
        let old = texts.all.get(path).map_or("", |old| old);
        diff.push_str(&unified(&shown, old, new));
        files.push(shown);
    }
    let failed = moves.failed.iter();
    problems.extend(failed.map(|error| format!("one change cannot be made: {error}")));
    let target = moves.target;
    let changes = moves.all.iter().filter(|one| one.changes()).map(|one| {
        let requirement = &one.requirement;
        ManifestChange {
            package: requirement.package.clone(),
            place: format!(
                "{}:{}",
                texts.shown(&requirement.manifest),
                requirement.line
            ),
            before: format!("{} = \"{}\"", requirement.package, requirement.text),
            change: edits::sentence(&moves.tree, requirement, &one.choice, target),
        }
    });
    let mut changes: Vec<ManifestChange> = changes.collect();
    let done = moves.forwards.iter().filter(|one| one.problem.is_none());
    changes.extend(done.map(|one| {
        let shown = texts.shown(&texts.manifest);
        ManifestChange {
            package: one.package.clone(),
            place: format!("{shown}, [features]"),
            before: format!("{} = [\"{}\"]", one.list, one.entry),
            change: match &one.becomes {
                Some(new) => format!("`{}` of feature `{}` becomes `{new}`", one.entry, one.list),
                None => format!("`{}` goes from feature `{}`", one.entry, one.list),
            },
        }
    }));
    changes.sort();
    for one in moves.all.iter().filter(|one| one.requirement.is_shared()) {
        if one.changes() {
            problems.push(format!(
                "`{}` is shared in `[workspace.dependencies]`: all who inherit it move with it",
                one.requirement.package
            ));
        }
    }
    problems.extend(moves.forwards.iter().filter_map(|one| one.problem.clone()));
    for (name, lines) in &moves.beside {
        let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        problems.push(format!(
            "`{name}`, which stands beside it in the same tree, is on line {}: it has to move with it",
            lines.join(" and ")
        ));
    }
    ManifestPart {
        basis: texts.basis,
        files,
        diff,
        changes,
        problems,
    }
}

/// The packages of the family beside the target line.
pub fn companions(moves: &Moves<'_>) -> Vec<Companion> {
    let mut rows: Vec<Companion> = moves
        .all
        .iter()
        .filter_map(|one| {
            let requirement = &one.requirement;
            Some(Companion {
                package: requirement.package.clone(),
                table: table(one).to_owned(),
                requirement: Some(requirement.text.clone()),
                today: one.today.as_ref().map(ToString::to_string),
                optional: requirement.uses.iter().all(|used| used.optional),
                at_target: at_target(moves, one)?,
            })
        })
        .collect();
    for (package, requirement) in moves.added() {
        let first = moves.all.iter().find(|one| {
            let features = one.features().into_iter();
            features
                .flat_map(|moves| &moves.elsewhere)
                .any(|(other, _)| other == package)
        });
        let Some(first) = first else { continue };
        let wanted = semver::VersionReq::parse(requirement).ok();
        let registry = first.requirement.registry.clone();
        let releases = registry.and_then(|from| moves.index.releases(&from, package).ok());
        let newest = releases.iter().flat_map(|all| all.iter().rev());
        let mut newest = newest.filter(|release| release.is_eligible());
        let found = newest.find(|release| {
            wanted
                .as_ref()
                .is_some_and(|req| req.matches(&release.version))
        });
        rows.push(Companion {
            package: package.to_owned(),
            table: table(first).to_owned(),
            requirement: None,
            today: None,
            optional: first.requirement.uses.iter().all(|used| used.optional),
            at_target: found.map_or_else(
                || AtTarget::Nothing {
                    because: format!("no release of `{package}` is known that serves the line"),
                },
                |release| AtTarget::Release {
                    version: release.version.to_string(),
                    features: Vec::new(),
                    rust_version: release.rust_version.clone(),
                    published: release.published.map(|at| at.to_string()),
                    admitted: false,
                },
            ),
        });
    }
    rows.sort();
    rows.dedup();
    rows
}

fn table(one: &Moved) -> &'static str {
    let used = one.requirement.uses.first().map(|used| used.at.table);
    match used.unwrap_or(one.requirement.at.table) {
        DependencyTable::Normal => "dependencies",
        DependencyTable::Dev => "dev-dependencies",
        DependencyTable::Build => "build-dependencies",
        DependencyTable::Workspace => "workspace.dependencies",
    }
}

/// None for a package that has to do with no line, before or after.
fn at_target(moves: &Moves<'_>, one: &Moved) -> Option<AtTarget> {
    let requirement = &one.requirement;
    let release = |name: &str, version: &Version| moves.release(requirement, name, version);
    Some(match &one.choice {
        Move::Keep if one.lines.is_empty() => return None,
        Move::Keep | Move::Release { .. } => {
            let (name, version) = one.to()?;
            let found = release(name, version);
            AtTarget::Release {
                version: version.to_string(),
                features: chosen(moves, one, version),
                rust_version: found.as_ref().and_then(|found| found.rust_version.clone()),
                published: found.and_then(|found| found.published.map(|at| at.to_string())),
                admitted: requirement.req.matches(version),
            }
        }
        Move::Replace { package, to, .. } => AtTarget::Replaced {
            successor: package.clone(),
            version: to.to_string(),
            rust_version: release(package, to).and_then(|found| found.rust_version),
        },
        Move::Drop { .. } | Move::Disable | Move::Block => AtTarget::Nothing {
            because: moves
                .waits()
                .remove(requirement.package.as_str())
                .unwrap_or_default(),
        },
    })
}

/// The features by which a requirement chooses its line once it has moved.
fn chosen(moves: &Moves<'_>, one: &Moved, version: &Version) -> Vec<String> {
    let requirement = &one.requirement;
    let rule = moves.family.crate_rule(&requirement.package, version);
    let Some(lines) = rule.and_then(|rule| rule.line_features.as_ref()) else {
        return Vec::new();
    };
    let (add, remove) = one
        .features()
        .map_or((&[][..], &[][..]), |moves| (&*moves.add, &*moves.remove));
    let kept = requirement.features.iter();
    let kept = kept.filter(|feature| !remove.contains(feature));
    let all: BTreeSet<&String> = kept.chain(add).collect();
    all.into_iter()
        .filter(|feature| lines.chooses(feature))
        .cloned()
        .collect()
}

/// What becomes of the features that the manifest asks for.
pub fn features(moves: &Moves<'_>) -> Vec<FeatureRow> {
    let mut rows = Vec::new();
    for one in &moves.all {
        let package = &one.requirement.package;
        if let Some(features) = one.features() {
            for feature in &features.remove {
                rows.push(feature_row(moves, one, feature));
            }
        } else if let Move::Replace { drop, .. } = &one.choice {
            rows.extend(drop.iter().map(|feature| FeatureRow {
                package: package.clone(),
                feature: feature.clone(),
                gone_in: None,
                fate: FeatureFate::Removed,
                advice: None,
                source: None,
            }));
        } else if one.choice == Move::Block {
            rows.extend(lost_features(moves, one));
        }
    }
    for forward in &moves.forwards {
        rows.push(forwarded(moves, forward));
    }
    rows.sort();
    rows.dedup();
    rows
}

/// A feature that one of the package's own turns on.
fn forwarded(moves: &Moves<'_>, forward: &Forward) -> FeatureRow {
    let changes = chain(moves, &forward.package, &forward.feature);
    let (first, last) = (changes.first(), changes.last());
    FeatureRow {
        package: forward.package.clone(),
        feature: forward.feature.clone(),
        gone_in: first.map(|change| change.gone_in.to_string()),
        fate: forward.fate.clone(),
        advice: last.map(|change| change.advice.clone()),
        source: last.map(|change| change.source.clone()),
    }
}

fn feature_row(moves: &Moves<'_>, one: &Moved, feature: &str) -> FeatureRow {
    let package = &one.requirement.package;
    let changes = chain(moves, package, feature);
    let first = changes.first();
    let last = changes.last();
    let fate = match last {
        None => {
            let features = one.features();
            let added = features.and_then(|moves| moves.add.first());
            added.map_or(FeatureFate::Removed, |to| FeatureFate::Switched {
                to: to.clone(),
            })
        }
        Some(change) => match (&change.moved_to_crate, &change.renamed_to) {
            (Some(other), new) => FeatureFate::Moved {
                package: other.clone(),
                to: new.clone().unwrap_or_else(|| change.feature.clone()),
            },
            (None, Some(to)) => FeatureFate::Renamed { to: to.clone() },
            (None, None) => FeatureFate::Removed,
        },
    };
    FeatureRow {
        package: package.clone(),
        feature: feature.to_owned(),
        gone_in: first.map(|change| change.gone_in.to_string()),
        fate,
        advice: last.map(|change| change.advice.clone()),
        source: last.map(|change| change.source.clone()),
    }
}

/// What the rules say of a feature up to the target: a new name may have been given up again.
fn chain<'m>(moves: &'m Moves<'_>, package: &str, feature: &str) -> Vec<&'m FeatureChange> {
    let mut found: Vec<&FeatureChange> = Vec::new();
    let to = moves
        .all
        .iter()
        .find(|one| one.requirement.package == package);
    let to = to.and_then(Moved::to).map(|(_, version)| version.clone());
    let mut feature = feature;
    while let Some(change) = moves.family.feature_change(package, feature) {
        let gone = to.as_ref().is_none_or(|to| *to >= change.gone_in);
        if !gone || found.iter().any(|one| one.feature == change.feature) {
            break;
        }
        found.push(change);
        match (&change.moved_to_crate, &change.renamed_to) {
            (None, Some(new)) => feature = new,
            _ => break,
        }
    }
    found
}

/// Features in use that no release for the target has, and of which no rule knows more.
fn lost_features(moves: &Moves<'_>, one: &Moved) -> Vec<FeatureRow> {
    let requirement = &one.requirement;
    let Some(registry) = &requirement.registry else {
        return Vec::new();
    };
    let releases = moves.index.releases(registry, &requirement.package).ok();
    let newest = releases.iter().flat_map(|all| all.iter().rev());
    let mut newest = newest.filter(|release| release.is_eligible());
    let serving = newest.find(|release| {
        moves.family.is_anchor(&requirement.package)
            && crate::skew::Line::of(&release.version) == moves.target
    });
    let Some(release) = serving else {
        return Vec::new();
    };
    let gone = requirement.features.iter();
    let gone = gone.filter(|feature| !offers(release, feature));
    gone.filter(|feature| {
        moves
            .family
            .feature_change(&requirement.package, feature)
            .is_none()
    })
    .map(|feature| FeatureRow {
        package: requirement.package.clone(),
        feature: feature.clone(),
        gone_in: None,
        fate: FeatureFate::Unknown,
        advice: None,
        source: None,
    })
    .collect()
}

/// The toolchain that the releases to take ask for, beside the package's own.
pub fn toolchain(companions: &[Companion], declared: Option<String>) -> Toolchain {
    let mut needs: Vec<(Version, String, String)> = Vec::new();
    for one in companions {
        let (package, version, needed) = match &one.at_target {
            AtTarget::Release {
                version,
                rust_version,
                ..
            } => (&one.package, version, rust_version),
            AtTarget::Replaced {
                successor,
                version,
                rust_version,
            } => (successor, version, rust_version),
            AtTarget::Free | AtTarget::Nothing { .. } => continue,
        };
        // What tests alone need, the package's users do not.
        if one.table == "dev-dependencies" {
            continue;
        }
        if let Some((text, parsed)) = needed.as_ref().and_then(|text| Some((text, rust(text)?))) {
            needs.push((parsed, text.clone(), format!("{package} {version}")));
        }
    }
    let highest = needs.iter().map(|(parsed, _, _)| parsed.clone()).max();
    let by = needs
        .iter()
        .filter(|need| Some(&need.0) == highest.as_ref());
    let own = declared.as_deref().and_then(rust);
    let verdict = match (&own, &highest) {
        (_, None) => ToolchainVerdict::Unknown,
        (None, Some(_)) => ToolchainVerdict::Undeclared,
        (Some(own), Some(needed)) if needed > own => ToolchainVerdict::Raise,
        (Some(_), Some(_)) => ToolchainVerdict::Enough,
    };
    let mut names: Vec<String> = by.clone().map(|(_, _, name)| name.clone()).collect();
    names.sort();
    names.dedup();
    Toolchain {
        declared,
        needed: by.map(|(_, text, _)| text.clone()).next(),
        by: names,
        verdict,
    }
}

/// What the packages that move do otherwise afterwards.
pub fn behaviour(moves: &Moves<'_>) -> Vec<Behaviour> {
    let mut rows = Vec::new();
    for one in &moves.all {
        let (Some(from), Some((name, to))) = (&one.today, one.to()) else {
            continue;
        };
        if name != one.requirement.package {
            continue;
        }
        let changes = moves.family.behaviour_changes(name, from, to);
        rows.extend(changes.into_iter().map(|change| Behaviour {
            name: change.name.clone(),
            since: change.first.to_string(),
            summary: change.summary.clone(),
            advice: change.advice.clone(),
            source: change.source.clone(),
        }));
    }
    let mut seen = BTreeSet::new();
    rows.retain(|row| seen.insert(row.clone()));
    rows
}

/// Crates that have ended, and what takes their place.
pub fn migrations(moves: &Moves<'_>) -> Vec<Migration> {
    let recipes = Recipes::shipped(&moves.family.name);
    let mut found = Vec::new();
    for one in &moves.all {
        let name = &one.requirement.package;
        let replaced = matches!(one.choice, Move::Replace { .. } | Move::Block);
        if !replaced && !moves.family.has_ended(name) {
            continue;
        }
        let Some(succession) = moves.family.succession(name) else {
            continue;
        };
        let known = recipes.migration(name);
        found.push(match known {
            Some(known) => Migration {
                needed: replaced,
                name: name.clone(),
                successor: known.successor.clone(),
                advice: Some(known.advice.clone()),
                settings: known.settings.iter().map(setting).collect(),
                source: known.source.clone(),
            },
            None => Migration {
                needed: replaced,
                name: name.clone(),
                successor: succession.successor,
                advice: succession.advice,
                settings: Vec::new(),
                source: succession.source,
            },
        });
    }
    found.sort();
    found.dedup();
    found
}

fn setting(one: &recipes::Setting) -> Setting {
    let with = |name: &Option<String>, default: &Option<String>| match (name, default) {
        (Some(name), Some(default)) => Some(format!("{name} ({default} by default)")),
        (Some(name), None) => Some(name.clone()),
        (None, default) => default.clone(),
    };
    Setting {
        what: match one.kind {
            SettingKind::Environment => "environment variable",
            SettingKind::Port => "port",
            SettingKind::Protocol => "protocol",
            SettingKind::Code => "code",
        }
        .to_owned(),
        before: with(&one.old, &one.old_default),
        after: with(&one.new, &one.new_default),
        note: one.note.clone(),
        source: one.source.clone(),
    }
}
