//! What the reader notes down of an item when it reads closely.

use std::collections::HashMap;
use std::ops::Range;

use super::super::Reference;
use super::super::reader::Target;
use super::super::symbols::{Quick, Symbol};

/// Notes of one item, by tokens.
#[derive(Debug, Default)]
pub(in crate::source) struct Recorder {
    /// What each path means, by its first token.
    pub(in crate::source) paths: HashMap<usize, Vec<Target>, Quick>,
    /// References with the tokens of their segments.
    pub(in crate::source) references: Vec<(Vec<usize>, Reference)>,
    /// Members with the token of their name.
    pub(in crate::source) members: Vec<Noted>,
    pub(in crate::source) bindings: HashMap<Symbol, Vec<Binding>, Quick>,
    /// Lists of generic parameters and `where` clauses, where bounds stand.
    pub(in crate::source) bounds: Vec<Range<usize>>,
    /// Bodies of `match`, with what they look at.
    pub(in crate::source) matches: Vec<(Range<usize>, Range<usize>)>,
    /// What a segment's token is, for leaves of `use`.
    pub(in crate::source) leaf: Option<Vec<usize>>,
}

impl Recorder {
    /// Puts what was noted ahead of its turn in its place.
    pub(in crate::source) fn sort(&mut self) {
        for bindings in self.bindings.values_mut() {
            bindings.sort_by_key(|binding| binding.at);
        }
    }
}

#[derive(Debug)]
pub(in crate::source) struct Noted {
    pub(in crate::source) at: usize,
    pub(in crate::source) inside: Option<Symbol>,
    pub(in crate::source) cfg: std::sync::Arc<super::super::Cfg>,
}

/// A variable, where it is bound and where it can be used.
#[derive(Debug, Clone)]
pub(in crate::source) struct Binding {
    pub(in crate::source) at: usize,
    pub(in crate::source) pattern: Range<usize>,
    pub(in crate::source) scope: Range<usize>,
}
