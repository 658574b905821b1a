//! Published crates, file by file, as the reader and a full parser see them.

use camino::{Utf8Path, Utf8PathBuf};

use crate::oracle;
use crate::published::{READ_BY_HAND, published, registries};

#[test]
fn files_that_are_read_by_a_full_parser_too() {
    for name in READ_BY_HAND {
        let Some(folder) = published(name) else {
            continue;
        };
        let agreed = compare(&folder);
        println!("{name}: {} facts agree", agreed.facts);
        assert!(agreed.differences.is_empty(), "{:#?}", agreed.differences);
        assert!(agreed.facts > 50, "{name}");
    }
}

#[derive(Debug, Default)]
struct Agreed {
    files: usize,
    facts: usize,
    bytes: usize,
    differences: Vec<String>,
}

/// Compares the reader with the parser on each file of a package that the parser accepts.
fn compare(folder: &Utf8Path) -> Agreed {
    let mut files = Vec::new();
    rust_files(folder, &mut files);
    let mut agreed = Agreed::default();
    for file in files {
        let Ok(text) = std::fs::read_to_string(&file) else {
            continue;
        };
        let (Some(parent), Some(name)) = (file.parent(), file.file_name()) else {
            continue;
        };
        let Some((facts, differences)) = oracle::differences(parent, name, &text) else {
            continue;
        };
        agreed.files += 1;
        agreed.facts += facts;
        agreed.bytes += text.len();
        let named = differences.into_iter().map(|it| format!("{file}: {it}"));
        agreed.differences.extend(named);
    }
    agreed
}

fn rust_files(folder: &Utf8Path, files: &mut Vec<Utf8PathBuf>) {
    let Ok(entries) = folder.read_dir_utf8() else {
        return;
    };
    let mut entries: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path().to_owned())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension() == Some("rs") {
            files.push(path);
        }
    }
}

/// Folders of all packages that cargo has unpacked on this machine.
fn packages() -> Vec<Utf8PathBuf> {
    let mut folders = Vec::new();
    for registry in registries() {
        let entries = registry.read_dir_utf8().into_iter().flatten().flatten();
        folders.extend(entries.map(|entry| entry.path().to_owned()));
    }
    folders.sort();
    folders
}

/// Compares packages until so many bytes are read, and says how many facts agree.
fn compare_all(folders: impl Iterator<Item = Utf8PathBuf>, bytes: usize) {
    let mut all = Agreed::default();
    let mut packages = 0;
    for folder in folders {
        if all.bytes > bytes {
            break;
        }
        let agreed = compare(&folder);
        packages += 1;
        for difference in &agreed.differences {
            println!("{difference}");
        }
        all.files += agreed.files;
        all.facts += agreed.facts;
        all.bytes += agreed.bytes;
        all.differences.extend(agreed.differences);
    }
    let Agreed { files, facts, .. } = all;
    println!("{packages} packages, {files} files: {facts} facts asked for");
    if packages == 0 {
        println!("skipped: cargo has unpacked no sources on this machine");
    }
    let different = all.differences.len();
    let shown = &all.differences[..different.min(50)];
    assert!(different == 0, "{different} differences: {shown:#?}");
}

/// Some crates from all over the alphabet, as many as take a few seconds.
#[test]
fn some_crates_on_this_machine() {
    let folders = packages();
    let step = (folders.len() / 40).max(1);
    compare_all(folders.into_iter().step_by(step), 2_000_000);
}

#[test]
#[ignore = "takes many minutes"]
fn every_crate_on_this_machine() {
    compare_all(packages().into_iter(), usize::MAX);
}
