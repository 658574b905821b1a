//! `matrix`: which release of which dependency serves which line.

use crate::matrix::{Matrix, matrix};
use crate::registry::{CargoIndex, Environment, IndexError, IndexOptions};
use crate::report::{html, human, matrix as render};
use crate::rules::Rules;
use crate::skew::in_use::in_use;
use crate::workspace::{Packages, Workspace};

use super::Exit;
use super::args::{Common, Format};
use super::load::{request, resolved, units};
use super::output::{CliError, Output, Render};
use super::progress::Progress;

/// Runs the command.
///
/// # Errors
/// Where the workspace or the registry index cannot be read, or the answer not written.
pub fn run(common: &Common, output: &Output) -> Result<Exit, CliError> {
    let printers = output.printers("matrix", renderer)?;
    output.write(&printers.print(&matrices(common, output)?))?;
    Ok(Exit::Clean)
}

/// The matrix of each family.
///
/// # Errors
/// Where the workspace or the registry index cannot be read.
pub fn matrices(common: &Common, output: &Output) -> Result<Vec<Matrix>, CliError> {
    let policy = super::policy::policy(common)?;
    let workspace = resolved(common, policy.as_ref())?;
    let packages = Packages::new(&workspace.graph);
    let request = request(common, policy.as_ref(), &workspace)?;
    let index = open_index(common, &workspace)?;
    let progress = Progress::start(output, "reading the registry index");
    let mut matrices = Vec::new();
    for (family, graph, units) in units(&workspace, &packages, Rules::shipped(), &request)? {
        let in_use = in_use(&packages, family, &graph, &units);
        let matrix = matrix(family, &in_use, &index).map_err(|error| CliError::Index {
            help: index_help(common),
            message: error.to_string(),
        })?;
        matrices.push(matrix);
    }
    progress.stop();
    for note in index.notes() {
        output.message(&format!("note: {note}"));
    }
    Ok(matrices)
}

/// How the matrices of all families are printed, one behind the other.
fn renderer(format: Format) -> Option<Render<'static, Vec<Matrix>>> {
    let render: fn(&Matrix, &human::Options) -> String = match format {
        Format::Html => return Some(Box::new(|matrices, _| html::render_matrices(matrices))),
        Format::Human => render::human::render,
        Format::Markdown => |matrix, _| render::markdown::render(matrix),
        Format::Csv => |matrix, _| render::csv::render(matrix),
        Format::Json => |matrix, _| render::json::render(matrix),
        Format::Short
        | Format::Sarif
        | Format::Github
        | Format::Gitlab
        | Format::Junit
        | Format::Dot
        | Format::Svg => return None,
    };
    Some(Box::new(move |matrices, options| {
        matrices.iter().map(|one| render(one, options)).collect()
    }))
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
    index(workspace, common.offline || common.frozen).map_err(|error| CliError::Index {
        message: error.to_string(),
        help: "`cargo config get` shows what cargo reads",
    })
}

/// The registry index as cargo has it in its cache; none where its configuration cannot be read.
pub fn cached_index(workspace: &Workspace) -> Option<CargoIndex> {
    index(workspace, true).ok()
}

fn index(workspace: &Workspace, offline: bool) -> Result<CargoIndex, IndexError> {
    let options = IndexOptions {
        offline,
        ..IndexOptions::default()
    };
    let folder = workspace.root.as_std_path();
    CargoIndex::open(folder, Environment::of_process(), options)
}
