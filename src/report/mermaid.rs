//! Graphs as Mermaid draws them in Markdown.

use std::fmt::Write as _;

use super::escape::terminal;
use super::graph::{Graph, Kind, Node};

/// Edges of a diagram before renderers refuse it.
pub const MOST_EDGES: usize = 200;

/// Characters of a label before it is cut.
const LONGEST: usize = 80;

/// A flowchart, without a fence. Dead lines are hexagons with dashed edges, live ones have double
/// sides; each says so.
pub fn render(graph: &Graph) -> String {
    let mut out = String::from("flowchart LR\n");
    for (number, node) in graph.nodes.iter().enumerate() {
        let _ = writeln!(out, "  n{number}{}", shape(node));
    }
    for edge in graph.edges.iter().take(MOST_EDGES) {
        let arrow = match graph.is_dead(edge) || edge.untold {
            true => "-.->",
            false => "-->",
        };
        let text = match (&edge.requirement, edge.untold) {
            (Some(requirement), _) => format!("|\"{}\"|", label(requirement)),
            (None, true) => "|\"…\"|".to_owned(),
            (None, false) => String::new(),
        };
        let _ = writeln!(out, "  n{} {arrow}{text} n{}", edge.from, edge.to);
    }
    let left = graph.edges.len().saturating_sub(MOST_EDGES);
    if left > 0 {
        let _ = writeln!(out, "  more[\"and {left} more edges\"]");
    }
    out
}

fn shape(node: &Node) -> String {
    let mut text = label(&node.label);
    if let Some(state) = node.state() {
        text.push_str(&format!("<br/>{}", label(&state)));
    }
    match &node.kind {
        Kind::Artifact => format!("([\"{text}\"])"),
        Kind::Package => format!("[\"{text}\"]"),
        Kind::Line { .. } if node.is_dead() => format!("{{{{\"{text}\"}}}}"),
        Kind::Line { .. } => format!("[[\"{text}\"]]"),
    }
}

/// Text between double quotes: whatever could end it, or be markup or a link, is a character code.
pub fn label(text: &str) -> String {
    let shown = terminal(text);
    let mut out = String::with_capacity(shown.len());
    for c in shown.chars().take(LONGEST) {
        if c.is_alphanumeric() || matches!(c, ' ' | '.' | ',' | '/' | '-' | '_' | '^' | '~') {
            out.push(c);
        } else {
            let _ = write!(out, "#{};", c as u32);
        }
    }
    if shown.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_end_where_they_should() {
        assert_eq!(label("a-b 1.0"), "a-b 1.0");
        assert_eq!(label("a@1"), "a#64;1");
        let hostile = label("\"]\n  click n0 \"javascript:x\" ``` <b> #quot; %%");
        assert!(!hostile.contains(['"', '[', ']', '<', '>', '`', '\n', ':', '%', '(', ')']));
        assert_eq!(label(&"x".repeat(200)).chars().count(), LONGEST + 1);
    }
}
