//! The matrix as a value, in the shape that all formats print.

use semver::Version;
use serde::Serialize;

use crate::registry::Timestamp;
use crate::report::Tool;
use crate::skew::Line;

/// Version of the JSON shape. It grows when a field changes its meaning or goes away.
pub const MATRIX_SCHEMA_VERSION: u32 = 1;

/// Which release of which dependency serves which line.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Matrix {
    pub schema_version: u32,
    pub tool: Tool,
    /// Name of the family.
    pub family: String,
    /// Sentences about what limits the answer; empty where nothing does.
    pub notes: Vec<String>,
    /// The lines that have releases, from old to new.
    pub lines: Vec<LineRow>,
    /// The newest line that every companion in use serves.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub newest_common: Option<Line>,
    /// Companions that do not serve the newest line, the one furthest behind first.
    pub caps: Vec<Cap>,
    /// What the workspace holds, by name and version.
    pub workspace: Vec<WorkspaceRow>,
    /// What the registry offers of each companion in use, by name. Crates that have never needed a
    /// line are left out.
    pub companions: Vec<Companion>,
}

/// A line of the anchor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LineRow {
    #[cfg_attr(test, schemars(with = "String"))]
    pub line: Line,
    /// When its first release came out.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub published: Option<Timestamp>,
    /// The anchor's releases of it, from old to new.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub releases: Vec<Version>,
    /// Whether the workspace holds it.
    pub in_use: bool,
    /// Companions in use without a release for it.
    pub missing: Vec<String>,
}

/// A companion that holds back from newer lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Cap {
    pub name: String,
    /// The newest line that it serves.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub line: Option<Line>,
    /// How many newer lines there are.
    pub lines_behind: usize,
}

/// A package of the workspace's graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WorkspaceRow {
    pub name: String,
    #[cfg_attr(test, schemars(with = "String"))]
    pub version: Version,
    pub package_id: String,
    /// The lines that it links; none where it links none in any build.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub lines: Vec<Line>,
}

/// A crate in use and its releases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Companion {
    pub name: String,
    /// Cargo's id of the registry it comes from; none for git and paths.
    pub registry: Option<String>,
    /// The versions in use.
    pub in_use: Vec<Use>,
    /// Its releases by line, from old to new; lines without any are left out. Yanked and pre-releases
    /// count only where they are in use.
    pub cells: Vec<Cell>,
    /// The newest line that it serves.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub newest: Option<Line>,
    /// The release from which on it needs no line at all, and so fits every one.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub free_since: Option<Version>,
    /// When its latest release came out, whatever that serves; pre-releases and yanked ones too.
    #[serde(skip)]
    pub latest: Option<Timestamp>,
    /// Why its releases are not known; it then counts neither for nor against a line.
    pub problem: Option<String>,
}

/// A version in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Use {
    #[cfg_attr(test, schemars(with = "String"))]
    pub version: Version,
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub lines: Vec<Line>,
}

/// What a companion offers for one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Cell {
    #[cfg_attr(test, schemars(with = "String"))]
    pub line: Line,
    /// From old to new.
    pub releases: Vec<CellRelease>,
    /// When the first of them came out that asks for no other line at the same time.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub first_published: Option<Timestamp>,
    /// Whole days from the line's first release to that; 0 where it was there before.
    pub lag_days: Option<i64>,
}

/// A release that serves a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CellRelease {
    #[cfg_attr(test, schemars(with = "String"))]
    pub version: Version,
    /// The features of which each chooses the line; none where the release needs it in any case.
    pub features: Vec<String>,
    /// Whether one of these features is on by default.
    pub on_by_default: bool,
    /// False where its requirement admits the line, but a fresh resolve picks another one.
    pub fresh: bool,
    /// Whether its own requirements ask for several lines that exclude each other.
    pub conflicting: bool,
    /// Shown all the same since it is in use.
    pub yanked: bool,
}

impl Matrix {
    /// The row of a line.
    pub fn line(&self, line: Line) -> Option<&LineRow> {
        self.lines.iter().find(|row| row.line == line)
    }
}

impl Companion {
    /// What it offers for a line.
    pub fn cell(&self, line: Line) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.line == line)
    }

    /// Whether some release of it can be used on a line. One that asks for another line at the same
    /// time cannot.
    pub fn serves(&self, line: Line) -> bool {
        self.free_since.is_some() || self.cell(line).is_some_and(Cell::is_usable)
    }
}

impl Cell {
    /// Whether one of its releases asks for no other line at the same time.
    pub fn is_usable(&self) -> bool {
        self.releases.iter().any(|release| !release.conflicting)
    }

    /// The release to take: the newest, where possible one that asks for no other line.
    pub fn pick(&self) -> Option<&CellRelease> {
        let usable = self.releases.iter().rfind(|release| !release.conflicting);
        usable.or(self.releases.last())
    }
}
