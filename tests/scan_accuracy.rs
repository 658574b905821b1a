//! The scan against what rustc says of published crates on another line. What rustc says is stored;
//! `cargo run --example scan-accuracy -- --update` renews it.

#[path = "scan_accuracy/mod.rs"]
mod measure;

use std::collections::BTreeSet;
use std::path::Path;

use measure::cases::{self, Case, RustcError};
use measure::compare::{self, Figures, percent};
use measure::{rustc, scan, sources};

/// Fewer crates than this prove nothing.
const ENOUGH: usize = 8;

fn case(name: &str) -> Case {
    let mut all = cases::cases().into_iter();
    all.find(|case| case.name() == name)
        .expect("a case of that name")
}

#[test]
fn every_case_is_stored_and_nothing_else() {
    let cases: BTreeSet<String> = cases::cases().iter().map(Case::name).collect();
    let folder = std::fs::read_dir(cases::folder().join("places")).expect("stored places");
    let stored: BTreeSet<String> = folder
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .map(|name| name.trim_end_matches(".json").to_owned())
        .collect();
    assert_eq!(cases, stored);
    assert!(cases.len() >= ENOUGH);
}

#[test]
fn the_scan_finds_what_rustc_reports() {
    let mut all = Figures::default();
    let mut seen = 0;
    for case in cases::cases() {
        let folder = match sources::sources(&case) {
            Ok(folder) => folder,
            Err(error) => {
                println!("skipped: {}: {error}", case.name());
                continue;
            }
        };
        let reported = cases::stored(&case).expect("stored places");
        let figures = compare::compare(&scan::scan(&case, &folder), &reported, &folder);
        println!(
            "{}: {} of {} found, {} of {} certain seen",
            case.name(),
            figures.found,
            figures.places,
            figures.certain_seen,
            figures.certain
        );
        all.add(&figures);
        seen += 1;
    }
    if seen < ENOUGH {
        println!("skipped: the sources of {seen} crates are not enough");
        return;
    }
    let recall = percent(all.found, all.places);
    let at_once = percent(all.found_at_once, all.places_at_once);
    let precision = percent(all.certain_seen, all.certain);
    assert!(recall >= 90.0, "{recall} % found");
    assert!(
        at_once >= 90.0,
        "{at_once} % found of those that rustc reports at once"
    );
    assert!(
        precision >= 80.0,
        "{precision} % of what is certain is seen"
    );
}

#[test]
fn rustc_still_says_what_is_stored() {
    let work = Path::new(env!("CARGO_TARGET_TMPDIR")).join("scan-accuracy");
    for name in ["opentelemetry-aws-0.16.0_0.29"] {
        let case = case(name);
        let stored = cases::stored(&case).expect("stored places");
        let now = match rustc::measure(&case, &work, &|path| scan::moved(&case, path)) {
            Ok(now) => now,
            Err(error) => {
                println!("skipped: {name}: {error}");
                continue;
            }
        };
        if now.rustc != stored.rustc {
            println!(
                "skipped: {name}: stored with {}, this is {}",
                stored.rustc, now.rustc
            );
            continue;
        }
        let places = |errors: &[RustcError]| -> BTreeSet<(String, usize, String)> {
            let places = errors.iter();
            places
                .map(|error| (error.file.clone(), error.line, error.code.clone()))
                .collect()
        };
        assert_eq!(places(&now.errors), places(&stored.errors), "{name}");
    }
}
