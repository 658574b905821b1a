//! Where the value of an expression comes from: a chain that begins with a path or a variable.

use std::ops::Range;
use std::sync::Arc;

use super::super::symbols::Symbol;
use super::super::tokens::{Bracket, Kind};
use super::body::Look;
use super::recorder::Binding;
use super::{Origin, Root, Step};

/// Variables that stand for variables, and parentheses, beyond this are not followed.
const DEPTH: usize = 24;
/// Variables of one name side by side that are looked at.
const BESIDE: usize = 64;
/// Longer chains are not followed.
const STEPS: usize = 96;

impl Look<'_, '_, '_> {
    /// Of what stands before the `.` at `dot`.
    pub(super) fn before(&self, dot: usize, low: usize) -> Origin {
        self.before_within(dot, low, DEPTH)
    }

    fn before_within(&self, dot: usize, low: usize, depth: usize) -> Origin {
        match self.start(dot, low) {
            Some(start) => self.origin(start..dot, depth),
            None => Origin::default(),
        }
    }

    /// Where the operand begins that ends before `end`: a path, a call, and what is asked of it.
    fn start(&self, end: usize, low: usize) -> Option<usize> {
        let tokens = self.tokens;
        let mut at = end;
        while at > low && self.spend(1) {
            let last = at - 1;
            match tokens.kind(last) {
                Kind::Close(bracket) => {
                    at = tokens.token(last).data as usize;
                    let before = tokens.kind_before(at);
                    let goes_on = match before {
                        Kind::Name => self.ends_operand(at - 1),
                        Kind::Close(_) | Kind::Sign(b'?') => bracket != Bracket::Curly,
                        Kind::Sign(b'>') => self.turbofish(at - 1, low).is_some(),
                        Kind::Sign(b'!') => true,
                        _ => false,
                    };
                    if bracket == Bracket::Curly && !(goes_on && before == Kind::Name) {
                        return None;
                    }
                    if !goes_on || at <= low {
                        return Some(at);
                    }
                    if before == Kind::Sign(b'!') {
                        at -= 1;
                    }
                }
                Kind::Sign(b'?') => at = last,
                Kind::Sign(b'>') => at = self.turbofish(last, low)?,
                Kind::Name => {
                    at = last;
                    match tokens.kind_before(at) {
                        Kind::Sign(b'.') => at -= 1,
                        Kind::PathSep if at >= 2 && tokens.kind(at - 2) == Kind::Name => at -= 1,
                        Kind::PathSep if tokens.kind_before(at - 1) == Kind::Sign(b'>') => {
                            // `Type::<T>::name`; `<T as Trait>::name` has no name before it.
                            at = self.turbofish(at - 2, low)?;
                        }
                        _ => return Some(at),
                    }
                }
                Kind::PathSep => at = last,
                Kind::Text | Kind::Literal => return Some(last),
                _ => return None,
            }
        }
        None
    }

    /// For the `>` at `close` of `name::<…>`, the index of the `::`.
    fn turbofish(&self, close: usize, low: usize) -> Option<usize> {
        let tokens = self.tokens;
        let mut depth = 0usize;
        let mut at = close;
        while at > low && self.spend(1) {
            match tokens.kind(at) {
                Kind::Sign(b'>') => depth += 1,
                Kind::Sign(b'<') => {
                    depth -= 1;
                    if depth == 0 {
                        return match tokens.kind_before(at) {
                            Kind::PathSep => Some(at - 1),
                            Kind::Name => Some(at),
                            _ => None,
                        };
                    }
                }
                Kind::Close(_) => at = tokens.token(at).data as usize,
                Kind::Sign(b';') => return None,
                _ => {}
            }
            at -= 1;
        }
        None
    }

    fn ends_operand(&self, at: usize) -> bool {
        let symbol = self.tokens.symbol(at);
        symbol.is_some_and(|symbol| !symbol.is_keyword() || symbol.is_path_keyword())
    }

    /// Of the expression that the tokens of `range` say.
    pub(super) fn origin(&self, range: Range<usize>, depth: usize) -> Origin {
        if depth == 0 || !self.spend(1) {
            return Origin::default();
        }
        let tokens = self.tokens;
        let mut at = range.start;
        while at < range.end
            && (matches!(tokens.kind(at), Kind::Sign(b'&' | b'*'))
                || tokens.is_word(at, Symbol::MUT))
        {
            at += 1;
        }
        let Some((mut origin, mut at)) = self.primary(at, range.end, depth) else {
            return Origin::default();
        };
        while at < range.end && origin.steps.len() < STEPS && self.spend(1) {
            match tokens.kind(at) {
                Kind::Sign(b'.') if tokens.is_word(at + 1, Symbol::AWAIT) => {
                    origin.steps.push(Step::Await);
                    at += 2;
                }
                Kind::Sign(b'.') => {
                    let Some(symbol) = tokens.plain_name(at + 1) else {
                        return Origin::default();
                    };
                    let name = self.text(symbol);
                    let open = self.behind_turbofish(at + 2, range.end);
                    let called = tokens.kind(open) == Kind::Open(Bracket::Round);
                    origin.steps.push(match called && open < range.end {
                        true if name.starts_with("downcast") => {
                            let types = self.generic_arguments(at + 2, range.end);
                            Step::Cast(types.into_iter().next().unwrap_or_default())
                        }
                        true => Step::Method(name),
                        false => Step::Field(name),
                    });
                    at = if called { tokens.after(open) } else { at + 2 };
                }
                Kind::Sign(b'?') => {
                    origin.steps.push(Step::Try);
                    at += 1;
                }
                Kind::Open(Bracket::Square) => {
                    origin.steps.push(Step::Element);
                    at = tokens.after(at);
                }
                // An operator, whose result is something else.
                _ => return Origin::default(),
            }
        }
        origin
    }

    fn behind_turbofish(&self, at: usize, end: usize) -> usize {
        match self.tokens.kind(at) {
            Kind::PathSep => self.ahead.generics(at + 1, end).1,
            _ => at,
        }
    }

    /// What a chain begins with, and the index behind it.
    fn primary(&self, at: usize, end: usize, depth: usize) -> Option<(Origin, usize)> {
        let tokens = self.tokens;
        match tokens.kind(at) {
            Kind::Text | Kind::Literal => Some((Root::Plain.into(), at + 1)),
            Kind::Open(Bracket::Round) => {
                let inside = tokens.inside(at);
                Some((self.origin(inside, depth - 1), tokens.after(at)))
            }
            Kind::PathSep => self.path(at + 1, end, depth),
            Kind::Name => self.path(at, end, depth),
            _ => None,
        }
    }

    fn path(&self, first: usize, end: usize, depth: usize) -> Option<(Origin, usize)> {
        let tokens = self.tokens;
        let symbol = tokens.symbol(first)?;
        let mut arguments = Vec::new();
        let mut at = first + 1;
        let mut last = first;
        while tokens.kind(at) == Kind::PathSep && at < end {
            if tokens.kind(at + 1) == Kind::Name {
                last = at + 1;
                at += 2;
                continue;
            }
            let after = self.ahead.generics(at + 1, end).1;
            if after == at + 1 {
                break;
            }
            arguments = self.generic_arguments(at, end);
            at = after;
        }
        if last == first && symbol == Symbol::SELF_VALUE {
            return Some((Root::Own.into(), at));
        }
        if symbol.is_keyword() && !symbol.is_path_keyword() {
            return None;
        }
        if last == first
            && self.reader.is_variable(symbol, first)
            && !matches!(
                tokens.kind(at),
                Kind::Open(Bracket::Round) | Kind::Sign(b'!')
            )
        {
            return Some((self.variable(symbol, first, depth), at));
        }
        let meanings = self.meant(first);
        let name = self.text(tokens.symbol(last)?);
        let is_type = name.starts_with(|c: char| c.is_uppercase());
        let (called, after) = match tokens.kind(at) {
            Kind::Open(Bracket::Round) if at < end => (true, tokens.after(at)),
            Kind::Open(Bracket::Curly) if at < end && is_type => (false, tokens.after(at)),
            Kind::Sign(b'!') if matches!(tokens.kind(at + 1), Kind::Open(_)) => {
                let inside = tokens.inside(at + 1);
                let of = Box::new(self.origin(inside, depth - 1));
                return Some((Root::Named { name, of }.into(), tokens.after(at + 1)));
            }
            _ => (false, at),
        };
        if meanings.is_empty() {
            let of = match called {
                true => self.origin(tokens.inside(at), depth - 1),
                false => Origin::default(),
            };
            // `Arc::new(x)`: of the standard library, where nothing is known of the name.
            let owner = tokens.symbol(first).filter(|_| last != first);
            let name = owner.map_or(name.clone(), |owner| {
                Arc::from(format!("{}::{name}", tokens.name(owner)))
            });
            return Some((
                Root::Named {
                    name,
                    of: Box::new(of),
                }
                .into(),
                after,
            ));
        }
        let root = Root::Path {
            meanings,
            called,
            arguments,
        };
        Some((root.into(), after))
    }

    fn variable(&self, symbol: Symbol, at: usize, depth: usize) -> Origin {
        // In the order of their places; the last in force hides the others.
        let bindings = self
            .notes
            .bindings
            .get(&symbol)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let before = bindings.partition_point(|binding| binding.at < at);
        let mut nearest = bindings[..before].iter().rev().take(BESIDE);
        let binding = nearest.find(|binding| binding.scope.contains(&at));
        binding.map_or_else(Origin::default, |binding| self.bound(binding, depth - 1))
    }

    /// What a pattern binds a variable to.
    fn bound(&self, binding: &Binding, depth: usize) -> Origin {
        let tokens = self.tokens;
        let Some(unwraps) = self.shape(binding) else {
            return Origin::default();
        };
        let end = binding.pattern.end;
        let value = end + 1..binding.scope.start.max(end + 1);
        let mut origin = match tokens.kind(end) {
            Kind::Sign(b':') => {
                let stop = self.type_end(end + 1);
                let written = self.written(end + 1..stop);
                if written.heads.is_empty() && tokens.is(stop, b'=') {
                    self.origin(stop + 1..value.end.max(stop + 1), depth)
                } else {
                    Root::Typed(written).into()
                }
            }
            Kind::Sign(b'=') => self.origin(value, depth),
            Kind::Name if tokens.is_word(end, Symbol::IN) => {
                let mut origin = self.origin(value, depth);
                origin.steps.push(Step::Element);
                origin
            }
            Kind::Sign(b'|' | b',') => self.handed(binding, depth),
            Kind::FatArrow | Kind::Name => self.matched(binding, depth),
            _ => Origin::default(),
        };
        if unwraps {
            origin.steps.push(Step::Try);
        }
        origin
    }

    /// Whether a pattern is `Some(x)` or `Ok(x)` rather than `x`; nothing where it is neither.
    fn shape(&self, binding: &Binding) -> Option<bool> {
        let tokens = self.tokens;
        let words: Vec<usize> = binding
            .pattern
            .clone()
            .filter(|at| {
                !tokens.is_word(*at, Symbol::MUT)
                    && !tokens.is_word(*at, Symbol::REF)
                    && !tokens.is(*at, b'&')
            })
            .take(5)
            .collect();
        match words.as_slice() {
            [name] if *name == binding.at => Some(false),
            [wrap, _, name, _] if *name == binding.at => {
                let wraps = tokens.is_named(*wrap, "Some") || tokens.is_named(*wrap, "Ok");
                wraps.then_some(true)
            }
            _ => None,
        }
    }

    /// The index behind the type that begins at `at`.
    fn type_end(&self, at: usize) -> usize {
        let tokens = self.tokens;
        let mut angles = 0usize;
        let mut here = at;
        while self.spend(1) {
            match tokens.kind(here) {
                Kind::Sign(b'<') => angles += 1,
                Kind::Sign(b'>') => angles = angles.saturating_sub(1),
                Kind::Sign(b',' | b';' | b'|') if angles == 0 => break,
                Kind::Sign(b'=') if angles == 0 => break,
                Kind::Close(_) | Kind::End => break,
                _ => {}
            }
            here = tokens.after(here);
        }
        here
    }

    /// What the method hands its closure of which the binding is a parameter.
    fn handed(&self, binding: &Binding, depth: usize) -> Origin {
        let tokens = self.tokens;
        let Some(mut bar) = binding.pattern.start.checked_sub(1) else {
            return Origin::default();
        };
        if bar > 0 && tokens.is_word(bar - 1, Symbol::MOVE) {
            bar -= 1;
        }
        let Some(open) = bar.checked_sub(1) else {
            return Origin::default();
        };
        let method = open.checked_sub(1).and_then(|at| tokens.plain_name(at));
        let Some(method) = method.filter(|_| {
            tokens.kind(open) == Kind::Open(Bracket::Round) && open > 1 && tokens.is(open - 2, b'.')
        }) else {
            return Origin::default();
        };
        let mut origin = self.before_within(open - 2, self.low, depth);
        origin.steps.push(Step::Handed(self.text(method)));
        origin
    }

    /// What the `match` around an arm looks at.
    fn matched(&self, binding: &Binding, depth: usize) -> Origin {
        let around = self.notes.matches.iter();
        let around = around.filter(|(body, _)| body.contains(&binding.pattern.start));
        match around.max_by_key(|(body, _)| body.start) {
            Some((_, scrutinee)) => self.origin(scrutinee.clone(), depth),
            None => Origin::default(),
        }
    }
}

impl From<Root> for Origin {
    fn from(root: Root) -> Self {
        Origin {
            root,
            steps: Vec::new(),
        }
    }
}
