//! What a reader should know of the indices that results rest on.

use std::fmt;
use std::path::{Path, PathBuf};

use super::RegistryId;
use crate::report::escape::terminal;

/// Something about an index that a reader of results should know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum IndexNote {
    /// The index uses the git protocol, so that only what cargo has cached was read.
    GitCacheOnly { registry: RegistryId },
    /// A folder of vendored crates stands in for the registry, so that no other release is known.
    VendoredOnly {
        registry: RegistryId,
        folder: PathBuf,
    },
    /// A local registry stands in for the registry.
    LocalRegistry {
        registry: RegistryId,
        folder: PathBuf,
    },
    /// Releases of a crate were left out since they are of a form that is not understood.
    Skipped { name: String, releases: usize },
}

/// Its text holds nothing that a terminal would obey.
impl fmt::Display for IndexNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = |folder: &Path| terminal(&folder.to_string_lossy()).into_owned();
        match self {
            IndexNote::GitCacheOnly { registry } => write!(
                f,
                "the index of {} uses the git protocol: only what cargo has cached of it is known, \
                 which may be out of date",
                registry.label()
            ),
            IndexNote::VendoredOnly { registry, folder } => write!(
                f,
                "{} stands in for {}: only the vendored releases are known",
                path(folder),
                registry.label()
            ),
            IndexNote::LocalRegistry { registry, folder } => write!(
                f,
                "{} stands in for {}: only its releases are known",
                path(folder),
                registry.label()
            ),
            IndexNote::Skipped { name, releases } => write!(
                f,
                "{releases} releases of {} were left out: a newer cargo may understand them",
                terminal(name)
            ),
        }
    }
}
