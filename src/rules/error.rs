//! What can be wrong with rule files, and how it is told.

use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};

/// One mistake in a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    pub file: Utf8PathBuf,
    /// Line and column of its start, from 1; columns count characters. Absent where the file as a
    /// whole is at fault.
    pub place: Option<(usize, usize)>,
    /// What is there and what is expected, in one line without control characters.
    pub message: String,
}

impl Mistake {
    pub(crate) fn of_file(file: &Utf8Path, message: impl Into<String>) -> Self {
        Mistake {
            file: file.to_owned(),
            place: None,
            message: one_line(&message.into()),
        }
    }

    pub(crate) fn at(file: &str, text: &str, offset: usize, message: impl Into<String>) -> Self {
        let offset = text.floor_char_boundary(offset);
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Mistake {
            file: file.into(),
            place: Some((
                before.matches('\n').count() + 1,
                before[line_start..].chars().count() + 1,
            )),
            message: one_line(&message.into()),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&one_line(self.file.as_str()))?;
        if let Some((line, column)) = self.place {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// All mistakes that were found in the given rule files; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleErrors {
    pub mistakes: Vec<Mistake>,
}

impl RuleErrors {
    /// Orders the mistakes by file (as given) and place.
    pub(super) fn unless_none(mut mistakes: Vec<Mistake>) -> Option<Self> {
        let mut files: Vec<Utf8PathBuf> = Vec::new();
        for mistake in &mistakes {
            if !files.contains(&mistake.file) {
                files.push(mistake.file.clone());
            }
        }
        mistakes.sort_by_key(|mistake| {
            (
                files.iter().position(|file| *file == mistake.file),
                mistake.place,
            )
        });
        mistakes.dedup();
        (!mistakes.is_empty()).then_some(RuleErrors { mistakes })
    }
}

impl fmt::Display for RuleErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mistakes.len() {
            1 => f.write_str("cannot use the rule files; mend this mistake:")?,
            count => write!(f, "cannot use the rule files; mend these {count} mistakes:")?,
        }
        for mistake in &self.mistakes {
            write!(f, "\n  {mistake}")?;
        }
        Ok(())
    }
}

impl std::error::Error for RuleErrors {}

/// The text with control characters, line breaks and invisible direction marks written out.
fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || is_invisible(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Characters that change how the text around them is shown.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "a = 1\nbé = \"ü\" x";
        let at = |pattern: &str| {
            let offset = text.find(pattern).expect("the pattern");
            Mistake::at("f", text, offset, "m").place
        };
        assert_eq!(at("a"), Some((1, 1)));
        assert_eq!(at("b"), Some((2, 1)));
        assert_eq!(at("ü"), Some((2, 7)));
        assert_eq!(at("x"), Some((2, 10)));
        assert_eq!(Mistake::at("f", text, 1000, "m").place, Some((2, 11)));
    }

    #[test]
    fn nothing_hides_in_a_message() {
        let mistake = Mistake::at("a\u{1b}[2J.toml", "", 0, "x\ny\u{202e}z");
        assert_eq!(
            mistake.to_string(),
            "a\\u{1b}[2J.toml:1:1: x\\u{a}y\\u{202e}z"
        );
    }
}
