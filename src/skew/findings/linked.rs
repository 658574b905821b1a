//! Findings about what an artifact links beside its lines: SDK, exporter, features that choose a
//! line, and foreign majors.

use std::collections::BTreeSet;

use crate::report::{ArtifactClass, Evidence, EvidenceKind, Finding};
use crate::rules::{MajorRule, Role};
use crate::skew::Line;
use crate::skew::artifact::LinkUnit;
use crate::skew::code::{CodeUnit, Externs, features};
use crate::skew::effects::CrateView;
use crate::skew::liveness::{Live, UnitCode, entry};
use crate::skew::rows::artifact_id;
use crate::skew::trace::{Trace, locate};

use super::{Context, finding};

/// Binaries that use a line themselves and link nothing that could export it.
pub fn pipelines(context: &Context<'_, '_>) -> Vec<Finding> {
    let packages = context.packages;
    let mut findings = Vec::new();
    for unit in context
        .units
        .iter()
        .filter(|unit| unit.class == ArtifactClass::Linked)
    {
        for (copy, line) in unit.linked.copies.iter().enumerate() {
            let own = unit
                .linked
                .touching(copy)
                .filter(|number| packages.get(*number).in_workspace())
                .min_by_key(|number| unit.closure.path(packages, *number).len());
            let Some(own) = own.filter(|_| unit.linked.copies.len() == 1) else {
                continue;
            };
            let has = |role: Role| {
                unit.linked
                    .touching(copy)
                    .any(|number| context.graph.has_role(number, role))
            };
            let mut all = unit
                .linked
                .touching(copy)
                .chain(line.packages.iter().copied());
            let sdk = all.any(|number| context.graph.is_sdk(number));
            let title = &context.graph.family.title;
            let (code, message, consequence) = if !sdk {
                (
                    "no-sdk",
                    format!("no SDK of {title} {} is linked", line.line),
                    "whatever is recorded goes nowhere: the default providers do nothing",
                )
            } else if !has(Role::Exporter)
                && !has(Role::AllInOne)
                && !own_exporter(context, unit, copy)
            {
                (
                    "no-exporter",
                    format!("no exporter of {title} {} is linked", line.line),
                    "unless an exporter of your own is handed to the SDK, nothing leaves the process",
                )
            } else {
                continue;
            };
            for target in &unit.targets {
                let trace = Trace::new(packages, &unit.closure, own, &line.packages);
                findings.push(Finding {
                    artifact: Some(artifact_id(packages, unit.package, target)),
                    builds: vec![unit.build.clone()],
                    target: Some(unit.target.clone()),
                    line: Some(line.line.to_string()),
                    path: trace.steps(packages, unit.package),
                    culprit: trace.culprit(context.workspace),
                    consequence: Some(consequence.into()),
                    ..finding(code, message.clone())
                });
            }
        }
    }
    findings
}

/// Whether a member implements a trait of the SDK: an exporter, reader or processor of its own.
fn own_exporter(context: &Context<'_, '_>, unit: &LinkUnit<'_>, copy: usize) -> bool {
    let packages = context.packages;
    let code = UnitCode::new(
        packages,
        context.graph,
        unit,
        (context.code, context.known),
        true,
    );
    code.views.iter().any(|view| {
        let names = view.externs.of(|number| {
            context.graph.is_sdk(number)
                && unit
                    .linked
                    .touched_by(number)
                    .any(|touched| touched == copy)
        });
        view.items(&names).iter().any(|item| {
            item.references.iter().any(|reference| {
                names.contains(&*reference.krate)
                    && reference.position == crate::source::Position::ImplementedTrait
            })
        })
    })
}

/// Crates whose line features choose: none chosen, or another than the artifact's.
pub fn line_features(context: &Context<'_, '_>) -> Vec<Finding> {
    let packages = context.packages;
    let mut findings = Vec::new();
    for unit in context
        .units
        .iter()
        .filter(|unit| unit.class == ArtifactClass::Linked)
    {
        for &number in unit.closure.members() {
            let Some(choice) = context
                .graph
                .rule(number)
                .and_then(|rule| rule.line_features.as_ref())
            else {
                continue;
            };
            let enabled = features(packages, &unit.links, number);
            let chosen: BTreeSet<&String> = enabled
                .iter()
                .filter(|feature| choice.chooses(feature))
                .collect();
            let lines: BTreeSet<String> = unit
                .linked
                .touched_by(number)
                .map(|copy| unit.linked.copies[copy].line.to_string())
                .collect();
            let label = packages.label(number);
            let (code, message) = if chosen.is_empty() {
                if !choice.required || unit.linked.copies.is_empty() {
                    continue;
                }
                (
                    "no-line-feature",
                    format!("no feature of {label} chooses a line"),
                )
            } else {
                let Some(home) = home(context, unit) else {
                    continue;
                };
                if lines.contains(&home) || lines.is_empty() {
                    continue;
                }
                let chosen: Vec<_> = chosen.iter().map(|f| format!("`{f}`")).collect();
                let lines: Vec<_> = lines.into_iter().collect();
                (
                    "wrong-line-feature",
                    format!(
                        "{} of {label} chooses line {}, the artifact is on line {home}",
                        chosen.join(", "),
                        lines.join(", ")
                    ),
                )
            };
            let trace = Trace::new(packages, &unit.closure, number, &[number]);
            findings.push(Finding {
                builds: vec![unit.build.clone()],
                artifact: unit
                    .targets
                    .first()
                    .map(|t| artifact_id(packages, unit.package, t)),
                target: Some(unit.target.clone()),
                introducer: Some(label),
                path: trace.steps(packages, unit.package),
                culprit: trace.culprit(context.workspace),
                help: vec![format!(
                    "`cargo info {}@{}` lists its features",
                    packages.get(number).name(),
                    packages.get(number).version()
                )],
                ..finding(code, message)
            });
        }
    }
    findings
}

fn home(context: &Context<'_, '_>, unit: &LinkUnit<'_>) -> Option<String> {
    let code = UnitCode::new(
        context.packages,
        context.graph,
        unit,
        (context.code, context.known),
        true,
    );
    let target = unit.targets.first()?;
    let live = Live::new(
        context.packages,
        context.graph,
        unit,
        &code,
        &entry(unit, target),
    );
    let home = live.home(context.packages, unit)?;
    Some(unit.linked.copies[home].line.to_string())
}

/// Members that pass a type of their own `tonic`, `http` or the like through the family's API while
/// the family uses another major of it.
pub fn foreign_majors(context: &Context<'_, '_>) -> Vec<Finding> {
    let packages = context.packages;
    let mut findings = Vec::new();
    let shipped = context.units.iter().filter(|unit| unit.class.is_shipped());
    for unit in shipped {
        let members = unit.closure.members().iter().copied();
        for member in members.filter(|member| packages.get(*member).in_workspace()) {
            findings.extend(foreign(context, unit, member));
        }
    }
    findings
}

fn foreign(context: &Context<'_, '_>, unit: &LinkUnit<'_>, member: usize) -> Vec<Finding> {
    let packages = context.packages;
    let mut findings = Vec::new();
    let links = unit.closure.from(member);
    for rule in &context.graph.family.majors {
        let Some(own) = links.iter().find(|link| link.to().name() == rule.name) else {
            continue;
        };
        for through in links
            .iter()
            .filter(|link| rule.through.iter().any(|t| t == link.to().name()))
        {
            let number = packages.number(through.to().id());
            let theirs = unit
                .closure
                .from(number)
                .iter()
                .find(|link| link.to().name() == rule.name);
            let Some(theirs) = theirs.filter(|theirs| theirs.to().id() != own.to().id()) else {
                continue;
            };
            let Some(evidence) = passes(context, unit, member, through.to().name(), rule) else {
                continue;
            };
            let series = Line::of(theirs.to().version());
            let as_theirs = [format!(
                "Require `{}` \"{series}\", as `{}` does.",
                rule.name,
                through.to().name()
            )];
            findings.push(Finding {
                builds: vec![unit.build.clone()],
                artifact: unit
                    .targets
                    .first()
                    .map(|t| artifact_id(packages, unit.package, t)),
                target: Some(unit.target.clone()),
                introducer: Some(packages.label(number)),
                culprit: Some(locate(context.workspace, own)),
                evidence: vec![evidence],
                consequence: Some("the compiler refuses it".into()),
                help: as_theirs.into_iter().chain(rule.remedy.clone()).collect(),
                ..finding(
                    "foreign-major",
                    format!(
                        "{} {} is passed to {}, which uses {} {}",
                        rule.name,
                        own.to().version(),
                        through.to().name(),
                        rule.name,
                        theirs.to().version()
                    ),
                )
            });
        }
    }
    findings
}

/// A place in a member's code that names both the family crate and one of the passing names.
fn passes(
    context: &Context<'_, '_>,
    unit: &LinkUnit<'_>,
    member: usize,
    through: &str,
    rule: &MajorRule,
) -> Option<Evidence> {
    let packages = context.packages;
    let mut units = vec![CodeUnit::library(member)];
    if member == unit.package {
        units.extend(
            unit.targets
                .iter()
                .filter_map(|t| crate::skew::liveness::own_root(unit, t)),
        );
    }
    for code_unit in units {
        let view = CrateView {
            externs: Externs::new(packages, unit, &code_unit),
            features: features(packages, &unit.links, member),
            unit: code_unit.clone(),
            code: context.code,
        };
        let names = view
            .externs
            .of(|number| packages.get(number).name() == through);
        for item in view.items(&names) {
            let inside = item.references.iter().filter(|r| names.contains(&*r.krate));
            let by_path = inside.clone().find(|r| rule.passes_path(&r.path));
            let by_call = item
                .calls
                .iter()
                .find(|call| rule.passes_method(&call.name) && inside.clone().next().is_some());
            let place = by_path.map(|r| (&r.place, r.to_string()));
            let place = place.or_else(|| by_call.map(|c| (&c.place, format!(".{}(…)", c.name))));
            if let Some((place, text)) = place {
                return Some(Evidence {
                    kind: EvidenceKind::Source,
                    package: Some(packages.label(member)),
                    file: Some(place.file.to_string()),
                    line: Some(place.line),
                    column: Some(place.column),
                    text: format!("passes it: `{text}`"),
                    source: None,
                });
            }
        }
    }
    None
}
