//! A manifest without what only tests, examples and benches need.

use toml_edit::{DocumentMut, Item, TableLike};

/// Takes dev-dependencies and the targets that use them out of a manifest. A text that is no TOML stays
/// as it is, for cargo to speak of.
pub fn without_tests(manifest: &str) -> String {
    let Ok(mut document) = manifest.parse::<DocumentMut>() else {
        return manifest.to_owned();
    };
    let root = document.as_table_mut();
    for name in ["test", "bench", "example"] {
        root.remove(name);
    }
    remove_requirements(root);
    let platforms = root.get_mut("target").and_then(Item::as_table_like_mut);
    for (_, platform) in platforms.into_iter().flat_map(|list| list.iter_mut()) {
        if let Some(platform) = platform.as_table_like_mut() {
            remove_requirements(platform);
        }
    }
    if let Some(package) = root.get_mut("package").and_then(Item::as_table_like_mut) {
        for name in ["autotests", "autobenches", "autoexamples"] {
            package.insert(name, toml_edit::value(false));
        }
    }
    document.to_string()
}

fn remove_requirements(table: &mut dyn TableLike) {
    for name in ["dev-dependencies", "dev_dependencies"] {
        table.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::without_tests;

    #[test]
    fn what_tests_need_goes() {
        let text = "[package]\nname = \"a\"\n[dependencies]\nb = \"1\"\n[dev-dependencies]\nc = \"1\"\n\
             [target.'cfg(unix)'.dev-dependencies.d]\nversion = \"1\"\n[target.'cfg(unix)'.dependencies]\ne = \"1\"\n\
             [[test]]\nname = \"t\"\n[[bin]]\nname = \"x\"\n";
        let found = without_tests(text);
        let table: toml::Table = toml::from_str(&found).unwrap();
        assert!(!found.contains("dev-dependencies"), "{found}");
        assert!(table.get("test").is_none() && table.get("bin").is_some());
        assert_eq!(table["package"]["autotests"].as_bool(), Some(false));
        assert!(found.contains("e = \"1\"") && found.contains("b = \"1\""));
        assert_eq!(without_tests("no toml ["), "no toml [");
    }
}
