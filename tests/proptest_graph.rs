//! Made-up workspaces: the rows of the report against cargo's own plan of each build.

mod support;

use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use support::cargo::{cargo, host, metadata, succeed};
use support::differential::differences;
use support::sandbox::Sandbox;
use support::tool::check;
use support::unit_graph::{Class, linked};
use support::world::{Node, World};
use support::world_strategy::worlds;

/// Cases of an ordinary run, always the same. One takes about a second. `PROPTEST_CASES` asks for a
/// number of others.
const CASES: u32 = 40;

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
            let sandbox = lay_out(&world);
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
    let root = sandbox.root();
    let metadata = metadata(root);
    let flags = world.options.features();
    let mut options = flags.to_vec();
    let mut for_cargo = flags.to_vec();
    if let Some(target) = world.options.target() {
        options.extend(["--target", target]);
        for_cargo.extend(["--target", target]);
    }
    let report = check(root, &options).report();
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
        let plan = linked(root, &metadata, &arguments);
        let classes = &[Class::Normal, Class::Host];
        wrong.extend(differences(
            &report, &metadata, &build, target, classes, &plan,
        ));
        arguments.push("--all-targets");
        let plan = linked(root, &metadata, &arguments);
        let classes = &[Class::Development];
        wrong.extend(differences(
            &report, &metadata, &build, target, classes, &plan,
        ));
    }
    wrong
}

/// Writes a world to disk, and has cargo lock it.
fn lay_out(world: &World) -> Sandbox {
    let sandbox = Sandbox::empty();
    sandbox.write("Cargo.toml", &world.root_manifest());
    for number in 0..world.members.len() {
        let node = Node::Member(number);
        write(&sandbox, &node.name(), world, node);
    }
    for node in world.published() {
        let folder = format!("published/{}-{}", node.name(), node.version());
        write(&sandbox, &folder, world, node);
        sandbox.write(&format!("{folder}/.cargo-checksum.json"), "{\"files\":{}}");
    }
    sandbox.write(
        ".cargo/config.toml",
        "[source.crates-io]\nreplace-with = \"published\"\n\n\
         [source.published]\ndirectory = \"published\"\n",
    );
    succeed(cargo(sandbox.root()).args(["generate-lockfile", "--offline"]));
    sandbox
}

fn write(sandbox: &Sandbox, folder: &str, world: &World, node: Node) {
    sandbox.write(&format!("{folder}/Cargo.toml"), &world.manifest(node));
    for file in world.sources(node) {
        sandbox.write(&format!("{folder}/{file}"), "fn main() {}\n");
    }
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
