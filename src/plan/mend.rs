//! A proven plan as replacements of text, for tools that offer to make them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use similar::DiffOp;

use crate::report::{Identity, Report};
use crate::skew::trace::relative;

use super::compose::{Planned, Planner};
use super::diff::{lines, operations};
use super::model::{OptionId, Outcome};

/// What one plan does to the files of the workspace, all of which belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mend {
    /// What it does, in one sentence without a full stop.
    pub description: String,
    /// Findings of today that its result no longer has.
    pub cures: BTreeSet<Identity>,
    pub files: Vec<Mended>,
}

/// A file as it is, and what changes in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// Relative to the workspace root, as reports name files.
    pub file: String,
    pub text: Arc<str>,
    /// From top to bottom; none touches another.
    pub replacements: Vec<Replacement>,
}

/// Text that takes the place of other text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// Bytes of the file as it is.
    pub span: Range<usize>,
    pub text: String,
}

impl Mend {
    /// What a plan writes; none where it is not proven, writes nothing, or switches something off,
    /// which is nobody's to decide but the owner's. `report` says what is found today.
    pub fn of(planner: &Planner<'_>, plan: &Planned, report: &Report) -> Option<Self> {
        let Outcome::Proven { command } = &plan.option.outcome else {
            return None;
        };
        if plan.option.id == OptionId::B {
            return None;
        }
        let shadow = &planner.prover.shadow;
        let mut files = Vec::new();
        for (path, new) in &plan.changed {
            let old = shadow.manifests().get(path)?;
            let file = relative(shadow.root(), path);
            files.extend(mended(&file, old.clone(), new));
        }
        // One that is still to be made is made by cargo.
        if let (Some(old), Some(new)) = (shadow.lock(), &plan.lock) {
            files.extend(mended("Cargo.lock", old.into(), new));
        }
        if files.is_empty() {
            return None;
        }
        let today = report.findings.iter().map(|finding| finding.identity());
        let line = plan.option.target.as_deref().unwrap_or_default();
        Some(Self {
            description: format!(
                "Bring everything to {} {line}, which cargo has proven: `{command}`",
                planner.family.title
            ),
            cures: today
                .filter(|identity| !plan.left.contains(identity))
                .collect(),
            files,
        })
    }
}

fn mended(file: &str, old: Arc<str>, new: &str) -> Option<Mended> {
    let replacements = replacements(&old, new);
    (!replacements.is_empty()).then(|| Mended {
        file: file.to_owned(),
        text: old,
        replacements,
    })
}

/// What makes one text the other, as little of it as lines and their middles tell.
pub fn replacements(old: &str, new: &str) -> Vec<Replacement> {
    let (before, after) = (lines(old), lines(new));
    let starts = |lines: &[&str]| {
        let mut at = 0;
        let mut all = vec![0];
        for line in lines {
            at += line.len();
            all.push(at);
        }
        all
    };
    let (from, to) = (starts(&before), starts(&after));
    let ops = operations(&before, &after);
    let changed = ops.iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
    let mut all: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for op in changed {
        let (lines, others) = (op.old_range(), op.new_range());
        let one = from[lines.start]..from[lines.end];
        let other = to[others.start]..to[others.end];
        match all.last_mut() {
            // What is taken out and put in at one place is one change.
            Some((last, with)) if last.end == one.start && with.end == other.start => {
                (last.end, with.end) = (one.end, other.end);
            }
            _ => all.push((one, other)),
        }
    }
    let narrowed = all
        .into_iter()
        .map(|(one, other)| narrowed(&old[one.clone()], one.start, &new[other]));
    narrowed.collect()
}

/// A change without what both texts begin and end with.
fn narrowed(old: &str, at: usize, new: &str) -> Replacement {
    let same = old.chars().zip(new.chars()).take_while(|(a, b)| a == b);
    let head = whole_words(same.map(|(a, _)| a));
    let (old, new) = (&old[head..], &new[head..]);
    let same = old.chars().rev().zip(new.chars().rev());
    let same = same.take_while(|(a, b)| a == b);
    let tail = whole_words(same.map(|(a, _)| a));
    let start = at + head;
    Replacement {
        span: start..start + old.len() - tail,
        text: new[..new.len() - tail].to_owned(),
    }
}

/// The length of text up to its last word, which may go on: `"0.2` of `"0.21"` tells nobody anything.
fn whole_words(text: impl Iterator<Item = char>) -> usize {
    let (mut length, mut whole) = (0, 0);
    for character in text {
        length += character.len_utf8();
        if character.is_whitespace() || "\"'[]{},=".contains(character) {
            whole = length;
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn applied(text: &str, replacements: &[Replacement]) -> String {
        let mut out = text.to_owned();
        for one in replacements.iter().rev() {
            out.replace_range(one.span.clone(), &one.text);
        }
        out
    }

    #[test]
    fn as_little_as_can_be_told() {
        let old = "[dependencies]\nü = { version = \"0.21\" }\nb = \"1\"\nc = \"1\"\n";
        let new = "[dependencies]\nü = { version = \"0.27\" }\nb = \"1\"\n";
        let all = replacements(old, new);
        assert_eq!(all.len(), 2);
        assert_eq!(&old[all[0].span.clone()], "0.21");
        assert_eq!(all[0].text, "0.27");
        assert_eq!(&old[all[1].span.clone()], "c = \"1\"\n");
        assert_eq!(all[1].text, "");
        assert_eq!(replacements(old, old), []);
    }

    proptest! {
        #[test]
        fn they_make_the_other_text(old in "[ab\n\rü😀]{0,24}", new in "[ab\n\rü😀]{0,24}") {
            let all = replacements(&old, &new);
            prop_assert_eq!(applied(&old, &all), new);
            for pair in all.windows(2) {
                prop_assert!(pair[0].span.end <= pair[1].span.start);
            }
        }
    }
}
