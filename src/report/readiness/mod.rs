//! A readiness report in each format.
//!
//! `document` says what stands in which document, as [`blocks`]; `markdown`, `human` and the module of
//! pages print such blocks, whatever they are about. So no format tells what another does not know.

pub mod blocks;
pub mod document;
pub mod human;
pub mod json;
pub mod markdown;
pub(super) mod words;

#[cfg(test)]
mod schema;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
