//! Releases to publish on a loopback registry: their index lines and archives.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// A release to publish.
#[derive(Debug, Clone)]
pub struct Package {
    pub(super) name: String,
    pub(super) version: String,
    deps: Vec<Dep>,
    features: BTreeMap<String, Vec<String>>,
    files: BTreeMap<String, String>,
    proc_macro: bool,
    links: Option<String>,
    published: Option<String>,
    rust_version: Option<String>,
    yanked: bool,
    /// Further fields of `[package]`.
    fields: toml::Table,
}

/// A dependency of a release.
#[derive(Debug, Clone)]
pub struct Dep {
    name: String,
    req: String,
    rename: Option<String>,
    kind: &'static str,
    optional: bool,
    default_features: bool,
    features: Vec<String>,
    target: Option<String>,
    registry: Option<String>,
}

impl Dep {
    pub fn new(name: &str, req: &str) -> Self {
        Dep {
            name: name.to_owned(),
            req: req.to_owned(),
            rename: None,
            kind: "normal",
            optional: false,
            default_features: true,
            features: Vec::new(),
            target: None,
            registry: None,
        }
    }

    /// The name in the manifest, where it is not the package's.
    pub fn renamed(mut self, name: &str) -> Self {
        self.rename = Some(name.to_owned());
        self
    }

    pub fn dev(mut self) -> Self {
        self.kind = "dev";
        self
    }

    pub fn build(mut self) -> Self {
        self.kind = "build";
        self
    }

    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    pub fn no_default_features(mut self) -> Self {
        self.default_features = false;
        self
    }

    pub fn features(mut self, features: &[&str]) -> Self {
        self.features = features.iter().map(|&feature| feature.to_owned()).collect();
        self
    }

    /// `cfg(…)` or a target triple.
    pub fn target(mut self, target: &str) -> Self {
        self.target = Some(target.to_owned());
        self
    }

    /// The index of the registry that it comes from, where that is another one.
    pub fn registry(mut self, index: &str) -> Self {
        self.registry = Some(index.to_owned());
        self
    }

    fn index_line(&self) -> Value {
        let (name, package) = match &self.rename {
            Some(rename) => (rename, Some(&self.name)),
            None => (&self.name, None),
        };
        json!({
            "name": name, "req": self.req, "features": self.features, "optional": self.optional,
            "default_features": self.default_features, "target": self.target, "kind": self.kind,
            "registry": self.registry, "package": package,
        })
    }

    fn manifest_entry(&self) -> (String, toml::Value) {
        let mut entry = toml::Table::new();
        entry.insert("version".into(), self.req.clone().into());
        let key = self.rename.as_ref().unwrap_or(&self.name);
        if self.rename.is_some() {
            entry.insert("package".into(), self.name.clone().into());
        }
        if self.optional {
            entry.insert("optional".into(), true.into());
        }
        if !self.default_features {
            entry.insert("default-features".into(), false.into());
        }
        if !self.features.is_empty() {
            entry.insert("features".into(), self.features.clone().into());
        }
        if let Some(registry) = &self.registry {
            entry.insert("registry-index".into(), registry.clone().into());
        }
        (key.clone(), entry.into())
    }
}

impl Package {
    /// An empty library.
    pub fn new(name: &str, version: &str) -> Self {
        Package {
            name: name.to_owned(),
            version: version.to_owned(),
            deps: Vec::new(),
            features: BTreeMap::new(),
            files: BTreeMap::from([("src/lib.rs".to_owned(), String::new())]),
            proc_macro: false,
            links: None,
            published: None,
            rust_version: None,
            yanked: false,
            fields: toml::Table::new(),
        }
    }

    pub fn dep(mut self, dep: Dep) -> Self {
        self.deps.push(dep);
        self
    }

    pub fn feature(mut self, name: &str, enables: &[&str]) -> Self {
        let enables = enables.iter().map(|&item| item.to_owned()).collect();
        self.features.insert(name.to_owned(), enables);
        self
    }

    /// The source of the library.
    pub fn lib(self, source: &str) -> Self {
        self.file("src/lib.rs", source)
    }

    /// Any further file, a build script `build.rs` among them.
    pub fn file(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.to_owned(), text.to_owned());
        self
    }

    pub fn proc_macro(mut self) -> Self {
        self.proc_macro = true;
        self
    }

    /// The native library of which a graph can hold one package only.
    pub fn links(self, library: &str) -> Self {
        let package = self.file("build.rs", "fn main() {}\n");
        Self {
            links: Some(library.to_owned()),
            ..package
        }
    }

    /// When it was published: `2025-11-12T19:30:12Z`.
    pub fn published(mut self, time: &str) -> Self {
        self.published = Some(time.to_owned());
        self
    }

    pub fn rust_version(mut self, version: &str) -> Self {
        self.rust_version = Some(version.to_owned());
        self
    }

    /// A field of `[package]`, such as `description`.
    pub fn field(mut self, name: &str, value: impl Into<toml::Value>) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    pub fn yanked(mut self) -> Self {
        self.yanked = true;
        self
    }

    /// Its line in the index.
    pub(super) fn index_line(&self, checksum: &str) -> Value {
        let is_new = |item: &String| item.starts_with("dep:") || item.contains("?/");
        let (new, old): (BTreeMap<_, _>, BTreeMap<_, _>) = self
            .features
            .iter()
            .partition(|(_, items)| items.iter().any(is_new));
        let mut line = json!({
            "name": self.name, "vers": self.version, "cksum": checksum, "yanked": self.yanked,
            "deps": self.deps.iter().map(Dep::index_line).collect::<Vec<_>>(),
            "features": old, "links": self.links,
        });
        if !new.is_empty() {
            line["features2"] = json!(new);
            line["v"] = json!(2);
        }
        if let Some(time) = &self.published {
            line["pubtime"] = json!(time);
        }
        if let Some(version) = &self.rust_version {
            line["rust_version"] = json!(version);
        }
        line
    }

    fn manifest(&self) -> String {
        let mut package = toml::Table::new();
        package.insert("name".into(), self.name.clone().into());
        package.insert("version".into(), self.version.clone().into());
        package.insert("edition".into(), "2021".into());
        package.extend(self.fields.clone());
        if let Some(version) = &self.rust_version {
            package.insert("rust-version".into(), version.clone().into());
        }
        if let Some(library) = &self.links {
            package.insert("links".into(), library.clone().into());
            package.insert("build".into(), "build.rs".into());
        }
        let mut lib = toml::Table::new();
        lib.insert("path".into(), "src/lib.rs".into());
        if self.proc_macro {
            lib.insert("proc-macro".into(), true.into());
        }
        let mut manifest = toml::Table::new();
        manifest.insert("package".into(), package.into());
        manifest.insert("lib".into(), lib.into());
        if !self.features.is_empty() {
            let features: toml::Table = self
                .features
                .iter()
                .map(|(name, items)| (name.clone(), items.clone().into()))
                .collect();
            manifest.insert("features".into(), features.into());
        }
        for dep in &self.deps {
            let section = match dep.kind {
                "dev" => "dev-dependencies",
                "build" => "build-dependencies",
                _ => "dependencies",
            };
            let mut table = &mut manifest;
            if let Some(target) = &dep.target {
                table = sub_table(sub_table(table, "target"), target);
            }
            let (key, entry) = dep.manifest_entry();
            sub_table(table, section).insert(key, entry);
        }
        toml::to_string(&manifest).unwrap()
    }

    /// The archive, the same for the same package at any time.
    pub(super) fn archive(&self) -> Vec<u8> {
        let mut archive = tar::Builder::new(
            flate2::GzBuilder::new()
                .mtime(0)
                .write(Vec::new(), flate2::Compression::fast()),
        );
        let manifest = ("Cargo.toml".to_owned(), self.manifest());
        let files = self.files.iter();
        for (path, text) in std::iter::once((&manifest.0, &manifest.1)).chain(files) {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            header.set_mtime(0);
            let path = format!("{}-{}/{path}", self.name, self.version);
            archive
                .append_data(&mut header, path, text.as_bytes())
                .unwrap();
        }
        archive.into_inner().unwrap().finish().unwrap()
    }
}

fn sub_table<'a>(table: &'a mut toml::Table, key: &str) -> &'a mut toml::Table {
    table
        .entry(key.to_owned())
        .or_insert_with(|| toml::Table::new().into())
        .as_table_mut()
        .unwrap()
}
