//! A scratch copy of a workspace with its real sources, in which cargo compiles.
//!
//! Cargo runs in the same folder as ever, see [`crate::plan::shadow`], with the copy's manifests and
//! a build folder of the copy's own. The compiler's errors come back with real paths. Compiling
//! runs build scripts and macros of the workspace and its dependencies, as any build of it does.

mod dependant;
mod messages;
mod sources;
mod suggestion;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use crate::plan::shadow::{Shadow, ShadowError, Sources, Surroundings, write};
use crate::workspace::cargo::{Cargo, Refusal};
use crate::workspace::run::{Call, quoted};
use crate::workspace::{Features, WorkspaceError};

pub use dependant::Dependant;
use messages::Gathered;
pub use messages::{Detail, Fault, Spot};
use sources::Copied;
pub use suggestion::{Replacement, Suggestion};

/// What to compile, as `cargo check` takes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Names of members; all of them where there are none.
    pub packages: Vec<String>,
    /// The package of the manifest alone, whatever `packages` says.
    pub current: bool,
    /// Tests, examples and benches, too.
    pub all_targets: bool,
    pub features: Features,
    /// Target triples, where it is not for the host.
    pub targets: Vec<String>,
}

/// What came of compiling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trial {
    /// Whether all of it compiles.
    pub compiles: bool,
    pub errors: Vec<Fault>,
    /// How many different warnings there were.
    pub warnings: usize,
    /// The command line, with the real manifest, to be run after the change by hand.
    pub command: String,
    /// What cargo said on standard error. Where nothing compiles and no error is listed, it says why.
    pub stderr: String,
}

/// A scratch copy, which keeps what was compiled from one trial to the next. It goes away with the
/// value.
pub struct Scratch {
    shadow: Shadow,
    copied: Mutex<Copied>,
}

impl Scratch {
    /// Copies the workspace that a manifest belongs to, with the packages outside that it reaches by
    /// path.
    ///
    /// # Errors
    /// Where something cannot be read, or the copy not written.
    pub fn new(manifest: &Utf8Path) -> Result<Self, ShadowError> {
        Self::with(manifest, &Surroundings::default())
    }

    /// As [`Scratch::new`], with other folders around it.
    ///
    /// # Errors
    /// As [`Scratch::new`].
    pub fn with(manifest: &Utf8Path, around: &Surroundings) -> Result<Self, ShadowError> {
        Self::lay(manifest, around, Copied::default())
    }

    /// A copy that is only read, not compiled: code and the files beside it that say how to read it.
    ///
    /// # Errors
    /// As [`Scratch::new`].
    pub fn of_code(manifest: &Utf8Path, around: &Surroundings) -> Result<Self, ShadowError> {
        let taken = |path: &Utf8Path| matches!(path.extension(), Some("rs" | "toml"));
        Self::lay(manifest, around, Copied::only(taken))
    }

    fn lay(
        manifest: &Utf8Path,
        around: &Surroundings,
        mut copied: Copied,
    ) -> Result<Self, ShadowError> {
        let shadow = Shadow::lay(manifest, around, Sources::Real)?;
        let mut folders = vec![shadow.root().to_owned()];
        folders.extend(shadow.packages_in_use().iter().cloned());
        copied.add(&folders, &shadow)?;
        Ok(Self {
            shadow,
            copied: Mutex::new(copied),
        })
    }

    /// Compiles the real sources with these manifests (real path, new text) and this lock in place of
    /// the real ones. Without changes and without a lock it is the workspace as it is, which tells
    /// errors of the change from those that were there before. `progress` is given the name of each
    /// package that is done.
    ///
    /// # Errors
    /// The outer error where the copy cannot be written or cargo not be started, the inner one where
    /// cargo refused before it came to compile.
    pub fn compile(
        &self,
        changed: &BTreeMap<Utf8PathBuf, String>,
        lock: Option<&str>,
        cargo: &Cargo,
        scope: &Scope,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Result<Trial, Refusal>, ShadowError> {
        self.change(changed, lock)?;
        self.check_either_way(cargo, scope, None, progress)
    }

    /// As [`Scratch::compile`], but of one package alone, as a package sees it that depends on it:
    /// its library, with those of its dependencies that it then has.
    ///
    /// # Errors
    /// As [`Scratch::compile`].
    pub fn compile_for(
        &self,
        dependant: &Dependant<'_>,
        changed: &BTreeMap<Utf8PathBuf, String>,
        lock: Option<&str>,
        cargo: &Cargo,
        targets: &[String],
        progress: &mut dyn FnMut(&str),
    ) -> Result<Result<Trial, Refusal>, ShadowError> {
        self.change(changed, lock)?;
        let lock = lock.or(self.shadow.lock());
        let manifest = dependant.lay(&self.shadow, lock)?;
        let scope = Scope {
            current: true,
            targets: targets.to_vec(),
            ..Scope::default()
        };
        let answer = self.check_either_way(cargo, &scope, Some(&manifest), progress)?;
        // It is nowhere but in the copy.
        let shown = manifest.parent().map(|folder| format!(" ({folder})"));
        let without = |text: String| text.replace(shown.as_deref().unwrap_or_default(), "");
        Ok(match answer {
            Ok(trial) => Ok(Trial {
                stderr: without(trial.stderr),
                ..trial
            }),
            Err(refusal) => Err(Refusal {
                stderr: without(refusal.stderr),
                ..refusal
            }),
        })
    }

    /// Changes a source in the copy.
    ///
    /// # Errors
    /// [`ShadowError::NotPart`] where the file was not copied, else where it cannot be written.
    pub fn write(&self, real: &Utf8Path, text: &str) -> Result<(), ShadowError> {
        let there = self.there(real)?;
        if !there.is_file() {
            let path = real.to_owned();
            return Err(ShadowError::NotPart { path });
        }
        write(&there, text)
    }

    /// Where a real file or folder lies in the copy.
    ///
    /// # Errors
    /// [`ShadowError::Device`] where it can lie nowhere in it.
    pub fn there(&self, real: &Utf8Path) -> Result<Utf8PathBuf, ShadowError> {
        self.shadow.place().there(real)
    }

    /// Variables for cargo in the copy, beside those of this process.
    pub fn environment(&self) -> Vec<(String, OsString)> {
        self.shadow.environment()
    }

    /// Arguments for cargo in the copy, which lead its configuration there.
    pub fn arguments(&self) -> &[String] {
        self.shadow.arguments()
    }

    /// The text of a manifest as it stands in the copy.
    pub fn text_there(&self, text: &str) -> String {
        self.shadow.text_there(text)
    }

    /// The real root of the workspace.
    pub fn root(&self) -> &Utf8Path {
        self.shadow.root()
    }

    /// The real manifests, see [`Shadow::manifests`].
    pub fn manifests(&self) -> &BTreeMap<Utf8PathBuf, Arc<str>> {
        self.shadow.manifests()
    }

    /// Puts changed manifests and the lock in place, and copies what they reach beyond.
    fn change(
        &self,
        changed: &BTreeMap<Utf8PathBuf, String>,
        lock: Option<&str>,
    ) -> Result<(), ShadowError> {
        let lock = lock.or(self.shadow.lock());
        let in_use = self.shadow.start_over(changed, lock)?;
        let copied = self.copied.lock();
        let mut copied = copied.unwrap_or_else(PoisonError::into_inner);
        copied.add(&in_use, &self.shadow)
    }

    fn check_either_way(
        &self,
        cargo: &Cargo,
        scope: &Scope,
        manifest: Option<&Utf8Path>,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Result<Trial, Refusal>, ShadowError> {
        let answer = self.check(cargo, scope, manifest, true, progress)?;
        match answer {
            // Only old releases of cargo do not know it.
            Err(refusal) if refusal.stderr.contains("'--keep-going'") => {
                self.check(cargo, scope, manifest, false, progress)
            }
            answer => Ok(answer),
        }
    }

    fn check(
        &self,
        cargo: &Cargo,
        scope: &Scope,
        manifest: Option<&Utf8Path>,
        keep_going: bool,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Result<Trial, Refusal>, ShadowError> {
        let mut arguments = scope.arguments();
        if keep_going {
            arguments.push("--keep-going".into());
        }
        arguments.push("--message-format=json".into());
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut call = self.shadow.call(cargo, &arguments)?;
        if let Some(manifest) = manifest {
            call.manifest = manifest.to_owned();
        }
        let place = self.shadow.place();
        let mut gathered = Gathered::new(self.shadow.root());
        let (status, stderr) = self.stream(&call, |line| {
            if let Some(done) = gathered.line(&place.json_back(line)) {
                progress(&done);
            }
        })?;
        let stderr = place.text_back(&stderr);
        let command = place.text_back(&call.shown());
        let Some(success) = gathered.success else {
            return Ok(Err(Refusal { command, stderr }));
        };
        gathered.build_scripts(&stderr);
        Ok(Ok(Trial {
            compiles: success && status.success(),
            warnings: gathered.warnings(),
            errors: gathered.faults,
            command,
            stderr,
        }))
    }

    /// Runs cargo to its end, a line of its standard output at a time; gives its standard error.
    fn stream(
        &self,
        call: &Call,
        mut line: impl FnMut(&str),
    ) -> Result<(ExitStatus, String), ShadowError> {
        let missing = |source| WorkspaceError::CargoMissing {
            command: call.shown(),
            source,
        };
        // A file never makes cargo wait for a reader.
        let path = self.shadow.temporary().join("stderr");
        let stderr = File::create(&path).map_err(missing)?;
        let mut child = call
            .command()
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .map_err(missing)?;
        if let Some(stdout) = child.stdout.take() {
            let mut reader = BufReader::new(stdout);
            let mut bytes = Vec::new();
            while reader
                .read_until(b'\n', &mut bytes)
                .is_ok_and(|read| read > 0)
            {
                line(&String::from_utf8_lossy(&bytes));
                bytes.clear();
            }
        }
        let status = child.wait().map_err(missing)?;
        let said = std::fs::read(&path).map_err(missing)?;
        Ok((status, String::from_utf8_lossy(&said).into_owned()))
    }
}

impl Scope {
    /// The members with all their targets.
    pub fn everything() -> Self {
        Self {
            all_targets: true,
            ..Self::default()
        }
    }

    fn arguments(&self) -> Vec<String> {
        let mut arguments = vec!["check".to_owned()];
        if self.packages.is_empty() && !self.current {
            arguments.push("--workspace".into());
        }
        for package in self.packages.iter().filter(|_| !self.current) {
            arguments.extend(["-p".into(), package.clone()]);
        }
        if self.all_targets {
            arguments.push("--all-targets".into());
        }
        if self.features.all {
            arguments.push("--all-features".into());
        }
        if self.features.no_default {
            arguments.push("--no-default-features".into());
        }
        if !self.features.named.is_empty() {
            arguments.extend(["--features".into(), self.features.named.join(",")]);
        }
        for target in &self.targets {
            arguments.extend(["--target".into(), target.clone()]);
        }
        arguments
    }

    /// The command, as it is typed in the workspace.
    pub fn shown(&self) -> String {
        let words = self.arguments().into_iter().map(|word| quoted(&word));
        let words = std::iter::once("cargo".to_owned()).chain(words);
        words.collect::<Vec<String>>().join(" ")
    }
}

/// Compiles once, see [`Scratch::compile`].
///
/// # Errors
/// As [`Scratch::new`] and [`Scratch::compile`].
pub fn compile(
    manifest: &Utf8Path,
    changed: &BTreeMap<Utf8PathBuf, String>,
    lock: Option<&str>,
    cargo: &Cargo,
    scope: &Scope,
) -> Result<Result<Trial, Refusal>, ShadowError> {
    Scratch::new(manifest)?.compile(changed, lock, cargo, scope, &mut |_| {})
}
