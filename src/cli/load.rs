//! What every command that needs the graph does first.

use std::collections::BTreeSet;

use camino::Utf8Path;
use guppy::PackageId;

use crate::plan::shadow::Shadow;
use crate::policy::{Policy, ShippedBuild};
use crate::rules::Rules;
use crate::skew;
use crate::workspace::build::{Target, platform};
use crate::workspace::cargo::Cargo;
use crate::workspace::load::{LoadOptions, Loaded, Unresolvable, load, load_copy};
use crate::workspace::{Features, Packages, Selection, Workspace, WorkspaceError};

use super::args::Common;
use super::output::CliError;
use super::policy::judges_all;

/// Loads the workspace that the flags name.
///
/// # Errors
/// Whatever keeps it from being read.
pub fn loaded(common: &Common, policy: Option<&Policy>) -> Result<Loaded, WorkspaceError> {
    load(&options(common, policy))
}

/// Loads the whole graph, packages that have nothing to do with any family included.
///
/// # Errors
/// As [`loaded`].
pub fn whole(common: &Common) -> Result<Loaded, WorkspaceError> {
    let whole = LoadOptions {
        matter: None,
        ..options(common, None)
    };
    load(&whole)
}

/// The same by way of a copy: the lock, which cargo completes where it may, is not touched.
///
/// # Errors
/// Whatever keeps it from being read.
pub fn loaded_aside(
    common: &Common,
    policy: Option<&Policy>,
    manifest: &Utf8Path,
    shadow: &Shadow,
) -> Result<Loaded, WorkspaceError> {
    let options = options(common, policy);
    if common.locked || common.frozen {
        return load(&options);
    }
    let ask = |all_features| shadow.metadata_with(&options.cargo, all_features);
    load_copy(manifest, &options, &ask)
}

fn options(common: &Common, policy: Option<&Policy>) -> LoadOptions {
    LoadOptions {
        manifest: common.manifest_path.clone(),
        metadata: common.metadata_path.clone(),
        cargo: Cargo {
            locked: common.locked,
            offline: common.offline,
            frozen: common.frozen,
        },
        matter: matter(common, policy),
    }
}

/// The crates that must be reached by what is kept of the graph; none where all of it is needed, since
/// features are named: whether one exists, only the whole graph knows.
pub fn matter(common: &Common, policy: Option<&Policy>) -> Option<BTreeSet<String>> {
    let builds = policy.map_or(&[][..], |policy| &policy.builds);
    let named = !common.features.is_empty() || builds.iter().any(|one| !one.features.is_empty());
    (!named).then(|| Rules::shipped().named_crates())
}

/// Loads a workspace for a command that has no answer for one that cargo cannot resolve.
///
/// # Errors
/// Also where cargo cannot resolve it.
pub fn resolved(common: &Common, policy: Option<&Policy>) -> Result<Box<Workspace>, CliError> {
    match loaded(common, policy)? {
        Loaded::Resolved(workspace) => Ok(workspace),
        Loaded::Unresolvable(failure) => Err(unresolved(&failure)),
    }
}

/// That cargo cannot resolve it, for a command that has nothing to say then.
pub fn unresolved(failure: &Unresolvable) -> CliError {
    CliError::Other {
        message: format!(
            "cargo cannot resolve this workspace: {}",
            failure.error.message
        ),
        help: "`cargo otel-check check` explains it".into(),
    }
}

/// The builds that the flags stand for; where they leave it open, those that the policy names.
///
/// # Errors
/// Where they name a package, feature or platform that does not exist.
pub fn request(
    common: &Common,
    policy: Option<&Policy>,
    workspace: &Workspace,
) -> Result<skew::Request, WorkspaceError> {
    let builds = policy.map_or(&[][..], |policy| &policy.builds);
    if judges_all(common) && !builds.is_empty() {
        let commands = builds.iter().map(|build| shipped(build, workspace));
        return Ok(skew::Request {
            commands: commands.collect::<Result<_, _>>()?,
        });
    }
    let named = common.features.iter();
    let features = Features {
        all: common.all_features,
        no_default: common.no_default_features,
        named: named.flat_map(|list| names(list)).collect(),
    };
    let selection = selection(common, workspace)?;
    let command = command(selection, features, &common.target, workspace)?;
    Ok(skew::Request {
        commands: vec![command],
    })
}

/// A build of the policy.
fn shipped(build: &ShippedBuild, workspace: &Workspace) -> Result<skew::Command, WorkspaceError> {
    let selection = match build.packages.is_empty() {
        true => Selection::Workspace {
            excluded: Vec::new(),
        },
        false => Selection::Packages(ids(&build.packages, workspace)?),
    };
    let features = Features {
        all: build.all_features,
        no_default: build.no_default_features,
        named: build.features.iter().flat_map(|list| names(list)).collect(),
    };
    command(Some(selection), features, &build.targets, workspace)
}

/// Why a build of the policy cannot be judged, where it cannot.
pub fn refused(build: &ShippedBuild, workspace: &Workspace) -> Option<String> {
    let error = shipped(build, workspace).err()?;
    Some(error.to_string())
}

/// The names in a list as cargo takes it.
fn names(list: &str) -> impl Iterator<Item = String> {
    let names = list.split([',', ' ']).filter(|name| !name.is_empty());
    names.map(str::to_owned)
}

fn command(
    selection: Option<Selection>,
    features: Features,
    triples: &[String],
    workspace: &Workspace,
) -> Result<skew::Command, WorkspaceError> {
    let selected = selection.clone().unwrap_or(Selection::Workspace {
        excluded: Vec::new(),
    });
    if let Some(feature) = features.unknown(&workspace.graph, &selected) {
        return Err(WorkspaceError::UnknownFeature {
            feature: feature.to_owned(),
        });
    }
    Ok(skew::Command {
        selection,
        features,
        targets: targets(triples, workspace)?,
    })
}

/// The members that are named.
fn ids(specs: &[String], workspace: &Workspace) -> Result<Vec<PackageId>, WorkspaceError> {
    let found = specs.iter().map(|spec| workspace.member(spec));
    let mut ids = found.collect::<Result<Vec<_>, _>>()?;
    ids.sort();
    ids.dedup();
    Ok(ids)
}

fn selection(common: &Common, workspace: &Workspace) -> Result<Option<Selection>, WorkspaceError> {
    if !common.package.is_empty() {
        return Ok(Some(Selection::Packages(ids(&common.package, workspace)?)));
    }
    if common.workspace {
        let excluded = ids(&common.exclude, workspace)?;
        return Ok(Some(Selection::Workspace { excluded }));
    }
    Ok(None)
}

fn targets(triples: &[String], workspace: &Workspace) -> Result<Vec<Target>, WorkspaceError> {
    let host = match &workspace.host {
        Some(triple) => platform(triple)?,
        None => skew::this_platform()?,
    };
    if triples.is_empty() {
        return Ok(vec![Target::Platform {
            target: host.clone(),
            host,
        }]);
    }
    let targets = triples.iter();
    targets
        .map(|triple| {
            Ok(Target::Platform {
                target: platform(triple)?,
                host: host.clone(),
            })
        })
        .collect()
}

/// The link units of every family, as `check` judges them.
///
/// # Errors
/// Where the request names what the workspace has not.
pub fn units<'a, 'g>(
    workspace: &Workspace,
    packages: &Packages<'g>,
    rules: &'a Rules,
    request: &skew::Request,
) -> Result<Vec<FamilyUnits<'a, 'g>>, WorkspaceError> {
    rules
        .families
        .iter()
        .map(|family| {
            let graph = skew::family::FamilyGraph::new(family, packages);
            let units = skew::units(workspace, packages, &graph, request)?;
            Ok((family, graph, units))
        })
        .collect()
}

/// A family with its view of the graph and what the builds link of it.
pub type FamilyUnits<'a, 'g> = (
    &'a crate::rules::Family,
    skew::family::FamilyGraph<'a>,
    Vec<skew::artifact::LinkUnit<'g>>,
);
