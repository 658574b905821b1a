//! Findings about releases that the rules warn of.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::{ArtifactClass, Evidence, EvidenceKind, Finding};
use crate::rules::{Flaw, ReleaseRule, applies};
use crate::skew::artifact::LinkUnit;
use crate::skew::trace::Trace;

use super::{Context, finding};

/// Releases linked into what ships, or run to build it.
pub fn releases(context: &Context<'_, '_>) -> Vec<Finding> {
    // A release is told once, with the artifact that it comes first in.
    let mut seen: BTreeMap<usize, (&LinkUnit<'_>, BTreeSet<String>)> = BTreeMap::new();
    for unit in context.units {
        if matches!(unit.class, ArtifactClass::Host) {
            continue;
        }
        for &number in unit.closure.members() {
            if context
                .graph
                .family
                .has_release_rules(context.packages.get(number).name())
            {
                let features = unit.links.features(context.packages.get(number).id());
                let entry = seen
                    .entry(number)
                    .or_insert_with(|| (unit, BTreeSet::new()));
                entry.1.extend(features);
            }
        }
    }
    let mut findings = Vec::new();
    for (number, (unit, features)) in seen {
        let package = context.packages.get(number);
        let linked = |name: &str, versions: &semver::VersionReq| {
            unit.closure.members().iter().any(|member| {
                let member = context.packages.get(*member);
                member.name() == name && applies(Some(versions), member.version())
            })
        };
        let enabled = |feature: &str| features.contains(feature);
        let family = context.graph.family;
        for rule in family.release_rules(package.name(), package.version(), enabled, linked) {
            findings.push(one(context, unit, number, rule));
        }
    }
    findings
}

fn one(
    context: &Context<'_, '_>,
    unit: &LinkUnit<'_>,
    number: usize,
    rule: &ReleaseRule,
) -> Finding {
    let packages = context.packages;
    let trace = Trace::new(packages, &unit.closure, number, &[number]);
    Finding {
        path: trace.steps(packages, unit.package),
        culprit: trace.culprit(context.workspace),
        ..release(&packages.label(number), rule)
    }
}

/// The finding for a package that a rule warns of.
pub fn release(label: &str, rule: &ReleaseRule) -> Finding {
    let message = match &rule.id {
        Some(id) => format!("{label}: {} ({id})", rule.summary),
        None => format!("{label}: {}", rule.summary),
    };
    Finding {
        introducer: Some(label.to_owned()),
        evidence: vec![Evidence {
            kind: EvidenceKind::Rule,
            package: Some(label.to_owned()),
            file: None,
            line: None,
            column: None,
            text: rule.summary.clone(),
            source: Some(rule.source.clone()),
        }],
        help: rule.remedy.iter().cloned().collect(),
        ..finding(code(rule.flaw), message)
    }
}

/// The code of the finding for a flaw.
pub fn code(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::Deprecated => "deprecated",
        Flaw::Unmaintained => "unmaintained",
        Flaw::Broken => "broken-release",
        Flaw::Skewed => "skewed-release",
        Flaw::Vulnerable => "advisory",
    }
}
