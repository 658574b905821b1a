//! Measures the scan of `spec` against rustc, over published crates.
//!
//!     cargo run --example scan-accuracy [-- [--update | --trial] [--details] [NAME…]]
//!
//! Without `--update` it compares with the places that are stored; with it, it compiles each crate on
//! its old line and on the new one first, and stores what rustc says. With `--trial` it is the trial
//! build of `spec` that is compared, which takes minutes a crate. `--details` prints each place that
//! is missed or wrong.

#[path = "../../tests/scan_accuracy/mod.rs"]
mod measure;
mod trial;

use std::path::Path;
use std::process::ExitCode;

use measure::cases::{self, Case};
use measure::compare::{self, Figures, percent};
use measure::{rustc, scan, sources};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let names: Vec<&String> = arguments
        .iter()
        .filter(|name| !name.starts_with('-'))
        .collect();
    let wanted =
        |name: &str| names.is_empty() || names.iter().any(|part| name.contains(part.as_str()));
    let wanted_cases = cases::cases();
    let wanted_cases = wanted_cases.iter().filter(|case| wanted(&case.name()));
    if has("--trial") {
        return trials(wanted_cases);
    }
    let mut all = Figures::default();
    let mut failed = false;
    println!(
        "{:<46} {:>13} {:>13} {:>13} {:>13} {:>13} {:>12}",
        "crate and line",
        "found",
        "at once",
        "certain seen",
        "certain real",
        "probable seen",
        "not compiled"
    );
    for case in wanted_cases {
        match measured(case, has("--update")) {
            Ok(figures) => {
                row(
                    &format!("{} {} → {}", case.krate, case.from, case.to),
                    &figures,
                );
                if has("--details") {
                    figures
                        .missed
                        .iter()
                        .for_each(|missed| println!("    missed {missed}"));
                    figures
                        .wrong
                        .iter()
                        .for_each(|wrong| println!("    not seen {wrong}"));
                }
                all.add(&figures);
            }
            Err(error) => {
                eprintln!("{}: {error}", case.name());
                failed = true;
            }
        }
    }
    row("all", &all);
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// Compares the trial of each case with what is stored.
fn trials<'c>(cases: impl Iterator<Item = &'c Case>) -> ExitCode {
    let work = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/scan-accuracy/trial");
    let (mut places, mut found, mut failed) = (0, 0, false);
    for case in cases {
        let name = format!("{} {} → {}", case.krate, case.from, case.to);
        let stored = cases::stored(case).ok_or("nothing is stored".to_owned());
        match stored.and_then(|reported| trial::seen(case, &reported, &work)) {
            Ok(seen) => {
                println!(
                    "{name}: {} of {}, {} more",
                    seen.found, seen.places, seen.more
                );
                seen.missed
                    .iter()
                    .for_each(|one| println!("    missed {one}"));
                places += seen.places;
                found += seen.found;
            }
            Err(error) => {
                println!("{name}: no trial: {error}");
                failed = true;
            }
        }
    }
    println!("all: {found} of {places}");
    ExitCode::from(u8::from(failed || found < places))
}

fn measured(case: &Case, update: bool) -> Result<Figures, String> {
    let folder = sources::sources(case)?;
    if update {
        let work = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/scan-accuracy");
        let reported = rustc::measure(case, &work, &|path| scan::moved(case, path))?;
        cases::store(case, &reported);
    }
    let reported = cases::stored(case).ok_or("nothing is stored: run with --update")?;
    Ok(compare::compare(
        &scan::scan(case, &folder),
        &reported,
        &folder,
    ))
}

fn row(name: &str, figures: &Figures) {
    let share = |part: usize, whole: usize| format!("{part}/{whole} {:.0} %", percent(part, whole));
    println!(
        "{name:<46} {:>13} {:>13} {:>13} {:>13} {:>13} {:>12}",
        share(figures.found, figures.places),
        share(figures.found_at_once, figures.places_at_once),
        share(figures.certain_seen, figures.certain),
        share(figures.certain_real, figures.certain),
        share(figures.probable_seen, figures.probable),
        figures.not_compiled,
    );
}
