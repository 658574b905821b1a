//! What kept a package's sources from being read in full.

use std::fmt;

use camino::Utf8PathBuf;

/// Something that makes what was read about a package incomplete or uncertain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Problem {
    /// Relative to the package's folder. May hold any character: escape it before printing.
    pub file: Utf8PathBuf,
    pub trouble: Trouble,
}

/// Why a text is not what a compiler would accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// A string or character literal without an end.
    OpenText,
    /// A comment without an end.
    OpenComment,
    /// A bracket without its partner.
    Brackets,
    /// Something where an item should be.
    NoItem,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Trouble {
    /// The package's folder or the root file of a target is not there.
    Missing,
    /// The operating system refused.
    Unreadable { error: String },
    /// Larger than source code is; not read.
    TooLarge { bytes: u64 },
    /// Read with the offending bytes replaced.
    NotUtf8,
    /// Not what a compiler would accept (or newer than this program). It was read all the same; what
    /// was found there counts as uncertain, except where all that is wrong is a [`Fault::NoItem`].
    Malformed { fault: Fault, line: usize },
    /// `mod name;` without a file.
    NoModule { name: String },
    /// A module that is its own ancestor.
    Loop,
    /// More modules, or deeper ones, than a real package has; the rest was left out.
    TooMany,
    /// So tangled that looking ahead was given up; what was found there counts as uncertain.
    Tangled,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Missing => f.write_str("sources missing on disk"),
            Trouble::Unreadable { error } => write!(f, "cannot be read: {error}"),
            Trouble::TooLarge { bytes } => {
                write!(f, "is too large for source code ({bytes} bytes); not read")
            }
            Trouble::NotUtf8 => f.write_str("is not UTF-8"),
            Trouble::Malformed { fault, line } => match fault {
                Fault::OpenText => write!(
                    f,
                    "line {line}: a string or character literal is not closed"
                ),
                Fault::OpenComment => write!(f, "line {line}: a comment is not closed"),
                Fault::Brackets => write!(f, "line {line}: brackets do not match"),
                Fault::NoItem => write!(f, "line {line}: not recognised as an item"),
            },
            Trouble::NoModule { name } => {
                write!(f, "declares the module {name}, of which there is no file")
            }
            Trouble::Loop => f.write_str("is a module inside itself"),
            Trouble::TooMany => f.write_str("has more modules than can be followed"),
            Trouble::Tangled => f.write_str("is too tangled to be read with certainty"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.trouble)
    }
}
