//! What to change, and the proof that it works.

pub mod shadow;
pub mod trial;
