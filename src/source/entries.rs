//! Finds the items in a stretch of tokens: where each begins and ends, its kind and its name.
//!
//! Works on the items of a file or module and on the members of an `impl`, `trait` or `extern` block
//! alike. It does not look into bodies.

use std::ops::Range;

use super::attributes::{self, Attribute};
use super::cfg::Cfg;
use super::shapes::{path_end, shape};
use super::symbols::Symbol;
use super::tokens::{Bracket, Kind, Tokens};

/// Macros that hold items in macros deeper than this are not looked into.
const DEPTH: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryKind {
    Use,
    ExternCrate,
    Module,
    Function,
    Struct,
    Union,
    Enum,
    Trait,
    Alias,
    Impl,
    Constant,
    Static,
    /// `macro_rules!`, `macro`.
    MacroRules,
    MacroCall,
    ExternBlock,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Visibility {
    /// `pub`.
    Public,
    /// `pub(crate)` and the like.
    Restricted,
    Private,
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) kind: EntryKind,
    /// The token that names it.
    pub(super) name: Option<usize>,
    /// All its tokens, attributes included.
    pub(super) whole: Range<usize>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) visibility: Visibility,
    /// Its keyword; for a macro call, the start of the macro's path.
    pub(super) head: usize,
    /// The bracket that opens its body, where it has one.
    pub(super) body: Option<usize>,
    /// Its own condition and those of the macros around it.
    pub(super) cfg: Cfg,
}

impl Entry {
    pub(super) fn public(&self) -> bool {
        self.visibility == Visibility::Public
    }

    /// Whether an attribute of this name marks it.
    pub(super) fn marked(&self, tokens: &Tokens<'_>, name: &str) -> bool {
        self.attributes
            .iter()
            .any(|attribute| attribute.is(tokens, name))
    }

    /// What stands in its body's brackets.
    pub(super) fn inside(&self, tokens: &Tokens<'_>) -> Range<usize> {
        self.body
            .map_or(self.whole.end..self.whole.end, |body| tokens.inside(body))
    }
}

/// The items of a stretch, those inside `cfg_if!` and of macros that wrap items included.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) list: Vec<Entry>,
    /// Tokens at which no item could be recognised.
    pub(super) strays: Vec<usize>,
    /// The condition that inner attributes (`#![cfg(…)]`) set for the whole stretch.
    pub(super) inner: Cfg,
}

/// Reads the items in `range`.
pub(super) fn read(tokens: &Tokens<'_>, range: Range<usize>) -> Entries {
    let (inner, start) = attributes::inner(tokens, range.start, range.end);
    let mut entries = Entries {
        inner: attributes::condition(tokens, &inner),
        ..Entries::default()
    };
    flat(tokens, start..range.end, &Cfg::Always, 0, &mut entries);
    entries
}

fn flat(tokens: &Tokens<'_>, range: Range<usize>, cfg: &Cfg, depth: usize, out: &mut Entries) {
    let mut at = range.start;
    while at < range.end {
        let mut entry = match entry(tokens, at, range.end) {
            Ok(entry) => entry,
            Err(next) => {
                // A stray `;` after an item is harmless.
                if !tokens.is(at, b';') {
                    out.strays.push(at);
                }
                at = next.max(at + 1);
                continue;
            }
        };
        at = entry.whole.end.max(at + 1);
        entry.cfg = cfg.and(&attributes::condition(tokens, &entry.attributes));
        if entry.kind != EntryKind::MacroCall
            || depth >= DEPTH
            || !unwrap(tokens, &entry, depth, out)
        {
            out.list.push(entry);
        }
    }
}

/// Reads the items that a macro call holds, where it holds some.
fn unwrap(tokens: &Tokens<'_>, entry: &Entry, depth: usize, out: &mut Entries) -> bool {
    let Some((name, body)) = entry
        .name
        .and_then(|name| tokens.symbol(name))
        .zip(entry.body)
    else {
        return false;
    };
    if tokens.kind(body) != Kind::Open(Bracket::Curly) {
        return false;
    }
    let name = tokens.name(name);
    if name == "cfg_if" || name == "cfg_select" {
        out.list.push(Entry {
            whole: entry.whole.start..body,
            body: None,
            ..entry.clone()
        });
        for (branch, cfg) in attributes::branches(tokens, tokens.inside(body)) {
            flat(tokens, branch, &entry.cfg.and(&cfg), depth + 1, out);
        }
        return true;
    }
    if !begins_item(tokens, tokens.inside(body)) {
        return false;
    }
    let cfg = if name.starts_with("cfg_") {
        Cfg::Other(format!("{name}!"))
    } else {
        Cfg::Always
    };
    let mut held = Entries::default();
    flat(
        tokens,
        tokens.inside(body),
        &entry.cfg.and(&cfg),
        depth + 1,
        &mut held,
    );
    // Items alone, else the macro has a grammar of its own.
    if !held.strays.is_empty() {
        return false;
    }
    out.list.push(Entry {
        whole: entry.whole.start..body,
        body: None,
        ..entry.clone()
    });
    out.list.append(&mut held.list);
    true
}

fn begins_item(tokens: &Tokens<'_>, range: Range<usize>) -> bool {
    let (_, first) = attributes::outer(tokens, range.start, range.end);
    let items = [
        Symbol::PUB,
        Symbol::MOD,
        Symbol::USE,
        Symbol::FN,
        Symbol::STRUCT,
        Symbol::ENUM,
        Symbol::TRAIT,
        Symbol::IMPL,
        Symbol::STATIC,
        Symbol::CONST,
        Symbol::TYPE,
        Symbol::EXTERN,
        Symbol::ASYNC,
    ];
    first < range.end
        && tokens
            .symbol(first)
            .is_some_and(|symbol| items.contains(&symbol))
}

/// Reads the item that begins at `start`, attributes first. Where there is none, returns the index at
/// which to go on.
fn entry(tokens: &Tokens<'_>, start: usize, end: usize) -> Result<Entry, usize> {
    let (attributes, at) = attributes::outer(tokens, start, end);
    let (visibility, at) = visibility(tokens, at);
    let head = head(tokens, at, end);
    let shape = if head < end {
        shape(tokens, head, end)
    } else {
        None
    };
    let shape = shape.ok_or_else(|| path_end(tokens, head, end).max(tokens.after(head)))?;
    Ok(Entry {
        kind: shape.kind,
        name: shape.name,
        whole: start..shape.end.min(end),
        attributes,
        visibility,
        head,
        body: shape.body,
        cfg: Cfg::Always,
    })
}

fn visibility(tokens: &Tokens<'_>, at: usize) -> (Visibility, usize) {
    if tokens.is_word(at, Symbol::CRATE) && tokens.kind(at + 1) == Kind::Name {
        return (Visibility::Restricted, at + 1);
    }
    if !tokens.is_word(at, Symbol::PUB) {
        return (Visibility::Private, at);
    }
    let restricts = tokens.kind(at + 1) == Kind::Open(Bracket::Round)
        && [Symbol::CRATE, Symbol::SUPER, Symbol::SELF_VALUE, Symbol::IN]
            .iter()
            .any(|word| tokens.is_word(at + 2, *word));
    match restricts {
        true => (Visibility::Restricted, tokens.after(at + 1)),
        false => (Visibility::Public, at + 1),
    }
}

/// Skips what may stand before an item's keyword: `default`, `const`, `async`, `unsafe`, `extern "C"`.
fn head(tokens: &Tokens<'_>, mut at: usize, end: usize) -> usize {
    while at < end {
        let Some(symbol) = tokens.symbol(at) else {
            break;
        };
        let next = tokens.symbol(at + 1);
        let before_function = |next: Option<Symbol>| {
            next.is_some_and(|next| {
                [
                    Symbol::FN,
                    Symbol::ASYNC,
                    Symbol::UNSAFE,
                    Symbol::EXTERN,
                    Symbol::CONST,
                ]
                .contains(&next)
            })
        };
        let before_block = next.is_some_and(|next| [Symbol::IMPL, Symbol::TRAIT].contains(&next));
        let skip = match symbol {
            Symbol::ASYNC => true,
            Symbol::UNSAFE => tokens.kind(at + 1) == Kind::Name,
            Symbol::CONST => before_function(next) || before_block,
            Symbol::EXTERN if tokens.kind(at + 1) == Kind::Text => {
                tokens.is_word(at + 2, Symbol::FN)
            }
            Symbol::EXTERN => next == Some(Symbol::FN),
            symbol if !symbol.is_keyword() => match tokens.name(symbol) {
                "default" => before_function(next) || before_block || next == Some(Symbol::TYPE),
                "auto" => next == Some(Symbol::TRAIT) || next == Some(Symbol::UNSAFE),
                "safe" => next == Some(Symbol::FN) || next == Some(Symbol::STATIC),
                "gen" => next == Some(Symbol::FN),
                _ => false,
            },
            _ => false,
        };
        if !skip {
            break;
        }
        let text = symbol == Symbol::EXTERN && tokens.kind(at + 1) == Kind::Text;
        at += if text { 2 } else { 1 };
    }
    at
}
