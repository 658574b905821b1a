//! What is around a copy: the folder that cargo runs in, its configuration, and the place for
//! temporary folders.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use super::ShadowError;
use super::place::{Place, normal};
use super::survey::Survey;
use crate::registry::{Environment, LocalSettings};
use crate::workspace::WorkspaceError;

/// Folders around a copy that are not the workspace's own affair.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The folder that cargo runs in, whose configuration counts; none for that of this process.
    pub folder: Option<Utf8PathBuf>,
    /// Where temporary folders are made; none for the system's place for them.
    pub temporary: Option<Utf8PathBuf>,
    /// Variables for cargo, beside those of this process.
    pub variables: BTreeMap<String, String>,
}

/// The same as cargo will find it.
pub struct Setting {
    /// The folder that cargo runs in.
    pub folder: Utf8PathBuf,
    pub variables: BTreeMap<String, String>,
    pub cargo_home: Option<PathBuf>,
    /// The configured build folder.
    pub target: Option<Utf8PathBuf>,
    /// Configured patches by path: source, name and folder.
    pub patches: Vec<(String, String, Utf8PathBuf)>,
}

impl Setting {
    pub fn new(around: &Surroundings) -> Result<Self, ShadowError> {
        let folder = folder(around)?;
        let variables = around.variables.iter().map(|(k, v)| (&**k, &**v));
        let environment = Environment::of_process().with(variables);
        let cargo_home = environment.cargo_home(folder.as_std_path());
        // Cargo has its own words about a configuration that it cannot read.
        let settings = LocalSettings::load(folder.as_std_path(), environment).unwrap_or_default();
        let patches = settings.patches.into_iter().filter_map(utf8);
        Ok(Self {
            variables: around.variables.clone(),
            cargo_home,
            target: settings.target.and_then(|path| path.try_into().ok()),
            patches: patches.collect(),
            folder,
        })
    }

    /// Arguments for cargo that lead the configured patches to the copies of their packages.
    pub fn arguments(
        &self,
        survey: &Survey<'_>,
        place: &Place,
    ) -> Result<Vec<String>, ShadowError> {
        let mut arguments = Vec::new();
        for (source, name, folder) in &self.patches {
            let folder = normal(folder);
            if !survey.found.contains_key(&folder.join("Cargo.toml")) {
                continue;
            }
            let [source, name] = [source, name].map(|key| toml_edit::Key::new(key).to_string());
            let there = toml_edit::Value::from(place.there(&folder)?.into_string());
            arguments.push("--config".into());
            arguments.push(format!("patch.{source}.{name}.path={there}"));
        }
        Ok(arguments)
    }
}

/// The folder that cargo runs in, as it will name it itself.
fn folder(around: &Surroundings) -> Result<Utf8PathBuf, ShadowError> {
    let here = || std::env::current_dir().ok()?.try_into().ok();
    let Some(folder) = around.folder.clone().or_else(here) else {
        let start = Utf8PathBuf::from(".");
        return Err(WorkspaceError::NoManifest { start }.into());
    };
    if cfg!(windows) {
        return Ok(folder);
    }
    Ok(folder.canonicalize_utf8().unwrap_or(folder))
}

/// A new temporary folder, and its path as the system itself names it.
pub fn temporary(around: &Surroundings) -> Result<(TempDir, Utf8PathBuf), ShadowError> {
    let parent = match &around.temporary {
        Some(parent) => parent.clone().into_std_path_buf(),
        None => std::env::temp_dir(),
    };
    let made = tempfile::Builder::new()
        .prefix("otel-check-")
        .tempdir_in(&parent);
    let made = made.map_err(|source| ShadowError::Temporary {
        parent: parent.to_string_lossy().into_owned().into(),
        source,
    })?;
    let path = made.path().to_owned();
    // Cargo and rustc show paths without links; on Windows that form is not for people.
    let path = if cfg!(windows) {
        std::path::absolute(&path).unwrap_or(path)
    } else {
        path.canonicalize().unwrap_or(path)
    };
    match Utf8PathBuf::from_path_buf(path) {
        Ok(path) => Ok((made, path)),
        Err(path) => Err(ShadowError::TemporaryName {
            path: path.to_string_lossy().into_owned(),
        }),
    }
}

/// What cargo knows of rustc from the last time, which saves it from asking again.
pub fn seed(target: &Utf8Path, build: &Utf8Path) {
    const CACHE: &str = ".rustc_info.json";
    // Without it cargo asks.
    let _ = fs::copy(target.join(CACHE), build.join(CACHE));
}

fn utf8(
    (source, name, folder): (String, String, PathBuf),
) -> Option<(String, String, Utf8PathBuf)> {
    Some((source, name, Utf8PathBuf::from_path_buf(folder).ok()?))
}
