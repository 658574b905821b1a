//! Puts together what was noted of an item.

use std::ops::Range;
use std::sync::Arc;

use super::super::ahead::Ahead;
use super::super::entries::Entry;
use super::super::reader::Reader;
use super::super::symbols::Symbol;
use super::super::tokens::{Bracket, Kind, Tokens};
use super::recorder::{Noted, Recorder};
use super::{DetailedItem, Member, Place, Rest, Then, Use};
use crate::source::Item;

/// A look at the tokens of an item that was read.
pub(super) struct Look<'l, 'a, 't> {
    pub(super) reader: &'l Reader<'a, 't>,
    pub(super) tokens: &'a Tokens<'t>,
    pub(super) ahead: &'a Ahead<'a, 't>,
    pub(super) notes: &'l Recorder,
    /// The first token of the item.
    pub(super) low: usize,
}

impl<'a, 't> Reader<'a, 't> {
    /// What was noted of the item that was just read.
    pub(in crate::source) fn details(
        &self,
        notes: &Recorder,
        entry: &Entry,
        item: Item,
    ) -> DetailedItem {
        let look = Look {
            reader: self,
            tokens: self.tokens,
            ahead: self.ahead,
            notes,
            low: entry.whole.start,
        };
        let uses = notes.references.iter();
        let uses = uses
            .map(|(tokens, reference)| look.used(tokens, reference))
            .collect();
        let members = notes
            .members
            .iter()
            .map(|noted| look.member(noted))
            .collect();
        DetailedItem {
            uses,
            members,
            matches: look.matches(),
            declares: look.declared(entry, &item),
            implements: look.implements(entry),
            item: Arc::new(item),
        }
    }
}

impl Look<'_, '_, '_> {
    pub(super) fn spend(&self, tokens: usize) -> bool {
        self.ahead.spend(tokens)
    }

    pub(super) fn place(&self, at: usize) -> Place {
        self.reader.place(at)
    }

    fn used(&self, tokens: &[usize], reference: &super::Reference) -> Use {
        let mut found = Use {
            reference: reference.clone(),
            segments: Vec::new(),
            names: Vec::new(),
            arguments: None,
            then: Then::Other,
            fields: Vec::new(),
            rest: Rest::None,
            dynamic: false,
        };
        let (first, last) = match tokens {
            [only] => (*only, *only),
            several => {
                several.iter().for_each(|at| self.segment(*at, &mut found));
                return found;
            }
        };
        if self.tokens.kind(first) != Kind::Name {
            return found;
        }
        let absolute = usize::from(self.tokens.kind_before(first) == Kind::PathSep);
        let behind = first.checked_sub(absolute + 1);
        found.dynamic = behind.is_some_and(|at| self.tokens.is_word(at, Symbol::DYN));
        let mut at = last;
        self.segment(at, &mut found);
        while self.spend(1) {
            let next = match self.tokens.kind(at + 1) {
                Kind::PathSep if self.tokens.kind(at + 2) == Kind::Name => at + 2,
                Kind::PathSep => match self.ahead.generics(at + 2, self.tokens.len()).1 {
                    after if after > at + 2 && self.tokens.kind(after) == Kind::PathSep => {
                        after + 1
                    }
                    after if after > at + 2 => {
                        at = after - 1;
                        break;
                    }
                    _ => break,
                },
                _ => break,
            };
            if self.tokens.kind(next) != Kind::Name {
                break;
            }
            self.segment(next, &mut found);
            at = next;
        }
        match self.tokens.kind(at + 1) {
            Kind::Open(Bracket::Round) => {
                found.arguments = Some(self.count(at + 1));
                found.then = self.then(self.tokens.after(at + 1));
            }
            Kind::Open(Bracket::Curly) => self.fields(at + 1, &mut found),
            _ => {}
        }
        found
    }

    fn segment(&self, at: usize, found: &mut Use) {
        found.segments.push(self.place(at));
        found
            .names
            .extend(self.tokens.symbol(at).map(|symbol| self.text(symbol)));
    }

    /// How many arguments stand between the brackets at `open`.
    pub(super) fn count(&self, open: usize) -> usize {
        let Range { start: mut at, end } = self.tokens.inside(open);
        let mut count = 0;
        while at < end && self.spend(1) {
            count += 1;
            if self.tokens.is_word(at, Symbol::MOVE) {
                at += 1;
            }
            if self.tokens.is(at, b'|') {
                let bar = (at + 1..end).find(|at| self.tokens.is(*at, b'|'));
                at = bar.map_or(end, |bar| bar + 1);
            }
            at = self.ahead.separator(at, end) + 1;
        }
        count
    }

    /// The fields of a struct literal or pattern, if that is what stands between the brackets.
    fn fields(&self, open: usize, found: &mut Use) {
        let inside = self.tokens.inside(open);
        let mut at = inside.start;
        let mut fields = Vec::new();
        while at < inside.end && self.spend(1) {
            if self.tokens.kind(at) == Kind::Dots {
                found.rest = match at + 1 == inside.end {
                    true => Rest::Ignored,
                    false => Rest::Taken,
                };
                break;
            }
            while self.tokens.is_word(at, Symbol::REF) || self.tokens.is_word(at, Symbol::MUT) {
                at += 1;
            }
            if self.tokens.is(at, b'#') {
                at = self.tokens.after(at + 1);
                continue;
            }
            let Some(symbol) = self.tokens.plain_name(at) else {
                return;
            };
            let ends = at + 1 == inside.end;
            if !ends && !matches!(self.tokens.kind(at + 1), Kind::Sign(b':' | b',')) {
                return;
            }
            fields.push((self.text(symbol), self.place(at)));
            at = self.ahead.separator(at, inside.end) + 1;
        }
        found.fields = fields;
    }

    fn then(&self, at: usize) -> Then {
        match self.tokens.kind(at) {
            Kind::Sign(b'?') => Then::Try,
            Kind::Sign(b'.') if self.tokens.is_word(at + 1, Symbol::AWAIT) => Then::Await,
            Kind::Sign(b'.') => Then::Member,
            _ => Then::Other,
        }
    }

    fn member(&self, noted: &Noted) -> Member {
        let tokens = self.tokens;
        let at = noted.at;
        let mut open = at + 1;
        if tokens.kind(open) == Kind::PathSep {
            open = self.ahead.generics(open + 1, tokens.len()).1;
        }
        let called = tokens.kind(open) == Kind::Open(Bracket::Round);
        let behind = if called { tokens.after(open) } else { at + 1 };
        Member {
            name: tokens
                .symbol(at)
                .map(|symbol| self.text(symbol))
                .unwrap_or_else(|| "".into()),
            arguments: called.then(|| self.count(open)),
            receiver: self.before(at - 1, self.low),
            then: self.then(behind),
            inside: noted.inside.map(|inside| self.text(inside)),
            cfg: Arc::clone(&noted.cfg),
            place: self.place(at),
        }
    }
}
