//! `use` declarations, one leaf at a time.

use std::ops::Range;

use super::symbols::Symbol;
use super::tokens::{Bracket, Kind, Tokens};

/// Groups nested deeper than this are not looked into.
const DEPTH: usize = 64;
/// A leaf with more segments than this is not read.
const SEGMENTS: usize = 64;

/// One name that a `use` declaration brings in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf {
    /// Whether the path begins with `::`.
    pub(super) absolute: bool,
    pub(super) path: Vec<Symbol>,
    pub(super) gives: Gives,
    /// The token at which the leaf begins inside its group.
    pub(super) at: usize,
    /// Those of the names of its path.
    pub(super) tokens: Vec<usize>,
}

/// Under which name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    Name(Symbol),
    /// `as _`.
    Nothing,
    /// `*`.
    All,
}

/// The leaves of the declaration whose tokens between `use` and `;` are `range`.
pub(super) fn leaves(tokens: &Tokens<'_>, range: Range<usize>) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    let absolute = tokens.kind(range.start) == Kind::PathSep;
    tree(tokens, range, absolute, &mut Vec::new(), 0, &mut leaves);
    leaves
}

/// The one leaf of `extern crate name as other;`, whose tokens begin at `name`.
pub(super) fn extern_crate(tokens: &Tokens<'_>, name: usize) -> Option<Leaf> {
    let krate = tokens.symbol(name)?;
    let alias = tokens
        .is_word(name + 1, Symbol::AS)
        .then(|| tokens.symbol(name + 2))
        .flatten();
    let gives = match alias.unwrap_or(krate) {
        Symbol::UNDERSCORE => Gives::Nothing,
        name => Gives::Name(name),
    };
    let own = krate == Symbol::SELF_VALUE;
    Some(Leaf {
        absolute: !own,
        path: vec![if own { Symbol::CRATE } else { krate }],
        gives,
        at: name,
        tokens: vec![name],
    })
}

fn tree(
    tokens: &Tokens<'_>,
    range: Range<usize>,
    absolute: bool,
    prefix: &mut Vec<(Symbol, usize)>,
    depth: usize,
    out: &mut Vec<Leaf>,
) {
    let kept = prefix.len();
    let start = range.start;
    let mut at = start;
    while at < range.end {
        match tokens.kind(at) {
            Kind::PathSep => at += 1,
            // `$crate`.
            Kind::Sign(b'$') => at += 1,
            Kind::Name if tokens.is_word(at, Symbol::AS) => break,
            Kind::Name => {
                prefix.extend(tokens.symbol(at).map(|symbol| (symbol, at)));
                at += 1;
            }
            Kind::Sign(b'*') => {
                out.push(Leaf {
                    absolute,
                    path: prefix.iter().map(|(symbol, _)| *symbol).collect(),
                    gives: Gives::All,
                    at: first_segment(tokens, start),
                    tokens: prefix.iter().map(|(_, at)| *at).chain([at]).collect(),
                });
                prefix.truncate(kept);
                return;
            }
            Kind::Open(Bracket::Curly) => {
                if depth < DEPTH && prefix.len() < SEGMENTS {
                    for part in super::attributes::commas(tokens, tokens.inside(at)) {
                        let absolute = absolute
                            || (prefix.is_empty() && tokens.kind(part.start) == Kind::PathSep);
                        tree(tokens, part, absolute, prefix, depth + 1, out);
                    }
                }
                prefix.truncate(kept);
                return;
            }
            _ => break,
        }
    }
    leaf(tokens, at, absolute, prefix, start, out);
    prefix.truncate(kept);
}

/// The token behind the `::` that may stand at `start`.
fn first_segment(tokens: &Tokens<'_>, start: usize) -> usize {
    match tokens.kind(start) {
        Kind::PathSep => start + 1,
        _ => start,
    }
}

/// A leaf that is a name; `at` is what follows it.
fn leaf(
    tokens: &Tokens<'_>,
    at: usize,
    absolute: bool,
    prefix: &[(Symbol, usize)],
    start: usize,
    out: &mut Vec<Leaf>,
) {
    let mut path: Vec<Symbol> = prefix.iter().map(|(symbol, _)| *symbol).collect();
    // `a::{self}` is `a`.
    let mut named = prefix;
    if path.len() > 1 && path.last() == Some(&Symbol::SELF_VALUE) {
        path.pop();
        named = &prefix[..prefix.len() - 1];
    }
    let Some(last) = path.last().copied().filter(|_| path.len() <= SEGMENTS) else {
        return;
    };
    let alias = tokens
        .is_word(at, Symbol::AS)
        .then(|| tokens.symbol(at + 1))
        .flatten();
    let gives = match alias.unwrap_or(last) {
        Symbol::UNDERSCORE => Gives::Nothing,
        name => Gives::Name(name),
    };
    out.push(Leaf {
        absolute,
        path,
        gives,
        at: first_segment(tokens, start),
        tokens: named.iter().map(|(_, at)| *at).collect(),
    });
}
