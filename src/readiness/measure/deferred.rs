//! What the workspace itself has switched off, and what would bring another line in if it were on.
//!
//! Other latent lines, of other platforms, of members that are built together, of updates, are none of
//! its doing: `check` tells of them.

use std::collections::{BTreeMap, BTreeSet};

use guppy::graph::PackageLink;

use crate::report::{Finding, Verdict};
use crate::skew::artifact::{BuildPlan, LinkUnit, link_units};
use crate::skew::family::FamilyGraph;
use crate::skew::findings::at;
use crate::skew::findings::declared::line_of_requirement;
use crate::skew::rows::artifact_id;
use crate::skew::trace::{self, Trace};
use crate::skew::{Line, Request};
use crate::workspace::build::Target;
use crate::workspace::manifest::DependencyTable;
use crate::workspace::{
    Build, Completeness, Declared, Features, Manifest, Packages, Selection, Workspace,
    WorkspaceError,
};

/// What is switched off, a finding each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deferred {
    pub findings: Vec<Finding>,
    /// Why more may be switched off than could be seen.
    pub unseen: Option<String>,
}

/// A workspace, and what a request builds of it.
pub struct Looked<'a, 'g> {
    pub workspace: &'a Workspace,
    pub packages: &'a Packages<'g>,
    pub graph: &'a FamilyGraph<'a>,
    /// What the request builds.
    pub units: &'a [LinkUnit<'g>],
    /// The line to be on.
    pub target: Option<Line>,
}

impl<'g> Looked<'_, 'g> {
    /// Everything of the workspace's own manifests that no build of the request has, and that would bring
    /// another line in than the target.
    ///
    /// # Errors
    /// Where the request names what the workspace has not.
    pub fn deferred(&self, request: &Request) -> Result<Deferred, WorkspaceError> {
        let mut findings = self.by_features(request)?;
        let (absent, mut unseen) = self.absent();
        findings.extend(absent);
        if let Completeness::Partial { reason } = &self.workspace.completeness {
            unseen = Some(format!(
                "cargo gave the graph of the default features alone: {reason}"
            ));
        }
        findings.sort();
        findings.dedup();
        Ok(Deferred { findings, unseen })
    }

    /// Lines that all features of the members together bring in, and no build of today.
    fn by_features(&self, request: &Request) -> Result<Vec<Finding>, WorkspaceError> {
        let mut anchors = self.packages.iter();
        let other = |line: Line| self.target != Some(line);
        let any = anchors
            .any(|(number, one)| self.graph.is_anchor(number) && other(Line::of(one.version())));
        if !any {
            return Ok(Vec::new());
        }
        let all = request.commands.iter().flat_map(|one| &one.targets);
        let platforms: BTreeMap<&str, &Target> = all.map(|one| (one.triple(), one)).collect();
        let mut today: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        let shipped = self.units.iter().filter(|unit| unit.class.is_shipped());
        for unit in shipped {
            let holders = unit.linked.copies.iter().map(|copy| copy.holder);
            today.entry(unit.package).or_default().extend(holders);
        }
        // What members do to each other when they are built together is not switched off.
        let usual = Features::default();
        if request.commands.iter().any(|one| one.features == usual) {
            for unit in self.simulate(&usual, &platforms)? {
                if let Some(known) = today.get_mut(&unit.package) {
                    known.extend(unit.linked.copies.iter().map(|copy| copy.holder));
                }
            }
        }
        let all = Features {
            all: true,
            ..Features::default()
        };
        let mut found: BTreeMap<(String, String, String), Finding> = BTreeMap::new();
        for unit in self.simulate(&all, &platforms)? {
            let Some(known) = today.get(&unit.package) else {
                continue;
            };
            for (copy, second) in unit.linked.copies.iter().enumerate() {
                if known.contains(&second.holder) || !other(second.line) {
                    continue;
                }
                for finding in self.introduced(&unit, copy) {
                    let culprit = finding.culprit.as_ref();
                    let place = culprit
                        .map_or_else(String::new, |one| format!("{}:{:?}", one.file, one.span));
                    let line = finding.line.clone().unwrap_or_default();
                    let by = finding.introducer.clone().unwrap_or_default();
                    found.entry((place, line, by)).or_insert(finding);
                }
            }
        }
        Ok(found.into_values().collect())
    }

    /// All members together with these features, on each platform.
    fn simulate(
        &self,
        features: &Features,
        platforms: &BTreeMap<&str, &Target>,
    ) -> Result<Vec<LinkUnit<'g>>, WorkspaceError> {
        let build = |target: &&Target| Build {
            selection: Selection::Workspace {
                excluded: Vec::new(),
            },
            features: features.clone(),
            target: (*target).clone(),
            dev: false,
        };
        let plan = BuildPlan {
            builds: platforms.values().map(build).collect(),
            resolver: self.workspace.resolver,
            shipped_only: true,
        };
        link_units(self.packages, self.graph, &plan)
    }

    /// How a line comes into a unit, a finding for each introducer.
    fn introduced(&self, unit: &LinkUnit<'g>, copy: usize) -> Vec<Finding> {
        let line = unit.linked.copies[copy].line;
        let targets = &unit.linked.copies[copy].packages;
        let introducers = unit.linked.introducers(self.graph, copy).into_iter();
        // Where others reach the line through one another, the nearest tells.
        let direct = unit.linked.dependents(self.packages, &unit.closure, copy);
        let introducers = introducers.filter(|number| direct.contains(number));
        introducers
            .filter_map(|introducer| {
                let trace = Trace::new(self.packages, &unit.closure, introducer, targets);
                let own = trace.links.iter().filter(|link| link.from().in_workspace());
                let optional = own.clone().find(|link| self.is_optional(link));
                let link = optional.or(own.clone().next_back())?;
                Some(self.finding(unit, introducer, line, (link, optional.is_some()), &trace))
            })
            .collect()
    }

    fn finding(
        &self,
        unit: &LinkUnit<'g>,
        introducer: usize,
        line: Line,
        (link, is_optional): (&PackageLink<'g>, bool),
        trace: &Trace<'g>,
    ) -> Finding {
        let title = &self.graph.family.title;
        let (member, dependency) = (link.from().name(), link.dep_name());
        let label = self.packages.label(introducer);
        let through = match introducer == self.packages.number(link.from().id()) {
            true => String::new(),
            false => format!(", through {label}"),
        };
        let message = match is_optional {
            true => format!(
                "the optional dependency `{dependency}` of {member} is switched off, and would bring in {title} {line}{through}"
            ),
            false => format!(
                "a feature of {member} is switched off that would bring in {title} {line} with `{dependency}`{through}"
            ),
        };
        Finding {
            artifact: unit
                .targets
                .first()
                .map(|target| artifact_id(self.packages, unit.package, target)),
            line: Some(line.to_string()),
            introducer: Some(label),
            path: trace.steps(self.packages, unit.package),
            help: vec![format!(
                "`cargo otel-check -p {member} --all-features` judges it switched on"
            )],
            ..latent(message, trace::locate(self.workspace, link))
        }
    }

    fn is_optional(&self, link: &PackageLink<'g>) -> bool {
        let manifest = self.workspace.manifests.get(link.from().manifest_path());
        let mut declared = manifest.iter().flat_map(|manifest| &manifest.dependencies);
        declared.any(|one| {
            one.optional
                && one.table == DependencyTable::Normal
                && one.key == link.dep_name()
                && one.package == link.to().name()
        })
    }

    /// Optional requirements that cargo left out of the graph: those of another line, and why one may
    /// be of another line where that cannot be told.
    fn absent(&self) -> (Vec<Finding>, Option<String>) {
        let family = self.graph.family;
        let mut findings = Vec::new();
        let mut unseen = None;
        for (manifest, declared) in self.workspace.unresolved() {
            if !family.knows(&declared.package) {
                continue;
            }
            let is_anchor = family
                .anchors()
                .any(|anchor| anchor.name == declared.package);
            match line_of_requirement(declared).filter(|_| is_anchor) {
                Some(line) if self.target == Some(line) => {}
                Some(line) => findings.push(self.declared(manifest, declared, line)),
                None => {
                    let member = manifest.package.as_deref().unwrap_or_default();
                    unseen = Some(format!(
                        "the optional dependency `{}` of {member} is not in cargo's graph",
                        declared.key
                    ));
                }
            }
        }
        (findings, unseen)
    }

    fn declared(&self, manifest: &Manifest, declared: &Declared, line: Line) -> Finding {
        let member = manifest.package.as_deref().unwrap_or_default();
        let message = format!(
            "the optional dependency `{}` of {member} is switched off, and would bring in {} {line}",
            declared.key, self.graph.family.title
        );
        Finding {
            line: Some(line.to_string()),
            introducer: Some(member.to_owned()),
            ..latent(
                message,
                trace::culprit(self.workspace, manifest, declared, None),
            )
        }
    }
}

fn latent(message: String, culprit: crate::report::Culprit) -> Finding {
    Finding {
        verdict: Some(Verdict::Latent),
        ..at("latent-line", message, culprit)
    }
}
