//! Why a package is in the graph, what it links there, and what would move it.

mod model;
mod moves;
mod near;
mod ways;

use std::collections::BTreeSet;

use crate::matrix::Matrix;
use crate::report::plain::word;
use crate::report::{ArtifactClass, Finding, Liveness, Report, Tool};
use crate::rules::{Family, ReleaseRule, applies};
use crate::skew::artifact::LinkUnit;
use crate::skew::family::FamilyGraph;
use crate::skew::in_use::registry;
use crate::skew::liveness::copies_of;
use crate::skew::rows::artifact_id;
use crate::workspace::{Packages, Workspace};

pub use model::*;
pub use near::near;

/// A family's view of the workspace.
pub struct View<'a, 'g> {
    pub workspace: &'a Workspace,
    pub packages: &'a Packages<'g>,
    pub family: &'a Family,
    pub graph: &'a FamilyGraph<'a>,
    pub units: &'a [LinkUnit<'g>],
    pub report: &'a Report,
    /// Which releases serve which line; or why that is not known.
    pub matrix: Result<&'a Matrix, &'a str>,
}

/// An explanation with nothing said yet.
pub fn explanation(asked: &str) -> Explanation {
    Explanation {
        schema_version: EXPLAIN_SCHEMA_VERSION,
        tool: Tool {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        asked: asked.to_owned(),
        notes: Vec::new(),
        packages: Vec::new(),
    }
}

/// The packages that a spec stands for: `NAME`, or `NAME@VERSION` with all or the first numbers of a
/// version.
pub fn named(packages: &Packages<'_>, spec: &str) -> Vec<usize> {
    let (name, version) = match spec.split_once('@') {
        Some((name, version)) => (name, Some(version)),
        None => (spec, None),
    };
    let fits = |found: &semver::Version| {
        let found = found.to_string();
        version.is_none_or(|version| {
            let rest = found.strip_prefix(version);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '+']))
        })
    };
    let found = packages.iter();
    let found = found.filter(|(_, package)| package.name() == name && fits(package.version()));
    found.map(|(number, _)| number).collect()
}

impl View<'_, '_> {
    /// Whether a package has to do with the family.
    pub fn concerns(&self, number: usize) -> bool {
        self.graph.is_concerned(number) || self.family.knows(self.packages.get(number).name())
    }

    /// Whether what there is to say of a package needs the matrix.
    pub fn asks_for_releases(&self, number: usize) -> bool {
        let package = self.packages.get(number);
        self.concerns(number) && !package.in_workspace() && registry(package).is_some()
    }

    /// What there is to say of a package.
    pub fn explain(&self, number: usize) -> Explained {
        let package = self.packages.get(number);
        let concerned = self.concerns(number);
        let mut lines = BTreeSet::new();
        for unit in self.linking(number) {
            let copies = copies_of(unit, number).into_iter();
            lines.extend(copies.map(|copy| unit.linked.copies[copy].line));
        }
        let (moves, unknown_releases) = match concerned && !package.in_workspace() {
            false => (Vec::new(), None),
            true => moves::moves(self, number, &lines),
        };
        Explained {
            package: self.packages.label(number),
            source: source(package),
            member: package.in_workspace(),
            family: concerned.then(|| self.family.title.clone()),
            role: self.graph.rule(number).map(|rule| rule.role),
            lines: lines.iter().map(ToString::to_string).collect(),
            artifacts: self.artifacts(number),
            ways: ways::ways(self, number),
            facts: self.facts(number),
            findings: self.findings(number),
            moves,
            unknown_releases,
        }
    }

    fn linking(&self, number: usize) -> impl Iterator<Item = &LinkUnit<'_>> {
        let units = self.units.iter();
        units.filter(move |unit| unit.closure.contains(number))
    }

    /// Artifacts that link it; those that differ in their builds alone, once.
    fn artifacts(&self, number: usize) -> Vec<Linked> {
        let id = self.packages.get(number).id();
        let mut found: Vec<Linked> = Vec::new();
        for unit in self.linking(number) {
            for target in &unit.targets {
                let artifact = artifact_id(self.packages, unit.package, target);
                let copies = copies_of(unit, number).into_iter();
                let lines = copies.map(|copy| {
                    let line = unit.linked.copies[copy].line.to_string();
                    OnLine {
                        live: self.live(&artifact, unit, &line),
                        line,
                    }
                });
                let linked = Linked {
                    lines: lines.collect(),
                    class: unit.class,
                    target: unit.target.clone(),
                    builds: Vec::new(),
                    features: unit.links.features(id).into_iter().collect(),
                    artifact,
                };
                let same = |known: &&mut Linked| {
                    let builds = Vec::new();
                    linked
                        == Linked {
                            builds,
                            ..(**known).clone()
                        }
                };
                match found.iter_mut().find(same) {
                    Some(known) if known.builds.contains(&unit.build) => {}
                    Some(known) => known.builds.push(unit.build.clone()),
                    None => found.push(Linked {
                        builds: vec![unit.build.clone()],
                        ..linked
                    }),
                }
            }
        }
        found.sort_by(|a, b| {
            (a.class, &a.artifact, &a.target).cmp(&(b.class, &b.artifact, &b.target))
        });
        found
    }

    /// Whether a line is live in an artifact, as the report says.
    fn live(&self, artifact: &str, unit: &LinkUnit<'_>, line: &str) -> Liveness {
        let mut rows = self.report.artifacts.iter().filter(|row| {
            row.id == artifact && row.target == unit.target && row.builds.contains(&unit.build)
        });
        let found = rows.find_map(|row| row.lines.iter().find(|known| known.line == line));
        found.map_or(Liveness::Unknown, |line| line.live)
    }

    fn findings(&self, number: usize) -> Vec<Told> {
        let label = self.packages.label(number);
        let name = self.packages.get(number).name();
        let only = named(self.packages, name).len() == 1;
        let about = |finding: &&Finding| {
            let asks = finding.identity().requirement;
            finding.introducer.as_ref() == Some(&label)
                || finding.path.iter().any(|step| step.package == label)
                || only && asks.as_deref() == Some(name)
        };
        let findings = self.report.findings.iter().filter(about);
        let told = findings.map(|finding| Told {
            level: finding.level,
            code: finding.code.clone(),
            verdict: finding.verdict,
            message: finding.message.clone(),
            artifact: finding.artifact.clone(),
        });
        let mut told: Vec<Told> = told.collect();
        told.dedup();
        told
    }

    fn facts(&self, number: usize) -> Vec<Fact> {
        let package = self.packages.get(number);
        let name = package.name();
        let mut facts = Vec::new();
        if let Some(rule) = self.graph.rule(number) {
            let mut text = format!("{} of {}", word(&rule.role), self.family.title);
            if rule.core {
                text.push_str(", released in step with its API");
            }
            if rule.exposes_types {
                text.push_str(", with the API's types in its own");
            }
            if !rule.effects.is_empty() {
                let effects = rule.effects.iter().map(word);
                text.push_str(&format!(
                    "; its code: {}",
                    effects.collect::<Vec<_>>().join(", ")
                ));
            }
            if let Some(features) = &rule.line_features {
                text.push_str(&format!(
                    "; features {}… choose its line",
                    features.prefixes.join("…, ")
                ));
            }
            facts.push(fact(text, &rule.source));
        }
        if let Some(singleton) = self.family.singleton(name) {
            facts.push(fact(singleton.consequence.clone(), &singleton.source));
        }
        for rule in self.release_rules(number) {
            let remedy = rule.remedy.as_deref().map(|remedy| format!("; {remedy}"));
            let text = format!("{}{}", rule.summary, remedy.unwrap_or_default());
            facts.push(fact(text, &rule.source));
        }
        if let Some(end) = self.family.succession(name) {
            let advice = end.advice.map(|advice| format!(": {advice}"));
            let text = format!(
                "{} takes its place{}",
                end.successor,
                advice.unwrap_or_default()
            );
            facts.push(fact(text, &end.source));
        }
        facts.dedup();
        facts
    }

    /// The warnings about a release, as what links it has its features and what stands beside it; those
    /// that count in any case where nothing does.
    fn release_rules(&self, number: usize) -> Vec<&ReleaseRule> {
        let package = self.packages.get(number);
        let (name, version) = (package.name(), package.version());
        let of = |unit: Option<&LinkUnit<'_>>| {
            let features = unit.map(|unit| unit.links.features(package.id()));
            let features = features.unwrap_or_default();
            let members = unit.map_or(&[][..], |unit| unit.closure.members());
            let beside: Vec<_> = members.iter().map(|one| self.packages.get(*one)).collect();
            let enabled = move |feature: &str| features.contains(feature);
            let linked = move |name: &str, versions: &semver::VersionReq| {
                beside
                    .iter()
                    .any(|one| one.name() == name && applies(Some(versions), one.version()))
            };
            let rules = self.family.release_rules(name, version, enabled, linked);
            rules.collect::<Vec<_>>()
        };
        let units = self.linking(number);
        let mut units = units
            .filter(|unit| unit.class != ArtifactClass::Host)
            .peekable();
        let mut found = match units.peek() {
            Some(_) => Vec::new(),
            None => of(None),
        };
        for rule in units.flat_map(|unit| of(Some(unit))) {
            if !found.iter().any(|known| std::ptr::eq(*known, rule)) {
                found.push(rule);
            }
        }
        found
    }
}

fn fact(text: String, source: &str) -> Fact {
    Fact {
        text,
        source: source.to_owned(),
    }
}

fn source(package: guppy::graph::PackageMetadata<'_>) -> String {
    let source = package.source();
    match source.external_source() {
        _ if source.is_crates_io() => "registry".to_owned(),
        Some(url) => url.to_owned(),
        None => "path".to_owned(),
    }
}
