//! Checks what no single key of a recipe shows.

use std::collections::BTreeMap;

use crate::rules::error::Mistake;

use super::Recipes;
use super::path::below;
use super::types::{Recipe, Work, Written};

/// Checks the recipes of one family, read from those files.
pub(super) fn recipes(recipes: &Recipes, files: &[(&str, &str)], mistakes: &mut Vec<Mistake>) {
    let mut check = Check { files, mistakes };
    let mut ids: BTreeMap<&str, &Written> = BTreeMap::new();
    for recipe in &recipes.recipes {
        match ids.get(recipe.id.as_str()) {
            Some(first) => check.twice("id", &recipe.id, first, &recipe.written),
            None => drop(ids.insert(&recipe.id, &recipe.written)),
        }
        check.recipe(recipe);
    }
    let mut migrations: BTreeMap<&str, &Written> = BTreeMap::new();
    for migration in &recipes.migrations {
        match migrations.get(migration.name.as_str()) {
            Some(first) => check.twice("crate", &migration.name, first, &migration.written),
            None => drop(migrations.insert(&migration.name, &migration.written)),
        }
    }
}

struct Check<'a> {
    files: &'a [(&'a str, &'a str)],
    mistakes: &'a mut Vec<Mistake>,
}

impl Check<'_> {
    fn mistake(&mut self, written: &Written, message: String) {
        let text = self
            .files
            .iter()
            .find(|(file, _)| *file == written.file)
            .map_or("", |(_, text)| text);
        let offset: usize = text
            .split_inclusive('\n')
            .take(written.line - 1)
            .map(str::len)
            .sum();
        let mistake = Mistake::at(written.file.as_str(), text, offset, message);
        self.mistakes.push(mistake);
    }

    fn twice(&mut self, key: &str, name: &str, first: &Written, again: &Written) {
        let Written { file, line } = first;
        self.mistake(
            again,
            format!("the `{key}` `{name}` stands in {file}, line {line}, already"),
        );
    }

    fn recipe(&mut self, recipe: &Recipe) {
        let Recipe {
            id,
            last,
            first,
            until,
            written,
            ..
        } = recipe;
        if last >= first {
            let message = format!("`{id}`: `last` {last} is to be before `first` {first}");
            self.mistake(written, message);
        }
        if let Some(until) = until
            && until < first
        {
            let message = format!("`{id}`: `until` {until} is to be `first` {first} or later");
            self.mistake(written, message);
        }
        if recipe.items.is_empty() && recipe.methods.is_empty() {
            let message = format!("`{id}` needs a key `items` or `methods`: what it concerns");
            self.mistake(written, message);
        }
        if recipe.by == Work::Machine && recipe.rename.is_empty() {
            let message =
                format!("`{id}` is for a machine, but has no `rename` that does the work");
            self.mistake(written, message);
        }
        for rename in &recipe.rename {
            let concerned = recipe.items.iter().any(|item| {
                let above = item.strip_suffix("::*");
                item == &rename.from
                    || above.is_some_and(|above| below(&rename.from, above).is_some())
            });
            if !concerned {
                let message = format!(
                    "`{id}` renames `{}`, which is to be one of its `items`, too",
                    rename.from
                );
                self.mistake(written, message);
            }
        }
        if recipe.before.code.trim() == recipe.after.code.trim() {
            self.mistake(
                written,
                format!("`{id}`: `before` and `after` are the same"),
            );
        }
    }
}
