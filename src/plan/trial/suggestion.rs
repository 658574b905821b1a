//! Changes that rustc itself proposes.

use std::ops::Range;

use camino::Utf8PathBuf;

/// A change that rustc holds to be right as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What rustc says to it.
    pub message: String,
    /// All of them, or none.
    pub replacements: Vec<Replacement>,
}

/// Bytes of a file, and what to put in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// The real path.
    pub file: Utf8PathBuf,
    pub range: Range<usize>,
    pub text: String,
}
