//! The story's workspace in its states, and small ones beside them.

use std::fs;

use crate::support::cargo::{is_network_failure, refusal};
use crate::support::sandbox::Sandbox;
use crate::support::tool::{asked, run};
use crate::{Document, aligned, family, judged, ran};

fn readiness(sandbox: &Sandbox, options: &[&str]) -> Option<Document> {
    let run = asked(
        sandbox,
        &[&["readiness", "--format", "json"], options].concat(),
    )?;
    Some(Document::of(&run))
}

/// Replaces text in a file of the sandbox.
fn replace(sandbox: &Sandbox, file: &str, from: &str, to: &str) {
    let path = sandbox.root().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file}: {text}");
    fs::write(path, text.replace(from, to)).unwrap();
}

/// Hands the bridge a tracer: what no manifest can do.
fn feed(sandbox: &Sandbox) {
    let file = "agent/src/telemetry.rs";
    replace(
        sandbox,
        file,
        "tracing_opentelemetry::layer()",
        "tracing_opentelemetry::layer().with_tracer(tracer)",
    );
    replace(
        sandbox,
        file,
        "    global::set_tracer_provider(",
        "    let tracer = opentelemetry::trace::TracerProvider::tracer(&provider, \"edge-agent\");\n    \
         global::set_tracer_provider(",
    );
}

#[test]
fn as_it_stands_two_lines_are_lost() {
    let Some(sandbox) = Sandbox::fetched("edge-agent") else {
        return;
    };
    let Some(document) = readiness(&sandbox, &[]) else {
        return;
    };
    assert_eq!(document.code, 100);
    let now = document.assessment();
    assert_eq!(now.decision(), "no-go");
    assert_eq!(now.blockers(), ["no-lost-telemetry"]);
    let text = now.text("no-lost-telemetry");
    for lost in ["uplink@1.4.0", "tracing-opentelemetry@0.26.0"] {
        assert!(text.contains(lost), "{text}");
    }
    assert_eq!(now.result("on-target"), "unmet");
    assert_eq!(now.result("plan-proven"), "met");
    // What is lost by way of a bridge is fed by nobody.
    assert_eq!(now.result("bridges-fed"), "unmet");
    assert_eq!(document.json["target"], "0.27");
    assert_eq!(document.json["recommended"], "a");
    // The way out leaves one thing to hands, and says so.
    let then = document.option("a");
    assert_eq!(then.decision(), "conditional-go");
    assert_eq!(then.blockers(), [""; 0]);
    assert!(then.conditions().contains(&"bridges-fed"), "{:#}", then.0);
    assert_eq!(
        document.dependency("opentelemetry")["status"]["kind"],
        "moves"
    );
    assert_eq!(
        document.dependency("uplink")["status"],
        serde_json::json!({"kind": "changes", "steps": [1]})
    );
    let phases = document.json["phases"]["phases"].as_array().unwrap();
    assert_eq!(phases.len(), 2);
}

/// Applied as the plan has it, and what is left done by hand.
#[test]
fn aligned_it_is_go_once_it_was_compiled() {
    let Some(sandbox) = Sandbox::fetched("edge-agent") else {
        return;
    };
    let Some(fixed) = asked(&sandbox, &["fix"]) else {
        return;
    };
    assert_eq!(fixed.code, 0, "{}", fixed.stderr);
    // Nothing is lost any more by a line, but one bridge is fed by nobody.
    let Some(unfed) = readiness(&sandbox, &[]) else {
        return;
    };
    assert_eq!((unfed.decision(), unfed.code), ("conditional-go", 0));
    assert_eq!(unfed.assessment().conditions(), ["compiles", "bridges-fed"]);
    feed(&sandbox);
    let unmeasured = readiness(&sandbox, &[]).unwrap();
    assert_eq!(
        (unmeasured.decision(), unmeasured.code),
        ("conditional-go", 0)
    );
    assert_eq!(unmeasured.assessment().conditions(), ["compiles"]);
    let strict = readiness(&sandbox, &["--strict"]).unwrap();
    assert_eq!((strict.decision(), strict.code), ("conditional-go", 100));
    let tried = readiness(&sandbox, &["--trial", "--strict"]).unwrap();
    assert_eq!(
        (tried.decision(), tried.code),
        ("go", 0),
        "{:#}",
        tried.json["assessment"]
    );
    assert_eq!(tried.assessment().result("compiles"), "met");
    assert_eq!(
        tried.json["assessment"]["conditions"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
    assert!(tried.json["phases"].is_null());
}

/// The library's own use of it is switched off, the bridge is mended and fed.
#[test]
fn what_is_deferred_is_the_condition() {
    let Some(sandbox) = Sandbox::fetched("edge-agent") else {
        return;
    };
    let Some(fixed) = asked(&sandbox, &["fix"]) else {
        return;
    };
    assert_eq!(fixed.code, 0, "{}", fixed.stderr);
    feed(&sandbox);
    let manifest = "crates/uplink/Cargo.toml";
    replace(
        &sandbox,
        manifest,
        "opentelemetry = { version = \"0.27\", default-features = false, features = [\"trace\"] }",
        "opentelemetry = { version = \"0.21\", default-features = false, features = [\"trace\"], optional = true }\n\n\
         [features]\nspans = [\"dep:opentelemetry\"]",
    );
    sandbox.write(
        "crates/uplink/src/lib.rs",
        "/// Sends one batch, and says how many readings it held.\n\
         pub fn send(readings: &[f64]) -> usize {\n    readings.len()\n}\n",
    );
    let locked = sandbox
        .cargo()
        .args(["metadata", "--format-version", "1"])
        .output();
    let locked = locked.unwrap();
    if !locked.status.success() {
        let stderr = String::from_utf8_lossy(&locked.stderr);
        assert!(is_network_failure(&stderr), "{stderr}");
        crate::skip!("{stderr}");
    }
    let Some(document) = readiness(&sandbox, &["--trial"]) else {
        return;
    };
    assert_eq!((document.decision(), document.code), ("conditional-go", 0));
    let now = document.assessment();
    assert_eq!(now.conditions(), ["nothing-deferred"], "{:#}", now.0);
    let text = now.text("nothing-deferred");
    for word in [
        "`opentelemetry` of uplink",
        "0.21",
        "crates/uplink/Cargo.toml",
    ] {
        assert!(text.contains(word), "{text}");
    }
    assert_eq!(now.0["conditions"][0]["due"], "later");
}

#[test]
fn what_cargo_does_not_resolve() {
    let sandbox = Sandbox::fixture("edge-agent-unresolvable");
    if let Err(reason) = refusal(sandbox.root()) {
        crate::skip!("{reason}");
    }
    let Some(document) = readiness(&sandbox, &[]) else {
        return;
    };
    assert_eq!((document.decision(), document.code), ("no-go", 100));
    let now = document.assessment();
    assert_eq!(now.blockers(), ["resolves"]);
    assert_eq!(now.result("no-lost-telemetry"), "not-measured");
    assert_eq!(now.result("plan-proven"), "met");
    for id in ["a", "b", "c"] {
        assert_ne!(document.option(id).result("resolves"), "unmet", "{id}");
        assert_ne!(document.option(id).decision(), "no-go", "{id}");
    }
    // One that switches something off says so.
    assert!(
        document
            .option("b")
            .conditions()
            .contains(&"nothing-deferred")
    );
    assert!(
        !document
            .option("a")
            .conditions()
            .contains(&"nothing-deferred")
    );
}

#[test]
fn a_small_workspace_gets_to_go_without_a_policy() {
    let lab = aligned();
    let document = judged(&lab, &["--trial", "--strict"]);
    assert_eq!(
        (document.decision(), document.code),
        ("go", 0),
        "{:#}",
        document.json["assessment"]
    );
    let score = &document.json["assessment"]["score"];
    assert!(score["percent"].as_u64().unwrap() > 90, "{score:#}");
    // What nobody measured is said.
    assert!(score["measured"].as_u64() < score["all"].as_u64());
}

#[test]
fn a_small_skew() {
    let lab = family::skewed();
    let document = judged(&lab, &[]);
    assert_eq!((document.decision(), document.code), ("no-go", 100));
    assert_eq!(document.assessment().blockers(), ["no-lost-telemetry"]);
    let user = document.dependency("user");
    assert_eq!(user["status"]["kind"], "moves");
    assert_eq!(user["current"][0], "1.0.0");
    assert_eq!(user["target"], "2.0.0");
    assert_eq!(
        document.dependency("opentelemetry_sdk")["status"]["kind"],
        "ready"
    );
    assert_eq!(document.option("a").blockers(), [""; 0]);
    // With the compiler, the way out is whole.
    let document = judged(&lab, &["--trial"]);
    assert_eq!(document.decision(), "no-go");
    assert_eq!(document.option("a").decision(), "go");
}

#[test]
fn sources_that_do_not_compile() {
    let lab = aligned();
    lab.sandbox
        .write("src/main.rs", "fn main() { no_such_thing(); }\n");
    let document = judged(&lab, &["--trial"]);
    assert_eq!((document.decision(), document.code), ("no-go", 100));
    assert_eq!(document.assessment().blockers(), ["compiles"]);
    let text = document.assessment().text("compiles");
    assert!(
        text.contains("src/main.rs:1:13: cannot find function"),
        "{text}"
    );
}

/// Every platform that was asked for is compiled for.
#[test]
fn sources_that_do_not_compile_for_one_of_the_targets() {
    let lab = aligned();
    let main = std::fs::read_to_string(lab.root().join("src/main.rs")).unwrap();
    let main = format!("#[cfg(target_arch = \"wasm32\")]\ncompile_error!(\"not here\");\n{main}");
    lab.sandbox.write("src/main.rs", &main);
    let host = otel_check::workspace::cargo::host_triple().unwrap();
    let of = |targets: &[&str]| {
        let targets = targets.iter().flat_map(|target| ["--target", target]);
        let options: Vec<&str> = ["--trial"].into_iter().chain(targets).collect();
        let document = judged(&lab, &options);
        let row = document.assessment().criterion("compiles").clone();
        let mut evidence = document.json["evidence"].as_array().unwrap().iter();
        let seen = evidence
            .find(|one| one["id"] == row["evidence"][0])
            .unwrap();
        (row["result"]["kind"].clone(), seen["command"].clone())
    };
    let command = format!("cargo check --workspace --all-targets --target {host}");
    assert_eq!(of(&[&host]), ("met".into(), command.clone().into()));
    let command = format!("{command} --target wasm32-unknown-unknown");
    let both = of(&[&host, "wasm32-unknown-unknown"]);
    assert_eq!(both, ("unmet".into(), command.into()));
}

/// On any of the platforms that are judged.
#[test]
fn what_is_switched_off_on_another_platform() {
    let mut files = family::live("", "");
    files[0].1.push_str(
        "\n[target.'cfg(windows)'.dependencies]\nuser = { version = \"1\", optional = true }\n\
         [features]\nsend = [\"dep:user\"]\n",
    );
    let lab = family::lab(&files, Vec::new());
    lab.cargo(&["generate-lockfile"]);
    let here = ["--target", "x86_64-unknown-linux-gnu"];
    let there = ["--target", "x86_64-pc-windows-msvc"];
    let document = judged(&lab, &here);
    assert_eq!(document.assessment().result("nothing-deferred"), "met");
    for targets in [[here, there].concat(), [there, here].concat()] {
        let document = judged(&lab, &targets);
        let now = document.assessment();
        assert_eq!(now.result("nothing-deferred"), "unmet", "{targets:?}");
        let text = now.text("nothing-deferred");
        assert!(text.contains("`user` of app is switched off"), "{text}");
    }
}

/// A line that nobody has a release for.
#[test]
fn a_target_that_cannot_be_reached() {
    let lab = family::lab(
        &family::live("stuck = \"1\"\n", "stuck::send();"),
        vec![family::user("stuck", "1.0.0", "^0.32")],
    );
    lab.cargo(&["generate-lockfile"]);
    let document = judged(&lab, &["--target-line", "0.33"]);
    assert_eq!((document.decision(), document.code), ("no-go", 100));
    assert_eq!(document.json["target"], "0.33");
    let stuck = document.dependency("stuck");
    assert_eq!(stuck["target"], serde_json::Value::Null);
    let unmet: Vec<&str> = stuck["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["result"]["kind"] == "unmet")
        .map(|check| check["title"].as_str().unwrap())
        .collect();
    assert_eq!(
        unmet,
        [
            "every version in use is of the target line",
            "a release of it serves the target line",
            "`check` warns of nothing about it",
        ]
    );
}

/// What members are judged together changes nothing about who has to do something.
#[test]
fn others_are_asked_where_members_are_judged_together() {
    let lab = family::lab(
        &family::live("stuck = \"1\"\n", "stuck::send();"),
        vec![family::user("stuck", "1.0.0", "^0.32")],
    );
    lab.cargo(&["generate-lockfile"]);
    let document = judged(&lab, &["--target-line", "0.33", "--workspace"]);
    let row = document.assessment().criterion("specified");
    assert_eq!(row["result"]["kind"], "not-measured", "{row:#}");
    let mut evidence = document.json["evidence"].as_array().unwrap().iter();
    let seen = evidence.find(|one| one["id"] == row["evidence"][0]);
    assert_eq!(
        seen.unwrap()["command"],
        "cargo otel-check spec --trial stuck@1.0.0 --target-line 0.33"
    );
}

/// The API alone, as a library has it: nobody installs a provider.
#[test]
fn where_no_provider_is_installed() {
    let of = |lines: &[(&str, &str)]| {
        let members: Vec<String> = lines
            .iter()
            .map(|(name, _)| format!("\"{name}\""))
            .collect();
        let members = members.join(", ");
        let root = format!("[workspace]\nresolver = \"2\"\nmembers = [{members}]\n");
        let mut files = vec![family::file("Cargo.toml", &root)];
        for (name, line) in lines {
            let rest = format!("\n[dependencies]\nopentelemetry = \"{line}\"\n");
            let manifest = family::manifest(name, &rest);
            files.push(family::file(&format!("{name}/Cargo.toml"), &manifest));
            let path = format!("{name}/src/main.rs");
            let main = "fn main() { opentelemetry::global::tracer(\"app\"); }\n";
            files.push(family::file(&path, main));
        }
        let lab = family::lab(&files, Vec::new());
        lab.cargo(&["generate-lockfile"]);
        judged(&lab, &[])
    };
    let one = of(&[("app", "0.33")]);
    assert_eq!(one.json["target"], "0.33");
    assert_eq!(one.json["target_because"], "0.33 is the only line in use");
    let now = one.assessment();
    let text = "everything that ships is on line 0.33";
    assert_eq!(now.text("on-target"), text);
    assert_eq!(now.result("plan-proven"), "met");
    // Of two lines nothing says which one it is to be.
    let two = of(&[("app", "0.33"), ("tool", "0.32")]);
    assert_eq!(two.json["target"], serde_json::Value::Null);
    assert_eq!(
        two.json["target_because"],
        "of the lines in use, 0.33, 0.32, no provider is installed"
    );
    let now = two.assessment();
    assert_eq!(now.result("on-target"), "not-measured");
    assert_eq!(now.text("on-target"), "there is no line to be on");
}

/// Nothing of the family is used at all.
#[test]
fn nothing_to_judge() {
    let lab = family::lab(
        &[
            family::file("Cargo.toml", &family::manifest("app", "")),
            family::file("src/main.rs", "fn main() {}\n"),
        ],
        Vec::new(),
    );
    lab.cargo(&["generate-lockfile"]);
    let document = judged(&lab, &["--trial"]);
    assert_eq!(
        document.decision(),
        "go",
        "{:#}",
        document.json["assessment"]
    );
    assert_eq!(document.json["target"], serde_json::Value::Null);
    assert_eq!(document.json["dependencies"].as_array().unwrap().len(), 0);
}

#[test]
fn wrong_usage_and_what_cannot_be_done() {
    let lab = aligned();
    for (options, words) in [
        (&["--start", "tomorrow"][..], "no day such as 2026-12-31"),
        (&["--target-line", "x"], "target-line"),
        (&["--verify", "x", "--strict"], "cannot be used with"),
        (&["--format", "csv"], "no such format"),
        (&["--compare", "no-such-file"], "cannot read no-such-file"),
        (
            &["--compare", "Cargo.toml"],
            "cannot compare with Cargo.toml",
        ),
    ] {
        let run = ran(&lab, options);
        assert_eq!(run.code, 2, "{options:?}: {}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains(words), "{options:?}: {}", run.stderr);
    }
    lab.sandbox.write("Cargo.toml", "no manifest");
    let broken = ran(&lab, &[]);
    assert_eq!((broken.code, broken.stdout.as_str()), (101, ""));
}

/// The same by every way of asking.
#[test]
fn formats() {
    let lab = family::skewed();
    for format in ["human", "markdown", "html"] {
        for more in [&[][..], &["--summary"]] {
            let run = ran(&lab, &[&["--format", format], more].concat());
            assert_eq!(run.code, 100, "{format}: {}", run.stderr);
            assert!(run.stdout.contains("NO-GO"), "{format}: {}", run.stdout);
        }
    }
    let help = run(&lab.sandbox, &["readiness", "--help"]);
    for flag in [
        "--target-line",
        "--trial",
        "--run",
        "--strict",
        "--summary",
        "--start",
        "--certificate",
        "--verify",
        "--compare",
    ] {
        assert!(help.stdout.contains(flag), "{flag}");
    }
}
