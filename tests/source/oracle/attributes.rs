//! Attributes as the parser sees them: the conditions they set, and on what they stand.

use otel_check::source::Cfg;

pub fn condition(attribute: &syn::Attribute) -> Cfg {
    let last = attribute
        .path()
        .segments
        .last()
        .map(|segment| segment.ident.to_string());
    match last.as_deref() {
        Some("cfg") => attribute
            .parse_args::<syn::Meta>()
            .map_or(Cfg::Always, |meta| predicate(&meta)),
        Some("cfg_attr") => conditional(attribute).unwrap_or_default(),
        Some("test" | "bench" | "rstest" | "test_case" | "quickcheck" | "wasm_bindgen_test") => {
            Cfg::Test
        }
        _ => Cfg::Always,
    }
}

/// `cfg_attr(a, cfg(b))`: where `a` holds, `b` has to.
fn conditional(attribute: &syn::Attribute) -> Option<Cfg> {
    let parser = syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated;
    let parts = attribute.parse_args_with(parser).ok()?;
    let mut parts = parts.iter();
    let condition = predicate(parts.next()?);
    let conditions = parts.filter(|part| part.path().is_ident("cfg"));
    let own = conditions.filter_map(|part| part.require_list().ok()?.parse_args().ok());
    let either =
        own.map(|own: syn::Meta| Cfg::Any(vec![condition.clone().negated(), predicate(&own)]));
    Some(either.fold(Cfg::Always, |all, either| all.and(&either)))
}

fn predicate(meta: &syn::Meta) -> Cfg {
    let name = meta
        .path()
        .segments
        .last()
        .map(|segment| segment.ident.to_string())
        .unwrap_or_default();
    match meta {
        syn::Meta::Path(_) if name == "test" => Cfg::Test,
        syn::Meta::Path(_) => Cfg::Other(name),
        syn::Meta::NameValue(pair) => {
            let value = match &pair.value {
                syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(text),
                    ..
                }) => text.value(),
                _ => String::new(),
            };
            if name == "feature" {
                Cfg::Feature(value)
            } else {
                Cfg::Other(format!("{name} = {value:?}"))
            }
        }
        syn::Meta::List(list) => {
            let parser = syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated;
            let parts: Vec<Cfg> = list
                .parse_args_with(parser)
                .into_iter()
                .flatten()
                .map(|meta| predicate(&meta))
                .collect();
            match name.as_str() {
                "all" => parts.iter().fold(Cfg::Always, |all, part| all.and(part)),
                "any" if parts.len() == 1 => parts[0].clone(),
                "any" => Cfg::Any(parts),
                "not" => parts.into_iter().next().unwrap_or_default().negated(),
                _ => Cfg::Other(name),
            }
        }
    }
}

/// The attributes of an expression that stands as a statement: the parser leaves them with its
/// leftmost part.
pub fn leftmost(expr: &syn::Expr) -> &[syn::Attribute] {
    use syn::Expr::*;
    match expr {
        Assign(it) => leftmost(&it.left),
        Binary(it) => leftmost(&it.left),
        Cast(it) => leftmost(&it.expr),
        _ => attributes(expr),
    }
}

pub fn attributes(expr: &syn::Expr) -> &[syn::Attribute] {
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

pub fn item_attributes(item: &syn::Item) -> &[syn::Attribute] {
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
