//! Upgrade specifications: what the owner of a package has to do to bring it to another line, each
//! claim with what shows it again.
//!
//! `subject` says for whom, `requirements` finds what has to change in the manifest, `trial` compiles
//! it, and `compose` puts the specification together.

pub mod code;
pub mod compose;
mod effort;
mod forwards;
mod manifest;
pub mod model;
mod near;
mod package;
pub mod requirements;
pub mod scan;
mod steps;
pub mod subject;
mod text;
pub mod trial;
pub mod tried;

pub use model::{SPEC_SCHEMA_VERSION, Spec, SpecReport};
pub use package::address;
