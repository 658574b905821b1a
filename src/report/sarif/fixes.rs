//! Proven plans as fixes.

use serde_json::{Value, json};

use crate::plan::mend::{Mend, Mended};
use crate::report::place::{self, View};
use crate::report::words::passes;
use crate::report::{Finding, Level, escape};

use super::locations::{artifact, of_region};
use super::message;

/// What cures a finding; empty where nothing is proven to, or nothing has to.
pub fn fixes<'v>(finding: &Finding, prepared: &'v [(&Mend, Value)]) -> Vec<&'v Value> {
    if finding.level == Level::Note || passes(finding).is_some() {
        return Vec::new();
    }
    let identity = finding.identity();
    let cures = prepared.iter();
    let cures = cures.filter(|(mend, _)| mend.cures.contains(&identity));
    cures.map(|(_, fix)| fix).collect()
}

/// Each with its fix. Its changes belong together, in whatever result it stands.
pub fn prepared<'m>(mends: &'m [Mend], view: &View) -> Vec<(&'m Mend, Value)> {
    let all = mends
        .iter()
        .filter_map(|mend| Some((mend, fix(mend, view)?)));
    all.collect()
}

/// None where a text cannot be shown as it is: nobody should take what cannot be seen.
fn fix(mend: &Mend, view: &View) -> Option<Value> {
    let changes = mend.files.iter().map(|file| change(file, view));
    let changes: Vec<Value> = changes.collect::<Option<_>>()?;
    Some(json!({
        "description": message(&mend.description),
        "artifactChanges": changes,
    }))
}

fn change(file: &Mended, view: &View) -> Option<Value> {
    let replacements = file.replacements.iter().map(|one| {
        let region = place::of_span(&file.text, one.span.clone())?;
        let mut replacement = json!({ "deletedRegion": of_region(region) });
        if !one.text.is_empty() {
            let seen = one.text.lines().all(|line| escape::terminal(line) == line);
            seen.then_some(())?;
            replacement["insertedContent"] = json!({ "text": one.text });
        }
        Some(replacement)
    });
    Some(json!({
        "artifactLocation": artifact(&view.path(&file.file)),
        "replacements": replacements.collect::<Option<Vec<_>>>()?,
    }))
}
