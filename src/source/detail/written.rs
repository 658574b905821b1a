//! Types as they are written.

use std::ops::Range;
use std::sync::Arc;

use super::super::symbols::Symbol;
use super::super::tokens::{Bracket, Kind};
use super::body::Look;
use super::{Head, Meant, Written};

/// Types inside types beyond this are not read.
const DEPTH: usize = 12;

impl Look<'_, '_, '_> {
    /// The type that the tokens of `range` say.
    pub(super) fn written(&self, range: Range<usize>) -> Written {
        self.written_within(range, DEPTH)
    }

    fn written_within(&self, range: Range<usize>, depth: usize) -> Written {
        let mut heads = Vec::new();
        if depth > 0 && self.spend(range.len()) {
            for part in self.split(range, b'+') {
                heads.extend(self.head(part, depth));
            }
        }
        Written { heads }
    }

    fn head(&self, range: Range<usize>, depth: usize) -> Vec<Head> {
        let tokens = self.tokens;
        let mut at = range.start;
        while at < range.end {
            match tokens.kind(at) {
                Kind::Sign(b'&' | b'*' | b'?') | Kind::Lifetime | Kind::PathSep => at += 1,
                Kind::Name if tokens.is_word(at, Symbol::FOR) => {
                    at = self.ahead.generics(at + 1, range.end).1.max(at + 1);
                }
                Kind::Name => {
                    let symbol = tokens.symbol(at);
                    let passed = [Symbol::MUT, Symbol::DYN, Symbol::IMPL, Symbol::CONST];
                    if !symbol.is_some_and(|symbol| passed.contains(&symbol)) {
                        return self.named(at..range.end, depth);
                    }
                    at += 1;
                }
                Kind::Open(Bracket::Round) => {
                    let inside = tokens.inside(at);
                    let single = self.split(inside.clone(), b',').len() == 1;
                    return match single {
                        true => self.written_within(inside, depth - 1).heads,
                        false => Vec::new(),
                    };
                }
                Kind::Open(Bracket::Square) => {
                    let inside = tokens.inside(at);
                    let end = self.ahead.semicolon(inside.start, inside.end);
                    let element = self.written_within(inside.start..end, depth - 1);
                    return vec![Head {
                        name: "[]".into(),
                        meanings: Vec::new(),
                        arguments: vec![element],
                    }];
                }
                _ => break,
            }
        }
        Vec::new()
    }

    fn named(&self, range: Range<usize>, depth: usize) -> Vec<Head> {
        let tokens = self.tokens;
        let first = range.start;
        let mut last = first;
        while tokens.kind(last + 1) == Kind::PathSep
            && tokens.kind(last + 2) == Kind::Name
            && last + 2 < range.end
        {
            last += 2;
        }
        let Some(symbol) = tokens.symbol(last) else {
            return Vec::new();
        };
        if first == last && self.reader.is_parameter(symbol, first) {
            return self.bounds(symbol, depth);
        }
        if symbol.is_keyword() && symbol != Symbol::SELF_TYPE {
            return Vec::new();
        }
        vec![Head {
            name: self.text(symbol),
            meanings: self.meant(first),
            arguments: self.arguments(last + 1, range.end, depth),
        }]
    }

    /// The generic arguments that begin at `at`, if they do; of bindings what stands behind the `=`.
    pub(super) fn generic_arguments(&self, at: usize, end: usize) -> Vec<Written> {
        self.arguments(at, end, DEPTH)
    }

    fn arguments(&self, at: usize, end: usize, depth: usize) -> Vec<Written> {
        let open = match self.tokens.kind(at) {
            Kind::PathSep => at + 1,
            _ => at,
        };
        let (inside, after) = self.ahead.generics(open, end);
        if after == open || depth == 0 {
            return Vec::new();
        }
        let parts = self.split(inside, b',').into_iter();
        let parts = parts.filter(|part| self.tokens.kind(part.start) != Kind::Lifetime);
        parts
            .map(|part| {
                let assign = self.split(part.clone(), b'=');
                let last = assign.last().cloned().unwrap_or(part);
                self.written_within(last, depth - 1)
            })
            .collect()
    }

    /// What a generic parameter is bound by.
    fn bounds(&self, symbol: Symbol, depth: usize) -> Vec<Head> {
        let tokens = self.tokens;
        let mut heads = Vec::new();
        for range in &self.notes.bounds {
            if !self.spend(range.len()) {
                break;
            }
            for part in self.split(range.clone(), b',') {
                if tokens.is_word(part.start, symbol) && tokens.is(part.start + 1, b':') {
                    let bounds = part.start + 2..part.end;
                    heads.extend(self.written_within(bounds, depth - 1).heads);
                }
            }
        }
        heads
    }

    /// Parts of a range between signs that stand on its own level, outside generic arguments.
    pub(super) fn split(&self, range: Range<usize>, sign: u8) -> Vec<Range<usize>> {
        let tokens = self.tokens;
        let mut parts = Vec::new();
        let mut start = range.start;
        let mut angles = 0usize;
        let mut at = range.start;
        while at < range.end {
            match tokens.kind(at) {
                Kind::Sign(b'<') => angles += 1,
                Kind::Sign(b'>') => angles = angles.saturating_sub(1),
                Kind::Sign(other) if other == sign && angles == 0 => {
                    parts.push(start..at);
                    start = at + 1;
                }
                _ => {}
            }
            at = tokens.after(at);
        }
        if start < range.end {
            parts.push(start..range.end);
        }
        parts
    }

    /// What the path that begins at this token means.
    pub(super) fn meant(&self, first: usize) -> Vec<Meant> {
        let targets = self.notes.paths.get(&first);
        let targets = targets.map(Vec::as_slice).unwrap_or_default();
        targets
            .iter()
            .map(|target| Meant {
                krate: Arc::clone(&target.krate),
                path: Arc::clone(&target.path),
                certain: target.certain,
            })
            .collect()
    }

    pub(super) fn text(&self, symbol: Symbol) -> Arc<str> {
        self.tokens.name(symbol).into()
    }
}
