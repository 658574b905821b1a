//! Puts reports of `readiness` together from what flags ask for.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use crate::plan::compose::{PlanError, Planner, Plans};
use crate::plan::prove::ProofError;
use crate::plan::trial::{Scope, Scratch};
use crate::policy::{Date, Policy};
use crate::readiness::compose::{Scene, readiness, run_all};
use crate::readiness::inputs::{Gather, Recorder, gather, toolchain};
use crate::readiness::measure::Compiled;
use crate::readiness::model::Run;
use crate::readiness::phases;
use crate::readiness::{Ledger, Readiness, Settings, criteria};
use crate::rules::{Family, Rules};

use super::args::{Aim, Common, Readiness as Flags, Spec};
use super::output::{CliError, Output};
use super::planned::{Ground, How, builds, cargo, flags, planned_by, told};
use super::progress::Progress;
use super::spec::composed;

/// The report of each family.
///
/// # Errors
/// Where the workspace, the registry index, cargo or a specification fails.
pub fn assessed(
    common: &Common,
    asked: &Flags,
    output: &Output,
) -> Result<Vec<Readiness>, CliError> {
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
        phases::Flags {
            builds: builds(self.common),
            line: self.asked.target_line.map(|line| line.to_string()),
            offline: self.common.offline || self.common.frozen,
        }
    }
}
