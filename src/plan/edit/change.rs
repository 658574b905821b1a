//! The changes that concern one manifest alone.

use super::entry::{Edited, Found, array, containers, quoted};
use super::features::{self, like};
use super::text::Doc;
use super::{EditError, Entry, PatchSource, check, insert, lines};
use crate::workspace::manifest::DependencyTable;

pub fn no_change(at: &Entry, why: impl Into<String>) -> EditError {
    EditError::NoChange {
        at: at.clone(),
        why: why.into(),
    }
}

pub fn require(text: &str, at: &Entry, requirement: &str) -> Edited {
    check::requirement(requirement)?;
    let doc = Doc::parse(text)?;
    let found = Found::find(&doc, at)?;
    if found.inherited() {
        return Err(EditError::Inherited(at.clone()));
    }
    let Some(node) = found.requirement() else {
        return Err(EditError::NoRequirement(at.clone()));
    };
    let Some(old) = node.as_text() else {
        return Err(found.form_error("its version is no string"));
    };
    if old == requirement {
        return Err(no_change(at, format!("it asks for {requirement} already")));
    }
    let place = node.value.clone();
    let new = like(&text[place.clone()], requirement);
    Ok(lines::splice(text, place, &new))
}

pub fn default_features(text: &str, at: &Entry, on: bool) -> Edited {
    let doc = Doc::parse(text)?;
    let found = Found::find(&doc, at)?;
    let node = found.default_features();
    let set = node.map(|node| {
        let flag = node.as_flag();
        flag.ok_or_else(|| found.form_error("its `default-features` is neither true nor false"))
    });
    let set = set.transpose()?;
    let same = || no_change(at, format!("its default features are {} already", word(on)));
    match (found.inherited(), on, set, node) {
        // Beside `workspace = true` only `true` has a meaning: on, though the shared entry is off.
        (true, true, Some(true), _) | (false, true, None | Some(true), _) => Err(same()),
        (false, false, Some(false), _) => Err(same()),
        (true, false, Some(true), Some(node)) | (false, true, Some(false), Some(node)) => {
            found.unset(node)
        }
        (true, false, _, _) => Err(EditError::Inherited(at.clone())),
        (_, _, _, Some(node)) => Ok(lines::splice(text, node.value.clone(), &on.to_string())),
        (_, _, _, None) => found.set("default-features", &on.to_string()),
    }
}

fn word(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// A new entry, as a plain string where that says it all.
pub struct New<'a> {
    pub package: Option<&'a str>,
    pub requirement: &'a str,
    pub features: &'a [String],
    pub default_features: bool,
    pub optional: bool,
}

pub fn add(text: &str, at: &Entry, new: &New<'_>) -> Edited {
    check::name(&at.key)?;
    new.package.map_or(Ok(()), check::name)?;
    check::requirement(new.requirement)?;
    new.features
        .iter()
        .try_for_each(|name| check::feature(name))?;
    at.platform.as_deref().map_or(Ok(()), check::platform)?;
    if new.optional && !may_be_optional(at) {
        return Err(EditError::NeverOptional(at.clone()));
    }
    let doc = Doc::parse(text)?;
    if Found::look(&doc, at).is_some() {
        return Err(EditError::Exists(at.clone()));
    }
    let version = quoted(new.requirement);
    let mut fields = vec![format!("version = {version}")];
    if let Some(package) = new.package.filter(|package| *package != at.key) {
        fields.push(format!("package = {}", quoted(package)));
    }
    if new.optional {
        fields.push("optional = true".to_owned());
    }
    if !new.default_features {
        fields.push("default-features = false".to_owned());
    }
    if !new.features.is_empty() {
        fields.push(format!("features = {}", array(new.features)));
    }
    let value = match fields.as_slice() {
        [_] => version,
        fields => format!("{{ {} }}", fields.join(", ")),
    };
    insert::insert(text, &containers(at), &at.key, &value)
}

fn may_be_optional(at: &Entry) -> bool {
    matches!(at.table, DependencyTable::Normal | DependencyTable::Build)
}

pub fn make_optional(text: &str, at: &Entry, feature: &str) -> Edited {
    check::feature(feature)?;
    if !may_be_optional(at) {
        return Err(EditError::NeverOptional(at.clone()));
    }
    let doc = Doc::parse(text)?;
    let found = Found::find(&doc, at)?;
    if found.flag("optional") {
        return Err(no_change(at, "it is optional already"));
    }
    if features::defines(&doc, feature) {
        return Err(EditError::FeatureExists {
            feature: feature.to_owned(),
        });
    }
    if feature != at.key && implied(&doc, feature) {
        return Err(EditError::FeatureImplied {
            name: feature.to_owned(),
        });
    }
    let text = found.set("optional", "true")?;
    let text = features::weaken(&text, &at.key)?;
    let value = array(&[format!("dep:{}", at.key)]);
    insert::insert(&text, &[vec!["features".to_owned()]], feature, &value)
}

/// Whether an optional entry of this key makes a feature of its name.
fn implied(doc: &Doc<'_>, name: &str) -> bool {
    let mut optional = doc.nodes.iter().filter(|node| {
        node.path.last().is_some_and(|last| last == "optional") && node.as_flag() == Some(true)
    });
    optional.any(|node| node.path.len() > 1 && node.path[node.path.len() - 2] == name)
}

pub fn patch(text: &str, registry: &str, package: &str, source: &PatchSource) -> Edited {
    check::patch(registry, package, source)?;
    let table = vec!["patch".to_owned(), registry.to_owned()];
    let doc = Doc::parse(text)?;
    let mut path = table.clone();
    path.push(package.to_owned());
    if doc.at(&path).is_some() || doc.under(&path).next().is_some() {
        return Err(EditError::PatchExists {
            registry: registry.to_owned(),
            package: package.to_owned(),
        });
    }
    let value = match source {
        PatchSource::Path(path) => format!("{{ path = {} }}", quoted(path.as_str())),
        PatchSource::Git { url, reference } => {
            let place = reference
                .value()
                .map(|(name, value)| format!(", {name} = {}", quoted(value)));
            format!("{{ git = {}{} }}", quoted(url), place.unwrap_or_default())
        }
    };
    insert::insert(text, &[table], package, &value)
}
