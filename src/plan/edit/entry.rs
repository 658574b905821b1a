//! One entry of a dependency table, whatever its form: a string, an inline table, dotted keys or a
//! section of its own.

use std::ops::Range;

use toml_edit::{Key, Value};

use super::lines;
use super::list::List;
use super::text::{Doc, Kind, Node};
use super::{EditError, Entry};
use crate::workspace::manifest::DependencyTable;

pub type Edited = Result<String, EditError>;

/// The form of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `x = "1"`.
    Plain,
    /// `x = { … }`.
    Inline,
    /// `x.version = "1"`, on lines or inside an inline table.
    Dotted,
    /// `[dependencies.x]`.
    Section,
}

/// An entry found in a text.
pub struct Found<'d> {
    doc: &'d Doc<'d>,
    at: &'d Entry,
    pub path: Vec<String>,
    pub form: Form,
}

/// The paths by which cargo knows the table of an entry, today's name first.
pub fn containers(at: &Entry) -> Vec<Vec<String>> {
    let names: &[&[&str]] = match at.table {
        DependencyTable::Normal => &[&["dependencies"]],
        DependencyTable::Dev => &[&["dev-dependencies"], &["dev_dependencies"]],
        DependencyTable::Build => &[&["build-dependencies"], &["build_dependencies"]],
        DependencyTable::Workspace => &[&["workspace", "dependencies"]],
    };
    let above = |condition: &String| ["target".to_owned(), condition.clone()];
    let above: Vec<String> = at.platform.iter().flat_map(above).collect();
    let full = |name: &&[&str]| {
        let name = name.iter().map(|&part| part.to_owned());
        above.iter().cloned().chain(name).collect()
    };
    names.iter().map(full).collect()
}

/// A string as TOML.
pub fn quoted(text: &str) -> String {
    Value::from(text).to_string().trim().to_owned()
}

/// A key as TOML.
pub fn key(text: &str) -> String {
    Key::new(text).display_repr().into_owned()
}

/// A list of strings as TOML.
pub fn array(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    format!("[{}]", words.join(", "))
}

impl<'d> Found<'d> {
    /// # Errors
    /// Where there is no such entry.
    pub fn find(doc: &'d Doc<'d>, at: &'d Entry) -> Result<Self, EditError> {
        Self::look(doc, at).ok_or_else(|| EditError::NoEntry(at.clone()))
    }

    pub fn look(doc: &'d Doc<'d>, at: &'d Entry) -> Option<Self> {
        containers(at).into_iter().find_map(|mut path| {
            path.push(at.key.clone());
            let form = match doc.at(&path).map(|node| &node.kind) {
                Some(Kind::Text(_)) => Form::Plain,
                Some(Kind::Inline(_)) => Form::Inline,
                Some(Kind::Header) => Form::Section,
                Some(_) => return None,
                None => {
                    doc.under(&path).next()?;
                    Form::Dotted
                }
            };
            Some(Self {
                doc,
                at,
                path,
                form,
            })
        })
    }

    /// The node of the entry itself; none for dotted keys.
    pub fn node(&self) -> Option<&'d Node> {
        self.doc.at(&self.path)
    }

    /// The fields, in the order of the text. None for a plain string.
    pub fn fields(&self) -> Vec<&'d Node> {
        let depth = self.path.len() + 1;
        let all = self.doc.nodes.iter();
        all.filter(|node| node.path.len() == depth && node.path.starts_with(&self.path))
            .collect()
    }

    pub fn field(&self, name: &str) -> Option<&'d Node> {
        let mut fields = self.fields().into_iter();
        fields.find(|node| node.path.last().is_some_and(|last| last == name))
    }

    /// `default-features`, in its old spelling too.
    pub fn default_features(&self) -> Option<&'d Node> {
        let today = self.field("default-features");
        today.or_else(|| self.field("default_features"))
    }

    pub fn flag(&self, name: &str) -> bool {
        self.field(name).and_then(Node::as_flag) == Some(true)
    }

    pub fn word(&self, name: &str) -> Option<&'d str> {
        self.field(name).and_then(Node::as_text)
    }

    pub fn inherited(&self) -> bool {
        self.flag("workspace")
    }

    /// Where the version requirement stands.
    pub fn requirement(&self) -> Option<&'d Node> {
        match self.form {
            Form::Plain => self.node(),
            Form::Inline | Form::Dotted | Form::Section => self.field("version"),
        }
    }

    /// The name of the package behind the key.
    pub fn package(&self) -> &str {
        self.word("package").unwrap_or(&self.at.key)
    }

    pub fn form_error(&self, message: &str) -> EditError {
        EditError::Form {
            at: self.at.to_string(),
            message: message.to_owned(),
        }
    }

    fn raw(&self, range: Range<usize>) -> &'d str {
        &self.doc.text[range]
    }

    /// The text with a field of this value: the field's own value replaced, or a further field.
    pub fn set(&self, name: &str, value: &str) -> Edited {
        let text = self.doc.text;
        if let Some(field) = self.field(name) {
            return Ok(lines::splice(text, field.value.clone(), value));
        }
        let field = format!("{name} = {value}");
        match (self.form, self.node()) {
            (Form::Plain, Some(node)) => {
                let version = self.raw(node.value.clone());
                let table = format!("{{ version = {version}, {field} }}");
                Ok(lines::splice(text, node.value.clone(), &table))
            }
            (Form::Inline, Some(node)) => match &node.kind {
                Kind::Inline(list) => Ok(list.append(text, &field)),
                _ => Err(self.form_error("it is no inline table")),
            },
            (Form::Section, Some(header)) => {
                let last = self
                    .doc
                    .body(header)
                    .last()
                    .map_or(header.value.end, |n| n.value.end);
                let indent = self
                    .fields()
                    .last()
                    .map_or("", |n| lines::indent(text, n.start));
                Ok(lines::insert_after(
                    text,
                    last,
                    &[&format!("{indent}{field}")],
                ))
            }
            _ => self.set_dotted(name, value),
        }
    }

    /// A further dotted key beside those of the entry. `x.workspace = true` by itself becomes an
    /// inline table, as everybody writes it.
    fn set_dotted(&self, name: &str, value: &str) -> Edited {
        let text = self.doc.text;
        let fields = self.fields();
        let Some(last) = fields.last() else {
            return Err(self.form_error("it has no keys"));
        };
        let prefix = self.prefix(last)?;
        if let [only] = fields.as_slice()
            && only.path.last().is_some_and(|last| last == "workspace")
        {
            let old = self.raw(only.value.clone());
            let table = format!("{prefix} = {{ workspace = {old}, {name} = {value} }}");
            return Ok(lines::splice(text, only.whole(), &table));
        }
        let field = format!("{prefix}.{name} = {value}");
        match last.within {
            None => {
                let indent = lines::indent(text, last.start);
                let line = format!("{indent}{field}");
                Ok(lines::insert_after(text, last.value.end, &[&line]))
            }
            Some(open) => {
                let list: Option<&List> = self.doc.list(open);
                let list = list.ok_or_else(|| self.form_error("its table was not found"))?;
                Ok(list.append(text, &field))
            }
        }
    }

    /// The dotted keys before the last one of a field, as written.
    pub fn prefix(&self, field: &Node) -> Result<&'d str, EditError> {
        let before = self.raw(field.start..field.key.start).trim_end();
        let prefix = before.strip_suffix('.').map(str::trim_end);
        prefix.ok_or_else(|| self.form_error("its key was not understood"))
    }

    /// The text without a field. The line goes with its comment.
    pub fn unset(&self, field: &Node) -> Edited {
        without(self.doc, field).ok_or_else(|| self.form_error("its table was not found"))
    }
}

/// The text without a key and its value.
pub fn without(doc: &Doc<'_>, node: &Node) -> Option<String> {
    match node.within {
        None => Some(lines::remove(doc.text, node.whole())),
        Some(open) => doc.without_item(node, open),
    }
}
