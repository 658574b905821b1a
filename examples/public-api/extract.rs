//! Public items from rustdoc JSON: what stands in which path, as what, in which form.
//!
//! Paths and signatures are those of the `public-api` crate, which follows re-exports and globs. What
//! it leaves out (fields that are not public, required items of traits, implementations by type) is
//! read from the same JSON.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use otel_check::rules::public_api::{Form, ItemKind, Items};
use public_api::PublicItem;
use public_api::tokens::Token;
use rustdoc_types::{Attribute, Crate, Id, Impl, Item, ItemEnum, StructKind, Use, VariantKind};

use crate::Failure;
use crate::{gate, signature};

/// A re-export from another crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reexport {
    /// Where it stands; of a glob, the module.
    pub at: String,
    pub glob: bool,
    /// Paths that lead to the same, crate first: as written, and where it is defined.
    pub targets: Vec<String>,
}

/// What one release has.
#[derive(Debug, Default)]
pub struct Extracted {
    pub items: Items,
    pub reexports: Vec<Reexport>,
}

/// Traits of the language whose implementations say nothing to a dependant: they follow from the
/// fields, or cannot be named.
const SILENT_TRAITS: [&str; 6] = [
    "Send",
    "Sync",
    "Unpin",
    "UnwindSafe",
    "RefUnwindSafe",
    "StructuralPartialEq",
];

pub fn extract(json: &Path) -> Result<Extracted, Failure> {
    let wrong = |error: &dyn std::fmt::Display| {
        Failure::new(format!(
            "cannot read {}: {error}; the toolchain's rustdoc has to write format {}",
            json.display(),
            rustdoc_types::FORMAT_VERSION
        ))
    };
    let text = fs::read_to_string(json)?;
    let mut reader = serde_json::Deserializer::from_str(&text);
    reader.disable_recursion_limit();
    let krate: Crate =
        serde::Deserialize::deserialize(&mut reader).map_err(|error| wrong(&error))?;
    if krate.format_version != rustdoc_types::FORMAT_VERSION {
        return Err(wrong(&format!("it is of format {}", krate.format_version)));
    }
    let listed = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()
        .map_err(|error| wrong(&error))?;
    let listed: Vec<PublicItem> = listed.into_items().collect();
    let mut reading = Reading {
        krate: &krate,
        tokens: listed.iter().map(|item| (item.id(), item)).collect(),
        overloads: BTreeMap::new(),
        found: Extracted::default(),
    };
    for item in &listed {
        reading.item(item);
    }
    Ok(reading.finish())
}

struct Reading<'a> {
    krate: &'a Crate,
    /// By what the item is; it may stand in several places.
    tokens: HashMap<Id, &'a PublicItem>,
    /// Signatures of what stands in one path several times, in `impl`s of different types.
    overloads: BTreeMap<(String, ItemKind), (Form, BTreeSet<String>)>,
    found: Extracted,
}

impl<'a> Reading<'a> {
    fn item(&mut self, listed: &'a PublicItem) {
        let Some(item) = self.krate.index.get(&listed.id()) else {
            return;
        };
        let parent = listed.parent_id().and_then(|id| self.krate.index.get(&id));
        let in_impl = parent.is_some_and(|parent| matches!(parent.inner, ItemEnum::Impl(_)));
        if in_impl || matches!(item.inner, ItemEnum::Impl(_)) {
            // Read with the type, under each of its paths.
            return;
        }
        let tokens: Vec<&Token> = listed.tokens().collect();
        let (path, rest) = signature::split(&tokens);
        // The first part is the crate.
        let Some((_, path)) = path.split_once("::") else {
            return;
        };
        // What a crate has for its own macros.
        if path.split("::").any(|part| part.starts_with('_')) {
            return;
        }
        if let ItemEnum::Use(used) = &item.inner {
            self.reexport(path, used);
            return;
        }
        if path.contains("<<") {
            // A module within itself.
            return;
        }
        let in_trait = parent.is_some_and(|parent| matches!(parent.inner, ItemEnum::Trait(_)));
        let Some(kind) = kind(&item.inner, in_trait) else {
            return;
        };
        let mut form = form(item, in_trait, &tokens, rest);
        if let Some(module) = parent {
            form.features = gate::both(&self.way(module, item), &form.features);
        }
        self.found.items.insert((path.to_owned(), kind), form);
        self.implementations(path, item);
    }

    /// The condition of the re-export through which a module has an item.
    fn way(&self, module: &Item, item: &Item) -> String {
        let ItemEnum::Module(inner) = &module.inner else {
            return String::new();
        };
        if inner.items.contains(&item.id) {
            return String::new();
        }
        let leads = |id: Id| match self.krate.index.get(&id).map(|item| &item.inner) {
            Some(ItemEnum::Module(inner)) => inner.items.contains(&item.id),
            _ => false,
        };
        let mut uses = inner.items.iter().filter_map(|id| self.krate.index.get(id));
        let found = uses.find(|one| match &one.inner {
            ItemEnum::Use(used) if used.is_glob => used.id.is_some_and(leads),
            ItemEnum::Use(used) => used.id == Some(item.id),
            _ => false,
        });
        found.map_or_else(String::new, |one| gate::of_attributes(&one.attrs))
    }

    fn reexport(&mut self, path: &str, used: &Use) {
        // The name of a glob is what it stands for, in double angle brackets.
        let at = path.split("<<").next().unwrap_or_default();
        let at = at.strip_suffix("::").unwrap_or(at);
        let defined = used.id.and_then(|id| self.krate.paths.get(&id));
        let mut targets = vec![used.source.trim_start_matches("::").to_owned()];
        targets.extend(defined.map(|summary| summary.path.join("::")));
        self.found.reexports.push(Reexport {
            at: at.to_owned(),
            glob: used.is_glob,
            targets,
        });
    }

    /// What the `impl`s of a type give it.
    fn implementations(&mut self, path: &str, item: &'a Item) {
        let impls = match &item.inner {
            ItemEnum::Struct(one) => &one.impls,
            ItemEnum::Enum(one) => &one.impls,
            ItemEnum::Union(one) => &one.impls,
            _ => return,
        };
        for id in impls {
            let Some(Item {
                inner: ItemEnum::Impl(one),
                attrs,
                ..
            }) = self.krate.index.get(id)
            else {
                continue;
            };
            let features = gate::of_attributes(attrs);
            if one.is_synthetic || one.blanket_impl.is_some() || one.is_negative {
                continue;
            }
            match &one.trait_ {
                None => self.members(path, one, &features, false),
                Some(_) => self.trait_of(path, *id, one, features),
            }
        }
    }

    fn trait_of(&mut self, path: &str, id: Id, one: &'a Impl, features: String) {
        let Some(trait_) = &one.trait_ else { return };
        let name = trait_.path.rsplit("::").next().unwrap_or_default();
        if SILENT_TRAITS.contains(&name) {
            return;
        }
        if let Some(listed) = self.tokens.get(&id) {
            let tokens: Vec<&Token> = listed.tokens().collect();
            let shown = signature::trait_of_impl(&tokens);
            let key = (format!("{path}::<{shown}>"), ItemKind::Implementation);
            let form = Form {
                features: features.clone(),
                ..Form::default()
            };
            self.found.items.insert(key, form);
        }
        if !self.krate.index.contains_key(&trait_.id) {
            // Functions of foreign traits are called by the type's path: `Resource::default()`.
            self.members(path, one, &features, true);
        }
    }

    /// Functions and constants of an `impl`; those without a receiver alone where asked for.
    fn members(&mut self, path: &str, one: &'a Impl, features: &str, without_receiver: bool) {
        for id in &one.items {
            let Some(item) = self.krate.index.get(id) else {
                continue;
            };
            let kind = match &item.inner {
                ItemEnum::Function(function) => {
                    let takes_self = function
                        .sig
                        .inputs
                        .first()
                        .is_some_and(|(name, _)| name == "self");
                    if without_receiver && takes_self {
                        continue;
                    }
                    ItemKind::Method
                }
                ItemEnum::AssocConst { .. } if !without_receiver => ItemKind::AssociatedConstant,
                _ => continue,
            };
            let (Some(name), Some(listed)) = (&item.name, self.tokens.get(id)) else {
                continue;
            };
            let tokens: Vec<&Token> = listed.tokens().collect();
            let key = (format!("{path}::{name}"), kind);
            let form = Form {
                deprecated: item.deprecation.is_some(),
                features: gate::both(features, &gate::of_attributes(&item.attrs)),
                ..Form::default()
            };
            let (known, signatures) = self
                .overloads
                .entry(key)
                .or_insert_with(|| (form.clone(), BTreeSet::new()));
            if known.features != form.features {
                // One of several is enough; which, depends on the type.
                known.features.clear();
            }
            signatures.insert(signature::of_member(&tokens));
        }
    }

    fn finish(mut self) -> Extracted {
        for (key, (mut form, signatures)) in self.overloads {
            form.signature = signatures.into_iter().collect::<Vec<_>>().join(" or ");
            self.found.items.entry(key).or_insert(form);
        }
        self.found
    }
}

fn form(item: &Item, in_trait: bool, tokens: &[&Token], rest: &[&Token]) -> Form {
    let mut form = Form {
        required: in_trait && is_required(&item.inner),
        non_exhaustive: item.attrs.contains(&Attribute::NonExhaustive),
        private_fields: has_private_fields(&item.inner),
        deprecated: item.deprecation.is_some(),
        features: gate::of_attributes(&item.attrs),
        signature: match &item.inner {
            ItemEnum::Module(_) | ItemEnum::Macro(_) | ItemEnum::ProcMacro(_) => String::new(),
            ItemEnum::Function(_) => signature::of_member(tokens),
            ItemEnum::Variant(_) => signature::without_value(rest),
            ItemEnum::StructField(_)
            | ItemEnum::Constant { .. }
            | ItemEnum::AssocConst { .. }
            | ItemEnum::Static(_) => signature::type_of(rest),
            _ => signature::text(rest),
        },
    };
    match &item.inner {
        ItemEnum::Struct(one) if one.kind == StructKind::Unit => form.signature.push(';'),
        ItemEnum::Variant(one) if matches!(one.kind, VariantKind::Struct { .. }) => {
            form.signature.push_str("{}");
        }
        _ => {}
    }
    form
}

fn kind(inner: &ItemEnum, in_trait: bool) -> Option<ItemKind> {
    Some(match inner {
        ItemEnum::Module(_) => ItemKind::Module,
        ItemEnum::Union(_) => ItemKind::Union,
        ItemEnum::Struct(_) => ItemKind::Struct,
        ItemEnum::StructField(_) => ItemKind::Field,
        ItemEnum::Enum(_) => ItemKind::Enum,
        ItemEnum::Variant(_) => ItemKind::Variant,
        ItemEnum::Function(_) if in_trait => ItemKind::Method,
        ItemEnum::Function(_) => ItemKind::Function,
        ItemEnum::Trait(_) | ItemEnum::TraitAlias(_) => ItemKind::Trait,
        ItemEnum::TypeAlias(_) | ItemEnum::ExternType => ItemKind::TypeAlias,
        ItemEnum::Constant { .. } => ItemKind::Constant,
        ItemEnum::Static(_) => ItemKind::Static,
        ItemEnum::Macro(_) | ItemEnum::ProcMacro(_) => ItemKind::Macro,
        ItemEnum::AssocConst { .. } => ItemKind::AssociatedConstant,
        ItemEnum::AssocType { .. } => ItemKind::AssociatedType,
        ItemEnum::Impl(_)
        | ItemEnum::Use(_)
        | ItemEnum::ExternCrate { .. }
        | ItemEnum::Primitive(_) => return None,
    })
}

fn is_required(inner: &ItemEnum) -> bool {
    match inner {
        ItemEnum::Function(function) => !function.has_body,
        ItemEnum::AssocConst { value, .. } => value.is_none(),
        ItemEnum::AssocType { type_, .. } => type_.is_none(),
        _ => false,
    }
}

fn has_private_fields(inner: &ItemEnum) -> bool {
    match inner {
        ItemEnum::Union(one) => one.has_stripped_fields,
        ItemEnum::Struct(one) => match &one.kind {
            StructKind::Unit => false,
            StructKind::Tuple(fields) => fields.iter().any(Option::is_none),
            StructKind::Plain {
                has_stripped_fields,
                ..
            } => *has_stripped_fields,
        },
        ItemEnum::Variant(one) => match &one.kind {
            VariantKind::Plain => false,
            VariantKind::Tuple(fields) => fields.iter().any(Option::is_none),
            VariantKind::Struct {
                has_stripped_fields,
                ..
            } => *has_stripped_fields,
        },
        _ => false,
    }
}
