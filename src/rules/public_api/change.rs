//! What changes between two lines.

use serde::Serialize;

use super::item::{Form, Item, ItemKind};

/// One way in which an item of one line is no longer what it was on another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The package.
    #[serde(rename = "crate")]
    pub krate: String,
    /// From the root of the crate, without its name.
    pub path: String,
    pub kind: ItemKind,
    /// The outermost module, type or trait above it that vanishes with it.
    pub within: Option<String>,
    pub what: What,
}

impl Change {
    /// The path as code of a dependant spells it.
    pub fn full_path(&self) -> String {
        full_path(&self.krate, &self.path)
    }
}

/// A path in a crate as code of a dependant spells it.
pub(super) fn full_path(krate: &str, path: &str) -> String {
    let code_name = krate.replace('-', "_");
    if path.is_empty() {
        code_name
    } else {
        format!("{code_name}::{path}")
    }
}

/// What happened to an item, the gravest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum What {
    /// It is no longer there.
    Vanished {
        /// Full paths at which the same is found, the likeliest first; empty where there is none, or
        /// where too many have the name.
        moved_to: Vec<String>,
    },
    /// Something else has its path now: a getter the name of a field, a trait that of a struct.
    Kind { after: ItemKind },
    /// It takes or gives something else.
    Signature { before: String, after: String },
    /// Whoever implements the trait has to write these as well.
    NewRequired { items: Vec<String> },
    /// The struct cannot be written as a literal any more.
    PrivateFields,
    /// Literals of the struct or variant have to give these as well.
    NewFields { fields: Vec<String> },
    /// A `match` without a catch-all misses these.
    NewVariants { variants: Vec<String> },
    /// Literals and exhaustive matches are refused.
    NonExhaustive,
}

/// Stands between the signatures of what has several in one path.
const OR: &str = " or ";

/// Whether a signature is still one of those that there are.
fn accepts(after: &str, before: &str) -> bool {
    before == after
        || before
            .split(OR)
            .all(|one| after.split(OR).any(|other| one == other))
}

/// The names of items right below one.
pub(super) type Names = Vec<(ItemKind, String, bool)>;

/// Compares an item that is there before and after; `members` are what stands right below it on both
/// lines, with whether it is required.
pub(super) fn compare(
    item: &Item,
    (before, after): (&Form, &Form),
    (members_before, members_after): (&Names, &Names),
) -> Vec<What> {
    let mut found = Vec::new();
    if !accepts(&after.signature, &before.signature) {
        found.push(What::Signature {
            before: before.signature.clone(),
            after: after.signature.clone(),
        });
    }
    let new = |wanted: fn(&ItemKind) -> bool, required: bool| -> Vec<String> {
        let is_new = |(kind, name, is_required): &&(ItemKind, String, bool)| {
            wanted(kind)
                && (!required || *is_required)
                && !members_before.iter().any(|(old_kind, old, was_required)| {
                    old_kind == kind && old == name && (!required || *was_required)
                })
        };
        let names = members_after.iter().filter(is_new);
        names.map(|(_, name, _)| name.clone()).collect()
    };
    match item.kind {
        ItemKind::Trait => {
            let items = new(|_| true, true);
            if !items.is_empty() {
                found.push(What::NewRequired { items });
            }
        }
        ItemKind::Struct | ItemKind::Union | ItemKind::Variant => {
            let was_literal = !before.private_fields && !before.non_exhaustive;
            if was_literal && after.private_fields {
                found.push(What::PrivateFields);
            }
            let fields = new(|kind| *kind == ItemKind::Field, false);
            if was_literal && !fields.is_empty() {
                found.push(What::NewFields { fields });
            }
        }
        ItemKind::Enum => {
            let variants = new(|kind| *kind == ItemKind::Variant, false);
            if !before.non_exhaustive && !variants.is_empty() {
                found.push(What::NewVariants { variants });
            }
        }
        ItemKind::Module
        | ItemKind::Field
        | ItemKind::Function
        | ItemKind::Method
        | ItemKind::Constant
        | ItemKind::AssociatedConstant
        | ItemKind::AssociatedType
        | ItemKind::Static
        | ItemKind::TypeAlias
        | ItemKind::Macro
        | ItemKind::Implementation
        | ItemKind::Reexport => {}
    }
    if !before.non_exhaustive && after.non_exhaustive {
        found.push(What::NonExhaustive);
    }
    found
}
