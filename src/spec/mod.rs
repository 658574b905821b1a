//! Upgrade specifications: what the owner of a package has to do to bring it to another line, each
//! claim with what shows it again.

pub mod model;

pub use model::{SPEC_SCHEMA_VERSION, Spec, SpecReport};
