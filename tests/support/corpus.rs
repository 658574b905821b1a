//! The stored real workspaces: their metadata, and the truth about them.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use semver::Version;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{ANCHORS, line};

/// One case.
pub struct Case {
    pub metadata_path: Utf8PathBuf,
    pub graph: Graph,
    pub truth: Truth,
}

impl Case {
    pub fn read(corpus: &Utf8Path, name: &str) -> Self {
        let file = |folder: &str| corpus.join(folder).join(format!("{name}.json"));
        let metadata_path = file("metadata");
        Self {
            graph: Graph::new(read(&metadata_path)),
            metadata_path,
            truth: read(&file("truth")),
        }
    }
}

fn read<T: DeserializeOwned>(path: &Utf8Path) -> T {
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The truth, made with `cargo tree` and by reading the code. Fields that no test reads are left out.
#[derive(Debug, Deserialize)]
pub struct Truth {
    pub skewed_bins: BTreeSet<String>,
    pub clean_bins: BTreeSet<String>,
    pub no_otel_bins: BTreeSet<String>,
    pub dev_only_lines: BTreeSet<String>,
    pub build_only_lines: BTreeSet<String>,
    pub feature_gated_lines: BTreeSet<String>,
    pub workspace_views: Views,
    /// Packages with a `bin`, `cdylib` or `staticlib`.
    pub members: Vec<Member>,
    /// Other packages that link a line.
    pub lib_only_members: Vec<Library>,
}

/// Lines of the workspace as a whole, on x86_64 Linux.
#[derive(Debug, Deserialize)]
pub struct Views {
    pub normal_default_linux: BTreeSet<String>,
    pub normal_incl_procmacro_linux: BTreeSet<String>,
    pub normal_build_linux: BTreeSet<String>,
    pub all_edges_linux: BTreeSet<String>,
    pub normal_allfeatures_linux: BTreeSet<String>,
    pub all_edges_allfeatures_alltargets: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
pub struct Member {
    pub name: String,
    pub bins: BTreeSet<String>,
    #[serde(default)]
    pub cdylib_or_staticlib: BTreeSet<String>,
    /// Required features by binary.
    #[serde(default)]
    pub bin_required_features: BTreeMap<String, Vec<String>>,
    pub lines: Vec<Line>,
    pub lines_default: BTreeSet<String>,
    pub lines_all_features: BTreeSet<String>,
    #[serde(default)]
    pub lines_variants: Vec<Variant>,
}

/// One line in one package. In a variant some fields are not known.
#[derive(Debug, Deserialize)]
pub struct Line {
    pub line: String,
    /// All copies of the anchors, joined by commas.
    pub api_version: String,
    pub sdk: bool,
    pub sdk_packages: Option<BTreeSet<String>>,
    pub exporters: BTreeSet<String>,
    pub bridges: BTreeSet<String>,
    pub direct_dependents: Option<BTreeSet<String>>,
    pub introducers: BTreeSet<String>,
}

impl Line {
    pub fn copies(&self) -> BTreeSet<String> {
        self.api_version.split(',').map(str::to_owned).collect()
    }

    /// The SDK's packages; the API's where it held the SDK itself, up to line 0.17.
    pub fn sdk(&self) -> Option<BTreeSet<String>> {
        let packages = self.sdk_packages.as_ref()?;
        let embedded = packages.iter().any(|text| text.starts_with("embedded"));
        Some(if embedded {
            self.copies()
        } else {
            packages.clone()
        })
    }
}

/// A set of features found where the project is shipped.
#[derive(Debug, Deserialize)]
pub struct Variant {
    pub args: Vec<String>,
    pub lines: BTreeSet<String>,
    pub detail: Vec<Line>,
}

#[derive(Debug, Deserialize)]
pub struct Library {
    pub name: String,
    pub lines: BTreeSet<String>,
}

#[derive(Deserialize)]
struct RawMetadata {
    packages: Vec<RawPackage>,
    workspace_members: BTreeSet<String>,
    resolve: RawResolve,
}

#[derive(Deserialize)]
struct RawPackage {
    id: String,
    name: String,
    version: Version,
    dependencies: Vec<RawDependency>,
}

#[derive(Deserialize)]
struct RawDependency {
    name: String,
    req: semver::VersionReq,
    optional: bool,
}

#[derive(Deserialize)]
struct RawResolve {
    nodes: Vec<RawNode>,
}

#[derive(Deserialize)]
struct RawNode {
    id: String,
    dependencies: BTreeSet<String>,
}

/// What of the stored metadata the tests need. It was made with default features, hence lacks what
/// only other features bring in.
pub struct Graph {
    /// `NAME@VERSION` of every package.
    pub labels: BTreeSet<String>,
    /// Names of the members.
    pub members: BTreeSet<String>,
    /// Lines of the anchors in it.
    pub lines: BTreeSet<String>,
    /// Dependent and dependency, as labels.
    pub edges: BTreeSet<(String, String)>,
    /// Whether an optional dependency of a member is not resolved.
    pub is_partial: bool,
    /// Lines that unresolved optional requirements of members on an anchor ask for.
    pub asked_for: BTreeSet<String>,
}

impl Graph {
    fn new(raw: RawMetadata) -> Self {
        let label = |package: &RawPackage| format!("{}@{}", package.name, package.version);
        let labels: BTreeMap<&str, String> = raw
            .packages
            .iter()
            .map(|p| (p.id.as_str(), label(p)))
            .collect();
        let names: BTreeMap<&str, &str> = raw
            .packages
            .iter()
            .map(|p| (p.id.as_str(), p.name.as_str()))
            .collect();
        let mut edges = BTreeSet::new();
        let mut resolved = BTreeSet::new();
        for node in &raw.resolve.nodes {
            for to in &node.dependencies {
                edges.insert((
                    labels[node.id.as_str()].clone(),
                    labels[to.as_str()].clone(),
                ));
                resolved.insert((node.id.as_str(), names[to.as_str()]));
            }
        }
        let members = raw.packages.iter();
        let members: Vec<_> = members
            .filter(|p| raw.workspace_members.contains(&p.id))
            .collect();
        let mut is_partial = false;
        let mut asked_for = BTreeSet::new();
        for member in &members {
            for dependency in member.dependencies.iter().filter(|d| d.optional) {
                if !resolved.contains(&(member.id.as_str(), dependency.name.as_str())) {
                    is_partial = true;
                    if ANCHORS.contains(&dependency.name.as_str()) {
                        asked_for.insert(asked_line(&dependency.req));
                    }
                }
            }
        }
        let anchors = raw
            .packages
            .iter()
            .filter(|p| ANCHORS.contains(&p.name.as_str()));
        Self {
            lines: anchors.map(|p| line(&p.version)).collect(),
            members: members.iter().map(|p| p.name.clone()).collect(),
            labels: labels.into_values().collect(),
            edges,
            is_partial,
            asked_for,
        }
    }
}

/// The line of the lowest version that a caret requirement admits.
fn asked_line(requirement: &semver::VersionReq) -> String {
    let first = &requirement.comparators[0];
    let (minor, patch) = (first.minor.unwrap_or(0), first.patch.unwrap_or(0));
    line(&Version::new(first.major, minor, patch))
}
