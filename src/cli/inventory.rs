//! `inventory`: every package of the family, who asks for it and where.

use crate::inventory;
use crate::report::inventory as render;
use crate::rules::Rules;
use crate::workspace::Packages;

use super::Exit;
use super::args::{Common, Format};
use super::load::{request, resolved, units};
use super::output::{CliError, Output, Render};

/// Runs the command.
///
/// # Errors
/// Where the workspace cannot be read or the answer not written.
pub fn run(common: &Common, output: &Output) -> Result<Exit, CliError> {
    let printers = output.printers("inventory", renderer)?;
    let policy = super::policy::policy(common)?;
    let workspace = resolved(common, policy.as_ref())?;
    let packages = Packages::new(&workspace.graph);
    let request = request(common, policy.as_ref(), &workspace)?;
    let mut rows = Vec::new();
    for (family, graph, units) in units(&workspace, &packages, Rules::shipped(), &request)? {
        rows.extend(inventory::rows(
            &workspace, &packages, family, &graph, &units,
        ));
    }
    output.write(&printers.print(&rows))?;
    Ok(Exit::Clean)
}

fn renderer(format: Format) -> Option<Render<'static, [inventory::Row]>> {
    let render: fn(&[inventory::Row]) -> String = match format {
        Format::Human => render::as_human,
        Format::Json => render::as_json,
        Format::Csv => render::as_csv,
        Format::Short
        | Format::Sarif
        | Format::Github
        | Format::Gitlab
        | Format::Junit
        | Format::Markdown
        | Format::Html
        | Format::Dot
        | Format::Svg => return None,
    };
    Some(Box::new(move |rows, _| render(rows)))
}
