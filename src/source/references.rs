//! Records references that do not stand in code: attributes, `use` leaves; and what code binds.

use std::ops::Range;
use std::sync::Arc;

use super::ahead::Signature;
use super::attributes::{self, Attribute};
use super::detail::Binding;
use super::meaning::{Path, Space};
use super::patterns;
use super::reader::{Context, Reader, Spelling};
use super::tokens::Kind;
use super::uses::{Gives, Leaf};
use super::{Position, prelude};

impl Reader<'_, '_> {
    /// Records what attributes refer to: themselves, derives, paths among their arguments.
    pub(super) fn attributes(&mut self, attributes: &[Attribute], context: &Context) {
        for attribute in attributes {
            let cfg = self.cfg(context.cfg.and(&attribute.cfg));
            let context = Context {
                position: Position::Attribute,
                cfg,
                ..context.clone()
            };
            self.attribute(attribute, &context);
        }
    }

    fn attribute(&mut self, attribute: &Attribute, context: &Context) {
        let tokens = self.tokens;
        let single = attribute.path.len() == 1;
        let name = attribute.last_name(tokens);
        if single && name == "derive" {
            for part in attributes::commas(tokens, attribute.arguments.clone()) {
                self.refer_path(part, context);
            }
            return;
        }
        if single && prelude::has_macro(name) && !matches!(name, "test" | "bench") {
            return;
        }
        self.refer_path(attribute.path.clone(), context);
        for at in attribute.arguments.clone() {
            if let Some(text) = tokens.string(at) {
                self.quoted_path(text, at, context);
            }
        }
        self.scan_within(attribute.arguments.clone(), context, true);
    }

    /// Records the path that `range` consists of, as that of a macro.
    fn refer_path(&mut self, range: Range<usize>, context: &Context) {
        let tokens = self.tokens;
        let first = range.clone().find(|at| tokens.kind(*at) == Kind::Name);
        let segments = range.clone().filter_map(|at| tokens.symbol(at)).collect();
        let absolute = tokens.kind(range.start) == Kind::PathSep;
        if let Some(first) = first {
            self.refer(
                Spelling::new(absolute, segments, Space::Macro),
                first,
                context,
            );
        }
    }

    /// A path in a string: `#[serde(with = "a::b")]`.
    fn quoted_path(&mut self, text: &str, at: usize, context: &Context) {
        let absolute = text.starts_with("::");
        let segments: Vec<&str> = text.trim_start_matches("::").split("::").collect();
        let is_name = |segment: &&str| {
            segment.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && segment.chars().all(|c| c.is_alphanumeric() || c == '_')
        };
        if segments.len() < 2 || segments.len() > 32 || !segments.iter().all(is_name) {
            return;
        }
        self.item
            .quoted
            .extend(segments.iter().map(|segment| Arc::from(*segment)));
        let found = self.names.resolve(
            self.module,
            Path {
                absolute,
                segments: &segments,
                space: Space::Any,
                import: false,
                of_crate: false,
            },
        );
        for found in found {
            let target = self.target(found);
            self.record(&target, at, context);
        }
    }

    /// Records a leaf of a `use` declaration.
    pub(super) fn refer_leaf(&mut self, leaf: &Leaf, of_crate: bool, context: &Context) {
        let glob = leaf.gives == Gives::All;
        let space = if glob { Space::Type } else { Space::Any };
        let spelling = Spelling {
            import: true,
            of_crate,
            ..Spelling::new(leaf.absolute, leaf.path.clone(), space)
        };
        let mut found = self.meaning(spelling.clone(), leaf.at);
        if found.is_empty() && !glob {
            found = self.meaning(
                Spelling {
                    space: Space::Macro,
                    ..spelling
                },
                leaf.at,
            );
        }
        if let Some(notes) = &mut self.notes {
            notes.leaf = Some(leaf.tokens.clone());
        }
        for target in found.iter() {
            let mut target = target.clone();
            if glob {
                target.path = target
                    .path
                    .iter()
                    .cloned()
                    .chain([Arc::from("*")])
                    .collect();
                target = self.fresh(target);
            }
            self.record(&target, leaf.at, context);
        }
        if let Some(notes) = &mut self.notes {
            notes.leaf = None;
        }
    }

    /// Binds the variables of a pattern for `scope`.
    pub(super) fn bind(&mut self, pattern: Range<usize>, scope: Range<usize>) {
        if !self.ahead.spend(pattern.len()) {
            return;
        }
        for (at, symbol) in patterns::bound(self.tokens, pattern.clone()) {
            self.item.settled.insert(at);
            if let Some(notes) = &mut self.notes {
                let binding = Binding {
                    at,
                    pattern: pattern.clone(),
                    scope: scope.clone(),
                };
                notes.bindings.entry(symbol).or_default().push(binding);
            }
            self.bind_variable(symbol, scope.clone());
        }
    }

    /// Binds what a function's signature declares, for the function that `scope` covers.
    pub(super) fn bind_signature(&mut self, signature: &Signature, scope: Range<usize>) {
        self.bind_parameters(signature.generics.clone(), &scope);
        let body = signature.body.unwrap_or(signature.end)..signature.end;
        for pattern in patterns::parameters(self.tokens, signature.parameters.clone()) {
            self.bind(pattern, body.clone());
        }
    }
}
