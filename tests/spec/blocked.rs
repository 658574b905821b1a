//! Dependencies without a release for the line: from a registry, from git, from a folder.

use crate::family::{File, file, lab, live, manifest, user};
use crate::lab::Lab;
use crate::loopback::{Dep, Package};
use crate::{only, printed, specs};

/// An application on 0.33 with a crate that has a release for 0.32 only.
pub fn capped(package: Package) -> Lab {
    let files: Vec<File> = live("capped = \"3\"\n", "capped::send();");
    let lab = lab(&files, vec![package]);
    lab.cargo(&["generate-lockfile"]);
    lab.cargo(&["fetch"]);
    lab
}

fn simple() -> Lab {
    capped(user("capped", "3.0.0", "^0.32").published("2026-06-10T08:00:00Z"))
}

#[test]
fn what_its_owner_has_to_do() {
    let lab = simple();
    let spec = only(&lab, &["--target-line", "0.33"]);
    assert_eq!(spec["package"]["name"], "capped");
    assert_eq!(spec["package"]["origin"]["kind"], "registry");
    assert_eq!(spec["why"]["reason"], "blocks");
    assert_eq!(spec["from"], serde_json::json!(["0.32"]));
    assert_eq!(spec["to"], "0.33");
    let because = spec["why"]["because"].to_string();
    assert!(
        because.contains("no release of `capped` serves line 0.33"),
        "{because}"
    );
    let through = spec["why"]["through"].to_string();
    assert!(through.contains("capped = "), "{through}");
    // What is lost today, with the place that shows it.
    assert_eq!(spec["losses"][0]["verdict"], "lost");
    let evidence = spec["losses"][0]["evidence"].to_string();
    assert!(evidence.contains("src/lib.rs"), "{evidence}");
    // The change that takes it there.
    assert_eq!(spec["manifest"]["basis"], "normalised");
    let diff = spec["manifest"]["diff"].as_str().unwrap();
    assert!(diff.contains("-version = \"^0.32\"\n"), "{diff}");
    assert!(diff.contains("+version = \"^0.33\"\n"), "{diff}");
    assert!(diff.starts_with("--- a/Cargo.toml\n"), "{diff}");
    let companion = &spec["companions"][0];
    assert_eq!(companion["package"], "opentelemetry");
    assert_eq!(companion["today"], "0.32.1");
    assert_eq!(companion["at_target"]["version"], "0.33.0");
    assert_eq!(spec["trial"]["kind"], "not-tried");
    assert_eq!(spec["effort"]["requirements"], 1);
}

#[test]
fn by_name_it_is_the_same() {
    let lab = simple();
    let all = specs(&lab, &["--target-line", "0.33"]);
    for name in ["capped", "capped@3.0.0"] {
        assert_eq!(specs(&lab, &[name, "--target-line", "0.33"]), all);
    }
}

#[test]
fn a_companion_without_a_release_is_waited_for() {
    let middle = Package::new("capped", "3.0.0")
        .dep(Dep::new("below", "^1"))
        .lib("pub fn send() { below::send(); }\n");
    let files: Vec<File> = live("capped = \"3\"\n", "capped::send();");
    let lab = lab(&files, vec![middle, user("below", "1.0.0", "^0.32")]);
    lab.cargo(&["generate-lockfile"]);
    // Whoever brings the line in is the one to ask.
    let spec = only(&lab, &["--target-line", "0.33"]);
    assert_eq!(spec["package"]["name"], "below");
    assert_ne!(spec["manifest"]["diff"], "");
    // Who depends on it waits, and has nothing to change until then.
    let spec = only(&lab, &["capped", "--target-line", "0.33"]);
    assert_eq!(spec["outcome"]["kind"], "waits", "{spec:#}");
    let on = spec["outcome"]["on"].to_string();
    assert!(
        on.contains("no release of `below` serves line 0.33"),
        "{on}"
    );
    assert_eq!(spec["manifest"]["diff"], "");
    // Together, the one that the other waits for comes first.
    let all = specs(&lab, &["capped", "below", "--target-line", "0.33"]);
    let names: Vec<&str> = all
        .iter()
        .map(|spec| spec["package"]["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["below", "capped"]);
}

#[test]
fn the_owners_own_manifest_is_what_the_diff_fits() {
    let original = "# Written by hand.\n[package]\nname = \"capped\"\nversion = \"3.0.0\"\n\n\
                    [dependencies]\nopentelemetry = \"^0.32\" # the API\n";
    let package = user("capped", "3.0.0", "^0.32").file("Cargo.toml.orig", original);
    let spec = only(&capped(package), &["--target-line", "0.33"]);
    assert_eq!(spec["manifest"]["basis"], "original");
    let diff = spec["manifest"]["diff"].as_str().unwrap();
    assert!(
        diff.contains(
            "-opentelemetry = \"^0.32\" # the API\n+opentelemetry = \"^0.33\" # the API\n"
        ),
        "{diff}"
    );
}

#[test]
fn a_manifest_that_inherits_says_so() {
    let original = "[package]\nname = \"capped\"\nversion.workspace = true\n\n\
                    [dependencies]\nopentelemetry.workspace = true\n";
    let package = user("capped", "3.0.0", "^0.32").file("Cargo.toml.orig", original);
    let spec = only(&capped(package), &["--target-line", "0.33"]);
    assert_eq!(spec["manifest"]["basis"], "normalised");
    let problems = spec["manifest"]["problems"].to_string();
    assert!(problems.contains("inherits `opentelemetry`"), "{problems}");
    assert!(!spec["manifest"]["diff"].as_str().unwrap().is_empty());
}

#[test]
fn features_of_its_own_follow() {
    let sdk = Dep::new("opentelemetry_sdk", "^0.32").optional();
    let package = user("capped", "3.0.0", "^0.32")
        .dep(sdk)
        .feature("sdk", &["dep:opentelemetry_sdk", "opentelemetry_sdk/trace"])
        .feature(
            "otel",
            &[
                "opentelemetry/spec_unstable_logs_enabled",
                "opentelemetry/metrics",
            ],
        )
        .feature("odd", &["opentelemetry/nowhere"]);
    let spec = only(&capped(package), &["--target-line", "0.33"]);
    // One went, as a rule tells; of another nobody knows, and it is left as it is.
    // One went, as a rule tells; of another nobody knows, and it is left as it is.
    let diff = spec["manifest"]["diff"].as_str().unwrap();
    let lines = |sign: char| -> Vec<&str> {
        let lines = diff.lines().filter(|line| line.starts_with(sign));
        lines
            .filter(|line| line.contains('[') || line.contains('/'))
            .collect()
    };
    assert_eq!(
        lines('-').last(),
        Some(&"-otel = [\"opentelemetry/spec_unstable_logs_enabled\", \"opentelemetry/metrics\"]"),
        "{diff}"
    );
    assert_eq!(
        lines('+').last(),
        Some(&"+otel = [\"opentelemetry/metrics\"]"),
        "{diff}"
    );
    let problems = spec["manifest"]["problems"].to_string();
    assert!(problems.contains("opentelemetry/nowhere"), "{problems}");
    let fates: Vec<&str> = spec["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["fate"]["kind"].as_str().unwrap())
        .collect();
    assert_eq!(fates, ["unknown", "removed"], "{:#}", spec["features"]);
    let optional = spec["companions"].as_array().unwrap();
    let sdk = optional
        .iter()
        .find(|one| one["package"] == "opentelemetry_sdk");
    assert_eq!(sdk.unwrap()["optional"], true);
    let tests = spec["tests"].to_string();
    assert!(tests.contains("--all-features"), "{tests}");
}

#[test]
fn the_toolchain_that_the_line_needs() {
    let newer = user("wants", "1.0.0", "^0.32");
    let newest = user("wants", "2.0.0", "^0.33").rust_version("1.80");
    let package = user("capped", "3.0.0", "^0.32")
        .rust_version("1.70")
        .dep(Dep::new("wants", "^1"));
    let files: Vec<File> = live("capped = \"3\"\n", "capped::send();");
    let lab = lab(&files, vec![newer, newest, package]);
    lab.cargo(&["generate-lockfile"]);
    let spec = only(&lab, &["capped", "--target-line", "0.33"]);
    let toolchain = &spec["toolchain"];
    assert_eq!(toolchain["declared"], "1.70");
    assert_eq!(toolchain["needed"], "1.80");
    assert_eq!(toolchain["by"], serde_json::json!(["wants 2.0.0"]));
    assert_eq!(toolchain["verdict"], "raise");
}

fn git(folder: &camino::Utf8Path, arguments: &[&str]) {
    let mut git = std::process::Command::new("git");
    git.current_dir(folder)
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
        .args(["-c", "commit.gpgsign=false"])
        .args(arguments);
    assert!(git.status().unwrap().success());
}

#[test]
fn a_package_from_git() {
    let lab = lab(&[], Vec::new());
    let there = lab.root().join("there");
    let member = "[dependencies]\nopentelemetry.workspace = true\n";
    for (path, text) in [
        file(
            "there/Cargo.toml",
            "[workspace]\nmembers = [\"inner\"]\nresolver = \"2\"\n\n[workspace.dependencies]\nopentelemetry = \"0.32\"\n",
        ),
        file("there/inner/Cargo.toml", &manifest("inner", member)),
        file("there/inner/src/lib.rs", crate::family::USER),
    ] {
        lab.sandbox.write(&path, &text);
    }
    git(&there, &["init", "-q", "-b", "main"]);
    git(&there, &["add", "-A"]);
    git(&there, &["commit", "-qm", "x"]);
    let dependency = format!("inner = {{ git = \"file://{there}\" }}\n");
    for (path, text) in live(&dependency, "inner::send();") {
        lab.sandbox.write(&path, &text);
    }
    lab.sandbox.write(
        "Cargo.toml",
        &std::fs::read_to_string(lab.root().join("Cargo.toml"))
            .unwrap()
            .replace("[workspace]\n", "[workspace]\nexclude = [\"there\"]\n"),
    );
    lab.cargo(&["generate-lockfile"]);
    let spec = only(&lab, &["--target-line", "0.33"]);
    assert_eq!(spec["package"]["origin"]["kind"], "git");
    let repository = spec["package"]["origin"]["repository"].as_str().unwrap();
    assert!(repository.starts_with("file://"), "{repository}");
    assert!(spec["package"]["origin"]["commit"].is_string());
    assert_eq!(spec["manifest"]["basis"], "file");
    let diff = spec["manifest"]["diff"].as_str().unwrap();
    assert!(diff.starts_with("--- a/Cargo.toml\n"), "{diff}");
    assert!(diff.contains("+opentelemetry = \"0.33\"\n"), "{diff}");
    // It is what `git apply` takes.
    lab.sandbox.write("spec.diff", diff);
    git(&there, &["apply", "--check", "../spec.diff"]);
    let problems = spec["manifest"]["problems"].to_string();
    assert!(problems.contains("all who inherit it"), "{problems}");
}

#[test]
fn what_the_compiler_says() {
    let lab = simple();
    let spec = only(&lab, &["--target-line", "0.33", "--trial"]);
    assert_eq!(spec["trial"]["kind"], "tried", "{:#}", spec["trial"]);
    assert_eq!(spec["outcome"]["kind"], "bump-only", "{:#}", spec["trial"]);
    assert_eq!(spec["trial"]["compiled_before"], true);
    assert_eq!(spec["effort"]["errors"], 0);
    // One that needs what the newer line has not.
    let code = "pub fn send() { opentelemetry::old(); }\n";
    let old = "pub fn old() {}\npub mod global { pub fn tracer(_: &'static str) {} }\n";
    let api = Package::new("opentelemetry", "0.32.5").lib(old);
    let package = user("capped", "3.0.0", "^0.32").lib(code);
    let files: Vec<File> = live("capped = \"3\"\n", "capped::send();");
    let lab = lab_of(&files, vec![api, package]);
    let spec = only(
        &lab,
        &["capped", "--target-line", "0.33", "--trial", "--apply"],
    );
    assert_eq!(spec["outcome"]["kind"], "changes", "{:#}", spec["trial"]);
    let error = &spec["trial"]["errors"][0];
    assert_eq!(error["code"], "E0425", "{error:#}");
    assert_eq!(error["place"], "src/lib.rs:1:32", "{error:#}");
}

#[test]
fn an_optional_dependency_that_is_no_feature_is_tried() {
    let sdk = Dep::new("opentelemetry_sdk", "^0.32").optional();
    let package = user("capped", "3.0.0", "^0.32")
        .dep(sdk)
        .feature("export", &["dep:opentelemetry_sdk"])
        .feature("default", &["export"]);
    let spec = only(&capped(package), &["--target-line", "0.33", "--trial"]);
    assert_eq!(spec["trial"]["kind"], "tried", "{:#}", spec["trial"]);
    let command = spec["trial"]["command"].as_str().unwrap();
    assert!(command.contains("export"), "{command}");
    assert!(!command.contains("opentelemetry_sdk"), "{command}");
}

fn lab_of(files: &[File], packages: Vec<Package>) -> Lab {
    let lab = lab(files, packages);
    lab.cargo(&["generate-lockfile"]);
    lab.cargo(&["fetch"]);
    lab
}

#[test]
fn nothing_in_the_way_is_said() {
    let lab = lab(&live("", ""), Vec::new());
    lab.cargo(&["generate-lockfile"]);
    let text = printed(&lab, &[]);
    assert_eq!(
        text,
        "no dependency is in the way: nothing to ask of anybody\n"
    );
    assert!(specs(&lab, &[]).is_empty());
}

#[test]
fn oneself() {
    let lab = lab(&live("", ""), Vec::new());
    lab.cargo(&["generate-lockfile"]);
    assert!(specs(&lab, &["--workspace"]).is_empty());
    let spec = only(&lab, &["--workspace", "--target-line", "0.32"]);
    assert_eq!(spec["why"]["reason"], "own");
    assert_eq!(spec["package"]["own"], true);
    let diff = spec["manifest"]["diff"].as_str().unwrap();
    assert_eq!(diff.matches("\n+opentelemetry").count(), 3, "{diff}");
}
