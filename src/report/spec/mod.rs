//! A specification in each format.

pub mod json;
pub mod markdown;
mod words;

#[cfg(test)]
mod schema;
#[cfg(test)]
mod testing;
