//! The names by which a package's code knows other crates, read from its manifest.

use std::collections::BTreeMap;

use toml::{Table, Value};

/// Name in code → the crate's own name, as code would spell it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    now: BTreeMap<String, String>,
    /// Names that the manifest had before it was changed.
    before: BTreeMap<String, String>,
}

impl Names {
    /// Of a manifest, and the one of its workspace from which it may inherit.
    pub fn of(manifest: &str, root: Option<&str>) -> Self {
        let parse = |text: &str| toml::from_str::<Table>(text).unwrap_or_default();
        let table = parse(manifest);
        let root = root.map(parse).unwrap_or_default();
        let shared = root.get("workspace").and_then(|w| w.get("dependencies"));
        let mut names = Self::default();
        names.add_all(&table, shared);
        let platforms = table.get("target").and_then(Value::as_table);
        for platform in platforms.into_iter().flatten() {
            if let Some(platform) = platform.1.as_table() {
                names.add_all(platform, shared);
            }
        }
        names
    }

    fn add_all(&mut self, table: &Table, shared: Option<&Value>) {
        for list in [
            "dependencies",
            "dev-dependencies",
            "dev_dependencies",
            "build-dependencies",
            "build_dependencies",
        ] {
            let entries = table.get(list).and_then(Value::as_table);
            for (key, entry) in entries.into_iter().flatten() {
                let inherits = entry.get("workspace").and_then(Value::as_bool) == Some(true);
                let entry = match shared.and_then(|shared| shared.get(key)) {
                    Some(shared) if inherits => shared,
                    _ => entry,
                };
                let package = entry.get("package").and_then(Value::as_str).unwrap_or(key);
                self.now.insert(spelled(key), spelled(package));
            }
        }
    }

    /// These names, where code still says those of before.
    pub fn after(self, before: Names) -> Self {
        Self {
            before: before.now,
            ..self
        }
    }

    /// The crate behind a name in code.
    pub fn krate<'a>(&'a self, name: &'a str) -> &'a str {
        let known = self.before.get(name).or_else(|| self.now.get(name));
        known.map_or(name, String::as_str)
    }

    /// The name by which code is to know a crate; none where it is not depended on.
    pub fn name_of(&self, krate: &str) -> Option<&str> {
        let own = self
            .now
            .get_key_value(krate)
            .filter(|(_, known)| *known == krate);
        let named = || self.now.iter().find(|(_, known)| *known == krate);
        own.or_else(named).map(|(name, _)| name.as_str())
    }

    /// All names in code.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.now
            .keys()
            .chain(self.before.keys())
            .map(String::as_str)
    }
}

fn spelled(name: &str) -> String {
    name.replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn renamed_inherited_and_of_platforms() {
        let root = "[workspace.dependencies]\nb = { package = \"b-b\", version = \"1\" }\n";
        let manifest = "[dependencies]\na-a = \"1\"\nb.workspace = true\nc = { package = \"d\" }\n\
             [target.'cfg(unix)'.dev-dependencies]\ne = \"1\"\n";
        let names = Names::of(manifest, Some(root));
        for (name, krate) in [("a_a", "a_a"), ("b", "b_b"), ("c", "d"), ("e", "e")] {
            assert_eq!(names.krate(name), krate);
            assert_eq!(names.name_of(krate), Some(name));
        }
        assert_eq!(names.name_of("c"), None);
        assert_eq!(names.krate("std"), "std");
        let after = Names::of("[dependencies]\nd = \"2\"\n", None).after(names);
        assert_eq!(after.krate("c"), "d");
        assert_eq!(after.name_of("d"), Some("d"));
        assert_eq!(after.name_of("a_a"), None);
        assert!(after.all().any(|name| name == "b"));
        assert_eq!(Names::of("no toml [", Some("[")), Names::default());
    }
}
