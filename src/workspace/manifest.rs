//! Reads `Cargo.toml` with the place of each requirement.

use std::ops::Range;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use toml_edit::{Document, Item, TableLike};

use super::WorkspaceError;

/// In which table a dependency stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DependencyTable {
    Normal,
    Dev,
    Build,
    /// `[workspace.dependencies]`.
    Workspace,
}

/// A dependency as a manifest declares it.
#[derive(Debug, Clone)]
pub struct Declared {
    /// The key: the name by which the package's own code and features know it.
    pub key: String,
    /// The package's name, where renamed too.
    pub package: String,
    /// The version requirement as written. None where it is inherited, or there is none.
    pub requirement: Option<String>,
    pub table: DependencyTable,
    /// The condition of `[target.CONDITION.dependencies]`.
    pub platform: Option<String>,
    /// `workspace = true`.
    pub inherited: bool,
    pub optional: bool,
    pub default_features: bool,
    pub features: Vec<String>,
    pub path: Option<String>,
    pub git: Option<String>,
    /// Bytes of the requirement's text in the manifest, or of the whole entry where it has none.
    pub span: Range<usize>,
}

/// A parsed manifest.
#[derive(Debug, Clone)]
pub struct Manifest {
    pub path: Utf8PathBuf,
    pub text: Arc<str>,
    /// `[package]`'s name; none in a virtual manifest.
    pub package: Option<String>,
    pub edition: Option<String>,
    /// `rust-version` of `[package]`, where it is written there.
    pub rust_version: Option<String>,
    pub inherits_rust_version: bool,
    /// `rust-version` of `[workspace.package]`.
    pub shared_rust_version: Option<String>,
    /// `resolver` of `[workspace]` or `[package]`.
    pub resolver: Option<String>,
    /// Whether it has a `[workspace]` table.
    pub workspace: bool,
    /// `members`, `exclude` of `[workspace]`, as written.
    pub members: Vec<String>,
    pub exclude: Vec<String>,
    pub dependencies: Vec<Declared>,
    /// `[workspace.dependencies]`.
    pub workspace_dependencies: Vec<Declared>,
}

/// Reads a file as text.
///
/// # Errors
/// Where it cannot be read or is not UTF-8.
pub fn read(path: &Utf8Path) -> Result<String, WorkspaceError> {
    let bytes = std::fs::read(path).map_err(|source| WorkspaceError::Read {
        path: path.to_owned(),
        source,
    })?;
    String::from_utf8(bytes).map_err(|_| WorkspaceError::NotUtf8 {
        path: path.to_owned(),
    })
}

/// Line and column (in characters), both from 1, of a byte offset.
pub fn position(text: &str, offset: usize) -> (usize, usize) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1;
    (line, before[start..].chars().count() + 1)
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// Where it cannot be read, or is no TOML.
    pub fn read(path: &Utf8Path) -> Result<Self, WorkspaceError> {
        Self::parse(path, read(path)?)
    }

    /// Parses the text of a manifest.
    ///
    /// # Errors
    /// Where it is no TOML.
    pub fn parse(path: &Utf8Path, text: String) -> Result<Self, WorkspaceError> {
        let document = Document::parse(text.as_str()).map_err(|error| {
            let (line, column) = position(&text, error.span().map_or(0, |span| span.start));
            WorkspaceError::Manifest {
                path: path.to_owned(),
                line,
                column,
                message: error.message().to_owned(),
            }
        })?;
        let root = document.as_table();
        let package = table(root.get("package").or_else(|| root.get("project")));
        let workspace = table(root.get("workspace"));
        let word =
            |table: Option<&dyn TableLike>, key: &str| Some(table?.get(key)?.as_str()?.to_owned());
        let shared_package = workspace.and_then(|t| table(t.get("package")));
        let mut manifest = Self {
            path: path.to_owned(),
            package: word(package, "name"),
            edition: word(package, "edition"),
            rust_version: word(package, "rust-version"),
            inherits_rust_version: package
                .and_then(|package| table(package.get("rust-version")))
                .and_then(|version| version.get("workspace")?.as_bool())
                == Some(true),
            shared_rust_version: word(shared_package, "rust-version"),
            resolver: word(workspace, "resolver").or_else(|| word(package, "resolver")),
            workspace: workspace.is_some(),
            members: workspace
                .map(|t| words(t.get("members")))
                .unwrap_or_default(),
            exclude: workspace
                .map(|t| words(t.get("exclude")))
                .unwrap_or_default(),
            dependencies: Vec::new(),
            workspace_dependencies: Vec::new(),
            text: Arc::from(text.as_str()),
        };
        collect(root, None, &mut manifest.dependencies);
        if let Some(targets) = table(root.get("target")) {
            for (condition, entry) in targets.iter() {
                if let Some(tables) = entry.as_table_like() {
                    collect(tables, Some(condition), &mut manifest.dependencies);
                }
            }
        }
        if let Some(shared) = workspace.and_then(|t| table(t.get("dependencies"))) {
            for entry in entries(shared) {
                let declared = declared(entry, DependencyTable::Workspace, None);
                manifest.workspace_dependencies.push(declared);
            }
        }
        Ok(manifest)
    }

    /// Line and column of a declared requirement, both from 1.
    pub fn position(&self, declared: &Declared) -> (usize, usize) {
        position(&self.text, declared.span.start)
    }
}

fn table(item: Option<&Item>) -> Option<&dyn TableLike> {
    item?.as_table_like()
}

fn words(item: Option<&Item>) -> Vec<String> {
    let array = item.and_then(Item::as_array);
    array
        .into_iter()
        .flatten()
        .filter_map(|value| Some(value.as_str()?.to_owned()))
        .collect()
}

/// The dependency tables of one level, under cargo's names for them, old ones included.
fn collect(tables: &dyn TableLike, platform: Option<&str>, into: &mut Vec<Declared>) {
    const NAMES: [(&str, DependencyTable); 5] = [
        ("dependencies", DependencyTable::Normal),
        ("dev-dependencies", DependencyTable::Dev),
        ("dev_dependencies", DependencyTable::Dev),
        ("build-dependencies", DependencyTable::Build),
        ("build_dependencies", DependencyTable::Build),
    ];
    for (name, kind) in NAMES {
        if let Some(list) = table(tables.get(name)) {
            into.extend(entries(list).map(|entry| declared(entry, kind, platform)));
        }
    }
}

type Entry<'a> = (&'a str, Option<Range<usize>>, &'a Item);

fn entries(list: &dyn TableLike) -> impl Iterator<Item = Entry<'_>> {
    list.iter().map(|(name, item)| {
        let key = list.key(name).and_then(toml_edit::Key::span);
        (name, key, item)
    })
}

fn declared(
    (key, key_span, item): Entry<'_>,
    kind: DependencyTable,
    platform: Option<&str>,
) -> Declared {
    let fields = item.as_table_like();
    let field = |name: &str| fields.and_then(|table| table.get(name));
    let text = |name: &str| field(name).and_then(Item::as_str).map(str::to_owned);
    let flag = |name: &str| field(name).and_then(Item::as_bool);
    let version = if item.is_str() {
        Some(item)
    } else {
        field("version")
    };
    let whole = item.span().or_else(|| key_span.clone());
    let inherited = flag("workspace") == Some(true);
    let span = version
        .and_then(Item::span)
        .or(if inherited { key_span } else { None })
        .or(whole);
    Declared {
        key: key.to_owned(),
        package: text("package").unwrap_or_else(|| key.to_owned()),
        requirement: version.and_then(Item::as_str).map(str::to_owned),
        table: kind,
        platform: platform.map(str::to_owned),
        inherited,
        optional: flag("optional") == Some(true),
        default_features: flag("default-features")
            .or_else(|| flag("default_features"))
            .unwrap_or(true),
        features: words(field("features")),
        path: text("path"),
        git: text("git"),
        span: span.unwrap_or(0..0),
    }
}
