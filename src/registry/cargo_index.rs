//! The indices that cargo would use in a workspace.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::SystemTime;

use super::cache::{Cache, Cached, Change, MAX_ENTRY, index_path};
use super::config::{CargoConfig, Location};
use super::entry;
use super::http::lock;
use super::sparse::{Overrides, Sparse};
use super::vendored::Vendored;
use super::{Environment, Index, IndexError, IndexNote, IndexOptions, RegistryId, Release};

type Key = (RegistryId, String);
type Known = Result<Arc<[Release]>, IndexError>;

/// Releases as cargo would find them in a workspace: its configuration, cache, lock and network
/// settings apply. Each crate is looked up once.
pub struct CargoIndex {
    config: CargoConfig,
    options: IndexOptions,
    offline: bool,
    origins: Mutex<HashMap<RegistryId, Result<Arc<Origin>, IndexError>>>,
    known: Mutex<HashMap<Key, Known>>,
    notes: Mutex<BTreeSet<IndexNote>>,
}

/// Where the releases of a registry come from.
enum Origin {
    Sparse(Box<Sparse>),
    Git(Option<Cache>),
    LocalRegistry(PathBuf),
    Vendored(Vendored),
}

/// A crate to ask the network for.
struct Wanted {
    key: Key,
    origin: Arc<Origin>,
    cached: Option<Cached>,
}

impl CargoIndex {
    /// For the workspace in `dir`, an absolute path.
    ///
    /// # Errors
    /// Where cargo's configuration cannot be used.
    pub fn open(
        dir: &Path,
        environment: Environment,
        options: IndexOptions,
    ) -> Result<Self, IndexError> {
        let config = CargoConfig::load(dir, environment)?;
        Ok(CargoIndex {
            offline: options.offline || config.offline()?,
            config,
            options,
            origins: Mutex::default(),
            known: Mutex::default(),
            notes: Mutex::default(),
        })
    }

    /// What a reader of results should know of the indices that were used so far.
    pub fn notes(&self) -> Vec<IndexNote> {
        lock(&self.notes).iter().cloned().collect()
    }

    /// Looks up all that is not known yet: first on disk, then over the network side by side.
    fn look_up(&self, keys: &[Key]) {
        let mut seen = HashSet::new();
        let missing: Vec<Key> = {
            let known = lock(&self.known);
            keys.iter()
                .filter(|key| !known.contains_key(key) && seen.insert(*key))
                .cloned()
                .collect()
        };
        let mut wanted = Vec::new();
        // One lock covers every index below cargo's home.
        let mut locked = None;
        for key in missing {
            let origin = match self.origin(&key.0) {
                Ok(origin) => origin,
                Err(error) => {
                    self.remember(key, Err(error));
                    continue;
                }
            };
            if let Some(cache) = origin.cache()
                && locked.is_none()
            {
                locked = Some(cache.lock_for_reading());
            }
            match self.on_disk(&key, &origin) {
                Ok(result) => self.remember(key, result),
                Err(cached) => wanted.push(Wanted {
                    key,
                    origin,
                    cached,
                }),
            }
        }
        drop(locked);
        self.fetch_all(wanted);
    }

    /// What the disk alone can answer; else what it has, for the network to confirm.
    fn on_disk(&self, key: &Key, origin: &Origin) -> Result<Known, Option<Cached>> {
        let (registry, name) = key;
        let Some(path) = index_path(name) else {
            return Ok(Err(IndexError::Name { name: name.clone() }));
        };
        match origin {
            Origin::Sparse(sparse) => {
                let cached = sparse.cache.as_ref().map(|cache| cache.read(name));
                match cached.unwrap_or(Ok(None)) {
                    Ok(Some(cached)) if self.offline || self.is_young(&cached) => {
                        Ok(Ok(self.accept(name, cached.releases, cached.skipped)))
                    }
                    Ok(None) if self.offline => Ok(Err(IndexError::NotCached {
                        name: name.clone(),
                        registry: registry.clone(),
                    })),
                    Ok(cached) => Err(cached),
                    Err(error) if self.offline => Ok(Err(error)),
                    // A damaged cache is fetched anew.
                    Err(_) => Err(None),
                }
            }
            Origin::Git(cache) => Ok(match cache.as_ref().map(|cache| cache.read(name)) {
                Some(Ok(Some(cached))) => Ok(self.accept(name, cached.releases, cached.skipped)),
                Some(Err(error)) => Err(error),
                Some(Ok(None)) | None => Err(IndexError::NotCachedFromGit {
                    name: name.clone(),
                    registry: registry.clone(),
                }),
            }),
            Origin::LocalRegistry(folder) => {
                Ok(self.in_local_registry(&folder.join("index").join(path), registry, name))
            }
            Origin::Vendored(vendored) => Ok(match vendored.releases.get(name) {
                Some(releases) => Ok(releases.clone().into()),
                None => Err(IndexError::Unknown {
                    name: name.clone(),
                    registry: registry.clone(),
                }),
            }),
        }
    }

    fn in_local_registry(&self, file: &Path, registry: &RegistryId, name: &str) -> Known {
        let fail = |reason: String| IndexError::File {
            path: file.to_owned(),
            reason,
        };
        let text = match std::fs::read(file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(IndexError::Unknown {
                    name: name.to_owned(),
                    registry: registry.clone(),
                });
            }
            Err(error) => return Err(fail(error.to_string())),
        };
        if text.len() as u64 > MAX_ENTRY {
            return Err(fail(format!("it is larger than {MAX_ENTRY} bytes")));
        }
        let entry = entry::parse(&text, name).map_err(|error| fail(error.to_string()))?;
        Ok(self.accept(name, entry.releases, entry.skipped))
    }

    fn is_young(&self, cached: &Cached) -> bool {
        // An entry from the future says nothing about its age.
        cached
            .checked
            .and_then(|checked| SystemTime::now().duration_since(checked).ok())
            .is_some_and(|age| age < self.options.max_age)
    }

    fn accept(&self, name: &str, releases: Vec<Release>, skipped: usize) -> Arc<[Release]> {
        if skipped > 0 {
            self.note(IndexNote::Skipped {
                name: name.to_owned(),
                releases: skipped,
            });
        }
        releases.into()
    }

    /// Asks for all of them, several at a time, and keeps what was answered in cargo's cache.
    fn fetch_all(&self, wanted: Vec<Wanted>) {
        let threads = self.options.connections.clamp(1, 64).min(wanted.len());
        let queue = Mutex::new(wanted);
        let changes: Mutex<BTreeMap<RegistryId, Vec<Change>>> = Mutex::default();
        let work = || {
            loop {
                // The guard must not live through the request.
                let next = lock(&queue).pop();
                let Some(one) = next else { break };
                if let Some((registry, change)) = self.fetch(one) {
                    lock(&changes).entry(registry).or_default().push(change);
                }
            }
        };
        match threads {
            0 => return,
            1 => work(),
            _ => thread::scope(|scope| {
                for _ in 0..threads {
                    scope.spawn(work);
                }
            }),
        }
        for (registry, changes) in std::mem::take(&mut *lock(&changes)) {
            if let Ok(origin) = self.origin(&registry)
                && let Some(cache) = origin.cache()
            {
                cache.apply(changes);
            }
        }
    }

    fn fetch(&self, wanted: Wanted) -> Option<(RegistryId, Change)> {
        let Origin::Sparse(sparse) = &*wanted.origin else {
            return None;
        };
        let (registry, name) = &wanted.key;
        let (result, change) = match sparse.fetch(&self.config, registry, name, wanted.cached) {
            Ok(fetched) => (
                Ok(self.accept(name, fetched.releases, fetched.skipped)),
                fetched.change,
            ),
            Err(error) => (Err(error), None),
        };
        let change = change.map(|change| (registry.clone(), change));
        self.remember(wanted.key, result);
        change
    }

    fn remember(&self, key: Key, result: Known) {
        lock(&self.known).insert(key, result);
    }

    fn note(&self, note: IndexNote) {
        lock(&self.notes).insert(note);
    }

    fn origin(&self, registry: &RegistryId) -> Result<Arc<Origin>, IndexError> {
        let mut origins = lock(&self.origins);
        if let Some(origin) = origins.get(registry) {
            return origin.clone();
        }
        let origin = self.open_origin(registry).map(Arc::new);
        origins.insert(registry.clone(), origin.clone());
        origin
    }

    fn open_origin(&self, registry: &RegistryId) -> Result<Origin, IndexError> {
        let registry = registry.clone();
        Ok(match self.config.location(&registry)? {
            Location::Index(index) if index.starts_with("sparse+") => {
                let overrides = Overrides {
                    timeout: self.options.timeout,
                    retries: self.options.retries,
                    backoff: self.options.backoff,
                    connections: self.options.connections.clamp(1, 64),
                };
                Origin::Sparse(Box::new(Sparse::new(&index, &self.config, &overrides)?))
            }
            Location::Index(index) => {
                self.note(IndexNote::GitCacheOnly { registry });
                let home = self.config.cargo_home();
                Origin::Git(home.map(|home| Cache::of_index(&index, home)))
            }
            Location::LocalRegistry(folder) => {
                self.note(IndexNote::LocalRegistry {
                    registry,
                    folder: folder.clone(),
                });
                Origin::LocalRegistry(folder)
            }
            Location::Directory(folder) => {
                let vendored = Vendored::read(&folder)?;
                self.note(IndexNote::VendoredOnly { registry, folder });
                Origin::Vendored(vendored)
            }
        })
    }
}

impl Origin {
    fn cache(&self) -> Option<&Cache> {
        match self {
            Origin::Sparse(sparse) => sparse.cache.as_ref(),
            Origin::Git(cache) => cache.as_ref(),
            Origin::LocalRegistry(_) | Origin::Vendored(_) => None,
        }
    }
}

impl Index for CargoIndex {
    fn releases(&self, registry: &RegistryId, name: &str) -> Result<Arc<[Release]>, IndexError> {
        let key = (registry.clone(), name.to_owned());
        if let Some(known) = lock(&self.known).get(&key) {
            return known.clone();
        }
        self.look_up(std::slice::from_ref(&key));
        let known = lock(&self.known).get(&key).cloned();
        known.unwrap_or_else(|| {
            Err(IndexError::Unknown {
                name: key.1,
                registry: key.0,
            })
        })
    }

    fn prefetch(&self, crates: &[(RegistryId, String)]) {
        self.look_up(crates);
    }
}
