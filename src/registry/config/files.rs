//! Finds and reads cargo's configuration files.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::ConfigError;
use super::tree::Node;

/// Includes deeper than any configuration that people write.
const MAX_INCLUDES: usize = 64;

/// Everything that applies in `dir`: `.cargo/config.toml` there and in each folder above, the
/// nearest first, then the one in cargo's home.
pub(super) fn load(dir: &Path, cargo_home: Option<&Path>) -> Result<Node, ConfigError> {
    let mut merged = Node::empty();
    let mut seen = HashSet::new();
    for folder in dir.ancestors().map(|above| above.join(".cargo")) {
        if let Some(file) = existing(&folder, "config") {
            merged.fill_from(read(&file)?, "")?;
        }
        seen.insert(folder.canonicalize().unwrap_or(folder));
    }
    if let Some(home) = cargo_home {
        let canonical = home.canonicalize().unwrap_or_else(|_| home.to_owned());
        if !seen.contains(&canonical)
            && let Some(file) = existing(home, "config")
        {
            merged.fill_from(read(&file)?, "")?;
        }
    }
    Ok(merged)
}

/// The credentials in cargo's home, which count before everything that [`load`] gives.
pub(super) fn load_credentials(cargo_home: &Path) -> Result<Node, ConfigError> {
    let Some(file) = existing(cargo_home, "credentials") else {
        return Ok(Node::empty());
    };
    let mut node = read(&file)?;
    // An old form has the default registry's token at the top.
    if let Node::Table(table) = &mut node
        && let Some(token) = table.remove("token")
    {
        let registry = Node::Table([("token".to_owned(), token)].into());
        table.entry("registry".to_owned()).or_insert(registry);
    }
    Ok(node)
}

/// `name` or `name.toml`; cargo takes the former where both exist.
fn existing(folder: &Path, name: &str) -> Option<PathBuf> {
    [folder.join(name), folder.join(format!("{name}.toml"))]
        .into_iter()
        .find(|file| file.is_file())
}

fn read(file: &Path) -> Result<Node, ConfigError> {
    read_with_includes(file, &mut HashSet::new())
}

fn read_with_includes(file: &Path, seen: &mut HashSet<PathBuf>) -> Result<Node, ConfigError> {
    let fail = |reason: String| ConfigError::File {
        path: file.to_owned(),
        reason,
    };
    if !seen.insert(file.to_owned()) || seen.len() > MAX_INCLUDES {
        return Err(fail("it includes itself, or too many others".into()));
    }
    let text = std::fs::read_to_string(file).map_err(|error| fail(error.to_string()))?;
    let mut table: toml::Table =
        toml::from_str(&text).map_err(|error| fail(error.message().to_owned()))?;
    let includes = table.remove("include");
    let mut node = Node::from_toml(toml::Value::Table(table), file);
    let mut from_includes = Node::empty();
    for (path, optional) in included(includes).map_err(fail)? {
        let path = file.parent().unwrap_or(Path::new("")).join(path);
        if optional && !path.exists() {
            continue;
        }
        // The later include counts before the earlier one.
        let mut include = read_with_includes(&path, seen)?;
        include.fill_from(from_includes, "")?;
        from_includes = include;
    }
    node.fill_from(from_includes, "")?;
    Ok(node)
}

/// The files that an `include` key lists, and whether each may be missing.
fn included(value: Option<toml::Value>) -> Result<Vec<(String, bool)>, String> {
    let list = match value {
        None => return Ok(Vec::new()),
        Some(toml::Value::Array(list)) => list,
        Some(_) => return Err("`include` is no list".into()),
    };
    list.into_iter()
        .map(|item| {
            let (path, optional) = match item {
                toml::Value::String(path) => (path, false),
                toml::Value::Table(table) => (
                    table
                        .get("path")
                        .and_then(toml::Value::as_str)
                        .ok_or("`include` lists a table without `path`")?
                        .to_owned(),
                    table
                        .get("optional")
                        .and_then(toml::Value::as_bool)
                        .unwrap_or(false),
                ),
                _ => return Err("`include` lists something that is no path".to_owned()),
            };
            if Path::new(&path).extension().is_none_or(|ext| ext != "toml") {
                return Err(format!(
                    "`include` lists `{path}`, which does not end with `.toml`"
                ));
            }
            Ok((path, optional))
        })
        .collect()
}
