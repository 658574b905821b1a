//! An entry that comes to inherit what it asks for.

use camino::{Utf8Component, Utf8Path};

use super::entry::{Edited, Form, Found};
use super::text::{Doc, Node};
use super::{Entry, lines};

/// What goes to the root with a requirement that is shared, and away from an entry that inherits.
pub const MOVED: [&str; 9] = [
    "version",
    "package",
    "path",
    "git",
    "branch",
    "tag",
    "rev",
    "registry",
    "registry-index",
];

/// The text of a manifest whose entry has `workspace = true` in the place of what it asked for.
pub fn inherit(text: &str, at: &Entry, turn_on: bool) -> Edited {
    let doc = Doc::parse(text)?;
    let found = Found::find(&doc, at)?;
    let gone = |node: &&Node| {
        let name = node.path.last().map_or("", String::as_str);
        MOVED.contains(&name) || name == "default-features" || name == "default_features"
    };
    let fields = found.fields();
    let plain = match (found.form, found.node()) {
        (Form::Plain, Some(node)) => Some(node),
        (Form::Inline, Some(node)) => {
            let bare = fields.iter().all(gone) && !text[node.value.clone()].contains('#');
            bare.then_some(node)
        }
        _ => None,
    };
    if let Some(node) = plain {
        let key = &text[node.start..node.key.end];
        let new = if turn_on {
            format!("{key} = {{ workspace = true, default-features = true }}")
        } else {
            format!("{key}.workspace = true")
        };
        return Ok(lines::splice(text, node.whole(), &new));
    }
    let first = found
        .requirement()
        .or(fields.iter().copied().find(|node| gone(node)));
    let mut text = match first {
        Some(node) => lines::splice(text, node.key.start..node.value.end, "workspace = true"),
        None => found.set("workspace", "true")?,
    };
    loop {
        let doc = Doc::parse(&text)?;
        let found = Found::find(&doc, at)?;
        let Some(node) = found.fields().into_iter().find(gone) else {
            break;
        };
        text = found.unset(node)?;
    }
    if turn_on {
        let doc = Doc::parse(&text)?;
        return Found::find(&doc, at)?.set("default-features", "true");
    }
    Ok(text)
}

/// A path as written in one folder, as it is to be written in another.
pub fn rebased(from: &Utf8Path, path: &Utf8Path, to: &Utf8Path) -> String {
    if path.is_absolute() {
        return path.to_string();
    }
    let (full, base) = (normal(&from.join(path)), normal(to));
    let same = full.iter().zip(&base).take_while(|(a, b)| a == b).count();
    let up = base[same..].iter().map(|_| "..");
    let down = full[same..].iter().map(String::as_str);
    let parts: Vec<&str> = up.chain(down).collect();
    if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    }
}

/// The parts of a path without `.` and, where they can be resolved by name, `..`.
fn normal(path: &Utf8Path) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in path.components() {
        match part {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir if parts.last().is_some_and(|last| last != "..") => {
                parts.pop();
            }
            _ => parts.push(part.as_str().to_owned()),
        }
    }
    parts
}
