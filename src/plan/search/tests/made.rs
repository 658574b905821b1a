//! Made-up indices and workspaces.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use semver::{Version, VersionReq};

use super::brute::{linked, unfolded};
use super::world::{Used, World, requirement, v};
use crate::matrix::testing::{dep, family, release};
use crate::plan::search::{Toolchains, reaching};
use crate::registry::{Index, MemoryIndex, RegistryId, Release, ReleaseDep};
use crate::workspace::lock::LockedPackage;

pub const NAMES: [&str; 5] = ["api", "one", "two", "three", "four"];

/// How a version is asked for, by places among the releases.
#[derive(Debug, Clone)]
enum Ask {
    Caret(usize),
    Exact(usize),
    Tilde(usize),
    Between(usize, usize),
    From(usize),
    Any,
}

#[derive(Debug, Clone)]
struct DepSpec {
    to: usize,
    ask: Ask,
    /// Behind which feature it stands, if it is optional.
    behind: Option<&'static str>,
    features: Vec<&'static str>,
    default_features: bool,
    /// A feature of the release that passes one on.
    passes: Option<(&'static str, &'static str)>,
}

#[derive(Debug, Clone)]
struct ReleaseSpec {
    /// 0: the next patch; else the next series.
    step: u8,
    yanked: bool,
    new: bool,
    deps: Vec<DepSpec>,
}

#[derive(Debug, Clone)]
struct CrateSpec {
    known: bool,
    single: bool,
    core: bool,
    releases: Vec<ReleaseSpec>,
}

#[derive(Debug, Clone)]
struct AskSpec {
    of: usize,
    ask: Ask,
    features: Vec<&'static str>,
    default_features: bool,
}

#[derive(Debug, Clone)]
pub struct Spec {
    /// Patch releases of each line.
    lines: Vec<u8>,
    crates: Vec<CrateSpec>,
    requirements: Vec<AskSpec>,
    /// By which the lock picks releases; no lock where there is none.
    picks: Option<Vec<usize>>,
    used: bool,
    /// A package whose builds get a feature that nobody asks for.
    extra: Option<(usize, &'static str)>,
    target: usize,
    /// Packages whose releases, the workspace's own last, are harmless on a line, or on all.
    harmless: Vec<(usize, Option<usize>)>,
    refused: Option<(usize, usize)>,
    old_toolchain: bool,
    may_disable: bool,
    may_block: bool,
}

fn features() -> impl Strategy<Value = Vec<&'static str>> {
    prop_oneof![
        4 => Just(vec![]),
        2 => Just(vec!["f"]),
        1 => Just(vec!["g"]),
        1 => Just(vec!["f", "g"]),
    ]
}

fn asks() -> impl Strategy<Value = Ask> {
    prop_oneof![
        5 => (0usize..6).prop_map(Ask::Caret),
        1 => (0usize..6).prop_map(Ask::Exact),
        1 => (0usize..6).prop_map(Ask::Tilde),
        3 => (0usize..6, 1usize..6).prop_map(|(from, many)| Ask::Between(from, many)),
        1 => (0usize..6).prop_map(Ask::From),
        1 => Just(Ask::Any),
    ]
}

fn dependencies() -> impl Strategy<Value = DepSpec> {
    let behind = prop_oneof![3 => Just(None), 1 => Just(Some("f")), 1 => Just(Some("default"))];
    let feature = || prop_oneof![Just("f"), Just("g")];
    let passes = proptest::option::weighted(0.3, (feature(), feature()));
    let to = prop_oneof![1 => Just(0usize), 1 => 1usize..5];
    (to, asks(), behind, features(), any::<bool>(), passes).prop_map(
        |(to, ask, behind, features, default_features, passes)| DepSpec {
            to,
            ask,
            behind,
            features,
            default_features,
            passes,
        },
    )
}

fn crates() -> impl Strategy<Value = CrateSpec> {
    let release = (
        0u8..3,
        0u8..12,
        0u8..8,
        prop::collection::vec(dependencies(), 1..4),
    );
    let release = release.prop_map(|(step, yanked, new, deps)| ReleaseSpec {
        step,
        yanked: yanked == 0,
        new: new == 0,
        deps,
    });
    let releases = prop::collection::vec(release, 1..6);
    (0u8..4, 0u8..4, 0u8..4, releases).prop_map(|(known, single, core, releases)| CrateSpec {
        known: known > 0,
        single: single == 0,
        core: core == 0,
        releases,
    })
}

pub fn specs() -> impl Strategy<Value = Spec> {
    let ask = (0usize..9, asks(), features(), 0u8..4);
    let ask = ask.prop_map(|(of, ask, features, default)| AskSpec {
        of: of.saturating_sub(4),
        ask,
        features,
        default_features: default > 0,
    });
    let graph = (
        prop::collection::vec(1u8..3, 2..5),
        prop::collection::vec(crates(), 1..5),
        prop::collection::vec(ask, 1..5),
    );
    let lock = (
        proptest::option::weighted(0.8, prop::collection::vec(0usize..4, 6)),
        any::<bool>(),
        proptest::option::weighted(0.3, (1usize..5, prop_oneof![Just("f"), Just("g")])),
    );
    let limits = (
        0usize..4,
        prop::collection::vec((0usize..4, proptest::option::of(0usize..4)), 0..3),
        proptest::option::weighted(0.3, (0usize..5, 0usize..5)),
        any::<bool>(),
        0u8..4,
        0u8..4,
    );
    (graph, lock, limits).prop_map(|((lines, crates, requirements), lock, limits)| Spec {
        lines,
        crates,
        requirements,
        picks: lock.0,
        used: lock.1,
        extra: lock.2,
        target: limits.0,
        harmless: limits.1,
        refused: limits.2,
        old_toolchain: limits.3,
        may_disable: limits.4 == 0,
        may_block: limits.5 == 0,
    })
}

/// The versions of each package.
fn versions(spec: &Spec) -> Vec<Vec<Version>> {
    let lines = spec.lines.iter().zip(1..);
    let anchor = lines
        .flat_map(|(many, line)| (0..*many).map(move |patch| Version::new(0, line, patch.into())));
    let mut all = vec![anchor.collect()];
    for one in &spec.crates {
        let mut last = Version::new(0, 1, 0);
        let mut own = Vec::new();
        for (number, release) in one.releases.iter().enumerate() {
            last = match (number, release.step) {
                (0, _) => last,
                (_, 0) => Version::new(0, last.minor, last.patch + 1),
                _ => Version::new(0, last.minor + 1, 0),
            };
            own.push(last.clone());
        }
        all.push(own);
    }
    all
}

fn text(ask: &Ask, versions: &[Version]) -> String {
    let at = |place: usize| &versions[place % versions.len()];
    match ask {
        Ask::Caret(place) => format!("^{}", at(*place)),
        Ask::Exact(place) => format!("={}", at(*place)),
        Ask::Tilde(place) => format!("~{}", at(*place)),
        Ask::Between(place, many) => {
            let place = place % versions.len();
            let end = versions.get(place + many);
            let end = end.map_or_else(String::new, |end| format!(", <{end}"));
            format!(">={}{end}", at(place))
        }
        Ask::From(place) => format!(">={}", at(*place)),
        Ask::Any => "*".to_owned(),
    }
}

fn name(spec: &Spec, of: usize) -> usize {
    of % (spec.crates.len() + 1)
}

fn made(spec: &ReleaseSpec, version: &Version, whole: &Spec, all: &[Vec<Version>]) -> Release {
    let mut made = release(&version.to_string(), Vec::new());
    made.yanked = spec.yanked;
    made.rust_version = spec.new.then(|| "1.80.0".to_owned());
    let mut features: BTreeMap<String, Vec<String>> = BTreeMap::new();
    features.insert("f".to_owned(), Vec::new());
    for (number, one) in spec.deps.iter().enumerate() {
        let to = name(whole, one.to);
        let key = format!("dep{number}");
        let anchor = to == 0;
        let asked = one
            .features
            .iter()
            .filter(|_| !anchor)
            .map(|one| one.to_string());
        made.dependencies.push(ReleaseDep {
            rename: Some(key.clone()),
            optional: one.behind.is_some(),
            features: asked.collect(),
            default_features: one.default_features,
            ..dep(NAMES[to], &text(&one.ask, &all[to]))
        });
        if let Some(behind) = one.behind {
            features
                .entry(behind.to_owned())
                .or_default()
                .push(format!("dep:{key}"));
        }
        if let Some((own, other)) = one.passes.filter(|_| !anchor) {
            features
                .entry(own.to_owned())
                .or_default()
                .push(format!("{key}/{other}"));
        }
    }
    made.features = features;
    made
}

pub fn world(spec: &Spec) -> World {
    let all = versions(spec);
    let registry = RegistryId::default_registry();
    let mut index = MemoryIndex::new();
    let anchor = all[0]
        .iter()
        .map(|version| release(&version.to_string(), Vec::new()));
    index.insert(&registry, NAMES[0], anchor.collect());
    let mut family = family(&[]);
    family.singletons.retain(|one| one.name == "api");
    for (number, one) in spec.crates.iter().enumerate() {
        let name = NAMES[number + 1];
        let releases = one.releases.iter().zip(&all[number + 1]);
        let releases = releases.map(|(release, version)| made(release, version, spec, &all));
        index.insert(&registry, name, releases.collect());
        if one.known {
            let mut rules = crate::matrix::testing::family(&[name]).crates;
            for rule in rules.values_mut().flatten() {
                rule.core = one.core;
            }
            family.crates.extend(rules);
        }
        if one.single {
            let mut single = family.singletons[0].clone();
            single.anchor = false;
            single.name = name.to_owned();
            family.singletons.push(single);
        }
    }
    let line = 1 + spec.target % spec.lines.len();
    let mut world = World::new(family, index, &format!("0.{line}"));
    for one in &spec.requirements {
        let of = name(spec, one.of);
        let features: &[&str] = if of == 0 { &[] } else { &one.features };
        let mut made = requirement(NAMES[of], &text(&one.ask, &all[of]), features);
        made.default_features = one.default_features;
        world.requirements.push(made);
    }
    for (of, on) in &spec.harmless {
        let of = 1 + of % (spec.crates.len() + 1);
        for line in 0..spec.lines.len() {
            if on.is_some_and(|on| on % spec.lines.len() != line) {
                continue;
            }
            let line = format!("0.{}", line + 1);
            if of > spec.crates.len() {
                world = world.harmless("app", "0.0.0", &line);
                continue;
            }
            for version in &all[of] {
                world = world.harmless(NAMES[of], &version.to_string(), &line);
            }
        }
    }
    if let Some((of, release)) = spec.refused {
        let of = name(spec, of);
        let version = &all[of][release % all[of].len()];
        world = world.refuse(NAMES[of], &version.to_string());
    }
    world.toolchains = Toolchains::of_all(spec.old_toolchain.then(|| v("1.70.0")));
    world.may_disable = spec.may_disable;
    world.may_block = spec.may_block;
    if let Some(picks) = &spec.picks {
        lock(&mut world, picks, spec.used, spec.extra);
    }
    world
}

/// Locks a world as cargo might have at some time, where that works out: one version for each series,
/// every edge resolved, features of all together.
fn lock(world: &mut World, picks: &[usize], used: bool, extra: Option<(usize, &'static str)>) {
    let Some((versions, given)) = resolved(world, picks, extra) else {
        return;
    };
    let mut packages: BTreeMap<(String, Version), BTreeSet<String>> = BTreeMap::new();
    for ((from, _), (name, version)) in &versions {
        packages.entry((name.clone(), version.clone())).or_default();
        if let Some(from) = from {
            let behind = packages.entry(from.clone()).or_default();
            behind.insert(format!("{name} {version}"));
        }
    }
    for ((from, number), (_, version)) in &versions {
        if from.is_none() {
            world.requirements[*number].locked = Some(version.clone());
        }
    }
    let source = Some(RegistryId::default_registry().to_string());
    world.lock.packages = packages
        .into_iter()
        .map(|((name, version), dependencies)| LockedPackage {
            name,
            version,
            source: source.clone(),
            dependencies: dependencies.into_iter().collect(),
            line: 1,
        })
        .collect();
    world.reaching = reaching(&world.lock, |name| world.family.is_anchor(name));
    world.used = used.then_some(given);
}

type From = (Option<(String, Version)>, usize);
type Edges = BTreeMap<From, (String, Version)>;

/// What each edge is resolved to, and the features of each package.
fn resolved(
    world: &World,
    picks: &[usize],
    extra: Option<(usize, &'static str)>,
) -> Option<(Edges, Used)> {
    let mut edges = Edges::new();
    let mut features = Used::new();
    loop {
        let mut wanted: Vec<(From, String, VersionReq, BTreeSet<String>)> = Vec::new();
        for (number, one) in world.requirements.iter().enumerate() {
            wanted.push((
                (None, number),
                one.package.clone(),
                one.req.clone(),
                one.chosen(),
            ));
        }
        for ((name, version), given) in &features {
            let releases = world
                .index
                .releases(&RegistryId::default_registry(), name)
                .ok()?;
            let release = releases.iter().find(|one| one.version == *version)?;
            for (number, dep, asked) in linked(release, given) {
                let from = (Some((name.clone(), version.clone())), number);
                wanted.push((from, dep.name.clone(), dep.req.clone(), asked));
            }
        }
        let before = (
            edges.len(),
            features.values().map(BTreeSet::len).sum::<usize>(),
        );
        for (from, name, req, asked) in wanted {
            let taken = edges.get(&from).map(|(_, version)| version.clone());
            let version = match taken {
                Some(version) => version,
                None => pick(world, &edges, &name, &req, picks)?,
            };
            edges.insert(from, (name.clone(), version.clone()));
            let releases = world
                .index
                .releases(&RegistryId::default_registry(), &name)
                .ok()?;
            let release = releases.iter().find(|one| one.version == version)?;
            let all = release.features.keys();
            let extra = extra
                .filter(|(of, feature)| NAMES[*of] == name && all.clone().any(|f| f == feature));
            let extra = extra.map(|(_, feature)| feature.to_owned());
            if asked
                .iter()
                .any(|one| one != "default" && !release.features.contains_key(one))
            {
                return None;
            }
            let given = features.entry((name, version)).or_default();
            given.extend(unfolded(release, &asked.into_iter().chain(extra).collect()));
        }
        if before
            == (
                edges.len(),
                features.values().map(BTreeSet::len).sum::<usize>(),
            )
        {
            return Some((edges, features));
        }
    }
}

/// A version that is there already, else one that comes up.
fn pick(
    world: &World,
    edges: &Edges,
    name: &str,
    req: &VersionReq,
    picks: &[usize],
) -> Option<Version> {
    let series = |version: &Version| crate::skew::Line::of(version);
    let there: BTreeSet<&Version> = edges
        .values()
        .filter(|(of, _)| of == name)
        .map(|(_, version)| version)
        .collect();
    let luck = picks[(edges.len() + name.len()) % picks.len()];
    let admitted = there.iter().find(|version| req.matches(version));
    if let Some(version) = admitted.filter(|_| luck > 0) {
        return Some((*version).clone());
    }
    let releases = world
        .index
        .releases(&RegistryId::default_registry(), name)
        .ok()?;
    let free = |version: &Version| {
        there.contains(version) || !there.iter().any(|other| series(other) == series(version))
    };
    let all: Vec<&Version> = releases
        .iter()
        .map(|release| &release.version)
        .filter(|version| req.matches(version) && free(version))
        .collect();
    let place = all.len().checked_sub(1)?.saturating_sub(luck);
    Some(all[place].clone())
}
