//! Finds the items in a stretch of tokens: where each begins and ends, its kind and its name.
//!
//! Works on the items of a file or module and on the members of an `impl`, `trait` or `extern` block
//! alike. It does not look into bodies.

use std::ops::Range;

use super::attributes::{self, Attribute};
use super::cfg::Cfg;
use super::lexer::{Bracket, Kind, Tokens};
use super::symbols::Symbol;

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

struct Shape {
    kind: EntryKind,
    name: Option<usize>,
    end: usize,
    body: Option<usize>,
}

fn shape(tokens: &Tokens<'_>, head: usize, end: usize) -> Option<Shape> {
    if tokens.kind(head) == Kind::PathSep {
        return macro_call(tokens, head, end);
    }
    let symbol = tokens.symbol(head)?;
    let named = (tokens.kind(head + 1) == Kind::Name).then_some(head + 1);
    let with_body = |kind| {
        let (body, end) = body(tokens, head + 1, end);
        Shape {
            kind,
            name: named,
            end,
            body,
        }
    };
    let statement = |kind, name| Shape {
        kind,
        name,
        end: semicolon(tokens, head + 1, end),
        body: None,
    };
    Some(match symbol {
        Symbol::USE => statement(EntryKind::Use, None),
        Symbol::EXTERN if tokens.is_word(head + 1, Symbol::CRATE) => {
            statement(EntryKind::ExternCrate, Some(head + 2))
        }
        Symbol::EXTERN => {
            let open = if tokens.kind(head + 1) == Kind::Text {
                head + 2
            } else {
                head + 1
            };
            let body = (tokens.kind(open) == Kind::Open(Bracket::Curly)).then_some(open)?;
            Shape {
                kind: EntryKind::ExternBlock,
                name: None,
                end: tokens.after(body),
                body: Some(body),
            }
        }
        Symbol::MOD => with_body(EntryKind::Module),
        Symbol::FN => with_body(EntryKind::Function),
        Symbol::STRUCT => with_body(EntryKind::Struct),
        Symbol::ENUM => with_body(EntryKind::Enum),
        Symbol::TRAIT => with_body(EntryKind::Trait),
        Symbol::IMPL => Shape {
            name: None,
            ..with_body(EntryKind::Impl)
        },
        Symbol::TYPE => statement(EntryKind::Alias, named),
        Symbol::CONST => statement(EntryKind::Constant, named),
        Symbol::STATIC => {
            // `static mut X`, and `static ref X` as `lazy_static!` has it.
            let skip = [Symbol::MUT, Symbol::REF]
                .iter()
                .any(|word| tokens.is_word(head + 1, *word));
            let name = if skip { head + 2 } else { head + 1 };
            statement(
                EntryKind::Static,
                (tokens.kind(name) == Kind::Name).then_some(name),
            )
        }
        symbol if !symbol.is_keyword() && named.is_some() && tokens.name(symbol) == "union" => {
            with_body(EntryKind::Union)
        }
        symbol if !symbol.is_keyword() && named.is_some() && tokens.name(symbol) == "macro" => {
            with_body(EntryKind::MacroRules)
        }
        symbol if !symbol.is_keyword() || symbol.is_path_keyword() => {
            return macro_call(tokens, head, end);
        }
        _ => return None,
    })
}

/// `path! { … }`, `path!(…);`, `macro_rules! name { … }`.
fn macro_call(tokens: &Tokens<'_>, head: usize, end: usize) -> Option<Shape> {
    let bang = path_end(tokens, head, end);
    if bang >= end || !tokens.is(bang, b'!') {
        return None;
    }
    let defined = (tokens.kind(bang + 1) == Kind::Name).then_some(bang + 1);
    let open = if defined.is_some() {
        bang + 2
    } else {
        bang + 1
    };
    let Kind::Open(bracket) = tokens.kind(open) else {
        return None;
    };
    let after = tokens.after(open);
    let end = if bracket != Bracket::Curly && tokens.is(after, b';') {
        after + 1
    } else {
        after
    };
    let defines = defined.is_some() && tokens.is_named(head, "macro_rules");
    Some(Shape {
        kind: if defines {
            EntryKind::MacroRules
        } else {
            EntryKind::MacroCall
        },
        name: if defines {
            defined
        } else {
            bang.checked_sub(1)
        },
        end,
        body: Some(open),
    })
}

/// The index behind the path that begins at `at`, if one does.
fn path_end(tokens: &Tokens<'_>, mut at: usize, end: usize) -> usize {
    if tokens.kind(at) == Kind::PathSep {
        at += 1;
    }
    while at < end && tokens.kind(at) == Kind::Name {
        at += 1;
        if tokens.kind(at) != Kind::PathSep || tokens.kind(at + 1) != Kind::Name {
            break;
        }
        at += 1;
    }
    at.min(end)
}

/// The index behind the next `;` of this level.
pub(super) fn semicolon(tokens: &Tokens<'_>, mut at: usize, end: usize) -> usize {
    while at < end {
        if tokens.is(at, b';') {
            return at + 1;
        }
        at = tokens.after(at);
    }
    end
}

/// The item's body, if it has one, and the index behind the item. Curly brackets among generic
/// arguments (`Foo<{ N }>`) are none.
fn body(tokens: &Tokens<'_>, mut at: usize, end: usize) -> (Option<usize>, usize) {
    let mut angles = 0usize;
    while at < end {
        match tokens.kind(at) {
            Kind::Sign(b'<') => angles += 1,
            Kind::Sign(b'>') => angles = angles.saturating_sub(1),
            Kind::Sign(b';') => return (None, at + 1),
            Kind::Open(Bracket::Curly) if angles == 0 || !in_generics(tokens, at) => {
                return (Some(at), tokens.after(at).min(end));
            }
            _ => {}
        }
        at = tokens.after(at);
    }
    (None, end)
}

fn in_generics(tokens: &Tokens<'_>, at: usize) -> bool {
    matches!(
        tokens.kind_before(at),
        Kind::Sign(b'<' | b',' | b'=' | b'-')
    )
}
