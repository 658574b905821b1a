//! Types as far as they are known.

use std::sync::Arc;

use super::surface::Owner;

/// A type; several where a value is only known to implement several traits. Unknown where there is
/// none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Type {
    pub(super) heads: Vec<Named>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) what: Kind,
    pub(super) arguments: Vec<Type>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Family(Owner),
    /// Of this package.
    Own(Vec<Arc<str>>),
    /// Of some other crate.
    Other(String),
}

impl Type {
    pub(super) fn other(name: &str, arguments: Vec<Type>) -> Type {
        Type {
            heads: vec![Named {
                what: Kind::Other(name.to_owned()),
                arguments,
            }],
        }
    }

    pub(super) fn family(owner: Owner) -> Type {
        Type {
            heads: vec![Named {
                what: Kind::Family(owner),
                arguments: Vec::new(),
            }],
        }
    }

    pub(super) fn is_unknown(&self) -> bool {
        self.heads.is_empty()
    }

    /// The family's types and traits that it may be asked for, also behind pointers.
    pub(super) fn owners(&self) -> Vec<&Owner> {
        let mut found = Vec::new();
        for head in &self.heads {
            match &head.what {
                Kind::Family(owner) => found.push(owner),
                Kind::Other(name) if points(name) => {
                    found.extend(head.arguments.first().into_iter().flat_map(Type::owners));
                }
                Kind::Own(_) | Kind::Other(_) => {}
            }
        }
        found
    }

    /// Whether something in it is not known: a generic parameter, `Self::Type`.
    pub(super) fn is_vague(&self) -> bool {
        self.heads.is_empty()
            || self.heads.iter().any(|head| match &head.what {
                Kind::Other(name) if points(name) => {
                    head.arguments.first().is_none_or(Type::is_vague)
                }
                Kind::Family(_) | Kind::Own(_) | Kind::Other(_) => false,
            })
    }

    pub(super) fn argument(&self, of: &[&str]) -> Option<Type> {
        self.heads.iter().find_map(|head| match &head.what {
            Kind::Other(name) if of.contains(&name.as_str()) => head.arguments.first().cloned(),
            Kind::Other(name) if points(name) => head.arguments.first()?.argument(of),
            Kind::Family(_) | Kind::Own(_) | Kind::Other(_) => None,
        })
    }
}

/// Whether a method of what is inside can be called on it.
pub(super) fn points(name: &str) -> bool {
    [
        "Box",
        "Arc",
        "Rc",
        "Pin",
        "Cow",
        "Ref",
        "RefMut",
        "MutexGuard",
        "Lazy",
        "LazyLock",
    ]
    .contains(&name)
}

/// What holds values of the type of its first argument.
pub(super) const LISTS: &[&str] = &[
    "Vec",
    "[]",
    "VecDeque",
    "Iterator",
    "IntoIterator",
    "HashSet",
    "BTreeSet",
    "Option",
    "Result",
    "Iter",
    "IntoIter",
];
