//! What to change so that a workspace has one line again: edits, their diff, and writing them.

pub mod diff;
pub mod edit;
pub mod write;
