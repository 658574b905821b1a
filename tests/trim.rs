//! What is left out of a graph changes no answer.

mod support;

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use otel_check::report;
use otel_check::rules::Rules;
use otel_check::skew::{self, Command, Request};
use otel_check::sources::Sources;
use otel_check::workspace::build::{Features, Target};
use otel_check::workspace::load::{LoadOptions, Loaded, load};
use otel_check::workspace::{Packages, Workspace};
use support::shared::{cases, shared_dir};

fn workspace(metadata: &Utf8Path, matter: Option<BTreeSet<String>>) -> Box<Workspace> {
    let options = LoadOptions {
        metadata: Some(metadata.to_owned()),
        matter,
        ..LoadOptions::default()
    };
    match load(&options) {
        Ok(Loaded::Resolved(workspace)) => workspace,
        Ok(Loaded::Unresolvable(_)) => panic!("{metadata}: saved metadata is resolved"),
        Err(error) => panic!("{metadata}: {error}"),
    }
}

fn answer(workspace: &Workspace) -> String {
    let host = skew::this_platform().unwrap();
    let request = Request {
        commands: vec![Command {
            selection: None,
            features: Features::default(),
            targets: vec![Target::Platform {
                target: host.clone(),
                host,
            }],
        }],
    };
    let packages = Packages::new(&workspace.graph);
    let sources = Sources::new(&packages, &workspace.links);
    let rules = Rules::shipped();
    let report = skew::analyse(workspace, &packages, rules, &request, &sources, None);
    report::json::render(&report.unwrap())
}

/// The packages left of a workspace, and of how many; the answers compared.
fn compare(metadata: &Utf8Path) -> (usize, usize) {
    let whole = workspace(metadata, None);
    let part = workspace(metadata, Some(Rules::shipped().named_crates()));
    assert_eq!(answer(&whole), answer(&part), "{metadata}");
    for package in part.graph.packages() {
        let names = |workspace: &Workspace| -> BTreeSet<(String, String)> {
            let links = workspace.links.of(package.id()).iter();
            links
                .map(|link| (link.name.clone(), link.package.clone()))
                .collect()
        };
        if part.links.of(package.id()).is_empty() {
            continue;
        }
        assert_eq!(names(&whole), names(&part), "{}", package.id());
    }
    (part.graph.package_count(), whole.graph.package_count())
}

#[test]
fn stored_workspaces_are_judged_the_same() {
    let Some(shared) = shared_dir() else {
        skip!("../shared absent");
    };
    let folder = shared.join("corpus/metadata");
    let (mut left, mut all) = (0, 0);
    for case in cases(&folder) {
        let counts = compare(&folder.join(format!("{case}.json")));
        left += counts.0;
        all += counts.1;
    }
    assert!(left * 3 < all, "{left} of {all} packages are left");
}

#[test]
fn fixtures_are_judged_the_same() {
    let root = Utf8PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folder = tempfile::tempdir().unwrap();
    let mut compared = 0;
    for folder_of_fixture in [&root, &root.join("precision")] {
        for entry in folder_of_fixture.read_dir_utf8().unwrap() {
            let manifest = entry.unwrap().path().join("Cargo.toml");
            if !manifest.is_file() {
                continue;
            }
            let output = std::process::Command::new(env!("CARGO"))
                .args(["metadata", "--format-version", "1", "--all-features"])
                .args(["--locked", "--manifest-path", manifest.as_str()])
                .output()
                .unwrap();
            // One of them cannot be resolved.
            if !output.status.success() {
                continue;
            }
            let saved = Utf8Path::from_path(folder.path()).unwrap().join("saved");
            std::fs::write(&saved, output.stdout).unwrap();
            let (left, all) = compare(&saved);
            assert!(left < all, "{manifest}: all {all} packages are left");
            compared += 1;
        }
    }
    assert!(compared > 10, "only {compared} fixtures were compared");
}
