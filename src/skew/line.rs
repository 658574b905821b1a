//! Lines: the semver-compatible series of an anchor.

use std::fmt;
use std::str::FromStr;

use semver::Version;
use serde::{Serialize, Serializer};

/// One semver-compatible series of versions, named by its first significant numbers: `0.27`, `1`,
/// `0.0.3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line {
    major: u64,
    minor: u64,
    patch: u64,
}

impl Line {
    /// The series that a version belongs to, by cargo's notion of compatibility.
    pub fn of(version: &Version) -> Self {
        let (major, minor, patch) = (version.major, version.minor, version.patch);
        match (major, minor) {
            (0, 0) => Self {
                major,
                minor,
                patch,
            },
            (0, minor) => Self {
                major,
                minor,
                patch: 0,
            },
            (major, _) => Self {
                major,
                minor: 0,
                patch: 0,
            },
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.major, self.minor) {
            (0, 0) => write!(f, "0.0.{}", self.patch),
            (0, minor) => write!(f, "0.{minor}"),
            (major, _) => write!(f, "{major}"),
        }
    }
}

impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for Line {
    type Err = String;

    /// Reads `0.27`, `1` or a full version.
    fn from_str(text: &str) -> Result<Self, String> {
        let numbers: Result<Vec<u64>, _> = text.split('.').map(str::parse).collect();
        match numbers.as_deref() {
            Ok([major, rest @ ..]) if rest.len() <= 2 => Ok(Self::of(&Version::new(
                *major,
                rest.first().copied().unwrap_or(0),
                rest.get(1).copied().unwrap_or(0),
            ))),
            _ => Err(format!("`{text}` is no line; write it as `0.27`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_by_semver() {
        for (version, line) in [
            ("0.27.1", "0.27"),
            ("1.4.2", "1"),
            ("0.0.3", "0.0.3"),
            ("0.28.0-rc.1", "0.28"),
        ] {
            let found = Line::of(&Version::parse(version).unwrap());
            assert_eq!(found.to_string(), line);
            assert_eq!(line.parse::<Line>().unwrap(), found);
        }
        let [old, new]: [Line; 2] = ["0.9", "0.10"].map(|text| text.parse().unwrap());
        assert!(old < new);
        assert!("x".parse::<Line>().is_err());
    }
}
