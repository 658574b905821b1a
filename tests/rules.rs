//! The shipped rule files as data.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use otel_check::rules::Rules;

/// Every rule file below `rules/`, with its text.
fn rule_files() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut files = Vec::new();
    for family in std::fs::read_dir(root).expect("rules/") {
        let family = family.expect("an entry").path();
        // Criteria are of no family, and other tests' matter as well.
        if family.is_file() {
            continue;
        }
        for file in std::fs::read_dir(family).expect("a family's folder") {
            let file = file.expect("an entry").path();
            // Recipes and public items, which are other tests' matter.
            if file.is_dir() {
                continue;
            }
            let text = std::fs::read_to_string(&file).expect("a rule file");
            files.push((file, text));
        }
    }
    assert!(!files.is_empty());
    files
}

#[test]
fn every_file_is_embedded_and_loaded_whole() {
    fn count(value: Option<&toml::Value>) -> usize {
        value.map_or(0, |value| value.as_array().map_or(1, Vec::len))
    }
    let mut said = [0; 8];
    for (file, text) in rule_files() {
        assert_eq!(
            file.extension().and_then(|e| e.to_str()),
            Some("toml"),
            "{}",
            file.display()
        );
        let folder = file
            .parent()
            .and_then(Path::file_name)
            .and_then(|name| name.to_str());
        let table: toml::Table = text.parse().expect("TOML");
        assert_eq!(table["family"].as_str(), folder, "{}", file.display());
        let entries = |key| {
            table
                .get(key)
                .and_then(toml::Value::as_array)
                .into_iter()
                .flatten()
        };
        said[0] += entries("singleton").count();
        said[1] += entries("crate").count();
        said[2] += entries("api")
            .map(|api| {
                (count(api.get("path")) + count(api.get("method"))) * count(api.get("effect"))
            })
            .sum::<usize>();
        said[3] += entries("release").count();
        said[4] += entries("feature")
            .map(|change| count(change.get("feature")))
            .sum::<usize>();
        said[5] += entries("major").count();
        said[6] += entries("behaviour").count();
        said[7] += entries("successor").count();
    }
    let mut loaded = [0; 8];
    for family in &Rules::shipped().families {
        loaded[0] += family.singletons.len();
        loaded[1] += family.crates.values().map(Vec::len).sum::<usize>();
        loaded[2] += family.api.len();
        loaded[3] += family.releases.len();
        loaded[4] += family.features.len();
        loaded[5] += family.majors.len();
        loaded[6] += family.behaviour.len();
        loaded[7] += family.successors.len();
    }
    assert_eq!(
        loaded, said,
        "singletons, crates, api, releases, features, majors, behaviour, successors"
    );
    assert!(said.iter().all(|&count| count > 0));
}

#[test]
fn every_entry_has_a_source() {
    for family in &Rules::shipped().families {
        let singletons = family.singletons.iter().map(|entry| &entry.source);
        let crates = family.crates.values().flatten().map(|entry| &entry.source);
        let api = family.api.iter().map(|entry| &entry.source);
        let releases = family.releases.iter().map(|entry| &entry.source);
        let features = family.features.iter().map(|entry| &entry.source);
        let majors = family.majors.iter().map(|entry| &entry.source);
        let behaviour = family.behaviour.iter().map(|entry| &entry.source);
        let successors = family.successors.iter().map(|entry| &entry.source);
        let sources = singletons
            .chain(crates)
            .chain(api)
            .chain(releases)
            .chain(features);
        for source in sources.chain(majors).chain(behaviour).chain(successors) {
            // A release, an advisory or a document: something to go and look at.
            let marks = [
                " src/",
                "Cargo.toml",
                "CHANGELOG",
                "index entr",
                "RUSTSEC-",
                "GHSA-",
            ];
            let has_place = marks.iter().any(|mark| source.contains(mark));
            assert!(has_place || source.contains(char::is_numeric), "{source}");
        }
    }
}

/// Each rule is in force for some version, and no two speak of the same ones.
#[test]
fn rules_of_one_crate_are_unique_and_all_reachable() {
    for family in &Rules::shipped().families {
        for (name, rules) in &family.crates {
            let general = rules.iter().filter(|rule| rule.versions.is_none()).count();
            assert!(general <= 1, "{name}");
            for (at, rule) in rules.iter().enumerate() {
                assert_eq!(&rule.name, name);
                let again = rules[..at]
                    .iter()
                    .find(|other| other.versions == rule.versions);
                assert!(again.is_none(), "{name} {:?}", rule.versions);
                // A rule without versions stands last, or it would hide the others.
                assert!(rule.versions.is_some() || at + 1 == rules.len(), "{name}");
            }
        }
    }
}

/// Crates that rules point to are crates that rules speak of.
#[test]
fn names_lead_somewhere() {
    for family in &Rules::shipped().families {
        let mut known = family.names();
        known.extend(family.majors.iter().map(|major| major.name.as_str()));
        let mut named: BTreeSet<&str> = BTreeSet::new();
        named.extend(
            family
                .api
                .iter()
                .flat_map(|api| &api.crates)
                .map(String::as_str),
        );
        named.extend(
            family
                .majors
                .iter()
                .flat_map(|major| &major.through)
                .map(String::as_str),
        );
        for rule in &family.releases {
            named.insert(&rule.name);
            named.extend(rule.successor.as_deref());
            named.extend(rule.beside.as_ref().map(|beside| beside.name.as_str()));
        }
        for change in &family.features {
            named.insert(&change.name);
            named.extend(change.moved_to_crate.as_deref());
        }
        named.extend(family.behaviour.iter().map(|change| change.name.as_str()));
        for succession in &family.successors {
            named.extend([succession.name.as_str(), &succession.successor]);
        }
        for rule in family.crates.values().flatten() {
            named.extend(rule.reexports.iter().map(String::as_str));
        }
        let lost: Vec<_> = named.difference(&known).collect();
        assert!(lost.is_empty(), "{lost:?}");
        assert!(family.anchors().next().is_some());
    }
}

#[test]
fn texts_name_no_host_and_no_path_of_a_machine() {
    for (file, text) in rule_files() {
        for unwanted in ["crates.io", "://", "/root", "/work"] {
            assert!(!text.contains(unwanted), "{unwanted} in {}", file.display());
        }
    }
}
