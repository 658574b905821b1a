//! The committed files: read, renewed for some lines, written.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use otel_check::rules::public_api::{CrateData, Items, ReleaseRead, text};
use otel_check::skew::Line;
use semver::Version;

use crate::Failure;
use crate::releases::Chosen;

/// What stands at the top of every file.
const HEAD: &str = "\
Public items of `{crate}`, written by `cargo run --example public-api` from rustdoc: do not edit.
One release a line, with the features on by default and those that were off; then an item a line, tabs between the columns:
kind, path, and from which line to which it is there in which form. See docs/maintaining.md.";

/// One crate: its releases, and its items by line.
#[derive(Debug, Default)]
struct OneCrate {
    releases: BTreeMap<Line, ReleaseRead>,
    lines: BTreeMap<Line, Items>,
}

/// All files of a family.
pub struct Data {
    crates: BTreeMap<String, OneCrate>,
}

impl Data {
    pub fn read(folder: &Path, names: &[String]) -> Result<Self, Failure> {
        let mut crates = BTreeMap::new();
        for name in names {
            let path = file(folder, name);
            let mut one = OneCrate::default();
            if path.is_file() {
                let content = fs::read_to_string(&path)?;
                let mut mistakes = Vec::new();
                let data = text::read(&path.to_string_lossy(), &content, &mut mistakes);
                if let Some(mistake) = mistakes.first() {
                    return Err(Failure::new(format!(
                        "{mistake}; delete the file to start anew"
                    )));
                }
                one = OneCrate {
                    lines: data.by_line(),
                    releases: data.releases,
                };
            }
            crates.insert(name.clone(), one);
        }
        Ok(Data { crates })
    }

    /// The release that stands for a line.
    pub fn version(&self, krate: &str, line: Line) -> Option<Version> {
        let release = self.crates.get(krate)?.releases.get(&line)?;
        Some(release.version.clone())
    }

    /// What is known of the crates on a line, by the names of code.
    pub fn items(&self, line: Line) -> BTreeMap<String, Items> {
        let crates = self.crates.iter();
        crates
            .filter_map(|(name, one)| Some((name.replace('-', "_"), one.lines.get(&line)?.clone())))
            .collect()
    }

    /// Takes the place of what is known of a line.
    pub fn put(&mut self, line: Line, release: Chosen, items: Result<Items, String>) {
        let one = self.crates.entry(release.krate).or_default();
        one.lines.remove(&line);
        let mut read = ReleaseRead {
            version: release.version,
            without: release.without,
            default: release.default,
            unread: None,
        };
        match items {
            Ok(items) => {
                one.lines.insert(line, items);
            }
            Err(why) => read.unread = Some(why),
        }
        one.releases.insert(line, read);
    }

    pub fn write(self, folder: &Path) -> Result<(), Failure> {
        for (path, text) in self.texts(folder) {
            fs::write(path, text)?;
        }
        Ok(())
    }

    /// Whether the files are as they would be written, apart from the features of items, which rustdoc
    /// tells in a notation that differs from toolchain to toolchain.
    pub fn compare(self, folder: &Path) -> Result<(), Failure> {
        let names: Vec<String> = self.crates.keys().cloned().collect();
        let committed = Data::read(folder, &names)?.without_features().texts(folder);
        let renewed = self.without_features().texts(folder);
        for ((path, found), (_, text)) in committed.iter().zip(&renewed) {
            let different = found
                .lines()
                .zip(text.lines())
                .find(|(old, new)| old != new);
            if let Some((old, new)) = different {
                let path = path.display();
                let message = format!("{path} is not what the releases have:\n- {old}\n+ {new}");
                return Err(Failure::new(message));
            }
            if found != text {
                return Err(Failure::new(format!("{} ends elsewhere", path.display())));
            }
        }
        Ok(())
    }

    fn without_features(mut self) -> Self {
        let lines = self
            .crates
            .values_mut()
            .flat_map(|one| one.lines.values_mut());
        for form in lines.flat_map(|items| items.values_mut()) {
            form.features.clear();
        }
        self
    }

    fn texts(self, folder: &Path) -> Vec<(PathBuf, String)> {
        let known = self
            .crates
            .into_iter()
            .filter(|(_, one)| !one.releases.is_empty());
        known
            .map(|(name, one)| {
                let data = CrateData::of_lines(one.releases, &one.lines);
                (file(folder, &name), text::write(&name, HEAD, &data))
            })
            .collect()
    }
}

fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.txt"))
}
