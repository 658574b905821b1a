//! A row for each dependency: what is asked of it, and what is to be done about it.

mod status;

use std::collections::{BTreeMap, BTreeSet};

use semver::Version;

use crate::matrix::{Companion, InUse, Matrix};
use crate::plan::facts::{Facts, package};
use crate::report::{Finding, Level, Report, package_of};
use crate::skew::Line;

use super::Ledger;
use super::ledger::Seen;
use super::measure::{Ground, Saw, State, noted};
use super::model::{DependencyCheck, DependencyRow, EvidenceKind, Measured, Score};
use super::score::sums;

/// What rows are made from.
pub struct Dependencies<'a> {
    pub facts: &'a Facts,
    /// The workspace as it stands.
    pub state: &'a State<'a>,
    /// What is in use once the recommended option is carried out, and what `check` then says.
    pub then: Option<(&'a [InUse], &'a Report)>,
    /// The line to be on.
    pub line: Option<Line>,
}

/// The rows, by name.
pub fn rows(of: &Dependencies<'_>, ground: &Ground<'_>, ledger: &mut Ledger) -> Vec<DependencyRow> {
    let own = members(of.state.report);
    let mut by_name: BTreeMap<&str, Vec<&InUse>> = BTreeMap::new();
    for one in of.facts.crates.iter().chain(&own) {
        by_name.entry(&one.name).or_default().push(one);
    }
    by_name
        .into_iter()
        .map(|(name, uses)| {
            let dependency = Dependency::new(of, ground, name, &uses);
            dependency.row(ledger)
        })
        .collect()
}

/// Members through which a line gets into artifacts of others.
fn members(report: &Report) -> Vec<InUse> {
    let mut found: BTreeMap<&str, (String, Version, BTreeSet<Line>)> = BTreeMap::new();
    for row in report.artifacts.iter().filter(|row| row.class.is_shipped()) {
        for line in &row.lines {
            let Ok(parsed) = line.line.parse() else {
                continue;
            };
            for label in &line.introducers {
                let Some((name, version)) = package(label) else {
                    continue;
                };
                if report.folders.contains_key(label) && name != row.package {
                    let known = found.entry(label);
                    let known = known.or_insert((name, version, BTreeSet::new()));
                    known.2.insert(parsed);
                }
            }
        }
    }
    let found = found.into_iter();
    found
        .map(|(label, (name, version, lines))| InUse {
            name,
            version,
            package_id: label.to_owned(),
            registry: None,
            lines,
            features: BTreeSet::new(),
        })
        .collect()
}

/// One dependency, with what is known of it.
struct Dependency<'a> {
    ground: &'a Ground<'a>,
    state: &'a State<'a>,
    matrix: &'a Matrix,
    line: Option<Line>,
    name: &'a str,
    versions: BTreeSet<&'a Version>,
    lines: BTreeSet<Line>,
    companions: Vec<&'a Companion>,
    /// Whether its own releases are what the lines are.
    is_anchor: bool,
    /// Whether it is a member of the workspace.
    is_own: bool,
    then: Option<(&'a [InUse], &'a Report)>,
}

/// A question with its answer and what it rests on.
type Check = (&'static str, Measured, Saw);

impl<'a> Dependency<'a> {
    fn new(
        of: &Dependencies<'a>,
        ground: &'a Ground<'a>,
        name: &'a str,
        uses: &[&'a InUse],
    ) -> Self {
        let matrix = &of.facts.matrix;
        let companions: Vec<&Companion> = matrix
            .companions
            .iter()
            .filter(|one| one.name == name)
            .collect();
        let versions: BTreeSet<&Version> = uses.iter().map(|one| &one.version).collect();
        let is_own_line = |one: &&InUse| {
            let of_row = |row: &crate::matrix::LineRow| row.releases.contains(&one.version);
            one.lines.contains(&Line::of(&one.version)) && matrix.lines.iter().any(of_row)
        };
        let folders = &of.state.report.folders;
        Self {
            ground,
            then: of.then,
            is_own: uses.iter().any(|one| folders.contains_key(&one.package_id)),
            state: of.state,
            matrix,
            line: of.line,
            name,
            is_anchor: companions.is_empty() && uses.iter().any(is_own_line),
            versions,
            lines: uses.iter().flat_map(|one| one.lines.clone()).collect(),
            companions,
        }
    }

    fn row(&self, ledger: &mut Ledger) -> DependencyRow {
        let checks = [
            self.on_target(),
            self.served(),
            self.one_version(),
            self.without_findings(),
        ];
        let status = self.status(&checks);
        let mut rows = Vec::new();
        let mut evidence: Vec<String> = Vec::new();
        for (title, result, saw) in checks {
            let id = noted(saw, self.ground, ledger);
            if !evidence.contains(&id) {
                evidence.push(id.clone());
            }
            rows.push(DependencyCheck {
                title: title.into(),
                result,
                evidence: vec![id],
            });
        }
        DependencyRow {
            package: self.name.to_owned(),
            current: self.versions.iter().map(ToString::to_string).collect(),
            lines: self.lines.iter().map(Line::to_string).collect(),
            target: self.target().map(|version| version.to_string()),
            status,
            score: self.score(&rows, ledger),
            checks: rows,
            evidence,
        }
    }

    fn score(&self, checks: &[DependencyCheck], ledger: &mut Ledger) -> Score {
        let sums = sums(checks.iter().map(|check| (1, &check.result)));
        let evidence: Vec<String> = checks.iter().flat_map(|one| one.evidence.clone()).collect();
        let id = ledger.evidence(Seen {
            kind: EvidenceKind::Sum,
            text: format!(
                "the checks of {}, 1 each, added up: {}",
                self.name, sums.arithmetic
            ),
            command: None,
            run: None,
            inputs: ledger.inputs_of(&evidence),
        });
        sums.score(vec![id])
    }

    /// The release that serves the target: one in use, else the newest.
    fn target(&self) -> Option<Version> {
        let line = self.line?;
        if self.lines.is_empty() && !self.is_anchor {
            return None;
        }
        let candidates: Vec<Version> = if self.is_anchor {
            let row = self.matrix.line(line)?;
            row.releases.clone()
        } else {
            let mut cells = self.companions.iter().filter_map(|one| one.cell(line));
            let cell = cells.next()?;
            let usable = cell.releases.iter().filter(|one| !one.conflicting);
            usable.map(|one| one.version.clone()).collect()
        };
        let in_use = candidates.iter().rev();
        let mut in_use = in_use.filter(|version| self.versions.contains(version));
        in_use.next().or(candidates.last()).cloned()
    }

    fn saw(&self, kind: EvidenceKind, text: impl Into<String>) -> Saw {
        let flags = self.ground.flags;
        let command = match kind {
            EvidenceKind::Index => format!("cargo otel-check matrix{flags}"),
            _ => format!("cargo otel-check inventory{flags}"),
        };
        Saw::new(kind, text).by(command)
    }

    fn check(&self, title: &'static str, kind: EvidenceKind, result: Measured) -> Check {
        let text = match &result {
            Measured::Met { text } | Measured::Unmet { text, .. } => text.clone(),
            Measured::NotMeasured { because, .. } => format!("not known: {because}"),
        };
        let text = format!("{}: {text}", self.name);
        (title, result, self.saw(kind, text))
    }

    fn on_target(&self) -> Check {
        let title = "every version in use is of the target line";
        let lines: Vec<String> = self.lines.iter().map(Line::to_string).collect();
        let result = match self.line {
            None => not("there is no target"),
            Some(_) if self.lines.is_empty() && self.needs_none() => {
                met("it needs no line of the family".into())
            }
            Some(_) if self.lines.is_empty() => not("no build of today links it"),
            Some(line) if self.lines.iter().all(|one| *one == line) => {
                met(format!("{}: line {line}", self.shown()))
            }
            Some(line) => unmet(
                format!(
                    "{}: line {}, the target is {line}",
                    self.shown(),
                    lines.join(", ")
                ),
                "`cargo otel-check plan` says what brings it there",
            ),
        };
        self.check(title, EvidenceKind::Check, result)
    }

    fn served(&self) -> Check {
        let title = "a release of it serves the target line";
        let problem = self.companions.iter().find_map(|one| one.problem.as_ref());
        let result = match (self.line, self.target()) {
            (None, _) => not("there is no target"),
            _ if self.is_own => met("it is the workspace's own".into()),
            (Some(line), Some(version)) => met(format!("{version} serves line {line}")),
            (Some(_), None) if self.needs_none() => met("it needs no line of the family".into()),
            (Some(_), None) if problem.is_some() => {
                not(problem.map(String::as_str).unwrap_or_default())
            }
            (Some(line), None) => {
                let free = self
                    .companions
                    .iter()
                    .find_map(|one| one.free_since.as_ref());
                match free {
                    Some(version) => met(format!("{version} needs no line any more")),
                    None if self.lines.is_empty() => not("no build of today links it"),
                    None => unmet(
                        format!("no release of it serves line {line}"),
                        "`cargo otel-check spec` writes what its owner has to do",
                    ),
                }
            }
        };
        self.check(title, EvidenceKind::Index, result)
    }

    fn one_version(&self) -> Check {
        let title = "one version of it is in use";
        let result = match self.versions.len() {
            1 => met(format!("{} alone", self.shown())),
            count => unmet(
                format!("{count} versions: {}", self.shown()),
                "`cargo otel-check explain` says who asks for which",
            ),
        };
        self.check(title, EvidenceKind::Check, result)
    }

    fn without_findings(&self) -> Check {
        let title = "`check` warns of nothing about it";
        let result = if !self.state.resolves() {
            not("cargo does not resolve the workspace")
        } else {
            let about: Vec<&Finding> = findings(self.state.report, self.name).collect();
            match about.first() {
                None => met("nothing to warn of".into()),
                Some(first) => {
                    let more = match about.len() {
                        1 => String::new(),
                        count => format!("; and {} more", count - 1),
                    };
                    let text = format!("{}: {}{more}", first.code, first.message);
                    let help = first.help.first().cloned().unwrap_or_default();
                    unmet(text, &help)
                }
            }
        };
        let (title, result, saw) = self.check(title, EvidenceKind::Check, result);
        (title, result, saw.by(self.ground.check_command()))
    }

    /// Whether no release of it has ever needed a line.
    fn needs_none(&self) -> bool {
        !self.is_anchor && self.companions.is_empty() && self.lines.is_empty()
    }

    fn shown(&self) -> String {
        let versions: Vec<String> = self.versions.iter().map(ToString::to_string).collect();
        versions.join(", ")
    }
}

/// Findings at the level of a warning or above that a package brings about.
fn findings<'r>(report: &'r Report, name: &str) -> impl Iterator<Item = &'r Finding> {
    report.findings.iter().filter(move |one| {
        one.introducer.as_deref().map(package_of) == Some(name) && one.level <= Level::Warn
    })
}

fn met(text: String) -> Measured {
    Measured::Met { text }
}

fn unmet(text: String, help: &str) -> Measured {
    let help = Some(help.to_owned()).filter(|help| !help.is_empty());
    Measured::Unmet {
        text,
        help: help.into_iter().collect(),
    }
}

fn not(because: &str) -> Measured {
    Measured::NotMeasured {
        because: because.to_owned(),
        help: Vec::new(),
    }
}
