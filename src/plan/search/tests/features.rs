//! What becomes of features. Answers read as in `cases`.

use super::world::{World, v};
use crate::matrix::testing::{dep, family, index, option, release};
use crate::plan::search::obstacle;
use crate::registry::{Release, ReleaseDep};
use crate::rules::{FeatureChange, LineFeatures};

fn world(crates: Vec<(&str, Vec<Release>)>, target: &str) -> World {
    let names: Vec<&str> = crates.iter().map(|(name, _)| *name).collect();
    World::new(family(&names), index(crates), target)
}

fn on(version: &str, line: &str) -> Release {
    release(version, vec![dep("api", line)])
}

fn change(
    feature: &str,
    gone_in: &str,
    crates: Option<&str>,
    renamed: Option<&str>,
) -> FeatureChange {
    FeatureChange {
        name: "bridge".to_owned(),
        feature: feature.to_owned(),
        gone_in: v(gone_in),
        moved_to_crate: crates.map(str::to_owned),
        renamed_to: renamed.map(str::to_owned),
        advice: String::new(),
        source: String::new(),
    }
}

/// `bridge` with one feature, which line 0.3 does not have.
fn losing(changes: Vec<FeatureChange>, newer: &[&str]) -> World {
    let mut new = on("0.3.0", "0.3");
    for feature in newer {
        new = new.feature(feature, &[]);
    }
    let crates = vec![("bridge", vec![on("0.2.0", "0.2").feature("old", &[]), new])];
    let mut world = world(crates, "0.3").require_with("bridge", "0.2", &["old"]);
    world.family.features = changes;
    world.locked(&["app 0.0.0: bridge", "bridge 0.2.0: api", "api 0.2.0"])
}

#[test]
fn a_feature_follows_its_new_name() {
    let world = losing(vec![change("old", "0.3.0", None, Some("new"))], &["new"]);
    assert_eq!(
        world.answer(),
        "bridge 0.3.0 \"0.3\" -old +new |  | 0 0 1 1 0"
    );
}

#[test]
fn a_feature_may_have_been_renamed_twice() {
    let changes = vec![
        change("old", "0.2.5", None, Some("middle")),
        change("middle", "0.3.0", None, Some("new")),
    ];
    assert_eq!(
        losing(changes, &["new"]).answer(),
        "bridge 0.3.0 \"0.3\" -old +new |  | 0 0 1 1 0"
    );
    let circle = vec![
        change("old", "0.2.5", None, Some("middle")),
        change("middle", "0.3.0", None, Some("old")),
    ];
    assert_eq!(losing(circle, &[]).answer(), "none");
}

#[test]
fn a_feature_follows_to_another_crate_and_costs_an_entry() {
    let world = losing(vec![change("old", "0.3.0", Some("sdk"), None)], &[]);
    assert_eq!(
        world.answer(),
        "bridge 0.3.0 \"0.3\" -old +sdk/old |  | 0 0 1 2 0"
    );
    let world = losing(vec![change("old", "0.3.0", Some("sdk"), Some("new"))], &[]);
    assert_eq!(
        world.answer(),
        "bridge 0.3.0 \"0.3\" -old +sdk/new |  | 0 0 1 2 0"
    );
}

#[test]
fn the_entry_for_a_moved_feature_is_counted_once() {
    let mut world = losing(vec![change("old", "0.3.0", Some("sdk"), None)], &[]);
    let again = world.requirements[0].clone();
    world.requirements.push(again);
    let both = "bridge 0.3.0 \"0.3\" -old +sdk/old";
    assert_eq!(world.answer(), format!("{both}, {both} |  | 0 0 2 3 0"));
}

#[test]
fn a_feature_that_is_not_needed_any_more_goes() {
    let world = losing(vec![change("old", "0.3.0", None, None)], &[]);
    assert_eq!(world.answer(), "bridge 0.3.0 \"0.3\" -old |  | 0 0 1 1 0");
}

#[test]
fn a_feature_that_is_gone_without_a_word_forbids_the_release() {
    assert_eq!(losing(Vec::new(), &[]).answer(), "none");
    let too_late = vec![change("old", "0.4.0", None, Some("new"))];
    assert_eq!(losing(too_late, &["new"]).answer(), "none");
    let nowhere = vec![change("old", "0.3.0", None, Some("new"))];
    assert_eq!(losing(nowhere, &[]).answer(), "none");
    let world = losing(Vec::new(), &[]);
    let why = obstacle(&world.question(), 0);
    assert_eq!(
        why.as_deref(),
        Some(
            "`bridge` 0.3.0 for line 0.3 has no feature `old`, and no rule says what to do without it"
        )
    );
}

/// `web` 1.0.0, of which one feature each chooses line 0.2 and 0.3, and 1.1.0, which has but the
/// feature for 0.3.
fn by_feature(releases: usize) -> World {
    let old = || option("api_02", "api", "0.2");
    let new = || option("api_03", "api", "0.3");
    let web = vec![
        release("1.0.0", vec![old(), new()])
            .feature("line_02", &["dep:api_02"])
            .feature("line_03", &["dep:api_03"]),
        release("1.1.0", vec![new()]).feature("line_03", &["dep:api_03"]),
    ];
    let web = web.into_iter().skip(releases).collect();
    let mut world = world(vec![("web", web)], "0.3");
    for rule in world.family.crates.get_mut("web").unwrap() {
        rule.line_features = Some(LineFeatures {
            prefixes: vec!["line_".to_owned()],
            not_suffixes: Vec::new(),
            exclusive: true,
            required: false,
        });
    }
    world.require_with("web", "1", &["line_02"])
}

const WEB: [&str; 3] = ["app 0.0.0: web", "web 1.0.0: api", "api 0.2.0"];

#[test]
fn the_feature_that_chooses_the_line_is_switched() {
    let mut world = by_feature(0).locked(&WEB);
    world = world.refuse("web", "1.1.0");
    assert_eq!(world.answer(), "web 1.0.0 -line_02 +line_03 |  | 0 0 0 1 0");
    // Builds give the feature that goes.
    let world = world.built(&[
        ("web", "1.0.0", &["default", "line_02"]),
        ("api", "0.2.0", &["default"]),
    ]);
    assert_eq!(world.answer(), "web 1.0.0 -line_02 +line_03 |  | 0 0 0 1 0");
}

#[test]
fn a_feature_that_the_tree_turns_on_elsewhere_stays_on() {
    let web = vec![
        release("1.0.0", vec![option("api", "api", "0.2")]).feature("trace", &["dep:api"]),
        release("1.1.0", vec![option("api", "api", "0.3")]).feature("trace", &["dep:api"]),
        release("1.2.0", vec![option("api", "api", "0.4")]).feature("trace", &["dep:api"]),
    ];
    let world = world(vec![("web", web)], "0.3")
        .require("web", "1")
        .locked(&WEB);
    assert_eq!(
        world.answer(),
        "keep |  | 0 0 0 0 0",
        "nobody asks for the feature"
    );
    let built: [(&str, &str, &[&str]); 2] = [("web", "1.0.0", &["trace"]), ("api", "0.2.0", &[])];
    let world = world.built(&built);
    assert_eq!(world.answer(), "web 1.1.0 | web 1.0.0>1.1.0 | 0 0 0 0 1");
}

#[test]
fn features_that_releases_ask_for_do_not_outlive_them() {
    // `other` turned the feature on; its new release does not.
    let web =
        vec![release("1.0.0", vec![option("api", "api", "0.2")]).feature("trace", &["dep:api"])];
    let asking = ReleaseDep {
        features: vec!["trace".to_owned()],
        ..dep("web", "1")
    };
    let other = vec![
        release("1.0.0", vec![asking]),
        release("1.0.1", vec![dep("web", "1")]),
    ];
    let world = world(vec![("web", web), ("other", other)], "0.3");
    let world = world.require("web", "1").require("other", "1");
    let lock = [
        "app 0.0.0: web, other",
        "other 1.0.0: web",
        "web 1.0.0: api",
        "api 0.2.0",
    ];
    let built: [(&str, &str, &[&str]); 3] = [
        ("web", "1.0.0", &["default", "trace"]),
        ("other", "1.0.0", &["default"]),
        ("api", "0.2.0", &[]),
    ];
    let world = world.locked(&lock).built(&built);
    assert_eq!(
        world.answer(),
        "keep, other 1.0.1 | other 1.0.0>1.0.1 | 0 0 0 0 1"
    );
}

#[test]
fn a_bump_may_take_another_feature_for_the_line() {
    let mut world = by_feature(0).locked(&WEB);
    world = world.refuse("web", "1.0.0");
    assert_eq!(
        world.answer(),
        "web 1.1.0 -line_02 +line_03 | web 1.0.0>1.1.0 | 0 0 0 1 1"
    );
}

#[test]
fn a_release_is_asked_only_for_features_that_it_has() {
    let bridge = |feature: &str| {
        let asking = ReleaseDep {
            features: vec![feature.to_owned()],
            ..dep("http", "1")
        };
        vec![release("1.0.0", vec![asking])]
    };
    let http = || vec![on("1.0.0", "0.3").feature("f", &[]), on("1.1.0", "0.3")];
    let of = |feature: &str| {
        let crates = vec![("bridge", bridge(feature)), ("http", http())];
        world(crates, "0.3").require("bridge", "1").answer()
    };
    assert_eq!(of("f"), "keep | http ?>1.0.0 | 0 0 0 0 1");
    assert_eq!(of("g"), "none");
    let world = world(vec![("http", http())], "0.3").require_with("http", "=1.1.0", &["f"]);
    assert_eq!(
        world.answer(),
        "http 1.0.0 \"=1.0.0\" |  | 0 0 0 1 0",
        "cargo refuses what it has today"
    );
}

#[test]
fn features_are_passed_on_to_what_is_behind() {
    let http = || {
        let old = option("old", "api", "0.2");
        vec![release("1.0.0", vec![dep("api", "0.3"), old]).feature("f", &["dep:old"])]
    };
    let of = |item: &'static str, asked: &[&str]| {
        let bridge = release("1.0.0", vec![dep("http", "1")]).feature("g", &[item]);
        let crates = vec![("bridge", vec![bridge]), ("http", http())];
        world(crates, "0.3")
            .require_with("bridge", "1", asked)
            .answer()
    };
    assert_eq!(of("http/f", &[]), "keep |  | 0 0 0 0 0");
    assert_eq!(of("http/f", &["g"]), "none");
    assert_eq!(of("http?/f", &["g"]), "none");
}

/// `store`, of which nobody has heard, links the family by a feature.
fn store(features: &[(&str, &[&str])], asked: &[&str]) -> World {
    let mut store = release("1.0.0", vec![option("api", "api", "0.2")]);
    for (name, items) in features {
        store = store.feature(name, items);
    }
    let world = World::new(family(&[]), index(vec![("store", vec![store])]), "0.3");
    let world = world.require_with("store", "1", asked);
    world
        .locked(&["app 0.0.0: store", "store 1.0.0: api", "api 0.2.0"])
        .may_disable()
}

#[test]
fn a_feature_that_brings_the_line_in_is_dropped() {
    let world = store(&[("trace", &["dep:api"]), ("tls", &[])], &["trace", "tls"]);
    assert_eq!(world.answer(), "drop trace |  | 1 0 0 1 0");
    let built: [(&str, &str, &[&str]); 2] = [
        ("store", "1.0.0", &["trace", "tls", "default"]),
        ("api", "0.2.0", &[]),
    ];
    assert_eq!(world.built(&built).answer(), "drop trace |  | 1 0 0 1 0");
}

#[test]
fn dropping_a_feature_is_no_way_out_where_another_one_brings_the_line_in() {
    let world = store(
        &[("trace", &["dep:api"]), ("default", &["trace"])],
        &["trace"],
    );
    assert_eq!(
        world.answer(),
        "disable |  | 1 0 0 1 0",
        "it is on by default"
    );
    let world = store(&[("trace", &["dep:api"])], &["trace"]);
    let mut again = world.requirements[0].clone();
    again.features = Default::default();
    let mut world = world;
    world.requirements.push(again);
    assert_eq!(world.answer(), "drop trace, keep |  | 1 0 0 1 0");
    // Neither asks for what turns on the other one.
    let built: [(&str, &str, &[&str]); 2] = [
        ("store", "1.0.0", &["trace", "more"]),
        ("api", "0.2.0", &[]),
    ];
    let world = store(
        &[("trace", &["dep:api"]), ("more", &["dep:api"])],
        &["trace"],
    )
    .built(&built);
    assert_eq!(
        world.answer(),
        "disable |  | 1 0 0 1 0",
        "the tree turns it on elsewhere"
    );
}
