//! Cargo's configuration, as far as it says where and how to read an index.
//!
//! Read as cargo reads it: `.cargo/config.toml` of the folder and of those above, then of cargo's
//! home, `include`d files, credentials, and environment variables over all of them. Left out are
//! `--config` arguments, `http.check-revoke`, `http.ssl-version` and `http.proxy-cainfo`, the proxy of
//! git's configuration, and credential providers other than `cargo:token`.

mod files;
mod http;
mod local;
mod registries;
mod tree;

use std::path::{Path, PathBuf};

use crate::report::escape::terminal;

use super::Environment;
use tree::{Leaf, Node, Place};

pub use local::LocalSettings;
pub(super) use registries::{Location, Token};

/// Cargo's configuration cannot be used. Its text holds nothing that a terminal would obey.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error(
        "cargo's configuration file {} cannot be used: {}",
        terminal(&.path.to_string_lossy()), terminal(.reason)
    )]
    File { path: PathBuf, reason: String },
    /// A value cannot be used.
    #[error(
        "`{}` of cargo's configuration ({}) cannot be used: {}",
        terminal(.key), terminal(.place), terminal(.reason)
    )]
    Value {
        key: String,
        place: String,
        reason: String,
    },
    /// A registry or source is named that nothing defines.
    #[error(
        "cargo's configuration defines no source or registry `{}`, which is asked for by {}",
        terminal(.name), terminal(.by)
    )]
    UnknownSource { name: String, by: String },
    /// The `replace-with` keys lead round in a circle.
    #[error("the source `{}` of cargo's configuration is replaced with itself", terminal(.name))]
    Circle { name: String },
}

/// Cargo's configuration in one folder.
#[derive(Clone)]
pub(super) struct CargoConfig {
    /// The folder that it applies to.
    dir: PathBuf,
    values: Node,
    environment: Environment,
    cargo_home: Option<PathBuf>,
}

impl CargoConfig {
    /// Reads all files. `dir` is an absolute path.
    pub fn load(dir: &Path, environment: Environment) -> Result<Self, ConfigError> {
        let cargo_home = environment.cargo_home(dir);
        Ok(CargoConfig {
            dir: dir.to_owned(),
            values: files::load(dir, cargo_home.as_deref())?,
            environment,
            cargo_home,
        })
    }

    /// The same with the credentials of cargo's home, which are read only where a token is wanted.
    fn with_credentials(&self) -> Result<Self, ConfigError> {
        let mut all = self.clone();
        if let Some(home) = &self.cargo_home {
            all.values = files::load_credentials(home)?;
            all.values.fill_from(self.values.clone(), "")?;
        }
        Ok(all)
    }

    /// The folder that cargo keeps its files in.
    pub fn cargo_home(&self) -> Option<&Path> {
        self.cargo_home.as_deref()
    }

    /// Whether `net.offline` forbids the network.
    pub fn offline(&self) -> Result<bool, ConfigError> {
        let Some((leaf, key)) = self.value(&["net", "offline"]) else {
            return Ok(false);
        };
        leaf.value
            .as_bool()
            .ok_or_else(|| wrong(&key, &leaf, "it is neither true nor false"))
    }

    /// How often to ask again after a failure that may pass.
    pub fn retries(&self) -> Result<u32, ConfigError> {
        Ok(self.unsigned(&["net", "retry"])?.unwrap_or(3))
    }

    fn unsigned(&self, path: &[&str]) -> Result<Option<u32>, ConfigError> {
        let Some((leaf, key)) = self.value(path) else {
            return Ok(None);
        };
        leaf.value
            .as_integer()
            .and_then(|number| u32::try_from(number).ok())
            .map(Some)
            .ok_or_else(|| wrong(&key, &leaf, "it is no number in range"))
    }

    fn string(&self, path: &[&str]) -> Result<Option<(String, Place)>, ConfigError> {
        let Some((leaf, key)) = self.value(path) else {
            return Ok(None);
        };
        match leaf.value {
            toml::Value::String(text) => Ok(Some((text, leaf.place))),
            _ => Err(wrong(&key, &leaf, "it is no text")),
        }
    }

    /// A path, made absolute as cargo does.
    fn path(&self, path: &[&str]) -> Result<Option<PathBuf>, ConfigError> {
        Ok(self
            .string(path)?
            .map(|(text, place)| place.root(&self.dir).join(text)))
    }

    /// The value at a path of keys and the key's name: the environment's, else the files'.
    fn value(&self, path: &[&str]) -> Option<(Leaf, String)> {
        let key = path.join(".");
        let variable = format!("CARGO_{}", variable_part(&path.join("_")));
        if let Some(text) = self.environment.get(&variable) {
            let value = match (text, text.parse::<i64>()) {
                ("true", _) => toml::Value::Boolean(true),
                ("false", _) => toml::Value::Boolean(false),
                (_, Ok(number)) => toml::Value::Integer(number),
                (text, Err(_)) => toml::Value::String(text.to_owned()),
            };
            let place = Place::Variable(variable);
            return Some((Leaf { value, place }, key));
        }
        match self.values.at(path)? {
            Node::Leaf(leaf) => Some((leaf.clone(), key)),
            Node::Table(_) => None,
        }
    }
}

/// How cargo writes a part of a key in the name of an environment variable.
fn variable_part(key: &str) -> String {
    key.replace('-', "_").to_uppercase()
}

fn wrong(key: &str, leaf: &Leaf, reason: &str) -> ConfigError {
    ConfigError::Value {
        key: key.to_owned(),
        place: leaf.place.to_string(),
        reason: reason.to_owned(),
    }
}
