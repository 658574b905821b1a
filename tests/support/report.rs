//! The part of the JSON report that the tests read. Written down apart from the program's own
//! types, so that a change of the shape shows.

use std::collections::BTreeSet;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct Report {
    pub schema_version: u32,
    pub basis: String,
    #[serde(default)]
    pub notes: Vec<String>,
    pub artifacts: Vec<Artifact>,
    pub findings: Vec<Finding>,
}

#[derive(Debug, Deserialize)]
pub struct Artifact {
    pub package: String,
    pub package_id: String,
    pub name: String,
    pub kind: String,
    pub class: String,
    pub builds: BTreeSet<String>,
    pub target: String,
    #[serde(default)]
    pub missing_features: Vec<String>,
    pub lines: Vec<Line>,
}

impl Artifact {
    /// `PACKAGE/KIND/NAME`.
    pub fn id(&self) -> String {
        format!("{}/{}/{}", self.package, self.kind, self.name)
    }

    pub fn lines(&self) -> BTreeSet<&str> {
        self.lines.iter().map(|line| line.line.as_str()).collect()
    }
}

#[derive(Debug, Deserialize)]
pub struct Line {
    pub line: String,
    pub copies: BTreeSet<String>,
    pub sdk: BTreeSet<String>,
    pub exporters: BTreeSet<String>,
    pub bridges: BTreeSet<String>,
    pub introducers: BTreeSet<String>,
    pub dependents: BTreeSet<String>,
    pub live: String,
}

#[derive(Debug, Deserialize)]
pub struct Finding {
    pub code: String,
    pub level: String,
    pub verdict: Option<Verdict>,
    pub artifact: Option<String>,
    #[serde(default)]
    pub builds: BTreeSet<String>,
    pub line: Option<String>,
    pub introducer: Option<String>,
    /// The crate of which there are two.
    pub singleton: Option<String>,
    pub path: Vec<Step>,
    pub culprit: Option<Place>,
    pub evidence: Vec<Evidence>,
}

#[derive(Debug, Deserialize)]
pub struct Step {
    pub package: String,
}

#[derive(Debug, Deserialize)]
pub struct Place {
    pub file: String,
    pub line: Option<usize>,
    pub column: Option<usize>,
}

#[derive(Debug, Deserialize)]
pub struct Evidence {
    pub kind: Option<String>,
    pub package: Option<String>,
    pub file: Option<String>,
    pub line: Option<usize>,
    pub column: Option<usize>,
    pub text: String,
}

/// In the order of weight, the heaviest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Benign,
    Confined,
    Latent,
    Unknown,
    TypeClash,
    Split,
    Lost,
    Unresolvable,
}

impl Verdict {
    /// Whether the verdict says that something is wrong in a build as it is.
    pub fn is_skew(self) -> bool {
        match self {
            Self::TypeClash | Self::Split | Self::Lost => true,
            Self::Benign | Self::Confined | Self::Latent | Self::Unknown | Self::Unresolvable => {
                false
            }
        }
    }
}

impl Report {
    /// The heaviest verdict among the findings.
    pub fn worst(&self) -> Option<Verdict> {
        self.findings.iter().filter_map(|f| f.verdict).max()
    }

    /// The rows of an artifact in one build.
    pub fn rows(&self, id: &str, build: &str) -> Vec<&Artifact> {
        let rows = self.artifacts.iter();
        rows.filter(|row| row.id() == id && row.builds.contains(build))
            .collect()
    }
}
