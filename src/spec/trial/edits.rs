//! Edits of a source: bytes replaced, everything else left as it is.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::model::Reason;

/// Bytes of a text, and what takes their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub range: Range<usize>,
    pub new: String,
    /// What a person reads of it: the text before and after.
    pub shown: (String, String),
    /// Line and column that it is about.
    pub place: (usize, usize),
    pub reason: Reason,
}

/// Applies edits; gives the new text and the edits that were applied, in their order in the text. Of
/// two that overlap the one that comes first in `edits` is applied.
pub fn apply(text: &str, edits: Vec<Edit>) -> (String, Vec<Edit>) {
    let mut taken: Vec<Edit> = Vec::new();
    for edit in edits {
        let inside = text.get(edit.range.clone()).is_some();
        if inside && !taken.iter().any(|other| meet(&other.range, &edit.range)) {
            taken.push(edit);
        }
    }
    taken.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in &taken {
        out.push_str(text.get(done..edit.range.start).unwrap_or_default());
        out.push_str(&edit.new);
        done = edit.range.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    (out, taken)
}

/// Whether two ranges overlap, or put something at the same place.
fn meet(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start == b.start || a.start < b.end && b.start < a.end
}

/// The line of the old text that a line of the new one is, or was made of. All from 1.
pub fn old_line(old: &str, new: &str, line: usize) -> usize {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let at = line.saturating_sub(1);
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        if !op.new_range().contains(&at) {
            continue;
        }
        let into = at - op.new_range().start;
        let range = op.old_range();
        return match op {
            DiffOp::Equal { .. } => range.start + into + 1,
            DiffOp::Replace { .. } | DiffOp::Insert { .. } | DiffOp::Delete { .. } => {
                (range.start + into).min(range.end.saturating_sub(1)) + 1
            }
        };
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(range: Range<usize>, new: &str) -> Edit {
        Edit {
            range,
            new: new.to_owned(),
            shown: (String::new(), new.to_owned()),
            place: (1, 1),
            reason: Reason::Recipe { id: "r".to_owned() },
        }
    }

    #[test]
    fn the_first_of_two_that_overlap() {
        let text = "abcdef";
        let edits = vec![
            edit(4..6, "EF!"),
            edit(0..2, "-"),
            edit(1..3, "no"),
            edit(0..0, "no"),
            edit(3..3, "+"),
            edit(9..12, "no"),
        ];
        let (new, taken) = apply(text, edits);
        assert_eq!(new, "-c+dEF!");
        let starts: Vec<usize> = taken.iter().map(|edit| edit.range.start).collect();
        assert_eq!(starts, [0, 3, 4]);
        // Not in the middle of a letter.
        assert_eq!(apply("é", vec![edit(1..2, "no")]).0, "é");
    }

    #[test]
    fn lines_are_found_again() {
        let old = "a\nb\nc\nd\n";
        let new = "a\nx\ny\nz\nc\nnew\nd\n";
        let found: Vec<usize> = (1..=7).map(|line| old_line(old, new, line)).collect();
        assert_eq!(found, [1, 2, 2, 2, 3, 3, 4]);
    }
}
