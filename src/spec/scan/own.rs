//! What the package's own items have for types.

use std::collections::HashMap;
use std::sync::Arc;

use crate::source::detail::{Declared, DetailedFile};

/// The package's own functions, fields and constants, by path.
pub(super) struct Own<'f> {
    declared: HashMap<Vec<Arc<str>>, &'f Declared>,
}

impl<'f> Own<'f> {
    pub(super) fn new(files: &'f [DetailedFile]) -> Own<'f> {
        let items = files.iter().flat_map(|file| &file.items);
        let declared = items.flat_map(|item| &item.declares);
        Own {
            declared: declared
                .map(|declared| (declared.path.clone(), declared))
                .collect(),
        }
    }

    pub(super) fn get(&self, path: &[Arc<str>]) -> Option<&'f Declared> {
        self.declared.get(path).copied()
    }

    /// The member of a type.
    pub(super) fn member(&self, path: &[Arc<str>], name: &Arc<str>) -> Option<&'f Declared> {
        let path: Vec<Arc<str>> = path.iter().cloned().chain([Arc::clone(name)]).collect();
        self.get(&path)
    }
}
