//! What is asked of the resolver, and what it answers.

use std::sync::Arc;

use super::cfg::Cfg;
use super::outline::Written;
use super::tree::ModuleId;

/// In which name space a name is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Space {
    /// A module, crate or type: what may stand before `::`.
    Type,
    /// A type or a value.
    Any,
    /// `name!`, an attribute or a derive.
    Macro,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The segments below another crate.
    Extern {
        krate: Arc<str>,
        path: Vec<Arc<str>>,
    },
    Module(ModuleId),
    /// The segments below this crate's root; for a type alias also where it stands and what it
    /// stands for.
    Own {
        path: Vec<Arc<str>>,
        alias: Option<(ModuleId, Written)>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) meaning: Meaning,
    /// The conditions of the imports on the way.
    pub(super) cfg: Cfg,
    /// Whether this is what it means, rather than what it may mean.
    pub(super) certain: bool,
}

impl Candidate {
    pub(super) fn new(meaning: Meaning) -> Candidate {
        Candidate {
            meaning,
            cfg: Cfg::Always,
            certain: true,
        }
    }

    pub(super) fn through(mut self, cfg: &Cfg, certain: bool) -> Candidate {
        self.cfg = cfg.and(&self.cfg);
        self.certain &= certain;
        self
    }
}

/// How a path is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Path<'p> {
    /// Begins with `::`.
    pub(super) absolute: bool,
    pub(super) segments: &'p [&'p str],
    pub(super) space: Space,
    /// Stands in a `use` declaration.
    pub(super) import: bool,
    /// Stands in `extern crate`.
    pub(super) of_crate: bool,
}
