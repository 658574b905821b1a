//! Public items, and on which lines they are there in which form.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::skew::Line;

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    Module,
    Struct,
    Union,
    Enum,
    Variant,
    Field,
    Function,
    /// A function of a type or trait, with or without a receiver.
    Method,
    Constant,
    AssociatedConstant,
    AssociatedType,
    Static,
    TypeAlias,
    Trait,
    Macro,
    /// An implementation of a trait, as the last part of the path: `Resource::<Default>`.
    Implementation,
    /// What another crate defines, one that is not in the data.
    Reexport,
}

/// Names of one kind do not hide those of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Namespace {
    Types,
    Values,
    Macros,
    Fields,
    Implementations,
}

impl ItemKind {
    pub const ALL: [ItemKind; 17] = [
        ItemKind::Module,
        ItemKind::Struct,
        ItemKind::Union,
        ItemKind::Enum,
        ItemKind::Variant,
        ItemKind::Field,
        ItemKind::Function,
        ItemKind::Method,
        ItemKind::Constant,
        ItemKind::AssociatedConstant,
        ItemKind::AssociatedType,
        ItemKind::Static,
        ItemKind::TypeAlias,
        ItemKind::Trait,
        ItemKind::Macro,
        ItemKind::Implementation,
        ItemKind::Reexport,
    ];

    /// The word for it in the data and in reports.
    pub fn word(self) -> &'static str {
        match self {
            ItemKind::Module => "mod",
            ItemKind::Struct => "struct",
            ItemKind::Union => "union",
            ItemKind::Enum => "enum",
            ItemKind::Variant => "variant",
            ItemKind::Field => "field",
            ItemKind::Function => "fn",
            ItemKind::Method => "method",
            ItemKind::Constant => "const",
            ItemKind::AssociatedConstant => "associated-const",
            ItemKind::AssociatedType => "associated-type",
            ItemKind::Static => "static",
            ItemKind::TypeAlias => "type",
            ItemKind::Trait => "trait",
            ItemKind::Macro => "macro",
            ItemKind::Implementation => "impl",
            ItemKind::Reexport => "use",
        }
    }

    /// Where its name stands.
    pub fn namespace(self) -> Namespace {
        match self {
            ItemKind::Module
            | ItemKind::Struct
            | ItemKind::Union
            | ItemKind::Enum
            | ItemKind::Variant
            | ItemKind::AssociatedType
            | ItemKind::TypeAlias
            | ItemKind::Trait
            | ItemKind::Reexport => Namespace::Types,
            ItemKind::Field => Namespace::Fields,
            ItemKind::Function
            | ItemKind::Method
            | ItemKind::Constant
            | ItemKind::AssociatedConstant
            | ItemKind::Static => Namespace::Values,
            ItemKind::Macro => Namespace::Macros,
            ItemKind::Implementation => Namespace::Implementations,
        }
    }

    /// Whether it stands below a type or trait, and moves with it.
    pub fn is_member(self) -> bool {
        match self {
            ItemKind::Variant
            | ItemKind::Field
            | ItemKind::Method
            | ItemKind::AssociatedConstant
            | ItemKind::AssociatedType
            | ItemKind::Implementation => true,
            ItemKind::Module
            | ItemKind::Struct
            | ItemKind::Union
            | ItemKind::Enum
            | ItemKind::Function
            | ItemKind::Constant
            | ItemKind::Static
            | ItemKind::TypeAlias
            | ItemKind::Trait
            | ItemKind::Macro
            | ItemKind::Reexport => false,
        }
    }
}

impl fmt::Display for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for ItemKind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.word() == word);
        found.ok_or_else(|| format!("`{word}` is no kind of item"))
    }
}

impl Serialize for ItemKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// What an item is like on one line.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Form {
    /// Of a trait's item: whoever implements the trait has to write it.
    pub required: bool,
    pub non_exhaustive: bool,
    /// Of a struct: it has fields that are not public, so it cannot be written as a literal.
    pub private_fields: bool,
    pub deprecated: bool,
    /// The features of the crate that it is there for, besides those of what it stands in: `a`, `a&b`,
    /// `a|b`, `a&(b|c)`. Empty where it asks for none, or where that is not known.
    pub features: String,
    /// Of items that have one: parameters without their names, types without their paths.
    pub signature: String,
}

impl Form {
    /// The words in brackets in front of the signature.
    const FLAGS: [&'static str; 4] = ["required", "non_exhaustive", "private", "deprecated"];

    fn flags(&self) -> [bool; 4] {
        [
            self.required,
            self.non_exhaustive,
            self.private_fields,
            self.deprecated,
        ]
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut set: Vec<String> = Self::FLAGS
            .into_iter()
            .zip(self.flags())
            .filter(|(_, set)| *set)
            .map(|(word, _)| word.to_owned())
            .collect();
        if !self.features.is_empty() {
            set.push(format!("{IF}{}", self.features));
        }
        if !set.is_empty() {
            write!(f, "[{}]", set.join(","))?;
        }
        if !set.is_empty() && !self.signature.is_empty() {
            f.write_str(" ")?;
        }
        f.write_str(&self.signature)
    }
}

/// Stands before the features.
const IF: &str = "if ";

impl FromStr for Form {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut form = Form::default();
        // A signature of a slice begins with a bracket, too, but never with one of the words.
        let is_flag = |flag: &str| Self::FLAGS.contains(&flag) || flag.starts_with(IF);
        let flags = text
            .strip_prefix('[')
            .and_then(|rest| rest.split_once(']'))
            .filter(|(flags, _)| flags.split(',').all(is_flag));
        let Some((flags, rest)) = flags else {
            form.signature = text.to_owned();
            return Ok(form);
        };
        for flag in flags.split(',') {
            let place = match flag {
                "required" => &mut form.required,
                "non_exhaustive" => &mut form.non_exhaustive,
                "private" => &mut form.private_fields,
                "deprecated" => &mut form.deprecated,
                features => {
                    let features = features.strip_prefix(IF).unwrap_or(features);
                    if !std::mem::replace(&mut form.features, features.to_owned()).is_empty() {
                        return Err("features stand twice".to_owned());
                    }
                    continue;
                }
            };
            if std::mem::replace(place, true) {
                return Err(format!("`{flag}` stands twice"));
            }
        }
        form.signature = rest.strip_prefix(' ').unwrap_or(rest).to_owned();
        Ok(form)
    }
}

/// An item in one form on successive lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub first: Line,
    /// None where it reaches to the newest line that is known.
    pub last: Option<Line>,
    pub form: Form,
}

impl Span {
    pub fn contains(&self, line: Line) -> bool {
        self.first <= line && self.last.is_none_or(|last| line <= last)
    }
}

/// A public item of a crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// From the root of the crate, without its name: `trace::Tracer::start`.
    pub path: String,
    pub kind: ItemKind,
    /// In ascending order, without overlap; at least one.
    pub spans: Vec<Span>,
}

impl Item {
    /// Its form on a line of which a release was read; none where it is not there.
    pub fn at(&self, line: Line) -> Option<&Form> {
        let found = self.spans.iter().find(|span| span.contains(line));
        found.map(|span| &span.form)
    }

    /// The last part of its path.
    pub fn name(&self) -> &str {
        split(&self.path).1
    }

    /// The path of the module, type or trait that it stands in; empty for the root.
    pub fn parent(&self) -> &str {
        split(&self.path).0
    }
}

/// What comes before the last part of a path, and that part. The name of an implementation may hold
/// paths itself.
pub(super) fn split(path: &str) -> (&str, &str) {
    if path.ends_with('>')
        && let Some(at) = path.find("::<")
    {
        return (&path[..at], &path[at + 2..]);
    }
    path.rsplit_once("::").unwrap_or(("", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for kind in ItemKind::ALL {
            assert_eq!(kind.word().parse(), Ok(kind));
        }
        assert!("struc".parse::<ItemKind>().is_err());
    }

    #[test]
    fn forms_read_back() {
        for text in [
            "",
            "(&self) -> Self",
            "[required] (&self)",
            "[non_exhaustive,private]",
            "[u8; 4]",
            "[u8] x",
            "[required,deprecated] [u8]",
            "[if testing]",
            "[private,if a&(b|c)] <T>",
        ] {
            let form: Form = text.parse().expect("a form");
            assert_eq!(form.to_string(), text);
        }
        assert_eq!(
            "[u8; 4]".parse::<Form>().expect("a form").signature,
            "[u8; 4]"
        );
        assert!("[required,required]".parse::<Form>().is_err());
    }

    #[test]
    fn names_and_parents() {
        for (path, parent, name) in [
            ("a", "", "a"),
            ("a::b::c", "a::b", "c"),
            ("a::B::<From<x::Y>>", "a::B", "<From<x::Y>>"),
        ] {
            assert_eq!(split(path), (parent, name));
        }
    }
}
