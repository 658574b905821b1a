//! What rules a release out, and what may stay all the same. Answers read as in `cases`.

use super::cases::{bridges, on, world};
use super::world::v;
use crate::matrix::testing::{dep, family, release};
use crate::plan::search::{Toolchains, obstacle};
use crate::registry::{IndexError, RegistryId, Release};
use crate::rules::{CrateRule, Role};

#[test]
fn what_has_no_effect_may_keep_its_line() {
    let crates = vec![("wire", vec![on("1.0.0", "0.1")])];
    let lock = ["app 0.0.0: wire", "wire 1.0.0: api", "api 0.1.0"];
    let world = world(crates, "0.3").require("wire", "1").locked(&lock);
    assert_eq!(world.answer(), "none");
    let world = world.harmless("wire", "1.0.0", "0.2");
    assert_eq!(world.answer(), "none", "harmless on another line");
    let world = world.harmless("wire", "1.0.0", "0.1");
    assert_eq!(world.answer(), "keep |  | 0 0 0 0 0");
}

#[test]
fn a_core_crate_is_as_harmless_as_who_depends_on_it() {
    let core = CrateRule {
        name: "sdk".to_owned(),
        role: Role::Sdk,
        has_sdk: true,
        core: true,
        effects: Vec::new(),
        exposes_types: false,
        reexports: Vec::new(),
        line_features: None,
        versions: None,
        source: String::new(),
    };
    let of = |first: &'static str, second: &'static str| {
        let crates = vec![
            ("wire", vec![release("1.0.0", vec![dep("sdk", "0.1")])]),
            (
                "real",
                vec![
                    release("1.0.0", vec![dep("sdk", "0.1")]),
                    on("1.0.1", "0.3"),
                ],
            ),
            ("sdk", vec![on("0.1.0", "0.1")]),
        ];
        let mut world = world(crates, "0.3")
            .require(first, "1")
            .require(second, "1");
        world
            .family
            .crates
            .insert("sdk".to_owned(), vec![core.clone()]);
        let lock = [
            "app 0.0.0: wire, real",
            "wire 1.0.0: sdk",
            "real 1.0.0: sdk",
            "sdk 0.1.0: api",
            "api 0.1.0",
        ];
        world.locked(&lock).harmless("wire", "1.0.0", "0.1")
    };
    // Whoever of the two is looked at first.
    let moved = "real 1.0.1";
    let lock = "real 1.0.0>1.0.1 | 0 0 0 0 1";
    assert_eq!(
        of("wire", "real").answer(),
        format!("keep, {moved} | {lock}")
    );
    assert_eq!(
        of("real", "wire").answer(),
        format!("{moved}, keep | {lock}")
    );
    let both = of("wire", "real").harmless("real", "1.0.0", "0.1");
    assert_eq!(both.answer(), "keep, keep |  | 0 0 0 0 0");
}

/// That a package of the tree does no harm by one crate says nothing of another one that it might be
/// given on the same line.
#[test]
fn nothing_moves_to_another_line_that_does_no_harm_today() {
    let core = |name: &str| CrateRule {
        name: name.to_owned(),
        role: Role::Exporter,
        has_sdk: false,
        core: true,
        effects: Vec::new(),
        exposes_types: false,
        reexports: Vec::new(),
        line_features: None,
        versions: None,
        source: String::new(),
    };
    let of = |newest: &[(&str, &str)]| {
        let releases = [("0.1.0", "0.1"), ("0.2.0", "0.2")];
        let releases = releases.iter().chain(newest);
        let crates = vec![
            ("types", vec![on("0.1.0", "0.1")]),
            (
                "exporter",
                releases.map(|(own, api)| on(own, api)).collect(),
            ),
        ];
        let mut world = world(crates, "0.3")
            .require("types", "0.1")
            .require("exporter", "0.2");
        for name in ["types", "exporter"] {
            let rules = vec![core(name)];
            world.family.crates.insert(name.to_owned(), rules);
        }
        let lock = [
            "app 0.0.0: types, exporter",
            "types 0.1.0: api 0.1.0",
            "exporter 0.2.0: api 0.2.0",
            "api 0.1.0",
            "api 0.2.0",
        ];
        world.locked(&lock).harmless("app", "0.0.0", "0.1")
    };
    assert_eq!(of(&[]).answer(), "none");
    assert_eq!(
        of(&[("0.3.0", "0.3")]).answer(),
        "keep, exporter 0.3.0 \"0.3\" |  | 0 0 1 1 0"
    );
}

#[test]
fn a_refused_release_is_left_out() {
    let bridge = vec![on("1.0.0", "0.2"), on("1.0.1", "0.3"), on("1.0.2", "0.3")];
    let world = world(vec![("bridge", bridge)], "0.3").require("bridge", "1");
    let lock = ["app 0.0.0: bridge", "bridge 1.0.0: api", "api 0.2.0"];
    let world = world.locked(&lock).refuse("bridge", "1.0.2");
    assert_eq!(
        world.answer(),
        "bridge 1.0.1 | bridge 1.0.0>1.0.1 | 0 0 0 0 1"
    );
    let world = world.refuse("api", "0.3.1");
    assert_eq!(
        world.answer(),
        "bridge 1.0.1 | bridge 1.0.0>1.0.1, api ?>0.3.0 | 0 0 0 0 2"
    );
    assert_eq!(world.refuse("api", "0.3.0").answer(), "none");
}

#[test]
fn a_release_that_is_locked_and_refused_may_not_stay() {
    let bridge = vec![on("1.0.0", "0.3"), on("1.0.1", "0.3")];
    let world = world(vec![("bridge", bridge)], "0.3").require("bridge", "1");
    let lock = ["app 0.0.0: bridge", "bridge 1.0.1: api", "api 0.3.0"];
    let world = world.locked(&lock).refuse("bridge", "1.0.1");
    assert_eq!(
        world.answer(),
        "bridge 1.0.0 | bridge 1.0.1>1.0.0 | 0 0 0 0 1"
    );
}

#[test]
fn the_toolchain_is_respected() {
    let newer = |mut release: Release, rust: &str| {
        release.rust_version = Some(rust.to_owned());
        release
    };
    let bridge = vec![
        on("1.0.0", "0.2"),
        newer(on("1.0.1", "0.3"), "1.70"),
        newer(on("1.0.2", "0.3"), "1.80.1"),
    ];
    let world = world(vec![("bridge", bridge)], "0.3").require("bridge", "1");
    let mut world = world.locked(&["app 0.0.0: bridge", "bridge 1.0.0: api", "api 0.2.0"]);
    assert_eq!(
        world.answer(),
        "bridge 1.0.2 | bridge 1.0.0>1.0.2 | 0 0 0 0 1"
    );
    world.toolchains = Toolchains::of_all(Some(v("1.75.0")));
    assert_eq!(
        world.answer(),
        "bridge 1.0.1 | bridge 1.0.0>1.0.1 | 0 0 0 0 1"
    );
    world.toolchains = Toolchains::of_all(Some(v("1.60.0")));
    assert_eq!(world.answer(), "none");
    let why = obstacle(&world.question(), 0).unwrap();
    assert!(
        why.ends_with("needs a newer toolchain than Rust 1.60.0"),
        "{why}"
    );
}

#[test]
fn a_locked_release_may_stay_though_it_is_yanked_or_too_new() {
    let mut bridge = on("1.0.0", "0.3").yanked();
    bridge.rust_version = Some("1.80".to_owned());
    let lock = ["app 0.0.0: bridge", "bridge 1.0.0: api", "api 0.3.0"];
    let mut world = world(vec![("bridge", vec![bridge])], "0.3").require("bridge", "1");
    world.toolchains = Toolchains::of_all(Some(v("1.70.0")));
    assert_eq!(world.answer(), "none", "no fresh resolve takes it");
    assert_eq!(world.locked(&lock).answer(), "keep |  | 0 0 0 0 0");
}

#[test]
fn yanked_releases_and_pre_releases_are_never_chosen() {
    let bridge = vec![
        on("1.0.0", "0.2"),
        on("1.0.1", "0.3").yanked(),
        on("1.1.0-rc.1", "0.3"),
    ];
    let world = world(vec![("bridge", bridge)], "0.3").require("bridge", "1");
    let world = world.locked(&["app 0.0.0: bridge", "bridge 1.0.0: api", "api 0.2.0"]);
    assert_eq!(world.answer(), "none");
}

#[test]
fn without_a_lock_the_newest_is_taken() {
    let bridge = vec![on("1.0.0", "0.3"), on("1.1.0", "0.4"), on("2.0.0", "0.4")];
    let world =
        |target: &str| world(vec![("bridge", bridge.clone())], target).require("bridge", "1");
    assert_eq!(world("0.4").answer(), "keep |  | 0 0 0 0 0");
    assert_eq!(world("0.3").answer(), "keep | bridge ?>1.0.0 | 0 0 0 0 1");
    assert_eq!(world("0.2").answer(), "none");
}

#[test]
fn what_comes_from_git_is_what_the_lock_says() {
    // The release of that version is on the line; what is locked is not.
    let crates = || vec![("bridge", vec![on("1.0.0", "0.3"), on("1.0.1", "0.3")])];
    let git = |on: &str, target: &str| {
        let mut world = world(crates(), target).require("bridge", "1");
        let api = format!("api {on}");
        world = world.locked(&["app 0.0.0: bridge", "bridge 1.0.0: api", &api]);
        world.lock.packages[1].source = Some("git+https://example.com/bridge#1234".to_owned());
        world.requirements[0].registry = None;
        world
    };
    assert_eq!(git("0.3.0", "0.3").answer(), "keep |  | 0 0 0 0 0");
    let off = git("0.2.0", "0.3");
    assert_eq!(off.answer(), "none");
    let why = obstacle(&off.question(), 0).unwrap();
    assert_eq!(
        why,
        "`bridge` comes from git, and what is there is not of line 0.3"
    );
    assert_eq!(off.may_block().answer(), "block |  | 0 1 0 0 0");
}

#[test]
fn what_no_registry_tells_stays_as_it_is_locked() {
    let of = |target: &str| {
        let mut world = world(vec![bridges()], target).require("bridge", "0.2");
        let default = RegistryId::default_registry();
        let error = IndexError::Name {
            name: "bridge".to_owned(),
        };
        world.index.fail(&default, "bridge", error);
        world.locked(&["app 0.0.0: bridge", "bridge 0.2.0: api", "api 0.2.0"])
    };
    assert_eq!(of("0.2").answer(), "keep |  | 0 0 0 0 0");
    let off = of("0.3");
    assert_eq!(off.answer(), "none");
    assert_eq!(
        obstacle(&off.question(), 0).unwrap(),
        "`bridge` cannot be the name of a crate"
    );
    assert_eq!(
        off.harmless("bridge", "0.2.0", "0.2").answer(),
        "keep |  | 0 0 0 0 0"
    );
}

#[test]
fn a_dependency_that_no_registry_tells_is_judged_by_the_lock_too() {
    let bridge = vec![
        release("1.0.0", vec![dep("private", "1")]),
        on("2.0.0", "0.3"),
    ];
    let of = |locked: &str| {
        let mut world = world(vec![("bridge", bridge.clone())], "0.3").require("bridge", "1");
        world.family = family(&["bridge", "private"]);
        let api = format!("api {locked}");
        world.locked(&[
            "app 0.0.0: bridge",
            "bridge 1.0.0: private",
            "private 1.0.0: api",
            &api,
        ])
    };
    assert_eq!(of("0.3.0").answer(), "keep |  | 0 0 0 0 0");
    assert_eq!(of("0.2.0").answer(), "bridge 2.0.0 \"2\" |  | 0 0 1 1 0");
}

#[test]
fn an_unlinked_package_may_stay_on_its_line() {
    let lock = ["app 0.0.0: bridge", "bridge 0.2.0: api", "api 0.2.0"];
    let world = world(vec![bridges()], "0.3")
        .require("bridge", "0.2")
        .locked(&lock);
    let linked = world.built(&[
        ("bridge", "0.2.0", &["default"]),
        ("api", "0.2.0", &["default"]),
    ]);
    assert_eq!(linked.answer(), "bridge 0.3.0 \"0.3\" |  | 0 0 1 1 0");
    assert_eq!(linked.built(&[]).answer(), "keep |  | 0 0 0 0 0");
}

#[test]
fn what_a_new_release_links_counts_though_no_build_links_it_today() {
    // `http` is locked for somebody else, and nobody links it.
    let bridge = vec![
        on("1.0.0", "0.2"),
        release("1.1.0", vec![dep("http", "1")]),
        on("1.0.1", "0.3"),
    ];
    let http = vec![on("1.0.0", "0.2")];
    let world = world(vec![("bridge", bridge), ("http", http)], "0.3").require("bridge", "1");
    let lock = [
        "app 0.0.0: bridge",
        "bridge 1.0.0: api",
        "http 1.0.0: api",
        "api 0.2.0",
    ];
    let world = world
        .locked(&lock)
        .built(&[("bridge", "1.0.0", &[]), ("api", "0.2.0", &[])]);
    assert_eq!(
        world.answer(),
        "bridge 1.0.1 | bridge 1.0.0>1.0.1 | 0 0 0 0 1"
    );
}
