//! The settings of the data: which crates, which features.

use std::path::{Path, PathBuf};

use otel_check::skew::Line;
use serde::Deserialize;

use crate::Failure;

/// `build.toml` in the folder of the data.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// A crate comes after those that it re-exports.
    pub crates: Vec<String>,
    first_line: String,
    without: Vec<Without>,
    #[serde(default)]
    pin: Vec<Pin>,
    #[serde(default)]
    skip: Vec<Skip>,
}

/// Features that stay off.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Without {
    /// All crates where absent.
    #[serde(rename = "crate")]
    krate: Option<String>,
    /// Versions of the crate; all where absent.
    versions: Option<semver::VersionReq>,
    features: Vec<String>,
    #[serde(rename = "why")]
    _why: String,
}

/// A dependency that is held at a version, since newer ones do not build with an old release.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Pin {
    pub lines: Vec<String>,
    #[serde(rename = "crate")]
    pub krate: String,
    pub version: String,
    #[serde(rename = "why")]
    _why: String,
}

/// A release that cannot be built.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Skip {
    #[serde(rename = "crate")]
    pub krate: String,
    pub version: semver::Version,
    pub why: String,
}

impl Settings {
    pub fn read(folder: &Path) -> Result<Self, Failure> {
        let path: PathBuf = folder.join("build.toml");
        let text = std::fs::read_to_string(&path)
            .map_err(|error| Failure::new(format!("cannot read {}: {error}", path.display())))?;
        toml::from_str(&text)
            .map_err(|error| Failure::new(format!("in {}: {error}", path.display())))
    }

    pub fn first_line(&self) -> Result<Line, Failure> {
        self.first_line.parse().map_err(Failure::new)
    }

    pub fn pins(&self, line: Line) -> impl Iterator<Item = &Pin> {
        let name = line.to_string();
        self.pin.iter().filter(move |pin| pin.lines.contains(&name))
    }

    /// Why a release is not read.
    pub fn skipped(&self, krate: &str, version: &semver::Version) -> Option<&str> {
        let found = |skip: &&Skip| skip.krate == krate && skip.version == *version;
        self.skip.iter().find(found).map(|skip| skip.why.as_str())
    }

    /// Whether a feature stays off.
    pub fn leaves_out(&self, krate: &str, version: &semver::Version, feature: &str) -> bool {
        self.without.iter().any(|without| {
            without.krate.as_deref().is_none_or(|name| name == krate)
                && (without.versions.as_ref()).is_none_or(|versions| versions.matches(version))
                && (without.features.iter()).any(|pattern| {
                    glob::Pattern::new(pattern).is_ok_and(|pattern| pattern.matches(feature))
                })
        })
    }
}
