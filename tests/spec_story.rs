//! The specification for a library with a pipeline of its own, followed to the letter: its diff is
//! applied, its recipes are, and then the library compiles on the line that it is for, and its spans
//! arrive.

mod support;

#[path = "spec_story/collector.rs"]
mod collector;
#[path = "spec_story/follow.rs"]
mod follow;

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

use collector::{Collector, Received};
use follow::{Need, Recipe, follow};
use support::cargo::{clean, is_network_failure, stderr};
use support::sandbox::Sandbox;
use support::tool::{asked, run};

const LIBRARY: &str = "crates/uplink";

/// What a person would write to see the library's own test run.
const DRIVER: &str = r#"
fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let endpoint = std::env::args().nth(1).unwrap();
    runtime.block_on(async {
        let run = tokio::task::spawn_blocking(move || uplink::self_test::run(&endpoint));
        run.await.unwrap().unwrap();
    });
}
"#;

#[test]
fn as_it_is_its_spans_arrive() {
    let sandbox = Sandbox::fixture("edge-agent-self-test");
    match spans(&sandbox, "0.21") {
        Ok(received) => arrived(&received),
        Err(reason) => skip!("{reason}"),
    }
}

#[test]
fn on_the_line_of_the_agent() {
    followed("0.27");
}

#[test]
fn on_the_newest_line() {
    let sandbox = Sandbox::fixture("edge-agent-self-test");
    let Some(matrix) = asked(&sandbox, &["matrix", "--format", "json"]) else {
        return;
    };
    let matrix: Value = serde_json::from_str(&matrix.stdout).unwrap();
    followed(&newest(&matrix));
}

/// The highest line anywhere in a matrix.
fn newest(matrix: &Value) -> String {
    let lines = matrix["lines"].as_array().expect("lines");
    let line = |value: &Value| -> Option<(u64, u64, String)> {
        let text = value.as_str().or_else(|| value["line"].as_str())?;
        let (major, minor) = text.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?, text.to_owned()))
    };
    lines.iter().filter_map(line).max().expect("a line").2
}

fn followed(line: &str) {
    let sandbox = Sandbox::fixture("edge-agent-self-test");
    let asked = asked(
        &sandbox,
        &["spec", "uplink", "--target-line", line, "--format", "json"],
    );
    let Some(answer) = asked else {
        return;
    };
    let report: Value = serde_json::from_str(&answer.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}\n{}", answer.stdout, answer.stderr);
    });
    let spec = &report["specs"][0];
    assert_eq!(spec["package"]["name"], "uplink");
    assert_eq!(spec["to"], line);
    apply_diff(&sandbox, spec["manifest"]["diff"].as_str().unwrap());
    apply_recipes(&sandbox, spec);
    match spans(&sandbox, line) {
        Ok(received) => arrived(&received),
        Err(reason) => skip!("{reason}"),
    }
    // Nothing of what the specification is about is left.
    let again = run(
        &sandbox,
        &["spec", "uplink", "--target-line", line, "--format", "json"],
    );
    let again: Value = serde_json::from_str(&again.stdout).unwrap();
    let hits = again["specs"][0]["code"]["hits"].as_array();
    assert!(hits.is_none_or(Vec::is_empty), "{hits:#?}");
}

fn apply_diff(sandbox: &Sandbox, diff: &str) {
    assert!(diff.contains(LIBRARY), "{diff}");
    sandbox.write("spec.diff", diff);
    let mut git = std::process::Command::new("git");
    git.args(["apply", "spec.diff"]).current_dir(sandbox.root());
    let done = git.output().unwrap();
    assert!(done.status.success(), "{}\n{diff}", stderr(&done));
}

/// Each file that has a place which the specification names becomes what a recipe makes of it.
fn apply_recipes(sandbox: &Sandbox, spec: &Value) {
    let folder = sandbox.root().join(LIBRARY);
    let hits = spec["code"]["hits"].as_array().expect("the code was read");
    let mut files: BTreeSet<Utf8PathBuf> = BTreeSet::new();
    for hit in hits {
        let sites = hit["sites"].as_array().unwrap();
        let names = sites.iter().map(|site| site["file"].as_str().unwrap());
        files.extend(names.map(|name| folder.join(name)));
    }
    let recipes: Vec<Recipe> = serde_json::from_value(spec["recipes"].clone()).unwrap();
    assert!(!files.is_empty() && !recipes.is_empty());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let followed = recipes
            .iter()
            .find_map(|recipe| Some((recipe, follow(&text, recipe)?)));
        let Some((recipe, new)) = followed else {
            panic!("no recipe of the specification shows what stands in {file}:\n{text}");
        };
        std::fs::write(&file, new).unwrap();
        for need in &recipe.needs {
            provide(&folder.join("Cargo.toml"), need);
        }
    }
}

/// Gives a dependency the features that a recipe needs, and takes those that it does not any more.
fn provide(manifest: &Utf8Path, need: &Need) {
    let text = std::fs::read_to_string(manifest).unwrap();
    let mut document: toml_edit::DocumentMut = text.parse().unwrap();
    let entry = &mut document["dependencies"][&need.package];
    assert!(
        entry.is_table_like(),
        "{} is not in {manifest}",
        need.package
    );
    let list = entry["features"].or_insert(toml_edit::value(toml_edit::Array::new()));
    let list = list.as_array_mut().unwrap();
    let gone = |name: &toml_edit::Value| {
        let name = name.as_str().unwrap_or_default();
        need.without.iter().any(|without| without == name)
    };
    list.retain(|name| !gone(name));
    for feature in &need.features {
        if !list.iter().any(|known| known.as_str() == Some(feature)) {
            list.push(feature.as_str());
        }
    }
    std::fs::write(manifest, document.to_string()).unwrap();
}

/// Builds and runs a program that has the library test itself, and gives what a collector received.
fn spans(sandbox: &Sandbox, line: &str) -> Result<Vec<Received>, String> {
    // A name for each line: they are built in one folder, for the crates that they share.
    let name = format!("driver-{}", line.replace('.', "-"));
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n[dependencies]\n\
         uplink = {{ path = \"../crates/uplink\", features = [\"self-test\"] }}\n\
         tokio = {{ version = \"1\", features = [\"rt-multi-thread\"] }}\n\
         [profile.dev]\ndebug = false\n"
    );
    sandbox.write("driver/Cargo.toml", &manifest);
    sandbox.write("driver/src/main.rs", DRIVER);
    let lock = std::fs::read_to_string(sandbox.root().join("Cargo.lock")).unwrap();
    sandbox.write("driver/Cargo.lock", &lock);
    let collector = Collector::start();
    // Kept from run to run, so that only the first one builds.
    let built = Utf8Path::new(env!("CARGO_TARGET_TMPDIR")).join("uplink");
    let mut said = String::new();
    for flags in [&["--offline"][..], &[]] {
        let mut command = support::cargo::cargo(&sandbox.root().join("driver"));
        clean(&mut command);
        command
            .env("CARGO_TARGET_DIR", &built)
            .env("NO_PROXY", "127.0.0.1");
        command
            .args(["run", "--quiet"])
            .args(flags)
            .arg("--")
            .arg(collector.address());
        for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
            command.env_remove(name);
        }
        let output = command.output().unwrap();
        if output.status.success() {
            return Ok(collector.received());
        }
        said = stderr(&output);
        let missing = said.contains("--offline") || said.contains("no matching package");
        assert!(missing || is_network_failure(&said), "on {line}:\n{said}");
    }
    Err(said)
}

fn arrived(received: &[Received]) {
    let traces: Vec<&Received> = received
        .iter()
        .filter(|one| one.path == "/v1/traces")
        .collect();
    assert!(!traces.is_empty(), "{received:?}");
    let told = |words: &str| {
        traces.iter().any(|one| {
            one.body
                .windows(words.len())
                .any(|part| part == words.as_bytes())
        })
    };
    for words in ["uplink.send", "readings", "service.name", "uplink"] {
        assert!(told(words), "no {words:?} in {received:?}");
    }
}
