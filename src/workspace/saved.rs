//! What saved metadata says of the members' requirements, where their manifests are not at hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::Utf8PathBuf;
use serde::Deserialize;

use super::Manifest;
use super::manifest::{Declared, DependencyTable};

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
