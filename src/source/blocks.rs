//! What blocks declare: `use` and items inside bodies.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use super::attributes;
use super::cfg::Cfg;
use super::meaning::Space;
use super::reader::{Reader, Spelling, Target};
use super::symbols::{Quick, Symbol};
use super::tokens::{Kind, Tokens};
use super::uses::{self, Gives, Leaf};

/// Imports of imports deeper than this are not followed.
const DEPTH: usize = 8;

/// Blocks around one another, and glob imports, beyond this are not looked at.
const BLOCKS: usize = 64;

/// Keywords that may declare a name inside a body.
pub(super) const DECLARING: &[Symbol] = &[
    Symbol::USE,
    Symbol::FN,
    Symbol::STRUCT,
    Symbol::ENUM,
    Symbol::TRAIT,
    Symbol::TYPE,
    Symbol::CONST,
    Symbol::STATIC,
    Symbol::MOD,
    Symbol::EXTERN,
];

/// A block that imports or declares something.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// The index of its closing bracket.
    pub(super) close: usize,
    /// By the names they give.
    imports: HashMap<Symbol, Vec<Import>, Quick>,
    globs: Vec<Import>,
    /// Types and modules, and other names.
    types: HashSet<Symbol, Quick>,
    values: HashSet<Symbol, Quick>,
}

#[derive(Debug, Clone)]
struct Import {
    leaf: Leaf,
    cfg: Cfg,
    of_crate: bool,
}

impl Block {
    /// Reads what the tokens of `range` declare on their own level.
    pub(super) fn new(tokens: &Tokens<'_>, range: Range<usize>) -> Block {
        let mut block = Block {
            close: range.end,
            imports: HashMap::default(),
            globs: Vec::new(),
            types: HashSet::default(),
            values: HashSet::default(),
        };
        let mut cfg = Cfg::Always;
        let mut at = range.start;
        while at < range.end {
            let (attributes, next) = attributes::outer(tokens, at, range.end);
            if next > at {
                cfg = attributes::condition(tokens, &attributes);
                at = next;
                continue;
            }
            at = block.statement(tokens, at, range.end, std::mem::take(&mut cfg));
        }
        block
    }

    pub(super) fn is_empty(&self) -> bool {
        self.imports.is_empty()
            && self.globs.is_empty()
            && self.types.is_empty()
            && self.values.is_empty()
    }

    fn statement(&mut self, tokens: &Tokens<'_>, at: usize, end: usize, cfg: Cfg) -> usize {
        match tokens.symbol(at) {
            Some(Symbol::USE) if !tokens.is(at + 1, b'<') => {
                let after = super::shapes::semicolon(tokens, at + 1, end);
                for leaf in uses::leaves(tokens, at + 1..after.saturating_sub(1)) {
                    self.import(Import {
                        leaf,
                        cfg: cfg.clone(),
                        of_crate: false,
                    });
                }
                return after;
            }
            Some(Symbol::EXTERN) if tokens.is_word(at + 1, Symbol::CRATE) => {
                if let Some(leaf) = uses::extern_crate(tokens, at + 2) {
                    self.import(Import {
                        leaf,
                        cfg,
                        of_crate: true,
                    });
                }
                return super::shapes::semicolon(tokens, at + 1, end);
            }
            // `*const T` declares nothing.
            Some(Symbol::CONST) if tokens.kind_before(at) == Kind::Sign(b'*') => {}
            Some(Symbol::FN | Symbol::CONST | Symbol::STATIC) => {
                self.values.extend(tokens.plain_name(at + 1))
            }
            Some(symbol) if DECLARING.contains(&symbol) => {
                self.types.extend(tokens.plain_name(at + 1))
            }
            _ => {}
        }
        tokens.after(at)
    }

    fn import(&mut self, import: Import) {
        match import.leaf.gives {
            Gives::Name(name) => self.imports.entry(name).or_default().push(import),
            Gives::All => self.globs.push(import),
            Gives::Nothing => {}
        }
    }
}

impl Reader<'_, '_> {
    /// What the enclosing blocks say that a path means; `None` where they say nothing.
    pub(super) fn in_blocks(&mut self, spelling: &Spelling) -> Option<Rc<[Target]>> {
        if self.item.blocks.is_empty() || spelling.absolute {
            return None;
        }
        self.search_blocks(spelling, self.item.blocks.len(), DEPTH)
    }

    /// Looks in the outermost `count` blocks, from the innermost of them outwards.
    fn search_blocks(
        &mut self,
        spelling: &Spelling,
        count: usize,
        depth: usize,
    ) -> Option<Rc<[Target]>> {
        let (first, rest) = spelling.segments.split_first()?;
        for index in (0..count.min(self.item.blocks.len())).rev().take(BLOCKS) {
            let block = &self.item.blocks[index];
            // A function or constant hides no module or type.
            if block.types.contains(first) || (rest.is_empty() && block.values.contains(first)) {
                return Some(Rc::from([]));
            }
            // `use a::a;` gives no module `a`, as in a module.
            let of_itself = |leaf: &Leaf| leaf.path.len() > 1 && leaf.path.first() == Some(first);
            let given = block.imports.get(first).into_iter().flatten();
            let given = given
                .filter(|import| rest.is_empty() || !of_itself(&import.leaf))
                .take(BLOCKS);
            let given: Vec<Import> = given.cloned().collect();
            if given.is_empty() || depth == 0 {
                continue;
            }
            let mut found = Vec::new();
            for Import {
                leaf,
                cfg,
                of_crate,
            } in given
            {
                let through = Spelling {
                    absolute: leaf.absolute,
                    segments: leaf.path.iter().chain(rest).copied().collect(),
                    space: spelling.space,
                    import: true,
                    of_crate,
                };
                // `use a::b; use b::c;` in one block; but `use a::a;` does not see itself.
                let sees_itself = leaf.path.first() == Some(first);
                let inner = if leaf.absolute || sees_itself {
                    None
                } else {
                    self.search_blocks(&through, index + 1, depth - 1)
                };
                let targets = inner.unwrap_or_else(|| self.in_module(&through));
                for target in targets.iter() {
                    found.push(self.fresh(Target {
                        cfg: cfg.and(&target.cfg),
                        ..target.clone()
                    }));
                }
            }
            return Some(found.into());
        }
        None
    }

    /// What a path may mean through `use a::*;` in an enclosing block.
    pub(super) fn through_block_globs(&mut self, spelling: &Spelling) -> Option<Rc<[Target]>> {
        let first = spelling.segments.first().copied()?;
        if spelling.absolute
            || first.is_keyword()
            || super::prelude::has(self.tokens.name(first))
            || super::prelude::has_macro(self.tokens.name(first))
        {
            return None;
        }
        let globs = self
            .item
            .blocks
            .iter()
            .rev()
            .take(BLOCKS)
            .flat_map(|block| &block.globs);
        let globs: Vec<Import> = globs.take(BLOCKS).cloned().collect();
        let mut found = Vec::new();
        for Import { leaf, cfg, .. } in globs {
            let module = Spelling {
                import: true,
                ..Spelling::new(leaf.absolute, leaf.path.clone(), Space::Type)
            };
            for target in self.in_module(&module).iter() {
                // Names of this package are looked up in the module; those of others may be any.
                if &*target.krate == super::OWN {
                    let inner = Spelling {
                        segments: [leaf.path.as_slice(), &spelling.segments].concat(),
                        space: spelling.space,
                        ..module.clone()
                    };
                    let certain = self.in_module(&inner);
                    let certain = certain.iter().filter(|target| target.certain);
                    found.extend(certain.map(|target| Target {
                        cfg: cfg.and(&target.cfg),
                        ..target.clone()
                    }));
                } else {
                    let rest = spelling.segments.iter().map(|symbol| self.text(*symbol));
                    found.push(Target {
                        path: target.path.iter().cloned().chain(rest).collect(),
                        cfg: cfg.and(&target.cfg),
                        certain: false,
                        is_module: false,
                        ..target.clone()
                    });
                }
            }
        }
        Some(found.into_iter().map(|target| self.fresh(target)).collect())
    }
}
