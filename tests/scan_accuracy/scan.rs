//! The scan of a published crate.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use camino::Utf8PathBuf;
use otel_check::rules::public_api::{PublicApi, What};
use otel_check::rules::recipes::Recipes;
use otel_check::source::{Edition, PackageSource, TargetRoot};
use otel_check::spec::scan::{self, Scan};

use super::cases::Case;

pub const FAMILY: &str = "opentelemetry";

/// Scans the library of the package in a folder.
pub fn scan(case: &Case, folder: &Path) -> Scan {
    let text = fs::read_to_string(folder.join("Cargo.toml")).expect("a published manifest");
    let manifest: toml::Table = text.parse().expect("a published manifest is sound");
    let package = &manifest["package"];
    let edition = package.get("edition").and_then(|edition| edition.as_str());
    let lib = manifest
        .get("lib")
        .and_then(|lib| lib.get("path"))
        .and_then(|path| path.as_str());
    let dependencies = dependencies(&manifest);
    let externs: BTreeSet<String> = dependencies.keys().cloned().collect();
    let folder = Utf8PathBuf::from_path_buf(folder.to_owned()).expect("a path in UTF-8");
    let root = TargetRoot {
        name: case.krate.clone(),
        file: lib.unwrap_or("src/lib.rs").into(),
        edition: Edition::of(edition.unwrap_or("2015")),
    };
    let source = PackageSource::new(folder, vec![root], externs);
    scan::scan(
        &source,
        &dependencies,
        PublicApi::shipped(FAMILY),
        Recipes::shipped(FAMILY),
        case.from.parse().expect("a line"),
        case.to.parse().expect("a line"),
    )
}

/// Names of crates as code spells them, with their packages.
fn dependencies(manifest: &toml::Table) -> BTreeMap<String, String> {
    let platforms = manifest.get("target").and_then(|target| target.as_table());
    let platforms = platforms.into_iter().flat_map(|tables| tables.values());
    let tables = platforms
        .filter_map(|table| table.as_table())
        .chain([manifest]);
    let mut found = BTreeMap::new();
    for table in tables {
        let listed = table
            .get("dependencies")
            .and_then(|listed| listed.as_table());
        for (name, value) in listed.into_iter().flatten() {
            let package = value.get("package").and_then(|package| package.as_str());
            found.insert(name.replace('-', "_"), package.unwrap_or(name).to_owned());
        }
    }
    found
}

/// Where an item is on the target line under the same name.
pub fn moved(case: &Case, path: &str) -> Option<String> {
    let api = PublicApi::shipped(FAMILY);
    let (krate, inner) = api.locate(path)?;
    let change = krate.change(inner, case.from.parse().ok()?, case.to.parse().ok()?)?;
    let What::Vanished { moved_to } = change.what else {
        return None;
    };
    let name = path.rsplit("::").next();
    moved_to
        .into_iter()
        .find(|place| place.rsplit("::").next() == name)
}
