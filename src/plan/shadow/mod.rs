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

mod around;
mod error;
mod facts;
mod place;
mod relocate;
mod survey;
mod targets;
mod tree;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use semver::Version;
use tempfile::TempDir;

use crate::workspace::WorkspaceError;
use crate::workspace::cargo::{Cargo, Refusal};
use crate::workspace::manifest::read;
use crate::workspace::run::Call;

pub use around::Surroundings;
use around::{Setting, seed, temporary};
pub use error::ShadowError;
use facts::Facts;
use place::Place;
pub(crate) use place::normal;
use survey::Survey;
pub(super) use tree::{Sources, copy, write};
use tree::{Tree, make};

/// A copy of a workspace's skeleton. It goes away with the value.
pub struct Shadow {
    temporary: TempDir,
    tree: Tree,
    /// The real manifest by which the workspace was named.
    manifest: Utf8PathBuf,
    root: Utf8PathBuf,
    manifests: BTreeMap<Utf8PathBuf, Arc<str>>,
    in_use: Vec<Utf8PathBuf>,
    lock: Option<String>,
    setting: Setting,
    /// Arguments that lead cargo's configuration into the copy.
    arguments: Vec<String>,
}

/// The files in a package's folder that its targets begin with.
pub fn target_files(folder: &Utf8Path, manifest: &str) -> Vec<Utf8PathBuf> {
    targets::files(folder, &Facts::of(manifest))
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
        let setting = Setting::new(around)?;
        let manifest = normal(&setting.folder.join(manifest));
        if !manifest.is_file() {
            let path = manifest;
            return Err(WorkspaceError::NoSuchManifest { path }.into());
        }
        let unknown = BTreeMap::new();
        let mut survey = Survey::new(&unknown, setting.cargo_home.as_deref());
        let root = survey.workspace(&manifest)?;
        survey.packages(setting.patches.iter().map(|(_, _, folder)| folder.clone()))?;
        let lock = root.join("Cargo.lock");
        let lock = lock.is_file().then(|| read(&lock)).transpose()?;

        let (temporary, base) = temporary(around)?;
        let build = base.join("build");
        make(&build)?;
        let target = setting.target.clone();
        let target = target.unwrap_or_else(|| root.join("target"));
        seed(&target, &build);
        // Cargo does not look for a workspace above a folder of this name.
        let place = Place::new(base.join("target/package"), build, target, &setting.folder);
        let tree = Tree::new(place, sources);
        tree.lay(&survey)?;
        tree.lock(&root, lock.as_deref())?;
        let arguments = setting.arguments(&survey, &tree.place)?;
        let in_use = survey.packages_in_use().map(Utf8Path::to_owned).collect();
        let found = survey.found.into_iter();
        Ok(Self {
            in_use,
            manifests: found.map(|(path, found)| (path, found.text)).collect(),
            temporary,
            tree,
            manifest,
            root,
            lock,
            setting,
            arguments,
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
        self.start_over(changed, self.lock.as_deref())?;
        Ok(())
    }

    /// As [`Shadow::reset`], with a lock. Gives the folders of the packages then in use, where they
    /// may be others than before.
    pub(super) fn start_over(
        &self,
        changed: &BTreeMap<Utf8PathBuf, String>,
        lock: Option<&str>,
    ) -> Result<Vec<Utf8PathBuf>, ShadowError> {
        let mut in_use = Vec::new();
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
            let mut survey = Survey::new(&known, self.setting.cargo_home.as_deref());
            survey.workspace(&self.manifest)?;
            survey.packages(
                changed
                    .keys()
                    .filter_map(|path| Some(path.parent()?.to_owned())),
            )?;
            self.tree.lay(&survey)?;
            in_use.extend(survey.packages_in_use().map(Utf8Path::to_owned));
        }
        self.tree.lock(&self.root, lock)?;
        Ok(in_use)
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

    /// Has cargo choose a locked package anew: `cargo update PACKAGE`.
    ///
    /// # Errors
    /// As [`Shadow::precise`].
    pub fn update(
        &self,
        cargo: &Cargo,
        package: &str,
    ) -> Result<Result<(), Refusal>, WorkspaceError> {
        let answer = self.run(cargo, &["update", "-p", package])?;
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
        arguments.extend(self.arguments.iter().cloned());
        if cargo.offline || cargo.frozen {
            arguments.push("--offline".into());
        }
        Ok(Call {
            arguments,
            manifest: self.tree.place.there(&self.manifest)?,
            folder: self.setting.folder.clone(),
            environment: self.environment(),
        })
    }

    /// Variables for cargo on the copy, beside those of this process.
    pub(super) fn environment(&self) -> Vec<(String, OsString)> {
        let build = OsString::from(self.tree.place.build().as_str());
        let variables = self.setting.variables.iter();
        let variables = variables.map(|(name, value)| (name.clone(), OsString::from(value)));
        let build = [
            ("CARGO_TARGET_DIR".into(), build.clone()),
            ("CARGO_BUILD_BUILD_DIR".into(), build),
        ];
        variables.chain(build).collect()
    }

    /// Arguments for cargo on the copy, which lead its configuration there.
    pub(super) fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// The text of a manifest as it stands in the copy: absolute paths lead into it.
    pub(super) fn text_there(&self, text: &str) -> String {
        self.tree.text(text)
    }

    pub(super) fn place(&self) -> &Place {
        &self.tree.place
    }

    /// The folder in which all of the copy lies.
    pub(super) fn temporary(&self) -> &Path {
        self.temporary.path()
    }

    /// Folders of the packages that the real manifests use: members, and what they reach by path.
    pub fn packages_in_use(&self) -> &[Utf8PathBuf] {
        &self.in_use
    }
}
