//! Cargo's cache of index entries, read and written as cargo does, under its lock.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use camino::Utf8PathBuf;
use tame_index::flock::LockOptions;
use tame_index::index::FileLock;

use super::entry;
use super::{IndexError, Release};

/// More than the largest entry of any crate by far.
pub(super) const MAX_ENTRY: u64 = 32 * 1024 * 1024;

/// How long reading waits for a cargo that is writing; its writes take milliseconds.
const LOCK_PATIENCE: Duration = Duration::from_millis(500);

/// The cached entries of one index.
pub(super) struct Cache {
    /// Folders that versions of cargo may use for this index, the current one's first.
    folders: Vec<PathBuf>,
    cargo_home: PathBuf,
}

/// What is cached of a crate.
pub(super) struct Cached {
    pub releases: Vec<Release>,
    pub skipped: usize,
    /// `etag: …`, `last-modified: …`, the commit of a git index, or nothing.
    pub revision: String,
    /// When it was last fetched or found unchanged.
    pub checked: Option<SystemTime>,
    pub file: PathBuf,
}

/// A change to the cache.
pub(super) enum Change {
    /// The entry as cargo would write it.
    Write { name: String, bytes: Vec<u8> },
    /// The entry in this file was found unchanged just now.
    Confirm { file: PathBuf },
}

impl Cache {
    /// The cache of the index at this address, `sparse+` in front where it is sparse.
    pub fn of_index(index: &str, cargo_home: &Path) -> Self {
        let folders = [true, false]
            .into_iter()
            .filter_map(|current| tame_index::utils::url_to_local_dir(index, current).ok())
            .map(|found| cargo_home.join("registry/index").join(found.dir_name))
            .collect();
        Cache {
            folders,
            cargo_home: cargo_home.to_owned(),
        }
    }

    /// Keeps cargo from writing while entries are read. Without it, where it cannot be had, a torn
    /// entry is still recognised, except where it is cut right between two releases.
    pub fn lock_for_reading(&self) -> Option<FileLock> {
        let lock = self.lock_file()?;
        let options = LockOptions::new(&lock).shared();
        let start = Instant::now();
        loop {
            match options.try_lock() {
                Ok(lock) => return Some(lock),
                Err(error) if is_contested(&error) && start.elapsed() < LOCK_PATIENCE => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                Err(_) => return None,
            }
        }
    }

    /// The newest cached entry of a crate.
    pub fn read(&self, name: &str) -> Result<Option<Cached>, IndexError> {
        let Some(path) = index_path(name) else {
            return Ok(None);
        };
        let newest = self
            .folders
            .iter()
            .map(|folder| folder.join(".cache").join(&path))
            .filter_map(|file| Some((fs::metadata(&file).ok()?, file)))
            .max_by_key(|(metadata, _)| metadata.modified().ok());
        let Some((metadata, file)) = newest else {
            return Ok(None);
        };
        let fail = |reason: String| IndexError::File {
            path: file.clone(),
            reason,
        };
        if metadata.len() > MAX_ENTRY {
            return Err(fail(format!("it is larger than {MAX_ENTRY} bytes")));
        }
        let bytes = fs::read(&file).map_err(|error| fail(error.to_string()))?;
        let (entry, revision) =
            entry::parse_cached(&bytes, name).map_err(|error| fail(error.to_string()))?;
        Ok(Some(Cached {
            releases: entry.releases,
            skipped: entry.skipped,
            revision,
            checked: metadata.modified().ok(),
            file,
        }))
    }

    /// The index's `config.json` as cargo keeps it.
    pub fn index_config(&self) -> Option<Vec<u8>> {
        self.folders
            .iter()
            .find_map(|folder| fs::read(folder.join("config.json")).ok())
    }

    /// Keeps what was fetched for cargo and for later runs. Nothing is kept where cargo itself has
    /// not set up a folder for the index, or holds its lock: the cache is cargo's, and what is not
    /// kept is only fetched again.
    pub fn apply(&self, changes: Vec<Change>) {
        let Some(folder) = self
            .folders
            .iter()
            .find(|folder| folder.join("config.json").is_file())
        else {
            return;
        };
        let Some(lock) = self.lock_file() else {
            return;
        };
        let Ok(_lock) = LockOptions::new(&lock).exclusive(false).try_lock() else {
            return;
        };
        for change in changes {
            // A failure costs no more than a later fetch.
            let _ = match change {
                Change::Write { name, bytes } => write(folder, &name, &bytes),
                Change::Confirm { file } => fs::File::options()
                    .write(true)
                    .open(file)
                    .and_then(|file| file.set_modified(SystemTime::now())),
            };
        }
    }

    fn lock_file(&self) -> Option<Utf8PathBuf> {
        Utf8PathBuf::from_path_buf(self.cargo_home.join(".package-cache")).ok()
    }
}

/// Puts a whole entry in place at once, so that nobody ever reads half of it.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let Some(path) = index_path(name) else {
        return Ok(());
    };
    let file = folder.join(".cache").join(path);
    // A cargo of a later time may cache more than is understood here.
    if let Ok(existing) = fs::read(&file)
        && existing.first() > bytes.first()
    {
        return Ok(());
    }
    let parent = file.parent().unwrap_or(folder);
    fs::create_dir_all(parent)?;
    // Starts with a dot, so that it is the name of no crate.
    let draft = parent.join(format!(
        ".{}.{}",
        name.to_ascii_lowercase(),
        std::process::id()
    ));
    let written = fs::File::create(&draft)
        .and_then(|mut out| out.write_all(bytes))
        .and_then(|()| fs::rename(&draft, &file));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written
}

fn is_contested(error: &tame_index::Error) -> bool {
    use tame_index::flock::{FileLockError, LockError};
    matches!(
        error,
        tame_index::Error::Lock(FileLockError {
            source: LockError::Contested,
            ..
        })
    )
}

/// Where the entry of a crate stands below the root of an index; none for what cannot be a crate's
/// name.
pub(super) fn index_path(name: &str) -> Option<String> {
    let valid = name.len() <= 255
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if !valid {
        return None;
    }
    let name = name.to_ascii_lowercase();
    match name.len() {
        0 => None,
        1 => Some(format!("1/{name}")),
        2 => Some(format!("2/{name}")),
        3 => Some(format!("3/{}/{name}", &name[..1])),
        _ => Some(format!("{}/{}/{name}", &name[..2], &name[2..4])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_index() {
        for name in [
            "a",
            "ab",
            "abc",
            "AbCd",
            "serde_json",
            "tracing-core",
            "_x-",
        ] {
            let expected = tame_index::KrateName::try_from(name)
                .unwrap()
                .relative_path(Some('/'));
            assert_eq!(index_path(name), Some(expected), "{name}");
        }
        // Names that are keywords or reserved may still be in an index.
        assert_eq!(index_path("test").as_deref(), Some("te/st/test"));
        assert_eq!(index_path("7z").as_deref(), Some("2/7z"));
    }

    #[test]
    fn no_path_leads_out_of_the_index() {
        for name in [
            "", "..", "../x", "a/b", "a\\b", "ä", "a b", "a\0", "a.b", "C:x",
        ] {
            assert_eq!(index_path(name), None, "{name:?}");
        }
        assert_eq!(index_path(&"a".repeat(256)), None);
    }

    const LINE: &[u8] =
        br#"{"name":"demo","vers":"1.0.0","deps":[],"cksum":"","features":{},"yanked":false}"#;
    const INDEX: &str = "sparse+https://example.com/";

    fn set_up(home: &Path) -> (Cache, PathBuf) {
        let cache = Cache::of_index(INDEX, home);
        let folder = cache.folders[0].clone();
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("config.json"), "{}").unwrap();
        (cache, folder)
    }

    fn entry(revision: &str) -> Vec<u8> {
        entry::parse(LINE, "demo")
            .unwrap()
            .to_cached(revision)
            .unwrap()
    }

    fn demo(bytes: Vec<u8>) -> Vec<Change> {
        vec![Change::Write {
            name: "Demo".into(),
            bytes,
        }]
    }

    #[test]
    fn what_is_written_is_read() {
        let home = tempfile::tempdir().unwrap();
        let (cache, folder) = set_up(home.path());
        assert!(cache.read("demo").unwrap().is_none());
        cache.apply(demo(entry("etag: \"1\"")));
        let read = cache.read("demo").unwrap().unwrap();
        assert_eq!(read.revision, "etag: \"1\"");
        assert_eq!(read.releases.len(), 1);
        assert_eq!(read.file, folder.join(".cache/de/mo/demo"));
        let left: Vec<_> = fs::read_dir(folder.join(".cache/de/mo")).unwrap().collect();
        assert_eq!(left.len(), 1, "no draft is left behind");
    }

    #[test]
    fn a_confirmed_entry_is_young_again() {
        let home = tempfile::tempdir().unwrap();
        let (cache, _) = set_up(home.path());
        cache.apply(demo(entry("etag: \"1\"")));
        let file = cache.read("demo").unwrap().unwrap().file;
        let old = SystemTime::now() - Duration::from_secs(1000);
        fs::File::options()
            .write(true)
            .open(&file)
            .unwrap()
            .set_modified(old)
            .unwrap();
        cache.apply(vec![Change::Confirm { file }]);
        let checked = cache.read("demo").unwrap().unwrap().checked.unwrap();
        assert!(checked > old + Duration::from_secs(500));
    }

    #[test]
    fn nothing_is_written_where_cargo_has_no_folder() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::of_index(INDEX, home.path());
        cache.apply(demo(entry("")));
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[test]
    fn nothing_is_written_while_cargo_holds_its_lock() {
        let home = tempfile::tempdir().unwrap();
        let (cache, _) = set_up(home.path());
        let held = fs::File::create(home.path().join(".package-cache")).unwrap();
        held.lock().unwrap();
        cache.apply(demo(entry("")));
        assert!(cache.read("demo").unwrap().is_none());
        held.unlock().unwrap();
        cache.apply(demo(entry("")));
        assert!(cache.read("demo").unwrap().is_some());
    }

    #[test]
    fn reading_goes_on_without_the_lock_after_a_while() {
        let home = tempfile::tempdir().unwrap();
        let (cache, _) = set_up(home.path());
        let held = fs::File::create(home.path().join(".package-cache")).unwrap();
        held.lock().unwrap();
        let start = Instant::now();
        assert!(cache.lock_for_reading().is_none());
        assert!(start.elapsed() >= LOCK_PATIENCE);
        held.unlock().unwrap();
        assert!(cache.lock_for_reading().is_some());
    }

    #[test]
    fn a_later_cargos_entry_stays() {
        let home = tempfile::tempdir().unwrap();
        let (cache, folder) = set_up(home.path());
        let file = folder.join(".cache/de/mo/demo");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, [200, 1, 2]).unwrap();
        cache.apply(demo(entry("")));
        assert_eq!(fs::read(&file).unwrap(), [200, 1, 2]);
        assert!(matches!(cache.read("demo"), Err(IndexError::File { .. })));
    }
}
