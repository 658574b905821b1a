//! Follows a recipe to the letter: code that is its `before`, but for the names of functions and the
//! words in strings, becomes its `after`, with these names and words.

use std::collections::HashMap;
use std::ops::Range;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use serde::Deserialize;

/// A recipe as a specification has it.
#[derive(Debug, Deserialize)]
pub struct Recipe {
    pub before: String,
    pub after: String,
    pub needs: Vec<Need>,
}

#[derive(Debug, Deserialize)]
pub struct Need {
    pub package: String,
    pub features: Vec<String>,
    pub without: Vec<String>,
}

/// What becomes of a file; none where the recipe does not show all that stands in it.
pub fn follow(text: &str, recipe: &Recipe) -> Option<String> {
    let (ours, before, after) = (items(text), items(&recipe.before), items(&recipe.after));
    let mut bound = HashMap::new();
    let mut used = Vec::new();
    for item in &ours {
        // Each item is one of the recipe's.
        let shown = before
            .iter()
            .find(|shown| item.is_shown_by(shown, &mut bound))?;
        used.extend(shown.name());
    }
    if used.is_empty() {
        return None;
    }
    let mut out = String::new();
    for item in after {
        // Functions that are not asked for stay out; what they need beside comes along.
        let wanted = item.name().is_none_or(|name| used.contains(&name));
        if wanted {
            out.push_str(&item.with(&recipe.after, &bound));
            out.push_str("\n\n");
        }
    }
    Some(out)
}

/// A top-level item.
#[derive(Debug)]
struct Item {
    /// Each leaf with its bytes.
    tokens: Vec<(String, Range<usize>)>,
}

impl Item {
    /// The name of a function.
    fn name(&self) -> Option<String> {
        let mut tokens = self.tokens.iter().map(|(token, _)| token);
        tokens.find(|token| *token == "fn")?;
        tokens.next().cloned()
    }

    /// Whether it is another but for its name and the words in it, which are then bound.
    fn is_shown_by(&self, shown: &Item, bound: &mut HashMap<String, String>) -> bool {
        if self.tokens.len() != shown.tokens.len() {
            return false;
        }
        let mut new = bound.clone();
        let names = (self.name(), shown.name());
        for ((ours, _), (theirs, _)) in self.tokens.iter().zip(&shown.tokens) {
            let named = names.0.as_ref() == Some(ours) && names.1.as_ref() == Some(theirs);
            let words = ours.starts_with('"') && theirs.starts_with('"');
            let free = named || words;
            if !free && ours != theirs {
                return false;
            }
            if free
                && new
                    .insert(theirs.clone(), ours.clone())
                    .is_some_and(|old| old != *ours)
            {
                return false;
            }
        }
        *bound = new;
        true
    }

    /// Its text with what was bound in it.
    fn with(&self, text: &str, bound: &HashMap<String, String>) -> String {
        let mut out = String::new();
        let mut done = self.tokens[0].1.start;
        for (token, range) in &self.tokens {
            out.push_str(&text[done..range.start]);
            out.push_str(bound.get(token).unwrap_or(token));
            done = range.end;
        }
        out
    }
}

fn items(text: &str) -> Vec<Item> {
    let stream: TokenStream = text.parse().unwrap();
    let mut items = Vec::new();
    let mut tokens = Vec::new();
    let mut head = String::new();
    for tree in stream {
        if head.is_empty() || head == "pub" {
            head = tree.to_string();
        }
        let semicolon = matches!(&tree, TokenTree::Punct(sign) if sign.as_char() == ';');
        let body =
            matches!(&tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        leaves(tree, &mut tokens);
        if semicolon || body && head == "fn" {
            items.push(Item {
                tokens: std::mem::take(&mut tokens),
            });
            head.clear();
        }
    }
    assert!(tokens.is_empty(), "the rest of {text}");
    items
}

fn leaves(tree: TokenTree, out: &mut Vec<(String, Range<usize>)>) {
    let TokenTree::Group(group) = tree else {
        let range = tree.span().byte_range();
        out.push((tree.to_string(), range));
        return;
    };
    let (open, close) = match group.delimiter() {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    };
    out.push((open.to_owned(), group.span_open().byte_range()));
    for inner in group.stream() {
        leaves(inner, out);
    }
    out.push((close.to_owned(), group.span_close().byte_range()));
}

#[cfg(test)]
mod tests {
    use super::{Recipe, follow};

    #[test]
    fn names_and_words_are_free_and_nothing_else_is() {
        let recipe = Recipe {
            before: "use a::B;\nuse a::C;\npub fn one() { b(\"x\", \"y\", \"x\") }\npub fn two() { c() }\n".into(),
            after: "use a::D;\n\npub fn one() { d(\"y\",  \"x\") }\n\npub fn two() { e() }\n".into(),
            needs: Vec::new(),
        };
        let ours = "use a::B;\npub fn mine() { b(\"k\", \"l\", \"k\") }\n";
        let expected = "use a::D;\n\npub fn mine() { d(\"l\",  \"k\") }\n\n";
        assert_eq!(follow(ours, &recipe).as_deref(), Some(expected));
        for other in [
            "use a::E;\npub fn mine() { b(\"k\", \"l\", \"k\") }\n",
            "use a::B;\npub fn mine() { b(\"k\", \"l\", \"m\") }\n",
            "use a::B;\npub fn mine() { b(\"k\", \"l\", \"k\", 1) }\n",
            "use a::B;\n",
        ] {
            assert_eq!(follow(other, &recipe), None, "{other}");
        }
    }
}
