//! How made-up workspaces are made up.

use proptest::collection::vec;
use proptest::prelude::*;

use super::world::{Dependency, Enable, Kind, Options, Package, Platform, Shape, World};

pub fn worlds() -> impl Strategy<Value = World> {
    let resolver = prop_oneof![1 => Just(1u8), 3 => Just(2u8), 1 => Just(3u8)];
    let crates = vec(published(), 2..=5);
    (
        resolver,
        1..=3usize,
        crates,
        vec(member(), 2..=4),
        options(),
    )
        .prop_map(|(resolver, anchors, crates, members, options)| World {
            resolver,
            anchors,
            crates,
            members,
            // Resolver 1 takes no feature flags in the root of a virtual workspace.
            options: if resolver == 1 && !options.features().is_empty() {
                Options::Plain
            } else {
                options
            },
        })
}

fn options() -> impl Strategy<Value = Options> {
    prop_oneof![
        4 => Just(Options::Plain),
        1 => Just(Options::AllFeatures),
        1 => Just(Options::NoDefaultFeatures),
        1 => Just(Options::Feature),
        1 => Just(Options::Windows),
    ]
}

fn published() -> impl Strategy<Value = Package> {
    let shape = prop_oneof![4 => Just(Shape::Lib), 1 => Just(Shape::ProcMacro)];
    package(
        shape,
        prop_oneof![4 => Just(Kind::Normal), 1 => Just(Kind::Build)],
    )
}

fn member() -> impl Strategy<Value = Package> {
    let shape = prop_oneof![
        2 => Just(Shape::Lib),
        2 => Just(Shape::Bin),
        2 => Just(Shape::LibBin),
        1 => Just(Shape::Cdylib),
        1 => Just(Shape::ProcMacro),
    ];
    let kind = prop_oneof![
        4 => Just(Kind::Normal),
        2 => Just(Kind::Dev),
        1 => Just(Kind::Build)
    ];
    package(shape, kind)
}

fn package(
    shape: impl Strategy<Value = Shape>,
    kind: impl Strategy<Value = Kind>,
) -> impl Strategy<Value = Package> {
    let features = [
        vec(enable(), 0..=2),
        vec(enable(), 0..=3),
        vec(enable(), 0..=2),
    ];
    (
        shape,
        (
            prop::bool::weighted(0.4),
            prop::bool::weighted(0.2),
            any::<bool>(),
        ),
        vec(dependency(kind), 1..=4),
        features,
    )
        .prop_map(
            |(shape, (script, gated, implicit), dependencies, features)| Package {
                shape,
                script,
                gated,
                implicit,
                dependencies,
                features,
            },
        )
}

fn dependency(kind: impl Strategy<Value = Kind>) -> impl Strategy<Value = Dependency> {
    let platform = prop_oneof![
        5 => Just(Platform::Every),
        1 => Just(Platform::Unix),
        1 => Just(Platform::Windows),
    ];
    (
        0..64usize,
        kind,
        prop::bool::weighted(0.35),
        prop::bool::weighted(0.2),
        platform,
        prop::bool::weighted(0.7),
        [prop::bool::weighted(0.25), prop::bool::weighted(0.25)],
    )
        .prop_map(
            |(on, kind, optional, renamed, platform, default_features, features)| Dependency {
                on,
                kind,
                optional,
                renamed,
                platform,
                default_features,
                features,
            },
        )
}

fn enable() -> impl Strategy<Value = Enable> {
    let feature = (0..64usize, 0..3usize, any::<bool>());
    prop_oneof![
        1 => Just(Enable::Next),
        2 => (0..64usize).prop_map(Enable::Dependency),
        2 => feature.prop_map(|(dependency, feature, weak)| Enable::Feature {
            dependency,
            feature,
            weak,
        }),
    ]
}
