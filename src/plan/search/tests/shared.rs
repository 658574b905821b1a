//! What several requirements share: a choice that is cheap for one of them may be dear for all, and
//! the other way round. Answers read as in `cases`.

use super::world::{World, v};
use crate::matrix::testing::{dep, family, index, option, release};
use crate::registry::{Release, ReleaseDep};
use crate::rules::FeatureChange;

fn world(crates: Vec<(&str, Vec<Release>)>) -> World {
    let names: Vec<&str> = crates.iter().map(|(name, _)| *name).collect();
    World::new(family(&names), index(crates), "0.3")
}

fn on(version: &str, line: &str) -> Release {
    release(version, vec![dep("api", line)])
}

/// `core`, locked on another line, with two releases on the right one.
fn core() -> (&'static str, Vec<Release>) {
    (
        "core",
        vec![on("1.0.0", "0.2"), on("1.1.0", "0.3"), on("1.2.0", "0.3")],
    )
}

#[test]
fn a_lock_move_that_two_need_is_paid_once() {
    let two = vec![
        release("1.0.0", vec![dep("core", ">=1.0, <1.2")]),
        release("1.0.1", vec![dep("core", "1")]),
    ];
    let world = world(vec![
        ("one", vec![release("1.0.0", vec![dep("core", "1")])]),
        ("two", two),
        core(),
    ]);
    let lock = [
        "app 0.0.0: one, two",
        "one 1.0.0: core",
        "two 1.0.0: core",
        "core 1.0.0: api",
        "api 0.2.0",
    ];
    let world = world.require("one", "1").require("two", "1").locked(&lock);
    // The newest core would do for `one`, and force `two` to move, too.
    assert_eq!(world.answer(), "keep, keep | core 1.0.0>1.1.0 | 0 0 0 0 1");
}

#[test]
fn a_lock_move_that_another_one_needs_anyway_is_free() {
    let side = |name: &'static str| (name, vec![on("1.0.0", "0.2"), on("1.1.0", "0.3")]);
    let one = vec![
        on("1.0.0", "0.2"),
        release("2.0.0", vec![dep("core", "1")]),
        release("3.0.0", vec![dep("side", "1")]),
    ];
    let two = vec![release(
        "1.0.0",
        vec![dep("core", "1"), dep("three", "1"), dep("four", "1")],
    )];
    let crates = vec![
        ("one", one),
        ("two", two),
        ("three", vec![on("1.0.0", "0.3")]),
        ("four", vec![on("1.0.0", "0.3")]),
        side("side"),
        side("core"),
    ];
    let lock = [
        "app 0.0.0: one, two",
        "one 1.0.0: api 0.2.0",
        "two 1.0.0: core, three, four",
        "three 1.0.0: api 0.3.0",
        "four 1.0.0: api 0.3.0",
        "core 1.0.0: api 0.2.0",
        "side 1.0.0: api 0.2.0",
        "api 0.2.0",
        "api 0.3.0",
    ];
    let world = world(crates)
        .require("one", "1")
        .require("two", "1")
        .locked(&lock);
    assert_eq!(
        world.answer(),
        "one 2.0.0 \"2\", keep | core 1.0.0>1.1.0 | 0 0 1 1 1"
    );
}

#[test]
fn an_entry_that_another_one_needs_anyway_is_free() {
    let without = |version: &str| on(version, "0.3");
    let with = |version: &str, line: &str| on(version, line).feature("old", &[]);
    let crates = vec![
        ("web", vec![with("0.2.0", "0.2"), without("0.3.0")]),
        (
            "bridge",
            vec![with("0.2.0", "0.2"), with("0.3.1", "0.3"), without("0.3.2")],
        ),
    ];
    let mut world = world(crates);
    let change = |name: &str, gone_in: &str| FeatureChange {
        name: name.to_owned(),
        feature: "old".to_owned(),
        gone_in: v(gone_in),
        moved_to_crate: Some("sdk".to_owned()),
        renamed_to: None,
        advice: String::new(),
        source: String::new(),
    };
    world.family.features = vec![change("web", "0.3.0"), change("bridge", "0.3.2")];
    let lock = [
        "app 0.0.0: web, bridge",
        "web 0.2.0: api",
        "bridge 0.2.0: api",
        "api 0.2.0",
    ];
    let alone = |world: World| world.require_with("bridge", "0.2", &["old"]).locked(&lock);
    let both = world.require_with("web", "0.2", &["old"]);
    let mut both = alone(both);
    assert_eq!(
        both.answer(),
        "web 0.3.0 \"0.3\" -old +sdk/old, bridge 0.3.2 \"0.3\" -old +sdk/old |  | 0 0 2 3 0"
    );
    both.requirements.remove(0);
    assert_eq!(
        both.answer(),
        "bridge 0.3.1 \"0.3\" | bridge ?>0.3.1 | 0 0 1 1 1"
    );
}

#[test]
fn one_dependency_of_one_release_has_one_version_whoever_asks_for_what() {
    // By its second requirement, `one` passes a feature on that the newest `core` does not have.
    let core = vec![on("1.0.0", "0.3").feature("g", &[]), on("2.0.0", "0.3")];
    let one = release("1.0.0", vec![dep("core", ">=1, <3")]).feature("f", &["core/g"]);
    let of = |asked: [&[&str]; 2]| {
        let crates = vec![("one", vec![one.clone()]), ("core", core.clone())];
        world(crates)
            .require_with("one", "1", asked[0])
            .require_with("one", "1", asked[1])
            .answer()
    };
    let moved = "keep, keep | core ?>1.0.0 | 0 0 0 0 1";
    assert_eq!(of([&[], &["f"]]), moved);
    assert_eq!(of([&["f"], &[]]), moved);
    assert_eq!(of([&[], &[]]), "keep, keep |  | 0 0 0 0 0");
}

#[test]
fn what_fails_with_a_feature_may_do_without() {
    let off = |version: &str| {
        release(
            version,
            vec![dep("api", "0.3"), option("old", "api", "0.2")],
        )
        .feature("f", &["dep:old"])
    };
    let asking = ReleaseDep {
        features: vec!["f".to_owned()],
        ..dep("core", "1")
    };
    let one = vec![
        on("1.0.0", "0.2"),
        release("1.0.1", vec![dep("core", "1")]),
        release("1.0.2", vec![asking]),
    ];
    let crates = vec![("one", one), ("core", vec![off("1.0.0"), off("1.1.0")])];
    let lock = ["app 0.0.0: one", "one 1.0.0: api", "api 0.2.0"];
    let world = world(crates).require("one", "1").locked(&lock);
    assert_eq!(world.answer(), "one 1.0.1 | one 1.0.0>1.0.1 | 0 0 0 0 1");
}
