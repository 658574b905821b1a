//! Shorthands for tests.

use std::collections::BTreeMap;

use semver::{Version, VersionReq};

use crate::registry::{DepKind, MemoryIndex, RegistryId, Release, ReleaseDep};
use crate::rules::{CrateRule, Family, Role, Singleton};
use crate::skew::Line;

use super::InUse;

/// A mandatory dependency.
pub fn dep(name: &str, req: &str) -> ReleaseDep {
    ReleaseDep {
        name: name.to_owned(),
        rename: None,
        req: VersionReq::parse(req).unwrap(),
        kind: DepKind::Normal,
        optional: false,
        default_features: true,
        features: Vec::new(),
        target: None,
        registry: None,
    }
}

/// An optional dependency, by another name.
pub fn option(key: &str, name: &str, req: &str) -> ReleaseDep {
    ReleaseDep {
        rename: (key != name).then(|| key.to_owned()),
        optional: true,
        ..dep(name, req)
    }
}

pub fn release(version: &str, dependencies: Vec<ReleaseDep>) -> Release {
    Release {
        version: Version::parse(version).unwrap(),
        yanked: false,
        rust_version: None,
        published: None,
        dependencies,
        features: BTreeMap::new(),
    }
}

impl Release {
    pub fn on(mut self, day: &str) -> Self {
        self.published = Some(format!("{day}T12:00:00Z").parse().unwrap());
        self
    }

    pub fn yanked(mut self) -> Self {
        self.yanked = true;
        self
    }

    pub fn feature(mut self, name: &str, items: &[&str]) -> Self {
        let items = items.iter().map(|&item| item.to_owned()).collect();
        self.features.insert(name.to_owned(), items);
        self
    }
}

/// A family with the anchors `api` and `old_api`, and these members.
pub fn family(members: &[&str]) -> Family {
    let anchor = |name: &str| Singleton {
        name: name.to_owned(),
        anchor: true,
        facade: Vec::new(),
        consequence: String::new(),
        source: String::new(),
    };
    let rule = |name: &str| CrateRule {
        name: name.to_owned(),
        role: Role::Helper,
        has_sdk: false,
        core: false,
        effects: Vec::new(),
        exposes_types: false,
        reexports: Vec::new(),
        line_features: None,
        versions: None,
        source: String::new(),
    };
    Family {
        name: "demo".to_owned(),
        title: "Demo".to_owned(),
        singletons: vec![anchor("api"), anchor("old_api")],
        crates: members
            .iter()
            .map(|&name| (name.to_owned(), vec![rule(name)]))
            .collect(),
        ..Family::default()
    }
}

/// An index of the default registry with the anchor's lines 0.1 to 0.5, a month apart.
pub fn index(crates: Vec<(&str, Vec<Release>)>) -> MemoryIndex {
    let mut index = MemoryIndex::new();
    let default = RegistryId::default_registry();
    let anchor = vec![
        release("0.1.0", vec![]).on("2025-01-10"),
        release("0.2.0", vec![]).on("2025-02-10"),
        release("0.3.0", vec![]).on("2025-03-10"),
        release("0.3.1", vec![]).on("2025-03-20"),
        release("0.4.0", vec![]).on("2025-04-10"),
        release("0.5.0-rc.1", vec![]).on("2025-05-01"),
        release("0.5.0", vec![]).on("2025-05-10"),
        release("0.6.0", vec![]).on("2025-06-10").yanked(),
    ];
    index.insert(&default, "api", anchor);
    index.insert(
        &default,
        "old_api",
        vec![release("0.2.0", vec![]).on("2025-02-10")],
    );
    for (name, releases) in crates {
        index.insert(&default, name, releases);
    }
    index
}

pub fn line(text: &str) -> Line {
    text.parse().unwrap()
}

pub fn in_use(name: &str, version: &str, lines: &[&str]) -> InUse {
    InUse {
        name: name.to_owned(),
        version: Version::parse(version).unwrap(),
        package_id: format!("registry+https://example.com/index#{name}@{version}"),
        registry: Some(RegistryId::default_registry()),
        lines: lines.iter().map(|text| line(text)).collect(),
        features: Default::default(),
    }
}
