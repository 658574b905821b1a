//! YAML as values with their lines, no more of it than workflows need.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    Scalar(Scalar),
    Sequence(Vec<Node>),
    Mapping(Vec<(Scalar, Node)>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    pub text: String,
    /// Line of its first line of text, from 1.
    pub line: usize,
    /// Whether its lines are lines of the file.
    pub literal: bool,
}

/// Nodes that a document may hold; anchors could make it grow without end.
const LIMIT: usize = 100_000;

/// How deep collections may stand in each other.
const DEPTH: usize = 100;

/// The documents of a text; none where it is no YAML.
pub fn parse(text: &str) -> Option<Vec<Node>> {
    let mut reader = Reader {
        open: Vec::new(),
        anchors: HashMap::new(),
        documents: Vec::new(),
        nodes: 0,
    };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.ok()?;
        reader.take(event, span.start.line())?;
    }
    Some(reader.documents)
}

struct Reader {
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    documents: Vec<Node>,
    nodes: usize,
}

/// A collection that is being read.
struct Open {
    anchor: usize,
    kind: Kind,
}

enum Kind {
    Sequence(Vec<Node>),
    Mapping(Vec<(Scalar, Node)>, Option<Scalar>),
}

impl Reader {
    fn take(&mut self, event: Event<'_>, line: usize) -> Option<()> {
        if self.open.len() > DEPTH {
            return None;
        }
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let literal = style == ScalarStyle::Literal;
                let scalar = Node::Scalar(Scalar {
                    text: text.into_owned(),
                    line,
                    literal,
                });
                self.value(scalar, anchor)
            }
            Event::SequenceStart(anchor, _) => {
                let kind = Kind::Sequence(Vec::new());
                self.open.push(Open { anchor, kind });
                Some(())
            }
            Event::MappingStart(anchor, _) => {
                let kind = Kind::Mapping(Vec::new(), None);
                self.open.push(Open { anchor, kind });
                Some(())
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Open { anchor, kind } = self.open.pop()?;
                let node = match kind {
                    Kind::Sequence(items) => Node::Sequence(items),
                    Kind::Mapping(entries, _) => Node::Mapping(entries),
                };
                self.value(node, anchor)
            }
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor)?.clone();
                self.nodes += size(&node);
                self.value(node, 0)
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Some(()),
        }
    }

    fn value(&mut self, node: Node, anchor: usize) -> Option<()> {
        self.nodes += 1;
        if self.nodes > LIMIT {
            return None;
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.kind) {
            None => self.documents.push(node),
            Some(Kind::Sequence(items)) => items.push(node),
            Some(Kind::Mapping(entries, key)) => match (key.take(), node) {
                (Some(key), node) => entries.push((key, node)),
                (None, Node::Scalar(scalar)) => *key = Some(scalar),
                // A collection as a key names nothing that matters.
                (None, _) => {
                    *key = Some(Scalar {
                        text: String::new(),
                        line: 0,
                        literal: false,
                    });
                }
            },
        }
        Some(())
    }
}

fn size(node: &Node) -> usize {
    match node {
        Node::Scalar(_) => 1,
        Node::Sequence(items) => 1 + items.iter().map(size).sum::<usize>(),
        Node::Mapping(entries) => {
            1 + entries
                .iter()
                .map(|(_, node)| 1 + size(node))
                .sum::<usize>()
        }
    }
}

impl Node {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let found = self.entries().iter().find(|(name, _)| name.text == key);
        found.map(|(_, node)| node)
    }

    pub fn entries(&self) -> &[(Scalar, Node)] {
        match self {
            Self::Mapping(entries) => entries,
            Self::Scalar(_) | Self::Sequence(_) => &[],
        }
    }

    pub fn items(&self) -> &[Node] {
        match self {
            Self::Sequence(items) => items,
            Self::Scalar(_) | Self::Mapping(_) => &[],
        }
    }

    pub fn scalar(&self) -> Option<&Scalar> {
        match self {
            Self::Scalar(scalar) => Some(scalar),
            Self::Sequence(_) | Self::Mapping(_) => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        self.scalar().map(|scalar| scalar.text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_with_their_lines() {
        let text = "a: &x\n  - run: |\n      one\n      two\n  - 'q'\nb: *x\nc: >-\n  f\n  g\n";
        let documents = parse(text).unwrap();
        let a = documents[0].get("a").unwrap();
        let run = a.items()[0].get("run").unwrap().scalar().unwrap();
        assert_eq!(
            (run.text.as_str(), run.line, run.literal),
            ("one\ntwo\n", 3, true)
        );
        assert_eq!(a.items()[1].text(), Some("q"));
        assert_eq!(documents[0].get("b"), Some(a));
        let folded = documents[0].get("c").unwrap().scalar().unwrap();
        assert_eq!(
            (folded.text.as_str(), folded.line, folded.literal),
            ("f g", 8, false)
        );
    }

    #[test]
    fn what_is_none_and_what_never_ends() {
        assert_eq!(parse("a: [\n"), None);
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let below = format!("*a{}, ", level - 1).repeat(10);
            bomb.push_str(&format!("a{level}: &a{level} [{below}]\n"));
        }
        assert_eq!(parse(&bomb), None);
        assert_eq!(parse(&"[".repeat(100_000)), None);
    }
}
