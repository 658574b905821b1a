//! What the analysis says, as one serializable value, and the renderers: one file a format, each a
//! pure function of that value.

pub mod about;
pub mod cells;
pub mod csv;
pub mod dot;
pub mod escape;
pub mod explain;
pub mod github;
pub mod gitlab;
pub mod graph;
pub mod group;
pub mod html;
pub mod human;
pub mod identity;
pub mod inventory;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod matrix;
pub mod mermaid;
pub mod model;
pub mod place;
pub mod plain;
pub mod plan;
pub mod readiness;
pub mod sarif;
#[cfg(test)]
mod schema;
pub mod short;
pub mod spec;
pub mod svg;
pub mod words;

pub use identity::{Identity, package_of};
pub use model::*;
