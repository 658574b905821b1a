//! Text in lines of a width.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Breaks at spaces. A word that is wider than a line stands on one of its own, whole, so that it can
/// be copied.
pub fn words(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut room = 0;
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if word.width() < room => {
                line.push(' ');
                line.push_str(word);
                room -= word.width() + 1;
            }
            Some(_) | None => {
                lines.push(word.to_owned());
                room = width.saturating_sub(word.width());
            }
        }
    }
    lines
}

/// Breaks at spaces, and within words that are wider than a line. At least one line.
pub fn cell(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in words(text, width) {
        if line.width() <= width {
            lines.push(line);
            continue;
        }
        let mut part = String::new();
        let mut used = 0;
        for c in line.chars() {
            let wide = c.width().unwrap_or(0);
            if used + wide > width && !part.is_empty() {
                lines.push(std::mem::take(&mut part));
                used = 0;
            }
            part.push(c);
            used += wide;
        }
        lines.push(part);
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fill_lines() {
        assert_eq!(words("a bb ccc", 4), ["a bb", "ccc"]);
        assert_eq!(words("a bb ccc", 8), ["a bb ccc"]);
        assert_eq!(words("a toolong b", 3), ["a", "toolong", "b"]);
        assert_eq!(words("  ", 3), Vec::<String>::new());
        assert_eq!(words("a b", 0), ["a", "b"]);
    }

    #[test]
    fn cells_keep_their_width() {
        assert_eq!(cell("a toolong b", 3), ["a", "too", "lon", "g", "b"]);
        assert_eq!(cell("漢字漢字", 4), ["漢字", "漢字"]);
        assert_eq!(cell("", 3), [""]);
        // What is wider than a cell goes into it all the same.
        assert_eq!(cell("漢", 1), ["漢"]);
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost(text in "[a-z漢 ]{0,60}", width in 2usize..20) {
            let squeeze = |text: &str| text.split_whitespace().collect::<String>();
            proptest::prop_assert_eq!(squeeze(&cell(&text, width).concat()), squeeze(&text));
            proptest::prop_assert_eq!(squeeze(&words(&text, width).concat()), squeeze(&text));
            for line in cell(&text, width) {
                proptest::prop_assert!(line.width() <= width);
            }
        }
    }
}
