//! The plan of `readiness` in phases, carried out to the letter: every command that it prints is run
//! by a shell in a copy of the workspace, each gate before and after, each rollback on the way.
#![cfg(unix)]

#[path = "support/family.rs"]
mod family;
#[path = "support/lab.rs"]
mod lab;
#[path = "support/registry.rs"]
mod loopback;
mod support;

#[path = "readiness_phases/book.rs"]
mod book;
#[path = "readiness_phases/kept.rs"]
mod kept;
#[path = "readiness_phases/made.rs"]
mod made;
#[path = "readiness_phases/shape.rs"]
mod shape;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use clap::Parser as _;
use otel_check::cli::args::Arguments;
use otel_check::cli::planned::{chosen, planned_on};
use otel_check::policy::Date;
use otel_check::readiness::ledger::Ledger;
use otel_check::readiness::model::{Evidence, InputKind, PhasePlan};
use otel_check::readiness::phases::{Flags, Subject, phases};
use otel_check::readiness::settings::Settings;
use otel_check::rules::Rules;
use support::cargo::is_network_failure;
use support::sandbox::fixture;
use tempfile::TempDir;

/// A workspace in a temporary folder that is in no repository, unless it is made one.
pub struct Ground {
    _folder: TempDir,
    /// Where the folder begins.
    pub top: Utf8PathBuf,
    /// The workspace's root.
    pub root: Utf8PathBuf,
}

/// What a plan is asked for.
#[derive(Default)]
pub struct Asked {
    pub settings: Settings,
    pub start: Option<Date>,
    /// Words of the command line.
    pub words: Vec<String>,
    pub flags: Flags,
    pub deferred: Vec<(String, String)>,
    /// Whether the program is not to be known.
    pub alone: bool,
}

impl Ground {
    /// A copy of a fixture, in a folder of this name below the top.
    pub fn fixture(name: &str, below: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let top = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
        let root = match below {
            "" => top.clone(),
            below => top.join(below),
        };
        support::sandbox::copy(&fixture(name), &root);
        Self {
            _folder: folder,
            top,
            root,
        }
    }

    /// Makes the top a repository with everything in it.
    pub fn committed(self) -> Self {
        self.commit();
        self
    }

    pub fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        alone(&mut command);
        let command = command.args(arguments).current_dir(&self.top);
        support::cargo::succeed(command);
    }

    /// The plan in phases; none where the registry cannot be asked.
    pub fn plan(&self, asked: &Asked) -> Option<(PhasePlan, Vec<Evidence>)> {
        let manifest = self.root.join("Cargo.toml");
        let mut words = vec!["cargo-otel-check".to_owned(), "plan".into()];
        words.extend(["--manifest-path".into(), manifest.to_string()]);
        words.extend(asked.words.iter().cloned());
        let arguments = Arguments::parse_from(words);
        let Some(otel_check::cli::args::Command::Plan(plan)) = &arguments.command else {
            panic!("no plan");
        };
        let family = &Rules::shipped().families[0];
        let program = Path::new(env!("CARGO_BIN_EXE_cargo-otel-check"));
        let made = planned_on(
            &arguments.common,
            &plan.aim,
            plan.options,
            family,
            |planner, plans, _| {
                let mut ledger = Ledger::default();
                let input = ledger.content(InputKind::Lock, "Cargo.lock", b"");
                let planned = chosen(plans, None).expect("an option");
                let shadow = &planner.prover.shadow;
                let made = phases(
                    &Subject {
                        planned: &planned,
                        manifest: &shadow.root().join("Cargo.toml"),
                        manifests: shadow.manifests(),
                        family,
                        settings: &asked.settings,
                        start: asked.start,
                        flags: &asked.flags,
                        deferred: &asked.deferred,
                        program: (!asked.alone).then_some(program),
                        inputs: &[input],
                    },
                    &mut ledger,
                );
                Ok((made.expect("phases"), ledger.into_parts().0))
            },
        );
        match made {
            Ok(made) => Some(made),
            Err(error) if is_network_failure(&error.to_string()) => {
                eprintln!("skipped: {error}");
                None
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// Where printed commands are run.
pub trait Place {
    /// The workspace's root.
    fn root(&self) -> &Utf8Path;

    /// Everything that belongs to it.
    fn top(&self) -> &Utf8Path {
        self.root()
    }

    /// Gives a command what cargo needs here.
    fn environment(&self, command: &mut Command) {
        support::cargo::clean(command);
    }

    /// Contents of the manifests and the lock.
    fn files(&self) -> BTreeMap<Utf8PathBuf, Vec<u8>> {
        let all = support::disk::state(self.top()).into_iter();
        let named = |path: &Utf8Path| matches!(path.file_name(), Some("Cargo.toml" | "Cargo.lock"));
        all.filter(|(path, _)| named(path))
            .map(|(path, (content, _))| (path, content))
            .collect()
    }

    /// Runs a command as it is printed; gives how it ended.
    fn run(&self, command: &str) -> i32 {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(command).current_dir(self.root());
        self.environment(&mut shell);
        alone(&mut shell);
        let bin = PathBuf::from(env!("CARGO_BIN_EXE_cargo-otel-check"));
        let path = std::env::var_os("PATH").unwrap();
        let mut folders = vec![bin.parent().unwrap().to_owned()];
        folders.extend(std::env::split_paths(&path));
        shell.env("PATH", std::env::join_paths(folders).unwrap());
        let output = shell.stdin(Stdio::null()).output().unwrap();
        let code = output.status.code().unwrap();
        println!("{code} {command}");
        if code != 0 {
            println!("{}", String::from_utf8_lossy(&output.stderr));
        }
        code
    }

    /// Runs commands that must succeed.
    fn all(&self, commands: &[String]) {
        for command in commands {
            assert_eq!(self.run(command), 0, "{command}");
        }
    }

    /// Makes the top a repository with everything in it.
    fn commit(&self) {
        let arguments: [&[&str]; 3] = [
            &["init", "--quiet"],
            &["add", "--all"],
            &["commit", "--quiet", "--message=all"],
        ];
        for arguments in arguments {
            let mut command = Command::new("git");
            alone(&mut command);
            command.args(arguments).current_dir(self.top());
            support::cargo::succeed(&mut command);
        }
    }
}

impl Place for Ground {
    fn root(&self) -> &Utf8Path {
        &self.root
    }

    fn top(&self) -> &Utf8Path {
        &self.top
    }
}

/// Git without anybody's settings.
pub fn alone(command: &mut Command) {
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    let own = [
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_AUTHOR_NAME", "a"),
        ("GIT_AUTHOR_EMAIL", "a@a"),
        ("GIT_COMMITTER_NAME", "a"),
        ("GIT_COMMITTER_EMAIL", "a@a"),
    ];
    command.envs(own);
}
