//! What a path means: another crate's item, or one of this package.
//!
//! Follows imports (also renamed, conditional and glob ones), re-exports, module files and type
//! aliases. Where several conditional imports give one name, a path means each of them under its
//! condition. Not followed: what macros generate, and which names a glob of another crate brings in.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, PoisonError};

use super::Edition;
use super::cfg::Cfg;
use super::entries::Visibility;
use super::files::Files;
use super::outline::{Declared, Import, Module, Origin, Written};
use super::prelude;
use super::symbols::Quick;
use super::tree::{ModuleId, Tree};

/// Lookups for one path beyond this are given up. Real code needs a few dozen.
const STEPS: usize = 4_000;
/// Meanings of one path beyond this are left out. A crate with one import for each of its features
/// has some twenty.
const MEANINGS: usize = 128;
/// Imports of imports, and globs and aliases through one another, deeper than this are not followed.
const DEPTH: usize = 32;

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
    fn new(meaning: Meaning) -> Candidate {
        Candidate {
            meaning,
            cfg: Cfg::Always,
            certain: true,
        }
    }

    fn through(mut self, cfg: &Cfg, certain: bool) -> Candidate {
        self.cfg = cfg.and(&self.cfg);
        self.certain &= certain;
        self
    }
}

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
pub(super) struct Globs(Mutex<Found>);

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

/// Guards of one lookup.
#[derive(Debug, Default)]
struct Query {
    steps: usize,
    /// How many globs and aliases lie around the current lookup.
    depth: usize,
    /// The imports being resolved.
    imports: Vec<(ModuleId, usize)>,
    /// The globs looked through, with the hash of the name looked for.
    globs: HashSet<(ModuleId, usize, u64), Quick>,
    /// Whether private items count for nobody.
    public_only: bool,
    /// Whether globs are left out.
    no_globs: bool,
}

const ROOT: ModuleId = ModuleId { node: 0, inner: 0 };

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

    fn module(&self, id: ModuleId) -> Option<&'a Module> {
        let node = self.tree.nodes.get(id.node)?;
        self.files.outline(&node.file).modules.get(id.inner)
    }

    /// The module to which the items of an included file belong; any other module itself.
    pub(super) fn home(&self, mut module: ModuleId) -> ModuleId {
        while module.inner == 0
            && let Some(parent) = self
                .tree
                .nodes
                .get(module.node)
                .filter(|node| node.included)
                .and_then(|node| node.parent)
        {
            module = parent;
        }
        module
    }

    fn parent(&self, id: ModuleId) -> Option<ModuleId> {
        let parent = match id.inner {
            0 => self.tree.nodes.get(id.node)?.parent?,
            _ => ModuleId {
                inner: self.module(id)?.parent?,
                ..id
            },
        };
        Some(self.home(parent))
    }

    fn is_within(&self, from: ModuleId, module: ModuleId) -> bool {
        let mut at = Some(from);
        while let Some(here) = at {
            if here == module {
                return true;
            }
            at = self.parent(here);
        }
        false
    }

    fn visible(
        &self,
        query: &Query,
        visibility: Visibility,
        module: ModuleId,
        from: ModuleId,
    ) -> bool {
        match visibility {
            Visibility::Public => true,
            Visibility::Restricted => !query.public_only,
            Visibility::Private => !query.public_only && self.is_within(from, module),
        }
    }

    fn path(&self, query: &mut Query, from: ModuleId, path: Path<'_>) -> Vec<Candidate> {
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
            Meaning::Module(module) if segment == "self" => {
                next.push(Candidate {
                    meaning: Meaning::Module(module),
                    cfg,
                    certain,
                });
            }
            Meaning::Module(module) if segment == "super" => {
                let parent = self.parent(module);
                next.extend(parent.map(|parent| Candidate {
                    meaning: Meaning::Module(parent),
                    cfg,
                    certain,
                }));
            }
            Meaning::Module(module) => {
                let found = self.member(query, module, segment, space, from);
                if found.is_empty() && !query.no_globs && !self.known(module, segment) {
                    // A macro may make it; or its file is missing.
                    let mut path = self.tree.path(self.files, module);
                    path.push(segment.into());
                    next.push(Candidate {
                        meaning: Meaning::Own { path, alias: None },
                        cfg,
                        certain: false,
                    });
                } else {
                    next.extend(found.into_iter().map(|found| found.through(&cfg, certain)));
                }
            }
        }
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

    /// A module and the files included in it.
    fn parts(&self, module: ModuleId) -> Vec<ModuleId> {
        let mut parts = vec![module];
        let mut at = 0;
        while let Some(part) = parts.get(at).copied() {
            parts.extend(self.tree.includes(part).iter().map(|node| ModuleId {
                node: *node,
                inner: 0,
            }));
            at += 1;
        }
        parts
    }

    /// Counts a step; false where there were too many.
    fn step_on(&self, query: &mut Query) -> bool {
        query.steps += 1;
        self.fuel.set(self.fuel.get().saturating_sub(1));
        query.steps <= STEPS && self.fuel.get() > 0
    }

    /// A name in a module, as seen from the module `from`.
    fn member(
        &self,
        query: &mut Query,
        module: ModuleId,
        name: &str,
        space: Space,
        from: ModuleId,
    ) -> Vec<Candidate> {
        if !self.step_on(query) {
            return Vec::new();
        }
        let found = self.explicit(query, module, name, space, from);
        if found.is_empty() && !query.no_globs && query.depth < DEPTH {
            self.through_globs(query, module, name, space, from)
        } else {
            found
        }
    }

    /// A name that a module declares or imports by name.
    fn explicit(
        &self,
        query: &mut Query,
        module: ModuleId,
        name: &str,
        space: Space,
        from: ModuleId,
    ) -> Vec<Candidate> {
        let mut found = Vec::new();
        for part in self.parts(module) {
            let Some(outline) = self.module(part) else {
                continue;
            };
            for origin in outline
                .by_name
                .get(name)
                .map(Vec::as_slice)
                .unwrap_or_default()
            {
                if found.len() >= MEANINGS {
                    break;
                }
                match *origin {
                    Origin::Inline(inner) if space != Space::Macro => {
                        let id = ModuleId {
                            node: part.node,
                            inner,
                        };
                        let inline = self
                            .module(id)
                            .filter(|inline| self.visible(query, inline.visibility, module, from));
                        found.extend(inline.map(|inline| {
                            Candidate::new(Meaning::Module(id)).through(&inline.cfg, true)
                        }));
                    }
                    Origin::Inline(_) => {}
                    Origin::Declared(at) => {
                        let declared = outline.declared.get(at).filter(|declared| {
                            self.visible(query, declared.visibility, module, from)
                        });
                        found.extend(
                            declared.and_then(|declared| self.declared(module, declared, space)),
                        );
                    }
                    Origin::Import(at) => {
                        let import = outline
                            .imports
                            .get(at)
                            .filter(|import| self.visible(query, import.visibility, module, from));
                        if let Some(import) = import {
                            found.extend(self.imported(query, part, at, import, space));
                        }
                    }
                }
            }
            if space == Space::Macro && part == ROOT {
                let elsewhere = self
                    .tree
                    .exported(name)
                    .iter()
                    .filter(|module| **module != ROOT);
                found.extend(elsewhere.map(|module| self.exported(*module, name)));
            } else if space != Space::Macro {
                for &node in self.tree.children(part, name) {
                    let child = &self.tree.nodes[node];
                    if self.visible(query, child.visibility, module, from) {
                        let meaning = Meaning::Module(ModuleId { node, inner: 0 });
                        found.push(Candidate::new(meaning).through(&child.cfg, true));
                    }
                }
            }
        }
        found
    }

    /// An exported macro, which stands in the root as well as where it is defined.
    fn exported(&self, module: ModuleId, name: &str) -> Candidate {
        let mut path = self.tree.path(self.files, self.home(module));
        path.push(name.into());
        Candidate::new(Meaning::Own { path, alias: None })
    }

    fn declared(&self, module: ModuleId, declared: &Declared, space: Space) -> Option<Candidate> {
        let fits = match space {
            Space::Type => declared.spaces.types,
            Space::Any => declared.spaces.types || declared.spaces.values,
            Space::Macro => declared.spaces.macros,
        };
        if !fits {
            return None;
        }
        let mut path = self.tree.path(self.files, module);
        path.push(declared.name.clone());
        let alias = declared.alias.clone().map(|written| (module, written));
        Some(Candidate::new(Meaning::Own { path, alias }).through(&declared.cfg, true))
    }

    fn imported(
        &self,
        query: &mut Query,
        part: ModuleId,
        at: usize,
        import: &Import,
        space: Space,
    ) -> Vec<Candidate> {
        // `use a::a;` beside a crate `a` cannot give a module or type: that would be ambiguous.
        let first = import.path.segments.first();
        let of_itself =
            import.path.segments.len() > 1 && first.is_some() && first == import.name.as_ref();
        if space == Space::Type
            && of_itself
            && first.is_some_and(|first| self.externs.contains(&**first))
        {
            return Vec::new();
        }
        // An import does not see itself.
        if query.imports.contains(&(part, at)) || query.imports.len() >= DEPTH {
            return Vec::new();
        }
        query.imports.push((part, at));
        let public_only = std::mem::take(&mut query.public_only);
        let found = self.written(query, self.home(part), &import.path, space, import.of_crate);
        query.public_only = public_only;
        query.imports.pop();
        found
            .into_iter()
            .map(|found| found.through(&import.cfg, true))
            .collect()
    }

    fn written(
        &self,
        query: &mut Query,
        from: ModuleId,
        written: &Written,
        space: Space,
        of_crate: bool,
    ) -> Vec<Candidate> {
        let segments: Vec<&str> = written.segments.iter().map(|segment| &**segment).collect();
        let path = Path {
            absolute: written.absolute,
            segments: &segments,
            space,
            import: true,
            of_crate,
        };
        self.path(query, from, path)
    }

    fn through_globs(
        &self,
        query: &mut Query,
        module: ModuleId,
        name: &str,
        space: Space,
        from: ModuleId,
    ) -> Vec<Candidate> {
        let (mut own, mut foreign) = (Vec::new(), Vec::new());
        let hash = Quick::default().hash_one(name);
        for part in self.parts(module) {
            let Some(outline) = self.module(part) else {
                continue;
            };
            let globs = outline
                .globs
                .iter()
                .filter_map(|at| Some((*at, outline.imports.get(*at)?)));
            for (at, import) in globs {
                if !self.step_on(query) {
                    break;
                }
                if !self.visible(query, import.visibility, module, from)
                    || !query.globs.insert((part, at, hash))
                {
                    continue;
                }
                for target in self.glob_targets(query, part, at, import).iter() {
                    match &target.meaning {
                        Meaning::Module(inner) => {
                            query.depth += 1;
                            let found = self.member(query, *inner, name, space, module);
                            query.depth -= 1;
                            own.extend(
                                found
                                    .into_iter()
                                    .map(|found| found.through(&target.cfg, target.certain)),
                            );
                        }
                        Meaning::Extern { krate, path } => {
                            let path = path.iter().cloned().chain([name.into()]).collect();
                            let meaning = Meaning::Extern {
                                krate: krate.clone(),
                                path,
                            };
                            foreign.push(Candidate {
                                meaning,
                                cfg: target.cfg.clone(),
                                certain: false,
                            });
                        }
                        // The variants of an enum.
                        Meaning::Own { .. } => {}
                    }
                }
            }
        }
        if own.iter().any(|found| found.certain) {
            return own;
        }
        own.append(&mut foreign);
        own
    }

    /// What `use path::*` brings names from. Nearly every such path can be followed without other
    /// globs, and then is followed once for all names.
    fn glob_targets(
        &self,
        query: &mut Query,
        part: ModuleId,
        at: usize,
        import: &Import,
    ) -> Arc<[Candidate]> {
        let lock = || self.globs.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lock().get(&(part, at)).cloned();
        let targets = known.unwrap_or_else(|| {
            let mut alone = Query {
                no_globs: true,
                ..Query::default()
            };
            let found: Arc<[Candidate]> = self
                .imported(&mut alone, part, at, import, Space::Type)
                .into();
            lock().insert((part, at), Arc::clone(&found));
            found
        });
        if targets.is_empty() {
            self.imported(query, part, at, import, Space::Type).into()
        } else {
            targets
        }
    }
}
