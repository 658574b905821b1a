//! Steps that need nobody's judgement, applied to the copy round after round.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use crate::plan::diff;
use crate::plan::shadow::{ShadowError, normal};
use crate::plan::trial::{Fault, Replacement, Suggestion};
use crate::source::{OWN, PackageSource, Reference, TargetRoot};

use super::about::{Ground, about};
use super::bench::Bench;
use super::edits::{Edit, apply, old_line};
use super::guide::Guide;
use super::model::{About, AppliedStep, Reason, SourcePlace};
use super::names::Names;
use super::rename;

/// Sources that steps have changed, and how.
#[derive(Debug, Default)]
pub struct Changes {
    /// By real path: the text before any step, and the text now.
    texts: BTreeMap<Utf8PathBuf, (String, String)>,
    pub applied: Vec<AppliedStep>,
    /// Crates to which something moves that the package does not depend on.
    pub missing: BTreeSet<String>,
}

impl Changes {
    /// Whether steps have changed a file, by its real path.
    pub fn changed(&self, file: &Utf8Path) -> bool {
        self.texts.contains_key(file)
    }

    /// The line that a line of a file was before any step.
    pub fn line_before(&self, file: &Utf8Path, line: usize) -> usize {
        match self.texts.get(file) {
            Some((old, new)) => old_line(old, new, line),
            None => line,
        }
    }

    /// Finds the steps for these faults and applies them to the copy; says how many there were.
    pub fn round(
        &mut self,
        number: usize,
        bench: &Bench<'_>,
        faults: &[&Fault],
        names: &Names,
        guide: &Guide,
    ) -> Result<usize, ShadowError> {
        let mut edits: BTreeMap<Utf8PathBuf, Vec<Edit>> = BTreeMap::new();
        self.renames(bench, names, guide, &mut edits)?;
        self.suggestions(bench, faults, guide, &mut edits)?;
        let mut count = 0;
        for (file, proposed) in edits {
            let text = self.text(bench, &file)?;
            let (new, taken) = apply(&text, proposed);
            if new == text {
                continue;
            }
            bench.scratch.write(&file, &new)?;
            count += taken.len();
            let kept = self.texts.entry(file.clone());
            let (old, now) = kept.or_insert_with(|| (text.clone(), String::new()));
            *now = new;
            let shown = file.strip_prefix(&bench.folder).unwrap_or(&file).to_owned();
            let steps = taken.into_iter().map(|edit| AppliedStep {
                round: number,
                place: SourcePlace {
                    file: shown.clone(),
                    line: old_line(old, &text, edit.place.0),
                    column: edit.place.1,
                },
                old: edit.shown.0,
                new: edit.shown.1,
                reason: edit.reason,
            });
            self.applied.extend(steps);
        }
        Ok(count)
    }

    /// Renames of paths in all targets of the package.
    fn renames(
        &mut self,
        bench: &Bench<'_>,
        names: &Names,
        guide: &Guide,
        edits: &mut BTreeMap<Utf8PathBuf, Vec<Edit>>,
    ) -> Result<(), ShadowError> {
        if guide.renames.is_empty() {
            return Ok(());
        }
        let folder = bench.scratch.there(&bench.folder)?;
        let targets: Vec<TargetRoot> = bench.subject.targets.to_vec();
        let externs = names.all().map(str::to_owned);
        // Other targets see the library by its name.
        let own = targets.iter().map(|target| target.name.replace('-', "_"));
        let source = PackageSource::new(
            folder,
            relative(targets.clone(), &bench.folder),
            externs.chain(own).collect(),
        );
        let mut items = Vec::new();
        for (target, _) in source.targets() {
            items.extend(source.all_items(target));
        }
        let mut by_file: BTreeMap<Utf8PathBuf, Vec<&Reference>> = BTreeMap::new();
        for reference in items.iter().flat_map(|item| &item.references) {
            if &*reference.krate != OWN {
                let file = normal(&bench.folder.join(&*reference.place.file));
                by_file.entry(file).or_default().push(reference);
            }
        }
        for (file, references) in by_file {
            let text = self.text(bench, &file)?;
            let renamed = rename::edits(&text, &references, names, guide);
            self.missing.extend(renamed.missing);
            if !renamed.edits.is_empty() {
                edits.entry(file).or_default().extend(renamed.edits);
            }
        }
        Ok(())
    }

    /// What rustc itself proposes where the family's change is what it speaks of.
    fn suggestions(
        &self,
        bench: &Bench<'_>,
        faults: &[&Fault],
        guide: &Guide,
        edits: &mut BTreeMap<Utf8PathBuf, Vec<Edit>>,
    ) -> Result<(), ShadowError> {
        let ground = Ground {
            root: bench.scratch.root(),
            folder: &bench.folder,
            changes: self,
        };
        for fault in faults {
            let (about, _) = about(fault, guide, &ground);
            match about {
                About::Item { .. } | About::Crate { .. } => {}
                About::TwoVersions { .. } | About::Other => continue,
            }
            // Where there are several, a person has to choose.
            let [suggestion] = fault.detail.suggestions.as_slice() else {
                continue;
            };
            let Some(file) = suggestion.replacements.first().map(|part| &part.file) else {
                continue;
            };
            let own = file.starts_with(&bench.folder) && file.extension() == Some("rs");
            let elsewhere = suggestion
                .replacements
                .iter()
                .any(|part| part.file != *file);
            if !own || elsewhere {
                continue;
            }
            let text = self.text(bench, file)?;
            if let Some(edit) = suggested(&text, suggestion) {
                edits.entry(file.clone()).or_default().push(edit);
            }
        }
        Ok(())
    }

    /// The text of a source as the copy has it.
    fn text(&self, bench: &Bench<'_>, file: &Utf8Path) -> Result<String, ShadowError> {
        if let Some((_, now)) = self.texts.get(file) {
            return Ok(now.clone());
        }
        let there = bench.scratch.there(file)?;
        // What is no text is not edited: no edit fits an empty one.
        Ok(std::fs::read_to_string(there).unwrap_or_default())
    }

    /// What was changed, as a unified diff with paths relative to `root`.
    pub fn patch(&self, root: &Utf8Path) -> String {
        let files = self.texts.iter();
        files
            .map(|(file, (old, new))| {
                let name = file.strip_prefix(root).unwrap_or(file);
                diff::unified(name.as_str(), old, new)
            })
            .collect()
    }
}

/// What is suggested for one file as one edit; none where its parts overlap.
fn suggested(text: &str, suggestion: &Suggestion) -> Option<Edit> {
    let mut parts: Vec<&Replacement> = suggestion.replacements.iter().collect();
    parts.sort_by_key(|part| (part.range.start, part.range.end));
    let range = parts.first()?.range.start..parts.last()?.range.end;
    let mut new = String::new();
    let mut done = range.start;
    for part in parts {
        new.push_str(text.get(done..part.range.start)?);
        new.push_str(&part.text);
        done = part.range.end;
    }
    let before = text.get(..range.start)?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    Some(Edit {
        shown: (text.get(range.clone())?.to_owned(), new.clone()),
        place: (
            before.matches('\n').count() + 1,
            before.get(start..)?.chars().count() + 1,
        ),
        range,
        new,
        reason: Reason::Compiler {
            said: suggestion.message.clone(),
        },
    })
}

/// Targets by files relative to the package's folder, for the copy's folder to stand in its place.
fn relative(targets: Vec<TargetRoot>, folder: &Utf8Path) -> Vec<TargetRoot> {
    let own = |target: TargetRoot| TargetRoot {
        file: target
            .file
            .strip_prefix(folder)
            .map_or(target.file.clone(), Into::into),
        ..target
    };
    targets.into_iter().map(own).collect()
}
