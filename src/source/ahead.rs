//! Looking ahead in tokens: where a list of generic arguments closes, a statement ends, a signature's
//! parts stand.
//!
//! Each look costs fuel, of which a file has a fixed multiple of its size. Real code uses little of
//! it; a file made to be looked at over and over runs out and is read without looking ahead.

use std::cell::Cell;
use std::ops::Range;

use super::symbols::Symbol;
use super::tokens::{Bracket, Kind, Tokens};

const FUEL_PER_TOKEN: usize = 64;
const FUEL: usize = 100_000;

#[derive(Debug)]
pub(super) struct Ahead<'a, 't> {
    pub(super) tokens: &'a Tokens<'t>,
    fuel: Cell<usize>,
}

/// The parts of `fn name<generics>(parameters) -> output where … { body }`.
#[derive(Debug, Clone)]
pub(super) struct Signature {
    pub(super) generics: Range<usize>,
    pub(super) parameters: Range<usize>,
    pub(super) output: Range<usize>,
    pub(super) wheres: Range<usize>,
    pub(super) body: Option<usize>,
    /// The index behind all of it.
    pub(super) end: usize,
}

/// One arm of a `match`.
#[derive(Debug, Clone)]
pub(super) struct Arm {
    pub(super) pattern: Range<usize>,
    /// The index behind its body.
    pub(super) end: usize,
}

impl<'a, 't> Ahead<'a, 't> {
    pub(super) fn new(tokens: &'a Tokens<'t>) -> Self {
        Ahead {
            tokens,
            fuel: Cell::new(tokens.len().saturating_mul(FUEL_PER_TOKEN) + FUEL),
        }
    }

    /// Whether the file asked for more looks than real code does.
    pub(super) fn is_exhausted(&self) -> bool {
        self.fuel.get() == 0
    }

    pub(super) fn look(&self) -> bool {
        self.spend(1)
    }

    /// Pays for looking at so many tokens; false where there is not enough left.
    pub(super) fn spend(&self, tokens: usize) -> bool {
        let left = self.fuel.get();
        self.fuel.set(left.saturating_sub(tokens));
        left >= tokens
    }

    /// For the `<` at `at`, its `>` on the same level.
    pub(super) fn angle_close(&self, at: usize, end: usize) -> Option<usize> {
        let tokens = self.tokens;
        if !tokens.is(at, b'<') {
            return None;
        }
        let mut depth = 0usize;
        let mut here = at;
        while here < end && self.look() {
            match tokens.kind(here) {
                Kind::Sign(b'<') => depth += 1,
                Kind::Sign(b'>') => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(here);
                    }
                }
                Kind::Sign(b';') | Kind::FatArrow => return None,
                Kind::Open(Bracket::Curly)
                    if !matches!(
                        tokens.kind_before(here),
                        Kind::Sign(b'<' | b',' | b'=' | b'-')
                    ) =>
                {
                    return None;
                }
                Kind::Name if depth > 0 && tokens.symbol(here).is_some_and(ends_generics) => {
                    return None;
                }
                _ => {}
            }
            here = tokens.after(here);
        }
        None
    }

    /// The index of the first token in `range`, on its own level, that `found` accepts.
    pub(super) fn find(
        &self,
        range: Range<usize>,
        mut found: impl FnMut(usize) -> bool,
    ) -> Option<usize> {
        let mut at = range.start;
        while at < range.end && self.look() {
            if found(at) {
                return Some(at);
            }
            at = self.tokens.after(at);
        }
        None
    }

    /// The index of the next `;` of this level, or `end`.
    pub(super) fn semicolon(&self, at: usize, end: usize) -> usize {
        self.find(at..end, |at| self.tokens.is(at, b';'))
            .unwrap_or(end)
    }

    /// The index of the next `,` or `;` of this level, or `end`. Skips turbofish lists.
    pub(super) fn separator(&self, mut at: usize, end: usize) -> usize {
        while at < end && self.look() {
            match self.tokens.kind(at) {
                Kind::Sign(b',' | b';') => return at,
                Kind::Sign(b'<') if self.opens_generics(at) => {
                    at = self.angle_close(at, end).unwrap_or(at) + 1;
                }
                _ => at = self.tokens.after(at),
            }
        }
        end
    }

    /// Whether the `<` at `at` may open a list of generic arguments rather than compare.
    pub(super) fn opens_generics(&self, at: usize) -> bool {
        match self.tokens.kind_before(at) {
            Kind::PathSep => true,
            // `Vec<T>`, but not `count < limit`: types have capital letters.
            Kind::Name => self.tokens.symbol(at - 1).is_some_and(|symbol| {
                self.tokens
                    .name(symbol)
                    .starts_with(|c: char| c.is_uppercase())
                    || symbol == Symbol::FN
            }),
            _ => false,
        }
    }

    /// Reads the signature of the function whose `fn` stands at `at`.
    pub(super) fn signature(&self, at: usize, end: usize) -> Signature {
        let tokens = self.tokens;
        let mut here = at + 1;
        if tokens.kind(here) == Kind::Name {
            here += 1;
        }
        let (generics, next) = self.generics(here, end);
        here = next;
        let parameters = match tokens.kind(here) {
            Kind::Open(Bracket::Round) if here < end => tokens.inside(here),
            _ => here..here,
        };
        if !matches!(tokens.kind(here), Kind::Open(Bracket::Curly)) {
            here = tokens.after(here);
        }
        let mut output = here..here;
        if tokens.kind(here) == Kind::Arrow {
            let stop = self.header_end(here + 1, end);
            output = here + 1..stop;
            here = stop;
        }
        let (wheres, body, end) = self.tail(here, end);
        Signature {
            generics,
            parameters,
            output,
            wheres,
            body,
            end,
        }
    }

    /// What stands in `<…>` at `at`, if it does, and the index behind.
    pub(super) fn generics(&self, at: usize, end: usize) -> (Range<usize>, usize) {
        match self.angle_close(at, end) {
            Some(close) => (at + 1..close, close + 1),
            None => (at..at, at),
        }
    }

    /// The `where` clause, the body and the end of a declaration of which `at` stands behind the rest.
    pub(super) fn tail(&self, at: usize, end: usize) -> (Range<usize>, Option<usize>, usize) {
        let start = if self.tokens.is_word(at, Symbol::WHERE) {
            at + 1
        } else {
            at
        };
        let stop = self.find_body(start, end);
        match self.tokens.kind(stop) {
            Kind::Open(Bracket::Curly) if stop < end => {
                (start..stop, Some(stop), self.tokens.after(stop))
            }
            _ => (start..stop, None, (stop + 1).min(end)),
        }
    }

    /// The index of the `where`, `{`, `;` or `=` that ends a type, or `end`.
    pub(super) fn header_end(&self, at: usize, end: usize) -> usize {
        self.stop(at, end, |at| {
            self.tokens.is_word(at, Symbol::WHERE) || self.tokens.is(at, b'=')
        })
    }

    fn find_body(&self, at: usize, end: usize) -> usize {
        self.stop(at, end, |_| false)
    }

    /// The index of the first `{` or `;` outside generic arguments, or of what `also` accepts there.
    fn stop(&self, at: usize, end: usize, also: impl Fn(usize) -> bool) -> usize {
        let tokens = self.tokens;
        let mut angles = 0usize;
        let mut here = at;
        while here < end && self.look() {
            match tokens.kind(here) {
                Kind::Sign(b'<') => angles += 1,
                Kind::Sign(b'>') => angles = angles.saturating_sub(1),
                Kind::Sign(b';') => return here,
                Kind::Open(Bracket::Curly)
                    if angles == 0
                        || !matches!(
                            tokens.kind_before(here),
                            Kind::Sign(b'<' | b',' | b'=' | b'-')
                        ) =>
                {
                    return here;
                }
                _ if angles == 0 && also(here) => return here,
                _ => {}
            }
            here = tokens.after(here);
        }
        end
    }

    /// The arms of the `match` whose body's inside is `range`.
    pub(super) fn arms(&self, range: Range<usize>) -> Vec<Arm> {
        let tokens = self.tokens;
        let mut arms = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let Some(arrow) = self.find(at..range.end, |at| tokens.kind(at) == Kind::FatArrow)
            else {
                break;
            };
            let guard = self.find(at..arrow, |at| tokens.is_word(at, Symbol::IF));
            let body = arrow + 1;
            let block = tokens.kind(body) == Kind::Open(Bracket::Curly) && body < range.end;
            let mut end = match block && !self.goes_on_in_arm(tokens.after(body), range.end) {
                true => tokens.after(body),
                false => self.separator(body, range.end),
            };
            if tokens.is(end, b',') {
                end += 1;
            }
            arms.push(Arm {
                pattern: at..guard.unwrap_or(arrow),
                end: end.min(range.end),
            });
            at = end.max(at + 1);
        }
        arms
    }

    /// Whether what follows the block of an arm belongs to the arm's body: `=> {}.x()`.
    fn goes_on_in_arm(&self, at: usize, end: usize) -> bool {
        at < end && matches!(self.tokens.kind(at), Kind::Sign(b'.' | b'?'))
    }
}

/// Keywords that cannot stand among generic arguments: what looked like them was a comparison.
fn ends_generics(symbol: Symbol) -> bool {
    [
        Symbol::LET,
        Symbol::IF,
        Symbol::ELSE,
        Symbol::MATCH,
        Symbol::RETURN,
        Symbol::WHILE,
        Symbol::LOOP,
    ]
    .contains(&symbol)
}
