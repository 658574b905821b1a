//! The variables that patterns bind.

use std::ops::Range;

use super::symbols::Symbol;
use super::tokens::{Bracket, Kind, Tokens};

/// The tokens in `range`, a pattern, that bind a variable.
pub(super) fn bound(tokens: &Tokens<'_>, range: Range<usize>) -> Vec<(usize, Symbol)> {
    let end = range.end;
    range
        .filter_map(|at| {
            Some((
                at,
                tokens.plain_name(at).filter(|_| binds(tokens, at, end))?,
            ))
        })
        .collect()
}

/// Whether the name at `at` binds. `Name` and `NAME` are taken for constants and types, as compiler
/// lints want it; `a::b`, `a(…)` and `field:` are no variables.
fn binds(tokens: &Tokens<'_>, at: usize, end: usize) -> bool {
    let lower = tokens
        .plain_name(at)
        .is_some_and(|symbol| !tokens.name(symbol).starts_with(|c: char| c.is_uppercase()));
    let part_of_path = matches!(
        tokens.kind_before(at),
        Kind::PathSep | Kind::Sign(b'.' | b'$')
    );
    // The `:` behind a parameter's pattern belongs to its type.
    let followed = at + 1 < end
        && matches!(
            tokens.kind(at + 1),
            Kind::PathSep | Kind::Open(Bracket::Round | Bracket::Curly) | Kind::Sign(b'!' | b':')
        );
    lower && !part_of_path && !followed
}

/// The patterns of a parameter list, each without its type.
pub(super) fn parameters(tokens: &Tokens<'_>, range: Range<usize>) -> Vec<Range<usize>> {
    let parts = super::attributes::commas(tokens, range);
    parts
        .into_iter()
        .map(|part| {
            let mut at = part.start;
            while at < part.end && !tokens.is(at, b':') {
                at = tokens.after(at);
            }
            part.start..at.min(part.end)
        })
        .collect()
}

/// The types and constants that a list of generic parameters declares.
pub(super) fn generics(tokens: &Tokens<'_>, range: Range<usize>) -> Vec<Symbol> {
    let mut names = Vec::new();
    let mut depth = 0usize;
    let mut at = range.start;
    let mut fresh = true;
    while at < range.end {
        match tokens.kind(at) {
            Kind::Sign(b'<') => depth += 1,
            Kind::Sign(b'>') => depth = depth.saturating_sub(1),
            Kind::Sign(b',') if depth == 0 => fresh = true,
            // An attribute stands before the parameter.
            Kind::Sign(b'#') => {}
            Kind::Open(Bracket::Square) if tokens.kind_before(at) == Kind::Sign(b'#') => {}
            Kind::Name if fresh && tokens.is_word(at, Symbol::CONST) => {}
            Kind::Name if fresh => {
                names.extend(tokens.plain_name(at));
                fresh = false;
            }
            _ => fresh = fresh && tokens.is(at, b','),
        }
        at = tokens.after(at);
    }
    names
}
