//! What one artifact links: the packages reachable from its root over the edges of one build.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use guppy::graph::cargo::CargoSet;
use guppy::graph::feature::{FeatureLabel, FeatureSet};
use guppy::graph::{PackageGraph, PackageLink, PackageMetadata};
use guppy::platform::{EnabledTernary, PlatformSpec};
use guppy::{DependencyKind, PackageId};

/// Packages of a graph by small consecutive numbers, in the order of their ids.
pub struct Packages<'g> {
    graph: &'g PackageGraph,
    list: Vec<PackageMetadata<'g>>,
    numbers: HashMap<&'g PackageId, usize>,
    labels: Vec<String>,
}

impl<'g> Packages<'g> {
    pub fn new(graph: &'g PackageGraph) -> Self {
        let mut list: Vec<_> = graph.packages().collect();
        list.sort_by_key(|package| package.id());
        let numbers = list
            .iter()
            .enumerate()
            .map(|(number, package)| (package.id(), number))
            .collect();
        let mut twins: HashMap<_, usize> = HashMap::new();
        for package in &list {
            *twins
                .entry((package.name(), package.version()))
                .or_default() += 1;
        }
        let labels = list
            .iter()
            .map(|package| label(*package, twins[&(package.name(), package.version())] > 1))
            .collect();
        Self {
            graph,
            list,
            numbers,
            labels,
        }
    }

    pub fn graph(&self) -> &'g PackageGraph {
        self.graph
    }

    pub fn get(&self, number: usize) -> PackageMetadata<'g> {
        self.list[number]
    }

    pub fn number(&self, id: &PackageId) -> usize {
        self.numbers[id]
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (usize, PackageMetadata<'g>)> + '_ {
        self.list.iter().copied().enumerate()
    }

    /// `name@version`, with the source behind it where another package of the graph is called the
    /// same.
    pub fn label(&self, number: usize) -> String {
        self.labels[number].clone()
    }
}

fn label(package: PackageMetadata<'_>, has_twin: bool) -> String {
    let plain = format!("{}@{}", package.name(), package.version());
    let source = package.source();
    if !has_twin || source.is_crates_io() {
        return plain;
    }
    match source.external_source() {
        Some(url) => format!("{plain} ({url})"),
        None => format!("{plain} (path)"),
    }
}

/// The edges along which one build links packages, and the features it gives them.
pub struct Links<'g> {
    /// Out of each package, as others link it: its normal dependencies.
    edges: Vec<Vec<PackageLink<'g>>>,
    /// The numbers of the edges' ends, in the same order.
    ends: Vec<Vec<usize>>,
    /// Out of a package that is itself a root, where that has further edges: dev-dependencies.
    roots: BTreeMap<usize, (Vec<usize>, Vec<PackageLink<'g>>)>,
    features: FeatureSet<'g>,
}

impl<'g> Links<'g> {
    /// What is built for the target: normal edges, and out of a root those of dev-dependencies
    /// where the build includes them.
    pub fn target(packages: &Packages<'g>, set: &CargoSet<'g>, platform: &PlatformSpec) -> Self {
        let links = set.target_links();
        Self::collect(packages, links, set.target_features(), platform)
    }

    /// What is built for the host: build scripts' dependencies and proc macros.
    pub fn host(packages: &Packages<'g>, set: &CargoSet<'g>, platform: &PlatformSpec) -> Self {
        let links = set.host_links().filter(|link| !link.to().is_proc_macro());
        Self::collect(packages, links, set.host_features(), platform)
    }

    fn collect(
        packages: &Packages<'g>,
        links: impl Iterator<Item = PackageLink<'g>>,
        features: &FeatureSet<'g>,
        platform: &PlatformSpec,
    ) -> Self {
        let mut numbered = vec![Vec::new(); packages.len()];
        let mut further: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        for link in links {
            let from = packages.number(link.from().id());
            let edge = (packages.number(link.to().id()), link);
            if is_enabled(&link, DependencyKind::Normal, features, platform) {
                numbered[from].push(edge);
            } else if link.dev().is_present() {
                further.entry(from).or_default().push(edge);
            }
        }
        for (from, list) in &mut further {
            list.extend_from_slice(&numbered[*from]);
        }
        let links = |mut list: Vec<(usize, PackageLink<'g>)>| {
            list.sort_by_key(|(to, _)| *to);
            list.into_iter().unzip()
        };
        let (ends, edges) = numbered.into_iter().map(links).unzip();
        let roots = further.into_iter().map(|(from, list)| (from, links(list)));
        Self {
            edges,
            ends,
            roots: roots.collect(),
            features: features.clone(),
        }
    }

    /// Features this build gives a package, optional dependencies by their names included.
    pub fn features(&self, id: &PackageId) -> BTreeSet<String> {
        let Ok(Some(list)) = self.features.features_for(id) else {
            return BTreeSet::new();
        };
        list.named_features()
            .chain(list.optional_deps())
            .map(str::to_owned)
            .collect()
    }

    /// Everything reachable from a root.
    pub fn closure(self: &Arc<Self>, root: usize) -> Closure<'g> {
        let (ends, edges) = match self.roots.get(&root) {
            Some((ends, edges)) => (ends.clone(), edges.clone()),
            None => (self.ends[root].clone(), self.edges[root].clone()),
        };
        self.close(root, edges, ends)
    }

    /// Everything reachable from a root whose first steps are the given edges.
    pub fn closure_from(
        self: &Arc<Self>,
        packages: &Packages<'g>,
        root: usize,
        first: &[PackageLink<'g>],
    ) -> Closure<'g> {
        let ends = first.iter().map(|link| packages.number(link.to().id()));
        let ends = ends.collect();
        self.close(root, first.to_vec(), ends)
    }

    fn close(
        self: &Arc<Self>,
        root: usize,
        first: Vec<PackageLink<'g>>,
        ends: Vec<usize>,
    ) -> Closure<'g> {
        let mut reached_by = vec![None; self.edges.len()];
        let mut members = vec![root];
        let mut at = 0;
        while at < members.len() {
            let number = members[at];
            at += 1;
            let (links, tos) = if number == root {
                (&first, &ends)
            } else {
                (&self.edges[number], &self.ends[number])
            };
            for (link, &to) in links.iter().zip(tos) {
                if to != root && reached_by[to].is_none() {
                    reached_by[to] = Some(*link);
                    members.push(to);
                }
            }
        }
        members.sort_unstable();
        Closure {
            root,
            members,
            reached_by,
            first,
            links: self.clone(),
        }
    }
}

/// Whether one kind of a dependency is enabled on a platform, with the features that a build gives.
/// Where the link has no other kind, its being part of the build says so already.
pub fn is_enabled(
    link: &PackageLink<'_>,
    kind: DependencyKind,
    features: &FeatureSet<'_>,
    platform: &PlatformSpec,
) -> bool {
    let kinds = [
        DependencyKind::Normal,
        DependencyKind::Development,
        DependencyKind::Build,
    ];
    let present = |kind: &DependencyKind| link.req_for_kind(*kind).is_present();
    if kinds.iter().filter(|kind| present(kind)).count() == 1 {
        return present(&kind);
    }
    let status = link.req_for_kind(kind).status();
    let optional = FeatureLabel::OptionalDependency(link.dep_name());
    // Not a feature at all where no kind of the dependency is optional.
    let chosen = features
        .contains((link.from().id(), optional))
        .unwrap_or(false);
    let enabled = if chosen {
        status.enabled_on(platform)
    } else {
        status.required_on(platform)
    };
    enabled != EnabledTernary::Disabled
}

/// The packages that one artifact links.
pub struct Closure<'g> {
    pub root: usize,
    members: Vec<usize>,
    /// By package: the first edge found into it.
    reached_by: Vec<Option<PackageLink<'g>>>,
    first: Vec<PackageLink<'g>>,
    links: Arc<Links<'g>>,
}

impl<'g> Closure<'g> {
    /// All packages, the root included, in ascending order.
    pub fn members(&self) -> &[usize] {
        &self.members
    }

    pub fn contains(&self, number: usize) -> bool {
        number == self.root || self.reached_by[number].is_some()
    }

    /// Edges out of a package inside the artifact.
    pub fn from(&self, number: usize) -> &[PackageLink<'g>] {
        if number == self.root {
            &self.first
        } else if self.contains(number) {
            &self.links.edges[number]
        } else {
            &[]
        }
    }

    /// The shortest way from the root: the edges in their order. Empty for the root itself.
    pub fn path(&self, packages: &Packages<'g>, to: usize) -> Vec<PackageLink<'g>> {
        let mut path = Vec::new();
        let mut at = to;
        while let Some(link) = self.reached_by[at].filter(|_| at != self.root) {
            path.push(link);
            at = packages.number(link.from().id());
        }
        path.reverse();
        path
    }
}
