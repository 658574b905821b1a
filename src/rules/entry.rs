//! Reads the keys of one table of a rule file and notes every mistake instead of stopping at one.

use std::ops::{Range, RangeInclusive};
use std::str::FromStr;

use semver::{Version, VersionReq};
use serde::de::DeserializeOwned;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, StrDeserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::skew::Line;

use super::error::Mistake;

pub(crate) use super::shape::Shape;

/// A file while it is read.
pub(crate) struct Source<'a> {
    pub file: &'a str,
    pub text: &'a str,
    pub mistakes: &'a mut Vec<Mistake>,
}

impl Source<'_> {
    pub fn mistake(&mut self, offset: usize, message: impl Into<String>) {
        self.mistakes
            .push(Mistake::at(self.file, self.text, offset, message));
    }
}

/// One table. Each key is to be asked for once; [`Entry::finish`] reports those that nobody asked for.
pub(crate) struct Entry<'e, 'i, 's> {
    /// What the table is, for people: "`[[crate]]`".
    pub what: &'static str,
    pub table: &'e DeTable<'i>,
    pub span: Range<usize>,
    pub source: &'e mut Source<'s>,
    asked: Vec<&'static str>,
    mistakes_before: usize,
}

impl<'e, 'i, 's> Entry<'e, 'i, 's> {
    pub fn new(
        what: &'static str,
        table: &'e DeTable<'i>,
        span: Range<usize>,
        source: &'e mut Source<'s>,
    ) -> Self {
        let mistakes_before = source.mistakes.len();
        Entry {
            what,
            table,
            span,
            source,
            asked: Vec::new(),
            mistakes_before,
        }
    }

    /// Reports unknown keys, and says whether the table was free of mistakes.
    pub fn finish(self) -> bool {
        for (key, _) in self.table.iter() {
            if !self.asked.contains(&key.get_ref().as_ref()) {
                let known = self
                    .asked
                    .iter()
                    .map(|known| format!("`{known}`"))
                    .collect::<Vec<_>>();
                self.source.mistake(
                    key.span().start,
                    format!(
                        "unknown key `{}` in {}; expected one of {}",
                        key.get_ref(),
                        self.what,
                        known.join(", ")
                    ),
                );
            }
        }
        self.source.mistakes.len() == self.mistakes_before
    }

    /// Notes that the table as a whole is wrong.
    pub fn mistake(&mut self, message: impl Into<String>) {
        self.source.mistake(self.span.start, message);
    }

    pub fn get(&mut self, key: &'static str) -> Option<&'e Spanned<DeValue<'i>>> {
        self.asked.push(key);
        self.table.get(key)
    }

    /// A text that must be there; empty after a mistake.
    pub fn text(&mut self, key: &'static str, shape: Shape) -> String {
        self.needed(key, shape.expected())
            .and_then(|value| self.as_text(key, value, shape))
            .unwrap_or_default()
    }

    pub fn optional_text(&mut self, key: &'static str, shape: Shape) -> Option<String> {
        let value = self.get(key)?;
        self.as_text(key, value, shape)
    }

    /// A list of texts, or a single one; empty where absent.
    pub fn texts(&mut self, key: &'static str, shape: Shape) -> Vec<String> {
        let values = self.values(key);
        values
            .into_iter()
            .filter_map(|value| self.as_text(key, value, shape))
            .collect()
    }

    /// A list of texts, or a single one, with at least one in it.
    pub fn needed_texts(&mut self, key: &'static str, shape: Shape) -> Vec<String> {
        let texts = self.texts(key, shape);
        if texts.is_empty() && self.is_absent_or_empty(key) {
            self.missing(key, shape.expected());
        }
        texts
    }

    pub fn flag(&mut self, key: &'static str) -> bool {
        match self.get(key) {
            None => false,
            Some(value) => match value.get_ref() {
                DeValue::Boolean(flag) => *flag,
                _ => {
                    self.wrong_type(key, value, "`true` or `false`");
                    false
                }
            },
        }
    }

    /// A whole number in a range; absent after a mistake.
    pub fn number(&mut self, key: &'static str, range: RangeInclusive<u64>) -> Option<u64> {
        let value = self.get(key)?;
        self.as_number(key, value, &range)
    }

    /// A list of whole numbers in a range, or a single one; empty where absent.
    pub fn numbers(&mut self, key: &'static str, range: RangeInclusive<u64>) -> Vec<u64> {
        let values = self.values(key);
        values
            .into_iter()
            .filter_map(|value| self.as_number(key, value, &range))
            .collect()
    }

    fn as_number(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        range: &RangeInclusive<u64>,
    ) -> Option<u64> {
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        let DeValue::Integer(written) = value.get_ref() else {
            self.wrong_type(key, value, &expected);
            return None;
        };
        let number = u64::from_str_radix(written.as_str(), written.radix()).ok();
        let fits = number.filter(|number| range.contains(number));
        if fits.is_none() {
            let message = format!("`{written}` under `{key}`; expected {expected}");
            self.source.mistake(value.span().start, message);
        }
        fits
    }

    /// A name out of a closed set; absent after a mistake.
    pub fn name<T: DeserializeOwned>(&mut self, key: &'static str) -> Option<T> {
        let value = self.needed(key, "a name")?;
        self.as_name(key, value)
    }

    /// A list of names out of a closed set, or a single one; empty where absent.
    pub fn names<T: DeserializeOwned>(&mut self, key: &'static str) -> Vec<T> {
        let values = self.values(key);
        values
            .into_iter()
            .filter_map(|value| self.as_name(key, value))
            .collect()
    }

    /// A list of names out of a closed set, or a single one, with at least one in it.
    pub fn needed_names<T: DeserializeOwned>(&mut self, key: &'static str) -> Vec<T> {
        let names = self.names(key);
        if names.is_empty() && self.is_absent_or_empty(key) {
            self.missing(key, "a name");
        }
        names
    }

    pub fn versions(&mut self, key: &'static str) -> Option<VersionReq> {
        let value = self.get(key)?;
        self.as_versions(key, value)
    }

    pub fn needed_versions(&mut self, key: &'static str) -> Option<VersionReq> {
        let value = self.needed(key, "a version requirement")?;
        self.as_versions(key, value)
    }

    pub fn version(&mut self, key: &'static str) -> Option<Version> {
        let value = self.get(key)?;
        self.as_version(key, value)
    }

    pub fn needed_version(&mut self, key: &'static str) -> Option<Version> {
        let value = self.needed(key, "a version")?;
        self.as_version(key, value)
    }

    /// A text, or a date or number as it is written, of a form of its own; absent after a mistake.
    pub fn parsed_from<T: FromStr>(&mut self, key: &'static str, expected: &str) -> Option<T> {
        let value = self.get(key)?;
        let text = match value.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            _ => self.as_str(key, value, expected)?.to_owned(),
        };
        let parsed = text.parse().ok();
        if parsed.is_none() {
            let message = format!("`{text}` under `{key}`; expected {expected}");
            self.source.mistake(value.span().start, message);
        }
        parsed
    }

    /// The tables of a list, or a single one.
    pub fn tables(&mut self, key: &'static str) -> Vec<(&'e DeTable<'i>, Range<usize>)> {
        let values = self.values(key);
        let mut tables = Vec::with_capacity(values.len());
        for value in values {
            match value.get_ref() {
                DeValue::Table(table) => tables.push((table, value.span())),
                _ => self.wrong_type(key, value, "a table"),
            }
        }
        tables
    }

    /// A line such as `0.27`.
    pub fn line(&mut self, key: &'static str) -> Option<Line> {
        let value = self.get(key)?;
        let text = self.as_str(key, value, "a line such as \"0.27\"")?;
        match text.parse() {
            Ok(line) => Some(line),
            Err(error) => {
                let message = format!("`{key}`: {error}");
                self.source.mistake(value.span().start, message);
                None
            }
        }
    }

    pub fn needed_line(&mut self, key: &'static str) -> Option<Line> {
        if !self.table.contains_key(key) {
            self.missing(key, "a line such as \"0.27\"");
        }
        self.line(key)
    }

    /// A list of pairs of texts; empty where absent.
    pub fn pairs(&mut self, key: &'static str, shape: Shape) -> Vec<(String, String)> {
        let values = self.values(key);
        let mut pairs = Vec::with_capacity(values.len());
        for value in values {
            let [one, other] = match value.get_ref() {
                DeValue::Array(pair) if pair.len() == 2 => [&pair[0], &pair[1]],
                _ => {
                    self.wrong_type(key, value, "a list of pairs");
                    continue;
                }
            };
            let pair = [one, other].map(|text| self.as_text(key, text, shape));
            if let [Some(one), Some(other)] = pair {
                pairs.push((one, other));
            }
        }
        pairs
    }

    /// The values of a list, or a single one; empty where absent.
    pub fn values(&mut self, key: &'static str) -> Vec<&'e Spanned<DeValue<'i>>> {
        match self.get(key) {
            None => Vec::new(),
            Some(value) => match value.get_ref() {
                DeValue::Array(values) => values.iter().collect(),
                _ => vec![value],
            },
        }
    }

    fn needed(&mut self, key: &'static str, expected: &str) -> Option<&'e Spanned<DeValue<'i>>> {
        let value = self.get(key);
        if value.is_none() {
            self.missing(key, expected);
        }
        value
    }

    fn missing(&mut self, key: &'static str, expected: &str) {
        self.mistake(format!("{} needs a key `{key}` with {expected}", self.what));
    }

    fn is_absent_or_empty(&self, key: &str) -> bool {
        match self.table.get(key).map(|value| value.get_ref()) {
            None => true,
            Some(DeValue::Array(values)) => values.is_empty(),
            Some(_) => false,
        }
    }

    fn wrong_type(&mut self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) {
        let found = value.get_ref().type_str();
        self.source.mistake(
            value.span().start,
            format!("`{key}` is of the type {found}; expected {expected}"),
        );
    }

    fn as_str<'v>(
        &mut self,
        key: &str,
        value: &'v Spanned<DeValue<'_>>,
        expected: &str,
    ) -> Option<&'v str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong_type(key, value, expected);
        }
        text
    }

    pub fn as_text(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        shape: Shape,
    ) -> Option<String> {
        let text = self.as_str(key, value, shape.expected())?;
        if shape.fits(text) {
            return Some(text.to_owned());
        }
        let message = format!("`{text}` under `{key}`; expected {}", shape.expected());
        self.source.mistake(value.span().start, message);
        None
    }

    fn as_name<T: DeserializeOwned>(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<T> {
        let text = self.as_str(key, value, "a name")?;
        let name: StrDeserializer<'_, ValueError> = text.into_deserializer();
        match T::deserialize(name) {
            Ok(name) => Some(name),
            Err(error) => {
                // "unknown variant `x`, expected one of `a`, `b`"
                let message = error
                    .to_string()
                    .replacen("unknown variant", "unknown name", 1);
                self.source
                    .mistake(value.span().start, format!("`{key}`: {message}"));
                None
            }
        }
    }

    fn as_version(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Version> {
        self.parsed(key, value, "a version such as \"0.21.0\"")
    }

    fn as_versions(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<VersionReq> {
        let expected = "a version requirement such as \">=0.18, <0.21\"";
        let versions: VersionReq = self.parsed(key, value, expected)?;
        if super::versions::is_empty(&versions) {
            let message = format!("no version satisfies `{versions}` under `{key}`");
            self.source.mistake(value.span().start, message);
            return None;
        }
        Some(versions)
    }

    fn parsed<T: FromStr<Err = semver::Error>>(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        expected: &str,
    ) -> Option<T> {
        let text = self.as_str(key, value, expected)?;
        match text.parse() {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                let message = format!("`{text}` under `{key}`: {error}; expected {expected}");
                self.source.mistake(value.span().start, message);
                None
            }
        }
    }
}
