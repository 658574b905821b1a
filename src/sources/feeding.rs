//! Whether the members' code may leave a bridge without anything to pass telemetry on to: a look at
//! bytes, quick enough for where the lock answers everything else.

use std::collections::BTreeSet;

use camino::Utf8Path;
use memchr::memmem;

use crate::rules::{Effect, Family, Rules};
use crate::workspace::{Lock, Manifest};

/// Whether some member names a bridge that has to be fed, and nothing in its folder looks like it.
pub fn may_be_missing(manifests: &[Manifest], lock: &Lock, rules: &Rules) -> bool {
    rules.families.iter().any(|family| {
        manifests.iter().any(|manifest| {
            let Some(folder) = manifest.path.parent() else {
                return false;
            };
            manifest.dependencies.iter().any(|declared| {
                let methods = feeding_methods(family, lock, &declared.package);
                let key = declared.key.replace('-', "_");
                !methods.is_empty() && stands_in(folder, &[&key]) && !stands_in(folder, &methods)
            })
        })
    })
}

/// The methods that feed a bridge; none for what is no bridge, or fed by what creates it.
fn feeding_methods<'f>(family: &'f Family, lock: &Lock, package: &str) -> Vec<&'f str> {
    let patterns = family.api.iter();
    // Few packages are bridges, and a lock is long.
    let patterns = patterns.filter(|pattern| {
        pattern.effect == Effect::FeedBridge && pattern.crates.iter().any(|name| name == package)
    });
    let methods = patterns.filter(|pattern| {
        let offers = |entry: &crate::workspace::lock::LockedPackage| {
            pattern.offered_by(package, &entry.version)
        };
        lock.named(package).any(offers)
    });
    let methods: BTreeSet<&str> = methods.filter_map(|one| one.method.as_deref()).collect();
    methods.into_iter().collect()
}

/// Whether one of these words stands in Rust code of a package's folder.
fn stands_in(folder: &Utf8Path, words: &[&str]) -> bool {
    let Ok(entries) = folder.read_dir_utf8() else {
        return false;
    };
    let mut folders = Vec::new();
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && !name.starts_with('.') && name != "target" {
            folders.push(entry.path().to_owned());
        } else if !is_folder && name.ends_with(".rs") && holds(entry.path(), words) {
            return true;
        }
    }
    folders.iter().any(|folder| stands_in(folder, words))
}

fn holds(file: &Utf8Path, words: &[&str]) -> bool {
    let Ok(bytes) = std::fs::read(file) else {
        return false;
    };
    words
        .iter()
        .any(|word| memmem::find(&bytes, word.as_bytes()).is_some())
}
