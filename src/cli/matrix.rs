//! `matrix`: which release of which dependency serves which line.

use std::collections::BTreeSet;

use crate::matrix::{InUse, Matrix, matrix};
use crate::registry::{CargoIndex, Environment, IndexOptions, RegistryId};
use crate::report::matrix as render;
use crate::rules::{Family, Rules};
use crate::skew::artifact::LinkUnit;
use crate::skew::family::FamilyGraph;
use crate::skew::liveness::copies_of;
use crate::workspace::{Packages, Workspace};

use super::Exit;
use super::args::{Common, Format};
use super::load::{request, resolved, units};
use super::output::{CliError, Output};
use super::progress::Progress;

/// Runs the command.
///
/// # Errors
/// Where the workspace or the registry index cannot be read, or the answer not written.
pub fn run(common: &Common, output: &Output) -> Result<Exit, CliError> {
    let workspace = resolved(common)?;
    let packages = Packages::new(&workspace.graph);
    let request = request(common, &workspace)?;
    let index = open_index(common, &workspace)?;
    let progress = Progress::start(output, "reading the registry index");
    let mut text = String::new();
    for (family, graph, units) in units(&workspace, &packages, Rules::shipped(), &request)? {
        let in_use = in_use(&packages, family, &graph, &units);
        let matrix = matrix(family, &in_use, &index).map_err(|error| CliError::Index {
            help: index_help(common),
            message: error.to_string(),
        })?;
        text.push_str(&show(&matrix, common, output));
    }
    progress.stop();
    for note in index.notes() {
        output.message(&format!("note: {note}"));
    }
    output.answer(&text)?;
    Ok(Exit::Clean)
}

fn show(matrix: &Matrix, common: &Common, output: &Output) -> String {
    match common.format {
        Format::Human => render::human::render(matrix, &output.human()),
        Format::Markdown => render::markdown::render(matrix),
        Format::Csv => render::csv::render(matrix),
        Format::Json => render::json::render(matrix),
    }
}

fn index_help(common: &Common) -> &'static str {
    if common.offline || common.frozen {
        "without `--offline` it is asked for"
    } else {
        "`cargo otel-check matrix --offline` uses what cargo has in its cache"
    }
}

/// The registry index as cargo would use it here.
///
/// # Errors
/// Where cargo's configuration cannot be read.
pub fn open_index(common: &Common, workspace: &Workspace) -> Result<CargoIndex, CliError> {
    let options = IndexOptions {
        offline: common.offline || common.frozen,
        ..IndexOptions::default()
    };
    let folder = workspace.root.as_std_path();
    CargoIndex::open(folder, Environment::of_process(), options).map_err(|error| CliError::Index {
        message: error.to_string(),
        help: "`cargo config get` shows what cargo reads",
    })
}

/// Packages of the graph that are of the family, or link a line of it.
fn in_use(
    packages: &Packages<'_>,
    family: &Family,
    graph: &FamilyGraph<'_>,
    units: &[LinkUnit<'_>],
) -> Vec<InUse> {
    let mut found = Vec::new();
    for (number, package) in packages.iter() {
        if package.in_workspace() || !graph.is_concerned(number) && !family.knows(package.name()) {
            continue;
        }
        let mut lines = BTreeSet::new();
        let mut features = BTreeSet::new();
        for unit in units.iter().filter(|unit| unit.closure.contains(number)) {
            features.extend(unit.links.features(package.id()));
            for copy in copies_of(unit, number) {
                lines.insert(unit.linked.copies[copy].line);
            }
        }
        if lines.is_empty() && !family.knows(package.name()) {
            continue;
        }
        found.push(InUse {
            name: package.name().to_owned(),
            version: package.version().clone(),
            package_id: package.id().to_string(),
            registry: package
                .source()
                .external_source()
                .and_then(RegistryId::from_source),
            lines,
            features,
        });
    }
    found
}
