//! Which registry a crate comes from.

use std::fmt;

use tame_index::index::sparse::CRATES_IO_HTTP_INDEX;
use tame_index::utils::canonicalize_url;

use crate::report::escape::terminal;

/// A registry, by the address of its index, as cargo's source ids have it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegistryId(Address);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Address {
    /// The one that cargo uses where a manifest names none, over whatever protocol.
    Default,
    /// A sparse index, with `sparse+` in front and a slash at the end.
    Sparse(String),
    /// An index in a git repository, as its canonical address.
    Git(String),
}

impl RegistryId {
    /// The registry that cargo uses where a manifest names none.
    pub fn default_registry() -> Self {
        RegistryId(Address::Default)
    }

    /// Reads a source id of cargo's metadata or lockfile: `registry+https://…`, `sparse+https://…`.
    /// None for a source that is no registry.
    pub fn from_source(source: &str) -> Option<Self> {
        if source.starts_with("sparse+") {
            return Some(Self::from_index(source));
        }
        source.strip_prefix("registry+").map(Self::from_index)
    }

    /// Reads the address of an index as it stands in configuration and in other indices: with
    /// `sparse+` in front for the sparse protocol, else git.
    pub fn from_index(url: &str) -> Self {
        if same_index(url, tame_index::CRATES_IO_INDEX) || same_index(url, CRATES_IO_HTTP_INDEX) {
            return Self::default_registry();
        }
        if url.starts_with("sparse+") {
            // Cargo refuses a sparse address without the slash, so no two can differ by it.
            return RegistryId(Address::Sparse(format!("{}/", url.trim_end_matches('/'))));
        }
        RegistryId(Address::Git(
            canonicalize_url(url).unwrap_or_else(|_| url.to_owned()),
        ))
    }

    /// Whether it is the registry that cargo uses where a manifest names none.
    pub fn is_default(&self) -> bool {
        matches!(self.0, Address::Default)
    }

    /// The address of its index as configuration has it; for the default registry, that of the git
    /// index, by which cargo's files know it.
    pub fn index(&self) -> &str {
        match &self.0 {
            Address::Default => tame_index::CRATES_IO_INDEX,
            Address::Sparse(url) | Address::Git(url) => url,
        }
    }

    /// What to call it in a sentence, harmless for a terminal.
    pub fn label(&self) -> String {
        match &self.0 {
            Address::Default => "the default registry".to_owned(),
            Address::Sparse(url) | Address::Git(url) => {
                format!("the registry {}", terminal(url))
            }
        }
    }
}

/// The source id as cargo writes it.
impl fmt::Display for RegistryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Address::Sparse(url) => f.write_str(url),
            Address::Default | Address::Git(_) => write!(f, "registry+{}", self.index()),
        }
    }
}

impl serde::Serialize for RegistryId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Whether two addresses name one index, as cargo compares them.
pub(super) fn same_index(one: &str, other: &str) -> bool {
    match (canonicalize_url(one), canonicalize_url(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_registry_is_one_over_both_protocols() {
        let default = RegistryId::default_registry();
        let git = format!("registry+{}", tame_index::CRATES_IO_INDEX);
        for source in [
            git.as_str(),
            "registry+https://github.com/Rust-Lang/crates.io-index.git",
            "registry+https://github.com/rust-lang/crates.io-index/",
            CRATES_IO_HTTP_INDEX,
        ] {
            assert_eq!(
                RegistryId::from_source(source),
                Some(default.clone()),
                "{source}"
            );
        }
        assert_eq!(default.to_string(), git);
        assert!(default.is_default());
    }

    #[test]
    fn other_registries_keep_their_address() {
        let sparse = RegistryId::from_source("sparse+https://example.com/index/").unwrap();
        assert_eq!(sparse.to_string(), "sparse+https://example.com/index/");
        assert_eq!(sparse.index(), "sparse+https://example.com/index/");
        assert_eq!(
            sparse,
            RegistryId::from_index("sparse+https://example.com/index")
        );
        let git = RegistryId::from_source("registry+https://example.com/index.git").unwrap();
        assert_eq!(git, RegistryId::from_index("https://example.com/index"));
        assert_ne!(git, sparse);
        assert!(!git.is_default());
        assert_eq!(RegistryId::from_source(&git.to_string()), Some(git.clone()));
    }

    #[test]
    fn other_sources_are_no_registry() {
        assert_eq!(
            RegistryId::from_source("git+https://example.com/x#abc"),
            None
        );
        assert_eq!(RegistryId::from_source("path+file:///x"), None);
        assert_eq!(RegistryId::from_source(""), None);
    }
}
