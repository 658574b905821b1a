//! Lines of a text: put in, taken out, made comments. Line ends stay as they are.

use std::ops::Range;

use super::list::eol;

/// Where the line of an offset begins, a byte order mark left aside.
pub fn start(text: &str, at: usize) -> usize {
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    if text[start..at].starts_with('\u{feff}') {
        start + '\u{feff}'.len_utf8()
    } else {
        start
    }
}

/// Where the line of an offset ends, its line end included.
pub fn end(text: &str, at: usize) -> usize {
    text[at..]
        .find('\n')
        .map_or(text.len(), |newline| at + newline + 1)
}

/// The spaces at the beginning of the line of an offset.
pub fn indent(text: &str, at: usize) -> &str {
    let line = &text[start(text, at)..];
    let rest = line.trim_start_matches([' ', '\t']);
    &line[..line.len() - rest.len()]
}

/// How lines of this text end near an offset.
pub fn ending(text: &str, near: usize) -> &'static str {
    let line = end(text, near);
    if text[..line].ends_with('\n') {
        return eol(&text[..line]);
    }
    match text.find('\n') {
        Some(at) => eol(&text[..=at]),
        None => "\n",
    }
}

/// The text with a part replaced.
pub fn splice(text: &str, range: Range<usize>, with: &str) -> String {
    format!("{}{with}{}", &text[..range.start], &text[range.end..])
}

/// The text with further lines after the line of an offset.
pub fn insert_after(text: &str, at: usize, lines: &[&str]) -> String {
    insert_at(text, end(text, at), lines)
}

/// The text with further lines at the beginning of a line, or at an end that ends no line.
pub fn insert_at(text: &str, place: usize, lines: &[&str]) -> String {
    let ending = match text[..place].char_indices().next_back() {
        Some((before, _)) => ending(text, before),
        None => ending(text, 0),
    };
    let block = lines.join(ending);
    if text[..place].ends_with('\n') || place == 0 {
        splice(text, place..place, &format!("{block}{ending}"))
    } else {
        splice(text, place..place, &format!("{ending}{block}"))
    }
}

/// The text without the lines of a range.
pub fn remove(text: &str, range: Range<usize>) -> String {
    splice(text, start(text, range.start)..end(text, range.end), "")
}

/// The text with the lines of a range made comments, and further comments above them.
pub fn comment(text: &str, range: Range<usize>, above: &[String]) -> String {
    let (from, to) = (start(text, range.start), end(text, range.end));
    let indent = indent(text, range.start);
    let ending = ending(text, range.start);
    let mut out = String::new();
    for line in above {
        out.push_str(indent);
        out.push_str(format!("# {line}").trim_end());
        out.push_str(ending);
    }
    for line in text[from..to].split_inclusive('\n') {
        if line.trim().is_empty() {
            out.push_str(line);
            continue;
        }
        let (indent, rest) = match line.strip_prefix(indent) {
            Some(rest) => (indent, rest),
            None => ("", line),
        };
        out.push_str(indent);
        out.push_str("# ");
        out.push_str(rest);
    }
    splice(text, from..to, &out)
}
