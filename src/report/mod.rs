//! What the analysis says, as one serializable value, and the renderers: one file a format, each a
//! pure function of that value.

pub mod escape;
pub mod explain;
pub mod human;
pub mod identity;
pub mod inventory;
pub mod json;
pub mod matrix;
pub mod model;
pub mod plain;
pub mod plan;
#[cfg(test)]
mod schema;

pub use identity::Identity;
pub use model::*;
