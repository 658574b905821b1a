//! The parts of a specification that come from the manifest and the index.

mod after;
mod features;

use std::collections::BTreeSet;

use semver::Version;

use crate::plan::diff::unified;
use crate::plan::edits;
use crate::plan::search::{Move, rust};
use crate::workspace::manifest::DependencyTable;

use super::model::{
    AtTarget, Basis, Companion, ManifestChange, ManifestPart, Toolchain, ToolchainVerdict,
};
use super::requirements::{Moved, Moves};
use super::text::Texts;

pub use after::{behaviour, migrations};
pub use features::features;

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
