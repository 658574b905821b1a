//! The sources behind a package graph: joins what `workspace` knows of packages with what `source`
//! reads of their files.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::skew::code::{Code, CodeUnit};
use crate::source::Item;
use crate::workspace::Packages;

/// Sources on disk, read as they are asked for.
pub struct Sources<'a, 'g> {
    packages: &'a Packages<'g>,
}

impl<'a, 'g> Sources<'a, 'g> {
    pub fn new(packages: &'a Packages<'g>) -> Self {
        Self { packages }
    }
}

impl Code for Sources<'_, '_> {
    fn items(&self, _unit: &CodeUnit, _mentioning: &BTreeSet<String>) -> Vec<Arc<Item>> {
        Vec::new()
    }

    fn missing(&self, package: usize) -> Option<String> {
        let manifest = self.packages.get(package).manifest_path();
        (!manifest.is_file()).then(|| format!("{manifest} is not there"))
    }
}
