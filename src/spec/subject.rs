//! The packages that specifications are written for.

mod blocking;
mod declared;
mod order;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use guppy::graph::PackageMetadata;
use semver::Version;

use crate::matrix::{InUse, Matrix};
use crate::plan::PlanReport;
use crate::plan::facts;
use crate::registry::Index;
use crate::report::{Finding, Report};
use crate::rules::Family;
use crate::skew::Line;
use crate::source::{Edition, TargetRoot};
use crate::workspace::{Lock, Manifest, Packages, Workspace};

use super::model::{Origin, Reason};
use super::near::near;

/// What is known of the workspace.
pub struct Situation<'a> {
    pub family: &'a Family,
    pub index: &'a dyn Index,
    pub root: &'a Utf8Path,
    /// Texts of all manifests of the tree.
    pub manifests: &'a BTreeMap<Utf8PathBuf, Arc<str>>,
    pub lock: Option<Lock>,
    /// What `check` says of it.
    pub report: &'a Report,
    /// None where cargo does not resolve it.
    pub graph: Option<Graph<'a>>,
    pub plan: &'a PlanReport,
}

/// A workspace that cargo resolves.
pub struct Graph<'a> {
    pub workspace: &'a Workspace,
    pub packages: &'a Packages<'a>,
    pub matrix: Matrix,
    /// Packages of the graph that have to do with the family, with their features.
    pub crates: Vec<InUse>,
}

/// Whose specifications are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Of whatever keeps the workspace from the target.
    Blocking,
    /// Of packages by name: `NAME` or `NAME@VERSION`.
    Named(Vec<String>),
    /// Of the workspace's own.
    Own,
}

/// A package to write a specification for.
#[derive(Debug, Clone)]
pub struct Subject {
    pub name: String,
    /// None where nothing says which release is in use.
    pub version: Option<Version>,
    pub origin: Origin,
    pub own: bool,
    /// Where its manifest is; none where it is not on this machine.
    pub manifest: Option<Utf8PathBuf>,
    /// Where the code of its targets begins.
    pub targets: Vec<TargetRoot>,
    /// The features that are enabled here, `default` among them where it is.
    pub features: Vec<String>,
    /// As the report names it.
    pub label: String,
    pub reason: Reason,
    pub because: Vec<String>,
    pub through: Vec<String>,
    pub outlook: Option<String>,
}

/// Why a name leads to no package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubjectError {
    #[error("no package `{name}` in this workspace or among its dependencies{hint}")]
    Unknown { name: String, hint: String },
    #[error("`{name}` has nothing to do with {family}: nothing of it is behind `{name}`")]
    Unconcerned { name: String, family: String },
    #[error("`{name}` is of {family} itself: its releases are what the lines are")]
    Anchor { name: String, family: String },
}

impl Subject {
    /// The version for people.
    pub fn version_text(&self) -> String {
        let version = self.version.as_ref().map(ToString::to_string);
        version.unwrap_or_else(|| "unknown".into())
    }
}

impl Situation<'_> {
    /// The line to reach: of the plan, which is the one that was asked for, where one was.
    pub fn target(&self) -> Option<Line> {
        let options = self.plan.options.iter();
        let mut targets = options.filter_map(|option| option.target.as_deref()?.parse().ok());
        targets.next().or_else(|| self.newest())
    }

    /// The newest line that everything in use serves, else the newest of all.
    pub fn newest(&self) -> Option<Line> {
        use crate::plan::TargetReason::{Newest, NewestCommon};
        let of = |reason| {
            let mut rows = self.plan.targets.iter();
            let row = rows.find(|row| row.because.contains(&reason))?;
            row.line.parse().ok()
        };
        of(NewestCommon).or_else(|| of(Newest))
    }

    /// The packages that are asked for, each before those that depend on it.
    ///
    /// # Errors
    /// Where a name leads nowhere.
    pub fn subjects(&self, asked: &Asked, target: Line) -> Result<Vec<Subject>, SubjectError> {
        let mut found = match asked {
            Asked::Blocking => self.blocking(target),
            Asked::Named(names) => self.named(names)?,
            Asked::Own => self.members(Reason::Own),
        };
        let order = self.order();
        found.sort_by_key(|one| {
            let place = order.get(&(one.name.clone(), one.version.clone()));
            (
                place.copied().unwrap_or(usize::MAX),
                one.name.clone(),
                one.version.clone(),
            )
        });
        found.dedup_by(|a, b| a.name == b.name && a.version == b.version && a.origin == b.origin);
        Ok(found)
    }

    fn named(&self, names: &[String]) -> Result<Vec<Subject>, SubjectError> {
        let mut found = Vec::new();
        for spec in names {
            let (name, version) = match spec.split_once('@') {
                Some((name, version)) => (name, version.parse::<Version>().ok()),
                None => (spec.as_str(), None),
            };
            let family = self.family.title.clone();
            let bad_version = spec.contains('@') && version.is_none();
            let subjects = match bad_version {
                true => Vec::new(),
                false => self.find(name, version.as_ref(), Reason::Named),
            };
            if !subjects.is_empty() && self.family.is_anchor(name) {
                let name = name.to_owned();
                return Err(SubjectError::Anchor { name, family });
            }
            if !subjects.is_empty() {
                found.extend(subjects);
                continue;
            }
            return Err(self.lost(spec, name));
        }
        // What is asked for and in the way is told with the reason.
        let blocking = self.target().map(|line| self.blocking(line));
        for one in blocking.into_iter().flatten() {
            for subject in &mut found {
                if subject.label == one.label {
                    *subject = one.clone();
                }
            }
        }
        Ok(found)
    }

    /// Why nothing is found by a name.
    fn lost(&self, spec: &str, name: &str) -> SubjectError {
        let locked = self.lock.iter().flat_map(|lock| &lock.packages);
        let versions: Vec<String> = locked
            .clone()
            .filter(|one| one.name == name)
            .map(|one| one.version.to_string())
            .collect();
        if versions.is_empty()
            || spec.contains('@') && !versions.iter().any(|v| spec.ends_with(&format!("@{v}")))
        {
            let hint = match versions.is_empty() {
                false => format!("; there is {}", versions.join(", ")),
                true => {
                    let names: BTreeSet<&str> = locked.map(|one| one.name.as_str()).collect();
                    near(
                        name,
                        names
                            .into_iter()
                            .chain(self.own_names().iter().map(String::as_str)),
                    )
                }
            };
            let name = spec.to_owned();
            return SubjectError::Unknown { name, hint };
        }
        SubjectError::Unconcerned {
            name: name.to_owned(),
            family: self.family.title.clone(),
        }
    }

    fn own_names(&self) -> Vec<String> {
        let texts = self.manifests.iter();
        texts
            .filter_map(|(path, text)| Manifest::parse(path, text.to_string()).ok()?.package)
            .collect()
    }

    /// Packages by name that have to do with the family.
    fn find(&self, name: &str, version: Option<&Version>, reason: Reason) -> Vec<Subject> {
        let Some(graph) = &self.graph else {
            return self.declared(name, version, reason);
        };
        let is_it = |package: &PackageMetadata<'_>| {
            package.name() == name && version.is_none_or(|version| package.version() == version)
        };
        let all = graph.packages.iter();
        all.filter(|(_, package)| is_it(package))
            .filter(|(_, package)| self.is_concerned(package))
            .map(|(number, package)| self.of_package(package, graph.packages.label(number), reason))
            .collect()
    }

    /// Whether a package is of the family, or something of the family is behind it.
    fn is_concerned(&self, package: &PackageMetadata<'_>) -> bool {
        let mut seen = BTreeSet::new();
        let mut queue = vec![*package];
        while let Some(package) = queue.pop() {
            if self.family.is_anchor(package.name()) || self.family.knows(package.name()) {
                return true;
            }
            if seen.insert(package.id()) {
                queue.extend(package.direct_links().map(|link| link.to()));
            }
        }
        false
    }

    /// The workspace's own packages that use the family.
    fn members(&self, reason: Reason) -> Vec<Subject> {
        match &self.graph {
            Some(graph) => {
                let all = graph.packages.iter();
                let members = all.filter(|(_, package)| package.in_workspace());
                members
                    .filter(|(_, package)| self.names_family(package))
                    .map(|(number, package)| {
                        self.of_package(package, graph.packages.label(number), reason)
                    })
                    .collect()
            }
            None => {
                let names = self.own_names().into_iter();
                names
                    .flat_map(|name| self.declared(&name, None, reason))
                    .filter(|one| one.own && self.declares_family(one))
                    .collect()
            }
        }
    }

    /// Whether a package itself asks for something of the family.
    fn names_family(&self, package: &PackageMetadata<'_>) -> bool {
        let mut links = package.direct_links();
        links.any(|link| self.has_line(&link.to()))
    }

    fn has_line(&self, package: &PackageMetadata<'_>) -> bool {
        let rule = self.family.crate_rule(package.name(), package.version());
        self.family.is_anchor(package.name()) || rule.is_some()
    }

    fn declares_family(&self, subject: &Subject) -> bool {
        let manifest = subject.manifest.as_ref();
        let text = manifest.and_then(|path| Some((path, self.manifests.get(path)?)));
        let parsed = text.and_then(|(path, text)| Manifest::parse(path, text.to_string()).ok());
        parsed.is_some_and(|manifest| {
            let mut all = manifest.dependencies.iter();
            all.any(|declared| self.family.knows(&declared.package))
        })
    }

    fn of_package(&self, package: PackageMetadata<'_>, label: String, reason: Reason) -> Subject {
        let manifest = package.manifest_path();
        let origin = match package.source().external_source() {
            Some(source) => origin(source),
            None => self.path(manifest),
        };
        Subject {
            name: package.name().to_owned(),
            version: Some(package.version().clone()),
            origin,
            own: package.in_workspace(),
            manifest: manifest.is_file().then(|| manifest.to_owned()),
            targets: package.build_targets().map(target).collect(),
            features: self.features(package),
            label,
            reason,
            because: Vec::new(),
            through: Vec::new(),
            outlook: None,
        }
    }

    /// The features that builds give a package; of the workspace's own, those on by default.
    fn features(&self, package: PackageMetadata<'_>) -> Vec<String> {
        let crates = self.graph.iter().flat_map(|graph| &graph.crates);
        let of_it = crates.filter(|one| one.package_id == package.id().repr());
        // An optional dependency that only `dep:` names is on, and yet no feature for `--features`.
        let named: BTreeSet<&str> = package.named_features().collect();
        let on = of_it.flat_map(|one| one.features.iter());
        let mut features: BTreeSet<String> = on
            .filter(|name| *name == "default" || named.contains(name.as_str()))
            .cloned()
            .collect();
        if features.is_empty() && package.has_default_feature() {
            features.insert("default".into());
        }
        features.into_iter().collect()
    }

    fn path(&self, manifest: &Utf8Path) -> Origin {
        let folder = manifest.parent().unwrap_or(manifest);
        let shown = folder.strip_prefix(self.root).unwrap_or(folder).as_str();
        Origin::Path {
            path: match shown {
                "" => ".".to_owned(),
                shown => shown.replace('\\', "/"),
            },
        }
    }
}

/// A target of a package as its source is read.
fn target(target: guppy::graph::BuildTarget<'_>) -> TargetRoot {
    TargetRoot {
        name: target.name().to_owned(),
        file: target.path().to_owned(),
        edition: Edition::of(target.edition()),
    }
}

fn is_registry(source: &str) -> bool {
    source.starts_with("registry+") || source.starts_with("sparse+")
}

/// Of a source as cargo's metadata and lock write it.
fn origin(source: &str) -> Origin {
    let Some(rest) = source.strip_prefix("git+") else {
        return Origin::Registry {
            registry: source.to_owned(),
        };
    };
    let (address, commit) = match rest.split_once('#') {
        Some((address, commit)) => (address, Some(commit.to_owned())),
        None => (rest, None),
    };
    let plain = address.split('?').next().unwrap_or(address);
    Origin::Git {
        repository: plain.to_owned(),
        commit,
    }
}

/// Findings about a package: those that it brings about, else those in whose way it stands.
pub fn findings<'r>(report: &'r Report, label: &str, name: &str) -> Vec<&'r Finding> {
    let about: Vec<&Finding> = report
        .findings
        .iter()
        .filter(|one| one.introducer.as_deref() == Some(label))
        .collect();
    if !about.is_empty() {
        return about;
    }
    let on_the_way = |finding: &&Finding| {
        let mut path = finding.path.iter().skip(1);
        finding.verdict.is_some()
            && path.any(|step| {
                step.package == label
                    || facts::package(&step.package)
                        .is_some_and(|(other, _)| other == name && step.package.starts_with(label))
            })
    };
    report.findings.iter().filter(on_the_way).collect()
}
