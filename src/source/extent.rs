//! How far a statement, expression, field or arm reaches: what an attribute before it governs.

use super::ahead::Ahead;
use super::symbols::Symbol;
use super::tokens::{Bracket, Kind};

impl Ahead<'_, '_> {
    /// The index behind the statement, expression, field or arm that begins at `at`.
    pub(super) fn extent(&self, at: usize, end: usize) -> usize {
        let to_semicolon = [
            Symbol::LET,
            Symbol::RETURN,
            Symbol::BREAK,
            Symbol::USE,
            Symbol::TYPE,
            Symbol::STATIC,
            Symbol::CONST,
            Symbol::EXTERN,
        ];
        let first = self.tokens.symbol(at);
        let is_const_function =
            first == Some(Symbol::CONST) && self.tokens.is_word(at + 1, Symbol::FN);
        let is_foreign =
            first == Some(Symbol::EXTERN) && !self.tokens.is_word(at + 1, Symbol::CRATE);
        if first.is_some_and(|first| to_semicolon.contains(&first))
            && !is_const_function
            && !is_foreign
        {
            return (self.semicolon(at, end) + 1).min(end);
        }
        if self.begins_item(at) {
            return self.tail(at, end).2;
        }
        self.block_extent(at, end)
    }

    /// Whether an item with a body begins at `at`, so that commas among its generic parameters do
    /// not end it.
    fn begins_item(&self, mut at: usize) -> bool {
        let tokens = self.tokens;
        loop {
            at += match tokens.symbol(at) {
                Some(Symbol::PUB) if matches!(tokens.kind(at + 1), Kind::Open(Bracket::Round)) => {
                    tokens.after(at + 1) - at
                }
                Some(Symbol::EXTERN) if tokens.kind(at + 1) == Kind::Text => 2,
                Some(Symbol::PUB | Symbol::ASYNC | Symbol::UNSAFE | Symbol::CONST) => 1,
                Some(
                    Symbol::FN
                    | Symbol::STRUCT
                    | Symbol::ENUM
                    | Symbol::TRAIT
                    | Symbol::IMPL
                    | Symbol::MOD,
                ) => return true,
                _ => return false,
            };
        }
    }

    fn block_extent(&self, at: usize, end: usize) -> usize {
        let has_head = [Symbol::IF, Symbol::WHILE, Symbol::MATCH, Symbol::FOR];
        if has_head.iter().any(|word| self.tokens.is_word(at, *word)) {
            return self.chain_extent(at, end);
        }
        self.plain_extent(at, end)
    }

    fn plain_extent(&self, at: usize, end: usize) -> usize {
        let tokens = self.tokens;
        let mut here = at;
        while here < end && self.look() {
            match tokens.kind(here) {
                Kind::Sign(b',' | b';') => return here + 1,
                Kind::Sign(b'<') if self.opens_generics(here) => {
                    here = self.angle_close(here, end).unwrap_or(here) + 1;
                    continue;
                }
                Kind::Open(Bracket::Curly) if !self.goes_on(tokens.after(here), end) => {
                    return self.past_separator(tokens.after(here), end);
                }
                _ => {}
            }
            here = tokens.after(here);
        }
        end
    }

    fn past_separator(&self, at: usize, end: usize) -> usize {
        let separated = at < end && matches!(self.tokens.kind(at), Kind::Sign(b',' | b';'));
        if separated { at + 1 } else { at.min(end) }
    }

    /// The index behind `if … { … } else if … { … } else { … }`, or `match` or a loop.
    fn chain_extent(&self, at: usize, end: usize) -> usize {
        let tokens = self.tokens;
        let mut here = at;
        while self.look() {
            let Some(block) = self.block(here + 1, end) else {
                return end;
            };
            here = tokens.after(block);
            if tokens.is_word(here, Symbol::ELSE) && here < end {
                if !self.opens_block(here + 1, end) {
                    here += 1;
                    continue;
                }
                here = tokens.after(here + 1);
            }
            break;
        }
        if self.goes_on(here, end) {
            self.plain_extent(here, end)
        } else {
            self.past_separator(here, end)
        }
    }

    fn opens_block(&self, at: usize, end: usize) -> bool {
        at < end && self.tokens.kind(at) == Kind::Open(Bracket::Curly)
    }

    /// The block behind the head of an `if`, `while`, `for` or `match`, past the blocks that the head
    /// itself holds: `if let Some(x) = unsafe { … } { … }`.
    pub(super) fn block(&self, at: usize, end: usize) -> Option<usize> {
        let tokens = self.tokens;
        let heads = [
            Symbol::IF,
            Symbol::MATCH,
            Symbol::WHILE,
            Symbol::UNSAFE,
            Symbol::ASYNC,
            Symbol::LOOP,
        ];
        let mut inner = 0usize;
        self.find(at..end, |here| {
            if let Some(word) = tokens.symbol(here) {
                let after_else = here > at && tokens.is_word(here - 1, Symbol::ELSE);
                inner += usize::from(heads.contains(&word) && !after_else);
            }
            if !self.opens_block(here, end) {
                return false;
            }
            let operand = here > at
                && (matches!(tokens.kind(here - 1), Kind::Sign(b'=' | b'&' | b'|' | b'!'))
                    || tokens.is_word(here - 1, Symbol::ELSE)
                    || tokens.is_word(here - 1, Symbol::MOVE));
            let own = inner == 0 && !operand;
            inner = inner.saturating_sub(1);
            own
        })
    }

    /// Whether the token behind a `}` continues what the `}` belongs to.
    fn goes_on(&self, at: usize, end: usize) -> bool {
        if at >= end {
            return false;
        }
        match self.tokens.kind(at) {
            Kind::FatArrow | Kind::Dots => true,
            Kind::Sign(sign) => matches!(
                sign,
                b'.' | b'?' | b'=' | b'+' | b'/' | b'%' | b'^' | b'>' | b'|'
            ),
            Kind::Name => {
                [Symbol::ELSE, Symbol::AS].iter().any(|word| self.tokens.is_word(at, *word))
                // `if let A { .. } | B = x {`, a guard behind a struct pattern.
                || self.tokens.is_word(at, Symbol::IF) && self.find(at..end, |at| self.tokens.kind(at) == Kind::FatArrow || self.tokens.is(at, b';')).is_some_and(|at| self.tokens.kind(at) == Kind::FatArrow)
            }
            _ => false,
        }
    }
}
