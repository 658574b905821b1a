//! The compatibility matrix: which release of which dependency serves which line of a family.
//!
//! A pure value of the family's rules, the crates in use and the releases that an index knows. It
//! names no crate; what is an anchor or a member of the family stands in the rules.

mod anchors;
mod companion;
mod model;
mod needs;
mod reach;
pub mod selection;
mod summary;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use semver::Version;

use crate::registry::{Index, IndexError, RegistryId};
use crate::report::Tool;
use crate::rules::Family;
use crate::skew::Line;

use anchors::Anchors;
use needs::Needs;
use reach::Reach;

pub use model::{
    Cap, Cell, CellRelease, Companion, LineRow, MATRIX_SCHEMA_VERSION, Matrix, Use, WorkspaceRow,
};

/// A package of the workspace's graph that belongs to the family or links it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InUse {
    pub name: String,
    pub version: Version,
    /// Cargo's id of it.
    pub package_id: String,
    /// None for a package from git or a path, of which no registry lists releases.
    pub registry: Option<RegistryId>,
    /// The lines that it links in the graph.
    pub lines: BTreeSet<Line>,
    /// The features it is built with.
    pub features: BTreeSet<String>,
}

/// The matrix for the crates in use.
///
/// # Errors
/// Where the index fails. A crate that is simply not there is no failure: the matrix says so.
pub fn matrix(family: &Family, in_use: &[InUse], index: &dyn Index) -> Result<Matrix, IndexError> {
    let reach = Reach::new(family, in_use);
    reach.prefetch(index);
    let anchors = Anchors::new(family, in_use, index)?;
    let needs = Needs::new(&reach, &anchors, index);
    let mut companions = Vec::new();
    for (name, registry) in companions_in_use(family, in_use) {
        let registry = registry.as_ref();
        let found = companion::companion(&name, registry, in_use, &anchors, &needs, index)?;
        // What has never needed a line has nothing to do with them.
        if found.problem.is_some() || !found.cells.is_empty() || found.free_since.is_none() {
            companions.push(found);
        }
    }
    let (lines, newest_common, caps) = summary::summary(&anchors, &companions);
    Ok(Matrix {
        schema_version: MATRIX_SCHEMA_VERSION,
        tool: Tool {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        family: family.title.clone(),
        notes: anchors.problems().to_vec(),
        lines,
        newest_common,
        caps,
        workspace: workspace(in_use),
        companions,
    })
}

/// Each crate in use once for each registry it comes from, anchors left out.
fn companions_in_use(family: &Family, in_use: &[InUse]) -> BTreeSet<(String, Option<RegistryId>)> {
    in_use
        .iter()
        .filter(|package| !family.is_anchor(&package.name))
        .map(|package| (package.name.clone(), package.registry.clone()))
        .collect()
}

fn workspace(in_use: &[InUse]) -> Vec<WorkspaceRow> {
    let by_package: BTreeMap<_, _> = in_use
        .iter()
        .map(|package| {
            let key = (&package.name, &package.version, &package.package_id);
            (key, package)
        })
        .collect();
    by_package
        .into_values()
        .map(|package| WorkspaceRow {
            name: package.name.clone(),
            version: package.version.clone(),
            package_id: package.package_id.clone(),
            lines: package.lines.iter().copied().collect(),
        })
        .collect()
}
