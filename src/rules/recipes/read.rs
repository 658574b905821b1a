//! Reads one file of recipes.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::rules::entry::{Entry, Shape, Source};
use crate::rules::error::Mistake;

use super::Recipes;
use super::types::{Migration, Need, Recipe, Rename, Setting, Snippet, Written};

/// Adds what the file says, and its mistakes.
pub(super) fn file(
    file: &str,
    text: &str,
    family: &str,
    recipes: &mut Recipes,
    mistakes: &mut Vec<Mistake>,
) {
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let offset = error.span().map_or(0, |span| span.start);
        mistakes.push(Mistake::at(file, text, offset, error.message()));
    }
    if !errors.is_empty() {
        // What is left of the document after a syntax error would only give mistakes that are none.
        return;
    }
    let mut source = Source {
        file,
        text,
        mistakes,
    };
    let mut head = Entry::new("a file of recipes", document.get_ref(), 0..0, &mut source);
    let named = head.text("family", Shape::Package);
    if !named.is_empty() && named != family {
        head.mistake(format!(
            "the family is `{named}`; expected `{family}`, in whose folder this is"
        ));
    }
    for (table, span) in head.tables("recipe") {
        let written = written(file, text, &span);
        let entry = Entry::new("`[[recipe]]`", table, span, head.source);
        recipes.recipes.extend(recipe(entry, written));
    }
    for (table, span) in head.tables("migration") {
        let written = written(file, text, &span);
        let entry = Entry::new("`[[migration]]`", table, span, head.source);
        recipes.migrations.extend(migration(entry, written));
    }
    head.finish();
}

fn written(file: &str, text: &str, span: &Range<usize>) -> Written {
    Written {
        file: file.into(),
        line: line_at(text, span.start),
    }
}

/// The line on which an offset stands, from 1.
fn line_at(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count() + 1
}

fn recipe(mut entry: Entry<'_, '_, '_>, written: Written) -> Option<Recipe> {
    let id = entry.text("id", Shape::Id);
    let items = items(&mut entry);
    let unseen = entry.optional_text("unseen", Shape::Line);
    let methods = entry.texts("methods", Shape::Method);
    let last = entry.needed_line("last");
    let first = entry.needed_line("first");
    let until = entry.line("until");
    let title = entry.text("title", Shape::Line);
    let why = entry.text("why", Shape::Line);
    let by = entry.name("by");
    let rename = entry
        .pairs("rename", Shape::Path)
        .into_iter()
        .map(|(from, to)| Rename { from, to })
        .collect();
    let successors = entry.texts("successors", Shape::Path);
    let before = snippet(&mut entry, "before");
    let after = snippet(&mut entry, "after");
    let needs_before = needs(&mut entry, "needs-before");
    // Where nothing else is said, the new code needs what the old one did.
    let needs_after = match entry.table.contains_key("needs-after") {
        false => needs_before.clone(),
        true => Vec::new(),
    };
    let needs_after = [needs_after, needs(&mut entry, "needs-after")].concat();
    let source = entry.text("source", Shape::Line);
    if !entry.finish() {
        return None;
    }
    Some(Recipe {
        id,
        items,
        unseen,
        methods,
        last: last?,
        first: first?,
        until,
        title,
        why,
        by: by?,
        rename,
        successors,
        before,
        after,
        needs_before,
        needs_after,
        source,
        written,
    })
}

/// Paths, or tables with what they have in common (`in`) and the `names` below it.
fn items(entry: &mut Entry<'_, '_, '_>) -> Vec<String> {
    let mut items = Vec::new();
    for value in entry.values("items") {
        if let DeValue::Table(table) = value.get_ref() {
            let mut group = Entry::new("a group of `items`", table, value.span(), entry.source);
            let above = group.text("in", Shape::Path);
            let names = group.needed_texts("names", Shape::Method);
            if group.finish() {
                items.extend(names.iter().map(|name| format!("{above}::{name}")));
            }
        } else {
            items.extend(entry.as_text("items", value, Shape::Item));
        }
    }
    items
}

fn snippet(entry: &mut Entry<'_, '_, '_>, key: &'static str) -> Snippet {
    let start = entry.table.get(key).map_or(0, |value| value.span().start);
    let code = entry.text(key, Shape::Code);
    let text = entry.source.text;
    // A line break right behind the quotes does not belong to the text.
    let quoted = text.get(start..).unwrap_or_default();
    let opening = quoted.trim_start_matches(['\'', '"']);
    let line = line_at(text, start) + usize::from(opening.starts_with(['\n', '\r']));
    Snippet { code, line }
}

/// Packages with the features that a snippet needs of them, or with `version` and `features`.
fn needs(entry: &mut Entry<'_, '_, '_>, key: &'static str) -> Vec<Need> {
    let mut needs = Vec::new();
    for (table, _) in entry.tables(key) {
        for (name, value) in table.iter() {
            let inner = match value.get_ref() {
                DeValue::Table(inner) => inner,
                _ => {
                    let message = format!(
                        "`{}` under `{key}` is of the type {}; expected a table with `features` or `version`",
                        name.get_ref(),
                        value.get_ref().type_str()
                    );
                    entry.source.mistake(value.span().start, message);
                    continue;
                }
            };
            let mut need = Entry::new("a need", inner, value.span(), entry.source);
            let version = need.versions("version");
            let features = need.texts("features", Shape::Feature);
            if need.finish() {
                needs.push(Need {
                    name: name.get_ref().to_string(),
                    version,
                    features,
                });
            }
        }
    }
    needs
}

fn migration(mut entry: Entry<'_, '_, '_>, written: Written) -> Option<Migration> {
    let name = entry.text("crate", Shape::Package);
    let successor = entry.text("successor", Shape::Package);
    let last = entry.line("last");
    let advice = entry.text("advice", Shape::Line);
    let source = entry.text("source", Shape::Line);
    let mut settings = Vec::new();
    let tables = entry.tables("setting");
    if tables.is_empty() {
        entry.mistake("`[[migration]]` needs at least one `[[migration.setting]]`");
    }
    for (table, span) in tables {
        let part = Entry::new("`[[migration.setting]]`", table, span, entry.source);
        settings.extend(setting(part));
    }
    entry.finish().then_some(Migration {
        name,
        successor,
        last,
        advice,
        settings,
        source,
        written,
    })
}

fn setting(mut entry: Entry<'_, '_, '_>) -> Option<Setting> {
    let kind = entry.name("kind");
    let old = entry.optional_text("old", Shape::Line);
    let old_default = entry.optional_text("old-default", Shape::Line);
    let new = entry.optional_text("new", Shape::Line);
    let new_default = entry.optional_text("new-default", Shape::Line);
    let note = entry.optional_text("note", Shape::Line);
    let source = entry.text("source", Shape::Line);
    if old.is_none() && new.is_none() {
        entry.mistake("a setting needs a key `old` or `new`");
    }
    if !entry.finish() {
        return None;
    }
    Some(Setting {
        kind: kind?,
        old,
        old_default,
        new,
        new_default,
        note,
        source,
    })
}
