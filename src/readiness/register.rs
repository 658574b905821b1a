//! The risk register: what may go wrong, derived from what was found. A probability stands there only
//! with the basis that it has.

mod artifacts;
mod found;
mod lag;
pub mod pins;
mod planned;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::plan::lag::Outlook;
use crate::plan::model::{OptionId, Outcome, PlanOption, PlanReport, Step};
use crate::registry::{Index, RegistryId};
use crate::report::{Finding, Report};
use crate::rules::Family;

use super::Ledger;
use super::ledger::Seen;
use super::model::{EvidenceKind, Impact, LetThrough, Probability, RiskKind, RiskRow, RiskStatus};

pub use lag::outlooks;

/// From what risks are derived.
pub struct Grounds<'a> {
    /// What `check` says of the workspace as it stands, before any policy.
    pub report: &'a Report,
    /// The same of the workspace as the recommended option leaves it; none where none is proven.
    pub after: Option<&'a Report>,
    pub plan: &'a PlanReport,
    /// [`outlooks`]; without an entry nothing is known of a package's past.
    pub outlooks: &'a BTreeMap<String, Outlook>,
    /// Whether the recommended option compiles; none where that was not tried.
    pub compiles: Option<bool>,
    /// The workspace's root, and the manifests that cargo reads for it, by path.
    pub root: &'a Utf8Path,
    pub manifests: &'a BTreeMap<Utf8PathBuf, Arc<str>>,
    pub family: &'a Family,
    /// Says how many lines a wide requirement admits.
    pub index: &'a dyn Index,
    pub let_through: &'a dyn Fn(&Finding) -> Option<LetThrough>,
    /// Who is asked about a package, by its name.
    pub owner: &'a dyn Fn(&str) -> Option<String>,
    /// The command that shows findings again, and that for the plan.
    pub check_command: &'a str,
    pub plan_command: &'a str,
    /// The inputs on which evidence of a kind rests; never empty.
    pub rests: &'a dyn Fn(EvidenceKind) -> Vec<String>,
}

/// A risk before it has evidence.
struct Risk {
    kind: RiskKind,
    /// What it is about: with the kind, its id.
    about: String,
    /// The package whose owner is asked.
    package: Option<String>,
    text: String,
    probability: Probability,
    impact: Impact,
    mitigation: Vec<String>,
    contingency: Vec<String>,
    status: RiskStatus,
    saw: Saw,
}

/// What it was derived from.
struct Saw {
    kind: EvidenceKind,
    /// Evidence of this kind rests on other inputs, which had a part in it, too.
    also: Option<EvidenceKind>,
    text: String,
    command: Option<String>,
}

/// Asks the index about everything that the register needs of it, so that it can be noted as an input
/// before evidence rests on it.
pub fn ask(
    root: &Utf8Path,
    manifests: &BTreeMap<Utf8PathBuf, Arc<str>>,
    family: &Family,
    index: &dyn Index,
) {
    for pin in pins::pins(root, manifests, family) {
        // A failure is told where the answer is missing.
        let _ = index.releases(&RegistryId::default_registry(), &pin.package);
    }
}

/// The register, by kind and id.
pub fn risks(grounds: &Grounds<'_>, ledger: &mut Ledger) -> Vec<RiskRow> {
    let mut all = planned::blocked(grounds);
    all.extend(found::risks(grounds));
    all.extend(planned::risks(grounds));
    all.extend(pins::risks(grounds));
    all.sort_by(|a, b| (a.kind, &a.about, &a.text).cmp(&(b.kind, &b.about, &b.text)));
    all.dedup_by(|a, b| (a.kind, &a.about, &a.text) == (b.kind, &b.about, &b.text));
    let mut ids: BTreeSet<String> = BTreeSet::new();
    let mut rows = Vec::new();
    for risk in all {
        let base = format!("{}:{}", word(risk.kind), risk.about);
        let mut id = base.clone();
        let mut number = 1;
        while !ids.insert(id.clone()) {
            number += 1;
            id = format!("{base}#{number}");
        }
        rows.push(row(grounds, ledger, id, risk));
    }
    rows
}

fn row(grounds: &Grounds<'_>, ledger: &mut Ledger, id: String, risk: Risk) -> RiskRow {
    let Risk {
        kind,
        package,
        text,
        probability,
        impact,
        mitigation,
        contingency,
        status,
        saw,
        ..
    } = risk;
    let mut inputs = (grounds.rests)(saw.kind);
    for id in saw.also.map(grounds.rests).into_iter().flatten() {
        if !inputs.contains(&id) {
            inputs.push(id);
        }
    }
    let evidence = ledger.evidence(Seen {
        inputs,
        kind: saw.kind,
        text: saw.text,
        command: saw.command,
        run: None,
    });
    RiskRow {
        id,
        kind,
        text,
        probability,
        impact,
        mitigation,
        contingency,
        status,
        owner: package.and_then(|name| (grounds.owner)(&name)),
        evidence: vec![evidence],
    }
}

/// As ids have it.
fn word(kind: RiskKind) -> &'static str {
    match kind {
        RiskKind::BlockedOwner => "blocked-owner",
        RiskKind::DeadCrate => "dead-crate",
        RiskKind::BehaviourChange => "behaviour-change",
        RiskKind::UnverifiedPlan => "unverified-plan",
        RiskKind::Advisory => "advisory",
        RiskKind::WidePin => "wide-pin",
        RiskKind::BrokenRelease => "broken-release",
        RiskKind::Latent => "latent",
        RiskKind::Open => "open",
        RiskKind::ByHand => "by-hand",
    }
}

impl Grounds<'_> {
    fn option(&self, id: OptionId) -> Option<&PlanOption> {
        self.plan.options.iter().find(|option| option.id == id)
    }

    /// The option to take.
    fn recommended(&self) -> Option<&PlanOption> {
        self.option(self.plan.recommended?)
    }

    /// The first step of the recommended option about a package.
    fn step(&self, package: &str) -> Option<&Step> {
        let mut steps = self.recommended()?.steps.iter();
        steps.find(|step| step.package == package)
    }

    /// Planned where a step is about the package, else open.
    fn status(&self, package: &str) -> RiskStatus {
        let step = self.step(package);
        match step.and_then(|step| u32::try_from(step.number).ok()) {
            Some(step) => RiskStatus::Planned { step },
            None => RiskStatus::Open,
        }
    }

    /// What the plan does about a package.
    fn mitigation(&self, package: &str) -> Vec<String> {
        let step = self.step(package);
        let told = step.map(|step| format!("step {}: {}", step.number, step.change));
        told.into_iter().collect()
    }

    /// The options behind the recommended one that change something else; where there is none, the way
    /// back.
    fn contingency(&self) -> Vec<String> {
        let Some(first) = self.recommended() else {
            return self.proven().map(told).collect();
        };
        let others = self.proven().filter(|option| {
            option.id > first.id && (option.diff != first.diff || option.target != first.target)
        });
        let others: Vec<String> = others.map(told).collect();
        if !others.is_empty() {
            return others;
        }
        let mut back: Vec<&str> = Vec::new();
        for command in first.steps.iter().rev().flat_map(|step| &step.rollback) {
            // What several steps come back by, the lock mostly, is last.
            back.retain(|known| known != command);
            back.push(command);
        }
        let back = (!back.is_empty()).then(|| back.join(" && "));
        back.into_iter()
            .map(|commands| format!("back to where it was: `{commands}`"))
            .collect()
    }

    fn proven(&self) -> impl Iterator<Item = &PlanOption> {
        let options = self.plan.options.iter();
        options.filter(|option| matches!(option.outcome, Outcome::Proven { .. }))
    }
}

fn told(option: &PlanOption) -> String {
    let target = match &option.target {
        Some(line) => format!(" (line {line})"),
        None => String::new(),
    };
    format!("option {:?}: {}{target}", option.id, option.title)
}

#[cfg(test)]
mod tests;
