//! Findings that are known already: from a file that was written once, or from another revision.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::report::{Comparison, Finding, Identity, Level, Report, Verdict};

/// Version of the file's shape.
const VERSION: u32 = 1;

/// Known findings, as a file holds them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: u32,
    findings: Vec<Known>,
}

/// A finding with how bad it was.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Known {
    #[serde(flatten)]
    identity: Identity,
    level: Level,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    verdict: Option<Verdict>,
}

/// Why a baseline cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaselineError {
    #[error("it is no baseline: {0}")]
    Form(String),
    #[error("it is of version {0}, and this program knows version {VERSION}")]
    Version(u32),
}

impl Baseline {
    /// Everything that a report warns of or denies.
    pub fn of(report: &Report) -> Self {
        let findings = report.findings.iter();
        let findings = findings.filter(|finding| finding.level != Level::Note);
        Self::from_known(findings.map(Known::of).collect())
    }

    fn from_known(mut findings: Vec<Known>) -> Self {
        findings.sort();
        // Of several builds the worst counts.
        findings.dedup_by(|later, first| later.identity == first.identity);
        Self {
            version: VERSION,
            findings,
        }
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// Where it is no baseline, or one of another program's version.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        #[derive(Deserialize)]
        struct Head {
            version: u32,
        }
        let form = |error: serde_json::Error| BaselineError::Form(error.to_string());
        // What editors of another system put before a text.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let head: Head = serde_json::from_str(text).map_err(form)?;
        if head.version != VERSION {
            return Err(BaselineError::Version(head.version));
        }
        serde_json::from_str(text).map_err(form)
    }

    /// The text of the file: one finding a line, so that differences read well.
    pub fn render(&self) -> String {
        let mut out = format!("{{\n  \"version\": {VERSION},\n  \"findings\": [");
        for (number, known) in self.findings.iter().enumerate() {
            let comma = if number == 0 { "" } else { "," };
            let json = serde_json::to_string(known).unwrap_or_default();
            out.push_str(&format!("{comma}\n    {json}"));
        }
        let end = if self.findings.is_empty() { "" } else { "\n  " };
        out.push_str(&format!("{end}]\n}}\n"));
        out
    }

    pub fn len(&self) -> usize {
        self.findings.len()
    }

    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Without those that a report no longer has.
    pub fn pruned(&self, report: &Report) -> Self {
        let still = worst(&report.findings);
        let kept = self.findings.iter();
        let kept = kept.filter(|known| still.contains_key(&known.identity));
        Self::from_known(kept.cloned().collect())
    }

    /// Lets pass what is known and has not become worse; gives how many of the known are gone.
    pub fn apply(&self, report: &mut Report) -> usize {
        let known: BTreeMap<&Identity, &Known> = self
            .findings
            .iter()
            .map(|known| (&known.identity, known))
            .collect();
        let gone = self.pruned(report).len();
        for finding in &mut report.findings {
            let known = known.get(&finding.identity());
            if known.is_some_and(|known| !is_worse(finding, known)) && finding.level != Level::Note
            {
                finding.known = true;
                finding.level = Level::Note;
            }
        }
        report.findings.sort_by_key(|finding| finding.level);
        report.summary = crate::skew::summary(report);
        self.findings.len() - gone
    }
}

impl Known {
    fn of(finding: &Finding) -> Self {
        Self {
            identity: finding.identity(),
            level: finding.level,
            verdict: finding.verdict,
        }
    }
}

/// Whether a finding weighs more than it did, or says something worse.
fn is_worse(finding: &Finding, known: &Known) -> bool {
    // The worst levels and verdicts come first in their order.
    let verdict = match (finding.verdict, known.verdict) {
        (Some(now), Some(then)) => now < then,
        (now, then) => now.is_some() && then.is_none(),
    };
    finding.level < known.level || verdict
}

/// Each identity with its worst finding.
fn worst(findings: &[Finding]) -> BTreeMap<Identity, &Finding> {
    let mut worst: BTreeMap<Identity, &Finding> = BTreeMap::new();
    for finding in findings {
        let weight = |one: &Finding| (one.level, one.verdict.is_none(), one.verdict);
        let known = worst.entry(finding.identity()).or_insert(finding);
        if weight(finding) < weight(known) {
            *known = finding;
        }
    }
    worst
}

/// Leaves of a report what another revision has not, or not as bad, and says what was cured.
pub fn compare(report: &mut Report, base: &Report, revision: &str) {
    let before = worst(&base.findings);
    let now = worst(&report.findings);
    let cured = before
        .iter()
        .filter(|(identity, _)| !now.contains_key(*identity));
    let cured: Vec<Finding> = cured.map(|(_, finding)| (*finding).clone()).collect();
    let stays = |finding: &Finding| {
        let known = before.get(&finding.identity());
        known.is_some_and(|known| !is_worse(finding, &Known::of(known)))
    };
    let all = report.findings.len();
    let worsened = report.findings.iter().filter(|finding| {
        let known = before.contains_key(&finding.identity());
        known && !stays(finding)
    });
    let worsened = worsened.count();
    let mut left = std::mem::take(&mut report.findings);
    left.retain(|finding| !stays(finding));
    report.comparison = Some(Comparison {
        base: revision.to_owned(),
        introduced: left.len() - worsened,
        worsened,
        unchanged: all - left.len(),
        cured,
    });
    report.findings = left;
    report.summary = crate::skew::summary(report);
}
