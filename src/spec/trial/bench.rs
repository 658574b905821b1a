//! The copy on which a trial is made, and the ways in which it can be compiled.

use std::cell::RefCell;
use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use crate::plan::shadow::{ShadowError, Surroundings};
use crate::plan::trial::{Dependant, Fault, Scope, Scratch};
use crate::workspace::Features;
use crate::workspace::cargo::{Cargo, Refusal};

use super::model::Way;
use super::strip::without_tests;
use super::{Options, Subject};

/// Which features are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    /// Those that are enabled here.
    Enabled,
    All,
}

/// Changed manifests: real path and new text.
pub type Changed = BTreeMap<Utf8PathBuf, String>;

/// A copy of a package.
pub struct Bench<'a> {
    pub scratch: Scratch,
    pub subject: &'a Subject<'a>,
    /// The package's real folder.
    pub folder: Utf8PathBuf,
    options: &'a Options,
    cargo: &'a Cargo,
    progress: RefCell<&'a mut dyn FnMut(&str)>,
}

impl<'a> Bench<'a> {
    pub fn new(
        subject: &'a Subject<'a>,
        options: &'a Options,
        cargo: &'a Cargo,
        around: &Surroundings,
        progress: &'a mut dyn FnMut(&str),
    ) -> Result<Self, ShadowError> {
        let folder = subject.manifest.parent().unwrap_or(subject.manifest);
        Ok(Self {
            scratch: Scratch::with(subject.manifest, around)?,
            folder: folder.to_owned(),
            subject,
            options,
            cargo,
            progress: RefCell::new(progress),
        })
    }

    /// Compiles in one way; gives the faults, lints that cargo would cap apart.
    pub fn check(
        &self,
        changed: &Changed,
        way: Way,
        set: Set,
    ) -> Result<Result<Checked, Refusal>, ShadowError> {
        let lock = self.subject.lock;
        let targets = &self.options.targets;
        let mut progress = self.progress.borrow_mut();
        let progress: &mut dyn FnMut(&str) = &mut **progress;
        let trial = match way {
            Way::Library => {
                let dependant = Dependant {
                    package: self.subject.name,
                    folder: &self.folder,
                    features: self.subject.features,
                };
                let scratch = &self.scratch;
                scratch.compile_for(&dependant, changed, lock, self.cargo, targets, progress)?
            }
            Way::AllTargets | Way::NoTests => {
                let changed = match way {
                    Way::NoTests => self.stripped(changed),
                    Way::AllTargets | Way::Library => changed.clone(),
                };
                let scope = Scope {
                    current: true,
                    all_targets: way == Way::AllTargets,
                    features: self.features(set),
                    targets: targets.clone(),
                    ..Scope::default()
                };
                let scratch = &self.scratch;
                scratch.compile(&changed, lock, self.cargo, &scope, progress)?
            }
        };
        let trial = match trial {
            Ok(trial) => trial,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // Nothing of it was compiled.
        if way == Way::Library && trial.stderr.contains("missing a lib target") {
            let (command, stderr) = (trial.command, trial.stderr);
            return Ok(Err(Refusal { command, stderr }));
        }
        let mut checked = Checked::default();
        for fault in trial.errors {
            let own = fault.local && fault.package == self.subject.name;
            if own && fault.is_lint() && self.subject.capped {
                checked.lints.push(fault);
            } else {
                checked.faults.push(fault);
            }
        }
        if !trial.compiles && checked.faults.is_empty() && checked.lints.is_empty() {
            let (command, stderr) = (trial.command, trial.stderr);
            return Ok(Err(Refusal { command, stderr }));
        }
        Ok(Ok(checked))
    }

    fn features(&self, set: Set) -> Features {
        let default = self.subject.features.iter().any(|name| name == "default");
        let named = self.subject.features.iter();
        match set {
            Set::All => Features {
                all: true,
                ..Features::default()
            },
            Set::Enabled => Features {
                no_default: !default,
                named: named.filter(|name| *name != "default").cloned().collect(),
                ..Features::default()
            },
        }
    }

    /// What to run to compile the same in the package's folder.
    pub fn command(&self, way: Way, sets: &[Set]) -> String {
        let commands = sets.iter().map(|&set| {
            let mut words = vec!["cargo check".to_owned()];
            words.push(match way {
                Way::AllTargets => "--all-targets".to_owned(),
                Way::NoTests => "--lib --bins".to_owned(),
                Way::Library => "--lib".to_owned(),
            });
            let features = self.features(set);
            if features.all {
                words.push("--all-features".to_owned());
            }
            if features.no_default {
                words.push("--no-default-features".to_owned());
            }
            if !features.named.is_empty() {
                let named = features.named.join(",");
                words.push(format!(
                    "--features {}",
                    crate::workspace::run::quoted(&named)
                ));
            }
            words.extend(self.options.targets.iter().map(|t| format!("--target {t}")));
            words.join(" ")
        });
        commands.collect::<Vec<_>>().join(" && ")
    }

    /// The manifests without what tests need.
    fn stripped(&self, changed: &Changed) -> Changed {
        let mut changed = changed.clone();
        let manifest = self.subject.manifest;
        let now = changed
            .get(manifest)
            .map(String::as_str)
            .or_else(|| self.manifest(manifest));
        if let Some(text) = now.map(without_tests) {
            changed.insert(manifest.to_owned(), text);
        }
        changed
    }

    /// The real text of a manifest.
    pub fn manifest(&self, path: &Utf8Path) -> Option<&str> {
        self.scratch.manifests().get(path).map(|text| &**text)
    }
}

/// What rustc found.
#[derive(Debug, Default)]
pub struct Checked {
    pub faults: Vec<Fault>,
    /// Lints of the package that its dependants do not see.
    pub lints: Vec<Fault>,
}

impl Checked {
    /// Takes over what another set of features showed beside.
    pub fn merge(&mut self, other: Checked) {
        for (into, from) in [
            (&mut self.faults, other.faults),
            (&mut self.lints, other.lints),
        ] {
            for fault in from {
                if !into.iter().any(|known| same(known, &fault)) {
                    into.push(fault);
                }
            }
        }
    }

    /// Whether anything but tests, examples and benches fails.
    pub fn fails_in_main(&self) -> bool {
        let beside = |target: &String| {
            ["(test)", "(example)", "(bench)"]
                .iter()
                .any(|kind| target.ends_with(kind))
        };
        self.faults
            .iter()
            .any(|fault| !fault.targets.iter().all(beside))
    }
}

/// Whether two faults are one.
fn same(a: &Fault, b: &Fault) -> bool {
    (&a.package, &a.code, &a.message, &a.spot) == (&b.package, &b.code, &b.message, &b.spot)
}
