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

use otel_check::rules::recipes::{Recipe, Recipes, Work};

use releases::Releases;
use workspace::{Side, Trial};

fn recipes() -> &'static [Recipe] {
    &Recipes::shipped("opentelemetry").recipes
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
