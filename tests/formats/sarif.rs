//! SARIF against its schema, and its regions against the files.

use std::sync::LazyLock;

use serde_json::Value;

use super::Ready;
use crate::family::{lab, live, skewed};
use crate::lab::Lab;

/// The schema of the standard, as the package `serde-sarif` 0.8.0 carries it.
static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let text = include_str!("sarif-2.1.0.schema.json");
    // A bracket too many, which only lenient engines read; no log here names a language.
    let text = text.replace("{2}]?$\"", "{2}$\"");
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
});

/// Reads a log that fits the schema.
pub fn validated(text: &str) -> Value {
    let log: Value = serde_json::from_str(text).unwrap();
    let errors = SCHEMA.iter_errors(&log);
    let errors: Vec<String> = errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    log
}

pub fn log(ready: &Ready, flags: &[&str]) -> Value {
    let run = ready.run(&[&["--format", "sarif"], flags].concat());
    assert!([0, 100].contains(&run.code), "{}", run.stderr);
    validated(&run.stdout)
}

pub fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().unwrap()
}

/// Where a result stands.
pub fn place(result: &Value) -> &Value {
    &result["locations"][0]["physicalLocation"]
}

/// What a region covers, read three ways that must agree.
pub fn covered<'t>(text: &'t str, region: &Value) -> &'t str {
    let number = |key: &str| region[key].as_u64().unwrap() as usize;
    let offset = |line: usize, column: usize| {
        let before: usize = text
            .split_inclusive('\n')
            .take(line - 1)
            .map(str::len)
            .sum();
        let mut columns = text[before..].char_indices().map(|(at, _)| at);
        before + columns.nth(column - 1).unwrap_or(text.len() - before)
    };
    let start = offset(number("startLine"), number("startColumn"));
    let end = offset(number("endLine"), number("endColumn"));
    let by_lines = &text[start..end];
    let by_bytes = &text[number("byteOffset")..][..number("byteLength")];
    let by_chars: String = text
        .chars()
        .skip(number("charOffset"))
        .take(number("charLength"))
        .collect();
    assert_eq!(by_lines, by_bytes);
    assert_eq!(by_lines, by_chars);
    by_lines
}

#[test]
fn logs_of_all_fixtures_are_valid() {
    for name in super::support::expect::all() {
        let Some(ready) = Ready::new(&name) else {
            continue;
        };
        let log = log(&ready, &[]);
        let rules = log["runs"][0]["tool"]["driver"]["rules"]
            .as_array()
            .unwrap();
        for result in results(&log) {
            let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
            assert_eq!(rule["id"], result["ruleId"], "{name}");
            assert_eq!(result["locations"].as_array().unwrap().len(), 1);
            let file = place(result)["artifactLocation"]["uri"].as_str().unwrap();
            assert!(
                !file.starts_with('/') && !file.contains(':'),
                "{name}: {file}"
            );
        }
        // The lock alone, too.
        if ready.sandbox.root().join("Cargo.lock").is_file() {
            let run = super::run(&ready.sandbox, &["--lock-only", "--format", "sarif"]);
            validated(&run.stdout);
        }
    }
}

/// Every region is the requirement that the finding is about.
#[test]
fn regions_are_the_requirements_at_fault() {
    let mut seen = 0;
    for name in super::support::expect::all() {
        let Some(ready) = Ready::new(&name) else {
            continue;
        };
        ready.sandbox.write(".git/HEAD", "");
        let log = log(&ready, &[]);
        let report: Value = {
            let run = ready.run(&["--format", "json"]);
            serde_json::from_str(&run.stdout).unwrap()
        };
        for (result, finding) in results(&log)
            .iter()
            .zip(report["findings"].as_array().unwrap())
        {
            let region = &place(result)["region"];
            if region["endLine"].is_null() {
                continue;
            }
            let file = place(result)["artifactLocation"]["uri"].as_str().unwrap();
            let text = ready.read(file);
            let requirement = finding["culprit"]["requirement"].as_str().unwrap();
            let covered = covered(&text, region);
            // `name = "VERSION"`, `name = { path = "…" }`, or the name alone.
            match requirement.split_once(" = ") {
                Some((_, version)) if version.starts_with('"') => {
                    assert_eq!(covered, version, "{name} {requirement}");
                }
                Some((_, table)) => {
                    let path = table.split('"').nth(1).unwrap();
                    assert!(
                        covered.starts_with('{') && covered.contains(path),
                        "{covered}"
                    );
                }
                None => assert!(covered.contains(requirement), "{covered}"),
            }
            seen += 1;
        }
    }
    assert!(seen > 5 || seen == 0, "{seen}");
}

#[test]
fn places_beside_the_main_one() {
    let Some(ready) = Ready::new("edge-agent") else {
        return;
    };
    ready.sandbox.write(".git/HEAD", "");
    let log = log(&ready, &[]);
    let bridge = &results(&log)[1];
    let related = bridge["relatedLocations"].as_array().unwrap();
    let line = |one: &Value, uri: &str| {
        let place = &one["physicalLocation"];
        let region = &place["region"]["startLine"];
        (place["artifactLocation"]["uri"] == uri).then(|| region.as_u64().unwrap() as usize)
    };
    // The line that inherits the requirement, and the code that makes the layer.
    let lines = [
        ("agent/Cargo.toml", "tracing-opentelemetry"),
        ("agent/src/telemetry.rs", "layer"),
    ];
    for (file, word) in lines {
        let line = related.iter().find_map(|one| line(one, file)).unwrap();
        let text = ready.read(file);
        assert!(
            text.lines().nth(line - 1).unwrap().contains(word),
            "{file}:{line}"
        );
    }
    let ids: Vec<u64> = related
        .iter()
        .map(|one| one["id"].as_u64().unwrap())
        .collect();
    assert_eq!(ids, (0..related.len() as u64).collect::<Vec<_>>());
    let flow = &bridge["codeFlows"][0]["threadFlows"][0]["locations"];
    let steps: Vec<&str> = flow
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["location"]["message"]["text"].as_str().unwrap())
        .collect();
    assert!(
        steps.len() > 2 && steps[2].starts_with("opentelemetry@0.25.0 (^0.25)"),
        "{steps:?}"
    );
}

/// A workspace below the root of its repository.
#[test]
fn paths_begin_at_the_repository() {
    let Some(ready) = Ready::new("edge-agent") else {
        return;
    };
    let outer = Ready {
        sandbox: super::Sandbox::empty(),
        options: ready.options.clone(),
    };
    super::support::sandbox::copy(ready.sandbox.root(), &outer.sandbox.root().join("a b"));
    outer.sandbox.write(".git/HEAD", "");
    let flags = ["--manifest-path", "a b/Cargo.toml"];
    let log = log(&outer, &flags);
    let uri = &place(&results(&log)[0])["artifactLocation"];
    assert_eq!(uri["uri"], "a%20b/crates/uplink/Cargo.toml");
    assert_eq!(uri["uriBaseId"], "%SRCROOT%");
    let short = outer
        .run(&[&flags[..], &["--format", "short"]].concat())
        .stdout;
    assert!(
        short.starts_with("a b/crates/uplink/Cargo.toml:9:29: error[lost-telemetry]: "),
        "{short}"
    );
}

/// The files as the fix of a result leaves them.
fn mended(lab: &Lab, fix: &Value) -> Vec<(String, String)> {
    let number = |region: &Value, key: &str| region[key].as_u64().unwrap() as usize;
    let changes = fix["artifactChanges"].as_array().unwrap().iter();
    let change = |change: &Value| {
        assert_eq!(change["artifactLocation"]["uriBaseId"], "%SRCROOT%");
        let file = change["artifactLocation"]["uri"].as_str().unwrap();
        let text = std::fs::read_to_string(lab.root().join(file)).unwrap();
        let mut out = text.clone();
        for one in change["replacements"].as_array().unwrap().iter().rev() {
            let region = &one["deletedRegion"];
            covered(&text, region);
            let start = number(region, "byteOffset");
            let range = start..start + number(region, "byteLength");
            let new = one["insertedContent"]["text"].as_str();
            out.replace_range(range, new.unwrap_or_default());
        }
        assert_ne!(out, text, "{file}");
        (file.to_owned(), out)
    };
    changes.map(change).collect()
}

fn fixed(lab: &Lab) {
    let arguments = ["check", "--full", "--format", "sarif", "--with", "plan"];
    let run = lab.run(&arguments);
    assert_eq!(run.code, 100, "{}", run.stderr);
    let log = validated(&run.stdout);
    assert_eq!(lab.run(&arguments).stdout, run.stdout);
    let of = |result: &Value| result["fixes"].as_array().cloned().unwrap_or_default();
    let denied = results(&log).iter().filter(|one| one["level"] == "error");
    let fixes: Vec<Value> = denied.flat_map(of).collect();
    assert!(!fixes.is_empty(), "{}", run.stdout);
    assert!(fixes.windows(2).all(|pair| pair[0] == pair[1]));
    let text = fixes[0]["description"]["text"].as_str().unwrap();
    assert!(text.contains("`cargo otel-check plan"), "{text}");
    let after = mended(lab, &fixes[0]);
    let fix = lab.run(&["fix", "--allow-dirty"]);
    assert_eq!(fix.code, 0, "{}{}", fix.stdout, fix.stderr);
    for (file, expected) in after {
        let text = std::fs::read_to_string(lab.root().join(&file)).unwrap();
        assert_eq!(text, expected, "{file}");
    }
    let run = lab.run(&["check", "--full", "--locked"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
}

/// Applied, they are what `fix` writes.
#[test]
fn fixes_are_the_proven_plan() {
    let lab = skewed();
    lab.sandbox.write(".git/HEAD", "");
    let without = lab.run(&["check", "--full", "--format", "sarif"]);
    assert!(!without.stdout.contains("\"fixes\""));
    fixed(&lab);
}

#[test]
fn fixes_of_files_with_other_line_ends() {
    let lab = skewed();
    lab.sandbox.write(".git/HEAD", "");
    let path = lab.root().join("Cargo.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = format!("# größe 😀\n{text}").replace('\n', "\r\n");
    std::fs::write(&path, text).unwrap();
    fixed(&lab);
}

#[test]
fn nothing_is_offered_that_is_not_proven() {
    // There is no line that both have a release for.
    let users = [("stuck", "0.32"), ("ahead", "0.33")];
    let users = users.map(|(name, line)| crate::family::user(name, "1.0.0", line));
    let dependencies = "stuck = \"1\"\nahead = \"1\"\n";
    let files = live(dependencies, "stuck::send(); ahead::send();");
    let lab = lab(&files, users.into());
    lab.cargo(&["generate-lockfile"]);
    let arguments = ["check", "--full", "--format", "sarif", "--with", "plan"];
    let run = lab.run(&arguments);
    assert_eq!(run.code, 100, "{}", run.stderr);
    validated(&run.stdout);
    assert!(!run.stdout.contains("\"fixes\""), "{}", run.stdout);
    let plan = lab.run(&["plan", "--options", "--format", "json"]);
    let plan: Value = serde_json::from_str(&plan.stdout).unwrap();
    let recommended = plan["recommended"].as_str();
    assert!(![Some("a"), Some("c")].contains(&recommended), "{plan}");
    // Nor where there is no place for it.
    let run = lab.run(&["check", "--with", "plan", "--format", "junit"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("neither is asked for"),
        "{}",
        run.stderr
    );
}
