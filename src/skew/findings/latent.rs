//! Second lines that only another feature set or platform would bring in.

use std::collections::BTreeSet;

use crate::report::{ArtifactClass, Finding, Verdict};
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

/// Lines that the whole graph holds, and that no unit of a member ships today.
pub fn latent(context: &Context<'_, '_>, target: &Target) -> Result<Vec<Finding>, WorkspaceError> {
    let everywhere: BTreeSet<usize> = context
        .packages
        .iter()
        .filter(|(number, _)| context.graph.is_anchor(*number))
        .map(|(number, _)| number)
        .collect();
    if everywhere.len() < 2 {
        return Ok(Vec::new());
    }
    let mut findings = Vec::new();
    let members = context.packages.graph().workspace().iter();
    for member in members {
        let number = context.packages.number(member.id());
        let today: Vec<&LinkUnit<'_>> = context
            .units
            .iter()
            .filter(|unit| {
                unit.package == number
                    && matches!(unit.class, ArtifactClass::Linked | ArtifactClass::Library)
            })
            .collect();
        if today.is_empty() {
            continue;
        }
        findings.extend(of_member(context, number, &today, target)?);
    }
    Ok(findings)
}

fn of_member(
    context: &Context<'_, '_>,
    number: usize,
    today: &[&LinkUnit<'_>],
    target: &Target,
) -> Result<Vec<Finding>, WorkspaceError> {
    let shipped: BTreeSet<usize> = today
        .iter()
        .flat_map(|unit| unit.linked.copies.iter().map(|copy| copy.holder))
        .collect();
    let package = context.packages.get(number);
    let mut found: Vec<(usize, Finding)> = Vec::new();
    let mut triggers: Vec<(Trigger, Build)> = Vec::new();
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
    let widest = simulate(context, build(all.clone(), Target::Any))?;
    let new = |unit: &LinkUnit<'_>| {
        let second = unit.linked.copies.len() > 1;
        second
            && unit
                .linked
                .copies
                .iter()
                .any(|copy| !shipped.contains(&copy.holder))
    };
    triggers.push((
        Trigger::Workspace,
        Build {
            selection: Selection::Workspace {
                excluded: Vec::new(),
            },
            ..build(Features::default(), target.clone())
        },
    ));
    // Other members' features can add more than a member's own.
    let together = simulate(context, triggers[0].1.clone())?;
    if !widest.iter().any(new) && !together.iter().any(new) {
        return Ok(Vec::new());
    }
    let mut names: Vec<String> = package.named_features().map(str::to_owned).collect();
    names.sort();
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
    for (trigger, build) in triggers {
        let units = simulate(context, build)?;
        for unit in units.into_iter().filter(|unit| unit.package == number) {
            for (copy, second) in unit.linked.copies.iter().enumerate() {
                let known = found.iter().any(|(holder, _)| *holder == second.holder);
                if unit.linked.copies.len() > 1 && !shipped.contains(&second.holder) && !known {
                    let artifact = unit.targets.first().or(today[0].targets.first());
                    let finding = one(context, &unit, copy, &trigger, artifact);
                    found.extend(finding.map(|finding| (second.holder, finding)));
                }
            }
        }
    }
    Ok(found.into_iter().map(|(_, finding)| finding).collect())
}

fn simulate<'g>(
    context: &Context<'_, 'g>,
    build: Build,
) -> Result<Vec<LinkUnit<'g>>, WorkspaceError> {
    let plan = BuildPlan {
        builds: vec![build],
        resolver: context.workspace.resolver,
    };
    let mut units = link_units(context.packages, context.graph, &plan)?;
    units.retain(|unit| matches!(unit.class, ArtifactClass::Linked | ArtifactClass::Library));
    Ok(units)
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
