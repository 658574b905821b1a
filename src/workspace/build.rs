//! Builds: cargo commands whose results are judged, and guppy's simulation of them.

use std::sync::Arc;

use guppy::PackageId;
use guppy::graph::cargo::{CargoOptions, CargoResolverVersion, CargoSet, InitialsPlatform};
use guppy::graph::feature::{FeatureGraph, FeatureId, FeatureLabel, FeatureSet};
use guppy::graph::{DependencyDirection, PackageGraph, PackageMetadata};
use guppy::platform::{Platform, PlatformSpec, TargetFeatures};

use super::WorkspaceError;

/// Which members a build selects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Selection {
    /// `-p NAME`, one or more, in the order of their ids.
    Packages(Vec<PackageId>),
    /// `--workspace`, without those excluded.
    Workspace { excluded: Vec<PackageId> },
}

impl Selection {
    /// The members selected.
    pub fn members<'g>(&self, graph: &'g PackageGraph) -> Vec<PackageMetadata<'g>> {
        let mut members: Vec<_> = graph
            .workspace()
            .iter()
            .filter(|package| match self {
                Self::Packages(ids) => ids.contains(package.id()),
                Self::Workspace { excluded } => !excluded.contains(package.id()),
            })
            .collect();
        members.sort_by_key(|package| package.id());
        members
    }
}

/// Feature flags, as cargo has them.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Features {
    pub all: bool,
    pub no_default: bool,
    /// `NAME` or `PACKAGE/NAME`.
    pub named: Vec<String>,
}

/// A cargo command: packages, features, platform, and whether tests are part of it.
#[derive(Debug, Clone)]
pub struct Build {
    pub selection: Selection,
    pub features: Features,
    pub target: Target,
    pub dev: bool,
}

/// What code is built for.
#[derive(Debug, Clone)]
pub enum Target {
    /// One target triple, for a host of another or the same.
    Platform {
        target: Arc<Platform>,
        host: Arc<Platform>,
    },
    /// Every platform there is.
    Any,
}

impl Target {
    /// What target packages are built for, and what host packages are.
    pub fn specs(&self) -> (PlatformSpec, PlatformSpec) {
        match self {
            Self::Platform { target, host } => (target.clone().into(), host.clone().into()),
            Self::Any => (PlatformSpec::Any, PlatformSpec::Any),
        }
    }

    /// The triple, for people; `any` for every platform.
    pub fn triple(&self) -> &str {
        match self {
            Self::Platform { target, .. } => target.triple_str(),
            Self::Any => "any",
        }
    }
}

/// Reads a target triple.
///
/// # Errors
/// [`WorkspaceError::UnknownTarget`] where the name is unknown.
pub fn platform(triple: &str) -> Result<Arc<Platform>, WorkspaceError> {
    let platform = Platform::new(triple.to_owned(), TargetFeatures::Unknown);
    platform
        .map(Arc::new)
        .map_err(|error| WorkspaceError::UnknownTarget {
            triple: triple.to_owned(),
            message: error.to_string(),
        })
}

impl Features {
    /// The first of the named features that no selected package knows.
    pub fn unknown(&self, graph: &PackageGraph, selection: &Selection) -> Option<&str> {
        let members = selection.members(graph);
        let known = |wanted: &String| {
            members.iter().any(|package| {
                let (mut ids, mut of_dependencies) = (Vec::new(), Vec::new());
                select(*package, wanted, &mut ids, &mut of_dependencies);
                !ids.is_empty() || !of_dependencies.is_empty()
            })
        };
        let unknown = self.named.iter().find(|wanted| !known(wanted));
        unknown.map(String::as_str)
    }
}

impl Build {
    /// The command line behind `cargo build`, as a user would type it.
    pub fn command(&self, graph: &PackageGraph) -> String {
        let name = |id: &PackageId| match graph.metadata(id) {
            Ok(package) => package.name().to_owned(),
            Err(_) => id.to_string(),
        };
        let mut words = match &self.selection {
            Selection::Packages(ids) => ids.iter().map(|id| format!("-p {}", name(id))).collect(),
            Selection::Workspace { excluded } => {
                let mut words = vec!["--workspace".to_owned()];
                words.extend(excluded.iter().map(|id| format!("--exclude {}", name(id))));
                words
            }
        };
        if self.features.all {
            words.push("--all-features".into());
        }
        if self.features.no_default {
            words.push("--no-default-features".into());
        }
        if !self.features.named.is_empty() {
            words.push(format!("--features {}", self.features.named.join(",")));
        }
        words.join(" ")
    }

    /// Simulates the build.
    ///
    /// # Errors
    /// Where a feature is unknown to every selected package, or guppy refuses the graph.
    pub fn simulate<'g>(
        &self,
        graph: &'g PackageGraph,
        resolver: CargoResolverVersion,
    ) -> Result<CargoSet<'g>, WorkspaceError> {
        let mut options = CargoOptions::new();
        options.set_resolver(resolver).set_include_dev(self.dev);
        // `cargo build -p MACRO` builds it for the host; a test of a proc macro links it as a
        // library on the target too.
        if self.dev {
            options.set_initials_platform(InitialsPlatform::ProcMacrosOnTarget);
        }
        let (target, host) = self.target.specs();
        options.set_target_platform(target).set_host_platform(host);
        let (initials, features_only) = self.initials(graph)?;
        Ok(CargoSet::new(initials, features_only, &options)?)
    }

    fn initials<'g>(
        &self,
        graph: &'g PackageGraph,
    ) -> Result<(FeatureSet<'g>, FeatureSet<'g>), WorkspaceError> {
        let features = graph.feature_graph();
        let members = self.selection.members(graph);
        let mut ids = Vec::new();
        let mut dependency_ids = Vec::new();
        for package in &members {
            ids.push(FeatureId::base(package.id()));
            if self.features.all {
                let all = features.all_features_for(package.id())?;
                ids.extend(all.iter());
            } else if !self.features.no_default && package.has_default_feature() {
                ids.push(package.default_feature_id());
            }
        }
        for wanted in &self.features.named {
            // That some member has it was checked when the flags were read.
            for package in &members {
                select(*package, wanted, &mut ids, &mut dependency_ids);
            }
        }
        if self.dev {
            close_in_macros(&mut ids, features)?;
        }
        Ok((
            features.resolve_ids(ids)?,
            features.resolve_ids(dependency_ids)?,
        ))
    }
}

/// Adds the features of macros that their chosen features switch on. For a test of a macro guppy
/// follows none of them: it takes each for the start of a way to the host.
fn close_in_macros<'g>(
    ids: &mut Vec<FeatureId<'g>>,
    features: FeatureGraph<'g>,
) -> Result<(), WorkspaceError> {
    let query = features.query_forward(ids.iter().copied())?;
    let within =
        query.resolve_with_fn(|_, link| link.from().package_id() == link.to().package_id());
    for id in within.feature_ids(DependencyDirection::Forward) {
        let package = features.package_graph().metadata(id.package_id())?;
        if package.is_proc_macro() {
            ids.push(id);
        }
    }
    Ok(())
}

/// Adds what `--features WANTED` means for one selected package.
fn select<'g>(
    package: PackageMetadata<'g>,
    wanted: &str,
    ids: &mut Vec<FeatureId<'g>>,
    dependency_ids: &mut Vec<FeatureId<'g>>,
) {
    let graph = package.graph().feature_graph();
    let Ok(all) = graph.all_features_for(package.id()) else {
        return;
    };
    let find = |name: &str| {
        all.iter().find(|id| match id.label() {
            FeatureLabel::Named(label) | FeatureLabel::OptionalDependency(label) => label == name,
            FeatureLabel::Base => false,
        })
    };
    let Some((head, tail)) = wanted.split_once('/') else {
        ids.extend(find(wanted));
        return;
    };
    if head == package.name() {
        ids.extend(find(tail));
        return;
    }
    for link in package
        .direct_links()
        .filter(|link| link.dep_name() == head)
    {
        let Ok(theirs) = graph.all_features_for(link.to().id()) else {
            continue;
        };
        ids.extend(find(head));
        dependency_ids.extend(theirs.iter().find(|id| match id.label() {
            FeatureLabel::Named(label) => label == tail,
            FeatureLabel::Base | FeatureLabel::OptionalDependency(_) => false,
        }));
    }
}
