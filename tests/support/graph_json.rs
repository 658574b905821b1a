//! Output of `cargo metadata`, made up: graphs and names that no cargo would write.
#![allow(dead_code, reason = "each test binary uses another part")]

use serde_json::{Value, json};

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// A package of a made-up graph.
pub struct Node {
    pub name: String,
    pub version: String,
    pub member: bool,
    /// `lib` or `bin`.
    pub kind: &'static str,
    pub target: String,
    /// Places in the list of nodes.
    pub deps: Vec<usize>,
    pub features: Vec<String>,
}

impl Node {
    pub fn new(name: &str, version: &str, deps: &[usize]) -> Self {
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            member: false,
            kind: "lib",
            target: name.to_owned(),
            deps: deps.to_vec(),
            features: Vec::new(),
        }
    }

    pub fn member(mut self) -> Self {
        self.member = true;
        self
    }

    pub fn bin(mut self) -> Self {
        self.kind = "bin";
        self
    }

    pub fn target(mut self, name: &str) -> Self {
        self.target = name.to_owned();
        self
    }

    fn id(&self) -> String {
        if self.member {
            format!("path+file:///nowhere/{}#{}", self.name, self.version)
        } else {
            format!("{REGISTRY}#{}@{}", self.name, self.version)
        }
    }

    fn folder(&self) -> String {
        if self.member {
            format!("/nowhere/{}", self.name)
        } else {
            format!("/nowhere/registry/{}-{}", self.name, self.version)
        }
    }

    fn package(&self, nodes: &[Node]) -> Value {
        let deps = self.deps.iter().map(|&dep| {
            json!({
                "name": nodes[dep].name, "source": REGISTRY, "req": format!("^{}", nodes[dep].version),
                "kind": null, "rename": null, "optional": false, "uses_default_features": true,
                "features": [], "target": null, "registry": null,
            })
        });
        let features: serde_json::Map<String, Value> = self
            .features
            .iter()
            .map(|name| (name.clone(), json!([])))
            .collect();
        let file = if self.kind == "bin" { "main" } else { "lib" };
        json!({
            "name": self.name, "version": self.version, "id": self.id(), "license": null,
            "license_file": null, "description": null,
            "source": if self.member { Value::Null } else { json!(REGISTRY) },
            "dependencies": deps.collect::<Vec<_>>(), "features": features,
            "targets": [{
                "kind": [self.kind], "crate_types": [self.kind], "name": self.target,
                "src_path": format!("{}/src/{file}.rs", self.folder()), "edition": "2021",
                "doc": true, "doctest": false, "test": true,
            }],
            "manifest_path": format!("{}/Cargo.toml", self.folder()), "metadata": null,
            "publish": null, "authors": [], "categories": [], "keywords": [], "readme": null,
            "repository": null, "homepage": null, "documentation": null, "edition": "2021",
            "links": null, "default_run": null, "rust_version": null,
        })
    }

    fn resolved(&self, nodes: &[Node]) -> Value {
        let deps = self.deps.iter().map(|&dep| {
            json!({
                "name": nodes[dep].target.replace('-', "_"), "pkg": nodes[dep].id(),
                "dep_kinds": [{ "kind": null, "target": null }],
            })
        });
        let ids = self.deps.iter().map(|&dep| nodes[dep].id());
        json!({
            "id": self.id(), "dependencies": ids.collect::<Vec<_>>(),
            "deps": deps.collect::<Vec<_>>(), "features": self.features,
        })
    }
}

/// The metadata of a workspace whose files are nowhere.
pub fn metadata(nodes: &[Node]) -> Value {
    let members: Vec<String> = nodes.iter().filter(|n| n.member).map(Node::id).collect();
    json!({
        "packages": nodes.iter().map(|node| node.package(nodes)).collect::<Vec<_>>(),
        "workspace_members": members, "workspace_default_members": members,
        "resolve": {
            "nodes": nodes.iter().map(|node| node.resolved(nodes)).collect::<Vec<_>>(),
            "root": null,
        },
        "target_directory": "/nowhere/target", "version": 1, "workspace_root": "/nowhere",
        "metadata": null,
    })
}
