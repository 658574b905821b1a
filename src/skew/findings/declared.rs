//! Findings about what manifests declare, whether or not it is linked.

use std::collections::BTreeSet;

use crate::report::Finding;
use crate::rules::Role;
use crate::skew::Line;
use crate::skew::trace;
use crate::workspace::requirement::lowest;
use crate::workspace::{Declared, Manifest};

use super::{Context, at};

/// Requirements in `[workspace.dependencies]` that no member inherits.
pub fn uninherited(context: &Context<'_, '_>) -> Vec<Finding> {
    let workspace = context.workspace;
    let Some(root) = workspace.manifests.get(&workspace.root.join("Cargo.toml")) else {
        return Vec::new();
    };
    let inherited: BTreeSet<&str> = workspace
        .manifests
        .values()
        .flat_map(|manifest| &manifest.dependencies)
        .filter(|declared| declared.inherited)
        .map(|declared| declared.key.as_str())
        .collect();
    root.workspace_dependencies
        .iter()
        .filter(|shared| !inherited.contains(shared.key.as_str()))
        .filter(|shared| context.graph.family.knows(&shared.package))
        .map(|shared| {
            let message = format!(
                "`{}` is declared for the workspace, and no member inherits it",
                shared.key
            );
            Finding {
                consequence: Some(
                    "it takes part in nothing: no member links it by this requirement".into(),
                ),
                help: vec![format!(
                    "write `{}.workspace = true` in the member that needs it, or delete the line",
                    shared.key
                )],
                ..at(
                    "uninherited-requirement",
                    message,
                    trace::culprit(workspace, root, shared, None),
                )
            }
        })
        .collect()
}

/// Dependencies that cargo ignores, since they have no library.
pub fn ignored(context: &Context<'_, '_>) -> Vec<Finding> {
    let workspace = context.workspace;
    let mut findings = Vec::new();
    for (package, dependency) in &workspace.ignored {
        let named = |manifest: &&Manifest| manifest.package.as_ref() == Some(package);
        let Some(manifest) = workspace.manifests.values().find(named) else {
            continue;
        };
        let Some(declared) = manifest
            .dependencies
            .iter()
            .find(|declared| declared.package == *dependency || declared.key == *dependency)
        else {
            continue;
        };
        let message = format!(
            "cargo ignores the dependency `{dependency}` of `{package}`: it has no library"
        );
        findings.push(Finding {
            consequence: Some(
                "nothing of it is built or linked; only a warning of cargo's says so".into(),
            ),
            help: vec![format!(
                "add `src/lib.rs` or a `[lib]` section to `{dependency}`, or delete the requirement"
            )],
            ..at(
                "ignored-dependency",
                message,
                trace::culprit(workspace, manifest, declared, None),
            )
        });
    }
    findings
}

/// Companions whose requirement is of another line than the API's requirement beside it.
pub fn mismatched(context: &Context<'_, '_>) -> Vec<Finding> {
    let workspace = context.workspace;
    let root = workspace.manifests.get(&workspace.root.join("Cargo.toml"));
    let mut findings = Vec::new();
    for manifest in workspace.manifests.values() {
        let entries: Vec<(&Manifest, &Declared)> = manifest
            .dependencies
            .iter()
            .filter_map(|declared| resolve(manifest, declared, root))
            .collect();
        findings.extend(mismatches(context, manifest.package.as_deref(), &entries));
    }
    if let Some(root) = root {
        let entries: Vec<_> = root
            .workspace_dependencies
            .iter()
            .map(|shared| (root, shared))
            .collect();
        findings.extend(mismatches(context, None, &entries));
    }
    findings.sort();
    findings.dedup();
    findings
}

/// The entry that holds the requirement: its own, or the one inherited.
fn resolve<'a>(
    manifest: &'a Manifest,
    declared: &'a Declared,
    root: Option<&'a Manifest>,
) -> Option<(&'a Manifest, &'a Declared)> {
    if !declared.inherited {
        return Some((manifest, declared));
    }
    let root = root?;
    let shared = root
        .workspace_dependencies
        .iter()
        .find(|shared| shared.key == declared.key)?;
    Some((root, shared))
}

fn mismatches(
    context: &Context<'_, '_>,
    package: Option<&str>,
    entries: &[(&Manifest, &Declared)],
) -> Vec<Finding> {
    let family = context.graph.family;
    let mut api: Vec<(Line, &Declared)> = Vec::new();
    for (_, declared) in entries {
        if family
            .anchors()
            .any(|anchor| anchor.name == declared.package)
        {
            api.extend(line_of_requirement(declared).map(|line| (line, *declared)));
        }
    }
    // Two API requirements beside each other are two lines on purpose: nothing can be said of what
    // stands beside them.
    let lines: BTreeSet<Line> = api.iter().map(|(line, _)| *line).collect();
    let (Some(line), Some((_, beside))) = (lines.first().filter(|_| lines.len() == 1), api.first())
    else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for (manifest, declared) in entries {
        let known = family.knows(&declared.package);
        let anchor = family
            .anchors()
            .any(|anchor| anchor.name == declared.package);
        if !known || anchor {
            continue;
        }
        let lines = companion_lines(context, package, declared);
        if lines.is_empty() || lines.contains(line) {
            continue;
        }
        let shown: Vec<String> = lines.iter().map(Line::to_string).collect();
        let message = format!(
            "`{}` is of line {}, `{}` beside it of line {line}",
            requirement(declared),
            shown.join(", "),
            requirement(beside),
        );
        findings.push(Finding {
            line: shown.first().cloned(),
            help: vec![format!(
                "`cargo otel-check matrix` shows the releases of {} for line {line}",
                declared.package
            )],
            ..at(
                "mismatched-companion",
                message,
                trace::culprit(context.workspace, manifest, declared, None),
            )
        });
    }
    findings
}

fn requirement(declared: &Declared) -> String {
    let version = declared.requirement.as_deref().unwrap_or("*");
    format!("{} = \"{version}\"", declared.package)
}

/// The one line that a requirement on the API itself allows; none where it allows several.
pub fn line_of_requirement(declared: &Declared) -> Option<Line> {
    let requirement = semver::VersionReq::parse(declared.requirement.as_deref()?).ok()?;
    let [comparator] = requirement.comparators.as_slice() else {
        return None;
    };
    match comparator.op {
        semver::Op::Exact | semver::Op::Tilde | semver::Op::Caret => {
            let several = comparator.major == 0 && comparator.minor.is_none();
            let line = lowest(&requirement).map(|version| Line::of(&version));
            line.filter(|_| !several)
        }
        _ => None,
    }
}

/// Lines that a companion is on, as the graph resolved the requirement.
fn companion_lines(
    context: &Context<'_, '_>,
    package: Option<&str>,
    declared: &Declared,
) -> BTreeSet<Line> {
    let packages = context.packages;
    let mut lines = BTreeSet::new();
    for member in packages.graph().workspace().iter() {
        if package.is_some_and(|package| member.name() != package) {
            continue;
        }
        for link in member.direct_links() {
            if link.dep_name() != declared.key || link.to().name() != declared.package {
                continue;
            }
            let number = packages.number(link.to().id());
            let inert = context.graph.has_role(number, Role::Wire)
                || context.graph.has_role(number, Role::Constants);
            // A crate whose line features choose is judged by those features.
            let chosen = context
                .graph
                .rule(number)
                .is_some_and(|rule| rule.line_features.is_some());
            if !inert && !chosen {
                lines.extend(direct_lines(context, number));
            }
        }
    }
    lines
}

/// Lines of the anchors that a package depends on itself, in the whole graph.
fn direct_lines(context: &Context<'_, '_>, number: usize) -> BTreeSet<Line> {
    let packages = context.packages;
    let mut lines = BTreeSet::new();
    for link in packages.get(number).direct_links() {
        let to = packages.number(link.to().id());
        if context.graph.is_anchor(to) && link.normal().is_present() {
            lines.insert(Line::of(link.to().version()));
        }
    }
    if lines.is_empty() {
        for link in packages.get(number).direct_links() {
            let to = packages.number(link.to().id());
            if context.graph.is_core(to)
                && !context.graph.is_anchor(to)
                && link.normal().is_present()
            {
                lines.extend(direct_lines(context, to));
            }
        }
    }
    lines
}
