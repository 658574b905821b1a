//! Loads a workspace: from cargo, or from saved metadata.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use guppy::CargoMetadata;
use guppy::graph::PackageGraph;
use guppy::graph::cargo::CargoResolverVersion;
use rayon::prelude::*;
use serde::Serialize;

use super::answer::{Answer, failed, metadata, partial};
use super::cargo::{Cargo, Metadata, Refusal, find_manifest, host_triple};
use super::resolve_error::{self, ResolveError};
use super::trim::{ResolvedLinks, trim};
use super::{Declared, Manifest, WorkspaceError};

/// How to read a workspace.
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    pub manifest: Option<Utf8PathBuf>,
    /// Saved metadata: a file, or `-` for standard input.
    pub metadata: Option<Utf8PathBuf>,
    pub cargo: Cargo,
    /// Names of the crates that matter: packages that cannot reach any of them are left out of the
    /// graph, see [`super::trim`]. None for the whole graph.
    pub matter: Option<BTreeSet<String>>,
}

/// How much of the workspace the graph covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Completeness {
    /// All features of the members.
    Full,
    /// Default features only; what others would bring in is unknown.
    Partial { reason: String },
}

/// A workspace that cargo resolved.
pub struct Workspace {
    pub root: Utf8PathBuf,
    pub graph: PackageGraph,
    pub completeness: Completeness,
    /// Manifests of the members and of the root, by path. Absent where the file is not on disk.
    pub manifests: BTreeMap<Utf8PathBuf, Manifest>,
    pub resolver: CargoResolverVersion,
    /// What `rustc` calls this machine; none where it was not asked.
    pub host: Option<String>,
    /// (package, dependency) pairs that cargo says it ignores, having no library.
    pub ignored: Vec<(String, String)>,
    /// What each package was resolved to, those left out of the graph included.
    pub links: ResolvedLinks,
}

/// A workspace that cargo could not resolve.
pub struct Unresolvable {
    pub root: Utf8PathBuf,
    pub error: ResolveError,
    /// The command that shows it again.
    pub command: String,
    pub manifests: BTreeMap<Utf8PathBuf, Manifest>,
}

/// What came of loading.
pub enum Loaded {
    Resolved(Box<Workspace>),
    Unresolvable(Box<Unresolvable>),
}

/// Loads a workspace.
///
/// # Errors
/// Whatever keeps it from being read; a failed resolution is none.
pub fn load(options: &LoadOptions) -> Result<Loaded, WorkspaceError> {
    if let Some(path) = &options.metadata {
        return Ok(Loaded::Resolved(Box::new(saved(path, options)?)));
    }
    let manifest = find_manifest(options.manifest.as_deref())?;
    // A broken manifest is better told from its own parse than from cargo's words about it.
    Manifest::read(&manifest)?;
    // Asking rustc costs nothing while cargo is at work.
    let (answer, host) = rayon::join(|| metadata(&options.cargo, &manifest), host_triple);
    match answer? {
        Answer::Graph {
            metadata: Metadata { json, rest },
            completeness,
        } => {
            let (read, stderr) = (
                assemble("cargo's output", &json, options, host),
                rest.wait()?,
            );
            // Cargo failing after its answer says more than an answer cut short.
            let stderr = stderr.map_err(failed)?;
            Ok(Loaded::Resolved(Box::new(Workspace {
                completeness,
                ignored: resolve_error::ignored_dependencies(&stderr),
                ..read?
            })))
        }
        Answer::Unresolvable(refusal) => Ok(Loaded::Unresolvable(Box::new(unresolvable(
            &manifest, refusal,
        )))),
    }
}

/// Asks cargo about a copy of a workspace, with all features or with default ones: metadata, and what
/// it says besides.
pub type Ask<'a> =
    &'a (dyn Fn(bool) -> Result<Result<(String, String), Refusal>, WorkspaceError> + Sync);

/// Loads a workspace by way of a copy, so that cargo writes nothing where it really is.
///
/// # Errors
/// As [`load`].
pub fn load_copy(
    manifest: &Utf8Path,
    options: &LoadOptions,
    ask: Ask<'_>,
) -> Result<Loaded, WorkspaceError> {
    let (answer, host) = rayon::join(|| ask(true), host_triple);
    let resolved = |(json, stderr): (String, String), completeness| {
        let read = assemble("cargo's output", &json, options, host.clone())?;
        Ok(Loaded::Resolved(Box::new(Workspace {
            completeness,
            ignored: resolve_error::ignored_dependencies(&stderr),
            ..read
        })))
    };
    let refusal = match answer? {
        Ok(answer) => return resolved(answer, Completeness::Full),
        Err(refusal) => refusal,
    };
    if resolve_error::is_resolution_failure(&refusal.stderr) {
        let failure = unresolvable(manifest, refusal);
        return Ok(Loaded::Unresolvable(Box::new(failure)));
    }
    if !resolve_error::is_network_failure(&refusal.stderr) {
        return Err(failed(refusal));
    }
    resolved(ask(false)?.map_err(failed)?, partial())
}

/// A workspace from cargo's answer about a copy of it, in which these manifests have other texts.
///
/// # Errors
/// Where the answer is no metadata, or a manifest is broken.
pub fn of_answer(
    json: &str,
    stderr: &str,
    options: &LoadOptions,
    host: Option<String>,
    texts: &BTreeMap<Utf8PathBuf, String>,
) -> Result<Workspace, WorkspaceError> {
    let mut workspace = assemble("cargo's output", json, options, host)?;
    for (path, text) in texts {
        if let Some(manifest) = workspace.manifests.get_mut(path) {
            *manifest = Manifest::parse(path, text.clone())?;
        }
    }
    workspace.ignored = resolve_error::ignored_dependencies(stderr);
    Ok(workspace)
}

/// A workspace from saved metadata. Which features it was made with is seen from what it lacks.
fn saved(path: &Utf8Path, options: &LoadOptions) -> Result<Workspace, WorkspaceError> {
    let json = super::saved::read(path)?;
    let from = if path == "-" {
        "standard input"
    } else {
        path.as_str()
    };
    let mut workspace = assemble(from, &json, options, None)?;
    if super::saved::is_without_graph(&json) {
        return Err(WorkspaceError::Metadata {
            path: from.to_owned(),
            message: "it holds no dependency graph; was it made with `--no-deps`?".into(),
        });
    }
    for (path, manifest) in super::saved::manifests(&json) {
        workspace.manifests.entry(path).or_insert(manifest);
    }
    let absent = workspace.unresolved();
    if !absent.is_empty() {
        workspace.completeness = Completeness::Partial {
            reason: format!(
                "the metadata lacks {} optional requirements of the members: it was made without \
                 `--all-features`",
                absent.len()
            ),
        };
    }
    Ok(workspace)
}

fn assemble(
    from: &str,
    json: &str,
    options: &LoadOptions,
    host: Option<String>,
) -> Result<Workspace, WorkspaceError> {
    let unusable = |error: guppy::Error| WorkspaceError::Metadata {
        path: from.to_owned(),
        message: cause(&error),
    };
    let graph = |json: &str| CargoMetadata::parse_json(json)?.build_graph();
    let matter = options.matter.as_ref();
    let trimmed = matter.and_then(|matter| trim(json, &|name| matter.contains(name)));
    let trimmed = trimmed.and_then(|part| Some((graph(&part.json).ok()?, part.links)));
    let (graph, links) = match trimmed {
        Some(part) => part,
        // What is wrong with it, is said of the whole.
        None => {
            let graph = graph(json).map_err(unusable)?;
            let links = ResolvedLinks::all(&graph);
            (graph, links)
        }
    };
    let root = graph.workspace().root().to_owned();
    let mut paths: Vec<_> = graph
        .workspace()
        .iter()
        .map(|member| member.manifest_path().to_owned())
        .collect();
    paths.push(root.join("Cargo.toml"));
    paths.sort();
    paths.dedup();
    // guppy builds the graph of features when it is first asked for; everything after needs it.
    let (manifests, _) = rayon::join(|| read_manifests(&paths), || graph.feature_graph());
    let manifests = manifests?;
    let resolver = resolver(&graph, manifests.get(&root.join("Cargo.toml")));
    Ok(Workspace {
        root,
        graph,
        completeness: Completeness::Full,
        manifests,
        resolver,
        host,
        ignored: Vec::new(),
        links,
    })
}

/// An error with those behind it, in one line.
fn cause(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut at = error.source();
    while let Some(source) = at {
        text = format!("{text}: {source}");
        at = source.source();
    }
    text
}

/// Reads those that exist. Metadata of another machine names files that are not on this one.
fn read_manifests(
    paths: &[Utf8PathBuf],
) -> Result<BTreeMap<Utf8PathBuf, Manifest>, WorkspaceError> {
    paths
        .par_iter()
        .filter(|path| path.is_file())
        .map(|path| Ok((path.clone(), Manifest::read(path)?)))
        .collect()
}

/// The feature resolver in force: as declared, else by the root package's edition, else the first.
fn resolver(graph: &PackageGraph, root: Option<&Manifest>) -> CargoResolverVersion {
    let declared = root.and_then(|manifest| manifest.resolver.as_deref());
    match declared {
        Some("1") => return CargoResolverVersion::V1,
        Some("2") => return CargoResolverVersion::V2,
        Some(_) => return CargoResolverVersion::V3,
        None => {}
    }
    let root_package = graph
        .workspace()
        .iter_by_path()
        .find(|(path, _)| path.as_str().is_empty());
    match (root_package.map(|(_, package)| package.edition()), root) {
        (Some("2015" | "2018"), _) => CargoResolverVersion::V1,
        (Some("2021"), _) => CargoResolverVersion::V2,
        (Some(_), _) => CargoResolverVersion::V3,
        // A virtual manifest without `resolver` means the first one; where the manifest is not at
        // hand, nearly every workspace of these years declares the second.
        (None, Some(_)) => CargoResolverVersion::V1,
        (None, None) => CargoResolverVersion::V2,
    }
}

/// The members' manifests as far as they can be found without cargo.
fn unresolvable(manifest: &Utf8Path, refusal: Refusal) -> Unresolvable {
    let error = resolve_error::parse(&refusal.stderr);
    let root = super::members::workspace_root(manifest);
    let members = super::members::manifests(&root);
    let mut manifests: BTreeMap<Utf8PathBuf, Manifest> = members
        .into_iter()
        .map(|manifest| (manifest.path.clone(), manifest))
        .collect();
    let chains = error.chain.iter().chain(&error.other_chain);
    let others = chains.filter_map(|step| Some(step.path.as_ref()?.join("Cargo.toml")));
    for path in others.chain([manifest.to_owned()]) {
        if !manifests.contains_key(&path)
            && let Ok(manifest) = Manifest::read(&path)
        {
            manifests.insert(path, manifest);
        }
    }
    Unresolvable {
        root,
        error,
        command: refusal.command,
        manifests,
    }
}

impl Workspace {
    /// Optional requirements of members for which the graph has no package.
    pub fn unresolved(&self) -> Vec<(&Manifest, &Declared)> {
        let mut absent = Vec::new();
        for member in self.graph.workspace().iter() {
            let Some(manifest) = self.manifests.get(member.manifest_path()) else {
                continue;
            };
            let links = self.links.of(member.id());
            for declared in &manifest.dependencies {
                if declared.optional && !links.iter().any(|link| link.is_of(declared)) {
                    absent.push((manifest, declared));
                }
            }
        }
        absent
    }

    /// The member that a package spec names: `NAME`, `NAME@VERSION`, or its id.
    ///
    /// # Errors
    /// [`WorkspaceError::UnknownPackage`], with the nearest name.
    pub fn member(&self, spec: &str) -> Result<guppy::PackageId, WorkspaceError> {
        let (name, version) = match spec.split_once('@') {
            Some((name, version)) => (name, Some(version)),
            None => (spec, None),
        };
        let found = self.graph.workspace().iter().find(|member| {
            let version = version.is_none_or(|version| member.version().to_string() == version);
            member.id().repr() == spec || (member.name() == name && version)
        });
        found.map(|member| member.id().clone()).ok_or_else(|| {
            let near = self
                .graph
                .workspace()
                .iter()
                .map(|member| member.name())
                .filter(|member| member.contains(name) || name.contains(member))
                .min();
            WorkspaceError::UnknownPackage {
                name: spec.to_owned(),
                hint: near.map_or_else(String::new, |near| format!("; did you mean `{near}`?")),
            }
        })
    }
}
