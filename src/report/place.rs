//! Where a finding stands: the file as its reader sees it, and the exact part of it.

use std::ops::Range;

use camino::{Utf8Path, Utf8PathBuf};

use crate::workspace::manifest::position;

use super::{Culprit, Evidence, EvidenceKind, Finding, Report};

/// From which folder a reader takes paths: that of the repository, the current one.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// The workspace root and that folder, both absolute; none where paths from the root do.
    folders: Option<(Utf8PathBuf, Utf8PathBuf)>,
}

impl View {
    /// Paths as seen from `base`, for a workspace in `root`.
    pub fn new(root: Utf8PathBuf, base: Utf8PathBuf) -> Self {
        Self {
            folders: Some((root, base)),
        }
    }

    /// A path of the report, which is relative to the workspace root or absolute. One that does not
    /// lie below the reader's folder begins with `..` as long as it lies beside it.
    pub fn path(&self, file: &str) -> String {
        let Some((root, base)) = &self.folders else {
            return file.to_owned();
        };
        let whole = root.join(file);
        let mut up = Vec::new();
        let mut from: Option<&Utf8Path> = Some(base);
        while let Some(folder) = from {
            // What the file system's root alone has in common, nobody takes for a relative path.
            if folder.parent().is_some()
                && let Ok(rest) = whole.strip_prefix(folder)
            {
                up.push(rest.as_str().to_owned());
                return up.join("/").replace('\\', "/");
            }
            up.push("..".to_owned());
            from = folder.parent();
        }
        whole.into_string().replace('\\', "/")
    }
}

/// A part of a text. Lines and columns from 1, columns in characters; ends are exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    pub line: usize,
    pub column: usize,
    /// Absent where the text is not at hand.
    pub extent: Option<Extent>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    pub end_line: usize,
    pub end_column: usize,
    /// Offset and length in characters.
    pub chars: (usize, usize),
    /// Offset and length in bytes.
    pub bytes: (usize, usize),
}

/// A file, and a part of it where that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// As the report has it.
    pub file: String,
    pub region: Option<Region>,
}

/// Where a requirement stands.
pub fn of_culprit(report: &Report, culprit: &Culprit) -> Place {
    let region = match (culprit.line, culprit.column) {
        (Some(line), Some(column)) => Some(Region {
            line,
            column,
            extent: extent(report, culprit),
        }),
        _ => None,
    };
    Place {
        file: culprit.file.clone(),
        region,
    }
}

/// How far a requirement goes; none where its text is not at hand, or not the one that was judged.
fn extent(report: &Report, culprit: &Culprit) -> Option<Extent> {
    let text = report.texts.get(&culprit.file)?;
    let (start, length) = culprit.span;
    let region = of_span(text, start..start + length)?;
    let is_same = Some(region.line) == culprit.line && Some(region.column) == culprit.column;
    region.extent.filter(|_| is_same && length > 0)
}

/// The region of a range of bytes; none where that is no part of the text.
pub fn of_span(text: &str, span: Range<usize>) -> Option<Region> {
    let part = text.get(span.clone())?;
    let (line, column) = position(text, span.start);
    let (end_line, end_column) = position(text, span.end);
    Some(Region {
        line,
        column,
        extent: Some(Extent {
            end_line,
            end_column,
            chars: (text[..span.start].chars().count(), part.chars().count()),
            bytes: (span.start, part.len()),
        }),
    })
}

/// Where a member's code or manifest shows something; none for what lies outside the workspace.
pub fn of_evidence(report: &Report, evidence: &Evidence) -> Option<Place> {
    let file = evidence.file.as_deref()?;
    let file = match evidence.kind {
        EvidenceKind::Source => below(report.folders.get(evidence.package.as_deref()?)?, file),
        // The lockfile.
        EvidenceKind::Graph => file.to_owned(),
        EvidenceKind::Rule | EvidenceKind::Missing => return None,
    };
    let region = evidence.line.map(|line| Region {
        line,
        column: evidence.column.unwrap_or(1),
        extent: None,
    });
    Some(Place { file, region })
}

/// `file:line` of a member's manifest, as the model writes it.
pub fn of_inheritance(by: &str) -> Place {
    let parts = by.rsplit_once(':');
    let parts = parts.and_then(|(file, line)| Some((file, line.parse().ok()?)));
    match parts {
        Some((file, line)) => Place {
            file: file.to_owned(),
            region: Some(Region {
                line,
                column: 1,
                extent: None,
            }),
        },
        None => Place {
            file: by.to_owned(),
            region: None,
        },
    }
}

/// The manifest of a member, by its label or by its name.
pub fn of_member(report: &Report, label: &str) -> Option<Place> {
    let name = label.split('@').next().unwrap_or(label);
    let by_name = || {
        let mut members = report.folders.iter();
        members.find(|(known, _)| known.split('@').next() == Some(name))
    };
    let folder = match label.contains('@') {
        // Where cargo did not resolve the workspace, members are known by name alone.
        true => report.folders.get(label).or(report.folders.get(name)),
        false => by_name().map(|(_, folder)| folder),
    };
    Some(Place {
        file: below(folder?, "Cargo.toml"),
        region: None,
    })
}

/// Where a finding is best shown: at the requirement at fault, else in the lockfile, else in the
/// manifest of the package that it is about, else in that of the workspace.
pub fn of(report: &Report, finding: &Finding) -> Place {
    if let Some(culprit) = &finding.culprit {
        return of_culprit(report, culprit);
    }
    let locked = finding.evidence.iter();
    let mut locked = locked.filter(|one| one.kind == EvidenceKind::Graph);
    let artifact = finding.artifact.as_deref();
    let package = artifact.and_then(|id| id.split('/').next());
    let first = finding.path.first().map(|step| step.package.as_str());
    locked
        .find_map(|one| of_evidence(report, one))
        .or_else(|| of_member(report, package?))
        .or_else(|| of_member(report, first?))
        .unwrap_or(Place {
            file: "Cargo.toml".into(),
            region: None,
        })
}

fn below(folder: &str, file: &str) -> String {
    match folder {
        "" => file.to_owned(),
        folder => format!("{folder}/{file}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(root: &str, base: &str, file: &str) -> String {
        View::new(root.into(), base.into()).path(file)
    }

    #[test]
    fn paths_are_seen_from_the_readers_folder() {
        assert_eq!(View::default().path("a/Cargo.toml"), "a/Cargo.toml");
        assert_eq!(seen("/r/w", "/r/w", "Cargo.toml"), "Cargo.toml");
        assert_eq!(seen("/r/w", "/r", "a/Cargo.toml"), "w/a/Cargo.toml");
        assert_eq!(seen("/r/w", "/r/w/a", "Cargo.toml"), "../Cargo.toml");
        assert_eq!(seen("/r/w", "/r/w/a", "a/Cargo.toml"), "Cargo.toml");
        assert_eq!(seen("/r/w", "/r", "/r/x/Cargo.toml"), "x/Cargo.toml");
        assert_eq!(seen("/r/w", "/r/w", "/r/x/Cargo.toml"), "../x/Cargo.toml");
        assert_eq!(seen("/r/w", "/r", "/s/Cargo.toml"), "/s/Cargo.toml");
    }

    #[test]
    fn places_that_inherit() {
        let place = of_inheritance("a:b/Cargo.toml:12");
        assert_eq!(place.file, "a:b/Cargo.toml");
        assert_eq!(place.region.map(|region| region.line), Some(12));
        assert_eq!(of_inheritance("Cargo.toml").region, None);
    }
}
