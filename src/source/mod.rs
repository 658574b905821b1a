//! Reads what the code of a package refers to: paths into other crates, methods called, and the
//! public items in whose signatures such paths stand. Knows no family: the caller says which crates
//! are of interest and judges what it means.
//!
//! Works on tokens, not on a syntax tree. So it is fast enough to run in each check, reads code
//! inside macros like any other, and never fails on syntax it does not know.

mod ahead;
mod attributes;
mod blocks;
mod carriers;
mod cfg;
pub mod detail;
mod entries;
mod extent;
mod files;
mod items;
mod lexer;
mod meaning;
mod members;
mod outline;
mod package;
mod patterns;
mod prelude;
mod problem;
mod reader;
mod references;
mod resolve;
mod scan;
mod shapes;
mod signatures;
mod statements;
mod symbols;
mod tokens;
mod tree;
mod uses;
mod written;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use camino::Utf8Path;
use serde::Serialize;

pub use cfg::{Cfg, Holds};
pub use package::{PackageSource, TargetId, TargetRoot};
pub use problem::{Fault, Problem, Trouble};
pub use written::{Import, Leaf, Segment, Writing, Written};

/// The name that stands for the package's own crate in a [`Reference`] or [`Resolved`].
pub const OWN: &str = "crate";

/// A place in a file of a package. Lines and columns count from 1; columns count characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// Relative to the package's folder, with forward slashes.
    #[serde(serialize_with = "as_path")]
    pub file: Arc<Utf8Path>,
    pub line: usize,
    pub column: usize,
}

fn as_path<S: serde::Serializer>(path: &Arc<Utf8Path>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(path.as_str())
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Which rules for paths a target follows. Later editions read like 2018.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Edition {
    /// Paths in `use` and behind a leading `::` begin at the crate's root.
    E2015,
    #[default]
    E2018,
}

impl Edition {
    /// Of an edition as manifests name it.
    pub fn of(name: &str) -> Self {
        match name {
            "2015" => Self::E2015,
            _ => Self::E2018,
        }
    }
}

/// What kind of item a piece of code belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    Function,
    /// Struct, enum, union or type alias.
    Type,
    Trait,
    /// An inherent or trait implementation; named after its self type.
    Impl,
    Constant,
    /// `macro_rules!`.
    Macro,
    /// `use`, `extern crate`.
    Use,
    /// An item-level macro call, or anything else.
    Other,
}

/// Where a path stands inside an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Position {
    /// A `use` declaration.
    Import,
    /// A `pub use` declaration: the name goes on to dependants.
    Reexport,
    /// An argument type, generic bound, `where` clause or public field of a public item, an argument
    /// of an implemented trait, or a type for which a trait is implemented: a caller must hand such a
    /// type in.
    Taken,
    /// A return type, or the type of a public constant, associated type or type alias: a caller gets
    /// it out.
    Given,
    /// The trait of `impl Trait for Type`.
    ImplementedTrait,
    /// An attribute or derive macro, or what it is given.
    Attribute,
    /// Anywhere else.
    Body,
}

/// A path into another crate or this one, resolved through the imports in force.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The other crate's name as this package's code knows it (`-` written `_`, renames applied), or
    /// [`OWN`].
    pub krate: Arc<str>,
    /// The segments after the crate: `["global", "tracer"]`. Ends with `*` for a glob import. Empty
    /// where the crate itself is imported.
    pub path: Arc<[Arc<str>]>,
    pub position: Position,
    /// The associated function or method of an `impl` or trait in which it stands.
    pub method: Option<Arc<str>>,
    /// All conditions that enclose it, those of its item and of the imports it goes through included.
    pub cfg: Arc<Cfg>,
    /// Whether it means this, rather than may mean it: false where only a glob import of another
    /// crate could bring in the name, where a macro must have made the item, and in malformed files.
    pub certain: bool,
    /// Of its first segment.
    pub place: Place,
}

impl Reference {
    /// Whether its path ends with these segments.
    pub fn ends_with(&self, segments: &[&str]) -> bool {
        ends_with(&self.path, segments)
    }
}

/// `crate_name::path`.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_path(f, &self.krate, &self.path)
    }
}

/// What a path turned out to mean.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Resolved {
    /// As in [`Reference::krate`].
    pub krate: Arc<str>,
    /// As in [`Reference::path`]. For an item of this package, its module path and its name, then
    /// whatever the path went on with.
    pub path: Arc<[Arc<str>]>,
    /// The conditions of what it went through.
    pub cfg: Arc<Cfg>,
    pub certain: bool,
}

impl Resolved {
    /// Whether its path ends with these segments.
    pub fn ends_with(&self, segments: &[&str]) -> bool {
        ends_with(&self.path, segments)
    }
}

impl fmt::Display for Resolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_path(f, &self.krate, &self.path)
    }
}

fn ends_with(path: &[Arc<str>], segments: &[&str]) -> bool {
    let start = path.len().checked_sub(segments.len());
    start
        .and_then(|start| path.get(start..))
        .is_some_and(|end| end.iter().map(|part| &**part).eq(segments.iter().copied()))
}

fn write_path(f: &mut fmt::Formatter<'_>, krate: &str, path: &[Arc<str>]) -> fmt::Result {
    f.write_str(krate)?;
    path.iter().try_for_each(|segment| write!(f, "::{segment}"))
}

/// A method call by name. Its receiver's type is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MethodCall {
    pub name: Arc<str>,
    /// The associated function in which the call stands, as in [`Reference::method`].
    pub inside: Option<Arc<str>>,
    /// All conditions that enclose it, those of its item included.
    pub cfg: Arc<Cfg>,
    pub place: Place,
}

/// One top-level item (or item of an inline module) and what it refers to.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its name; for an `impl`, the last segment of its self type; for `use`, empty; for a macro
    /// call, the macro's.
    pub name: Arc<str>,
    /// Module path inside the crate, from the root.
    pub module: Arc<[Arc<str>]>,
    pub kind: ItemKind,
    /// Whether it is declared `pub` (not `pub(crate)`) or, for a macro, exported; for an `impl`,
    /// always true.
    pub public: bool,
    /// For an `impl`, the type it is for, where that is a path that could be resolved.
    pub self_type: Option<Resolved>,
    /// All conditions that enclose it, those of its module's declaration included.
    pub cfg: Arc<Cfg>,
    /// Of its keyword.
    pub place: Place,
    /// In the order of their places. Those to this package's own items appear once for each position,
    /// method and condition; all others as often as they stand there.
    pub references: Vec<Reference>,
    /// In the order of their places.
    pub calls: Vec<MethodCall>,
    /// Every name that appears in it, also inside macros and attributes.
    pub identifiers: BTreeSet<Arc<str>>,
}
