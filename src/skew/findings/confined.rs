//! Second lines that do not ship: in tests, examples, benches, build scripts and proc macros; and
//! different lines that never meet.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::{ArtifactClass, ArtifactKind, Evidence, EvidenceKind, Finding, Verdict};
use crate::skew::artifact::LinkUnit;
use crate::skew::rows::artifact_id;
use crate::skew::trace::{Trace, locate};

use super::{Context, finding};

/// Lines of development and host units that the shipped units of the same build do not link.
pub fn confined(context: &Context<'_, '_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for unit in context.units {
        let shipped = match unit.class {
            ArtifactClass::Development => holders(context, unit, Some(unit.package)),
            ArtifactClass::Host => holders(context, unit, None),
            ArtifactClass::Linked | ArtifactClass::Library => continue,
        };
        // One line in tests alone is no second one; in a host unit, it is beside what ships.
        let alone = shipped.is_empty() && unit.linked.copies.len() < 2;
        if alone {
            continue;
        }
        for (copy, second) in unit.linked.copies.iter().enumerate() {
            if !shipped.contains(&second.holder) {
                findings.extend(one(context, unit, copy));
            }
        }
    }
    findings
}

/// Holders of the lines that ship in the same build.
fn holders(
    context: &Context<'_, '_>,
    unit: &LinkUnit<'_>,
    package: Option<usize>,
) -> BTreeSet<usize> {
    context
        .units
        .iter()
        .filter(|other| {
            other.class.is_shipped()
                && other.build == unit.build
                && other.target == unit.target
                && package.is_none_or(|package| other.package == package)
        })
        .flat_map(|other| other.linked.copies.iter().map(|copy| copy.holder))
        .collect()
}

fn one(context: &Context<'_, '_>, unit: &LinkUnit<'_>, copy: usize) -> Option<Finding> {
    let packages = context.packages;
    let line = unit.linked.copies[copy].line;
    let target = unit.targets.first()?;
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
    let culprit = trace.culprit(context.workspace).or_else(|| {
        nearest_requirement(context, unit.package).map(|link| locate(context.workspace, &link))
    });
    let package = packages.get(unit.package).name();
    let what = match unit.class {
        ArtifactClass::Development => format!("tests, examples and benches of {package} link"),
        ArtifactClass::Host => match target.kind {
            ArtifactKind::ProcMacro => format!("the macros of {package} link"),
            _ => format!("the build script of {package} links"),
        },
        ArtifactClass::Linked | ArtifactClass::Library => return None,
    };
    let introducer = packages.label(introducer);
    let title = &context.graph.family.title;
    Some(Finding {
        verdict: Some(Verdict::Confined),
        consequence: Some("what ships is not affected".into()),
        artifact: Some(artifact_id(packages, unit.package, target)),
        builds: vec![unit.build.clone()],
        target: Some(unit.target.clone()),
        line: Some(line.to_string()),
        path: trace.steps(packages, unit.package),
        culprit,
        also_through: trace.also_through(context.workspace),
        ..finding(
            "confined-line",
            format!("only {what} {title} {line}, through {introducer}"),
        )
    })
    .map(|finding| Finding {
        introducer: Some(introducer),
        ..finding
    })
}

/// The nearest requirement of a member by which a package is in the graph at all.
fn nearest_requirement<'g>(
    context: &Context<'_, 'g>,
    package: usize,
) -> Option<guppy::graph::PackageLink<'g>> {
    let packages = context.packages;
    let mut seen = BTreeSet::from([package]);
    let mut queue = std::collections::VecDeque::from([package]);
    while let Some(at) = queue.pop_front() {
        let mut links: Vec<_> = packages.get(at).reverse_direct_links().collect();
        links.sort_by_key(|link| link.from().id());
        for link in links {
            if link.from().in_workspace() {
                return Some(link);
            }
            let from = packages.number(link.from().id());
            if seen.insert(from) {
                queue.push_back(from);
            }
        }
    }
    None
}

/// Artifacts on different lines that never meet in one link.
pub fn separate(context: &Context<'_, '_>) -> Option<Finding> {
    let mut artifacts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for unit in context
        .units
        .iter()
        .filter(|unit| unit.class == ArtifactClass::Linked)
    {
        if let [copy] = unit.linked.copies.as_slice() {
            for target in &unit.targets {
                artifacts
                    .entry(copy.line.to_string())
                    .or_default()
                    .insert(artifact_id(context.packages, unit.package, target));
            }
        }
    }
    if artifacts.len() < 2 {
        return None;
    }
    let lines: Vec<&str> = artifacts.keys().map(String::as_str).collect();
    let evidence = artifacts
        .iter()
        .map(|(line, names)| Evidence {
            kind: EvidenceKind::Graph,
            package: None,
            file: None,
            line: None,
            column: None,
            text: format!(
                "line {line}: {}",
                names.iter().cloned().collect::<Vec<_>>().join(", ")
            ),
            source: None,
        })
        .collect();
    Some(Finding {
        evidence,
        consequence: Some("they never meet in one link, so nothing is lost".into()),
        ..finding(
            "separate-lines",
            format!(
                "artifacts of this workspace are on lines {}",
                lines.join(" and ")
            ),
        )
    })
}
