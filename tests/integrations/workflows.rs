//! Workflows, the action and the metadata of releases: what they name is there, and fits together.

use std::collections::BTreeSet;
use std::process::Command;

use camino::Utf8Path;
use otel_check::shipping::yaml::{Node, parse};

use crate::skip;
use crate::support::cargo::{fetch, succeed};
use crate::support::sandbox::{Sandbox, fixture};
use crate::support::tool::command;

use super::{repository, there};

fn text(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).unwrap()
}

fn yaml(path: &str) -> Node {
    let documents = parse(&text(path)).unwrap_or_else(|| panic!("{path} is no YAML"));
    assert_eq!(documents.len(), 1, "{path}");
    documents.into_iter().next().unwrap()
}

fn keys(node: &Node, key: &str) -> BTreeSet<String> {
    let entries = node.get(key).unwrap().entries().iter();
    entries.map(|(key, _)| key.text.clone()).collect()
}

/// The names behind `PREFIX` in `${{ … }}` expressions.
fn referred(text: &str, prefix: &str) -> BTreeSet<String> {
    let parts = text.split(prefix).skip(1);
    let name = |part: &str| {
        let end = part.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_');
        part[..end.unwrap_or(part.len())].to_owned()
    };
    parts.map(name).collect()
}

#[test]
fn the_action_hands_every_input_over_and_every_output_back() {
    let action = yaml("action.yml");
    let script = text(".ci/action");
    assert_eq!(
        referred(&text("action.yml"), "inputs."),
        keys(&action, "inputs")
    );
    let runs = action.get("runs").unwrap();
    assert_eq!(runs.get("using").unwrap().text(), Some("composite"));
    let step = &runs.get("steps").unwrap().items()[0];
    let run = step.get("run").unwrap().text().unwrap();
    let path = run
        .trim_matches('"')
        .strip_prefix("$GITHUB_ACTION_PATH/")
        .unwrap();
    assert!(is_executable(&repository().join(path)), "{path}");
    for (variable, value) in step.get("env").unwrap().entries() {
        assert!(
            script.contains(&variable.text),
            "{} is not read",
            variable.text
        );
        let input = variable
            .text
            .trim_start_matches("INPUT_")
            .to_lowercase()
            .replace('_', "-");
        assert_eq!(
            value.text(),
            Some(format!("${{{{ inputs.{input} }}}}").as_str())
        );
    }
    let told = referred(&script, "\n    tell ")
        .into_iter()
        .chain(referred(&script, "\ntell "));
    assert_eq!(told.collect::<BTreeSet<_>>(), keys(&action, "outputs"));
    assert_eq!(
        referred(&text("action.yml"), "steps.check.outputs."),
        keys(&action, "outputs")
    );
    for (_, input) in action.get("inputs").unwrap().entries() {
        assert!(input.get("description").is_some() && input.get("default").is_some());
    }
}

#[cfg(unix)]
fn is_executable(path: &Utf8Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o111 == 0o111)
}

#[test]
fn workflows_run_what_is_there() {
    let ci = yaml(".github/workflows/ci.yml");
    let steps = ci.get("jobs").unwrap().entries()[0].1.get("steps").unwrap();
    let runs: Vec<&str> = steps
        .items()
        .iter()
        .filter_map(|step| step.get("run")?.text())
        .collect();
    assert!(runs.contains(&".ci/run"), "{runs:?}");
    let release = yaml(".github/workflows/release.yml");
    let build = release.get("jobs").unwrap().get("build").unwrap();
    // What is attested is what is published.
    let steps = build.get("steps").unwrap().items();
    let with = |name: &str, key: &str| {
        let uses = |step: &&Node| {
            step.get("uses")
                .and_then(Node::text)
                .is_some_and(|uses| uses.starts_with(name))
        };
        let step = steps.iter().find(uses).unwrap();
        step.get("with")
            .unwrap()
            .get(key)
            .unwrap()
            .text()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        with("actions/attest@", "subject-path"),
        with("actions/upload-artifact@", "path")
    );
    for permission in ["id-token", "attestations"] {
        let given = build.get("permissions").unwrap().get(permission).unwrap();
        assert_eq!(given.text(), Some("write"));
    }
    // Every `uses` names a commit, which nobody can move, and says of which release it is.
    for path in [
        ".github/workflows/ci.yml",
        ".github/workflows/release.yml",
        "action.yml",
    ] {
        for line in text(path).lines().filter(|line| line.contains("uses: ")) {
            let (_, reference) = line.split_once('@').unwrap();
            let (commit, release) = reference.split_once(" # v").unwrap();
            assert!(is_commit(commit), "{path}: {line}");
            assert!(release.split('.').count() == 3, "{path}: {line}");
        }
    }
    // Nothing may write by default, and no checkout leaves a token behind.
    for workflow in [ci, release] {
        let given = workflow.get("permissions").unwrap();
        assert_eq!(given.get("contents").unwrap().text(), Some("read"));
    }
}

fn is_commit(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The archive has the name and the inside by which `cargo binstall` looks for it.
#[test]
fn archives_are_where_binstall_looks() {
    if !there("tar", "--version") || !there("bash", "--version") {
        skip!("no tar, or no bash");
    }
    let manifest: toml::Value = toml::from_str(&text("Cargo.toml")).unwrap();
    let binstall = &manifest["package"]["metadata"]["binstall"];
    let target = "x86_64-unknown-linux-gnu";
    let filled = |template: &str| {
        let text = template
            .replace("{ name }", "cargo-otel-check")
            .replace("{ target }", target);
        let text = text
            .replace("{ bin }", "cargo-otel-check")
            .replace("{ binary-ext }", "");
        text.replace("{ archive-suffix }", ".tar.gz")
    };
    assert_eq!(binstall["pkg-fmt"].as_str(), Some("tgz"));
    let url = filled(binstall["pkg-url"].as_str().unwrap());
    let sandbox = Sandbox::empty();
    sandbox.write("cargo-otel-check", "program");
    let dist = sandbox.root().join("dist");
    let pack = || {
        let mut command = Command::new("bash");
        command.arg(repository().join(".ci/package")).arg(target);
        succeed(
            command
                .arg(sandbox.root().join("cargo-otel-check"))
                .arg(&dist),
        )
    };
    let archive = pack().trim().to_owned();
    assert_eq!(url.rsplit('/').next(), Some(archive.as_str()));
    let before = std::fs::read(dist.join(&archive)).unwrap();
    pack();
    assert_eq!(std::fs::read(dist.join(&archive)).unwrap(), before);
    let list = succeed(Command::new("tar").arg("-tzf").arg(dist.join(&archive)));
    let inside = filled(binstall["bin-dir"].as_str().unwrap());
    assert!(
        list.lines().any(|line| line == inside),
        "no {inside} in\n{list}"
    );
    assert!(list.contains("LICENSE-MIT"), "{list}");
    // The workflow builds for the one target that has another kind of archive, too.
    let release = text(".github/workflows/release.yml");
    for other in binstall["overrides"].as_table().unwrap().keys() {
        assert!(release.contains(other.as_str()), "{other}");
    }
}

/// What is still to be set before a release is said where maintainers read, and nothing else needs it.
#[test]
fn an_address_is_needed_by_archives_alone() {
    let manifest: toml::Value = toml::from_str(&text("Cargo.toml")).unwrap();
    let package = &manifest["package"];
    let template = package["metadata"]["binstall"]["pkg-url"].as_str().unwrap();
    assert!(template.starts_with("{ repo }/"), "{template}");
    let said = text("docs/maintaining.md");
    assert!(said.contains("Set `repository` in `Cargo.toml`") && said.contains("`{ repo }`"));
    let release = text(".github/workflows/release.yml");
    assert!(release.contains("::warning file=Cargo.toml::"));
    // Where it is missing, the action builds what it cannot fetch.
    assert!(text(".ci/action").contains("cargo install --locked"));
    match package.get("repository").and_then(toml::Value::as_str) {
        Some(address) => assert!(address.starts_with("https://"), "{address}"),
        None => assert!(text("docs/ci.md").contains("`OWNER` stands for")),
    }
}

/// Fenced blocks of a language in a page.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let text = text(page);
    let fence = format!("```{language}\n");
    let parts = text.split(&fence).skip(1);
    parts
        .map(|part| part.split("```").next().unwrap().to_owned())
        .collect()
}

#[test]
fn five_lines_block_a_pull_request() {
    let snippet = &blocks("docs/ci.md", "yaml")[0];
    assert!(snippet.trim_end().lines().count() <= 5, "{snippet}");
    let workflow = parse(snippet).unwrap().remove(0);
    assert_eq!(workflow.get("on").unwrap().text(), Some("pull_request"));
    let job = &workflow.get("jobs").unwrap().entries()[0].1;
    let steps = job.get("steps").unwrap().items();
    let uses: Vec<&str> = steps
        .iter()
        .map(|step| step.get("uses").unwrap().text().unwrap())
        .collect();
    assert!(uses[0].starts_with("actions/checkout@"), "{uses:?}");
    // The second is this repository's action, whose script the tests of the action run.
    assert!(uses[1].contains("/cargo-otel-check@"), "{uses:?}");
    assert_eq!(uses.len(), 2);
}

/// Every command line of the recipes is one that the program takes, and that fails where it has to.
#[test]
fn recipes_are_yaml_and_their_commands_run() {
    let mut seen = 0;
    for (page, block) in blocks("docs/ci.md", "yaml")
        .into_iter()
        .map(|block| ("docs/ci.md", block))
    {
        assert!(parse(&block).is_some(), "{page}:\n{block}");
        for line in block.lines() {
            let Some((_, arguments)) = line.split_once("cargo otel-check ") else {
                continue;
            };
            seen += 1;
            refused(arguments);
        }
    }
    assert!(seen >= 3, "only {seen} command lines");
}

fn refused(arguments: &str) {
    let sandbox = Sandbox::copy(&fixture("edge-agent"));
    if let Err(reason) = fetch(sandbox.root()) {
        skip!("{reason}");
    }
    // A target branch as a fresh clone knows it, on which the library was not there yet.
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@b",
            "-c",
            "commit.gpgsign=false",
        ]);
        succeed(git.args(arguments).current_dir(sandbox.root()));
    };
    let manifest = sandbox.root().join("agent/Cargo.toml");
    let story = std::fs::read_to_string(&manifest).unwrap();
    let before: Vec<&str> = story
        .lines()
        .filter(|line| !line.contains("uplink"))
        .collect();
    std::fs::write(&manifest, before.join("\n")).unwrap();
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "Begin"]);
    git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    std::fs::write(&manifest, story).unwrap();
    let arguments = arguments.replace(
        "\"origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME\"",
        "origin/main",
    );
    let words: Vec<&str> = arguments.split_whitespace().collect();
    let mut command = command(&sandbox, &words);
    command.env("CARGO_NET_OFFLINE", "true");
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(100), "{arguments}: {error}");
    for file in words
        .iter()
        .filter_map(|word| word.split_once('=').map(|(_, file)| file))
    {
        assert!(
            sandbox.root().join(file).is_file(),
            "{arguments}: no {file}"
        );
    }
}
