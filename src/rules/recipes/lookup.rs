//! Which recipes a hop needs.

use crate::skew::Line;

use super::Recipes;
use super::path::{Closeness, closeness};
use super::types::{Migration, Recipe};

impl Recipes {
    /// The recipe with that id.
    pub fn get(&self, id: &str) -> Option<&Recipe> {
        self.recipes.iter().find(|recipe| recipe.id == id)
    }

    /// The recipes that a hop may need, in the order of the lines on which they begin.
    pub fn between(&self, from: Line, to: Line) -> Vec<&Recipe> {
        let mut found: Vec<&Recipe> = self
            .recipes
            .iter()
            .filter(|recipe| recipe.is_between(from, to))
            .collect();
        found.sort_by_key(|recipe| recipe.first);
        found
    }

    /// The recipes for the use of an item: those that speak of it, or else of what it belongs to. Where
    /// a recipe moves it, or leads to something that does not last until the end of the hop, those for
    /// what it has become follow. `krate` is a package or its name in code, `path` is below it.
    pub fn for_item(&self, krate: &str, path: &str, from: Line, to: Line) -> Vec<&Recipe> {
        let root = krate.replace('-', "_");
        let item = match path {
            "" => root,
            path => format!("{root}::{path}"),
        };
        let mut found = Vec::new();
        self.follow(&item, from, to, &mut found);
        found
    }

    /// The recipes for calls of methods of that name.
    pub fn for_method(&self, name: &str, from: Line, to: Line) -> Vec<&Recipe> {
        let found = self
            .between(from, to)
            .into_iter()
            .filter(|recipe| recipe.methods.iter().any(|method| method == name));
        lasting(found.collect(), to)
    }

    /// How the settings of a crate are carried over, once it has no release for that line.
    pub fn migration(&self, package: &str) -> Option<&Migration> {
        self.migrations
            .iter()
            .find(|migration| migration.name == package)
    }

    fn follow<'a>(&'a self, item: &str, from: Line, to: Line, found: &mut Vec<&'a Recipe>) {
        for recipe in self.closest(item, from, to) {
            if found.iter().any(|known| known.id == recipe.id) {
                continue;
            }
            found.push(recipe);
            let moved = recipe.rename.iter().find_map(|rename| rename.apply(item));
            if let Some(moved) = &moved {
                // What changes at the very line of the move may be told by the new path alone.
                self.follow(moved, from, to, found);
            }
            if moved.is_none() && recipe.until.is_some_and(|until| until < to) {
                for successor in &recipe.successors {
                    self.follow(successor, recipe.first, to, found);
                }
            }
        }
    }

    fn closest(&self, item: &str, from: Line, to: Line) -> Vec<&Recipe> {
        let near: Vec<(Closeness, &Recipe)> = self
            .between(from, to)
            .into_iter()
            .filter_map(|recipe| Some((closeness(recipe, item)?, recipe)))
            .collect();
        let best = near.iter().map(|(closeness, _)| *closeness).min();
        let found = near
            .into_iter()
            .filter(|(closeness, _)| Some(*closeness) == best);
        lasting(found.map(|(_, recipe)| recipe).collect(), to)
    }
}

/// Those whose outcome compiles on that line; all of them if there is none.
fn lasting(found: Vec<&Recipe>, to: Line) -> Vec<&Recipe> {
    let lasts = |recipe: &&Recipe| recipe.until.is_none_or(|until| to <= until);
    if found.iter().any(lasts) {
        found.into_iter().filter(lasts).collect()
    } else {
        found
    }
}

impl Recipe {
    /// Whether `before` is behind such a hop and `after` within it.
    pub fn is_between(&self, from: Line, to: Line) -> bool {
        from <= self.last && self.first <= to
    }
}
