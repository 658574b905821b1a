//! `readiness`: go or no-go, from what was measured.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use crate::plan::compose::{PlanError, Planner, Plans};
use crate::plan::prove::ProofError;
use crate::plan::trial::{Scope, Scratch};
use crate::policy::{Date, Policy};
use crate::readiness::compare::{self, Comparison, compare};
use crate::readiness::compose::{Scene, readiness, run_all};
use crate::readiness::inputs::{Gather, Recorder, gather, toolchain};
use crate::readiness::measure::Compiled;
use crate::readiness::model::{Decision, Run};
use crate::readiness::phases;
use crate::readiness::verify::{Standing, Verification, against, examine};
use crate::readiness::{Ledger, Readiness, Settings, certificate, criteria};
use crate::report::{Tool, html, human, readiness as render};
use crate::rules::{Family, Rules};

use super::Exit;
use super::args::{Aim, Common, Format, Readiness as Flags, Spec};
use super::output::{CliError, Documents, Output, Render};
use super::places::{Place, writable};
use super::plan::{Ground, How, cargo, flags, planned_by, told};
use super::progress::Progress;
use super::spec::composed;

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

/// The report of each family.
fn assessed(common: &Common, asked: &Flags, output: &Output) -> Result<Vec<Readiness>, CliError> {
    let progress = Progress::start(output, "measuring, planning, and rehearsing the plan");
    let policy = super::policy::policy(common)?;
    let settings = criteria::settings(policy.as_ref());
    let runs = OnceCell::new();
    let mut reports = Vec::new();
    for family in &Rules::shipped().families {
        let of = Of {
            common,
            asked,
            policy: policy.as_ref(),
            settings: &settings,
            family,
            runs: &runs,
        };
        reports.push(of.report()?);
    }
    progress.stop();
    Ok(reports)
}

/// What one report is made of.
struct Of<'a> {
    common: &'a Common,
    asked: &'a Flags,
    policy: Option<&'a Policy>,
    settings: &'a Settings,
    family: &'a Family,
    /// Commands that were run, once for all families.
    runs: &'a OnceCell<BTreeMap<String, Run>>,
}

impl Of<'_> {
    fn report(&self) -> Result<Readiness, CliError> {
        let today = Date::today();
        let aim = Aim {
            target_line: self.asked.target_line,
            patch: Vec::new(),
        };
        let how = How {
            now: today.begins(),
            recorded: true,
            flags: flags(&self.anywhere(), &aim),
        };
        let plan = (&aim, true);
        planned_by(
            self.common,
            plan,
            self.family,
            &how,
            |planner, plans, ground, index| self.composed(planner, &plans, ground, index, today),
        )
    }

    fn composed(
        &self,
        planner: &Planner<'_>,
        plans: &Plans,
        ground: Ground<'_>,
        index: &Recorder<'_>,
        today: Date,
    ) -> Result<Readiness, CliError> {
        let shadow = &planner.prover.shadow;
        let mut ledger = Ledger::default();
        let inputs = gather(
            &Gather {
                root: shadow.root(),
                manifests: shadow.manifests(),
                packages: shadow.packages_in_use(),
                lock: shadow.lock(),
                policy: self.policy,
                criteria: (criteria::SHIPPED_FILE, criteria::SHIPPED_TEXT),
                flags: self.all_flags().trim(),
                toolchain: &toolchain(),
                day: today,
            },
            &mut ledger,
        );
        let wanted = Spec {
            target_line: self.asked.target_line,
            trial: self.asked.trial,
            ..Spec::default()
        };
        let theirs = self.theirs();
        let specs = composed(&theirs, &wanted, self.family, planner, plans, ground)?;
        let run = || {
            let runs = self
                .runs
                .get_or_init(|| run_all(self.settings, shadow.root()));
            runs.clone()
        };
        let manifest = shadow.root().join("Cargo.toml");
        let scratch: RefCell<Option<Scratch>> = RefCell::new(None);
        let compile = |changed: &BTreeMap<Utf8PathBuf, String>, lock: Option<&str>| {
            self.compiled(&manifest, &scratch, changed, lock)
        };
        let (workspace, report) = ground;
        let program = std::env::current_exe().ok();
        let scene = Scene {
            planner,
            plans,
            workspace,
            report,
            index,
            policy: self.policy,
            settings: self.settings,
            specs: &specs,
            today,
            start: self.asked.start,
            asked: self.asked.target_line,
            flags: &flags(&self.anywhere(), &Aim::default()),
            spec_flags: &flags(&theirs, &Aim::default()),
            aim: &self.aim(),
            phase_flags: &self.phase_flags(),
            compile: self.asked.trial.then_some(&compile),
            compile_command: &self.scope().shown(),
            run: self.asked.run.then_some(&run),
            program: program.as_deref(),
        };
        readiness(&scene, inputs, ledger).map_err(told)
    }

    /// Compiles the sources in a copy that is made once.
    fn compiled(
        &self,
        manifest: &Utf8Path,
        scratch: &RefCell<Option<Scratch>>,
        changed: &BTreeMap<Utf8PathBuf, String>,
        lock: Option<&str>,
    ) -> Result<Compiled, PlanError> {
        let failed = |error| PlanError::Proof(ProofError::Shadow(error));
        let mut scratch = scratch.borrow_mut();
        let scratch = match &mut *scratch {
            Some(scratch) => scratch,
            none => none.insert(Scratch::new(manifest).map_err(failed)?),
        };
        let cargo = cargo(self.common);
        let scope = self.scope();
        let trial = scratch.compile(changed, lock, &cargo, &scope, &mut |_| {});
        Ok(Compiled::of(&trial.map_err(failed)?))
    }

    /// What is compiled.
    fn scope(&self) -> Scope {
        Scope {
            targets: self.common.target.clone(),
            ..Scope::everything()
        }
    }

    /// The flags without where the workspace lies: a document is the same wherever it does, and its
    /// commands are to be typed in the root.
    fn anywhere(&self) -> Common {
        Common {
            manifest_path: None,
            ..self.common.clone()
        }
    }

    /// The flags for specifications of what is in the way: to `spec`, `--workspace` means the
    /// workspace's own packages instead.
    fn theirs(&self) -> Common {
        Common {
            workspace: false,
            exclude: Vec::new(),
            ..self.anywhere()
        }
    }

    fn aim(&self) -> String {
        let line = self.asked.target_line;
        line.map_or_else(String::new, |line| format!(" --target-line {line}"))
    }

    /// Everything on which the answer depends. Where the workspace lies is no part of it.
    fn all_flags(&self) -> String {
        let mut all = flags(&self.anywhere(), &Aim::default());
        all.push_str(&self.aim());
        if let Some(start) = self.asked.start {
            all.push_str(&format!(" --start {start}"));
        }
        for (on, switch) in [(self.asked.run, " --run"), (self.asked.trial, " --trial")] {
            if on {
                all.push_str(switch);
            }
        }
        all
    }

    fn phase_flags(&self) -> phases::Flags {
        let common = self.common;
        let mut builds: Vec<String> = Vec::new();
        let lists = [
            ("-p", &common.package),
            ("--exclude", &common.exclude),
            ("--features", &common.features),
            ("--target", &common.target),
        ];
        for (flag, values) in lists {
            for value in values {
                builds.extend([flag.to_owned(), value.clone()]);
            }
        }
        let switches = [
            (common.workspace, "--workspace"),
            (common.all_features, "--all-features"),
            (common.no_default_features, "--no-default-features"),
        ];
        let on = switches.into_iter().filter(|(on, _)| *on);
        builds.extend(on.map(|(_, flag)| flag.to_owned()));
        phases::Flags {
            builds,
            line: self.asked.target_line.map(|line| line.to_string()),
            offline: common.offline || common.frozen,
        }
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
