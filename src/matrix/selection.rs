//! Which optional dependencies of a release its features switch on.

use std::collections::{BTreeMap, BTreeSet};

use crate::registry::{DepKind, Release, ReleaseDep};

/// The dependencies that are linked with these features, mandatory ones included. Build and test
/// dependencies never are.
pub fn active<'a>(release: &'a Release, features: &[&str]) -> Vec<&'a ReleaseDep> {
    let switched_on = switched_on(release, features);
    linked(release)
        .filter(|dep| !dep.optional || switched_on.contains(dep.key()))
        .collect()
}

/// The features that select a dependency by themselves: those that list it, else the one that an
/// optional dependency has of its own. Features that only list such features are left out.
pub fn selectors(release: &Release, dep: &ReleaseDep) -> BTreeSet<String> {
    let key = dep.key();
    let listing: BTreeSet<String> = release
        .features
        .iter()
        .filter(|(name, items)| {
            *name != "default" && items.iter().any(|item| switches_on(release, item, key))
        })
        .map(|(name, _)| name.clone())
        .collect();
    if !listing.is_empty() {
        return listing;
    }
    let hidden = release
        .features
        .values()
        .flatten()
        .any(|item| item.strip_prefix("dep:") == Some(key));
    // What only `default` switches on, and nothing else can, has no other name.
    let name = if hidden { "default" } else { key };
    BTreeSet::from([name.to_owned()])
}

/// Whether a dependency is switched on where nobody says anything about features.
pub fn on_by_default(release: &Release, dep: &ReleaseDep) -> bool {
    switched_on(release, &["default"]).contains(dep.key())
}

/// The dependencies that may be linked at all.
pub fn linked(release: &Release) -> impl Iterator<Item = &ReleaseDep> {
    release
        .dependencies
        .iter()
        .filter(|dep| dep.kind == DepKind::Normal)
}

/// Whether one item of a feature's list switches a dependency on directly.
fn switches_on(release: &Release, item: &str, key: &str) -> bool {
    match (item.strip_prefix("dep:"), item.split_once('/')) {
        (Some(dep), _) => dep == key,
        // `dep?/feature` leaves the dependency as it is.
        (None, Some((dep, _))) => dep == key,
        (None, None) => item == key && !release.features.contains_key(key),
    }
}

fn switched_on<'a>(release: &'a Release, features: &[&'a str]) -> BTreeSet<&'a str> {
    let optional: BTreeMap<&str, ()> = release
        .dependencies
        .iter()
        .filter(|dep| dep.optional)
        .map(|dep| (dep.key(), ()))
        .collect();
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = features.to_vec();
    while let Some(feature) = open.pop() {
        if !seen.insert(feature) {
            continue;
        }
        let Some(items) = release.features.get(feature) else {
            // The feature that an optional dependency has of its own.
            if optional.contains_key(feature) {
                found.insert(feature);
            }
            continue;
        };
        for item in items {
            match (item.strip_prefix("dep:"), item.split_once('/')) {
                (Some(dep), _) => {
                    found.insert(dep);
                }
                (None, Some((dep, _))) => {
                    if !dep.ends_with('?') && optional.contains_key(dep) {
                        found.insert(dep);
                        // It also turns on a feature of that name, if there is one.
                        open.push(dep);
                    }
                }
                (None, None) => open.push(item),
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::testing::{dep, release};

    fn keys<'a>(deps: &[&'a ReleaseDep]) -> Vec<&'a str> {
        deps.iter().map(|dep| dep.key()).collect()
    }

    fn optional(name: &str) -> ReleaseDep {
        ReleaseDep {
            optional: true,
            ..dep(name, "*")
        }
    }

    fn with_features(deps: Vec<ReleaseDep>, features: &[(&str, &[&str])]) -> Release {
        let mut release = release("1.0.0", deps);
        for (name, items) in features {
            let items = items.iter().map(|&item| item.to_owned()).collect();
            release.features.insert((*name).to_owned(), items);
        }
        release
    }

    #[test]
    fn mandatory_dependencies_are_always_there() {
        let mut dev = dep("d", "*");
        dev.kind = DepKind::Dev;
        let mut build = dep("e", "*");
        build.kind = DepKind::Build;
        let release = with_features(vec![dep("a", "*"), optional("b"), dev, build], &[]);
        assert_eq!(keys(&active(&release, &[])), ["a"]);
        assert_eq!(keys(&active(&release, &["b"])), ["a", "b"]);
        assert_eq!(keys(&active(&release, &["nonsense", "d"])), ["a"]);
    }

    #[test]
    fn features_switch_on_through_other_features() {
        let release = with_features(
            vec![optional("a"), optional("b"), optional("c"), optional("d")],
            &[
                ("default", &["one"]),
                ("one", &["two", "b?/x"]),
                ("two", &["dep:a", "one"]),
                ("three", &["c/y"]),
                ("four", &["d"]),
            ],
        );
        assert_eq!(keys(&active(&release, &["default"])), ["a"]);
        assert_eq!(keys(&active(&release, &["three"])), ["c"]);
        assert_eq!(keys(&active(&release, &["four", "one"])), ["a", "d"]);
        assert!(on_by_default(&release, &release.dependencies[0]));
        assert!(!on_by_default(&release, &release.dependencies[2]));
    }

    #[test]
    fn selectors_are_the_features_that_list_the_dependency() {
        let release = with_features(
            vec![
                optional("a_pkg"),
                optional("b"),
                optional("c"),
                optional("d"),
            ],
            &[
                ("default", &["dep:d"]),
                ("full", &["a", "b"]),
                ("a", &["a_pkg", "b?/x"]),
                ("also-a", &["a_pkg/x"]),
            ],
        );
        let of = |at: usize| {
            let found = selectors(&release, &release.dependencies[at]);
            found.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(of(0), ["a", "also-a"]);
        assert_eq!(of(1), ["full"]);
        assert_eq!(of(2), ["c"], "its own feature");
        assert_eq!(of(3), ["default"], "nothing else can name it");
    }

    #[test]
    fn a_feature_of_the_dependencys_name_counts_as_the_feature() {
        let release = with_features(vec![optional("a")], &[("a", &["dep:a"]), ("full", &["a"])]);
        let found = selectors(&release, &release.dependencies[0]);
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["a"]);
        assert_eq!(keys(&active(&release, &["full"])), ["a"]);
    }
}
