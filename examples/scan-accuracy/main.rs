//! Measures the scan of `spec` against rustc, over published crates.
//!
//!     cargo run --example scan-accuracy [-- --update] [NAME…]
//!
//! Without `--update` it compares with the places that are stored; with it, it compiles each crate on
//! its old line and on the new one first, and stores what rustc says.

#[path = "../../tests/scan_accuracy/mod.rs"]
mod measure;

use std::process::ExitCode;

use measure::{cases, rustc};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let update = arguments.iter().any(|argument| argument == "--update");
    let names: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    let wanted = |name: &str| names.is_empty() || names.iter().any(|part| name.contains(part.as_str()));
    let work = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/scan-accuracy");
    let mut failed = false;
    for case in cases::cases().iter().filter(|case| wanted(&case.name())) {
        if update {
            match rustc::measure(case, &work, &|_| None) {
                Ok(reported) => {
                    println!("{}: {} errors, {} left out", case.name(), reported.errors.len(), reported.excluded.len());
                    cases::store(case, &reported);
                }
                Err(error) => {
                    eprintln!("{}: {error}", case.name());
                    failed = true;
                }
            }
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
