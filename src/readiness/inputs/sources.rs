//! One digest for all sources of a package.
//!
//! It is what `sha256sum` makes of its own answer: a line `DIGEST  NAME` for each `.rs` file below the
//! package's folder, sorted by name, and the SHA-256 of these lines. Folders with a manifest of their
//! own are other packages; folders whose names begin with a dot, `target`, and those that are marked
//! as a cache are left out.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use crate::readiness::ledger::digest;

/// How much is read of one package.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub files: usize,
    pub folders: usize,
    /// Of all files together.
    pub bytes: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            files: 50_000,
            folders: 50_000,
            bytes: 256 << 20,
        }
    }
}

/// The digest of a package's sources.
///
/// # Errors
/// Where they are too many, too large, or cannot be read; in words, without a path.
pub fn digest_of(folder: &Utf8Path, bounds: Bounds) -> Result<String, String> {
    let files = files(folder, bounds)?;
    let mut left = bounds.bytes;
    for found in files.values() {
        let size = match found {
            Found::File(_, size) => *size,
            Found::Link(_) => 0,
        };
        left = left
            .checked_sub(size)
            .ok_or_else(|| format!("its sources are larger than {} bytes", bounds.bytes))?;
    }
    let lines: Result<Vec<String>, String> = files
        .par_iter()
        .map(|(name, found)| Ok(line(name, &digest(&content(name, found)?))))
        .collect();
    Ok(listing(lines?))
}

/// The digest of several texts, made in the same way.
pub fn digest_of_texts<'a>(texts: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let sorted: BTreeMap<&str, &str> = texts.collect();
    let lines = sorted
        .into_iter()
        .map(|(name, text)| line(name, &digest(text.as_bytes())));
    listing(lines)
}

fn listing(lines: impl IntoIterator<Item = String>) -> String {
    let all: String = lines.into_iter().collect();
    digest(all.as_bytes())
}

/// As `sha256sum` writes it.
fn line(name: &str, digest: &str) -> String {
    if !name.contains(['\\', '\n', '\r']) {
        return format!("{digest}  {name}\n");
    }
    let escaped = name
        .replace('\\', "\\\\")
        .replace('\n', "\\n")
        .replace('\r', "\\r");
    format!("\\{digest}  {escaped}\n")
}

enum Found {
    /// Its path and size.
    File(Utf8PathBuf, u64),
    /// Where it leads, as written: what lies outside is not read.
    Link(String),
}

fn content(name: &str, found: &Found) -> Result<Vec<u8>, String> {
    match found {
        Found::Link(to) => Ok(format!("link to {to}").into_bytes()),
        Found::File(path, size) => {
            let mut bytes = Vec::new();
            fs::File::open(path)
                .and_then(|file| file.take(size.saturating_add(1)).read_to_end(&mut bytes))
                .map_err(|error| format!("its source {name} cannot be read: {error}"))?;
            match u64::try_from(bytes.len()) == Ok(*size) {
                true => Ok(bytes),
                false => Err(format!("its source {name} changes while it is read")),
            }
        }
    }
}

/// The sources below a folder by their names from there, which sort by their bytes.
fn files(top: &Utf8Path, bounds: Bounds) -> Result<BTreeMap<String, Found>, String> {
    let real = top.canonicalize_utf8().unwrap_or_else(|_| top.to_owned());
    let mut found = BTreeMap::new();
    let mut folders = vec![top.to_owned()];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        seen += 1;
        if seen > bounds.folders {
            return Err(format!("it has more than {} folders", bounds.folders));
        }
        let unreadable = |error: std::io::Error| {
            let name = folder.strip_prefix(top).unwrap_or(&folder);
            format!("its folder {name} cannot be read: {error}")
        };
        for entry in folder.read_dir_utf8().map_err(unreadable)? {
            // A name that is no text is none that a manifest or `mod` can name.
            let Ok(entry) = entry else { continue };
            let path = entry.path();
            let kind = entry.file_type().map_err(unreadable)?;
            if kind.is_dir() {
                if belongs(path) {
                    folders.push(path.to_owned());
                }
                continue;
            }
            if path.extension() != Some("rs") {
                continue;
            }
            let one = match kind.is_symlink() {
                true => linked(path, &real),
                false if kind.is_file() => {
                    let size = entry.metadata().map_err(unreadable)?.len();
                    Found::File(path.to_owned(), size)
                }
                // A pipe or a socket holds no source.
                false => continue,
            };
            let name = path.strip_prefix(top).unwrap_or(path);
            found.insert(name.as_str().replace('\\', "/"), one);
            if found.len() > bounds.files {
                return Err(format!("it has more than {} sources", bounds.files));
            }
        }
    }
    Ok(found)
}

/// Whether a folder below a package is part of it.
fn belongs(folder: &Utf8Path) -> bool {
    let name = folder.file_name().unwrap_or_default();
    !name.starts_with('.')
        && name != "target"
        && !folder.join("Cargo.toml").exists()
        && !folder.join("CACHEDIR.TAG").exists()
}

/// A link to a file of the package itself counts as that file, any other as what it says.
fn linked(path: &Utf8Path, real_top: &Utf8Path) -> Found {
    let inside = path
        .canonicalize_utf8()
        .ok()
        .filter(|to| to.starts_with(real_top))
        .and_then(|to| Some((fs::metadata(&to).ok()?, to)))
        .filter(|(data, _)| data.is_file());
    match inside {
        Some((data, to)) => Found::File(to, data.len()),
        None => Found::Link(
            path.read_link_utf8()
                .map_or_else(|_| String::new(), |to| to.to_string()),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let top = Utf8PathBuf::from_path_buf(folder.path().join("p")).unwrap();
        for (name, text) in [
            ("src/lib.rs", "mod a;"),
            ("src/a.rs", ""),
            ("build.rs", "fn main() {}"),
            ("README.md", "read me"),
            ("target/debug/x.rs", "made"),
            (".git/x.rs", "kept"),
            ("other/Cargo.toml", ""),
            ("other/src/lib.rs", "another's"),
            ("cache/CACHEDIR.TAG", ""),
            ("cache/x.rs", "made"),
        ] {
            put(&top, name, text);
        }
        (folder, top)
    }

    fn put(top: &Utf8Path, name: &str, text: &str) {
        let path = top.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn the_digest_is_that_of_the_listing() {
        let (_folder, top) = package();
        let texts = [
            ("src/lib.rs", "mod a;"),
            ("build.rs", "fn main() {}"),
            ("src/a.rs", ""),
        ];
        let expected = digest_of_texts(texts.into_iter());
        assert_eq!(digest_of(&top, Bounds::default()).unwrap(), expected);
        let lines = format!(
            "{}  build.rs\n{}  src/a.rs\n{}  src/lib.rs\n",
            digest(b"fn main() {}"),
            digest(b""),
            digest(b"mod a;")
        );
        assert_eq!(expected, digest(lines.as_bytes()));
    }

    #[test]
    fn sources_count_and_nothing_else_does() {
        let (_folder, top) = package();
        let of = || digest_of(&top, Bounds::default()).unwrap();
        let before = of();
        put(&top, "README.md", "changed");
        put(&top, "target/debug/x.rs", "changed");
        put(&top, "other/src/lib.rs", "changed");
        assert_eq!(of(), before);
        put(&top, "src/a.rs", " ");
        let changed = of();
        assert_ne!(changed, before);
        put(&top, "src/a.rs", "");
        put(&top, "tests/t.rs", "");
        assert_ne!(of(), before);
        fs::rename(top.join("tests/t.rs"), top.join("tests/u.rs")).unwrap();
        assert_ne!(of(), changed);
    }

    #[test]
    fn too_much_is_refused() {
        let (_folder, top) = package();
        let bounds = Bounds::default();
        for (bounds, message) in [
            (Bounds { files: 2, ..bounds }, "more than 2 sources"),
            (
                Bounds {
                    folders: 1,
                    ..bounds
                },
                "more than 1 folders",
            ),
            (
                Bounds {
                    bytes: 10,
                    ..bounds
                },
                "larger than 10 bytes",
            ),
        ] {
            let error = digest_of(&top, bounds).unwrap_err();
            assert!(error.contains(message), "{error}");
            assert!(!error.contains(top.as_str()), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed_out() {
        use std::os::unix::fs::symlink;
        let (folder, top) = package();
        let of = || {
            digest_of(
                &top,
                Bounds {
                    bytes: 1000,
                    ..Bounds::default()
                },
            )
            .unwrap()
        };
        let outside = Utf8PathBuf::from_path_buf(folder.path().join("outside.rs")).unwrap();
        fs::write(&outside, "x".repeat(10_000)).unwrap();
        symlink("../../outside.rs", top.join("src/out.rs")).unwrap();
        symlink("a.rs", top.join("src/in.rs")).unwrap();
        symlink("..", top.join("src/up")).unwrap();
        symlink("../src", top.join("src/around.rs")).unwrap();
        symlink("nowhere.rs", top.join("src/gone.rs")).unwrap();
        let before = of();
        fs::write(&outside, "changed").unwrap();
        assert_eq!(of(), before);
        put(&top, "src/a.rs", "changed");
        assert_ne!(of(), before);
    }

    #[test]
    fn names_are_written_as_sha256sum_does() {
        assert_eq!(line("a b.rs", "00"), "00  a b.rs\n");
        assert_eq!(line("a\\\n.rs", "00"), "\\00  a\\\\\\n.rs\n");
    }
}
