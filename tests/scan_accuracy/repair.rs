//! Repairs imports that rustc refuses, so that it looks at what stands behind them.
//!
//! Lines keep their numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::LineColumn;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{ItemUse, UseTree};

use super::cases::RustcError;

/// Where the same item is on the target line: a path from the crate on, as code spells it, or nothing.
pub type Moves<'m> = dyn Fn(&str) -> Option<String> + 'm;

/// Codes of names that are not there.
const UNRESOLVED: &[&str] = &["E0432", "E0433", "E0603", "E0364", "E0365"];

/// Rewrites each `use` in which rustc could not find something: what was moved gets its new path,
/// what is gone is left out. Whether anything was changed.
pub fn repair(folder: &Path, errors: &[RustcError], moves: &Moves<'_>) -> Result<bool, String> {
    let mut places: BTreeMap<&str, BTreeSet<(usize, usize)>> = BTreeMap::new();
    for error in errors {
        if UNRESOLVED.contains(&error.code.as_str()) {
            let of_file = places.entry(&error.file).or_default();
            of_file.insert((error.line, error.column));
        }
    }
    let mut changed = false;
    for (file, places) in places {
        let path = folder.join(file);
        let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
        let parsed = syn::parse_file(&text).map_err(|error| format!("{file}: {error}"))?;
        let mut uses = Uses::default();
        uses.visit_file(&parsed);
        let mut edits = Vec::new();
        for item in uses.0 {
            edits.extend(rewritten(&item, &places, moves));
        }
        if edits.is_empty() {
            continue;
        }
        changed = true;
        fs::write(&path, apply(&text, edits)).map_err(|error| error.to_string())?;
    }
    Ok(changed)
}

#[derive(Default)]
struct Uses(Vec<ItemUse>);

impl<'ast> Visit<'ast> for Uses {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.0.push(item.clone());
    }
}

struct Leaf {
    /// With the place of each.
    path: Vec<(String, LineColumn)>,
    /// ` as name`, or nothing.
    alias: String,
}

/// A stretch of the file with what is to stand there instead.
type Edit = (LineColumn, LineColumn, String);

fn rewritten(item: &ItemUse, places: &BTreeSet<(usize, usize)>, moves: &Moves<'_>) -> Option<Edit> {
    let mut leaves = Vec::new();
    flatten(&item.tree, &mut Vec::new(), &mut leaves);
    let is_bad = |leaf: &Leaf| {
        leaf.path
            .iter()
            .any(|(_, place)| places.contains(&(place.line, place.column + 1)))
    };
    let bad: Vec<bool> = leaves.iter().map(is_bad).collect();
    if !bad.contains(&true) {
        return None;
    }
    let mut head = String::new();
    for attribute in &item.attrs {
        head.push_str(&quote(attribute));
        head.push(' ');
    }
    let visibility = quote(&item.vis);
    let absolute = if item.leading_colon.is_some() {
        "::"
    } else {
        ""
    };
    let mut text = String::new();
    for (leaf, bad) in leaves.iter().zip(bad) {
        let path = joined(leaf);
        let path = match bad {
            false => format!("{absolute}{path}"),
            true => match moves(&path) {
                Some(path) => path,
                None => continue,
            },
        };
        text.push_str(&format!("{head}{visibility} use {path}{}; ", leaf.alias));
    }
    let start = item
        .attrs
        .first()
        .map_or(item.span().start(), |first| first.span().start());
    let end = item.span().end();
    text.push_str(&"\n".repeat(end.line - start.line));
    Some((start, end, text))
}

fn quote(tokens: &(impl Spanned + ?Sized)) -> String {
    tokens.span().source_text().unwrap_or_default()
}

fn joined(leaf: &Leaf) -> String {
    let names: Vec<&str> = leaf.path.iter().map(|(name, _)| name.as_str()).collect();
    names.join("::")
}

fn flatten(tree: &UseTree, prefix: &mut Vec<(String, LineColumn)>, out: &mut Vec<Leaf>) {
    let mut leaf = |name: &str, place: LineColumn, alias: String| {
        let mut path = prefix.clone();
        if name != "self" || path.is_empty() {
            path.push((name.to_owned(), place));
        }
        out.push(Leaf { path, alias });
    };
    match tree {
        UseTree::Path(path) => {
            prefix.push((path.ident.to_string(), path.ident.span().start()));
            flatten(&path.tree, prefix, out);
            prefix.pop();
        }
        UseTree::Name(name) => leaf(
            &name.ident.to_string(),
            name.ident.span().start(),
            String::new(),
        ),
        UseTree::Rename(name) => leaf(
            &name.ident.to_string(),
            name.ident.span().start(),
            format!(" as {}", name.rename),
        ),
        UseTree::Glob(glob) => leaf("*", glob.span().start(), String::new()),
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, prefix, out);
            }
        }
    }
}

fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    let offset = |place: LineColumn| {
        let lines = text.split_inclusive('\n').take(place.line - 1);
        let before: usize = lines.map(str::len).sum();
        let line = &text[before..];
        before
            + line
                .chars()
                .take(place.column)
                .map(char::len_utf8)
                .sum::<usize>()
    };
    edits.sort_by_key(|(start, ..)| (start.line, start.column));
    let mut result = text.to_owned();
    for (start, end, replacement) in edits.into_iter().rev() {
        result.replace_range(offset(start)..offset(end), &replacement);
    }
    result
}
