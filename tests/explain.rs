//! `explain`: pages of findings, and why a package is there.

mod support;

use serde_json::Value;
use support::sandbox::Sandbox;
use support::tool::run;

/// The one package that a name stands for, as JSON that fits the schema.
fn explained(sandbox: &Sandbox, name: &str, flags: &[&str]) -> Value {
    let mut arguments = vec!["explain", name, "--format", "json", "--offline", "--locked"];
    arguments.extend(flags);
    let answer = run(sandbox, &arguments);
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    let value: Value = serde_json::from_str(&answer.stdout).unwrap();
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/explain.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<String> = validator
        .iter_errors(&value)
        .map(|e| e.to_string())
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    // Again, the same bytes.
    assert_eq!(run(sandbox, &arguments).stdout, answer.stdout);
    let packages = value["packages"].as_array().unwrap();
    assert_eq!(packages.len(), 1, "{packages:?}");
    packages[0].clone()
}

#[test]
fn a_bridge_on_a_line_of_its_own() {
    let Some(sandbox) = Sandbox::fetched("edge-agent") else {
        return;
    };
    let package = explained(&sandbox, "tracing-opentelemetry", &[]);
    assert_eq!(package["package"], "tracing-opentelemetry@0.26.0");
    assert_eq!(package["role"], "bridge");
    assert_eq!(package["lines"], serde_json::json!(["0.25"]));
    let linked = &package["artifacts"][0];
    assert_eq!(linked["artifact"], "edge-agent/bin/edge-agent");
    assert_eq!(linked["lines"][0]["live"], "dead");
    assert_eq!(
        linked["builds"],
        serde_json::json!(["-p edge-agent", "--workspace"])
    );
    // The requirement, read back from the manifest.
    let culprit = &package["ways"][0]["culprit"];
    let text = std::fs::read_to_string(sandbox.root().join("Cargo.toml")).unwrap();
    let line = culprit["line"].as_u64().unwrap() as usize;
    let line = text.lines().nth(line - 1).unwrap();
    assert!(line.starts_with("tracing-opentelemetry = "), "{line}");
    let column = culprit["column"].as_u64().unwrap() as usize;
    assert!(line[column - 1..].starts_with("\"0.26\""), "{line}");
    assert_eq!(culprit["inherited_by"], "agent/Cargo.toml:12");
    let codes: Vec<&str> = package["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect();
    assert!(
        codes.contains(&"lost-telemetry") && codes.contains(&"mismatched-companion"),
        "{codes:?}"
    );
    assert!(!package["facts"].as_array().unwrap().is_empty());
}

/// What would move it is read from the index where that is on disk; the live line comes first.
#[test]
fn what_would_move_it() {
    let Some(sandbox) = Sandbox::fetched("edge-agent") else {
        return;
    };
    let package = explained(&sandbox, "tracing-opentelemetry", &[]);
    let moves = package["moves"].as_array().unwrap();
    if moves.is_empty() {
        assert!(package["unknown_releases"].is_string(), "{package:#}");
        skip!("no index on disk: {}", package["unknown_releases"]);
    }
    assert_eq!(moves[0]["line"], "0.27");
    assert_eq!(moves[0]["live"], true);
    assert_eq!(moves[0]["release"], "0.28.0");
    assert_eq!(moves[0]["command"], Value::Null);
    let asked = moves[0]["in_the_way"][0]["declared"]["requirement"].as_str();
    assert_eq!(asked, Some("tracing-opentelemetry = \"0.26\""));
    assert!(moves.iter().all(|one| one["line"] != "0.25"), "{moves:?}");
    let api = explained(&sandbox, "opentelemetry@0.21", &[]);
    assert_eq!(api["package"], "opentelemetry@0.21.0");
    assert_eq!(api["ways"][0]["steps"][0]["package"], "uplink@1.4.0");
    assert_eq!(
        api["ways"][0]["culprit"]["file"],
        "crates/uplink/Cargo.toml"
    );
    assert!(
        api["moves"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["line"] == "0.33")
    );
}

#[test]
fn members_and_what_is_of_no_family() {
    let Some(sandbox) = Sandbox::fetched("edge-agent") else {
        return;
    };
    let member = explained(&sandbox, "edge-agent", &[]);
    assert_eq!(member["member"], true);
    assert_eq!(member["artifacts"][0]["lines"][0]["live"], "set");
    assert_eq!(member["ways"], serde_json::json!([]));
    assert_eq!(member["moves"], serde_json::json!([]));
    let library = explained(&sandbox, "uplink", &[]);
    assert_eq!(
        library["ways"][0]["steps"][0]["package"],
        "edge-agent@1.4.0"
    );
    let other = explained(&sandbox, "tracing", &[]);
    assert_eq!(other["family"], Value::Null);
    assert!(other["ways"].as_array().unwrap().len() > 1);
    let answer = run(&sandbox, &["explain", "tracing", "--offline"]);
    assert!(
        answer.stdout.contains("links nothing of any family"),
        "{}",
        answer.stdout
    );
}

#[test]
fn what_these_builds_do_not_link() {
    let Some(sandbox) = Sandbox::fetched("precision/non-default-feature") else {
        return;
    };
    let package = explained(&sandbox, "opentelemetry@0.32", &["-p", "a"]);
    let way = &package["ways"][0];
    assert_eq!(package["artifacts"], serde_json::json!([]), "{package:#}");
    assert_eq!(way["artifacts"], serde_json::json!([]));
    assert!(way["steps"].as_array().unwrap().len() > 1, "{way:#}");
    let answer = run(
        &sandbox,
        &["explain", "opentelemetry@0.32", "-p", "a", "--offline"],
    );
    assert!(
        answer.stdout.contains("nothing that these builds link"),
        "{}",
        answer.stdout
    );
    // With the feature, it is linked.
    let package = explained(
        &sandbox,
        "opentelemetry@0.32",
        &["-p", "a", "--features", "cache"],
    );
    assert_eq!(
        package["artifacts"][0]["artifact"], "a/bin/a",
        "{package:#}"
    );
}

#[test]
fn a_name_that_there_is_not() {
    let Some(sandbox) = Sandbox::fetched("edge-agent") else {
        return;
    };
    for (name, near) in [
        ("lost", "did you mean `lost-telemetry`?"),
        (
            "tracing-opentelemtry",
            "did you mean `tracing-opentelemetry`",
        ),
        ("opentelemetry@9.9", "did you mean `opentelemetry`"),
        ("zzz", "the codes are unresolvable, lost-telemetry"),
    ] {
        let answer = run(&sandbox, &["explain", name, "--offline"]);
        assert_eq!(answer.code, 2, "{name}: {}", answer.stderr);
        assert!(answer.stderr.contains(near), "{name}: {}", answer.stderr);
        assert_eq!(answer.stdout, "");
    }
    let hostile = run(&sandbox, &["explain", "a\u{1b}[31m\u{202e}", "--offline"]);
    assert_eq!(hostile.code, 2);
    assert!(
        !hostile.stderr.contains(['\u{1b}', '\u{202e}']),
        "{}",
        hostile.stderr
    );
    let nowhere = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cargo-otel-check"));
    let output = command
        .args(["explain", "lost"])
        .current_dir(nowhere.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("did you mean `lost-telemetry`?"));
}

#[test]
fn a_name_that_is_a_code_and_a_package() {
    let sandbox = Sandbox::empty();
    let package = |name: &str, rest: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"1.2.3\"\nedition = \"2024\"\n{rest}")
    };
    let rest = "[dependencies]\nadvisory = { path = \"advisory\" }\n[workspace]\n";
    sandbox.write("Cargo.toml", &package("app", rest));
    sandbox.write("src/main.rs", "fn main() {}\n");
    sandbox.write("advisory/Cargo.toml", &package("advisory", ""));
    sandbox.write("advisory/src/lib.rs", "");
    support::cargo::succeed(sandbox.cargo().args(["generate-lockfile", "--offline"]));
    let code = run(&sandbox, &["explain", "advisory"]);
    assert!(code.stdout.starts_with("# advisory\n"), "{}", code.stdout);
    assert!(
        code.stderr
            .contains("`cargo otel-check explain advisory@1.2.3`"),
        "{}",
        code.stderr
    );
    let package = run(&sandbox, &["explain", "advisory@1.2.3", "--offline"]);
    assert_eq!(package.code, 0, "{}", package.stderr);
    assert!(
        package.stdout.starts_with("advisory@1.2.3  member"),
        "{}",
        package.stdout
    );
    let json = run(&sandbox, &["explain", "advisory", "--format", "json"]);
    let page: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(page["code"], "advisory");
    assert_eq!(page["level"], "warn");
    assert_eq!(
        run(&sandbox, &["explain", "advisory", "--format", "sarif"]).code,
        2
    );
}

/// A member that stands for a package, with a program's or a library's source.
fn member(sandbox: &Sandbox, name: &str, version: &str, dependencies: &str) {
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2024\"\n[dependencies]\n{dependencies}"
    );
    sandbox.write(&format!("{name}/Cargo.toml"), &manifest);
    let source = match name.len() {
        1 => "src/main.rs",
        _ => "src/lib.rs",
    };
    sandbox.write(&format!("{name}/{source}"), "fn main() {}\n");
}

/// What only another program of the workspace links is no neighbour.
#[test]
fn releases_that_are_bad_beside_others() {
    let sandbox = Sandbox::empty();
    sandbox.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\nexclude = [\"target\"]\n",
    );
    let path = |names: &[&str]| -> String {
        let lines = names.iter();
        lines
            .map(|name| format!("{name} = {{ path = \"../{name}\" }}\n"))
            .collect()
    };
    member(&sandbox, "opentelemetry", "0.31.0", "");
    member(&sandbox, "awa-worker", "0.6.8", &path(&["opentelemetry"]));
    member(&sandbox, "a", "1.0.0", &path(&["awa-worker"]));
    member(&sandbox, "b", "1.0.0", &path(&["awa-metrics"]));
    member(
        &sandbox,
        "c",
        "1.0.0",
        &path(&["awa-worker", "awa-metrics"]),
    );
    // One that leads up to a release that the rule names is one of them.
    for metrics in ["0.6.10", "0.6.10-rc.1"] {
        member(&sandbox, "awa-metrics", metrics, "");
        support::cargo::succeed(sandbox.cargo().args(["generate-lockfile", "--offline"]));
        let warned = |flags: &[&str]| {
            let package = explained(&sandbox, "awa-worker", flags);
            let facts = package["facts"].as_array().unwrap();
            let about = |fact: &&Value| fact["text"].as_str().unwrap().contains("awa-metrics");
            facts.iter().filter(about).count()
        };
        assert_eq!(warned(&["-p", "a"]), 0);
        assert_eq!(warned(&["-p", "b"]), 0, "nothing links it there");
        assert_eq!(warned(&["-p", "c"]), 1);
        assert_eq!(warned(&["--workspace"]), 1);
    }
}

/// Cargo would take no release of the registry for it.
#[test]
fn what_no_registry_lists_is_not_moved() {
    let elsewhere = Sandbox::empty();
    member(&elsewhere, "opentelemetry", "0.27.0", "");
    elsewhere.write("opentelemetry/src/lib.rs", "");
    let sandbox = Sandbox::empty();
    let path = elsewhere.root().join("opentelemetry");
    let manifest = format!(
        "[package]\nname = \"a\"\nversion = \"1.0.0\"\nedition = \"2024\"\n[dependencies]\nopentelemetry = {{ path = {:?} }}\n",
        path.as_str()
    );
    sandbox.write("Cargo.toml", &manifest);
    sandbox.write("src/main.rs", "fn main() {}\n");
    support::cargo::succeed(sandbox.cargo().args(["generate-lockfile", "--offline"]));
    let package = explained(&sandbox, "opentelemetry", &[]);
    assert_eq!(package["source"], "path", "{package:#}");
    assert_eq!(package["moves"], serde_json::json!([]), "{package:#}");
    assert_eq!(
        package["unknown_releases"],
        "it comes from git or a path, so that no registry lists its releases"
    );
}
