//! Reads what the code of a package refers to: paths into other crates, methods called, and the
//! public items in whose signatures such paths stand. Knows no family: the caller says which crates
//! are of interest and judges what it means.

use std::collections::BTreeSet;

use camino::Utf8PathBuf;
use serde::Serialize;

/// A place in a file of a package. Lines and columns count from 1; columns count characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// Relative to the package's folder, with forward slashes.
    pub file: Utf8PathBuf,
    pub line: usize,
    pub column: usize,
}

/// Under which `cfg` a piece of code exists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Cfg {
    /// No condition.
    #[default]
    Always,
    /// `feature = "…"`.
    Feature(String),
    /// `test`, `doctest` and the like.
    Test,
    /// Something else, which may hold.
    Other,
    Not(Box<Cfg>),
    All(Vec<Cfg>),
    Any(Vec<Cfg>),
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
    /// An argument type, generic bound, `where` clause or public field of a public item: a caller
    /// must hand such a type in.
    Taken,
    /// A return type: a caller gets it out.
    Given,
    /// The trait of `impl Trait for Type`.
    ImplementedTrait,
    /// An attribute or derive macro.
    Attribute,
    /// Anywhere else.
    Body,
}

/// A path into another crate, resolved through the imports in force.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The other crate's name as this package's code knows it (`-` written `_`, renames applied).
    pub krate: String,
    /// The segments after the crate: `["global", "tracer"]`. Ends with `*` for a glob import.
    pub path: Vec<String>,
    pub position: Position,
    /// The associated function or method of an `impl` or trait in which it stands.
    pub method: Option<String>,
    pub place: Place,
}

/// A method call by name. Its receiver's type is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MethodCall {
    pub name: String,
    /// The associated function in which the call stands, as in [`Reference::method`].
    pub inside: Option<String>,
    pub place: Place,
}

/// One top-level item (or item of an inline module) and what it refers to.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its name; for an `impl`, the last segment of its self type; for `use`, empty.
    pub name: String,
    /// Module path inside the crate, from the root.
    pub module: Vec<String>,
    pub kind: ItemKind,
    /// Whether it is declared `pub` (not `pub(crate)`); for an `impl`, always true.
    pub public: bool,
    /// All conditions that enclose it, those of its module's declaration included.
    pub cfg: Cfg,
    pub place: Place,
    pub references: Vec<Reference>,
    pub calls: Vec<MethodCall>,
    /// Every identifier that appears in it, for references inside the package.
    pub identifiers: BTreeSet<String>,
}

// TEMPORARY until the scanner lands.
impl Cfg {
    pub fn may_hold(&self, _features: &BTreeSet<String>, _test: bool) -> bool {
        true
    }
}
