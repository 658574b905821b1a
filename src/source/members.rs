//! What a module holds: the names it declares, imports by name, and gets through globs.

use std::hash::BuildHasher;
use std::sync::{Arc, PoisonError};

use super::entries::Visibility;
use super::meaning::{Candidate, Meaning, Path, Space};
use super::outline::{Declared, Import, Module, Origin, Written};
use super::resolve::{DEPTH, MEANINGS, Names, Query, ROOT, STEPS};
use super::symbols::Quick;
use super::tree::ModuleId;

impl<'a> Names<'a> {
    pub(super) fn module(&self, id: ModuleId) -> Option<&'a Module> {
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

    pub(super) fn parent(&self, id: ModuleId) -> Option<ModuleId> {
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

    pub(super) fn visible(
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

    /// A module and the files included in it.
    pub(super) fn parts(&self, module: ModuleId) -> Vec<ModuleId> {
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
    pub(super) fn member(
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
    pub(super) fn explicit(
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
                self.origin(query, (part, module), *origin, space, from, &mut found);
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

    /// What one declaration or import gives. It stands in a part of a module.
    fn origin(
        &self,
        query: &mut Query,
        (part, module): (ModuleId, ModuleId),
        origin: Origin,
        space: Space,
        from: ModuleId,
        found: &mut Vec<Candidate>,
    ) {
        let Some(outline) = self.module(part) else {
            return;
        };
        let seen = |visibility| self.visible(query, visibility, module, from);
        match origin {
            Origin::Inline(inner) if space != Space::Macro => {
                let id = ModuleId {
                    node: part.node,
                    inner,
                };
                let inline = self.module(id).filter(|inline| seen(inline.visibility));
                found.extend(
                    inline.map(|inline| {
                        Candidate::new(Meaning::Module(id)).through(&inline.cfg, true)
                    }),
                );
            }
            Origin::Inline(_) => {}
            Origin::Declared(at) => {
                let declared = outline.declared.get(at);
                let declared = declared.filter(|declared| seen(declared.visibility));
                found.extend(declared.and_then(|it| self.declared(module, it, space)));
            }
            Origin::Import(at) => {
                let import = outline.imports.get(at);
                if let Some(import) = import.filter(|import| seen(import.visibility)) {
                    found.extend(self.imported(query, part, at, import, space));
                }
            }
        }
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

    pub(super) fn imported(
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

    pub(super) fn written(
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
            for &at in &outline.globs {
                let Some(import) = outline.imports.get(at) else {
                    continue;
                };
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
                            let through =
                                |found: Candidate| found.through(&target.cfg, target.certain);
                            own.extend(found.into_iter().map(through));
                        }
                        Meaning::Extern { krate, path } => {
                            let meaning = Meaning::Extern {
                                krate: krate.clone(),
                                path: path.iter().cloned().chain([name.into()]).collect(),
                            };
                            let cfg = target.cfg.clone();
                            foreign.push(Candidate {
                                meaning,
                                cfg,
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
