//! What a policy does to a report.

use std::collections::BTreeSet;

use crate::report::{
    ArtifactLine, Culprit, Excepted, Finding, Level, Liveness, Report, package_of,
};
use crate::skew::findings::{at, finding};
use crate::workspace::manifest::position;

use super::{Date, Exception, Policy, Setting};

/// Levels from the command line, which go before the policy's.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    pub allow: Vec<String>,
    pub warn: Vec<String>,
    pub deny: Vec<String>,
}

impl Overrides {
    fn of(&self, code: &str) -> Option<Setting> {
        let named = |codes: &[String]| codes.iter().any(|one| one == code);
        if named(&self.deny) {
            return Some(Setting::Deny);
        }
        if named(&self.warn) {
            return Some(Setting::Warn);
        }
        named(&self.allow).then_some(Setting::Allow)
    }
}

/// Sets levels, and lets through what is excepted. `whole` says whether the whole workspace was judged,
/// so that an exception which matches nothing is one too many.
pub fn apply(
    report: &mut Report,
    policy: Option<&Policy>,
    overrides: &Overrides,
    today: Date,
    whole: bool,
) {
    if let Some(policy) = policy {
        report.findings.extend(off_target(report, policy));
        let used = except(report, policy, overrides, today);
        report
            .findings
            .extend(about_exceptions(policy, &used, today, whole));
        report
            .texts
            .insert(policy.file.clone(), policy.text.clone());
    }
    report.findings.retain_mut(|finding| {
        // What is let through is shown, and fails nothing.
        let setting = match &finding.excepted {
            Some(_) => Some(Setting::Note),
            None => setting(policy, overrides, &finding.code),
        };
        match setting {
            None => {}
            Some(Setting::Allow) => return false,
            Some(Setting::Note) => finding.level = Level::Note,
            Some(Setting::Warn) => finding.level = Level::Warn,
            Some(Setting::Deny | Setting::Forbid) => finding.level = Level::Deny,
        }
        true
    });
    report.findings.sort_by_key(|finding| finding.level);
    report.summary = crate::skew::summary(report);
}

/// The level that was decided for a code; none where its own stands.
fn setting(policy: Option<&Policy>, overrides: &Overrides, code: &str) -> Option<Setting> {
    let decided = policy.and_then(|policy| policy.levels.get(code).copied());
    match decided {
        Some(Setting::Forbid) => decided,
        _ => overrides.of(code).or(decided),
    }
}

/// Marks what exceptions that still hold let through; gives those that match something, expired ones
/// too.
fn except(
    report: &mut Report,
    policy: &Policy,
    overrides: &Overrides,
    today: Date,
) -> BTreeSet<usize> {
    let mut used = BTreeSet::new();
    for finding in &mut report.findings {
        let forbidden = setting(Some(policy), overrides, &finding.code) == Some(Setting::Forbid);
        for (number, exception) in policy.exceptions.iter().enumerate() {
            if !exception.matches(finding) {
                continue;
            }
            used.insert(number);
            if exception.expires >= today && !forbidden && finding.excepted.is_none() {
                finding.excepted = Some(Excepted {
                    reason: exception.reason.clone(),
                    owner: exception.owner.clone(),
                    until: exception.expires.to_string(),
                });
            }
        }
    }
    used
}

fn about_exceptions(
    policy: &Policy,
    used: &BTreeSet<usize>,
    today: Date,
    whole: bool,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, exception) in policy.exceptions.iter().enumerate() {
        if exception.expires < today {
            let message = format!(
                "an exception expired on {}: {} ({})",
                exception.expires, exception.reason, exception.owner
            );
            findings.push(at("expired-exception", message, exception.place(policy)));
        } else if whole && !used.contains(&number) {
            let message = format!(
                "an exception matches nothing: {} ({})",
                exception.reason, exception.owner
            );
            findings.push(at("unmatched-exception", message, exception.place(policy)));
        }
    }
    findings
}

/// What ships on another line than the policy's.
fn off_target(report: &Report, policy: &Policy) -> Vec<Finding> {
    let Some(target) = policy.target_line.map(|line| line.to_string()) else {
        return Vec::new();
    };
    let mut told = BTreeSet::new();
    let mut findings = Vec::new();
    for artifact in report.artifacts.iter().filter(|one| one.class.is_shipped()) {
        let alive = |line: &&ArtifactLine| {
            artifact.lines.len() == 1 || matches!(line.live, Liveness::Set | Liveness::Assumed)
        };
        for line in artifact.lines.iter().filter(alive) {
            if line.line == target || !told.insert((&artifact.id, &line.line)) {
                continue;
            }
            let message = format!(
                "{} is on line {}, the policy's target is {target}",
                artifact.id, line.line
            );
            findings.push(Finding {
                artifact: Some(artifact.id.clone()),
                builds: artifact.builds.clone(),
                target: Some(artifact.target.clone()),
                line: Some(line.line.clone()),
                introducer: line.dependents.first().cloned(),
                help: vec!["`cargo otel-check plan` says what brings it there".into()],
                ..finding("off-target", message)
            });
        }
    }
    findings
}

impl Exception {
    /// Whether a finding fits everything that it says.
    pub fn matches(&self, finding: &Finding) -> bool {
        let package = |wanted: &String| {
            let introducer = finding.introducer.as_deref().unwrap_or_default();
            // A label: `name@version`, with the source behind it where there is need.
            let label = introducer.split(' ').next().unwrap_or_default();
            label == wanted || package_of(introducer) == wanted
        };
        let line = self.line.map(|line| line.to_string());
        self.code.as_ref().is_none_or(|code| *code == finding.code)
            && self.package.as_ref().is_none_or(package)
            && line.is_none_or(|line| finding.line.as_ref() == Some(&line))
            && self
                .artifact
                .as_ref()
                .is_none_or(|artifact| finding.artifact.as_ref() == Some(artifact))
    }

    /// Where it is written.
    fn place(&self, policy: &Policy) -> Culprit {
        let (line, column) = position(&policy.text, self.span.start);
        Culprit {
            file: policy.file.clone(),
            line: Some(line),
            column: Some(column),
            requirement: "[[exception]]".into(),
            span: (self.span.start, self.span.len()),
            inherited_by: None,
        }
    }
}
