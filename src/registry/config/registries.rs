//! Where registries are, what replaces them, and the tokens that open them.

use std::path::PathBuf;

use tame_index::index::sparse::CRATES_IO_HTTP_INDEX;

use super::tree::{Node, Place};
use super::{CargoConfig, ConfigError, variable_part, wrong};
use crate::registry::id::same_index;
use crate::registry::{AccessHint, RegistryId};

/// The name under which cargo's configuration knows the default registry.
const DEFAULT: &str = "crates-io";

/// More replacements in a row than any configuration has.
const MAX_REPLACEMENTS: usize = 32;

/// Where the releases of a registry are read from, after replacement.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Location {
    /// An index by its address, with `sparse+` in front for the sparse protocol, else git.
    Index(String),
    /// A folder with an `index` folder in it.
    LocalRegistry(PathBuf),
    /// A folder of vendored crates.
    Directory(PathBuf),
}

/// A secret for a registry.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// What to send.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

impl CargoConfig {
    /// Where to read the releases of a registry from: itself, or what `replace-with` puts in its
    /// place.
    pub fn location(&self, registry: &RegistryId) -> Result<Location, ConfigError> {
        let Some(first) = self.source_name(registry)? else {
            return Ok(Location::Index(registry.index().to_owned()));
        };
        let mut name = first.clone();
        for _ in 0..MAX_REPLACEMENTS {
            let known = name == DEFAULT || self.values.at(&["source", &name]).is_some();
            if !known {
                // `replace-with` may also name a registry of `[registries]`.
                return match self.registry_index(&name)? {
                    Some((index, _)) => Ok(Location::Index(index)),
                    None => Err(ConfigError::UnknownSource {
                        name,
                        by: format!("`replace-with` of `source.{first}`"),
                    }),
                };
            }
            match self.source_string(&name, "replace-with")? {
                Some((next, _)) => name = next,
                None => return self.source_location(&name),
            }
        }
        Err(ConfigError::Circle { name: first })
    }

    /// The name in `[source]` that a registry goes by.
    fn source_name(&self, registry: &RegistryId) -> Result<Option<String>, ConfigError> {
        if registry.is_default() {
            return Ok(Some(DEFAULT.to_owned()));
        }
        for (name, _) in self.values.table(&["source"]) {
            if let Some((index, _)) = self.source_string(name, "registry")?
                && same_index(&index, registry.index())
            {
                return Ok(Some(name.to_owned()));
            }
        }
        Ok(None)
    }

    fn source_location(&self, name: &str) -> Result<Location, ConfigError> {
        let mut found = Vec::new();
        if let Some((index, _)) = self.source_string(name, "registry")? {
            found.push(Location::Index(index));
        }
        for (key, kind) in [
            (
                "local-registry",
                Location::LocalRegistry as fn(PathBuf) -> Location,
            ),
            ("directory", Location::Directory),
        ] {
            if let Some((path, place)) = self.source_string(name, key)? {
                found.push(kind(place.root(&self.dir).join(path)));
            }
        }
        match (found.len(), found.pop()) {
            // The default registry may be defined anew by its git index, and is the same then.
            (1, Some(Location::Index(index))) if name == DEFAULT => {
                if RegistryId::from_index(&index).is_default() {
                    self.default_location()
                } else {
                    Ok(Location::Index(index))
                }
            }
            (1, Some(location)) => Ok(location),
            (0, _) if name == DEFAULT => self.default_location(),
            (count, _) => Err(ConfigError::Value {
                key: format!("source.{name}"),
                place: "the files that define it".into(),
                reason: if count == 0 {
                    "it has none of `registry`, `local-registry` and `directory`".into()
                } else {
                    "it has more than one of `registry`, `local-registry` and `directory`".into()
                },
            }),
        }
    }

    fn default_location(&self) -> Result<Location, ConfigError> {
        let protocol = self.string(&["registries", DEFAULT, "protocol"])?;
        match protocol.as_ref().map(|(text, _)| text.as_str()) {
            None | Some("sparse") => Ok(Location::Index(CRATES_IO_HTTP_INDEX.to_owned())),
            Some("git") => Ok(Location::Index(tame_index::CRATES_IO_INDEX.to_owned())),
            Some(_) => Err(ConfigError::Value {
                key: format!("registries.{DEFAULT}.protocol"),
                place: protocol
                    .map(|(_, place)| place.to_string())
                    .unwrap_or_default(),
                reason: "it is neither `sparse` nor `git`".into(),
            }),
        }
    }

    /// The address of a registry of `[registries]`.
    fn registry_index(&self, name: &str) -> Result<Option<(String, Place)>, ConfigError> {
        self.string(&["registries", name, "index"])
    }

    /// A key of `[source.NAME]`, which cargo reads from files alone.
    fn source_string(&self, name: &str, key: &str) -> Result<Option<(String, Place)>, ConfigError> {
        match self.values.at(&["source", name, key]) {
            None => Ok(None),
            Some(Node::Leaf(leaf)) => match &leaf.value {
                toml::Value::String(text) => Ok(Some((text.clone(), leaf.place.clone()))),
                _ => Err(wrong(
                    &format!("source.{name}.{key}"),
                    leaf,
                    "it is no text",
                )),
            },
            Some(Node::Table(_)) => Err(ConfigError::Value {
                key: format!("source.{name}.{key}"),
                place: "the files that define it".into(),
                reason: "it is no text".into(),
            }),
        }
    }

    /// The name by which configuration or environment know an index.
    pub fn registry_name(&self, index: &str) -> Option<String> {
        let from_variables = self.environment.iter().find_map(|(key, value)| {
            let name = key
                .strip_prefix("CARGO_REGISTRIES_")?
                .strip_suffix("_INDEX")?;
            same_index(value, index).then(|| name.to_lowercase())
        });
        from_variables.or_else(|| {
            self.values
                .table(&["registries"])
                .find(|(_, node)| match node.at(&["index"]) {
                    Some(Node::Leaf(leaf)) => leaf
                        .value
                        .as_str()
                        .is_some_and(|own| same_index(own, index)),
                    _ => false,
                })
                .map(|(name, _)| name.to_owned())
        })
    }

    /// The token for an index, or how to come by one.
    pub fn token(&self, index: &str) -> Result<Result<Token, AccessHint>, ConfigError> {
        let name = self.registry_name(index);
        let path: Vec<&str> = match &name {
            Some(name) => vec!["registries", name, "token"],
            None if RegistryId::from_index(index).is_default() => vec!["registry", "token"],
            None => return Ok(Err(AccessHint::NoToken { name: None })),
        };
        let config = self.with_credentials()?;
        if let Some(provider) = config.foreign_provider(&path) {
            return Ok(Err(AccessHint::Provider { provider }));
        }
        Ok(match config.string(&path)? {
            Some((token, _)) => Ok(Token(token)),
            None => Err(AccessHint::NoToken { name }),
        })
    }

    /// A credential provider that stands in the way of a token of the configuration.
    fn foreign_provider(&self, token_path: &[&str]) -> Option<String> {
        let table = &token_path[..token_path.len() - 1];
        let own: Vec<&str> = [table, &["credential-provider"]].concat();
        if let Some(own) = self.words(&own) {
            return (own.first().map(String::as_str) != Some("cargo:token")).then(|| own.join(" "));
        }
        let global = self.words(&["registry", "global-credential-providers"])?;
        if global.is_empty() || global.iter().any(|provider| provider == "cargo:token") {
            return None;
        }
        Some(global.join(", "))
    }

    /// A text split at spaces, or a list of texts.
    fn words(&self, path: &[&str]) -> Option<Vec<String>> {
        let variable = format!("CARGO_{}", variable_part(&path.join("_")));
        let split = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        if let Some(text) = self.environment.get(&variable) {
            return Some(split(text));
        }
        match self.values.at(path)? {
            Node::Leaf(leaf) => match &leaf.value {
                toml::Value::String(text) => Some(split(text)),
                toml::Value::Array(list) => Some(
                    list.iter()
                        .filter_map(|item| item.as_str().map(str::to_owned))
                        .collect(),
                ),
                _ => None,
            },
            Node::Table(_) => None,
        }
    }
}
