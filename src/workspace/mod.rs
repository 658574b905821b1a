//! What is read from the user's tree: the metadata graph, the lockfile, the manifests with the
//! place of each requirement, and cargo's own errors. Knows no family of crates.

mod answer;
pub mod build;
pub mod cargo;
pub mod closure;
pub mod error;
pub mod load;
pub mod lock;
pub mod manifest;
pub mod members;
pub mod requirement;
pub mod resolve_error;
pub mod revision;
pub mod run;
pub mod saved;
pub mod trim;

pub use build::{Build, Features, Selection};
pub use closure::{Closure, Links, Packages};
pub use error::WorkspaceError;
pub use load::{Completeness, LoadOptions, Workspace};
pub use lock::Lock;
pub use manifest::{Declared, Manifest};
