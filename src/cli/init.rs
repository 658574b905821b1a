//! `init`: a first policy, green today.

use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};

use crate::policy::propose::{Other, Proposal, propose, sorted};
use crate::policy::{Date, FILE, Overrides, Policy, apply};
use crate::report::{Level, Report};
use crate::shipping::{Found, Home, Member, find};
use crate::skew::findings::lint;
use crate::workspace::cargo::find_manifest;
use crate::workspace::load::{Loaded, Unresolvable};
use crate::workspace::members::workspace_root;
use crate::workspace::{Manifest, Workspace};

use super::Exit;
use super::args::{Common, Format, Init};
use super::output::{CliError, Output, Render};
use super::places::{Place, write_whole};
use super::progress::Progress;

/// Runs the command.
///
/// # Errors
/// Where there is a policy already, the workspace cannot be read, or the file not written.
pub fn run(common: &Common, init: &Init, output: &Output) -> Result<Exit, CliError> {
    // It is TOML in any case; only whether it can be asked for is of interest here.
    output.printers("init", |format| {
        let render: Render<'_, ()> = Box::new(|(), _| String::new());
        (format == Format::Human).then_some(render)
    })?;
    if common.metadata_path.is_some() {
        return Err(CliError::Usage {
            message: "a policy is made from a workspace's files; saved metadata has none".into(),
            help: "run it in the workspace, without `--metadata-path`".into(),
        });
    }
    if output.places().any(|(_, place)| *place != Place::Stdout) && !init.dry_run {
        return Err(CliError::Usage {
            message: "`init` writes beside the workspace's root manifest".into(),
            help: "`--dry-run` prints the policy, and `--output FILE` with it writes it elsewhere"
                .into(),
        });
    }
    let manifest = find_manifest(common.manifest_path.as_deref())?;
    let root = workspace_root(&manifest);
    let path = root.join(FILE);
    vacant(&root, &path, init)?;
    let progress = Progress::start(output, "judging the workspace");
    let made = made(common, &root)?;
    progress.stop();
    if init.dry_run {
        output.answer(&made.text)?;
        return Ok(Exit::Clean);
    }
    write_whole(&path, &made.text)?;
    told(&made, &path, output);
    Ok(Exit::Clean)
}

/// A policy that is there is not written over unless that is asked for.
fn vacant(root: &Utf8Path, path: &Utf8Path, init: &Init) -> Result<(), CliError> {
    let manifest = root.join("Cargo.toml");
    if Policy::stands_in(&manifest) {
        return Err(CliError::Other {
            message: format!(
                "{manifest} has [workspace.metadata.otel-check], and a second policy would be an error"
            ),
            help: "take that table out first".into(),
        });
    }
    // A link that leads nowhere is something, too.
    let taken = std::fs::symlink_metadata(path).is_ok();
    if taken && !init.force && !init.dry_run {
        return Err(CliError::Other {
            message: format!("{path} is there already"),
            help: "`--force` writes over it, `--dry-run` shows what would be written".into(),
        });
    }
    Ok(())
}

struct Made {
    text: String,
    builds: usize,
    exceptions: usize,
}

fn told(made: &Made, path: &Utf8Path, output: &Output) {
    let counted = crate::report::plain::counted;
    let ship = if made.builds == 1 { "ships" } else { "ship" };
    output.message(&format!(
        "{path}: {} that {ship}, {}; `cargo otel-check` passes with it today",
        counted(made.builds, "build"),
        counted(made.exceptions, "exception")
    ));
}

/// The policy, with which the workspace as it is passes.
fn made(common: &Common, root: &Utf8Path) -> Result<Made, CliError> {
    // Whether a package, a feature or a target exists, only the whole graph knows.
    let (loaded, early) = super::check::beside_reading(common, || super::load::whole(common));
    let loaded = loaded?;
    let (builds, others) = match &loaded {
        Loaded::Resolved(workspace) => {
            let found = find(&home(workspace));
            sorted(&found, &|build| super::load::refused(build, workspace))
        }
        Loaded::Unresolvable(failure) => {
            let found = find(&home_of(failure));
            (Vec::new(), unproven(&found))
        }
    };
    let shipped = Policy {
        file: FILE.into(),
        text: "".into(),
        target_line: None,
        levels: Default::default(),
        builds: builds.iter().map(|one| one.build.clone()).collect(),
        exceptions: Vec::new(),
        readiness: Default::default(),
    };
    let report = super::check::judged(loaded, &whole_of(common), Some(&shipped), early)?;
    let owner = owner(root);
    let text = propose(&Proposal {
        builds: &builds,
        others: &others,
        report: &report,
        owner: &owner,
        today: Date::today(),
    });
    let policy = passes(&text, report)?;
    Ok(Made {
        text,
        builds: builds.len(),
        exceptions: policy.exceptions.len(),
    })
}

/// That the policy can be read, and lets the report pass.
fn passes(text: &str, mut report: Report) -> Result<Policy, CliError> {
    let failed = |why: String| CliError::Other {
        message: format!("no policy could be made with which this workspace passes: {why}"),
        help: "this is a mistake of the program; please report it with the workspace".into(),
    };
    let policy = Policy::parse(text, &|code| lint(code).is_some());
    let policy = policy.map_err(|error| failed(error.to_string()))?;
    apply(
        &mut report,
        Some(&policy),
        &Overrides::default(),
        Date::today(),
        true,
    );
    match report
        .findings
        .iter()
        .find(|finding| finding.level == Level::Deny)
    {
        Some(finding) => Err(failed(finding.message.clone())),
        None => Ok(policy),
    }
}

/// The flags without those that choose a build: it is the policy's.
fn whole_of(common: &Common) -> Common {
    Common {
        package: Vec::new(),
        workspace: false,
        exclude: Vec::new(),
        features: Vec::new(),
        all_features: false,
        no_default_features: false,
        target: Vec::new(),
        ..common.clone()
    }
}

fn home(workspace: &Workspace) -> Home {
    let graph = workspace.graph.workspace();
    let default: Vec<_> = graph
        .default_members()
        .map(|one| one.id().clone())
        .collect();
    let members = graph.iter().map(|member| Member {
        name: member.name().to_owned(),
        folder: folder(member.manifest_path()),
        default: default.is_empty() || default.contains(member.id()),
        binaries: binaries(member),
    });
    Home {
        root: workspace.root.clone(),
        members: members.collect(),
    }
}

fn binaries(member: guppy::graph::PackageMetadata<'_>) -> Vec<String> {
    let targets = member.build_targets();
    let binary = |target: &guppy::graph::BuildTarget<'_>| {
        matches!(target.id(), guppy::graph::BuildTargetId::Binary(_))
    };
    let binaries = targets.filter(binary);
    binaries.map(|target| target.name().to_owned()).collect()
}

/// As far as manifests tell.
fn home_of(failure: &Unresolvable) -> Home {
    let member = |manifest: &Manifest| {
        Some(Member {
            name: manifest.package.clone()?,
            folder: folder(&manifest.path),
            default: true,
            binaries: Vec::new(),
        })
    };
    Home {
        root: failure.root.clone(),
        members: failure.manifests.values().filter_map(member).collect(),
    }
}

fn folder(manifest: &Utf8Path) -> Utf8PathBuf {
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// Commands of a workspace that cargo cannot resolve: what they build cannot be looked up.
fn unproven(found: &[Found]) -> Vec<Other> {
    let others = found.iter().map(|one| Other {
        command: format!("{}:{}: {}", one.file, one.line, one.shown),
        because: "cargo cannot resolve the workspace, so what it builds is not known".into(),
        build: None,
    });
    others.collect()
}

/// Whom to ask, as git knows the person who runs this.
fn owner(root: &Utf8Path) -> String {
    let configured = |key: &str| {
        let output = Command::new("git")
            .args(["config", key])
            .current_dir(root)
            .stdin(std::process::Stdio::null())
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        let text = String::from_utf8(output.stdout).ok()?;
        // Nothing that could hide in a comment or reorder a line.
        let harmless = crate::report::escape::terminal(text.trim()) == text.trim();
        Some(text.trim().to_owned()).filter(|text| !text.is_empty() && harmless)
    };
    configured("user.name")
        .or_else(|| configured("user.email"))
        .unwrap_or_else(|| "nobody yet".into())
}
