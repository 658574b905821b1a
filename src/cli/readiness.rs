//! `readiness`: go or no-go, from what was measured.

use camino::Utf8Path;

use crate::readiness::compare::{self, Comparison, compare};
use crate::readiness::model::Decision;
use crate::readiness::verify::{Standing, Verification, against, examine};
use crate::readiness::{Readiness, certificate};
use crate::report::{Tool, html, human, readiness as render};

use super::Exit;
use super::args::{Common, Format, Readiness as Flags};
use super::assessed::assessed;
use super::output::{CliError, Documents, Output, Render};
use super::places::{Place, writable};

/// Runs the command.
///
/// # Errors
/// Where the workspace or the registry index cannot be read, or the answer not written.
pub fn run(common: &Common, asked: &Flags, output: &Output) -> Result<Exit, CliError> {
    // What cannot be printed, read or written is told before any work is done.
    let printers = output.printers("readiness", |format| renderer(format, asked.summary))?;
    let of_comparisons = output.printers("readiness --compare", comparison)?;
    let of_verifications = output.printers("readiness --verify", verification);
    if let Some(path) = &asked.certificate {
        writable(path)?;
    }
    if let Some(path) = &asked.verify {
        let printers = of_verifications?;
        let (verification, exit) = verified(common, asked, path, output)?;
        output.write(&printers.print(&verification))?;
        return Ok(exit);
    }
    let old = asked.compare.as_deref().map(old).transpose()?;
    let reports = assessed(common, asked, output)?;
    let exit = exit(&reports, asked.strict);
    let mut answers = match &old {
        None => printers.print(&reports),
        Some((path, old)) => of_comparisons.print(&moved(path, old, &reports)?),
    };
    if let Some(path) = &asked.certificate {
        let text = match reports.as_slice() {
            [report] => certificate::render(report),
            _ => return Err(one_family()),
        };
        answers.push((Place::File(path.clone()), text));
    }
    output.write(&answers)?;
    Ok(exit)
}

/// How the reports of all families are printed, one behind the other.
fn renderer(format: Format, summary: bool) -> Option<Render<'static, Vec<Readiness>>> {
    let each =
        |render: fn(&Readiness, &human::Options) -> String| -> Render<'static, Vec<Readiness>> {
            Box::new(move |reports, options| {
                reports.iter().map(|one| render(one, options)).collect()
            })
        };
    let documents = match summary {
        false => Documents {
            human: each(render::human::render),
            markdown: each(|report, _| render::markdown::render(report)),
            html: each(|report, _| html::render_readiness(report)),
            json: each(|report, _| render::json::render(report)),
        },
        // For machines it is one and the same.
        true => Documents {
            human: each(render::human::summary),
            markdown: each(|report, _| render::markdown::summary(report)),
            html: each(|report, _| html::render_readiness_summary(report)),
            json: each(|report, _| render::json::render(report)),
        },
    };
    documents.of(format)
}

fn comparison(format: Format) -> Option<Render<'static, Comparison>> {
    let documents: Documents<Render<'static, Comparison>> = Documents {
        human: Box::new(render::human::comparison),
        markdown: Box::new(|moved, _| render::markdown::comparison(moved)),
        html: Box::new(|moved, _| html::render_comparison(moved)),
        json: Box::new(|moved, _| render::json::comparison(moved)),
    };
    documents.of(format)
}

fn verification(format: Format) -> Option<Render<'static, Verification>> {
    let documents: Documents<Render<'static, Verification>> = Documents {
        human: Box::new(|found, options| render::human::verification(found, &this(), options)),
        markdown: Box::new(|found, _| render::markdown::verification(found, &this())),
        html: Box::new(|found, _| html::render_verification(found, &this())),
        json: Box::new(|found, _| render::json::verification(found)),
    };
    documents.of(format)
}

/// This program, which verified.
fn this() -> Tool {
    Tool {
        name: env!("CARGO_PKG_NAME").into(),
        version: env!("CARGO_PKG_VERSION").into(),
    }
}

/// By the worst decision.
fn exit(reports: &[Readiness], strict: bool) -> Exit {
    let decisions = reports.iter().map(|report| report.assessment.decision);
    match decisions.min() {
        Some(Decision::NoGo) => Exit::Findings,
        Some(Decision::ConditionalGo) if strict => Exit::Findings,
        Some(Decision::ConditionalGo | Decision::Go) | None => Exit::Clean,
    }
}

/// An older report, with the path for messages.
fn old(path: &Utf8Path) -> Result<(&Utf8Path, Readiness), CliError> {
    let text = read(
        path,
        "`--compare` takes a report of `readiness --format json`",
    )?;
    let old = compare::read(&text).map_err(|error| CliError::Usage {
        message: format!("cannot compare with {path}: {error}"),
        help: error.help().into(),
    })?;
    Ok((path, old))
}

/// What moved since the older report, of the family that it is of.
fn moved(path: &Utf8Path, old: &Readiness, new: &[Readiness]) -> Result<Comparison, CliError> {
    let same = new.iter().find(|one| one.family == old.family);
    let Some(new) = same.or(new.first()) else {
        return Err(one_family());
    };
    compare(old, new).map_err(|error| CliError::Usage {
        message: format!("cannot compare with {path}: {error}"),
        help: error.help().into(),
    })
}

/// A certificate, held against what is measured now.
fn verified(
    common: &Common,
    asked: &Flags,
    path: &Utf8Path,
    output: &Output,
) -> Result<(Verification, Exit), CliError> {
    let text = read(path, "`--verify` takes a file of `readiness --certificate`")?;
    let verification = match examine(&text) {
        Err(verification) => *verification,
        Ok(certificate) => {
            let reports = assessed(common, asked, output)?;
            let family = &certificate.predicate.family;
            let same = reports.iter().find(|one| one.family == *family);
            let Some(report) = same.or(reports.first()) else {
                return Err(one_family());
            };
            against(&certificate, report)
        }
    };
    let exit = match verification.standing {
        Standing::Holds => Exit::Clean,
        Standing::False | Standing::Outdated | Standing::Tampered => Exit::Findings,
        Standing::Broken => Exit::Failure,
    };
    Ok((verification, exit))
}

/// A document of this program; none of them is larger than a certificate may be.
fn read(path: &Utf8Path, help: &str) -> Result<String, CliError> {
    let failed = |message: String| CliError::Usage {
        message: format!("cannot read {path}: {message}"),
        help: help.into(),
    };
    let data = std::fs::metadata(path).map_err(|error| failed(error.to_string()))?;
    if !data.is_file() {
        return Err(failed("it is no file".into()));
    }
    if data.len() > certificate::LARGEST {
        return Err(failed("it is larger than any such document".into()));
    }
    std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))
}

fn one_family() -> CliError {
    CliError::Usage {
        message: "there is no one family to speak of".into(),
        help: "leave `--certificate`, `--verify` and `--compare` out".into(),
    }
}
