//! The formats of `check`: what each says, that it is what its readers take, and that nothing in a
//! workspace can make it say something else.

#[path = "support/family.rs"]
mod family;
#[path = "support/lab.rs"]
mod lab;
#[path = "support/registry.rs"]
mod loopback;
mod support;

#[path = "formats/browser.rs"]
mod browser;
#[path = "formats/hostile.rs"]
mod hostile;
#[path = "formats/html.rs"]
mod html;
#[path = "formats/kept.rs"]
mod kept;
#[path = "formats/places.rs"]
mod places;
#[path = "formats/readers.rs"]
mod readers;
#[path = "formats/sarif.rs"]
mod sarif;
#[path = "formats/several.rs"]
mod several;
#[path = "formats/told.rs"]
mod told;

use std::collections::BTreeMap;

use support::cargo::{fetch, host, refusal};
use support::sandbox::Sandbox;
use support::tool::{Run, command, run};

/// Those that only `check` has, and those that it shares.
const FORMATS: [&str; 9] = [
    "short", "sarif", "github", "gitlab", "junit", "markdown", "csv", "dot", "svg",
];

/// A copy of a fixture whose packages are on disk, with how to ask about it.
struct Ready {
    sandbox: Sandbox,
    options: Vec<&'static str>,
}

impl Ready {
    /// None where its crates cannot be had.
    fn new(fixture: &str) -> Option<Self> {
        Self::changed(fixture, |_| {})
    }

    /// The same with changes that leave the lock as it is.
    fn changed(fixture: &str, change: impl Fn(&Sandbox)) -> Option<Self> {
        let sandbox = Sandbox::fixture(fixture);
        change(&sandbox);
        let options = match sandbox.root().join("Cargo.lock").is_file() {
            true => fetch(sandbox.root()).map(|()| vec!["--full", "--locked", "--offline"]),
            false => refusal(sandbox.root()).map(<[_]>::to_vec),
        };
        match options {
            Ok(options) => Some(Self { sandbox, options }),
            Err(reason) => {
                eprintln!("skipped: {fixture}: {reason}");
                None
            }
        }
    }

    fn arguments<'a>(&'a self, flags: &[&'a str]) -> Vec<&'a str> {
        [&["check"], flags, &self.options].concat()
    }

    fn run(&self, flags: &[&str]) -> Run {
        run(&self.sandbox, &self.arguments(flags))
    }

    fn command(&self, flags: &[&str]) -> std::process::Command {
        let mut command = command(&self.sandbox, &self.arguments(flags));
        command.env_remove("GITHUB_STEP_SUMMARY");
        command
    }

    /// What every format prints, by one run, without what differs from machine to machine.
    fn printed(&self) -> BTreeMap<&'static str, String> {
        let files = FORMATS.map(|format| format!("{format}=target/out.{format}"));
        self.sandbox.write("target/x", "");
        let flags: Vec<&str> = files.iter().flat_map(|file| ["--format", file]).collect();
        let run = self.run(&flags);
        assert!([0, 100].contains(&run.code), "{}", run.stderr);
        assert_eq!(run.stdout, "");
        let read = |format: &'static str| {
            let text = self.read(&format!("target/out.{format}"));
            (format, self.redacted(&text))
        };
        FORMATS.map(read).into()
    }

    fn redacted(&self, text: &str) -> String {
        let version = concat!("\": \"", env!("CARGO_PKG_VERSION"), "\"");
        text.replace(self.sandbox.root().as_str(), "[root]")
            .replace(host(), "[host]")
            .replace(version, "\": \"[version]\"")
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.sandbox.root().join(path)).unwrap()
    }
}

#[test]
fn formats_of_fixtures() {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("formats/snapshots");
    let _bound = settings.bind_to_scope();
    let names = [
        "edge-agent",
        "edge-agent-unresolvable",
        "clean",
        "no-sdk",
        "precision/two-bins",
    ];
    for name in names {
        let Some(ready) = Ready::new(name) else {
            continue;
        };
        // A repository of its own, so that paths begin at its root.
        ready.sandbox.write(".git/HEAD", "");
        for (format, text) in ready.printed() {
            let file = name.replace('/', "_");
            insta::assert_snapshot!(format!("{file}_{format}"), text);
        }
    }
}

/// The same input gives the same bytes, however many threads there are.
#[test]
fn threads_change_nothing() {
    for name in ["edge-agent", "precision/sibling-feature"] {
        let Some(ready) = Ready::new(name) else {
            continue;
        };
        let print = |threads: &str| {
            let files = FORMATS.map(|format| format!("{format}={threads}.{format}"));
            let flags: Vec<&str> = files.iter().flat_map(|file| ["--format", file]).collect();
            let mut command = ready.command(&flags);
            let output = command.env("RAYON_NUM_THREADS", threads).output().unwrap();
            assert!([Some(0), Some(100)].contains(&output.status.code()));
            FORMATS.map(|format| ready.read(&format!("{threads}.{format}")))
        };
        let (one, eight) = (print("1"), print("8"));
        assert!(one == eight, "{name}");
        assert!(one.iter().all(|text| !text.is_empty()), "{name}");
    }
}
