//! What the lockfile alone can tell.
//!
//! A lock covers all targets, features and dev-dependencies. One entry of everything that must be
//! single therefore rules a skew out; two entries prove nothing, since nothing says that they meet.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use camino::Utf8Path;

use crate::report::{Basis, Evidence, EvidenceKind, Finding, PathStep, Report, Verdict};
use crate::rules::{Family, Role, Rules, applies};
use crate::workspace::lock::LockedPackage;
use crate::workspace::manifest::DependencyTable;
use crate::workspace::{Lock, Manifest};

use super::findings::finding;
use super::line::Line;

/// Whether nothing in a lock can be skewed, and nothing else in it calls for the full analysis.
pub fn answers(lock: &Lock, rules: &Rules) -> bool {
    let mut families = rules.families.iter();
    families.all(|family| single(lock, family) && !flawed(lock, family) && plain(lock, family))
}

/// Whether a lock holds no API of another line.
pub fn is_on(lock: &Lock, rules: &Rules, line: Line) -> bool {
    let anchors = rules.families.iter().flat_map(Family::anchors);
    let mut locked = anchors.flat_map(|anchor| lock.named(&anchor.name));
    locked.all(|package| Line::of(&package.version) == line)
}

/// Whether every shared requirement of a family is inherited by some manifest.
pub fn all_inherited(manifests: &[Manifest], rules: &Rules) -> bool {
    rules
        .families
        .iter()
        .all(|family| inherited(manifests, family))
}

/// One line of the API, and one version of every other singleton.
fn single(lock: &Lock, family: &Family) -> bool {
    let mut lines = BTreeSet::new();
    for singleton in &family.singletons {
        let versions: Vec<&LockedPackage> = lock.named(&singleton.name).collect();
        if versions.len() > 1 {
            return false;
        }
        if singleton.anchor {
            lines.extend(versions.iter().map(|package| Line::of(&package.version)));
        }
    }
    lines.len() <= 1
}

/// A release with a warning in the rules, whatever its features.
fn flawed(lock: &Lock, family: &Family) -> bool {
    lock.packages.iter().any(|package| {
        let mut rules = family
            .releases
            .iter()
            .filter(|rule| rule.name == package.name);
        rules.any(|rule| applies(rule.versions.as_ref(), &package.version))
    })
}

/// Nothing that only the graph can judge: crates whose line features choose, foreign crates whose
/// majors must match, an API without an SDK or exporter.
fn plain(lock: &Lock, family: &Family) -> bool {
    let chosen = lock.packages.iter().any(|package| {
        let rule = family.crate_rule(&package.name, &package.version);
        rule.is_some_and(|rule| rule.line_features.is_some())
    });
    let majors = family
        .majors
        .iter()
        .any(|rule| lock.named(&rule.name).count() > 1);
    let has = |role: Role| {
        lock.packages.iter().any(|package| {
            let rule = family.crate_rule(&package.name, &package.version);
            rule.is_some_and(|rule| rule.role == role)
        })
    };
    let uses_it = family
        .anchors()
        .any(|anchor| lock.named(&anchor.name).next().is_some());
    let pipeline = !uses_it || (has(Role::Sdk) && has(Role::Exporter));
    !chosen && !majors && pipeline
}

/// Every shared requirement of the family is inherited by somebody.
fn inherited(manifests: &[Manifest], family: &Family) -> bool {
    let used: BTreeSet<&str> = manifests
        .iter()
        .flat_map(|manifest| &manifest.dependencies)
        .filter(|declared| declared.inherited)
        .map(|declared| declared.key.as_str())
        .collect();
    manifests
        .iter()
        .flat_map(|manifest| &manifest.workspace_dependencies)
        .filter(|shared| family.knows(&shared.package))
        .all(|shared| used.contains(shared.key.as_str()))
}

/// Whether a lock covers what the manifests ask for: each member is in it, with an entry for each
/// of its requirements whose version the requirement allows.
pub fn covers(lock: &Lock, manifests: &[Manifest]) -> bool {
    let shared: BTreeMap<&str, &crate::workspace::Declared> = manifests
        .iter()
        .flat_map(|manifest| &manifest.workspace_dependencies)
        .map(|declared| (declared.key.as_str(), declared))
        .collect();
    manifests.iter().all(|manifest| {
        let Some(name) = &manifest.package else {
            return true;
        };
        let Some(locked) = lock.named(name).find(|package| package.source.is_none()) else {
            return false;
        };
        let dependencies: Vec<&LockedPackage> = locked.dependencies(lock).collect();
        manifest.dependencies.iter().all(|declared| {
            let declared = if declared.inherited {
                let Some(shared) = shared.get(declared.key.as_str()) else {
                    return false;
                };
                shared
            } else {
                declared
            };
            if declared.table == DependencyTable::Workspace
                && declared.requirement.is_none()
                && declared.path.is_none()
                && declared.git.is_none()
            {
                return false;
            }
            let requirement = declared
                .requirement
                .as_deref()
                .and_then(|text| semver::VersionReq::parse(text).ok());
            dependencies.iter().any(|package| {
                package.name == declared.package
                    && requirement
                        .as_ref()
                        .is_none_or(|requirement| matches(requirement, &package.version))
            })
        })
    })
}

/// A locked pre-release satisfies the requirement that chose it.
fn matches(requirement: &semver::VersionReq, version: &semver::Version) -> bool {
    requirement.matches(version) || !version.pre.is_empty()
}

/// The report of the fast path.
pub fn clean(lock: &Lock, root: &Utf8Path) -> Report {
    let note = format!(
        "{} holds one version of everything that must be single, and covers the manifests: no build \
         can be skewed; `--full` asks cargo all the same",
        super::trace::relative(root, &lock.path)
    );
    super::report(
        Basis::LockFastPath,
        vec![note],
        Vec::new(),
        Vec::new(),
        root,
        &BTreeMap::new(),
    )
}

/// What a lock alone says, and what it cannot.
pub fn lock_only(lock: &Lock, root: &Utf8Path, rules: &Rules) -> Report {
    let mut findings = Vec::new();
    for family in &rules.families {
        findings.extend(second_versions(lock, root, family));
        findings.extend(releases(lock, family));
    }
    let note = "a lockfile holds every feature, target and test: what it lists twice need not meet in one \
                artifact; `cargo otel-check` without `--lock-only` decides";
    super::report(
        Basis::LockOnly,
        vec![note.to_owned()],
        Vec::new(),
        findings,
        root,
        &BTreeMap::new(),
    )
}

/// Members from which two versions of a singleton can be reached.
fn second_versions(lock: &Lock, root: &Utf8Path, family: &Family) -> Vec<Finding> {
    let mut findings = Vec::new();
    for member in lock
        .packages
        .iter()
        .filter(|package| package.source.is_none())
    {
        let reached = reach(lock, member);
        let anchors: BTreeMap<Line, Vec<&LockedPackage>> =
            reached.keys().fold(BTreeMap::new(), |mut lines, at| {
                let package = &lock.packages[*at];
                if family.anchors().any(|anchor| anchor.name == package.name) {
                    lines
                        .entry(Line::of(&package.version))
                        .or_default()
                        .push(package);
                }
                lines
            });
        if anchors.len() > 1 {
            let lines: Vec<String> = anchors.keys().map(Line::to_string).collect();
            let message = format!(
                "from {} the lock reaches {} lines {}",
                member.name,
                family.title,
                lines.join(" and ")
            );
            let packages = anchors.values().flatten().copied().collect::<Vec<_>>();
            findings.push(second(
                lock,
                root,
                member,
                &reached,
                &packages,
                message,
                lines.first(),
            ));
        }
        for singleton in family
            .singletons
            .iter()
            .filter(|singleton| !singleton.anchor)
        {
            let versions: Vec<&LockedPackage> = reached
                .keys()
                .map(|at| &lock.packages[*at])
                .filter(|package| package.name == singleton.name)
                .collect();
            if versions.len() > 1 {
                let shown: Vec<String> = versions.iter().map(|p| p.version.to_string()).collect();
                let message = format!(
                    "from {} the lock reaches {} {}",
                    member.name,
                    singleton.name,
                    shown.join(" and ")
                );
                let finding = second(lock, root, member, &reached, &versions, message, None);
                findings.push(Finding {
                    singleton: Some(singleton.name.clone()),
                    ..finding
                });
            }
        }
    }
    findings
}

/// Packages reachable from a member, each with the one before it.
fn reach(lock: &Lock, member: &LockedPackage) -> BTreeMap<usize, Option<usize>> {
    let number = |package: &LockedPackage| {
        lock.packages
            .iter()
            .position(|known| std::ptr::eq(known, package))
    };
    let Some(start) = number(member) else {
        return BTreeMap::new();
    };
    let mut reached = BTreeMap::from([(start, None)]);
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for dependency in lock.packages[at].dependencies(lock) {
            if let Some(to) = number(dependency)
                && !reached.contains_key(&to)
            {
                reached.insert(to, Some(at));
                queue.push_back(to);
            }
        }
    }
    reached
}

fn second(
    lock: &Lock,
    root: &Utf8Path,
    member: &LockedPackage,
    reached: &BTreeMap<usize, Option<usize>>,
    versions: &[&LockedPackage],
    message: String,
    line: Option<&String>,
) -> Finding {
    let file = super::trace::relative(root, &lock.path);
    let evidence = versions
        .iter()
        .map(|package| Evidence {
            kind: EvidenceKind::Graph,
            package: Some(format!("{}@{}", package.name, package.version)),
            file: Some(file.clone()),
            line: Some(package.line),
            column: Some(1),
            text: format!("locked: {}", way(lock, reached, package).join(" → ")),
            source: None,
        })
        .collect();
    Finding {
        verdict: Some(Verdict::Unknown),
        line: line.cloned(),
        path: vec![PathStep {
            package: format!("{}@{}", member.name, member.version),
            requirement: None,
        }],
        evidence,
        help: vec!["`cargo otel-check` says whether they meet, and what that does".into()],
        ..finding("undecided-line", message)
    }
}

/// The packages from a member to one of the lock, by the shortest way.
fn way(lock: &Lock, reached: &BTreeMap<usize, Option<usize>>, to: &LockedPackage) -> Vec<String> {
    let mut at = lock
        .packages
        .iter()
        .position(|known| std::ptr::eq(known, to));
    let mut names = Vec::new();
    while let Some(number) = at {
        let package = &lock.packages[number];
        names.push(format!("{}@{}", package.name, package.version));
        at = reached.get(&number).copied().flatten();
    }
    names.reverse();
    names
}

/// Releases that the rules warn of, where no feature decides.
fn releases(lock: &Lock, family: &Family) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &lock.packages {
        let linked = |name: &str, versions: &semver::VersionReq| {
            lock.named(name)
                .any(|other| applies(Some(versions), &other.version))
        };
        let rules = family.release_rules(&package.name, &package.version, |_| false, linked);
        findings.extend(rules.map(|rule| {
            super::findings::releases::release(
                &format!("{}@{}", package.name, package.version),
                rule,
            )
        }));
    }
    findings
}
