//! Arrays and inline tables as text: an item is put in or taken out, all else stays byte for byte.

use std::ops::Range;

/// A bracketed list in a text.
#[derive(Debug, Clone)]
pub struct List {
    /// From the opening bracket to after the closing one.
    pub span: Range<usize>,
    /// The items in order, without what separates them.
    pub items: Vec<Range<usize>>,
}

/// The offset of the first thing at or after `from` that is no space, line end, comma or comment.
pub fn skip_trivia(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => at += 1,
            b'#' => at += text[at..].find('\n').unwrap_or(text.len() - at),
            _ => break,
        }
    }
    at
}

/// The comma between two offsets, comments left aside.
fn comma(text: &str, between: Range<usize>) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = between.start;
    while at < between.end {
        match bytes[at] {
            b',' => return Some(at),
            b'#' => at += text[at..].find('\n')?,
            _ => at += 1,
        }
    }
    None
}

/// How a line of this text ends.
pub fn eol(before: &str) -> &'static str {
    if before.ends_with("\r\n") {
        "\r\n"
    } else {
        "\n"
    }
}

impl List {
    fn close(&self) -> usize {
        self.span.end - 1
    }

    /// The text with a further item at the end of the list.
    pub fn append(&self, text: &str, item: &str) -> String {
        let Some(last) = self.items.last() else {
            return self.fill(text, item);
        };
        let comma = comma(text, last.end..self.close());
        let tail = comma.map_or(last.end, |at| at + 1);
        let before = &text[..last.end];
        let between = &text[last.end..tail];
        let Some(newline) = text[tail..self.close()].rfind('\n') else {
            let (head, after) = if comma.is_some() {
                ("", ",")
            } else {
                (",", "")
            };
            return format!("{before}{between}{head} {item}{after}{}", &text[tail..]);
        };
        let cut = tail + newline + 1;
        let (head, after) = if comma.is_some() {
            ("", ",")
        } else {
            (",", "")
        };
        let rest = &text[tail..cut];
        let indent = self.indent(text, last.start);
        let end = eol(&text[..cut]);
        format!(
            "{before}{between}{head}{rest}{indent}{item}{after}{end}{}",
            &text[cut..]
        )
    }

    /// The first item of an empty list.
    fn fill(&self, text: &str, item: &str) -> String {
        let open = self.span.start + 1;
        let (before, inner) = (&text[..open], &text[open..self.close()]);
        let after = &text[self.close()..];
        match inner.rfind('\n') {
            Some(newline) => {
                let (kept, indent) = inner.split_at(newline + 1);
                let end = eol(kept);
                format!("{before}{kept}{indent}    {item}{end}{indent}{after}")
            }
            None if before.ends_with('{') => format!("{before} {item} {after}"),
            None => format!("{before}{item}{after}"),
        }
    }

    /// The indentation of a further item: that of the last one, if it begins its line.
    fn indent<'a>(&self, text: &'a str, item: usize) -> &'a str {
        let start = text[..item].rfind('\n').map_or(0, |at| at + 1);
        let indent = &text[start..item];
        if start > self.span.start && indent.bytes().all(|b| b == b' ' || b == b'\t') {
            indent
        } else {
            "    "
        }
    }

    /// The text without one of the items, and without the comment that follows it on its line.
    pub fn remove(&self, text: &str, index: usize) -> String {
        let item = &self.items[index];
        let next = self.items.get(index + 1).map(|next| next.start);
        let own = comma(text, item.end..next.unwrap_or(self.close()));
        let after_item = own.map_or(item.end, |at| at + 1);
        let previous = index.checked_sub(1).map(|at| self.items[at].end);
        let before_comma = previous.and_then(|end| comma(text, end..item.start));
        let begin = before_comma.map_or(self.span.start + 1, |at| at + 1);
        let prefix = &text[begin..item.start];
        if let Some(next) = next {
            let gap = joined(prefix, &text[after_item..next]);
            return format!("{}{gap}{}", &text[..begin], &text[next..]);
        }
        let tail = &text[after_item..self.close()];
        let after = &text[self.close()..];
        let Some(before_comma) = before_comma else {
            let comments = prefix.contains('#') || tail.contains('#');
            let inner = if comments {
                format!("{prefix}{tail}")
            } else {
                String::new()
            };
            return format!("{}{inner}{after}", &text[..begin]);
        };
        let kept = if own.is_some() { begin } else { before_comma };
        let gap = if prefix.contains('\n') && (tail.contains('\n') || prefix.contains('#')) {
            joined(prefix, tail)
        } else {
            tail.to_owned()
        };
        format!("{}{gap}{after}", &text[..kept])
    }
}

/// What stands before an item that is gone and what stood after it, made one gap: the comment on
/// the line of the item that is gone goes with it.
fn joined(before: &str, after: &str) -> String {
    let rest = after.find('\n').map(|at| &after[at + 1..]);
    match (before.rfind('\n'), rest) {
        (Some(at), Some(rest)) => format!("{}{rest}", &before[..=at]),
        (Some(at), None) if before[at..].trim().is_empty() && after.trim().is_empty() => {
            before.to_owned()
        }
        (Some(at), None) => format!("{}{after}", &before[..=at]),
        (None, Some(rest)) => {
            let line = &after[..after.len() - rest.len()];
            format!("{}{rest}", eol(line))
        }
        (None, None) => before.to_owned(),
    }
}
