//! An index that is made up in the program.

use std::collections::HashMap;
use std::sync::Arc;

use super::entry;
use super::{Index, IndexError, RegistryId, Release};

type Known = Result<Arc<[Release]>, IndexError>;

/// Releases held in memory, for tests and for runs on stored data.
#[derive(Debug, Clone, Default)]
pub struct MemoryIndex {
    releases: HashMap<(RegistryId, String), Known>,
}

impl MemoryIndex {
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets all releases of a crate.
    pub fn insert(&mut self, registry: &RegistryId, name: &str, mut releases: Vec<Release>) {
        releases.sort_by(|a, b| a.version.cmp(&b.version));
        self.releases
            .insert((registry.clone(), name.to_owned()), Ok(releases.into()));
    }

    /// Sets all releases of a crate of the default registry from the text of its index entry.
    ///
    /// # Errors
    /// Where the text is no index entry of that crate.
    pub fn insert_entry(&mut self, name: &str, text: &str) -> Result<(), IndexError> {
        let entry = entry::parse(text.as_bytes(), name).map_err(|error| IndexError::Garbage {
            url: name.to_owned(),
            reason: error.to_string(),
        })?;
        self.insert(&RegistryId::default_registry(), name, entry.releases);
        Ok(())
    }

    /// Makes looking up a crate fail.
    pub fn fail(&mut self, registry: &RegistryId, name: &str, error: IndexError) {
        self.releases
            .insert((registry.clone(), name.to_owned()), Err(error));
    }
}

impl Index for MemoryIndex {
    fn releases(&self, registry: &RegistryId, name: &str) -> Result<Arc<[Release]>, IndexError> {
        let key = (registry.clone(), name.to_owned());
        self.releases.get(&key).cloned().unwrap_or_else(|| {
            Err(IndexError::Unknown {
                name: key.1,
                registry: key.0,
            })
        })
    }
}
