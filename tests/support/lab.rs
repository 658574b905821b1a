//! The binary on workspaces whose packages come from a registry on the loopback interface.
#![allow(dead_code, reason = "each test binary uses another part")]

use std::process::Command;

use camino::Utf8Path;

use crate::loopback::{Package, Registry};
use crate::support::sandbox::Sandbox;
use crate::support::tool::Run;

/// A registry, and a workspace that uses it.
pub struct Lab {
    pub registry: Registry,
    pub sandbox: Sandbox,
}

impl Lab {
    /// A workspace without files, on a registry with these releases.
    pub fn new(packages: impl IntoIterator<Item = Package>) -> Self {
        let lab = Self {
            registry: Registry::start(),
            sandbox: Sandbox::empty(),
        };
        lab.registry.publish_all(packages);
        lab.registry.replace_default(lab.root().as_std_path());
        lab
    }

    /// Writes a file of the workspace.
    pub fn file(self, path: &str, text: &str) -> Self {
        self.sandbox.write(path, text);
        self
    }

    pub fn root(&self) -> &Utf8Path {
        self.sandbox.root()
    }

    /// The binary, with the registry's own home for cargo.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let cargo = self.registry.cargo(self.root().as_std_path());
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-otel-check"));
        command.current_dir(self.root()).args(arguments);
        for (name, value) in cargo.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        let output = self.command(arguments).output().unwrap();
        Run {
            code: output.status.code().expect("not killed by a signal"),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Cargo itself, on the same workspace; it must succeed.
    pub fn cargo(&self, arguments: &[&str]) -> String {
        let mut command = self.registry.cargo(self.root().as_std_path());
        crate::support::cargo::succeed(command.args(arguments))
    }
}
