//! Makes longer untrusted text harmless where its lines, or its byte offsets, must stay.

use super::escape::terminal;

/// Text of several lines for a terminal.
pub fn terminal_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(terminal).collect();
    lines.join("\n")
}

/// The text with every character that a terminal could take for more than a character replaced by
/// as many bytes, so that offsets into it still hold.
pub fn same_length(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let mut buffer = [0; 4];
        let one = character.encode_utf8(&mut buffer);
        let harmless = matches!(character, '\n' | '\t') || matches!(&*terminal(one), t if t == one);
        if harmless {
            out.push(character);
        } else {
            out.extend(std::iter::repeat_n('?', character.len_utf8()));
        }
    }
    out
}

/// A number with what it counts: `1 warning`, `2 warnings`.
pub fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// A value by the name that rules and reports give it; nothing where it has none.
pub fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_stay() {
        let text = "a\u{1b}[31m\u{202e}é\tb\n";
        let shown = same_length(text);
        assert_eq!(shown.len(), text.len());
        assert_eq!(shown, "a?[31m???é\tb\n");
    }

    #[test]
    fn lines_stay() {
        assert_eq!(terminal_lines("a\nb\u{7}"), "a\nb\\u{7}");
    }
}
