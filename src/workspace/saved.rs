//! Saved metadata, and what it says of the members' requirements where their manifests are not at hand.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;

use super::manifest::{Declared, DependencyTable};
use super::{Manifest, WorkspaceError};

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    edition: String,
    #[serde(default)]
    rust_version: Option<String>,
    manifest_path: Utf8PathBuf,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    req: String,
    kind: Option<String>,
    rename: Option<String>,
    optional: bool,
    uses_default_features: bool,
    features: Vec<String>,
    target: Option<String>,
    path: Option<String>,
}

/// The text of saved metadata; `-` is standard input.
///
/// # Errors
/// Where it cannot be read.
pub fn read(path: &Utf8Path) -> Result<String, WorkspaceError> {
    if path != "-" {
        return super::manifest::read(path);
    }
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|source| WorkspaceError::Read {
            path: "standard input".into(),
            source,
        })?;
    Ok(text)
}

/// The members' manifests as the metadata gives them: without text, so without places.
///
/// Gives nothing where the text is no metadata; whoever needs the graph says so.
pub fn manifests(json: &str) -> BTreeMap<Utf8PathBuf, Manifest> {
    let Ok(metadata) = serde_json::from_str::<Metadata>(json) else {
        return BTreeMap::new();
    };
    metadata
        .packages
        .into_iter()
        .filter(|package| metadata.workspace_members.contains(&package.id))
        .map(|package| {
            let manifest = Manifest {
                path: package.manifest_path.clone(),
                text: Arc::from(""),
                package: Some(package.name),
                edition: Some(package.edition),
                rust_version: package.rust_version,
                inherits_rust_version: false,
                shared_rust_version: None,
                resolver: None,
                workspace: false,
                members: Vec::new(),
                exclude: Vec::new(),
                dependencies: package.dependencies.into_iter().map(declared).collect(),
                workspace_dependencies: Vec::new(),
            };
            (package.manifest_path, manifest)
        })
        .collect()
}

/// Whether metadata names packages and says nothing of what they resolve to.
pub fn is_without_graph(json: &str) -> bool {
    #[derive(Deserialize)]
    struct Resolved {
        resolve: Option<serde::de::IgnoredAny>,
    }
    serde_json::from_str::<Resolved>(json).is_ok_and(|metadata| metadata.resolve.is_none())
}

fn declared(dependency: Dependency) -> Declared {
    Declared {
        key: dependency.rename.unwrap_or_else(|| dependency.name.clone()),
        package: dependency.name,
        requirement: Some(dependency.req),
        table: match dependency.kind.as_deref() {
            Some("dev") => DependencyTable::Dev,
            Some("build") => DependencyTable::Build,
            Some(_) | None => DependencyTable::Normal,
        },
        platform: dependency.target,
        inherited: false,
        optional: dependency.optional,
        default_features: dependency.uses_default_features,
        features: dependency.features,
        path: dependency.path,
        git: None,
        span: 0..0,
    }
}
