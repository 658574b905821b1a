//! Imports: one leaf in its place, a prefix that all leaves share, or a leaf that leaves its group.

use crate::source::{Import, Leaf, Segment};

use super::super::edits::Edit;
use super::tree::{Path, print};
use super::{Target, Targets, standing};

/// What becomes of one leaf.
struct Change<'a> {
    leaf: &'a Leaf,
    target: &'a Target<'a>,
    /// So many of its written segments are replaced.
    cover: usize,
}

/// The edits of one import.
pub fn edits(text: &str, import: &Import, targets: &Targets<'_>) -> Vec<Edit> {
    let changes: Vec<Option<Change<'_>>> = import
        .leaves
        .iter()
        .map(|leaf| change(leaf, targets.get(&leaf.place)?))
        .collect();
    if changes.iter().all(Option::is_none) {
        return Vec::new();
    }
    if let Some(edit) = shared_prefix(text, &changes) {
        return vec![edit];
    }
    let mut edits = Vec::new();
    let mut leaving = Vec::new();
    for change in changes.iter().flatten() {
        match in_place(text, change) {
            Some(edit) => edits.push(edit),
            None => leaving.push(change),
        }
    }
    if leaving.is_empty() {
        return edits;
    }
    // What is left of the group is written anew, so that all of it is one edit.
    rewritten(text, import, &changes).into_iter().collect()
}

fn change<'a>(leaf: &'a Leaf, target: &'a Target<'a>) -> Option<Change<'a>> {
    let names: Vec<&str> = leaf.segments().map(|s| s.name.as_str()).collect();
    let standing = standing(&names, &target.full)?;
    let cover = standing.written + target.length.checked_sub(standing.full)?;
    // Where it begins with another import, that one is changed.
    if standing.written > 0 && cover <= standing.written || cover > names.len() || cover == 0 {
        return None;
    }
    (standing.written == 0).then_some(Change {
        leaf,
        target,
        cover,
    })
}

impl Change<'_> {
    /// How many segments stay at its beginning; of those that are replaced, one at least goes.
    fn kept(&self) -> usize {
        let names = self.leaf.segments().map(|s| s.name.as_str());
        let same = names.zip(&self.target.to).take_while(|(a, b)| a == b);
        let most = self.cover.min(self.target.to.len()).saturating_sub(1);
        same.count().min(most)
    }

    /// The name under which it goes on, where its last segment is another one now.
    fn alias(&self) -> Option<String> {
        let last = self.leaf.segments().last()?;
        let renamed = self.cover == self.leaf.segments().count()
            && self.target.to.last().is_some_and(|to| *to != last.name);
        match &self.leaf.alias {
            Some(alias) => Some(alias.name.clone()),
            None => renamed.then(|| last.name.clone()),
        }
    }

    /// Its new path.
    fn path(&self) -> Path {
        let rest = self.leaf.segments().skip(self.cover);
        let to = self.target.to.iter().cloned();
        Path {
            segments: to.chain(rest.map(|s| s.name.clone())).collect(),
            alias: self.alias(),
        }
    }

    fn old(&self) -> Path {
        Path {
            segments: self.leaf.segments().map(|s| s.name.clone()).collect(),
            alias: self.leaf.alias.as_ref().map(|alias| alias.name.clone()),
        }
    }

    fn edit(&self, range: std::ops::Range<usize>, new: String) -> Edit {
        Edit {
            range,
            new,
            shown: (self.old().to_string(), self.path().to_string()),
            place: self.leaf.place,
            reason: self.target.reason.clone(),
        }
    }
}

/// One edit of the segments that all leaves of a group begin with.
fn shared_prefix(text: &str, changes: &[Option<Change<'_>>]) -> Option<Edit> {
    let all: Vec<&Change<'_>> = changes.iter().map(Option::as_ref).collect::<Option<_>>()?;
    let (first, others) = all.split_first()?;
    let segment =
        |of: &Change<'_>, at: usize| -> Option<Segment> { of.leaf.prefix.get(at).cloned() };
    let last = segment(first, first.cover - 1)?;
    let one = others.iter().all(|other| {
        other.cover == first.cover
            && other.target.to == first.target.to
            && segment(other, other.cover - 1).is_some_and(|s| s.range == last.range)
    });
    // `a::{self, b}` gives the name `a`, which must stay.
    let renames = all
        .iter()
        .any(|c| c.leaf.alias.is_none() && c.alias().is_some());
    if !one || renames {
        return None;
    }
    let kept = first.kept();
    let range = segment(first, kept)?.range.start..last.range.end;
    let new = first.target.to[kept..].join("::");
    let shown = (text.get(range.clone())?.to_owned(), new.clone());
    Some(Edit {
        shown,
        ..first.edit(range, new)
    })
}

/// The edit of a leaf that stays where it is; none where its group begins otherwise now.
fn in_place(text: &str, change: &Change<'_>) -> Option<Edit> {
    let outside = change.leaf.prefix.len();
    let kept = change.kept();
    let own = change.leaf.own.get(kept.checked_sub(outside)?..)?;
    let last = change
        .leaf
        .own
        .get(change.cover.checked_sub(outside + 1)?)?;
    if own.first()?.name == "self" {
        return None;
    }
    let range = own.first()?.range.start..change.leaf.range.end;
    let mut new = change.target.to[kept..].join("::");
    new.push_str(text.get(last.range.end..change.leaf.range.end)?);
    if change.leaf.alias.is_none()
        && let Some(alias) = change.alias()
    {
        new.push_str(" as ");
        new.push_str(&alias);
    }
    Some(change.edit(range, new))
}

/// The whole import anew: what is left of it, then what left it, each crate in one declaration. None
/// where it holds a comment, which nobody but its author knows where to put.
fn rewritten(text: &str, import: &Import, changes: &[Option<Change<'_>>]) -> Option<Edit> {
    let old = text.get(import.range.clone())?;
    let tree = text.get(import.tree..import.range.end)?;
    if tree.contains("//") || tree.contains("/*") {
        return None;
    }
    let mut staying = Vec::new();
    let mut leaving: Vec<(String, Vec<Path>)> = Vec::new();
    for (leaf, change) in import.leaves.iter().zip(changes) {
        let path = match change {
            Some(change) => change.path(),
            None => Path::of(leaf),
        };
        let krate = path.segments.first()?;
        let root = leaf.segments().next()?;
        if *krate == root.name {
            staying.push(path);
        } else if let Some((_, of_crate)) = leaving.iter_mut().find(|(name, _)| name == krate) {
            of_crate.push(path);
        } else {
            leaving.push((krate.clone(), vec![path]));
        }
    }
    let attributes = text.get(import.range.start..import.start)?;
    let keyword = text.get(import.start..import.tree)?;
    let lead = if tree.trim_start().starts_with("::") {
        "::"
    } else {
        ""
    };
    let line = text[..import.range.start]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let indent: String = text[line..]
        .chars()
        .take_while(|c| *c == ' ' || *c == '\t')
        .collect();
    let groups = std::iter::once(staying).chain(leaving.into_iter().map(|(_, paths)| paths));
    let declarations: Vec<String> = groups
        .filter(|paths| !paths.is_empty())
        .map(|paths| format!("{attributes}{keyword} {lead}{};", print(&paths, &indent)))
        .collect();
    let first = changes.iter().flatten().next()?;
    let moved: Vec<String> = changes
        .iter()
        .flatten()
        .map(|c| c.path().to_string())
        .collect();
    let left: Vec<String> = changes
        .iter()
        .flatten()
        .map(|c| c.old().to_string())
        .collect();
    let ending = if old.contains("\r\n") || text.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    Some(Edit {
        shown: (left.join(", "), moved.join(", ")),
        ..first.edit(
            import.range.clone(),
            declarations.join(&format!("{ending}{indent}")),
        )
    })
}
