//! Writes the tree of an import.

use std::fmt;

use crate::source::Leaf;

/// Lines longer than this are broken, as rustfmt does it.
const WIDTH: usize = 100;

/// What an import brings in, and under which name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    pub segments: Vec<String>,
    pub alias: Option<String>,
}

impl Path {
    pub fn of(leaf: &Leaf) -> Self {
        Self {
            segments: leaf.segments().map(|s| s.name.clone()).collect(),
            alias: leaf.alias.as_ref().map(|alias| alias.name.clone()),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.segments.join("::"))?;
        match &self.alias {
            Some(alias) => write!(f, " as {alias}"),
            None => Ok(()),
        }
    }
}

/// A path without its beginning.
type Rest<'a> = (&'a [String], Option<&'a str>);

/// One tree of all these paths, which begin with the same segment.
pub fn print(paths: &[Path], indent: &str) -> String {
    let rests: Vec<Rest<'_>> = paths
        .iter()
        .map(|path| (path.segments.as_slice(), path.alias.as_deref()))
        .collect();
    let line = tree(&rests);
    // `use `, the indent and `;` come beside it.
    if line.chars().count() + indent.len() + 5 <= WIDTH {
        return line;
    }
    let Some((head, inner)) = line.split_once("::{") else {
        return line;
    };
    let Some(inner) = inner.strip_suffix('}') else {
        return line;
    };
    let ending = format!("\n{indent}    ");
    let mut out = format!("{head}::{{");
    let mut length = usize::MAX;
    for part in parts(inner) {
        let needed = part.chars().count() + 2;
        if length.saturating_add(needed) > WIDTH {
            out.push_str(&ending);
            length = indent.len() + 4 + needed;
        } else {
            out.push(' ');
            length += needed;
        }
        out.push_str(part);
        out.push(',');
    }
    out.push_str(&format!("\n{indent}}}"));
    out
}

/// The parts between the commas that stand in no group.
fn parts(inner: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let split = inner.split(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    });
    split.map(str::trim).collect()
}

fn tree(paths: &[Rest<'_>]) -> String {
    let mut groups: Vec<(Option<&str>, Vec<Rest<'_>>)> = Vec::new();
    for (segments, alias) in paths {
        let (head, rest) = match segments.split_first() {
            Some((head, rest)) => (Some(head.as_str()), rest),
            None => (None, &[][..]),
        };
        match groups
            .iter_mut()
            .find(|(name, _)| *name == head && head.is_some())
        {
            Some((_, group)) => group.push((rest, *alias)),
            None => groups.push((head, vec![(rest, *alias)])),
        }
    }
    let parts: Vec<String> = groups
        .iter()
        .map(|(head, rests)| group(*head, rests))
        .collect();
    match parts.as_slice() {
        [one] => one.clone(),
        _ => format!("{{{}}}", parts.join(", ")),
    }
}

/// What follows one segment; `self` where there is none.
fn group(head: Option<&str>, rests: &[Rest<'_>]) -> String {
    let named = |alias: Option<&str>| alias.map(|name| format!(" as {name}")).unwrap_or_default();
    let name = head.unwrap_or("self");
    match rests {
        [([], alias)] => format!("{name}{}", named(*alias)),
        _ => format!("{name}::{}", tree(rests)),
    }
}
