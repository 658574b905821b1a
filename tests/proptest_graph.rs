//! Made-up workspaces: the rows of the report against cargo's own plan of each build.

#[path = "support/registry.rs"]
mod registry;
mod support;

use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use registry::{Dep, Package as Release, Registry};
use support::cargo::{host, metadata, succeed};
use support::differential::differences;
use support::sandbox::Sandbox;
use support::tool::check;
use support::unit_graph::{Class, linked};
use support::world::{FEATURES, Kind, Link, Node, Shape, World};
use support::world_strategy::worlds;

/// Cases of an ordinary run, always the same. One takes about a second. `PROPTEST_CASES` asks for a
/// number of others.
const CASES: u32 = 24;

#[test]
fn rows_are_what_cargo_plans() {
    let mut config = Config {
        max_shrink_iters: 200,
        failure_persistence: None,
        ..Config::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = CASES;
        config.rng_seed = RngSeed::Fixed(0);
    }
    TestRunner::new(config)
        .run(&worlds(), |world| {
            // One for each world: cargo takes for granted that a release does not change.
            let registry = Registry::start();
            let sandbox = lay_out(&world, &registry);
            let wrong = compare(&world, &sandbox);
            if wrong.is_empty() {
                return Ok(());
            }
            Err(TestCaseError::fail(format!(
                "{}\n{}",
                wrong.join("\n"),
                manifests(&world)
            )))
        })
        .unwrap();
}

/// Every build of a world, normal and with tests.
fn compare(world: &World, sandbox: &Sandbox) -> Vec<String> {
    let metadata = metadata(sandbox);
    let flags = world.options.features();
    let mut options = flags.to_vec();
    let mut for_cargo = flags.to_vec();
    if let Some(target) = world.options.target() {
        options.extend(["--target", target]);
        for_cargo.extend(["--target", target]);
    }
    let report = check(sandbox, &options).report();
    let target = world.options.target().unwrap_or_else(host);
    let mut selections = vec![vec!["--workspace"]];
    selections.extend(
        metadata
            .member_names()
            .into_iter()
            .map(|name| vec!["-p", name]),
    );
    let mut wrong = Vec::new();
    for selection in selections {
        let build = [selection.as_slice(), flags].concat().join(" ");
        let mut arguments = [selection.as_slice(), &for_cargo].concat();
        let plan = linked(sandbox, &metadata, &arguments);
        let classes = &[Class::Normal, Class::Host];
        wrong.extend(differences(
            &report, &metadata, &build, target, classes, &plan,
        ));
        arguments.push("--all-targets");
        let plan = linked(sandbox, &metadata, &arguments);
        let classes = &[Class::Development];
        wrong.extend(differences(
            &report, &metadata, &build, target, classes, &plan,
        ));
    }
    wrong
}

/// Publishes what a world draws on, writes its members to disk, and has cargo lock and download.
fn lay_out(world: &World, registry: &Registry) -> Sandbox {
    registry.publish_all(
        world
            .published()
            .into_iter()
            .map(|node| release(world, node)),
    );
    let sandbox = Sandbox::empty().with_cargo_home(registry.cargo_home());
    registry.replace_default(sandbox.root().as_std_path());
    sandbox.write("Cargo.toml", &world.root_manifest());
    for number in 0..world.members.len() {
        let node = Node::Member(number);
        sandbox.write(
            &format!("{}/Cargo.toml", node.name()),
            &world.manifest(node),
        );
        for file in world.sources(node) {
            sandbox.write(&format!("{}/{file}", node.name()), "fn main() {}\n");
        }
    }
    succeed(registry.cargo(sandbox.root().as_std_path()).arg("fetch"));
    sandbox
}

/// A published package as the registry takes it.
fn release(world: &World, node: Node) -> Release {
    let mut release = Release::new(&node.name(), &node.version());
    for file in world.sources(node) {
        release = release.file(file, "");
    }
    if world
        .package(node)
        .is_some_and(|package| package.shape == Shape::ProcMacro)
    {
        release = release.proc_macro();
    }
    for (number, feature) in FEATURES.iter().enumerate() {
        let enabled = world.enabled(node, number);
        let enabled: Vec<&str> = enabled.iter().map(String::as_str).collect();
        release = release.feature(feature, &enabled);
    }
    let links = world.links(node);
    links
        .iter()
        .fold(release, |release, link| release.dep(dep(link)))
}

fn dep(link: &Link<'_>) -> Dep {
    let mut dep = Dep::new(&link.to.name(), &link.to.version());
    let dependency = link.dependency;
    if link.key != link.to.name() {
        dep = dep.renamed(&link.key);
    }
    dep = match dependency.kind {
        Kind::Normal => dep,
        Kind::Dev => dep.dev(),
        Kind::Build => dep.build(),
    };
    if link.optional() {
        dep = dep.optional();
    }
    if !dependency.default_features {
        dep = dep.no_default_features();
    }
    if let Some(platform) = dependency.platform.cfg() {
        dep = dep.target(platform);
    }
    dep.features(&dependency.asked())
}

/// All manifests of a world, to reproduce it.
fn manifests(world: &World) -> String {
    let members = (0..world.members.len()).map(Node::Member);
    let all = world.published().into_iter().chain(members);
    let mut text = world.root_manifest();
    for node in all {
        text += &format!(
            "\n--- {} {}\n{}",
            node.name(),
            node.version(),
            world.manifest(node)
        );
    }
    text
}
