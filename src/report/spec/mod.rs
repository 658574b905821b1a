//! A specification in each format.

pub mod affected;
pub mod json;
pub mod markdown;
pub mod style;
pub mod words;

#[cfg(test)]
mod schema;
#[cfg(test)]
pub(super) mod testing;
