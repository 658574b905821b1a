//! Packages where cargo does not resolve the workspace, by what manifests and the lock say.

use camino::{Utf8Path, Utf8PathBuf};
use semver::Version;

use crate::source::{Edition, TargetRoot};
use crate::sources::unpacked;
use crate::spec::model::{Origin, Reason};
use crate::spec::text::Texts;
use crate::workspace::Manifest;

use super::{Situation, Subject, is_registry, origin};
impl Situation<'_> {
    /// Targets by what a manifest and the folder around it say.
    fn declared_targets(&self, manifest: &Utf8Path) -> Vec<TargetRoot> {
        let text = self.manifests.get(manifest).map(ToString::to_string);
        let text = text.or_else(|| crate::workspace::manifest::read(manifest).ok());
        let Some(text) = text else {
            return Vec::new();
        };
        let edition = Manifest::parse(manifest, text.clone()).ok();
        let edition = edition.and_then(|manifest| manifest.edition);
        let edition = edition
            .as_deref()
            .map_or_else(Edition::default, Edition::of);
        let folder = manifest.parent().unwrap_or(manifest);
        let files = crate::plan::shadow::target_files(folder, &text).into_iter();
        let code = files.filter(|file| file.extension() == Some("rs") && file.is_file());
        code.map(|file| TargetRoot {
            name: file.file_stem().unwrap_or_default().to_owned(),
            file,
            edition,
        })
        .collect()
    }

    /// A package where cargo does not resolve the workspace: of the tree, else by what the lock and
    /// the manifests say.
    pub(super) fn declared(
        &self,
        name: &str,
        version: Option<&Version>,
        reason: Reason,
    ) -> Vec<Subject> {
        let subject =
            |origin, manifest: Option<Utf8PathBuf>, version: Option<Version>, own| Subject {
                label: match &version {
                    Some(version) => format!("{name}@{version}"),
                    None => name.to_owned(),
                },
                name: name.to_owned(),
                version,
                origin,
                own,
                targets: manifest
                    .as_deref()
                    .map_or_else(Vec::new, |manifest| self.declared_targets(manifest)),
                features: vec!["default".to_owned()],
                manifest,
                reason,
                because: Vec::new(),
                through: Vec::new(),
                outlook: None,
            };
        for (path, text) in self.manifests {
            let parsed = Manifest::parse(path, text.to_string()).ok();
            if parsed.and_then(|manifest| manifest.package).as_deref() == Some(name) {
                let texts = Texts::of_tree(path, self.root, self.manifests);
                let declared = texts.word("version").and_then(|text| text.parse().ok());
                if version.is_none_or(|version| Some(version) == declared.as_ref()) {
                    let own = path.starts_with(self.root);
                    return vec![subject(self.path(path), Some(path.clone()), declared, own)];
                }
            }
        }
        let locked = self.lock.iter().flat_map(|lock| lock.named(name));
        let mut found: Vec<Subject> = locked
            .filter(|entry| version.is_none_or(|version| entry.version == *version))
            .filter_map(|entry| {
                let source = entry.source.as_deref()?;
                let folder = is_registry(source).then(|| unpacked(name, &entry.version));
                let manifest = folder.flatten().map(|folder| folder.join("Cargo.toml"));
                Some(subject(
                    origin(source),
                    manifest,
                    Some(entry.version.clone()),
                    false,
                ))
            })
            .collect();
        if found.is_empty() && reason == Reason::Blocks {
            let manifest = version.and_then(|version| unpacked(name, version));
            let registry = crate::registry::RegistryId::default_registry().to_string();
            found.push(subject(
                Origin::Registry { registry },
                manifest.map(|folder| folder.join("Cargo.toml")),
                version.cloned(),
                false,
            ));
        }
        found
    }
}
