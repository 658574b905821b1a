//! The report for people: a screen of summary, then each finding where it stands in its manifest.

mod findings;
mod summary;

use super::Report;

/// How to print.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    pub colours: bool,
    /// Columns.
    pub width: usize,
    /// Notes in full, evidence without limit.
    pub verbose: bool,
}

/// Renders a report.
pub fn render(report: &Report, options: &Options) -> String {
    let mut out = String::new();
    summary::render(report, options, &mut out);
    findings::render(report, options, &mut out);
    out
}

/// Styles, or none of them.
#[derive(Clone, Copy)]
pub(in crate::report) struct Paint(bool);

impl Paint {
    pub fn new(options: &Options) -> Self {
        Self(options.colours)
    }

    pub fn paint(self, style: anstyle::Style, text: &str) -> String {
        if self.0 {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    pub fn bold(self, text: &str) -> String {
        self.paint(anstyle::Style::new().bold(), text)
    }

    pub fn dim(self, text: &str) -> String {
        self.paint(anstyle::Style::new().dimmed(), text)
    }

    pub fn red(self, text: &str) -> String {
        self.colour(anstyle::AnsiColor::Red, text)
    }

    pub fn yellow(self, text: &str) -> String {
        self.colour(anstyle::AnsiColor::Yellow, text)
    }

    pub fn green(self, text: &str) -> String {
        self.colour(anstyle::AnsiColor::Green, text)
    }

    fn colour(self, colour: anstyle::AnsiColor, text: &str) -> String {
        let style = anstyle::Style::new().bold().fg_color(Some(colour.into()));
        self.paint(style, text)
    }
}
