//! Manifests with entries in every form, for the properties of edits.

use std::collections::BTreeSet;

use otel_check::plan::edit::Entry;
use otel_check::workspace::manifest::DependencyTable::{self, Build, Dev, Normal, Workspace};
use proptest::prelude::*;

use super::entry;

/// How an entry is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Form {
    Plain,
    Inline,
    Broken,
    Dotted,
    Scattered,
    Section,
    Top,
}

const FORMS: [Form; 7] = [
    Form::Plain,
    Form::Inline,
    Form::Broken,
    Form::Dotted,
    Form::Scattered,
    Form::Section,
    Form::Top,
];

#[derive(Debug, Clone)]
pub struct Written {
    form: Form,
    quote: char,
    comment: bool,
    above: bool,
    renamed: bool,
    default_off: bool,
    optional: bool,
    features: usize,
    indent: usize,
}

/// A text, with the entry that each line belongs to; none for headers, comments and blank lines.
pub struct Text {
    pub lines: Vec<(String, Option<Entry>)>,
}

impl Text {
    fn push(&mut self, line: impl Into<String>, of: Option<&Entry>) {
        self.lines.push((line.into(), of.cloned()));
    }

    pub fn render(&self, ending: &str, last: bool) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|(line, _)| line.as_str()).collect();
        let text = lines.join(ending);
        if last { text + ending } else { text }
    }
}

fn header(table: DependencyTable, platform: Option<&str>, old: bool) -> String {
    let name = match (table, old) {
        (Normal, _) => "dependencies",
        (Dev, false) => "dev-dependencies",
        (Dev, true) => "dev_dependencies",
        (Build, false) => "build-dependencies",
        (Build, true) => "build_dependencies",
        (Workspace, _) => "workspace.dependencies",
    };
    match platform {
        Some(condition) => format!("target.'{condition}'.{name}"),
        None => name.to_owned(),
    }
}

impl Written {
    fn comment(&self, number: usize) -> String {
        if self.comment {
            format!(" # note {number}")
        } else {
            String::new()
        }
    }

    fn string(&self, text: &str) -> String {
        format!("{0}{text}{0}", self.quote)
    }

    fn fields(&self, number: usize, optional: bool) -> Vec<(&'static str, String)> {
        let mut fields = vec![("version", self.string(&format!("0.{number}")))];
        if self.renamed {
            fields.push(("package", self.string(&format!("package-{number}"))));
        }
        if self.default_off {
            fields.insert(0, ("default-features", "false".into()));
        }
        if self.optional && optional {
            fields.push(("optional", "true".into()));
        }
        if self.features > 0 {
            let words: Vec<String> = (0..self.features)
                .map(|n| self.string(&format!("f{n}")))
                .collect();
            fields.push(("features", format!("[{}]", words.join(", "))));
        }
        fields
    }

    /// The lines that begin above all headers, those below the header of its table, those that come
    /// later there, and those of a section of its own.
    fn write(&self, at: &Entry, number: usize, title: &str, parts: &mut [Text; 4]) {
        let [top, body, later, sections] = parts;
        let optional = matches!(at.table, Normal | Build);
        let (indent, comment, key) = (" ".repeat(self.indent), self.comment(number), &at.key);
        if self.above && !matches!(self.form, Form::Section | Form::Top) {
            body.push(format!("{indent}# above {number}"), None);
        }
        let fields = self.fields(number, optional).into_iter();
        let fields: Vec<String> = fields
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        let inline = format!("{{ {} }}{comment}", fields.join(", "));
        match self.form {
            Form::Plain => {
                let version = self.string(&format!("0.{number}"));
                body.push(format!("{indent}{key} = {version}{comment}"), Some(at));
            }
            Form::Inline => body.push(format!("{indent}{key} = {inline}"), Some(at)),
            Form::Broken => broken(body, &format!("{indent}{key} = {inline}"), number, at),
            Form::Dotted | Form::Scattered => {
                for (index, field) in fields.iter().enumerate() {
                    let far = index > 0 && self.form == Form::Scattered;
                    let part = if far { &mut *later } else { &mut *body };
                    part.push(format!("{indent}{key}.{field}{comment}"), Some(at));
                }
            }
            Form::Section => {
                sections.push("", None);
                sections.push(format!("[{title}.{key}]{comment}"), Some(at));
                for field in fields {
                    sections.push(format!("{indent}{field}"), Some(at));
                }
            }
            Form::Top => top.push(format!("{title}.{key} = {inline}"), Some(at)),
        }
    }
}

/// An inline table with its features on lines of their own.
fn broken(body: &mut Text, inline: &str, number: usize, at: &Entry) {
    let parts = inline
        .split_once("features = [")
        .and_then(|(head, rest)| Some((head, rest.split_once(']')?)));
    // `default-features = …` has no bracket after it.
    let Some((head, (words, tail))) = parts else {
        return body.push(inline, Some(at));
    };
    body.push(format!("{head}features = ["), Some(at));
    for word in words.split(", ") {
        body.push(format!("\t{word}, # of {number}"), Some(at));
    }
    body.push(format!("]{tail}"), Some(at));
}

pub fn written() -> impl Strategy<Value = Written> {
    let flags = proptest::collection::vec(any::<bool>(), 5);
    (0..FORMS.len(), any::<bool>(), flags, 0..4usize, 0..3usize).prop_map(
        |(form, literal, flags, features, indent)| Written {
            form: FORMS[form],
            quote: if literal { '\'' } else { '"' },
            comment: flags[0],
            above: flags[1],
            renamed: flags[2],
            default_off: flags[3],
            optional: flags[4],
            features,
            indent,
        },
    )
}

/// A manifest: for each table some entries, and features that speak of them.
pub fn manifest(tables: &[(usize, bool, Vec<Written>)]) -> (Text, Vec<Entry>) {
    const PLACES: [(DependencyTable, Option<&str>); 7] = [
        (Normal, None),
        (Dev, None),
        (Build, None),
        (Workspace, None),
        (Normal, Some("cfg(unix)")),
        (Dev, Some("cfg(all(unix, target_arch = \"x86_64\"))")),
        (Build, Some("x86_64-pc-windows-msvc")),
    ];
    let mut text = Text { lines: vec![] };
    let mut rest = Text { lines: vec![] };
    let (mut entries, mut seen, mut number) = (vec![], BTreeSet::new(), 0);
    for (place, old, all) in tables {
        if !seen.insert(*place) {
            continue;
        }
        let (table, platform) = PLACES[*place];
        let title = header(table, platform, *old);
        // A table that is begun above has no header: all of it stands there.
        let top = all.iter().any(|one| one.form == Form::Top);
        let mut parts = [(); 4].map(|()| Text { lines: vec![] });
        for one in all {
            number += 1;
            let at = entry(table, platform, &format!("crate-{number}"));
            let form = if top { Form::Top } else { one.form };
            Written {
                form,
                ..one.clone()
            }
            .write(&at, number, &title, &mut parts);
            entries.push(at);
        }
        let [above, body, later, sections] = parts;
        text.lines.extend(above.lines);
        match (table, top) {
            (Workspace, true) => text.push("workspace.members = []", None),
            (Workspace, false) => rest.push("[workspace]", None),
            (Normal | Dev | Build, _) => {}
        }
        if !body.lines.is_empty() || !later.lines.is_empty() {
            rest.push("", None);
            rest.push(format!("[{title}] # table"), None);
            rest.lines.extend(body.lines);
            rest.lines.extend(later.lines);
        }
        rest.lines.extend(sections.lines);
    }
    package(&mut text, &entries);
    text.lines.extend(rest.lines);
    (text, entries)
}

/// What else a manifest has: features that speak of its entries among it.
fn package(text: &mut Text, entries: &[Entry]) {
    for line in [
        "",
        "[package]",
        "name = \"p\" # package",
        "",
        "[features]",
        "default = []",
    ] {
        text.push(line, None);
    }
    for (index, at) in entries.iter().enumerate() {
        if at.table != Workspace {
            text.push(format!("f{index} = [\"{}/x\"]", at.key), Some(at));
        }
    }
}
