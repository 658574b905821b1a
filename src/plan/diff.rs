//! Changes of a file as a unified diff, for people and for `git apply` and `patch -p1`.

use std::fmt::Write as _;

use similar::algorithms::{Capture, Replace, diff_slices};
use similar::{Algorithm, DiffOp, group_diff_ops};

/// Lines around a change that are shown with it.
const CONTEXT: usize = 3;

/// The change of a file, with `a/` and `b/` before its path. An empty text stands for a file that
/// is not there, so that a new file is made and taken away again. Empty where nothing changed.
pub fn unified(path: &str, old: &str, new: &str) -> String {
    let there = |text: &&str| !text.is_empty();
    between(path, Some(old).filter(there), Some(new).filter(there))
}

/// The same, where an empty file and one that is not there are two things.
pub fn between(path: &str, old: Option<&str>, new: Option<&str>) -> String {
    if old == new {
        return String::new();
    }
    let (before, after) = (lines(old.unwrap_or("")), lines(new.unwrap_or("")));
    let ops = operations(&before, &after);
    let mut out = String::new();
    header(&mut out, "---", "a/", path, old.is_some());
    header(&mut out, "+++", "b/", path, new.is_some());
    for group in group_diff_ops(ops, CONTEXT) {
        hunk(&mut out, &group, &before, &after);
    }
    out
}

/// What makes the one lines the others.
pub(super) fn operations(before: &[&str], after: &[&str]) -> Vec<DiffOp> {
    // Without the usual pass that moves insertions together: it leaves stale line numbers behind.
    let mut ops = Replace::new(Capture::new());
    let Ok(()) = diff_slices(Algorithm::Myers, &mut ops, before, after);
    ops.into_inner().into_ops()
}

/// Lines with their ends. A lone carriage return ends none, as in git.
pub(super) fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn header(out: &mut String, mark: &str, side: &str, path: &str, there: bool) {
    let name = if there {
        quoted(&format!("{side}{path}"))
    } else {
        "/dev/null".to_owned()
    };
    // A tab tells where a name with spaces ends.
    let end = if name.contains(' ') { "\t" } else { "" };
    out.push_str(&format!("{mark} {name}{end}\n"));
}

/// A name as git writes it: in quotes where it has a character that would end it.
fn quoted(name: &str) -> String {
    let plain = |c: char| !c.is_control() && c != '"' && c != '\\';
    if name.chars().all(plain) {
        return name.to_owned();
    }
    let mut out = String::from("\"");
    for c in name.chars() {
        if plain(c) {
            out.push(c);
            continue;
        }
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            _ => {
                for byte in c.to_string().bytes() {
                    let _infallible = write!(out, "\\{byte:03o}");
                }
            }
        }
    }
    out.push('"');
    out
}

fn hunk(out: &mut String, ops: &[DiffOp], before: &[&str], after: &[&str]) {
    let (Some(first), Some(last)) = (ops.first(), ops.last()) else {
        return;
    };
    let old = range(first.old_range().start, last.old_range().end);
    let new = range(first.new_range().start, last.new_range().end);
    out.push_str(&format!("@@ -{old} +{new} @@\n"));
    for op in ops {
        if let DiffOp::Equal { .. } = op {
            write_lines(out, ' ', &before[op.old_range()]);
        } else {
            write_lines(out, '-', &before[op.old_range()]);
            write_lines(out, '+', &after[op.new_range()]);
        }
    }
}

/// First line and count; of no lines, the line before them.
fn range(start: usize, end: usize) -> String {
    match end - start {
        0 => format!("{start},0"),
        1 => (start + 1).to_string(),
        count => format!("{},{count}", start + 1),
    }
}

fn write_lines(out: &mut String, mark: char, lines: &[&str]) {
    for line in lines {
        out.push(mark);
        out.push_str(line);
        if !line.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
    }
}

#[cfg(test)]
#[path = "diff/tests.rs"]
mod tests;
