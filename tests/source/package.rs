//! A package made of a few lines, and what is found in it, as text.

use std::collections::BTreeSet;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use otel_check::source::{Edition, Item, OWN, PackageSource, Reference, TargetId, TargetRoot};

/// The one target of these packages.
pub const LIB: TargetId = TargetId(0);

pub struct Package {
    /// Goes when the package goes.
    folder: tempfile::TempDir,
    pub source: PackageSource,
}

/// A package whose library begins in the first file. Its code knows the crates `alpha`, `beta` and
/// `gamma`.
pub fn package(files: &[(&str, &str)]) -> Package {
    edition(Edition::E2018, files)
}

pub fn edition(edition: Edition, files: &[(&str, &str)]) -> Package {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        write(&folder, path, text.as_bytes());
    }
    let root = TargetRoot {
        name: "lib".into(),
        file: files[0].0.into(),
        edition,
    };
    let externs: BTreeSet<String> = ["alpha", "beta", "gamma"].map(String::from).into();
    let source = PackageSource::new(path(&folder), vec![root], externs);
    Package { folder, source }
}

/// A package of one file.
pub fn code(text: &str) -> Package {
    package(&[("src/lib.rs", text)])
}

pub fn write(folder: &tempfile::TempDir, path: &str, bytes: &[u8]) {
    let path = folder.path().join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

pub fn path(folder: &tempfile::TempDir) -> Utf8PathBuf {
    Utf8PathBuf::from_path_buf(folder.path().to_path_buf()).unwrap()
}

impl Package {
    pub fn folder(&self) -> Utf8PathBuf {
        path(&self.folder)
    }

    pub fn write(&self, path: &str, bytes: &[u8]) {
        write(&self.folder, path, bytes);
    }

    pub fn items(&self) -> Vec<Arc<Item>> {
        self.source.all_items(LIB)
    }

    pub fn item(&self, name: &str) -> Arc<Item> {
        self.items()
            .into_iter()
            .find(|item| &*item.name == name)
            .expect(name)
    }

    /// References to other crates: `line crate::path`, with `?` where uncertain.
    pub fn paths(&self) -> Vec<String> {
        self.show(
            |reference| &*reference.krate != OWN,
            |reference, item| {
                let line = place(reference, &item.place.file);
                format!(
                    "{line} {reference}{}",
                    if reference.certain { "" } else { "?" }
                )
            },
        )
    }

    /// References to the package's own items.
    pub fn own(&self) -> Vec<String> {
        self.show(
            |reference| &*reference.krate == OWN,
            |reference, item| {
                format!(
                    "{} {reference}{}",
                    place(reference, &item.place.file),
                    if reference.certain { "" } else { "?" }
                )
            },
        )
    }

    /// References to other crates with where they stand.
    pub fn positions(&self) -> Vec<String> {
        self.show(
            |reference| &*reference.krate != OWN,
            |reference, item| {
                let method = reference
                    .method
                    .as_deref()
                    .map(|method| format!(".{method}"))
                    .unwrap_or_default();
                format!(
                    "{:?} {}{method}: {reference}",
                    reference.position, item.name
                )
            },
        )
    }

    /// References to other crates with the conditions around them.
    pub fn conditions(&self) -> Vec<String> {
        self.show(
            |reference| &*reference.krate != OWN,
            |reference, _| format!("{reference} if {}", reference.cfg),
        )
    }

    pub fn calls(&self) -> Vec<String> {
        let items = self.items();
        let calls = items.iter().flat_map(|item| &item.calls);
        calls
            .map(|call| format!("{}:{} {}", call.place.line, call.place.column, call.name))
            .collect()
    }

    fn show(
        &self,
        accepts: impl Fn(&Reference) -> bool,
        show: impl Fn(&Reference, &Item) -> String,
    ) -> Vec<String> {
        let items = self.items();
        let found = items.iter().flat_map(|item| {
            item.references
                .iter()
                .map(move |reference| (reference, item))
        });
        found
            .filter(|(reference, _)| accepts(reference))
            .map(|(reference, item)| show(reference, item))
            .collect()
    }
}

fn place(reference: &Reference, file: &Utf8Path) -> String {
    match file.as_str() {
        "src/lib.rs" => reference.place.line.to_string(),
        other => format!("{other}:{}", reference.place.line),
    }
}
