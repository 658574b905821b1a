//! What `spec --trial` says of a published crate, beside the errors of rustc that are stored of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use otel_check::spec::SpecReport;
use otel_check::spec::model::TrialPart;

use super::measure::cases::{Case, Reported};
use super::measure::tried::{self, Place, Seen};

/// Tries the crate as a dependency of a program made for it.
///
/// # Errors
/// Where no trial took place, with the reason.
pub fn seen(case: &Case, reported: &Reported, work: &Path) -> Result<Seen, String> {
    let folder = host(case, reported, &work.join(case.name()))?;
    let output = Command::new(program()?)
        .arg("spec")
        .arg(format!("{}@{}", case.krate, case.version))
        .args(["--target-line", &case.to, "--trial", "--format", "json"])
        .current_dir(folder)
        .output()
        .map_err(|error| error.to_string())?;
    let report: SpecReport = serde_json::from_slice(&output.stdout)
        .map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned())?;
    let spec = report.specs.first().ok_or("there is nothing to change")?;
    let found = match &spec.trial {
        TrialPart::Tried(tried) => &tried.found,
        TrialPart::NotTried { because: said }
        | TrialPart::Refused { said }
        | TrialPart::Unusable { said } => return Err(said.clone()),
    };
    let places = found.iter().filter_map(|error| error.place.as_deref());
    let trial: BTreeSet<Place> = places.filter_map(place).collect();
    Ok(tried::compare(&reported.errors, &trial))
}

/// A program that depends on the crate, with the features and releases of the stored measure.
fn host(case: &Case, reported: &Reported, folder: &Path) -> Result<PathBuf, String> {
    let pins: String = case
        .pins
        .iter()
        .map(|(name, version)| format!("{name} = \"={version}\"\n"))
        .collect();
    let features: Vec<&String> = reported.features.iter().collect();
    let manifest = format!(
        "[package]\nname = \"host\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[workspace]\n\n\
         [dependencies]\n{} = {{ version = \"={}\", default-features = false, features = {features:?} }}\n{pins}",
        case.krate, case.version
    );
    let written = fs::create_dir_all(folder.join("src"))
        .and_then(|()| fs::write(folder.join("Cargo.toml"), manifest))
        .and_then(|()| fs::write(folder.join("src/main.rs"), "fn main() {}\n"));
    written.map_err(|error| error.to_string())?;
    Ok(folder.to_owned())
}

/// The program of this repository, built beside this example.
fn program() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let folder = own.parent().and_then(Path::parent);
    let name = format!("cargo-otel-check{}", std::env::consts::EXE_SUFFIX);
    let program = folder.ok_or("this example has no folder")?.join(name);
    if program.is_file() {
        Ok(program)
    } else {
        Err("build the program first: `cargo build`".into())
    }
}

/// `src/lib.rs:12:5` as file and line.
fn place(text: &str) -> Option<Place> {
    let mut parts = text.rsplitn(3, ':');
    let line = parts.nth(1)?.parse().ok()?;
    Some((parts.next()?.to_owned(), line))
}
