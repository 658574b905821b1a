//! Finds paths and method calls in a stretch of tokens: a body, a type, what a macro is given.
//!
//! One pass from left to right. Code inside macros is read like any other code, which is what it
//! nearly always is.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::attributes;
use super::blocks::Block;
use super::cfg::Cfg;
use super::detail::Noted;
use super::meaning::Space;
use super::reader::{Context, Reader, Spelling};
use super::symbols::Symbol;
use super::tokens::{Bracket, Kind};

/// Conditions inside one another beyond this are not added up.
const CONDITIONS: usize = 64;
/// Paths of more segments are not looked up.
const SEGMENTS: usize = 64;

pub(super) struct Scan<'r, 'a, 't> {
    pub(super) reader: &'r mut Reader<'a, 't>,
    pub(super) context: Context,
    pub(super) range: Range<usize>,
    /// Closing brackets of the groups around the current token.
    groups: Vec<usize>,
    /// Conditions in force: where each ends, and what held before it.
    conditions: Vec<(usize, Arc<Cfg>)>,
    /// Branches of `cfg_if!` ahead, by their first token.
    branches: HashMap<usize, (usize, Cfg)>,
    /// Brackets ahead that open the body of a `match`.
    pub(super) matches: HashSet<usize>,
    /// Brackets ahead that open the body of an `impl` or trait, whose functions are no names.
    pub(super) bodies: HashSet<usize>,
    /// Brackets that open the arguments of a macro with arms.
    arguments: Option<usize>,
    /// The end of the current `where` clause.
    pub(super) wheres: usize,
    in_attribute: bool,
}

impl<'a, 't> Reader<'a, 't> {
    /// Records what the tokens of `range` refer to.
    pub(super) fn scan(&mut self, range: Range<usize>, context: &Context) {
        self.scan_within(range, context, false);
    }

    /// As [`Self::scan`], for bounds: a name before `:` is a type there.
    pub(super) fn scan_bounds(&mut self, range: Range<usize>, context: &Context) {
        if let Some(notes) = &mut self.notes {
            notes.bounds.push(range.clone());
        }
        let mut scan = Scan::new(self, range.clone(), context, false);
        scan.wheres = range.end;
        scan.run();
    }

    pub(super) fn scan_within(
        &mut self,
        range: Range<usize>,
        context: &Context,
        in_attribute: bool,
    ) {
        if !range.is_empty() {
            Scan::new(self, range, context, in_attribute).run();
        }
    }
}

impl<'r, 'a, 't> Scan<'r, 'a, 't> {
    fn new(
        reader: &'r mut Reader<'a, 't>,
        range: Range<usize>,
        context: &Context,
        in_attribute: bool,
    ) -> Self {
        Scan {
            reader,
            context: context.clone(),
            wheres: range.start,
            range,
            groups: Vec::new(),
            conditions: Vec::new(),
            branches: HashMap::new(),
            matches: HashSet::new(),
            bodies: HashSet::new(),
            arguments: None,
            in_attribute,
        }
    }

    fn run(&mut self) {
        let outer_blocks = self.reader.item.blocks.len();
        let mut at = self.range.start;
        while at < self.range.end {
            self.end_conditions(at);
            let next = match self.reader.tokens.kind(at) {
                Kind::Name => self.name(at),
                Kind::PathSep => self.separator(at),
                Kind::Open(bracket) => self.open(at, bracket),
                Kind::Close(_) => self.close(at),
                Kind::Sign(b'#') if !self.in_attribute => self.hash(at),
                Kind::Sign(b'|') => self.bar(at),
                _ => at + 1,
            };
            at = next.max(at + 1);
        }
        self.reader.item.blocks.truncate(outer_blocks);
    }

    /// The end of the innermost group around the current token.
    pub(super) fn group_end(&self) -> usize {
        self.groups
            .last()
            .copied()
            .unwrap_or(self.range.end)
            .min(self.range.end)
    }

    fn add_condition(&mut self, end: usize, cfg: &Cfg) {
        if *cfg == Cfg::Always || self.conditions.len() >= CONDITIONS {
            return;
        }
        let joined = self.reader.cfg(self.context.cfg.and(cfg));
        let before = std::mem::replace(&mut self.context.cfg, joined);
        self.conditions.push((end, before));
    }

    fn end_conditions(&mut self, at: usize) {
        while self.conditions.last().is_some_and(|(end, _)| *end <= at) {
            if let Some((_, before)) = self.conditions.pop() {
                self.context.cfg = before;
            }
        }
    }

    fn open(&mut self, at: usize, bracket: Bracket) -> usize {
        let tokens = self.reader.tokens;
        let close = tokens.close_of(at);
        if bracket == Bracket::Curly {
            if !self.bodies.remove(&at) {
                self.enter_block(at, close);
            }
            if self.matches.remove(&at) {
                self.arms(at + 1..close, false);
            }
        }
        if self.arguments.take_if(|open| *open == at).is_some() {
            self.arms(at + 1..close, true);
        }
        self.groups.push(close);
        if let Some((end, cfg)) = self.branches.remove(&(at + 1)) {
            self.add_condition(end, &cfg);
        }
        at + 1
    }

    fn enter_block(&mut self, at: usize, close: usize) {
        let declaring = &self.reader.declaring;
        let next = declaring.get(declaring.partition_point(|keyword| *keyword <= at));
        if next.is_some_and(|next| *next < close) {
            let block = Block::new(self.reader.tokens, at + 1..close);
            if !block.is_empty() {
                self.reader.item.blocks.push(block);
            }
        }
    }

    fn close(&mut self, at: usize) -> usize {
        self.groups.pop();
        while self
            .reader
            .item
            .blocks
            .last()
            .is_some_and(|block| block.close <= at)
        {
            self.reader.item.blocks.pop();
        }
        at + 1
    }

    fn hash(&mut self, at: usize) -> usize {
        let tokens = self.reader.tokens;
        let end = self.group_end();
        let (inner, after) = attributes::inner(tokens, at, end);
        if after > at {
            self.reader.attributes(&inner, &self.context);
            self.add_condition(end, &attributes::condition(tokens, &inner));
            return after;
        }
        let (outer, after) = attributes::outer(tokens, at, end);
        if self.reader.item.settled.contains(&at) {
            return after;
        }
        if after > at {
            let cfg = attributes::condition(tokens, &outer);
            if cfg != Cfg::Always {
                let extent = self.reader.ahead.extent(after, end);
                self.add_condition(extent, &cfg);
            }
            let context = self.context.clone();
            self.reader.attributes(&outer, &context);
            return after;
        }
        // `#name` in `quote!` stands for something else.
        if tokens.kind(at + 1) == Kind::Name {
            at + 2
        } else {
            at + 1
        }
    }

    /// `::` that begins a path.
    fn separator(&mut self, at: usize) -> usize {
        let tokens = self.reader.tokens;
        let before = at.checked_sub(1).and_then(|at| tokens.symbol(at));
        let goes_on = before.is_some_and(|symbol| !symbol.is_keyword() || symbol.is_path_keyword());
        if (goes_on && at > self.range.start)
            || self.reader.item.settled.contains(&at)
            || tokens.kind(at + 1) != Kind::Name
        {
            return at + 1;
        }
        self.path(at + 1, true)
    }

    fn name(&mut self, at: usize) -> usize {
        let tokens = self.reader.tokens;
        let Some(symbol) = tokens.symbol(at) else {
            return at + 1;
        };
        match tokens.kind_before(at) {
            Kind::Sign(b'.') if at > self.range.start => return self.member(at, symbol),
            // The rest of a path that was read from its beginning.
            Kind::PathSep if at > self.range.start => return at + 1,
            // `$name` and `$name:kind` in a macro; `$crate` is the crate.
            Kind::Sign(b'$') if symbol != Symbol::CRATE => {
                let kind = tokens.is(at + 1, b':') && tokens.kind(at + 2) == Kind::Name;
                return if kind { at + 3 } else { at + 1 };
            }
            _ => {}
        }
        if symbol.is_keyword() {
            return self.keyword(at, symbol);
        }
        let names_something =
            (tokens.is(at + 1, b':') && at >= self.wheres) || self.is_binding(at, symbol);
        if names_something || self.reader.item.settled.contains(&at) {
            return at + 1;
        }
        self.path(at, false)
    }

    /// `Item` in `Iterator<Item = T>` and `Iterator<Item: Bound>`.
    fn is_binding(&self, at: usize, symbol: Symbol) -> bool {
        let tokens = self.reader.tokens;
        let before = tokens.kind_before(at);
        // Behind a comma, a bound may be the next one of a `where` clause.
        let bound = tokens.is(at + 1, b':') && before == Kind::Sign(b'<');
        let value = tokens.is(at + 1, b'=') && matches!(before, Kind::Sign(b'<' | b','));
        (bound || value) && tokens.name(symbol).starts_with(|c: char| c.is_uppercase())
    }

    /// A name behind a dot.
    fn member(&mut self, at: usize, symbol: Symbol) -> usize {
        let tokens = self.reader.tokens;
        let called = match tokens.kind(at + 1) {
            Kind::Open(Bracket::Round) => true,
            Kind::PathSep => tokens.is(at + 2, b'<'),
            _ => false,
        };
        if called && !symbol.is_keyword() {
            self.reader.call(symbol, at, &self.context);
        }
        if let Some(notes) = self.reader.notes.as_mut().filter(|_| !symbol.is_keyword()) {
            notes.members.push(Noted {
                at,
                inside: self.context.method,
                cfg: Arc::clone(&self.context.cfg),
            });
        }
        at + 1
    }

    /// Reads the path whose first name stands at `at`, and records it.
    pub(super) fn path(&mut self, at: usize, absolute: bool) -> usize {
        let tokens = self.reader.tokens;
        let mut segments: Vec<Symbol> = tokens.symbol(at).into_iter().collect();
        let plain_end = self.segments(at + 1, &mut segments, true);
        if segments.len() > SEGMENTS {
            return plain_end;
        }
        let mut here = self.segments(plain_end, &mut segments, false);
        let first = if absolute { at.saturating_sub(1) } else { at };
        // `<T as Trait<U>>::name`.
        let close = self
            .reader
            .ahead
            .angle_close(here, self.range.end)
            .map_or(here, |close| close + 1);
        let goes_on = tokens.is(close, b'>') && tokens.kind(close + 1) == Kind::PathSep;
        if goes_on && close < self.range.end && self.is_qualified(first) {
            // What follows is no path of its own.
            self.reader.item.settled.insert(close + 1);
            here = self.segments(close + 1, &mut segments, false);
        }
        let called =
            tokens.is(here, b'!') && matches!(tokens.kind(here + 1), Kind::Open(_) | Kind::Name);
        let space = if called { Space::Macro } else { Space::Any };
        let next = if called {
            self.macro_call(&segments, here + 1)
        } else {
            plain_end
        };
        self.reader
            .refer(Spelling::new(absolute, segments, space), at, &self.context);
        next.max(plain_end).min(self.range.end.max(at + 1))
    }

    /// Reads further segments from `at`; returns the index behind them. Skips generic arguments
    /// between segments unless `plain`.
    fn segments(&mut self, mut at: usize, segments: &mut Vec<Symbol>, plain: bool) -> usize {
        let (tokens, ahead) = (self.reader.tokens, self.reader.ahead);
        let end = self.range.end;
        loop {
            if tokens.kind(at) == Kind::PathSep && tokens.kind(at + 1) == Kind::Name && at + 1 < end
            {
                segments.extend(tokens.symbol(at + 1));
                at += 2;
                continue;
            }
            if plain || at >= end {
                return at;
            }
            let open = if tokens.kind(at) == Kind::PathSep {
                at + 1
            } else {
                at
            };
            match ahead.angle_close(open, end) {
                Some(close)
                    if tokens.kind(close + 1) == Kind::PathSep
                        && tokens.kind(close + 2) == Kind::Name =>
                {
                    at = close + 1;
                    self.reader.item.settled.insert(at);
                }
                _ => return at,
            }
        }
    }

    /// Whether the path that begins at `first` is the trait or type of `<T as Trait>::name`.
    fn is_qualified(&self, first: usize) -> bool {
        let tokens = self.reader.tokens;
        let Some(before) = first.checked_sub(1) else {
            return false;
        };
        let opens = tokens.is(before, b'<')
            && !matches!(tokens.kind_before(before), Kind::PathSep)
            && before
                .checked_sub(1)
                .is_none_or(|at| tokens.plain_name(at).is_none());
        tokens.is_word(before, Symbol::AS) || opens
    }

    /// Prepares for what a macro is given; `open` is what follows its `!`.
    fn macro_call(&mut self, segments: &[Symbol], open: usize) -> usize {
        let tokens = self.reader.tokens;
        let name = segments
            .last()
            .map(|symbol| tokens.name(*symbol))
            .unwrap_or_default();
        // `macro_rules! name { … }`.
        let open = if tokens.kind(open) == Kind::Name {
            open + 1
        } else {
            open
        };
        if matches!(name, "cfg_if" | "cfg_select") {
            // The conditions of its branches are theirs alone.
            self.reader.ahead.find(tokens.inside(open), |at| {
                if tokens.is(at, b'#') && tokens.is_word(at - 1, Symbol::IF) {
                    self.reader.item.settled.insert(at);
                }
                false
            });
            for (branch, cfg) in attributes::branches(tokens, tokens.inside(open)) {
                self.branches.insert(branch.start, (branch.end, cfg));
            }
        } else if matches!(tokens.kind(open), Kind::Open(_)) {
            self.arguments = Some(open);
        }
        open
    }
}
