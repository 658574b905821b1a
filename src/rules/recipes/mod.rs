//! Recipes: what people write on one line of a family, and what they have to write on a later one.
//!
//! They stand in `rules/FAMILY/recipes/*.toml`, embedded like the other rules, and are parsed when
//! they are asked for.

mod lookup;
mod path;
mod read;
mod shipped;
mod types;
mod validate;

#[cfg(test)]
mod tests;

pub(super) use shipped::files;
pub use types::{Migration, Need, Recipe, Rename, Setting, SettingKind, Snippet, Work, Written};

use super::RuleErrors;
use super::error::Mistake;

/// The recipes of one family.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipes {
    pub recipes: Vec<Recipe>,
    pub migrations: Vec<Migration>,
}

impl Recipes {
    /// The recipes that come with the program; none for a family that has none.
    pub fn shipped(family: &str) -> &'static Recipes {
        shipped::recipes(family)
    }

    /// The recipes of the files, given as path and text, that speak of that family.
    ///
    /// # Errors
    /// All mistakes of all files at once, each with its place and what is expected there.
    pub fn of_files(family: &str, files: &[(&str, &str)]) -> Result<Recipes, RuleErrors> {
        let mut recipes = Recipes::default();
        let mut mistakes: Vec<Mistake> = Vec::new();
        for (file, text) in files {
            read::file(file, text, family, &mut recipes, &mut mistakes);
        }
        validate::recipes(&recipes, files, &mut mistakes);
        RuleErrors::unless_none(mistakes).map_or(Ok(recipes), Err)
    }
}
