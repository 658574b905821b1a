//! What is done to versions: one small workspace for each kind of move, and for each thing that rules
//! one out. Answers read `moves | lock moves | disabled blocked breaking edits lock-moves`.

use super::world::{World, requirement, set, v};
use crate::matrix::testing::{dep, family, index, option, release};
use crate::plan::search::obstacle;
use crate::registry::{Release, ReleaseDep};
use crate::rules::{Singleton, Succession};

/// A release that needs one line of the anchor.
pub fn on(version: &str, line: &str) -> Release {
    release(version, vec![dep("api", line)])
}

/// `bridge` 0.1 to 0.4 on lines 0.1 to 0.4.
pub fn bridges() -> (&'static str, Vec<Release>) {
    let all = (1..5).map(|n| on(&format!("0.{n}.0"), &format!("0.{n}")));
    ("bridge", all.collect())
}

pub fn world(crates: Vec<(&str, Vec<Release>)>, target: &str) -> World {
    let names: Vec<&str> = crates.iter().map(|(name, _)| *name).collect();
    World::new(family(&names), index(crates), target)
}

fn as_single(mut world: World, name: &str) -> World {
    world.family.singletons.push(Singleton {
        name: name.to_owned(),
        anchor: false,
        facade: Vec::new(),
        consequence: String::new(),
        source: String::new(),
    });
    world
}

#[test]
fn what_is_on_the_line_stays() {
    let world = world(vec![bridges()], "0.3")
        .require("bridge", "0.3")
        .require("api", "0.3");
    let lock = ["app 0.0.0: bridge, api", "bridge 0.3.0: api", "api 0.3.0"];
    assert_eq!(world.locked(&lock).answer(), "keep, keep |  | 0 0 0 0 0");
}

#[test]
fn a_requirement_that_is_one_release_behind_is_bumped() {
    let world = world(vec![bridges()], "0.3")
        .require("bridge", "0.2")
        .require("api", "0.3.0");
    let lock = [
        "app 0.0.0: bridge, api 0.3.0",
        "bridge 0.2.0: api 0.2.0",
        "api 0.2.0",
        "api 0.3.0",
    ];
    assert_eq!(
        world.locked(&lock).answer(),
        "bridge 0.3.0 \"0.3\", keep |  | 0 0 1 1 0"
    );
}

#[test]
fn a_requirement_that_is_ahead_is_taken_back() {
    let world = world(vec![bridges()], "0.2")
        .require("bridge", "0.4.0")
        .require("api", "0.2");
    let lock = [
        "app 0.0.0: bridge, api 0.2.0",
        "bridge 0.4.0: api 0.4.0",
        "api 0.2.0",
        "api 0.4.0",
    ];
    assert_eq!(
        world.locked(&lock).answer(),
        "bridge 0.2.0 \"0.2.0\", keep |  | 0 0 1 1 0"
    );
}

#[test]
fn a_patch_release_on_the_line_needs_a_lock_move_alone() {
    let bridge = vec![
        on("1.0.0", "0.2"),
        on("1.0.1", "0.3"),
        on("1.0.2", "0.3"),
        on("1.0.3", "0.4"),
    ];
    let world = world(vec![("bridge", bridge)], "0.3")
        .require("bridge", "1")
        .require("api", "0.3");
    let lock = [
        "app 0.0.0: bridge, api 0.3.0",
        "bridge 1.0.0: api 0.2.0",
        "api 0.2.0",
        "api 0.3.0",
    ];
    let world = world.locked(&lock);
    assert_eq!(
        world.answer(),
        "bridge 1.0.2, keep | bridge 1.0.0>1.0.2 | 0 0 0 0 1"
    );
}

#[test]
fn a_pin_is_moved_as_a_pin() {
    let bridge = vec![on("1.0.0", "0.2"), on("1.0.1", "0.3")];
    let world = world(vec![("bridge", bridge)], "0.3").require("bridge", "=1.0.0");
    let world = world.locked(&["app 0.0.0: bridge", "bridge 1.0.0: api", "api 0.2.0"]);
    assert_eq!(world.answer(), "bridge 1.0.1 \"=1.0.1\" |  | 0 0 0 1 0");
}

#[test]
fn older_patches_of_another_line_are_kept_out_by_the_new_text() {
    let bridge = vec![
        on("1.0.0", "0.1"),
        on("2.0.0", "0.2"),
        on("2.0.1", "0.3"),
        on("2.1.0", "0.3"),
    ];
    let world = world(vec![("bridge", bridge)], "0.3").require("bridge", "1");
    let world = world.locked(&["app 0.0.0: bridge", "bridge 1.0.0: api", "api 0.1.0"]);
    assert_eq!(world.answer(), "bridge 2.1.0 \"2.1\" |  | 0 0 1 1 0");
}

#[test]
fn a_wide_range_is_moved_in_the_lock() {
    let bridge = vec![release("1.0.0", vec![dep("api", ">=0.1, <0.5")])];
    let world = world(vec![("bridge", bridge)], "0.3")
        .require("bridge", "1")
        .require("api", "0.3");
    // The lock has a version of the line, but not for the bridge.
    let lock = [
        "app 0.0.0: bridge, api 0.3.0",
        "bridge 1.0.0: api 0.1.0",
        "api 0.1.0",
        "api 0.3.0",
    ];
    assert_eq!(
        world.locked(&lock).answer(),
        "keep, keep | api 0.1.0>0.3.0 | 0 0 0 0 1"
    );
}

#[test]
fn a_wide_requirement_moves_likewise() {
    let world = world(vec![bridges()], "0.2").require("bridge", ">=0.1, <0.4");
    let world = world.locked(&["app 0.0.0: bridge", "bridge 0.3.0: api", "api 0.3.0"]);
    assert_eq!(
        world.answer(),
        "bridge 0.2.0 | bridge 0.3.0>0.2.0 | 0 0 0 0 1"
    );
}

#[test]
fn the_newest_release_of_a_series_may_be_of_another_line() {
    let bridge = vec![
        on("1.0.0", "0.1"),
        on("2.0.0", "0.3"),
        on("2.0.1", "0.3"),
        on("2.1.0", "0.4"),
    ];
    let world = world(vec![("bridge", bridge)], "0.3").require("bridge", "1");
    let world = world.locked(&["app 0.0.0: bridge", "bridge 1.0.0: api", "api 0.1.0"]);
    // Cargo would take 2.1.0.
    assert_eq!(
        world.answer(),
        "bridge 2.0.1 \"2\" | bridge ?>2.0.1 | 0 0 1 1 1"
    );
}

#[test]
fn a_release_is_judged_by_what_is_behind_it() {
    let http = vec![on("0.1.0", "0.1"), on("0.2.0", "0.2"), on("0.2.1", "0.3")];
    let bridge = vec![
        release("1.0.0", vec![dep("http", "0.1")]),
        release("2.0.0", vec![dep("http", "0.2")]),
        release("3.0.0", vec![dep("http", "0.2.1")]),
    ];
    let lock = [
        "app 0.0.0: bridge",
        "bridge 1.0.0: http",
        "http 0.1.0: api",
        "api 0.1.0",
    ];
    let of = |target: &str| {
        let crates = vec![("bridge", bridge.clone()), ("http", http.clone())];
        world(crates, target)
            .require("bridge", "1")
            .locked(&lock)
            .answer()
    };
    assert_eq!(of("0.3"), "bridge 2.0.0 \"2\" |  | 0 0 1 1 0");
    assert_eq!(of("0.2"), "bridge 2.0.0 \"2\" | http ?>0.2.0 | 0 0 1 1 1");
    assert_eq!(of("0.4"), "none");
}

#[test]
fn one_series_has_one_version() {
    let http = vec![on("1.0.0", "0.2"), on("1.0.1", "0.3")];
    let one = vec![release("1.0.0", vec![dep("http", "=1.0.1")])];
    let two = vec![release("1.0.0", vec![dep("http", "1")])];
    let crates = vec![("one", one), ("two", two), ("http", http)];
    let of = |pin: &str| {
        let world = world(crates.clone(), "0.3")
            .require("one", "1")
            .require("two", "1");
        world.require("http", pin).answer()
    };
    assert_eq!(of("1"), "keep, keep, keep |  | 0 0 0 0 0");
    assert_eq!(
        of("=1.0.0"),
        "keep, keep, http 1.0.1 \"=1.0.1\" |  | 0 0 0 1 0"
    );
    let crates = vec![
        ("one", vec![release("1.0.0", vec![dep("http", "=1.0.1")])]),
        ("two", vec![release("1.0.0", vec![dep("http", "=1.0.0")])]),
        ("http", vec![on("1.0.0", "0.3"), on("1.0.1", "0.3")]),
    ];
    let world = world(crates, "0.3").require("one", "1").require("two", "1");
    assert_eq!(world.answer(), "none");
    assert_eq!(obstacle(&world.question(), 0), None);
}

#[test]
fn two_series_may_be_linked_side_by_side_unless_there_must_be_one() {
    let http = vec![on("1.0.0", "0.3"), on("2.0.0", "0.3")];
    let crates = vec![
        (
            "one",
            vec![
                release("1.0.0", vec![dep("http", "1")]),
                release("2.0.0", vec![dep("http", "2")]),
            ],
        ),
        ("two", vec![release("1.0.0", vec![dep("http", "2")])]),
        ("http", http),
    ];
    let world = world(crates, "0.3").require("one", "1").require("two", "1");
    let lock = [
        "app 0.0.0: one, two",
        "one 1.0.0: http 1.0.0",
        "two 1.0.0: http 2.0.0",
        "http 1.0.0: api",
        "http 2.0.0: api",
        "api 0.3.0",
    ];
    let world = world.locked(&lock);
    assert_eq!(world.answer(), "keep, keep |  | 0 0 0 0 0");
    assert_eq!(
        as_single(world, "http").answer(),
        "one 2.0.0 \"2\", keep |  | 0 0 1 1 0"
    );
}

#[test]
fn a_wide_range_need_not_follow_what_others_take() {
    // `two` forces the second series of `http`; with the feature that `one` asks for it leads
    // elsewhere, so `one` has to take the first.
    let http = vec![
        release("1.0.0", vec![dep("api", "0.3")]).feature("f", &[]),
        release(
            "2.0.0",
            vec![dep("api", "0.3"), option("old", "api", "0.2")],
        )
        .feature("f", &["dep:old"]),
    ];
    let wide = ReleaseDep {
        features: vec!["f".to_owned()],
        ..dep("http", ">=1, <3")
    };
    let crates = vec![
        ("one", vec![release("1.0.0", vec![wide])]),
        ("two", vec![release("1.0.0", vec![dep("http", "2")])]),
        ("http", http),
    ];
    let of = |first: &str, second: &str| {
        world(crates.clone(), "0.3")
            .require(first, "1")
            .require(second, "1")
            .answer()
    };
    assert_eq!(of("one", "two"), "keep, keep | http ?>1.0.0 | 0 0 0 0 1");
    assert_eq!(of("two", "one"), "keep, keep | http ?>1.0.0 | 0 0 0 0 1");
}

#[test]
fn a_cycle_ends() {
    let one = vec![release("1.0.0", vec![dep("two", "1"), dep("api", "0.3")])];
    let two = vec![release("1.0.0", vec![dep("one", "1")])];
    let world = world(vec![("one", one), ("two", two)], "0.3").require("one", "1");
    assert_eq!(world.answer(), "keep |  | 0 0 0 0 0");
}

#[test]
fn a_dead_crate_gives_way() {
    let crates = vec![
        ("old", vec![on("0.1.0", "0.1")]),
        (
            "new",
            vec![
                on("0.1.0", "0.3"),
                on("0.2.0", "0.3").feature("f", &[]),
                on("0.3.0", "0.4"),
            ],
        ),
    ];
    let mut world = world(crates, "0.3");
    world.family.successors.push(Succession {
        name: "old".to_owned(),
        successor: "new".to_owned(),
        since: None,
        advice: None,
        source: String::new(),
    });
    let lock = ["app 0.0.0: old", "old 0.1.0: api", "api 0.1.0"];
    let mut world = world.require_with("old", "0.1", &["f", "g"]).locked(&lock);
    assert_eq!(world.answer(), "now new 0.2.0 \"0.2\" -g |  | 0 0 2 1 0");
    world.family.successors[0].since = Some(v("0.3.0"));
    assert_eq!(world.answer(), "none", "its place is taken from 0.3.0 on");
}

#[test]
fn switching_off_is_dearest_but_one_entry_at_a_time() {
    let crates = vec![("other", vec![on("1.0.0", "0.1")]), bridges()];
    let world = world(crates, "0.3")
        .require("other", "1")
        .require("bridge", "0.2");
    let lock = [
        "app 0.0.0: other, bridge",
        "other 1.0.0: api 0.1.0",
        "bridge 0.2.0: api 0.2.0",
        "api 0.1.0",
        "api 0.2.0",
    ];
    let mut world = world.locked(&lock);
    assert_eq!(world.answer(), "none");
    let why = obstacle(&world.question(), 0).unwrap();
    assert_eq!(
        why,
        "no release of `other` serves line 0.3 (the newest, 1.0.0, is on 0.1)"
    );
    assert_eq!(obstacle(&world.question(), 1), None);
    world = world.may_disable();
    assert_eq!(
        world.answer(),
        "disable, bridge 0.3.0 \"0.3\" |  | 1 0 1 2 0"
    );
    let again = world.requirements[0].uses[0].clone();
    world.requirements[0].uses.push(again);
    assert_eq!(
        world.answer(),
        "disable, bridge 0.3.0 \"0.3\" |  | 2 0 1 3 0"
    );
    world = world.may_block();
    assert_eq!(world.answer(), "block, bridge 0.3.0 \"0.3\" |  | 0 1 1 1 0");
}

#[test]
fn of_two_ways_the_one_with_fewer_breaks_wins() {
    // Either both companions move to a new series, or the one that holds them back does.
    let crates = vec![
        ("one", vec![on("1.0.0", "0.2"), on("2.0.0", "0.3")]),
        (
            "two",
            vec![
                release("1.0.0", vec![dep("one", ">=1, <3")]),
                release("1.1.0", vec![dep("one", "2")]),
            ],
        ),
    ];
    let world = world(crates, "0.3")
        .require("one", "1")
        .require("two", "=1.0.0");
    let lock = [
        "app 0.0.0: one, two",
        "one 1.0.0: api",
        "two 1.0.0: one",
        "api 0.2.0",
    ];
    let world = world.locked(&lock);
    assert_eq!(
        world.answer(),
        "one 2.0.0 \"2\", keep | one 1.0.0>2.0.0 | 0 0 1 1 1",
        "an edit less than with two edits, at the price of a lock move"
    );
}

#[test]
fn lock_moves_come_in_an_order_in_which_cargo_can_follow() {
    let bridge = vec![
        release("1.0.0", vec![dep("http", "1.0.0")]),
        release("1.0.1", vec![dep("http", "1.0.1")]),
    ];
    let http = vec![on("1.0.0", "0.2"), on("1.0.1", "0.3")];
    let crates = vec![("bridge", bridge), ("http", http)];
    let up = world(crates.clone(), "0.3").require("bridge", "1");
    let lock = [
        "app 0.0.0: bridge",
        "bridge 1.0.0: http",
        "http 1.0.0: api",
        "api 0.2.0",
    ];
    let up = up.locked(&lock);
    assert_eq!(up.answer(), "keep | http 1.0.0>1.0.1 | 0 0 0 0 1");
    let mut up = up.refuse("bridge", "1.0.0");
    // What nobody else holds back cargo moves by itself.
    assert_eq!(up.answer(), "bridge 1.0.1 | bridge 1.0.0>1.0.1 | 0 0 0 0 1");
    up = up.require("http", "1").locked(&lock);
    assert_eq!(
        up.answer(),
        "bridge 1.0.1, http 1.0.1 | http 1.0.0>1.0.1, bridge 1.0.0>1.0.1 | 0 0 0 0 2"
    );
    let down = world(crates, "0.2").require("bridge", "1");
    let lock = [
        "app 0.0.0: bridge",
        "bridge 1.0.1: http",
        "http 1.0.1: api",
        "api 0.3.0",
    ];
    assert_eq!(
        down.locked(&lock).answer(),
        "bridge 1.0.0 | bridge 1.0.1>1.0.0, http 1.0.1>1.0.0 | 0 0 0 0 2"
    );
}

#[test]
fn requirements_of_several_packages_on_one_are_brought_along_together() {
    let world = world(vec![bridges()], "0.3").require("bridge", "0.2");
    let mut world = world.require("bridge", "0.2.0");
    world.requirements.push(requirement("bridge", ">=0.2", &[]));
    let lock = ["app 0.0.0: bridge", "bridge 0.2.0: api", "api 0.2.0"];
    let world = as_single(world.locked(&lock), "bridge");
    assert_eq!(
        world.answer(),
        "bridge 0.3.0 \"0.3\", bridge 0.3.0 \"0.3.0\", bridge 0.3.0 | bridge 0.2.0>0.3.0 | 0 0 2 2 1"
    );
    assert_eq!(world.requirements[0].chosen(), set(&["default"]));
}
