//! Readers of the formats, as strict as those for whom they are made.

use std::collections::BTreeMap;

use otel_check::report::escape::terminal;
use serde_json::Value;

/// No control character but the end of a line, and nothing that reorders or hides text.
pub fn assert_plain(text: &str) {
    for line in text.split('\n') {
        assert_eq!(terminal(line), line);
    }
}

/// Every text in a JSON value, keys apart.
pub fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

/// An annotation: its level, properties and message, as the runner reads them.
#[derive(Debug)]
pub struct Annotation {
    pub level: String,
    pub properties: BTreeMap<String, String>,
    pub message: String,
}

/// Reads workflow commands; each line must be one.
pub fn annotations(text: &str) -> Vec<Annotation> {
    assert_plain(text);
    text.lines().map(annotation).collect()
}

fn annotation(line: &str) -> Annotation {
    let (head, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
    let (level, properties) = head.split_once(' ').unwrap();
    assert!(["error", "warning", "notice"].contains(&level), "{line}");
    let properties: BTreeMap<String, String> = properties
        .split(',')
        .map(|one| one.split_once('=').unwrap())
        .map(|(key, value)| (key.to_owned(), unescaped(value)))
        .collect();
    let known = ["file", "line", "endLine", "col", "endColumn", "title"];
    assert!(properties.keys().all(|key| known.contains(&key.as_str())));
    let annotation = Annotation {
        level: level.to_owned(),
        properties,
        message: unescaped(message),
    };
    annotation.assert_legal();
    annotation
}

fn unescaped(text: &str) -> String {
    for (at, _) in text.match_indices('%') {
        let code = &text[at + 1..at + 3];
        assert!(["25", "0A", "0D", "3A", "2C"].contains(&code), "{text}");
    }
    let text = text.replace("%0A", "\n").replace("%0D", "\r");
    let text = text.replace("%3A", ":").replace("%2C", ",");
    text.replace("%25", "%")
}

impl Annotation {
    pub fn number(&self, key: &str) -> Option<usize> {
        self.properties.get(key).map(|text| text.parse().unwrap())
    }

    /// What GitHub's interface for annotations asks for.
    fn assert_legal(&self) {
        let (line, end) = (self.number("line"), self.number("endLine"));
        let (column, end_column) = (self.number("col"), self.number("endColumn"));
        assert!(line <= end, "{self:?}");
        assert!(line.is_none_or(|line| line > 0), "{self:?}");
        if line != end {
            assert_eq!((column, end_column), (None, None), "{self:?}");
        }
        if let Some(end_column) = end_column {
            assert!(column.is_some_and(|column| column <= end_column));
        }
        assert!(!self.properties["file"].is_empty() && !self.message.is_empty());
    }
}

/// Rows as a spreadsheet has them, by their heads. None may begin a formula.
pub fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    assert_plain(text);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Result<Vec<BTreeMap<String, String>>, _> = reader.deserialize().collect();
    let rows = rows.unwrap();
    for field in rows.iter().flat_map(BTreeMap::values) {
        let first = field.trim_start().chars().next();
        assert!(
            !first.is_some_and(|first| "=+-@＝＋－＠\t\r".contains(first)),
            "{field}"
        );
    }
    rows
}

/// Asserts that Markdown shows text alone: no link, picture or HTML but what folds and separates.
pub fn assert_inert_markdown(text: &str) {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    assert_plain(text);
    let own = ["<!-- -->", "</details>", "<details><summary>", "</summary>"];
    let is_own = |html: &str| {
        let mut rest = html.trim().to_owned();
        own.iter().for_each(|tag| rest = rest.replace(tag, ""));
        // Between the tags of a summary stands a count.
        rest.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ')
    };
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => assert!(is_own(&html), "{html}"),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                panic!("a link to {dest_url}");
            }
            Event::InlineMath(math) | Event::DisplayMath(math) => panic!("math: {math}"),
            Event::FootnoteReference(note) => panic!("a footnote: {note}"),
            Event::Text(shown) => {
                // What forges make links of, though no parser does.
                assert!(!shown.starts_with('@') || shown.len() == 1, "{shown}");
            }
            _ => {}
        }
    }
}

/// Lines of a Mermaid diagram; each must be one of those that the renderer writes.
pub fn assert_mermaid(text: &str) {
    let mut fenced = false;
    let mut seen = 0;
    for line in text.lines() {
        match line {
            "```mermaid" => fenced = true,
            "```" => fenced = false,
            "flowchart LR" => {}
            line if fenced => {
                seen += 1;
                let rest = line.strip_prefix("  n").unwrap();
                assert_eq!(rest.matches('"').count() % 2, 0, "{line}");
                let outside: String = rest.split('"').step_by(2).collect();
                let allowed = |c: char| c.is_ascii_digit() || "n([{}])|-.> ".contains(c);
                assert!(outside.chars().all(allowed), "{line}");
                for label in rest.split('"').skip(1).step_by(2) {
                    let label = label.replacen("<br/>", "", 1);
                    assert!(
                        !label.contains(['<', '>', '`', '(', '[', ':', '@']),
                        "{line}"
                    );
                }
            }
            _ => {}
        }
    }
    assert!(!fenced && (seen > 0 || !text.contains("```mermaid")));
}

/// Asserts that what stands outside quotes in Graphviz' language is the renderer's own.
pub fn assert_dot(text: &str) {
    assert_plain(text);
    let mut outside = String::new();
    let (mut quoted, mut escaped) = (false, false);
    for c in text.chars() {
        match c {
            '"' if !escaped => quoted = !quoted,
            '\n' => {
                assert!(!quoted, "a string is left open");
                outside.push(c);
            }
            c if !quoted => outside.push(c),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_=[]{};,-> \n".contains(c);
    assert!(outside.chars().all(allowed), "{outside}");
}

/// Asserts that a picture is well-formed and holds shapes and text alone.
pub fn assert_svg(text: &str) {
    assert_plain(text);
    let document = roxmltree::Document::parse(text).unwrap();
    let known = [
        "svg", "style", "rect", "text", "g", "defs", "marker", "path", "polygon", "title",
    ];
    for element in document.descendants().filter(roxmltree::Node::is_element) {
        let name = element.tag_name().name();
        assert!(known.contains(&name), "{name}");
        for attribute in element.attributes() {
            assert!(!attribute.name().starts_with("on") && attribute.name() != "href");
        }
    }
}

/// Test cases: class, name, and `passed`, `skipped` or `failure`.
pub fn cases(text: &str) -> Vec<(String, String, &'static str)> {
    assert_plain(text);
    let document = roxmltree::Document::parse(text).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    let suite = root.first_element_child().unwrap();
    let cases: Vec<_> = suite
        .children()
        .filter(|node| node.has_tag_name("testcase"))
        .map(|case| {
            let has = |name: &str| case.children().any(|node| node.has_tag_name(name));
            let state = match (has("failure"), has("skipped")) {
                (true, false) => "failure",
                (false, true) => "skipped",
                (false, false) => "passed",
                (true, true) => panic!("failed and skipped"),
            };
            let attribute = |name: &str| case.attribute(name).unwrap().to_owned();
            (attribute("classname"), attribute("name"), state)
        })
        .collect();
    let count = |of: &str| cases.iter().filter(|(_, _, state)| *state == of).count();
    for element in [root, suite] {
        let number = |name: &str| element.attribute(name).unwrap().parse::<usize>().unwrap();
        assert_eq!(number("tests"), cases.len());
        assert_eq!(number("failures"), count("failure"));
        assert_eq!(number("skipped"), count("skipped"));
    }
    cases
}
