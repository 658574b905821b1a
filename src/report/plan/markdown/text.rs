//! Prose, tables and fences that hold what they are given, and no markup of its own.

use crate::report::escape::{markdown, markdown_code, terminal};

/// A sentence on one line, also inside a table cell. What stands between a pair of backticks becomes
/// code.
pub fn prose(text: &str) -> String {
    with_code(text, markdown_code)
}

/// The same where no table is, and a bar in code needs no escape and would show it.
pub fn prose_outside(text: &str) -> String {
    with_code(text, code_outside)
}

/// Text as a code span outside of tables.
pub fn code_outside(text: &str) -> String {
    markdown_code(text).replace("\\|", "|")
}

/// Text on one line that is shown as it is, and calls nobody.
pub fn shown(text: &str) -> String {
    calm(&markdown(text))
}

fn with_code(text: &str, code: fn(&str) -> String) -> String {
    let text = text.trim();
    let parts: Vec<&str> = text.split('`').collect();
    let paired = parts.len() % 2 == 1;
    let inner = parts.get(1..parts.len() - 1).unwrap_or_default();
    // Backticks beside each other would be read as one longer fence.
    if !paired || inner.iter().any(|part| part.is_empty()) {
        return calm(&markdown(text));
    }
    let shown = parts.iter().enumerate().map(|(at, part)| match at % 2 {
        0 => calm(&markdown(part)),
        _ => code(part),
    });
    shown.collect()
}

/// Markdown that calls nobody and refers to nothing: forges read `@name` and `#1` in text.
fn calm(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        out.push(c);
        let names = rest.peek().is_some_and(|next| next.is_alphanumeric());
        if names && (c == '#' || c == '@' && !before.is_alphanumeric()) {
            out.push_str("<!-- -->");
        }
        before = c;
    }
    out
}

/// A block of lines after an empty one, in a fence that none of them can end.
pub fn fenced(language: &str, text: &str, out: &mut String) {
    let lines: Vec<String> = text.lines().map(plain).collect();
    let longest = lines.iter().map(|line| longest_run(line)).max();
    let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
    out.push_str(&format!("\n{fence}{language}\n"));
    for line in &lines {
        out.push_str(line);
        out.push('\n');
    }
    out.push_str(&fence);
    out.push('\n');
}

/// A line without anything hidden. Tabs stay, so that a diff still applies.
fn plain(line: &str) -> String {
    let parts: Vec<_> = line.split('\t').map(terminal).collect();
    parts.join("\t")
}

fn longest_run(text: &str) -> usize {
    let runs = text.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or(0)
}

/// A table of cells that are Markdown already.
pub fn table(heads: &[String], rows: impl Iterator<Item = Vec<String>>, out: &mut String) {
    out.push_str(&format!("| {} |\n", heads.join(" | ")));
    out.push_str(&format!("|{}\n", "---|".repeat(heads.len())));
    for cells in rows {
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_names_become_code() {
        assert_eq!(prose("`a = \"1\"` is old"), "`a = \"1\"` is old");
        assert_eq!(prose("see `a|b`_c_"), r"see `a\|b`\_c\_");
        assert_eq!(prose_outside(r"see `a|b\|c` | d"), r"see `a|b\|c` \| d");
        assert_eq!(prose(" - x"), r"\- x");
    }

    #[test]
    fn nobody_is_called() {
        assert_eq!(
            prose("ask @team, see #12"),
            r"ask @<!-- -->team, see \#<!-- -->12"
        );
        assert_eq!(prose("a@1.0 `@x #1` (@b)"), "a@1.0 `@x #1` (@<!-- -->b)");
    }

    #[test]
    fn backticks_without_a_partner_stay_text() {
        assert_eq!(prose("a ` b"), r"a \` b");
        assert_eq!(prose("a `` b"), r"a \`\` b");
        assert_eq!(prose("`a``b`"), r"\`a\`\`b\`");
        assert_eq!(prose("`a` `b`"), "`a` `b`");
        assert_eq!(prose(""), "");
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        let mut out = String::new();
        fenced("diff", "+ ````\n- ``` x\n", &mut out);
        assert_eq!(out, "\n`````diff\n+ ````\n- ``` x\n`````\n");
        let mut out = String::new();
        fenced("sh", "a\tb\x1b[2J", &mut out);
        assert_eq!(out, "\n```sh\na\tb\\u{1b}[2J\n```\n");
    }

    proptest::proptest! {
        #[test]
        fn a_fence_cannot_be_ended(text in "[`~a\n\r ]{0,40}") {
            let mut out = String::new();
            fenced("x", &text, &mut out);
            let fence = out.trim_start().split('x').next().unwrap().to_owned();
            let inside = out.lines().skip(2).take_while(|line| *line != fence);
            proptest::prop_assert!(inside.clone().all(|line| !line.contains(&fence)));
            proptest::prop_assert_eq!(inside.count(), text.lines().count());
        }

        #[test]
        fn prose_keeps_to_one_line(text: String) {
            proptest::prop_assert!(!prose(&text).contains(['\n', '\r']));
        }
    }
}
