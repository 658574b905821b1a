//! Checks what no single entry shows: entries that contradict each other, names that lead nowhere.

use std::collections::BTreeSet;

use super::Rules;
use super::error::Mistake;
use super::layer::{Layer, LayerFamily, Origin, Placed};
use super::types::{BehaviourChange, Family};
use super::versions::overlap;

/// Checks a layer in itself and against the rules that it is to be laid over.
pub(super) fn layer(layer: &Layer, base: &Rules, mistakes: &mut Vec<Mistake>) {
    let mut check = Check { layer, mistakes };
    for part in &layer.families {
        check.family(part, base.family(&part.name.value));
    }
}

struct Check<'a> {
    layer: &'a Layer,
    mistakes: &'a mut Vec<Mistake>,
}

impl Check<'_> {
    fn mistake(&mut self, origin: Origin, message: String) {
        let (file, text) = &self.layer.files[origin.file];
        self.mistakes
            .push(Mistake::at(file, text, origin.offset, message));
    }

    fn family(&mut self, part: &LayerFamily, base: Option<&Family>) {
        self.twice("singleton", &part.singletons, |one, other| {
            one.name == other.name
        });
        self.twice("major", &part.majors, |one, other| one.name == other.name);
        self.twice("feature", &part.features, |one, other| {
            (&one.name, &one.feature) == (&other.name, &other.feature)
        });
        self.twice("behaviour", &part.behaviour, |one, other| {
            (&one.name, &one.first, &one.summary) == (&other.name, &other.first, &other.summary)
        });
        self.twice("successor", &part.successors, |one, other| {
            one.name == other.name
        });
        self.twice("release", &part.releases, |one, other| {
            (&one.name, &one.versions, &one.feature)
                == (&other.name, &other.versions, &other.feature)
                && one.flaw == other.flaw
        });
        self.twice("api", &part.api, |one, other| {
            (&one.path, &one.method, one.effect) == (&other.path, &other.method, other.effect)
                && one.with_methods == other.with_methods
                && one.crates.iter().any(|name| other.crates.contains(name))
                && overlap(one.versions.as_ref(), other.versions.as_ref())
        });
        self.twice("crate", &part.crates, |one, other| {
            one.name == other.name
                && one.versions.is_some() == other.versions.is_some()
                && overlap(one.versions.as_ref(), other.versions.as_ref())
        });
        self.anchors(part, base);
        self.facades(part, base);
        self.hops(part);
        self.successors(part, base);
    }

    /// Reports each entry that speaks of the same as an earlier one.
    fn twice<T>(&mut self, key: &str, entries: &[Placed<T>], same: impl Fn(&T, &T) -> bool) {
        for (at, entry) in entries.iter().enumerate() {
            let earlier = entries[..at]
                .iter()
                .find(|earlier| same(&earlier.value, &entry.value));
            let Some(earlier) = earlier else {
                continue;
            };
            let (file, text) = &self.layer.files[earlier.origin.file];
            let first = Mistake::at(file, text, earlier.origin.offset, "");
            let line = first.place.map_or(0, |(line, _)| line);
            let message = format!(
                "this `[[{key}]]` speaks of the same as the one in {file}, line {line}; expected \
                 entries that exclude each other, say by `versions`"
            );
            self.mistake(entry.origin, message);
        }
    }

    /// A new family needs a title, and something that its lines are lines of.
    fn anchors(&mut self, part: &LayerFamily, base: Option<&Family>) {
        if base.is_some() {
            return;
        }
        let name = &part.name.value;
        if part.title.is_none() {
            self.mistake(
                part.name.origin,
                format!("the new family `{name}` needs a key `title`"),
            );
        }
        if !part
            .singletons
            .iter()
            .any(|singleton| singleton.value.anchor)
        {
            let message = format!(
                "the new family `{name}` needs a `[[singleton]]` with `anchor = true`, whose \
                 releases are its lines"
            );
            self.mistake(part.name.origin, message);
        }
    }

    /// The releases that bound a behaviour come one after the other.
    fn hops(&mut self, part: &LayerFamily) {
        for change in &part.behaviour {
            let BehaviourChange {
                name,
                oldest,
                first,
                until,
                ..
            } = &change.value;
            if oldest.as_ref().is_some_and(|oldest| oldest >= first) {
                let message = format!("`from` of `{name}` must be a release before `in`, {first}");
                self.mistake(change.origin, message);
            }
            if until.as_ref().is_some_and(|until| until <= first) {
                let message = format!("`until` of `{name}` must be a release after `in`, {first}");
                self.mistake(change.origin, message);
            }
        }
    }

    /// A chain of successors has an end.
    fn successors(&mut self, part: &LayerFamily, base: Option<&Family>) {
        let next = |name: &str| {
            let new = part.successors.iter().map(|placed| &placed.value);
            let old = base.into_iter().flat_map(|family| &family.successors);
            new.chain(old)
                .find(|succession| succession.name == name)
                .map(|succession| succession.successor.as_str())
        };
        for succession in &part.successors {
            let name = succession.value.name.as_str();
            let mut seen = BTreeSet::from([name]);
            let mut at = name;
            while let Some(successor) = next(at) {
                if !seen.insert(successor) {
                    let message = format!("`{name}` is among its own successors");
                    self.mistake(succession.origin, message);
                    break;
                }
                at = successor;
            }
        }
    }

    fn facades(&mut self, part: &LayerFamily, base: Option<&Family>) {
        let is_anchor = |name: &str| {
            let new = part
                .singletons
                .iter()
                .find(|singleton| singleton.value.name == name);
            match new {
                Some(new) => new.value.anchor,
                None => base.is_some_and(|family| family.is_anchor(name)),
            }
        };
        for singleton in &part.singletons {
            let facades = &singleton.value.facade;
            for (at, facade) in facades.iter().enumerate() {
                if facade.of == singleton.value.name || !is_anchor(&facade.of) {
                    let message = format!(
                        "`{}` re-exports `{}`; expected another singleton with `anchor = true`",
                        singleton.value.name, facade.of
                    );
                    self.mistake(singleton.origin, message);
                }
                let versions = Some(&facade.versions);
                if facades[..at]
                    .iter()
                    .any(|other| overlap(Some(&other.versions), versions))
                {
                    let message = format!("the facades of `{}` overlap", singleton.value.name);
                    self.mistake(singleton.origin, message);
                }
            }
        }
    }
}
