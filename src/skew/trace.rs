//! How something comes into an artifact: the path, and the requirement of the workspace at fault.

use std::collections::BTreeMap;

use camino::Utf8Path;
use guppy::graph::PackageLink;
use petgraph::algo::dominators::simple_fast;
use petgraph::graph::DiGraph;

use crate::report::{Culprit, PathStep};
use crate::workspace::manifest::DependencyTable;
use crate::workspace::{Closure, Declared, Manifest, Packages, Workspace};

/// The way from an artifact's package to an introducer, and on to the package it introduces.
pub struct Trace<'g> {
    pub links: Vec<PackageLink<'g>>,
    /// Position in `links` of the last requirement that stands in a manifest of the workspace.
    culprit: Option<usize>,
    /// Other such requirements that lead to the introducer.
    others: Vec<PackageLink<'g>>,
}

impl<'g> Trace<'g> {
    /// The way over `introducer` to the nearest of `targets`.
    pub fn new(
        packages: &Packages<'g>,
        closure: &Closure<'g>,
        introducer: usize,
        targets: &[usize],
    ) -> Self {
        let mut links = closure.path(packages, introducer);
        links.extend(tail(packages, closure, introducer, targets));
        let culprit = links.iter().rposition(|link| link.from().in_workspace());
        let others = culprit.map_or_else(Vec::new, |at| {
            others(packages, closure, introducer, &links[at])
        });
        Self {
            links,
            culprit,
            others,
        }
    }

    /// The requirement at fault.
    pub fn culprit(&self, workspace: &Workspace) -> Option<Culprit> {
        self.culprit.map(|at| locate(workspace, &self.links[at]))
    }

    /// The edge behind the requirement at fault.
    pub fn culprit_link(&self) -> Option<PackageLink<'g>> {
        self.culprit.map(|at| self.links[at])
    }

    pub fn also_through(&self, workspace: &Workspace) -> Vec<Culprit> {
        let first = self.culprit(workspace);
        let mut all: Vec<_> = self
            .others
            .iter()
            .map(|link| locate(workspace, link))
            .collect();
        all.retain(|culprit| Some(culprit) != first.as_ref());
        all.sort();
        all.dedup();
        all
    }

    pub fn steps(&self, packages: &Packages<'_>, root: usize) -> Vec<PathStep> {
        let mut steps = vec![PathStep {
            package: packages.label(root),
            requirement: None,
        }];
        steps.extend(self.links.iter().map(|link| PathStep {
            package: packages.label(packages.number(link.to().id())),
            requirement: Some(requirement(link)),
        }));
        steps
    }
}

/// An edge's requirement: its version, or that it is a path.
pub fn requirement(link: &PackageLink<'_>) -> String {
    match link.path() {
        Some(_) if *link.version_req() == semver::VersionReq::STAR => "path".to_owned(),
        _ => link.version_req().to_string(),
    }
}

/// The shortest way from a package to one of the targets inside the artifact.
fn tail<'g>(
    packages: &Packages<'g>,
    closure: &Closure<'g>,
    from: usize,
    targets: &[usize],
) -> Vec<PackageLink<'g>> {
    let mut reached: BTreeMap<usize, PackageLink<'g>> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        if targets.contains(&at) {
            let mut links = Vec::new();
            let mut at = at;
            while let Some(link) = reached.get(&at).filter(|_| at != from) {
                links.push(*link);
                at = packages.number(link.from().id());
            }
            links.reverse();
            return links;
        }
        for link in closure.from(at) {
            let to = packages.number(link.to().id());
            if to != from && !reached.contains_key(&to) {
                reached.insert(to, *link);
                queue.push_back(to);
            }
        }
    }
    Vec::new()
}

/// Requirements of other members that lead to the introducer too: those on the packages which
/// dominate it, where there are any, else all through which it can be reached.
fn others<'g>(
    packages: &Packages<'g>,
    closure: &Closure<'g>,
    introducer: usize,
    culprit: &PackageLink<'g>,
) -> Vec<PackageLink<'g>> {
    if packages.get(introducer).in_workspace() {
        return Vec::new();
    }
    let mut graph = DiGraph::<usize, ()>::new();
    let nodes: BTreeMap<usize, _> = closure
        .members()
        .iter()
        .map(|member| (*member, graph.add_node(*member)))
        .collect();
    for &member in closure.members() {
        for link in closure.from(member) {
            let to = packages.number(link.to().id());
            graph.add_edge(nodes[&member], nodes[&to], ());
        }
    }
    let dominators = simple_fast(&graph, nodes[&closure.root]);
    let dominating: Vec<usize> = dominators
        .dominators(nodes[&introducer])
        .into_iter()
        .flatten()
        .map(|node| graph[node])
        .filter(|number| !packages.get(*number).in_workspace())
        .collect();
    let entries = closure
        .members()
        .iter()
        .filter(|member| packages.get(**member).in_workspace())
        .flat_map(|member| closure.from(*member))
        .filter(|link| !link.to().in_workspace() && !same(link, culprit));
    let mut reverse = petgraph::algo::DfsSpace::new(&graph);
    entries
        .filter(|link| {
            let to = packages.number(link.to().id());
            if dominating.iter().any(|number| *number != introducer) {
                dominating.contains(&to)
            } else {
                petgraph::algo::has_path_connecting(
                    &graph,
                    nodes[&to],
                    nodes[&introducer],
                    Some(&mut reverse),
                )
            }
        })
        .copied()
        .collect()
}

/// Where an edge's requirement stands: in the member's manifest, or where it inherits it from.
pub fn locate(workspace: &Workspace, link: &PackageLink<'_>) -> Culprit {
    let path = link.from().manifest_path();
    let shown = |version: &str| format!("{} = \"{version}\"", link.to().name());
    let manifest = workspace.manifests.get(path);
    let declared = manifest.and_then(|manifest| {
        let mut of_kind = manifest.dependencies.iter().filter(|d| is(d, link));
        let enabled = |table: DependencyTable| match table {
            DependencyTable::Normal => link.normal().is_present(),
            DependencyTable::Dev => link.dev().is_present(),
            DependencyTable::Build => link.build().is_present(),
            DependencyTable::Workspace => false,
        };
        of_kind.find(|d| enabled(d.table))
    });
    let (Some(manifest), Some(declared)) = (manifest, declared) else {
        return Culprit {
            file: relative(&workspace.root, path),
            line: None,
            column: None,
            requirement: shown(&link.version_req().to_string()),
            span: (0, 0),
            inherited_by: None,
        };
    };
    if declared.inherited
        && let Some(root) = workspace.manifests.get(&workspace.root.join("Cargo.toml"))
        && let Some(shared) = root
            .workspace_dependencies
            .iter()
            .find(|d| d.key == declared.key)
    {
        let (line, _) = manifest.position(declared);
        let by = format!("{}:{line}", relative(&workspace.root, path));
        return culprit(workspace, root, shared, Some(by));
    }
    culprit(workspace, manifest, declared, None)
}

/// A declared dependency as a culprit.
pub fn culprit(
    workspace: &Workspace,
    manifest: &Manifest,
    declared: &Declared,
    inherited_by: Option<String>,
) -> Culprit {
    culprit_below(&workspace.root, manifest, declared, inherited_by)
}

/// As [`culprit`], where there is no resolved workspace.
pub fn culprit_below(
    root: &Utf8Path,
    manifest: &Manifest,
    declared: &Declared,
    inherited_by: Option<String>,
) -> Culprit {
    // Saved metadata has requirements without places.
    let (line, column) = if manifest.text.is_empty() {
        (None, None)
    } else {
        let (line, column) = manifest.position(declared);
        (Some(line), Some(column))
    };
    let requirement = match (&declared.requirement, &declared.path, &declared.git) {
        (Some(version), _, _) => format!("{} = \"{version}\"", declared.package),
        (None, Some(path), _) => format!("{} = {{ path = \"{path}\" }}", declared.package),
        (None, None, Some(git)) => format!("{} = {{ git = \"{git}\" }}", declared.package),
        (None, None, None) => declared.package.clone(),
    };
    Culprit {
        file: relative(root, &manifest.path),
        line,
        column,
        requirement,
        span: (declared.span.start, declared.span.len()),
        inherited_by,
    }
}

fn is(declared: &Declared, link: &PackageLink<'_>) -> bool {
    declared.key == link.dep_name() && declared.package == link.to().name()
}

/// A path as seen from the workspace root, with forward slashes.
pub fn relative(root: &Utf8Path, path: &Utf8Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .as_str()
        .replace('\\', "/")
}

fn same(a: &PackageLink<'_>, b: &PackageLink<'_>) -> bool {
    a.from().id() == b.from().id() && a.to().id() == b.to().id()
}
