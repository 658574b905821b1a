//! What a path means: another crate's item, or one of this package.
//!
//! Follows imports (also renamed, conditional and glob ones), re-exports, module files and type
//! aliases. Where several conditional imports give one name, a path means each of them under its
//! condition. Not followed: what macros generate, and which names a glob of another crate brings in.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex};

use super::Edition;
use super::files::Files;
use super::meaning::{Candidate, Meaning, Path, Space};
use super::outline::Origin;
use super::prelude;
use super::symbols::Quick;
use super::tree::{ModuleId, Tree};

/// Lookups for one path beyond this are given up. Real code needs a few dozen.
pub(super) const STEPS: usize = 4_000;
/// Meanings of one path beyond this are left out. A crate with one import for each of its features
/// has some twenty.
pub(super) const MEANINGS: usize = 128;
/// Imports of imports, and globs and aliases through one another, deeper than this are not followed.
pub(super) const DEPTH: usize = 32;

/// The names of one target.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) files: &'a Files,
    pub(super) tree: &'a Tree,
    pub(super) externs: &'a BTreeSet<String>,
    pub(super) edition: Edition,
    pub(super) globs: &'a Globs,
    /// How many lookups are left for the file being read.
    pub(super) fuel: &'a Cell<usize>,
}

type Found = HashMap<(ModuleId, usize), Arc<[Candidate]>, Quick>;

/// What the glob imports of a target bring names from, each worked out once. Does not depend on the
/// order in which they are asked for.
#[derive(Debug, Default)]
pub(super) struct Globs(pub(super) Mutex<Found>);

/// Guards of one lookup.
#[derive(Debug, Default)]
pub(super) struct Query {
    pub(super) steps: usize,
    /// How many globs and aliases lie around the current lookup.
    pub(super) depth: usize,
    /// The imports being resolved.
    pub(super) imports: Vec<(ModuleId, usize)>,
    /// The globs looked through, with the hash of the name looked for.
    pub(super) globs: HashSet<(ModuleId, usize, u64), Quick>,
    /// Whether private items count for nobody.
    pub(super) public_only: bool,
    /// Whether globs are left out.
    pub(super) no_globs: bool,
}

pub(super) const ROOT: ModuleId = ModuleId { node: 0, inner: 0 };

impl<'a> Names<'a> {
    /// What `path` means where it stands directly in the module `from`.
    pub(super) fn resolve(&self, from: ModuleId, path: Path<'_>) -> Vec<Candidate> {
        let mut query = Query::default();
        let mut found = self.path(&mut query, self.home(from), path);
        // Two ways may lead to the same.
        let mut at = 1;
        while at < found.len() {
            if found[..at].contains(&found[at]) {
                found.remove(at);
            } else {
                at += 1;
            }
        }
        found
    }

    /// What a path means below this crate for those who depend on it: public names only.
    pub(super) fn resolve_public(&self, segments: &[&str]) -> Vec<Candidate> {
        if self.tree.nodes.is_empty() {
            return Vec::new();
        }
        let mut query = Query {
            public_only: true,
            ..Query::default()
        };
        let root = || vec![Candidate::new(Meaning::Module(ROOT))];
        let found = self.walk(&mut query, ROOT, root(), segments, Space::Any);
        if found.iter().any(|found| found.certain) {
            return found;
        }
        let mut query = Query {
            public_only: true,
            ..Query::default()
        };
        let macros = self.walk(&mut query, ROOT, root(), segments, Space::Macro);
        if macros.iter().any(|found| found.certain) {
            macros
        } else {
            found
        }
    }

    pub(super) fn path(&self, query: &mut Query, from: ModuleId, path: Path<'_>) -> Vec<Candidate> {
        let Some((first, rest)) = path.segments.split_first() else {
            return Vec::new();
        };
        let space = if rest.is_empty() {
            path.space
        } else {
            Space::Type
        };
        let old = self.edition == Edition::E2015;
        let start = match *first {
            first if path.of_crate => self.krate(first),
            "crate" => vec![Candidate::new(Meaning::Module(ROOT))],
            "self" => vec![Candidate::new(Meaning::Module(from))],
            "super" => self
                .parent(from)
                .map(|parent| Candidate::new(Meaning::Module(parent)))
                .into_iter()
                .collect(),
            first if path.absolute && !old => self.krate(first),
            first if path.absolute || (path.import && old) => {
                let found = self.member(query, ROOT, first, space, from);
                if found.is_empty() {
                    self.krate(first)
                } else {
                    found
                }
            }
            first => self.scoped(query, from, first, space),
        };
        self.walk(query, from, start, rest, path.space)
    }

    /// Goes on from what the first segment means.
    fn walk(
        &self,
        query: &mut Query,
        from: ModuleId,
        mut here: Vec<Candidate>,
        rest: &[&str],
        space: Space,
    ) -> Vec<Candidate> {
        for (at, segment) in rest.iter().enumerate() {
            let space = if at + 1 == rest.len() {
                space
            } else {
                Space::Type
            };
            let mut next = Vec::new();
            for candidate in here {
                self.step(query, from, candidate, segment, space, &mut next);
            }
            next.truncate(MEANINGS);
            here = next;
        }
        here
    }

    fn step(
        &self,
        query: &mut Query,
        from: ModuleId,
        candidate: Candidate,
        segment: &str,
        space: Space,
        next: &mut Vec<Candidate>,
    ) {
        let Candidate {
            meaning,
            cfg,
            certain,
        } = candidate;
        match meaning {
            Meaning::Extern { krate, mut path } => {
                path.push(segment.into());
                next.push(Candidate {
                    meaning: Meaning::Extern { krate, path },
                    cfg,
                    certain,
                });
            }
            Meaning::Own { mut path, alias } => {
                if let Some((module, written)) = alias.filter(|_| query.depth < DEPTH) {
                    query.depth += 1;
                    let followed = self.written(query, module, &written, Space::Type, false);
                    let followed = self.walk(query, from, followed, &[segment], space);
                    query.depth -= 1;
                    next.extend(
                        followed
                            .into_iter()
                            .map(|found| found.through(&cfg, certain)),
                    );
                }
                path.push(segment.into());
                next.push(Candidate {
                    meaning: Meaning::Own { path, alias: None },
                    cfg,
                    certain,
                });
            }
            here @ Meaning::Module(_) if segment == "self" => {
                next.push(Candidate::new(here).through(&cfg, certain));
            }
            Meaning::Module(module) if segment == "super" => {
                let parent = self.parent(module).map(Meaning::Module);
                next.extend(parent.map(|parent| Candidate::new(parent).through(&cfg, certain)));
            }
            Meaning::Module(module) => {
                let found = self.in_module(query, from, module, segment, space);
                next.extend(found.into_iter().map(|found| found.through(&cfg, certain)));
            }
        }
    }

    /// A name of a module of this package, which is taken to exist where nothing is known of it.
    fn in_module(
        &self,
        query: &mut Query,
        from: ModuleId,
        module: ModuleId,
        name: &str,
        space: Space,
    ) -> Vec<Candidate> {
        let found = self.member(query, module, name, space, from);
        if !found.is_empty() || query.no_globs || self.known(module, name) {
            return found;
        }
        // A macro may make it; or its file is missing.
        let mut path = self.tree.path(self.files, module);
        path.push(name.into());
        vec![Candidate {
            certain: false,
            ..Candidate::new(Meaning::Own { path, alias: None })
        }]
    }

    /// Whether the module has the name at all, in whatever name space and however visible.
    fn known(&self, module: ModuleId, name: &str) -> bool {
        self.parts(module).iter().any(|part| {
            !self.tree.children(*part, name).is_empty()
                || self
                    .module(*part)
                    .is_some_and(|module| module.by_name.contains_key(name))
        })
    }

    /// A name as it stands at the beginning of a path.
    fn scoped(
        &self,
        query: &mut Query,
        from: ModuleId,
        name: &str,
        space: Space,
    ) -> Vec<Candidate> {
        let found = self.member(query, from, name, space, from);
        if found.iter().any(|candidate| candidate.certain) {
            return found;
        }
        if space == Space::Macro {
            let outer = self.textual_macro(query, from, name);
            let from_crates = || self.macros_of_crates(name);
            return [outer, found]
                .into_iter()
                .find(|found| !found.is_empty())
                .unwrap_or_else(from_crates);
        }
        let krate = self.krate(name);
        match krate.is_empty() {
            true if prelude::has(name) => Vec::new(),
            true => found,
            false => krate,
        }
    }

    /// `macro_rules!` of an outer module.
    fn textual_macro(&self, query: &mut Query, from: ModuleId, name: &str) -> Vec<Candidate> {
        let mut at = self.parent(from);
        while let Some(module) = at {
            let found = self.explicit(query, module, name, Space::Macro, from);
            if !found.is_empty() {
                return found;
            }
            at = self.parent(module);
        }
        Vec::new()
    }

    /// `#[macro_use] extern crate` may bring any macro.
    fn macros_of_crates(&self, name: &str) -> Vec<Candidate> {
        if prelude::has_macro(name) {
            return Vec::new();
        }
        let Some(root) = self.module(ROOT) else {
            return Vec::new();
        };
        let crates = root
            .macro_crates
            .iter()
            .filter_map(|at| root.imports.get(*at));
        let found = crates.flat_map(|import| {
            let krate = import
                .path
                .segments
                .first()
                .map(|krate| self.krate(krate))
                .unwrap_or_default();
            krate
                .into_iter()
                .map(|found| found.through(&import.cfg, false))
        });
        found
            .filter_map(|mut found| match &mut found.meaning {
                Meaning::Extern { path, .. } => {
                    path.push(name.into());
                    Some(found)
                }
                Meaning::Module(_) | Meaning::Own { .. } => None,
            })
            .collect()
    }

    /// A crate by the name that this package's code uses.
    fn krate(&self, name: &str) -> Vec<Candidate> {
        if self.externs.contains(name) {
            return vec![Candidate::new(Meaning::Extern {
                krate: name.into(),
                path: Vec::new(),
            })];
        }
        // `extern crate a as b;` in the root makes `b` a crate everywhere.
        let Some(root) = self.module(ROOT) else {
            return Vec::new();
        };
        let origins = root
            .by_name
            .get(name)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let imports = origins.iter().filter_map(|origin| match origin {
            Origin::Import(at) => root.imports.get(*at),
            Origin::Declared(_) | Origin::Inline(_) => None,
        });
        imports
            .filter_map(|import| {
                let krate = import.path.segments.first()?;
                let meaning = if import.of_crate && self.externs.contains(&**krate) {
                    Meaning::Extern {
                        krate: krate.clone(),
                        path: Vec::new(),
                    }
                } else if import.path.segments.len() == 1 && &**krate == "crate" {
                    Meaning::Module(ROOT)
                } else {
                    return None;
                };
                Some(Candidate::new(meaning).through(&import.cfg, true))
            })
            .collect()
    }
}
