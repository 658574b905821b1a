//! Large questions that have to be answered at once.

use super::world::World;
use crate::matrix::testing::{dep, family, index, release};
use crate::plan::search::{Known, Move, best, moves};
use crate::registry::{Release, ReleaseDep};
use crate::rules::Singleton;

const MANY: usize = 20;
const RELEASES: u64 = 60;

fn names() -> Vec<String> {
    (0..MANY).map(|number| format!("c{number:02}")).collect()
}

fn single(world: &mut World, name: &str) {
    world.family.singletons.push(Singleton {
        name: name.to_owned(),
        anchor: false,
        facade: Vec::new(),
        consequence: String::new(),
        source: String::new(),
    });
}

/// Releases of one crate in series of ten, each with what `deps` says.
fn releases(deps: impl Fn(u64) -> Vec<ReleaseDep>) -> Vec<Release> {
    let all = 0..RELEASES;
    all.map(|number| {
        release(
            &format!("0.{}.{}", 1 + number / 10, number % 10),
            deps(number),
        )
    })
    .collect()
}

fn on(line: &str) -> Vec<ReleaseDep> {
    vec![dep("api", line)]
}

fn built(crates: Vec<(String, Vec<Release>)>, target: &str) -> World {
    let names: Vec<&str> = crates.iter().map(|(name, _)| name.as_str()).collect();
    let family = family(&names);
    let crates = crates
        .iter()
        .map(|(name, all)| (name.as_str(), all.clone()))
        .collect();
    World::new(family, index(crates), target)
}

/// Steps that are done at once: a debug build takes some twenty thousand in a second.
const AT_ONCE: usize = 10_000;

/// Answers in few steps, without being cut short; gives their number. Steps are counted and not
/// seconds, since the machine may have other things to do.
fn at_once(world: &World) -> (String, usize) {
    let question = world.question();
    let known = Known::new(&question);
    let options = question
        .requirements
        .iter()
        .map(|one| moves::of(&question, one));
    let options: Vec<Vec<Move>> = options.collect();
    let found = best(&known, &options);
    assert!(found.as_ref().is_none_or(|found| found.complete));
    let nodes = found.map_or(0, |found| found.nodes);
    assert!(nodes < AT_ONCE, "{nodes}");
    (world.answer(), nodes)
}

fn locked(world: World, version: &str, api: &str, requirement: &str) -> World {
    let names = names();
    let entries = names.iter().map(|name| format!("{name} {version}: api"));
    let entries = entries.chain([
        format!("api {api}"),
        format!("app 0.0.0: {}", names.join(", ")),
    ]);
    let entries: Vec<String> = entries.collect();
    let world = names
        .iter()
        .fold(world, |world, name| world.require(name, requirement));
    world.locked(&entries.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn one_that_has_no_release() {
    let crates = names().into_iter().enumerate();
    let crates = crates.map(|(number, name)| {
        let last = number == MANY - 1;
        (
            name,
            releases(|n| on(if n < 30 || last { "0.2" } else { "0.3" })),
        )
    });
    let world = locked(built(crates.collect(), "0.3"), "0.1.0", "0.2.0", "0.1");
    assert_eq!(at_once(&world).0, "none");
    let (answer, _) = at_once(&world.may_block());
    assert!(answer.ends_with("block |  | 0 1 19 19 0"), "{answer}");
}

#[test]
fn two_that_exclude_each_other() {
    // Each would do by itself: the first and the last want different versions of what must be one.
    let crates = names().into_iter().enumerate().map(|(number, name)| {
        let more = match number {
            0 => Some(dep("one", "1")),
            19 => Some(dep("one", "2")),
            _ => None,
        };
        (
            name,
            releases(|_| on("0.3").into_iter().chain(more.clone()).collect()),
        )
    });
    let one = vec![release("1.0.0", on("0.3")), release("2.0.0", on("0.3"))];
    let crates = crates.chain([("one".to_owned(), one)]).collect();
    let mut world = locked(built(crates, "0.3"), "0.1.0", "0.3.0", "0.1");
    single(&mut world, "one");
    assert_eq!(at_once(&world).0, "none");
    let (answer, _) = at_once(&world.may_disable());
    assert!(answer.ends_with("| 1 0 0 1 0"), "{answer}");
}

#[test]
fn all_move_in_the_lock_alone() {
    // Of each series the even patches are on the line.
    let crates = names().into_iter().map(|name| {
        (
            name,
            releases(|n| on(if n % 2 == 0 { "0.3" } else { "0.2" })),
        )
    });
    let world = locked(built(crates.collect(), "0.3"), "0.1.1", "0.2.0", "0.1");
    let (answer, nodes) = at_once(&world);
    assert!(answer.ends_with("| 0 0 0 0 20"), "{answer}");
    assert!(nodes < 2_000, "{nodes}");
}

#[test]
fn all_move_in_the_lock_with_something_shared() {
    // Releases of the line want ever newer patches of one package; the lock has an old one.
    let crates = names().into_iter().map(|name| {
        let of = |n: u64| match n % 2 {
            0 => vec![dep("api", "0.3"), dep("core", &format!("1.{}", n % 10))],
            _ => on("0.2"),
        };
        (name, releases(of))
    });
    let core = (0..10).map(|n| release(&format!("1.{n}.0"), on("0.3")));
    let crates = crates
        .chain([("core".to_owned(), core.collect())])
        .collect();
    let world = built(crates, "0.3").require("core", "1");
    let mut world = locked(world, "0.1.1", "0.2.0", "0.1");
    world
        .lock
        .packages
        .push(super::world::entry("core 1.0.0: api"));
    world.requirements[0].locked = Some("1.0.0".parse().unwrap());
    let (answer, nodes) = at_once(&world);
    assert!(answer.ends_with("| 0 0 0 0 20"), "{answer}");
    assert!(nodes < 5_000, "{nodes}");
}

#[test]
fn deep_behind_one_another() {
    // Each release of each asks for all releases of the next; the last is on another line.
    let names = names();
    let crates = names.iter().enumerate().map(|(number, name)| {
        let next = names.get(number + 1).cloned();
        let deps = next.map_or_else(|| on("0.2"), |next| vec![dep(&next, "*")]);
        (name.clone(), releases(|_| deps.clone()))
    });
    let mut world = built(crates.collect(), "0.3").require(&names[0], "*");
    assert_eq!(at_once(&world).0, "none");
    world.target = "0.2".parse().unwrap();
    assert_eq!(at_once(&world).0, "keep |  | 0 0 0 0 0");
}

#[test]
fn deep_and_forced_to_the_last() {
    // The last of the chain has one old release on the line, which nobody takes by himself.
    let names = names();
    let crates = names.iter().enumerate().map(|(number, name)| {
        let next = names.get(number + 1).cloned();
        let deps = |n: u64| match &next {
            Some(next) => vec![dep(next, "*")],
            None => on(if n == 7 { "0.3" } else { "0.2" }),
        };
        (name.clone(), releases(deps))
    });
    let world = built(crates.collect(), "0.3").require(&names[0], "*");
    assert_eq!(at_once(&world).0, "keep | c19 ?>0.1.7 | 0 0 0 0 1");
}

#[test]
fn many_choices_that_cost_the_same() {
    // Every requirement has to be bumped, and ten releases would do for each.
    let crates = names()
        .into_iter()
        .map(|name| (name, releases(|n| on(if n < 50 { "0.2" } else { "0.3" }))));
    let world = locked(built(crates.collect(), "0.3"), "0.1.0", "0.2.0", "0.1");
    let (answer, nodes) = at_once(&world);
    assert!(answer.ends_with("| 0 0 20 20 0"), "{answer}");
    assert!(nodes < 2_000, "{nodes}");
}
