//! `spec`: what the owner of a package has to do for the line to be reached.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;

use crate::plan::compose::{Planner, Plans};
use crate::plan::shadow::Surroundings;
use crate::report::html;
use crate::report::plain::terminal_lines;
use crate::report::spec as render;
use crate::report::spec::markdown::Template;
use crate::rules::{Family, Rules};
use crate::skew::in_use::in_use;
use crate::spec::compose::{Compile, Probes, specifications};
use crate::spec::model::{CodePart, ManifestPart, Origin, TrialPart};
use crate::spec::requirements::Moves;
use crate::spec::subject::{Asked, Graph, Situation, Subject, SubjectError};
use crate::spec::{Spec, SpecReport};
use crate::spec::{code, trial, tried};
use crate::workspace::manifest::read;
use crate::workspace::{Lock, Packages};

use super::Exit;
use super::args::{Aim, Common, Format, Spec as Flags};
use super::load::units;
use super::output::{CliError, Documents, Output};
use super::places::Place;
use super::planned::{Ground, cargo, planned_on};
use super::progress::Progress;
use super::spec_files::{File, write_all};

/// Runs the command.
///
/// # Errors
/// Where the workspace or the registry index cannot be read, a name leads nowhere, the template is
/// broken, or the answer cannot be written.
pub fn run(common: &Common, flags: &Flags, output: &Output) -> Result<Exit, CliError> {
    let chosen = output.chosen("spec", kind)?;
    let (to_folder, answers): (Vec<_>, Vec<_>) = chosen
        .into_iter()
        .partition(|(place, _)| *place == Place::Stdout && common.output.is_some());
    if let (Some(folder), []) = (&common.output, to_folder.as_slice()) {
        return Err(CliError::Usage {
            message: format!("nothing is left for `--output {folder}`"),
            help: "every `--format` names a file of its own".into(),
        });
    }
    let template = template(flags)?;
    let progress = Progress::start(output, "planning, and reading what is in the way");
    let mut reports = Vec::new();
    for family in &Rules::shipped().families {
        let aim = Aim {
            target_line: flags.target_line,
            patch: Vec::new(),
        };
        reports.push(planned_on(
            common,
            &aim,
            false,
            family,
            |planner, plans, ground| composed(common, flags, family, planner, &plans, ground),
        )?);
    }
    progress.stop();
    for note in reports.iter().flat_map(|report| &report.notes) {
        output.message(&format!("note: {}", terminal_lines(note)));
    }
    let specs: usize = reports.iter().map(|report| report.specs.len()).sum();
    let mut texts = Vec::new();
    for (place, kind) in answers {
        let text = match (kind, specs) {
            (Kind::Text, 0) => nothing(common, flags).to_owned(),
            (Kind::Text | Kind::Json | Kind::Page, _) => printed(kind, &reports, &template)?,
        };
        texts.push((place, text));
    }
    let mut files = Vec::new();
    for (_, kind) in &to_folder {
        for report in &reports {
            for spec in &report.specs {
                files.push(file(*kind, report, spec, &template)?);
            }
        }
    }
    output.write(&texts)?;
    if let Some(folder) = &common.output {
        let mut told = String::new();
        if files.is_empty() {
            told.push_str(nothing(common, flags));
        } else {
            for path in write_all(folder, files)? {
                told.push_str(&format!("wrote {}\n", terminal_lines(path.as_str())));
            }
        }
        output.write(&[(Place::Stdout, told)])?;
    }
    Ok(Exit::Clean)
}

/// What a specification is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Json,
    Page,
}

fn kind(format: Format) -> Option<Kind> {
    Documents {
        human: Kind::Text,
        markdown: Kind::Text,
        html: Kind::Page,
        json: Kind::Json,
    }
    .of(format)
}

/// Why there is nothing to write.
fn nothing(common: &Common, flags: &Flags) -> &'static str {
    match (common.workspace, flags.names.is_empty()) {
        (true, _) => "nothing of the workspace's own has to change\n",
        (false, false) => "nothing has to change\n",
        (false, true) => "no dependency is in the way: nothing to ask of anybody\n",
    }
}

fn template(flags: &Flags) -> Result<Template, CliError> {
    let Some(path) = &flags.template else {
        return Ok(match flags.quick {
            true => Template::quick(),
            false => Template::full(),
        });
    };
    let text = read(path).map_err(|error| CliError::Usage {
        message: error.to_string(),
        help: "`--template` takes a file with a template".into(),
    })?;
    Ok(Template {
        name: path.to_string(),
        text,
    })
}

/// The specifications for one family.
///
/// # Errors
/// Where a name leads nowhere, or the index fails.
pub fn composed(
    common: &Common,
    flags: &Flags,
    family: &Family,
    planner: &Planner<'_>,
    plans: &Plans,
    (workspace, report): Ground<'_>,
) -> Result<SpecReport, CliError> {
    let asked = match (common.workspace, flags.names.is_empty()) {
        (true, _) => Asked::Own,
        (false, false) => Asked::Named(flags.names.clone()),
        (false, true) => Asked::Blocking,
    };
    let shadow = &planner.prover.shadow;
    let lock = planner.prover.lock.as_deref();
    let lock = lock.map(|text| Lock::parse(&shadow.root().join("Cargo.lock"), text));
    let packages = workspace.map(|workspace| Packages::new(&workspace.graph));
    let graph = match (workspace, &packages) {
        (Some(workspace), Some(packages)) => {
            let request = (planner.prover.request)(workspace)?;
            let all = units(workspace, packages, Rules::shipped(), &request)?;
            let mut crates = Vec::new();
            for (of, view, units) in &all {
                if of.name == family.name {
                    crates = in_use(packages, family, view, units);
                }
            }
            let matrix = crate::matrix::matrix(family, &crates, planner.index);
            let matrix = matrix.map_err(|error| CliError::Index {
                message: error.to_string(),
                help: "`cargo fetch` fills cargo's cache of the index",
            })?;
            Some(Graph {
                workspace,
                packages,
                matrix,
                crates,
            })
        }
        (_, _) => None,
    };
    let situation = Situation {
        family,
        index: planner.index,
        root: shadow.root(),
        manifests: shadow.manifests(),
        lock: lock.transpose()?,
        report,
        graph,
        plan: &plans.report,
    };
    let lock = planner.prover.lock.as_deref();
    let compile = |subject: &Subject,
                   moves: &Moves<'_>,
                   changed: &Texts,
                   code: &CodePart,
                   manifest: &ManifestPart| {
        compiled(
            common,
            flags,
            lock,
            (subject, moves, changed),
            (code, manifest),
        )
    };
    let probes = Probes {
        code: &code::part,
        trial: flags.trial.then_some(&compile as Compile<'_>),
    };
    specifications(&situation, &asked, flags.target_line, &probes).map_err(unknown)
}

/// New texts of manifests, by path.
type Texts = BTreeMap<Utf8PathBuf, String>;

/// Compiles one package with its changed manifest.
fn compiled(
    common: &Common,
    flags: &Flags,
    lock: Option<&str>,
    (subject, moves, changed): (&Subject, &Moves<'_>, &Texts),
    (code, manifest): (&CodePart, &ManifestPart),
) -> TrialPart {
    let Some(path) = &subject.manifest else {
        return TrialPart::NotTried {
            because: "its sources are not on this machine".into(),
        };
    };
    let what = trial::Subject {
        name: &subject.name,
        manifest: path,
        targets: &subject.targets,
        features: &subject.features,
        capped: !matches!(subject.origin, Origin::Path { .. }),
        lock,
    };
    let options = trial::Options {
        apply: flags.apply,
        targets: common.target.clone(),
        ..trial::Options::default()
    };
    let guide = tried::guide(moves, code);
    let around = Surroundings::default();
    let report = trial::run(
        &what,
        changed,
        &guide,
        &options,
        &cargo(common),
        &around,
        &mut |_| {},
    );
    match report {
        Ok(report) => tried::part(&report, manifest),
        Err(error) => TrialPart::NotTried {
            because: error.to_string(),
        },
    }
}

fn unknown(error: SubjectError) -> CliError {
    let help = match &error {
        SubjectError::Unknown { .. } | SubjectError::Unconcerned { .. } => {
            "`cargo otel-check inventory` lists the packages that have to do with it"
        }
        SubjectError::Anchor { .. } => "name the package that uses it",
    };
    CliError::Usage {
        message: error.to_string(),
        help: help.into(),
    }
}

fn rendered(report: &SpecReport, spec: &Spec, template: &Template) -> Result<String, CliError> {
    render::markdown::render(report, spec, template).map_err(|error| CliError::Usage {
        message: error.to_string(),
        help: "the page of this command has what a template may use".into(),
    })
}

fn printed(kind: Kind, reports: &[SpecReport], template: &Template) -> Result<String, CliError> {
    let mut text = String::new();
    match kind {
        Kind::Page => text = html::render_specs(reports),
        Kind::Json => reports
            .iter()
            .for_each(|report| text.push_str(&render::json::render(report))),
        Kind::Text => {
            for report in reports {
                for spec in &report.specs {
                    if !text.is_empty() {
                        text.push('\n');
                    }
                    text.push_str(&rendered(report, spec, template)?);
                }
            }
        }
    }
    Ok(text)
}

fn file(
    kind: Kind,
    report: &SpecReport,
    spec: &Spec,
    template: &Template,
) -> Result<File, CliError> {
    let alone = || SpecReport {
        specs: vec![spec.clone()],
        ..report.clone()
    };
    let (extension, text) = match kind {
        Kind::Json => ("json", render::json::render(&alone())),
        Kind::Page => ("html", html::render_specs(&[alone()])),
        Kind::Text => ("md", rendered(report, spec, template)?),
    };
    Ok(File {
        name: format!("{}-{}", spec.package.name, spec.package.version),
        extension,
        text,
    })
}
