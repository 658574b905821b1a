//! Registries that answer wrongly, late or never, and packages that are not on disk.

use std::time::{Duration, Instant};

use crate::lab::Lab;
use crate::loopback::{Dep, Fault, Package};
use crate::{assert_failure, assert_plain, finish};

const MEMBER: &str = "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
                      [workspace]\n[dependencies]\nopentelemetry = \"0.27\"\nopentelemetry_sdk = { version = \"0.27\", optional = true }\n";

/// A workspace that cargo has resolved, and a client without patience.
fn lab() -> Lab {
    let lab = Lab::new([
        Package::new("opentelemetry", "0.27.0"),
        Package::new("opentelemetry_sdk", "0.27.0").dep(Dep::new("opentelemetry", "^0.27")),
    ])
    .file("Cargo.toml", MEMBER)
    .file("src/main.rs", "fn main() {}");
    lab.registry.configure(
        lab.root().as_std_path(),
        "[http]\ntimeout = 1\n[net]\nretry = 0\n",
    );
    lab
}

/// What came of it, within a few times the timeout however many entries are asked for.
fn matrix(lab: &Lab, options: &[&str]) -> crate::Run {
    let start = Instant::now();
    let run = finish(lab.command(&[&["matrix"], options].concat()), "");
    let took = start.elapsed();
    assert!(took < Duration::from_secs(60), "{took:?}");
    assert_plain(&run.stderr);
    assert_plain(&run.stdout);
    run
}

/// A resolved workspace of which nothing of the index is at hand any more.
fn forgetful() -> Lab {
    let lab = lab();
    let json = lab.cargo(&["metadata", "--format-version", "1"]);
    lab.sandbox.write("m.json", &json);
    forget(&lab);
    lab
}

fn forget(lab: &Lab) {
    std::fs::remove_dir_all(lab.registry.cargo_home().join("registry/index")).unwrap();
}

#[test]
fn matrix_with_a_registry_that_misbehaves() {
    let lab = forgetful();
    let faults = [
        Fault::Status(500),
        Fault::Status(403),
        Fault::Body(b"\x1b[31mgarbage\n{}".to_vec()),
        Fault::Truncated,
        Fault::BreakOff,
        Fault::Silence,
    ];
    for fault in faults {
        lab.registry.fail_crate("opentelemetry", fault.clone());
        let run = matrix(&lab, &["--metadata-path", "m.json"]);
        assert_failure(&run, 101, &["opentelemetry", "matrix --offline"]);
    }
    lab.registry.heal();
    let run = matrix(&lab, &["--metadata-path", "m.json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("0.27"), "{}", run.stdout);
}

/// A crate that the registry does not know has no releases: that is an answer, and it is told.
#[test]
fn matrix_with_a_crate_that_is_gone() {
    let lab = forgetful();
    lab.registry.fail_crate("opentelemetry", Fault::Status(404));
    let run = matrix(&lab, &["--metadata-path", "m.json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let words = "crate `opentelemetry` is not in the default registry";
    assert!(run.stdout.contains(words), "{}", run.stdout);
}

/// Offline, and nothing of the index is at hand.
#[test]
fn matrix_without_an_index() {
    let lab = forgetful();
    let _ = lab.registry.take_requests();
    let run = matrix(&lab, &["--offline", "--metadata-path", "m.json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let words = "`opentelemetry` is not in cargo's cache, and the network may not be used";
    assert!(run.stdout.contains(words), "{}", run.stdout);
    assert_eq!(lab.registry.take_requests(), []);
}

#[test]
fn check_with_a_registry_that_never_answers() {
    let lab = lab();
    lab.registry.fail_crate("opentelemetry", Fault::Silence);
    let start = Instant::now();
    let run = finish(lab.command(&["check"]), "");
    assert!(start.elapsed() < Duration::from_secs(60));
    assert_failure(&run, 101, &["`cargo metadata", "opentelemetry"]);
}

#[test]
fn packages_that_are_not_on_disk() {
    let lab = lab();
    lab.cargo(&["generate-lockfile"]);
    let run = finish(lab.command(&["check", "--full", "--offline"]), "");
    assert_failure(
        &run,
        101,
        &["`cargo metadata", "--offline", "opentelemetry"],
    );
    // The lock alone still answers.
    let run = finish(lab.command(&["check", "--lock-only"]), "");
    assert_eq!(run.code, 0, "{}", run.stderr);
}

/// Only what an optional dependency needs is not on disk: the rest is judged, and the answer says
/// that it is partial.
#[test]
fn optional_packages_that_are_not_on_disk() {
    let lab = lab();
    lab.cargo(&["metadata", "--format-version", "1"]);
    let cargo_home = lab.registry.cargo_home();
    for part in ["cache", "src"] {
        for registry in std::fs::read_dir(cargo_home.join("registry").join(part)).unwrap() {
            for entry in std::fs::read_dir(registry.unwrap().path()).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                if name.starts_with("opentelemetry_sdk") {
                    match path.is_dir() {
                        true => std::fs::remove_dir_all(path).unwrap(),
                        false => std::fs::remove_file(path).unwrap(),
                    }
                }
            }
        }
    }
    let run = finish(
        lab.command(&["check", "--full", "--offline", "--format", "json"]),
        "",
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    let report = run.report();
    assert_eq!(report.basis, "partial-graph");
    assert!(
        report.notes.iter().any(|note| note.contains("cargo fetch")),
        "{:?}",
        report.notes
    );
}
