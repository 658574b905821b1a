//! Who does a step.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use toml_edit::{DocumentMut, Item};

use crate::plan::model::Step;
use crate::readiness::Settings;

/// What the members' manifests say of their people.
pub struct Owners<'a> {
    settings: &'a Settings,
    /// Authors by member.
    authors: BTreeMap<String, Vec<String>>,
}

impl<'a> Owners<'a> {
    /// `root` is the workspace's manifest.
    pub fn new(
        settings: &'a Settings,
        manifests: &BTreeMap<Utf8PathBuf, Arc<str>>,
        root: &Utf8Path,
    ) -> Self {
        let document = |text: &Arc<str>| text.parse::<DocumentMut>().ok();
        let shared = manifests.get(root).and_then(document);
        let shared = shared.as_ref().and_then(|document| {
            let workspace = document.get("workspace")?.as_table_like()?;
            let package = workspace.get("package")?.as_table_like()?;
            Some(words(package.get("authors")))
        });
        let mut authors = BTreeMap::new();
        for document in manifests.values().filter_map(document) {
            let package = document.get("package").and_then(Item::as_table_like);
            let Some(package) = package else { continue };
            let Some(name) = package.get("name").and_then(Item::as_str) else {
                continue;
            };
            let own = package.get("authors");
            let inherits = own
                .and_then(Item::as_table_like)
                .and_then(|table| table.get("workspace")?.as_bool());
            let of_member = match inherits {
                Some(true) => shared.clone().unwrap_or_default(),
                Some(false) | None => words(own),
            };
            authors.insert(name.to_owned(), of_member);
        }
        Self { settings, authors }
    }

    /// Who does a step: whom the policy names for its package, else for the members that use it, else
    /// these members' authors.
    pub fn of(&self, step: &Step) -> Option<String> {
        if let Some(owner) = self.settings.owners.get(&step.package) {
            return Some(owner.clone());
        }
        let users = users(step);
        let named: BTreeSet<&String> = users
            .iter()
            .filter_map(|user| self.settings.owners.get(*user))
            .collect();
        let authors: BTreeSet<&String> = users
            .iter()
            .filter_map(|user| self.authors.get(*user))
            .flatten()
            .collect();
        let found = if named.is_empty() { authors } else { named };
        let found: Vec<&str> = found.into_iter().map(String::as_str).collect();
        (!found.is_empty()).then(|| found.join(", "))
    }
}

/// The members that a step's tests are of: those that use what it changes.
fn users(step: &Step) -> Vec<&str> {
    let tests = step.tests.iter();
    tests
        .filter_map(|test| test.strip_prefix("cargo test -p "))
        .collect()
}

fn words(item: Option<&Item>) -> Vec<String> {
    let list = item.and_then(Item::as_array);
    let words = list.into_iter().flatten();
    words
        .filter_map(|word| Some(word.as_str()?.to_owned()))
        .collect()
}
