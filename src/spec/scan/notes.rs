//! What may have kept something from being found.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::source::detail::DetailedFile;
use crate::source::{PackageSource, Position, Trouble};

use super::surface::Surface;

/// A reason for which the list of hits may not be all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ScanNote {
    pub kind: NoteKind,
    /// The file that it is about, relative to the package; empty for the package itself. May hold any
    /// character.
    pub file: String,
    /// In words. May hold any character.
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// Sources, or a module's file, are not there.
    Missing,
    /// A file could not be read, or not in full.
    Unread,
    /// Code that a build script writes, which is not there before a build.
    Generated,
    /// A derive or attribute of the family, whose result is not looked at.
    Macro,
    /// Nothing is known of a crate on one of the lines.
    Unknown,
    /// No file names a crate of the family.
    Unused,
}

#[derive(Debug, Default)]
pub(super) struct Notes {
    found: BTreeSet<ScanNote>,
    uses: bool,
}

impl Notes {
    fn add(&mut self, kind: NoteKind, file: impl Into<String>, message: impl Into<String>) {
        self.found.insert(ScanNote {
            kind,
            file: file.into(),
            message: message.into(),
        });
    }

    /// Notes what stands in the files of a target.
    pub(super) fn of_files(&mut self, files: &[DetailedFile], surface: &Surface<'_>) {
        for file in files {
            let (mut code, mut macros) = (false, BTreeSet::new());
            for found in file.items.iter().flat_map(|item| &item.uses) {
                let reference = &found.reference;
                if surface.number(&reference.krate).is_none() {
                    continue;
                }
                self.uses = true;
                match reference.position {
                    Position::Attribute => drop(macros.insert(reference.to_string())),
                    _ => code = true,
                }
            }
            for name in macros {
                let also = if code {
                    ""
                } else {
                    "; nothing else of the family is used here"
                };
                let message = format!("what `{name}` expands to is not looked at{also}");
                self.add(NoteKind::Macro, file.path.as_str(), message);
            }
        }
    }

    pub(super) fn finish(mut self, source: &PackageSource, surface: &Surface<'_>) -> Vec<ScanNote> {
        let problems = source.problems();
        for problem in &problems {
            let kind = match &problem.trouble {
                Trouble::Missing | Trouble::NoModule { .. } => NoteKind::Missing,
                _ => NoteKind::Unread,
            };
            self.add(kind, problem.file.as_str(), problem.trouble.to_string());
        }
        for place in source.places_of_text("OUT_DIR") {
            let message = format!(
                "line {}: code from OUT_DIR is written by a build script and not looked at",
                place.line
            );
            self.add(NoteKind::Generated, place.file.as_str(), message);
        }
        for krate in surface.unknown() {
            let unknown: Vec<String> = [surface.from, surface.to]
                .into_iter()
                .filter(|line| krate.release(*line).is_none())
                .map(|line| line.to_string())
                .collect();
            let message = format!(
                "nothing is known of the public items of `{}` on {}: its uses are not compared",
                krate.name,
                unknown.join(" and ")
            );
            self.add(NoteKind::Unknown, "", message);
        }
        if !self.uses && problems.is_empty() {
            self.add(
                NoteKind::Unused,
                "",
                "no file refers to a crate of the family",
            );
        }
        self.found.into_iter().collect()
    }
}
