//! What a manifest says about where cargo looks next: other manifests, and files of targets.

use camino::Utf8Path;
use toml::{Table, Value};

/// Tables of dependencies, under cargo's names for them, old ones included.
pub const TABLES: [&str; 5] = [
    "dependencies",
    "dev-dependencies",
    "dev_dependencies",
    "build-dependencies",
    "build_dependencies",
];

/// Tables of targets.
const TARGETS: [&str; 4] = ["bin", "example", "test", "bench"];

/// `[workspace]`, as far as it says which packages belong to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Members {
    pub members: Option<Vec<String>>,
    pub default_members: Vec<String>,
    pub exclude: Vec<String>,
    /// `[workspace.dependencies]` with a path: key and path.
    pub dependencies: Vec<(String, String)>,
}

/// What one manifest says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Whether it has a package.
    pub package: bool,
    /// `package.workspace`.
    pub pointer: Option<String>,
    pub workspace: Option<Members>,
    /// Folders of its dependencies, `[patch]` and `[replace]`.
    pub paths: Vec<String>,
    /// Keys of dependencies that are inherited.
    pub inherited: Vec<String>,
    /// Files that targets and the build script name.
    pub files: Vec<String>,
    /// Names of the package and of targets, from which cargo guesses files.
    pub names: Vec<String>,
}

impl Facts {
    /// Reads them; nothing at all from what is no TOML, about which cargo has its own words.
    pub fn of(text: &str) -> Self {
        let Ok(root) = toml::from_str::<Table>(text) else {
            return Self::default();
        };
        let mut facts = Self::default();
        if let Some(package) = table(&root, "package").or_else(|| table(&root, "project")) {
            facts.package = true;
            facts.pointer = text_of(package, "workspace");
            facts.names.extend(text_of(package, "name"));
            facts.files.extend(words(package.get("build")));
        }
        facts.workspace = table(&root, "workspace").map(members);
        facts.requirements(&root);
        for platform in tables(table(&root, "target")) {
            facts.requirements(platform);
        }
        for source in tables(table(&root, "patch")) {
            facts.entries(source);
        }
        if let Some(replace) = table(&root, "replace") {
            facts.entries(replace);
        }
        facts.targets(&root);
        facts
    }

    fn requirements(&mut self, of: &Table) {
        for list in TABLES.iter().filter_map(|name| table(of, name)) {
            self.entries(list);
        }
    }

    fn entries(&mut self, list: &Table) {
        for (key, entry) in list {
            let Some(entry) = entry.as_table() else {
                continue;
            };
            self.paths.extend(text_of(entry, "path"));
            if entry.get("workspace").and_then(Value::as_bool) == Some(true) {
                self.inherited.push(key.clone());
            }
        }
    }

    fn targets(&mut self, root: &Table) {
        let listed = TARGETS
            .iter()
            .filter_map(|name| root.get(*name)?.as_array())
            .flatten()
            .filter_map(Value::as_table);
        for target in table(root, "lib").into_iter().chain(listed) {
            self.files.extend(text_of(target, "path"));
            self.names.extend(text_of(target, "name"));
        }
    }
}

impl Members {
    /// Whether a manifest is kept out of the workspace, as cargo decides it.
    pub fn excludes(&self, root: &Utf8Path, manifest: &Utf8Path) -> bool {
        let below = |folder: &String| manifest.starts_with(root.join(folder));
        let named = self.members.iter().flatten().any(below);
        !named && self.exclude.iter().any(below)
    }
}

fn members(workspace: &Table) -> Members {
    let shared = table(workspace, "dependencies");
    let entries = shared.into_iter().flatten();
    Members {
        members: workspace.get("members").map(|list| words(Some(list))),
        default_members: words(workspace.get("default-members")),
        exclude: words(workspace.get("exclude")),
        dependencies: entries
            .filter_map(|(key, entry)| Some((key.clone(), text_of(entry.as_table()?, "path")?)))
            .collect(),
    }
}

fn table<'t>(of: &'t Table, name: &str) -> Option<&'t Table> {
    of.get(name)?.as_table()
}

fn tables(of: Option<&Table>) -> impl Iterator<Item = &Table> {
    of.into_iter()
        .flat_map(Table::values)
        .filter_map(Value::as_table)
}

fn text_of(table: &Table, key: &str) -> Option<String> {
    Some(table.get(key)?.as_str()?.to_owned())
}

/// A string, or a list of them.
fn words(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(word)) => vec![word.clone()],
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(|word| Some(word.as_str()?.to_owned()))
            .collect(),
        Some(_) | None => Vec::new(),
    }
}
