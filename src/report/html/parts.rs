//! Parts that several sections have: tables that scroll by themselves, blocks of code, diffs.

use super::write::{Writer, lines};

/// A table in a frame that scrolls where there is no room for it. Its rows are written by `rows`.
pub fn table(
    w: &mut Writer,
    class: &'static str,
    caption: &str,
    heads: &[String],
    rows: impl FnOnce(&mut Writer),
) {
    let frame = [
        ("class", "scroll"),
        ("role", "region"),
        ("tabindex", "0"),
        ("aria-label", caption),
    ];
    w.within("div", &frame, |w| {
        w.within("table", &[("class", class)], |w| {
            w.element("caption", &[], caption);
            w.within("thead", &[], |w| {
                w.within("tr", &[], |w| {
                    for head in heads {
                        w.within("th", &[("scope", "col")], |w| w.prose(head));
                    }
                });
            });
            w.within("tbody", &[], rows);
        });
    });
}

/// A row of sentences, the first of which says what the row is about.
pub fn row<'a>(w: &mut Writer, cells: impl IntoIterator<Item = &'a str>) {
    w.within("tr", &[], |w| {
        for (at, cell) in cells.into_iter().enumerate() {
            match at {
                0 => w.within("th", &[("scope", "row")], |w| w.prose(cell)),
                _ => w.within("td", &[], |w| w.prose(cell)),
            }
        }
    });
}

/// Commands to copy, each on a line of its own.
pub fn commands<'a>(w: &mut Writer, commands: impl IntoIterator<Item = &'a str>) {
    block(w, "commands", |w| {
        for command in commands {
            w.element("code", &[], command);
            w.trusted("\n");
        }
    });
}

/// A unified diff: its signs tell lines apart, colours only help.
pub fn diff(w: &mut Writer, diff: &str) {
    block(w, "diff", |w| {
        for line in lines(diff) {
            let class = match line.as_bytes() {
                [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] => "file",
                [b'+', ..] => "added",
                [b'-', ..] => "removed",
                [b'@', ..] => "place",
                _ => "same",
            };
            w.within("span", &[("class", class)], |w| w.trusted(&line));
            w.trusted("\n");
        }
    });
}

/// Text of several lines.
pub fn verbatim(w: &mut Writer, text: &str) {
    block(w, "verbatim", |w| {
        for line in lines(text.trim_end()) {
            w.trusted(&line);
            w.trusted("\n");
        }
    });
}

fn block(w: &mut Writer, class: &'static str, inside: impl FnOnce(&mut Writer)) {
    w.within("pre", &[("class", class), ("tabindex", "0")], inside);
}

/// A term with what is to be said of it; nothing where that is nothing.
pub fn term(w: &mut Writer, name: &str, inside: impl FnOnce(&mut Writer)) {
    w.element("dt", &[], name);
    w.within("dd", &[], inside);
}

/// Names as code, with commas between them.
pub fn codes<'a>(w: &mut Writer, names: impl IntoIterator<Item = &'a str>) {
    for (at, name) in names.into_iter().enumerate() {
        if at > 0 {
            w.text(", ");
        }
        w.code(name);
    }
}
