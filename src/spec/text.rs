//! The manifest of a package that a specification is about: which text, and what it says beside its
//! requirements.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use toml_edit::{Document, Item};

use crate::workspace::Manifest;
use crate::workspace::manifest::read;
use crate::workspace::members::workspace_root;

use super::model::{Basis, Origin};

/// The manifests that a package's requirements are written in.
#[derive(Debug, Clone)]
pub struct Texts {
    /// The package's own manifest.
    pub manifest: Utf8PathBuf,
    /// The folder of the root manifest that it belongs to.
    pub root: Utf8PathBuf,
    /// The folder that diffs count from.
    pub base: Utf8PathBuf,
    pub all: BTreeMap<Utf8PathBuf, Arc<str>>,
    pub basis: Basis,
    /// Why a better text could not be taken; empty where none could be better.
    pub problems: Vec<String>,
}

/// What cargo puts beside the manifest that it makes when publishing.
const ORIGINAL: &str = "Cargo.toml.orig";

impl Texts {
    /// Of a package of this tree, whose manifests are known.
    pub fn of_tree(
        manifest: &Utf8Path,
        root: &Utf8Path,
        known: &BTreeMap<Utf8PathBuf, Arc<str>>,
    ) -> Self {
        let own = manifest.parent().unwrap_or(manifest);
        let base = match manifest.starts_with(root) {
            true => root.to_owned(),
            false => workspace_root(manifest),
        };
        let base = if own.starts_with(&base) {
            base
        } else {
            own.to_owned()
        };
        Self {
            manifest: manifest.to_owned(),
            root: root.to_owned(),
            base,
            all: known.clone(),
            basis: Basis::File,
            problems: Vec::new(),
        }
    }

    /// Of a package whose files are elsewhere; the error says why there is none. `matters` tells which
    /// dependencies the specification will be about.
    pub fn on_disk(
        manifest: &Utf8Path,
        origin: &Origin,
        matters: &dyn Fn(&str) -> bool,
    ) -> Result<Self, String> {
        match origin {
            Origin::Registry { .. } => published(manifest, matters),
            Origin::Git { .. } | Origin::Path { .. } => checked_out(manifest),
        }
    }

    /// The manifest that cargo compiles a package with, as it is on disk.
    pub fn compiled(manifest: &Utf8Path, origin: &Origin) -> Result<Self, String> {
        match origin {
            Origin::Registry { .. } => {
                let text = read(manifest).map_err(|error| error.to_string())?;
                let folder = manifest.parent().unwrap_or(manifest);
                Ok(Self {
                    manifest: manifest.to_owned(),
                    root: folder.to_owned(),
                    base: folder.to_owned(),
                    all: BTreeMap::from([(manifest.to_owned(), Arc::from(text))]),
                    basis: Basis::Normalised,
                    problems: Vec::new(),
                })
            }
            Origin::Git { .. } | Origin::Path { .. } => checked_out(manifest),
        }
    }

    /// A field of `[package]`, where it inherits that of its workspace.
    pub fn field(&self, name: &str) -> Option<Item> {
        let own = Document::parse(self.all.get(&self.manifest)?.to_string()).ok()?;
        let package = own.get("package").or_else(|| own.get("project"))?;
        let value = package.as_table_like()?.get(name)?;
        let inherits = value
            .as_table_like()
            .and_then(|table| table.get("workspace"))
            .and_then(Item::as_bool);
        if inherits != Some(true) {
            return Some(value.clone());
        }
        let root = self.root_text()?;
        let root = Document::parse(root.to_string()).ok()?;
        let shared = root.get("workspace")?.as_table_like()?.get("package")?;
        Some(shared.as_table_like()?.get(name)?.clone())
    }

    /// A field that is a text.
    pub fn word(&self, name: &str) -> Option<String> {
        self.field(name)?.as_str().map(str::to_owned)
    }

    /// A field that is a list of texts.
    pub fn words(&self, name: &str) -> Vec<String> {
        let field = self.field(name);
        let list = field
            .as_ref()
            .and_then(Item::as_array)
            .into_iter()
            .flatten();
        list.filter_map(|value| Some(value.as_str()?.to_owned()))
            .collect()
    }

    /// The text of the manifest with `[workspace]` that the package belongs to.
    fn root_text(&self) -> Option<&Arc<str>> {
        let folders = self.manifest.ancestors().skip(1);
        let mut above = folders.filter_map(|folder| self.all.get(&folder.join("Cargo.toml")));
        above.find(|text| {
            Document::parse(text.to_string()).is_ok_and(|root| root.contains_key("workspace"))
        })
    }

    /// A path as a diff names it.
    pub fn shown(&self, path: &Utf8Path) -> String {
        let shown = path.strip_prefix(&self.base).unwrap_or(path).as_str();
        shown.replace('\\', "/")
    }
}

/// The owner's own manifest where it stands in the release and says all by itself, else cargo's.
fn published(manifest: &Utf8Path, matters: &dyn Fn(&str) -> bool) -> Result<Texts, String> {
    let folder = manifest.parent().unwrap_or(manifest);
    let text = |path: &Utf8Path| read(path).map_err(|error| error.to_string());
    let texts = |text: String, basis, problems| Texts {
        manifest: manifest.to_owned(),
        root: folder.to_owned(),
        base: folder.to_owned(),
        all: BTreeMap::from([(manifest.to_owned(), Arc::from(text))]),
        basis,
        problems,
    };
    let original = folder.join(ORIGINAL);
    if !original.is_file() {
        return Ok(texts(text(manifest)?, Basis::Normalised, Vec::new()));
    }
    let made = text(manifest)?;
    let complete =
        text(&original).and_then(|text| is_complete(&original, text, (manifest, &made), matters));
    let problem = match complete {
        Ok(text) => return Ok(texts(text, Basis::Original, Vec::new())),
        Err(problem) => problem,
    };
    Ok(texts(made, Basis::Normalised, vec![problem]))
}

/// Whether the owner's manifest itself says what is asked for of all that matters.
fn is_complete(
    path: &Utf8Path,
    text: String,
    (made_at, made): (&Utf8Path, &str),
    matters: &dyn Fn(&str) -> bool,
) -> Result<String, String> {
    let parsed = |path: &Utf8Path, text: &str| {
        Manifest::parse(path, text.to_owned()).map_err(|error| error.to_string())
    };
    let (original, made) = (parsed(path, &text)?, parsed(made_at, made)?);
    // What an inherited key stands for, only the manifest that cargo made says.
    let package = |key: &str| {
        let mut all = made.dependencies.iter();
        let found = all.find(|declared| declared.key == key);
        found.map_or_else(|| key.to_owned(), |declared| declared.package.clone())
    };
    let mut inherited: Vec<String> = original
        .dependencies
        .iter()
        .filter(|declared| declared.inherited && matters(&package(&declared.key)))
        .map(|declared| format!("`{}`", declared.key))
        .collect();
    inherited.sort();
    inherited.dedup();
    if inherited.is_empty() {
        return Ok(text);
    }
    Err(format!(
        "its manifest inherits {} from a workspace that is not part of the release: the diff fits \
         the manifest that cargo made of it, and the requirements have to be changed in \
         `[workspace.dependencies]` of its repository",
        inherited.join(", ")
    ))
}

/// The package's manifest, and that of its workspace, in a checkout.
fn checked_out(manifest: &Utf8Path) -> Result<Texts, String> {
    let text = |path: &Utf8Path| read(path).map_err(|error| error.to_string());
    let root = workspace_root(manifest);
    let mut all = BTreeMap::from([(manifest.to_owned(), Arc::from(text(manifest)?))]);
    let above = root.join("Cargo.toml");
    if above != manifest
        && let Ok(text) = text(&above)
    {
        all.insert(above, Arc::from(text));
    }
    let is_top =
        |folder: &&Utf8Path| folder.join(".git").exists() || folder.join(".cargo-ok").exists();
    let base = manifest.ancestors().skip(1).find(is_top);
    let base = base.map_or_else(|| root.clone(), Utf8Path::to_owned);
    Ok(Texts {
        manifest: manifest.to_owned(),
        root,
        base,
        all,
        basis: Basis::File,
        problems: Vec::new(),
    })
}
