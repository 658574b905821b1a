//! What every command that needs the graph does first.

use camino::Utf8Path;

use crate::plan::shadow::Shadow;
use crate::rules::Rules;
use crate::skew;
use crate::workspace::build::{Target, platform};
use crate::workspace::cargo::Cargo;
use crate::workspace::load::{LoadOptions, Loaded, Unresolvable, load, load_copy};
use crate::workspace::{Features, Packages, Selection, Workspace, WorkspaceError};

use super::args::Common;
use super::output::CliError;

/// Loads the workspace that the flags name.
///
/// # Errors
/// Whatever keeps it from being read.
pub fn loaded(common: &Common) -> Result<Loaded, WorkspaceError> {
    load(&options(common))
}

/// The same by way of a copy: the lock, which cargo completes where it may, is not touched.
///
/// # Errors
/// Whatever keeps it from being read.
pub fn loaded_aside(
    common: &Common,
    manifest: &Utf8Path,
    shadow: &Shadow,
) -> Result<Loaded, WorkspaceError> {
    let options = options(common);
    if common.locked || common.frozen {
        return load(&options);
    }
    let ask = |all_features| shadow.metadata_with(&options.cargo, all_features);
    load_copy(manifest, &options, &ask)
}

fn options(common: &Common) -> LoadOptions {
    LoadOptions {
        manifest: common.manifest_path.clone(),
        metadata: common.metadata_path.clone(),
        cargo: Cargo {
            locked: common.locked,
            offline: common.offline,
            frozen: common.frozen,
        },
        // Whether a feature exists, only the whole graph knows.
        matter: common
            .features
            .is_empty()
            .then(|| Rules::shipped().named_crates()),
    }
}

/// Loads a workspace for a command that has no answer for one that cargo cannot resolve.
///
/// # Errors
/// Also where cargo cannot resolve it.
pub fn resolved(common: &Common) -> Result<Box<Workspace>, CliError> {
    match loaded(common)? {
        Loaded::Resolved(workspace) => Ok(workspace),
        Loaded::Unresolvable(failure) => Err(unresolved(&failure)),
    }
}

fn unresolved(failure: &Unresolvable) -> CliError {
    CliError::Other {
        message: format!(
            "cargo cannot resolve this workspace: {}",
            failure.error.message
        ),
        help: "`cargo otel-check check` explains it".into(),
    }
}

/// The builds that the flags stand for.
///
/// # Errors
/// Where they name a package or platform that does not exist.
pub fn request(common: &Common, workspace: &Workspace) -> Result<skew::Request, WorkspaceError> {
    let named = common
        .features
        .iter()
        .flat_map(|list| list.split([',', ' ']))
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    let selection = selection(common, workspace)?;
    let features = Features {
        all: common.all_features,
        no_default: common.no_default_features,
        named,
    };
    let selected = selection.clone().unwrap_or(Selection::Workspace {
        excluded: Vec::new(),
    });
    if let Some(feature) = features.unknown(&workspace.graph, &selected) {
        return Err(WorkspaceError::UnknownFeature {
            feature: feature.to_owned(),
        });
    }
    Ok(skew::Request {
        selection,
        features,
        targets: targets(common, workspace)?,
    })
}

fn selection(common: &Common, workspace: &Workspace) -> Result<Option<Selection>, WorkspaceError> {
    let ids = |specs: &[String]| -> Result<Vec<_>, WorkspaceError> {
        let mut ids = specs
            .iter()
            .map(|spec| workspace.member(spec))
            .collect::<Result<Vec<_>, _>>()?;
        ids.sort();
        ids.dedup();
        Ok(ids)
    };
    if !common.package.is_empty() {
        return Ok(Some(Selection::Packages(ids(&common.package)?)));
    }
    if common.workspace {
        let excluded = ids(&common.exclude)?;
        return Ok(Some(Selection::Workspace { excluded }));
    }
    Ok(None)
}

fn targets(common: &Common, workspace: &Workspace) -> Result<Vec<Target>, WorkspaceError> {
    let host = match &workspace.host {
        Some(triple) => platform(triple)?,
        None => skew::this_platform()?,
    };
    if common.target.is_empty() {
        return Ok(vec![Target::Platform {
            target: host.clone(),
            host,
        }]);
    }
    let targets = common.target.iter();
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
