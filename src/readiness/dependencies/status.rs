//! What is to be done about a dependency, as far as the recommended option tells.

use std::collections::BTreeSet;

use semver::Version;

use crate::matrix::InUse;
use crate::plan::model::{Action, Owner, Step};
use crate::report::package_of;
use crate::skew::Line;

use super::super::model::{DependencyStatus, Measured};
use super::{Check, Dependency, findings, members};

impl<'a> Dependency<'a> {
    /// What it comes to.
    pub(super) fn status(&self, checks: &[Check; 4]) -> DependencyStatus {
        let deferred = self.state.deferred.iter().flat_map(|one| &one.findings);
        let mut deferred = deferred.filter(|one| {
            let names = |text: &str| package_of(text) == self.name;
            let culprit = one.culprit.as_ref().map(|one| one.requirement.as_str());
            one.introducer.as_deref().is_some_and(names) || culprit.is_some_and(names)
        });
        if self.lines.is_empty()
            && let Some(finding) = deferred.next()
        {
            return DependencyStatus::Deferred {
                because: finding.message.clone(),
            };
        }
        if let Some(step) = self.step() {
            return match (step.owner, step.action) {
                (Owner::Upstream, _) | (_, Action::Wait | Action::Ask) => {
                    DependencyStatus::Blocked {
                        because: step.issue.trim_end_matches('.').to_owned(),
                    }
                }
                (Owner::Workspace, action) => DependencyStatus::Moves { action },
            };
        }
        let steps = self.steps_in_it();
        if !steps.is_empty() {
            return DependencyStatus::Changes { steps };
        }
        let unmet = |check: &Check| match &check.1 {
            Measured::Unmet { text, .. } => Some(text.clone()),
            Measured::Met { .. } | Measured::NotMeasured { .. } => None,
        };
        let [_, served, ..] = checks;
        if let Some(because) = unmet(served) {
            return DependencyStatus::Blocked {
                because: self.blocker().unwrap_or(because),
            };
        }
        if let Some(because) = checks.iter().find_map(unmet) {
            return match self.remains(because) {
                Some(because) => DependencyStatus::Faulty { because },
                None => DependencyStatus::Follows,
            };
        }
        let unknown = checks.iter().find_map(|check| match &check.1 {
            Measured::NotMeasured { because, .. } => Some(because.clone()),
            Measured::Met { .. } | Measured::Unmet { .. } => None,
        });
        match unknown {
            Some(because) => DependencyStatus::Unknown { because },
            None => DependencyStatus::Ready,
        }
    }

    /// What is wrong with it once the recommended option is carried out; what is wrong today where
    /// there is none.
    fn remains(&self, today: String) -> Option<String> {
        let Some((crates, report)) = self.then else {
            return Some(today);
        };
        let own = members(report);
        let all = crates.iter().chain(&own);
        let its: Vec<&InUse> = all.filter(|one| one.name == self.name).collect();
        let versions: BTreeSet<&Version> = its.iter().map(|one| &one.version).collect();
        let lines: BTreeSet<Line> = its.iter().flat_map(|one| one.lines.clone()).collect();
        if let Some(line) = self.line
            && lines.iter().any(|one| *one != line)
        {
            return Some(today);
        }
        if versions.len() > 1 {
            let versions: Vec<String> = versions.iter().map(ToString::to_string).collect();
            return Some(format!(
                "{} versions of it are left: {}",
                versions.len(),
                versions.join(" and ")
            ));
        }
        let first = findings(report, self.name).next()?;
        Some(format!("{}: {}", first.code, first.message))
    }

    /// What the recommended option does.
    fn steps(&self) -> &'a [Step] {
        let plan = self.ground.plan;
        let mut options = plan.options.iter();
        let option = options.find(|option| Some(option.id) == plan.recommended);
        option.map_or(&[], |option| &option.steps)
    }

    /// What it does about this one.
    fn step(&self) -> Option<&'a Step> {
        self.steps().iter().find(|step| step.package == self.name)
    }

    /// The numbers of the steps that change this one's manifest: what is changed there is tested by it.
    fn steps_in_it(&self) -> Vec<usize> {
        let test = format!("cargo test -p {}", self.name);
        let steps = self.steps().iter();
        steps
            .filter(|step| self.is_own && step.tests.contains(&test))
            .map(|step| step.number)
            .collect()
    }

    /// Why the plan says that it holds the target back.
    fn blocker(&self) -> Option<String> {
        let line = self.line?.to_string();
        let rows = self.ground.plan.targets.iter();
        let mut blockers = rows
            .filter(|row| row.line == line)
            .flat_map(|row| &row.blockers);
        let blocker = blockers.find(|one| one.package == self.name)?;
        Some(blocker.because.clone())
    }
}
