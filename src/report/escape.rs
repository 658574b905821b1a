//! Makes text that comes from outside (names, paths, versions, messages of servers) harmless where
//! it is printed. What was changed stays visible: a hidden character becomes its `\u{…}` notation.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Text for a terminal, on one line: no control or escape sequence, nothing that reorders or hides
/// what stands beside it.
pub fn terminal(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        push_visible(&mut out, c);
    }
    Cow::Owned(out)
}

/// Text for running Markdown or a table cell, on one line: it shows as it reads, and starts no
/// markup, HTML, link, list, heading or further cell.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let chars: Vec<char> = text.chars().collect();
    let count = |from: usize, of: fn(&char) -> bool| {
        from + chars[from..].iter().take_while(|c| of(c)).count()
    };
    let start = count(0, |c| c.is_whitespace());
    let after_digits = count(start, char::is_ascii_digit);
    for (i, &c) in chars.iter().enumerate() {
        if is_hidden(c) {
            push_visible_markdown(&mut out, c);
        } else if is_markup(&chars, i, start, after_digits) {
            out.push('\\');
            out.push(c);
        } else {
            out.push(c);
        }
    }
    out
}

/// Text as a Markdown code span, also inside a table cell.
pub fn markdown_code(text: &str) -> String {
    let shown = terminal(text);
    let longest = longest_run(&shown, '`');
    let fence = "`".repeat(longest + 1);
    // A table cell ends at a bare `|` even inside a code span; `\|` is how GitHub's dialect writes
    // one there.
    let shown = shown.replace('|', "\\|");
    let pad = if shown.starts_with('`') || shown.ends_with('`') || shown.trim().is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{shown}{pad}{fence}")
}

/// Text for an element, or for an attribute in quotes, of a page or of XML: as a terminal shows it, and
/// without markup.
pub fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in terminal(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// One field of a CSV file: quoted where needed, and never a formula for a spreadsheet.
pub fn csv(text: &str) -> String {
    let shown = terminal(text);
    let defused = if starts_formula(text) {
        format!("'{shown}")
    } else {
        shown.into_owned()
    };
    let needs_quotes = defused
        .chars()
        .any(|c| matches!(c, '"' | ',' | ';' | '\t' | '\r' | '\n'))
        || defused.starts_with(' ')
        || defused.ends_with(' ');
    if needs_quotes {
        format!("\"{}\"", defused.replace('"', "\"\""))
    } else {
        defused
    }
}

/// Whether a spreadsheet could take the text for a formula. Spaces in front are looked through,
/// since some programs trim them; so are the full-width forms that some normalise.
fn starts_formula(text: &str) -> bool {
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    text.trim_start_matches(|c: char| c.is_whitespace() || is_hidden(c))
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// Whether a character of Markdown starts markup at this place. `start` is the first character that
/// is no space, `after_digits` the first behind the digits that stand there.
fn is_markup(chars: &[char], i: usize, start: usize, after_digits: usize) -> bool {
    let ends_word = chars
        .get(i + 1)
        .is_none_or(|c| c.is_whitespace() || is_hidden(*c));
    match chars[i] {
        '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '!' | '#' | '$' => true,
        // A list, or the line under a heading, at the start.
        '-' | '+' | '=' => i == start,
        // A numbered list at the start; the dot of `www.`, which GitHub makes a link of.
        '.' => {
            (i == after_digits && i > start && ends_word)
                || (i >= 3 && chars[i - 3..i].iter().all(|c| matches!(c, 'w' | 'W')))
        }
        ')' => i == after_digits && i > start && ends_word,
        // `https://…`, which GitHub makes a link of.
        ':' => chars[i + 1..].starts_with(&['/', '/']),
        _ => false,
    }
}

fn push_visible(out: &mut String, c: char) {
    if is_hidden(c) {
        // Writing to a string cannot fail.
        let _ = write!(out, "\\u{{{:x}}}", c as u32);
    } else {
        out.push(c);
    }
}

fn push_visible_markdown(out: &mut String, c: char) {
    let _ = write!(out, "\\\\u{{{:x}}}", c as u32);
}

fn longest_run(text: &str, of: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        run = if c == of { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// Whether a character is a control, reorders text, takes no room, or ends the line.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}'                       // soft hyphen
            | '\u{034f}'                     // combining grapheme joiner
            | '\u{061c}'                     // Arabic letter mark
            | '\u{115f}' | '\u{1160}'        // Hangul fillers
            | '\u{17b4}' | '\u{17b5}'        // Khmer inherent vowels
            | '\u{180b}'..='\u{180f}'        // Mongolian selectors and separator
            | '\u{200b}'..='\u{200f}'        // zero width, left-to-right and right-to-left marks
            | '\u{2028}'..='\u{202e}'        // line and paragraph separators, embeddings, overrides
            | '\u{2060}'..='\u{206f}'        // word joiner, invisible operators, isolates
            | '\u{3164}' | '\u{ffa0}'        // Hangul fillers
            | '\u{fe00}'..='\u{fe0f}'        // variation selectors
            | '\u{feff}'                     // byte order mark
            | '\u{fff0}'..='\u{fffb}'        // unassigned, interlinear annotation
            | '\u{1bca0}'..='\u{1bca3}'      // shorthand format controls
            | '\u{1d173}'..='\u{1d17a}'      // musical format controls
            | '\u{e0000}'..='\u{e0fff}'      // tags, more variation selectors
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn nothing_hidden_is_left(text: String) {
            for out in [terminal(&text).into_owned(), markdown(&text), markdown_code(&text), csv(&text)] {
                proptest::prop_assert!(!out.chars().any(is_hidden), "{out:?}");
            }
        }

        #[test]
        fn a_field_is_one_field(text: String) {
            // What a reader of CSV gets back is the text as a terminal shows it, defused.
            let field = csv(&text);
            let read = match field.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
                Some(quoted) => {
                    proptest::prop_assert!(!quoted.replace("\"\"", "").contains('"'));
                    quoted.replace("\"\"", "\"")
                }
                None => {
                    proptest::prop_assert!(!field.contains(['"', ',']));
                    field
                }
            };
            let shown = terminal(&text);
            proptest::prop_assert_eq!(read.strip_prefix('\'').filter(|_| starts_formula(&text)).unwrap_or(&read), &*shown);
            proptest::prop_assert!(!read.starts_with(['=', '+', '-', '@']));
        }

        #[test]
        fn a_code_span_ends_where_it_should(text: String) {
            let span = markdown_code(&text);
            let fence = span.chars().take_while(|c| *c == '`').count();
            let inner: String = span.chars().skip(fence).take(span.chars().count() - 2 * fence).collect();
            proptest::prop_assert!(longest_run(&inner, '`') < fence);
            proptest::prop_assert!(!inner.starts_with('`') && !inner.ends_with('`'));
        }
    }

    #[test]
    fn plain_text_passes_a_terminal_unchanged() {
        for text in ["", "serde 1.0", "größe — 漢字 ✓", r"C:\dir\file", "a|b`c"] {
            assert!(matches!(terminal(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn escape_sequences_become_visible() {
        assert_eq!(terminal("\x1b[31mred\x1b[0m"), r"\u{1b}[31mred\u{1b}[0m");
        assert_eq!(
            terminal("\x1b]8;;http://x\x07t"),
            r"\u{1b}]8;;http://x\u{7}t"
        );
        // The one-character form of the same introducer.
        assert_eq!(terminal("\u{9b}31m"), r"\u{9b}31m");
        assert_eq!(
            terminal("a\rb\nc\td\0e\x08f\x7f"),
            r"a\u{d}b\u{a}c\u{9}d\u{0}e\u{8}f\u{7f}"
        );
    }

    #[test]
    fn every_control_character_is_escaped_in_every_form() {
        let controls = (0..=0x9fu32)
            .filter_map(char::from_u32)
            .filter(|c| c.is_control());
        for c in controls {
            let text = format!("a{c}b");
            for out in [
                terminal(&text).into_owned(),
                markdown(&text),
                markdown_code(&text),
                csv(&text),
            ] {
                assert!(!out.chars().any(char::is_control), "{c:?} in {out:?}");
                assert!(
                    out.contains(&format!("u{{{:x}}}", c as u32)),
                    "{c:?} in {out:?}"
                );
            }
        }
    }

    #[test]
    fn reordering_and_invisible_characters_become_visible() {
        for c in [
            '\u{202a}',
            '\u{202b}',
            '\u{202c}',
            '\u{202d}',
            '\u{202e}',
            '\u{2066}',
            '\u{2067}',
            '\u{2068}',
            '\u{2069}',
            '\u{200e}',
            '\u{200f}',
            '\u{061c}',
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{2060}',
            '\u{feff}',
            '\u{00ad}',
            '\u{2028}',
            '\u{2029}',
            '\u{180e}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{e0041}',
            '\u{e0100}',
            '\u{fff9}',
        ] {
            let text = format!("x{c}y");
            let expected = format!("x\\u{{{:x}}}y", c as u32);
            assert_eq!(terminal(&text), expected);
            assert_eq!(
                markdown(&text),
                format!("x\\\\u{{{:x}}}y", c as u32),
                "{c:?}"
            );
            assert_eq!(csv(&text), expected);
        }
    }

    #[test]
    fn escaping_for_a_terminal_twice_changes_nothing() {
        for text in ["\x1b[2J", "a\u{202e}b", "\u{200b}\u{e0001}", "plain"] {
            let once = terminal(text).into_owned();
            assert_eq!(terminal(&once), once);
        }
    }

    #[test]
    fn markdown_starts_no_markup() {
        assert_eq!(markdown("a|b"), r"a\|b");
        assert_eq!(markdown("`code`"), r"\`code\`");
        assert_eq!(markdown("*b* _i_ ~s~"), r"\*b\* \_i\_ \~s\~");
        assert_eq!(markdown("[t](u)"), r"\[t\](u)");
        assert_eq!(markdown("![i](u)"), r"\!\[i\](u)");
        assert_eq!(markdown("<b>&amp;</b>"), r"\<b\>\&amp;\</b\>");
        assert_eq!(markdown(r"back\slash"), r"back\\slash");
        assert_eq!(markdown("# heading"), r"\# heading");
        assert_eq!(markdown("$x$"), r"\$x\$");
    }

    #[test]
    fn markdown_starts_no_list_only_at_the_start() {
        assert_eq!(markdown("- item"), r"\- item");
        assert_eq!(markdown("  + item"), r"  \+ item");
        assert_eq!(markdown("==="), r"\===");
        assert_eq!(markdown("1. item"), r"1\. item");
        assert_eq!(markdown("23) item"), r"23\) item");
        assert_eq!(markdown("1.\n"), r"1\.\\u{a}");
        assert_eq!(markdown("7."), r"7\.");
        assert_eq!(markdown("1.2.3"), "1.2.3");
        assert_eq!(markdown("a-b 0.31.0 (x)"), "a-b 0.31.0 (x)");
    }

    #[test]
    fn markdown_starts_no_link() {
        assert_eq!(markdown("https://x.y"), r"https\://x.y");
        assert_eq!(
            markdown("see www.x.y and WWW.x"),
            r"see www\.x.y and WWW\.x"
        );
        assert_eq!(markdown("a: b"), "a: b");
    }

    #[test]
    fn markdown_keeps_a_cell_on_one_line() {
        let out = markdown("a\nb\r\nc\u{2028}d");
        assert_eq!(out, r"a\\u{a}b\\u{d}\\u{a}c\\u{2028}d");
    }

    #[test]
    fn code_spans_hold_backticks_and_bars() {
        assert_eq!(markdown_code("name"), "`name`");
        assert_eq!(markdown_code("a`b"), "``a`b``");
        assert_eq!(markdown_code("``"), "``` `` ```");
        assert_eq!(markdown_code("a|b"), r"`a\|b`");
        assert_eq!(markdown_code(""), "`  `");
        assert_eq!(markdown_code("a\nb"), r"`a\u{a}b`");
    }

    #[test]
    fn csv_quotes_what_would_split_a_field() {
        assert_eq!(csv("plain"), "plain");
        assert_eq!(csv("a,b"), "\"a,b\"");
        assert_eq!(csv("a;b"), "\"a;b\"");
        assert_eq!(csv("say \"hi\""), "\"say \"\"hi\"\"\"");
        assert_eq!(csv(" padded "), "\" padded \"");
        assert_eq!(csv(""), "");
    }

    #[test]
    fn csv_holds_no_formula() {
        assert_eq!(csv("=1+1"), "'=1+1");
        assert_eq!(csv("+1"), "'+1");
        assert_eq!(csv("-1"), "'-1");
        assert_eq!(csv("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(csv("=a,\"b\""), "\"'=a,\"\"b\"\"\"");
        assert_eq!(csv("  =1"), "'  =1");
        assert_eq!(csv("\t=1"), r"'\u{9}=1");
        assert_eq!(csv("\r=1"), r"'\u{d}=1");
        assert_eq!(csv("\n=1"), r"'\u{a}=1");
        assert_eq!(csv("\u{200b}=1"), r"'\u{200b}=1");
        assert_eq!(csv("＝1"), "'＝1");
        assert_eq!(csv("a=1-2@3"), "a=1-2@3");
        assert_eq!(csv("\"=1"), "\"\"\"=1\"");
    }
}
