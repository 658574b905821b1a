//! Measures the scan of `spec` against rustc, over published crates.
//!
//!     cargo run --example scan-accuracy [-- [--update] [--details] [NAME…]]
//!
//! Without `--update` it compares with the places that are stored; with it, it compiles each crate on
//! its old line and on the new one first, and stores what rustc says. `--details` prints each place
//! that is missed or wrong.

#[path = "../../tests/scan_accuracy/mod.rs"]
mod measure;

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
    for case in cases::cases().iter().filter(|case| wanted(&case.name())) {
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
