//! A closer reading, for those who ask not which names a package refers to but where exactly, and of
//! what a method or field is asked.
//!
//! Costs more than [`PackageSource::items`](super::PackageSource::items), which records none of it.

mod body;
mod declares;
mod expression;
mod matches;
mod recorder;
mod written;

use std::sync::Arc;

use camino::Utf8Path;

pub(super) use recorder::{Binding, Noted, Recorder};

use super::{Item, Place, Reference};

/// A file of a target, read closely.
#[derive(Debug, Clone)]
pub struct DetailedFile {
    pub path: Arc<Utf8Path>,
    pub items: Vec<DetailedItem>,
}

/// An item with the exact places of what stands in it.
#[derive(Debug, Clone)]
pub struct DetailedItem {
    pub item: Arc<Item>,
    /// Every path that could be resolved, those to this package's own items as often as they stand
    /// there.
    pub uses: Vec<Use>,
    /// Methods called and fields asked for.
    pub members: Vec<Member>,
    /// Those that leave no other value.
    pub matches: Vec<Match>,
    pub declares: Vec<Declared>,
    /// For an `impl` of a trait, which trait, and what it defines.
    pub implements: Option<Implements>,
}

/// A path, with the place of each of its segments.
#[derive(Debug, Clone)]
pub struct Use {
    pub reference: Reference,
    /// Of the segments as written, which may be fewer or more than those of what they mean. Empty
    /// where a path stands in a string.
    pub segments: Vec<Place>,
    /// Their names.
    pub names: Vec<Arc<str>>,
    /// How many arguments it is called with, where it is called.
    pub arguments: Option<usize>,
    /// What becomes of the result.
    pub then: Then,
    /// The fields that a struct literal or pattern names.
    pub fields: Vec<(Arc<str>, Place)>,
    /// What stands behind the fields.
    pub rest: Rest,
    /// Whether it stands behind `dyn`.
    pub dynamic: bool,
}

/// The end of a struct literal or pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    None,
    /// `..` of a pattern.
    Ignored,
    /// `..value` of a literal.
    Taken,
}

/// `x.name(…)` or `x.name`.
#[derive(Debug, Clone)]
pub struct Member {
    pub name: Arc<str>,
    /// With how many arguments it is called; nothing for a field.
    pub arguments: Option<usize>,
    pub receiver: Origin,
    /// What becomes of the result.
    pub then: Then,
    pub inside: Option<Arc<str>>,
    pub cfg: Arc<super::Cfg>,
    pub place: Place,
}

/// A `match` without an arm for whatever is left.
#[derive(Debug, Clone)]
pub struct Match {
    /// What the first path in a pattern means.
    pub meanings: Vec<Meant>,
    pub cfg: Arc<super::Cfg>,
    /// Of what is looked at.
    pub place: Place,
}

/// What stands behind a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// `?`
    Try,
    /// `.await`
    Await,
    /// `.name`
    Member,
    Other,
}

/// Where a value comes from, as far as the text tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    pub root: Root,
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Root {
    #[default]
    Unknown,
    /// A literal, or something else that no crate but the standard library defines.
    Plain,
    /// `self`.
    Own,
    /// A value of which the text says the type.
    Typed(Written),
    /// `path`, `path(…)`, `path { … }`.
    Path {
        meanings: Vec<Meant>,
        called: bool,
        /// Generic arguments of the path.
        arguments: Vec<Written>,
    },
    /// As `Path`, where the text gives no meaning to the name: `Some`, `vec!`.
    Named { name: Arc<str>, of: Box<Origin> },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Method(Arc<str>),
    /// `downcast_ref::<Type>()` and the like.
    Cast(Written),
    Field(Arc<str>),
    /// `?`, or bound by `Some(x)` or `Ok(x)`.
    Try,
    Await,
    /// Something out of a list.
    Element,
    /// A closure's parameter: what this method hands it.
    Handed(Arc<str>),
}

/// An item that a path may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meant {
    /// As in [`Reference::krate`].
    pub krate: Arc<str>,
    pub path: Arc<[Arc<str>]>,
    pub certain: bool,
}

/// A type as written, references and pointers left out. For `dyn A + B`, `impl A + B` and `T: A + B`,
/// the traits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    pub heads: Vec<Head>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The last segment.
    pub name: Arc<str>,
    /// Empty where nothing is known of it: the standard library's, or `Self`.
    pub meanings: Vec<Meant>,
    pub arguments: Vec<Written>,
}

/// Something of this package that has a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Path below the crate: of a function or type, with a member's name behind it.
    pub path: Vec<Arc<str>>,
    /// What a function returns, or the type of a field or constant.
    pub gives: Written,
    /// Whether it is called.
    pub function: bool,
}

/// `impl Trait for Type`.
#[derive(Debug, Clone)]
pub struct Implements {
    /// Which trait.
    pub traits: Vec<Meant>,
    /// Of the `impl`.
    pub place: Place,
    pub defines: Vec<Defined>,
}

/// What an `impl` of a trait defines.
#[derive(Debug, Clone)]
pub struct Defined {
    pub name: Arc<str>,
    /// Whether it is a function, not a type or constant.
    pub function: bool,
    /// The parameters of a function, `self` included, as written.
    pub parameters: Vec<String>,
    pub output: String,
    pub asynchronous: bool,
    /// Of its name.
    pub place: Place,
    /// The last line of its signature.
    pub ends: usize,
}
