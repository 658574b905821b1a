//! Which entries of the registry's index an answer was made from.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value, json};

use crate::readiness::canonical::canonical;
use crate::readiness::ledger::digest;
use crate::registry::{DepKind, Index, IndexError, RegistryId, Release, ReleaseDep};

/// An index that notes what is asked of it.
pub struct Recorder<'a> {
    index: &'a dyn Index,
    /// What each answer was digested to; none where the crate is not there.
    used: Mutex<BTreeMap<(RegistryId, String), Option<String>>>,
}

impl<'a> Recorder<'a> {
    pub fn new(index: &'a dyn Index) -> Self {
        Self {
            index,
            used: Mutex::default(),
        }
    }

    /// What was asked for, by a name that tells registries apart, with the digest of the answer; none
    /// where there was no such crate. Sorted.
    pub fn used(&self) -> Vec<(String, Option<String>)> {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let named = used
            .iter()
            .map(|((registry, crate_name), digest)| (name(registry, crate_name), digest.clone()));
        named.collect()
    }
}

impl Index for Recorder<'_> {
    fn releases(&self, registry: &RegistryId, name: &str) -> Result<Arc<[Release]>, IndexError> {
        let answer = self.index.releases(registry, name);
        let seen = match &answer {
            Ok(releases) => Some(Some(releases)),
            Err(error) if error.is_absence() => Some(None),
            // A failure is no answer, and ends the command.
            Err(_) => None,
        };
        if let Some(releases) = seen {
            let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
            used.entry((registry.clone(), name.to_owned()))
                .or_insert_with(|| releases.map(|releases| digest_of(releases)));
        }
        answer
    }

    /// What is only fetched ahead is not used.
    fn prefetch(&self, crates: &[(RegistryId, String)]) {
        self.index.prefetch(crates);
    }
}

/// A crate's name, with the registry behind it where that is not the default one. An address may hold
/// a name and a password, which are left out.
fn name(registry: &RegistryId, crate_name: &str) -> String {
    if registry.is_default() {
        return crate_name.to_owned();
    }
    let address = registry.index();
    let bare = match address.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            let host = host.rsplit('@').next().unwrap_or(host);
            format!("{scheme}://{host}/{path}")
        }
        None => address.to_owned(),
    };
    format!("{crate_name} in {bare}")
}

/// SHA-256 of the releases in canonical JSON: `[{"name" …}, …]` in the order of versions.
pub fn digest_of(releases: &[Release]) -> String {
    let releases = Value::Array(releases.iter().map(release).collect());
    digest(canonical(&releases).as_bytes())
}

fn release(release: &Release) -> Value {
    let features: Map<String, Value> = release
        .features
        .iter()
        .map(|(name, of)| (name.clone(), json!(of)))
        .collect();
    json!({
        "version": release.version.to_string(),
        "yanked": release.yanked,
        "rust_version": release.rust_version,
        "published": release.published.map(|time| time.to_string()),
        "dependencies": release.dependencies.iter().map(dependency).collect::<Vec<_>>(),
        "features": features,
    })
}

fn dependency(dependency: &ReleaseDep) -> Value {
    let kind = match dependency.kind {
        DepKind::Normal => "normal",
        DepKind::Build => "build",
        DepKind::Dev => "dev",
    };
    json!({
        "name": dependency.name,
        "rename": dependency.rename,
        "requirement": dependency.req.to_string(),
        "kind": kind,
        "optional": dependency.optional,
        "default_features": dependency.default_features,
        "features": dependency.features,
        "target": dependency.target,
        "registry": dependency.registry.as_ref().map(ToString::to_string),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::MemoryIndex;

    fn index() -> MemoryIndex {
        let mut index = MemoryIndex::new();
        for name in ["alpha", "beta"] {
            let text = format!(
                "{{\"name\":\"{name}\",\"vers\":\"1.0.0\",\"deps\":[],\"cksum\":\"\",\
                 \"features\":{{\"x\":[]}},\"yanked\":false}}"
            );
            index.insert_entry(name, &text).unwrap();
        }
        index
    }

    #[test]
    fn what_was_asked_is_kept_and_nothing_else() {
        let index = index();
        let recorder = Recorder::new(&index);
        let default = RegistryId::default_registry();
        recorder.prefetch(&[(default.clone(), "beta".into())]);
        assert!(recorder.used().is_empty());
        let releases = recorder.releases(&default, "alpha").unwrap();
        recorder.releases(&default, "nowhere").unwrap_err();
        recorder.releases(&default, "alpha").unwrap();
        let expected = [
            ("alpha".to_owned(), Some(digest_of(&releases))),
            ("nowhere".to_owned(), None),
        ];
        assert_eq!(recorder.used(), expected);
    }

    #[test]
    fn whatever_changes_an_answer_changes_the_digest() {
        let default = RegistryId::default_registry();
        let releases = index().releases(&default, "alpha").unwrap();
        let before = digest_of(&releases);
        let changes: [fn(&mut Release); 5] = [
            |one| one.yanked = true,
            |one| one.version.patch = 1,
            |one| one.features.clear(),
            |one| one.rust_version = Some("1.80".into()),
            |one| one.published = "2026-01-01T00:00:00Z".parse().ok(),
        ];
        for (number, change) in changes.iter().enumerate() {
            let mut releases = releases.to_vec();
            change(&mut releases[0]);
            assert_ne!(digest_of(&releases), before, "{number}");
        }
        assert_ne!(digest_of(&[]), before);
        assert_eq!(digest_of(&releases), before);
    }

    #[test]
    fn no_password_of_a_registry_shows() {
        for (address, shown) in [
            (
                "sparse+https://me:secret@crates.example/index/",
                "sparse+https://crates.example/index/",
            ),
            (
                "sparse+https://crates.example/",
                "sparse+https://crates.example/",
            ),
        ] {
            let registry = RegistryId::from_index(address);
            assert_eq!(name(&registry, "alpha"), format!("alpha in {shown}"));
        }
    }
}
