//! What keywords and closures declare inside bodies.

use std::ops::Range;

use super::Position;
use super::attributes;
use super::patterns;
use super::scan::Scan;
use super::symbols::Symbol;
use super::tokens::{Bracket, Kind};
use super::uses;

impl Scan<'_, '_, '_> {
    pub(super) fn keyword(&mut self, at: usize, symbol: Symbol) -> usize {
        let tokens = self.reader.tokens;
        match symbol {
            Symbol::LET => self.let_(at),
            Symbol::FOR => self.for_(at),
            Symbol::FN => self.function(at),
            Symbol::MATCH => {
                let body = self.reader.ahead.block(at + 1, self.group_end());
                self.matches.extend(body);
                if let Some((notes, body)) = self.reader.notes.as_mut().zip(body) {
                    notes.matches.push((tokens.inside(body), at + 1..body));
                }
                at + 1
            }
            Symbol::WHERE => {
                self.wheres = self.reader.ahead.tail(at, self.group_end()).0.end;
                at + 1
            }
            Symbol::USE => self.use_(at),
            Symbol::EXTERN if tokens.is_word(at + 1, Symbol::CRATE) => {
                if let Some(leaf) = uses::extern_crate(tokens, at + 2) {
                    let context = self.context.at(Position::Import);
                    self.reader.refer_leaf(&leaf, leaf.absolute, &context);
                }
                self.reader.ahead.semicolon(at, self.group_end())
            }
            Symbol::IMPL if self.begins_statement(at) => {
                self.bodies
                    .extend(self.reader.ahead.tail(at + 1, self.group_end()).1);
                self.declaration(at, at + 1)
            }
            Symbol::TRAIT if tokens.plain_name(at + 1).is_some() => {
                self.bodies
                    .extend(self.reader.ahead.tail(at + 1, self.group_end()).1);
                self.declaration(at, at + 2)
            }
            Symbol::ENUM if tokens.plain_name(at + 1).is_some() => {
                self.variants(at);
                self.declaration(at, at + 2)
            }
            Symbol::STRUCT | Symbol::TYPE | Symbol::MOD if tokens.plain_name(at + 1).is_some() => {
                self.declaration(at, at + 2)
            }
            symbol if symbol.is_path_keyword() => self.path(at, false),
            _ => at + 1,
        }
    }

    /// An item inside a body, whose generic parameters, if any, stand at `generics`.
    fn declaration(&mut self, at: usize, generics: usize) -> usize {
        let ahead = self.reader.ahead;
        let end = self.group_end();
        if ahead.tokens.is(generics, b'<') {
            let (inside, after) = ahead.generics(generics, end);
            let scope = at..ahead.tail(after, end).2;
            self.reader.bind_parameters(inside, &scope);
        }
        generics
    }

    /// The names of an enum's variants are no references.
    fn variants(&mut self, at: usize) {
        let (tokens, ahead) = (self.reader.tokens, self.reader.ahead);
        let Some(body) = ahead.tail(at, self.group_end()).1 else {
            return;
        };
        let mut at = tokens.inside(body).start;
        while at < tokens.inside(body).end {
            let (_, name) = attributes::outer(tokens, at, tokens.inside(body).end);
            self.reader.item.settled.insert(name);
            at = ahead.separator(name, tokens.inside(body).end) + 1;
        }
    }

    fn function(&mut self, at: usize) -> usize {
        let tokens = self.reader.tokens;
        if tokens.plain_name(at + 1).is_none() {
            return at + 1;
        }
        let signature = self.reader.ahead.signature(at, self.group_end());
        self.reader.bind_signature(&signature, at..signature.end);
        at + 2
    }

    fn use_(&mut self, at: usize) -> usize {
        let tokens = self.reader.tokens;
        if tokens.is(at + 1, b'<') {
            return at + 1;
        }
        let end = self.reader.ahead.semicolon(at + 1, self.group_end());
        let context = self.context.at(Position::Import);
        for leaf in uses::leaves(tokens, at + 1..end) {
            self.reader.refer_leaf(&leaf, false, &context);
        }
        end
    }

    /// Whether a statement begins at `at`, as far as what stands before it tells.
    fn begins_statement(&self, at: usize) -> bool {
        let tokens = self.reader.tokens;
        let behind = tokens.kind_before(at);
        at == self.range.start
            || matches!(
                behind,
                Kind::Open(Bracket::Curly)
                    | Kind::Close(Bracket::Curly | Bracket::Square)
                    | Kind::Sign(b';')
            )
            || tokens.is_word(at - 1, Symbol::UNSAFE)
    }

    fn let_(&mut self, at: usize) -> usize {
        let (tokens, ahead) = (self.reader.tokens, self.reader.ahead);
        let end = self.group_end();
        let stop = ahead.find(at + 1..end, |at| {
            matches!(tokens.kind(at), Kind::Sign(b'=' | b':' | b';'))
                || tokens.is_word(at, Symbol::ELSE)
        });
        let pattern = at + 1..stop.unwrap_or(end);
        let scope = if self.begins_statement(at) {
            ahead.semicolon(pattern.end, end)..end
        } else {
            let body = ahead.block(pattern.end, end);
            body.map_or(pattern.end..end, |body| body..tokens.close_of(body))
        };
        self.bind(pattern, scope);
        at + 1
    }

    fn for_(&mut self, at: usize) -> usize {
        let (tokens, ahead) = (self.reader.tokens, self.reader.ahead);
        let end = self.group_end();
        if tokens.is(at + 1, b'<') {
            return at + 1;
        }
        let ends = |at: usize| {
            tokens.is_word(at, Symbol::IN)
                || tokens.kind(at) == Kind::Open(Bracket::Curly)
                || tokens.is(at, b';')
        };
        // Else it is the `for` of an `impl`.
        let within = ahead
            .find(at + 1..end, ends)
            .filter(|at| tokens.is_word(*at, Symbol::IN));
        if let Some(within) = within {
            let body = ahead.block(within, end);
            self.bind(
                at + 1..within,
                body.map_or(within..end, |body| body..tokens.close_of(body)),
            );
        }
        at + 1
    }

    /// `|`, which may open the parameters of a closure.
    pub(super) fn bar(&mut self, at: usize) -> usize {
        let (tokens, ahead) = (self.reader.tokens, self.reader.ahead);
        if self.reader.item.settled.contains(&at) {
            return at + 1;
        }
        if at > self.range.start && self.ends_operand(at - 1) {
            // The second sign of `||` opens nothing either.
            let both = tokens.is(at + 1, b'|') && tokens.joined(at);
            return if both { at + 2 } else { at + 1 };
        }
        let end = self.group_end();
        let Some(close) = ahead.find(at + 1..end, |at| tokens.is(at, b'|') || tokens.is(at, b';'))
        else {
            return at + 1;
        };
        self.reader.item.settled.insert(close);
        let body = close + 1;
        let body_end = match tokens.kind(body) {
            Kind::Open(Bracket::Curly) => tokens.after(body),
            Kind::Arrow => ahead
                .find(body..end, |at| {
                    tokens.kind(at) == Kind::Open(Bracket::Curly)
                })
                .map_or(end, |body| tokens.after(body)),
            _ => ahead.separator(body, end),
        };
        for pattern in patterns::parameters(tokens, at + 1..close) {
            self.bind(pattern, close..body_end);
        }
        at + 1
    }

    /// Whether the token at `at` ends something that can stand before a binary operator.
    fn ends_operand(&self, at: usize) -> bool {
        let tokens = self.reader.tokens;
        match tokens.kind(at) {
            Kind::Name => tokens.symbol(at).is_some_and(|symbol| {
                !symbol.is_keyword()
                    || symbol.is_path_keyword()
                    || [
                        Symbol::TRUE,
                        Symbol::FALSE,
                        Symbol::AWAIT,
                        Symbol::UNDERSCORE,
                    ]
                    .contains(&symbol)
            }),
            Kind::Literal | Kind::Text | Kind::Close(_) | Kind::Sign(b'?') | Kind::Dots => true,
            _ => false,
        }
    }

    /// Binds the variables of match arms; in macros, those of `pattern = future => body`.
    pub(super) fn arms(&mut self, range: Range<usize>, of_macro: bool) {
        for arm in self.reader.ahead.arms(range) {
            let tokens = self.reader.tokens;
            let mut pattern = arm.pattern.clone();
            if of_macro {
                let sign = self
                    .reader
                    .ahead
                    .find(pattern.clone(), |at| tokens.is(at, b'='));
                pattern.end = sign.unwrap_or(pattern.end);
            }
            self.bind(pattern.clone(), pattern.start..arm.end);
        }
    }

    /// Binds the variables of a pattern for `scope`.
    fn bind(&mut self, pattern: Range<usize>, scope: Range<usize>) {
        self.reader.bind(pattern, scope);
    }
}
