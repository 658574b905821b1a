//! What a file declares: its modules, the names in them, and what they import. Enough to follow the
//! module tree and to resolve paths, without what stands in bodies.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::attributes;
use super::cfg::Cfg;
use super::entries::{self, Entry, EntryKind, Visibility};
use super::problem::Fault;
use super::shapes::beyond_generics;
use super::symbols::Quick;
use super::tokens::{Kind, Tokens};
use super::uses::{self, Gives, Leaf};

/// Inline modules nested deeper than this are not looked into.
const DEPTH: usize = 128;

/// A path as written, with `crate`, `self` and `super` among its segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    /// Whether it begins with `::`.
    pub(super) absolute: bool,
    pub(super) segments: Vec<Arc<str>>,
}

/// A `use` or `extern crate`.
#[derive(Debug, Clone)]
pub(super) struct Import {
    pub(super) path: Written,
    /// The name it gives; `None` for a glob.
    pub(super) name: Option<Arc<str>>,
    pub(super) visibility: Visibility,
    pub(super) cfg: Cfg,
    /// `extern crate`: the first segment is a crate.
    pub(super) of_crate: bool,
    /// `#[macro_use] extern crate`.
    pub(super) brings_macros: bool,
}

/// In which of the three name spaces a name stands. A tuple struct is in two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Spaces {
    pub(super) types: bool,
    pub(super) values: bool,
    pub(super) macros: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Declared {
    pub(super) name: Arc<str>,
    pub(super) spaces: Spaces,
    pub(super) visibility: Visibility,
    pub(super) cfg: Cfg,
    /// For `type A = b::C;` the other path.
    pub(super) alias: Option<Written>,
    /// `#[macro_export]`: stands in the crate's root too.
    pub(super) exported_macro: bool,
}

/// `mod name;`
#[derive(Debug, Clone)]
pub(super) struct FileModule {
    pub(super) name: Arc<str>,
    pub(super) visibility: Visibility,
    pub(super) cfg: Cfg,
    /// From `#[path = "…"]`, with the condition under which it counts.
    pub(super) paths: Vec<(String, Cfg)>,
}

/// A file's own level (the first), or an inline module.
#[derive(Debug, Clone)]
pub(super) struct Module {
    pub(super) name: Arc<str>,
    pub(super) parent: Option<usize>,
    pub(super) visibility: Visibility,
    /// Of this module alone, without those around it.
    pub(super) cfg: Cfg,
    /// `#[path]` on an inline module: the folder of the modules in it.
    pub(super) path: Option<String>,
    pub(super) declared: Vec<Declared>,
    pub(super) imports: Vec<Import>,
    pub(super) files: Vec<FileModule>,
    /// `include!("…")` among the items.
    pub(super) includes: Vec<(String, Cfg)>,
    /// Which of the imports are globs.
    pub(super) globs: Vec<usize>,
    /// Which bring the macros of a crate.
    pub(super) macro_crates: Vec<usize>,
    /// Where each name comes from. Globs and modules in files of their own are not in here.
    pub(super) by_name: HashMap<Arc<str>, Vec<Origin>, Quick>,
}

/// An index into the lists of a [`Module`], or of an inline module into those of its [`Outline`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Declared(usize),
    Import(usize),
    Inline(usize),
}

/// Why a file could not be read as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flaw {
    pub(super) fault: Fault,
    pub(super) line: usize,
}

#[derive(Debug)]
pub(super) struct Outline {
    /// Parents before their children; the first is the file itself.
    pub(super) modules: Vec<Module>,
    pub(super) flaw: Option<Flaw>,
}

impl Outline {
    pub(super) fn new(tokens: &Tokens<'_>) -> Outline {
        let mut builder = Builder {
            tokens,
            modules: Vec::new(),
            stray: None,
        };
        builder
            .modules
            .push(module("", None, Visibility::Public, Cfg::Always));
        builder.fill(0, tokens.all(), 0);
        builder.index();
        let fault = tokens.fault.map(|(fault, offset)| Flaw {
            fault,
            line: tokens.line_column(offset).0,
        });
        let stray = builder.stray.map(|at| Flaw {
            fault: Fault::NoItem,
            line: tokens.place(at).0,
        });
        Outline {
            modules: builder.modules,
            flaw: fault.or(stray),
        }
    }
}

/// Whether a module's body is looked into at this depth.
pub(super) fn is_inline(entry: &Entry, depth: usize) -> bool {
    entry.kind == EntryKind::Module && entry.body.is_some() && depth < DEPTH
}

fn module(name: &str, parent: Option<usize>, visibility: Visibility, cfg: Cfg) -> Module {
    Module {
        name: name.into(),
        parent,
        visibility,
        cfg,
        path: None,
        declared: Vec::new(),
        imports: Vec::new(),
        files: Vec::new(),
        includes: Vec::new(),
        globs: Vec::new(),
        macro_crates: Vec::new(),
        by_name: HashMap::default(),
    }
}

struct Builder<'a, 't> {
    tokens: &'a Tokens<'t>,
    modules: Vec<Module>,
    stray: Option<usize>,
}

impl Builder<'_, '_> {
    fn fill(&mut self, at: usize, range: Range<usize>, depth: usize) {
        let entries = entries::read(self.tokens, range);
        self.modules[at].cfg = self.modules[at].cfg.and(&entries.inner);
        self.stray = self.stray.or(entries.strays.first().copied());
        for entry in &entries.list {
            if is_inline(entry, depth) {
                self.inline(at, entry, depth);
            } else {
                self.declare(at, entry);
            }
        }
    }

    fn index(&mut self) {
        for at in 0..self.modules.len() {
            let (before, rest) = self.modules.split_at_mut(at);
            let Some(module) = rest.first_mut() else {
                continue;
            };
            if let Some(parent) = module.parent.and_then(|parent| before.get_mut(parent)) {
                parent
                    .by_name
                    .entry(module.name.clone())
                    .or_default()
                    .push(Origin::Inline(at));
            }
            for (at, declared) in module.declared.iter().enumerate() {
                module
                    .by_name
                    .entry(declared.name.clone())
                    .or_default()
                    .push(Origin::Declared(at));
            }
            for (at, import) in module.imports.iter().enumerate() {
                match &import.name {
                    Some(name) => module
                        .by_name
                        .entry(name.clone())
                        .or_default()
                        .push(Origin::Import(at)),
                    None => module.globs.push(at),
                }
                if import.brings_macros && import.of_crate {
                    module.macro_crates.push(at);
                }
            }
        }
    }

    fn inline(&mut self, parent: usize, entry: &Entry, depth: usize) {
        let mut inline = module(
            &self.name(entry),
            Some(parent),
            entry.visibility,
            entry.cfg.clone(),
        );
        let path = attributes::paths(self.tokens, &entry.attributes)
            .into_iter()
            .next();
        inline.path = path.map(|(path, _)| path.to_owned());
        let at = self.modules.len();
        self.modules.push(inline);
        self.fill(at, entry.inside(self.tokens), depth + 1);
    }

    fn name(&self, entry: &Entry) -> Arc<str> {
        let symbol = entry.name.and_then(|name| self.tokens.symbol(name));
        symbol
            .map(|symbol| self.tokens.name(symbol))
            .unwrap_or_default()
            .into()
    }

    fn declare(&mut self, at: usize, entry: &Entry) {
        match entry.kind {
            EntryKind::Use => {
                let leaves = uses::leaves(
                    self.tokens,
                    entry.head + 1..entry.whole.end.saturating_sub(1),
                );
                for leaf in leaves {
                    let import = self.import(entry, &leaf);
                    self.modules[at].imports.extend(import);
                }
            }
            EntryKind::ExternCrate => {
                let leaf = entry
                    .name
                    .and_then(|name| uses::extern_crate(self.tokens, name));
                let import = leaf.and_then(|leaf| self.import(entry, &leaf));
                self.modules[at].imports.extend(import.map(|import| Import {
                    of_crate: import.path.absolute,
                    brings_macros: entry.marked(self.tokens, "macro_use"),
                    ..import
                }));
            }
            EntryKind::Module => {
                let paths = attributes::paths(self.tokens, &entry.attributes);
                let module = FileModule {
                    name: self.name(entry),
                    visibility: entry.visibility,
                    cfg: entry.cfg.clone(),
                    paths: paths
                        .into_iter()
                        .map(|(path, cfg)| (path.to_owned(), cfg))
                        .collect(),
                };
                self.modules[at].files.push(module);
            }
            EntryKind::MacroCall => {
                if let Some(path) = self.included(entry) {
                    self.modules[at].includes.push((path, entry.cfg.clone()));
                }
            }
            EntryKind::ExternBlock => {
                for member in entries::read(self.tokens, entry.inside(self.tokens)).list {
                    self.declare_name(at, &member);
                }
            }
            _ => self.declare_name(at, entry),
        }
    }

    fn declare_name(&mut self, at: usize, entry: &Entry) {
        let (types, values, macros) = match entry.kind {
            EntryKind::Function | EntryKind::Constant | EntryKind::Static => (false, true, false),
            EntryKind::Struct => (true, !self.has_fields(entry), false),
            EntryKind::Enum | EntryKind::Union | EntryKind::Trait | EntryKind::Alias => {
                (true, false, false)
            }
            EntryKind::MacroRules => (false, false, true),
            _ => return,
        };
        if entry.name.is_none() {
            return;
        }
        let exported_macro = macros && entry.marked(self.tokens, "macro_export");
        let declared = Declared {
            name: self.name(entry),
            spaces: Spaces {
                types,
                values,
                macros,
            },
            visibility: if exported_macro {
                Visibility::Public
            } else {
                entry.visibility
            },
            cfg: entry.cfg.clone(),
            alias: self.alias(entry),
            exported_macro,
        };
        self.modules[at].declared.push(declared);
    }

    /// Whether it is a struct with named fields, which is no value.
    fn has_fields(&self, entry: &Entry) -> bool {
        entry.body.is_some()
    }

    /// What `type A<…> = path…;` stands for.
    fn alias(&self, entry: &Entry) -> Option<Written> {
        if entry.kind != EntryKind::Alias {
            return None;
        }
        let start = entry.name? + 1;
        let mut path = Vec::new();
        let first = beyond_generics(self.tokens, start..entry.whole.end, b'=')? + 1;
        for at in first..entry.whole.end {
            match self.tokens.kind(at) {
                Kind::Name => path.extend(self.tokens.symbol(at)),
                Kind::PathSep => {}
                _ => break,
            }
        }
        let first_keyword = path
            .first()
            .is_none_or(|symbol| symbol.is_keyword() && !symbol.is_path_keyword());
        let segments = path
            .iter()
            .map(|symbol| self.tokens.name(*symbol).into())
            .collect();
        (!first_keyword).then_some(Written {
            absolute: self.tokens.kind(first) == Kind::PathSep,
            segments,
        })
    }

    fn import(&self, entry: &Entry, leaf: &Leaf) -> Option<Import> {
        let name = match leaf.gives {
            Gives::Name(symbol) => Some(self.tokens.name(symbol).into()),
            Gives::All => None,
            // It gives no name to resolve; a trait's methods are found by their own names.
            Gives::Nothing => return None,
        };
        let segments = leaf
            .path
            .iter()
            .map(|symbol| self.tokens.name(*symbol).into())
            .collect();
        Some(Import {
            path: Written {
                absolute: leaf.absolute,
                segments,
            },
            name,
            visibility: entry.visibility,
            cfg: entry.cfg.clone(),
            of_crate: false,
            brings_macros: false,
        })
    }

    /// The file of `include!("…")`.
    fn included(&self, entry: &Entry) -> Option<String> {
        let is_include = self.tokens.is_named(entry.name?, "include");
        let inside = self.tokens.inside(entry.body?);
        (is_include && inside.len() <= 2)
            .then(|| self.tokens.string(inside.start).map(str::to_owned))
            .flatten()
    }
}
