//! Public paths as recipes spell them.

use super::types::{Recipe, Rename};

/// How closely a recipe speaks of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Closeness {
    /// It names the item, or everything below a path above it.
    Named,
    /// It names what the item belongs to, this many segments above.
    Above(usize),
}

/// How closely any of the recipe's items speaks of that one.
pub(super) fn closeness(recipe: &Recipe, item: &str) -> Option<Closeness> {
    recipe
        .items
        .iter()
        .filter_map(|pattern| match pattern.strip_suffix("::*") {
            Some(above) => below(item, above).map(|_| Closeness::Named),
            None => match below(item, pattern)? {
                "" => Some(Closeness::Named),
                rest => Some(Closeness::Above(rest.matches("::").count())),
            },
        })
        .min()
}

impl Rename {
    /// The new path of an item, where this rename moves it.
    pub fn apply(&self, item: &str) -> Option<String> {
        below(item, &self.from).map(|rest| format!("{}{rest}", self.to))
    }
}

/// What of a path is left below another one, with its `::` in front; empty for the path itself.
pub(super) fn below<'a>(item: &'a str, above: &str) -> Option<&'a str> {
    let rest = item.strip_prefix(above)?;
    (rest.is_empty() || rest.starts_with("::")).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_end_at_segments() {
        assert_eq!(below("a::b::c", "a::b"), Some("::c"));
        assert_eq!(below("a::b", "a::b"), Some(""));
        assert_eq!(below("a::bc", "a::b"), None);
        assert_eq!(below("a", "a::b"), None);
    }

    #[test]
    fn renames_move_what_is_below() {
        let rename = Rename {
            from: "a::sdk".to_owned(),
            to: "a_sdk".to_owned(),
        };
        assert_eq!(
            rename.apply("a::sdk::trace::T").as_deref(),
            Some("a_sdk::trace::T")
        );
        assert_eq!(rename.apply("a::sdkx"), None);
    }
}
