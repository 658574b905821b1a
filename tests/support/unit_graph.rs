//! Cargo's own plan of a build, as the truth about what each artifact links.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::cargo::{Metadata, succeed};
use super::sandbox::Sandbox;
use super::{ANCHORS, line};

#[derive(Debug, Deserialize)]
struct UnitGraph {
    units: Vec<Unit>,
    roots: Vec<usize>,
}

#[derive(Debug, Deserialize)]
struct Unit {
    pkg_id: String,
    target: Target,
    mode: Mode,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Target {
    kind: Vec<String>,
    name: String,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Mode {
    Build,
    Test,
    RunCustomBuild,
    Check,
    Doc,
    Doctest,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    index: usize,
}

/// How much a linked target weighs, in the words of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// `linked` and `library`.
    Normal,
    Development,
    Host,
}

/// One target of a member and the packages in its link.
#[derive(Debug, Clone)]
pub struct Linked {
    pub package: String,
    /// As the report calls it: `bin`, `lib`, `build-script` and so on.
    pub kind: String,
    pub name: String,
    pub class: Class,
    /// Ids of all packages linked, the target's own included.
    pub closure: BTreeSet<String>,
}

impl Linked {
    /// `PACKAGE/KIND/NAME`.
    pub fn id(&self) -> String {
        format!("{}/{}/{}", self.package, self.kind, self.name)
    }

    /// `NAME@VERSION` of the linked copies of the anchors, by line.
    pub fn copies(&self, metadata: &Metadata) -> BTreeMap<String, BTreeSet<String>> {
        let mut lines = BTreeMap::<String, BTreeSet<String>>::new();
        for (name, version) in self.closure.iter().map(|id| &metadata.packages[id]) {
            if ANCHORS.contains(&name.as_str()) {
                let copies = lines.entry(line(version)).or_default();
                copies.insert(format!("{name}@{version}"));
            }
        }
        lines
    }
}

/// Asks cargo for the unit graph of `cargo build ARGUMENTS`, and reads what each target of a member
/// links. With `--tests` or `--all-targets` among the arguments these are the development targets,
/// else the others.
pub fn linked(sandbox: &Sandbox, metadata: &Metadata, arguments: &[&str]) -> Vec<Linked> {
    let mut command = sandbox.cargo();
    command
        .env("RUSTC_BOOTSTRAP", "1")
        .args(["build", "--unit-graph", "-Zunstable-options"])
        .args(["--locked", "--offline"])
        .args(arguments);
    let graph: UnitGraph = serde_json::from_str(&succeed(&mut command)).unwrap();
    let tests = arguments
        .iter()
        .any(|x| ["--tests", "--all-targets"].contains(x));

    let mut found = Vec::new();
    for (index, unit) in graph.units.iter().enumerate() {
        if !metadata.is_member(&unit.pkg_id) {
            continue;
        }
        let root = graph.roots.contains(&index);
        for (kind, class) in unit.artifacts(root) {
            if tests == (class == Class::Development) {
                found.push(Linked {
                    package: metadata.name(&unit.pkg_id).to_owned(),
                    kind: kind.to_owned(),
                    name: unit.target.name.clone(),
                    class,
                    closure: graph.closure(index),
                });
            }
        }
    }
    join_same(found)
}

/// A build script or macro may be planned more than once, with other features each time, and the
/// unit tests of a library and a binary may have one name: what one of them links counts.
fn join_same(list: Vec<Linked>) -> Vec<Linked> {
    let mut joined = BTreeMap::<String, Linked>::new();
    for linked in list {
        match joined.entry(linked.id()) {
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                assert_ne!(
                    linked.class,
                    Class::Normal,
                    "planned twice: {}",
                    entry.key()
                );
                entry.get_mut().closure.extend(linked.closure);
            }
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(linked);
            }
        }
    }
    joined.into_values().collect()
}

impl Unit {
    /// What artifacts this unit is, in the words of the report; none for a library that is only
    /// linked into another.
    fn artifacts(&self, root: bool) -> Vec<(&str, Class)> {
        let kinds: Vec<&str> = self.target.kind.iter().map(String::as_str).collect();
        match (&self.mode, kinds.as_slice()) {
            (Mode::Build, ["custom-build"]) => vec![("build-script", Class::Host)],
            (Mode::Build, ["proc-macro"]) => vec![("proc-macro", Class::Host)],
            (Mode::Build, [kind @ ("test" | "bench" | "example")]) if root => {
                vec![(*kind, Class::Development)]
            }
            (Mode::Test, [kind @ ("bench" | "example")]) if root => {
                vec![(*kind, Class::Development)]
            }
            (Mode::Test, _) if root => vec![("test", Class::Development)],
            (Mode::Build, ["bin"]) if root => vec![("bin", Class::Normal)],
            (Mode::Build, types) if root => {
                let kinds: BTreeSet<&str> = types.iter().map(|kind| library(kind)).collect();
                kinds
                    .into_iter()
                    .map(|kind| (kind, Class::Normal))
                    .collect()
            }
            (Mode::Build | Mode::Test | Mode::RunCustomBuild, _) => Vec::new(),
            (Mode::Check | Mode::Doc | Mode::Doctest, _) => panic!("not a build: {self:?}"),
        }
    }

    /// Whether this unit is linked into those that depend on it.
    fn is_linked(&self) -> bool {
        let apart = ["custom-build", "proc-macro", "bin"];
        self.mode == Mode::Build && !self.target.kind.iter().any(|k| apart.contains(&k.as_str()))
    }
}

fn library(crate_type: &str) -> &str {
    match crate_type {
        "cdylib" | "dylib" | "staticlib" => crate_type,
        _ => "lib",
    }
}

impl UnitGraph {
    fn closure(&self, from: usize) -> BTreeSet<String> {
        let mut seen = BTreeSet::from([from]);
        let mut queue = vec![from];
        while let Some(at) = queue.pop() {
            for dependency in &self.units[at].dependencies {
                let next = dependency.index;
                if self.units[next].is_linked() && seen.insert(next) {
                    queue.push(next);
                }
            }
        }
        let units = seen.into_iter().map(|index| &self.units[index]);
        units.map(|unit| unit.pkg_id.clone()).collect()
    }
}
