//! What recipes name, against the public items of the published releases.

use otel_check::rules::public_api::PublicApi;
use otel_check::rules::recipes::Recipe;
use otel_check::skew::Line;

/// What is wrong with the names in a recipe: items that are not there to be left or that do not change,
/// and successors or places of renames that are not there.
pub fn wrong(recipe: &Recipe, api: &PublicApi) -> Vec<String> {
    let Recipe { last, first, .. } = recipe;
    let newest = api.lines().into_iter().next_back().expect("a line");
    let until = recipe.until.unwrap_or(newest);
    let mut wrong = Vec::new();
    for item in recipe.items.iter().filter(|item| is_known(api, item)) {
        let (above, all) = match item.strip_suffix("::*") {
            Some(above) => (above, true),
            None => (item.as_str(), false),
        };
        if !is_there(api, *last, above, all) {
            wrong.push(format!("item `{item}` is not there on {last}"));
        } else if recipe.unseen.is_none() && !changes(api, above, *last, *first) {
            wrong.push(format!("item `{item}` is the same on {last} and {first}"));
        }
    }
    let renamed = recipe.rename.iter().map(|rename| &rename.to);
    for successor in recipe.successors.iter().chain(renamed) {
        for line in [*first, until] {
            if is_known(api, successor) && !is_there(api, line, successor, true) {
                wrong.push(format!("successor `{successor}` is not there on {line}"));
            }
        }
    }
    let place = format!("{}:{}", recipe.written.file, recipe.written.line);
    wrong
        .into_iter()
        .map(|what| format!("{place}: {}: {what}", recipe.id))
        .collect()
}

/// Whether the items of the crate that a path begins with are at hand.
pub fn is_known(api: &PublicApi, path: &str) -> bool {
    api.locate(path).is_some()
}

fn is_there(api: &PublicApi, line: Line, path: &str, or_below: bool) -> bool {
    let Some((krate, inner)) = api.locate(path) else {
        return false;
    };
    !krate.items(line, inner).is_empty()
        || or_below && krate.items_on(line).any(|item| is_below(&item.path, inner))
}

/// Whether the item, or something that belongs to it, is another one or nowhere on the other line.
fn changes(api: &PublicApi, path: &str, from: Line, to: Line) -> bool {
    let (krate, inner) = api.locate(path).expect("a known crate");
    let changes = krate.changes(from, to);
    changes
        .iter()
        .any(|change| change.path == inner || is_below(&change.path, inner))
}

fn is_below(path: &str, above: &str) -> bool {
    above.is_empty()
        || path
            .strip_prefix(above)
            .is_some_and(|rest| rest.starts_with("::"))
}
