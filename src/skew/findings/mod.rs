//! Findings: one file a group of codes, each code with its default level and its page in `docs/`.

pub mod bridges;
pub mod confined;
pub mod declared;
pub mod latent;
pub mod lines;
pub mod linked;
pub mod releases;
pub mod unresolvable;
pub mod update;

use crate::report::{Culprit, Finding, Level, Verdict};
use crate::workspace::{Packages, Workspace};

use super::artifact::LinkUnit;
use super::code::Code;
use super::effects::Known;
use super::family::FamilyGraph;

/// A finding code.
pub struct Lint {
    pub code: &'static str,
    pub level: Level,
    /// What it means, in a few words.
    pub title: &'static str,
    /// Its page.
    pub page: &'static str,
}

impl Lint {
    /// Its page without the comments by which its examples are tested.
    pub fn shown(&self) -> String {
        let lines = self.page.split_inclusive('\n');
        lines.filter(|line| !line.starts_with("<!--")).collect()
    }
}

macro_rules! lint {
    ($code:literal, $level:ident, $title:literal) => {
        Lint {
            code: $code,
            level: Level::$level,
            title: $title,
            page: include_str!(concat!("../../../docs/findings/", $code, ".md")),
        }
    };
}

/// Every code, in the order of their weight.
pub static LINTS: &[Lint] = &[
    lint!("unresolvable", Deny, "cargo cannot resolve the workspace"),
    lint!(
        "lost-telemetry",
        Deny,
        "telemetry of a second line vanishes"
    ),
    lint!(
        "split-context",
        Deny,
        "two lines export, and context does not cross"
    ),
    lint!("type-clash", Deny, "types of two lines meet"),
    lint!(
        "mismatched-companion",
        Warn,
        "a companion's requirement is of another line than the API beside it"
    ),
    lint!(
        "undecided-line",
        Warn,
        "what a second line does could not be decided"
    ),
    lint!(
        "wrong-line-feature",
        Warn,
        "the feature that chooses a crate's line chooses another than the live one"
    ),
    lint!(
        "no-line-feature",
        Warn,
        "no feature chooses a line, so the crate does nothing"
    ),
    lint!(
        "no-sdk",
        Warn,
        "nothing can be exported, since no SDK is linked"
    ),
    lint!(
        "unfed-bridge",
        Warn,
        "a bridge is never handed a tracer or provider"
    ),
    lint!("no-exporter", Note, "no exporter is linked"),
    lint!(
        "ignored-dependency",
        Warn,
        "cargo ignores a dependency that has no library"
    ),
    lint!(
        "uninherited-requirement",
        Warn,
        "no member inherits a shared requirement"
    ),
    lint!(
        "foreign-major",
        Warn,
        "a type passed through the API is of another major"
    ),
    lint!(
        "skewed-release",
        Warn,
        "a release that brings in two lines by itself"
    ),
    lint!("broken-release", Warn, "a release with a known defect"),
    lint!("advisory", Warn, "a security advisory"),
    lint!("unmaintained", Warn, "nobody maintains it"),
    lint!("deprecated", Note, "its owner has announced its end"),
    lint!(
        "latent-line",
        Note,
        "another feature, platform or update would bring a second line in"
    ),
    lint!(
        "confined-line",
        Note,
        "a second line in tests, build scripts or proc macros only"
    ),
    lint!("benign-line", Note, "a second line that does nothing"),
    lint!(
        "off-target",
        Warn,
        "an artifact is on another line than the policy's target"
    ),
    lint!(
        "expired-exception",
        Warn,
        "an exception of the policy has expired"
    ),
    lint!(
        "unmatched-exception",
        Warn,
        "an exception of the policy matches nothing"
    ),
    lint!(
        "separate-lines",
        Note,
        "different lines in artifacts that never meet"
    ),
];

/// Codes of findings that a policy alone makes, of what was found before.
pub const OF_POLICY: [&str; 3] = ["off-target", "expired-exception", "unmatched-exception"];

/// A code's entry.
pub fn lint(code: &str) -> Option<&'static Lint> {
    LINTS.iter().find(|lint| lint.code == code)
}

/// The code of a verdict.
pub fn code_of(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unresolvable => "unresolvable",
        Verdict::Lost => "lost-telemetry",
        Verdict::Split => "split-context",
        Verdict::TypeClash => "type-clash",
        Verdict::Unknown => "undecided-line",
        Verdict::Latent => "latent-line",
        Verdict::Confined => "confined-line",
        Verdict::Benign => "benign-line",
    }
}

/// Everything that findings are made from.
pub struct Context<'a, 'g> {
    pub workspace: &'a Workspace,
    pub packages: &'a Packages<'g>,
    pub graph: &'a FamilyGraph<'a>,
    pub units: &'a [LinkUnit<'g>],
    pub code: &'a dyn Code,
    pub known: &'a Known,
}

/// A finding of a code at its default level, with nothing else said.
pub fn finding(code: &str, message: String) -> Finding {
    Finding {
        level: lint(code).map_or(Level::Warn, |lint| lint.level),
        code: code.to_owned(),
        verdict: None,
        message,
        consequence: None,
        artifact: None,
        builds: Vec::new(),
        target: None,
        singleton: None,
        line: None,
        introducer: None,
        path: Vec::new(),
        culprit: None,
        also_through: Vec::new(),
        evidence: Vec::new(),
        help: Vec::new(),
        consequence_of: None,
        excepted: None,
        known: false,
    }
}

/// A finding about a requirement.
pub fn at(code: &str, message: String, culprit: Culprit) -> Finding {
    Finding {
        culprit: Some(culprit),
        ..finding(code, message)
    }
}

/// Puts findings in their order, merges those that differ in their builds alone, and folds
/// consequences under their causes.
pub fn settle(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| key(a).cmp(&key(b)));
    let mut settled: Vec<Finding> = Vec::new();
    for finding in findings {
        let same = |known: &&mut Finding| {
            Finding {
                builds: Vec::new(),
                ..(**known).clone()
            } == Finding {
                builds: Vec::new(),
                ..finding.clone()
            }
        };
        match settled.iter_mut().find(same) {
            Some(known) => {
                for build in finding.builds {
                    if !known.builds.contains(&build) {
                        known.builds.push(build);
                    }
                }
            }
            None => settled.push(finding),
        }
    }
    fold(&mut settled);
    settled
}

type Key<'a> = (
    Level,
    bool,
    Option<Verdict>,
    usize,
    Option<&'a String>,
    Option<&'a String>,
    Option<&'a Culprit>,
    &'a Finding,
);

/// Verdicts before what only manifests say; the worst first.
fn key(finding: &Finding) -> Key<'_> {
    let rank = LINTS.iter().position(|lint| lint.code == finding.code);
    (
        finding.level,
        finding.verdict.is_none(),
        finding.verdict,
        rank.unwrap_or(LINTS.len()),
        finding.artifact.as_ref(),
        finding.line.as_ref(),
        finding.culprit.as_ref(),
        finding,
    )
}

/// What a requirement mismatches is told by the verdict on the line that it brings in, where there
/// is one.
fn fold(findings: &mut [Finding]) {
    let verdicts: Vec<(String, String, (usize, usize))> = findings
        .iter()
        .filter(|finding| finding.verdict.is_some())
        .filter_map(|finding| {
            let culprit = finding.culprit.as_ref()?;
            Some((finding.code.clone(), culprit.file.clone(), culprit.span))
        })
        .collect();
    let about_requirement = ["mismatched-companion", "wrong-line-feature"];
    for finding in findings {
        let Some(culprit) = finding.culprit.as_ref() else {
            continue;
        };
        if !about_requirement.contains(&finding.code.as_str()) {
            continue;
        }
        let cause = verdicts
            .iter()
            .find(|(_, file, span)| *file == culprit.file && *span == culprit.span);
        if let Some((code, _, _)) = cause {
            finding.consequence_of = Some(code.clone());
            finding.level = Level::Note;
        }
    }
}
