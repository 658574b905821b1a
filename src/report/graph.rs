//! The graph of each skewed artifact: who brings in which line, through which requirement. What the
//! renderers of graphs draw; nothing in it is escaped.

use super::cells::{builds, is_about, verdict, word};
use super::{Artifact, Finding, Liveness, Report, Verdict};

/// One artifact, or the workspace where cargo cannot resolve it or the lock alone was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    pub title: String,
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// `name@version`, or the artifact.
    pub label: String,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// What is linked at the end.
    Artifact,
    Package,
    /// A package that is a line's API.
    Line {
        line: String,
        live: Liveness,
        verdict: Option<Verdict>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    pub from: usize,
    pub to: usize,
    /// The requirement.
    pub requirement: Option<String>,
    /// Whether no finding tells the way: packages that are not shown may stand in between.
    pub untold: bool,
}

impl Node {
    /// What a line is, in words; none for other nodes.
    pub fn state(&self) -> Option<String> {
        let Kind::Line {
            line,
            live,
            verdict,
        } = &self.kind
        else {
            return None;
        };
        let live = match live {
            Liveness::Set => "live",
            Liveness::Assumed => "assumed live",
            Liveness::Dead => "dead",
            Liveness::Unknown => "not looked at",
        };
        let verdict = verdict.map(|verdict| format!(", {}", word(verdict)));
        Some(format!(
            "line {line}: {live}{}",
            verdict.unwrap_or_default()
        ))
    }

    /// Whether it is a line that nobody installs.
    pub fn is_dead(&self) -> bool {
        match &self.kind {
            Kind::Line { live, .. } => *live == Liveness::Dead,
            Kind::Artifact | Kind::Package => false,
        }
    }
}

impl Graph {
    /// Whether an edge leads to dead lines alone.
    pub fn is_dead(&self, edge: &Edge) -> bool {
        let mut reached = vec![edge.to];
        let mut at = 0;
        while at < reached.len() {
            let onwards = self.edges.iter().filter(|next| next.from == reached[at]);
            let onwards: Vec<usize> = onwards.map(|next| next.to).collect();
            for next in onwards {
                if !reached.contains(&next) {
                    reached.push(next);
                }
            }
            at += 1;
        }
        let is_line = |number: &&usize| matches!(self.nodes[**number].kind, Kind::Line { .. });
        let mut lines = reached.iter().filter(is_line).peekable();
        lines.peek().is_some() && lines.all(|number| self.nodes[*number].is_dead())
    }

    fn node(&mut self, label: &str) -> usize {
        let known = self.nodes.iter().position(|node| node.label == label);
        known.unwrap_or_else(|| {
            self.nodes.push(Node {
                label: label.to_owned(),
                kind: Kind::Package,
            });
            self.nodes.len() - 1
        })
    }

    fn edge(&mut self, from: usize, to: usize, requirement: Option<String>) {
        let same = |edge: &&mut Edge| edge.from == from && edge.to == to;
        match self.edges.iter_mut().find(same) {
            _ if from == to => {}
            // Several requirements lead to one package where some are for a platform or for tests.
            Some(known) => {
                known.requirement = known.requirement.take().or(requirement);
            }
            None => self.edges.push(Edge {
                from,
                to,
                requirement,
                untold: false,
            }),
        }
    }

    fn path(&mut self, finding: &Finding, root: &dyn Fn(&str) -> bool) {
        let mut from = None;
        for step in &finding.path {
            let to = match root(&step.package) {
                true => 0,
                false => self.node(&step.package),
            };
            if let Some(from) = from {
                self.edge(from, to, step.requirement.clone());
            }
            from = Some(to);
        }
    }
}

/// Of every skewed artifact that ships, in the order of the report.
pub fn graphs(report: &Report) -> Vec<Graph> {
    let rows = report.artifacts.iter();
    let rows = rows.filter(|row| row.class.is_shipped() && is_skewed(report, row));
    let mut graphs: Vec<Graph> = rows.map(|row| of_row(report, row)).collect();
    graphs.extend(of_workspace(report));
    graphs
}

fn is_skewed(report: &Report, row: &Artifact) -> bool {
    let bad = |finding: &Finding| finding.verdict.is_some_and(|one| one <= Verdict::Unknown);
    let mut findings = report.findings.iter();
    row.lines.len() > 1 || findings.any(|finding| is_about(finding, row) && bad(finding))
}

fn of_row(report: &Report, row: &Artifact) -> Graph {
    let builds = builds(report, row);
    let mut graph = Graph {
        title: match builds.is_empty() {
            true => row.id.clone(),
            false => format!("{} ({builds})", row.id),
        },
        nodes: vec![Node {
            label: row.id.clone(),
            kind: Kind::Artifact,
        }],
        edges: Vec::new(),
    };
    let version = row.package_id.rsplit(['#', '@']).next().unwrap_or_default();
    let root = format!("{}@{version}", row.package);
    let twin = format!("{root} (");
    let is_root = |label: &str| label == root || label.starts_with(&twin);
    for finding in report.findings.iter().filter(|one| is_about(one, row)) {
        if finding.verdict.is_some() {
            graph.path(finding, &is_root);
        }
    }
    lines(report, row, &mut graph, &is_root);
    loose_ends(&mut graph);
    graph
}

/// The lines themselves, with those of their introducers that no finding names.
fn lines(report: &Report, row: &Artifact, graph: &mut Graph, is_root: &dyn Fn(&str) -> bool) {
    for line in &row.lines {
        let copies: Vec<usize> = line.copies.iter().map(|copy| graph.node(copy)).collect();
        for copy in &copies {
            graph.nodes[*copy].kind = Kind::Line {
                line: line.line.clone(),
                live: line.live,
                verdict: verdict(report, row, &line.line),
            };
        }
        for introducer in &line.introducers {
            let from = match is_root(introducer) {
                true => 0,
                false => graph.node(introducer),
            };
            let leads = |edge: &Edge| edge.from == from && copies.contains(&edge.to);
            if let (Some(copy), false) = (copies.first(), graph.edges.iter().any(leads)) {
                graph.edge(from, *copy, None);
            }
        }
    }
}

/// Ties what nothing leads to to the artifact.
fn loose_ends(graph: &mut Graph) {
    for number in 1..graph.nodes.len() {
        if graph.edges.iter().all(|edge| edge.to != number) {
            graph.edges.push(Edge {
                from: 0,
                to: number,
                requirement: None,
                untold: true,
            });
        }
    }
}

/// The paths of findings that no artifact is named for.
fn of_workspace(report: &Report) -> Option<Graph> {
    let mut graph = Graph {
        title: "workspace".into(),
        nodes: Vec::new(),
        edges: Vec::new(),
    };
    for finding in &report.findings {
        let bad = finding.verdict.is_some_and(|one| one <= Verdict::Unknown);
        if finding.artifact.is_none() && bad && finding.path.len() > 1 {
            graph.path(finding, &|_| false);
        }
    }
    (!graph.nodes.is_empty()).then_some(graph)
}
