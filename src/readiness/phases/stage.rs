//! A copy of the workspace in which commands are tried: its code, its manifests and lock, and a git
//! repository of its own wherever a real one keeps one of the files.
//!
//! Commands are given to `sh` as they are printed. By two functions of the shell, cargo takes the
//! copy's manifest, running in the real root where it finds its configuration, and git sees no
//! settings but the copy's. Nothing outside of the copy is written.

mod laid;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use crate::plan::shadow::{ShadowError, Surroundings};
use crate::plan::trial::Scratch;
use crate::plan::write::clean::ELSEWHERE;
use crate::readiness::command::Group;
use crate::workspace::cargo::Cargo;
use crate::workspace::run::quoted;

use super::keep::Keep;

/// How long one command may take.
const LONGEST: Duration = Duration::from_secs(300);

/// Why something could not be tried, as the end of a sentence; it names no folder of the copy.
pub type Reason = String;

/// The copy. It goes away with the value.
pub struct Stage<'a> {
    scratch: Scratch,
    keep: &'a Keep,
    /// The workspace's root in the copy.
    root: Utf8PathBuf,
    /// Tops of the repositories in the copy.
    tops: Vec<Utf8PathBuf>,
    functions: String,
    environment: Vec<(String, OsString)>,
}

/// Contents of manifests and lock, by real path; none for what is not there. With the last commit
/// of each repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    pub files: BTreeMap<Utf8PathBuf, Option<Vec<u8>>>,
    heads: Vec<Option<String>>,
}

impl<'a> Stage<'a> {
    /// Lays the copy out. `program` is this one.
    ///
    /// # Errors
    /// Where the copy cannot be made.
    pub fn new(manifest: &Utf8Path, keep: &'a Keep, program: &Path) -> Result<Self, Reason> {
        let root = manifest.parent().unwrap_or(manifest);
        let around = Surroundings {
            folder: Some(root.to_owned()),
            ..Surroundings::default()
        };
        let scratch = Scratch::of_code(manifest, &around).map_err(unmade)?;
        let there = |path: &Utf8Path| scratch.there(path).map_err(unmade);
        let mut environment = scratch.environment();
        let own: [(&str, OsString); 4] = [
            ("OTEL_CHECK_CARGO", Cargo::program()),
            ("OTEL_CHECK_PROGRAM", program.into()),
            ("OTEL_CHECK_FOLDER", root.as_str().into()),
            ("OTEL_CHECK_MANIFEST", there(manifest)?.into_string().into()),
        ];
        environment.extend(own.map(|(name, value)| (name.to_owned(), value)));
        let tops = keep.tops.iter().map(|top| there(top));
        let stage = Self {
            root: there(root)?,
            tops: tops.collect::<Result<_, _>>()?,
            functions: functions(scratch.arguments()),
            environment,
            scratch,
            keep,
        };
        stage.configuration(root)?;
        stage.repositories()?;
        Ok(stage)
    }

    /// Runs a command as it is printed; gives its exit code.
    ///
    /// # Errors
    /// Where it cannot be started, or does not end by itself.
    pub fn run(&self, command: &str) -> Result<i32, Reason> {
        let mut shell = Command::new("sh");
        shell
            .arg("-c")
            .arg(format!("{}\n{command}\n", self.functions));
        for name in ELSEWHERE {
            shell.env_remove(name);
        }
        shell
            .current_dir(&self.root)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let started = Group::start(&mut shell);
        let mut group = started.map_err(|error| format!("`sh` cannot be started: {error}"))?;
        let in_time = group.ends_within(LONGEST);
        match group.stop() {
            _ if !in_time => Err(format!("`{command}` took too long")),
            Some(status) => {
                let ended = status.code();
                ended.ok_or_else(|| format!("`{command}` was stopped by a signal"))
            }
            None => Err(format!("the system does not say how `{command}` ended")),
        }
    }

    /// Runs commands that must succeed, in their order.
    ///
    /// # Errors
    /// Which of them did not.
    pub fn all(&self, commands: &[String]) -> Result<(), Reason> {
        for command in commands {
            match self.run(command)? {
                0 => {}
                code => return Err(format!("`{command}` ended with {code}")),
            }
        }
        Ok(())
    }

    /// Manifests and lock as they are in the copy.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub fn state(&self) -> Result<State, Reason> {
        let lock = self.scratch.root().join("Cargo.lock");
        let mut files = BTreeMap::new();
        for path in self.scratch.manifests().keys().chain([&lock]) {
            let content = match fs::read(self.scratch.there(path).map_err(unmade)?) {
                Ok(content) => Some(content),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
                Err(error) => return Err(unwritten(&error)),
            };
            files.insert(path.clone(), content);
        }
        let heads = self.tops.iter();
        let heads = heads.map(|top| self.git(top, &["rev-parse", "HEAD"]).ok());
        Ok(State {
            files,
            heads: heads.collect(),
        })
    }

    /// Puts a state back, without any of the commands.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn back(&self, state: &State) -> Result<(), Reason> {
        for (top, head) in self.tops.iter().zip(&state.heads) {
            if let Some(head) = head {
                self.git(top, &["reset", "--quiet", "--hard", head])?;
            }
        }
        for (path, content) in &state.files {
            match content {
                Some(content) => self.write(path, content)?,
                None => self.remove(path)?,
            }
        }
        Ok(())
    }

    /// Writes a file, named by its real path, where it says something else.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write(&self, real: &Utf8Path, content: &[u8]) -> Result<(), Reason> {
        let there = self.scratch.there(real).map_err(unmade)?;
        if fs::read(&there).is_ok_and(|old| old == content) {
            return Ok(());
        }
        if let Some(folder) = there.parent() {
            fs::create_dir_all(folder).map_err(|error| unwritten(&error))?;
        }
        fs::write(&there, content).map_err(|error| unwritten(&error))
    }

    fn remove(&self, real: &Utf8Path) -> Result<(), Reason> {
        let there = self.scratch.there(real).map_err(unmade)?;
        match fs::remove_file(there) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(unwritten(&error)),
            _ => Ok(()),
        }
    }

    /// The text of a manifest as it stands in the copy.
    pub fn text(&self, text: &str) -> String {
        self.scratch.text_there(text)
    }

    fn git(&self, folder: &Utf8Path, arguments: &[impl AsRef<str>]) -> Result<String, Reason> {
        let mut command = Command::new("git");
        for name in ELSEWHERE {
            command.env_remove(name);
        }
        fs::create_dir_all(folder).map_err(|error| unwritten(&error))?;
        let arguments = arguments.iter().map(AsRef::as_ref);
        let output = command
            .args(arguments)
            .current_dir(folder)
            .envs(ALONE)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("git cannot be started: {error}"))?;
        if !output.status.success() {
            return Err("git refused to keep a copy of the files".to_owned());
        }
        Ok(String::from_utf8_lossy(&output.stdout)
            .trim_end()
            .to_owned())
    }
}

/// By which git sees no settings but a repository's own, and asks nobody.
const ALONE: [(&str, &str); 5] = [
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_CONFIG_SYSTEM", "/dev/null"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_CONFIG_COUNT", "0"),
    ("GIT_TERMINAL_PROMPT", "0"),
];

/// What `cargo` and `git` mean to the shell.
fn functions(arguments: &[String]) -> String {
    let alone = ALONE.map(|(name, value)| format!("{name}={value}"));
    let alone = alone.join(" ");
    let arguments: Vec<String> = arguments.iter().map(|word| quoted(word)).collect();
    let arguments = arguments.join(" ");
    format!(
        r#"cargo() (
subcommand=$1; shift
cd "$OTEL_CHECK_FOLDER" || exit 101
if [ "$subcommand" = otel-check ]; then
inner=$1; shift
command "$OTEL_CHECK_PROGRAM" otel-check "$inner" --manifest-path "$OTEL_CHECK_MANIFEST" "$@"
else
command "$OTEL_CHECK_CARGO" "$subcommand" --manifest-path "$OTEL_CHECK_MANIFEST" {arguments} "$@"
fi
)
git() (
export {alone}
command git "$@"
)"#
    )
}

fn unmade(error: ShadowError) -> Reason {
    // The message may name a folder of the copy.
    match error {
        ShadowError::Workspace(error) => format!("the workspace cannot be copied: {error}"),
        ShadowError::Temporary { source, .. }
        | ShadowError::Write { source, .. }
        | ShadowError::Copy { source, .. } => unwritten(&source),
        ShadowError::TemporaryName { .. } => {
            "the folder for temporary files has a name that is not UTF-8 text".into()
        }
        ShadowError::NotPart { .. } | ShadowError::Device { .. } => {
            "part of the workspace is where no copy can be laid out".into()
        }
    }
}

fn unwritten(error: &std::io::Error) -> Reason {
    format!("the copy cannot be written: {error}")
}
