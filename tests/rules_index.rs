//! The shipped rules against the registry index, as far as it is at hand: entries in cargo's cache,
//! and for names that a rule makes a claim about what `cargo info` brings into it. What cannot be had
//! is printed and passed over. Run with `cargo test --test rules_index -- --ignored --nocapture`.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};
use std::rc::Rc;

use otel_check::rules::{Family, Flaw, ReleaseRule, Rules, applies};
use semver::{Version, VersionReq};
use tame_index::index::FileLock;
use tame_index::krate::DependencyKind;
use tame_index::{IndexLocation, IndexUrl, KrateName, SparseIndex};

struct Release {
    version: Version,
    yanked: bool,
    /// With those that cargo derives from optional dependencies.
    features: BTreeMap<String, Vec<String>>,
    dependencies: Vec<Dependency>,
}

struct Dependency {
    name: String,
    package: String,
    versions: VersionReq,
    optional: bool,
}

struct Index {
    sparse: SparseIndex,
    read: RefCell<BTreeMap<String, Option<Rc<Vec<Release>>>>>,
    /// Whether cargo may ask the registry for what its cache has not.
    ask: bool,
}

impl Index {
    fn open(ask: bool) -> Self {
        let location = IndexLocation::new(IndexUrl::CratesIoSparse);
        Index {
            sparse: SparseIndex::new(location).expect("the index's place"),
            read: RefCell::default(),
            ask,
        }
    }

    /// All releases of a package, the oldest first, or nothing if they are not at hand.
    fn releases(&self, name: &str) -> Option<Rc<Vec<Release>>> {
        if let Some(known) = self.read.borrow().get(name) {
            return known.clone();
        }
        let releases = self
            .cached(name)
            .or_else(|| self.ask.then(|| self.asked(name)).flatten());
        let releases = releases.map(Rc::new);
        self.read
            .borrow_mut()
            .insert(name.to_owned(), releases.clone());
        releases
    }

    fn asked(&self, name: &str) -> Option<Vec<Release>> {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(["info", "--quiet", name])
            .current_dir(std::env::temp_dir());
        let done = cargo.stdout(Stdio::null()).stderr(Stdio::null()).status();
        done.is_ok_and(|status| status.success())
            .then(|| self.cached(name))
            .flatten()
    }

    fn cached(&self, name: &str) -> Option<Vec<Release>> {
        let lock = FileLock::unlocked();
        let name = KrateName::cargo(name).expect("a package name");
        let krate = self.sparse.cache().cached_krate(name, &lock).ok().flatten();
        let krate = krate?.deserialize().ok()?;
        let mut releases: Vec<_> = krate.versions.iter().filter_map(release).collect();
        releases.sort_by(|one, other| one.version.cmp(&other.version));
        Some(releases)
    }

    /// The newest release that cargo would choose.
    fn newest(&self, name: &str, versions: &VersionReq) -> Option<Version> {
        let releases = self.releases(name)?;
        let mut fitting = releases.iter().filter(|release| !release.yanked);
        fitting
            .rfind(|release| versions.matches(&release.version))
            .map(|release| release.version.clone())
    }
}

fn release(version: &tame_index::IndexVersion) -> Option<Release> {
    let mut features: BTreeMap<_, _> = version
        .features()
        .map(|(name, turns_on)| (name.clone(), turns_on.clone()))
        .collect();
    let named: BTreeSet<String> = features.values().flatten().cloned().collect();
    let mut dependencies = Vec::new();
    for dependency in version.dependencies() {
        if dependency.kind() != DependencyKind::Normal {
            continue;
        }
        let by_name = format!("dep:{}", dependency.name);
        if dependency.is_optional() && !named.contains(&by_name) {
            features
                .entry(dependency.name.to_string())
                .or_insert_with(|| vec![by_name]);
        }
        dependencies.push(Dependency {
            name: dependency.name.to_string(),
            package: dependency.crate_name().to_owned(),
            versions: dependency.req.parse().ok()?,
            optional: dependency.is_optional(),
        });
    }
    Some(Release {
        version: version.version.parse().ok()?,
        yanked: version.is_yanked(),
        features,
        dependencies,
    })
}

impl Release {
    /// The dependencies that are on when these features are.
    fn active(&self, features: &[&str]) -> Vec<&Dependency> {
        let mut on: BTreeSet<&str> = BTreeSet::new();
        let mut names: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = features.to_vec();
        while let Some(feature) = open.pop() {
            if !on.insert(feature) {
                continue;
            }
            for part in self.features.get(feature).into_iter().flatten() {
                match part.split_once('/') {
                    Some((dependency, _)) if !dependency.ends_with('?') => {
                        names.insert(dependency);
                    }
                    Some(_) => {}
                    None => match part.strip_prefix("dep:") {
                        Some(dependency) => {
                            names.insert(dependency);
                        }
                        None => open.push(part),
                    },
                }
            }
        }
        let is_on = |dependency: &&Dependency| {
            !dependency.optional || names.contains(dependency.name.as_str())
        };
        self.dependencies.iter().filter(is_on).collect()
    }
}

/// What was checked, what failed, and what could not be checked.
#[derive(Default)]
struct Report {
    checked: BTreeMap<&'static str, usize>,
    wrong: Vec<String>,
    absent: BTreeSet<String>,
}

impl Report {
    fn expect(&mut self, what: &'static str, holds: bool, claim: impl FnOnce() -> String) {
        *self.checked.entry(what).or_default() += 1;
        if !holds {
            self.wrong.push(format!("{what}: {}", claim()));
        }
    }

    fn finish(self) {
        for (what, count) in &self.checked {
            println!("{count:5} {what}");
        }
        println!("not at hand: {:?}", self.absent);
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
    }
}

macro_rules! releases {
    ($index:expr, $report:expr, $name:expr) => {
        match $index.releases($name) {
            Some(releases) => releases,
            None => {
                $report.absent.insert($name.to_owned());
                continue;
            }
        }
    };
}

/// The series of semver-compatible releases that a version belongs to.
fn line(version: &Version) -> (u64, u64) {
    (
        version.major,
        if version.major == 0 { version.minor } else { 0 },
    )
}

#[test]
#[ignore = "reads the registry index"]
fn features_were_there_and_are_gone() {
    let (index, mut report) = (Index::open(true), Report::default());
    for change in Rules::shipped()
        .families
        .iter()
        .flat_map(|family| &family.features)
    {
        let releases = releases!(index, report, &change.name);
        let told = || format!("{} {} {}", change.name, change.gone_in, change.feature);
        let has = |release: &&Release| release.features.contains_key(&change.feature);
        let public = || {
            releases
                .iter()
                .filter(|release| !release.yanked && release.version.pre.is_empty())
        };
        let before = public().rfind(|release| release.version < change.gone_in);
        report.expect(
            "feature in the last release before",
            before.is_some_and(|r| has(&r)),
            told,
        );
        let first = public().find(|release| release.version == change.gone_in);
        report.expect("first release without it exists", first.is_some(), told);
        let later = public()
            .filter(|release| release.version >= change.gone_in)
            .find(has);
        report.expect("feature in no later release", later.is_none(), told);
        if let (Some(new), Some(first)) = (&change.renamed_to, first) {
            report.expect("new name exists", first.features.contains_key(new), told);
        }
        if let Some(other) = &change.moved_to_crate {
            let releases = releases!(index, report, other);
            report.expect(
                "feature in the other crate",
                releases.iter().any(|r| has(&r)),
                told,
            );
        }
    }
    report.finish();
}

#[test]
#[ignore = "reads the registry index"]
fn hops_speak_of_releases_that_exist() {
    let (index, mut report) = (Index::open(true), Report::default());
    let families = &Rules::shipped().families;
    let changes = families.iter().flat_map(|family| &family.behaviour);
    let bounds = changes.flat_map(|change| {
        let bounds = [
            Some(&change.first),
            change.oldest.as_ref(),
            change.until.as_ref(),
        ];
        bounds
            .into_iter()
            .flatten()
            .map(|bound| (&change.name, bound))
    });
    let successors = families.iter().flat_map(|family| &family.successors);
    let firsts =
        successors.filter_map(|one| one.since.as_ref().map(|since| (&one.successor, since)));
    for (name, bound) in bounds.chain(firsts) {
        let releases = releases!(index, report, name);
        let exists = releases
            .iter()
            .any(|release| !release.yanked && release.version == *bound);
        report.expect("release of a hop exists", exists, || {
            format!("{name} {bound}")
        });
    }
    report.finish();
}

#[test]
#[ignore = "reads the registry index"]
fn warnings_speak_of_releases_that_exist() {
    let (index, mut report) = (Index::open(true), Report::default());
    for family in &Rules::shipped().families {
        for rule in &family.releases {
            let releases = releases!(index, report, &rule.name);
            let told = || format!("{} {:?} {:?}", rule.name, rule.versions, rule.flaw);
            let meant = || {
                let meant = |release: &&Release| applies(rule.versions.as_ref(), &release.version);
                releases.iter().filter(meant)
            };
            report.expect("release exists", meant().next().is_some(), told);
            for feature in rule.feature.iter().chain(&rule.without) {
                let has = meant().any(|release| release.features.contains_key(feature));
                report.expect("feature of the release exists", has, told);
            }
            if let Some(other) = &rule.successor {
                let _ = releases!(index, report, other);
                report.expect("successor exists", true, told);
            }
            if let Some(beside) = &rule.beside {
                let releases = releases!(index, report, &beside.name);
                let mut fitting = releases.iter().map(|release| &release.version);
                let exists = fitting.any(|version| applies(Some(&beside.versions), version));
                report.expect("release beside it exists", exists, told);
            }
            if rule.flaw == Flaw::Skewed {
                for release in meant().filter(|release| !release.yanked) {
                    let lines = lines(&index, family, rule, release);
                    report.expect("release is skewed in itself", lines.len() > 1, || {
                        format!("{} {} {lines:?}", rule.name, release.version)
                    });
                }
            }
        }
    }
    report.finish();
}

/// The lines that a release brings in, by itself and by its dependencies of the family.
fn lines(
    index: &Index,
    family: &Family,
    rule: &ReleaseRule,
    release: &Release,
) -> BTreeSet<(u64, u64)> {
    let mut lines = BTreeSet::new();
    let features: Vec<_> = rule
        .feature
        .as_deref()
        .into_iter()
        .chain(["default"])
        .collect();
    for dependency in release.active(&features) {
        let Some(chosen) = index.newest(&dependency.package, &dependency.versions) else {
            continue;
        };
        if family.is_anchor(&dependency.package) {
            lines.insert(line(&chosen));
        } else if family.knows(&dependency.package) {
            let releases = index.releases(&dependency.package);
            let chosen = releases
                .iter()
                .flat_map(|all| all.iter())
                .find(|r| r.version == chosen);
            for inner in chosen.into_iter().flat_map(|chosen| chosen.active(&[])) {
                if family.is_anchor(&inner.package) {
                    lines.extend(
                        index
                            .newest(&inner.package, &inner.versions)
                            .as_ref()
                            .map(line),
                    );
                }
            }
        }
    }
    lines
}

#[test]
#[ignore = "reads the registry index"]
fn facades_depend_on_what_they_re_export() {
    let (index, mut report) = (Index::open(true), Report::default());
    for family in &Rules::shipped().families {
        for singleton in &family.singletons {
            let releases = releases!(index, report, &singleton.name);
            for release in releases.iter().filter(|release| !release.yanked) {
                let holder = family.statics_holder(&singleton.name, &release.version);
                let mut anchors = release.dependencies.iter().filter(|dependency| {
                    family.is_anchor(&dependency.package) && !dependency.optional
                });
                let told = || format!("{} {} is told {holder}", singleton.name, release.version);
                if holder == singleton.name {
                    // A singleton that is no anchor may depend on one; an anchor only as a facade.
                    let alone = !singleton.anchor || anchors.next().is_none();
                    report.expect("no facade depends on no anchor", alone, told);
                } else {
                    let same = anchors.any(|dependency| {
                        dependency.package == holder
                            && index
                                .newest(holder, &dependency.versions)
                                .as_ref()
                                .map(line)
                                == Some(line(&release.version))
                    });
                    report.expect("facade depends on its line of the other", same, told);
                }
            }
        }
    }
    report.finish();
}

#[test]
#[ignore = "reads the registry index"]
fn line_features_turn_on_a_line_each() {
    let (index, mut report) = (Index::open(true), Report::default());
    for family in &Rules::shipped().families {
        for rule in family.crates.values().flatten() {
            let Some(features) = &rule.line_features else {
                continue;
            };
            let releases = releases!(index, report, &rule.name);
            let mut spoken_of = releases.iter().filter(|release| {
                let rule_of = family.crate_rule(&rule.name, &release.version);
                !release.yanked && rule_of == Some(rule)
            });
            let newest = spoken_of.next_back();
            report.expect(
                "release with line features exists",
                newest.is_some(),
                || rule.name.clone(),
            );
            for release in spoken_of.chain(newest) {
                let names = release
                    .features
                    .keys()
                    .filter(|name| features.chooses(name));
                for name in names {
                    let told = || format!("{} {} {name}", rule.name, release.version);
                    let active = release.active(&[name]);
                    let turns_on = active.iter().any(|dependency| {
                        dependency.optional && family.is_singleton(&dependency.package)
                    });
                    report.expect("line feature turns on a singleton", turns_on, told);
                }
            }
        }
    }
    report.finish();
}

/// Rules for crates, as far as cargo's cache has them: nothing is asked for here.
#[test]
#[ignore = "reads the registry index"]
fn crate_rules_speak_of_releases_of_the_family() {
    let (index, mut report) = (Index::open(false), Report::default());
    for family in &Rules::shipped().families {
        for rule in family.crates.values().flatten() {
            let releases = releases!(index, report, &rule.name);
            let told = || format!("{} {:?}", rule.name, rule.versions);
            let mut spoken_of = releases.iter().filter(|release| {
                !release.yanked && family.crate_rule(&rule.name, &release.version) == Some(rule)
            });
            let newest = spoken_of.next_back();
            report.expect("release with the role exists", newest.is_some(), told);
            let Some(newest) = newest.filter(|_| !family.is_anchor(&rule.name)) else {
                continue;
            };
            let mut packages = newest
                .dependencies
                .iter()
                .map(|dependency| &dependency.package);
            let in_family = packages.any(|package| family.knows(package));
            let expected = rule.exposes_types || !rule.effects.is_empty();
            report.expect(
                "release depends on the family",
                in_family || !expected,
                told,
            );
        }
    }
    report.finish();
}
