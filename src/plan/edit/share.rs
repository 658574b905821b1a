//! Changes over the manifests of a workspace: what members inherit from the root.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::change::{self, New};
use super::entry::{Edited, Form, Found, quoted};
use super::inherit::{MOVED, inherit, rebased};
use super::text::{Doc, Node};
use super::{Change, EditError, Entry, disable, features, insert, rename, verify};
use crate::workspace::Manifest;
use crate::workspace::manifest::DependencyTable;

/// The texts of some manifests, as changed so far.
pub struct Manifests {
    root: Utf8PathBuf,
    texts: BTreeMap<Utf8PathBuf, String>,
}

impl Manifests {
    pub fn new(root: &Utf8Path) -> Self {
        Self {
            root: root.to_owned(),
            texts: BTreeMap::new(),
        }
    }

    pub fn put(&mut self, path: &Utf8Path, text: String) {
        self.texts.insert(path.to_owned(), text);
    }

    pub fn take(mut self, path: &Utf8Path) -> Option<String> {
        self.texts.remove(path)
    }

    pub fn into_texts(self) -> BTreeMap<Utf8PathBuf, String> {
        self.texts
    }

    /// Whether nobody inherits from a shared entry that went. Asked after all changes: those that
    /// inherit may go after what they inherit from.
    pub fn settled<'a>(
        &self,
        changes: impl IntoIterator<Item = &'a Change>,
    ) -> Result<(), EditError> {
        for change in changes {
            let (Change::Remove { at } | Change::Disable { at, .. }) = change else {
                continue;
            };
            if at.table != DependencyTable::Workspace {
                continue;
            }
            let root = Doc::parse(self.text(&self.root)?)?;
            if Found::look(&root, at).is_some() {
                continue;
            }
            for (path, text) in &self.texts {
                if !heirs(text, path, &at.key)?.is_empty() {
                    return Err(EditError::StillInherited {
                        at: at.clone(),
                        heir: path.clone(),
                    });
                }
            }
        }
        Ok(())
    }

    fn text(&self, path: &Utf8Path) -> Result<&str, EditError> {
        let text = self.texts.get(path).map(String::as_str);
        text.ok_or(EditError::NoManifest)
    }

    /// A new text for a manifest, once it is seen to differ in these entries alone.
    fn set(&mut self, path: &Utf8Path, new: String, entries: &[&Entry]) -> Result<(), EditError> {
        verify::only(self.text(path)?, &new, entries)?;
        self.put(path, new);
        Ok(())
    }

    /// Applies a change to a manifest. One that stands alone may inherit from a root that is not
    /// at hand.
    pub fn apply(
        &mut self,
        path: &Utf8Path,
        change: &Change,
        alone: bool,
    ) -> Result<(), EditError> {
        let text = self.text(path)?;
        let new = match change {
            Change::Require { at, requirement } => change::require(text, at, requirement)?,
            Change::Features { at, add, remove } => features::of_entry(text, at, add, remove)?,
            Change::DefaultFeatures { at, on } => change::default_features(text, at, *on)?,
            Change::Add {
                at,
                package,
                requirement,
                features,
                default_features,
                optional,
            } => {
                if at.table == DependencyTable::Workspace && !has_workspace(&Doc::parse(text)?) {
                    return Err(EditError::NoWorkspace(path.to_owned()));
                }
                let new = New {
                    package: package.as_deref(),
                    requirement,
                    features,
                    default_features: *default_features,
                    optional: *optional,
                };
                change::add(text, at, &new)?
            }
            Change::Rename {
                at,
                package,
                requirement,
            } => {
                return self.rename(path, at, package, requirement);
            }
            Change::Inherit { at } => self.inherited(path, at, alone)?,
            Change::Share { at } => return self.share(path, at),
            Change::MakeOptional { at, feature } => change::make_optional(text, at, feature)?,
            Change::Disable { at, reason } => disable::disable(text, at, reason)?,
            Change::Remove { at } => disable::remove(text, at)?,
            Change::Patch {
                registry,
                package,
                source,
            } => {
                if path != self.root {
                    let root = self.root.clone();
                    return Err(EditError::PatchOutsideRoot { root });
                }
                change::patch(text, registry, package, source)?
            }
        };
        let entries: Vec<&Entry> = change.entry().into_iter().collect();
        self.set(path, new, &entries)
    }

    /// A shared entry that gets a new key takes those that inherit from it along.
    fn rename(
        &mut self,
        path: &Utf8Path,
        at: &Entry,
        package: &str,
        requirement: &str,
    ) -> Result<(), EditError> {
        let (new, to) = rename::rename(self.text(path)?, at, package, requirement)?;
        let entries: Vec<&Entry> = std::iter::once(at).chain(&to).collect();
        self.set(path, new, &entries)?;
        let Some(to) = to.filter(|_| at.table == DependencyTable::Workspace) else {
            return Ok(());
        };
        let paths: Vec<Utf8PathBuf> = self.texts.keys().cloned().collect();
        for path in paths {
            let heirs = heirs(self.text(&path)?, &path, &at.key)?;
            for heir in heirs {
                let new = rename::key_of(self.text(&path)?, &heir, &to.key);
                let new = new.map_err(|error| within(&path, error))?;
                let key = to.key.clone();
                let renamed = Entry {
                    key,
                    ..heir.clone()
                };
                self.set(&path, new, &[&heir, &renamed])?;
            }
        }
        Ok(())
    }

    /// The text of a manifest whose entry inherits from the root.
    fn inherited(&self, path: &Utf8Path, at: &Entry, alone: bool) -> Edited {
        let text = self.text(path)?;
        let doc = Doc::parse(text)?;
        let found = heir(&doc, at)?;
        let root = if self.texts.contains_key(&self.root) {
            Some(Doc::parse(self.text(&self.root)?)?)
        } else {
            None
        };
        let root = root.filter(|root| !alone || has_workspace(root));
        let Some(root) = root else {
            if alone {
                return inherit(text, at, false);
            }
            return Err(EditError::NoWorkspace(self.root.clone()));
        };
        let shared = shared_entry(at);
        let Some(there) = Found::look(&root, &shared) else {
            return Err(EditError::NotShared {
                root: self.root.clone(),
                key: at.key.clone(),
            });
        };
        if there.package() != found.package() {
            return Err(differs(at, "the package", found.package(), there.package()));
        }
        inherit(text, at, default_on(&found) && !default_on(&there))
    }

    fn share(&mut self, path: &Utf8Path, at: &Entry) -> Result<(), EditError> {
        let text = self.text(path)?;
        let doc = Doc::parse(text)?;
        let found = heir(&doc, at)?;
        let root_text = self.text(&self.root)?;
        let root = Doc::parse(root_text)?;
        if !has_workspace(&root) {
            return Err(EditError::NoWorkspace(self.root.clone()));
        }
        let here = self.moved(path, &found);
        if here.is_empty() {
            return Err(EditError::NoRequirement(at.clone()));
        }
        let shared = shared_entry(at);
        let on = default_on(&found);
        let there = Found::look(&root, &shared);
        let turn_on = match &there {
            Some(there) => {
                agree(at, &here, &self.moved(&self.root, there))?;
                if default_on(there) && !on {
                    return Err(differs(at, "`default-features`", "off", "on"));
                }
                on && !default_on(there)
            }
            None => false,
        };
        if there.is_none() {
            let value = shared_value(&here, on);
            let tables = super::entry::containers(&shared);
            let new = insert::insert(root_text, &tables, &at.key, &value)?;
            let root = self.root.clone();
            self.set(&root, new, &[&shared])?;
        }
        let new = inherit(self.text(path)?, at, turn_on)?;
        self.set(path, new, &[at])
    }

    /// The fields of an entry that say what it asks for and where it comes from, paths as seen from
    /// the root.
    fn moved(&self, path: &Utf8Path, found: &Found<'_>) -> Vec<(&'static str, String)> {
        if found.form == Form::Plain {
            let requirement = found.requirement().and_then(Node::as_text);
            return requirement
                .map(|text| ("version", text.to_owned()))
                .into_iter()
                .collect();
        }
        let mut fields = Vec::new();
        for name in MOVED {
            match (name, found.word(name)) {
                ("path", Some(to)) => {
                    fields.push((
                        name,
                        rebased(folder(path), Utf8Path::new(to), folder(&self.root)),
                    ));
                }
                (_, Some(word)) => fields.push((name, word.to_owned())),
                (_, None) => {}
            }
        }
        fields
    }
}

fn within(path: &Utf8Path, error: EditError) -> EditError {
    EditError::In {
        manifest: path.to_owned(),
        error: Box::new(error),
    }
}

fn folder(manifest: &Utf8Path) -> &Utf8Path {
    manifest.parent().unwrap_or(Utf8Path::new(""))
}

fn has_workspace(doc: &Doc<'_>) -> bool {
    let path = ["workspace".to_owned()];
    doc.at(&path).is_some() || doc.under(&path).next().is_some()
}

fn shared_entry(at: &Entry) -> Entry {
    Entry {
        table: DependencyTable::Workspace,
        platform: None,
        key: at.key.clone(),
    }
}

/// The entries of a manifest that inherit under this key.
fn heirs(text: &str, path: &Utf8Path, key: &str) -> Result<Vec<Entry>, EditError> {
    let manifest = Manifest::parse(path, text.to_owned()).map_err(|error| EditError::Form {
        at: "the manifest".to_owned(),
        message: error.to_string(),
    })?;
    let heirs = manifest.dependencies.into_iter();
    let heirs = heirs.filter(|declared| declared.inherited && declared.key == key);
    let entry = |declared: crate::workspace::Declared| Entry {
        table: declared.table,
        platform: declared.platform,
        key: declared.key,
    };
    Ok(heirs.map(entry).collect())
}

/// An entry that can come to inherit.
fn heir<'d>(doc: &'d Doc<'d>, at: &'d Entry) -> Result<Found<'d>, EditError> {
    if at.table == DependencyTable::Workspace {
        return Err(EditError::IsShared(at.clone()));
    }
    let found = Found::find(doc, at)?;
    if found.inherited() {
        return Err(EditError::NoChange {
            at: at.clone(),
            why: "it is inherited already".to_owned(),
        });
    }
    Ok(found)
}

fn default_on(found: &Found<'_>) -> bool {
    found.default_features().and_then(Node::as_flag) != Some(false)
}

fn differs(at: &Entry, what: &str, here: &str, there: &str) -> EditError {
    EditError::SharedDiffers {
        at: at.clone(),
        difference: format!("{what} is {here} here and {there} there"),
    }
}

type Fields = [(&'static str, String)];

fn agree(at: &Entry, here: &Fields, there: &Fields) -> Result<(), EditError> {
    let value = |fields: &Fields, name: &str| {
        let field = fields.iter().find(|(field, _)| *field == name);
        field.map(|(_, value)| value.clone())
    };
    for name in MOVED {
        let (here, there) = (value(here, name), value(there, name));
        if here != there {
            let shown = |value: Option<String>| value.unwrap_or_else(|| "not set".to_owned());
            return Err(differs(
                at,
                &format!("`{name}`"),
                &shown(here),
                &shown(there),
            ));
        }
    }
    Ok(())
}

fn shared_value(fields: &Fields, default_on: bool) -> String {
    if let ([("version", version)], true) = (fields, default_on) {
        return quoted(version);
    }
    let mut shown: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name} = {}", quoted(value)))
        .collect();
    if !default_on {
        shown.push("default-features = false".to_owned());
    }
    format!("{{ {} }}", shown.join(", "))
}
