//! Paths in code and attributes.

use crate::source::Written;

use super::super::edits::Edit;
use super::{Target, standing};

/// The edit of a path that is not an import's; none where it goes on as it is, since the import that
/// it begins with is changed.
pub fn edit(
    text: &str,
    written: &Written,
    place: (usize, usize),
    target: &Target<'_>,
) -> Option<Edit> {
    let names: Vec<&str> = written.segments.iter().map(|s| s.name.as_str()).collect();
    let standing = standing(&names, &target.full)?;
    // So many written segments are replaced, or stand for what is.
    let cover = standing.written + target.length.checked_sub(standing.full)?;
    if cover <= standing.written || cover > names.len() {
        return None;
    }
    // The import that it begins with leads to this once it is changed.
    let base = target.beginnings.get(standing.full)?;
    let (mut first, mut to) = match target.to.strip_prefix(base.as_slice()) {
        Some(rest) if !rest.is_empty() => (standing.written, rest),
        Some(_) | None => (0, target.to.as_slice()),
    };
    // What stays at its beginning is not touched.
    while first + 1 < cover && to.len() > 1 && names[first] == to[0] {
        first += 1;
        to = &to[1..];
    }
    let start = written.segments.get(first)?.range.start;
    let end = written.segments.get(cover - 1)?.range.end;
    let new = to.join("::");
    let whole = written.segments.first()?.range.start..written.segments.last()?.range.end;
    let shown = format!(
        "{}{new}{}",
        text.get(whole.start..start)?,
        text.get(end..whole.end)?
    );
    Some(Edit {
        range: start..end,
        new,
        shown: (text.get(whole)?.to_owned(), shown),
        place,
        reason: target.reason.clone(),
    })
}
