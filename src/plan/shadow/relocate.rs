//! Absolute paths in a manifest: in a copy they must point into the copy.

use camino::Utf8Path;
use toml_edit::{DocumentMut, Item, TableLike, Value};

use super::facts::TABLES;
use super::place::Place;

/// The text of a manifest as it stands in the copy: the same, but for absolute paths to packages.
pub fn relocate(text: &str, place: &Place) -> String {
    let Ok(mut document) = text.parse::<DocumentMut>() else {
        return text.to_owned();
    };
    let mut changed = false;
    let mut fix = |item: &mut Item| changed |= item_there(item, place);
    let root = document.as_table_mut();
    dependencies(root, &mut fix);
    for name in ["target", "patch"] {
        for table in tables(root.get_mut(name)) {
            if name == "target" {
                dependencies(table, &mut fix);
            } else {
                entries(table, &mut fix);
            }
        }
    }
    if let Some(replace) = root.get_mut("replace").and_then(Item::as_table_like_mut) {
        entries(replace, &mut fix);
    }
    for name in ["package", "project"] {
        let package = root.get_mut(name).and_then(Item::as_table_like_mut);
        if let Some(pointer) = package.and_then(|table| table.get_mut("workspace")) {
            fix(pointer);
        }
    }
    if let Some(workspace) = root.get_mut("workspace").and_then(Item::as_table_like_mut) {
        dependencies(workspace, &mut fix);
        for name in ["members", "default-members", "exclude"] {
            if let Some(list) = workspace.get_mut(name) {
                fix(list);
            }
        }
    }
    if changed {
        document.to_string()
    } else {
        text.to_owned()
    }
}

fn tables(item: Option<&mut Item>) -> impl Iterator<Item = &mut dyn TableLike> {
    item.and_then(Item::as_table_like_mut)
        .into_iter()
        .flat_map(TableLike::iter_mut)
        .filter_map(|(_, item)| item.as_table_like_mut())
}

fn dependencies(of: &mut dyn TableLike, fix: &mut impl FnMut(&mut Item)) {
    for name in TABLES {
        if let Some(list) = of.get_mut(name).and_then(Item::as_table_like_mut) {
            entries(list, fix);
        }
    }
}

fn entries(list: &mut dyn TableLike, fix: &mut impl FnMut(&mut Item)) {
    for (_, entry) in list.iter_mut() {
        let path = entry
            .as_table_like_mut()
            .and_then(|table| table.get_mut("path"));
        if let Some(path) = path {
            fix(path);
        }
    }
}

/// Moves an absolute path, or those of a list, into the copy.
fn item_there(item: &mut Item, place: &Place) -> bool {
    match item.as_value_mut() {
        Some(Value::Array(list)) => list
            .iter_mut()
            .fold(false, |changed, value| value_there(value, place) | changed),
        Some(value) => value_there(value, place),
        None => false,
    }
}

fn value_there(value: &mut Value, place: &Place) -> bool {
    let there = value
        .as_str()
        .map(Utf8Path::new)
        .filter(|path| path.is_absolute())
        .and_then(|path| place.there(path).ok());
    let Some(there) = there else {
        return false;
    };
    let decor = value.decor().clone();
    *value = there.into_string().into();
    *value.decor_mut() = decor;
    true
}
