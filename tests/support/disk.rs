//! What is on disk, to see whether anything was written.

use std::collections::BTreeMap;
use std::fs;
use std::time::SystemTime;

use camino::{Utf8Path, Utf8PathBuf};

/// A file's content and when it was last written; for a link, where it leads.
pub type Entry = (Vec<u8>, Option<SystemTime>);

/// Everything below a folder. Reading it twice gives the same unless something was written.
pub fn state(folder: &Utf8Path) -> BTreeMap<Utf8PathBuf, Entry> {
    let mut all = BTreeMap::new();
    let mut next = vec![folder.to_owned()];
    while let Some(folder) = next.pop() {
        for entry in folder.read_dir_utf8().unwrap() {
            let entry = entry.unwrap();
            let path = entry.path().to_owned();
            let kind = entry.file_type().unwrap();
            let time = entry.metadata().unwrap().modified().ok();
            let content = if kind.is_dir() {
                next.push(path.clone());
                b"folder".to_vec()
            } else if kind.is_symlink() {
                path.read_link_utf8().unwrap().into_string().into_bytes()
            } else {
                fs::read(&path).unwrap()
            };
            all.insert(path, (content, time));
        }
    }
    all
}
