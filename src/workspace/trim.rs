//! Leaves out of a graph what cannot have to do with the crates that matter.
//!
//! A package from which no crate that matters can be reached depends on none that does. So it
//! neither switches a feature of such a package on nor links one, and builds of the others are what
//! they are without it. Of eight hundred packages some sixty remain.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use guppy::graph::PackageGraph;
use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Declared;

/// Metadata of the packages that remain.
pub struct Trimmed {
    pub json: String,
    pub links: ResolvedLinks,
}

/// What each remaining package's code knows its dependencies by, those left out included.
#[derive(Debug, Clone, Default)]
pub struct ResolvedLinks(HashMap<String, Vec<ResolvedLink>>);

/// A dependency that cargo resolved.
#[derive(Debug, Clone)]
pub struct ResolvedLink {
    /// As code spells it.
    pub name: String,
    pub package: String,
}

impl ResolvedLink {
    /// Whether this is what a requirement was resolved to.
    pub fn is_of(&self, declared: &Declared) -> bool {
        let renamed = declared.key != declared.package;
        self.name == declared.key.replace('-', "_") || !renamed && self.package == declared.package
    }
}

impl ResolvedLinks {
    /// Of a whole graph.
    pub fn all(graph: &PackageGraph) -> Self {
        let links = graph.packages().map(|package| {
            let links = package.direct_links().map(|link| ResolvedLink {
                name: link.resolved_name().replace('-', "_"),
                package: link.to().name().to_owned(),
            });
            (package.id().repr().to_owned(), links.collect())
        });
        Self(links.collect())
    }

    pub fn of(&self, package: &guppy::PackageId) -> &[ResolvedLink] {
        self.0.get(package.repr()).map_or(&[], Vec::as_slice)
    }
}

/// Keeps the members, the packages whose names matter, and all that can reach one of those. Optional
/// dependencies of these stay too, without their own dependencies: a feature that is nothing but the
/// name of a dependency exists to guppy only where the dependency does.
///
/// Nothing where the text is not what cargo writes: whoever reads all of it says what is wrong.
pub fn trim(json: &str, matters: &dyn Fn(&str) -> bool) -> Option<Trimmed> {
    let metadata: Metadata<'_> = serde_json::from_str(json).ok()?;
    let packages = Numbered::new(&metadata)?;
    let whole = packages.concerned(&metadata, matters);
    let kept = packages.with_optional(&metadata, &whole)?;
    let nodes = metadata.nodes().filter(|node| kept[packages.of(&node.id)]);
    let links = nodes.map(|node| {
        let links = node.deps.iter().map(|dep| ResolvedLink {
            name: dep.name.to_owned(),
            package: packages.heads[packages.of(&dep.pkg)].name.to_owned(),
        });
        (node.id.to_owned(), links.collect())
    });
    let links = ResolvedLinks(links.collect());
    let json = serde_json::to_string(&packages.shortened(&metadata, &kept, &whole)).ok()?;
    Some(Trimmed { json, links })
}

/// Packages by their place in the metadata.
struct Numbered<'a> {
    heads: Vec<Head<'a>>,
    numbers: HashMap<String, usize>,
}

impl<'a> Numbered<'a> {
    /// Nothing where an id stands for two packages, or for none.
    fn new(metadata: &Metadata<'a>) -> Option<Self> {
        let heads = metadata.packages.iter().map(|raw| head(raw.get()));
        let heads: Vec<Head<'a>> = heads.collect::<Option<_>>()?;
        let numbers: HashMap<String, usize> = heads
            .iter()
            .enumerate()
            .map(|(number, head)| (head.id.to_owned(), number))
            .collect();
        let named = |id: &str| numbers.contains_key(id);
        let whole = numbers.len() == heads.len()
            && metadata.nodes().count() == heads.len()
            && metadata
                .nodes()
                .all(|node| named(&node.id) && node.deps.iter().all(|dep| named(&dep.pkg)));
        whole.then_some(Self { heads, numbers })
    }

    fn of(&self, id: &str) -> usize {
        self.numbers[id]
    }

    /// By package: whether it is a member, or one that matters can be reached from it.
    fn concerned(&self, metadata: &Metadata<'_>, matters: &dyn Fn(&str) -> bool) -> Vec<bool> {
        let mut dependants = vec![Vec::new(); self.heads.len()];
        for node in metadata.nodes() {
            for dep in &node.deps {
                dependants[self.of(&dep.pkg)].push(self.of(&node.id));
            }
        }
        let heads = self.heads.iter();
        let mut concerned: Vec<bool> = heads.map(|head| matters(&head.name)).collect();
        let mut queue: Vec<usize> = (0..concerned.len()).filter(|at| concerned[*at]).collect();
        while let Some(number) = queue.pop() {
            for &from in &dependants[number] {
                if !std::mem::replace(&mut concerned[from], true) {
                    queue.push(from);
                }
            }
        }
        for id in &metadata.workspace_members {
            if let Some(number) = self.numbers.get(&**id) {
                concerned[*number] = true;
            }
        }
        concerned
    }

    /// Adds what the packages depend on optionally.
    fn with_optional(&self, metadata: &Metadata<'_>, whole: &[bool]) -> Option<Vec<bool>> {
        let mut kept = whole.to_vec();
        for node in metadata.nodes().filter(|node| whole[self.of(&node.id)]) {
            let optional = optional(metadata.packages[self.of(&node.id)])?;
            for to in node.deps.iter().map(|dep| self.of(&dep.pkg)) {
                kept[to] |= optional.contains(&*self.heads[to].name);
            }
        }
        Some(kept)
    }

    /// The metadata of the packages kept, of which those that are not whole depend on nothing.
    fn shortened<'m>(
        &self,
        metadata: &'m Metadata<'a>,
        kept: &[bool],
        whole: &[bool],
    ) -> Shortened<'m, 'a> {
        let packages = metadata.packages.iter().zip(kept);
        let packages = packages.filter(|(_, kept)| **kept).map(|(raw, _)| *raw);
        let nodes = metadata.nodes().filter(|node| kept[self.of(&node.id)]);
        let nodes = nodes.map(|node| {
            let whole = whole[self.of(&node.id)];
            let deps = node.deps.iter();
            let deps = deps.filter(|dep| whole && kept[self.of(&dep.pkg)]);
            let deps: Vec<&NodeDep<'_>> = deps.collect();
            ShortenedNode {
                id: &node.id,
                dependencies: deps.iter().map(|dep| &*dep.pkg).collect(),
                deps,
                features: node.features,
            }
        });
        Shortened {
            packages: packages.collect(),
            workspace_members: &metadata.workspace_members,
            resolve: ShortenedResolve {
                nodes: nodes.collect(),
                root: metadata.resolve.as_ref().and_then(|resolve| resolve.root),
            },
            rest: &metadata.rest,
        }
    }
}

/// Text that stays where it is unless it has escapes.
#[derive(Deserialize, Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl std::borrow::Borrow<str> for Text<'_> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// What cargo writes, as far as it matters here; the rest goes through as it is.
struct Metadata<'a> {
    packages: Vec<&'a RawValue>,
    workspace_members: Vec<Text<'a>>,
    resolve: Option<Resolve<'a>>,
    rest: BTreeMap<Text<'a>, &'a RawValue>,
}

#[derive(Deserialize)]
struct Resolve<'a> {
    #[serde(borrow)]
    nodes: Vec<Node<'a>>,
    #[serde(borrow, default)]
    root: Option<&'a RawValue>,
}

#[derive(Deserialize, Serialize)]
struct Node<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    deps: Vec<NodeDep<'a>>,
    #[serde(borrow)]
    features: &'a RawValue,
}

#[derive(Deserialize, Serialize)]
struct NodeDep<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    pkg: Text<'a>,
    #[serde(borrow)]
    dep_kinds: &'a RawValue,
}

impl<'de> Deserialize<'de> for Metadata<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;

        impl<'de> Visitor<'de> for Keys {
            type Value = Metadata<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("cargo's metadata")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut metadata = Metadata {
                    packages: Vec::new(),
                    workspace_members: Vec::new(),
                    resolve: None,
                    rest: BTreeMap::new(),
                };
                while let Some(key) = map.next_key::<Text<'de>>()? {
                    match &*key {
                        "packages" => metadata.packages = map.next_value()?,
                        "workspace_members" => metadata.workspace_members = map.next_value()?,
                        "resolve" => metadata.resolve = map.next_value()?,
                        _ => {
                            metadata.rest.insert(key, map.next_value()?);
                        }
                    }
                }
                Ok(metadata)
            }
        }

        deserializer.deserialize_map(Keys)
    }
}

impl<'a> Metadata<'a> {
    fn nodes(&self) -> impl Iterator<Item = &Node<'a>> {
        self.resolve.iter().flat_map(|resolve| &resolve.nodes)
    }
}

#[derive(Serialize)]
struct Shortened<'m, 'a> {
    packages: Vec<&'a RawValue>,
    workspace_members: &'m [Text<'a>],
    resolve: ShortenedResolve<'m, 'a>,
    #[serde(flatten)]
    rest: &'m BTreeMap<Text<'a>, &'a RawValue>,
}

#[derive(Serialize)]
struct ShortenedResolve<'m, 'a> {
    nodes: Vec<ShortenedNode<'m, 'a>>,
    root: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct ShortenedNode<'m, 'a> {
    id: &'m str,
    dependencies: Vec<&'m str>,
    deps: Vec<&'m NodeDep<'a>>,
    features: &'a RawValue,
}

/// What a package is called.
struct Head<'a> {
    id: Text<'a>,
    name: Text<'a>,
}

/// Names of the packages that one depends on optionally.
fn optional(package: &RawValue) -> Option<BTreeSet<Text<'_>>> {
    #[derive(Deserialize)]
    struct Package<'a> {
        #[serde(borrow)]
        dependencies: Vec<Dependency<'a>>,
    }

    #[derive(Deserialize)]
    struct Dependency<'a> {
        #[serde(borrow)]
        name: Text<'a>,
        optional: bool,
    }

    let package: Package<'_> = serde_json::from_str(package.get()).ok()?;
    let optional = package.dependencies.into_iter().filter(|dep| dep.optional);
    Some(optional.map(|dep| dep.name).collect())
}

/// Reads no further than both are known: cargo writes them first.
fn head(json: &str) -> Option<Head<'_>> {
    #[derive(Default)]
    struct Found<'a> {
        id: Option<Text<'a>>,
        name: Option<Text<'a>>,
    }

    struct Keys<'f, 'a>(&'f mut Found<'a>);

    impl<'de> Visitor<'de> for Keys<'_, 'de> {
        type Value = ();

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a package")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while self.0.id.is_none() || self.0.name.is_none() {
                let Some(key) = map.next_key::<Text<'de>>()? else {
                    break;
                };
                match &*key {
                    "id" => self.0.id = Some(map.next_value()?),
                    "name" => self.0.name = Some(map.next_value()?),
                    _ => {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
            }
            Ok(())
        }
    }

    let mut found = Found::default();
    // Stopping early is an error to the parser; what was found stands all the same.
    let _ = serde_json::Deserializer::from_str(json).deserialize_map(Keys(&mut found));
    Some(Head {
        id: found.id?,
        name: found.name?,
    })
}
