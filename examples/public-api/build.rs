//! Has cargo write the rustdoc JSON of the releases of one line.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use otel_check::skew::Line;

use crate::Failure;
use crate::releases::Chosen;
use crate::settings::Settings;

/// A re-export of what stands in a hidden module is public all the same, so hidden items are written,
/// too, and left out by the reader.
const FLAGS: &str =
    "-Zunstable-options --output-format json --document-hidden-items --cap-lints allow";

/// Where the documentation of releases is built and kept.
pub struct Workshop {
    folder: PathBuf,
    jobs: Option<u32>,
    cargo: PathBuf,
}

/// The documentation of a release, or why there is none.
pub type Documented = Result<PathBuf, String>;

impl Workshop {
    /// One target folder serves all lines, so that what they share is built once.
    pub fn new(folder: PathBuf, jobs: Option<u32>) -> Self {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Workshop {
            folder,
            jobs,
            cargo: cargo.into(),
        }
    }

    /// Builds what is not there yet, all crates of the line in one workspace.
    pub fn document(
        &self,
        line: Line,
        releases: &[Chosen],
        settings: &Settings,
    ) -> Result<Vec<(Chosen, Documented)>, Failure> {
        let missing: Vec<&Chosen> = releases
            .iter()
            .filter(|one| settings.skipped(&one.krate, &one.version).is_none())
            .filter(|one| !self.kept(one).is_file())
            .collect();
        if !missing.is_empty() {
            self.build(line, releases, &missing, settings)?;
        }
        Ok(releases
            .iter()
            .map(|one| {
                let kept = self.kept(one);
                let found = match settings.skipped(&one.krate, &one.version) {
                    Some(why) => Err(why.to_owned()),
                    None if kept.is_file() => Ok(kept),
                    None => Err("its documentation could not be built".to_owned()),
                };
                (one.clone(), found)
            })
            .collect())
    }

    fn kept(&self, release: &Chosen) -> PathBuf {
        let name = format!("{}-{}.json", release.krate, release.version);
        self.folder.join("json").join(name)
    }

    fn build(
        &self,
        line: Line,
        releases: &[Chosen],
        missing: &[&Chosen],
        settings: &Settings,
    ) -> Result<(), Failure> {
        let workspace = self.folder.join(line.to_string());
        fs::create_dir_all(workspace.join("src"))?;
        fs::create_dir_all(self.folder.join("json"))?;
        fs::write(workspace.join("src/lib.rs"), "")?;
        let usable = releases
            .iter()
            .filter(|one| settings.skipped(&one.krate, &one.version).is_none());
        let manifest = manifest(
            usable,
            settings.pins(line).map(|pin| (&*pin.krate, &*pin.version)),
        );
        fs::write(workspace.join("Cargo.toml"), manifest)?;
        let target = self.folder.join("target");
        for one in missing {
            // What is found afterwards is then of this release.
            let _ = fs::remove_file(written(&target, one));
        }
        let mut command = Command::new(&self.cargo);
        command
            .args(["doc", "--no-deps", "--keep-going", "--target-dir"])
            .arg(&target);
        command.args(self.jobs.map(|jobs| format!("-j{jobs}")));
        for one in missing {
            command
                .arg("-p")
                .arg(format!("{}@{}", one.krate, one.version));
        }
        // The format is unstable: the toolchain has to be told, and the reader has to fit it.
        command
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTDOCFLAGS", FLAGS)
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_INCREMENTAL", "0")
            .current_dir(&workspace);
        let status = command.status().map_err(|error| {
            Failure::new(format!("cannot run {}: {error}", self.cargo.display()))
        })?;
        for one in missing {
            let from = written(&target, one);
            if from.is_file() {
                fs::rename(from, self.kept(one))?;
            }
        }
        if !status.success() {
            eprintln!("line {line}: cargo doc ended with {status}; what it has built is used");
        }
        Ok(())
    }
}

/// Where rustdoc writes.
fn written(target: &Path, release: &Chosen) -> PathBuf {
    target
        .join("doc")
        .join(format!("{}.json", release.code_name()))
}

/// A package that depends on all releases with all their features.
fn manifest<'a>(
    releases: impl Iterator<Item = &'a Chosen>,
    pins: impl Iterator<Item = (&'a str, &'a str)>,
) -> String {
    let mut text = String::from(
        "[package]\nname = \"public-api-of-a-line\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n\
         [workspace]\n\n[dependencies]\n",
    );
    for one in releases {
        let (name, version, features) = (&one.krate, &one.version, &one.features);
        let _ = writeln!(
            text,
            "{name} = {{ version = \"={version}\", default-features = false, features = {features:?} }}"
        );
    }
    for (name, version) in pins {
        let _ = writeln!(
            text,
            "{name} = {{ version = {version:?}, default-features = false }}"
        );
    }
    text
}
