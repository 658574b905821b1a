//! Scripts of pipelines (GitLab).

use std::collections::{BTreeMap, BTreeSet};

use super::workflow::script;
use super::yaml::{Node, Scalar, parse};
use super::{Folder, Script};

/// How long a chain of jobs that extend each other may be, and how many one job may extend.
const CHAIN: usize = 10;

/// What a pipeline runs: the scripts of its jobs.
pub fn pipeline(text: &str) -> Vec<Script> {
    let mut scripts = Vec::new();
    for document in parse(text).unwrap_or_default() {
        let mut extended = BTreeSet::new();
        names(&document, &mut extended);
        let entries = document.entries().iter();
        let pipeline = Pipeline {
            top: entries.map(|(key, node)| (&*key.text, node)).collect(),
            extended,
        };
        pipeline.jobs(&document, &mut scripts);
    }
    scripts
}

struct Pipeline<'n> {
    top: BTreeMap<&'n str, &'n Node>,
    /// Jobs that others extend.
    extended: BTreeSet<&'n str>,
}

impl<'n> Pipeline<'n> {
    fn jobs(&self, node: &'n Node, scripts: &mut Vec<Script>) {
        for (key, job) in node.entries() {
            // What is there for others runs in them alone.
            let shared = ["<<", "default"].contains(&key.text.as_str())
                || key.text.starts_with('.') && self.extended.contains(key.text.as_str());
            if !shared {
                self.job(job, scripts);
                self.jobs(job, scripts);
            }
        }
    }

    /// One shell runs what stands before the script and the script, another one what stands after it.
    fn job(&self, job: &'n Node, scripts: &mut Vec<Script>) {
        let part = |key: &str| self.part(job, key, 0, &mut BTreeSet::new());
        let own = part("script");
        let part = |key: &str| part(key).or_else(|| own.and_then(|_| self.shared(key)));
        let shells = [vec![part("before_script"), own], vec![part("after_script")]];
        for parts in shells {
            let mut lines = Vec::new();
            for part in parts.into_iter().flatten() {
                flatten(part, &mut lines);
            }
            let lines = lines.into_iter().enumerate();
            scripts.extend(lines.map(|(number, line)| Script {
                goes_on: number > 0,
                ..script(line, Folder::start())
            }));
        }
    }

    /// A part of a job: its own, else that of what is merged into it, else of the jobs that it extends.
    /// Nothing is looked at twice.
    fn part(
        &self,
        job: &'n Node,
        key: &str,
        chain: usize,
        seen: &mut BTreeSet<&'n str>,
    ) -> Option<&'n Node> {
        if chain > CHAIN {
            return None;
        }
        if let Some(own) = job.get(key) {
            return Some(own);
        }
        for merged in job.get("<<").into_iter().flat_map(one_or_more) {
            if let Some(part) = self.part(merged, key, chain + 1, seen) {
                return Some(part);
            }
        }
        let names = job.get("extends").into_iter().flat_map(one_or_more);
        let names: Vec<&str> = names.filter_map(Node::text).take(CHAIN).collect();
        // The last one goes before those in front of it.
        names.into_iter().rev().find_map(|name| {
            let other = self.top.get(name).filter(|_| seen.insert(name))?;
            self.part(other, key, chain + 1, seen)
        })
    }

    /// What jobs have that have none of their own.
    fn shared(&self, key: &str) -> Option<&'n Node> {
        let default = || self.top.get("default")?.get(key);
        self.top.get(key).copied().or_else(default)
    }
}

/// The names behind `extends`, wherever it stands.
fn names<'n>(node: &'n Node, found: &mut BTreeSet<&'n str>) {
    for (key, value) in node.entries() {
        match key.text.as_str() {
            "extends" => found.extend(one_or_more(value).filter_map(Node::text)),
            _ => names(value, found),
        }
    }
}

fn one_or_more(node: &Node) -> impl Iterator<Item = &Node> {
    match node {
        Node::Sequence(items) => items.iter(),
        Node::Scalar(_) | Node::Mapping(_) => std::slice::from_ref(node).iter(),
    }
}

/// A script is one text, or a list of them that may hold further lists.
fn flatten<'n>(node: &'n Node, lines: &mut Vec<&'n Scalar>) {
    match node {
        Node::Scalar(scalar) => lines.push(scalar),
        Node::Sequence(items) => items.iter().for_each(|item| flatten(item, lines)),
        Node::Mapping(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines and texts, in brackets those that run in the shell before them.
    fn shells(text: &str) -> Vec<String> {
        let scripts = pipeline(text).into_iter();
        let shown = |one: Script| match one.goes_on {
            true => format!("({} {})", one.line, one.text.trim_end()),
            false => format!("{} {}", one.line, one.text.trim_end()),
        };
        scripts.map(shown).collect()
    }

    #[test]
    fn scripts_of_a_pipeline() {
        let text = "\
.shared: &shared
  - cargo a
build:
  before_script: cargo b
  script:
    - *shared
    - |
      cargo c
    - cargo d
";
        assert_eq!(
            shells(text),
            ["4 cargo b", "(2 cargo a)", "(8 cargo c)", "(9 cargo d)"]
        );
        let text = "\
default: {before_script: [a], after_script: [b]}
one: {script: c}
two: {script: [d, e], before_script: [], after_script: f}
three: {stage: x}
";
        assert_eq!(shells(text), ["1 a", "(2 c)", "1 b", "3 d", "(3 e)", "3 f"]);
        assert_eq!(
            shells(".a: {script: a}\n.b: {script: b}\nc: {extends: .b}\n"),
            ["1 a", "2 b"]
        );
    }

    #[test]
    fn jobs_that_extend_each_other() {
        let text = "a: {extends: b, before_script: x}\nb: {extends: a}\n";
        assert_eq!(shells(text), ["1 x", "1 x"]);
        assert!(shells("a: {extends: {b: c}}\n<<: x\n").is_empty());
    }
}
