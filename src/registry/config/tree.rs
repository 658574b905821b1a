//! The values of several configuration files as one tree, each value with where it stands.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::ConfigError;

/// A table, or a value that cargo does not merge further.
#[derive(Clone)]
pub(super) enum Node {
    Table(BTreeMap<String, Node>),
    Leaf(Leaf),
}

/// A value and its place.
#[derive(Clone)]
pub(super) struct Leaf {
    pub value: toml::Value,
    pub place: Place,
}

/// Where a value was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    File(PathBuf),
    Variable(String),
}

impl Place {
    /// The folder that relative paths of this place start from: for a file, the one that holds its
    /// `.cargo` folder.
    pub fn root<'a>(&'a self, dir: &'a Path) -> &'a Path {
        match self {
            Place::File(file) => file.parent().and_then(Path::parent).unwrap_or(dir),
            Place::Variable(_) => dir,
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::File(file) => write!(f, "{}", file.display()),
            Place::Variable(name) => write!(f, "environment variable {name}"),
        }
    }
}

impl Node {
    pub fn empty() -> Self {
        Node::Table(BTreeMap::new())
    }

    pub fn from_toml(value: toml::Value, file: &Path) -> Self {
        match value {
            toml::Value::Table(table) => Node::Table(
                table
                    .into_iter()
                    .map(|(key, value)| (key, Node::from_toml(value, file)))
                    .collect(),
            ),
            value => Node::Leaf(Leaf {
                value,
                place: Place::File(file.to_owned()),
            }),
        }
    }

    /// Fills in what stands in `lower` and not here. Tables are joined, lists put together with the
    /// lower one first; of two values, this one's counts.
    pub fn fill_from(&mut self, lower: Node, key: &str) -> Result<(), ConfigError> {
        match (self, lower) {
            (Node::Table(own), Node::Table(lower)) => {
                for (name, node) in lower {
                    match own.get_mut(&name) {
                        Some(existing) => existing.fill_from(node, &format!("{key}.{name}"))?,
                        None => {
                            own.insert(name, node);
                        }
                    }
                }
                Ok(())
            }
            (Node::Leaf(own), Node::Leaf(lower)) => {
                match (&mut own.value, lower.value) {
                    (toml::Value::Array(own), toml::Value::Array(mut list)) => {
                        list.append(own);
                        *own = list;
                    }
                    (toml::Value::Array(_), _) | (_, toml::Value::Array(_)) => {
                        return Err(mixed(key, &own.place));
                    }
                    _ => {}
                }
                Ok(())
            }
            (Node::Leaf(leaf), Node::Table(_)) => Err(mixed(key, &leaf.place)),
            (Node::Table(_), Node::Leaf(leaf)) => Err(mixed(key, &leaf.place)),
        }
    }

    /// The node at a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| match node {
            Node::Table(table) => table.get(*key),
            Node::Leaf(_) => None,
        })
    }

    /// The entries of the table at a path; none where there is no table.
    pub fn table(&self, path: &[&str]) -> impl Iterator<Item = (&str, &Node)> {
        let table = match self.at(path) {
            Some(Node::Table(table)) => Some(table),
            _ => None,
        };
        table
            .into_iter()
            .flatten()
            .map(|(key, node)| (key.as_str(), node))
    }
}

fn mixed(key: &str, place: &Place) -> ConfigError {
    ConfigError::Value {
        key: key.trim_start_matches('.').to_owned(),
        place: place.to_string(),
        reason: "another configuration file gives it a value of another kind".into(),
    }
}
