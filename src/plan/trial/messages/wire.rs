//! Messages as cargo and rustc write them, of which the needed fields are read.

use serde::Deserialize;

/// What cargo prints, a line each.
#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Message {
    #[serde(rename = "compiler-message")]
    Diagnostic {
        package_id: String,
        target: Target,
        message: Diagnostic,
    },
    CompilerArtifact {
        package_id: String,
    },
    BuildFinished {
        success: bool,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
pub struct Target {
    pub name: String,
    pub kind: Vec<String>,
}

#[derive(Deserialize)]
pub struct Diagnostic {
    pub message: String,
    pub code: Option<Code>,
    pub level: String,
    pub spans: Vec<Span>,
    pub rendered: Option<String>,
    #[serde(default)]
    pub children: Vec<Diagnostic>,
}

#[derive(Deserialize)]
pub struct Code {
    pub code: String,
}

#[derive(Deserialize)]
pub struct Span {
    pub file_name: String,
    pub line_start: usize,
    pub column_start: usize,
    pub is_primary: bool,
    pub expansion: Option<Box<Expansion>>,
    #[serde(default)]
    pub byte_start: usize,
    #[serde(default)]
    pub byte_end: usize,
    pub label: Option<String>,
    pub suggested_replacement: Option<String>,
    pub suggestion_applicability: Option<String>,
    #[serde(default)]
    pub text: Vec<Text>,
}

/// A line of source in a span.
#[derive(Deserialize)]
pub struct Text {
    pub text: String,
    pub highlight_start: usize,
    pub highlight_end: usize,
}

impl Span {
    /// The code that it marks.
    pub fn code(&self) -> String {
        let lines = self.text.iter().map(|line| {
            let length = line.highlight_end.saturating_sub(line.highlight_start);
            let letters = line
                .text
                .chars()
                .skip(line.highlight_start.saturating_sub(1));
            letters.take(length).collect::<String>()
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

#[derive(Deserialize)]
pub struct Expansion {
    pub span: Span,
}
