//! Who brings in which line: a picture of each skewed artifact, and the same in words.

use crate::report::Report;
use crate::report::graph::{Graph, graphs};
use crate::report::svg::draw;

use super::write::{Writer, attribute};

pub fn all(report: &Report) -> Vec<Graph> {
    graphs(report)
}

pub fn render(graphs: &[Graph], w: &mut Writer) {
    w.element(
        "p",
        &[("class", "legend")],
        "A double border is a live line. A dashed border with cut corners is a dead one: nobody \
         installs a provider of it, so whatever is sent there is lost. Dashed arrows lead to dead \
         lines alone; dotted ones stand for a way that is not shown.",
    );
    for (number, graph) in graphs.iter().enumerate() {
        w.within("article", &[("class", "graph")], |w| {
            w.within("h3", &[], |w| w.code(&graph.title));
            picture(graph, number, w);
            words(graph, w);
        });
    }
}

fn picture(graph: &Graph, number: usize, w: &mut Writer) {
    let drawn = draw(graph, &format!("graph{number}-"));
    // Around lines that are drawn on the edge.
    let (width, height) = (drawn.width.ceil() + 8.0, drawn.height.ceil() + 8.0);
    let label = format!("Who brings in which line into {}", graph.title);
    let frame = [
        ("class", "scroll"),
        ("role", "region"),
        ("tabindex", "0"),
        ("aria-label", &*label),
    ];
    w.within("div", &frame, |w| {
        // What the drawing holds is escaped by its own renderer.
        w.trusted(&format!(
            "<svg width=\"{width}\" height=\"{height}\" viewBox=\"-4 -4 {width} {height}\" \
             role=\"img\" aria-label=\"{}\">\n{}</svg>\n",
            attribute(&label),
            drawn.body
        ));
    });
}

/// Each edge on a line of its own.
fn words(graph: &Graph, w: &mut Writer) {
    w.within("details", &[], |w| {
        w.element("summary", &[], "The same in words");
        w.within("ul", &[("class", "edges")], |w| {
            for edge in &graph.edges {
                w.within("li", &[], |w| {
                    let (from, to) = (&graph.nodes[edge.from], &graph.nodes[edge.to]);
                    w.code(&from.label);
                    w.text(if edge.untold {
                        " leads to "
                    } else {
                        " asks for "
                    });
                    w.code(&to.label);
                    if let Some(requirement) = &edge.requirement {
                        w.text(" by ");
                        w.code(requirement);
                    }
                    if let Some(state) = to.state() {
                        w.text(&format!(" ({state})"));
                    }
                });
            }
        });
    });
}
