//! A copy of a workspace's skeleton in which cargo resolves and anything can be edited.
//!
//! The copy repeats real absolute paths below a temporary folder: manifests, the lockfile, and empty
//! files for targets. Whatever is reached by path is copied along, so that relative paths go on
//! working. Cargo runs in the same folder as ever, where it finds the user's configuration,
//! toolchain, vendored sources and caches; only the manifest and the build folder are the copy's.
//! Nothing outside the temporary folder is written.
//!
//! One thing stays behind: packages that cargo's configuration names under `paths` are used where
//! they are, and cannot be edited in the copy.

mod error;
mod facts;
mod place;
mod relocate;
mod survey;
mod targets;
mod tree;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use semver::Version;
use tempfile::TempDir;

use crate::registry::{Environment, LocalSettings};
use crate::workspace::WorkspaceError;
use crate::workspace::cargo::{Cargo, Refusal};
use crate::workspace::manifest::read;
use crate::workspace::run::Call;

pub use error::ShadowError;
use facts::Facts;
use place::Place;
pub(super) use place::normal;
use survey::Survey;
pub(super) use tree::{Sources, copy};
use tree::{Tree, make};

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

/// A copy of a workspace's skeleton. It goes away with the value.
pub struct Shadow {
    temporary: TempDir,
    tree: Tree,
    /// The real manifest by which the workspace was named.
    manifest: Utf8PathBuf,
    root: Utf8PathBuf,
    manifests: BTreeMap<Utf8PathBuf, Arc<str>>,
    lock: Option<String>,
    folder: Utf8PathBuf,
    variables: BTreeMap<String, String>,
    cargo_home: Option<PathBuf>,
    /// Arguments that lead cargo's configuration into the copy.
    settings: Vec<String>,
}

impl Shadow {
    /// Copies the workspace that a manifest, of its root or of any member, belongs to.
    ///
    /// # Errors
    /// Where the manifests cannot be read, or the copy not written.
    pub fn new(manifest: &Utf8Path) -> Result<Self, ShadowError> {
        Self::with(manifest, &Surroundings::default())
    }

    /// As [`Shadow::new`], with other folders around it.
    ///
    /// # Errors
    /// As [`Shadow::new`].
    pub fn with(manifest: &Utf8Path, around: &Surroundings) -> Result<Self, ShadowError> {
        Self::lay(manifest, around, Sources::Stubs)
    }

    pub(super) fn lay(
        manifest: &Utf8Path,
        around: &Surroundings,
        sources: Sources,
    ) -> Result<Self, ShadowError> {
        let folder = folder(around)?;
        let manifest = normal(&folder.join(manifest));
        if !manifest.is_file() {
            let path = manifest;
            return Err(WorkspaceError::NoSuchManifest { path }.into());
        }
        // Cargo has its own words about a configuration that it cannot read.
        let variables = around.variables.iter();
        let environment = Environment::of_process().with(variables.map(|(k, v)| (&**k, &**v)));
        let cargo_home = environment.cargo_home(folder.as_std_path());
        let settings = LocalSettings::load(folder.as_std_path(), environment);
        let settings = settings.unwrap_or_default();
        let unknown = BTreeMap::new();
        let mut survey = Survey::new(&unknown, cargo_home.as_deref());
        let root = survey.workspace(&manifest)?;
        let patches: Vec<_> = settings.patches.into_iter().filter_map(utf8).collect();
        survey.packages(patches.iter().map(|(_, _, folder)| folder.clone()))?;
        let lock = root.join("Cargo.lock");
        let lock = lock.is_file().then(|| read(&lock)).transpose()?;

        let (temporary, base) = temporary(around)?;
        let target = settings
            .target
            .and_then(|p| Utf8PathBuf::from_path_buf(p).ok());
        let target = target.unwrap_or_else(|| root.join("target"));
        let build = base.join("build");
        make(&build)?;
        seed(&target, &build);
        // Cargo does not look for a workspace above a folder of this name.
        let place = Place::new(base.join("target/package"), build, target, &folder);
        let tree = Tree::new(place, sources);
        tree.lay(&survey)?;
        tree.lock(&root, lock.as_deref())?;
        let settings = patch_settings(&patches, &survey, &tree.place)?;
        let found = survey.found.into_iter();
        Ok(Self {
            manifests: found.map(|(path, found)| (path, found.text)).collect(),
            temporary,
            tree,
            manifest,
            root,
            lock,
            folder,
            variables: around.variables.clone(),
            cargo_home,
            settings,
        })
    }

    /// The real root of the workspace.
    pub fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// The copied manifests as they really are, by real path: of the members, of the root, of all
    /// that they reach by path, and those above that cargo reads to find the root.
    pub fn manifests(&self) -> &BTreeMap<Utf8PathBuf, Arc<str>> {
        &self.manifests
    }

    /// The real lock.
    pub fn lock(&self) -> Option<&str> {
        self.lock.as_deref()
    }

    /// Starts over: the real manifests and lock, with these manifests (real path, new text) changed.
    /// What a changed manifest reaches by a new path is copied, too.
    ///
    /// # Errors
    /// [`ShadowError::NotPart`] for a manifest that is not among [`Shadow::manifests`]; else where
    /// the copy cannot be written.
    pub fn reset(&self, changed: &BTreeMap<Utf8PathBuf, String>) -> Result<(), ShadowError> {
        self.start_over(changed, self.lock.as_deref())
    }

    pub(super) fn start_over(
        &self,
        changed: &BTreeMap<Utf8PathBuf, String>,
        lock: Option<&str>,
    ) -> Result<(), ShadowError> {
        if let Some(path) = changed
            .keys()
            .find(|path| !self.manifests.contains_key(*path))
        {
            return Err(ShadowError::NotPart { path: path.clone() });
        }
        for (path, text) in &self.manifests {
            let text = changed.get(path).map_or(&**text, String::as_str);
            self.tree.manifest(path, text)?;
        }
        if changed
            .iter()
            .any(|(path, text)| self.reaches_further(path, text))
        {
            let mut known = self.manifests.clone();
            known.extend(changed.iter().map(|(p, t)| (p.clone(), Arc::from(&**t))));
            let mut survey = Survey::new(&known, self.cargo_home.as_deref());
            survey.workspace(&self.manifest)?;
            survey.packages(
                changed
                    .keys()
                    .filter_map(|path| Some(path.parent()?.to_owned())),
            )?;
            self.tree.lay(&survey)?;
        }
        self.tree.lock(&self.root, lock)
    }

    /// Whether a changed manifest may lead to other files than the real one.
    fn reaches_further(&self, path: &Utf8Path, text: &str) -> bool {
        let real = self.manifests.get(path);
        real.is_none_or(|real| **real != *text && Facts::of(real) != Facts::of(text))
    }

    /// Moves one package of the lock: `cargo update PACKAGE --precise TO`. The package is a name, or
    /// `NAME@VERSION` where the lock holds several.
    ///
    /// # Errors
    /// The outer error where cargo could not be started, the inner one where it refused.
    pub fn precise(
        &self,
        cargo: &Cargo,
        package: &str,
        to: &Version,
    ) -> Result<Result<(), Refusal>, WorkspaceError> {
        let to = to.to_string();
        let answer = self.run(cargo, &["update", "-p", package, "--precise", &to])?;
        Ok(answer.map(|_| ()))
    }

    /// Lets cargo resolve with all features, moving as little of the lock as it can. Gives its
    /// metadata and what it said on standard error, with real paths in both.
    ///
    /// # Errors
    /// The outer error where cargo could not be started, the inner one where it refused.
    pub fn metadata(
        &self,
        cargo: &Cargo,
    ) -> Result<Result<(String, String), Refusal>, WorkspaceError> {
        self.metadata_with(cargo, true)
    }

    /// As [`Shadow::metadata`], with default features unless all are asked for.
    ///
    /// # Errors
    /// As [`Shadow::metadata`].
    pub fn metadata_with(
        &self,
        cargo: &Cargo,
        all_features: bool,
    ) -> Result<Result<(String, String), Refusal>, WorkspaceError> {
        let mut arguments = vec!["metadata", "--format-version", "1"];
        if all_features {
            arguments.push("--all-features");
        }
        let answer = self.run(cargo, &arguments)?;
        Ok(answer.map(|(json, stderr)| (self.tree.place.json_back(&json), stderr)))
    }

    /// The lock as cargo left it.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn new_lock(&self) -> Result<Option<String>, ShadowError> {
        let path = self.tree.place.there(&self.root.join("Cargo.lock"))?;
        Ok(path.is_file().then(|| read(&path)).transpose()?)
    }

    /// Runs cargo on the copy; paths in what it prints to standard error are real ones.
    fn run(
        &self,
        cargo: &Cargo,
        arguments: &[&str],
    ) -> Result<Result<(String, String), Refusal>, WorkspaceError> {
        let place = &self.tree.place;
        let Ok(call) = self.call(cargo, arguments) else {
            // The copy was laid out, so its manifest has a place.
            let path = self.manifest.clone();
            return Err(WorkspaceError::NoSuchManifest { path });
        };
        Ok(match call.run()? {
            Ok((stdout, stderr)) => Ok((stdout, place.text_back(&stderr))),
            Err(refusal) => Err(Refusal {
                command: place.text_back(&refusal.command),
                stderr: place.text_back(&refusal.stderr),
            }),
        })
    }

    /// A call of cargo on the copy. The lock must be free to move, so `--locked` is left out.
    pub(super) fn call(&self, cargo: &Cargo, arguments: &[&str]) -> Result<Call, ShadowError> {
        let mut arguments: Vec<String> = arguments.iter().map(|&word| word.to_owned()).collect();
        arguments.extend(self.settings.iter().cloned());
        if cargo.offline || cargo.frozen {
            arguments.push("--offline".into());
        }
        let build = OsString::from(self.tree.place.build().as_str());
        Ok(Call {
            arguments,
            manifest: self.tree.place.there(&self.manifest)?,
            folder: self.folder.clone(),
            environment: self
                .variables
                .iter()
                .map(|(name, value)| (name.clone(), OsString::from(value)))
                .chain([
                    ("CARGO_TARGET_DIR".into(), build.clone()),
                    ("CARGO_BUILD_BUILD_DIR".into(), build),
                ])
                .collect(),
        })
    }

    pub(super) fn place(&self) -> &Place {
        &self.tree.place
    }

    pub(super) fn temporary(&self) -> &Path {
        self.temporary.path()
    }
}

/// The folder that cargo runs in.
fn folder(around: &Surroundings) -> Result<Utf8PathBuf, ShadowError> {
    let here = || {
        let path = std::env::current_dir().ok()?;
        Utf8PathBuf::from_path_buf(path).ok()
    };
    let folder = around.folder.clone().or_else(here);
    Ok(match folder {
        Some(folder) => folder,
        None => {
            let start = Utf8PathBuf::from(".");
            return Err(WorkspaceError::NoManifest { start }.into());
        }
    })
}

/// A new temporary folder, and its path as the system itself names it.
fn temporary(around: &Surroundings) -> Result<(TempDir, Utf8PathBuf), ShadowError> {
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
        path
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
fn seed(target: &Utf8Path, build: &Utf8Path) {
    const CACHE: &str = ".rustc_info.json";
    // Without it cargo asks.
    let _ = fs::copy(target.join(CACHE), build.join(CACHE));
}

fn utf8(
    (source, name, folder): (String, String, PathBuf),
) -> Option<(String, String, Utf8PathBuf)> {
    Some((source, name, Utf8PathBuf::from_path_buf(folder).ok()?))
}

/// Leads the patches of cargo's configuration to the copies of their packages.
fn patch_settings(
    patches: &[(String, String, Utf8PathBuf)],
    survey: &Survey<'_>,
    place: &Place,
) -> Result<Vec<String>, ShadowError> {
    let mut arguments = Vec::new();
    for (source, name, folder) in patches {
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
