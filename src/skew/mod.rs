//! Judges what is linked: lines, artifacts, liveness, evidence, findings. Pure functions of the
//! workspace, the rules and the sources; nothing here prints, or asks the network.

pub mod artifact;
pub mod builds;
pub mod clash;
pub mod code;
pub mod effects;
pub mod evidence;
pub mod family;
pub mod findings;
pub mod in_use;
pub mod judge;
pub mod judgement;
pub mod line;
pub mod liveness;
pub mod locked;
pub mod reach;
pub mod rows;
pub mod singletons;
pub mod trace;

pub use line::Line;

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::Utf8PathBuf;
use guppy::platform::Platform;

use crate::registry::Index;
use crate::report::{
    Artifact, Basis, Finding, Level, Report, SCHEMA_VERSION, Summary, Tool, Verdict,
};
use crate::rules::{Family, Rules};
use crate::workspace::build::Target;
use crate::workspace::load::Unresolvable;
use crate::workspace::{
    Completeness, Features, Manifest, Packages, Selection, Workspace, WorkspaceError,
};

use code::Code;
use findings::Context;

/// Which builds to judge.
#[derive(Debug, Clone)]
pub struct Request {
    pub commands: Vec<Command>,
}

/// What a cargo command line selects.
#[derive(Debug, Clone)]
pub struct Command {
    /// None for every member alone, and all together.
    pub selection: Option<Selection>,
    pub features: Features,
    pub targets: Vec<Target>,
}

/// The platform this program was built for, where rustc was not asked.
///
/// # Errors
/// Where that platform is unknown to the tables in use.
pub fn this_platform() -> Result<Arc<Platform>, WorkspaceError> {
    Platform::build_target()
        .map(Arc::new)
        .map_err(|error| WorkspaceError::UnknownTarget {
            triple: "the host".into(),
            message: error.to_string(),
        })
}

/// Judges a workspace.
///
/// # Errors
/// Where the request names what the workspace has not.
pub fn analyse(
    workspace: &Workspace,
    packages: &Packages<'_>,
    rules: &Rules,
    request: &Request,
    code: &dyn Code,
    index: Option<&dyn Index>,
) -> Result<Report, WorkspaceError> {
    let mut artifacts = Vec::new();
    let mut found = Vec::new();
    for family in &rules.families {
        let (rows, findings) = family_of(workspace, packages, family, request, (code, index))?;
        artifacts.extend(rows);
        found.extend(findings);
    }
    let (basis, notes) = match &workspace.completeness {
        Completeness::Full => (Basis::Graph, Vec::new()),
        Completeness::Partial { reason } => {
            (Basis::PartialGraph, vec![format!("partial: {reason}")])
        }
    };
    let mut report = report(
        basis,
        notes,
        artifacts,
        found,
        &workspace.root,
        &workspace.manifests,
    );
    report.folders = folders(workspace, packages);
    Ok(report)
}

/// Where members stand, by what the report calls them.
fn folders(workspace: &Workspace, packages: &Packages<'_>) -> BTreeMap<String, String> {
    let members = packages.iter().filter(|(_, one)| one.in_workspace());
    let folder = |(number, package): (usize, guppy::graph::PackageMetadata<'_>)| {
        let folder = package.manifest_path().parent()?;
        let folder = trace::relative(&workspace.root, folder);
        Some((packages.label(number), folder))
    };
    members.filter_map(folder).collect()
}

fn family_of(
    workspace: &Workspace,
    packages: &Packages<'_>,
    family: &Family,
    request: &Request,
    (code, index): (&dyn Code, Option<&dyn Index>),
) -> Result<(Vec<Artifact>, Vec<Finding>), WorkspaceError> {
    let graph = family::FamilyGraph::new(family, packages);
    let units = units(workspace, packages, &graph, request)?;
    let context = Context {
        workspace,
        packages,
        graph: &graph,
        units: &units,
        code,
        known: &effects::Known::default(),
    };
    let usual = request.commands.iter();
    let mut usual = usual.filter(|command| command.features == Features::default());
    let target = usual.next().and_then(|command| command.targets.first());
    // None of these needs what another finds.
    let (judged, (indexed, latent)) = rayon::join(
        || findings::lines::judge_all(&context),
        || {
            rayon::join(
                || index.map(|index| from_index(&context, index)),
                || target.map(|target| findings::latent::latent(&context, target)),
            )
        },
    );
    let mut artifacts = Vec::new();
    let mut found = Vec::new();
    for judged in judged {
        artifacts.extend(judged.rows);
        found.extend(judged.findings);
    }
    found.extend(findings::confined::confined(&context));
    found.extend(findings::confined::separate(&context));
    found.extend(findings::declared::uninherited(&context));
    found.extend(findings::declared::ignored(&context));
    found.extend(findings::declared::mismatched(&context));
    found.extend(findings::releases::releases(&context));
    found.extend(findings::linked::pipelines(&context));
    found.extend(findings::linked::line_features(&context));
    found.extend(findings::linked::foreign_majors(&context));
    found.extend(indexed.unwrap_or_default());
    found.extend(findings::latent::unresolved(&context));
    found.extend(latent.transpose()?.unwrap_or_default());
    Ok((artifacts, found))
}

/// What releases that the graph does not hold would change. An index that fails has nothing to say:
/// the verdicts rest on the graph.
fn from_index(context: &Context<'_, '_>, index: &dyn Index) -> Vec<Finding> {
    let family = context.graph.family;
    let mut in_use = in_use::in_use(context.packages, family, context.graph, context.units);
    in_use.extend(in_use::declared_only(context.workspace, family, &in_use));
    let Ok(matrix) = crate::matrix::matrix(family, &in_use, index) else {
        return Vec::new();
    };
    let mut found = findings::update::updates(context, &matrix);
    found.extend(findings::update::uninherited(context, &matrix));
    found
}

/// What the requested builds link.
///
/// # Errors
/// Where the request names what the workspace has not.
pub fn units<'g>(
    workspace: &Workspace,
    packages: &Packages<'g>,
    graph: &family::FamilyGraph<'_>,
    request: &Request,
) -> Result<Vec<artifact::LinkUnit<'g>>, WorkspaceError> {
    let commands = request.commands.iter();
    let builds = commands.flat_map(|command| {
        builds::builds(
            packages,
            graph,
            command.selection.as_ref(),
            &command.features,
            &command.targets,
        )
    });
    let plan = artifact::BuildPlan {
        builds: builds.collect(),
        resolver: workspace.resolver,
        shipped_only: false,
    };
    artifact::link_units(packages, graph, &plan)
}

/// The report on a workspace that cargo could not resolve.
pub fn unresolvable(failure: &Unresolvable, rules: &Rules) -> Report {
    let found = vec![findings::unresolvable::unresolvable(failure, rules)];
    let mut report = report(
        Basis::Unresolvable,
        Vec::new(),
        Vec::new(),
        found,
        &failure.root,
        &failure.manifests,
    );
    let members = failure.manifests.iter();
    let members = members.filter_map(|(path, manifest)| {
        let folder = trace::relative(&failure.root, path.parent()?);
        Some((manifest.package.clone()?, folder))
    });
    report.folders = members.collect();
    report
}

/// Puts rows and findings together.
pub fn report(
    basis: Basis,
    notes: Vec<String>,
    artifacts: Vec<Artifact>,
    found: Vec<Finding>,
    root: &camino::Utf8Path,
    manifests: &BTreeMap<Utf8PathBuf, Manifest>,
) -> Report {
    let findings = findings::settle(found);
    let mut artifacts = rows::merge(artifacts);
    worst(&mut artifacts, &findings);
    let texts: BTreeMap<String, Arc<str>> = manifests
        .iter()
        .map(|(path, manifest)| (trace::relative(root, path), manifest.text.clone()))
        .collect();
    let mut report = Report {
        schema_version: SCHEMA_VERSION,
        tool: Tool {
            name: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
        },
        basis,
        notes,
        summary: Summary::default(),
        artifacts,
        findings,
        comparison: None,
        texts,
        folders: BTreeMap::new(),
    };
    report.summary = summary(&report);
    report
}

/// Gives each artifact the worst verdict among its findings.
pub fn worst(artifacts: &mut [Artifact], findings: &[Finding]) {
    for artifact in artifacts {
        artifact.verdict = findings
            .iter()
            .filter(|finding| {
                finding.artifact.as_ref() == Some(&artifact.id)
                    && finding
                        .target
                        .as_ref()
                        .is_none_or(|target| *target == artifact.target)
                    && (finding.builds.is_empty()
                        || finding
                            .builds
                            .iter()
                            .any(|build| artifact.builds.contains(build)))
            })
            .filter_map(|finding| finding.verdict)
            .min();
    }
}

/// Counts of a report.
pub fn summary(report: &Report) -> Summary {
    let level = |level: Level| report.findings.iter().filter(|f| f.level == level).count();
    let mut shipped: BTreeMap<&str, Option<Verdict>> = BTreeMap::new();
    for artifact in &report.artifacts {
        if artifact.class.is_shipped() {
            let entry = shipped.entry(&artifact.id).or_default();
            *entry = [*entry, artifact.verdict].into_iter().flatten().min();
        }
    }
    Summary {
        artifacts: shipped.len(),
        affected: shipped
            .values()
            .filter(|verdict| verdict.is_some_and(|verdict| verdict <= Verdict::TypeClash))
            .count(),
        deny: level(Level::Deny),
        warn: level(Level::Warn),
        note: level(Level::Note),
    }
}
