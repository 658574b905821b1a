//! A workspace that depends on a package to try, with a registry of its own.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use otel_check::plan::shadow::Surroundings;
use otel_check::source::{Edition, TargetRoot};
use otel_check::spec::trial::{
    About, Baseline, Guide, Known, Options, Outcome, Reason, Rename, Subject, TrialReport, Use, run,
};
use otel_check::workspace::cargo::Cargo;

use crate::loopback::{Dep, Package, Registry};
use crate::support::cargo::succeed;
use crate::support::disk::state;
use crate::support::sandbox::Sandbox;

/// A crate of a family, on two lines.
pub const API_1: &str = "pub mod sdk { pub mod trace { #[derive(Debug, Default)] pub struct Provider { pub name: u8 } impl Provider { pub fn new(_: u8) -> Self { Self::default() } pub fn get(&self, _: u8) {} } pub struct Config; } pub struct Resource; }\n\
pub mod global { pub fn stop() {} pub fn tracer() -> u8 { 0 } }\n\
pub struct KeyValue;\n";

/// `sdk` has gone to a crate of its own, where the provider has another name and takes nothing.
pub const API_2: &str = "pub mod global { pub fn tracer() -> u8 { 0 } }\npub struct KeyValue;\n";
pub const SDK_2: &str = "pub mod trace { #[derive(Debug, Default)] pub struct SdkProvider { name: u8 } impl SdkProvider { pub fn new() -> Self { Self::default() } pub fn name(&self) -> u8 { self.name } pub fn get(&self, _: &u8) {} } pub struct Config; }\npub struct Resource;\n";

/// A registry, and a workspace in a folder.
pub struct Lab {
    pub registry: Registry,
    pub sandbox: Sandbox,
}

/// What to try.
pub struct Case<'a> {
    pub name: &'a str,
    pub manifest: Utf8PathBuf,
    pub features: &'a [&'a str],
    pub capped: bool,
    pub changed: BTreeMap<Utf8PathBuf, String>,
    pub guide: Guide,
    pub options: Options,
    pub offline: bool,
}

impl Lab {
    /// The family's crates are published.
    pub fn new() -> Self {
        let registry = Registry::start();
        registry.publish_all([
            Package::new("api", "0.1.0").lib(API_1),
            Package::new("api", "0.2.0").lib(API_2),
            Package::new("api-sdk", "0.2.0").lib(SDK_2),
        ]);
        Self {
            registry,
            sandbox: Sandbox::empty(),
        }
    }

    /// Writes files; a path that ends in `/` is a package with that manifest behind its first lines.
    pub fn write(&self, files: &[(&str, &str)]) {
        for (path, text) in files {
            match path.strip_suffix('/') {
                Some(folder) => {
                    let name = folder.rsplit('/').next().unwrap();
                    self.sandbox
                        .write(&format!("{folder}/Cargo.toml"), &manifest(name, text));
                }
                None => self.sandbox.write(path, text),
            }
        }
        let folder = self.sandbox.root().join("ws");
        self.registry.replace_default(folder.as_std_path());
    }

    /// Lets cargo unpack everything that the workspace needs.
    pub fn fetch(&self) {
        let folder = self.sandbox.root().join("ws");
        succeed(self.registry.cargo(folder.as_std_path()).arg("fetch"));
    }

    /// Where cargo has unpacked a published package.
    pub fn unpacked(&self, package: &str) -> Utf8PathBuf {
        let home: Utf8PathBuf = self.registry.cargo_home().to_path_buf().try_into().unwrap();
        let home = home.canonicalize_utf8().unwrap();
        let mut sources = home.join("registry/src").read_dir_utf8().unwrap();
        let source = sources.next().unwrap().unwrap();
        source.path().join(package).join("Cargo.toml")
    }

    /// A case whose manifest has texts replaced.
    pub fn case<'a>(
        &self,
        name: &'a str,
        manifest: Utf8PathBuf,
        replaced: &[(&str, &str)],
    ) -> Case<'a> {
        let mut text = std::fs::read_to_string(&manifest).unwrap_or_default();
        for (old, new) in replaced {
            assert!(text.contains(old), "{text}");
            text = text.replace(old, new);
        }
        Case {
            name,
            changed: BTreeMap::from([(manifest.clone(), text)]),
            manifest,
            features: &[],
            capped: false,
            guide: guide(),
            options: Options::default(),
            offline: false,
        }
    }

    /// Tries it, and sees to it that nothing was written.
    pub fn run(&self, case: &Case<'_>) -> TrialReport {
        let workspace = self.sandbox.root().join("ws");
        let lock = std::fs::read_to_string(workspace.join("Cargo.lock")).ok();
        let features: Vec<String> = case.features.iter().map(|&name| name.to_owned()).collect();
        let folder = case.manifest.parent().unwrap();
        let targets = ["src/lib.rs", "src/main.rs", "tests/t.rs"].map(|file| TargetRoot {
            name: case.name.to_owned(),
            file: folder.join(file),
            edition: Edition::E2018,
        });
        let targets: Vec<TargetRoot> = targets.into_iter().filter(|t| t.file.is_file()).collect();
        let subject = Subject {
            name: case.name,
            manifest: &case.manifest,
            targets: &targets,
            features: &features,
            capped: case.capped,
            lock: lock.as_deref(),
        };
        let home = self.registry.cargo_home().to_str().unwrap().to_owned();
        let around = Surroundings {
            folder: Some(workspace),
            temporary: Some(env!("CARGO_TARGET_TMPDIR").into()),
            variables: BTreeMap::from([
                ("CARGO_HOME".to_owned(), home),
                ("CARGO_NET_RETRY".to_owned(), "0".to_owned()),
                ("NO_PROXY".to_owned(), "127.0.0.1".to_owned()),
            ]),
        };
        let cargo = Cargo {
            offline: case.offline,
            ..Cargo::default()
        };
        let before = state(self.sandbox.root());
        let sources = folder.is_dir().then(|| state(folder));
        let report = run(
            &subject,
            &case.changed,
            &case.guide,
            &case.options,
            &cargo,
            &around,
            &mut |_| {},
        );
        assert!(
            before == state(self.sandbox.root()),
            "something was written"
        );
        assert!(
            sources == folder.is_dir().then(|| state(folder)),
            "the sources were written"
        );
        let report = report.unwrap();
        // Whatever is told is told of the real files.
        let json = serde_json::to_string(&report).unwrap();
        assert!(!json.contains("otel-check-"), "{json}");
        report
    }
}

pub fn manifest(name: &str, more: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2021\"\n{more}")
}

/// A library that is published with a source and dependencies.
pub fn library(text: &str, deps: &[Dep]) -> Package {
    let package = Package::new("lib", "1.0.0").lib(text);
    deps.iter().cloned().fold(package, Package::dep)
}

/// What is known of the family.
pub fn guide() -> Guide {
    let known = |item: &str, recipe: &str| Known {
        item: item.to_owned(),
        recipes: vec![recipe.to_owned()],
    };
    let recipe = |id: &str| Reason::Recipe { id: id.to_owned() };
    let moved = Reason::Moved {
        from: "api_sdk::trace::Provider".to_owned(),
        to: "api_sdk::trace::SdkProvider".to_owned(),
    };
    Guide {
        crates: vec!["api".to_owned(), "api_sdk".to_owned()],
        uses: Vec::new(),
        items: vec![
            known("api::sdk", "sdk-crate"),
            known("api::global::stop", "stop"),
            known("api_sdk::trace::Provider", "provider"),
            known("api_sdk::trace::Provider::new", "provider-new"),
            known("api_sdk::trace::SdkProvider::get", "provider-get"),
        ],
        renames: [
            Rename::new("api::sdk", "api_sdk", recipe("sdk-crate")),
            Rename::new(
                "api_sdk::trace::Provider",
                "api_sdk::trace::SdkProvider",
                moved,
            ),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

/// A use that reading the sources would find.
pub fn found(line: usize, column: usize, item: &str, recipe: &str) -> Use {
    Use {
        file: "src/lib.rs".into(),
        line,
        column,
        item: item.to_owned(),
        recipes: vec![recipe.to_owned()],
        certain: true,
    }
}

/// Groups as lines: what about, recipes, then code and place of each error.
pub fn told(report: &TrialReport, remaining: bool) -> Vec<String> {
    let groups = if remaining {
        &report.remaining
    } else {
        &report.found
    };
    let lines = groups.iter().map(|group| {
        let about = match &group.about {
            About::Item { item } => item.clone(),
            About::Crate { name } => format!("crate {name}"),
            About::TwoVersions { name } => format!("two versions of {name}"),
            About::Other => "other".to_owned(),
        };
        let errors = group.errors.iter().map(|error| {
            let place = error
                .place
                .as_ref()
                .map_or("-".to_owned(), ToString::to_string);
            format!("{} {place}", error.code.as_deref().unwrap_or("-"))
        });
        let errors: Vec<String> = errors.collect();
        format!(
            "{about} [{}] {}",
            group.recipes.join(", "),
            errors.join(", ")
        )
    });
    lines.collect()
}

pub fn compiles(report: &TrialReport) -> bool {
    report.baseline == Baseline::Compiles
}

/// Whether nothing is left to do but the patch.
pub fn is_done(report: &TrialReport) -> bool {
    matches!(report.outcome, Outcome::BumpOnly | Outcome::Patched)
}
