//! The recipes that come with the program, embedded by the build script.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Recipes;

// FILES: &[(&str, &str)], each a path below the package and the text.
include!(concat!(env!("OUT_DIR"), "/shipped_recipes.rs"));

static NONE: Recipes = Recipes {
    recipes: Vec::new(),
    migrations: Vec::new(),
};

static RECIPES: LazyLock<BTreeMap<&str, Recipes>> = LazyLock::new(|| {
    let mut files: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (file, text) in FILES {
        // rules/FAMILY/recipes/NAME.toml
        let family = file.split('/').nth(1).unwrap_or_default();
        files.entry(family).or_default().push((file, text));
    }
    files
        .into_iter()
        .map(|(family, files)| match Recipes::of_files(family, &files) {
            Ok(recipes) => (family, recipes),
            // A fault of the program itself: a test loads these very files.
            Err(errors) => panic!("{errors}"),
        })
        .collect()
});

pub(crate) fn files() -> &'static [(&'static str, &'static str)] {
    FILES
}

pub(super) fn recipes(family: &str) -> &'static Recipes {
    RECIPES.get(family).unwrap_or(&NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_files_are_without_mistake() {
        for family in RECIPES.keys() {
            assert!(!recipes(family).recipes.is_empty(), "{family}");
        }
        assert_eq!(recipes("no such family"), &Recipes::default());
    }
}
