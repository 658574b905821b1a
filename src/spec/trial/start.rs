//! How a package compiles before the change, and what rustc says of the change first.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;

use crate::plan::shadow::ShadowError;

use super::bench::{Bench, Checked, Set};
use super::model::{Baseline, Note, Way};
use super::{Options, errors};

/// How the package compiles before the change.
pub struct Start {
    pub way: Way,
    pub sets: Vec<Set>,
    pub before: Checked,
    pub notes: Vec<Note>,
}

impl Start {
    pub fn baseline(&self, bench: &Bench<'_>) -> Baseline {
        if self.before.faults.is_empty() {
            return Baseline::Compiles;
        }
        let errors = errors(self.before.faults.iter(), bench);
        Baseline::Fails { errors }
    }
}

/// Finds the fullest way, from `from` on, in which the package compiles as it is; where it does in
/// none, the fullest in which cargo comes to compile it. Else cargo's words.
pub fn begin(bench: &Bench<'_>, from: Way) -> Result<Result<Start, String>, ShadowError> {
    let ways = [Way::AllTargets, Way::NoTests, Way::Library];
    let mut failing: Option<Start> = None;
    let mut said: Option<String> = None;
    for way in ways.into_iter().skip_while(|way| *way != from) {
        match bench.check(&BTreeMap::new(), way, Set::Enabled)? {
            Err(refusal) => {
                said.get_or_insert(refusal.stderr);
            }
            Ok(before) => {
                let fails = before.fails_in_main();
                let start = Start {
                    way,
                    sets: vec![Set::Enabled],
                    before,
                    notes: note(way, said.clone()),
                };
                if !fails {
                    return Ok(Ok(start));
                }
                failing.get_or_insert(start);
            }
        }
    }
    Ok(failing.ok_or_else(|| said.unwrap_or_default()))
}

/// Why a lesser way was taken.
fn note(way: Way, said: Option<String>) -> Vec<Note> {
    let said = said.unwrap_or_default();
    match way {
        Way::AllTargets => Vec::new(),
        Way::NoTests => vec![Note::WithoutTests { said }],
        Way::Library => vec![Note::LibraryAlone { said }],
    }
}

/// Adds all features where the package compiles with them.
pub fn all_features(
    bench: &Bench<'_>,
    options: &Options,
    start: &mut Start,
) -> Result<(), ShadowError> {
    if !options.all_features || start.way == Way::Library || !has_features(bench) {
        return Ok(());
    }
    let said = match bench.check(&BTreeMap::new(), start.way, Set::All)? {
        Ok(all) if !all.fails_in_main() => {
            start.sets.push(Set::All);
            start.before.merge(all);
            return Ok(());
        }
        Ok(all) => {
            let first = all.faults.first();
            first.map(|fault| fault.message.clone()).unwrap_or_default()
        }
        Err(refusal) => refusal.stderr,
    };
    start.notes.push(Note::NotAllFeatures { said });
    Ok(())
}

/// Whether the package has features beside those that are enabled.
fn has_features(bench: &Bench<'_>) -> bool {
    let text = bench.manifest(bench.subject.manifest).unwrap_or_default();
    let table: toml::Table = toml::from_str(text).unwrap_or_default();
    let declared = table.get("features").and_then(toml::Value::as_table);
    let enabled = bench.subject.features;
    let more = |name: &String| !enabled.contains(name) && name != "default";
    // An optional dependency may be a feature, too.
    declared.is_some_and(|list| list.keys().any(more)) || text.contains("optional")
}

/// What came of compiling with the change: how, and what rustc found, or cargo's words.
pub type Once = Result<(Start, Checked), (Start, String)>;

/// Compiles with the change; in a lesser way where cargo does not resolve the fuller one any more.
pub fn changed_once(
    bench: &Bench<'_>,
    changed: &BTreeMap<Utf8PathBuf, String>,
    first: Start,
) -> Result<Once, ShadowError> {
    let mut said = match check(bench, changed, &first)? {
        Ok(checked) => return Ok(Ok((first, checked))),
        Err(said) => said,
    };
    let mut way = first.way;
    loop {
        way = match way {
            Way::AllTargets => Way::NoTests,
            Way::NoTests => Way::Library,
            Way::Library => break,
        };
        let Ok(mut next) = begin(bench, way)? else {
            break;
        };
        way = next.way;
        match check(bench, changed, &next)? {
            Ok(checked) => {
                next.notes = note(way, Some(said));
                return Ok(Ok((next, checked)));
            }
            // Of what is asked for least, the words are nearest to the point.
            Err(stderr) => said = stderr,
        }
    }
    Ok(Err((first, said)))
}

/// Compiles with each set of features.
pub fn check(
    bench: &Bench<'_>,
    changed: &BTreeMap<Utf8PathBuf, String>,
    start: &Start,
) -> Result<Result<Checked, String>, ShadowError> {
    let mut all = Checked::default();
    for set in &start.sets {
        match bench.check(changed, start.way, *set)? {
            Ok(checked) => all.merge(checked),
            Err(refusal) => return Ok(Err(refusal.stderr)),
        }
    }
    Ok(Ok(all))
}
