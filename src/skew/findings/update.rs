//! What the registry index adds: lines of requirements that nothing links, and second lines that a
//! plain `cargo update` would bring in.

use std::collections::BTreeSet;

use semver::{Version, VersionReq};

use crate::matrix::{Companion, Matrix};
use crate::report::{Evidence, EvidenceKind, Finding, Verdict};
use crate::skew::Line;
use crate::skew::rows::artifact_id;
use crate::skew::trace::{self, Trace};
use crate::workspace::Declared;

use super::declared::line_of_requirement;
use super::{Context, at, finding};

/// Companions of which a newer release, within all requirements on it, is of another line.
pub fn updates(context: &Context<'_, '_>, matrix: &Matrix) -> Vec<Finding> {
    let packages = context.packages;
    let mut findings = Vec::new();
    for (number, package) in packages.iter() {
        let chosen = context
            .graph
            .rule(number)
            .is_some_and(|rule| rule.line_features.is_some());
        let Some(companion) = companion(matrix, package.name()).filter(|_| !chosen) else {
            continue;
        };
        let requirements: Vec<VersionReq> = package
            .reverse_direct_links()
            .map(|link| link.version_req().clone())
            .collect();
        let today = lines_of(companion, package.version());
        let newest = releases(companion)
            .into_iter()
            .filter(|version| *version > package.version() && version.pre.is_empty())
            .filter(|version| requirements.iter().all(|req| req.matches(version)))
            .max();
        let Some(newest) = newest.filter(|_| !today.is_empty()) else {
            continue;
        };
        let then = lines_of(companion, newest);
        if then.is_empty() || !then.is_disjoint(&today) {
            continue;
        }
        findings.extend(update(context, number, newest, &today, &then));
    }
    findings
}

fn update(
    context: &Context<'_, '_>,
    number: usize,
    newest: &Version,
    today: &BTreeSet<Line>,
    then: &BTreeSet<Line>,
) -> Option<Finding> {
    let packages = context.packages;
    let unit = context.units.iter().find(|unit| {
        let shipped = unit.class.is_shipped();
        shipped && unit.closure.contains(number)
    })?;
    let trace = Trace::new(packages, &unit.closure, number, &[number]);
    let label = packages.label(number);
    let name = packages.get(number).name();
    let command = format!(
        "cargo update -p {name}@{} --precise {newest} --dry-run",
        packages.get(number).version()
    );
    Some(Finding {
        verdict: Some(Verdict::Latent),
        consequence: Some("today's lock holds it back; a plain `cargo update` does not".into()),
        artifact: unit
            .targets
            .first()
            .map(|target| artifact_id(packages, unit.package, target)),
        line: then.last().map(Line::to_string),
        introducer: Some(label.clone()),
        path: trace.steps(packages, unit.package),
        culprit: trace.culprit(context.workspace),
        also_through: trace.also_through(context.workspace),
        evidence: vec![Evidence {
            kind: EvidenceKind::Graph,
            package: Some(format!("{name}@{newest}")),
            file: None,
            line: None,
            column: None,
            text: format!("the registry index has {newest}, which every requirement on it allows"),
            source: Some(command),
        }],
        help: vec![format!(
            "pin it (`={}`), or move the rest along",
            packages.get(number).version()
        )],
        ..finding(
            "latent-line",
            format!(
                "`cargo update` would move {label} from line {} to {newest} on line {}",
                shown(today),
                shown(then)
            ),
        )
    })
}

/// Shared requirements that no member inherits, of another line than the API's beside them.
pub fn uninherited(context: &Context<'_, '_>, matrix: &Matrix) -> Vec<Finding> {
    let workspace = context.workspace;
    let family = context.graph.family;
    let Some(root) = workspace.manifests.get(&workspace.root.join("Cargo.toml")) else {
        return Vec::new();
    };
    let is_api = |declared: &&Declared| {
        family
            .anchors()
            .any(|anchor| anchor.name == declared.package)
    };
    let api: Vec<(&Declared, Line)> = root
        .workspace_dependencies
        .iter()
        .filter(is_api)
        .filter_map(|declared| Some((declared, line_of_requirement(declared)?)))
        .collect();
    let [(beside, line)] = api.as_slice() else {
        return Vec::new();
    };
    // What somebody inherits is in the graph, and judged by it.
    let inherited = |shared: &Declared| {
        let mut all = workspace
            .manifests
            .values()
            .flat_map(|manifest| &manifest.dependencies);
        all.any(|declared| declared.inherited && declared.key == shared.key)
    };
    let mut findings = Vec::new();
    for shared in root
        .workspace_dependencies
        .iter()
        .filter(|d| !is_api(d) && !inherited(d))
    {
        let requirement = shared.requirement.as_deref();
        let requirement = requirement.and_then(|text| VersionReq::parse(text).ok());
        let (Some(requirement), Some(companion)) =
            (requirement, companion(matrix, &shared.package))
        else {
            continue;
        };
        let lines: BTreeSet<Line> = releases(companion)
            .into_iter()
            .filter(|version| requirement.matches(version))
            .flat_map(|version| lines_of(companion, version))
            .collect();
        if lines.is_empty() || lines.contains(line) {
            continue;
        }
        let message = format!(
            "`{} = \"{requirement}\"` is of line {}, `{}` beside it of line {line}",
            shared.package,
            shown(&lines),
            beside.package,
        );
        findings.push(Finding {
            line: lines.last().map(Line::to_string),
            ..at(
                "mismatched-companion",
                message,
                trace::culprit(workspace, root, shared, None),
            )
        });
    }
    findings
}

fn companion<'m>(matrix: &'m Matrix, name: &str) -> Option<&'m Companion> {
    matrix
        .companions
        .iter()
        .find(|companion| companion.name == name)
}

fn releases(companion: &Companion) -> BTreeSet<&Version> {
    let cells = companion.cells.iter().flat_map(|cell| &cell.releases);
    cells
        .filter(|release| !release.yanked)
        .map(|release| &release.version)
        .collect()
}

/// Lines that a release serves.
fn lines_of(companion: &Companion, version: &Version) -> BTreeSet<Line> {
    companion
        .cells
        .iter()
        .filter(|cell| {
            cell.releases
                .iter()
                .any(|release| release.version == *version && release.fresh)
        })
        .map(|cell| cell.line)
        .collect()
}

fn shown(lines: &BTreeSet<Line>) -> String {
    let lines: Vec<String> = lines.iter().map(Line::to_string).collect();
    lines.join(", ")
}
