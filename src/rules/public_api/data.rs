//! What is known of one crate, as it stands in its file.

use std::collections::{BTreeMap, HashMap};

use semver::Version;

use crate::skew::Line;

use super::item::{Form, Item, ItemKind, Span};

/// A release that stands for a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseRead {
    pub version: Version,
    /// Features that were off when its items were read; all others were on.
    pub without: Vec<String>,
    /// Features that are on where nobody says anything.
    pub default: Vec<String>,
    /// Why its items are not known; none where they are.
    pub unread: Option<String>,
}

/// The items of one line: what stands in a path, as what, in which form.
pub type Items = BTreeMap<(String, ItemKind), Form>;

/// A form, and the numbers of the first and last line on which it holds.
type Numbered<'a> = (usize, usize, &'a Form);

/// One crate's file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CrateData {
    pub releases: BTreeMap<Line, ReleaseRead>,
    /// By path, then kind.
    items: Vec<Item>,
    /// Numbers of items by the last part of their path.
    named: HashMap<String, Vec<u32>>,
}

impl CrateData {
    /// Sorts the items, of which no two may have one path and kind.
    pub(super) fn new(releases: BTreeMap<Line, ReleaseRead>, mut items: Vec<Item>) -> Self {
        items.sort_by(|a, b| (&a.path, a.kind).cmp(&(&b.path, b.kind)));
        let mut named: HashMap<String, Vec<u32>> = HashMap::new();
        for (number, item) in (0..).zip(&items) {
            named
                .entry(item.name().to_owned())
                .or_default()
                .push(number);
        }
        CrateData {
            releases,
            items,
            named,
        }
    }

    /// Puts the items of several lines together.
    pub fn of_lines(releases: BTreeMap<Line, ReleaseRead>, lines: &BTreeMap<Line, Items>) -> Self {
        let read: Vec<Line> = lines.keys().copied().collect();
        let mut spans: BTreeMap<(&str, ItemKind), Vec<Numbered>> = BTreeMap::new();
        for (number, items) in lines.values().enumerate() {
            for ((path, kind), form) in items {
                let known = spans.entry((path, *kind)).or_default();
                match known.last_mut() {
                    Some((_, last, same)) if *last + 1 == number && *same == form => *last = number,
                    _ => known.push((number, number, form)),
                }
            }
        }
        let items = spans
            .into_iter()
            .map(|((path, kind), spans)| Item {
                path: path.to_owned(),
                kind,
                spans: spans
                    .into_iter()
                    .map(|(first, last, form)| Span {
                        first: read[first],
                        last: (last + 1 < read.len()).then(|| read[last]),
                        form: form.clone(),
                    })
                    .collect(),
            })
            .collect();
        CrateData::new(releases, items)
    }

    /// The items of each line that was read.
    pub fn by_line(&self) -> BTreeMap<Line, Items> {
        let read = self
            .releases
            .iter()
            .filter(|(_, release)| release.unread.is_none());
        read.map(|(line, _)| {
            let there = self.items.iter().filter_map(|item| {
                let form = item.at(*line)?;
                Some(((item.path.clone(), item.kind), form.clone()))
            });
            (*line, there.collect())
        })
        .collect()
    }

    /// All items of all lines, by path, then kind.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// All items of that path.
    pub fn at_path(&self, path: &str) -> &[Item] {
        let start = self.items.partition_point(|item| item.path.as_str() < path);
        let count = self.items[start..].partition_point(|item| item.path == path);
        &self.items[start..start + count]
    }

    /// All items right or farther below that path.
    pub fn below(&self, path: &str) -> impl Iterator<Item = &Item> {
        let prefix = if path.is_empty() {
            String::new()
        } else {
            format!("{path}::")
        };
        let start = self.items.partition_point(|item| item.path < prefix);
        self.items[start..]
            .iter()
            .take_while(move |item| item.path.starts_with(&prefix))
    }

    /// All items of that last part of the path.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &Item> {
        let numbers = self.named.get(name).map(Vec::as_slice).unwrap_or_default();
        numbers
            .iter()
            .filter_map(|number| self.items.get(*number as usize))
    }

    /// Whether the items of that line are known.
    pub fn is_read(&self, line: Line) -> bool {
        self.releases
            .get(&line)
            .is_some_and(|release| release.unread.is_none())
    }

    /// An item's form on a line; none where it is not there, or where the line is not known.
    pub fn on<'i>(&self, item: &'i Item, line: Line) -> Option<&'i Form> {
        item.at(line).filter(|_| self.is_read(line))
    }

    /// Whether the crate has ended before that line.
    pub fn has_ended(&self, line: Line) -> bool {
        self.releases
            .last_key_value()
            .is_some_and(|(last, _)| *last < line)
    }
}
