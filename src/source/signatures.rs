//! Which parts of an item are its signature: what a caller hands in and gets out.

use std::ops::Range;
use std::sync::Arc;

use super::Position;
use super::ahead::Signature;
use super::attributes;
use super::entries::{self, Entry, EntryKind};
use super::meaning::Space;
use super::reader::{Context, Reader, Spelling};
use super::shapes::beyond_generics;
use super::symbols::Symbol;
use super::tokens::{Bracket, Kind};

impl Reader<'_, '_> {
    /// A free function, or one of an `impl` or trait.
    pub(super) fn function(&mut self, entry: &Entry, public: bool, context: &Context) {
        let signature = self.ahead.signature(entry.head, entry.whole.end);
        self.bind_signature(&signature, entry.whole.clone());
        let taken = context.at(if public {
            Position::Taken
        } else {
            Position::Body
        });
        let given = context.at(if public {
            Position::Given
        } else {
            Position::Body
        });
        let Signature {
            generics,
            parameters,
            output,
            wheres,
            body,
            end,
        } = signature;
        self.scan_bounds(generics, &taken);
        self.scan(parameters, &taken);
        self.scan(output, &given);
        self.scan_bounds(wheres, &taken);
        // With its brackets, so that what the body declares is found.
        self.scan(body.unwrap_or(end)..end, context);
    }

    /// The generic parameters and `where` clause of a type or trait; returns its body, if it has one.
    fn header(&mut self, entry: &Entry, taken: &Context) -> Option<usize> {
        let start = entry.name.map_or(entry.head, |name| name) + 1;
        let (generics, mut after) = self.ahead.generics(start, entry.whole.end);
        self.bind_parameters(generics.clone(), &entry.whole);
        self.scan_bounds(generics, taken);
        // The fields of a tuple struct stand before its `where`.
        let tuple = (self.tokens.kind(after) == Kind::Open(Bracket::Round)).then_some(after);
        if tuple.is_some() {
            after = self.tokens.after(after);
        }
        let (wheres, body, _) = self.ahead.tail(after, entry.whole.end);
        self.scan_bounds(wheres, taken);
        tuple.or(body)
    }

    pub(super) fn structure(&mut self, entry: &Entry, context: &Context) {
        let taken = context.at(if entry.public() {
            Position::Taken
        } else {
            Position::Body
        });
        self.item.own_type = self.named(entry);
        if let Some(body) = self.header(entry, &taken) {
            self.fields(self.tokens.inside(body), entry.public(), context);
        }
    }

    /// The fields of a struct: a public one of a public struct can be set from outside.
    fn fields(&mut self, range: Range<usize>, public: bool, context: &Context) {
        let mut at = range.start;
        while at < range.end {
            let (attributes, start) = attributes::outer(self.tokens, at, range.end);
            let own = attributes::condition(self.tokens, &attributes);
            let cfg = self.cfg(context.cfg.and(&own));
            let context = Context {
                cfg,
                ..context.clone()
            };
            self.attributes(&attributes, &context);
            let end = self.field_end(start, range.end);
            let open = self.tokens.is_word(start, Symbol::PUB)
                && !(self.tokens.kind(start + 1) == Kind::Open(Bracket::Round)
                    && self
                        .tokens
                        .symbol(start + 2)
                        .is_some_and(Symbol::is_keyword));
            let position = if public && open {
                Position::Taken
            } else {
                Position::Body
            };
            self.scan(start..end, &context.at(position));
            at = end.max(start) + 1;
        }
    }

    /// The index of the comma behind a field, past those among generic arguments.
    fn field_end(&self, at: usize, end: usize) -> usize {
        beyond_generics(self.tokens, at..end, b',').unwrap_or(end)
    }

    /// The index of the `=` behind a type or its bounds, past those among generic arguments.
    fn assign(&self, at: usize, end: usize) -> usize {
        beyond_generics(self.tokens, at..end, b'=').unwrap_or(end)
    }

    pub(super) fn enumeration(&mut self, entry: &Entry, context: &Context) {
        let taken = context.at(if entry.public() {
            Position::Taken
        } else {
            Position::Body
        });
        self.item.own_type = self.named(entry);
        if let Some(body) = self.header(entry, &taken) {
            self.variants(self.tokens.inside(body), &taken);
        }
    }

    fn variants(&mut self, range: Range<usize>, taken: &Context) {
        let mut at = range.start;
        while at < range.end {
            let (attributes, start) = attributes::outer(self.tokens, at, range.end);
            let own = attributes::condition(self.tokens, &attributes);
            let context = Context {
                cfg: self.cfg(taken.cfg.and(&own)),
                ..taken.clone()
            };
            self.attributes(&attributes, &context);
            // The variant's own name is no reference.
            let fields = start + 1;
            let end = self.field_end(start, range.end);
            match self.tokens.kind(fields) {
                Kind::Open(Bracket::Curly) if fields < end => self.variant_fields(fields, &context),
                _ => self.scan(fields..end, &context),
            }
            at = end.max(start) + 1;
        }
    }

    fn variant_fields(&mut self, open: usize, context: &Context) {
        let inside = self.tokens.inside(open);
        let mut at = inside.start;
        while at < inside.end {
            let end = self.field_end(at, inside.end);
            self.scan(at..end, context);
            at = end + 1;
        }
    }

    pub(super) fn alias(&mut self, entry: &Entry, public: bool, context: &Context) {
        let start = entry.name.map_or(entry.head, |name| name) + 1;
        let (generics, after) = self.ahead.generics(start, entry.whole.end);
        self.bind_parameters(generics.clone(), &entry.whole);
        let assign = self.assign(after, entry.whole.end);
        let taken = context.at(if public {
            Position::Taken
        } else {
            Position::Body
        });
        let given = context.at(if public {
            Position::Given
        } else {
            Position::Body
        });
        self.scan_bounds(generics, &taken);
        // Bounds of an associated type.
        self.scan_bounds(after..assign, &taken);
        self.scan(assign..entry.whole.end, &given);
    }

    pub(super) fn constant(&mut self, entry: &Entry, public: bool, context: &Context) {
        let start = entry.name.map_or(entry.head, |name| name) + 1;
        let assign = self.assign(start, entry.whole.end);
        let given = context.at(if public {
            Position::Given
        } else {
            Position::Body
        });
        self.scan(start..assign, &given);
        self.scan(assign..entry.whole.end, context);
    }

    pub(super) fn trait_(&mut self, entry: &Entry, context: &Context) {
        let public = entry.public();
        let taken = context.at(if public {
            Position::Taken
        } else {
            Position::Body
        });
        self.item.own_type = self.named(entry);
        let start = entry.name.map_or(entry.head, |name| name) + 1;
        let (generics, after) = self.ahead.generics(start, entry.whole.end);
        self.bind_parameters(generics.clone(), &entry.whole);
        self.scan_bounds(generics, &taken);
        // Supertraits and `where` clause.
        let (bounds, body, _) = self.ahead.tail(after, entry.whole.end);
        self.scan_bounds(bounds, &taken);
        if let Some(body) = body {
            self.members(self.tokens.inside(body), Some(public), context);
        }
    }

    /// The members of an `impl` or trait. `public` says whether all are or none is; where it says
    /// nothing, each says so itself.
    fn members(&mut self, range: Range<usize>, public: Option<bool>, context: &Context) {
        let entries = entries::read(self.tokens, range);
        for member in &entries.list {
            let cfg = self.cfg(context.cfg.and(&entries.inner).and(&member.cfg));
            let method = member.name.and_then(|name| self.tokens.symbol(name));
            let method = method.filter(|_| member.kind == EntryKind::Function);
            let context = Context {
                cfg,
                method,
                ..context.clone()
            };
            let public = public.unwrap_or_else(|| member.public());
            self.attributes(&member.attributes, &context);
            match member.kind {
                EntryKind::Function => self.function(member, public, &context),
                EntryKind::Alias => self.alias(member, public, &context),
                EntryKind::Constant | EntryKind::Static => self.constant(member, public, &context),
                EntryKind::Use
                | EntryKind::ExternCrate
                | EntryKind::Module
                | EntryKind::Struct
                | EntryKind::Union
                | EntryKind::Enum
                | EntryKind::Trait
                | EntryKind::Impl
                | EntryKind::MacroRules
                | EntryKind::MacroCall
                | EntryKind::ExternBlock => self.scan(member.head..member.whole.end, &context),
            }
        }
    }

    /// Returns the last name of the self type.
    pub(super) fn impl_(&mut self, entry: &Entry, context: &Context) -> Arc<str> {
        let (tokens, ahead) = (self.tokens, self.ahead);
        let end = entry.whole.end;
        let taken = context.at(Position::Taken);
        let (generics, mut start) = ahead.generics(entry.head + 1, end);
        self.bind_parameters(generics.clone(), &entry.whole);
        self.scan_bounds(generics, &taken);
        if tokens.is_word(start, Symbol::CONST) {
            start += 1;
        }
        let stop = ahead.header_end(start, end);
        let for_ = self.trait_end(start, stop);
        let self_type = for_.map_or(start, |for_| for_ + 1)..stop;
        let own = self.first_path(self_type.clone());
        self.item.own_type = own.clone();
        if let Some(for_) = for_ {
            self.implemented(start..for_, context);
        }
        let position = if for_.is_some() {
            Position::Taken
        } else {
            Position::Body
        };
        self.scan(self_type, &context.at(position));
        let (wheres, body, _) = ahead.tail(stop, end);
        self.scan_bounds(wheres, &taken);
        if let Some(body) = body {
            self.members(tokens.inside(body), for_.map(|_| true), context);
        }
        let last = own.and_then(|own| own.segments.last().copied());
        last.map_or_else(|| Arc::from(""), |last| self.text(last))
    }

    /// The index of the `for` between trait and type, which is not that of `for<'a>`; but it may be
    /// that of `for <T as Trait>::Type`.
    fn trait_end(&self, start: usize, stop: usize) -> Option<usize> {
        let mut angles = 0usize;
        let binds = |at: usize| {
            let first = self.tokens.kind(at + 2);
            self.tokens.is(at + 1, b'<') && matches!(first, Kind::Lifetime | Kind::Sign(b'>'))
        };
        self.ahead.find(start..stop, |at| {
            match self.tokens.kind(at) {
                Kind::Sign(b'<') => angles += 1,
                Kind::Sign(b'>') => angles = angles.saturating_sub(1),
                _ => {}
            }
            angles == 0 && self.tokens.is_word(at, Symbol::FOR) && !binds(at)
        })
    }

    /// The trait of an `impl`: itself is implemented, its generic arguments are types handed in.
    fn implemented(&mut self, range: Range<usize>, context: &Context) {
        let tokens = self.tokens;
        let start = if tokens.is(range.start, b'!') {
            range.start + 1
        } else {
            range.start
        };
        let arguments = range
            .clone()
            .find(|at| tokens.is(*at, b'<') && !tokens.is_word(*at - 1, Symbol::FOR));
        // `for<'a> Trait<'a>` begins with a list of its own.
        let start = match tokens.is_word(start, Symbol::FOR) {
            true => self.ahead.generics(start + 1, range.end).1,
            false => start,
        };
        let arguments = arguments.unwrap_or(range.end).max(start);
        self.scan(start..arguments, &context.at(Position::ImplementedTrait));
        self.scan(arguments..range.end, &context.at(Position::Taken));
    }

    /// The first path in a type: that of the type itself, past `&`, `mut`, `dyn` and the like.
    fn first_path(&self, range: Range<usize>) -> Option<Spelling> {
        let tokens = self.tokens;
        let names_path = |symbol: Symbol| !symbol.is_keyword() || symbol.is_path_keyword();
        let first = range
            .clone()
            .find(|at| tokens.symbol(*at).is_some_and(names_path))?;
        let mut segments: Vec<Symbol> = tokens.symbol(first).into_iter().collect();
        let mut at = first + 1;
        while tokens.kind(at) == Kind::PathSep
            && tokens.kind(at + 1) == Kind::Name
            && at + 1 < range.end
        {
            segments.extend(tokens.symbol(at + 1));
            at += 2;
        }
        let absolute = first > range.start && tokens.kind(first - 1) == Kind::PathSep;
        Some(Spelling::new(absolute, segments, Space::Any))
    }

    /// The path of the type or trait that an entry declares, from inside.
    fn named(&self, entry: &Entry) -> Option<Spelling> {
        let name = entry.name.and_then(|name| self.tokens.symbol(name))?;
        Some(Spelling::new(false, vec![name], Space::Any))
    }
}
