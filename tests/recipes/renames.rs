//! Renames of recipes, done as text.

use otel_check::rules::recipes::Recipe;

/// `before` with every renamed path replaced where it is written out, and every renamed last segment
/// wherever it stands.
pub fn apply(recipe: &Recipe) -> String {
    let mut code = recipe.before.code.clone();
    for rename in &recipe.rename {
        code = replace(&code, &rename.from, &rename.to);
        let last = |path: &str| path.rsplit("::").next().unwrap_or_default().to_owned();
        let (old, new) = (last(&rename.from), last(&rename.to));
        if old != new && !rename.to.ends_with(&format!("::{old}")) {
            code = replace(&code, &old, &new);
        }
    }
    code
}

/// Replaces a path where it is not a part of a longer word or path.
fn replace(code: &str, from: &str, to: &str) -> String {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find(from) {
        let (before, found) = rest.split_at(at);
        let after = &found[from.len()..];
        out.push_str(before);
        let inside = out.ends_with(part) || after.starts_with(word);
        out.push_str(if inside { from } else { to });
        rest = after;
    }
    out.push_str(rest);
    out
}
