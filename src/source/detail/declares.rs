//! What this package's own items have for types, and what it implements.

use std::ops::Range;
use std::sync::Arc;

use super::super::attributes;
use super::super::entries::{self, Entry, EntryKind};
use super::super::symbols::Symbol;
use super::super::tokens::{Bracket, Kind};
use super::body::Look;
use super::{Declared, Defined, Implements, Meant};
use crate::source::{Item, OWN, Position};

impl Look<'_, '_, '_> {
    pub(super) fn declared(&self, entry: &Entry, item: &Item) -> Vec<Declared> {
        let name = Arc::clone(&item.name);
        let path: Vec<Arc<str>> = item.module.iter().cloned().chain([name]).collect();
        let mut found = Vec::new();
        match entry.kind {
            EntryKind::Function => found.push(self.function(entry, path)),
            EntryKind::Constant | EntryKind::Static => found.push(self.typed(entry, path)),
            EntryKind::Struct | EntryKind::Union => self.fields_of(entry, &path, &mut found),
            EntryKind::Trait => self.methods(entry, &path, &mut found),
            EntryKind::Impl => {
                let own = item.self_type.as_ref().filter(|own| &*own.krate == OWN);
                if let Some(own) = own {
                    self.methods(entry, &own.path, &mut found);
                }
            }
            EntryKind::Use
            | EntryKind::ExternCrate
            | EntryKind::Module
            | EntryKind::Enum
            | EntryKind::Alias
            | EntryKind::MacroRules
            | EntryKind::MacroCall
            | EntryKind::ExternBlock => {}
        }
        found
    }

    fn function(&self, entry: &Entry, path: Vec<Arc<str>>) -> Declared {
        let signature = self.ahead.signature(entry.head, entry.whole.end);
        Declared {
            path,
            gives: self.written(signature.output),
            function: true,
        }
    }

    fn typed(&self, entry: &Entry, path: Vec<Arc<str>>) -> Declared {
        let start = entry.name.unwrap_or(entry.head) + 2;
        let parts = self.split(start..entry.whole.end, b'=');
        let range = parts.first().cloned().unwrap_or(start..start);
        Declared {
            path,
            gives: self.written(range),
            function: false,
        }
    }

    fn methods(&self, entry: &Entry, path: &[Arc<str>], found: &mut Vec<Declared>) {
        for member in &entries::read(self.tokens, entry.inside(self.tokens)).list {
            let name = member.name.and_then(|name| self.tokens.symbol(name));
            let Some(name) = name.map(|name| self.text(name)) else {
                continue;
            };
            let path = path.iter().cloned().chain([name]).collect();
            match member.kind {
                EntryKind::Function => found.push(self.function(member, path)),
                EntryKind::Constant => found.push(self.typed(member, path)),
                _ => {}
            }
        }
    }

    fn fields_of(&self, entry: &Entry, path: &[Arc<str>], found: &mut Vec<Declared>) {
        let Some(body) = entry.body else {
            return;
        };
        if self.tokens.kind(body) != Kind::Open(Bracket::Curly) {
            return;
        }
        for field in self.split(self.tokens.inside(body), b',') {
            let (_, mut at) = attributes::outer(self.tokens, field.start, field.end);
            if self.tokens.is_word(at, Symbol::PUB) {
                at += 1;
                if self.tokens.kind(at) == Kind::Open(Bracket::Round) {
                    at = self.tokens.after(at);
                }
            }
            let Some(name) = self.tokens.plain_name(at) else {
                continue;
            };
            found.push(Declared {
                path: path.iter().cloned().chain([self.text(name)]).collect(),
                gives: self.written(at + 2..field.end.max(at + 2)),
                function: false,
            });
        }
    }

    pub(super) fn implements(&self, entry: &Entry) -> Option<Implements> {
        if entry.kind != EntryKind::Impl {
            return None;
        }
        let references = self.notes.references.iter().map(|(_, reference)| reference);
        let traits: Vec<Meant> = references
            .filter(|reference| reference.position == Position::ImplementedTrait)
            .map(|reference| Meant {
                krate: Arc::clone(&reference.krate),
                path: Arc::clone(&reference.path),
                certain: reference.certain,
            })
            .collect();
        if traits.is_empty() {
            return None;
        }
        let members = entries::read(self.tokens, entry.inside(self.tokens)).list;
        Some(Implements {
            traits,
            place: self.place(entry.head),
            defines: members
                .iter()
                .filter_map(|member| self.defined(member))
                .collect(),
        })
    }

    fn defined(&self, member: &Entry) -> Option<Defined> {
        let named = [EntryKind::Function, EntryKind::Alias, EntryKind::Constant];
        let at = member.name.filter(|_| named.contains(&member.kind))?;
        let name = self.text(self.tokens.symbol(at)?);
        let mut defined = Defined {
            name,
            function: member.kind == EntryKind::Function,
            parameters: Vec::new(),
            output: String::new(),
            asynchronous: false,
            place: self.place(at),
            ends: self.place(at).line,
        };
        if defined.function {
            let signature = self.ahead.signature(member.head, member.whole.end);
            let last = signature.body.unwrap_or(signature.end).saturating_sub(1);
            defined.ends = self.place(last.max(at)).line;
            let parameters = self.split(signature.parameters.clone(), b',');
            defined.parameters = parameters
                .into_iter()
                .map(|part| self.spelled(part))
                .collect();
            defined.output = self.spelled(signature.output);
            defined.asynchronous =
                (member.whole.start..member.head).any(|at| self.tokens.is_word(at, Symbol::ASYNC));
        }
        Some(defined)
    }

    /// The tokens with a space between each two.
    fn spelled(&self, range: Range<usize>) -> String {
        let text: Vec<&str> = range.map(|at| self.tokens.spelling(at)).collect();
        text.join(" ")
    }
}
