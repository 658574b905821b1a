//! A package that depends on one of the copy, for cargo to see that one as its dependants do.

use camino::{Utf8Path, Utf8PathBuf};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value};

use crate::plan::shadow::{Shadow, ShadowError, write};

/// What a dependant asks of a package. Cargo then resolves neither the package's dev-dependencies nor
/// the optional ones that these features do not need.
#[derive(Debug, Clone)]
pub struct Dependant<'a> {
    pub package: &'a str,
    /// The package's real folder.
    pub folder: &'a Utf8Path,
    /// All features that are on; `default` is not on unless it is among them.
    pub features: &'a [String],
}

impl Dependant<'_> {
    /// Lays it out beside a copy; gives its manifest.
    pub(super) fn lay(
        &self,
        shadow: &Shadow,
        lock: Option<&str>,
    ) -> Result<Utf8PathBuf, ShadowError> {
        let package = shadow.place().there(self.folder)?;
        let folder = shadow.place().build().with_file_name("dependant");
        let manifest = folder.join("Cargo.toml");
        write(&manifest, &self.manifest(&package))?;
        write(&folder.join("src/lib.rs"), "")?;
        let path = folder.join("Cargo.lock");
        match lock {
            Some(lock) => write(&path, lock)?,
            // What a trial before left there is of no account.
            None if path.is_file() => write(&path, "version = 4\n")?,
            None => {}
        }
        Ok(manifest)
    }

    fn manifest(&self, package: &Utf8Path) -> String {
        let mut entry = InlineTable::new();
        entry.insert("package", self.package.into());
        entry.insert("path", package.as_str().into());
        entry.insert("default-features", false.into());
        let features: Array = self.features.iter().map(String::as_str).collect();
        entry.insert("features", features.into());
        let mut document = DocumentMut::new();
        let mut own = Table::new();
        for (key, value) in [
            (
                "name",
                Value::from(format!("dependant-on-{}", self.package)),
            ),
            ("version", "0.0.0".into()),
            ("edition", "2021".into()),
            ("publish", false.into()),
        ] {
            own.insert(key, Item::Value(value));
        }
        document.insert("package", Item::Table(own));
        document.insert("workspace", Item::Table(Table::new()));
        let mut dependencies = Table::new();
        dependencies.insert("subject", Item::Value(entry.into()));
        document.insert("dependencies", Item::Table(dependencies));
        document.to_string()
    }
}
