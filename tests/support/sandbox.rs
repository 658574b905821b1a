//! Copies of workspaces in temporary folders.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use super::cargo::{cargo, fetch};

/// A folder that goes away with the value.
pub struct Sandbox {
    _folder: TempDir,
    root: Utf8PathBuf,
    cargo_home: Option<PathBuf>,
}

impl Sandbox {
    /// An empty one.
    pub fn empty() -> Self {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let root = Utf8PathBuf::from_path_buf(folder.path().canonicalize().unwrap()).unwrap();
        Self {
            _folder: folder,
            root,
            cargo_home: None,
        }
    }

    /// The same, where cargo has a home of its own.
    pub fn with_cargo_home(self, home: &Path) -> Self {
        Self {
            cargo_home: Some(home.to_owned()),
            ..self
        }
    }

    /// A copy of a folder, without its build output. The copy is writable where the original
    /// may not be.
    pub fn copy(of: &Utf8Path) -> Self {
        let sandbox = Self::empty();
        copy(of, &sandbox.root);
        sandbox
    }

    /// A copy of `fixtures/NAME`.
    pub fn fixture(name: &str) -> Self {
        Self::copy(&fixture(name))
    }

    /// The same, with its packages on disk; none, with the printed reason, where they cannot be had.
    pub fn fetched(name: &str) -> Option<Self> {
        let sandbox = Self::fixture(name);
        match fetch(&sandbox.root) {
            Ok(()) => Some(sandbox),
            Err(reason) => {
                eprintln!("skipped: {reason}");
                None
            }
        }
    }

    pub fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// Cargo in this folder.
    pub fn cargo(&self) -> Command {
        let mut command = cargo(&self.root);
        self.at_home(&mut command);
        command
    }

    /// Gives a command this folder's home of cargo.
    pub fn at_home(&self, command: &mut Command) {
        if let Some(home) = &self.cargo_home {
            command.env("CARGO_HOME", home);
        }
    }

    /// Writes a file, with the folders above it.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Where `fixtures/NAME` stands.
pub fn fixture(name: &str) -> Utf8PathBuf {
    let path = Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name);
    assert!(path.is_dir(), "no fixture {name}");
    path
}

/// Copies a folder, without its build output.
pub fn copy(from: &Utf8Path, to: &Utf8Path) {
    fs::create_dir_all(to).unwrap();
    for entry in from.read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            if entry.file_name() != "target" {
                copy(entry.path(), &target);
            }
        } else {
            // Not `fs::copy`, which would keep a read-only mode.
            fs::write(target, fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}
