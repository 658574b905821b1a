//! The text form: one file a crate, one line an item.
//!
//! Columns are separated by tabs. `release` lines (line, version, features on by default, features that
//! were off) and `unread` lines (line, version, why) come first, then an item a line: its
//! kind, its path, and a column for each form that it has had, from old to new. A column starts with
//! the lines on which it holds: `0.21-0.24`, `0.27` for one alone, `0.28-` up to the newest.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use semver::Version;

use crate::rules::Mistake;
use crate::skew::Line;

use super::data::{CrateData, ReleaseRead};
use super::item::{Form, Item, ItemKind, Span};

/// The text of a file; what is read from it is the same data.
pub fn write(krate: &str, head: &str, data: &CrateData) -> String {
    let mut text = String::new();
    for line in head.replace("{crate}", krate).lines() {
        let _ = writeln!(text, "# {line}");
    }
    for (line, release) in &data.releases {
        let _ = match &release.unread {
            Some(why) => writeln!(
                text,
                "unread\t{line}\t{}\t{}",
                release.version,
                one_column(why)
            ),
            None => {
                let (default, without) = (release.default.join(","), release.without.join(","));
                let version = &release.version;
                writeln!(text, "release\t{line}\t{version}\t{default}\t{without}")
            }
        };
    }
    for item in data.items() {
        let _ = write!(text, "{}\t{}", item.kind, item.path);
        for span in &item.spans {
            let _ = match span.last {
                Some(last) if last == span.first => write!(text, "\t{last}"),
                Some(last) => write!(text, "\t{}-{last}", span.first),
                None => write!(text, "\t{}-", span.first),
            };
            let form = span.form.to_string();
            if !form.is_empty() {
                let _ = write!(text, " {}", one_column(&form));
            }
        }
        text.push('\n');
    }
    text
}

fn one_column(text: &str) -> String {
    text.split(['\t', '\n', '\r']).collect::<Vec<_>>().join(" ")
}

/// Reads a file; mistakes are added to the list, each with its place, and their lines left out.
pub fn read(file: &str, text: &str, mistakes: &mut Vec<Mistake>) -> CrateData {
    let mut reader = Reader {
        file,
        text,
        mistakes,
        releases: BTreeMap::new(),
        items: Vec::new(),
        known: BTreeMap::new(),
    };
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        if !content.is_empty() && !content.starts_with('#') {
            reader.line(content, offset);
        }
        offset += line.len();
    }
    let (releases, items) = (reader.releases, reader.items);
    CrateData::new(releases, items)
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    mistakes: &'a mut Vec<Mistake>,
    releases: BTreeMap<Line, ReleaseRead>,
    items: Vec<Item>,
    /// Path and kind of the items so far.
    known: BTreeMap<(&'a str, ItemKind), ()>,
}

/// What is wrong, and how far into the line.
type Wrong = (usize, String);

impl<'a> Reader<'a> {
    fn line(&mut self, content: &'a str, offset: usize) {
        let result = match content.split_once('\t') {
            Some(("release", rest)) => self.release(rest, true),
            Some(("unread", rest)) => self.release(rest, false),
            Some((kind, rest)) => self.item(kind, rest),
            None => Err((0, "expected columns separated by tabs".to_owned())),
        };
        if let Err((at, message)) = result {
            self.mistakes
                .push(Mistake::at(self.file, self.text, offset + at, message));
        }
    }

    fn release(&mut self, rest: &str, read: bool) -> Result<(), Wrong> {
        let start = if read {
            "release\t".len()
        } else {
            "unread\t".len()
        };
        let columns: Vec<&str> = rest.split('\t').collect();
        let (line, version, default, without, unread) = match columns[..] {
            [line, version, default, without] if read => (line, version, default, without, None),
            [line, version, why] if !read => (line, version, "", "", Some(why.to_owned())),
            _ if read => {
                let message = "expected a line, a version and two lists of features";
                return Err((start, message.to_owned()));
            }
            _ => return Err((start, "expected a line, a version and a reason".to_owned())),
        };
        let line: Line = line.parse().map_err(|error| (start, error))?;
        let version = Version::parse(version)
            .map_err(|error| (start, format!("`{version}` is no version: {error}")))?;
        let list = |column: &str| -> Vec<String> {
            let names = column.split(',').filter(|name| !name.is_empty());
            names.map(str::to_owned).collect()
        };
        let release = ReleaseRead {
            version,
            without: list(without),
            default: list(default),
            unread,
        };
        if self.releases.insert(line, release).is_some() {
            return Err((start, format!("line {line} has a release already")));
        }
        Ok(())
    }

    fn item(&mut self, kind: &str, rest: &'a str) -> Result<(), Wrong> {
        let start = kind.len() + 1;
        let kind: ItemKind = kind.parse().map_err(|error| (0, error))?;
        let mut columns = rest.split('\t');
        let path = columns.next().unwrap_or_default();
        if path.is_empty() || path.split("::").any(str::is_empty) {
            return Err((start, format!("`{path}` is no path")));
        }
        let mut at = start + path.len() + 1;
        let mut spans: Vec<Span> = Vec::new();
        for column in columns {
            let span = self.span(column).map_err(|message| (at, message))?;
            if let Some(before) = spans.last()
                && before.last.is_none_or(|last| last >= span.first)
            {
                return Err((at, "starts before the column to its left ends".to_owned()));
            }
            at += column.len() + 1;
            spans.push(span);
        }
        if spans.is_empty() {
            return Err((start, "says nowhere on which lines it is there".to_owned()));
        }
        if self.known.insert((path, kind), ()).is_some() {
            return Err((start, format!("{kind} `{path}` stands here twice")));
        }
        self.items.push(Item {
            path: path.to_owned(),
            kind,
            spans,
        });
        Ok(())
    }

    fn span(&self, column: &str) -> Result<Span, String> {
        let (lines, form) = column.split_once(' ').unwrap_or((column, ""));
        let (first, last) = match lines.split_once('-') {
            None => (lines, Some(lines)),
            Some((first, "")) => (first, None),
            Some((first, last)) => (first, Some(last)),
        };
        let known = |text: &str| -> Result<Line, String> {
            let line: Line = text.parse()?;
            match self.releases.get(&line) {
                Some(release) if release.unread.is_none() => Ok(line),
                _ => Err(format!("no release of line {line} was read")),
            }
        };
        let first = known(first)?;
        let last = last.map(known).transpose()?;
        if last.is_some_and(|last| last < first) {
            return Err(format!("`{lines}` ends before it starts"));
        }
        Ok(Span {
            first,
            last,
            form: form.parse::<Form>()?,
        })
    }
}
