//! The public items of the shipped families as data: complete in themselves, and true to what is known
//! of the releases.

use std::collections::BTreeSet;
use std::process::Command;

use otel_check::rules::Rules;
use otel_check::rules::public_api::{Change, CrateApi, PublicApi, What};
use otel_check::skew::Line;

fn api() -> &'static PublicApi {
    PublicApi::shipped("opentelemetry")
}

fn line(text: &str) -> Line {
    text.parse().expect("a line")
}

fn krate(name: &str) -> &'static CrateApi {
    api()
        .krate(name)
        .unwrap_or_else(|| panic!("no data of {name}"))
}

fn change(name: &str, path: &str, from: &str, to: &str) -> Option<Change> {
    krate(name).change(path, line(from), line(to))
}

/// Where an item that vanishes is told to be; panics where it does not vanish.
fn moved(name: &str, path: &str, from: &str, to: &str) -> Vec<String> {
    match change(name, path, from, to).map(|change| change.what) {
        Some(What::Vanished { moved_to }) => moved_to,
        other => panic!("{name} {path} {from} -> {to}: {other:?}"),
    }
}

/// Every pair of lines, in both directions where `back` says so.
fn pairs(lines: &BTreeSet<Line>) -> Vec<(Line, Line)> {
    let mut pairs = Vec::new();
    for from in lines {
        pairs.extend(lines.iter().filter(|to| *to > from).map(|to| (*from, *to)));
    }
    pairs
}

#[test]
fn every_family_has_data() {
    for family in &Rules::shipped().families {
        let api = PublicApi::shipped(&family.name);
        assert!(api.crates().count() > 0, "{}", family.name);
        for anchor in family.anchors() {
            assert!(api.krate(&anchor.name).is_some(), "{}", anchor.name);
        }
    }
    assert_eq!(PublicApi::shipped("no such family").crates().count(), 0);
}

#[test]
fn items_stand_below_what_is_there() {
    for krate in api().crates() {
        for (line, release) in krate.releases().filter(|(_, one)| one.unread.is_none()) {
            let mut count = 0;
            for item in krate.items_on(line) {
                count += 1;
                let parent = item.parent();
                assert!(
                    parent.is_empty() || krate.item(line, parent).is_some(),
                    "{} {}: {} stands below nothing",
                    krate.name,
                    release.version,
                    item.path
                );
            }
            assert!(count > 0, "{} {} has no items", krate.name, release.version);
        }
    }
}

#[test]
fn what_vanishes_is_gone_and_its_successors_are_there() {
    let mut vanished = 0;
    let mut moved = 0;
    for krate in api().crates() {
        for (from, to) in pairs(&api().lines()) {
            for change in krate.changes(from, to) {
                assert!(
                    krate
                        .items(from, &change.path)
                        .iter()
                        .any(|item| item.kind == change.kind),
                    "{change:?} was not there at {from}"
                );
                let is_there = krate
                    .items(to, &change.path)
                    .iter()
                    .any(|item| item.kind == change.kind);
                match &change.what {
                    What::Vanished { moved_to } => {
                        vanished += 1;
                        moved += usize::from(!moved_to.is_empty());
                        assert!(!is_there, "{change:?} is there at {to}");
                        for path in moved_to {
                            let (_, inner) = api().locate(path).expect("a crate of the data");
                            assert!(
                                inner.is_empty() || !api().items(to, path).is_empty(),
                                "{change:?}: {path} is not there at {to}"
                            );
                            assert_ne!(*path, change.full_path());
                        }
                    }
                    What::Kind { after } => {
                        assert!(!is_there, "{change:?} is there at {to}");
                        let items = krate.items(to, &change.path);
                        assert!(items.iter().any(|item| item.kind == *after), "{change:?}");
                    }
                    What::Signature { before, after } => {
                        assert!(is_there, "{change:?}");
                        assert_ne!(before, after, "{change:?}");
                    }
                    What::NewRequired { items: names }
                    | What::NewFields { fields: names }
                    | What::NewVariants { variants: names } => {
                        assert!(is_there && !names.is_empty(), "{change:?}");
                        for name in names {
                            let path = format!("{}::{name}", change.path);
                            assert!(!krate.items(to, &path).is_empty(), "{change:?}: {path}");
                        }
                    }
                    What::PrivateFields | What::NonExhaustive => assert!(is_there, "{change:?}"),
                }
            }
        }
    }
    assert!(
        vanished > 10_000 && moved > 1_000,
        "{vanished} vanished, {moved} moved"
    );
}

#[test]
fn nothing_changes_on_one_line() {
    for krate in api().crates() {
        for line in api().lines() {
            assert_eq!(krate.changes(line, line), [], "{} {line}", krate.name);
        }
    }
}

#[test]
fn known_moves() {
    for (name, path, from, to, successor) in [
        (
            "opentelemetry_sdk",
            "export::trace::SpanData",
            "0.27",
            "0.28",
            "opentelemetry_sdk::trace::SpanData",
        ),
        (
            "opentelemetry_sdk",
            "export::trace::SpanExporter",
            "0.27",
            "0.28",
            "opentelemetry_sdk::trace::SpanExporter",
        ),
        (
            "opentelemetry_sdk",
            "testing::trace::InMemorySpanExporter",
            "0.27",
            "0.28",
            "opentelemetry_sdk::trace::InMemorySpanExporter",
        ),
        (
            "opentelemetry",
            "trace::TraceError",
            "0.28",
            "0.29",
            "opentelemetry_sdk::trace::TraceError",
        ),
        (
            "opentelemetry",
            "trace::SamplingDecision",
            "0.31",
            "0.32",
            "opentelemetry_sdk::trace::SamplingDecision",
        ),
        (
            "opentelemetry",
            "logs::LogError",
            "0.24",
            "0.27",
            "opentelemetry_sdk::logs::LogError",
        ),
    ] {
        let places = moved(name, path, from, to);
        assert_eq!(
            places.first().map(String::as_str),
            Some(successor),
            "{path}: {places:?}"
        );
    }
}

/// The maintainer's command over the newest release of the anchor, which needs little else, built from
/// nothing: what it reads has to be what is here.
#[test]
fn the_newest_anchor_has_what_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let anchors = Rules::shipped().families[0].anchors();
    let newest = |name: &str| krate(name).releases().map(|(line, _)| line).max();
    let anchor = anchors
        .map(|anchor| anchor.name.as_str())
        .max_by_key(|name| newest(name))
        .expect("an anchor");
    let line = newest(anchor).expect("a line").to_string();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["run", "--quiet", "--example", "public-api", "--", "--check"])
        .args(["--crate", anchor, "--line", &line, "--folder"])
        .arg(folder.path())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let told = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(3) {
        println!("skipped: {anchor} of line {line} cannot be read here: {told}");
        return;
    }
    assert!(output.status.success(), "{told}");
}
