//! A new key in a table that may be there in any form, or not at all.

use super::entry::{Edited, key};
use super::lines;
use super::text::{Doc, Kind, Node};

/// The text with `name = value` in the first of these tables that is there; where none is, in a new
/// table of the first name.
pub fn insert(text: &str, tables: &[Vec<String>], name: &str, value: &str) -> Edited {
    let doc = Doc::parse(text)?;
    let there = |path: &&Vec<String>| doc.at(path).is_some() || doc.under(path).next().is_some();
    let Some(table) = tables.iter().find(there).or(tables.first()) else {
        return Ok(text.to_owned());
    };
    let line = format!("{} = {value}", key(name));
    if let Some((node, rest)) = inline_above(&doc, table)
        && let Kind::Inline(list) = &node.kind
    {
        return Ok(list.append(text, &format!("{}{line}", dotted(rest))));
    }
    if let Some(header) = doc.at(table).filter(|node| node.is_header()) {
        return Ok(in_body(&doc, header, table.len(), name, &line));
    }
    if let Some((last, depth)) = dotted_lines(&doc, table) {
        let indent = lines::indent(text, last.start);
        let line = format!("{indent}{}{line}", dotted(&table[depth..]));
        return Ok(lines::insert_after(text, last.value.end, &[&line]));
    }
    Ok(new_table(&doc, table, &line))
}

/// Keys with a dot after each.
fn dotted(keys: &[String]) -> String {
    keys.iter().map(|part| format!("{}.", key(part))).collect()
}

/// Keys with a dot between.
fn path(keys: &[String]) -> String {
    let keys: Vec<String> = keys.iter().map(|part| key(part)).collect();
    keys.join(".")
}

/// The inline table that is this table or holds it, with the keys that are left.
fn inline_above<'d>(doc: &'d Doc<'_>, table: &'d [String]) -> Option<(&'d Node, &'d [String])> {
    (1..=table.len()).rev().find_map(|depth| {
        let node = doc.at(&table[..depth])?;
        matches!(node.kind, Kind::Inline(_)).then_some((node, &table[depth..]))
    })
}

/// The last line that defines a part of this table by dotted keys, and the depth of the header in
/// whose body it stands.
fn dotted_lines<'d>(doc: &'d Doc<'_>, table: &'d [String]) -> Option<(&'d Node, usize)> {
    let lines = doc
        .under(table)
        .filter(|node| node.within.is_none() && !node.is_header());
    lines
        .map(|node| (node, doc.enclosing(node.start).map_or(0, |h| h.path.len())))
        .filter(|(_, depth)| *depth < table.len())
        .last()
}

/// Into the body of a header: in its place where the keys are sorted, else at the end.
fn in_body(doc: &Doc<'_>, header: &Node, depth: usize, name: &str, line: &str) -> String {
    let body = doc.body(header);
    let key_of = |node: &Node| node.path.get(depth).cloned().unwrap_or_default();
    let sorted = body
        .windows(2)
        .all(|pair| key_of(pair[0]) <= key_of(pair[1]));
    let before = |node: &&&Node| !sorted || key_of(node).as_str() < name;
    let after = body.iter().rfind(before);
    let indent = body
        .last()
        .map_or("", |node| lines::indent(doc.text, node.start));
    let place = after.map_or(header.value.end, |node| node.value.end);
    lines::insert_after(doc.text, place, &[&format!("{indent}{line}")])
}

/// A table that is not there yet: after the last section of its kind, or at the end.
fn new_table(doc: &Doc<'_>, table: &[String], line: &str) -> String {
    let kin = |node: &&Node| node.path.first() == table.first();
    let last = doc.nodes.iter().rfind(kin);
    let header = match last {
        Some(node) if node.is_header() => Some(node),
        Some(node) => doc.enclosing(node.start),
        None => None,
    };
    let place = header.map_or(doc.text.len(), |header| {
        let last = doc.body(header).last().copied().unwrap_or(header);
        end_of_block(doc.text, last.value.end)
    });
    let before = &doc.text[..place];
    let blank = before.is_empty() || before.ends_with("\n\n") || before.ends_with("\n\r\n");
    let title = format!("[{}]", path(table));
    let block = ["", title.as_str(), line];
    let block = if blank { &block[1..] } else { &block[..] };
    lines::insert_at(doc.text, place, block)
}

/// The end of the line of an offset, or of the comments that follow it up to a blank line.
fn end_of_block(text: &str, at: usize) -> usize {
    let own = lines::end(text, at);
    let mut end = own;
    for line in text[own..].split_inclusive('\n') {
        let shown = line.trim();
        if shown.is_empty() {
            return end;
        }
        if !shown.starts_with('#') {
            return own;
        }
        end += line.len();
    }
    end
}
