//! Made-up indices and workspaces: the search against all that could be chosen.

use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use semver::Version;

use super::brute::{Brute, Choice, Opt, Verdict};
use super::made::{NAMES, specs, world};
use super::world::World;
use crate::plan::search::{Known, Move, best, moves};
use crate::registry::{Index, RegistryId};

/// Cases of an ordinary run, always the same. `PROPTEST_CASES` asks for a number of others.
const CASES: u32 = 600;
/// Choices to look at in one case; those with more are left out.
const MOST: usize = 3_000;

/// What was compared, so that a test that compares nothing shows.
#[derive(Debug, Default)]
struct Tally {
    compared: u32,
    solved: u32,
    moved: u32,
    beyond: u32,
}

#[test]
fn the_search_finds_what_trying_all_finds() {
    let mut config = Config {
        max_shrink_iters: 4_000,
        failure_persistence: None,
        ..Config::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = CASES;
        config.rng_seed = RngSeed::Fixed(0);
    }
    let cases = config.cases;
    let tally = std::cell::RefCell::new(Tally::default());
    let outcome = TestRunner::new(config).run(&specs(), |spec| {
        let world = world(&spec);
        compare(&world, &mut tally.borrow_mut())
            .map_err(|why| TestCaseError::fail(format!("{why}\n{}", described(&world))))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let tally = tally.into_inner();
    assert!(tally.compared > cases * 3 / 4, "{tally:?}");
    assert!(tally.solved > cases / 4, "{tally:?}");
    assert!(tally.moved > cases / 8, "{tally:?}");
    assert!(tally.compared - tally.solved > cases / 16, "{tally:?}");
}

fn compare(world: &World, tally: &mut Tally) -> Result<(), String> {
    let question = world.question();
    let mut brute = Brute::new(&question, MOST);
    let Some(least) = brute.least() else {
        tally.beyond += 1;
        return Ok(());
    };
    tally.compared += 1;
    let answer = world.search();
    if answer.as_ref().map(|answer| answer.cost) != least {
        return Err(format!("found {answer:?}, least is {least:?}"));
    }
    let Some(answer) = answer else { return Ok(()) };
    tally.solved += 1;
    tally.moved += u32::from(answer.cost != Default::default());
    if !answer.exhaustive || answer.locks.len() as u32 != answer.cost.lock_moves {
        return Err(format!("cut short or miscounted: {answer:?}"));
    }
    // The very choice, down to each edge, looked at by the other side.
    let known = Known::new(&question);
    let options: Vec<Vec<Move>> = question
        .requirements
        .iter()
        .map(|one| moves::of(&question, one))
        .collect();
    let found = best(&known, &options)
        .and_then(|found| found.best)
        .ok_or("found, then not")?;
    let choice = Choice {
        options: answer.moves.iter().map(opt).collect(),
        edges: found
            .edges
            .iter()
            .map(|(edge, (_, version, _))| (edge.clone(), version.clone()))
            .collect(),
    };
    match brute.look(&choice) {
        Verdict::Good(cost) if cost == answer.cost => Ok(()),
        other => Err(format!("{answer:?} at {:?} is {other:?}", choice.edges)),
    }
}

fn opt(choice: &Move) -> Opt {
    match choice {
        Move::Keep => Opt::Keep,
        Move::Release { to, text, .. } => Opt::To(to.clone(), text.clone()),
        Move::Drop { features } => Opt::Drop(features.clone()),
        Move::Disable => Opt::Disable,
        Move::Block => Opt::Block,
        Move::Replace { .. } => panic!("no crate has a successor here"),
    }
}

/// A world in words.
fn described(world: &World) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    let _ = writeln!(out, "target {}", world.target);
    for name in NAMES {
        let Ok(releases) = world.index.releases(&RegistryId::default_registry(), name) else {
            continue;
        };
        let family = &world.family;
        let (known, single) = (family.knows(name), family.is_singleton(name));
        let _ = writeln!(out, "{name} known={known} single={single}");
        for one in releases.iter() {
            let core = family.is_core(name, &one.version);
            let _ = writeln!(
                out,
                "  {} yanked={} rust={:?} core={core} {:?}",
                one.version, one.yanked, one.rust_version, one.features
            );
            for dep in &one.dependencies {
                let _ = writeln!(
                    out,
                    "    {} = {} {} optional={} default={} {:?}",
                    dep.key(),
                    dep.name,
                    dep.req,
                    dep.optional,
                    dep.default_features,
                    dep.features
                );
            }
        }
    }
    for one in &world.requirements {
        let _ = writeln!(
            out,
            "asks {} {} {:?} default={} locked {:?}",
            one.package,
            one.text,
            one.features,
            one.default_features,
            one.locked.as_ref().map(Version::to_string)
        );
    }
    for entry in &world.lock.packages {
        let _ = writeln!(
            out,
            "lock {} {} {:?}",
            entry.name, entry.version, entry.dependencies
        );
    }
    let _ = writeln!(out, "used {:?}", world.used);
    let _ = writeln!(
        out,
        "harmless {:?} refused {:?} rust {:?}",
        world.harmless, world.refused, world.toolchains
    );
    let _ = writeln!(
        out,
        "disable {} block {}",
        world.may_disable, world.may_block
    );
    out
}
