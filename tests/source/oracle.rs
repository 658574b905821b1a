//! What a full parser finds in a file: the judge of what the reader finds without one.

use std::collections::BTreeSet;

use otel_check::source::Cfg;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// Line and column, both from 1.
pub type At = (usize, usize);

#[derive(Debug, Default)]
pub struct Oracle {
    /// Paths of two or more segments outside macros, with the conditions around them.
    pub paths: BTreeSet<(At, Vec<String>, String)>,
    /// Method calls outside macros.
    pub calls: BTreeSet<(At, String, String)>,
    /// Where any path begins.
    pub starts: BTreeSet<At>,
    /// What macros and attributes are given, where the parser knows nothing.
    pub opaque: Vec<(At, At)>,
    /// Names that the file declares or imports.
    pub declared: BTreeSet<String>,
    cfg: Vec<Cfg>,
}

impl Oracle {
    pub fn new(text: &str) -> Option<Oracle> {
        let file = syn::parse_file(text).ok()?;
        let mut oracle = Oracle::default();
        oracle.within(&file.attrs, |oracle| visit::visit_file(oracle, &file));
        Some(oracle)
    }

    pub fn is_opaque(&self, at: At) -> bool {
        self.opaque.iter().any(|(start, end)| *start <= at && at <= *end)
    }

    fn within(&mut self, attributes: &[syn::Attribute], read: impl FnOnce(&mut Self)) {
        self.cfg.push(attributes.iter().fold(Cfg::Always, |cfg, attribute| cfg.and(&condition(attribute))));
        read(self);
        self.cfg.pop();
    }

    fn cfg(&self) -> String {
        self.cfg.iter().fold(Cfg::Always, |all, cfg| all.and(cfg)).to_string()
    }

    fn opaque(&mut self, span: proc_macro2::Span) {
        let (start, end) = (span.start(), span.end());
        self.opaque.push(((start.line, start.column + 1), (end.line, end.column + 1)));
    }

    fn names_in(&mut self, tokens: proc_macro2::TokenStream) {
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Ident(ident) => drop(self.declared.insert(ident.to_string())),
                proc_macro2::TokenTree::Group(group) => self.names_in(group.stream()),
                _ => {}
            }
        }
    }

    fn use_tree(&mut self, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => {
                // `a::{self}` gives `a`.
                self.declared.insert(path.ident.to_string());
                self.use_tree(&path.tree);
            }
            syn::UseTree::Name(name) => drop(self.declared.insert(name.ident.to_string())),
            syn::UseTree::Rename(name) => drop(self.declared.insert(name.rename.to_string())),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.use_tree(tree)),
            _ => {}
        }
    }
}

fn name(ident: &syn::Ident) -> String {
    ident.to_string().trim_start_matches("r#").to_owned()
}

fn at(span: proc_macro2::Span) -> At {
    (span.start().line, span.start().column + 1)
}

fn condition(attribute: &syn::Attribute) -> Cfg {
    let last = attribute.path().segments.last().map(|segment| segment.ident.to_string());
    match last.as_deref() {
        Some("cfg") => attribute.parse_args::<syn::Meta>().map_or(Cfg::Always, |meta| predicate(&meta)),
        Some("test" | "bench" | "rstest" | "test_case" | "quickcheck" | "wasm_bindgen_test") => Cfg::Test,
        _ => Cfg::Always,
    }
}

fn predicate(meta: &syn::Meta) -> Cfg {
    let name = meta.path().segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
    match meta {
        syn::Meta::Path(_) if name == "test" => Cfg::Test,
        syn::Meta::Path(_) => Cfg::Other(name),
        syn::Meta::NameValue(pair) => {
            let value = match &pair.value {
                syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => text.value(),
                _ => String::new(),
            };
            if name == "feature" { Cfg::Feature(value) } else { Cfg::Other(format!("{name} = {value:?}")) }
        }
        syn::Meta::List(list) => {
            let parser = syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated;
            let parts: Vec<Cfg> =
                list.parse_args_with(parser).into_iter().flatten().map(|meta| predicate(&meta)).collect();
            match name.as_str() {
                "all" => parts.iter().fold(Cfg::Always, |all, part| all.and(part)),
                "any" if parts.len() == 1 => parts[0].clone(),
                "any" => Cfg::Any(parts),
                "not" => parts.into_iter().next().unwrap_or_default().not(),
                _ => Cfg::Other(name),
            }
        }
    }
}

/// The attributes of an expression that stands as a statement: the parser leaves them with its
/// leftmost part.
fn leftmost(expr: &syn::Expr) -> &[syn::Attribute] {
    use syn::Expr::*;
    match expr {
        Assign(it) => leftmost(&it.left),
        Binary(it) => leftmost(&it.left),
        Cast(it) => leftmost(&it.expr),
        _ => attributes(expr),
    }
}

fn attributes(expr: &syn::Expr) -> &[syn::Attribute] {
    use syn::Expr::*;
    match expr {
        Array(it) => &it.attrs,
        Async(it) => &it.attrs,
        Await(it) => &it.attrs,
        Block(it) => &it.attrs,
        Break(it) => &it.attrs,
        Call(it) => &it.attrs,
        Closure(it) => &it.attrs,
        Const(it) => &it.attrs,
        Continue(it) => &it.attrs,
        Field(it) => &it.attrs,
        ForLoop(it) => &it.attrs,
        If(it) => &it.attrs,
        Index(it) => &it.attrs,
        Lit(it) => &it.attrs,
        Loop(it) => &it.attrs,
        Macro(it) => &it.attrs,
        Match(it) => &it.attrs,
        MethodCall(it) => &it.attrs,
        Paren(it) => &it.attrs,
        Path(it) => &it.attrs,
        Range(it) => &it.attrs,
        Reference(it) => &it.attrs,
        Repeat(it) => &it.attrs,
        Return(it) => &it.attrs,
        Struct(it) => &it.attrs,
        Try(it) => &it.attrs,
        Tuple(it) => &it.attrs,
        Unary(it) => &it.attrs,
        Unsafe(it) => &it.attrs,
        While(it) => &it.attrs,
        _ => &[],
    }
}

fn item_attributes(item: &syn::Item) -> &[syn::Attribute] {
    use syn::Item::*;
    match item {
        Const(it) => &it.attrs,
        Enum(it) => &it.attrs,
        ExternCrate(it) => &it.attrs,
        Fn(it) => &it.attrs,
        ForeignMod(it) => &it.attrs,
        Impl(it) => &it.attrs,
        Macro(it) => &it.attrs,
        Mod(it) => &it.attrs,
        Static(it) => &it.attrs,
        Struct(it) => &it.attrs,
        Trait(it) => &it.attrs,
        TraitAlias(it) => &it.attrs,
        Type(it) => &it.attrs,
        Union(it) => &it.attrs,
        Use(it) => &it.attrs,
        _ => &[],
    }
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
        visit_field Field
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
        visit_stmt_macro StmtMacro
        visit_pat_type PatType
    }

    fn visit_item(&mut self, item: &'ast syn::Item) {
        let declared = match item {
            syn::Item::Struct(it) => Some(&it.ident),
            syn::Item::Enum(it) => Some(&it.ident),
            syn::Item::Union(it) => Some(&it.ident),
            syn::Item::Trait(it) => Some(&it.ident),
            syn::Item::Type(it) => Some(&it.ident),
            _ => None,
        };
        self.declared.extend(declared.map(name));
        self.within(item_attributes(item), |oracle| visit::visit_item(oracle, item));
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

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let found = (at(call.method.span()), name(&call.method), self.cfg());
        self.calls.insert(found);
        visit::visit_expr_method_call(self, call);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let Some(first) = path.segments.first() {
            let start = at(first.ident.span());
            self.starts.insert(start);
            if path.segments.len() > 1 {
                let segments = path.segments.iter().map(|segment| name(&segment.ident)).collect();
                let cfg = self.cfg();
                self.paths.insert((start, segments, cfg));
            }
        }
        visit::visit_path(self, path);
    }

    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        // A constant or unit struct, by its capital letter.
        self.starts.insert(at(pattern.ident.span()));
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        self.opaque(attribute.span());
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        visit::visit_macro(self, call);
        self.opaque(call.tokens.span());
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        self.opaque(item.span());
        // It may declare what it names.
        self.names_in(item.mac.tokens.clone());
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.use_tree(&item.tree);
        self.opaque(item.span());
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        self.declared.insert(item.rename.as_ref().map_or(item.ident.to_string(), |(_, name)| name.to_string()));
        self.opaque(item.span());
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.declared.insert(item.ident.to_string());
        visit::visit_item_mod(self, item);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.declared.insert(item.sig.ident.to_string());
        visit::visit_item_fn(self, item);
    }

    fn visit_generic_param(&mut self, item: &'ast syn::GenericParam) {
        if let syn::GenericParam::Type(parameter) = item {
            self.declared.insert(parameter.ident.to_string());
        }
        visit::visit_generic_param(self, item);
    }
}

/// How what the reader found in a file differs from what the parser found.
pub fn differences(folder: &camino::Utf8Path, file: &str, text: &str) -> Option<(usize, Vec<String>)> {
    use otel_check::source::{Edition, PackageSource, TargetId, TargetRoot};

    let oracle = Oracle::new(text)?;
    let first = |path: &Vec<String>| path[0].clone();
    let is_crate = |name: &String| {
        name.starts_with(|c: char| c.is_lowercase())
            && !["crate", "self", "super"].contains(&name.as_str())
            && !oracle.declared.contains(name)
    };
    let externs: BTreeSet<String> = oracle.paths.iter().map(|(_, path, _)| first(path)).filter(is_crate).collect();
    let root = TargetRoot { name: String::new(), file: file.into(), edition: Edition::E2018 };
    let source = PackageSource::new(folder, vec![root], externs.clone());
    let mut items = source.all_items(TargetId(0));
    items.retain(|item| *item.place.file == *file);
    let mut found = BTreeSet::new();
    let mut places = BTreeSet::new();
    for reference in items.iter().flat_map(|item| &item.references) {
        let place = (reference.place.line, reference.place.column);
        if externs.contains(&*reference.krate) {
            let path = std::iter::once(&reference.krate).chain(reference.path.iter());
            let plain = |part: &std::sync::Arc<str>| part.trim_start_matches("r#").to_owned();
            found.insert((place, path.map(plain).collect::<Vec<_>>(), reference.cfg.to_string()));
        }
        places.insert(place);
    }
    let mut differences = Vec::new();
    for path in oracle.paths.iter().filter(|(_, path, _)| externs.contains(&path[0])) {
        // `<a::Type>::name` goes on where the parser's path ends.
        let here = || found.range((path.0, Vec::new(), String::new())..).take_while(|other| other.0 == path.0);
        if !here().any(|other| other.2 == path.2 && other.1.starts_with(&path.1)) && !oracle.is_opaque(path.0) {
            let near: Vec<_> = here().collect();
            differences.push(format!("missed {path:?}, found {near:?}"));
        }
    }
    for place in places {
        if !oracle.starts.contains(&place) && !oracle.is_opaque(place) {
            differences.push(format!("made up a path at {place:?}"));
        }
    }
    let calls: BTreeSet<_> = items
        .iter()
        .flat_map(|item| &item.calls)
        .map(|call| {
            let name = call.name.trim_start_matches("r#").to_owned();
            ((call.place.line, call.place.column), name, call.cfg.to_string())
        })
        .collect();
    for call in oracle.calls.iter().filter(|call| !calls.contains(call) && !oracle.is_opaque(call.0)) {
        let near: Vec<_> = calls.iter().filter(|other| other.0 == call.0).collect();
        differences.push(format!("missed the call {call:?}, found {near:?}"));
    }
    for call in calls.difference(&oracle.calls).filter(|call| !oracle.is_opaque(call.0)) {
        if !oracle.calls.iter().any(|other| other.0 == call.0) {
            differences.push(format!("made up the call {call:?}"));
        }
    }
    Some((oracle.paths.len() + oracle.calls.len(), differences))
}
