//! The shipped recipes against the compiler: every `before` on the line that it leaves, every `after`
//! on the first line that it is for and on the last one; and their renames, which are to give `after`.

#[path = "recipes/compile.rs"]
mod compile;
#[path = "recipes/named.rs"]
mod named;
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
use otel_check::rules::public_api::PublicApi;
use otel_check::rules::recipes::{Recipe, Recipes, Work};

use compile::Failure;
use releases::Releases;
use workspace::{Sharing, Side, Trial};

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

#[test]
fn every_file_is_embedded() {
    let shipped = Recipes::shipped("opentelemetry");
    assert_eq!(shipped.recipes, recipes());
    assert!(!shipped.migrations.is_empty());
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

/// Every `before` with the next line that has all that it needs.
fn left(releases: &Releases) -> Vec<Trial> {
    let mut trials = Vec::new();
    for recipe in recipes() {
        let next = releases
            .after(recipe.last)
            .expect("a line after the last one");
        let trial = Trial::new(recipe, Side::Before, next);
        let needs = trial.needs().iter().filter(|need| need.version.is_none());
        if needs.clone().all(|need| releases.serves(&need.name, next)) {
            trials.push(trial);
        }
    }
    trials
}

fn releases() -> Result<Releases, String> {
    let packages: BTreeSet<String> = recipes()
        .iter()
        .flat_map(|recipe| recipe.needs_before.iter().chain(&recipe.needs_after))
        .filter(|need| need.version.is_none())
        .map(|need| need.name.clone())
        .collect();
    Releases::read(&packages)
}

/// One test for both, since they share what they compile.
#[test]
fn snippets_compile_where_they_must_and_nowhere_else() {
    let releases = match releases() {
        Ok(releases) => releases,
        Err(reason) => skip!("{reason}"),
    };
    let trials = trials(&releases);
    let workspace = workspace::write("recipes", &trials, &releases, Sharing::OfLine);
    let failures = match compile::failures(&workspace) {
        Ok(failures) => failures,
        Err(reason) => skip!("{reason}"),
    };
    let texts: Vec<String> = failures.into_iter().map(|failure| failure.text).collect();
    assert!(
        texts.is_empty(),
        "{} errors in {} snippets:\n\n{}",
        texts.len(),
        trials.len(),
        texts.join("\n")
    );
    match still_compiling(&releases) {
        Ok(still) => assert!(still.is_empty(), "{}", still.join("\n")),
        Err(reason) => skip!("{reason}"),
    }
}

/// Each `before` that compiles on the line after the last one that the recipe names.
fn still_compiling(releases: &Releases) -> Result<Vec<String>, String> {
    let left = left(releases);
    let broken = |failures: Vec<Failure>| -> BTreeSet<&str> {
        failures
            .into_iter()
            .filter_map(|failure| failure.id)
            .collect()
    };
    let together = workspace::write("recipes-left", &left, releases, Sharing::OfLine);
    let known = broken(compile::failures(&together)?);
    // The compiler may have stopped at others' errors before it came to these.
    let silent: Vec<&Trial> = left
        .iter()
        .filter(|trial| !known.contains(trial.recipe.id.as_str()))
        .collect();
    if silent.is_empty() {
        return Ok(Vec::new());
    }
    let apart = workspace::write(
        "recipes-apart",
        silent.iter().copied(),
        releases,
        Sharing::None,
    );
    let known = broken(compile::failures(&apart)?);
    let still = silent
        .iter()
        .filter(|trial| !known.contains(trial.recipe.id.as_str()));
    Ok(still
        .map(|trial| {
            let Recipe { id, written, .. } = trial.recipe;
            let place = format!("{}:{}", written.file, written.line);
            format!("{place}: {id}: `before` compiles on {} as well", trial.line)
        })
        .collect())
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

#[test]
fn what_is_named_is_there_and_changes() {
    let api = PublicApi::shipped("opentelemetry");
    let wrong: Vec<String> = recipes()
        .iter()
        .flat_map(|recipe| named::wrong(recipe, api))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} names:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    let unknown: BTreeSet<&str> = recipes()
        .iter()
        .flat_map(|recipe| recipe.items.iter().chain(&recipe.successors))
        .filter(|path| !named::is_known(api, path))
        .filter_map(|path| path.split("::").next())
        .collect();
    println!("crates whose items are not at hand: {unknown:?}");
}
