//! The graphs of skewed artifacts in Graphviz' language.

use std::fmt::Write as _;

use super::Report;
use super::escape::terminal;
use super::graph::{Graph, Kind, Node, graphs};

/// One digraph with a cluster for each artifact. Dead lines are dashed octagons, live ones have
/// double sides; each says so.
pub fn render(report: &Report) -> String {
    let mut out = String::from(
        "digraph \"otel-check\" {\n  rankdir=LR;\n  compound=true;\n  \
         node [shape=box, fontname=\"monospace\"];\n  edge [fontname=\"monospace\"];\n",
    );
    let graphs = graphs(report);
    if graphs.is_empty() {
        out.push_str("  label=\"no artifact is skewed\";\n");
    }
    for (number, graph) in graphs.iter().enumerate() {
        cluster(number, graph, &mut out);
    }
    out.push_str("}\n");
    out
}

fn cluster(number: usize, graph: &Graph, out: &mut String) {
    let _ = writeln!(out, "  subgraph cluster_{number} {{");
    let _ = writeln!(out, "    label=\"{}\";", label(&graph.title));
    for (at, node) in graph.nodes.iter().enumerate() {
        let _ = writeln!(out, "    n{number}_{at} [{}];", attributes(node));
    }
    for edge in &graph.edges {
        let mut attributes = Vec::new();
        match (&edge.requirement, edge.untold) {
            (Some(requirement), _) => attributes.push(format!("label=\"{}\"", label(requirement))),
            (None, true) => attributes.push("label=\"…\"".to_owned()),
            (None, false) => {}
        }
        if edge.untold {
            attributes.push("style=dotted".to_owned());
        } else if graph.is_dead(edge) {
            attributes.push("style=dashed".to_owned());
        }
        let attributes = match attributes.is_empty() {
            true => String::new(),
            false => format!(" [{}]", attributes.join(", ")),
        };
        let (from, to) = (edge.from, edge.to);
        let _ = writeln!(out, "    n{number}_{from} -> n{number}_{to}{attributes};");
    }
    out.push_str("  }\n");
}

fn attributes(node: &Node) -> String {
    let mut text = label(&node.label);
    if let Some(state) = node.state() {
        text.push_str("\\n");
        text.push_str(&label(&state));
    }
    let shape = match &node.kind {
        Kind::Artifact => ", style=rounded, penwidth=2",
        Kind::Package => "",
        Kind::Line { .. } if node.is_dead() => ", shape=octagon, style=dashed",
        Kind::Line { .. } => ", peripheries=2",
    };
    format!("label=\"{text}\"{shape}")
}

/// Text of a quoted string: neither its end nor one of the language's escapes.
fn label(text: &str) -> String {
    let shown = terminal(text);
    // Character references are read in labels, too.
    let shown = shown.replace('\\', "\\\\").replace('"', "\\\"");
    shown.replace('&', "&amp;")
}
