//! What the process is given from outside, as a value, so that nothing else asks for it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Environment variables and the user's home.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    home: Option<PathBuf>,
}

impl Environment {
    /// That of this process. Variables that are no Unicode text are left out, as cargo does.
    pub fn of_process() -> Self {
        Environment {
            variables: std::env::vars_os()
                .filter_map(|(key, value)| {
                    Some((key.into_string().ok()?, value.into_string().ok()?))
                })
                .collect(),
            home: home::home_dir(),
        }
    }

    /// A made-up one.
    pub fn new<K: Into<String>, V: Into<String>>(
        variables: impl IntoIterator<Item = (K, V)>,
        home: Option<PathBuf>,
    ) -> Self {
        Environment {
            variables: variables
                .into_iter()
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
            home,
        }
    }

    /// The same with further variables, which count before its own.
    pub fn with<'v>(mut self, variables: impl IntoIterator<Item = (&'v str, &'v str)>) -> Self {
        let variables = variables.into_iter();
        let owned = variables.map(|(key, value)| (key.to_owned(), value.to_owned()));
        self.variables.extend(owned);
        self
    }

    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.variables.get(key).map(String::as_str)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The folder that cargo keeps its files in; a relative one starts from `dir`.
    pub fn cargo_home(&self, dir: &Path) -> Option<PathBuf> {
        match self.get("CARGO_HOME") {
            Some(path) if !path.is_empty() => Some(dir.join(path)),
            _ => Some(self.home.as_ref()?.join(".cargo")),
        }
    }
}

/// Names only: values may be secrets.
impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment")
            .field("variables", &self.variables.keys())
            .field("home", &self.home)
            .finish()
    }
}
