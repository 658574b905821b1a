//! Second lines that only another feature set or platform would bring in.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::report::{Finding, Verdict};
use crate::skew::artifact::{BuildPlan, CargoTarget, LinkUnit, link_units};
use crate::skew::rows::artifact_id;
use crate::skew::trace::Trace;
use crate::workspace::build::Target;
use crate::workspace::{Build, Features, Selection, WorkspaceError};

use super::{Context, finding};

/// What would bring a line in.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Trigger {
    Feature(String),
    AllFeatures,
    Platform,
    /// Built together with the other members.
    Workspace,
}

/// Lines that a member can link in some build, and that no unit of it ships today.
pub fn latent(context: &Context<'_, '_>, target: &Target) -> Result<Vec<Finding>, WorkspaceError> {
    let anchors = context
        .packages
        .iter()
        .filter(|(number, _)| context.graph.is_anchor(*number));
    if anchors.count() < 2 {
        return Ok(Vec::new());
    }
    // Features only ever add: what no member links with all of them on every platform, no build of
    // it links.
    let widest = simulate(
        context,
        Build {
            selection: Selection::Workspace {
                excluded: Vec::new(),
            },
            features: Features {
                all: true,
                ..Features::default()
            },
            target: Target::Any,
            dev: false,
        },
    )?;
    let members: Vec<Member<'_, '_>> = context
        .packages
        .graph()
        .workspace()
        .iter()
        .filter_map(|member| Member::new(context, context.packages.number(member.id()), &widest))
        .collect();
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let together = together(context, target)?;
    let findings: Result<Vec<Vec<Finding>>, WorkspaceError> = members
        .par_iter()
        .map(|member| member.findings(context, target, &together))
        .collect();
    Ok(findings?.into_iter().flatten().collect())
}

/// What the build of all members links: judged already, unless less was asked for.
fn together<'g>(
    context: &Context<'_, 'g>,
    target: &Target,
) -> Result<Vec<LinkUnit<'g>>, WorkspaceError> {
    let build = Build {
        selection: Selection::Workspace {
            excluded: Vec::new(),
        },
        features: Features::default(),
        target: target.clone(),
        dev: false,
    };
    let command = build.command(context.packages.graph());
    if context.units.iter().any(|unit| unit.build == command) {
        return Ok(Vec::new());
    }
    simulate(context, build)
}

/// A member that could link more than it ships today.
struct Member<'a, 'g> {
    number: usize,
    today: Vec<&'a LinkUnit<'g>>,
    shipped: BTreeSet<usize>,
}

impl<'a, 'g> Member<'a, 'g> {
    /// None where the widest build of the member brings no second line that it does not ship.
    fn new(context: &Context<'a, 'g>, number: usize, widest: &[LinkUnit<'g>]) -> Option<Self> {
        let today: Vec<&LinkUnit<'g>> = context
            .units
            .iter()
            .filter(|unit| unit.package == number && unit.class.is_shipped())
            .collect();
        if today.is_empty() {
            return None;
        }
        let shipped = holders(today.iter().copied());
        let possible = holders(widest.iter().filter(|unit| unit.package == number));
        let more = possible.len() > 1 && !possible.is_subset(&shipped);
        more.then_some(Self {
            number,
            today,
            shipped,
        })
    }

    fn findings(
        &self,
        context: &Context<'_, 'g>,
        target: &Target,
        together: &[LinkUnit<'g>],
    ) -> Result<Vec<Finding>, WorkspaceError> {
        let mut found: BTreeMap<usize, Finding> = BTreeMap::new();
        self.note(context, &Trigger::Workspace, together, &mut found);
        for (trigger, build) in self.triggers(context, target) {
            let units = simulate(context, build)?;
            self.note(context, &trigger, &units, &mut found);
        }
        Ok(found.into_values().collect())
    }

    /// Builds to try, the simplest first.
    fn triggers(&self, context: &Context<'_, '_>, target: &Target) -> Vec<(Trigger, Build)> {
        let package = context.packages.get(self.number);
        let build = |features: Features, target: Target| Build {
            selection: Selection::Packages(vec![package.id().clone()]),
            features,
            target,
            dev: false,
        };
        let all = Features {
            all: true,
            ..Features::default()
        };
        let mut names: Vec<String> = package.named_features().map(str::to_owned).collect();
        names.sort();
        let mut triggers = Vec::new();
        for name in names.into_iter().filter(|name| name != "default") {
            let features = Features {
                named: vec![name.clone()],
                ..Features::default()
            };
            triggers.push((Trigger::Feature(name), build(features, target.clone())));
        }
        triggers.push((Trigger::AllFeatures, build(all.clone(), target.clone())));
        triggers.push((Trigger::Platform, build(Features::default(), Target::Any)));
        triggers.push((Trigger::Platform, build(all, Target::Any)));
        triggers
    }

    /// Second lines of the member in these units, each once.
    fn note(
        &self,
        context: &Context<'_, '_>,
        trigger: &Trigger,
        units: &[LinkUnit<'_>],
        found: &mut BTreeMap<usize, Finding>,
    ) {
        for unit in units.iter().filter(|unit| unit.package == self.number) {
            for (copy, second) in unit.linked.copies.iter().enumerate() {
                let new = unit.linked.copies.len() > 1 && !self.shipped.contains(&second.holder);
                if !new || found.contains_key(&second.holder) {
                    continue;
                }
                let artifact = unit.targets.first().or(self.today[0].targets.first());
                if let Some(finding) = one(context, unit, copy, trigger, artifact) {
                    found.insert(second.holder, finding);
                }
            }
        }
    }
}

fn holders<'a, 'g: 'a>(units: impl Iterator<Item = &'a LinkUnit<'g>>) -> BTreeSet<usize> {
    units
        .flat_map(|unit| unit.linked.copies.iter().map(|copy| copy.holder))
        .collect()
}

fn simulate<'g>(
    context: &Context<'_, 'g>,
    build: Build,
) -> Result<Vec<LinkUnit<'g>>, WorkspaceError> {
    let plan = BuildPlan {
        builds: vec![build],
        resolver: context.workspace.resolver,
        shipped_only: true,
    };
    link_units(context.packages, context.graph, &plan)
}

fn one(
    context: &Context<'_, '_>,
    unit: &LinkUnit<'_>,
    copy: usize,
    trigger: &Trigger,
    artifact: Option<&CargoTarget>,
) -> Option<Finding> {
    let packages = context.packages;
    let line = unit.linked.copies[copy].line;
    let introducer = unit
        .linked
        .introducers(context.graph, copy)
        .into_iter()
        .min_by_key(|number| unit.closure.path(packages, *number).len())?;
    let trace = Trace::new(
        packages,
        &unit.closure,
        introducer,
        &unit.linked.copies[copy].packages,
    );
    let package = packages.get(unit.package).name();
    let (condition, help) = match trigger {
        Trigger::Feature(name) => (
            format!("the feature `{name}` of {package} brings in"),
            format!("`cargo otel-check -p {package} --features {name}` judges that build"),
        ),
        Trigger::AllFeatures => (
            format!("several features of {package} together bring in"),
            format!("`cargo otel-check -p {package} --all-features` judges that build"),
        ),
        Trigger::Workspace => (
            format!("built together with the other members, {package} links"),
            "`cargo otel-check --workspace` judges that build".to_owned(),
        ),
        Trigger::Platform => (
            format!("on another platform, {package} links"),
            format!("`cargo otel-check -p {package} --target TRIPLE` judges that platform"),
        ),
    };
    let label = packages.label(introducer);
    Some(Finding {
        verdict: Some(Verdict::Latent),
        consequence: Some("today's build does not link it".into()),
        artifact: artifact.map(|target| artifact_id(packages, unit.package, target)),
        line: Some(line.to_string()),
        path: trace.steps(packages, unit.package),
        culprit: trace.culprit(context.workspace),
        introducer: Some(label.clone()),
        help: vec![help],
        ..finding(
            "latent-line",
            format!(
                "{condition} {} {line}, through {label}",
                context.graph.family.title
            ),
        )
    })
}

/// Optional requirements on the API itself that the graph does not hold: their line is known, what
/// they would bring in beside it is not.
pub fn unresolved(context: &Context<'_, '_>) -> Vec<Finding> {
    let family = context.graph.family;
    let mut findings = Vec::new();
    for (manifest, declared) in context.workspace.unresolved() {
        let package = manifest.package.as_deref().unwrap_or_default();
        let Some(line) = super::declared::line_of_requirement(declared).filter(|_| {
            family
                .anchors()
                .any(|anchor| anchor.name == declared.package)
        }) else {
            continue;
        };
        let today: Vec<&LinkUnit<'_>> = context
            .units
            .iter()
            .filter(|unit| context.packages.get(unit.package).name() == package)
            .collect();
        let known = today
            .iter()
            .any(|unit| unit.linked.copies.iter().any(|copy| copy.line == line));
        let others = today.iter().any(|unit| !unit.linked.copies.is_empty());
        if known || !others {
            continue;
        }
        let message = format!(
            "the optional dependency `{}` of {package} would bring in {} {line}",
            declared.key, family.title
        );
        let target = today.iter().flat_map(|unit| &unit.targets).next();
        findings.push(Finding {
            verdict: Some(Verdict::Latent),
            consequence: Some("today's build does not link it".into()),
            artifact: today
                .first()
                .zip(target)
                .map(|(unit, target)| artifact_id(context.packages, unit.package, target)),
            line: Some(line.to_string()),
            introducer: Some(package.to_owned()),
            help: vec!["`cargo fetch --locked`, then this check again, judges that build".into()],
            ..super::at(
                "latent-line",
                message,
                crate::skew::trace::culprit(context.workspace, manifest, declared, None),
            )
        });
    }
    findings
}
