//! What one artifact links: the packages reachable from its root over the edges of one build.

use std::collections::{BTreeSet, HashMap, VecDeque};

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
        Self {
            graph,
            list,
            numbers,
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
        let package = self.list[number];
        let twin = self.list.iter().any(|other| {
            other.id() != package.id()
                && other.name() == package.name()
                && other.version() == package.version()
        });
        let plain = format!("{}@{}", package.name(), package.version());
        if !twin {
            return plain;
        }
        match package.source() {
            source if source.is_crates_io() => plain,
            source => match source.external_source() {
                Some(url) => format!("{plain} ({url})"),
                None => format!("{plain} (path)"),
            },
        }
    }
}

/// The edges along which one build links packages, and the features it gives them.
pub struct Links<'g> {
    /// Out of a root.
    edges: Vec<Vec<PackageLink<'g>>>,
    /// Out of what a root links: not the edges of its dev-dependencies.
    inner: Vec<Vec<PackageLink<'g>>>,
    features: FeatureSet<'g>,
}

impl<'g> Links<'g> {
    /// What is built for the target: normal edges, and out of a root those of dev-dependencies
    /// where the build includes them.
    pub fn target(packages: &Packages<'g>, set: &CargoSet<'g>, platform: &PlatformSpec) -> Self {
        Self::collect(
            packages,
            set.target_links(),
            set.target_features(),
            platform,
        )
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
        let mut edges = vec![Vec::new(); packages.len()];
        let mut inner = vec![Vec::new(); packages.len()];
        for link in links {
            let from = packages.number(link.from().id());
            if is_enabled(&link, DependencyKind::Normal, features, platform) {
                inner[from].push(link);
            }
            edges[from].push(link);
        }
        for list in edges.iter_mut().chain(&mut inner) {
            list.sort_by_key(|link: &PackageLink<'g>| link.to().id());
        }
        Self {
            edges,
            inner,
            features: features.clone(),
        }
    }

    /// Edges out of a package.
    pub fn from(&self, number: usize) -> &[PackageLink<'g>] {
        &self.edges[number]
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
    pub fn closure(&self, packages: &Packages<'g>, root: usize) -> Closure<'g> {
        self.closure_from(packages, root, self.from(root))
    }

    /// Everything reachable from a root whose first steps are the given edges.
    pub fn closure_from(
        &self,
        packages: &Packages<'g>,
        root: usize,
        first: &[PackageLink<'g>],
    ) -> Closure<'g> {
        let mut reached_by = HashMap::new();
        let mut members = vec![root];
        let mut queue = VecDeque::from([root]);
        while let Some(at) = queue.pop_front() {
            let links = if at == root { first } else { &self.inner[at] };
            for link in links {
                let to = packages.number(link.to().id());
                if to == root || reached_by.contains_key(&to) {
                    continue;
                }
                reached_by.insert(to, *link);
                members.push(to);
                queue.push_back(to);
            }
        }
        let mut links_from = HashMap::new();
        for &member in &members {
            let links = if member == root {
                first
            } else {
                &self.inner[member]
            };
            links_from.insert(member, links.to_vec());
        }
        members.sort_unstable();
        Closure {
            root,
            members,
            reached_by,
            links_from,
        }
    }
}

/// Whether one kind of a dependency is enabled on a platform, with the features that a build gives.
pub fn is_enabled(
    link: &PackageLink<'_>,
    kind: DependencyKind,
    features: &FeatureSet<'_>,
    platform: &PlatformSpec,
) -> bool {
    let status = link.req_for_kind(kind).status();
    let optional = FeatureLabel::OptionalDependency(link.dep_name());
    // Not a feature at all where the dependency is not optional.
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
    reached_by: HashMap<usize, PackageLink<'g>>,
    links_from: HashMap<usize, Vec<PackageLink<'g>>>,
}

impl<'g> Closure<'g> {
    /// All packages, the root included, in ascending order.
    pub fn members(&self) -> &[usize] {
        &self.members
    }

    pub fn contains(&self, number: usize) -> bool {
        self.links_from.contains_key(&number)
    }

    /// Edges out of a package inside the artifact.
    pub fn from(&self, number: usize) -> &[PackageLink<'g>] {
        self.links_from.get(&number).map_or(&[], Vec::as_slice)
    }

    /// Edges into a package inside the artifact.
    pub fn into(&self, packages: &Packages<'g>, number: usize) -> Vec<PackageLink<'g>> {
        let id = packages.get(number).id();
        self.members
            .iter()
            .flat_map(|member| self.from(*member))
            .filter(|link| link.to().id() == id)
            .copied()
            .collect()
    }

    /// The shortest way from the root: the edges in their order. Empty for the root itself.
    pub fn path(&self, packages: &Packages<'g>, to: usize) -> Vec<PackageLink<'g>> {
        let mut path = Vec::new();
        let mut at = to;
        while let Some(link) = self.reached_by.get(&at) {
            path.push(*link);
            at = packages.number(link.from().id());
        }
        path.reverse();
        path
    }
}
