//! What can be asked of the rules.

use std::collections::BTreeSet;

use semver::{Version, VersionReq};

use super::Rules;
use super::types::{
    ApiPattern, BehaviourChange, CrateRule, Family, FeatureChange, Flaw, LineFeatures, MajorRule,
    ReleaseRule, Role, Singleton, Succession,
};
use super::versions::{applies, is_before};

impl Rules {
    /// Every package that some rule speaks of: the verdicts depend on no others, nor on packages from
    /// which none of these can be reached.
    pub fn named_crates(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for family in &self.families {
            names.extend(family.names());
            for rule in &family.releases {
                names.insert(&rule.name);
                names.extend(rule.beside.as_ref().map(|beside| beside.name.as_str()));
            }
            names.extend(family.majors.iter().map(|rule| rule.name.as_str()));
            names.extend(
                family
                    .api
                    .iter()
                    .flat_map(|p| &p.crates)
                    .map(String::as_str),
            );
        }
        names.into_iter().map(str::to_owned).collect()
    }
}

impl Family {
    /// The rule for a release of a crate: of those that speak of its version the most specific, which
    /// is a rule with `versions` before one without. A pre-release counts as the release that it
    /// leads up to, see [`applies`].
    pub fn crate_rule(&self, name: &str, version: &Version) -> Option<&CrateRule> {
        let rules = self.crates.get(name)?;
        rules
            .iter()
            .find(|rule| applies(rule.versions.as_ref(), version))
    }

    /// Whether this release carries a line without introducing it, see [`CrateRule::core`].
    pub fn is_core(&self, name: &str, version: &Version) -> bool {
        self.crate_rule(name, version).is_some_and(|rule| rule.core)
    }

    /// The singleton of that name.
    pub fn singleton(&self, name: &str) -> Option<&Singleton> {
        self.singletons
            .iter()
            .find(|singleton| singleton.name == name)
    }

    pub fn is_singleton(&self, name: &str) -> bool {
        self.singleton(name).is_some()
    }

    /// The crates that define the lines.
    pub fn anchors(&self) -> impl Iterator<Item = &Singleton> {
        self.singletons.iter().filter(|singleton| singleton.anchor)
    }

    pub fn is_anchor(&self, name: &str) -> bool {
        self.singleton(name)
            .is_some_and(|singleton| singleton.anchor)
    }

    /// The crate that holds the statics behind a release of a singleton: itself, or the one that it
    /// re-exports. The line of that crate is the line of both.
    pub fn statics_holder<'a>(&'a self, name: &'a str, version: &Version) -> &'a str {
        let facades = self
            .singleton(name)
            .map_or(&[][..], |singleton| &singleton.facade);
        facades
            .iter()
            .find(|facade| applies(Some(&facade.versions), version))
            .map_or(name, |facade| &facade.of)
    }

    /// Whether a warning speaks of some release of this package.
    pub fn has_release_rules(&self, name: &str) -> bool {
        self.releases.iter().any(|rule| rule.name == name)
    }

    /// What naming or calling something of this release means.
    pub fn patterns<'a>(
        &'a self,
        name: &'a str,
        version: &'a Version,
    ) -> impl Iterator<Item = &'a ApiPattern> {
        self.api
            .iter()
            .filter(move |pattern| pattern.offered_by(name, version))
    }

    /// Warnings about a release as it is linked. `enabled` says whether a feature of it is on;
    /// `linked`, whether a package of such a version is linked too (ask [`applies`] for each).
    pub fn release_rules<'a>(
        &'a self,
        name: &'a str,
        version: &'a Version,
        enabled: impl Fn(&str) -> bool + 'a,
        linked: impl Fn(&str, &VersionReq) -> bool + 'a,
    ) -> impl Iterator<Item = &'a ReleaseRule> {
        self.releases.iter().filter(move |rule| {
            rule.name == name
                && applies(rule.versions.as_ref(), version)
                && rule.feature.as_deref().is_none_or(&enabled)
                && !rule.without.iter().any(|feature| enabled(feature))
                && rule
                    .beside
                    .as_ref()
                    .is_none_or(|beside| linked(&beside.name, &beside.versions))
        })
    }

    /// What became of a feature.
    pub fn feature_change(&self, name: &str, feature: &str) -> Option<&FeatureChange> {
        let mut changes = self.features.iter();
        changes.find(|change| change.name == name && change.feature == feature)
    }

    /// What this crate does otherwise at `to` than at `from`, though everything compiles: in the order
    /// of the releases that brought it.
    ///
    /// Where `to` is the older one these are the changes that the hop takes back. What came and went
    /// between the two is left out, and so is what was the same at both ends.
    pub fn behaviour_changes(
        &self,
        name: &str,
        from: &Version,
        to: &Version,
    ) -> Vec<&BehaviourChange> {
        let mut changes: Vec<_> = self
            .behaviour
            .iter()
            .filter(|change| change.name == name)
            .filter(|change| {
                let (old, new) = if is_before(from, to) {
                    (from, to)
                } else {
                    (to, from)
                };
                change.is_old(old) && change.is_new(new)
            })
            .collect();
        changes.sort_by(|one, other| one.first.cmp_precedence(&other.first));
        changes
    }

    /// What takes the place of a crate that has ended. A `[[successor]]` goes before the successor
    /// that a warning about some of its releases names.
    pub fn succession(&self, name: &str) -> Option<Succession> {
        let told = self.successors.iter().find(|one| one.name == name);
        told.cloned().or_else(|| {
            let ended = |rule: &&ReleaseRule| {
                rule.name == name
                    && matches!(rule.flaw, Flaw::Deprecated | Flaw::Unmaintained)
                    && rule.feature.is_none()
            };
            let mut rules = self.releases.iter().filter(ended);
            rules.find_map(|rule| {
                Some(Succession {
                    name: rule.name.clone(),
                    successor: rule.successor.clone()?,
                    since: None,
                    advice: rule.remedy.clone(),
                    source: rule.source.clone(),
                })
            })
        })
    }

    /// Whether no further release of the crate is to be built on: something takes its place, or its
    /// newest releases are deprecated or looked after by nobody.
    pub fn has_ended(&self, name: &str) -> bool {
        let newest = Version::new(u64::MAX, u64::MAX, u64::MAX);
        let ends = |rule: &ReleaseRule| {
            rule.name == name
                && matches!(rule.flaw, Flaw::Deprecated | Flaw::Unmaintained)
                && rule.feature.is_none()
                && rule.beside.is_none()
                && applies(rule.versions.as_ref(), &newest)
        };
        self.successors.iter().any(|one| one.name == name) || self.releases.iter().any(ends)
    }

    /// Whether any rule about roles, lines or statics speaks of this package.
    pub fn knows(&self, name: &str) -> bool {
        self.is_singleton(name) || self.crates.contains_key(name)
    }

    /// All packages that [`Family::knows`].
    pub fn names(&self) -> BTreeSet<&str> {
        let singletons = self
            .singletons
            .iter()
            .map(|singleton| singleton.name.as_str());
        singletons
            .chain(self.crates.keys().map(String::as_str))
            .collect()
    }
}

impl CrateRule {
    /// Whether providers can be built from it alone.
    pub fn is_sdk(&self) -> bool {
        self.has_sdk || self.role == Role::Sdk
    }
}

impl ApiPattern {
    /// Whether this release offers it.
    pub fn offered_by(&self, name: &str, version: &Version) -> bool {
        self.crates.iter().any(|offering| offering == name)
            && applies(self.versions.as_ref(), version)
    }

    /// Whether a path, given by its segments after the crate's name, is the one meant.
    pub fn matches_path(&self, segments: &[impl AsRef<str>]) -> bool {
        self.path
            .as_deref()
            .is_some_and(|path| ends_with(segments, path))
    }

    /// Whether a file that names this path fulfils [`ApiPattern::with`], also by a glob import
    /// (whose last segment is `*`).
    pub fn is_with(&self, segments: &[impl AsRef<str>]) -> bool {
        segments.last().is_some_and(|last| last.as_ref() == "*")
            || self.with.iter().any(|path| ends_with(segments, path))
    }
}

impl BehaviourChange {
    /// Whether this release behaves as before the change. A pre-release counts as the release that
    /// it leads up to, see [`applies`].
    pub fn is_old(&self, version: &Version) -> bool {
        let old_already = |oldest| !is_before(version, oldest);
        self.oldest.as_ref().is_none_or(old_already) && is_before(version, &self.first)
    }

    /// Whether this release has the new behaviour.
    pub fn is_new(&self, version: &Version) -> bool {
        let still = |until| is_before(version, until);
        !is_before(version, &self.first) && self.until.as_ref().is_none_or(still)
    }
}

impl MajorRule {
    /// Whether a path into one of `through` passes types of the crate.
    pub fn passes_path(&self, segments: &[impl AsRef<str>]) -> bool {
        self.passed_by.iter().any(|path| ends_with(segments, path))
    }

    /// Whether a call of that method passes types of the crate.
    pub fn passes_method(&self, name: &str) -> bool {
        self.passed_by.iter().any(|method| method == name)
    }
}

impl LineFeatures {
    /// Whether a feature of the crate chooses a line.
    pub fn chooses(&self, feature: &str) -> bool {
        self.prefixes
            .iter()
            .any(|prefix| feature.starts_with(prefix))
            && !self
                .not_suffixes
                .iter()
                .any(|suffix| feature.ends_with(suffix))
    }
}

/// Whether the last of these segments are those of `tail`, which are separated by `::`.
fn ends_with(segments: &[impl AsRef<str>], tail: &str) -> bool {
    let mut segments = segments.iter().rev();
    tail.rsplit("::").all(|part| {
        segments
            .next()
            .is_some_and(|segment| segment.as_ref() == part)
    })
}
