//! What cargo's configuration says about folders of this machine.

use std::path::{Path, PathBuf};

use super::tree::Node;
use super::{CargoConfig, ConfigError};
use crate::registry::Environment;

/// Folders that cargo's configuration names for one folder in which cargo runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocalSettings {
    /// Where build output goes; none for `target` in the workspace.
    pub target: Option<PathBuf>,
    /// `[patch]` entries with a path: source, name and folder.
    pub patches: Vec<(String, String, PathBuf)>,
}

impl LocalSettings {
    /// As cargo finds them when it runs in `dir`, an absolute path.
    ///
    /// # Errors
    /// Where the configuration cannot be read.
    pub fn load(dir: &Path, environment: Environment) -> Result<Self, ConfigError> {
        let variable = environment.get("CARGO_TARGET_DIR").map(|at| dir.join(at));
        let config = CargoConfig::load(dir, environment)?;
        let target = match variable {
            Some(folder) => Some(folder),
            None => config.path(&["build", "target-dir"])?,
        };
        Ok(Self {
            target,
            patches: config.path_patches(),
        })
    }
}

impl CargoConfig {
    /// Patches by path. An entry that makes no sense is left to cargo's own words.
    fn path_patches(&self) -> Vec<(String, String, PathBuf)> {
        let mut found = Vec::new();
        for (source, _) in self.values.table(&["patch"]) {
            for (name, entry) in self.values.table(&["patch", source]) {
                if let Some(Node::Leaf(leaf)) = entry.at(&["path"])
                    && let Some(path) = leaf.value.as_str()
                {
                    let folder = leaf.place.root(&self.dir).join(path);
                    found.push((source.to_owned(), name.to_owned(), folder));
                }
            }
        }
        found
    }
}
