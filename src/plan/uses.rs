//! Where the tree's own code names a dependency.

use std::collections::BTreeSet;

use camino::Utf8Path;

use crate::source::{Edition, PackageSource, TargetRoot};

use super::local::{Tree, Use};
use super::shadow::target_files;

/// The places in the code of those who use something, as `src/main.rs:12:5`, relative to the root.
/// Once it is switched off, each needs a condition.
pub fn places(tree: &Tree, uses: &[Use]) -> Vec<String> {
    let mut found = BTreeSet::new();
    for one in uses {
        let Some(manifest) = tree.manifests.get(&one.manifest) else {
            continue;
        };
        let folder = manifest.path.parent().unwrap_or(Utf8Path::new(""));
        let targets = target_files(folder, &manifest.text)
            .into_iter()
            .filter(|file| file.extension() == Some("rs"))
            .map(|file| TargetRoot {
                name: String::new(),
                file,
                edition: Edition::E2018,
            });
        let source = PackageSource::new(folder, targets.collect(), BTreeSet::new());
        let shown = folder.strip_prefix(&tree.root).unwrap_or(folder);
        for place in source.places_of(&one.at.key.replace('-', "_")) {
            let file = shown.join(&*place.file);
            found.insert((file, place.line, place.column));
        }
    }
    let places = found.into_iter();
    places
        .map(|(file, line, column)| format!("{file}:{line}:{column}"))
        .collect()
}
