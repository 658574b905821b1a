//! Risks from findings of `check`.

use std::collections::BTreeMap;

use crate::readiness::model::{
    EvidenceKind, Impact, LetThrough, Probability, RiskKind, RiskStatus,
};
use crate::report::{Finding, Verdict, package_of};

use super::artifacts::of_findings;
use super::{Grounds, Risk, Saw};

/// One risk for each kind and subject, however many artifacts have it.
pub fn risks(grounds: &Grounds<'_>) -> Vec<Risk> {
    let mut groups: BTreeMap<(RiskKind, String, String), Vec<&Finding>> = BTreeMap::new();
    let causes = grounds.report.findings.iter();
    for finding in causes.filter(|finding| finding.consequence_of.is_none()) {
        let through = (grounds.let_through)(finding).is_some();
        let Some(kind) = kind(finding, through) else {
            continue;
        };
        let about = match (&finding.introducer, &finding.singleton, &finding.line) {
            (Some(label), _, _) => label.clone(),
            (None, Some(name), _) => name.clone(),
            (None, None, Some(line)) => line.clone(),
            (None, None, None) => finding.code.clone(),
        };
        // Two advisories of one release are two risks; one that several artifacts have is one.
        let text = match finding.artifact {
            Some(_) => finding.code.clone(),
            None => finding.message.clone(),
        };
        groups.entry((kind, about, text)).or_default().push(finding);
    }
    let groups = groups.into_iter();
    groups
        .map(|((kind, about, _), findings)| one(grounds, kind, about, &findings))
        .collect()
}

/// Which risk a finding is; none where it is what stands against a GO already, or harms nothing.
fn kind(finding: &Finding, through: bool) -> Option<RiskKind> {
    match finding.code.as_str() {
        "deprecated" | "unmaintained" => return Some(RiskKind::DeadCrate),
        "advisory" => return Some(RiskKind::Advisory),
        "broken-release" | "skewed-release" => return Some(RiskKind::BrokenRelease),
        _ => {}
    }
    match finding.verdict? {
        Verdict::Latent => Some(RiskKind::Latent),
        Verdict::Unknown => Some(RiskKind::Open),
        Verdict::Lost | Verdict::Split | Verdict::TypeClash => through.then_some(RiskKind::Open),
        Verdict::Unresolvable | Verdict::Confined | Verdict::Benign => None,
    }
}

fn one(grounds: &Grounds<'_>, kind: RiskKind, about: String, findings: &[&Finding]) -> Risk {
    // A group has at least the finding that made it.
    let first = findings[0];
    let package = first
        .introducer
        .as_deref()
        .map(|label| package_of(label).to_owned());
    let of_package = |of: &dyn Fn(&str) -> Vec<String>| match &package {
        Some(name) => of(name),
        None => Vec::new(),
    };
    let mut mitigation = of_package(&|name| grounds.mitigation(name));
    for help in findings.iter().flat_map(|finding| &finding.help) {
        if !mitigation.contains(help) {
            mitigation.push(help.clone());
        }
    }
    let verdict = findings.iter().filter_map(|finding| finding.verdict).min();
    let status = match accepted(grounds, findings) {
        Some(status) => status,
        None => planned(grounds, first),
    };
    Risk {
        kind,
        about,
        text: sentence(first),
        probability: probability(kind, first),
        impact: Impact {
            verdict,
            artifacts: of_findings(grounds.report, findings.iter().copied()),
        },
        mitigation,
        contingency: grounds.contingency(),
        status,
        saw: Saw {
            kind: EvidenceKind::Check,
            also: None,
            text: format!("`check` says {}: {}", first.code, first.message),
            command: Some(grounds.check_command.to_owned()),
        },
        package,
    }
}

/// The exception that holds longest, where all of them are let through.
fn accepted(grounds: &Grounds<'_>, findings: &[&Finding]) -> Option<RiskStatus> {
    let all: Option<Vec<LetThrough>> = findings
        .iter()
        .map(|finding| (grounds.let_through)(finding))
        .collect();
    // The first that ends decides how long it stands.
    let one = all?.into_iter().min_by(|a, b| a.until.cmp(&b.until))?;
    Some(RiskStatus::Accepted {
        reason: one.reason,
        owner: one.owner.unwrap_or_default(),
        until: one.until.unwrap_or_default(),
    })
}

/// By which step it goes, where the result of the recommended option has it no more.
fn planned(grounds: &Grounds<'_>, finding: &Finding) -> RiskStatus {
    let same = |one: &Finding| one.code == finding.code && one.introducer == finding.introducer;
    let goes = grounds
        .after
        .is_some_and(|after| !after.findings.iter().any(same));
    let labels = finding.introducer.iter();
    let on_path = finding.path.iter().rev().map(|step| &step.package);
    let mut names = labels.chain(on_path).map(|label| package_of(label));
    let step = match goes {
        true => names.find_map(|name| grounds.step(name)),
        false => None,
    };
    match step.and_then(|step| u32::try_from(step.number).ok()) {
        Some(step) => RiskStatus::Planned { step },
        None => RiskStatus::Open,
    }
}

fn sentence(finding: &Finding) -> String {
    match &finding.consequence {
        Some(consequence) => format!("{}: {consequence}", finding.message),
        None => finding.message.clone(),
    }
}

fn probability(kind: RiskKind, finding: &Finding) -> Probability {
    let unknown = |because: &str| Probability::Unknown {
        because: because.to_owned(),
    };
    match kind {
        RiskKind::Latent => unknown(
            "nothing says whether the feature, platform or update that brings it in will be chosen",
        ),
        RiskKind::Open if finding.verdict == Some(Verdict::Unknown) => {
            unknown("what it does could not be decided")
        }
        RiskKind::BlockedOwner
        | RiskKind::DeadCrate
        | RiskKind::BehaviourChange
        | RiskKind::UnverifiedPlan
        | RiskKind::Advisory
        | RiskKind::WidePin
        | RiskKind::BrokenRelease
        | RiskKind::Open
        | RiskKind::ByHand => Probability::Present,
    }
}
