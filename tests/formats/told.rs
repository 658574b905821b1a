//! What the formats make of levels, and of what is let through.

use serde_json::Value;

use super::Ready;
use super::readers::{
    annotations, assert_dot, assert_inert_markdown, assert_mermaid, assert_svg, cases, rows,
};
use super::sarif::{log, results};

const POLICY: &str = "[[exception]]\ncode = \"lost-telemetry\"\nline = \"0.25\"\n\
                      reason = \"is being replaced\"\nowner = \"platform\"\nexpires = 2999-12-31\n";

/// The story with one loss excepted, and one advisory in the baseline.
fn let_through() -> Option<Ready> {
    let ready = Ready::changed("edge-agent", |sandbox| {
        sandbox.write("otel-check.toml", POLICY);
    })?;
    let written = ready.run(&["--baseline", "b.json", "--write-baseline"]);
    assert_eq!(written.code, 0, "{}", written.stderr);
    let mut known: Value = serde_json::from_str(&ready.read("b.json")).unwrap();
    let is_kept = |one: &Value| one["code"] == "advisory" && one["package"] == "opentelemetry_sdk";
    known["findings"].as_array_mut().unwrap().retain(is_kept);
    ready.sandbox.write("b.json", &known.to_string());
    Some(ready)
}

#[test]
fn sarif_suppresses() {
    let Some(ready) = let_through() else { return };
    let log = log(&ready, &["--baseline", "b.json"]);
    let of = |code: &str| -> Vec<(&str, Option<&str>)> {
        let results = results(&log).iter().filter(|one| one["ruleId"] == code);
        results
            .map(|one| {
                let suppressed = one["suppressions"][0]["justification"].as_str();
                (one["level"].as_str().unwrap(), suppressed)
            })
            .collect()
    };
    let because = "let through until 2999-12-31: is being replaced (platform)";
    assert_eq!(
        of("lost-telemetry"),
        [("error", None), ("note", Some(because))]
    );
    assert!(
        of("advisory")
            .iter()
            .all(|one| one.0 == "note" && one.1.is_some())
    );
    let prints: Vec<&Value> = results(&log)
        .iter()
        .map(|one| &one["partialFingerprints"]["findingIdentity/v1"])
        .collect();
    assert!(prints.iter().all(|one| one.as_str().unwrap().len() == 32));
    assert_ne!(prints[0], prints[1]);
}

#[test]
fn what_is_let_through_annotates_nothing() {
    let Some(ready) = let_through() else { return };
    let run = ready.run(&["--format", "github", "--baseline", "b.json"]);
    assert_eq!(run.code, 100);
    let all = annotations(&run.stdout);
    let told: Vec<(&str, &str)> = all
        .iter()
        .map(|one| (one.level.as_str(), one.properties["title"].as_str()))
        .collect();
    let expected = [
        ("error", "otel-check: lost-telemetry"),
        ("notice", "otel-check: mismatched-companion"),
    ];
    assert_eq!(told, expected);
    assert!(all[0].message.contains("\nnext: "), "{}", all[0].message);
}

#[test]
fn levels_of_the_others() {
    let Some(ready) = let_through() else { return };
    let print = |format: &str| {
        ready
            .run(&["--format", format, "--baseline", "b.json"])
            .stdout
    };
    let issues: Value = serde_json::from_str(&print("gitlab")).unwrap();
    let issues = issues.as_array().unwrap();
    assert_eq!(issues[0]["severity"], "critical");
    assert!(issues[1..].iter().all(|one| one["severity"] == "info"));
    let excepted = issues.iter().find(|one| {
        let text = one["description"].as_str().unwrap();
        text.contains("is being replaced (platform)")
    });
    assert_eq!(excepted.unwrap()["check_name"], "lost-telemetry");
    let short = print("short");
    assert!(short.contains(": note[lost-telemetry]: ") && short.contains("in the baseline"));
    let rows = rows(&print("csv"));
    let passed = rows.iter().filter(|row| !row["let_through"].is_empty());
    assert_eq!(passed.count(), 3);
    let markdown = print("markdown");
    assert_inert_markdown(&markdown);
    assert!(
        markdown.contains("| 2999-12-31 | is being replaced | platform |"),
        "{markdown}"
    );
    assert!(
        markdown.contains("2 findings of the baseline"),
        "{markdown}"
    );
}

#[test]
fn cases_fail_pass_and_are_skipped() {
    let Some(ready) = let_through() else { return };
    let told = |flags: &[&str]| cases(&ready.run(&[&["--format", "junit"], flags].concat()).stdout);
    let all = told(&["--baseline", "b.json"]);
    let state = |class: &str, name: &str| {
        let mut found = all.iter().filter(|case| case.0 == class && case.1 == name);
        found.next().map(|case| case.2)
    };
    assert_eq!(
        state("edge-agent/bin/edge-agent", "lost-telemetry"),
        Some("failure")
    );
    assert_eq!(
        state("edge-agent/bin/edge-agent", "type-clash"),
        Some("passed")
    );
    assert_eq!(state("uplink/lib/uplink", "lost-telemetry"), Some("passed"));
    assert_eq!(state("workspace", "advisory"), Some("skipped"));
    // Without the baseline they are warnings, which fail nothing.
    let all = told(&[]);
    let advisory = all.iter().find(|case| case.1 == "advisory");
    assert_eq!(advisory.map(|case| case.2), Some("passed"));
    let clean = Ready::new("clean").map(|ready| cases(&ready.run(&["--format", "junit"]).stdout));
    assert!(
        clean.is_none_or(|cases| !cases.is_empty() && cases.iter().all(|one| one.2 == "passed"))
    );
}

/// Another reader of XML than the one that the other tests have.
#[test]
fn junit_loads_in_python() {
    let Some(ready) = Ready::new("edge-agent") else {
        return;
    };
    let run = ready.run(&["--format", "junit", "--output", "j.xml"]);
    assert_eq!(run.code, 100, "{}", run.stderr);
    let script = "import sys, xml.etree.ElementTree as e\n\
                  print(len(e.parse(sys.argv[1]).getroot().findall('.//failure')))";
    let path = ready.sandbox.root().join("j.xml");
    let python = std::process::Command::new("python3")
        .args(["-c", script, path.as_str()])
        .output();
    let Ok(python) = python else {
        eprintln!("skipped: there is no python3");
        return;
    };
    assert_eq!(
        String::from_utf8_lossy(&python.stdout).trim(),
        "1",
        "{python:?}"
    );
}

#[test]
fn graphs_of_every_fixture() {
    for name in super::support::expect::all() {
        let Some(ready) = Ready::new(&name) else {
            continue;
        };
        let printed = ready.printed();
        assert_dot(&printed["dot"]);
        assert_svg(&printed["svg"]);
        assert_inert_markdown(&printed["markdown"]);
        assert_mermaid(&printed["markdown"]);
    }
}

/// What another revision had, and what is new since.
#[test]
fn comparisons_are_told() {
    let Some(ready) = Ready::new("edge-agent") else {
        return;
    };
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        let identity = ["-c", "user.name=t", "-c", "user.email=t@t"];
        command
            .current_dir(ready.sandbox.root())
            .args(identity)
            .args(arguments);
        command.output().is_ok_and(|output| output.status.success())
    };
    if !(git(&["init", "-q"]) && git(&["add", "-A"]) && git(&["commit", "-qm", "a"])) {
        eprintln!("skipped: there is no git");
        return;
    }
    let path = "agent/src/telemetry.rs";
    let text = ready.read(path);
    assert!(
        text.contains(".with(tracing_opentelemetry::layer())"),
        "{text}"
    );
    ready.sandbox.write(
        path,
        &text.replace(".with(tracing_opentelemetry::layer())", ""),
    );
    let run = ready.run(&["--format", "markdown", "--base", "HEAD"]);
    assert!(
        run.stdout.contains("since HEAD: ") && run.stdout.contains("1 cured"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("\nCured:\n\n- `lost-telemetry`: "),
        "{}",
        run.stdout
    );
    assert_inert_markdown(&run.stdout);
}
