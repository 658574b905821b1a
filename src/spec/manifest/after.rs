//! What is different afterwards although nothing says so: behaviour, and what takes the place of crates
//! that have ended.

use std::collections::BTreeSet;

use crate::plan::search::Move;
use crate::rules::recipes::{self, Recipes, SettingKind};
use crate::spec::model::{Behaviour, Migration, Setting};
use crate::spec::requirements::Moves;
/// What the packages that move do otherwise afterwards.
pub fn behaviour(moves: &Moves<'_>) -> Vec<Behaviour> {
    let mut rows = Vec::new();
    for one in &moves.all {
        let (Some(from), Some((name, to))) = (&one.today, one.to()) else {
            continue;
        };
        if name != one.requirement.package {
            continue;
        }
        let changes = moves.family.behaviour_changes(name, from, to);
        rows.extend(changes.into_iter().map(|change| Behaviour {
            name: change.name.clone(),
            since: change.first.to_string(),
            summary: change.summary.clone(),
            advice: change.advice.clone(),
            source: change.source.clone(),
        }));
    }
    let mut seen = BTreeSet::new();
    rows.retain(|row| seen.insert(row.clone()));
    rows
}

/// Crates that have ended, and what takes their place.
pub fn migrations(moves: &Moves<'_>) -> Vec<Migration> {
    let recipes = Recipes::shipped(&moves.family.name);
    let mut found = Vec::new();
    for one in &moves.all {
        let name = &one.requirement.package;
        let replaced = matches!(one.choice, Move::Replace { .. } | Move::Block);
        if !replaced && !moves.family.has_ended(name) {
            continue;
        }
        let Some(succession) = moves.family.succession(name) else {
            continue;
        };
        let known = recipes.migration(name);
        found.push(match known {
            Some(known) => Migration {
                needed: replaced,
                name: name.clone(),
                successor: known.successor.clone(),
                advice: Some(known.advice.clone()),
                settings: known.settings.iter().map(setting).collect(),
                source: known.source.clone(),
            },
            None => Migration {
                needed: replaced,
                name: name.clone(),
                successor: succession.successor,
                advice: succession.advice,
                settings: Vec::new(),
                source: succession.source,
            },
        });
    }
    found.sort();
    found.dedup();
    found
}

fn setting(one: &recipes::Setting) -> Setting {
    let with = |name: &Option<String>, default: &Option<String>| match (name, default) {
        (Some(name), Some(default)) => Some(format!("{name} ({default} by default)")),
        (Some(name), None) => Some(name.clone()),
        (None, default) => default.clone(),
    };
    Setting {
        what: match one.kind {
            SettingKind::Environment => "environment variable",
            SettingKind::Port => "port",
            SettingKind::Protocol => "protocol",
            SettingKind::Code => "code",
        }
        .to_owned(),
        before: with(&one.old, &one.old_default),
        after: with(&one.new, &one.new_default),
        note: one.note.clone(),
        source: one.source.clone(),
    }
}
