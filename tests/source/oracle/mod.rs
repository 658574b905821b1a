//! What a full parser finds in a file: the judge of what the reader finds without one.

use std::collections::{BTreeMap, BTreeSet};

use otel_check::source::{Cfg, ItemKind, Position};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

mod agreement;
mod attributes;
mod imports;
mod items;

pub use agreement::differences;
use attributes::{attributes, condition, item_attributes, leftmost};
use imports::Import;

/// Line and column, both from 1.
type At = (usize, usize);

/// An item that stands in the file itself or in an inline module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Declared {
    at: At,
    kind: ItemKind,
    /// `None` where the type of an `impl` is no plain path.
    name: Option<String>,
    module: Vec<String>,
    public: bool,
    cfg: String,
}

/// Where a path or call stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Around {
    cfg: String,
    position: Position,
    method: Option<String>,
    item: At,
}

/// A path as it is written.
#[derive(Debug, Clone)]
struct Written {
    at: At,
    path: Vec<String>,
    module: Vec<String>,
    around: Around,
    cfg: Cfg,
}

/// What the parser knows of one file.
#[derive(Debug, Default)]
struct Oracle {
    items: Vec<Declared>,
    /// Paths outside macros.
    paths: Vec<Written>,
    /// Leaves of `use` declarations outside bodies.
    leaves: Vec<(At, Vec<String>, Around)>,
    /// Method calls outside macros.
    calls: Vec<(At, String, Around)>,
    /// Where any path begins.
    starts: BTreeSet<At>,
    /// What macros and attributes are given, where the parser knows nothing.
    opaque: Vec<(At, At)>,
    /// Modules of this file, which are no items to the reader.
    modules: BTreeSet<At>,
    /// How often the file declares, binds or imports a name.
    declared: BTreeMap<String, usize>,
    /// Imports that stand directly in a module, by module and name.
    imports: BTreeMap<(Vec<String>, String), Import>,
    /// Whether it holds what stands in another file.
    includes: bool,
    cfg: Vec<Cfg>,
    module: Vec<String>,
    position: Option<Position>,
    method: Option<String>,
    item: At,
    /// How many bodies lie around the current node.
    bodies: usize,
}

/// The parser calls itself for what is nested, and some published types are nested deeply. The reader
/// does not, and has to do with the stack that there is.
const STACK: usize = 64 << 20;

impl Oracle {
    /// `None` where the parser refuses the text.
    fn new(text: &str) -> Option<Oracle> {
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(STACK);
            let parsing = thread.spawn_scoped(scope, || Oracle::parse(text));
            parsing.unwrap().join().unwrap()
        })
    }

    fn parse(text: &str) -> Option<Oracle> {
        let file = syn::parse_file(text).ok()?;
        let mut oracle = Oracle::default();
        oracle.within(&file.attrs, |oracle| visit::visit_file(oracle, &file));
        // Each with the furthest end of those before it, to be searched.
        oracle.opaque.sort_unstable();
        let mut furthest = (0, 0);
        for (_, end) in &mut oracle.opaque {
            furthest = furthest.max(*end);
            *end = furthest;
        }
        Some(oracle)
    }

    fn is_opaque(&self, at: At) -> bool {
        let started = self.opaque.partition_point(|(start, _)| *start <= at);
        let before = started
            .checked_sub(1)
            .and_then(|last| self.opaque.get(last));
        before.is_some_and(|(_, end)| at <= *end)
    }

    fn within(&mut self, attributes: &[syn::Attribute], read: impl FnOnce(&mut Self)) {
        let own = attributes.iter().map(condition);
        self.cfg
            .push(own.fold(Cfg::Always, |cfg, own| cfg.and(&own)));
        read(self);
        self.cfg.pop();
    }

    fn cfg(&self) -> Cfg {
        self.cfg.iter().fold(Cfg::Always, |all, cfg| all.and(cfg))
    }

    fn around(&self) -> Around {
        Around {
            cfg: self.cfg().to_string(),
            position: self.position.unwrap_or(Position::Body),
            method: self.method.clone(),
            item: self.item,
        }
    }

    fn opaque(&mut self, span: proc_macro2::Span) {
        let end = (span.end().line, span.end().column + 1);
        self.opaque.push((at(span), end));
    }

    fn declare(&mut self, ident: &syn::Ident) {
        *self.declared.entry(name(ident)).or_default() += 1;
    }

    /// The names behind `<T>::` are no path that begins here.
    fn qualified(&mut self, qself: Option<&syn::QSelf>, path: &syn::Path) {
        if let Some(qself) = qself {
            self.visit_qself(qself);
        }
        match qself {
            Some(qself) if qself.position == 0 => visit::visit_path(self, path),
            _ => self.visit_path(path),
        }
    }

    fn names_in(&mut self, tokens: proc_macro2::TokenStream) {
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Ident(ident) => self.declare(&ident),
                proc_macro2::TokenTree::Group(group) => self.names_in(group.stream()),
                _ => {}
            }
        }
    }
}

fn name(ident: &syn::Ident) -> String {
    ident.to_string().trim_start_matches("r#").to_owned()
}

fn at(span: proc_macro2::Span) -> At {
    (span.start().line, span.start().column + 1)
}

macro_rules! within_attributes {
    ($($visit:ident $kind:ident)*) => {
        $(fn $visit(&mut self, node: &'ast syn::$kind) {
            self.within(&node.attrs, |oracle| visit::$visit(oracle, node));
        })*
    };
}

impl<'ast> Visit<'ast> for Oracle {
    within_attributes! {
        visit_arm Arm
        visit_variant Variant
        visit_field_value FieldValue
        visit_field_pat FieldPat
        visit_local Local
        visit_impl_item_fn ImplItemFn
        visit_impl_item_const ImplItemConst
        visit_impl_item_type ImplItemType
        visit_impl_item_macro ImplItemMacro
        visit_trait_item_fn TraitItemFn
        visit_trait_item_const TraitItemConst
        visit_trait_item_type TraitItemType
        visit_trait_item_macro TraitItemMacro
        visit_foreign_item_fn ForeignItemFn
        visit_foreign_item_static ForeignItemStatic
        visit_foreign_item_type ForeignItemType
        visit_field Field
        visit_stmt_macro StmtMacro
        visit_pat_type PatType
    }

    fn visit_item(&mut self, item: &'ast syn::Item) {
        self.within(item_attributes(item), |oracle| oracle.any_item(item));
        if let syn::Item::Verbatim(tokens) = item {
            self.opaque(tokens.span());
        }
    }

    fn visit_impl_item(&mut self, item: &'ast syn::ImplItem) {
        visit::visit_impl_item(self, item);
        if let syn::ImplItem::Verbatim(tokens) = item {
            self.opaque(tokens.span());
        }
    }

    fn visit_trait_item(&mut self, item: &'ast syn::TraitItem) {
        visit::visit_trait_item(self, item);
        if let syn::TraitItem::Verbatim(tokens) = item {
            self.opaque(tokens.span());
        }
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        self.bodies += 1;
        visit::visit_block(self, block);
        self.bodies -= 1;
    }

    fn visit_stmt(&mut self, stmt: &'ast syn::Stmt) {
        match stmt {
            syn::Stmt::Expr(expr, _) => {
                self.within(leftmost(expr), |oracle| visit::visit_stmt(oracle, stmt));
            }
            _ => visit::visit_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'ast syn::Expr) {
        self.within(attributes(expr), |oracle| visit::visit_expr(oracle, expr));
        if let syn::Expr::Verbatim(tokens) = expr {
            self.opaque(tokens.span());
        }
    }

    fn visit_type(&mut self, ty: &'ast syn::Type) {
        visit::visit_type(self, ty);
        if let syn::Type::Verbatim(tokens) = ty {
            self.opaque(tokens.span());
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let found = (at(call.method.span()), name(&call.method), self.around());
        self.calls.push(found);
        visit::visit_expr_method_call(self, call);
    }

    fn visit_type_path(&mut self, ty: &'ast syn::TypePath) {
        self.qualified(ty.qself.as_ref(), &ty.path);
    }

    fn visit_expr_path(&mut self, expr: &'ast syn::ExprPath) {
        for attribute in &expr.attrs {
            self.visit_attribute(attribute);
        }
        self.qualified(expr.qself.as_ref(), &expr.path);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let Some(first) = path.segments.first() {
            let start = at(first.ident.span());
            self.starts.insert(start);
            let names = path.segments.iter().map(|segment| name(&segment.ident));
            let found = Written {
                at: start,
                path: names.collect(),
                module: self.module.clone(),
                around: self.around(),
                cfg: self.cfg(),
            };
            self.paths.push(found);
        }
        visit::visit_path(self, path);
    }

    fn visit_angle_bracketed_generic_arguments(
        &mut self,
        arguments: &'ast syn::AngleBracketedGenericArguments,
    ) {
        self.arguments(arguments);
    }

    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        // A constant or unit struct, by its capital letter.
        self.starts.insert(at(pattern.ident.span()));
        self.declare(&pattern.ident);
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        self.opaque(attribute.span());
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        visit::visit_macro(self, call);
        self.opaque(call.tokens.span());
        self.names_in(call.tokens.clone());
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        self.includes |= item.mac.path.is_ident("include");
        self.opaque(item.span());
        // It may declare what it names.
        self.names_in(item.mac.tokens.clone());
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.import(item);
        self.opaque(item.span());
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        let given = item.rename.as_ref().map_or(&item.ident, |(_, name)| name);
        self.declare(given);
        self.opaque(item.span());
    }

    fn visit_generic_param(&mut self, item: &'ast syn::GenericParam) {
        match item {
            syn::GenericParam::Type(parameter) => self.declare(&parameter.ident),
            syn::GenericParam::Const(parameter) => self.declare(&parameter.ident),
            syn::GenericParam::Lifetime(_) => {}
        }
        visit::visit_generic_param(self, item);
    }
}
