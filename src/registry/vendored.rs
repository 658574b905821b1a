//! A folder of vendored crates: its manifests tell what an index entry would.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use semver::{Version, VersionReq};
use toml::{Table, Value};

use super::{DepKind, IndexError, RegistryId, Release, ReleaseDep};

/// The releases in a folder, by crate.
pub(super) struct Vendored {
    pub releases: HashMap<String, Vec<Release>>,
}

impl Vendored {
    /// Reads every manifest of the folder.
    pub fn read(folder: &Path) -> Result<Self, IndexError> {
        let fail = |path: &Path, reason: String| IndexError::File {
            path: path.to_owned(),
            reason,
        };
        let mut releases: HashMap<String, Vec<Release>> = HashMap::new();
        let entries = fs::read_dir(folder).map_err(|error| fail(folder, error.to_string()))?;
        for entry in entries {
            let path = entry
                .map_err(|error| fail(folder, error.to_string()))?
                .path();
            let hidden = path
                .file_name()
                .and_then(|name| name.to_str())
                .is_some_and(|name| name.starts_with('.'));
            let manifest = path.join("Cargo.toml");
            // As cargo, which takes folders without a manifest for what version control left.
            if hidden || !manifest.is_file() {
                continue;
            }
            let text = fs::read_to_string(&manifest)
                .map_err(|error| fail(&manifest, error.to_string()))?;
            let table: Table = toml::from_str(&text)
                .map_err(|error| fail(&manifest, error.message().to_owned()))?;
            let (name, release) = release(&table)
                .ok_or_else(|| fail(&manifest, "it names no package and version".into()))?;
            releases.entry(name).or_default().push(release);
        }
        for list in releases.values_mut() {
            list.sort_by(|a, b| a.version.cmp(&b.version));
        }
        Ok(Vendored { releases })
    }
}

fn release(manifest: &Table) -> Option<(String, Release)> {
    let package = manifest.get("package")?;
    let name = package.get("name")?.as_str()?.to_owned();
    let version = Version::parse(package.get("version")?.as_str()?).ok()?;
    let mut dependencies = Vec::new();
    collect(manifest, None, &mut dependencies);
    if let Some(Value::Table(targets)) = manifest.get("target") {
        for (target, table) in targets {
            if let Value::Table(table) = table {
                collect(table, Some(target), &mut dependencies);
            }
        }
    }
    let features = match manifest.get("features") {
        Some(Value::Table(table)) => table
            .iter()
            .map(|(feature, list)| (feature.clone(), strings(Some(list))))
            .collect(),
        _ => BTreeMap::new(),
    };
    let release = Release {
        version,
        yanked: false,
        rust_version: package
            .get("rust-version")
            .and_then(Value::as_str)
            .map(str::to_owned),
        published: None,
        dependencies,
        features,
    };
    Some((name, release))
}

fn collect(table: &Table, target: Option<&str>, found: &mut Vec<ReleaseDep>) {
    for (keys, kind) in [
        (["dependencies", "dependencies"], DepKind::Normal),
        (["build-dependencies", "build_dependencies"], DepKind::Build),
        (["dev-dependencies", "dev_dependencies"], DepKind::Dev),
    ] {
        let section = keys.iter().find_map(|key| table.get(*key));
        if let Some(Value::Table(section)) = section {
            found.extend(
                section
                    .iter()
                    .filter_map(|(key, value)| dependency(key, value, kind, target)),
            );
        }
    }
}

/// None where the requirement is none that cargo knows.
fn dependency(key: &str, value: &Value, kind: DepKind, target: Option<&str>) -> Option<ReleaseDep> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let flag = |name: &str| value.get(name).and_then(Value::as_bool);
    let req = value.as_str().or_else(|| text("version")).unwrap_or("*");
    let package = text("package");
    Some(ReleaseDep {
        name: package.unwrap_or(key).to_owned(),
        rename: package
            .filter(|package| *package != key)
            .map(|_| key.to_owned()),
        req: VersionReq::parse(req).ok()?,
        kind,
        optional: flag("optional").unwrap_or(false),
        default_features: flag("default-features")
            .or_else(|| flag("default_features"))
            .unwrap_or(true),
        features: strings(value.get("features")),
        target: target.map(str::to_owned),
        registry: text("registry-index").map(RegistryId::from_index),
    })
}

fn strings(value: Option<&Value>) -> Vec<String> {
    value
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vendor(manifests: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in manifests {
            fs::create_dir(folder.path().join(name)).unwrap();
            fs::write(folder.path().join(name).join("Cargo.toml"), text).unwrap();
        }
        folder
    }

    #[test]
    fn manifests_tell_what_an_index_would() {
        let folder = vendor(&[
            (
                "demo",
                r#"
                [package]
                name = "demo"
                version = "1.1.0"
                rust-version = "1.70"
                [features]
                default = ["dep:old"]
                [dependencies]
                plain = "1"
                [dependencies.old]
                package = "api"
                version = ">=0.3, <0.5"
                optional = true
                default-features = false
                features = ["a"]
                registry-index = "sparse+https://example.com/"
                [target."cfg(unix)".build-dependencies.tool]
                version = "2"
                [dev-dependencies]
                test = "*"
                "#,
            ),
            (
                "demo-1.0.0",
                "[package]\nname = \"demo\"\nversion = \"1.0.0\"\n",
            ),
            (".hidden", "nonsense ["),
        ]);
        fs::create_dir(folder.path().join("left-over")).unwrap();
        let vendored = Vendored::read(folder.path()).unwrap();
        let [old, new] = vendored.releases["demo"].as_slice() else {
            panic!("two releases expected")
        };
        assert_eq!(old.version, Version::new(1, 0, 0));
        assert_eq!(new.rust_version.as_deref(), Some("1.70"));
        assert_eq!(new.features["default"], ["dep:old"]);
        let find = |key: &str| new.dependencies.iter().find(|d| d.key() == key).unwrap();
        let api = find("old");
        assert_eq!(api.name, "api");
        assert!(api.optional && !api.default_features);
        assert_eq!(api.features, ["a"]);
        assert_eq!(
            api.registry,
            Some(RegistryId::from_index("sparse+https://example.com/"))
        );
        assert_eq!(find("plain").req, VersionReq::parse("1").unwrap());
        let tool = find("tool");
        assert_eq!(
            (tool.kind, tool.target.as_deref()),
            (DepKind::Build, Some("cfg(unix)"))
        );
        assert_eq!(find("test").kind, DepKind::Dev);
    }

    #[test]
    fn a_broken_manifest_is_an_error_that_names_it() {
        let folder = vendor(&[("bad", "[package")]);
        let error = Vendored::read(folder.path()).err().unwrap().to_string();
        assert!(
            error.contains("bad") && error.contains("Cargo.toml"),
            "{error}"
        );
        assert!(Vendored::read(&folder.path().join("none")).is_err());
    }
}
