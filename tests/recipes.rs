//! The shipped recipes against the compiler: every `before` on the line that it leaves, every `after`
//! on the first line that it is for and on the last one; and their renames, which are to give `after`.

#[path = "recipes/compile.rs"]
mod compile;
#[path = "recipes/releases.rs"]
mod releases;
#[path = "recipes/renames.rs"]
mod renames;
#[path = "recipes/workspace.rs"]
mod workspace;

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use camino::Utf8Path;
use otel_check::rules::recipes::{Recipe, Recipes, Work};

use releases::Releases;
use workspace::{Side, Trial};

/// The recipes as they are on disk, so that a change of them needs no new build.
fn recipes() -> &'static [Recipe] {
    static RECIPES: LazyLock<Recipes> = LazyLock::new(|| {
        let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = root.join("rules/opentelemetry/recipes");
        let mut files: Vec<(String, String)> = folder
            .read_dir_utf8()
            .unwrap()
            .map(|entry| entry.unwrap().into_path())
            .map(|path| {
                (
                    path.strip_prefix(root).unwrap().to_string(),
                    fs::read_to_string(&path).unwrap(),
                )
            })
            .collect();
        files.sort();
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(file, text)| (file.as_str(), text.as_str()))
            .collect();
        Recipes::of_files("opentelemetry", &files).unwrap_or_else(|errors| panic!("{errors}"))
    });
    &RECIPES.recipes
}

/// Every snippet with each line that it is to compile on.
fn trials(releases: &Releases) -> Vec<Trial> {
    let newest = releases.newest_line();
    let mut trials = Vec::new();
    for recipe in recipes() {
        let until = recipe.until.unwrap_or(newest);
        let lines = BTreeSet::from([recipe.first, until]);
        trials.push(Trial::new(recipe, Side::Before, recipe.last));
        trials.extend(
            lines
                .into_iter()
                .map(|line| Trial::new(recipe, Side::After, line)),
        );
    }
    trials
}

#[test]
fn snippets_compile() {
    let packages: BTreeSet<String> = recipes()
        .iter()
        .flat_map(|recipe| recipe.needs_before.iter().chain(&recipe.needs_after))
        .filter(|need| need.version.is_none())
        .map(|need| need.name.clone())
        .collect();
    let releases = match Releases::read(&packages) {
        Ok(releases) => releases,
        Err(reason) => skip!("{reason}"),
    };
    let trials = trials(&releases);
    let workspace = workspace::write(&trials, &releases);
    match compile::failures(&workspace) {
        Ok(failures) => assert!(
            failures.is_empty(),
            "{} of {} do not compile:\n\n{}",
            failures.len(),
            trials.len(),
            failures.join("\n")
        ),
        Err(reason) => skip!("{reason}"),
    }
}

#[test]
fn renames_do_what_a_machine_is_to_do() {
    let wrong: Vec<String> = recipes()
        .iter()
        .filter(|recipe| recipe.by == Work::Machine)
        .filter_map(|recipe| {
            let renamed = renames::apply(recipe);
            (renamed != recipe.after.code).then(|| {
                let place = format!("{}:{}", recipe.written.file, recipe.written.line);
                format!("{place}: {}: the renames give\n{renamed}", recipe.id)
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
