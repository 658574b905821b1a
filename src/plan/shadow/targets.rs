//! The files by whose presence cargo finds a package's targets.

use camino::{Utf8Path, Utf8PathBuf};

use super::facts::Facts;
use super::place::normal;

/// Files that cargo looks for in any package. The `README`s are among them because metadata names
/// the one that is there.
const USUAL: [&str; 7] = [
    "src/lib.rs",
    "src/main.rs",
    "src/bench.rs",
    "build.rs",
    "README.md",
    "README.txt",
    "README",
];

/// Folders in which cargo takes each file, and each folder with a `main.rs`, as a target.
const DISCOVERED: [&str; 4] = ["src/bin", "examples", "tests", "benches"];

/// The files of the package in `folder` that are there.
pub fn files(folder: &Utf8Path, facts: &Facts) -> Vec<Utf8PathBuf> {
    let guessed = facts.names.iter().flat_map(|name| {
        [
            format!("src/{name}.rs"),
            format!("src/{}.rs", name.replace('-', "_")),
        ]
    });
    let named = facts.files.iter().cloned().chain(guessed);
    let mut files: Vec<Utf8PathBuf> = USUAL
        .iter()
        .map(|&name| name.to_owned())
        .chain(named)
        // Cargo itself takes an absolute one as it is.
        .filter(|name| !Utf8Path::new(name).is_absolute())
        .map(|name| normal(&folder.join(name)))
        .filter(|path| path.is_file())
        .collect();
    files.extend(DISCOVERED.iter().flat_map(|name| found(&folder.join(name))));
    files.sort();
    files.dedup();
    files
}

fn found(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let entries = folder.read_dir_utf8().into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let path = entry.path();
            if path.extension() == Some("rs") {
                return Some(path.to_owned());
            }
            // Cargo does not follow a link here.
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let main = path.join("main.rs");
            (is_folder && main.exists()).then_some(main)
        })
        .collect()
}
