//! What flags take: values of their own kinds.

use std::ffi::OsStr;

use camino::Utf8PathBuf;
use clap::ValueEnum;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};

use crate::policy::Date;

/// Reads a day of the calendar.
pub fn day(text: &str) -> Result<Date, String> {
    text.parse()
        .map_err(|()| format!("`{text}` is no day such as 2026-12-31"))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Choice {
    A,
    B,
    C,
}

/// What stands beside the report in its page, in that order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum With {
    Plan,
    Matrix,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EmitFor {
    Renovate,
    Dependabot,
    CargoDeny,
}

/// An answer that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub format: Format,
    /// Where it goes; none for standard output, or the file of `--output`.
    pub file: Option<Utf8PathBuf>,
}

/// Reads a [`Wanted`], and names the formats to help and completions.
#[derive(Debug, Clone)]
pub struct Formats;

impl TypedValueParser for Formats {
    type Value = Wanted;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Wanted, clap::Error> {
        let parser = StringValueParser::new().try_map(|text| Wanted::parse(&text));
        parser.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let all = Format::value_variants().iter();
        Some(Box::new(all.filter_map(ValueEnum::to_possible_value)))
    }
}

impl Wanted {
    fn parse(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((name, file)) => (name, Some(file)),
            None => (text, None),
        };
        let Ok(format) = Format::from_str(name, false) else {
            return Err(format!("the formats are {}", Format::names().join(", ")));
        };
        if file == Some("") {
            return Err(format!("`{name}=` names no file"));
        }
        Ok(Self {
            format,
            file: file.map(Utf8PathBuf::from),
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Human,
    Short,
    Json,
    Sarif,
    Github,
    Gitlab,
    Junit,
    Markdown,
    Html,
    Csv,
    Dot,
    Svg,
}

impl Format {
    pub fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    fn names() -> Vec<String> {
        let all = Self::value_variants().iter();
        all.map(|format| format.name()).collect()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}
