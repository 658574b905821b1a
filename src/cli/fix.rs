//! `fix`: applies a proven plan.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Write};

use camino::{Utf8Path, Utf8PathBuf};

use crate::plan::compose::{Part, Planned, Planner};
use crate::plan::diff::unified;
use crate::plan::model::{OptionId, Outcome};
use crate::plan::write::clean::{Vcs, dirty};
use crate::plan::write::{Committed, Recovered, Transaction, WriteError};
use crate::report::plain::terminal_lines;
use crate::rules::Rules;
use crate::workspace::cargo::{Cargo, find_manifest};
use crate::workspace::members::workspace_root;

use super::Exit;
use super::args::{Choice, Common, Fix, Format};
use super::output::{CliError, Output};
use super::planned::{chosen, planned, told};
use super::progress::Progress;

/// New texts of manifests, and the lock that goes with them.
type Change = (BTreeMap<Utf8PathBuf, String>, Option<String>);

/// Runs the command.
///
/// # Errors
/// Where the plan cannot be worked out, or the files not be written; then none of them has changed.
pub fn run(common: &Common, fix: &Fix, output: &Output) -> Result<Exit, CliError> {
    output.chosen("fix", |format| (format == Format::Human).then_some(()))?;
    recovered(common, output)?;
    let mut exit = Exit::Clean;
    for family in &Rules::shipped().families {
        let progress = Progress::start(output, "planning, and having cargo prove it");
        let one = planned(
            common,
            &fix.aim,
            fix.option.is_some(),
            family,
            |planner, plans| {
                progress.stop();
                let because = plans.report.because.clone();
                let asked = fix.option.map(|choice| match choice {
                    Choice::A => OptionId::A,
                    Choice::B => OptionId::B,
                    Choice::C => OptionId::C,
                });
                match (chosen(plans, asked), asked) {
                    // What switches something off is nobody's default.
                    (Some(plan), None) if plan.option.id == OptionId::B => {
                        output.message("only option B is proven, which switches something off:");
                        for lost in &plan.option.loses {
                            output.message(&terminal_lines(&format!("  {lost}")));
                        }
                        output.message("`cargo otel-check fix --option B` applies it");
                        Ok(Exit::Findings)
                    }
                    (Some(plan), _) => applied(common, fix, output, planner, &plan),
                    (None, Some(id)) => {
                        output.message(&format!("there is no option {id:?}"));
                        output.message("`cargo otel-check plan --options` shows which there are");
                        Ok(Exit::Findings)
                    }
                    (None, None) => {
                        output.message(&terminal_lines(&format!("no plan is proven: {because}")));
                        output.message("`cargo otel-check plan --options` shows what was tried");
                        Ok(Exit::Findings)
                    }
                }
            },
        )?;
        if one != Exit::Clean {
            exit = one;
        }
    }
    Ok(exit)
}

/// Finishes or takes back what an earlier run was stopped in.
fn recovered(common: &Common, output: &Output) -> Result<(), CliError> {
    let manifest = find_manifest(common.manifest_path.as_deref())?;
    let root = workspace_root(&manifest);
    match Transaction::recover(&root).map_err(unwritten)? {
        Recovered::Nothing => {}
        Recovered::KeptOld => {
            output.message("an earlier run was stopped before it changed anything: taken back");
        }
        Recovered::FinishedNew => {
            output.message("an earlier run was stopped while it wrote: finished");
        }
    }
    Ok(())
}

fn unwritten(error: WriteError) -> CliError {
    CliError::Other {
        help: error.help().unwrap_or("nothing was changed").to_owned(),
        message: error.to_string(),
    }
}

fn applied(
    common: &Common,
    fix: &Fix,
    output: &Output,
    planner: &Planner<'_>,
    plan: &Planned,
) -> Result<Exit, CliError> {
    match &plan.option.outcome {
        Outcome::Proven { .. } => {}
        Outcome::NothingToDo => {
            output.answer("nothing to do: the workspace is as the plan has it\n")?;
            return Ok(Exit::Clean);
        }
        Outcome::Unproven { because } | Outcome::None { because } => {
            let text = format!("option {:?} is not proven: {because}", plan.option.id);
            output.message(&terminal_lines(&text));
            return Ok(Exit::Findings);
        }
    }
    let Some((changed, lock)) = selected(fix, output, planner, plan)? else {
        output.answer("nothing was chosen, so nothing was changed\n")?;
        return Ok(Exit::Clean);
    };
    let root = planner.prover.shadow.root().to_owned();
    let diff = diff(planner, &root, &changed, lock.as_deref());
    if fix.dry_run {
        // Whoever pipes it wants a patch; on a terminal no text of a manifest gets through as it is.
        output.answer(&match output.width() {
            Some(_) => crate::report::plan::human::diff(&diff, &output.human()),
            None => diff,
        })?;
        return Ok(Exit::Clean);
    }
    if !fix.allow_dirty {
        refuse_dirty(&root, &changed, output)?;
    }
    let written = written(planner, &root, &changed, lock)?;
    verified(common, written)?;
    let mut text = String::from("changed:\n");
    for path in changed.keys() {
        text.push_str(&format!("  {}\n", terminal_lines(&shown(&root, path))));
    }
    for left in &plan.option.remains {
        text.push_str(&terminal_lines(&format!("left to do by hand: {left}")));
        text.push('\n');
    }
    text.push_str(
        "next: `cargo otel-check` says whether it is clean, `cargo check` whether it compiles\n",
    );
    output.answer(&text)?;
    Ok(Exit::Clean)
}

/// The whole plan, or what `--only` and the user's answers leave of it; none where that is nothing.
fn selected(
    fix: &Fix,
    output: &Output,
    planner: &Planner<'_>,
    plan: &Planned,
) -> Result<Option<Change>, CliError> {
    let packages: BTreeSet<&str> = plan
        .parts
        .iter()
        .map(|part| part.package.as_str())
        .collect();
    if let Some(unknown) = fix
        .only
        .iter()
        .find(|name| !packages.contains(name.as_str()))
    {
        let known: Vec<&str> = packages.into_iter().collect();
        return Err(CliError::Usage {
            message: format!("the plan does nothing to `{unknown}`"),
            help: format!("it changes {}", known.join(", ")),
        });
    }
    if fix.only.is_empty() && !fix.interactive {
        return Ok(Some((plan.changed.clone(), plan.lock.clone())));
    }
    let mut parts: Vec<&Part> = plan.parts.iter().collect();
    parts.retain(|part| fix.only.is_empty() || fix.only.contains(&part.package));
    if fix.interactive {
        let wanted = asked(plan, &parts, output)?;
        parts.retain(|part| wanted.contains(&part.package));
    }
    if parts.is_empty() {
        return Ok(None);
    }
    match planner.in_part(&parts).map_err(told)? {
        Ok(change) => Ok(Some(change)),
        Err(message) => Err(CliError::Other {
            message: format!("cargo does not resolve that part alone: {message}"),
            help: "leave out `--only` and apply the whole plan".into(),
        }),
    }
}

/// Asks about each package, on standard error.
fn asked(plan: &Planned, parts: &[&Part], output: &Output) -> Result<BTreeSet<String>, CliError> {
    let mut wanted = BTreeSet::new();
    let names: BTreeSet<&str> = parts.iter().map(|part| part.package.as_str()).collect();
    let failed = |source| CliError::Write {
        path: "standard input".into(),
        source,
    };
    for name in names {
        let step = plan.option.steps.iter().find(|step| step.package == name);
        let change = step.map_or_else(|| format!("`{name}`"), |step| step.change.clone());
        output.message(&terminal_lines(&change));
        let mut stderr = std::io::stderr();
        write!(stderr, "apply this? [y/N/q] ")
            .and_then(|()| stderr.flush())
            .map_err(failed)?;
        let mut answer = String::new();
        std::io::stdin()
            .lock()
            .read_line(&mut answer)
            .map_err(failed)?;
        match answer.trim().to_lowercase().as_str() {
            "y" | "yes" => {
                wanted.insert(name.to_owned());
            }
            // Whoever quits wants nothing of it.
            "q" | "quit" => return Ok(BTreeSet::new()),
            _ => {}
        }
    }
    Ok(wanted)
}

fn shown(root: &Utf8Path, path: &Utf8Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string()
}

fn diff(
    planner: &Planner<'_>,
    root: &Utf8Path,
    changed: &BTreeMap<Utf8PathBuf, String>,
    lock: Option<&str>,
) -> String {
    let shadow = &planner.prover.shadow;
    let mut text = String::new();
    for (path, new) in changed {
        let old = shadow.manifests().get(path).map_or("", |old| old);
        text.push_str(&unified(&shown(root, path), old, new));
    }
    if let Some(new) = lock {
        text.push_str(&unified(
            "Cargo.lock",
            shadow.lock().unwrap_or_default(),
            new,
        ));
    }
    text
}

fn refuse_dirty(
    root: &Utf8Path,
    changed: &BTreeMap<Utf8PathBuf, String>,
    output: &Output,
) -> Result<(), CliError> {
    let mut files: Vec<Utf8PathBuf> = changed.keys().cloned().collect();
    files.push(root.join("Cargo.lock"));
    let state = dirty(root, &files).map_err(|error| CliError::Other {
        help: error
            .help()
            .unwrap_or("`--allow-dirty` writes all the same")
            .to_owned(),
        message: error.to_string(),
    })?;
    match state.vcs {
        Vcs::Git => {}
        Vcs::None | Vcs::NoGit => {
            output.message("note: no git repository was asked whether these files are committed");
        }
    }
    if state.dirty.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = state.dirty.iter().map(|path| shown(root, path)).collect();
    Err(CliError::Other {
        message: format!(
            "files have changes that are not committed: {}",
            names.join(", ")
        ),
        help: "commit or stash them, or pass `--allow-dirty`".into(),
    })
}

fn written(
    planner: &Planner<'_>,
    root: &Utf8Path,
    changed: &BTreeMap<Utf8PathBuf, String>,
    lock: Option<String>,
) -> Result<Committed, CliError> {
    let shadow = &planner.prover.shadow;
    let mut transaction = Transaction::new(root);
    for (path, new) in changed {
        if let Some(old) = shadow.manifests().get(path) {
            transaction.replace(path, old.as_bytes(), new.as_bytes());
        }
    }
    let path = root.join("Cargo.lock");
    match (shadow.lock(), lock) {
        (Some(old), Some(new)) => transaction.replace(&path, old, new),
        (None, Some(new)) => transaction.create(&path, new),
        (_, None) => {}
    }
    transaction.commit().map_err(unwritten)
}

/// Cargo must take the written files as they are; else they go back to what they were.
fn verified(common: &Common, written: Committed) -> Result<(), CliError> {
    let manifest = find_manifest(common.manifest_path.as_deref())?;
    let cargo = Cargo {
        locked: true,
        offline: common.offline || common.frozen,
        frozen: false,
    };
    let refusal = match cargo.metadata(&manifest, true)? {
        Ok(metadata) => metadata.rest.wait()?.err(),
        Err(refusal) => Some(refusal),
    };
    let Some(refusal) = refusal else {
        return Ok(());
    };
    written.restore().map_err(unwritten)?;
    Err(CliError::Other {
        message: format!("cargo refuses what was written: {}", refusal.stderr.trim()),
        help: "all files are as they were before".into(),
    })
}
