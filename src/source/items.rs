//! Reads items: which of their parts is a signature and which a body.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::cfg::Cfg;
use super::detail::Recorder;
use super::entries::{self, Entry, EntryKind};
use super::outline;
use super::reader::{Context, Findings, Reader, Spelling};
use super::symbols::Symbol;
use super::tree::ModuleId;
use super::uses;
use super::{Item, ItemKind, Position, Resolved};

impl Reader<'_, '_> {
    /// Reads all items of the file. `cfg` is the condition of the file's module.
    pub(super) fn items(&mut self, cfg: &Cfg) -> Vec<Item> {
        let mut items = Vec::new();
        let mut modules = 1;
        self.level(self.tokens.all(), 0, cfg, &mut modules, 0, &mut items);
        items
    }

    /// Reads the items of the file itself or of an inline module. Modules are numbered in the order
    /// in which they are met, as in the file's outline.
    fn level(
        &mut self,
        range: Range<usize>,
        inner: usize,
        cfg: &Cfg,
        modules: &mut usize,
        depth: usize,
        out: &mut Vec<Item>,
    ) {
        let entries = entries::read(self.tokens, range);
        let cfg = cfg.and(&entries.inner);
        let id = ModuleId {
            inner,
            ..self.module
        };
        self.module = id;
        let module: Arc<[Arc<str>]> = self
            .names
            .tree
            .path(self.names.files, self.names.home(id))
            .into();
        for entry in &entries.list {
            let own = cfg.and(&entry.cfg);
            if entry.kind == EntryKind::Module {
                self.module_attributes(entry, &module, &own, out);
            }
            if outline::is_inline(entry, depth) {
                let inner = *modules;
                *modules += 1;
                self.level(
                    entry.inside(self.tokens),
                    inner,
                    &own,
                    modules,
                    depth + 1,
                    out,
                );
                self.module = id;
            } else if entry.kind != EntryKind::Module {
                out.push(self.item(entry, &module, &own));
            }
        }
    }

    /// A module is no item, except where its attributes refer to something.
    fn module_attributes(
        &mut self,
        entry: &Entry,
        module: &Arc<[Arc<str>]>,
        cfg: &Cfg,
        out: &mut Vec<Item>,
    ) {
        let head = Entry {
            whole: entry.whole.start..entry.head,
            body: None,
            ..entry.clone()
        };
        let item = self.item(&head, module, cfg);
        if !item.references.is_empty() {
            out.push(item);
        }
    }

    fn item(&mut self, entry: &Entry, module: &Arc<[Arc<str>]>, cfg: &Cfg) -> Item {
        self.item = Findings::default();
        if let Some(notes) = &mut self.notes {
            **notes = Recorder::default();
        }
        let cfg = self.cfg(cfg.clone());
        let context = Context {
            position: Position::Body,
            method: None,
            cfg: Arc::clone(&cfg),
        };
        self.attributes(&entry.attributes, &context);
        let (kind, name) = self.parts(entry, &context);
        if self.notes.is_some() {
            return self.closely(entry, kind, name, module, &context);
        }
        let identifiers = self.identifiers(entry.whole.clone());
        let Findings {
            mut references,
            mut calls,
            own_type,
            ..
        } = std::mem::take(&mut self.item);
        // All of one file. Stable: what stands at one place keeps its order.
        references.sort_by_key(|reference| (reference.place.line, reference.place.column));
        calls.sort_by_key(|call| (call.place.line, call.place.column));
        Item {
            name,
            module: Arc::clone(module),
            kind,
            public: entry.public()
                || kind == ItemKind::Impl
                || entry.marked(self.tokens, "macro_export"),
            self_type: own_type
                .filter(|_| kind == ItemKind::Impl)
                .and_then(|own| self.self_type(own, entry.head)),
            cfg,
            place: self.place(entry.head),
            references,
            calls,
            identifiers,
        }
    }

    /// The item as it is, without what it refers to: that goes to the notes.
    fn closely(
        &mut self,
        entry: &Entry,
        kind: ItemKind,
        name: Arc<str>,
        module: &Arc<[Arc<str>]>,
        context: &Context,
    ) -> Item {
        let own = self.item.own_type.clone();
        let item = Item {
            self_type: own
                .filter(|_| kind == ItemKind::Impl)
                .and_then(|own| self.self_type(own, entry.head)),
            name,
            module: Arc::clone(module),
            kind,
            public: entry.public() || kind == ItemKind::Impl,
            cfg: Arc::clone(&context.cfg),
            place: self.place(entry.head),
            references: Vec::new(),
            calls: Vec::new(),
            identifiers: BTreeSet::new(),
        };
        if let Some(mut notes) = self.notes.take() {
            notes.sort();
            let detailed = self.details(&notes, entry, item.clone());
            self.detailed.push(detailed);
            self.notes = Some(notes);
        }
        item
    }

    fn self_type(&mut self, own: Spelling, at: usize) -> Option<Resolved> {
        let found = self.meaning(own, at);
        found.first().map(|target| Resolved {
            krate: Arc::clone(&target.krate),
            path: Arc::clone(&target.path),
            cfg: Arc::new(target.cfg.clone()),
            certain: target.certain && self.sound,
        })
    }

    fn identifiers(&mut self, range: Range<usize>) -> BTreeSet<Arc<str>> {
        let mut symbols: Vec<Symbol> = range.filter_map(|at| self.tokens.plain_name(at)).collect();
        symbols.sort_unstable();
        symbols.dedup();
        let mut names: BTreeSet<Arc<str>> = std::mem::take(&mut self.item.quoted);
        names.extend(symbols.into_iter().map(|symbol| self.text(symbol)));
        names
    }

    /// Reads what is peculiar to each kind; returns kind and name.
    fn parts(&mut self, entry: &Entry, context: &Context) -> (ItemKind, Arc<str>) {
        let name = entry.name.and_then(|name| self.tokens.symbol(name));
        let name = name.map_or_else(|| Arc::from(""), |symbol| self.text(symbol));
        let public = entry.public();
        match entry.kind {
            EntryKind::Use | EntryKind::ExternCrate => {
                self.import(entry, context);
                (ItemKind::Use, Arc::from(""))
            }
            EntryKind::Function => {
                self.function(entry, public, context);
                (ItemKind::Function, name)
            }
            EntryKind::Struct | EntryKind::Union => {
                self.structure(entry, context);
                (ItemKind::Type, name)
            }
            EntryKind::Enum => {
                self.enumeration(entry, context);
                (ItemKind::Type, name)
            }
            EntryKind::Alias => {
                self.alias(entry, public, context);
                (ItemKind::Type, name)
            }
            EntryKind::Trait => {
                self.trait_(entry, context);
                (ItemKind::Trait, name)
            }
            EntryKind::Impl => {
                let name = self.impl_(entry, context);
                (ItemKind::Impl, name)
            }
            EntryKind::Constant | EntryKind::Static => {
                self.constant(entry, public, context);
                (ItemKind::Constant, name)
            }
            EntryKind::MacroRules => {
                self.scan(
                    entry.body.unwrap_or(entry.whole.end)..entry.whole.end,
                    context,
                );
                (ItemKind::Macro, name)
            }
            EntryKind::MacroCall | EntryKind::ExternBlock => {
                self.scan(entry.head..entry.whole.end, context);
                (ItemKind::Other, name)
            }
            EntryKind::Module => (ItemKind::Other, name),
        }
    }

    fn import(&mut self, entry: &Entry, context: &Context) {
        let position = if entry.public() {
            Position::Reexport
        } else {
            Position::Import
        };
        let context = context.at(position);
        if entry.kind == EntryKind::ExternCrate {
            if let Some(leaf) = entry
                .name
                .and_then(|name| uses::extern_crate(self.tokens, name))
            {
                self.refer_leaf(&leaf, leaf.absolute, &context);
            }
            return;
        }
        for leaf in uses::leaves(
            self.tokens,
            entry.head + 1..entry.whole.end.saturating_sub(1),
        ) {
            self.refer_leaf(&leaf, false, &context);
        }
    }
}
