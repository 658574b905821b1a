//! What an item is and where it ends, told from its keyword on.

use std::ops::Range;

use super::entries::EntryKind;
use super::symbols::Symbol;
use super::tokens::{Bracket, Kind, Tokens};

/// What an item turns out to be, from its keyword on.
pub(super) struct Shape {
    pub(super) kind: EntryKind,
    pub(super) name: Option<usize>,
    /// The index behind it.
    pub(super) end: usize,
    pub(super) body: Option<usize>,
}

/// The item whose keyword, or macro path, stands at `head`.
pub(super) fn shape(tokens: &Tokens<'_>, head: usize, end: usize) -> Option<Shape> {
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
        Symbol::EXTERN => return extern_block(tokens, head),
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
        Symbol::STATIC => statement(EntryKind::Static, static_name(tokens, head)),
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

/// `extern "C" { … }`.
fn extern_block(tokens: &Tokens<'_>, head: usize) -> Option<Shape> {
    let open = if tokens.kind(head + 1) == Kind::Text {
        head + 2
    } else {
        head + 1
    };
    let body = (tokens.kind(open) == Kind::Open(Bracket::Curly)).then_some(open)?;
    Some(Shape {
        kind: EntryKind::ExternBlock,
        name: None,
        end: tokens.after(body),
        body: Some(body),
    })
}

/// The name in `static X`, `static mut X`, and `static ref X` as `lazy_static!` has it.
fn static_name(tokens: &Tokens<'_>, head: usize) -> Option<usize> {
    let skip = [Symbol::MUT, Symbol::REF]
        .iter()
        .any(|word| tokens.is_word(head + 1, *word));
    let name = if skip { head + 2 } else { head + 1 };
    (tokens.kind(name) == Kind::Name).then_some(name)
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
pub(super) fn path_end(tokens: &Tokens<'_>, mut at: usize, end: usize) -> usize {
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

/// The index of the first such sign of this level that does not stand among generic arguments.
pub(super) fn beyond_generics(tokens: &Tokens<'_>, range: Range<usize>, sign: u8) -> Option<usize> {
    let mut angles = 0usize;
    let mut at = range.start;
    while at < range.end {
        match tokens.kind(at) {
            Kind::Sign(b'<') => angles += 1,
            Kind::Sign(b'>') => angles = angles.saturating_sub(1),
            Kind::Sign(found) if angles == 0 && found == sign => return Some(at),
            _ => {}
        }
        at = tokens.after(at);
    }
    None
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
