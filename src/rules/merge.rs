//! Lays one layer of rules over the families that are known so far. What takes the place of what
//! stands at [`Rules::with_files`].

use std::collections::BTreeMap;

use super::Rules;
use super::layer::{Layer, LayerFamily, Placed};
use super::types::{CrateRule, Family};

pub(super) fn apply(rules: &mut Rules, layer: Layer) {
    for part in layer.families {
        let known = rules
            .families
            .iter()
            .position(|family| family.name == part.name.value);
        let at = known.unwrap_or_else(|| {
            rules.families.push(Family {
                name: part.name.value.clone(),
                ..Family::default()
            });
            rules.families.len() - 1
        });
        apply_family(&mut rules.families[at], part);
    }
}

fn apply_family(family: &mut Family, part: LayerFamily) {
    if let Some(title) = part.title {
        family.title = title;
    }
    lay(&mut family.singletons, part.singletons, |old, new| {
        old.name == new.name
    });
    lay(&mut family.majors, part.majors, |old, new| {
        old.name == new.name
    });
    lay(&mut family.api, part.api, |old, new| {
        (&old.path, &old.method, old.effect) == (&new.path, &new.method, new.effect)
            && (&old.crates, &old.versions) == (&new.crates, &new.versions)
    });
    lay(&mut family.releases, part.releases, |old, new| {
        (&old.name, old.flaw) == (&new.name, new.flaw)
            && (&old.versions, &old.feature) == (&new.versions, &new.feature)
    });
    lay(&mut family.features, part.features, |old, new| {
        (&old.name, &old.feature) == (&new.name, &new.feature)
    });
    lay(&mut family.behaviour, part.behaviour, |old, new| {
        (&old.name, &old.first, &old.summary) == (&new.name, &new.first, &new.summary)
    });
    lay(&mut family.successors, part.successors, |old, new| {
        old.name == new.name
    });
    apply_crates(family, part.crates);
}

/// Puts each new entry in the place of the old one that is the same, or at the end.
fn lay<T>(entries: &mut Vec<T>, new: Vec<Placed<T>>, same: impl Fn(&T, &T) -> bool) {
    let old = entries.len();
    for Placed { value, .. } in new {
        match entries[..old].iter().position(|entry| same(entry, &value)) {
            Some(at) => entries[at] = value,
            None => entries.push(value),
        }
    }
}

fn apply_crates(family: &mut Family, new: Vec<Placed<CrateRule>>) {
    let (special, general): (Vec<_>, Vec<_>) = new
        .into_iter()
        .map(|rule| rule.value)
        .partition(|rule| rule.versions.is_some());
    let mut by_name: BTreeMap<String, Vec<CrateRule>> = BTreeMap::new();
    for rule in special.into_iter().chain(general) {
        by_name.entry(rule.name.clone()).or_default().push(rule);
    }
    for (name, mut rules) in by_name {
        let old = family.crates.remove(&name).unwrap_or_default();
        if rules.iter().all(|rule| rule.versions.is_some()) {
            let kept = |old: &CrateRule| rules.iter().all(|rule| rule.versions != old.versions);
            let old: Vec<_> = old.into_iter().filter(kept).collect();
            rules.extend(old);
        }
        family.crates.insert(name, rules);
    }
}
