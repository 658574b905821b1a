//! What a release links with some features, and with which features.

use std::collections::BTreeSet;

use crate::matrix::selection::active;
use crate::registry::{Release, ReleaseDep};

/// A dependency of a release that is linked.
pub struct Link<'r> {
    /// Its place among the dependencies of the release.
    pub number: usize,
    pub dep: &'r ReleaseDep,
    /// Asked for by the dependency itself, and by features of the release that pass them on.
    pub features: BTreeSet<String>,
}

/// Everything that a release links with these features.
pub fn links<'r>(release: &'r Release, features: &BTreeSet<String>) -> Vec<Link<'r>> {
    let names: Vec<&str> = features.iter().map(String::as_str).collect();
    let active = active(release, &names);
    let on = enabled(release, features);
    let passed = |dep: &ReleaseDep| {
        let items = release
            .features
            .iter()
            .filter(|(name, _)| on.contains(*name));
        let items = items.flat_map(|(_, items)| items);
        let of = items.filter_map(|item| item.split_once('/'));
        let of = of.filter(|(key, _)| key.trim_end_matches('?') == dep.key());
        of.map(|(_, feature)| feature.to_owned())
            .collect::<Vec<_>>()
    };
    let all = release.dependencies.iter().enumerate();
    all.filter(|(_, dep)| active.iter().any(|one| std::ptr::eq(*one, *dep)))
        .map(|(number, dep)| {
            let default = dep.default_features.then(|| "default".to_owned());
            let own = dep.features.iter().cloned().chain(default);
            Link {
                number,
                dep,
                features: own.chain(passed(dep)).collect(),
            }
        })
        .collect()
}

/// These features, and those that they turn on in the same release.
pub fn enabled(release: &Release, features: &BTreeSet<String>) -> BTreeSet<String> {
    let mut on = BTreeSet::new();
    let mut open: Vec<&str> = features.iter().map(String::as_str).collect();
    while let Some(feature) = open.pop() {
        if !on.insert(feature.to_owned()) {
            continue;
        }
        for item in release.features.get(feature).into_iter().flatten() {
            match (item.strip_prefix("dep:"), item.split_once('/')) {
                (Some(_), _) => {}
                (None, Some((dep, _))) => {
                    // It turns on the dependency, and a feature of that name, where there is one.
                    let mut all = release.dependencies.iter();
                    if all.any(|one| one.optional && one.key() == dep) {
                        open.push(dep);
                    }
                }
                (None, None) => open.push(item),
            }
        }
    }
    on
}

/// Whether a release has a feature, declared or implied by an optional dependency.
pub fn offers(release: &Release, feature: &str) -> bool {
    let hidden = |key: &str| {
        let mut items = release.features.values().flatten();
        items.any(|item| item.strip_prefix("dep:") == Some(key))
    };
    release.features.contains_key(feature)
        || release
            .dependencies
            .iter()
            .any(|dep| dep.optional && dep.key() == feature && !hidden(feature))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::testing::{dep, option, release};

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn features_are_passed_on() {
        let release = release(
            "1.0.0",
            vec![
                dep("a", "1"),
                option("b", "b", "1"),
                option("c_key", "c", "1"),
            ],
        )
        .feature("default", &["one"])
        .feature("one", &["a/x", "b?/y"])
        .feature("two", &["b/z", "one"])
        .feature("three", &["dep:c_key", "c_key?/w"]);
        let of = |features: &[&str]| {
            let found = links(&release, &set(features));
            let found = found.into_iter().map(|link| {
                let features: Vec<String> = link.features.into_iter().collect();
                format!("{} {} {}", link.number, link.dep.name, features.join(","))
            });
            found.collect::<Vec<_>>()
        };
        assert_eq!(of(&[]), ["0 a default"]);
        assert_eq!(of(&["default"]), ["0 a default,x"]);
        assert_eq!(of(&["two"]), ["0 a default,x", "1 b default,y,z"]);
        assert_eq!(of(&["three"]), ["0 a default", "2 c default,w"]);
        assert_eq!(enabled(&release, &set(&["two"])), set(&["b", "one", "two"]));
    }

    #[test]
    fn an_optional_dependency_is_a_feature_unless_another_one_hides_it() {
        let plain = release("1.0.0", vec![option("a", "a", "1"), dep("b", "1")]);
        assert!(offers(&plain, "a"));
        assert!(!offers(&plain, "b"));
        assert!(!offers(&plain.clone().feature("x", &["dep:a"]), "a"));
        assert!(offers(&plain.feature("x", &["a"]), "x"));
    }
}
