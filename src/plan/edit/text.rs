//! A manifest as a list of places: each table header, key and value with where it stands in the
//! text. Edits replace bytes at those places; whatever is not aimed at is never rendered anew.

use std::ops::Range;

use toml_edit::{Array, Document, InlineTable, Item, Table, Value};

use super::EditError;
use super::lines;
use super::list::{List, skip_trivia};
use crate::workspace::manifest::position;

/// A header or a key with its value.
#[derive(Debug, Clone)]
pub struct Node {
    /// The keys from the root of the document.
    pub path: Vec<String>,
    /// Where the header, or the key with the dotted keys before it, begins.
    pub start: usize,
    /// The last key alone.
    pub key: Range<usize>,
    /// The value. For a header, the empty range after it.
    pub value: Range<usize>,
    pub kind: Kind,
    /// The opening brace of the inline table it stands in. None for one with lines of its own.
    pub within: Option<usize>,
}

#[derive(Debug, Clone)]
pub enum Kind {
    Header,
    Text(String),
    Flag(bool),
    /// The elements, those that are text with it.
    Array(List, Vec<Option<String>>),
    /// An inline table.
    Inline(List),
    Other,
}

/// A parsed text.
#[derive(Debug)]
pub struct Doc<'a> {
    pub text: &'a str,
    /// In the order of the text.
    pub nodes: Vec<Node>,
}

impl Node {
    /// From the beginning of its key to the end of its value.
    pub fn whole(&self) -> Range<usize> {
        self.start..self.value.end
    }

    pub fn is_header(&self) -> bool {
        matches!(self.kind, Kind::Header)
    }

    pub fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_flag(&self) -> Option<bool> {
        match self.kind {
            Kind::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    /// The words of an array of text.
    pub fn words(&self) -> Vec<String> {
        match &self.kind {
            Kind::Array(_, words) => words.iter().flatten().cloned().collect(),
            _ => Vec::new(),
        }
    }
}

impl<'a> Doc<'a> {
    /// # Errors
    /// Where the text is no TOML.
    pub fn parse(text: &'a str) -> Result<Self, EditError> {
        let document = Document::parse(text).map_err(|error| {
            let (line, column) = position(text, error.span().map_or(0, |span| span.start));
            EditError::Syntax {
                line,
                column,
                message: error.message().to_owned(),
            }
        })?;
        let mut doc = Self {
            text,
            nodes: Vec::new(),
        };
        doc.table(document.as_table(), &mut Vec::new());
        doc.nodes.sort_by_key(|node| node.start);
        Ok(doc)
    }

    fn table(&mut self, table: &Table, path: &mut Vec<String>) {
        for (name, item) in table.iter() {
            path.push(name.to_owned());
            let key = table.key(name).and_then(toml_edit::Key::span);
            match item {
                Item::Value(value) => {
                    if let Some(key) = key {
                        let from = lines::start(self.text, key.start);
                        let start = from + lines::indent(self.text, key.start).len();
                        self.value(value, path, start, key, None);
                    }
                }
                Item::Table(inner) => {
                    self.header(inner, path, key);
                    self.table(inner, path);
                }
                Item::ArrayOfTables(array) => {
                    for inner in array {
                        self.header(inner, path, key.clone());
                        self.table(inner, path);
                    }
                }
                Item::None => {}
            }
            path.pop();
        }
    }

    fn header(&mut self, table: &Table, path: &[String], key: Option<Range<usize>>) {
        let Some(span) = table.span() else { return };
        if table.is_implicit() || table.is_dotted() {
            return;
        }
        self.nodes.push(Node {
            path: path.to_vec(),
            start: span.start,
            key: key.unwrap_or(span.clone()),
            value: span.end..span.end,
            kind: Kind::Header,
            within: None,
        });
    }

    fn value(
        &mut self,
        value: &Value,
        path: &[String],
        start: usize,
        key: Range<usize>,
        within: Option<usize>,
    ) {
        let Some(span) = value.span() else { return };
        let kind = match value {
            Value::String(text) => Kind::Text(text.value().clone()),
            Value::Boolean(flag) => Kind::Flag(*flag.value()),
            Value::Array(array) => elements(array, span.clone()),
            Value::InlineTable(table) => Kind::Inline(self.inline(table, path, span.clone())),
            Value::Integer(_) | Value::Float(_) | Value::Datetime(_) => Kind::Other,
        };
        self.nodes.push(Node {
            path: path.to_vec(),
            start,
            key,
            value: span,
            kind,
            within,
        });
    }

    /// The items of an inline table, dotted keys included.
    fn inline(&mut self, table: &InlineTable, path: &[String], span: Range<usize>) -> List {
        let mut items: Vec<_> = table.get_values();
        items.sort_by_key(|(_, value)| value.span().map_or(0, |span| span.start));
        let mut list = List {
            span: span.clone(),
            items: Vec::new(),
        };
        let mut end = span.start + 1;
        for (keys, value) in items {
            let (Some(key), Some(place)) = (keys.last().and_then(|key| key.span()), value.span())
            else {
                continue;
            };
            let start = skip_trivia(self.text, end);
            end = place.end;
            list.items.push(start..end);
            let names = keys.iter().map(|key| key.get().to_owned());
            let path: Vec<String> = path.iter().cloned().chain(names).collect();
            self.value(value, &path, start, key, Some(span.start));
        }
        list
    }

    /// The node of exactly this path that is no `[[header]]`'s second.
    pub fn at(&self, path: &[String]) -> Option<&Node> {
        self.nodes.iter().find(|node| node.path == path)
    }

    /// The nodes below a path.
    pub fn under<'d>(&'d self, path: &'d [String]) -> impl Iterator<Item = &'d Node> {
        self.nodes
            .iter()
            .filter(move |node| node.path.len() > path.len() && node.path.starts_with(path))
    }

    /// The header in whose body an offset stands.
    pub fn enclosing(&self, at: usize) -> Option<&Node> {
        let mut before = self.nodes.iter().filter(|node| node.start < at);
        before.rfind(|node| node.is_header())
    }

    /// Where the body of a header ends: the offset of the next header, or of the end.
    pub fn body_end(&self, header: &Node) -> usize {
        let next = self
            .nodes
            .iter()
            .find(|node| node.is_header() && node.start > header.start);
        next.map_or(self.text.len(), |next| next.start)
    }

    /// The lines of a header's body that hold keys.
    pub fn body(&self, header: &Node) -> Vec<&Node> {
        let end = self.body_end(header);
        let own = |node: &&Node| node.start > header.start && node.start < end;
        let nodes = self.nodes.iter().filter(own);
        nodes.filter(|node| node.within.is_none()).collect()
    }

    /// The inline table that begins at an offset.
    pub fn list(&self, open: usize) -> Option<&List> {
        self.nodes.iter().find_map(|node| match &node.kind {
            Kind::Inline(list) if list.span.start == open => Some(list),
            _ => None,
        })
    }

    /// The text of an item of an inline table gone, with its separator.
    pub fn without_item(&self, node: &Node, open: usize) -> Option<String> {
        let list = self.list(open)?;
        let index = list
            .items
            .iter()
            .position(|item| item.start == node.start)?;
        Some(list.remove(self.text, index))
    }
}

fn elements(array: &Array, span: Range<usize>) -> Kind {
    let mut list = List {
        span,
        items: Vec::new(),
    };
    let mut words = Vec::new();
    for value in array {
        if let Some(span) = value.span() {
            list.items.push(span);
            words.push(value.as_str().map(str::to_owned));
        }
    }
    Kind::Array(list, words)
}
