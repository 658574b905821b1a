//! Artifacts: what is linked at the end, in which builds, and with which closure.

use camino::Utf8PathBuf;
use guppy::DependencyKind;
use guppy::graph::cargo::CargoResolverVersion;
use guppy::graph::{BuildTargetId, BuildTargetKind, PackageMetadata};
use rayon::prelude::*;

use crate::report::{ArtifactClass, ArtifactKind};
use crate::workspace::closure::is_enabled;
use crate::workspace::{Build, Closure, Links, Packages, WorkspaceError};

use super::family::{FamilyGraph, LinkedFamily};

/// A cargo target that ends in a link, or runs during the build.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CargoTarget {
    pub kind: ArtifactKind,
    pub name: String,
    /// Its root source file.
    pub source: Utf8PathBuf,
    pub required_features: Vec<String>,
}

/// Everything one package links in one build: its targets of one class share it.
pub struct LinkUnit<'g> {
    pub package: usize,
    pub class: ArtifactClass,
    pub targets: Vec<CargoTarget>,
    /// The cargo command, as selection and feature flags.
    pub build: String,
    pub target: String,
    pub closure: Closure<'g>,
    pub linked: LinkedFamily,
    pub links: std::sync::Arc<Links<'g>>,
}

impl LinkUnit<'_> {
    /// Features that a target requires and this build does not give its package.
    pub fn missing_features(&self, packages: &Packages<'_>, target: &CargoTarget) -> Vec<String> {
        if target.required_features.is_empty() {
            return Vec::new();
        }
        let enabled = self.links.features(packages.get(self.package).id());
        let missing = target.required_features.iter();
        missing
            .filter(|feature| !enabled.contains(*feature))
            .cloned()
            .collect()
    }
}

/// What to simulate.
pub struct BuildPlan {
    pub builds: Vec<Build>,
    pub resolver: CargoResolverVersion,
    /// Leaves tests, examples, benches and what runs during the build out.
    pub shipped_only: bool,
}

/// Simulates every build and collects what its packages link, in the order of the builds.
///
/// # Errors
/// Where a build names what the workspace has not.
pub fn link_units<'g>(
    packages: &Packages<'g>,
    graph: &FamilyGraph<'_>,
    plan: &BuildPlan,
) -> Result<Vec<LinkUnit<'g>>, WorkspaceError> {
    let units: Result<Vec<Vec<_>>, _> = plan
        .builds
        .par_iter()
        .map(|build| simulate(packages, graph, build, plan))
        .collect();
    Ok(units?.into_iter().flatten().collect())
}

fn simulate<'g>(
    packages: &Packages<'g>,
    graph: &FamilyGraph<'_>,
    build: &Build,
    plan: &BuildPlan,
) -> Result<Vec<LinkUnit<'g>>, WorkspaceError> {
    let set = build.simulate(packages.graph(), plan.resolver)?;
    let (target_platform, host_platform) = build.target.specs();
    let links = std::sync::Arc::new(Links::target(packages, &set, &target_platform));
    let command = build.command(packages.graph());
    let mut units = Vec::new();
    let members = build.selection.members(packages.graph());
    for member in &members {
        let number = packages.number(member.id());
        if !graph.is_concerned(number) {
            continue;
        }
        for class in [ArtifactClass::Linked, ArtifactClass::Library] {
            let targets = targets(*member, class);
            if !targets.is_empty() {
                let closure = links.closure(number);
                units.push(unit(
                    packages,
                    graph,
                    build,
                    &command,
                    (number, class, targets),
                    closure,
                    &links,
                ));
            }
        }
    }
    if plan.shipped_only {
        return Ok(units);
    }
    let host = std::sync::Arc::new(Links::host(packages, &set, &host_platform));
    for (number, class, targets, first) in host_units(packages, graph, &set, &host_platform) {
        let closure = host.closure_from(packages, number, &first);
        units.push(unit(
            packages,
            graph,
            build,
            &command,
            (number, class, targets),
            closure,
            &host,
        ));
    }
    if members
        .iter()
        .any(|member| has_concerned_dev_dependency(packages, graph, *member))
    {
        units.extend(development(
            packages,
            graph,
            build,
            plan.resolver,
            &command,
        )?);
    }
    Ok(units)
}

/// Tests, examples and benches: the same build with dev-dependencies.
fn development<'g>(
    packages: &Packages<'g>,
    graph: &FamilyGraph<'_>,
    build: &Build,
    resolver: CargoResolverVersion,
    command: &str,
) -> Result<Vec<LinkUnit<'g>>, WorkspaceError> {
    let build = Build {
        dev: true,
        ..build.clone()
    };
    let set = build.simulate(packages.graph(), resolver)?;
    let (target_platform, _) = build.target.specs();
    let links = std::sync::Arc::new(Links::target(packages, &set, &target_platform));
    let mut units = Vec::new();
    for member in build.selection.members(packages.graph()) {
        let number = packages.number(member.id());
        let targets = targets(member, ArtifactClass::Development);
        if !graph.is_concerned(number) || targets.is_empty() {
            continue;
        }
        let closure = links.closure(number);
        units.push(unit(
            packages,
            graph,
            &build,
            command,
            (number, ArtifactClass::Development, targets),
            closure,
            &links,
        ));
    }
    Ok(units)
}

fn unit<'g>(
    packages: &Packages<'g>,
    graph: &FamilyGraph<'_>,
    build: &Build,
    command: &str,
    (package, class, targets): (usize, ArtifactClass, Vec<CargoTarget>),
    closure: Closure<'g>,
    links: &std::sync::Arc<Links<'g>>,
) -> LinkUnit<'g> {
    let linked = LinkedFamily::new(graph, packages, &closure);
    LinkUnit {
        package,
        class,
        targets,
        build: command.to_owned(),
        target: build.target.triple().to_owned(),
        closure,
        linked,
        links: links.clone(),
    }
}

fn has_concerned_dev_dependency(
    packages: &Packages<'_>,
    graph: &FamilyGraph<'_>,
    member: PackageMetadata<'_>,
) -> bool {
    member
        .direct_links()
        .any(|link| link.dev().is_present() && graph.is_concerned(packages.number(link.to().id())))
}

type HostUnit<'g> = (
    usize,
    ArtifactClass,
    Vec<CargoTarget>,
    Vec<guppy::graph::PackageLink<'g>>,
);

/// Build scripts and proc macros of a build that can have to do with the family.
fn host_units<'g>(
    packages: &Packages<'g>,
    graph: &FamilyGraph<'_>,
    set: &guppy::graph::cargo::CargoSet<'g>,
    platform: &guppy::platform::PlatformSpec,
) -> Vec<HostUnit<'g>> {
    let enabled = |link: &guppy::graph::PackageLink<'_>, kind| {
        is_enabled(link, kind, set.host_features(), platform)
    };
    let mut scripts: std::collections::BTreeMap<usize, Vec<_>> = Default::default();
    let host_builds = set
        .host_links()
        .filter(|link| enabled(link, DependencyKind::Build));
    // A script links no macro, it only has it run.
    let links = set.build_dep_links().chain(host_builds);
    for link in links.filter(|link| !link.to().is_proc_macro()) {
        scripts
            .entry(packages.number(link.from().id()))
            .or_default()
            .push(link);
    }
    let mut units = Vec::new();
    for (number, links) in scripts {
        let package = packages.get(number);
        if links
            .iter()
            .any(|link| graph.is_concerned(packages.number(link.to().id())))
        {
            let targets = host_targets(package, ArtifactKind::BuildScript);
            units.push((number, ArtifactClass::Host, targets, links));
        }
    }
    for package in set
        .host_features()
        .packages_with_features(guppy::graph::DependencyDirection::Forward)
    {
        let package = package.package();
        let number = packages.number(package.id());
        if package.is_proc_macro() && graph.is_concerned(number) {
            let links = set.host_links().filter(|link| {
                link.from().id() == package.id()
                    && enabled(link, DependencyKind::Normal)
                    && !link.to().is_proc_macro()
            });
            let targets = host_targets(*package, ArtifactKind::ProcMacro);
            units.push((number, ArtifactClass::Host, targets, links.collect()));
        }
    }
    units
}

fn host_targets(package: PackageMetadata<'_>, kind: ArtifactKind) -> Vec<CargoTarget> {
    all_targets(package)
        .into_iter()
        .filter(|target| target.kind == kind)
        .collect()
}

/// The targets of a class.
fn targets(package: PackageMetadata<'_>, class: ArtifactClass) -> Vec<CargoTarget> {
    let all = all_targets(package);
    let linked = |target: &CargoTarget| {
        matches!(
            target.kind,
            ArtifactKind::Bin
                | ArtifactKind::Cdylib
                | ArtifactKind::Dylib
                | ArtifactKind::Staticlib
        )
    };
    match class {
        ArtifactClass::Linked => all.into_iter().filter(linked).collect(),
        ArtifactClass::Library if all.iter().any(linked) => Vec::new(),
        ArtifactClass::Library => all
            .into_iter()
            .filter(|target| target.kind == ArtifactKind::Lib)
            .collect(),
        ArtifactClass::Development => {
            let (mut wanted, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|target| {
                matches!(
                    target.kind,
                    ArtifactKind::Test | ArtifactKind::Example | ArtifactKind::Bench
                )
            });
            // Unit tests link what the integration tests of the package link.
            let units = rest
                .into_iter()
                .filter(|target| !matches!(target.kind, ArtifactKind::BuildScript));
            for target in units {
                let taken = |t: &CargoTarget| t.kind == ArtifactKind::Test && t.name == target.name;
                if !wanted.iter().any(taken) {
                    wanted.push(CargoTarget {
                        kind: ArtifactKind::Test,
                        ..target
                    });
                }
            }
            wanted.sort();
            wanted
        }
        ArtifactClass::Host => Vec::new(),
    }
}

/// Every target of a package, with a library once for each crate type that ends in a link.
fn all_targets(package: PackageMetadata<'_>) -> Vec<CargoTarget> {
    let mut found = Vec::new();
    for target in package.build_targets() {
        let kinds: Vec<ArtifactKind> = match (target.id(), target.kind()) {
            (BuildTargetId::BuildScript, _) => vec![ArtifactKind::BuildScript],
            (_, BuildTargetKind::ProcMacro) => vec![ArtifactKind::ProcMacro],
            (BuildTargetId::Binary(_), _) => vec![ArtifactKind::Bin],
            (BuildTargetId::Example(_), _) => vec![ArtifactKind::Example],
            (BuildTargetId::Test(_), _) => vec![ArtifactKind::Test],
            (BuildTargetId::Benchmark(_), _) => vec![ArtifactKind::Bench],
            (_, BuildTargetKind::LibraryOrExample(types)) => {
                let mut kinds: Vec<_> = types.iter().map(|kind| library_kind(kind)).collect();
                kinds.sort();
                kinds.dedup();
                kinds
            }
            (_, _) => Vec::new(),
        };
        for kind in kinds {
            found.push(CargoTarget {
                kind,
                name: target.name().to_owned(),
                source: target.path().to_owned(),
                required_features: target.required_features().to_vec(),
            });
        }
    }
    found.sort();
    found
}

fn library_kind(crate_type: &str) -> ArtifactKind {
    match crate_type {
        "cdylib" => ArtifactKind::Cdylib,
        "dylib" => ArtifactKind::Dylib,
        "staticlib" => ArtifactKind::Staticlib,
        _ => ArtifactKind::Lib,
    }
}
