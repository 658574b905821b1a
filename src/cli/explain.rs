//! `explain CODE|PACKAGE`: the page of a finding, or why a package is there.

use serde_json::json;

use crate::explain::{Explanation, View, explanation, named, near};
use crate::matrix::{Matrix, matrix};
use crate::registry::Index;
use crate::report::explain as render;
use crate::rules::{Family, Rules};
use crate::skew::findings::{LINTS, Lint, lint};
use crate::skew::in_use::in_use;
use crate::skew::{self, Request};
use crate::sources::Sources;
use crate::workspace::cargo::find_manifest;
use crate::workspace::load::Loaded;
use crate::workspace::members::workspace_root;
use crate::workspace::{Completeness, Lock, Packages, Workspace};

use super::Exit;
use super::args::{Common, Format};
use super::load::{request, unresolved, whole};
use super::matrix::open_index;
use super::output::{CliError, Output, Render};
use super::progress::Progress;

/// Runs the command.
///
/// # Errors
/// Where there is neither such a code nor such a package, or the workspace cannot be read.
pub fn run(common: &Common, name: &str, output: &Output) -> Result<Exit, CliError> {
    // Whether they can be asked for is told before any work is done.
    let of_pages = output.printers("explain", page)?;
    let of_packages = output.printers("explain", renderer)?;
    if let Some(lint) = lint(name) {
        output.write(&of_pages.print(lint))?;
        twin(common, name, output);
        return Ok(Exit::Clean);
    }
    let explanation = package(common, name, output)?;
    output.write(&of_packages.print(&explanation))?;
    Ok(Exit::Clean)
}

fn page(format: Format) -> Option<Render<'static, Lint>> {
    if format == Format::Human {
        return Some(Box::new(|lint, _| lint.shown()));
    }
    let as_json: Render<'static, Lint> = Box::new(|lint, _| {
        let value = json!({
            "code": lint.code,
            "level": lint.level,
            "title": lint.title,
            "page": lint.shown(),
        });
        format!("{value:#}\n")
    });
    (format == Format::Json).then_some(as_json)
}

fn renderer(format: Format) -> Option<Render<'static, Explanation>> {
    if format == Format::Human {
        return Some(Box::new(render::as_human));
    }
    let as_json: Render<'static, Explanation> =
        Box::new(|explanation, _| render::as_json(explanation));
    (format == Format::Json).then_some(as_json)
}

/// Says where a package is called as the code is.
fn twin(common: &Common, name: &str, output: &Output) {
    let lock = find_manifest(common.manifest_path.as_deref())
        .ok()
        .and_then(|manifest| Lock::read(&workspace_root(&manifest).join("Cargo.lock")).ok());
    let found = lock.iter().flat_map(|lock| lock.named(name)).next();
    if let Some(package) = found {
        let spec = format!("{name}@{}", package.version);
        output.message(&format!(
            "a package of this workspace is called so too: `cargo otel-check explain {spec}`"
        ));
    }
}

fn package(common: &Common, name: &str, output: &Output) -> Result<Explanation, CliError> {
    let workspace = match find_manifest(common.manifest_path.as_deref()) {
        Err(_) if common.manifest_path.is_none() && common.metadata_path.is_none() => {
            return Err(unknown(
                name,
                "and there is no workspace here to look for a package",
                &[],
            ));
        }
        Ok(_) | Err(_) => match whole(common)? {
            Loaded::Resolved(workspace) => workspace,
            Loaded::Unresolvable(failure) => return Err(unresolved(&failure)),
        },
    };
    let packages = Packages::new(&workspace.graph);
    let numbers = named(&packages, name);
    if numbers.is_empty() {
        let names: Vec<&str> = packages.iter().map(|(_, package)| package.name()).collect();
        return Err(unknown(
            name,
            "nor a package of this workspace's graph",
            &names,
        ));
    }
    let progress = Progress::start(output, "judging the workspace");
    let policy = super::policy::policy(common)?;
    let request = request(common, policy.as_ref(), &workspace)?;
    let mut explanation = explanation(name);
    if let Completeness::Partial { reason } = &workspace.completeness {
        explanation.notes.push(format!("partial: {reason}"));
    }
    explained(
        common,
        &workspace,
        &packages,
        &request,
        &numbers,
        &mut explanation,
    )?;
    progress.stop();
    Ok(explanation)
}

/// What each family has to say; one of them where it concerns none.
fn explained(
    common: &Common,
    workspace: &Workspace,
    packages: &Packages<'_>,
    request: &Request,
    numbers: &[usize],
    explanation: &mut Explanation,
) -> Result<(), CliError> {
    let rules = Rules::shipped();
    let sources = Sources::new(packages, &workspace.links);
    let cached = super::matrix::cached_index(workspace);
    let cached = cached.as_ref().map(|index| index as &dyn Index);
    let report = skew::analyse(workspace, packages, rules, request, &sources, cached)?;
    let families = super::load::units(workspace, packages, rules, request)?;
    let mut matrices: Vec<Option<Result<Matrix, String>>> = vec![None; families.len()];
    for &number in numbers {
        let mut told = false;
        for (at, (family, graph, units)) in families.iter().enumerate() {
            let mut view = View {
                workspace,
                packages,
                family,
                graph,
                units,
                report: &report,
                matrix: Err(""),
            };
            let concerned = view.concerns(number);
            if !concerned && (told || at + 1 < families.len()) {
                continue;
            }
            told = true;
            if view.asks_for_releases(number) {
                let found = matrices[at].get_or_insert_with(|| {
                    let in_use = in_use(packages, family, graph, units);
                    releases(common, workspace, family, &in_use)
                });
                view.matrix = found.as_ref().map_err(|why| why.as_str());
            }
            explanation.packages.push(view.explain(number));
        }
    }
    Ok(())
}

/// Which release serves which line. Without it the rest can be said all the same.
fn releases(
    common: &Common,
    workspace: &Workspace,
    family: &Family,
    in_use: &[crate::matrix::InUse],
) -> Result<Matrix, String> {
    let index = open_index(common, workspace).map_err(|error| error.to_string())?;
    matrix(family, in_use, &index).map_err(|error| error.to_string())
}

/// What there is not, with the names that may be meant.
fn unknown(name: &str, where_looked: &str, packages: &[&str]) -> CliError {
    let codes = LINTS.iter().map(|lint| lint.code);
    let wanted = name.split('@').next().unwrap_or(name);
    let near = near(wanted, codes.chain(packages.iter().copied()));
    let help = match near.as_slice() {
        [] => {
            let codes: Vec<&str> = LINTS.iter().map(|lint| lint.code).collect();
            format!("the codes are {}", codes.join(", "))
        }
        near => {
            let near: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
            format!("did you mean {}?", near.join(" or "))
        }
    };
    CliError::Usage {
        message: format!("there is no finding code `{name}`, {where_looked}"),
        help: crate::report::escape::terminal(&help).into_owned(),
    }
}
