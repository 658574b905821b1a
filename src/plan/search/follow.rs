//! How features move with a release.

use std::collections::BTreeSet;

use crate::matrix::selection::selectors;
use crate::registry::Release;

use super::super::local::Requirement;
use super::links::offers;
use super::{FeatureMoves, Question};

/// What became of a feature in a release that does not have it.
enum Fate {
    Renamed(String),
    /// Package, feature.
    Elsewhere(String, String),
    /// It is not needed any more.
    Gone,
}

/// None where no rule tells.
fn fate(
    question: &Question<'_>,
    requirement: &Requirement,
    release: &Release,
    feature: &str,
) -> Option<Fate> {
    let mut feature = feature;
    let mut seen = BTreeSet::new();
    // A new name may have been given up for yet another one.
    while seen.insert(feature) {
        let change = question
            .family
            .feature_change(&requirement.package, feature)?;
        if release.version < change.gone_in {
            return None;
        }
        let new = change.renamed_to.as_deref();
        match (&change.moved_to_crate, new) {
            (Some(other), new) => {
                let new = new.unwrap_or(feature).to_owned();
                return Some(Fate::Elsewhere(other.clone(), new));
            }
            (None, None) => return Some(Fate::Gone),
            (None, Some(new)) if offers(release, new) => {
                return Some(Fate::Renamed(new.to_owned()));
            }
            (None, Some(new)) => feature = new,
        }
    }
    None
}

/// What becomes of the chosen features in a release, some left aside; none where one is gone and no
/// rule says where.
pub fn follow(
    question: &Question<'_>,
    requirement: &Requirement,
    release: &Release,
    aside: &dyn Fn(&str) -> bool,
) -> Option<FeatureMoves> {
    let mut moves = FeatureMoves::default();
    for feature in &requirement.features {
        if offers(release, feature) || aside(feature) {
            continue;
        }
        match fate(question, requirement, release, feature)? {
            Fate::Renamed(new)
                if requirement.features.contains(&new) || moves.add.contains(&new) => {}
            Fate::Renamed(new) => moves.add.push(new),
            Fate::Elsewhere(other, new) => {
                let moved = (other, new);
                if !moves.elsewhere.contains(&moved) {
                    moves.elsewhere.push(moved);
                }
            }
            Fate::Gone => {}
        }
        moves.remove.push(feature.clone());
    }
    Some(moves)
}

/// Chosen features that a release does not have, and of which no rule says where they went.
pub fn missing<'r>(
    question: &Question<'_>,
    requirement: &'r Requirement,
    release: &Release,
) -> Vec<&'r str> {
    let features = requirement.features.iter().map(String::as_str);
    features
        .filter(|feature| !offers(release, feature))
        .filter(|feature| fate(question, requirement, release, feature).is_none())
        .collect()
}

/// Other features that choose the line, in the place of the chosen ones.
pub fn switches(
    question: &Question<'_>,
    requirement: &Requirement,
    release: &Release,
) -> Vec<FeatureMoves> {
    let rule = question
        .family
        .crate_rule(&requirement.package, &release.version);
    let Some(lines) = rule.and_then(|rule| rule.line_features.as_ref()) else {
        return Vec::new();
    };
    // A release may have given up the old one.
    let rest = follow(question, requirement, release, &|feature| {
        lines.chooses(feature)
    });
    let Some(rest) = rest else {
        return Vec::new();
    };
    let all = requirement.features.iter();
    let chosen: Vec<&String> = all.filter(|feature| lines.chooses(feature)).collect();
    let others: BTreeSet<String> = release
        .dependencies
        .iter()
        .filter(|dep| dep.optional && question.leads_on(&dep.name))
        .flat_map(|dep| selectors(release, dep))
        .filter(|feature| lines.chooses(feature) && !chosen.contains(&feature))
        .collect();
    let switched = others.into_iter().map(|feature| {
        let mut moves = rest.clone();
        moves.remove.extend(chosen.iter().map(|one| (*one).clone()));
        moves.add.push(feature);
        moves
    });
    switched.collect()
}
