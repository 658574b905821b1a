//! Judges what is linked: lines, artifacts, liveness, evidence, findings. Pure functions of the
//! workspace, the rules and the sources; nothing here prints, or asks the network.

pub mod artifact;
pub mod family;
pub mod line;
pub mod rows;

pub use line::Line;

use guppy::platform::Platform;

use crate::report::{Basis, Liveness, Report, SCHEMA_VERSION, Summary, Tool};
use crate::rules::Rules;
use crate::workspace::build::Target;
use crate::workspace::{Completeness, Features, Packages, Selection, Workspace, WorkspaceError};

/// Which builds to judge.
#[derive(Debug, Clone)]
pub struct Request {
    /// None for every member alone, and all together.
    pub selection: Option<Selection>,
    pub features: Features,
    pub targets: Vec<Target>,
}

/// The platform this program was built for, where rustc was not asked.
///
/// # Errors
/// Where that platform is unknown to the tables in use.
pub fn this_platform() -> Result<Platform, WorkspaceError> {
    Platform::build_target().map_err(|error| WorkspaceError::UnknownTarget {
        triple: "the host".into(),
        message: error.to_string(),
    })
}

/// Judges a workspace.
///
/// # Errors
/// Where the request names what the workspace has not.
pub fn analyse(
    workspace: &Workspace,
    rules: &Rules,
    request: &Request,
) -> Result<Report, WorkspaceError> {
    let packages = Packages::new(&workspace.graph);
    let mut artifacts = Vec::new();
    for family in &rules.families {
        let graph = family::FamilyGraph::new(family, &packages);
        let plan = artifact::BuildPlan {
            builds: artifact::builds(
                &packages,
                &graph,
                request.selection.as_ref(),
                &request.features,
                &request.targets,
            ),
            resolver: workspace.resolver,
        };
        let units = artifact::link_units(&packages, &graph, &plan)?;
        for unit in &units {
            artifacts.extend(rows::rows(&packages, &graph, unit, |_, _| {
                Liveness::Unknown
            }));
        }
    }
    let basis = match &workspace.completeness {
        Completeness::Full => Basis::Graph,
        Completeness::Partial { .. } => Basis::PartialGraph,
    };
    Ok(Report {
        schema_version: SCHEMA_VERSION,
        tool: Tool {
            name: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
        },
        basis,
        notes: Vec::new(),
        summary: Summary::default(),
        artifacts: rows::merge(artifacts),
        findings: Vec::new(),
        texts: Default::default(),
    })
}
