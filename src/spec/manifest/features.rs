//! What becomes of features on the way to another line.

use crate::plan::search::{Move, offers};
use crate::rules::FeatureChange;
use crate::spec::forwards::Forward;
use crate::spec::model::{FeatureFate, FeatureRow};
use crate::spec::requirements::{Moved, Moves};
/// What becomes of the features that the manifest asks for.
pub fn features(moves: &Moves<'_>) -> Vec<FeatureRow> {
    let mut rows = Vec::new();
    for one in &moves.all {
        let package = &one.requirement.package;
        if let Some(features) = one.features() {
            for feature in &features.remove {
                rows.push(feature_row(moves, one, feature));
            }
        } else if let Move::Replace { drop, .. } = &one.choice {
            rows.extend(drop.iter().map(|feature| FeatureRow {
                package: package.clone(),
                feature: feature.clone(),
                gone_in: None,
                fate: FeatureFate::Removed,
                advice: None,
                source: None,
            }));
        } else if one.choice == Move::Block {
            rows.extend(lost_features(moves, one));
        }
    }
    for forward in &moves.forwards {
        rows.push(forwarded(moves, forward));
    }
    rows.sort();
    rows.dedup();
    rows
}

/// A feature that one of the package's own turns on.
fn forwarded(moves: &Moves<'_>, forward: &Forward) -> FeatureRow {
    let changes = chain(moves, &forward.package, &forward.feature);
    let (first, last) = (changes.first(), changes.last());
    FeatureRow {
        package: forward.package.clone(),
        feature: forward.feature.clone(),
        gone_in: first.map(|change| change.gone_in.to_string()),
        fate: forward.fate.clone(),
        advice: last.map(|change| change.advice.clone()),
        source: last.map(|change| change.source.clone()),
    }
}

fn feature_row(moves: &Moves<'_>, one: &Moved, feature: &str) -> FeatureRow {
    let package = &one.requirement.package;
    let changes = chain(moves, package, feature);
    let first = changes.first();
    let last = changes.last();
    let fate = match last {
        None => {
            let features = one.features();
            let added = features.and_then(|moves| moves.add.first());
            added.map_or(FeatureFate::Removed, |to| FeatureFate::Switched {
                to: to.clone(),
            })
        }
        Some(change) => match (&change.moved_to_crate, &change.renamed_to) {
            (Some(other), new) => FeatureFate::Moved {
                package: other.clone(),
                to: new.clone().unwrap_or_else(|| change.feature.clone()),
            },
            (None, Some(to)) => FeatureFate::Renamed { to: to.clone() },
            (None, None) => FeatureFate::Removed,
        },
    };
    FeatureRow {
        package: package.clone(),
        feature: feature.to_owned(),
        gone_in: first.map(|change| change.gone_in.to_string()),
        fate,
        advice: last.map(|change| change.advice.clone()),
        source: last.map(|change| change.source.clone()),
    }
}

/// What the rules say of a feature up to the target: a new name may have been given up again.
fn chain<'m>(moves: &'m Moves<'_>, package: &str, feature: &str) -> Vec<&'m FeatureChange> {
    let mut found: Vec<&FeatureChange> = Vec::new();
    let to = moves
        .all
        .iter()
        .find(|one| one.requirement.package == package);
    let to = to.and_then(Moved::to).map(|(_, version)| version.clone());
    let mut feature = feature;
    while let Some(change) = moves.family.feature_change(package, feature) {
        let gone = to.as_ref().is_none_or(|to| *to >= change.gone_in);
        if !gone || found.iter().any(|one| one.feature == change.feature) {
            break;
        }
        found.push(change);
        match (&change.moved_to_crate, &change.renamed_to) {
            (None, Some(new)) => feature = new,
            _ => break,
        }
    }
    found
}

/// Features in use that no release for the target has, and of which no rule knows more.
fn lost_features(moves: &Moves<'_>, one: &Moved) -> Vec<FeatureRow> {
    let requirement = &one.requirement;
    let Some(registry) = &requirement.registry else {
        return Vec::new();
    };
    let releases = moves.index.releases(registry, &requirement.package).ok();
    let newest = releases.iter().flat_map(|all| all.iter().rev());
    let mut newest = newest.filter(|release| release.is_eligible());
    let serving = newest.find(|release| {
        moves.family.is_anchor(&requirement.package)
            && crate::skew::Line::of(&release.version) == moves.target
    });
    let Some(release) = serving else {
        return Vec::new();
    };
    let gone = requirement.features.iter();
    let gone = gone.filter(|feature| !offers(release, feature));
    gone.filter(|feature| {
        moves
            .family
            .feature_change(&requirement.package, feature)
            .is_none()
    })
    .map(|feature| FeatureRow {
        package: requirement.package.clone(),
        feature: feature.clone(),
        gone_in: None,
        fate: FeatureFate::Unknown,
        advice: None,
        source: None,
    })
    .collect()
}
