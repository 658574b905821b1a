//! The packages that specifications are written for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use guppy::graph::PackageMetadata;
use semver::Version;

use crate::matrix::{InUse, Matrix};
use crate::plan::PlanReport;
use crate::plan::facts;
use crate::registry::Index;
use crate::report::{Finding, Report, Verdict};
use crate::rules::Family;
use crate::skew::Line;
use crate::source::{Edition, TargetRoot};
use crate::sources::unpacked;
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

    /// Places of packages in an order in which each comes after what it depends on.
    fn order(&self) -> BTreeMap<(String, Option<Version>), usize> {
        let mut order = BTreeMap::new();
        let Some(lock) = &self.lock else {
            return order;
        };
        // Depth first without recursion: a lock may be as deep as it likes.
        let mut seen = BTreeSet::new();
        let mut stack: Vec<(usize, bool)> = (0..lock.packages.len())
            .rev()
            .map(|at| (at, false))
            .collect();
        let place: BTreeMap<(&str, &Version, Option<&str>), usize> = lock
            .packages
            .iter()
            .enumerate()
            .map(|(at, one)| ((&*one.name, &one.version, one.source.as_deref()), at))
            .collect();
        while let Some((at, done)) = stack.pop() {
            let entry = &lock.packages[at];
            if done {
                let next = order.len();
                order
                    .entry((entry.name.clone(), Some(entry.version.clone())))
                    .or_insert(next);
                continue;
            }
            if !seen.insert(at) {
                continue;
            }
            stack.push((at, true));
            for dependency in entry.dependencies(lock) {
                let key = (
                    &*dependency.name,
                    &dependency.version,
                    dependency.source.as_deref(),
                );
                if let Some(&at) = place.get(&key) {
                    stack.push((at, false));
                }
            }
        }
        order
    }

    /// What the plan says is in the way, and what brings another line in without a release for it.
    fn blocking(&self, target: Line) -> Vec<Subject> {
        let line = target.to_string();
        let rows = self.plan.targets.iter().filter(|row| row.line == line);
        let options = self.plan.options.iter();
        let options = options.filter(|option| option.target.as_ref() == Some(&line));
        let blockers = rows
            .flat_map(|row| &row.blockers)
            .chain(options.flat_map(|option| &option.waits_for));
        let mut found: BTreeMap<(String, Option<Version>), Subject> = BTreeMap::new();
        for blocker in blockers {
            let version = blocker
                .version
                .as_deref()
                .and_then(|text| text.parse().ok());
            for mut subject in self.find(&blocker.package, version.as_ref(), Reason::Blocks) {
                subject.because.push(blocker.because.clone());
                subject.through.extend(blocker.culprit.clone());
                subject.outlook = blocker.outlook.clone();
                merge(&mut found, subject);
            }
        }
        for finding in &self.report.findings {
            if let Some(subject) = self.introducer(finding, &line) {
                merge(&mut found, subject);
            }
        }
        let mut found: Vec<Subject> = found.into_values().collect();
        for subject in &mut found {
            subject.because.sort();
            subject.because.dedup();
            subject.through.sort();
            subject.through.dedup();
        }
        found
    }

    /// The introducer that a finding is about, where it does harm and no release of it will do.
    fn introducer(&self, finding: &Finding, target: &str) -> Option<Subject> {
        let Some(graph) = &self.graph else {
            return self.refused(finding);
        };
        let harmful = match finding.verdict? {
            Verdict::Unresolvable
            | Verdict::Lost
            | Verdict::Split
            | Verdict::TypeClash
            | Verdict::Unknown => true,
            Verdict::Latent | Verdict::Confined | Verdict::Benign => false,
        };
        let label = finding.introducer.as_deref()?;
        let line = finding.line.as_deref()?;
        if !harmful || line == target || self.family.title != self.plan.family {
            return None;
        }
        let mut all = graph.packages.iter();
        let (_, package) = all.find(|(number, _)| graph.packages.label(*number) == label)?;
        // What a package does to its own artifacts alone is not in the way of others.
        let of_itself = finding
            .artifact
            .as_deref()
            .is_some_and(|id| id.split('/').next() == Some(package.name()));
        if of_itself && package.in_workspace() || self.family.is_anchor(package.name()) {
            return None;
        }
        let target_line: Line = target.parse().ok()?;
        let companions = graph.matrix.companions.iter();
        let mut companions = companions.filter(|one| one.name == package.name());
        let released = companions.any(|one| one.problem.is_none() && one.serves(target_line));
        if released && package.source().external_source().is_some_and(is_registry) {
            return None;
        }
        let mut subject = self.of_package(package, label.to_owned(), Reason::Blocks);
        subject.because.push(format!(
            "`{}` brings in line {line}, and nothing that is released of it is on line {target}",
            package.name()
        ));
        if !package.source().external_source().is_some_and(is_registry) {
            subject.because = vec![format!("`{}` brings in line {line}", package.name())];
        }
        subject.through = through(finding);
        Some(subject)
    }

    /// The package of the tree whose requirement cargo refuses.
    fn refused(&self, finding: &Finding) -> Option<Subject> {
        let (name, version) = facts::package(finding.introducer.as_deref()?)?;
        let found = self.declared(&name, Some(&version), Reason::Blocks);
        let of_tree = |one: &Subject| {
            let manifest = one.manifest.as_ref();
            manifest.is_some_and(|path| self.manifests.contains_key(path))
        };
        let mut subject = found.into_iter().find(of_tree)?;
        subject.because.push(finding.message.clone());
        subject.through = through(finding);
        Some(subject)
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

    /// Targets by what a manifest and the folder around it say.
    fn declared_targets(&self, manifest: &Utf8Path) -> Vec<TargetRoot> {
        let text = self.manifests.get(manifest).map(ToString::to_string);
        let text = text.or_else(|| crate::workspace::manifest::read(manifest).ok());
        let Some(text) = text else {
            return Vec::new();
        };
        let edition = Manifest::parse(manifest, text.clone()).ok();
        let edition = edition.and_then(|manifest| manifest.edition);
        let edition = edition
            .as_deref()
            .map_or_else(Edition::default, Edition::of);
        let folder = manifest.parent().unwrap_or(manifest);
        let files = crate::plan::shadow::target_files(folder, &text).into_iter();
        let code = files.filter(|file| file.extension() == Some("rs") && file.is_file());
        code.map(|file| TargetRoot {
            name: file.file_stem().unwrap_or_default().to_owned(),
            file,
            edition,
        })
        .collect()
    }

    /// A package where cargo does not resolve the workspace: of the tree, else by what the lock and
    /// the manifests say.
    fn declared(&self, name: &str, version: Option<&Version>, reason: Reason) -> Vec<Subject> {
        let subject =
            |origin, manifest: Option<Utf8PathBuf>, version: Option<Version>, own| Subject {
                label: match &version {
                    Some(version) => format!("{name}@{version}"),
                    None => name.to_owned(),
                },
                name: name.to_owned(),
                version,
                origin,
                own,
                targets: manifest
                    .as_deref()
                    .map_or_else(Vec::new, |manifest| self.declared_targets(manifest)),
                features: vec!["default".to_owned()],
                manifest,
                reason,
                because: Vec::new(),
                through: Vec::new(),
                outlook: None,
            };
        for (path, text) in self.manifests {
            let parsed = Manifest::parse(path, text.to_string()).ok();
            if parsed.and_then(|manifest| manifest.package).as_deref() == Some(name) {
                let texts = super::text::Texts::of_tree(path, self.root, self.manifests);
                let declared = texts.word("version").and_then(|text| text.parse().ok());
                if version.is_none_or(|version| Some(version) == declared.as_ref()) {
                    let own = path.starts_with(self.root);
                    return vec![subject(self.path(path), Some(path.clone()), declared, own)];
                }
            }
        }
        let locked = self.lock.iter().flat_map(|lock| lock.named(name));
        let mut found: Vec<Subject> = locked
            .filter(|entry| version.is_none_or(|version| entry.version == *version))
            .filter_map(|entry| {
                let source = entry.source.as_deref()?;
                let folder = is_registry(source).then(|| unpacked(name, &entry.version));
                let manifest = folder.flatten().map(|folder| folder.join("Cargo.toml"));
                Some(subject(
                    origin(source),
                    manifest,
                    Some(entry.version.clone()),
                    false,
                ))
            })
            .collect();
        if found.is_empty() && reason == Reason::Blocks {
            let manifest = version.and_then(|version| unpacked(name, version));
            let registry = crate::registry::RegistryId::default_registry().to_string();
            found.push(subject(
                Origin::Registry { registry },
                manifest.map(|folder| folder.join("Cargo.toml")),
                version.cloned(),
                false,
            ));
        }
        found
    }
}

/// The requirements of the workspace through which a finding comes about.
fn through(finding: &Finding) -> Vec<String> {
    let all = finding.culprit.iter().chain(&finding.also_through);
    all.map(|one| match one.line {
        Some(at) => format!("{}:{at}: {}", one.file, one.requirement),
        None => format!("{}: {}", one.file, one.requirement),
    })
    .collect()
}

/// A target of a package as its source is read.
fn target(target: guppy::graph::BuildTarget<'_>) -> TargetRoot {
    TargetRoot {
        name: target.name().to_owned(),
        file: target.path().to_owned(),
        edition: Edition::of(target.edition()),
    }
}

fn merge(found: &mut BTreeMap<(String, Option<Version>), Subject>, subject: Subject) {
    let key = (subject.name.clone(), subject.version.clone());
    match found.get_mut(&key) {
        Some(known) => {
            known.because.extend(subject.because);
            known.through.extend(subject.through);
            known.outlook = known.outlook.take().or(subject.outlook);
        }
        None => {
            found.insert(key, subject);
        }
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
