//! What makes a finding the same one in another run, on another revision, or after an update.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Evidence, EvidenceKind, Finding};

/// Neither versions nor places stand in it, so that it outlives a patch release and an edit elsewhere in
/// the manifest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Identity {
    pub code: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub artifact: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub singleton: Option<String>,
    /// Name of the introducer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub package: Option<String>,
    /// The manifest of the requirement at fault.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub file: Option<String>,
    /// The package that it asks for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub requirement: Option<String>,
    /// The fact of the rules, or the whole message, where nothing else tells two findings apart.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub about: Option<String>,
}

impl Finding {
    pub fn identity(&self) -> Identity {
        let culprit = self.culprit.as_ref();
        let asked = culprit.and_then(|culprit| culprit.requirement.split_once(" = "));
        let fact = |one: &&Evidence| one.kind == EvidenceKind::Rule && one.package.is_some();
        let fact = self.evidence.iter().find(fact);
        let fact = fact.and_then(|one| one.source.clone());
        let nameless = self.artifact.is_none() && self.introducer.is_none() && asked.is_none();
        Identity {
            code: self.code.clone(),
            artifact: self.artifact.clone(),
            line: self.line.clone(),
            singleton: self.singleton.clone(),
            package: self
                .introducer
                .as_deref()
                .map(package_of)
                .map(str::to_owned),
            file: culprit.map(|culprit| culprit.file.clone()),
            requirement: asked.map(|(key, _)| key.to_owned()),
            about: fact.or_else(|| nameless.then(|| self.message.clone())),
        }
    }
}

/// The name in a label: `name@version`, with the source behind it where there is need, or a name alone.
pub fn package_of(label: &str) -> &str {
    label.split(['@', ' ']).next().unwrap_or(label)
}

impl Identity {
    /// 32 hexadecimal digits that no other finding has.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        let parts = [
            Some(&self.code),
            self.artifact.as_ref(),
            self.line.as_ref(),
            self.singleton.as_ref(),
            self.package.as_ref(),
            self.file.as_ref(),
            self.requirement.as_ref(),
            self.about.as_ref(),
        ];
        for part in parts {
            // Lengths keep parts apart, whatever stands in them.
            let length = part.map_or(u64::MAX, |part| part.len() as u64);
            hash.update(length.to_le_bytes());
            hash.update(part.map_or(&b""[..], |part| part.as_bytes()));
        }
        let digest = hash.finalize();
        digest[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}
