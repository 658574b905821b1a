//! The graphs of skewed artifacts as a picture that needs nothing beside itself.

mod layout;

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use self::layout::{Laid, Placed, Route, Size};
use super::Report;
use super::escape::terminal;
use super::graph::{Edge, Graph, Kind, Node, graphs};
use super::junit::xml;

/// Of a character, of a line of text, around it.
const CHARACTER: f64 = 7.3;
const LINE: f64 = 18.0;
const PAD: f64 = 12.0;

/// Characters of a label before it is cut; the whole is its tooltip.
const LONGEST: usize = 44;

const STYLE: &str = "\
    text { font: 12px ui-monospace, Menlo, Consolas, \"DejaVu Sans Mono\", monospace; fill: #1f2328; }
    .title { font-weight: bold; font-size: 14px; }
    .note, .requirement { fill: #59636e; }
    .requirement { paint-order: stroke; stroke: #fff; stroke-width: 4px; }
    .node, .inner { fill: #fff; stroke: #59636e; stroke-width: 1.5; }
    .artifact { stroke: #1f2328; stroke-width: 2.5; }
    .live { stroke: #1a7f37; stroke-width: 2; }
    .inner { fill: none; }
    .dead { stroke: #cf222e; stroke-width: 2; stroke-dasharray: 6 4; }
    .edge { fill: none; stroke: #59636e; stroke-width: 1.5; }
    .edge.dead { stroke: #cf222e; }
    .edge.untold { stroke-dasharray: 2 4; }
    .tip { fill: #59636e; }
    .paper { fill: #fff; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .note, .requirement { fill: #9198a1; }
      .requirement { stroke: #0d1117; }
      .node { fill: #0d1117; stroke: #9198a1; }
      .inner, .edge { stroke: #9198a1; }
      .tip { fill: #9198a1; }
      .artifact { stroke: #f0f6fc; }
      .live { stroke: #3fb950; }
      .dead, .edge.dead { stroke: #f85149; }
      .paper { fill: #0d1117; }
    }
";

/// One picture with all graphs below each other.
pub fn render(report: &Report) -> String {
    let graphs = graphs(report);
    let mut body = String::new();
    let (mut width, mut top) = (420.0_f64, 16.0);
    for (number, graph) in graphs.iter().enumerate() {
        let drawn = draw(graph, &format!("g{number}-"));
        let title = cut(&graph.title, 100);
        width = width.max(drawn.width + 32.0).max(wide(&title) * 1.2 + 32.0);
        let _ = writeln!(
            body,
            "  <text class=\"title\" x=\"16\" y=\"{}\">{}</text>",
            top + 14.0,
            xml(&title)
        );
        let _ = writeln!(
            body,
            "  <g transform=\"translate(16 {})\">\n{}  </g>",
            top + 28.0,
            drawn.body
        );
        top += drawn.height + 28.0 + 32.0;
    }
    let legend = match graphs.is_empty() {
        true => "no artifact is skewed",
        false => {
            "double border: live line · dashed, cut corners: dead line · dotted: by a way that is not shown"
        }
    };
    width = width.max(wide(legend) + 32.0);
    let _ = writeln!(
        body,
        "  <text class=\"note\" x=\"16\" y=\"{}\">{legend}</text>",
        top + 8.0
    );
    let (width, height) = (width.ceil(), (top + 24.0).ceil());
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"Who brings in which line\">\n  \
         <style>\n{STYLE}  </style>\n  \
         <rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n{body}</svg>\n"
    )
}

/// The elements of one graph, for a page that has the styles, and the room they take.
pub struct Drawn {
    pub body: String,
    pub width: f64,
    pub height: f64,
}

/// Draws a graph; `prefix` keeps its ids apart from those of others.
pub fn draw(graph: &Graph, prefix: &str) -> Drawn {
    let sizes: Vec<Size> = graph.nodes.iter().map(size).collect();
    let edges: Vec<(usize, usize, f64)> = graph
        .edges
        .iter()
        .map(|edge| (edge.from, edge.to, wide(&requirement(edge))))
        .collect();
    let last = |number: usize| matches!(graph.nodes[number].kind, Kind::Line { .. });
    let laid = layout::lay(&sizes, &edges, &last);
    let mut body = format!(
        "    <defs><marker id=\"{prefix}tip\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" \
         markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\" \
         class=\"tip\"/></marker></defs>\n"
    );
    let Laid {
        nodes,
        routes,
        width,
        height,
    } = laid;
    for (edge, route) in graph.edges.iter().zip(&routes) {
        line(graph, edge, route, prefix, &mut body);
    }
    for (edge, route) in graph.edges.iter().zip(&routes) {
        caption(edge, route, &mut body);
    }
    for (node, placed) in graph.nodes.iter().zip(&nodes) {
        shape(node, placed, &mut body);
    }
    Drawn {
        body,
        width,
        height,
    }
}

fn size(node: &Node) -> Size {
    let lines = lines(node);
    let longest = lines.iter().map(|line| wide(line)).fold(0.0, f64::max);
    Size {
        width: longest + 2.0 * PAD + 8.0,
        height: LINE * lines.len() as f64 + PAD,
    }
}

fn lines(node: &Node) -> Vec<String> {
    let mut lines = vec![cut(&node.label, LONGEST)];
    lines.extend(node.state().map(|state| cut(&state, LONGEST)));
    lines
}

fn requirement(edge: &Edge) -> String {
    match (&edge.requirement, edge.untold) {
        (Some(requirement), _) => cut(requirement, 24),
        (None, true) => "…".to_owned(),
        (None, false) => String::new(),
    }
}

fn cut(text: &str, most: usize) -> String {
    let shown = terminal(text);
    match shown.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &shown[..end]),
        None => shown.into_owned(),
    }
}

fn wide(text: &str) -> f64 {
    text.width() as f64 * CHARACTER
}

fn line(graph: &Graph, edge: &Edge, route: &Route, prefix: &str, out: &mut String) {
    let mut class = String::from("edge");
    if graph.is_dead(edge) {
        class.push_str(" dead");
    }
    if edge.untold {
        class.push_str(" untold");
    }
    let mut points = route.points.clone();
    // It runs straight below its caption.
    if let Some((x, y)) = points.pop() {
        points.push((x - wide(&requirement(edge)) - 16.0, y));
        points.push((x, y));
    }
    let Some((first, rest)) = points.split_first() else {
        return;
    };
    let mut path = format!("M{:.1} {:.1}", first.0, first.1);
    let mut from = *first;
    for to in rest {
        let middle = (from.0 + to.0) / 2.0;
        let _ = write!(
            path,
            " C{middle:.1} {:.1} {middle:.1} {:.1} {:.1} {:.1}",
            from.1, to.1, to.0, to.1
        );
        from = *to;
    }
    let _ = writeln!(
        out,
        "    <path class=\"{class}\" d=\"{path}\" marker-end=\"url(#{prefix}tip)\"/>"
    );
}

fn caption(edge: &Edge, route: &Route, out: &mut String) {
    let text = requirement(edge);
    if let (false, Some((x, y))) = (text.is_empty(), route.points.last()) {
        let _ = writeln!(
            out,
            "    <text class=\"requirement\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            x - 12.0,
            y - 5.0,
            xml(&text)
        );
    }
}

fn shape(node: &Node, placed: &Placed, out: &mut String) {
    let Placed {
        x,
        y,
        width,
        height,
    } = *placed;
    let rectangle = |class: &str, inset: f64, round: f64| {
        format!(
            "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" \
             rx=\"{round:.1}\"/>",
            x + inset,
            y + inset,
            width - 2.0 * inset,
            height - 2.0 * inset
        )
    };
    let drawn = match &node.kind {
        Kind::Artifact => rectangle("node artifact", 0.0, (height / 2.0).min(18.0)),
        Kind::Package => rectangle("node", 0.0, 3.0),
        Kind::Line { .. } if node.is_dead() => {
            let (right, bottom, cut) = (x + width, y + height, 8.0);
            format!(
                "<polygon class=\"node dead\" points=\"{:.1},{y:.1} {:.1},{y:.1} {right:.1},{:.1} \
                 {right:.1},{:.1} {:.1},{bottom:.1} {:.1},{bottom:.1} {x:.1},{:.1} {x:.1},{:.1}\"/>",
                x + cut,
                right - cut,
                y + cut,
                bottom - cut,
                right - cut,
                x + cut,
                bottom - cut,
                y + cut
            )
        }
        Kind::Line { .. } => format!(
            "{}{}",
            rectangle("node live", 0.0, 3.0),
            rectangle("inner live", 4.0, 1.0)
        ),
    };
    let _ = writeln!(out, "    <g><title>{}</title>{drawn}", xml(&node.label));
    let lines = lines(node);
    let first = y + (height - LINE * lines.len() as f64) / 2.0 + 13.0;
    for (number, text) in lines.iter().enumerate() {
        let _ = writeln!(
            out,
            "      <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            x + width / 2.0,
            first + LINE * number as f64,
            xml(text)
        );
    }
    out.push_str("    </g>\n");
}
