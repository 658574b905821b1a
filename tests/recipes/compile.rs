//! Runs the compiler over the generated workspace.

use std::collections::BTreeSet;

use camino::Utf8Path;
use serde::Deserialize;

use crate::support::cargo::{cargo, fetch, is_network_failure, stderr};

use super::workspace::Workspace;

#[derive(Deserialize)]
struct Message {
    reason: String,
    message: Option<Diagnostic>,
    target: Option<Target>,
}

#[derive(Deserialize)]
struct Target {
    src_path: String,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    rendered: Option<String>,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    is_primary: bool,
    expansion: Option<Expansion>,
}

#[derive(Deserialize)]
struct Expansion {
    span: Box<Span>,
}

impl Span {
    /// Where the macro is called, if what is at fault stands in one of another crate.
    fn outermost(&self) -> &Span {
        match &self.expansion {
            Some(expansion) => expansion.span.outermost(),
            None => self,
        }
    }
}

/// An error of the compiler.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    /// The recipe's id; none for an error outside of the snippets.
    pub id: Option<&'static str>,
    /// The error with recipe, line and the place in the file of recipes.
    pub text: String,
}

/// What does not compile.
///
/// # Errors
/// The reason to skip, where packages are not to be had.
pub fn failures(workspace: &Workspace<'_>) -> Result<Vec<Failure>, String> {
    lock(&workspace.root)?;
    fetch(&workspace.root)?;
    let mut command = cargo(&workspace.root);
    let arguments = ["--workspace", "--keep-going", "--message-format=json"];
    command
        .arg("check")
        .args(arguments)
        .args(["--locked", "--offline"])
        .env(
            "CARGO_TARGET_DIR",
            workspace.root.with_file_name("recipes-target"),
        )
        .env_remove("RUSTFLAGS");
    let output = command.output().unwrap();
    let mut failures = BTreeSet::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Message>(line) else {
            continue;
        };
        if message.reason == "compiler-message" {
            failures.extend(failure(workspace, &message));
        }
    }
    assert!(
        output.status.success() || !failures.is_empty(),
        "{}",
        stderr(&output)
    );
    Ok(failures.into_iter().collect())
}

/// Makes a lock where there is none that fits.
fn lock(root: &Utf8Path) -> Result<(), String> {
    let output = cargo(root)
        .args(["metadata", "--format-version=1"])
        .output()
        .unwrap();
    let message = stderr(&output);
    if output.status.success() {
        return Ok(());
    }
    assert!(is_network_failure(&message), "in {root}:\n{message}");
    Err(format!(
        "the packages that snippets need are not to be had: {message}"
    ))
}

fn failure(workspace: &Workspace<'_>, message: &Message) -> Option<Failure> {
    let outside = |text: String| Failure { id: None, text };
    let diagnostic = message.message.as_ref()?;
    if !diagnostic.level.starts_with("error") {
        return None;
    }
    let rendered = diagnostic.rendered.as_deref().unwrap_or_default();
    let primary = diagnostic.spans.iter().find(|span| span.is_primary);
    let Some(span) = primary.map(Span::outermost) else {
        // "aborting due to …"
        let unnamed = rendered.contains("aborting") || rendered.contains("could not compile");
        return (!unnamed).then(|| outside(rendered.to_owned()));
    };
    let member = Utf8Path::new(&message.target.as_ref()?.src_path).strip_prefix(&workspace.root);
    let Some(package) = member.ok().and_then(|path| path.components().next()) else {
        return Some(outside(format!("outside of the snippets: {rendered}")));
    };
    let module = Utf8Path::new(&span.file_name)
        .file_stem()
        .unwrap_or_default();
    let key = (package.to_string(), module.to_owned());
    let Some(trial) = workspace.trials.get(&key) else {
        return Some(outside(rendered.to_owned()));
    };
    let line = trial.snippet().line + span.line_start - 1;
    let file = &trial.recipe.written.file;
    let what = format!("{}, {:?} on {}", trial.recipe.id, trial.side, trial.line);
    Some(Failure {
        id: Some(&trial.recipe.id),
        text: format!("{file}:{line}: {what}:\n{rendered}"),
    })
}
