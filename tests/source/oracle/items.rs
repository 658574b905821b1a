//! Items as the parser sees them: which of their parts is a signature and which a body.

use otel_check::source::{ItemKind, Position};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::{At, Declared, Oracle, at, item_attributes, name};

fn is_public(visibility: &syn::Visibility) -> bool {
    matches!(visibility, syn::Visibility::Public(_))
}

fn taken(public: bool) -> Position {
    match public {
        true => Position::Taken,
        false => Position::Body,
    }
}

fn given(public: bool) -> Position {
    match public {
        true => Position::Given,
        false => Position::Body,
    }
}

impl Oracle {
    fn at(&mut self, position: Position, read: impl FnOnce(&mut Self)) {
        let before = self.position.replace(position);
        read(self);
        self.position = before;
    }

    pub(super) fn any_item(&mut self, item: &syn::Item) {
        self.names_of(item);
        if self.bodies > 0 {
            return visit::visit_item(self, item);
        }
        for attribute in item_attributes(item) {
            self.visit_attribute(attribute);
        }
        if let syn::Item::Mod(it) = item {
            return self.inline_module(it);
        }
        if let Some((at, kind, name, public)) = described(item) {
            let cfg = self.cfg().to_string();
            let module = self.module.clone();
            self.item = at;
            self.items.push(Declared {
                at,
                kind,
                name,
                module,
                public,
                cfg,
            });
        }
        match item {
            syn::Item::Fn(it) => self.function(&it.sig, is_public(&it.vis), Some(&it.block)),
            syn::Item::Struct(it) => self.structure(it),
            syn::Item::Enum(it) => self.at(taken(is_public(&it.vis)), |oracle| {
                oracle.visit_generics(&it.generics);
                for variant in &it.variants {
                    oracle.visit_variant(variant);
                }
            }),
            syn::Item::Union(it) => self.union(it),
            syn::Item::Type(it) => {
                self.at(taken(is_public(&it.vis)), |oracle| {
                    oracle.visit_generics(&it.generics);
                });
                self.at(given(is_public(&it.vis)), |oracle| {
                    oracle.visit_type(&it.ty)
                });
            }
            syn::Item::Const(it) => self.constant(is_public(&it.vis), &it.ty, Some(&it.expr)),
            syn::Item::Static(it) => self.constant(is_public(&it.vis), &it.ty, Some(&it.expr)),
            syn::Item::Trait(it) => self.trait_(it),
            syn::Item::Impl(it) => self.impl_(it),
            _ => visit::visit_item(self, item),
        }
    }

    fn names_of(&mut self, item: &syn::Item) {
        let ident = match item {
            syn::Item::Struct(it) => &it.ident,
            syn::Item::Enum(it) => &it.ident,
            syn::Item::Union(it) => &it.ident,
            syn::Item::Trait(it) => &it.ident,
            syn::Item::Type(it) => &it.ident,
            syn::Item::Fn(it) => &it.sig.ident,
            syn::Item::Const(it) => &it.ident,
            syn::Item::Static(it) => &it.ident,
            syn::Item::Mod(it) => &it.ident,
            _ => return,
        };
        self.declare(ident);
    }

    fn inline_module(&mut self, module: &syn::ItemMod) {
        self.modules.insert(at(module.mod_token.span));
        self.module.push(name(&module.ident));
        if let Some((_, items)) = &module.content {
            for item in items {
                self.visit_item(item);
            }
        }
        self.module.pop();
    }

    fn function(&mut self, signature: &syn::Signature, public: bool, body: Option<&syn::Block>) {
        self.at(taken(public), |oracle| {
            oracle.visit_generics(&signature.generics);
            for input in &signature.inputs {
                oracle.visit_fn_arg(input);
            }
        });
        self.at(given(public), |oracle| {
            oracle.visit_return_type(&signature.output);
        });
        if let Some(body) = body {
            self.visit_block(body);
        }
    }

    fn structure(&mut self, it: &syn::ItemStruct) {
        let public = is_public(&it.vis);
        self.at(taken(public), |oracle| oracle.visit_generics(&it.generics));
        for field in &it.fields {
            let position = taken(public && is_public(&field.vis));
            self.at(position, |oracle| oracle.visit_field(field));
        }
    }

    fn union(&mut self, it: &syn::ItemUnion) {
        let public = is_public(&it.vis);
        self.at(taken(public), |oracle| oracle.visit_generics(&it.generics));
        for field in &it.fields.named {
            let position = taken(public && is_public(&field.vis));
            self.at(position, |oracle| oracle.visit_field(field));
        }
    }

    fn constant(&mut self, public: bool, ty: &syn::Type, value: Option<&syn::Expr>) {
        self.at(given(public), |oracle| oracle.visit_type(ty));
        if let Some(value) = value {
            self.bodies += 1;
            self.visit_expr(value);
            self.bodies -= 1;
        }
    }

    fn trait_(&mut self, it: &syn::ItemTrait) {
        let public = is_public(&it.vis);
        self.at(taken(public), |oracle| {
            oracle.visit_generics(&it.generics);
            for bound in &it.supertraits {
                oracle.visit_type_param_bound(bound);
            }
        });
        for member in &it.items {
            match member {
                syn::TraitItem::Fn(it) => self.member(&it.attrs, Some(&it.sig.ident), |oracle| {
                    oracle.function(&it.sig, public, it.default.as_ref());
                }),
                syn::TraitItem::Const(it) => self.member(&it.attrs, None, |oracle| {
                    let value = it.default.as_ref().map(|(_, value)| value);
                    oracle.constant(public, &it.ty, value);
                }),
                syn::TraitItem::Type(it) => self.member(&it.attrs, None, |oracle| {
                    oracle.at(taken(public), |oracle| {
                        oracle.visit_generics(&it.generics);
                        for bound in &it.bounds {
                            oracle.visit_type_param_bound(bound);
                        }
                    });
                    if let Some((_, default)) = &it.default {
                        oracle.at(given(public), |oracle| oracle.visit_type(default));
                    }
                }),
                _ => self.visit_trait_item(member),
            }
        }
    }

    fn impl_(&mut self, it: &syn::ItemImpl) {
        self.at(Position::Taken, |oracle| {
            oracle.visit_generics(&it.generics)
        });
        if let Some((path, _)) = &it.trait_ {
            self.at(Position::ImplementedTrait, |oracle| oracle.visit_path(path));
        }
        self.at(taken(it.trait_.is_some()), |oracle| {
            oracle.visit_type(&it.self_ty)
        });
        let public = |visibility| it.trait_.is_some() || is_public(visibility);
        for member in &it.items {
            match member {
                syn::ImplItem::Fn(it) => self.member(&it.attrs, Some(&it.sig.ident), |oracle| {
                    oracle.function(&it.sig, public(&it.vis), Some(&it.block));
                }),
                syn::ImplItem::Const(it) => self.member(&it.attrs, None, |oracle| {
                    oracle.constant(public(&it.vis), &it.ty, Some(&it.expr));
                }),
                syn::ImplItem::Type(it) => self.member(&it.attrs, None, |oracle| {
                    oracle.at(taken(public(&it.vis)), |oracle| {
                        oracle.visit_generics(&it.generics);
                    });
                    oracle.at(given(public(&it.vis)), |oracle| oracle.visit_type(&it.ty));
                }),
                _ => self.visit_impl_item(member),
            }
        }
    }

    fn member(
        &mut self,
        attributes: &[syn::Attribute],
        method: Option<&syn::Ident>,
        read: impl FnOnce(&mut Self),
    ) {
        self.within(attributes, |oracle| {
            for attribute in attributes {
                oracle.visit_attribute(attribute);
            }
            oracle.method = method.map(name);
            read(oracle);
            oracle.method = None;
        });
    }

    /// The trait's generic arguments are types handed in, in whatever position the trait stands.
    pub(super) fn arguments(&mut self, arguments: &syn::AngleBracketedGenericArguments) {
        match self.position {
            Some(Position::ImplementedTrait) => self.at(Position::Taken, |oracle| {
                visit::visit_angle_bracketed_generic_arguments(oracle, arguments);
            }),
            _ => visit::visit_angle_bracketed_generic_arguments(self, arguments),
        }
    }
}

/// Where the keyword of an item stands, its kind, name, and whether it is public.
fn described(item: &syn::Item) -> Option<(At, ItemKind, Option<String>, bool)> {
    use ItemKind as Kind;
    use syn::Item::*;
    let some = |ident: &syn::Ident| Some(name(ident));
    let none = Some(String::new());
    let (span, kind, name, visibility) = match item {
        Fn(it) => (
            it.sig.fn_token.span,
            Kind::Function,
            some(&it.sig.ident),
            &it.vis,
        ),
        Struct(it) => (it.struct_token.span, Kind::Type, some(&it.ident), &it.vis),
        Enum(it) => (it.enum_token.span, Kind::Type, some(&it.ident), &it.vis),
        Union(it) => (it.union_token.span, Kind::Type, some(&it.ident), &it.vis),
        Type(it) => (it.type_token.span, Kind::Type, some(&it.ident), &it.vis),
        Trait(it) => (it.trait_token.span, Kind::Trait, some(&it.ident), &it.vis),
        Const(it) => (
            it.const_token.span,
            Kind::Constant,
            some(&it.ident),
            &it.vis,
        ),
        Static(it) => (
            it.static_token.span,
            Kind::Constant,
            some(&it.ident),
            &it.vis,
        ),
        Use(it) => (it.use_token.span, Kind::Use, none, &it.vis),
        ExternCrate(it) => (it.extern_token.span, Kind::Use, none, &it.vis),
        Impl(it) => {
            let place = at(it.impl_token.span);
            return Some((place, Kind::Impl, self_name(&it.self_ty), true));
        }
        ForeignMod(it) => {
            let place = at(it.abi.extern_token.span);
            return Some((place, Kind::Other, none, false));
        }
        Macro(it) => return Some(described_macro(it)),
        _ => return None,
    };
    Some((at(span), kind, name, is_public(visibility)))
}

fn described_macro(it: &syn::ItemMacro) -> (At, ItemKind, Option<String>, bool) {
    let marked = |attribute: &syn::Attribute| attribute.path().is_ident("macro_export");
    let exported = it.attrs.iter().any(marked);
    let kind = match it.mac.path.is_ident("macro_rules") {
        true => ItemKind::Macro,
        false => ItemKind::Other,
    };
    let last = it.mac.path.segments.last().map(|last| &last.ident);
    let ident = it.ident.as_ref().filter(|_| kind == ItemKind::Macro);
    let place = at(it.mac.path.span());
    (place, kind, ident.or(last).map(name), exported)
}

/// The last name of the type for which an `impl` is, where that is a plain path.
fn self_name(ty: &syn::Type) -> Option<String> {
    match ty {
        syn::Type::Path(path) if path.qself.is_none() => {
            let (last, before) = path
                .path
                .segments
                .iter()
                .collect::<Vec<_>>()
                .split_last()
                .map(|(last, before)| {
                    (
                        name(&last.ident),
                        before.iter().all(|segment| segment.arguments.is_none()),
                    )
                })?;
            before.then_some(last)
        }
        syn::Type::Reference(reference) => self_name(&reference.elem),
        _ => None,
    }
}
