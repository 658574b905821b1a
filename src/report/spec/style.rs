//! For whom words are written: what is text and what is code, as its reader takes it.

use crate::report::escape::markdown_code;
use crate::report::html::write::Writer;
use crate::report::plan::markdown::text::prose;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Markdown,
    Html,
}

impl Style {
    /// A name, a place, a command.
    pub fn code(self, text: &str) -> String {
        match self {
            Self::Markdown => markdown_code(text),
            Self::Html => written(|w| w.code(text)),
        }
    }

    /// A sentence of somebody else. What stands between backticks is code.
    pub fn prose(self, text: &str) -> String {
        match self {
            Self::Markdown => prose(text),
            Self::Html => written(|w| w.prose(text)),
        }
    }

    /// Words of this program.
    pub fn strong(self, text: &'static str) -> String {
        match self {
            Self::Markdown => format!("**{text}**"),
            Self::Html => written(|w| w.element("strong", &[], text)),
        }
    }
}

fn written(write: impl FnOnce(&mut Writer)) -> String {
    let mut writer = Writer::default();
    write(&mut writer);
    writer.finish()
}
