//! The scan against what rustc says of published crates on another line. What rustc says is stored;
//! `cargo run --example scan-accuracy -- --update` renews it.

#[path = "scan_accuracy/mod.rs"]
mod measure;

use std::collections::BTreeSet;
use std::path::Path;

use measure::cases::{self, Case, RustcError};
use measure::compare::{self, Figures, percent};
use measure::tried::{self, Seen};
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

/// A place is found where one of its errors is, and counts once however many it has.
#[test]
fn a_trial_is_compared_by_places() {
    let error = |line: usize, last: usize, message: &str| RustcError {
        file: "src/lib.rs".into(),
        line,
        column: 1,
        round: 1,
        code: "E0432".into(),
        message: message.into(),
        spans: vec![(line, last)],
    };
    let errors = [
        error(1, 1, "a"),
        error(1, 1, "b"),
        error(2, 2, "c"),
        error(3, 3, "d"),
        error(3, 5, "e"),
    ];
    let seen = |lines: &[usize]| {
        let trial = lines.iter().map(|line| ("src/lib.rs".to_owned(), *line));
        tried::compare(&errors, &trial.collect())
    };
    let missed = |all: &[&str]| -> Vec<String> {
        let all = all.iter();
        all.map(|text| format!("src/lib.rs:{text}")).collect()
    };
    let none = Seen {
        places: 3,
        missed: missed(&["1: a", "1: b", "2: c", "3: d", "3: e"]),
        ..Seen::default()
    };
    assert_eq!(seen(&[]), none);
    let two = Seen {
        places: 3,
        found: 2,
        more: 2,
        missed: missed(&["2: c"]),
    };
    assert_eq!(seen(&[1, 5, 9]), two);
}
