//! The releases of crates, from registry indices: cargo's local cache first, then the network, with
//! the registries, replacements, proxies, certificates and tokens of cargo's configuration.
//!
//! Knows no family of crates.

mod cache;
mod cargo_index;
mod config;
mod entry;
mod environment;
mod error;
mod http;
mod id;
mod memory;
mod note;
mod options;
mod release;
mod sparse;
mod timestamp;
mod vendored;
mod way;

use std::sync::Arc;

pub use cargo_index::CargoIndex;
pub use config::{ConfigError, LocalSettings};
pub use environment::Environment;
pub use error::{AccessHint, IndexError};
pub use id::RegistryId;
pub use memory::MemoryIndex;
pub use note::IndexNote;
pub use options::IndexOptions;
pub use release::{DepKind, Release, ReleaseDep};
pub use timestamp::{Timestamp, TimestampError};

/// Something that knows the releases of crates.
pub trait Index: Sync {
    /// All releases of a crate, yanked ones and pre-releases included, in ascending order of
    /// versions. Asking again for the same crate costs nothing.
    ///
    /// # Errors
    /// Where the crate is unknown, or its releases cannot be had; [`IndexError::is_absence`] tells
    /// the two apart.
    fn releases(&self, registry: &RegistryId, name: &str) -> Result<Arc<[Release]>, IndexError>;

    /// Gets many crates at once, ahead of [`Index::releases`], which then costs nothing and reports
    /// any error.
    fn prefetch(&self, crates: &[(RegistryId, String)]) {
        let _ = crates;
    }
}
