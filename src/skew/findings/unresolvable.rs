//! A workspace that cargo cannot resolve, explained.

use crate::report::{Culprit, Evidence, EvidenceKind, Finding, PathStep, Verdict};
use crate::rules::{Family, Rules};
use crate::skew::trace::culprit_below;
use crate::workspace::load::Unresolvable;
use crate::workspace::resolve_error::{Cause, Requirer};
use crate::workspace::{Declared, Manifest};

use super::finding;

/// The finding for a failed resolution.
pub fn unresolvable(failure: &Unresolvable, rules: &Rules) -> Finding {
    let error = &failure.error;
    let dependency = error.cause.dependency().unwrap_or_default();
    let family = rules.families.iter().find(|family| {
        let chains = error.chain.iter().chain(&error.other_chain);
        family.knows(dependency) || chains.into_iter().any(|step| family.knows(&step.package))
    });
    let (message, mut help) = words(&error.cause, &error.chain, family);
    let culprits: Vec<Culprit> = [&error.chain, &error.other_chain]
        .into_iter()
        .filter_map(|chain| culprit(failure, chain))
        .collect();
    let mut culprits = culprits.into_iter();
    if family.is_none() {
        help.push("the crates of this conflict are of no family that the rules know".into());
    }
    Finding {
        verdict: Some(Verdict::Unresolvable),
        consequence: Some("nothing can be built until it resolves".into()),
        introducer: error
            .chain
            .first()
            .map(|step| format!("{}@{}", step.package, step.version)),
        path: path(&error.chain),
        culprit: culprits.next(),
        also_through: culprits.collect(),
        evidence: vec![Evidence {
            kind: EvidenceKind::Graph,
            package: None,
            file: None,
            line: None,
            column: None,
            text: error.message.clone(),
            source: Some(failure.command.clone()),
        }],
        help,
        ..finding("unresolvable", message)
    }
}

fn words(cause: &Cause, chain: &[Requirer], family: Option<&Family>) -> (String, Vec<String>) {
    let who = chain.first().map_or_else(
        || "a package".to_owned(),
        |step| format!("`{}`", step.package),
    );
    match cause {
        Cause::MissingFeature {
            dependency,
            requirement,
            feature,
            available,
        } => {
            let version = requirement.as_deref().unwrap_or("*");
            let mut help = Vec::new();
            let version_line = version.trim_start_matches(['^', '=', '~', '>', '<', ' ']);
            let change = family.and_then(|family| family.feature_change(dependency, feature));
            if let Some(change) = change {
                help.push(format!("{} (since {})", change.advice, change.gone_in));
            }
            if !available.is_empty() {
                help.push(format!(
                    "features of {dependency} {version_line}: {}",
                    available.join(", ")
                ));
            }
            (
                format!(
                    "{who} asks {dependency} {version} for the feature `{feature}`, which no such release has"
                ),
                help,
            )
        }
        Cause::Conflict {
            dependency,
            requirement,
            selected,
            selected_requirement,
        } => {
            let wanted = requirement.as_deref().unwrap_or("another version");
            let held = selected_requirement
                .as_deref()
                .unwrap_or("another requirement");
            (
                format!("{who} needs {dependency} {wanted}, and {selected} is held by {held}"),
                vec![format!(
                    "bring both requirements on {dependency} to versions that allow each other"
                )],
            )
        }
        Cause::NoVersion {
            dependency,
            requirement,
        } => (
            format!("{who} needs {dependency} {requirement}, and no release matches"),
            vec![format!(
                "`cargo info {dependency}` shows the newest release"
            )],
        ),
        Cause::NoPackage { dependency } => (
            format!("{who} needs {dependency}, and the registry has no such package"),
            vec!["check the spelling (`-` and `_` differ), or the registry it is from".into()],
        ),
        Cause::Other { .. } => ("cargo cannot resolve the workspace".into(), Vec::new()),
    }
}

/// From the member down to the crate that fails.
fn path(chain: &[Requirer]) -> Vec<PathStep> {
    let mut steps: Vec<PathStep> = Vec::new();
    for step in chain.iter().rev() {
        let requirement = steps
            .is_empty()
            .then_some(())
            .map_or_else(|| chain_requirement(chain, &step.package), |()| None);
        steps.push(PathStep {
            package: format!("{}@{}", step.package, step.version),
            requirement,
        });
    }
    if let Some(first) = chain.first() {
        steps.push(PathStep {
            package: first.dependency.clone(),
            requirement: first.requirement.clone(),
        });
    }
    steps
}

fn chain_requirement(chain: &[Requirer], package: &str) -> Option<String> {
    let above = chain.iter().find(|step| step.dependency == package)?;
    above.requirement.clone()
}

/// The requirement of the last member on the chain, seen from the crate that fails.
fn culprit(failure: &Unresolvable, chain: &[Requirer]) -> Option<Culprit> {
    let root = failure.manifests.get(&failure.root.join("Cargo.toml"));
    for step in chain {
        let Some(folder) = &step.path else {
            continue;
        };
        let Some(manifest) = failure.manifests.get(&folder.join("Cargo.toml")) else {
            continue;
        };
        let Some(declared) = declared(manifest, step) else {
            continue;
        };
        if declared.inherited
            && let Some(root) = root
            && let Some(shared) = root
                .workspace_dependencies
                .iter()
                .find(|d| d.key == declared.key)
        {
            let (line, _) = manifest.position(declared);
            let by = crate::skew::trace::relative(&failure.root, &manifest.path);
            return Some(culprit_below(
                &failure.root,
                root,
                shared,
                Some(format!("{by}:{line}")),
            ));
        }
        return Some(culprit_below(&failure.root, manifest, declared, None));
    }
    None
}

fn declared<'a>(manifest: &'a Manifest, step: &Requirer) -> Option<&'a Declared> {
    manifest
        .dependencies
        .iter()
        .find(|declared| declared.package == step.dependency)
}
