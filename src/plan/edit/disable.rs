//! An entry taken out, or made a comment.

use super::entry::{Edited, Found, without};
use super::text::{Doc, Node};
use super::{EditError, Entry, check, features, lines};

/// The text without the entry, in whatever lines it takes.
pub fn remove(text: &str, at: &Entry) -> Edited {
    let text = take_out(text, at, None)?;
    features::forget(&text, at)
}

pub fn disable(text: &str, at: &Entry, reason: &str) -> Edited {
    check::reason(reason)?;
    let reasons: Vec<String> = reason.lines().map(str::to_owned).collect();
    let text = take_out(text, at, Some(reasons))?;
    features::forget(&text, at)
}

/// The entry's lines removed, or made comments where there is a reason to put above.
fn take_out(text: &str, at: &Entry, mut reason: Option<Vec<String>>) -> Edited {
    let comments = reason.is_some();
    let mut text = text.to_owned();
    let mut found_once = false;
    loop {
        let doc = Doc::parse(&text)?;
        let Some(found) = Found::look(&doc, at) else {
            let missing = || EditError::NoEntry(at.clone());
            return found_once.then(|| text.clone()).ok_or_else(missing);
        };
        found_once = true;
        let own = |node: &&Node| node.path.starts_with(&found.path);
        let Some(node) = doc.nodes.iter().find(own) else {
            return Err(found.form_error("it was not found"));
        };
        let above = reason.take().unwrap_or_default();
        let next = if let Some(open) = node.within {
            let whole = text[node.whole()].to_owned();
            let text = doc.without_item(node, open);
            let text = text.ok_or_else(|| found.form_error("its table was not found"))?;
            if comments {
                note(&text, open, &above, &whole)
            } else {
                text
            }
        } else if node.is_header() {
            let last = doc
                .body(node)
                .last()
                .map_or(node.value.end, |n| n.value.end);
            let range = node.start..last;
            if comments {
                lines::comment(&text, range, &above)
            } else {
                section(&text, range)
            }
        } else if comments {
            lines::comment(&text, node.whole(), &above)
        } else {
            without(&doc, node).ok_or_else(|| found.form_error("its table was not found"))?
        };
        text = next;
    }
}

/// Comments above the line of an inline table: the reason, and the item that was taken out of it.
fn note(text: &str, open: usize, above: &[String], item: &str) -> String {
    let start = lines::start(text, open);
    let indent = lines::indent(text, open);
    let comments = above.iter().map(String::as_str).chain(item.lines());
    let comments: Vec<String> = comments
        .map(|line| format!("{indent}# {line}").trim_end().to_owned())
        .collect();
    let comments: Vec<&str> = comments.iter().map(String::as_str).collect();
    let ending = lines::ending(text, open);
    let block = format!("{}{ending}", comments.join(ending));
    lines::splice(text, start..start, &block)
}

/// The text without a section, and without one of the blank lines around it.
fn section(text: &str, range: std::ops::Range<usize>) -> String {
    let start = lines::start(text, range.start);
    let before = &text[..start];
    let out = lines::remove(text, range);
    let blank = |line: &str| line.trim().is_empty();
    let above = before.lines().next_back().is_none_or(blank);
    let next = lines::end(&out, start);
    if above && start < out.len() && blank(&out[start..next]) {
        lines::splice(&out, start..next, "")
    } else {
        out
    }
}
